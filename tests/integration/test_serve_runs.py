"""Last runs of both syncs: what each did and why not more; and reading worklogs from a page, one run at a time."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from integration import findings, tables
from integration.background import FAILED, Background, Ended
from integration.exits import Exit
from integration.findings import MOST_SHOWN, Finding, Findings
from integration.records import Outcome
from integration.run import Console
from integration.run_history import ABSENCES, WORKLOGS, PastRun, RunHistory
from integration.run_lock import is_running, run_lock
from integration.store import RunRecord, Store
from integration.switches import Switches
from integration.worklog_rows import WorklogRows
from integration.worklog_runs import WorklogRun

from .conftest import Command, Site
from .page_visitor import Visitor, words
from .worklog_home import WorklogHome

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
OLD = (
    "INSERT INTO runs (begun, exit_code, reason, created) VALUES ('2026-01-01T00:00:00+00:00', 0, '', 4)",
    "INSERT INTO outcomes (run, action, sink, account_id, issue_id, day, part) "
    "VALUES (1, 'create', 'database', 'ann', '10', '2026-01-02', 0)",
    "INSERT INTO worklog_runs (begun, ended, exit_code, mode) "
    "VALUES ('2026-01-01T00:00:00+00:00', '2026-01-01T00:00:09+00:00', 0, 'full')",
)
"""What an older version left."""


def worklog_run(begun: str, ended: str = "", code: int = 0, reason: str = "") -> WorklogRun:
    return WorklogRun(begun, ended or begun, code, "full", "window", "tempo", 3, 1, 7, reason)


def add_worklog_run(store: Store, run: WorklogRun) -> int:
    rows = WorklogRows(store)
    with store.transaction():
        number = rows.begin_run(run.begun)
        rows.end_run(number, run)
    return number


def add_absence_run(store: Store, record: RunRecord, *outcomes: Outcome) -> int:
    with store.transaction():
        number = store.begin_run(record.begun)
        for outcome in outcomes:
            store.note(number, outcome)
        store.end_run(number, record)
    return number


def record(begun: str, ended: str, code: int = 0, **counts: int) -> RunRecord:
    zeros = dict.fromkeys(("created", "updated", "deleted", "kept", "withheld"), 0)
    return RunRecord(begun=begun, ended=ended, exit_code=code, reason="", **(zeros | counts))


@pytest.fixture
def configured(sync: Command) -> Command:
    sync.configure("http://127.0.0.1:9")
    return sync


@pytest.fixture
def store(configured: Command) -> Iterator[Store]:
    with closing(Store(configured.folder / "tempo-sync.db")) as made:
        yield made


@pytest.fixture
def visitor(configured: Command) -> Visitor:
    return Visitor(configured.folder / "tempo-sync.toml")


def test_both_syncs_in_one_list_the_last_one_first(store: Store, visitor: Visitor) -> None:
    first = add_worklog_run(store, worklog_run("2026-03-02T08:00:00+00:00", "2026-03-02T08:02:05+00:00"))
    add_absence_run(store, record("2026-03-02T09:00:00+00:00", "2026-03-02T09:00:00+00:00", 7, created=2, withheld=1))
    add_worklog_run(store, worklog_run("2026-03-02T10:00:00+00:00", code=6, reason="Tempo answered 503"))
    told = words(visitor.get("/runs"))
    order = [told.index(text) for text in ("2026-03-02 10:00 UTC", "2026-03-02 09:00 UTC", "2026-03-02 08:00 UTC")]
    assert order == sorted(order)
    assert "6: fallback" in told
    assert "Tempo answered 503" in told
    assert "7: incomplete" in told
    assert "Rules: 2 created, 1 withheld" in told
    assert "Tempo, full reading: 3 new or changed, 1 deleted, 7 requests" in told
    assert "2 min 5 s" in told
    only = words(visitor.get("/runs?sync=absences"))
    assert "09:00 UTC" in only
    assert "10:00 UTC" not in only
    one = words(visitor.get(f"/runs/worklogs/{first}"))
    assert "in sync, or applied" in one
    assert "noticed by comparing what is held with what is there" in one


def test_a_run_that_was_killed_has_no_end(store: Store, visitor: Visitor) -> None:
    with store.transaction():
        number = store.begin_run("2026-03-02T09:00:00+00:00")
    assert "no end" in words(visitor.get("/runs"))
    assert "It is not over, or was ended in the middle" in words(visitor.get(f"/runs/absences/{number}"))


@pytest.mark.parametrize(
    "path", ["/runs/absences/1", "/runs/worklogs/0", "/runs/other/1", f"/runs/absences/{2**70}", "/runs/absences/x"]
)
def test_what_is_no_run_is_not_found(store: Store, visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_long_lists_are_paged(store: Store, visitor: Visitor) -> None:
    for number in range(130):
        add_worklog_run(store, worklog_run(f"2026-03-{number // 24 + 1:02}T{number % 24:02}:00:00+00:00"))
    outcomes = [
        Outcome("create", "database", (f"p{n:03}", "10", "2026-03-02", 0), "disk full" if n == 119 else None)
        for n in range(120)
    ]
    run = add_absence_run(store, record("2026-02-01T00:00:00+00:00", "2026-02-01T00:00:01+00:00", 7), *outcomes)
    seen = [re.findall(r'href="/runs/(\w+/\d+)"', visitor.get(f"/runs?page={page}").text) for page in (1, 2, 3)]
    assert [len(page) for page in seen] == [50, 50, 31]
    assert len({one for page in seen for one in page}) == 131
    assert seen[2][-1] == f"absences/{run}"
    pages = [words(visitor.get(f"/runs/absences/{run}?page={page}")) for page in (1, 2, 3)]
    assert "p119" in pages[0], "what failed stands first"
    assert "disk full" in pages[0]
    assert sum(f"p{n:03}" in page for n in range(120) for page in pages) == 120


def test_what_a_run_found_is_kept_once(store: Store) -> None:
    history = RunHistory(store)
    why = [Findings("left-out", 1, (Finding("left-out", "ann", "plan 1", "it is not approved"),))]
    runs = [add_absence_run(store, record("2026-03-02T09:00:00+00:00", "2026-03-02T09:00:00+00:00")) for _ in range(3)]
    with store.transaction():
        for run in runs:
            history.note(ABSENCES, run, why)
    assert [history.findings(ABSENCES, run) for run in runs] == [why] * 3
    assert store.rows("SELECT count(*) FROM run_findings") == [(1,)]


@pytest.mark.parametrize(
    "text", ["", "[]", "7", "null", '{"left-out": 1}', '{"left-out": [1, [["a"]]]}', '{"left-out": ["x", []]}']
)
def test_findings_that_somebody_edited_are_not_remembered(store: Store, visitor: Visitor, text: str) -> None:
    run = add_absence_run(store, record("2026-03-02T09:00:00+00:00", "2026-03-02T09:00:00+00:00"))
    with store.transaction():
        RunHistory(store).note(ABSENCES, run, [])
        store.rows("UPDATE run_findings SET findings = ?", (text,))
    answer = visitor.get(f"/runs/absences/{run}")
    assert answer.status_code == 200
    assert "is not remembered" in words(answer)


def test_of_each_kind_the_first_are_kept_and_all_are_counted() -> None:
    many = [Finding("left-out", "ann", f"plan {number}", "why") for number in range(MOST_SHOWN + 5)]
    grouped = findings._grouped([*many, Finding("refused", "", "", "no")])
    assert [(one.kind, one.total, len(one.shown)) for one in grouped] == [
        ("refused", 1, 1),
        ("left-out", MOST_SHOWN + 5, MOST_SHOWN),
    ]
    assert findings.of_text(findings.as_text(grouped)) == grouped


def test_a_database_of_an_older_version_opens_and_shows_its_runs(configured: Command, visitor: Visitor) -> None:
    from sqlite_utils import Database, Migrations

    path = configured.folder / "tempo-sync.db"
    connection = sqlite3.connect(path)
    old = Migrations("tempo-sync")
    for step in ("_first", "_sinks", "_worklogs", "_required_days"):
        old()(getattr(tables, step))
    old.apply(Database(connection))
    for statement in OLD:
        connection.execute(statement)
    connection.commit()
    connection.close()
    told = words(visitor.get("/runs"))
    assert "Rules: 4 created" in told
    assert "not known" in told, "how long it took"
    assert "9 s" in told
    one = words(visitor.get("/runs/absences/1"))
    assert "ann" in one
    assert "is not remembered" in one
    with closing(Store(path)) as store:
        assert RunHistory(store).count() == 2
        names = {migration.name for migration in tables.migrations().applied(Database(path))}
        assert "_run_findings" in names


def test_absences_tell_why_not(connected: Command, site: Site) -> None:
    connected("issues", "--select", "HR-1", "HR-4")
    assert connected("absences", "--apply").code in (0, 7)
    visitor = Visitor(connected.folder / "tempo-sync.toml")
    told = words(visitor.get("/runs/absences/1"))
    assert "Why plans make no rule" in told
    assert "Plans that make no rule" in told
    assert "What it wrote" in told
    assert re.search(r"plan \d+ on project \d+, \d+ days? it is for a project", told)
    assert re.search(r"\N{EN DASH} plan \d+ on [^,]+, \d+ days? it is for a generic resource", told), "nobody's name"
    with closing(Store(connected.folder / "tempo-sync.db")) as store:
        kinds = {one.kind: one.total for one in RunHistory(store).findings(ABSENCES, 1) or ()}
    assert kinds["left-out"] == len(connected("absences", "--json").json["leftOut"])


def test_absences_that_read_nothing_or_are_refused_are_runs_too(connected: Command, site: Site) -> None:
    connected("issues", "--select", "HR-1", "HR-4")
    connected("absences", "--apply")
    connected.use("nobody")
    assert connected("absences", "--apply").code == 4
    assert connected("absences").code == 4, "which writes nothing"
    with closing(Store(connected.folder / "tempo-sync.db")) as store:
        runs = RunHistory(store).page(0, 10, ABSENCES)
        assert runs[0].exit_code == 4
        assert len(runs) == 2
        why = RunHistory(store).findings(ABSENCES, runs[0].id)
    assert why is not None
    assert why[0].kind == "unreadable"
    told = words(Visitor(connected.folder / "tempo-sync.toml").get(f"/runs/absences/{runs[0].id}"))
    assert "the source cannot be read" in told


def test_markup_is_text(store: Store, visitor: Visitor) -> None:
    evil = "<script>alert(1)</script>"
    run = add_absence_run(
        store,
        record("2026-03-02T09:00:00+00:00", "2026-03-02T09:00:00+00:00", 7),
        Outcome("create", "jira", (evil, evil, evil, 0), evil, evil),
    )
    with store.transaction():
        RunHistory(store).note(ABSENCES, run, [Findings("warning", 1, (Finding("warning", evil, evil, evil),))])
    add_worklog_run(store, worklog_run("2026-03-02T10:00:00+00:00", reason=evil))
    for path in ("/runs", f"/runs/absences/{run}"):
        assert "<script" not in visitor.get(path).text
        assert "&lt;script" in visitor.get(path).text


@pytest.fixture
def home(tempo_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WorklogHome]:
    """A home whose tokens are in the environment, as of whoever starts `tempo-sync serve`."""
    with tempo_server.world(scenario="guide", clock="2026-03-02T09:00Z") as world:
        made = WorklogHome(world, tmp_path)
        monkeypatch.setenv("TEMPO_TOKEN", world.token("viewer"))
        monkeypatch.setenv("JIRA_TOKEN", world.api_token("viewer"))
        yield made


def ended(visitor: Visitor) -> str:
    """What the page of the run says once it is over."""
    visitor.frame._place.desk.run.wait(60)
    return words(visitor.get("/runs/now"))


def test_worklogs_are_read_from_the_page(home: WorklogHome) -> None:
    visitor = Visitor(home.file)
    visitor.get("/runs")
    assert visitor.post("/runs/worklogs").headers["Location"] == "/runs/now"
    told = ended(visitor)
    assert "Worklogs were read" in told
    assert "Tempo, full reading" in told
    assert home.totals() == home.in_tempo()
    visitor.get("/runs")
    visitor.post("/runs/worklogs")
    assert "Tempo, incremental reading: 0 worklogs new" in ended(visitor)
    visitor.get("/runs")
    visitor.post("/runs/worklogs", {"full": "full"})
    assert "Tempo, full reading: 0 worklogs new" in ended(visitor)
    assert words(visitor.get("/runs")).count("0: in sync") + words(visitor.get("/runs")).count("7: incomplete") == 3


def test_a_run_from_the_page_enters_the_fallback_and_leaves_it(home: WorklogHome) -> None:
    visitor = Visitor(home.file)
    visitor.get("/runs")
    visitor.post("/runs/worklogs")
    ended(visitor)
    home.world.faults.arm({"status": 401}, path="/4/")
    visitor.get("/runs")
    visitor.post("/runs/worklogs")
    told = ended(visitor)
    assert "FALLBACK since" in told
    assert "done from the fallback source" in told
    run = words(visitor.get("/runs/worklogs/2"))
    assert "Why Jira stands in" in run
    assert "Tempo refuses the token" in run
    home.world.faults.disarm_all()
    visitor.get("/runs")
    visitor.post("/runs/worklogs")
    assert "Tempo is read again" in ended(visitor)
    assert "Tempo is read again" in words(visitor.get("/runs/worklogs/3"))
    assert home.totals() == home.in_tempo()


def test_a_token_that_is_missing_is_said(home: WorklogHome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEMPO_TOKEN")
    visitor = Visitor(home.file)
    visitor.get("/runs")
    visitor.post("/runs/worklogs")
    told = ended(visitor)
    assert "Nothing was read" in told
    assert "TEMPO_TOKEN" in told


def test_a_sync_that_is_off_has_no_button(home: WorklogHome) -> None:
    home.run()
    visitor = Visitor(home.file)
    visitor.get("/runs")
    with closing(Store(home.database)) as store:
        Switches(store).turn("worklogs", on=False, now=NOW)
    assert "is switched off since" in words(visitor.get("/runs"))
    assert "<form" not in visitor.get("/runs").text
    visitor.post("/runs/worklogs")
    assert "switched off" in ended(visitor)


def test_a_run_of_another_process_is_told(home: WorklogHome) -> None:
    home.run()
    visitor = Visitor(home.file)
    visitor.get("/runs")
    with run_lock(home.database) as is_free:
        assert is_free
        assert is_running(home.database)
        assert "Another process reads worklogs" in words(visitor.sent("/runs/worklogs"))
    assert not is_running(home.database)
    with closing(Store(home.database)) as store:
        assert RunHistory(store).count(WORKLOGS) == 1


def test_a_run_that_is_on_survives_reloading_and_is_alone(visitor: Visitor) -> None:
    release = threading.Event()
    background = visitor.frame._place.desk.run

    def work(console: Console) -> Ended:
        with console.progress("reading worklogs") as progress:
            progress(42)
            console.say("the <token> ends soon")
            release.wait(60)
        return Ended(Exit.IN_SYNC, ("All is well.",))

    assert background.start(work, NOW)
    assert not background.start(work, NOW)
    while background.state is None or not background.state.said:
        background.wait(0.01)
    for _ in range(2):
        answer = visitor.get("/runs/now")
        assert answer.headers["Refresh"] == "3"
        assert "reading worklogs, 42 so far" in words(answer)
        assert "the &lt;token&gt; ends soon" in answer.text
    assert "Worklogs are being read" in words(visitor.get("/runs"))
    visitor.get("/connection")
    assert "A run is on already" in words(visitor.sent("/runs/worklogs"))
    release.set()
    background.wait(60)
    answer = visitor.get("/runs/now")
    assert "Refresh" not in answer.headers
    assert "All is well." in words(answer)
    assert background.start(lambda console: Ended(Exit.IN_SYNC, ()), NOW)
    background.wait(60)


def test_a_mistake_in_a_run_is_told_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    def work(console: Console) -> Ended:
        raise RuntimeError("the token is 123")

    background = Background()
    assert background.state is None
    background.start(work, NOW)
    background.wait(60)
    assert background.state is not None
    assert background.state.ended == Ended(Exit.UNREADABLE, (), FAILED)
    assert "RuntimeError" in caplog.text


def test_no_run_yet(visitor: Visitor) -> None:
    assert "No run was begun here" in words(visitor.get(visitor.get("/runs/now").headers["Location"]))


def test_durations() -> None:
    empty = PastRun(ABSENCES, 1, "2026-03-02T09:00:00+00:00", None, *[None] * 12)
    assert empty.seconds is None
    assert empty._replace(ended="2026-03-02T09:00:42+00:00").seconds == 42
    assert empty._replace(ended="2026-03-02T08:00:00+00:00").seconds == 0, "a clock that was set back"
