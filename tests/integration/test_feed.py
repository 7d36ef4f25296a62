"""Feeds, read by another library than the one that writes them."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream

from integration.clients.http import Unreadable
from integration.feed import Entry, Numbered, calendar, of_rule, of_token
from integration.feed_history import FeedHistory
from integration.known_people import KnownPeople
from integration.records import Issue, Person, Rule, Team
from integration.sinks import SinkError
from integration.sinks.calendar import Calendars, person_file
from integration.store import Connection, Store

STAMP = datetime(2026, 11, 20, 8, tzinfo=UTC)
NUMBERED = Numbered(3, STAMP)
NAMES = {"ann": "Ann Larsen", "bea": "Bea, O'Neill; MD"}
ISSUES = {"10240": Issue("10240", "HR-1", "Paid time off")}


def rule(begin: datetime, end: datetime, zone: str = "Europe/Berlin", **more: Any) -> Rule:
    values: dict[str, Any] = {"account_id": "ann", "issue_id": "10240", "template": "Vacation", "coverers": ("bea",)}
    return Rule(begin=begin, end=end, zone=zone, **{**values, "message": "Away;\nask, please: \u00fc", **more})


def read(content: bytes) -> Calendar:
    return IcsCalendarStream.calendar_from_ics(content.decode())


def event(told: Rule) -> Any:
    content = calendar("Ann", [(of_rule(7, told, "store", NAMES, ISSUES), NUMBERED)])
    (found,) = read(content).events
    return found


def test_whole_days_are_dates_and_the_end_is_the_day_after() -> None:
    found = event(rule(datetime(2026, 11, 23), datetime(2026, 11, 25, 23, 59)))
    assert (found.dtstart, found.dtend) == (date(2026, 11, 23), date(2026, 11, 26))
    assert (found.uid, found.sequence, found.dtstamp) == ("rule-7@store.tempo-sync", 3, STAMP)
    assert (found.summary, found.categories) == ("Ann Larsen: Vacation", ["HR-1"])
    assert found.description == "Away;\nask, please: \u00fc\nCovered by Bea, O'Neill; MD"


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "UTC"])
@pytest.mark.parametrize("day", [date(2026, 1, 15), date(2026, 7, 15), date(2027, 3, 29), date(2030, 10, 27)])
def test_hours_are_those_of_the_zone(zone: str, day: date) -> None:
    begin, end = (datetime(day.year, day.month, day.day, hour) for hour in (9, 13))
    found = event(rule(begin, end, zone))
    expected = tuple(moment.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for moment in (begin, end))
    assert (found.dtstart.astimezone(UTC), found.dtend.astimezone(UTC)) == expected
    assert found.dtstart.replace(tzinfo=None) == begin


@pytest.mark.parametrize(
    ("begin", "end", "first", "last"),
    [
        # The hour that the clock of Berlin leaves out: an event of a minute, as none may last for no time at all.
        (datetime(2027, 3, 28, 2, 30), datetime(2027, 3, 28, 3), datetime(2027, 3, 28, 1), datetime(2027, 3, 28, 1, 1)),
        (datetime(2027, 3, 28, 1, 30), datetime(2027, 3, 28, 2, 15), datetime(2027, 3, 28, 0, 30), datetime(2027, 3, 28, 1)),
        # And the one that it shows twice.
        (datetime(2026, 10, 25, 1), datetime(2026, 10, 25, 2, 30), datetime(2026, 10, 24, 23), datetime(2026, 10, 25, 1, 30)),
    ],
)
def test_hours_left_out_or_shown_twice(begin: datetime, end: datetime, first: datetime, last: datetime) -> None:
    found = event(rule(begin, end))
    told = (found.dtstart.astimezone(UTC), found.dtend.astimezone(UTC))
    assert told == (first.replace(tzinfo=UTC), last.replace(tzinfo=UTC))


def test_part_of_a_day_until_its_last_minute_ends_with_the_day() -> None:
    found = event(rule(datetime(2026, 11, 23, 14), datetime(2026, 11, 23, 23, 59)))
    assert found.dtend.replace(tzinfo=None) == datetime(2026, 11, 24)


def test_the_token_reminds_before_its_last_day() -> None:
    entry = of_token("https://api.tempo.io", "absences", date(2027, 5, 1), "store", 14)
    (found,) = read(calendar("tempo-sync", [(entry, NUMBERED)])).events
    assert (found.dtstart, found.dtend) == (date(2027, 5, 1), date(2027, 5, 2))
    (alarm,) = found.alarm
    assert alarm.trigger == timedelta(days=-14)
    assert "tempo-sync connect --rotate" in found.description


def test_a_feed_without_events_can_be_read_and_bytes_are_the_same_again() -> None:
    assert read(calendar("Ann", [])).events == []
    entries = [
        (of_rule(n, rule(datetime(2026, 11, n, 9), datetime(2026, 11, n, 10), zone), "store", NAMES, ISSUES), NUMBERED)
        for n, zone in enumerate(["Europe/Berlin", "UTC", "Asia/Kolkata", "Europe/Berlin"], 1)
    ]
    content = calendar("Ann", entries)
    assert content == calendar("Ann", entries)
    assert content.count(b"BEGIN:VTIMEZONE") == 2
    assert content.index(b"END:VTIMEZONE") < content.index(b"BEGIN:VEVENT")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))


def test_a_change_counts_one_more_and_what_is_unchanged_stays() -> None:
    store = Store(":memory:")

    def number(moment: datetime, *entries: Entry) -> list[Numbered]:
        with store.transaction():
            return [numbered for _, numbered in FeedHistory(store).number(entries, moment)]

    one = of_rule(1, rule(datetime(2026, 11, 23), datetime(2026, 11, 23, 23, 59)), "s", NAMES, ISSUES)
    two = of_rule(2, rule(datetime(2026, 11, 24), datetime(2026, 11, 24, 23, 59)), "s", NAMES, ISSUES)
    later = STAMP + timedelta(hours=1)
    assert number(STAMP, one, two) == [Numbered(0, STAMP)] * 2
    assert number(later, one, two._replace(summary="Ann: Ill")) == [Numbered(0, STAMP), Numbered(1, later)]
    assert number(later, one) == [Numbered(0, STAMP)]
    for name, value in (("begin", date(2026, 11, 22)), ("end", date(2027, 1, 1)), ("description", ""), ("category", "HR-2")):
        assert one._replace(**{name: value}).digest != one.digest, name
    begin = datetime(2026, 7, 1, 9)
    zones = {one._replace(begin=begin.replace(tzinfo=ZoneInfo(f"Europe/{city}"))).digest for city in ("Oslo", "Berlin")}
    assert len(zones) == 2
    store.close()


def person(name: str) -> Person:
    return Person(name, NAMES.get(name, name), "Europe/Berlin", True)


def make_store() -> Store:
    store = Store(":memory:")
    with store.transaction():
        store.select(ISSUES.values())
        KnownPeople(store).add([person("ann"), person("bea")])
        store.add(rule(datetime(2026, 11, 23), datetime(2026, 11, 23, 23, 59)))
        store.add(rule(datetime(2026, 11, 24, 9), datetime(2026, 11, 24, 13), account_id="bea"))
        token = Connection("https://api.tempo.io", "absences", date(2027, 5, 1), "abc", "2026-01-01T00:00:00+00:00")
        store.set_connection(token)
    return store


def uids(path: Path) -> list[str | None]:
    return sorted(found.uid.split("@")[0] for found in read(path.read_bytes()).events)


def test_there_is_a_feed_for_each_person_and_team_and_the_token(tmp_path: Path) -> None:
    store, folder = make_store(), tmp_path / "feeds"
    teams = [Team(1, "Both", ("ann", "bea", "cid")), Team(2, "Nobody", ())]
    Calendars(folder, lambda day: teams, 14).write(store, STAMP)
    names = {path.name: uids(path) for path in folder.iterdir()}
    assert names == {
        "person-ann.ics": ["rule-1"],
        "person-bea.ics": ["rule-2"],
        "team-1.ics": ["rule-1", "rule-2"],
        "team-2.ics": [],
        "token.ics": ["token"],
    }
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.iterdir()}
    Calendars(folder, lambda day: teams, 14).write(store, STAMP + timedelta(days=1))
    assert before == {path: (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.iterdir()}
    with store.transaction():
        store.remove(1)
    (folder / "team-9.ics").write_text("BEGIN:VCALENDAR\r\nPRODID:of somebody else\r\n")
    Calendars(folder, lambda day: teams[:1], 14).write(store, STAMP + timedelta(days=1))
    assert uids(folder / "person-ann.ics") == []
    assert uids(folder / "team-1.ics") == ["rule-2"]
    assert sorted(path.name for path in folder.glob("team-*")) == ["team-1.ics", "team-9.ics"]
    store.close()


def test_one_feed_that_cannot_be_written_hides_no_other(tmp_path: Path) -> None:
    store, folder = make_store(), tmp_path / "feeds"
    (folder / "person-ann.ics").mkdir(parents=True)
    with pytest.raises(SinkError, match=r"person-ann\.ics cannot be written"):
        Calendars(folder, lambda day: [], 14).write(store, STAMP)
    assert uids(folder / "person-bea.ics") == ["rule-2"]
    assert uids(folder / "token.ics") == ["token"]
    store.close()


def test_teams_that_cannot_be_read_leave_their_feeds(tmp_path: Path) -> None:
    store = make_store()
    Calendars(tmp_path, lambda day: [Team(1, "Both", ("ann",))], 14).write(store, STAMP)

    def fail(day: date) -> list[Team]:
        raise Unreadable("forbidden", "the server answered 403", 403)

    (tmp_path / "person-ann.ics").unlink()
    with pytest.raises(SinkError, match="teams cannot be read"):
        Calendars(tmp_path, fail, 14).write(store, STAMP)
    assert uids(tmp_path / "person-ann.ics") == ["rule-1"]
    assert uids(tmp_path / "team-1.ics") == ["rule-1"]
    store.close()


def test_names_of_files_are_safe_and_never_the_same() -> None:
    odd = ["../../etc/passwd", "A", "a", "x" * 128, ".", ""]
    ids = ["5b10a2844c20165700ede21f", "557058:295406f3-a1fc", "557058-295406f3-a1fc", *odd]
    names = [person_file(account_id) for account_id in ids]
    assert names[0] == "person-5b10a2844c20165700ede21f.ics"
    assert len({name.lower() for name in names}) == len(ids)
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.") and "/" not in name for name in names)
    assert all(name.startswith("person-") and len(name) < 120 for name in names)


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Pacific/Auckland", "Africa/Casablanca", "Europe/Dublin"]
)
def test_clocks_change_at_the_time_they_showed_before(zone: str) -> None:
    content = calendar(
        "A", [(of_rule(1, rule(datetime(2026, 7, 1, 9), datetime(2026, 7, 1, 13), zone), "s", {}, {}), NUMBERED)]
    )
    parts = re.findall(
        r"BEGIN:(?:STANDARD|DAYLIGHT)\n(.*?)END:", content.decode().replace("\r\n ", "").replace("\r", ""), re.DOTALL
    )
    seen = 0
    for told in parts:
        values = dict(line.partition(":")[::2] for line in told.splitlines())
        before, after = (offset(values[f"TZOFFSET{name}"]) for name in ("FROM", "TO"))
        for onset in {values["DTSTART"], *values.get("RDATE", values["DTSTART"]).split(",")} - {"19700101T000000"}:
            moment = (datetime.strptime(onset, "%Y%m%dT%H%M%S") - before).replace(tzinfo=UTC)
            assert moment.astimezone(ZoneInfo(zone)).utcoffset() == after, onset
            assert (moment - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).utcoffset() == before, onset
            seen += 1
    assert seen > 50


def offset(told: str) -> timedelta:
    sign = -1 if told[0] == "-" else 1
    return sign * timedelta(hours=int(told[1:3]), minutes=int(told[3:5]))
