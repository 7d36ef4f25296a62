"""Which hours are asked for, and what comes of it: the same for the command ``balances`` and for the page of time accounts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import closing
from datetime import date
from typing import NamedTuple

from integration.balances import Balances, balances, ledger_for
from integration.books import Ledger, exit_of, people_called
from integration.clients.http import Unreadable
from integration.exits import Exit
from integration.settings import Mistaken, Settings
from integration.store import Store
from integration.worklog_rows import WorklogRows
from integration.worklogs import Period, Standing

MOST_DAYS = 10_000
"""Of a period, some 27 years."""

THIS_MONTH = "this month up to today"


class Nobody(Mistaken):
    """Nobody is known by this accountId or name. who: as it was asked for."""

    def __init__(self, who: str) -> None:
        super().__init__(f"nobody with the accountId or the name {who!r:.100} is known; without --person all are shown.")
        self.who = who


class Found(NamedTuple):
    """What came of asking. people: accountIds of those asked for alone, None for everybody. exit: as the command ends."""

    balances: Balances
    ledger: Ledger
    people: Collection[str] | None
    exit: Exit


def found(settings: Settings, period: Period, by: str, who: Sequence[str] | None) -> Found:
    """Everybody's hours, or of these only. by: of ``VIEWS``. who: accountIds or names, None for everybody.

    Raises ``Unreadable`` where nothing was ever read, ``Nobody`` for somebody whom nobody knows, ``Unusable``.
    """
    standing = standing_of(settings)
    with closing(Store(settings.state)) as store:
        ledger = ledger_for(settings.worklogs, store, period, by)
        people = _people(who, ledger, store)
        told = balances(settings.worklogs, store, ledger, by, people)
    return Found(told, ledger, people, exit_of(standing))


def standing_of(settings: Settings) -> Standing:
    """How the hours came about. Raises ``Unreadable`` where nothing was ever read, ``Unusable``."""
    # To look is no reason to make a database.
    if settings.state.exists():
        with closing(Store(settings.state)) as store:
            rows = WorklogRows(store)
            standing = rows.standing()
            if standing is not None and (standing.read is not None or rows.people()):
                return standing
    raise Unreadable("never-read", "no worklogs were ever read", way_out="tempo-sync worklogs reads them")


def period_of(first: date | None, last: date | None, today: date, names: tuple[str, str]) -> tuple[Period, str]:
    """The days asked for, and in words what was not asked for. names: what first and last are called where they are asked for.

    Raises ``Mistaken`` for a period that ends before it begins, or that is too long.
    """
    end = last or today
    begin = first or end.replace(day=1)
    if end < begin:
        until = "" if last else f", which is today as {names[1]} is missing"
        raise Mistaken(f"{names[0]} {begin} is after {names[1]} {end}{until}.")
    if (end - begin).days >= MOST_DAYS:
        raise Mistaken(f"{begin} to {end} is more than {MOST_DAYS} days; ask for a shorter period.")
    return Period(begin, end), THIS_MONTH if not first and not last else ""


def day_of(text: str) -> date:
    """A day such as 2026-03-31. Raises ``ValueError``."""
    # Only as it is documented, also where Python reads more.
    if len(text) != len("2026-03-31") or text[4] != "-":
        raise ValueError
    return date.fromisoformat(text)


def _people(asked: Sequence[str] | None, ledger: Ledger, store: Store) -> Collection[str] | None:
    if asked is None:
        return None
    everybody: set[str] = set()
    for who in asked:
        people = people_called(ledger, store, who)
        if not people:
            raise Nobody(who)
        everybody |= people
    return everybody
