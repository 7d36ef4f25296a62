"""One run of the worklog sync from the configuration on: the same for the command ``worklogs`` and for the page of runs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from integration.clients.http import Clock, Unreadable
from integration.clients.jira_worklogs import JiraWorklogs
from integration.clients.tempo_worklogs import TempoWorklogs
from integration.connect import WORKLOGS
from integration.run import Console, clients
from integration.run_lock import run_lock
from integration.settings import Mistaken, Settings
from integration.store import Store
from integration.switches import Switches
from integration.token_notice import Notice, explained, token_notice
from integration.worklog_result import Asked, Ran
from integration.worklog_run import LAST_READ, run_worklogs

BUSY = "Another run reads worklogs at the moment; nothing was begun. Wait until it is over."


class Once(NamedTuple):
    """What came of it. token: what is known of its end, for programs."""

    ran: Ran
    token: dict[str, Any]


def read_once(
    settings: Settings, asked: Asked, store: Store, console: Console, clock: Clock | None = None, *, alone: bool = False
) -> Once:
    """Read with the tokens that are configured now. A warning about the token's end is said at once.

    alone: only if no other run is on, in whatever process; two at once do no harm, but take twice the requests. Raises
    ``Mistaken`` where one is, ``SwitchedOff``, ``Mistaken`` for the configuration, and ``Unusable`` for the database.
    """
    Switches(store).refuse(WORKLOGS)
    # A token that was swapped since the last round is read anew.
    tempo, jira = clients(settings, console, clock)
    now = datetime.now(UTC)
    notice = token_notice(settings, store, now)
    if notice.warning:
        console.say(notice.warning)
    with run_lock(settings.state) as is_alone:
        if alone and not is_alone:
            raise Mistaken(BUSY)
        ran = run_worklogs(
            settings, asked, store,
            tempo, TempoWorklogs(tempo.wire), jira, JiraWorklogs(jira.wire), console,
            explain=lambda error: _explained(error, notice, store, now),
        )  # fmt: skip
    return Once(ran, notice.bean)


def _explained(error: Unreadable, notice: Notice, store: Store, now: datetime) -> str:
    return explained(str(error), notice, store.fact(LAST_READ), now) if error.kind == "unauthorized" else str(error)
