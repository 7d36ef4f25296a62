"""What a test claims about the requests that were made. Pure: over what a journal holds, raising nothing.

A claim that something was *not* done cannot be judged when older requests had to be dropped; then it does not hold, and the
sentence says why.
"""

from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from mock_server.journal import Entry, Kept
from mock_server.journal_filters import ANONYMOUS, Wanted

MOST_SHOWN = 5
"""Requests that a sentence names; the numbers of all are beside it."""


class Result(NamedTuple):
    """Whether a claim holds, what was seen, and the numbers of the entries that show it, in their order."""

    ok: bool
    sentence: str
    entries: list[int]


def called(
    kept: Kept, wanted: Wanted, *, times: int | None = None, at_least: int | None = None, at_most: int | None = None
) -> Result:
    """That so many such requests were made; at least one unless said otherwise."""
    found = [entry for entry in kept.entries if wanted.fits(entry)]
    if times is None and at_least is None and at_most is None:
        at_least = 1
    least = max((bound for bound in (times, at_least) if bound is not None), default=0)
    most = min((bound for bound in (times, at_most) if bound is not None), default=None)
    expected = _bounds(least, most)
    numbers = [entry.number for entry in found]
    if len(found) < least or (most is not None and len(found) > most):
        return Result(False, f"{_count(found, wanted)}, expected {expected}{_named(found) or _others(kept, wanted)}.", numbers)
    gap = _gap(kept, wanted.after) if most is not None else None
    if gap:
        return Result(False, f"{_count(found, wanted)}, but {gap}.", numbers)
    return Result(True, f"{_count(found, wanted)}, as expected ({expected}).", numbers)


def not_called(kept: Kept, wanted: Wanted) -> Result:
    """That no such request was made."""
    return called(kept, wanted, times=0)


def in_order(kept: Kept, steps: Sequence[Wanted]) -> Result:
    """That there was a request for each step, one after the other, whatever else was asked between them."""
    numbers: list[int] = []
    rest = iter(kept.entries)
    for step in steps:
        found = next((entry for entry in rest if step.fits(entry)), None)
        if found is None:
            earlier = [entry for entry in kept.entries if step.fits(entry)]
            after = f" after number {numbers[-1]}" if numbers else ""
            seen = f"; there was one before: {_shown(earlier)}" if earlier else _others(kept, step)
            return Result(False, f"Step {len(numbers) + 1} is missing: no {step.words}{after}{seen}.", numbers)
        numbers.append(found.number)
    return Result(True, f"All {len(steps)} steps were seen in this order.", numbers)


def rate(kept: Kept, wanted: Wanted, per_second: int) -> Result:
    """That in no window of one second, wherever it begins, more than so many such requests arrived (real time)."""
    found = sorted((entry for entry in kept.entries if wanted.fits(entry)), key=lambda entry: (entry.seconds, entry.number))
    window: deque[Entry] = deque()
    worst: list[Entry] = []
    for entry in found:
        window.append(entry)
        while entry.seconds - window[0].seconds >= 1:
            window.popleft()
        if len(window) > len(worst):
            worst = list(window)
    numbers = [entry.number for entry in worst]
    if len(worst) > per_second:
        took = worst[-1].seconds - worst[0].seconds
        seen = f"{len(worst)} requests within {took:.3f} s: {_shown(worst)}"
        return Result(False, f"More than {per_second} a second: {seen}.", numbers)
    gap = _gap(kept, wanted.after)
    if gap:
        return Result(False, f"Never more than {len(worst)} in one second of what is kept, but {gap}.", numbers)
    if not found:
        return Result(True, f"There was no {wanted.words}{_others(kept, wanted)}.", [])
    return Result(True, f"Never more than {len(worst)} in one second, of {len(found)} requests.", numbers)


def followed_next(kept: Kept, wanted: Wanted) -> Result:
    """That whoever was given the address of a next page asked for exactly that afterwards, by the same method.

    ``wanted`` says which answers are looked at. An answer without a next page asks for nothing: there the walk has ended.
    """
    gave = [entry for entry in kept.entries if entry.next is not None and wanted.fits(entry)]
    # Who asked for what last; a page is followed when that was after it.
    last: dict[tuple[str | None, str, str], int] = {}
    for entry in kept.entries:
        last[entry.who, entry.method, entry.address] = entry.number
    left = [entry for entry in gave if last.get((entry.who, entry.method, entry.next or ""), 0) <= entry.number]
    if left:
        first = left[0]
        who = first.who or ANONYMOUS
        later = [entry for entry in kept.entries if entry.number > first.number and entry.who == first.who]
        instead = next((entry for entry in later if entry.path == (first.next or "").partition("?")[0]), None)
        then = f"; asked instead was {_shown([instead])}" if instead else ""
        sentence = f"{len(left)} of {len(gave)} next links were not followed: {who} was given {first.next} by number "
        return Result(False, f"{sentence}{first.number} and never asked for it{then}.", [entry.number for entry in left])
    gap = _gap(kept, wanted.after)
    numbers = [entry.number for entry in gave]
    if gap:
        return Result(False, f"{_links(len(gave))} followed of what is kept, but {gap}.", numbers)
    if not gave:
        return Result(True, f"No {wanted.words} was answered with a next link, so there was none to follow.", [])
    return Result(True, f"{_links(len(gave))} followed.", numbers)


def _gap(kept: Kept, after: int) -> str | None:
    """Why it is not known what else was asked, or None where it is."""
    if not kept.enabled:
        return "the journal is off, so that it is not known what else was asked"
    if kept.unseen_until > after:
        return f"the journal was off until number {kept.unseen_until}: empty it before the test"
    if kept.lost_until > after:
        return (
            f"{kept.dropped} older requests, up to number {kept.lost_until}, were dropped for want of room: "
            "empty the journal before the test"
        )
    return None


def _bounds(least: int, most: int | None) -> str:
    if least == most:
        return "none" if most == 0 else str(most)
    if most is None:
        return f"at least {least}"
    return f"from {least} to {most}" if least else f"at most {most}"


def _links(number: int) -> str:
    return "The one next link was" if number == 1 else f"All {number} next links were"


def _count(found: Sequence[Entry], wanted: Wanted) -> str:
    return f"{len(found) or 'No'} {wanted.words}" if len(found) < 2 else f"{len(found)} times {wanted.words}"


def _named(found: Sequence[Entry]) -> str:
    return f": {_shown(found)}" if found else ""


def _others(kept: Kept, wanted: Wanted) -> str:
    """What was asked of that path otherwise, which tells a wrong method or caller at a glance."""
    near = wanted._replace(method=None, who=None, status=None)
    found = [entry for entry in kept.entries if near.fits(entry)] if near.path or near.exact_path else list(kept.entries)
    if found:
        return f"; there was {_shown(found)}"
    return f"; of {len(kept.entries)} requests none was to that path" if kept.entries else "; the journal is empty"


def _shown(found: Sequence[Entry]) -> str:
    shown = "; ".join(_line(entry) for entry in islice(found, MOST_SHOWN))
    return shown if len(found) <= MOST_SHOWN else f"{shown}; and {len(found) - MOST_SHOWN} more"


def _line(entry: Entry) -> str:
    status = "no answer" if entry.status is None else entry.status
    return f"{entry.number}. {entry.method} {entry.address[:200]} by {entry.who or ANONYMOUS} -> {status}"
