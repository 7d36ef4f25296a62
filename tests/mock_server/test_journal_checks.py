"""What a test can claim of the requests that were made: tables, and rules against slow and obvious oracles."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.errors import Invalid
from mock_server.journal import Entry, Journal, Kept
from mock_server.journal_checks import called, followed_next, in_order, not_called, rate
from mock_server.journal_filters import Wanted

NOW = datetime(2013, 11, 15, tzinfo=UTC)


def entry(number: int, text: str = "GET /4/plans", **more: Any) -> Entry:
    """An entry from ``METHOD address [who [status]]``."""
    method, address, *rest = text.split(" ")
    path, _, query = address.partition("?")
    who = rest[0] if rest else "fred"
    values: dict[str, Any] = {
        "seconds": float(number),
        "who": None if who == "-" else who,
        "status": int(rest[1]) if len(rest) > 1 else 200,
        "next": None,
        "fault": None,
    } | more
    return Entry(
        number, NOW, values["seconds"], method, path, query, values["who"], values["status"], (), None, None, 1.0, 2, b"", b"",
        values["fault"], values["next"],
    )  # fmt: skip


def kept(*texts: str, dropped: int = 0, lost_until: int = 0, enabled: bool = True) -> Kept:
    """A journal of these requests, numbered on from the last that was lost."""
    entries = tuple(entry(number, text) for number, text in enumerate(texts, lost_until + 1))
    return Kept(entries, dropped, lost_until, enabled, lost_until + len(texts))


SEEN = entry(7, "GET /4/plans/12?from=2013-11-01 bob 403")


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        ({}, True),
        ({"method": "GET"}, True),
        ({"method": "get"}, True),
        ({"method": "POST"}, False),
        ({"path": "/4/plans"}, True),
        ({"path": "/4/plans/"}, True),
        ({"path": "/4/plans/12"}, True),
        ({"path": "/"}, True),
        ({"path": "/4/plan"}, False),
        ({"path": "/4/plans/1"}, False),
        ({"path": "/4/plans/12/"}, False),
        ({"path": "/4/*/12"}, True),
        ({"path": "*"}, True),
        ({"path": "***"}, True),
        ({"path": "/4/*"}, True),
        ({"path": "*/12"}, True),
        ({"path": "/4/pl*ns/12"}, True),
        ({"path": "/4/plans/12*"}, True),
        ({"path": "/4/plans*12*12"}, False),
        ({"path": "/4/plans/1*12"}, False),
        ({"path": "/4/plans/*/x"}, False),
        ({"path": "/4/plans/12?from=2013-11-01"}, False),
        ({"exactPath": "/4/plans/12"}, True),
        ({"exactPath": "/4/plans"}, False),
        ({"exactPath": "/4/*"}, False),
        ({"who": "bob"}, True),
        ({"who": "anonymous"}, False),
        ({"status": "403"}, True),
        ({"status": 403}, True),
        ({"status": "4xx"}, True),
        ({"status": "40x"}, None),
        ({"status": "5xx"}, False),
        ({"status": "none"}, False),
        ({"status": "teapot"}, None),
        ({"status": True}, None),
        ({"after": 6}, True),
        ({"after": 7}, False),
        ({"after": -1}, None),
        ({"after": "6"}, None),
        ({"after": True}, None),
        ({"method": 1}, None),
        ({"path": ""}, None),
        ({"path": None}, True),
        ({"pth": "/4"}, None),
        ({"method": "GET", "path": "/4", "who": "bob", "status": "4xx", "after": 1}, True),
        ({"method": "GET", "path": "/4", "who": "fred", "status": "4xx", "after": 1}, False),
    ],
    ids=str,
)
def test_filters(wanted: dict[str, Any], fits: bool | None) -> None:
    if fits is None:
        with pytest.raises(Invalid):
            Wanted.of(wanted)
    else:
        assert Wanted.of(wanted).fits(SEEN) is fits


def test_nobody_is_anonymous_and_no_answer_is_none() -> None:
    nobody = entry(1, "GET /4/plans -", status=None)
    assert Wanted(who="anonymous").fits(nobody)
    assert Wanted(status="none").fits(nobody)
    assert not Wanted(status="2xx").fits(nobody)
    assert not Wanted(who="fred").fits(nobody)


@given(st.text("ab/*", max_size=8), st.text("ab/", max_size=10))
def test_a_pattern_fits_as_a_slow_matcher_says(pattern: str, path: str) -> None:
    def slow(pattern: str, path: str) -> bool:
        if not pattern:
            return not path
        if pattern[0] == "*":
            return any(slow(pattern[1:], path[index:]) for index in range(len(path) + 1))
        return path[:1] == pattern[0] and slow(pattern[1:], path[1:])

    if "*" in pattern:
        assert Wanted(path=pattern).fits(entry(1)._replace(path=path)) is slow(pattern, path)


def test_many_stars_take_no_time_without_end() -> None:
    assert not Wanted(path="*a" * 200 + "b").fits(entry(1)._replace(path="/" + "a" * 20_000))


STEPS = ("GET /4/plans", "POST /4/plans", "GET /4/plans bob 403", "DELETE /4/plans/3")


@pytest.mark.parametrize(
    ("wanted", "bounds", "ok", "words"),
    [
        (Wanted("GET", "/4/plans"), {}, True, "2 times GET /4/plans, as expected (at least 1)."),
        (Wanted("GET", "/4/plans"), {"times": 2}, True, "2 times"),
        (Wanted("GET", "/4/plans"), {"times": 3}, False, "expected 3: 1. GET /4/plans by fred -> 200; 3. GET"),
        (Wanted("GET", "/4/plans"), {"at_most": 1}, False, "expected at most 1: 1. GET"),
        (Wanted("GET", "/4/plans"), {"at_least": 2, "at_most": 4}, True, "from 2 to 4"),
        (Wanted("PUT", "/4/plans"), {}, False, "No PUT /4/plans, expected at least 1; there was 1. GET /4/plans by fred"),
        (Wanted("GET", "/4/teams"), {}, False, "of 4 requests none was to that path"),
        (Wanted("PUT", "/4/plans"), {"times": 0}, True, "No PUT /4/plans, as expected (none)."),
        (Wanted(who="bob", status="403"), {"times": 1}, True, "1 request by bob answered 403"),
        (Wanted("GET", "/4/plans", after=1), {"times": 1}, True, "1 GET /4/plans after number 1"),
    ],
    ids=str,
)
def test_called(wanted: Wanted, bounds: dict[str, int], ok: bool, words: str) -> None:
    result = called(kept(*STEPS), wanted, **bounds)
    assert result.ok is ok, result
    assert words in result.sentence
    assert result.entries == [one.number for one in kept(*STEPS).entries if wanted.fits(one)]


def test_an_empty_journal_says_so() -> None:
    assert called(kept(), Wanted("GET", "/4")) == (False, "No GET /4, expected at least 1; the journal is empty.", [])


def test_not_called_names_what_was() -> None:
    assert not_called(kept(*STEPS), Wanted("PUT")).ok
    result = not_called(kept(*STEPS), Wanted("DELETE"))
    assert result == (False, "1 DELETE, expected none: 4. DELETE /4/plans/3 by fred -> 200.", [4])


def test_a_sentence_names_a_few_of_many() -> None:
    result = not_called(kept(*["GET /4/plans"] * 40), Wanted("GET"))
    assert result.sentence.endswith("; and 35 more.")
    assert len(result.entries) == 40


@pytest.mark.parametrize(
    ("steps", "ok", "numbers", "words"),
    [
        (("GET", "POST", "DELETE"), True, [1, 2, 4], "All 3 steps"),
        (("GET", "GET"), True, [1, 3], "All 2"),
        (("GET", "DELETE", "POST"), False, [1, 4], "Step 3 is missing: no POST after number 4; there was one before: 2. POST"),
        (("PUT",), False, [], "Step 1 is missing: no PUT; there was 1. GET"),
        (("GET", "GET", "GET"), False, [1, 3], "Step 3 is missing"),
    ],
)
def test_order(steps: tuple[str, ...], ok: bool, numbers: list[int], words: str) -> None:
    result = in_order(kept(*STEPS), [Wanted(step) for step in steps])
    assert (result.ok, result.entries) == (ok, numbers)
    assert words in result.sentence


def test_what_was_dropped_cannot_be_denied() -> None:
    some = kept("GET /4/plans", "GET /4/teams", dropped=3, lost_until=5)
    for result in (
        not_called(some, Wanted("POST")),
        called(some, Wanted("GET"), times=2),
        rate(some, Wanted(), 5),
        followed_next(some, Wanted()),
    ):
        assert not result.ok
        assert "3 older requests, up to number 5, were dropped" in result.sentence
    assert called(some, Wanted("GET")).ok
    assert in_order(some, [Wanted(path="/4/plans"), Wanted(path="/4/teams")]).ok
    # What came after the last that was lost is known as a whole.
    assert not_called(some, Wanted("POST", after=5)).ok
    assert not not_called(some, Wanted("POST", after=4)).ok


def test_a_journal_that_is_off_denies_nothing() -> None:
    off = kept("GET /4/plans", enabled=False)
    assert called(off, Wanted("GET")).ok
    assert "off" in not_called(off, Wanted("POST")).sentence
    assert not not_called(off, Wanted("POST")).ok


def at(*seconds: float) -> Kept:
    """Requests that arrived so."""
    entries = tuple(entry(number, seconds=moment) for number, moment in enumerate(seconds, 1))
    return Kept(entries, 0, 0, True, len(seconds))


@pytest.mark.parametrize(
    ("seconds", "most"),
    [
        ((), 0),
        ((5.0,), 1),
        ((1.0, 1.5, 1.999), 3),
        ((1.0, 1.5, 2.0), 2),
        ((0.9, 0.95, 1.05, 1.1), 4),
        ((3.0, 1.0, 2.0), 1),
        ((1.0, 1.0, 1.0), 3),
    ],
)
def test_rate(seconds: tuple[float, ...], most: int) -> None:
    assert rate(at(*seconds), Wanted(), max(most, 1)).ok
    if most > 1:
        result = rate(at(*seconds), Wanted(), most - 1)
        assert not result.ok
        assert f"{most} requests within" in result.sentence
        assert len(result.entries) == most


@given(st.lists(st.integers(0, 400), max_size=40), st.integers(1, 6))
def test_rate_as_a_slow_look_at_every_window_says(moments: list[int], per_second: int) -> None:
    seconds = [moment / 128 for moment in moments]
    most = max((sum(begin <= other < begin + 1 for other in seconds) for begin in seconds), default=0)
    result = rate(at(*seconds), Wanted(), per_second)
    assert result.ok is (most <= per_second)
    assert len(result.entries) == most


def test_rate_counts_only_what_is_meant() -> None:
    entries = (entry(1, "GET /4/plans", seconds=1), entry(2, "GET /4/teams", seconds=1), entry(3, "GET /4/plans", seconds=1.1))
    some = Kept(entries, 0, 0, True, 3)
    assert rate(some, Wanted(path="/4/plans"), 2).ok
    assert rate(some, Wanted(path="/4/teams"), 1).ok
    assert rate(some, Wanted(path="/4/plans"), 1).entries == [1, 3]


LIST, SECOND, THIRD = "/4/worklogs", "/4/worklogs?offset=50&limit=50", "/4/worklogs?offset=100&limit=50"


def walk(*steps: tuple[str, str | None]) -> Kept:
    """Requests, each with the next address that its answer gave."""
    entries = tuple(entry(number, text, next=following) for number, (text, following) in enumerate(steps, 1))
    return Kept(entries, 0, 0, True, len(steps))


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        ([(f"GET {LIST}", SECOND), (f"GET {SECOND}", THIRD), (f"GET {THIRD}", None)], []),
        ([(f"GET {LIST}", None)], []),
        ([], []),
        ([(f"GET {LIST}", SECOND)], [1]),
        ([(f"GET {LIST}", SECOND), (f"GET {SECOND}", THIRD)], [2]),
        # Paging by oneself, with the parameters in another order.
        ([(f"GET {LIST}", SECOND), ("GET /4/worklogs?limit=50&offset=50", None)], [1]),
        # Before is not afterwards.
        ([(f"GET {SECOND}", None), (f"GET {LIST}", SECOND)], [2]),
        # A page that was asked for twice is followed by one.
        ([(f"GET {LIST}", SECOND), (f"GET {LIST}", SECOND), (f"GET {SECOND}", None)], []),
        ([(f"GET {LIST}", SECOND), (f"GET {SECOND}", None), (f"GET {LIST}", SECOND)], [3]),
        # By somebody else, or by another method.
        ([(f"GET {LIST}", SECOND), (f"GET {SECOND} bob", None)], [1]),
        ([(f"GET {LIST}", SECOND), (f"POST {SECOND}", None)], [1]),
        ([(f"GET {LIST}", SECOND), (f"GET {LIST} bob", SECOND), (f"GET {SECOND} bob", None), (f"GET {SECOND}", None)], []),
        ([(f"GET {LIST}", SECOND), (f"GET {SECOND} fred 429", None)], []),
    ],
    ids=str,
)
def test_followed_next(steps: list[tuple[str, str | None]], left: list[int]) -> None:
    result = followed_next(walk(*steps), Wanted(path=LIST))
    assert result.ok is (not left)
    if left:
        assert result.entries == left
        assert "never asked for it" in result.sentence


def test_what_was_asked_instead_of_the_next_page_is_told() -> None:
    result = followed_next(walk((f"GET {LIST}", SECOND), ("GET /4/worklogs?offset=50", None)), Wanted())
    assert f"fred was given {SECOND} by number 1" in result.sentence
    assert "asked instead was 2. GET /4/worklogs?offset=50 by fred" in result.sentence


def test_answers_that_are_not_meant_need_not_be_followed() -> None:
    steps = walk((f"GET {LIST}", SECOND), ("GET /4/teams", "/4/teams?offset=1"))
    assert followed_next(steps, Wanted(path="/4/plans")).ok
    assert followed_next(steps, Wanted(path="/4/teams")).entries == [2]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["-", "a", "b", "c"]), st.sampled_from("xy")), max_size=12))
def test_followed_next_as_a_slow_look_at_all_pairs_says(steps: list[tuple[str, str, str]]) -> None:
    some = walk(*((f"GET /{page} {who}", None if after == "-" else f"/{after}") for page, after, who in steps))
    left = [
        first.number
        for first in some.entries
        if first.next is not None
        and not any(
            second.number > first.number and second.who == first.who and second.address == first.next for second in some.entries
        )
    ]
    result = followed_next(some, Wanted())
    assert result.ok is (not left)
    if left:
        assert result.entries == left
    assert all(one < other for one, other in pairwise(result.entries))


def test_a_journal_answers_filters_by_their_names() -> None:
    journal = Journal()
    for text in STEPS:
        journal.add(entry(0, text))
    assert [one.number for one in journal.entries(method="GET", who="bob")] == [3]
    assert [one.number for one in journal.entries(exact_path="/4/plans/3")] == [4]
    assert len(journal.entries()) == 4
    with pytest.raises(Invalid, match="told apart by method, path, exactPath, who, status, after, not by colour"):
        journal.entries(colour="red")
