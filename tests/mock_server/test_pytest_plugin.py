"""The pytest plugin in projects that are none of ours: what it costs, what it takes, and that worlds are apart."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .wire import ask

ROOT = Path(__file__).parents[2]
HEAVY = (
    "flask",
    "werkzeug",
    "marshmallow",
    "sqlite3",
    "sqlite_utils",
    "waitress",
    "jinja2",
    "mock_server.testing",
    "mock_server.cli",
)
ASK = """
    import json, urllib.request

    def ask(url, token, body=None):
        request = urllib.request.Request(url, body and json.dumps(body).encode(), {"Authorization": "Bearer " + token})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            return json.load(answer)
"""

Run = Callable[..., pytest.RunResult]

OTHERS = ("-p", "no:schemathesis", "-p", "no:hypothesispytest", "-p", "no:anyio", "-p", "no:cacheprovider")
"""Plugins that this project has and that cost a second each time."""


@pytest.fixture(scope="module", autouse=True)
def _everything_is_imported(tempo_server: Any) -> None:
    """A pytest inside this one forgets what it was first to import; then nothing of the server is."""
    with tempo_server.world() as tempo:
        tempo.make.worklog()
        tempo.make.issue()
        ask(f"{tempo.url}/_mock/sites")


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a project of one test module with a pytest of its own: ``run(test, "-v", ini="...", alone=True)``.

    ``alone`` gives it a process of its own.
    """
    monkeypatch.setenv("PYTHONPATH", str(ROOT))

    def started(test: str, *arguments: str, ini: str = "", alone: bool = False) -> pytest.RunResult:
        pytester.makeini(f"[pytest]\naddopts = --strict-markers --strict-config -W error\n{ini}")
        pytester.makepyfile(asking=ASK, test_it=test)
        if alone:
            return pytester.runpytest_subprocess(*OTHERS, *arguments, timeout=120)
        return pytester.runpytest_inprocess(*OTHERS, *arguments)

    return started


def told(result: pytest.RunResult) -> str:
    return "\n".join([*result.outlines, *result.errlines])


@pytest.mark.parametrize("arguments", [["--version"], ["--collect-only"], ["--markers"], ["--fixtures"], []])
def test_whoever_does_not_use_it_imports_none_of_it(run: Run, pytester: pytest.Pytester, arguments: list[str]) -> None:
    pytester.makeconftest(f"""
        import atexit, sys
        atexit.register(lambda: print("imported:", sorted(set(sys.modules) & set({HEAVY!r})), file=sys.stderr))
    """)
    if arguments == ["--version"]:
        # No conftest is read then.
        script = f"import sys, pytest; pytest.main(['--version']); print(sorted(set(sys.modules) & set({HEAVY!r})))"
        done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
        assert done.stdout.splitlines()[-1] == "[]"
        return
    result = run("def test_something_else():\n    assert True", *arguments, alone=True)
    assert "imported: []" in result.errlines
    assert result.ret == 0


def test_nothing_listens_before_somebody_asks(run: Run) -> None:
    result = run(
        """
        import threading

        def test_before():
            assert "server" not in {thread.name for thread in threading.enumerate()}

        def test_with(tempo):
            assert "server" in {thread.name for thread in threading.enumerate()}
        """,
        alone=True,
    )
    result.assert_outcomes(passed=2)


def test_marker_and_options_are_told(run: Run) -> None:
    assert "@pytest.mark.tempo(scenario=NAME_OR_FOLDER, clock=MOMENT" in told(run("", "--markers"))
    helped = told(run("", "--help"))
    for word in ("--tempo-scenario", "--tempo-clock", "--tempo-set", "tempo_scenario", "tempo_clock", "tempo_settings"):
        assert word in helped
    assert "A Tempo of its own for the test" in told(run("", "--fixtures"))


def test_every_test_begins_anew_and_worlds_are_gone_afterwards(run: Run) -> None:
    result = run("""
        import urllib.error
        import pytest
        from asking import ask

        gone = []

        @pytest.mark.parametrize("number", range(3))
        def test_one(tempo, number):
            token = tempo.token("admin")
            assert ask(tempo.url + "/4/teams?name=Same", token)["results"] == []
            ask(tempo.url + "/4/teams", token, {"name": "Same"})
            gone.append(tempo.url)

        def test_gone(tempo):
            for url in gone:
                with pytest.raises(urllib.error.HTTPError) as caught:
                    ask(url + "/4/teams", tempo.token("admin"))
                caught.value.close()
    """)
    result.assert_outcomes(passed=4)


def test_two_hundred_worlds_side_by_side(run: Run) -> None:
    result = run(
        """
        import pytest
        from asking import ask

        @pytest.mark.parametrize("number", range(200))
        def test_one(tempo, number):
            token = tempo.token("admin")
            before = ask(tempo.url + "/4/teams?limit=1000", token)["metadata"]["count"]
            made = ask(tempo.url + "/4/teams", token, {"name": "Same"})
            assert (before, made["id"]) == (2, 8), "somebody else has written here"
            assert ask(tempo.url + "/4/teams?limit=1000", token)["metadata"]["count"] == 3
        """,
        "-n", "2", alone=True,
    )  # fmt: skip
    result.assert_outcomes(passed=200)


def test_markers_of_module_class_and_test_are_put_together(run: Run) -> None:
    result = run("""
        import pytest

        pytestmark = pytest.mark.tempo(clock="2026-03-02T09:00Z", settings={"cloud.permissionDelay": 5})

        @pytest.mark.tempo(settings={"cloud.rateLimit": True})
        class TestThem:
            @pytest.mark.tempo(scenario="empty", settings={"cloud.permissionDelay": 7})
            def test_nearest_goes_before(self, tempo):
                assert repr(tempo).endswith("scenario empty>")
                assert tempo.settings["cloud.permissionDelay"] == "7"
                assert tempo.settings["cloud.rateLimit"] == "on"
                assert str(tempo.clock.today) == "2026-03-02"

            def test_the_others(self, tempo):
                assert repr(tempo).endswith("scenario guide>")
                assert tempo.settings["cloud.permissionDelay"] == "5"
    """)
    result.assert_outcomes(passed=2)


def own_scenario(pytester: pytest.Pytester) -> None:
    folder = pytester.mkdir("worlds") / "ours"
    folder.mkdir()
    person = '{"name": "ida", "key": "ida", "account_id": "a-ida", "display_name": "Ida", "email": "ida@example.org"}'
    (folder / "people.json").write_text(f"[{person}]", encoding="utf-8")
    (folder / "roles.json").write_text('[{"id": 1, "name": "Member", "default": true}]', encoding="utf-8")
    pytester.mkdir("below")


OURS = """
    import pytest
    from asking import ask

    MARK = pytest.mark.tempo(scenario="worlds/ours")

    def test_it(tempo):
        text = tempo.make.token("ida")["token"]
        assert ask(tempo.url + "/4/teams", text)["results"] == []
        with pytest.raises(LookupError, match="target.toml cannot be read"):
            tempo.token("admin")
"""


@pytest.mark.parametrize(
    ("arguments", "ini", "test"),
    [
        ([], "", OURS.replace("def test_it", "@MARK\n    def test_it")),
        ([], "tempo_scenario = worlds/ours", OURS),
        (["--tempo-scenario=worlds/ours"], "tempo_scenario = empty", OURS),
    ],
    ids=["marker", "ini", "option"],
)
def test_a_scenario_of_ones_own(run: Run, pytester: pytest.Pytester, arguments: list[str], ini: str, test: str) -> None:
    own_scenario(pytester)
    result = run(test, *arguments, ini=ini)
    result.assert_outcomes(passed=1)


def test_folders_are_counted_from_the_root(run: Run, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    own_scenario(pytester)
    pytester.makepyfile(asking=ASK)
    monkeypatch.chdir(pytester.path / "below")
    result = run(OURS, "..", f"--rootdir={pytester.path}", ini="tempo_scenario = worlds/ours")
    result.assert_outcomes(passed=1)


def test_ini_and_options_say_how_worlds_begin(run: Run) -> None:
    ini = "tempo_clock = 2026-03-02T09:00Z\ntempo_settings =\n  cloud.permissionDelay=5\n  jira.timeZone=Europe/Berlin"
    test = """
        import pytest

        @pytest.mark.parametrize("number", range(2))
        def test_it(tempo, number):
            assert str(tempo.clock.today) == "{day}"
            assert tempo.settings["cloud.permissionDelay"] == "{delay}"
            assert tempo.settings["jira.timeZone"] == "Europe/Berlin"
            tempo.clock.set("2031-01-01")
            tempo.reset()
            assert str(tempo.clock.today) == "{day}"

        @pytest.mark.tempo(clock="2029-01-01", settings={{"cloud.permissionDelay": 9}})
        def test_a_marker_goes_before(tempo):
            assert (str(tempo.clock.today), tempo.settings["cloud.permissionDelay"]) == ("2029-01-01", "9")
    """
    run(test.format(day="2026-03-02", delay="5"), ini=ini).assert_outcomes(passed=3)
    options = ("--tempo-clock=2030-01-01", "--tempo-set=cloud.permissionDelay=8")
    run(test.format(day="2030-01-01", delay="8"), *options, ini=ini).assert_outcomes(passed=3)


@pytest.mark.parametrize(
    ("marker", "sentence"),
    [
        ('clok="2026"', "takes scenario=, clock=, settings= and not clok."),
        ('"guide"', "takes scenario=, clock=, settings= and not 'guide'."),
        ('scenario="gide"', "There is no scenario gide; choose guide, empty or the path of a folder with your own."),
        ("scenario=7", "There is no scenario 7;"),
        ('clock="yesterday"', "The clock takes a moment such as 2026-03-02T09:00Z, not yesterday."),
        ("clock=5", "The clock takes a moment such as 2026-03-02T09:00Z, not 5."),
        ('settings="on"', "settings is a mapping of names and values."),
        (
            'settings={"cloud.permissionDely": 5}',
            "There is no setting cloud.permissionDely. Did you mean cloud.permissionDelay?",
        ),
        ('settings={"cloud.rateLimit": "maybe"}', "The setting cloud.rateLimit takes on, off, not maybe."),
    ],
)
def test_a_wrong_marker_is_told_in_one_sentence(run: Run, marker: str, sentence: str) -> None:
    result = run(
        f"import pytest\n@pytest.mark.tempo({marker})\ndef test_it(tempo):\n    assert False\ndef test_ok(tempo): pass"
    )
    result.assert_outcomes(errors=1, passed=1)
    lines = [line for line in result.outlines if "@pytest.mark.tempo of test_it.py::test_it" in line and "..." not in line]
    assert any(sentence in line for line in lines), told(result)
    assert "Traceback" not in told(result)
    assert "pytest_plugin.py" not in told(result)


@pytest.mark.parametrize(
    ("ini", "sentence"),
    [
        ("tempo_scenario = nowhere", "There is no scenario nowhere; choose"),
        ("tempo_clock = soon", "not soon."),
        ("tempo_settings = cloud.rateLimit", "A setting is given as NAME=VALUE, not cloud.rateLimit."),
        ("tempo_settings = cloud.rateLimit=maybe", "takes on, off, not maybe."),
    ],
)
def test_a_wrong_entry_is_told_in_one_sentence(run: Run, ini: str, sentence: str) -> None:
    result = run("def test_it(tempo): pass\ndef test_other(): pass", ini=ini)
    result.assert_outcomes(errors=1, passed=1)
    lines = [line for line in result.outlines if "(tempo_scenario, tempo_clock, tempo_settings): " in line]
    assert any(sentence in line for line in lines), told(result)
    assert "pytest_plugin.py" not in told(result)


def test_it_can_be_switched_off(run: Run) -> None:
    result = run("def test_it(tempo): pass", "-p", "no:tempo_mock")
    result.assert_outcomes(errors=1)
    assert "fixture 'tempo' not found" in told(result)
    result = run("def test_it(): pass", "-p", "no:tempo_mock", "--tempo-clock=2026-01-01")
    assert "unrecognized arguments" in told(result)


def test_a_project_may_have_a_fixture_of_the_same_name(run: Run) -> None:
    result = run("""
        import pytest

        @pytest.fixture
        def tempo():
            return 120

        def test_beats(tempo):
            assert tempo == 120
    """)
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize("capture", ["fd", "sys", "no"])
def test_nothing_is_said_into_what_tests_print(run: Run, capture: str) -> None:
    result = run(
        """
        from asking import ask

        def test_it(tempo, capfd):
            ask(tempo.url + "/4/teams", tempo.token("admin"))
            print("mine")
            captured = capfd.readouterr()
            assert (captured.out, captured.err) == ("mine\\n", "")
        """,
        f"--capture={capture}", "-q", alone=True,
    )  # fmt: skip
    result.assert_outcomes(passed=1)
    assert "tempo-mock" not in told(result)
    assert result.errlines == []


def test_the_conformance_suite_goes_without_it() -> None:
    source = (ROOT / "conformance" / "cli.py").read_text(encoding="utf-8")
    assert '"--disable-plugin-autoload"' in source, "then say -p no:tempo_mock"


def test_of_a_refusal_the_line_of_the_test_is_shown(run: Run) -> None:
    result = run("""
        def test_refused(tempo):
            tempo.make.plan(person="bob", by="greta")

        def test_unknown(tempo):
            tempo.make.worklog("bbo")
    """)
    result.assert_outcomes(failed=2)
    shown = told(result)
    assert '>       tempo.make.plan(person="bob", by="greta")' in shown
    assert "TempoRefused: 400: You do not have the permission Manage Plans for this user" in shown
    assert "mock_server" not in "".join(line for line in result.outlines if line.endswith(": in worklog"))
    assert "testing/make.py" not in shown


def test_a_scenario_that_has_gone_meanwhile(run: Run, pytester: pytest.Pytester) -> None:
    own_scenario(pytester)
    result = run("""
        import shutil
        import pytest

        @pytest.mark.tempo(scenario="worlds/ours")
        def test_it(tempo):
            shutil.rmtree("worlds")
            with pytest.raises(LookupError, match="There is no scenario"):
                tempo.env()
            assert tempo.make.token("ida")["person"] == "ida"
    """)
    result.assert_outcomes(passed=1)
