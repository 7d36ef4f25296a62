"""``tempo-mock env``: a persona's addresses and credentials, as a shell reads them."""

import base64
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from mock_server.cli import main

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "fixtures" / "guide" / "target.toml"
PERSONAS: Mapping[str, Mapping[str, str]] = tomllib.loads(GUIDE.read_text(encoding="utf-8"))["personas"]
VARIABLES = ("TEMPO_URL", "TEMPO_TOKEN", "JIRA_URL", "JIRA_USER", "JIRA_TOKEN")
NASTY = """it's $(touch pwned) `id` "x" \\ %PATH% \u2019 ; #"""
TELL = f"import json, os; print(json.dumps({{n: os.environ[n] for n in {VARIABLES!r} if n in os.environ}}))"
STALE = dict.fromkeys(VARIABLES, "of somebody else")
FAILING = "".join(f"unset {name}\n" for name in VARIABLES) + "false\n"
Env = Callable[..., tuple[int, str, str]]


@pytest.fixture
def env(capsys: pytest.CaptureFixture[str]) -> Env:
    """``tempo-mock env`` with these arguments: exit code, output, errors."""

    def run(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(["env", *arguments])
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        return code, *capsys.readouterr()

    return run


def target(folder: Path, text: str) -> str:
    """A target file with these lines after its faces."""
    path = folder / "my target.toml"
    path.write_text(f'[faces]\ncloud = ""\njira_cloud = "/"\n{text}', encoding="utf-8")
    return str(path)


def evaluated(shell: list[str], script: str, cwd: Path) -> Any:
    """What a child of the shell finds in its environment after the script; nobody else's values may stay."""
    done = subprocess.run(
        [*shell, f"{script}\n'{sys.executable}' -c '{TELL.replace(chr(39), chr(34))}'"],
        env={**os.environ, **STALE}, cwd=cwd, capture_output=True, text=True, encoding="utf-8", timeout=60, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_persona_of_the_guide(env: Env, persona: str, tmp_path: Path) -> None:
    entry = PERSONAS[persona]
    expected = {
        "TEMPO_URL": "http://localhost:8090",
        "TEMPO_TOKEN": entry["token"],
        "JIRA_URL": "http://localhost:8090",
    }
    if "api_token" in entry:
        expected |= {"JIRA_USER": entry["email"], "JIRA_TOKEN": entry["api_token"]}
    code, out, err = env(persona, "--json")
    assert (code, err, json.loads(out)) == (0, "", expected)
    code, out, err = env(persona)
    assert (code, err) == (0, "")
    assert evaluated(["sh", "-ec"], out, tmp_path) == expected


def test_everybody_of_the_guide_with_a_token_in_clear(env: Env, make_world: Any) -> None:
    world = make_world()
    for name in ("fred", "erica", "john", "laura", "bob", "david", "greta", "nadia", "rita", "technical-user"):
        code, out, err = env(name, "--json")
        assert (code, err) == (0, ""), name
        values = json.loads(out)
        assert set(values) == set(VARIABLES)
        assert world.cloud("GET", values["TEMPO_TOKEN"], "worklogs").status == 200, name
        login = base64.b64encode(f"{values['JIRA_USER']}:{values['JIRA_TOKEN']}".encode()).decode()
        held = world.get(
            None,
            "/rest/api/3/mypermissions?permissions=WORK_ON_ISSUES&projectKey=HR",
            headers={"Authorization": f"Basic {login}"},
        )
        assert held.json["permissions"]["WORK_ON_ISSUES"]["havePermission"] is (name not in ("rita", "technical-user")), name
    # Of fred's tokens the one that is good and may do everything.
    assert json.loads(env("fred", "--json")[1]) == json.loads(env("admin", "--json")[1])
    assert env("olaf")[0] == 2


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        ([{"person": "me", "token": "a", "scopes": ["worklogs:view"]}, {"person": "me", "token": "b"}], "b"),
        ([{"person": "me", "token": "b"}, {"person": "me", "token": "c"}], "b"),
        ([{"person": "me", "token": "a", "age": 30}, {"person": "me", "token": "b", "age": 29}], "b"),
        ([{"person": "me", "token": "a", "scopes": []}], "a"),
        ([{"person": "me", "token_hash": "00"}], None),
        ([5, {"person": [], "token": "a"}, {"person": "me", "token": 7}], None),
        ({"person": "me", "token": "a"}, None),
    ],
    ids=str,
)
def test_which_token_of_a_person_is_printed(env: Env, tmp_path: Path, tokens: Any, expected: str | None) -> None:
    (tmp_path / "api_tokens.json").write_text(json.dumps(tokens), encoding="utf-8")
    code, out, err = env("me", "--json", "--target", target(tmp_path, ""))
    assert (code, json.loads(out or "{}").get("TEMPO_TOKEN")) == (0 if expected else 2, expected), err


def test_a_person_of_damaged_files(env: Env, tmp_path: Path) -> None:
    file = target(tmp_path, "")
    (tmp_path / "api_tokens.json").write_text("[", encoding="utf-8")
    code, out, err = env("me", "--target", file)
    assert (code, out, err.count("\n"), "api_tokens.json" in err) == (3, FAILING, 1, True)


def test_the_variables_lead_to_the_server(env: Env, server: Callable[..., Any]) -> None:
    root = server("--quiet").url
    opener = build_opener(ProxyHandler({}))
    with opener.open(Request(f"{root}/_mock/sites", b"", method="POST")) as answer:
        site = json.load(answer)["url"]
    for url in (root, f"{root}/", site):
        values = json.loads(env("viewer", "--url", url, "--json")[1])
        bearer = {"Authorization": f"Bearer {values['TEMPO_TOKEN']}"}
        with opener.open(Request(f"{values['TEMPO_URL']}/4/worklogs", headers=bearer)) as answer:
            assert answer.status == 200
        login = base64.b64encode(f"{values['JIRA_USER']}:{values['JIRA_TOKEN']}".encode()).decode()
        basic = {"Authorization": f"Basic {login}"}
        with opener.open(Request(f"{values['JIRA_URL']}/rest/api/3/myself", headers=basic)) as answer:
            assert json.load(answer)["accountId"] == PERSONAS["viewer"]["account_id"]


@pytest.mark.parametrize("shell", ["sh", "bash", "zsh", "fish", "pwsh"])
def test_nothing_in_a_target_file_is_run_by_the_shell(env: Env, tmp_path: Path, shell: str) -> None:
    if not shutil.which(shell):
        pytest.skip(f"no {shell} here")
    file = target(tmp_path, f"[personas.me]\ntoken = {json.dumps(NASTY, ensure_ascii=False)}\n")
    named = {"fish": "fish", "pwsh": "powershell"}.get(shell, "sh")
    code, out, _ = env("me", "--target", file, "--url", "http://localhost:1/sites/a b", "--shell", named)
    assert code == 2, "an address with a space is none"
    code, out, _ = env("me", "--target", file, "--url", "http://localhost:1/sites/$(id)'x", "--shell", named)
    assert code == 0
    values = evaluated([shell, "-c"], out, tmp_path)
    assert values["TEMPO_TOKEN"] == NASTY
    assert set(values) == set(VARIABLES) - {"JIRA_USER", "JIRA_TOKEN"}
    assert values["TEMPO_URL"] == values["JIRA_URL"] == "http://localhost:1/sites/%24%28id%29%27x"
    assert [path.name for path in tmp_path.iterdir()] == ["my target.toml"]


@pytest.mark.parametrize(
    ("shell", "lines"),
    [
        ("sh", ["export TEMPO_TOKEN='a'\"'\"'b\\c'", "unset JIRA_USER"]),
        ("fish", [r"set -gx TEMPO_TOKEN 'a\'b\\c'", "set -e JIRA_USER"]),
        ("powershell", [r"$env:TEMPO_TOKEN = 'a''b\c'", "Remove-Item Env:JIRA_USER -ErrorAction SilentlyContinue"]),
    ],
)
def test_each_shell_in_its_own_words(env: Env, tmp_path: Path, shell: str, lines: list[str]) -> None:
    code, out, _ = env("me", "--target", target(tmp_path, '[personas.me]\ntoken = "a\'b\\\\c"\n'), "--shell", shell)
    assert code == 0
    assert len(out.splitlines()) == len(VARIABLES)
    for line in lines:
        assert line in out.splitlines()


def test_quotation_marks_that_powershell_takes_for_straight_ones(env: Env, tmp_path: Path) -> None:
    out = env("me", "--target", target(tmp_path, '[personas.me]\ntoken = "a\u2019b\u2018c\u201bd"\n'), "--shell", "powershell")[
        1
    ]
    assert "$env:TEMPO_TOKEN = 'a\u2019\u2019b\u2018\u2018c\u201b\u201bd'" in out.splitlines()


def test_faces_below_a_path(env: Env, tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    faces = '[faces]\ncloud = "/tempo/"\njira_cloud = "/jira"\n'
    person = '[personas.me]\ntoken = "t"\nemail = "me@example.org"\napi_token = "j"'
    path.write_text(faces + person, encoding="utf-8")
    values = json.loads(env("me", "--target", str(path), "--url", "https://host:8443", "--json")[1])
    assert (values["TEMPO_URL"], values["JIRA_URL"]) == ("https://host:8443/tempo", "https://host:8443/jira")
    assert (values["JIRA_USER"], values["JIRA_TOKEN"]) == ("me@example.org", "j")


def test_a_scenario_of_one_s_own(env: Env, tmp_path: Path) -> None:
    (tmp_path / "roles.json").write_text("[]", encoding="utf-8")
    assert env("viewer", "--scenario", str(tmp_path))[0] == 3
    shutil.copy(GUIDE, tmp_path)
    assert env("viewer", "--scenario", str(tmp_path)) == env("viewer") == env("viewer", "--scenario", "guide")


def test_what_it_prints_of_the_empty_scenario_opens_both_clouds(env: Env, make_world: Any) -> None:
    code, out, _ = env("admin", "--scenario", "empty", "--json")
    assert code == 0
    values = json.loads(out)
    assert set(values) == set(VARIABLES)
    world = make_world(scenario="empty")
    assert world.cloud("GET", values["TEMPO_TOKEN"], "teams").status == 200
    login = base64.b64encode(f"{values['JIRA_USER']}:{values['JIRA_TOKEN']}".encode()).decode()
    assert world.get(None, "/rest/api/3/myself", headers={"Authorization": f"Basic {login}"}).status == 200


@pytest.mark.parametrize(
    ("code", "arguments", "words"),
    [
        (2, ("boss",), ("boss", "target.toml", *PERSONAS)),
        (2, ("",), tuple(PERSONAS)),
        (2, ("viewer", "--url", "localhost:8090"), ("--url", "http://localhost:8090")),
        (3, ("viewer", "--scenario", "gide"), ("gide", "guide")),
        (3, ("viewer", "--target", "/no/such/file"), ("/no/such/file", "--target")),
        (3, ("viewer", "--target", str(ROOT)), (str(ROOT), "--target")),
        (3, ("viewer", "--target", str(ROOT / "README.md")), ("README.md", "TOML")),
    ],
)
def test_errors_are_one_sentence(env: Env, code: int, arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    told, out, err = env(*arguments)
    assert (told, out, err.count("\n")) == (code, FAILING, 1), err
    for word in words:
        assert word in err


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[personas.me]\ntoken = 5\n", "token"),
        ('[personas.me]\ntoken = "a\\nb"\n', "token"),
        ("[personas.me]\n", "token create"),
        ("[personas]\nme = 5\n", "table"),
        ("", "me"),
        ('[personas.me]\ntoken = "t"\napi_token = "j"\nemail = []\n', "email"),
    ],
)
def test_damaged_target_files(env: Env, tmp_path: Path, text: str, word: str) -> None:
    code, out, err = env("me", "--target", target(tmp_path, text))
    assert (code, out, err.count("\n")) == (2 if not text else 3, FAILING, 1), err
    assert word in err


@pytest.mark.parametrize("face", ["cloud", "jira_cloud"])
def test_a_target_without_the_faces_of_the_cloud(env: Env, tmp_path: Path, face: str) -> None:
    path = tmp_path / "target.toml"
    path.write_text(f'[faces]\n{face} = ""\n[personas.me]\ntoken = "t"\n', encoding="utf-8")
    code, out, err = env("me", "--target", str(path))
    assert (code, out, "[faces]" in err) == (3, FAILING, True)


FAILURES = (
    ("nope",),
    ("viewer", "--scenario", "gide"),
    ("viewer", "--url", "nowhere"),
    (),
    ("viewer", "--shell", "nush"),
    ("viewer", "--nope"),
    ("viewer", "member"),
)


@pytest.mark.parametrize("arguments", FAILURES, ids=" ".join)
@pytest.mark.parametrize("shell", ["sh", "bash", "zsh", "fish", "pwsh"])
def test_after_an_error_the_shell_fails_and_nobody_stays(env: Env, shell: str, arguments: tuple[str, ...]) -> None:
    if not shutil.which(shell):
        pytest.skip(f"no {shell} here")
    named = {"fish": "fish", "pwsh": "powershell"}.get(shell, "sh")
    code, out, err = env(*arguments, *([] if "--shell" in arguments else ["--shell", named]))
    assert (code == 0, bool(err)) == (False, True)
    done = subprocess.run([shell, "-c", out], env={**os.environ, **STALE}, capture_output=True, timeout=60, check=False)
    assert done.returncode != 0


def test_a_script_that_stops_at_errors_stops(env: Env, tmp_path: Path) -> None:
    out = env("nope")[1]
    for script, said in (
        ('set -e; eval "$1"; echo on', ""),
        ('eval "$1" || echo "failed ${TEMPO_TOKEN-unset} ${JIRA_USER-unset}"', "failed unset unset\n"),
    ):
        command = ["sh", "-c", script, "sh", out]
        done = subprocess.run(command, env={**os.environ, **STALE}, capture_output=True, text=True, timeout=60, check=False)
        assert (done.stdout, done.stderr) == (said, "")


@pytest.mark.parametrize(
    ("arguments", "last"),
    [
        (("nope", "--shell", "fish"), "false"),
        (("nope", "--shell=powershell"), "throw 'tempo-mock env has failed'"),
        (("nope", "--shell=sh", "--shell", "fish"), "false"),
    ],
)
def test_each_shell_fails_in_its_own_words(env: Env, arguments: tuple[str, ...], last: str) -> None:
    lines = env(*arguments)[1].splitlines()
    assert lines[-1] == last
    assert ("set -e TEMPO_TOKEN" in lines) == (last == "false")


def test_programs_that_read_json_get_nothing_after_an_error(env: Env) -> None:
    assert env("nope", "--json")[1] == env("--json")[1] == ""


def test_other_commands_print_nothing_for_a_shell(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "nope"]) == 3
    assert capsys.readouterr().out == ""


def test_help_says_what_each_variable_holds(env: Env) -> None:
    code, out, _ = env("--help")
    assert code == 0
    for name in VARIABLES:
        assert name in out
    for persona in PERSONAS:
        assert persona in out
    assert "set -e" in out
