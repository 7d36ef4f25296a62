"""Scenarios: the bundled ones are sound, a damaged one is refused by file, entry and reason, and one's own works."""

import base64
import json
import shutil
import sqlite3
import tomllib
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest

from mock_server.app import create_application
from mock_server.cli import main
from mock_server.config import Options
from mock_server.documents import scenario_schema

ROOT = Path(__file__).parents[2]
LIMIT = 30
BUNDLED = ("guide", "empty")
BROWSE = "tempo.teams.browse.team"
Start = Callable[..., Any]
Entries = list[dict[str, Any]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the scenario guide to damage."""
    return Path(shutil.copytree(ROOT / "fixtures" / "guide", tmp_path / "mine"))


def change(folder: Path, noun: str, edit: Callable[[Entries], object]) -> None:
    file = folder / f"{noun}.json"
    entries = json.loads(file.read_text(encoding="utf-8"))
    edit(entries)
    file.write_text(json.dumps(entries), encoding="utf-8")


def refusal(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The one sentence with which ``check`` and ``serve`` both refuse a scenario."""
    said = []
    for arguments in (["check", str(folder)], ["serve", "--port", "0", "--scenario", str(folder)]):
        assert main(arguments) == 3
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("tempo-mock: ")
        assert err.count("\n") == 1, err
        said.append(err)
    assert said[0] == said[1]
    return said[0]


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_scenarios_are_sound_and_known_by_path_too(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", name]) == 0
    assert main(["check", str(ROOT / "fixtures" / name)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert all("sound" in line for line in lines)


@pytest.mark.parametrize("name", BUNDLED)
def test_target_file_of_a_bundled_scenario_names_people_who_can_log_in(name: str) -> None:
    application, _ = create_application(Options(scenario=name, quiet=True))
    with closing(application):
        target = tomllib.loads((ROOT / "fixtures" / name / "target.toml").read_text(encoding="utf-8"))
        site = application.sites.default
        assert "admin" in target["personas"]
        for persona in target["personas"].values():
            with site.store.transaction():
                login = site.logins.by_password(site.store, persona["user"], persona["password"])
                assert login.actor.name == persona["user"]
                if "pat" in persona:
                    assert site.logins.by_token(site.store, persona["pat"], "2026-01-01") == login.actor


PERIOD = {"person": "bob", "memberships": [{"role": 1, "start": "2014-01-01"}]}
STRUCTURAL: dict[str, tuple[str, Callable[[Entries], object], int, tuple[str, ...]]] = {
    "wrong-type": ("people", lambda e: e[1].update(name=7), 2, ("name",)),
    "wrong-type-list": ("groups", lambda e: e[0].update(people="fred"), 1, ("people",)),
    "wrong-type-deep": ("teams", lambda e: e[0]["members"][1]["memberships"][0].update(role="1"), 1, ("memberships", "role")),
    "id-as-text": ("teams", lambda e: e[1].update(id="3"), 2, ("id",)),
    "id-zero": ("roles", lambda e: e[0].update(id=0), 1, ("id",)),
    "id-too-large": ("roles", lambda e: e[0].update(id=2**31), 1, ("id",)),
    "entry-no-object": ("roles", lambda e: e.append(5), 4, ()),
    "entry-null": ("roles", lambda e: e.insert(0, None), 1, ()),
    "unknown-member": ("teams", lambda e: e[1].update(leed="erica"), 2, ("leed", "Cloud Development")),
    "unknown-member-deep": ("teams", lambda e: e[0]["members"][0].update(persn="x"), 1, ("members", "persn")),
    "missing": ("people", lambda e: e[2].pop("account_id"), 3, ("account_id", "john")),
    "missing-deep": ("teams", lambda e: e[0]["members"][0]["memberships"][0].pop("role"), 1, ("role",)),
    "empty-name": ("teams", lambda e: e[0].update(name=""), 1, ("name",)),
    "long-name": ("teams", lambda e: e[0].update(name="x" * 256), 1, ("name",)),
    "availability-over": (
        "teams",
        lambda e: e[1]["members"][0]["memberships"][0].update(availability=101),
        2,
        ("availability",),
    ),
    "availability-under": (
        "teams",
        lambda e: e[1]["members"][0]["memberships"][0].update(availability=-1),
        2,
        ("availability",),
    ),
    "no-date": ("teams", lambda e: e[1]["members"][1]["memberships"][0].update(start="1 Dec"), 2, ("start",)),
    "unknown-permission": ("groups", lambda e: e[0]["global_permissions"].append("root"), 1, ("global_permissions",)),
    "no-uuid": ("groups", lambda e: e[3].update(group_id="hr"), 4, ("group_id",)),
    "project-key": ("projects", lambda e: e[0].update(key="lower"), 1, ("key",)),
    "project-type": ("projects", lambda e: e[1].update(project_type="game"), 2, ("project_type",)),
    "short-token": ("personal_access_tokens", lambda e: e[3].update(token="x"), 4, ("token",)),
}
REFERENCES: dict[str, tuple[str, Callable[[Entries], object], int, tuple[str, ...]]] = {
    "token-of-nobody": ("personal_access_tokens", lambda e: e[1].update(person="zoe"), 2, ("zoe",)),
    "group-of-nobody": ("groups", lambda e: e[2]["people"].append("zoe"), 3, ("zoe",)),
    "project-lead": ("projects", lambda e: e[1].update(lead="zoe"), 2, ("zoe",)),
    "project-group": ("projects", lambda e: e[0]["permissions"][0].update(group="nobodies"), 1, ("nobodies",)),
    "board-project": ("boards", lambda e: e[1].update(project="NONE"), 2, ("NONE",)),
    "program-manager": ("programs", lambda e: e[0].update(manager="zoe"), 1, ("zoe",)),
    "team-lead": ("teams", lambda e: e[1].update(lead="zoe"), 2, ("zoe",)),
    "team-program": ("teams", lambda e: e[0].update(program=77), 1, ("77",)),
    "member-person": ("teams", lambda e: e[0]["members"][0].update(person="zoe"), 1, ("zoe",)),
    "member-group": ("teams", lambda e: e[0]["members"][-1].update(group="nobodies"), 1, ("nobodies",)),
    "member-role": ("teams", lambda e: e[1]["members"][0]["memberships"][0].update(role=2), 2, ("role", "2")),
    "permission-key": ("teams", lambda e: e[0]["permissions"][0].update(key="no.such"), 1, ("no.such",)),
    "permission-user": ("teams", lambda e: e[1]["permissions"][0]["users"].append("zoe"), 2, ("zoe",)),
    "permission-group": ("teams", lambda e: e[1]["permissions"][0].update(groups=["nobodies"]), 2, ("nobodies",)),
    "link": ("teams", lambda e: e[1].update(links=[{"scope_type": "board", "scope": 9}]), 2, ("board", "9")),
    "role-user": ("teams", lambda e: e[0].update(permission_roles=[{"name": "r", "users": ["zoe"]}]), 1, ("zoe",)),
    "role-group": ("teams", lambda e: e[0].update(permission_roles=[{"name": "r", "groups": ["nobodies"]}]), 1, ("nobodies",)),
    "double-name": ("people", lambda e: e[4].update(name="Fred"), 5, ("name", "Fred", "entry 1")),
    "double-key": ("people", lambda e: e[4].update(key="erica"), 5, ("key", "erica")),
    "double-account": ("people", lambda e: e[1].update(account_id=e[0]["account_id"]), 2, ("account_id",)),
    "double-group": ("groups", lambda e: e.append({**e[3], "group_id": e[3]["group_id"].replace("0", "1")}), 7, ("hr",)),
    "double-group-id": ("groups", lambda e: e[1].update(group_id=e[0]["group_id"]), 2, ("group_id",)),
    "double-role": ("roles", lambda e: e.append({"id": 9, "name": "MEMBER"}), 4, ("MEMBER",)),
    "double-role-id": ("roles", lambda e: e[1].update(id=1), 2, ("id", "1")),
    "double-team-id": ("teams", lambda e: e.append({**e[0], "members": []}), 3, ("id", "1")),
    "double-project": ("projects", lambda e: e[1].update(key="CLOUD"), 2, ("CLOUD",)),
    "double-board": ("boards", lambda e: e[1].update(id=84), 2, ("84",)),
    "double-program": ("programs", lambda e: e.append(e[0]), 2, ("2",)),
    "double-permission": ("team_permissions", lambda e: e.append(e[0]), 3, (BROWSE,)),
    "double-token": ("personal_access_tokens", lambda e: e[1].update(token=e[0]["token"]), 2, ("token",)),
    "double-member": ("teams", lambda e: e[1]["members"].append(dict(PERIOD)), 2, ("bob",)),
    "double-member-id": ("teams", lambda e: e[1]["members"][0].update(id=1), 2, ("id", "1")),
    "double-membership-id": ("teams", lambda e: e[1]["members"][0]["memberships"][0].update(id=1), 2, ("id", "1")),
    "double-in-group": ("groups", lambda e: e[2]["people"].append("bob"), 3, ("bob",)),
    "double-holder": ("teams", lambda e: e[0]["permissions"][0]["users"].append("nadia"), 1, ("nadia",)),
    "overlap": ("teams", lambda e: e[0]["members"][2]["memberships"][0].update(end="2013-06-01"), 1, ("nadia",)),
    "group-with-memberships": ("teams", lambda e: e[1]["members"][2].update(memberships=[{"role": 1}]), 2, ("cloud-dev-user",)),
    "person-without": ("teams", lambda e: e[1]["members"][0].update(memberships=[]), 2, ("bob",)),
    "person-and-group": ("teams", lambda e: e[1]["members"][0].update(group="hr"), 2, ("person", "group")),
    "nobody": ("teams", lambda e: e[1]["members"].append({"id": 40}), 2, ("person", "group")),
    "end-before-start": (
        "teams",
        lambda e: e[0]["members"][2]["memberships"][0].update(end="2011-12-31"),
        1,
        ("nadia", "before"),
    ),
}


@pytest.mark.parametrize("kind", [*STRUCTURAL, *REFERENCES])
def test_a_damaged_entry_is_named_with_its_file_and_the_reason(
    folder: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    noun, edit, index, words = (STRUCTURAL | REFERENCES)[kind]
    change(folder, noun, edit)
    sentence = refusal(folder, capsys)
    assert str(folder / f"{noun}.json") in sentence
    assert f"entry {index}" in sentence
    reason = sentence.partition(f"entry {index}")[2]
    for word in words:
        assert word in reason, sentence


FILES: dict[str, tuple[str, str | bytes | None, tuple[str, ...]]] = {
    "bad-json": ("roles.json", '[{"id": 1,]', ("line 1",)),
    "empty": ("roles.json", "", ("JSON",)),
    "not-utf8": ("roles.json", b'[{"id": 1, "name": "J\xf6rg"}]', ("utf-8",)),
    "no-list": ("roles.json", '{"id": 1}', ("list",)),
    "deep": ("roles.json", "[" * 200_000, ("JSON",)),
    "folder": ("roles.json", None, ()),
    "unknown-file": ("rolls.json", "[]", ("roles", "teams")),
    "bad-toml": ("scenario.toml", "title = ", ("TOML",)),
    "toml-not-utf8": ("scenario.toml", b'title = "J\xf6rg"', ("TOML",)),
    "toml-unknown": ("scenario.toml", "titel = 'x'", ("titel",)),
    "toml-wrong-type": ("scenario.toml", "title = 1", ("title",)),
    "unknown-setting": ("scenario.toml", "[settings]\n'teams.versoin' = '2.0.6'", ("teams.versoin", "teams.version")),
    "wrong-setting": ("scenario.toml", "[settings]\n'teams.version' = '9'", ("teams.version", "2.0.6")),
    "setting-type": ("scenario.toml", "[settings]\n'teams.version' = 9", ("settings",)),
    "unknown-counter": ("scenario.toml", "[last_ids]\npeople = 3", ("people",)),
    "negative-counter": ("scenario.toml", "[last_ids]\nteams = -1", ("teams",)),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_damaged_file_is_named_with_the_reason(folder: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    name, content, words = FILES[kind]
    file = folder / name
    if content is None:
        file.unlink()
        file.mkdir()
    else:
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    sentence = refusal(folder, capsys)
    assert str(file) in sentence
    for word in words:
        assert word in sentence.partition(str(file))[2], sentence


def test_a_folder_without_any_file_of_a_scenario_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("not a scenario", encoding="utf-8")
    assert str(tmp_path) in refusal(tmp_path, capsys)


def validator(file: str) -> jsonschema.Draft202012Validator:
    schema = scenario_schema()
    return jsonschema.Draft202012Validator(
        {"$ref": f"#/$defs/{file}", "$defs": schema["$defs"]}, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def test_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(scenario_schema())


@pytest.mark.parametrize("name", BUNDLED)
def test_schema_takes_the_bundled_scenarios(name: str) -> None:
    files = sorted((ROOT / "fixtures" / name).glob("*.json"))
    assert len(files) >= 5
    for file in files:
        validator(file.name).validate(json.loads(file.read_text(encoding="utf-8")))
    validator("scenario.toml").validate(tomllib.loads((ROOT / "fixtures" / name / "scenario.toml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("kind", STRUCTURAL)
def test_schema_refuses_what_the_reader_refuses(folder: Path, kind: str) -> None:
    noun, edit, _, _ = STRUCTURAL[kind]
    change(folder, noun, edit)
    assert not validator(f"{noun}.json").is_valid(json.loads((folder / f"{noun}.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("kind", ["toml-unknown", "toml-wrong-type", "setting-type", "unknown-counter", "negative-counter"])
def test_schema_refuses_a_world_file_that_the_reader_refuses(kind: str) -> None:
    assert not validator("scenario.toml").is_valid(tomllib.loads(str(FILES[kind][1])))


def test_check_prints_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out) == scenario_schema()


def ask(url: str, method: str, path: str, login: str, body: Any = None) -> tuple[int, Any]:
    parts = urlsplit(url)
    with closing(HTTPConnection(parts.hostname or "", parts.port, timeout=LIMIT)) as connection:
        headers = {"Authorization": login, "Content-Type": "application/json"}
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read() or b"null")


PASSWORD = "pass:wörd"
TOKEN = "a-token-of-mira-in-clear"
MIRA = "Basic " + base64.b64encode(f"mira:{PASSWORD}".encode()).decode()
OWN: dict[str, Any] = {
    "people": [
        {"name": "mira", "key": "k1", "account_id": "a1", "display_name": "Mira", "email": "m@x.org", "password": PASSWORD},
        {"name": "tor", "key": "k2", "account_id": "a2", "display_name": "Tor Åse", "email": "t@x.org"},
    ],
    "personal_access_tokens": [{"person": "mira", "name": "ci", "token": TOKEN}],
    "groups": [
        {
            "name": "admins",
            "group_id": "0a0a0a0a-0000-4000-8000-000000000001",
            "people": ["mira"],
            "global_permissions": ["tempo-team-administrator", "administer", "browse-users"],
        }
    ],
    "roles": [{"id": 7, "name": "Pilot", "default": True}],
    "team_permissions": [
        {"key": BROWSE, "name": "Browse Team", "description": "browse", "weight": 5},
        {"key": "acme.harbour.dock", "name": "Dock", "description": "May dock ships", "weight": 50},
    ],
    "teams": [
        {
            "id": 12,
            "name": "Harbour",
            "lead": "mira",
            "members": [{"person": "tor", "memberships": [{"role": 7, "start": "2026-01-01", "availability": 60}]}],
            "permissions": [{"key": "acme.harbour.dock", "users": ["tor"], "groups": ["admins"]}],
        }
    ],
}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A small scenario of somebody's own."""
    folder = tmp_path / "harbour"
    folder.mkdir()
    for noun, entries in OWN.items():
        (folder / f"{noun}.json").write_text(json.dumps(entries), encoding="utf-8")
    (folder / "scenario.toml").write_text(
        "[settings]\n'jira.datePicker' = 'dd.MM.yyyy'\n[last_ids]\nteams = 40\n", encoding="utf-8"
    )
    return folder


TEAM = "/jira/rest/tempo-teams/2/team"
PERMISSION = "/jira/rest/tempo-teams/2/permission/team/12/acme.harbour.dock"


def test_a_scenario_of_one_s_own_works_end_to_end(own: Path, server: Start) -> None:
    started = server(scenario=str(own))
    assert "mira" in "\n".join(started.greeting)
    for login in (MIRA, f"Bearer {TOKEN}"):
        assert [team["id"] for team in ask(started.url, "GET", TEAM, login)[1]] == [12]
    member = ask(started.url, "GET", f"{TEAM}/12/member", MIRA)[1][0]
    assert member["membership"]["dateFrom"] == "01.01.2026"
    assert member["membership"]["role"]["name"] == "Pilot"
    assert ask(started.url, "POST", TEAM, MIRA, {"name": "Next"})[1]["id"] == 41


def test_a_permission_key_that_only_data_knows_can_be_read_and_granted(own: Path, server: Start) -> None:
    url = server("--quiet", scenario=str(own)).url
    status, granted = ask(url, "GET", PERMISSION, MIRA)
    assert status == 200
    assert (granted["id"], granted["name"], granted["weight"], granted["groups"]) == (
        "acme.harbour.dock",
        "Dock",
        50,
        ["admins"],
    )
    assert [user["name"] for user in granted["users"]] == ["tor"]
    status, granted = ask(url, "PUT", PERMISSION, MIRA, {"users": ["mira"], "groups": []})
    assert (status, granted["groups"], [user["name"] for user in granted["users"]]) == (200, [], ["mira"])
    assert ask(url, "GET", PERMISSION.replace("dock", "undock"), MIRA)[0] == 404


def test_settings_of_a_scenario_stay_with_its_database(own: Path, tmp_path: Path, server: Start) -> None:
    path = str(tmp_path / "world.db")
    assert server("--quiet", "--db", path, scenario=str(own)).stop() == 0
    url = server("--quiet", "--db", path, scenario=None).url
    assert ask(url, "GET", f"{TEAM}/12/member", MIRA)[1][0]["membership"]["dateFrom"] == "01.01.2026"


def test_no_secret_of_a_scenario_is_kept_in_clear(own: Path, tmp_path: Path) -> None:
    path = tmp_path / "kept" / "world.db"
    path.parent.mkdir()
    application, _ = create_application(Options(scenario=str(own), database=path, quiet=True))
    application.close()
    raw = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert "Tor Åse".encode() in raw
    for secret in (PASSWORD.encode(), TOKEN.encode(), base64.b64encode(PASSWORD.encode())):
        assert secret not in raw
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM people WHERE password_hash LIKE 'scrypt$%'").fetchone() == (1,)
