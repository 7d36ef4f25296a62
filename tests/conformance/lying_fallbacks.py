"""Lies about what stands in for Tempo, what comes after, and manners: `lying_worklogs.py` tells them."""

import contextlib
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from breaking import WORD, lies_of, put, wrap

from integration import attribution, contract_environment, fallback, jira_reading, worklog_contract, worklog_run
from integration.clients import http, jira_worklogs
from integration.clients.http import Unreadable, Wire
from integration.clients.tempo_worklogs import TempoWorklogs
from integration.worklog_rows import WorklogRows
from integration.worklogs import Logged


def told(change):
    """The accounts are told otherwise. change: takes and gives the JSON."""
    wrap(worklog_contract, "_bean", lambda honest, *a: change(honest(*a)))


def of_accounts(change):
    """Every account is told otherwise."""
    told(lambda bean: {**bean, "accounts": [{**one, **change(one)} for one in bean["accounts"]]})


def stops_at(kind):
    """A row of the fallback table at which nothing stands in. kind: and status, or nothing, joined by a comma."""

    def patch():
        wanted, _, status = kind.partition(",")

        def decided(honest, kind, status_, *a):
            stops = kind == wanted and (not status or str(status_) == status)
            return honest(kind, status_, *a)._replace(action=fallback.STOP) if stops else honest(kind, status_, *a)

        wrap(worklog_run, "decide", decided)

    return patch


def falls_back_silently():
    told(lambda bean: {**bean, "source": "tempo", "fallback": None, "complete": True})


def fallback_of_accounts_is_success():
    if WORD == "accounts":
        wrap(worklog_contract, "main", lambda honest: honest() * 0)


def since_the_last_run():
    stamp = Path(os.environ.get("TEMPO_WORKLOGS_STATE", ".")) / "last"
    if WORD == "run":
        stamp.write_text(datetime.now(UTC).isoformat(timespec="seconds"))
    told(lambda bean: {**bean, "fallback": bean["fallback"] and {**bean["fallback"], "since": stamp.read_text()}})


def says_nothing():
    if WORD == "run":
        put(worklog_contract, "_print", lambda bean: None)
        put(contract_environment, "say", lambda sentence, code: int(code))


def nobodys_are_jiras_own():
    """Nobody's, whatever was entered in Jira."""
    put(jira_reading, "author_of", lambda *a: attribution.UNATTRIBUTED)


def app_is_a_person():
    put(jira_reading, "author_of", lambda row, *a: row.author_id)


def drops_what_is_nobodys():
    told(lambda bean: {**bean, "unattributed": 0})


def knows_the_app_by_its_name():
    wrap(
        jira_worklogs,
        "_worklog",
        lambda honest, row, shared: (
            honest(row, shared)
            if row["author"].get("displayName", "").startswith(("Tempo", "Timesheets"))
            or row["author"].get("accountType") != "app"
            else honest({**row, "author": {**row["author"], "accountId": "another"}}, shared)
        ),
    )


def balances_in_fallback():
    of_accounts(lambda one: {"balance": (one["logged"] or 0) - (one["required"] or 0)})


def days_of_who_asks():
    put(jira_worklogs, "zone", lambda *a: None)


def never_comes_back():
    """Where Jira stood in once, Jira it is."""

    def kept(honest, rows, new):
        before = rows.standing()
        return honest(rows, new if before is None or before.source == "tempo" else before)

    wrap(WorklogRows, "set_standing", kept)


def adds_jira_to_tempo():
    """What stood in stays beside what is read again."""

    def both(honest, rows, period, *a):
        yield from honest(rows, period, *a)
        standing = rows.standing()
        if standing is not None and standing.source == "tempo":
            sql = "SELECT person, sum(seconds) FROM jira_worklogs WHERE person IS NOT NULL GROUP BY 1"
            for person, seconds in rows._store.rows(sql):
                yield Logged(person, period.first, seconds)

    wrap(WorklogRows, "daily", both)


def believes_any_address():
    put(worklog_run._Run, "_was_read", True)


def takes_its_last_figures_for_new():
    wrap(worklog_run, "_exit", lambda honest, found: worklog_run.Exit.IN_SYNC if found.error else honest(found))


def drops_figures_it_cannot_read():
    def held(honest, self, reason):
        with self._store.transaction():
            self._rows.remove(list(self._rows.ids()))
        return honest(self, reason)

    wrap(worklog_run._Run, "_held", held)


def tells_that_all_is_well():
    wrap(worklog_run._Run, "_held", lambda honest, *a: honest(*a)._replace(complete=True, reasons=()))


def gives_up_at_429():
    put(http, "MOST_WAITS", 0)


def impatient():
    put(Wire, "_wait", lambda *a: None)


def tries_once():
    put(contract_environment, "HASTY_RETRIES", ())


def unthrottled():
    put(contract_environment, "PER_SECOND", 10_000.0)


def asks_for_teams():
    wrap(TempoWorklogs, "walk", lambda honest, self, *a, **named: self.wire.get("/4/teams") and honest(self, *a, **named))


def tells_its_token():
    sys.stderr.write(f"TEMPO_TOKEN={os.environ['TEMPO_TOKEN']}\n")


def asks_without_a_token():
    wrap(Wire, "__init__", lambda honest, self, url, authorization, **named: honest(self, url, "", **named))


def writes_a_worklog():
    def walk(honest, self, *a, **named):
        with contextlib.suppress(Unreadable):
            self.wire.ask("PUT", "/4/worklogs/1", (), {})
        return honest(self, *a, **named)

    wrap(TempoWorklogs, "walk", walk)


LIES = lies_of(globals(), __name__)
