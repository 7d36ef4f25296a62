"""Time accounts: what was logged less what is required, and nothing where it is not known."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.contracts import required, required_by_person, required_over
from integration.hours import Holiday
from integration.hours import required as of_schedule
from integration.overlaps import Entry, merged_by_day
from integration.records import Person, Reason, Window
from integration.time_accounts import UNATTRIBUTED, Books, Statement, in_hours, statement
from integration.worklogs import Contract, Fallback, Logged, Period, Standing, TimeAccount, Visible

HOUR = 3600
EIGHT = 8 * HOUR
ONE = timedelta(days=1)
SUNDAY = date(2026, 3, 1)
WEEK = Period(SUNDAY, SUNDAY + 6 * ONE)
FULL = (0, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, 0)
HALF = (0, *(4 * HOUR,) * 5, 0)
READ = Standing("tempo", None, True, (), "2026-03-08T00:00:00Z", Visible(1, 1, ()))
DOWN = Reason("server-error", "Tempo answered 503")
FALLBACK = Standing("jira", Fallback(DOWN, "2026-03-08T00:00:00Z"), True, (), "2026-03-08T00:00:00Z")
CONTRACT = Contract("anna", date(2025, 1, 1), None, FULL)


def rows(person: str, *hours: float, first: date = SUNDAY) -> list[Logged]:
    """One entry a day, from Sunday on."""
    return [Logged(person, first + number * ONE, int(hour * HOUR)) for number, hour in enumerate(hours) if hour]


def made(logged: list[Logged], period: Period = WEEK, contracts: tuple[Contract, ...] = (CONTRACT,), **more: Any) -> Statement:
    books = Books(**{"standing": READ, "required": required_by_person(contracts, period), **more})
    return statement(books, logged, period)


def only(found: Statement) -> TimeAccount:
    (account,) = found.accounts
    return account


@pytest.mark.parametrize(
    ("hours", "period", "logged", "needed"),
    [
        # Exactly what is required, wherever in the week.
        ((0, 8, 8, 8, 8, 8), WEEK, 40, 40),
        ((0, 10, 10, 10, 10), WEEK, 40, 40),
        ((20, 0, 0, 0, 0, 0, 20), WEEK, 40, 40),
        ((0, 8, 8, 8, 8, 9), WEEK, 41, 40),
        ((0, 8, 8, 8, 8, 7.5), WEEK, 39.5, 40),
        ((), WEEK, 0, 40),
        # The running week: what is to be done until the last day asked for, that one included.
        ((0, 8, 8, 8), Period(SUNDAY, SUNDAY + 3 * ONE), 24, 24),
        ((0, 8, 8, 8, 8), Period(SUNDAY, SUNDAY + 3 * ONE), 24, 24),
        ((1,), Period(SUNDAY, SUNDAY), 1, 0),
        ((0, 8), Period(SUNDAY + ONE, SUNDAY + ONE), 8, 8),
    ],
)
def test_balance(hours: tuple[float, ...], period: Period, logged: float, needed: float) -> None:
    account = only(made(rows("anna", *hours), period))
    assert (account.logged, account.required) == (logged * HOUR, needed * HOUR)
    assert account.balance == (logged - needed) * HOUR
    assert not account.at_least
    assert not account.notes


def test_time_off_that_is_logged_counts_once() -> None:
    # Wednesday off: planned, and logged on the internal issue. Plans are no part of it, so the day is there once.
    work = rows("anna", 0, 8, 8, 0, 8, 8)
    off = [Logged("anna", SUNDAY + 3 * ONE, EIGHT)]
    assert only(made(work + off)).balance == 0
    assert only(made(work)).balance == -EIGHT


@pytest.mark.parametrize(
    ("contracts", "needed", "balance", "said"),
    [
        # Work of 8 h from Monday to Friday; contracts that begin and end in the week, follow one another, or leave a gap.
        ((CONTRACT._replace(first=date(2026, 3, 4)),), 24, 16, ["16:00 h were logged on days without a contract"]),
        ((CONTRACT._replace(last=date(2026, 3, 4)),), 24, 16, ["16:00 h were logged on days without a contract"]),
        ((CONTRACT._replace(last=date(2026, 3, 3)), Contract("anna", date(2026, 3, 4), None, HALF)), 28, 12, []),
        ((CONTRACT._replace(last=date(2026, 3, 3)), CONTRACT._replace(first=date(2026, 3, 5))), 32, 8,
         ["8:00 h were logged on days without a contract"]),
        ((CONTRACT._replace(first=date(2026, 3, 7)),), 0, 40, ["40:00 h were logged on days without a contract"]),
        ((CONTRACT._replace(last=date(2026, 2, 28)),), None, None, ["there is no contract in this period"]),
        ((), None, None, ["there is no contract"]),
    ],
)  # fmt: skip
def test_contracts(contracts: tuple[Contract, ...], needed: int | None, balance: int | None, said: list[str]) -> None:
    account = only(made(rows("anna", 0, 8, 8, 8, 8, 8), contracts=contracts))
    assert account.logged == 40 * HOUR
    assert account.required == (None if needed is None else needed * HOUR)
    assert account.balance == (None if balance is None else balance * HOUR)
    assert list(account.notes) == said


def test_schedules_take_holidays_off() -> None:
    monday_first = (*(EIGHT,) * 5, 0, 0)
    half = (Holiday(date(2020, 3, 3), True, 4 * HOUR), Holiday(date(2026, 3, 4), False, EIGHT))
    work = rows("anna", 0, 8, 4, 0, 8, 8)
    schedule = of_schedule(monday_first, half, Window(SUNDAY - ONE, SUNDAY + 60 * ONE))
    account = only(made(work, required={"anna": schedule}, required_by="schedule"))
    assert (account.logged, account.required, account.balance) == (28 * HOUR, 28 * HOUR, 0)
    assert only(made(work)).balance == -12 * HOUR
    assert only(made(work, required={}, required_by="schedule")).notes == ("there is no schedule",)


def test_who_has_a_contract_in_another_period_only_is_not_shown() -> None:
    assert made([], contracts=(CONTRACT._replace(last=date(2026, 2, 28)),)).accounts == ()


TWELVE = [f"p{number:02}" for number in range(12)]


def test_one_of_twelve_visible_is_no_eleven_zero_balances() -> None:
    standing = READ._replace(complete=False, visible=Visible(1, 12, tuple(TWELVE[1:])))
    contracts = tuple(CONTRACT._replace(person=person) for person in TWELVE)
    found = made(rows("p00", 0, 8, 8, 8, 8, 8), contracts=contracts, standing=standing)
    assert [account.account_id for account in found.accounts] == TWELVE
    assert [account.logged for account in found.accounts] == [40 * HOUR] + [None] * 11
    assert [account.balance for account in found.accounts] == [0] + [None] * 11
    assert all(account.required == 40 * HOUR for account in found.accounts)
    assert all("not known" in account.notes[0] for account in found.accounts[1:])


def test_who_is_believed_to_have_logged_nothing_has_a_zero() -> None:
    found = only(made([], standing=READ._replace(visible=Visible(0, 1, ()))))
    assert (found.logged, found.balance) == (0, -40 * HOUR)


def test_what_was_read_of_somebody_before_they_vanished_is_told_and_not_counted() -> None:
    standing = READ._replace(complete=False, visible=Visible(0, 1, ("anna",)))
    found = only(made(rows("anna", 0, 8), standing=standing))
    assert (found.logged, found.balance, found.merged) == (None, None, None)
    assert "8:00 h were read before" in found.notes[0]


def test_the_unseen_without_a_contract_are_there_as_well() -> None:
    standing = READ._replace(complete=False, visible=Visible(0, 1, ("bert",)))
    found = made([], contracts=(), standing=standing, required_by="schedule")
    assert [(account.account_id, account.logged) for account in found.accounts] == [("bert", None)]


def test_in_fallback_work_that_is_nobodys_is_in_no_account() -> None:
    nobody = [Logged(UNATTRIBUTED, SUNDAY + ONE, 6 * HOUR)]
    contracts = (CONTRACT, CONTRACT._replace(person="bert"))
    found = made(rows("anna", 0, 0, 2) + nobody, contracts=contracts, standing=FALLBACK)
    assert found.unattributed == 6 * HOUR
    anna, bert = found.accounts
    assert (anna.logged, anna.at_least, anna.balance, anna.required) == (2 * HOUR, True, None, 40 * HOUR)
    assert (bert.logged, bert.at_least, bert.balance) == (None, True, None), "nothing is known of somebody, which is no zero"
    assert "6:00 h are in nobody's account" in found.notes[0]
    assert "internal issues" in found.notes[0]


def test_in_fallback_no_balance_is_told() -> None:
    """Jira may be late, or hide a project from its token: that nothing of the app shows there does not mean that nothing is."""
    elsewhere = [Logged(UNATTRIBUTED, SUNDAY - ONE, 6 * HOUR)]
    contracts = (CONTRACT, CONTRACT._replace(person="bert"))
    found = made(rows("anna", 0, 8, 8, 8, 8, 8) + elsewhere, contracts=contracts, standing=FALLBACK)
    anna, bert = found.accounts
    assert (anna.logged, anna.at_least, anna.balance) == (40 * HOUR, True, None)
    assert (bert.logged, bert.at_least, bert.balance) == (None, True, None), "a Jira that shows nothing makes nobody idle"
    assert (found.unattributed, len(found.notes)) == (0, 1)
    assert "Jira stands in" in found.notes[0]


def test_where_jira_is_chosen_a_period_without_work_of_nobody_is_whole() -> None:
    elsewhere = [Logged(UNATTRIBUTED, SUNDAY - ONE, 6 * HOUR)]
    found = made(rows("anna", 0, 8, 8, 8, 8, 8) + elsewhere, standing=FALLBACK._replace(fallback=None))
    assert (found.unattributed, found.notes) == (0, ())
    assert (only(found).logged, only(found).at_least, only(found).balance) == (40 * HOUR, False, 0)


@pytest.mark.parametrize(
    ("kind", "read", "is_final"),
    [
        ("unauthorized", "2026-03-04T10:00:00Z", False),
        ("moved", "2026-03-04T10:00:00Z", False),
        # The last reading was after the period, in every zone.
        ("unauthorized", "2026-03-09T10:00:00Z", True),
        ("unauthorized", "2026-03-08T10:00:00Z", False),
        # Everything was read as far as it is visible.
        ("hidden", "2026-03-04T10:00:00Z", True),
        ("never-seen", "2026-03-04T10:00:00Z", True),
        # Nobody knows of when they are.
        ("crowded", "2026-03-09T10:00:00Z", False),
    ],
)
def test_what_was_logged_since_the_last_reading_is_no_shortfall(kind: str, read: str, is_final: bool) -> None:
    """Hours that stayed as they were, because nothing could be read, are of days that were not over."""
    standing = READ._replace(complete=False, reasons=(Reason(kind, "told"),), read=read)
    account = only(made(rows("anna", 0, 8, 8), standing=standing))
    assert account.logged == 2 * EIGHT
    assert (account.at_least, account.balance) == ((False, -3 * EIGHT) if is_final else (True, None))


def test_of_somebody_unseen_there_is_no_least() -> None:
    standing = FALLBACK._replace(visible=Visible(0, 1, ("anna",)))
    account = only(made([Logged(UNATTRIBUTED, SUNDAY, HOUR)], standing=standing))
    assert (account.logged, account.at_least, account.balance) == (None, False, None)


def test_who_was_not_visible_in_tempo_and_is_in_jira_is_known() -> None:
    standing = FALLBACK._replace(visible=Visible(0, 1, ("anna",)))
    assert only(made(rows("anna", 0, 8), standing=standing)).logged == EIGHT
    assert only(made([], standing=standing)).logged is None


def test_before_the_first_whole_reading_nothing_is_final() -> None:
    found = made(rows("anna", 0, 8), contracts=(CONTRACT, CONTRACT._replace(person="bert")), standing=READ._replace(read=None))
    assert [(a.logged, a.at_least, a.balance) for a in found.accounts] == [(EIGHT, True, None), (None, True, None)]
    assert "never read to their end" in found.notes[0]


def test_jira_knows_nothing_of_billable_hours() -> None:
    found = made([], standing=FALLBACK, amount="billable")
    assert (only(found).logged, only(found).balance, only(found).at_least) == (None, None, True)
    assert "billable" in found.notes[0]
    assert only(made([], amount="billable")).balance == -40 * HOUR


def test_people_and_issues_that_are_missing_on_one_side_are_told() -> None:
    people = {"anna": Person("anna", "Anna", None, True), "carl": Person("carl", "Carl", None, False)}
    contracts = (CONTRACT, CONTRACT._replace(person="carl"), CONTRACT._replace(person="dora"))
    logged = rows("anna", 0, 8) + rows("carl", 0, 8) + rows("gone", 0, 8)
    issues = {"anna": {"20", "10"}, "carl": set[str]()}
    found = {a.account_id: a for a in made(logged, contracts=contracts, people=people, unknown_issues=issues).accounts}
    assert [account.name for account in found.values()] == ["Anna", "Carl", "dora", "gone"]
    assert {person: account.notes for person, account in found.items()} == {
        "anna": ("Jira does not show the issues 10, 20 that this was logged on",),
        "carl": ("the account is inactive in Jira",),
        "dora": ("Jira does not show this account: it was deleted, or is hidden",),
        "gone": ("Jira does not show this account: it was deleted, or is hidden", "there is no contract"),
    }
    assert (found["dora"].logged, found["dora"].balance) == (0, -40 * HOUR)
    assert (found["gone"].logged, found["gone"].balance) == (EIGHT, None)


def test_overlaps_are_explained() -> None:
    monday = SUNDAY + ONE
    entries = [Entry(monday, "13:00:00", 2 * HOUR), Entry(monday, "14:00:00", 4 * HOUR)]
    logged = [Logged("anna", entry.day, entry.seconds) for entry in entries]
    account = only(made(logged, merged={"anna": merged_by_day(entries)}))
    assert (account.logged, account.merged, account.balance) == (6 * HOUR, 5 * HOUR, -34 * HOUR)
    assert account.notes == ("worklogs overlap: 5:00 h at work, 6:00 h booked",)
    assert only(made(logged)).merged is None
    assert only(made([], merged={})).merged == 0


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (60, "0:01"), (3600, "1:00"), (-5400, "-1:30"), (360000, "100:00"), (27361, "7:36:01"), (-1, "-0:00:01")],
)
def test_hours_in_words(seconds: int, text: str) -> None:
    assert in_hours(seconds) == text


SPANS = st.lists(st.dates(date(2026, 1, 1), date(2026, 6, 30)), min_size=3, max_size=3).map(sorted)
LOGGED = st.lists(
    st.builds(Logged, st.sampled_from(["anna", "bert", UNATTRIBUTED]), st.dates(date(2026, 1, 1), date(2026, 6, 30)),
              st.integers(1, 100_000)),
    max_size=30,
)  # fmt: skip


@given(LOGGED, SPANS, st.sampled_from([READ, FALLBACK]))
def test_every_second_is_in_one_account_or_in_nobodys(logged: list[Logged], days: list[date], standing: Standing) -> None:
    period = Period(days[0], days[2])
    found = made(logged, period, standing=standing)
    inside = [row for row in logged if period.first <= row.day <= period.last]
    assert sum(account.logged or 0 for account in found.accounts) + found.unattributed == sum(row.seconds for row in inside)
    for account in found.accounts:
        if account.balance is not None:
            assert account.logged is not None
            assert account.required == required_over([CONTRACT], period)
            assert account.balance == account.logged - account.required
    assert made(list(reversed(logged)), period, standing=standing) == found


@given(LOGGED.map(lambda logged: [row for row in logged if row.author_id == "anna"]), SPANS)
def test_balances_of_periods_add_up(logged: list[Logged], days: list[date]) -> None:
    first, middle, last = days[0], days[1], days[2] + ONE
    parts = [only(made(logged, part)) for part in (Period(first, middle), Period(middle + ONE, last))]
    whole = only(made(logged, Period(first, last)))
    assert whole.balance == sum(part.balance or 0 for part in parts)
    assert whole.required == sum(required([CONTRACT], Period(first, last)).values())
