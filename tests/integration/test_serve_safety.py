"""`tempo-sync serve` as a process: where a token may be, who may come in, and what else may be on at the same time."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from integration import run as absence_run
from integration.pages import connection
from integration.store import Store

from .conftest import LIMIT, Answers, Command, Site, token_of
from .page_visitor import Visitor, words
from .served import Served, begun

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and ps of POSIX")
NAMED = {"use": "absences", "end": "days", "days": "365"}
PAGES = (
    "/connection", "/issues", "/access", "/access?everybody=yes", "/access/worklogs?ask=yes", "/run", "/run?preview=yes",
    "/rules?all=yes", "/calendar", "/time-accounts", "/runs", "/runs/now", "/nowhere",
)  # fmt: skip
FRED = "5b10a2844c20165700ede21f"


@pytest.fixture
def served(connected: Command) -> Command:
    """A sync whose Tempo token is yet to be pasted."""
    (connected.folder / "tempo-sync.toml").chmod(0o600)
    connected.drop_token()
    return connected


def dumped(folder: Path) -> str:
    """Everything in the database, as ``.dump`` of sqlite3 writes it."""
    with closing(sqlite3.connect(folder / "tempo-sync.db")) as database:
        return "\n".join(database.iterdump())


def plan(site: Site, days: int) -> None:
    """Fred is away so many days from now."""
    day = (datetime.now(UTC).date() + timedelta(days=days)).isoformat()
    body = {"assigneeId": FRED, "assigneeType": "USER", "planItemId": "10240", "planItemType": "ISSUE", "startDate": day,
            "endDate": day, "plannedSecondsPerDay": 28800, "includeNonWorkingDays": True}  # fmt: skip
    site.tempo("POST", "/4/plans", body, who="fred")


def each_once(command: Command) -> int:
    """How many rules are held; none of them twice."""
    held = command("rules", "--all", "--json").json["rules"]
    assert len({(rule["accountId"], rule["issueId"], rule["begin"]) for rule in held}) == len(held)
    return len(held)


@posix
def test_a_token_that_is_pasted_is_in_its_file_and_nowhere_else(served: Command, site: Site) -> None:
    good = token_of("absences")
    config = served.folder / "tempo-sync.toml"
    pasted = (token_of("nobody"), token_of("expired"), token_of("no_scopes"), token_of("greta"), good)
    with Served(served.folder) as pages:
        for token in pasted:
            for form in ({"use": "nothing"}, {"end": "day", "day": "x"}, {"end": "kept"}, {}):
                pages.post("/connection", {**NAMED, **form, "token": token})
            # Once more, as the button to load a page anew does it, and back.
            pages.post("/connection", {**NAMED, "token": token})
            pages.get("/connection")
            pages.post("/connection/switch/nothing", {"token": token})
            pages.post("/connection", {**NAMED, "token": f"{token} and more"})
            assert pages.post("/connection", {**NAMED, "token": f"{token}{'x' * 300_000}"}).status_code == 413
            assert pages.post("/connection", {**NAMED, "token": token, "csrf_token": "x"}).status_code == 403
        text = config.read_text(encoding="utf-8")
        config.write_text("[site\n", encoding="utf-8")
        assert pages.post("/connection", {**NAMED, "token": good}).status_code == 409
        config.write_text(text, encoding="utf-8")
        pages.get("/issues")
        pages.post("/issues", {"step": "save", "issue": ["HR-1", "HR-2"]})
        assert "Applied:" in pages.apply().text
        pages.get("/runs")
        pages.post("/runs/worklogs", {})
        # The token is taken back while it is in use.
        token = next(one for one in site.control("GET", "/tokens?person=fred") if "Office" in one["name"])
        site.control("DELETE", f"/tokens/{token['id']}?person=fred")
        pages.post("/runs/worklogs", {})
        for path in PAGES:
            pages.get(path)
        everybody = subprocess.run(["ps", "axww", "-o", "args"], capture_output=True, text=True, check=True).stdout
        database = dumped(served.folder)
        files = {path.name: path.read_bytes() for path in served.folder.iterdir() if path.is_file()}
    assert files.pop("tempo-token").decode() == f"{good}\n"
    assert "serve --port 0" in everybody
    assert "INSERT INTO" in database
    assert pages.said == "", "nothing is told but the address"
    for secret in (*pasted, "demo-jira-token-of-fred-not-a-secret"):
        assert secret not in pages.seen
        assert secret not in everybody
        assert secret not in database
        assert [name for name, content in files.items() if secret.encode() in content] == []
    later = pages.seen.partition("200 ")[2]
    assert pages.key not in later.partition("\n")[2], "the key is only in the address that was opened"
    assert pages.key not in everybody


def test_a_tempo_that_says_the_token_again_is_not_quoted(sync: Command, canned: Callable[[Answers], str]) -> None:
    token = "tok-that-comes-back-0123456789"
    again = json.dumps({"errors": [{"message": f"Bearer {token} is not known"}]}).encode()
    for status in (400, 401, 403, 404, 500):
        sync.configure(canned(lambda method, path, status=status: (status, {}, again)))  # type: ignore[misc]
        visitor = Visitor(sync.folder / "tempo-sync.toml")
        visitor.get("/connection")
        visitor.post("/connection", {**NAMED, "token": token})
        assert token not in visitor.seen
        assert visitor.seen.count("csrf_token") > 1


def test_a_mistake_of_the_program_does_not_tell_the_token(
    served: Command, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(settings: object, store: object, new: Any, *more: object) -> None:
        raise ValueError(f"no header: Bearer {new.token}")

    monkeypatch.setattr(connection, "connect", broken)
    visitor = Visitor(served.folder / "tempo-sync.toml")
    visitor.get("/connection")
    assert visitor.post("/connection", {**NAMED, "token": token_of("absences")}).status_code == 500
    assert "ValueError: no header: Bearer ***" in caplog.text
    assert token_of("absences") not in caplog.text + visitor.seen


def test_the_key_leads_to_no_other_host(served: Command) -> None:
    visitor = Visitor(served.folder / "tempo-sync.toml")
    answer = visitor.client.get(f"/?key={visitor.frame.key}", base_url="http://localhost:8091",
                                environ_overrides={"PATH_INFO": "//evil.example/"})  # fmt: skip
    assert answer.headers["Location"] == "/evil.example/"


@posix
@pytest.mark.slow
def test_rounds_of_the_command_beside_apply_of_the_page(connected: Command, site: Site) -> None:
    connected("issues", "--select", "HR-1", "HR-2", "HR-3", "HR-4")
    answers = []
    told: list[str] = []
    with (
        begun(connected.folder, "absences", "--apply", "--watch", "1", "--json") as watching,
        Served(connected.folder) as pages,
    ):
        listening = threading.Thread(target=lambda: told.extend(watching.communicate(timeout=LIMIT)))
        listening.start()
        for days in range(1, 13):
            plan(site, 2 * days)
            answers.append(pages.apply())
            pages.get("/runs")
            pages.get("/rules")
        watching.send_signal(signal.SIGTERM)
        listening.join(LIMIT)
        assert watching.returncode == 0
        last = pages.apply()
    rounds = [json.loads(line) for line in told[0].splitlines()]
    assert len(rounds) > 1
    assert "Traceback" not in told[1]
    # What a round did between preview and apply is shown anew instead of applied; nothing else may be in the way.
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert last.status_code == 200
    assert {line["exitCode"] for line in rounds} <= {0, 7}
    assert {line["error"] for line in rounds} == {None}
    assert pages.said == ""
    wanted = each_once(connected)
    assert wanted >= 12
    assert connected("absences").code == 0
    with closing(Store(connected.folder / "tempo-sync.db")) as store:
        assert store.rows("SELECT count(*) FROM runs WHERE exit_code IS NULL") == [(0,)]


@posix
def test_two_servers_on_one_database(connected: Command, site: Site) -> None:
    connected("issues", "--select", "HR-1", "HR-2", "HR-3", "HR-4")
    wanted = len(connected("absences", "--json").json["changes"]["create"])
    with Served(connected.folder) as first, Served(connected.folder) as second:
        runs = [threading.Thread(target=one.apply) for one in (first, second)]
        for run in runs:
            run.start()
        for run in runs:
            run.join()
        assert each_once(connected) == wanted
        # The cookie of one does not open the other.
        second.browser.cookies.clear()
        second.browser.cookies.update(first.browser.cookies)
        assert second.get("/rules").status_code == 403
        first.get("/connection")
        first.post("/connection/switch/absences", {"state": "off"})
        second.browser.cookies.clear()
        second.get(f"/?key={second.key}")
        assert "switched off since" in words_of(second.get("/run").text)
        assert second.post("/run", {"shown": ""}).status_code == 409
    assert first.said == second.said == ""


def words_of(text: str) -> str:
    """Without line ends."""
    return " ".join(text.split())


def test_switched_off_in_the_middle_of_a_run(connected: Command, monkeypatch: pytest.MonkeyPatch, site: Site) -> None:
    connected("issues", "--select", "HR-1")
    visitor, other = (Visitor(connected.folder / "tempo-sync.toml") for _ in range(2))
    page = visitor.get("/run?preview=yes").text
    shown = page.partition('name="shown" value="')[2].partition('"')[0]
    reading, switched = threading.Event(), threading.Event()
    read = absence_run.read

    def slow(*arguments: Any, **more: Any) -> Any:
        found = read(*arguments, **more)
        reading.set()
        assert switched.wait(LIMIT)
        return found

    monkeypatch.setattr(absence_run, "read", slow)
    # One browser in two windows.
    other.frame, other.form_key = visitor.frame, visitor.form_key
    other.client = visitor.client
    answers: list[Any] = []
    run = threading.Thread(target=lambda: answers.append(visitor.post("/run", {"shown": shown})))
    run.start()
    assert reading.wait(LIMIT)
    switching = threading.Thread(
        target=lambda: answers.append(other.post("/connection/switch/absences", {"state": "off"})), daemon=True
    )
    switching.start()
    switching.join(LIMIT / 4)
    is_stuck = switching.is_alive()
    switched.set()
    run.join(LIMIT)
    assert not is_stuck, "the switch waits for the run that it is to stop"
    assert answers[0].status_code == 303
    assert answers[1].status_code == 409
    assert "switched off since" in words(answers[1])
    assert connected("rules", "--json").json["rules"] == []


def test_the_database_of_somebody_who_does_not_let_go(connected: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    connected("issues", "--select", "HR-1")
    visitor = Visitor(connected.folder / "tempo-sync.toml")
    visitor.get("/connection")
    monkeypatch.setattr(Store.__init__, "__defaults__", (0.0,))
    with closing(sqlite3.connect(connected.folder / "tempo-sync.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert visitor.get("/rules").status_code == 200, "reading goes on"
        answer = visitor.post("/connection/switch/absences", {"state": "off"})
        assert answer.status_code == 503
        assert "The database is in use by another run or program; wait until it is over." in words(answer)
        other.execute("ROLLBACK")
    with closing(sqlite3.connect(connected.folder / "tempo-sync.db", isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        for path in ("/connection", "/rules", "/runs", "/run?preview=yes"):
            answer = visitor.get(path)
            assert answer.status_code == 503, path
            assert "The database is in use by another run or program; wait until it is over." in words(answer)
            assert "under [state]" not in words(answer)
        other.execute("ROLLBACK")
    assert visitor.get("/rules").status_code == 200


@posix
def test_the_configuration_is_changed_while_it_is_served(served: Command) -> None:
    config = served.folder / "tempo-sync.toml"
    text = config.read_text(encoding="utf-8")
    with Served(served.folder) as pages:
        config.unlink()
        answer = pages.get("/rules")
        assert answer.status_code == 409
        assert "tempo-sync init" in answer.text
        config.write_text(text + "\n[state]\ndatabase = 7\n", encoding="utf-8")
        assert pages.get("/rules").status_code == 409
        config.write_text(text, encoding="utf-8")
        config.chmod(0o600)
        assert pages.get("/rules").status_code == 200
        config.write_text(f'{text}\n[state]\ndatabase = "other.db"\n', encoding="utf-8")
        assert pages.get("/connection").status_code == 200
        assert (served.folder / "other.db").exists()
    assert pages.said == ""
