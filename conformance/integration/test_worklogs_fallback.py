"""Where Tempo cannot be read an integration says so, takes Jira's worklogs for what they can tell, and comes back."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Mapping
from typing import Any

import pytest

from conformance.calls import Unmet
from conformance.integration.accounts import FALLBACK, IN_SYNC, UNREADABLE, Account, Accounts, TimeAccounts
from conformance.integration.program import need
from conformance.integration.work_world import APP_NAMES, DAYS, HOUR, Worker, WorkWorld

TEMPO, JIRA = "/4/", "/rest/api/3/"
ONE_SECOND = datetime.timedelta(seconds=1)
IN_TEMPO, IN_JIRA = 2 * HOUR, HOUR
"""What everybody logs on either side."""

REFUSED = "refused-connection"
ROWS: Mapping[str, Mapping[str, Any]] = {
    "cut": {"cut": "before"},
    "unauthorized": {"status": 401},
    "forbidden": {"status": 403},
    "not-found": {"status": 404},
    "not-allowed": {"status": 405},
    "gone": {"status": 410},
    "too-many": {"status": 429, "retryAfter": 1},
    "server-error": {"status": 500},
    "gateway": {"status": 503, "body": "upstream connect error"},
    "page-of-a-proxy": {"html": True, "status": 200},
    "broken-json": {"invalidJson": True},
}
"""The fallback table beside REFUSED: what Tempo does from one moment on, after it was read well."""


def _begun(work: WorkWorld, sync: TimeAccounts) -> None:
    for person in work.people:
        work.log(person, 1, IN_TEMPO)
        work.log_in_jira(person, 2, IN_JIRA)
    sync.need_logged(sync.read(), dict.fromkeys(work.people, IN_TEMPO + IN_JIRA))


def _fallen(work: WorkWorld, sync: TimeAccounts) -> Accounts:
    """The accounts after Tempo was read well and is not to be read any more."""
    _begun(work, sync)
    work.arm(path=TEMPO, status=401)
    sync.run()
    return sync.accounts()


def _of_jira(work: WorkWorld, sync: TimeAccounts, found: Accounts) -> None:
    sync.need_logged(found, dict.fromkeys(work.people, IN_JIRA))
    wanted = IN_TEMPO * len(work.people)
    need(found.unattributed == wanted, f"unattributed: {wanted} seconds, what was entered in Tempo", found.ended, work)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param("cut", marks=pytest.mark.requirement("worklog_integrations.fallback.cut")),
        pytest.param("refused-connection", marks=pytest.mark.requirement("worklog_integrations.fallback.refused-connection")),
        pytest.param("unauthorized", marks=pytest.mark.requirement("worklog_integrations.fallback.unauthorized")),
        pytest.param("forbidden", marks=pytest.mark.requirement("worklog_integrations.fallback.forbidden")),
        pytest.param("not-found", marks=pytest.mark.requirement("worklog_integrations.fallback.not-found")),
        pytest.param("not-allowed", marks=pytest.mark.requirement("worklog_integrations.fallback.not-allowed")),
        pytest.param("gone", marks=pytest.mark.requirement("worklog_integrations.fallback.gone")),
        pytest.param("too-many", marks=pytest.mark.requirement("worklog_integrations.fallback.too-many")),
        pytest.param("server-error", marks=pytest.mark.requirement("worklog_integrations.fallback.server-error")),
        pytest.param("gateway", marks=pytest.mark.requirement("worklog_integrations.fallback.gateway")),
        pytest.param("page-of-a-proxy", marks=pytest.mark.requirement("worklog_integrations.fallback.page-of-a-proxy")),
        pytest.param("broken-json", marks=pytest.mark.requirement("worklog_integrations.fallback.broken-json")),
    ],
)
def test_tempo_that_cannot_be_read_any_more_is_stood_in_for(work: WorkWorld, sync: TimeAccounts, row: str) -> None:
    _begun(work, sync)
    begin = datetime.datetime.now(datetime.UTC)
    with work.nobody_listens() if row == REFUSED else contextlib.nullcontext():
        if row != REFUSED:
            work.arm(path=TEMPO, **ROWS[row])
        sync.ran(FALLBACK, "a run that finds Tempo like this after a good one")
        found = sync.accounts()
    _told(work, found, begin)
    _of_jira(work, sync, found)


def _told(work: WorkWorld, found: Accounts, begin: datetime.datetime) -> None:
    need(found.source == "jira", "source jira", found.ended, work)
    need(not found.is_complete, "complete false", found.ended, work)
    need(found.fallback, "cause and since of the fallback", found.ended, work)
    if found.fallback is not None:
        end = datetime.datetime.now(datetime.UTC)
        since = found.fallback[1]
        # Whole seconds may be told, and a clock of the server's may be taken.
        if not begin - ONE_SECOND <= since <= end + ONE_SECOND:
            raise Unmet(f"since between {begin.isoformat()} and {end.isoformat()}", since.isoformat())


@pytest.mark.requirement("worklog_integrations.fallback.accounts-told")
def test_accounts_of_a_fallback_are_told_as_such(work: WorkWorld, sync: TimeAccounts) -> None:
    found = _fallen(work, sync)
    need(found.ended.code == FALLBACK, f"exit code {FALLBACK} of the accounts", found.ended, work)
    need(found.source == "jira" and found.fallback, "source jira, with cause and since", found.ended, work)


@pytest.mark.requirement("worklog_integrations.fallback.since-the-first")
def test_since_is_when_it_began(work: WorkWorld, sync: TimeAccounts) -> None:
    first = _fallen(work, sync)
    work.disarm()
    work.arm(path=TEMPO, status=503)
    # Moments may be told in whole seconds.
    until = datetime.datetime.now(datetime.UTC) + 2 * ONE_SECOND
    while datetime.datetime.now(datetime.UTC) < until:
        sync.run()
    second = sync.accounts()
    for found in (first, second):
        need(found.fallback, "cause and since of the fallback", found.ended, work)
    since = [found.fallback[1].isoformat() for found in (first, second) if found.fallback]
    if since[0] != since[1]:
        raise Unmet(f"since as after the first run, {since[0]}", since[1])


@pytest.mark.requirement("worklog_integrations.fallback.run-says-why")
def test_run_in_fallback_says_why(work: WorkWorld, sync: TimeAccounts) -> None:
    _begun(work, sync)
    work.arm(path=TEMPO, status=401)
    ended = sync.run()
    need("401" in ended.out + ended.err, "the status 401 among what is told", ended, work)


@pytest.mark.requirement("worklog_integrations.fallback.own-rows")
def test_rows_of_jira_belong_to_their_authors(work: WorkWorld, sync: TimeAccounts) -> None:
    _begun(work, sync)
    work.arm(path=TEMPO, status=401)
    work.log_in_jira(work.berlin, 3, 600)
    sync.run()
    found = sync.accounts()
    for person, seconds in ((work.owner, IN_JIRA), (work.berlin, IN_JIRA + 600), (work.auckland, IN_JIRA)):
        if found.of(person).logged != seconds:
            raise Unmet(f"of {person.name} {seconds} seconds, logged in Jira", f"{found.of(person).logged}")


@pytest.mark.requirement("worklog_integrations.fallback.app-rows-nobodys")
def test_rows_of_the_app_are_added_to_nobody(work: WorkWorld, sync: TimeAccounts) -> None:
    found = _fallen(work, sync)
    if work.app in found.by:
        raise Unmet("no account of Tempo's app, which is nobody", f"{found.by[work.app].logged} seconds of it")
    much = {person.name: found.of(person).logged for person in work.people}
    if any(logged is not None and logged > IN_JIRA for logged in much.values()):
        raise Unmet(f"no more than {IN_JIRA} seconds of anybody", f"{much}")


@pytest.mark.requirement("worklog_integrations.fallback.app-rows-told")
def test_rows_of_the_app_are_unattributed(work: WorkWorld, sync: TimeAccounts) -> None:
    found = _fallen(work, sync)
    wanted = IN_TEMPO * len(work.people)
    need(found.unattributed == wanted, f"unattributed: {wanted} seconds", found.ended, work)


@pytest.mark.requirement("worklog_integrations.fallback.app-by-id")
@pytest.mark.parametrize("name", APP_NAMES)
def test_app_is_known_by_its_id_whatever_it_is_called(work: WorkWorld, sync: TimeAccounts, name: str) -> None:
    work.rename_app(name)
    _begun(work, sync)
    work.rename_app("Time Tracking by a new name")
    work.arm(path=TEMPO, status=401)
    sync.run()
    _of_jira(work, sync, sync.accounts())


@pytest.mark.requirement("worklog_integrations.fallback.no-balance")
def test_no_balance_is_told_while_hours_are_nobodys(work: WorkWorld, sync: TimeAccounts) -> None:
    found = _fallen(work, sync)
    for person in work.people:
        sync.need_account(found, person, Account(IN_JIRA, 80 * HOUR, None))


@pytest.mark.requirement("worklog_integrations.fallback.authors-day")
def test_entry_of_jira_stays_on_the_day_of_its_author(work: WorkWorld, sync: TimeAccounts) -> None:
    def log(person: Worker, number: int, seconds: int) -> None:
        for start in ("00:30", "22:30"):
            work.log_in_jira(person, number, seconds, start)

    for person in work.people:
        for number in (-1, 0, DAYS - 1, DAYS):
            log(person, number, HOUR if 0 <= number < DAYS else 60)
    sync.ran()
    work.arm(path=TEMPO, status=401)
    sync.run()
    sync.need_logged(sync.accounts(), dict.fromkeys(work.people, 4 * HOUR))


@pytest.mark.requirement("worklog_integrations.back.in-sync")
def test_tempo_that_is_back_ends_the_fallback(work: WorkWorld, sync: TimeAccounts) -> None:
    _fallen(work, sync)
    work.disarm()
    found = sync.read()
    holds = found.source == "tempo" and found.fallback is None and found.is_complete
    need(holds and found.ended.code == IN_SYNC, "exit code 0, source tempo, no fallback, complete", found.ended, work)


@pytest.mark.requirement("worklog_integrations.back.figures-true")
def test_figures_are_tempos_again_and_nothing_is_there_twice(work: WorkWorld, sync: TimeAccounts) -> None:
    _fallen(work, sync)
    # The administrator of the check can reach Tempo no more than the integration can.
    work.disarm()
    work.log(work.berlin, 3, HOUR)
    work.log_in_jira(work.auckland, 3, HOUR)
    work.arm(path=TEMPO, status=503)
    sync.run()
    work.disarm()
    found = sync.read()
    each = IN_TEMPO + IN_JIRA
    sync.need_logged(found, {work.owner: each, work.berlin: each + HOUR, work.auckland: each + HOUR})
    need(found.unattributed == 0, "nothing unattributed any more", found.ended, work)


@pytest.mark.requirement("worklog_integrations.wrong-address.unreadable")
@pytest.mark.parametrize("row", [ROWS["not-found"], ROWS["page-of-a-proxy"]], ids=["not-found", "html"])
def test_address_that_never_was_tempos_is_no_fallback(work: WorkWorld, sync: TimeAccounts, row: Mapping[str, Any]) -> None:
    for person in work.people:
        work.log_in_jira(person, 2, IN_JIRA)
    work.arm(path=TEMPO, **row)
    sync.ran(UNREADABLE, "a run to whose address Tempo never answered")


def _both_dead(work: WorkWorld, sync: TimeAccounts) -> None:
    _begun(work, sync)
    work.arm(path=TEMPO, status=401)
    work.arm(path=JIRA, status=503)


@pytest.mark.requirement("worklog_integrations.both-dead.unreadable")
def test_run_that_can_read_neither_says_so(work: WorkWorld, sync: TimeAccounts) -> None:
    _both_dead(work, sync)
    sync.ran(UNREADABLE, "a run that can read neither Tempo nor Jira")


@pytest.mark.requirement("worklog_integrations.both-dead.accounts-told")
def test_accounts_say_that_they_are_not_of_today(work: WorkWorld, sync: TimeAccounts) -> None:
    _both_dead(work, sync)
    sync.run()
    found = sync.accounts()
    need(not found.is_complete, "complete false", found.ended, work)
    need(found.ended.code != IN_SYNC, f"another exit code than {IN_SYNC} of the accounts", found.ended, work)


@pytest.mark.requirement("worklog_integrations.both-dead.figures-kept")
def test_figures_that_cannot_be_read_anew_are_kept(work: WorkWorld, sync: TimeAccounts) -> None:
    _both_dead(work, sync)
    sync.run()
    sync.need_logged(sync.accounts(), dict.fromkeys(work.people, IN_TEMPO + IN_JIRA))
