"""What is told of the token's end, day by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from integration.store import Connection
from integration.token_end import bean, sentence, warning
from integration.token_notice import Notice, explained

TODAY = date(2026, 3, 2)


def connection(days: int | None) -> Connection:
    expires = None if days is None else TODAY + timedelta(days=days)
    return Connection("https://api.tempo.io", "leave", expires, "abc", "2026-01-01T00:00:00+00:00")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (None, None), (15, None), (14, "ends in 14 days, on 2026-03-16"), (1, "ends in one day, on 2026-03-03"),
        (0, "ends today, on 2026-03-02"), (-1, "ended on 2026-03-01, one day ago"), (-30, "ended on 2026-01-31, 30 days ago"),
    ],
)  # fmt: skip
def test_warning_of_the_end(days: int | None, words: str | None) -> None:
    told = warning(connection(days), "abc", TODAY, 14)
    if words is None:
        assert told is None
    else:
        assert told is not None
        assert words in told
        assert "connect --rotate" in told


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (None, "not known when it ends"), (2, "ends in 2 days, on 2026-03-04"), (1, "ends in one day, on 2026-03-03"),
        (0, "ends today, on 2026-03-02"), (-1, "ended on 2026-03-01, one day ago"),
    ],
)  # fmt: skip
def test_when_it_ends_for_whoever_asks(days: int | None, words: str) -> None:
    assert sentence(connection(days), TODAY) == words


def test_how_far_ahead_is_a_choice() -> None:
    assert warning(connection(20), "abc", TODAY, 20) is not None
    assert warning(connection(1), "abc", TODAY, 0) is None


def test_another_token_than_the_one_connected() -> None:
    told = warning(connection(300), "def", TODAY, 14)
    assert told is not None
    assert "not the one that was connected" in told


def test_no_connection_yet() -> None:
    told = warning(None, "abc", TODAY, 14)
    assert told is not None
    assert "tempo-sync connect" in told


def test_for_programs() -> None:
    assert bean(connection(3), "abc", TODAY, 2) == {
        "expires": "2026-03-05", "daysLeft": 3, "purpose": "leave", "verified": "2026-01-01T00:00:00+00:00", "warning": None,
    }  # fmt: skip
    assert bean(None, "abc", TODAY, 2)["daysLeft"] is None


@pytest.mark.parametrize(("days", "words"), [(None, "not known"), (2, "in 2 days"), (-2, "2 days ago")])
def test_sentence(days: int | None, words: str) -> None:
    assert words in sentence(connection(days), TODAY)


@pytest.mark.parametrize(
    ("days", "last_read", "words"),
    [
        (
            0,
            "2026-02-20T08:00:00+00:00",
            "expired on 2026-03-02 (answered 401); nothing was read since 2026-02-20T08:00:00+00:00",
        ),
        (9, "2026-02-20T08:00:00Z", "nothing was read since 2026-02-20T08:00:00+00:00"),
        (-9, None, "expired on 2026-02-21 (answered 401); nothing was ever read"),
        (9, None, "answered 401; nothing was ever read; `tempo-sync connect` tells what is wrong"),
        (None, None, "answered 401; nothing was ever read"),
    ],
)
def test_why_a_run_stopped(days: int | None, last_read: str | None, words: str) -> None:
    notice = Notice(None, {}, connection(days))
    assert words in explained("answered 401", notice, last_read, datetime(2026, 3, 2, 9, tzinfo=UTC))
