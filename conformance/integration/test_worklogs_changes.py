"""What becomes of time accounts when worklogs change, when nothing does, and when the token shows less than it did."""

from __future__ import annotations

import pytest

from conformance.calls import Unmet
from conformance.integration.accounts import INCOMPLETE, Account, Accounts, TimeAccounts
from conformance.integration.program import need
from conformance.integration.site import Row
from conformance.integration.work_world import DAYS, HOUR, LEAST_SCOPES, WorkWorld

LOGGED = 5 * 2 * HOUR
"""Of each person, before anything changes."""

SCOPES = [pytest.param(LEAST_SCOPES, id="worklogs"), pytest.param((*LEAST_SCOPES, "audit:view"), id="audit")]


def _begun(work: WorkWorld, sync: TimeAccounts) -> Row:
    """Five days of everybody, read once; one worklog of the person in Berlin."""
    logged = [work.log(person, number) for number in range(1, 6) for person in work.people]
    sync.need_logged(sync.read(), dict.fromkeys(work.people, LOGGED))
    return next(row for row in logged if row["authorAccountId"] == work.berlin.account_id)


@pytest.mark.requirement("worklog_integrations.again.nothing-changes")
def test_second_run_changes_nothing(work: WorkWorld, sync: TimeAccounts) -> None:
    _begun(work, sync)
    before = sync.accounts()
    after = sync.read()
    if before._replace(ended=after.ended) != after:
        raise Unmet(f"the same accounts as before: {before.ended.out.strip()}", after.ended.out.strip())


@pytest.mark.requirement("worklog_integrations.new.added")
def test_new_worklogs_are_added(work: WorkWorld, sync: TimeAccounts) -> None:
    _begun(work, sync)
    work.log(work.berlin, 8, HOUR)
    sync.need_logged(sync.read(), {work.owner: LOGGED, work.berlin: LOGGED + HOUR, work.auckland: LOGGED})


@pytest.mark.requirement("worklog_integrations.edited.hours-follow")
def test_edited_hours_replace_the_former_ones(work: WorkWorld, sync: TimeAccounts) -> None:
    work.change(_begun(work, sync), timeSpentSeconds=HOUR, billableSeconds=HOUR)
    sync.need_logged(sync.read(), {work.owner: LOGGED, work.berlin: LOGGED - HOUR, work.auckland: LOGGED})


@pytest.mark.requirement("worklog_integrations.moved.day-follows")
@pytest.mark.parametrize("number", [-1, DAYS], ids=["before", "after"])
def test_worklog_moved_out_of_the_period_counts_no_more(work: WorkWorld, sync: TimeAccounts, number: int) -> None:
    work.change(_begun(work, sync), startDate=work.day(number).isoformat())
    sync.need_logged(sync.read(), {work.owner: LOGGED, work.berlin: LOGGED - 2 * HOUR, work.auckland: LOGGED})


@pytest.mark.requirement("worklog_integrations.author.hours-follow")
def test_worklog_given_to_another_author_goes_along(work: WorkWorld, sync: TimeAccounts) -> None:
    work.change(_begun(work, sync), authorAccountId=work.auckland.account_id)
    wanted = {work.owner: LOGGED, work.berlin: LOGGED - 2 * HOUR, work.auckland: LOGGED + 2 * HOUR}
    sync.need_logged(sync.read(), wanted)


@pytest.mark.requirement("worklog_integrations.deleted.hours-go")
@pytest.mark.parametrize("scopes", SCOPES)
def test_deleted_worklog_counts_no_more(work: WorkWorld, sync: TimeAccounts, scopes: tuple[str, ...]) -> None:
    work.tempo_token = work.token(*scopes)
    work.remove(_begun(work, sync))
    sync.need_logged(sync.read(), {work.owner: LOGGED, work.berlin: LOGGED - 2 * HOUR, work.auckland: LOGGED})


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(1, marks=pytest.mark.requirement("worklog_integrations.moving-rows.none-skipped"), id="gone"),
        pytest.param(-1, marks=pytest.mark.requirement("worklog_integrations.moving-rows.none-doubled"), id="come"),
    ],
)
def test_rows_that_move_between_pages_are_counted_once(work: WorkWorld, sync: TimeAccounts, rows: int) -> None:
    for number in range(1, 6):
        for person in work.people:
            work.log(person, number, HOUR + number)
    wanted = dict.fromkeys(work.people, 5 * HOUR + 15)
    # The older one is asked first: pages are short, and the first of the later ones begins at another row.
    work.arm(path="/4/worklogs", query={"offset": "*"}, shift=rows, count=2)
    work.arm(trap="default-page-of-50", rows=4)
    ended = sync.run()
    need(ended.code in (0, INCOMPLETE), f"exit code 0, or {INCOMPLETE} and the truth with the next run", ended, work)
    if ended.code == INCOMPLETE:
        sync.ran()
    sync.need_logged(sync.accounts(), wanted)


@pytest.mark.requirement("worklog_integrations.owner-only.incomplete")
def test_token_that_shows_only_its_owner_is_told(work: WorkWorld, sync: TimeAccounts) -> None:
    ended = _owner_only(work, sync).ended
    need(sync.accounts().is_complete is False, "complete false: two of three people are not visible", ended, work)
    need(ended.code == INCOMPLETE, f"exit code {INCOMPLETE} of the accounts", ended, work)


@pytest.mark.requirement("worklog_integrations.owner-only.run-told")
def test_run_that_sees_only_its_owner_exits_as_incomplete(work: WorkWorld, sync: TimeAccounts) -> None:
    _owner_only(work, sync)
    ended = sync.ended[0]
    need(ended.code == INCOMPLETE, f"exit code {INCOMPLETE} where two of three people are not visible", ended, work)


@pytest.mark.requirement("worklog_integrations.owner-only.no-zeros")
def test_who_is_not_visible_has_no_zero(work: WorkWorld, sync: TimeAccounts) -> None:
    found = _owner_only(work, sync)
    for person in (work.berlin, work.auckland):
        required = 80 * HOUR if found.of(person).required is not None else None
        sync.need_account(found, person, Account(None, required, None))


@pytest.mark.requirement("worklog_integrations.permission-lost.told")
def test_permission_that_was_taken_away_is_told(work: WorkWorld, sync: TimeAccounts) -> None:
    _begun(work, sync)
    work.hide_others()
    sync.ran(INCOMPLETE, "a run that sees fewer people than the one before")
    found = sync.accounts()
    need(not found.is_complete, "complete false", found.ended, work)


@pytest.mark.requirement("worklog_integrations.permission-lost.nothing-lost")
def test_permission_that_was_taken_away_loses_no_hours(work: WorkWorld, sync: TimeAccounts) -> None:
    _begun(work, sync)
    work.hide_others()
    sync.run()
    sync.run()
    found = sync.accounts()
    for person in (work.berlin, work.auckland):
        if found.of(person).logged not in (None, LOGGED):
            raise Unmet(f"of {person.name} {LOGGED} seconds as before, or null", f"{found.of(person).logged} seconds")
    if found.of(work.owner).logged != LOGGED:
        raise Unmet(f"of {work.owner.name}, who is visible, {LOGGED} seconds", f"{found.of(work.owner).logged}")


@pytest.mark.requirement("worklog_integrations.permission-back.figures-true")
def test_permission_that_is_back_brings_the_figures_back(work: WorkWorld, sync: TimeAccounts) -> None:
    worklog = _begun(work, sync)
    work.hide_others()
    sync.run()
    work.remove(worklog)
    work.log(work.auckland, 8, HOUR)
    work.show_others()
    wanted = {work.owner: LOGGED, work.berlin: LOGGED - 2 * HOUR, work.auckland: LOGGED + HOUR}
    sync.need_logged(sync.read(), wanted)


@pytest.mark.requirement("worklog_integrations.empty-lists.nothing-lost")
def test_lists_that_are_empty_by_mistake_lose_no_hours(work: WorkWorld, sync: TimeAccounts) -> None:
    _begun(work, sync)
    work.arm(trap="silent-empty", served=0)
    ended = sync.run()
    need(ended.code != 0, "another exit code than 0: everybody's work is gone", ended, work)
    found = sync.accounts()
    lost = [person.name for person in work.people if found.of(person).logged not in (None, LOGGED)]
    need(not lost, f"{LOGGED} seconds of everybody as before, or null", found.ended, work)


def _owner_only(work: WorkWorld, sync: TimeAccounts) -> Accounts:
    for person in work.people:
        work.log(person, 1)
    work.hide_others()
    sync.run()
    return sync.accounts()
