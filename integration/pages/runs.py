"""Last runs of both syncs: what each changed, and why not; and reading the worklogs now."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from werkzeug.exceptions import NotFound

from integration.background import Ended
from integration.clients.http import Unreadable
from integration.connect import WORKLOGS as SYNC_OF_WORKLOGS
from integration.exits import Exit
from integration.known_issues import KnownIssues
from integration.known_people import KnownPeople
from integration.pages import run_words
from integration.pages.page import Page
from integration.pages.paging import SIZE, paging
from integration.run_history import TABLES, WORKLOGS, RunHistory
from integration.run_lock import is_running
from integration.settings import Mistaken
from integration.store import Store, Unusable
from integration.switches import SwitchedOff, Switches
from integration.worklog_result import Asked

if TYPE_CHECKING:
    from flask import Response

    from integration.pages.visit import Visit
    from integration.run import Console
    from integration.settings import Settings

PATH = "/runs"
NOW = f"{PATH}/now"
PATIENCE = 1.5
"""Seconds that a run is waited for, which may be over at once."""

AGAIN = 3
"""Seconds after which a browser looks again how far a run is."""


def _list(visit: Visit) -> Response:
    sync = visit.asked("sync")
    only = sync if sync in TABLES else None
    off = None
    runs, total = [], 0
    page = paging("1", 0)
    # To look is no reason to make a database.
    if visit.settings.state.exists():
        with visit.store() as store:
            history = RunHistory(store)
            total = history.count(only)
            page = paging(visit.asked("page"), total)
            runs = history.page((page.number - 1) * SIZE, SIZE, only)
            off = Switches(store).off_since(SYNC_OF_WORKLOGS)
    return visit.show(
        "runs.html", runs=[run_words.told(run) for run in runs], page=page, sync=only or "", syncs=run_words.SYNCS, off=off,
        on=_is_on(visit), path_of=lambda **more: f"{PATH}?{urlencode(({'sync': only} if only else {}) | more)}",
    )  # fmt: skip


def _one(visit: Visit, sync: str, number: int) -> Response:
    if sync not in TABLES or number >= 2**63 or not visit.settings.state.exists():
        raise NotFound
    with visit.store() as store:
        history = RunHistory(store)
        run = history.run(sync, number)
        if run is None:
            raise NotFound
        found = history.findings(sync, number)
        total = history.count_outcomes(number) if sync != WORKLOGS else 0
        page = paging(visit.asked("page"), total)
        outcomes = history.outcomes(number, (page.number - 1) * SIZE, SIZE) if total else []
        names = KnownPeople(store).names()
        issues = {**KnownIssues(store).every(), **store.selection()}
    keys = {issue.id: issue.key for issue in issues.values()}
    meaning = "" if run.exit_code is None else run_words.meaning(run.exit_code)
    return visit.show(
        "past_run.html", told=run_words.told(run), run=run, meaning=meaning,
        noticed=run_words.noticed(run), groups=None if found is None else run_words.groups(found, names), outcomes=outcomes,
        names=names, keys=keys, page=page, path_of=lambda **more: f"{PATH}/{sync}/{number}?{urlencode(more)}",
    )  # fmt: skip


def _begin(visit: Visit) -> Response:
    if is_running(visit.settings.state) and not _is_on(visit):
        return visit.go(PATH, "Another process reads worklogs at the moment (tempo-sync worklogs); wait until it is over.")
    asked = Asked(full="full" in visit.ticked("full"))
    if not visit.desk.run.start(partial(_work, visit.settings, asked), visit.now):
        return visit.go(NOW, "A run is on already; here it is.")
    visit.desk.run.wait(PATIENCE)
    return visit.go(NOW)


def _now(visit: Visit) -> Response:
    state = visit.desk.run.state
    if state is None:
        return visit.go(PATH, "No run was begun here since tempo-sync serve was started.")
    answer = visit.show("run_now.html", state=state, again=AGAIN, meaning=run_words.meaning, good=Exit.IN_SYNC)
    if state.ended is None:
        # Without scripts: the answer itself says when to look again.
        answer.headers["Refresh"] = str(AGAIN)
    return answer


def _is_on(visit: Visit) -> bool:
    state = visit.desk.run.state
    return state is not None and state.ended is None


def _work(settings: Settings, asked: Asked, console: Console) -> Ended:
    """A run as `tempo-sync worklogs` makes it."""
    from integration import worklog_report
    from integration.worklogs_once import read_once

    try:
        with closing(Store(settings.state)) as store:
            ran = read_once(settings, asked, store, console, alone=True).ran
    except (Mistaken, Unusable) as error:
        return Ended(Exit.USAGE, (), str(error))
    except SwitchedOff as error:
        return Ended(Exit.OFF, (), str(error))
    except Unreadable as error:
        return Ended(Exit.UNREADABLE, (), str(error))
    for sentence in (*ran.notes, *ran.failed):
        console.say(sentence)
    return Ended(ran.exit, tuple(worklog_report.lines(ran)), ran.error and f"Nothing was read: {ran.error}.")


PAGES = (
    Page("GET", PATH, _list, "Last runs"),
    Page("GET", f"{PATH}/<sync>/<int:number>", _one),
    Page("POST", f"{PATH}/worklogs", _begin),
    Page("GET", NOW, _now),
)
