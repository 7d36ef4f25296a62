"""The page of time accounts: what `tempo-sync balances` tells, never more than is known, and an alarm nobody overlooks."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from integration import balances_report
from integration.balances_asked import found
from integration.fallback_notice import notice
from integration.pages.hours_table import presets
from integration.pages.paging import paging
from integration.pages.words import duration, moment
from integration.records import Person, Reason
from integration.settings import read_settings
from integration.store import Store
from integration.worklogs import Fallback, Period, Standing

from .conftest import Command
from .page_visitor import HOST, Visitor, words
from .test_balances_command import CONTRACTS, FALLBACK, INCOMPLETE, READ, TEMPO, fill
from .worklog_home import WorklogHome

WEEK = "from=2026-03-02&to=2026-03-08"
PAGES = ("/connection", "/runs", "/time-accounts", "/rules", "/access/worklogs")


@pytest.fixture
def kept(sync: Command) -> Command:
    """A configuration with contracts, and a database that was read."""
    sync.configure("https://tempo.test", CONTRACTS)
    fill(sync, TEMPO)
    return sync


@pytest.fixture
def visitor(kept: Command) -> Visitor:
    return Visitor(kept.folder / "tempo-sync.toml")


def rows(text: str) -> list[list[str]]:
    """The cells of the table of hours."""
    table = text[text.index('class="hours"') :]
    lines = re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.S)[1:]
    return [[words_of(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, re.S)] for line in lines]


def words_of(markup: str) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", markup))).strip()


def test_it_tells_what_the_command_tells(visitor: Visitor, kept: Command) -> None:
    answer = visitor.get(f"/time-accounts?{WEEK}")
    assert answer.status_code == 200
    assert rows(answer.text) == [["Ann Bold", "39:30", "40:00", "-0:30", ""], ["王小明", "0:45", "0:30", "+0:15", ""]]
    assert "Complete: 2 of 2 people visible" in words(answer)
    assert "2026-03-10 08:00 UTC" in words(answer)
    said = kept("balances", "--from", "2026-03-02", "--to", "2026-03-08").out
    assert all(figure in said for row in rows(answer.text) for figure in row[1:4])


@pytest.mark.parametrize("by", ["person", "team", "account", "issue", "day", "week", "month"])
def test_every_view_has_the_rows_of_the_command(visitor: Visitor, by: str) -> None:
    answer = visitor.get(f"/time-accounts?{WEEK}&by={by}")
    settings = read_settings(Path("tempo-sync.toml"))
    told = found(settings, Period(date(2026, 3, 2), date(2026, 3, 8)), by, None).balances
    assert len(rows(answer.text)) == min(50, len(told.rows))


def test_who_is_not_seen_has_no_zero(visitor: Visitor, kept: Command) -> None:
    fill(kept, INCOMPLETE)
    answer = visitor.get(f"/time-accounts?{WEEK}")
    bob = rows(answer.text)[1]
    assert bob[1:4] == ["not known", "0:30", "not known"]
    assert bob[4].startswith("not visible")
    assert "INCOMPLETE: incomplete: 1 of 2 people visible." in words(answer)


def test_without_a_contract_there_is_no_balance(sync: Command) -> None:
    sync.configure("https://tempo.test", CONTRACTS.split('[[contract]]\nperson = "bob"')[0])
    fill(sync, TEMPO)
    answer = Visitor(sync.folder / "tempo-sync.toml").get(f"/time-accounts?{WEEK}")
    assert rows(answer.text)[1] == ["王小明", "0:45", "no contract", "none", "there is no contract"]
    table = sync("balances", "--from", "2026-03-02", "--to", "2026-03-08").out
    assert re.search(r"王小明 +0:45 +no contract +none$", table, re.MULTILINE), "the command has other words"


def test_fallback_is_on_every_page_until_tempo_is_read_again(visitor: Visitor, kept: Command) -> None:
    for path in PAGES:
        assert "How it ends" not in words(visitor.get(path)), path
    fill(kept, FALLBACK)
    for path in PAGES:
        told = words(visitor.get(path))
        assert "Fallback: the hours are Jira's" in told, path
        assert "since 2026-03-10 08:00 UTC" in told
        assert "Tempo answered 503." in told
        assert "nobody has a balance" in told
        assert "the first run that reads Tempo again" in told
    hours = rows(visitor.get(f"/time-accounts?{WEEK}").text)
    assert [row[3] for row in hours] == ["not known", "not known", "\N{EN DASH}"]
    assert hours[0][1] == "at least 2:00"
    assert hours[2][:2] == ["nobody's", "3:00"]
    assert hours[2][4].startswith("unattributed")
    fill(kept, TEMPO)
    assert "Fallback" not in words(visitor.get("/time-accounts"))
    assert rows(visitor.get(f"/time-accounts?{WEEK}").text)[0][3] == "-0:30"


@pytest.mark.parametrize(
    ("kind", "way_out"),
    [
        ("unauthorized", "connect --rotate"),
        ("forbidden", "permission role View Worklogs"),
        ("not-found", "tempo_url"),
        ("other-site", "--full"),
        ("something-new", "doctor --for worklogs"),
    ],
)
def test_each_cause_has_its_way_out(kind: str, way_out: str) -> None:
    raised = Fallback(Reason(kind, "Tempo does not answer"), READ)
    told = notice(Standing("jira", raised, False, (), READ), raised)
    assert told is not None
    assert way_out in told.ends
    assert way_out in told.text


def test_where_nothing_stands_in_it_is_told_too() -> None:
    raised = Fallback(Reason("server-error", "Tempo fails"), READ)
    told = notice(Standing("tempo", None, False, (), "2026-03-01T00:00:00+00:00"), raised)
    assert told is not None
    assert "nothing stands in" in told.title
    assert "2026-03-01" in told.missing
    assert notice(Standing("jira", None, True, (), READ), None) is None, "Jira as the chosen source is no alarm"


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("from=yesterday", "'yesterday' is no day such as 2026-03-31"),
        ("from=2026-03-09&to=2026-03-02", "From 2026-03-09 is after To 2026-03-02"),
        ("from=1900-01-01&to=2026-03-02", "more than 10000 days"),
        ("by=colour", "'colour' is nothing to tell hours by"),
        ("person=nobody+at+all", "Nobody with the accountId or the name 'nobody at all' is known"),
    ],
)
def test_what_cannot_be_asked_for_is_said_and_kept(visitor: Visitor, query: str, problem: str) -> None:
    answer = visitor.get(f"/time-accounts?{query}")
    assert answer.status_code == 400
    assert problem in words(answer)
    name, _, value = query.split("&")[0].partition("=")
    if name != "by":
        assert f'value="{value.replace("+", " ")}"' in answer.text
    assert 'role="alert"' in answer.text


def test_a_period_too_fine_for_a_page_is_refused_with_the_way_out(sync: Command) -> None:
    people = "".join(f'\n[[contract]]\nperson = "p{n}"\nfirst = 2020-01-01\nweek = [0, 8, 8, 8, 8, 8, 0]\n' for n in range(300))
    sync.configure("https://tempo.test", people)
    fill(sync, TEMPO)
    visitor = Visitor(sync.folder / "tempo-sync.toml")
    answer = visitor.get("/time-accounts?from=2025-01-01&to=2025-12-31&by=day")
    assert answer.status_code == 400
    assert "tempo-sync balances --csv" in words(answer)
    assert visitor.get("/time-accounts?from=2025-01-01&to=2025-12-31&by=day&person=p1").status_code == 200


def test_many_people_are_paged_and_the_period_stays(sync: Command) -> None:
    people = "".join(
        f'\n[[contract]]\nperson = "p{n:03}"\nfirst = 2020-01-01\nweek = [0, 8, 8, 8, 8, 8, 0]\n' for n in range(120)
    )
    sync.configure("https://tempo.test", people)
    fill(sync, TEMPO, rows=())
    visitor = Visitor(sync.folder / "tempo-sync.toml")
    names: list[str] = []
    path: str | None = f"/time-accounts?{WEEK}"
    while path:
        answer = visitor.get(path)
        names += [row[0] for row in rows(answer.text)]
        following = re.search(r'href="([^"]+)" rel="next"', answer.text)
        path = following[1].replace("&amp;", "&") if following else None
        assert "2026-03-02 to 2026-03-08" in words(answer)
    assert len(names) == len(set(names)) == 120


def test_a_name_leads_to_its_own_hours(visitor: Visitor) -> None:
    page = visitor.get(f"/time-accounts?{WEEK}")
    link = re.search(r'<a href="([^"]+)">Ann Bold</a>', page.text)
    assert link is not None
    own = visitor.get(link[1].replace("&amp;", "&"))
    assert [row[0] for row in rows(own.text)] == ["Ann Bold"]
    assert 'name="person" value="Ann Bold"' in own.text


def test_files_are_those_of_the_command(visitor: Visitor, kept: Command) -> None:
    answer = visitor.get(f"/time-accounts.csv?{WEEK}&by=week")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert 'filename="time-accounts-2026-03-02-2026-03-08.csv"' in answer.headers["Content-Disposition"]
    kept("balances", "--from", "2026-03-02", "--to", "2026-03-08", "--by", "week", "--csv", "week.csv")
    assert answer.get_data() == (kept.folder / "week.csv").read_bytes()
    table = list(csv.reader(io.StringIO(answer.text)))
    assert tuple(table[0]) == balances_report.HEAD


def test_a_workbook_or_what_brings_it(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    answer = visitor.client.get(f"/time-accounts.xlsx?{WEEK}", base_url=HOST)
    book = openpyxl.load_workbook(io.BytesIO(answer.get_data()))
    assert [cell.value for cell in book["Balances"][1]] == list(balances_report.HEAD)
    monkeypatch.setattr("integration.pages.time_accounts.find_spec", lambda name: None)
    told = visitor.get(f"/time-accounts?{WEEK}")
    assert "tempo-mock-server[sheets]" in words(told)
    assert ".xlsx" not in told.text


def test_a_chart_has_words_and_a_table_in_its_place(visitor: Visitor) -> None:
    answer = visitor.get(f"/time-accounts?{WEEK}&person=Ann+Bold")
    image = re.search(r'<img src="([^"]+)" alt="([^"]+)"', answer.text)
    assert image is not None
    assert "logged 39:30 · required 40:00 · balance -0:30" in image[2]
    assert "2026-W10 39:30 40:00 -0:30" in words(answer)
    picture = visitor.get(image[1].replace("&amp;", "&"))
    assert picture.headers["Content-Type"].startswith("image/svg+xml")
    assert picture.text.startswith("<svg")
    assert "style-src 'sha256-" in picture.headers["Content-Security-Policy"]
    assert "unsafe" not in picture.headers["Content-Security-Policy"]
    assert "<img" not in visitor.get("/time-accounts?from=2026-03-02&to=2026-03-08&by=issue").text
    assert visitor.get(f"/time-accounts/chart.svg?{WEEK}").status_code == 409


def test_markup_in_names_is_text(visitor: Visitor, kept: Command) -> None:
    from integration.known_people import KnownPeople

    settings = read_settings(kept.folder / "tempo-sync.toml")
    with closing(Store(settings.state)) as store, store.transaction():
        KnownPeople(store).add([Person("ann", '<b onclick="x">Ann</b> & "co"', None, True)])
    for query in ("", "&person=ann", "&person=ann&by=day", "&by=week"):
        answer = visitor.get(f"/time-accounts?{WEEK}{query}")
        assert answer.status_code == 200
        assert "<b onclick" not in answer.text
        assert "&lt;b onclick" in answer.text
    answer = visitor.get("/time-accounts?person=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script" not in answer.text


def test_before_anything_was_read_no_database_is_made(sync: Command) -> None:
    sync.configure("https://tempo.test", CONTRACTS)
    visitor = Visitor(sync.folder / "tempo-sync.toml")
    answer = visitor.get("/time-accounts")
    assert (answer.status_code, "No worklogs were ever read" in words(answer)) == (200, True)
    assert visitor.get("/runs").status_code == 200
    assert not (sync.folder / "tempo-sync.db").exists()


@pytest.mark.parametrize(
    ("asked", "number", "first", "last"),
    [("", 1, 1, 50), ("2", 2, 51, 100), ("3", 3, 101, 120), ("99", 3, 101, 120), ("0", 1, 1, 50), ("-1", 1, 1, 50),
     ("x", 1, 1, 50), ("9" * 5000, 1, 1, 50), ("²", 1, 1, 50)],
)  # fmt: skip
def test_paging(asked: str, number: int, first: int, last: int) -> None:
    page = paging(asked, 120)
    assert (page.number, page.first, page.last, page.pages) == (number, first, last, 3)
    assert paging(asked, 0)[:] == (1, 1, 0, 0, 0)


def test_presets() -> None:
    told = dict(presets(date(2024, 3, 31)))
    assert told["This month"] is None
    assert told["Last month"] == Period(date(2024, 2, 1), date(2024, 2, 29))
    assert told["This year"] == Period(date(2024, 1, 1), date(2024, 3, 31))
    assert told["Last year"] == Period(date(2023, 1, 1), date(2023, 12, 31))
    assert dict(presets(date(2024, 1, 1)))["Last month"] == Period(date(2023, 12, 1), date(2023, 12, 31))


def test_moments_and_durations() -> None:
    assert moment("2026-03-10T08:00:00+02:00") == "2026-03-10 06:00 UTC"
    assert moment("whenever") == "whenever"
    assert [duration(seconds) for seconds in (None, 0, 1, 59, 60, 125, 3600, 3725)] == [
        "not known", "under 1 s", "1 s", "59 s", "1 min", "2 min 5 s", "1 h", "1 h 2 min",
    ]  # fmt: skip


@pytest.fixture
def home(tempo_server: Any, tmp_path: Path) -> Iterator[WorklogHome]:
    with tempo_server.world(scenario="guide", clock="2026-03-02T09:00Z") as world:
        yield WorklogHome(world, tmp_path)


@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 401}, {"timeout": 1}])
def test_faults_of_tempo_raise_the_alarm_and_its_recovery_ends_it(home: WorklogHome, fault: dict[str, Any]) -> None:
    home.run()
    visitor = Visitor(home.file)
    before = rows(visitor.get("/time-accounts?from=2013-01-01&to=2026-03-02").text)
    assert "How it ends" not in words(visitor.get("/runs"))
    home.timeout = 0.3
    home.world.faults.arm(fault, path="/4/")
    home.run()
    told = visitor.get("/time-accounts?from=2013-01-01&to=2026-03-02")
    assert "How it ends" in words(told)
    assert rows(told.text) != before
    home.world.faults.disarm_all()
    home.run()
    told = visitor.get("/time-accounts?from=2013-01-01&to=2026-03-02")
    assert "How it ends" not in words(told)
    assert rows(told.text) == before
