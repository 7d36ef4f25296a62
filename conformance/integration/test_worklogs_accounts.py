"""Whose hours become which time account."""

from __future__ import annotations

import pytest

from conformance.calls import Unmet
from conformance.integration.accounts import Account, TimeAccounts
from conformance.integration.program import need
from conformance.integration.work_world import DAYS, FULL, HOUR, INTERNAL, WorkWorld

PAGE = 50
HALF = (0, 4, 8, 8, 8, 6, 0)
WEEKENDS = (5, 1, 2, 4, 8, 0, 3)
"""No two ways of counting the days of a week give the same of it."""


@pytest.mark.requirement("worklog_integrations.run.in-sync")
def test_run_that_reads_everything_exits_with_success(work: WorkWorld, sync: TimeAccounts) -> None:
    for person in work.people:
        work.log(person, 1)
    sync.ran()


@pytest.mark.requirement("worklog_integrations.accounts.in-form")
def test_accounts_are_told_in_the_form_of_the_contract(work: WorkWorld, sync: TimeAccounts) -> None:
    for person in work.people:
        work.log(person, 1)
    sync.run()
    found = sync.accounts()
    if missing := [person.name for person in work.people if person.account_id not in found.by]:
        raise Unmet("an account of everybody who has a contract", f"none of {', '.join(missing)}")


@pytest.mark.requirement("worklog_integrations.accounts.success")
def test_accounts_of_a_whole_reading_are_told_as_such(work: WorkWorld, sync: TimeAccounts) -> None:
    for person in work.people:
        work.log(person, 1)
    found = sync.read()
    holds = found.is_complete and found.source == "tempo" and found.fallback is None and found.ended.code == 0
    need(holds, "exit code 0, source tempo, no fallback, complete", found.ended, work)


@pytest.mark.requirement("worklog_integrations.totals.every-person")
def test_hours_of_everybody_are_added_up(work: WorkWorld, sync: TimeAccounts) -> None:
    for number in range(1, 6):
        work.log(work.owner, number, number * 600)
        work.log(work.berlin, number, HOUR)
        work.log(work.auckland, number, 2 * HOUR + 1)
    wanted = {work.owner: 15 * 600, work.berlin: 5 * HOUR, work.auckland: 5 * (2 * HOUR + 1)}
    sync.need_logged(sync.read(), wanted)


@pytest.mark.requirement("worklog_integrations.totals.of-the-period")
def test_days_outside_of_the_period_do_not_count(work: WorkWorld, sync: TimeAccounts) -> None:
    for number in (-1, 0, DAYS - 1, DAYS):
        for person in work.people:
            work.log(person, number, HOUR)
    sync.need_logged(sync.read(), dict.fromkeys(work.people, 2 * HOUR))


@pytest.mark.requirement("worklog_integrations.totals.without-contract")
def test_hours_of_somebody_without_a_contract_are_told(work: WorkWorld, sync: TimeAccounts) -> None:
    sync.contracts(work.contract(work.owner), work.contract(work.berlin))
    for person in work.people:
        work.log(person, 1, HOUR)
    sync.need_account(sync.read(), work.auckland, Account(HOUR, None, None))


@pytest.mark.requirement("worklog_integrations.pages.every-page")
def test_hours_of_every_page_are_added_up(work: WorkWorld, sync: TimeAccounts) -> None:
    for number in range(PAGE + 1 - 2):
        work.log(work.berlin, 1 + number % 5, 600 + number)
    work.log(work.owner, 1)
    work.log(work.auckland, 1)
    work.arm(trap="default-page-of-50", rows=PAGE)
    logged = sum(600 + number for number in range(PAGE - 1))
    sync.need_logged(sync.read(), {work.berlin: logged, work.owner: 2 * HOUR, work.auckland: 2 * HOUR})


@pytest.mark.requirement("worklog_integrations.short-pages.read-on")
def test_short_pages_are_not_the_last(work: WorkWorld, sync: TimeAccounts) -> None:
    for number in range(1, 6):
        for person in work.people:
            work.log(person, number, HOUR)
    work.arm(trap="count-is-not-total", rows=4)
    sync.need_logged(sync.read(), dict.fromkeys(work.people, 5 * HOUR))


@pytest.mark.requirement("worklog_integrations.billable.not-used")
def test_what_is_billed_is_not_what_was_worked(work: WorkWorld, sync: TimeAccounts) -> None:
    for person in work.people:
        work.log(person, 1, 3 * HOUR, billable=0)
        work.log(person, 2, 3 * HOUR, billable=HOUR)
    sync.need_logged(sync.read(), dict.fromkeys(work.people, 6 * HOUR))


@pytest.mark.requirement("worklog_integrations.balance.logged-less-required")
def test_balance_is_logged_less_required(work: WorkWorld, sync: TimeAccounts) -> None:
    required = 80 * HOUR
    logged = {work.owner: HOUR, work.berlin: 10 * HOUR, work.auckland: 600}
    for person, seconds in logged.items():
        work.log(person, 1, seconds)
    found = sync.read()
    for person, seconds in logged.items():
        sync.need_account(found, person, Account(seconds, required, seconds - required))


@pytest.mark.requirement("worklog_integrations.balance.overtime-above-zero")
def test_overtime_is_a_balance_above_zero(work: WorkWorld, sync: TimeAccounts) -> None:
    _work_what_is_required(work, sync)
    work.log(work.berlin, 6, 90)
    sync.need_account(sync.read(), work.berlin, Account(8 * HOUR + 90, 8 * HOUR, 90))


@pytest.mark.requirement("worklog_integrations.balance.exactly-required")
def test_exactly_what_is_required_is_a_balance_of_zero(work: WorkWorld, sync: TimeAccounts) -> None:
    _work_what_is_required(work, sync)
    found = sync.read()
    for person in work.people:
        sync.need_account(found, person, Account(8 * HOUR, 8 * HOUR, 0))


@pytest.mark.requirement("worklog_integrations.vacation.counted-once")
def test_vacation_on_an_internal_issue_counts_once(work: WorkWorld, sync: TimeAccounts) -> None:
    sync.contracts(*(work.contract(person, FULL, 1, 1) for person in work.people))
    for person in work.people:
        work.plan(person, 1, 8 * HOUR)
        work.log(person, 1, 8 * HOUR, issue=INTERNAL)
    found = sync.read()
    for person in work.people:
        sync.need_account(found, person, Account(8 * HOUR, 8 * HOUR, 0))


@pytest.mark.requirement("worklog_integrations.contract.from-sunday")
def test_weeks_of_contracts_begin_on_sunday(work: WorkWorld, sync: TimeAccounts) -> None:
    # Of a whole week any order gives the same.
    sync.contracts(*(work.contract(person, WEEKENDS, 0, 2) for person in work.people))
    _required(work, sync, (5 + 1 + 2) * HOUR)


@pytest.mark.requirement("worklog_integrations.contract.mid-week")
def test_contract_may_begin_and_end_in_the_middle_of_a_week(work: WorkWorld, sync: TimeAccounts) -> None:
    sync.contracts(*(work.contract(person, HALF, 3, 8) for person in work.people))
    _required(work, sync, (8 + 8 + 6 + 0 + 0 + 4) * HOUR)


@pytest.mark.requirement("worklog_integrations.contract.in-a-row")
def test_contracts_in_a_row_add_up_with_a_gap_between(work: WorkWorld, sync: TimeAccounts) -> None:
    rows = [(work.contract(person, FULL, -7, 2), work.contract(person, HALF, 5)) for person in work.people]
    sync.contracts(*(contract for pair in rows for contract in pair))
    _required(work, sync, (8 + 8 + 6 + 4 + 8 + 8 + 8 + 6) * HOUR)


@pytest.mark.requirement("worklog_integrations.contract.fractions")
def test_hours_of_contracts_may_be_fractions(work: WorkWorld, sync: TimeAccounts) -> None:
    sync.contracts(*(work.contract(person, (0, 7.5, 7.75, 0, 0, 0, 0), 0, 6) for person in work.people))
    _required(work, sync, 27_000 + 27_900)


@pytest.mark.requirement("worklog_integrations.evening.authors-day")
@pytest.mark.parametrize("start", ["00:30", "22:30"], ids=["night", "evening"])
def test_entry_stays_on_the_day_of_its_author(work: WorkWorld, sync: TimeAccounts, start: str) -> None:
    for person in work.people:
        for number in (-1, 0, DAYS - 1, DAYS):
            work.log(person, number, HOUR if 0 <= number < DAYS else 60, start)
    sync.need_logged(sync.read(), dict.fromkeys(work.people, 2 * HOUR))


def _work_what_is_required(work: WorkWorld, sync: TimeAccounts) -> None:
    sync.contracts(*(work.contract(person, FULL, 1, 1) for person in work.people))
    for person in work.people:
        work.log(person, 1, 5 * HOUR)
        work.log(person, 1, 3 * HOUR, "14:00")


def _required(work: WorkWorld, sync: TimeAccounts, seconds: int) -> None:
    for person in work.people:
        work.log(person, 1, HOUR)
    found = sync.read()
    for person in work.people:
        sync.need_account(found, person, Account(HOUR, seconds, HOUR - seconds))
