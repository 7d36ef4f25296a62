"""`tempo-sync balances`: everybody's hours from the database, and never more than is known."""

from __future__ import annotations

import csv
import io
import json
import socket
from collections.abc import Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from integration import balances_command
from integration.books import statement_of
from integration.records import Issue, Person, Reason
from integration.settings import read_settings
from integration.store import Store
from integration.surroundings import ISSUES, PEOPLE, REQUIRED
from integration.worklog_rows import WorklogRows
from integration.worklog_runs import WorklogRun
from integration.worklogs import Fallback, JiraWorklog, Period, Standing, TeamPeriod, Visible, Worklog

from .conftest import Command

HOUR = 3600
MONDAY = date(2026, 3, 2)
WEEK = ("--from", "2026-03-02", "--to", "2026-03-08")
READ = "2026-03-10T08:00:00+00:00"
DOWN = Reason("server-error", "Tempo answered 503")
TEMPO = Standing("tempo", None, True, (), READ, Visible(2, 2, ()))
FALLBACK = Standing("jira", Fallback(DOWN, READ), False, (DOWN,), READ)
FEWER = Reason("fewer-people", "incomplete: 1 of 2 people visible")
INCOMPLETE = Standing("tempo", None, False, (FEWER,), READ, Visible(1, 2, ("bob",)))
CONTRACTS = """
[[contract]]
person = "ann"
first = 2026-03-02
week = [0, 8, 8, 8, 8, 8, 0]

[[contract]]
person = "bob"
first = 2026-01-01
week = [0, 0.5, 0, 0, 0, 0, 0]
"""


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def row(number: int, who: str, at: int, hours: float, issue: str = "10", start: str = "", account: str = "") -> Worklog:
    seconds = int(hours * HOUR)
    return Worklog(number, issue, who, day(at), start, seconds, seconds // 2, READ, None, account)


ROWS = (
    row(1, "ann", 0, 9, account="DEV"),
    row(2, "ann", 1, 30.5, "11"),
    row(3, "bob", 0, 0.25),
    row(4, "bob", 0, 0.5, "11", account="DEV"),
    row(5, "ann", 40, 1),
)
JIRA = (
    (JiraWorklog(1, "10", "ann", day(0), "", 2 * HOUR, READ), "ann"),
    (JiraWorklog(2, "10", "app", day(0), "", 3 * HOUR, READ), ""),
)


@pytest.fixture
def kept(sync: Command) -> Command:
    """The command with contracts and a database that was read."""
    sync.configure("https://tempo.test", CONTRACTS)
    fill(sync, TEMPO)
    return sync


def fill(sync: Command, standing: Standing, rows: Sequence[Worklog] = ROWS, **facts: Any) -> Path:
    settings = read_settings(sync.folder / "tempo-sync.toml")
    with closing(Store(settings.state)) as store, store.transaction():
        tables = WorklogRows(store)
        tables.upsert(rows)
        people = {worklog.id: person for worklog, person in JIRA}
        tables.upsert_jira([worklog for worklog, _ in JIRA], lambda worklog: people[worklog.id])
        tables.set_standing(standing)
        tables.know_issues([Issue("10", "DEV-1", "Build")])
        from integration.known_people import KnownPeople

        KnownPeople(store).add([Person("ann", "Ann Bold", None, True), Person("bob", "王小明", None, True)])
        for name, value in facts.items():
            store.set_fact({"people": PEOPLE, "issues": ISSUES, "required": REQUIRED}[name], json.dumps(value))
    return settings.state


def sql(sync: Command, statement: str, *values: Any) -> None:
    with closing(Store(read_settings(sync.folder / "tempo-sync.toml").state)) as store, store.transaction():
        store.rows(statement, values)


def accounts(sync: Command, *words: str) -> dict[str, tuple[int | None, int | None, int | None]]:
    bean = sync("balances", *WEEK, "--json", *words).json
    return {one["accountId"]: (one["logged"], one["required"], one["balance"]) for one in bean["accounts"]}


def test_a_table_for_people(kept: Command) -> None:
    said = kept("balances", *WEEK)
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        f"Hours from 2026-03-02 to 2026-03-08, of Tempo, read {READ}:",
        "            logged  required  balance",
        "  Ann Bold   39:30     40:00    -0:30",
        "  王小明      0:45      0:30    +0:15",
    ]


def test_fallback_is_loud_and_guesses_nothing(kept: Command) -> None:
    fill(kept, FALLBACK)
    said = kept("balances", *WEEK)
    assert said.code == 6
    lines = said.out.splitlines()
    assert lines[0] == f"FALLBACK since {READ}: Tempo answered 503."
    assert "INCOMPLETE" not in said.out, "the same would be told twice"
    assert [line.split("  ")[-1] for line in lines[3:5]] == ["not known", "not known"]
    assert "at least 2:00" in lines[3]
    assert lines[4].split()[-4:] == ["known", "0:30", "not", "known"]
    assert lines[5].split() == ["nobody's", "3:00"]
    assert any("3:00 h are in nobody's account" in line for line in lines)
    bean = kept("balances", *WEEK, "--json").json
    assert bean["fallback"] == {"cause": "server-error", "sentence": "Tempo answered 503", "since": READ}
    assert (bean["exitCode"], bean["source"], bean["complete"], bean["unattributed"]) == (6, "jira", False, 3 * HOUR)
    assert accounts(kept) == {"ann": (2 * HOUR, 40 * HOUR, None), "bob": (None, HOUR // 2, None)}


def test_incomplete_is_loud_and_nobody_unseen_has_zero(kept: Command) -> None:
    fill(kept, INCOMPLETE)
    for begun, code in (("2026-03-07", 7), ("2026-03-08", 0), ("2026-03-09", 7), ("2026-03-10", 7)):
        with closing(Store(read_settings(kept.folder / "tempo-sync.toml").state)) as store, store.transaction():
            runs = WorklogRows(store)
            runs.end_run(runs.begin_run(begun), WorklogRun(begun, begun, code, "", "", "tempo", 0, 0, 0, ""))
    said = kept("balances", *WEEK)
    assert said.code == 7
    assert said.out.splitlines()[0] == "INCOMPLETE since 2026-03-09: incomplete: 1 of 2 people visible."
    assert accounts(kept)["bob"] == (None, HOUR // 2, None)
    bean = kept("balances", *WEEK, "--json").json
    assert bean["visible"] == {"seen": 1, "expected": 2, "unseen": ["bob"]}
    assert (bean["complete"], bean["reasons"]) == (False, [FEWER._asdict()])
    assert bean["incompleteSince"] == "2026-03-09"


def test_the_running_month_is_the_period_that_nobody_names(kept: Command) -> None:
    said = kept("balances")
    today = date.today()
    assert f"from {today.replace(day=1)} to {today} (this month up to today)" in said.out.splitlines()[0]
    assert "Hours from 2026-02-01 to 2026-02-03, of" in kept("balances", "--to", "2026-02-03").out


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("team", {("7", None): (39.5, 40), ("", None): (0.75, 0.5)}),
        ("day", {("ann", "2026-03-02"): (9, 8), ("bob", "2026-03-02"): (0.75, 0.5), ("ann", "2026-03-03"): (30.5, 8)}),
        ("week", {("ann", "2026-W10"): (39.5, 40), ("bob", "2026-W10"): (0.75, 0.5)}),
        ("month", {("ann", "2026-03"): (39.5, 40), ("bob", "2026-03"): (0.75, 0.5)}),
        ("issue", {("11", None): (31, None), ("10", None): (9.25, None)}),
        ("account", {("", None): (30.75, None), ("DEV", None): (9.5, None)}),
    ],
)
def test_other_views(kept: Command, by: str, rows: dict[tuple[str, str | None], tuple[float, float | None]]) -> None:
    settings = read_settings(kept.folder / "tempo-sync.toml")
    with closing(Store(settings.state)) as store, store.transaction():
        WorklogRows(store).set_teams([(7, "Blue")], [TeamPeriod(7, "ann", None, None)])
    bean = kept("balances", *WEEK, "--by", by, "--json").json
    keys = {"team": "teamId", "issue": "issueId", "account": "account"}
    told = {
        (one[keys.get(by, "accountId")], one.get("part")): (
            one["logged"] / HOUR,
            one.get("required") and one["required"] / HOUR,
        )
        for one in bean["rows"]
        if one["logged"]
    }
    assert told == rows
    assert bean["by"] == by
    assert "accounts" not in bean
    said = kept("balances", *WEEK, "--by", by)
    assert said.code == 0
    words = {"team": "Blue", "issue": "DEV-1 Build", "account": "no account"}
    assert words.get(by, "Ann Bold") in said.out


@pytest.mark.parametrize(
    ("who", "people"),
    [
        (["ann"], {"ann"}),
        (["ANN BOLD"], {"ann"}),
        (["ann", "bob"], {"ann", "bob"}),
        (["王小明"], {"bob"}),
    ],
)
def test_some_people_only(kept: Command, who: list[str], people: set[str]) -> None:
    assert set(accounts(kept, "--person", *who)) == people
    issues = kept("balances", *WEEK, "--by", "issue", "--json", "--person", *who).json["rows"]
    assert sum(one["logged"] for one in issues) == sum(row.seconds for row in ROWS[:4] if row.author_id in people)


def test_somebody_asked_for_who_did_nothing_has_an_account(kept: Command) -> None:
    words = ("--from", "2025-03-02", "--to", "2025-03-08", "--person", "ann")
    bean = kept("balances", *words, "--json").json
    assert [(one["accountId"], one["logged"], one["required"]) for one in bean["accounts"]] == [("ann", 0, None)]


def test_what_is_nobodys_may_be_of_the_person_asked_for(kept: Command) -> None:
    fill(kept, FALLBACK)
    (one,) = kept("balances", *WEEK, "--json", "--person", "ann").json["accounts"]
    assert (one["logged"], one["balance"], one["atLeast"]) == (2 * HOUR, None, True)
    (issue,) = kept("balances", *WEEK, "--by", "issue", "--json", "--person", "ann").json["rows"]
    assert (issue["logged"], issue["atLeast"]) == (2 * HOUR, True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--person", "zoe"), "nobody with the accountId or the name 'zoe' is known"),
        (("--from", "2026-03-09", "--to", "2026-03-08"), "--from 2026-03-09 is after --to 2026-03-08"),
        (("--from", "9999-01-01"), "which is today as --to is missing"),
        (("--from", "1900-01-01", "--to", "2026-03-08"), "is more than 10000 days"),
        (("--from", "2026-02-30"), "'2026-02-30' is no day such as 2026-03-31"),
        (("--from", "20260302"), "'20260302' is no day"),
        (("--by", "year"), "invalid choice"),
        (("--json", "--csv", "-"), "--json has the standard output to itself"),
        (("--json", "--chart"), "--json has the standard output to itself"),
        (("--csv", "-", "--chart"), "--csv - has the standard output to itself"),
        (("--csv", "nowhere/a.csv"), "nowhere/a.csv cannot be written (No such file or directory)"),
        (("--xlsx", "."), "cannot be written"),
        (("--svg", "tempo-sync.toml"), "cannot be written"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_5(kept: Command, words: tuple[str, ...], sentence: str) -> None:
    said = kept("balances", *words)
    assert said.code == 5
    assert sentence in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("is_made", [False, True], ids=["no database", "an empty one"])
def test_before_the_first_run_there_is_nothing_to_show(sync: Command, is_made: bool) -> None:
    sync.configure("https://tempo.test", CONTRACTS)
    state = read_settings(sync.folder / "tempo-sync.toml").state
    if is_made:
        Store(state).close()
    said = sync("balances")
    assert (said.code, said.out) == (4, "")
    assert "no worklogs were ever read; tempo-sync worklogs reads them" in said.err
    assert state.exists() is is_made
    assert sync("balances", "--json").json["kind"] == "never-read"


def test_nothing_is_asked_of_anybody(kept: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.delenv("TEMPO_TOKEN")
    monkeypatch.delenv("JIRA_TOKEN")
    assert kept("balances", *WEEK).code == 0


def test_required_from_schedules(kept: Command) -> None:
    kept.configure("https://tempo.test", '[worklogs]\nrequired = "schedules"\n')
    assert accounts(kept)["ann"] == (142200, None, None)
    assert "What is required is not known, so there are no balances." in kept("balances", *WEEK).out
    sql(kept, "INSERT INTO required_days VALUES ('ann', '2026-03-03', 3600)")
    assert accounts(kept) == {"ann": (142200, 3600, 138600), "bob": (2700, None, None)}
    said = kept("balances", *WEEK).out
    assert "known from 2026-03-03 to 2026-03-03 only" in said
    assert "王小明: there is no schedule." in said


def test_billable_hours(kept: Command) -> None:
    kept.configure("https://tempo.test", f'[worklogs]\namount = "billable"\n{CONTRACTS}')
    assert accounts(kept)["bob"] == (1350, 1800, -450)
    assert kept("balances", *WEEK).out.startswith("Billable hours from")


def test_notes_on_people_tell_what_the_last_run_found(kept: Command) -> None:
    fill(
        kept, TEMPO, [row(6, "zoe", 0, 2, start="09:00:00"), row(7, "zoe", 0, 2, start="10:00:00"), row(8, "yan", 1, 1)],
        people={"unknown": ["yan"], "inactive": ["bob"]}, issues={"unknown": ["11"]},
    )  # fmt: skip
    said = kept("balances", *WEEK).out
    assert "Yan: Jira does not show this account: it was deleted, or is hidden." in said
    assert "王小明: the account is inactive in Jira." in said
    assert "Ann Bold, 王小明: Jira does not show the issues 11 that this was logged on." in said
    assert "yan, zoe: there is no contract." in said.lower()
    assert "Zoe: worklogs overlap: 3:00 h at work, 4:00 h booked." in said
    beans = {one["accountId"]: one["merged"] for one in kept("balances", *WEEK, "--json").json["accounts"]}
    assert beans["zoe"] == 3 * HOUR
    assert beans["ann"] == 142200


@pytest.mark.parametrize(
    ("rows", "merged"),
    [
        ([row(6, "zoe", 0, 2, start="22:00:00"), row(7, "zoe", 1, 2, start="00:00:00")], 4),
        ([row(6, "zoe", 0, 4, start="22:00:00"), row(7, "zoe", 1, 2, start="01:00:00")], 5),
        ([row(6, "zoe", 0, 4), row(7, "zoe", 0, 2, start="01:00:00")], 6),
        (
            [
                row(6, "zoe", 0, 8, start="08:00:00"),
                row(7, "zoe", 0, 1, start="15:00:00"),
                row(8, "zoe", 0, 1, start="09:00:00"),
            ],
            8,
        ),
    ],
)
def test_overlaps_are_found_wherever_they_are(kept: Command, rows: list[Worklog], merged: int) -> None:
    fill(kept, TEMPO, rows)
    settings = read_settings(kept.folder / "tempo-sync.toml")
    with closing(Store(settings.state)) as store:
        found = statement_of(settings.worklogs, store, Period(day(0), day(6)))
    assert {one.account_id: one.merged for one in found.accounts}["zoe"] == merged * HOUR


@pytest.mark.parametrize("standing", [TEMPO, FALLBACK], ids=["tempo", "jira"])
@pytest.mark.parametrize("last", [0, 1, 400], ids=["by the index", "some days", "row after row"])
def test_hours_are_those_that_people_see_with_tools_of_their_own(kept: Command, standing: Standing, last: int) -> None:
    period = Period(day(0), day(last))
    with closing(Store(fill(kept, standing))) as store:
        tables = WorklogRows(store)
        assert tables.within(period.first.isoformat(), period.last.isoformat()).startswith("+") is (last == 400)
        seen = store.rows(
            "SELECT coalesce(author_id, ''), day, seconds FROM daily_hours WHERE day BETWEEN ? AND ? ORDER BY 1, 2",
            (period.first.isoformat(), period.last.isoformat()),
        )
        assert seen == [(one.author_id, one.day.isoformat(), one.seconds) for one in tables.hours(period)] != []
        assert sum(tables.sums(period, "issue_id").values()) == sum(seconds for *_, seconds in seen)


def test_two_of_one_name_are_told_apart(kept: Command) -> None:
    sql(kept, "UPDATE known_people SET name = ?", "Kim\x1b[31m")
    lines = kept("balances", *WEEK).out.splitlines()
    assert "Kim\N{REPLACEMENT CHARACTER}[31m (ann)" in lines[2]
    assert "(bob)" in lines[3]


def test_csv_on_standard_output_is_all_there_is(kept: Command) -> None:
    fill(kept, FALLBACK)
    said = kept("balances", *WEEK, "--csv", "-")
    assert said.code == 6
    assert f"FALLBACK since {READ}: Tempo answered 503." in said.err
    found = list(csv.DictReader(io.StringIO(said.out, newline="")))
    assert [(one["id"], one["logged_seconds"], one["balance_seconds"]) for one in found] == [
        ("ann", "7200", ""), ("bob", "", ""), ("", "10800", ""),
    ]  # fmt: skip
    assert {(one["source"], one["fallback"], one["complete"]) for one in found} == {("jira", "server-error", "no")}
    assert found[0]["at_least"] == "yes"


def test_files_and_the_table_at_once(kept: Command) -> None:
    said = kept("balances", *WEEK, "--csv", "a.csv", "--xlsx", "a.xlsx", "--svg", "charts", "--chart")
    assert said.code == 0
    assert "Ann Bold   39:30" in said.out
    assert "2026-W10" in said.out, "the chart"
    assert b"-1800" in (kept.folder / "a.csv").read_bytes()
    assert (kept.folder / "a.xlsx").read_bytes()[:2] == b"PK"
    assert sorted(file.name for file in (kept.folder / "charts").iterdir()) == ["ann.svg", "bob.svg"]
    assert "Ann Bold" in (kept.folder / "charts" / "ann.svg").read_text(encoding="utf-8")
    assert (kept.folder / "a.csv").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("last", "part"), [("2026-05-31", "2026-W11"), ("2026-06-30", "2026-04")])
def test_charts_have_weeks_or_months(kept: Command, last: str, part: str) -> None:
    assert part in kept("balances", "--from", "2026-03-02", "--to", last, "--chart").out


def test_charts_do_not_draw_zero_for_what_is_not_known(kept: Command) -> None:
    fill(kept, FALLBACK)
    kept("balances", *WEEK, "--svg", "charts")
    drawn = (kept.folder / "charts" / "bob.svg").read_text(encoding="utf-8")
    assert "logged not known" in drawn
    assert "Fallback since" in drawn


def test_names_of_files() -> None:
    assert balances_command._names(["712020:ab", "712020-AB", "../x", ""]) == [
        "712020-ab.svg", "712020-AB-2.svg", "---x.svg", "nobody.svg",
    ]  # fmt: skip


def test_without_the_extra_xlsx_is_one_sentence(kept: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)
    said = kept("balances", *WEEK, "--xlsx", "a.xlsx")
    assert said.code == 5
    assert "xlsxwriter is missing; pip install 'tempo-mock-server[sheets]'" in said.err
    assert not (kept.folder / "a.xlsx").exists()
