"""Which of the rules held stands for which of those wanted, of one person. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import NamedTuple

from integration.records import HeldRule, Rule
from integration.status import Status, status

NOTHING = timedelta()


class Matched(NamedTuple):
    """pairs: a rule held and what is wanted in its place, None for nothing. new: what no rule held stands for."""

    pairs: list[tuple[HeldRule, Rule | None]]
    new: list[Rule]


def matched(held: Iterable[HeldRule], wanted: Iterable[Rule], now: datetime) -> Matched:
    """Rules of one issue that begin on one day stand for each other by the time they share, then in their order.

    What is wanted gets the part of what is held in its place, or a free one: when one of several rules of a day goes, the
    others stay what they are. A rule that is over at ``now`` (UTC) stands only for what it shares time with. What is held
    counts as this sync wrote it: an edit by hand makes it no other rule.
    """
    by_day: dict[tuple[str, str], tuple[list[HeldRule], list[Rule]]] = defaultdict(lambda: ([], []))
    for one in held:
        by_day[_day(written(one))][0].append(one)
    for rule in wanted:
        by_day[_day(rule)][1].append(rule)
    found = Matched([], [])
    for day in sorted(by_day):
        of_day = _of_day(*by_day[day], now)
        found.pairs.extend(of_day.pairs)
        found.new.extend(of_day.new)
    return found


def written(rule: HeldRule) -> Rule:
    """As this sync wrote a rule of its own."""
    assert rule.written is not None
    return rule.written


def _of_day(held: Sequence[HeldRule], wanted: Sequence[Rule], now: datetime) -> Matched:
    if not held:
        return Matched([], [_numbered(rule, part) for part, rule in enumerate(wanted)])
    if len(held) == len(wanted) == 1 and written(held[0]) == wanted[0]:
        # Mostly nothing has changed, and thousands of rules are compared in a run.
        return Matched([(held[0], wanted[0])], [])
    places: dict[int, int] = {}
    """Position in wanted -> position in held."""
    for _, place, number in sorted(
        (_rank(held[place], wanted[number], now), place, number)
        for place in range(len(held))
        for number in range(len(wanted))
        if _shared(written(held[place]), wanted[number]) > NOTHING
    ):
        if number not in places and place not in places.values():
            places[number] = place
    # What moved to another time of the day is still the same.
    free = [place for place in range(len(held)) if place not in places.values() and not _is_over(held[place].rule, now)]
    moved = [number for number in range(len(wanted)) if number not in places and not _is_over(wanted[number], now)]
    places.update(zip(moved, free, strict=False))
    after = {place: _numbered(wanted[number], written(held[place]).part) for number, place in places.items()}
    taken = {written(one).part for one in held}
    parts = (part for part in count() if part not in taken)
    return Matched(
        [(one, after.get(place)) for place, one in enumerate(held)],
        [_numbered(rule, next(parts)) for number, rule in enumerate(wanted) if number not in places],
    )


def _numbered(rule: Rule, part: int) -> Rule:
    return rule if rule.part == part else replace(rule, part=part)


def _rank(one: HeldRule, rule: Rule, now: datetime) -> tuple[bool, bool, timedelta]:
    """The least is the likeliest: the same time, then what is not over, then the most of shared time."""
    before = written(one)
    is_same = (before.begin, before.end) == (rule.begin, rule.end)
    return not is_same, _is_over(one.rule, now), -_shared(before, rule)


def _shared(one: Rule, other: Rule) -> timedelta:
    return min(one.end, other.end) - max(one.begin, other.begin)


def _day(rule: Rule) -> tuple[str, str]:
    _, issue_id, day, _ = rule.key
    return day, issue_id


def _is_over(rule: Rule, now: datetime) -> bool:
    return status(rule, now) is Status.EXPIRED
