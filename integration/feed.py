"""Rules as iCalendar: one event each, and a reminder of the end of the token. Pure but for the library that writes it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone

from integration.records import Issue, Rule
from integration.status import begins, ends

PRODUCT = "-//tempo-sync//absences//EN"
FIRST_YEAR, LAST_YEAR = date(1970, 1, 1), date(2038, 1, 1)
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)
_LAST_MINUTE = time(23, 59)


class Entry(NamedTuple):
    """An event before it is numbered. begin, end: days, or moments with a zone; the end is the first that is free again.

    remind: so many days before the beginning, at its time, None without an alarm.
    """

    uid: str
    summary: str
    description: str
    begin: date
    end: date
    category: str
    is_away: bool = True
    remind: int | None = None

    @property
    def digest(self) -> str:
        """Another one for every other content."""
        told = [str(value) for value in (*self[1:3], self.begin, _zone(self.begin), self.end, *self[5:])]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


class Numbered(NamedTuple):
    """How often an event changed, and when last: both stand in every feed it is in. stamp: UTC."""

    sequence: int
    stamp: datetime


def of_rule(number: int, rule: Rule, identity: str, names: Mapping[str, str], issues: Mapping[str, Issue]) -> Entry:
    """The event of a rule by its number in the store. identity: of the store. names: accountId -> name."""
    issue = issues.get(rule.issue_id)
    begin, end = _span(rule)
    coverers = [names.get(name, name) for name in rule.coverers]
    told = [rule.message, f"Covered by {', '.join(coverers)}" if coverers else "", *rule.flags]
    return Entry(
        f"rule-{number}@{identity}.tempo-sync",
        f"{names.get(rule.account_id, rule.account_id)}: {rule.template}",
        "\n".join(part for part in told if part),
        begin,
        end,
        issue.key if issue else rule.issue_id,
    )


def of_token(url: str, purpose: str, expires: date, identity: str, remind: int) -> Entry:
    """The reminder that a token ends. expires: its last day."""
    told = [f"Make another token for {url}, then run: tempo-sync connect --rotate", f"Made for: {purpose}" if purpose else ""]
    uid = f"token@{identity}.tempo-sync"
    summary = "The Tempo token of tempo-sync ends"
    return Entry(uid, summary, "\n".join(filter(None, told)), expires, expires + _DAY, "tempo-sync", False, remind)


def calendar(name: str, entries: Iterable[tuple[Entry, Numbered]]) -> bytes:
    """A feed with these events, in their order; the same bytes for the same events."""
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", name)
    zones: set[str] = set()
    for entry, numbered in entries:
        found.add_component(_event(entry, numbered))
        zones.add(_zone(entry.begin))
    if not found.subcomponents:
        # A calendar has one component at least; this one says nothing.
        zones.add("Etc/UTC")
        found.add_component(_time_zone("Etc/UTC"))
    else:
        # Before the events that name them, as readers in one pass want it.
        found.subcomponents[:0] = [_time_zone(zone) for zone in sorted(zones - {"", "UTC"})]
    return bytes(found.to_ical())


def _event(entry: Entry, numbered: Numbered) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", numbered.stamp)
    event.add("last-modified", numbered.stamp)
    event.add("sequence", numbered.sequence)
    event.add("summary", entry.summary)
    if entry.description:
        event.add("description", entry.description)
    event.add("dtstart", entry.begin)
    event.add("dtend", entry.end)
    event.add("categories", [entry.category])
    event.add("transp", "OPAQUE" if entry.is_away else "TRANSPARENT")
    if entry.is_away:
        event.add("x-microsoft-cdo-busystatus", "OOF")
    if entry.remind is not None:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry.summary)
        alarm.add("trigger", timedelta(days=-entry.remind))
        event.add_component(alarm)
    return event


def _time_zone(name: str) -> Timezone:
    found = Timezone.from_tzid(name, first_date=FIRST_YEAR, last_date=LAST_YEAR)
    zone = ZoneInfo(name)
    parts: Iterable[Any] = found.subcomponents
    for part in parts:
        before, after = part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td
        for key in ("DTSTART", "RDATE"):
            if key in part and before < after:
                told = part.pop(key)
                onsets = [told.dt] if key == "DTSTART" else [value.dt for value in told.dts]
                shown = [_shown_before(onset, before, after, zone) for onset in onsets]
                part.add(key, shown[0] if key == "DTSTART" else shown)
    return found


def _shown_before(onset: datetime, before: timedelta, after: timedelta, zone: ZoneInfo) -> datetime:
    """When clocks change, as they showed it until then (RFC 5545 3.6.5); icalendar tells where they are put forward to."""
    is_it = (onset - before).replace(tzinfo=UTC).astimezone(zone).utcoffset() == after
    is_moved = (onset - before - _SECOND).replace(tzinfo=UTC).astimezone(zone).utcoffset() == before
    return onset if is_it and is_moved else onset - (after - before)


def _span(rule: Rule) -> tuple[date, date]:
    # The whole of the minute 23:59 belongs to a rule that ends with it.
    is_to_midnight = rule.end.time() == _LAST_MINUTE
    if is_to_midnight and rule.begin.time() == time(0):
        return rule.begin.date(), rule.end.date() + _DAY
    zone = UTC if rule.zone == "UTC" else ZoneInfo(rule.zone)
    begin = begins(rule)
    end = max(ends(rule), begin + _MINUTE)
    local = end.astimezone(zone)
    # Readers take an hour that is shown twice for the first of them.
    return begin.astimezone(zone), end if local.fold else local


def _zone(moment: date) -> str:
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        return ""
    return "UTC" if moment.tzinfo is UTC else str(moment.tzinfo)
