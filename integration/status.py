"""What a rule is at a moment, which of several counts, and who really covers. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from integration.records import SOURCE, Rule

MINUTE = timedelta(minutes=1)
FAR = timedelta(days=2)
"""More than any wall clock is from UTC, also where a day was left out."""

SOURCE_ORDER = ("manual", "outlook", "slack", SOURCE, "google")
"""Of rules that are alike otherwise, as the absence product sorts them unless its user says otherwise (its help pages)."""


class Status(Enum):
    """As the list of rules of the absence product calls it."""

    SCHEDULED = "Scheduled"
    ACTIVE = "Active"
    EXPIRED = "Expired"


def begins(rule: Rule) -> datetime:
    """When, in UTC. Of an hour that the wall clock shows twice it is the first; one it leaves out is where it jumps."""
    return _instant(rule.begin, rule.zone, 0)


def ends(rule: Rule) -> datetime:
    """When, in UTC: the whole of the minute 23:59 belongs to a rule that ends with it, and an hour shown twice does, too."""
    end = _instant(rule.end, rule.zone, 1)
    is_to_midnight = (rule.end.hour, rule.end.minute) == (23, 59) and rule.end < datetime.max - MINUTE
    return end + MINUTE if is_to_midnight else end


def status(rule: Rule, now: datetime) -> Status:
    """What it is at a moment in UTC."""
    local = now.replace(tzinfo=None)
    # Whatever the zone; thousands of rules are looked at in a run, and zones are slow.
    if local - rule.end > FAR:
        return Status.EXPIRED
    if rule.begin - local > FAR and rule.begin <= rule.end:
        return Status.SCHEDULED
    if ends(rule) <= now:
        return Status.EXPIRED
    return Status.SCHEDULED if now < begins(rule) else Status.ACTIVE


def by_precedence(rules: Iterable[Rule], now: datetime) -> list[Rule]:
    """Active before scheduled; JQL before a project before all projects; the earlier start; the sooner end; the source."""
    order = {Status.ACTIVE: 0, Status.SCHEDULED: 1, Status.EXPIRED: 2}
    return sorted(
        rules,
        key=lambda rule: (order[status(rule, now)], _breadth(rule.scope), begins(rule), ends(rule), _rank(rule.source)),
    )


def effective(rules: Iterable[Rule], now: datetime) -> list[Rule]:
    """Somebody's rules that count at a moment, in their order: none after the first that is for all projects."""
    found: list[Rule] = []
    # Few of many: what does not count needs no order.
    for rule in by_precedence([rule for rule in rules if status(rule, now) is Status.ACTIVE], now):
        found.append(rule)
        if not rule.scope:
            break
    return found


def coverer(rule: Rule, active: Mapping[str, Sequence[Rule]]) -> tuple[str | None, str | None]:
    """Who covers: accountId and None, or None and why nobody does.

    active: accountId -> the rules that count at the moment. A coverer who is away is covered in turn; everybody is asked
    once, so a ring of people who cover each other ends with the reason.
    """
    asked: list[str] = [rule.account_id]
    waiting = list(rule.coverers)
    if not waiting:
        return None, "the rule names no coverer"
    while waiting:
        person = waiting.pop(0)
        if person in asked:
            continue
        asked.append(person)
        rules = active.get(person, ())
        if not rules:
            return person, None
        waiting.extend(name for other in rules for name in other.coverers)
    return None, f"everybody who could cover is away: {', '.join(asked[1:]) or 'the person covers for themselves'}"


def _instant(local: datetime, zone: str, fold: int) -> datetime:
    there = ZoneInfo(zone)
    one = local.replace(tzinfo=there)
    other = one.replace(fold=1)
    try:
        first = one.astimezone(UTC)
        if one.utcoffset() == other.utcoffset():
            return first
        second = other.astimezone(UTC)
    except OverflowError:
        # The first and the last day there is, where it is the day before or after in UTC.
        return local.replace(tzinfo=UTC)
    if first < second:
        return second if fold else first
    return _jump(second, first, there)


def _jump(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second between two moments in UTC in which the wall clock of a zone jumps."""
    there = after.astimezone(zone).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        before, after = (before, middle) if middle.astimezone(zone).utcoffset() == there else (middle, after)
    return after.replace(microsecond=0)


def _breadth(scope: str) -> int:
    if not scope:
        return 2
    return 1 if scope.isidentifier() and scope.upper() == scope else 0


def _rank(source: str) -> int:
    return SOURCE_ORDER.index(source) if source in SOURCE_ORDER else len(SOURCE_ORDER)
