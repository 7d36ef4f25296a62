"""tempo-sync's time accounts by the contract of the suite, with one thing broken: `lying_worklogs.py LIE run|accounts`.

Every lie is a careful integration that goes wrong in one point, so that the suite must find that point and nothing else.
"""

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import lying_fallbacks
from breaking import WORD, lies_of, put, teller, wrap
from lying_fallbacks import of_accounts, told

from integration import (
    contracts,
    worklog_contract,
    worklog_reading,
    worklog_run,
)
from integration.clients import tempo_worklogs
from integration.clients.tempo_worklogs import TempoWorklogs
from integration.visibility import Sight
from integration.worklog_rows import WorklogRows
from integration.worklog_wire import WorklogDecoder
from integration.worklogs import Logged, Visible


def worklogs(change):
    """Every worklog of Tempo is read otherwise; those for which there is None are left out."""

    def decoded(honest, *a):
        return [other for worklog in honest(*a) for other in [change(worklog)] if other is not None]

    wrap(WorklogDecoder, "worklogs", decoded)


def fails_in_the_end():
    wrap(worklog_contract, "keep_in_step", lambda honest, *a: honest(*a) + 1)


def succeeds_whatever_comes():
    if WORD == "run":
        wrap(worklog_contract, "main", lambda honest: honest() * 0)


def lists_only_who_logged():
    told(lambda bean: {**bean, "accounts": [one for one in bean["accounts"] if one["logged"]][:1]})


def tells_hours():
    of_accounts(lambda one: {"logged": (one["logged"] or 0) / 3600})


def never_complete():
    told(lambda bean: {**bean, "complete": False})


def always_complete():
    told(lambda bean: {**bean, "complete": True})
    if WORD == "accounts":
        wrap(worklog_contract, "main", lambda honest: honest() * 0)


def counts_minutes():
    worklogs(lambda worklog: worklog._replace(seconds=worklog.seconds // 60 * 60))


def leaves_the_last_day_out():
    def shorter(honest, rows, period, *a):
        return honest(rows, period._replace(last=period.last - timedelta(1)), *a)

    wrap(WorklogRows, "daily", shorter)


def counts_every_day():
    def ever(honest, rows, period, *a):
        days = type(period)(period.first - timedelta(60), period.last + timedelta(60))
        return [Logged(one.author_id, period.first, one.seconds) for one in honest(rows, days, *a)]

    wrap(WorklogRows, "daily", ever)


def forgets_who_has_no_contract():
    told(lambda bean: {**bean, "accounts": [one for one in bean["accounts"] if one["required"] is not None]})


def one_page_only():
    wrap(tempo_worklogs, "page", lambda honest, answer: honest(answer)._replace(next=None, limit=10_000))


def ends_at_short_pages():
    def ended(honest, answer):
        found = honest(answer)
        return found._replace(next=None) if len(found.rows) < found.limit else found

    wrap(tempo_worklogs, "page", ended)


def bills():
    worklogs(lambda worklog: worklog._replace(seconds=worklog.billable))


def turns_the_balance():
    of_accounts(lambda one: {"balance": None if one["balance"] is None else -one["balance"]})


def knows_no_overtime():
    of_accounts(lambda one: {"balance": None if one["balance"] is None else min(one["balance"], 0)})


def rounds_up_what_is_required():
    of_accounts(lambda one: {"required": one["required"] and one["required"] + 1})


def counts_vacations_twice():
    def doubled(honest, rows, period, *a):
        internal = {number for number in rows.issue_ids() if int(number) >= 10240}
        for one in honest(rows, period, *a):
            day = type(period)(one.day, one.day)
            more = sum(row[2] for row in rows.day_rows(one.author_id, day) if row[3] in internal)
            yield one._replace(seconds=one.seconds + more)

    wrap(WorklogRows, "daily", doubled)


def weeks_from_monday():
    wrap(contracts, "week_of", lambda honest, *a: (honest(*a)[-1], *honest(*a)[:-1]))


def contracts_end_a_day_early():
    def shorter(honest, person, first, last, *a):
        found = honest(person, first, last, *a)
        return found if found.last is None else found._replace(last=found.last - timedelta(1))

    wrap(worklog_contract, "contract", shorter)


def last_contract_only():
    wrap(worklog_contract, "check", lambda honest, found: tuple({one.person: one for one in honest(found)}.values()))


def whole_hours_only():
    wrap(contracts, "_seconds", lambda honest, *a: honest(*a) // 3600 * 3600)


def in_utc():
    """The day on which a worklog began elsewhere."""

    def moved(worklog):
        zone = ZoneInfo("Pacific/Auckland" if worklog.author_id.startswith("712020") else "Europe/Berlin")
        clock = datetime.strptime(f"{worklog.day} {worklog.start}", "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone)
        return worklog._replace(day=clock.astimezone(UTC).date())

    worklogs(moved)


def adds_a_second_each_time():
    counted = Path(os.environ.get("TEMPO_WORKLOGS_STATE", ".")) / "runs"
    if WORD == "run":
        counted.write_text(counted.read_text() + "x" if counted.exists() else "x")
    more = len(counted.read_text()) - 1 if counted.exists() else 0
    of_accounts(lambda one: {"logged": one["logged"] and one["logged"] + more})


def reads_once():
    """Never again after the first time."""

    def read(honest, tempo, rows, store, *a, **named):
        if rows.count():
            return worklog_reading.Complete(worklog_reading.Read("full", "window", 0, 0, 0, (), datetime.now(UTC)))
        return honest(tempo, rows, store, *a, **named)

    wrap(worklog_run, "read_worklogs", read)


def keeps(*names):
    """What is held keeps these values, whatever is read later."""

    def upsert(honest, rows, found):
        found = list(found)
        held = {worklog.id: worklog for worklog in rows.of([worklog.id for worklog in found])}
        kept = [
            worklog._replace(**{name: getattr(held[worklog.id], name) for name in names}) if worklog.id in held else worklog
            for worklog in found
        ]
        return honest(rows, kept)

    wrap(WorklogRows, "upsert", upsert)


def ignores_edits():
    keeps("seconds")


def ignores_moves():
    keeps("day")


def ignores_authors():
    keeps("author_id")


def deletes_nothing():
    put(WorklogRows, "remove", lambda self, ids: 0)
    put(WorklogRows, "hide", lambda self, ids: 0)


def believes_one_walk():
    """Pages follow each other without a row in common."""

    def walk(self, body, take):
        ids, offset = tempo_worklogs.array("q"), 0
        while True:
            answer, rows = self._rows(offset, body)
            take(rows)
            ids.extend([row.id for row in rows])
            offset += len(rows)
            if (answer.next is None and len(rows) < answer.limit) or not rows:
                return tempo_worklogs.array("q", sorted(set(ids)))

    put(TempoWorklogs, "_walk", walk)


def counts_rows_of_two_pages_twice():
    """Worklogs are added up as they come."""
    believes_one_walk()
    seen: set[int] = set()

    def upsert(honest, rows, found):
        found = list(found)
        twice = [worklog._replace(seconds=2 * worklog.seconds) if worklog.id in seen else worklog for worklog in found]
        seen.update(worklog.id for worklog in found)
        return honest(rows, twice)

    wrap(WorklogRows, "upsert", upsert)


def sees_everybody():
    """Nobody is missed."""
    put(worklog_run, "sight", lambda expected, *a, **named: Sight(Visible(len(expected), len(expected), ()), ()))


def zeros_for_whom_it_does_not_see():
    of_accounts(lambda one: {"logged": one["logged"] or 0, "balance": (one["logged"] or 0) - (one["required"] or 0)})


def believes_fewer():
    wrap(worklog_contract, "Asked", lambda honest: honest(accept_fewer=True))


def forgets_what_was_hidden():
    """What is shown again is not taken back."""
    put(worklog_reading._Reading, "_is_revealing", lambda *a: False)
    put(worklog_reading._Reading, "_is_shown_again", lambda *a: False)
    put(TempoWorklogs, "first", lambda *a: ([], True))


LIES = {**lying_fallbacks.LIES, **lies_of(globals(), __name__)}
"""By name; a word after a colon is what the lie is about."""

tell = teller(LIES)

if __name__ == "__main__":
    tell(sys.argv[1])
    sys.argv[1:] = sys.argv[2:]
    sys.exit(worklog_contract.main())
