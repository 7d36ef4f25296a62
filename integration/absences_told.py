"""A run of the absence sync as people are told of it: since when nothing was read, and what to look at. Of command and page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from integration.clients.http import Unreadable
from integration.clients.jira import Jira
from integration.clients.refusals import JIRA
from integration.clients.tempo import Tempo
from integration.outputs import outputs
from integration.records import Issue
from integration.run import Asked, Console, Ran, run_absences
from integration.settings import Settings
from integration.store import Store
from integration.sync import Compared
from integration.token_notice import Notice, explained


def run_told(
    settings: Settings,
    asked: Asked,
    store: Store,
    sources: tuple[Tempo, Jira],
    console: Console,
    notice: Notice,
    now: datetime,
    show: Callable[[Compared, dict[str, Issue]], None],
) -> Ran:
    """Raises what ``run_absences`` raises, where Tempo refuses the token with all that is known of it."""
    tempo, jira = sources
    try:
        return run_absences(settings, asked, store, tempo, jira, console, outputs=outputs(settings, tempo), show=show)
    except Unreadable as error:
        if error.kind != "unauthorized" or error.sentence.startswith(JIRA):
            raise
        sentence = explained(error.sentence, notice, store.fact("last_read"), now)
        raise Unreadable(error.kind, sentence, error.status) from None


def problems(ran: Ran) -> list[str]:
    """What stood in the way, in sentences."""
    told = []
    for outcome in ran.outcomes:
        if outcome.error:
            told.append(f"{outcome.action} of {outcome.target or ' '.join(map(str, outcome.key))} failed: {outcome.error}")
    told += ran.failed
    if ran.compared.refused:
        told.append(ran.compared.refused)
    if ran.compared.reason:
        told.append(f"not everything could be read, so nothing is deleted: {ran.compared.reason.sentence}")
    return told
