"""Time accounts by day, week, month and team."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.contracts import required_by_person
from integration.time_accounts import UNATTRIBUTED, Books, statement
from integration.time_views import BY_TIME, NO_TEAM, buckets, by_team, by_time, sums
from integration.worklogs import Contract, Logged, Period, Standing, TeamPeriod, TimeAccount, Visible

HOUR = 3600
EIGHT = 8 * HOUR
ONE = timedelta(days=1)
SUNDAY = date(2026, 3, 1)
FULL = (0, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, 0)
READ = Standing("tempo", None, True, (), "2026-03-08T00:00:00Z", Visible(2, 2, ()))
CONTRACTS = tuple(Contract(person, date(2025, 1, 1), None, FULL) for person in ("anna", "bert"))
NAMES = {1: "Red", 2: "Blue"}


def books(period: Period, contracts: tuple[Contract, ...] = CONTRACTS, standing: Standing = READ) -> Books:
    return Books(standing, required_by_person(contracts, period))


@pytest.mark.parametrize(
    ("first", "last", "by", "parts"),
    [
        ("2026-03-01", "2026-03-02", "day", ["2026-03-01 2026-03-01 2026-03-01", "2026-03-02 2026-03-02 2026-03-02"]),
        # Weeks begin on Monday, and are cut off where the period is.
        ("2026-03-01", "2026-03-10", "week", ["2026-W09 2026-03-01 2026-03-01", "2026-W10 2026-03-02 2026-03-08",
                                              "2026-W11 2026-03-09 2026-03-10"]),
        # The first days of January may be in a week of the year before, and the last of December in one of the next.
        ("2027-01-01", "2027-01-04", "week", ["2026-W53 2027-01-01 2027-01-03", "2027-W01 2027-01-04 2027-01-04"]),
        ("2024-12-30", "2024-12-31", "week", ["2025-W01 2024-12-30 2024-12-31"]),
        ("2024-01-15", "2024-03-01", "month", ["2024-01 2024-01-15 2024-01-31", "2024-02 2024-02-01 2024-02-29",
                                               "2024-03 2024-03-01 2024-03-01"]),
        ("2025-12-31", "2026-01-01", "month", ["2025-12 2025-12-31 2025-12-31", "2026-01 2026-01-01 2026-01-01"]),
        ("2026-03-02", "2026-03-01", "day", []),
        ("9999-12-30", "9999-12-31", "week", ["9999-W52 9999-12-30 9999-12-31"]),
        ("9999-12-30", "9999-12-31", "month", ["9999-12 9999-12-30 9999-12-31"]),
        ("9999-12-31", "9999-12-31", "day", ["9999-12-31 9999-12-31 9999-12-31"]),
    ],
)  # fmt: skip
def test_parts(first: str, last: str, by: str, parts: list[str]) -> None:
    found = buckets(Period(date.fromisoformat(first), date.fromisoformat(last)), by)
    assert [f"{bucket.label} {bucket.period.first} {bucket.period.last}" for bucket in found] == parts


def test_there_are_no_other_parts() -> None:
    with pytest.raises(ValueError, match="year is none of day, week, month"):
        buckets(Period(SUNDAY, SUNDAY), "year")


def test_accounts_by_week() -> None:
    period = Period(SUNDAY, SUNDAY + 14 * ONE)
    logged = [Logged("anna", SUNDAY + number * ONE, EIGHT) for number in range(1, 6)]
    found = by_time(books(period, CONTRACTS[:1]), logged, period, "week")
    assert [bucket.label for bucket, _ in found] == ["2026-W09", "2026-W10", "2026-W11"]
    assert [[account.balance for account in part.accounts] for _, part in found] == [[0], [0], [-5 * EIGHT]]


def test_what_is_known_beyond_the_period_does_not_matter() -> None:
    period, beyond = Period(SUNDAY, SUNDAY + ONE), Period(SUNDAY - 9 * ONE, SUNDAY + 9 * ONE)
    logged = [Logged("anna", SUNDAY + number * ONE, EIGHT) for number in range(-9, 9)]
    assert by_time(books(beyond), logged, period, "day") == by_time(books(period), logged, period, "day")
    assert statement(books(beyond), logged, period) == statement(books(period), logged, period)


def test_hours_at_work_by_day() -> None:
    period = Period(SUNDAY, SUNDAY + ONE)
    merged = {"anna": {SUNDAY: HOUR, SUNDAY + ONE: 2 * HOUR}}
    logged = [Logged("anna", SUNDAY, HOUR), Logged("anna", SUNDAY + ONE, EIGHT)]
    found = by_time(replace(books(period, CONTRACTS[:1]), merged=merged), logged, period, "day")
    assert [account.merged for _, part in found for account in part.accounts] == [HOUR, 2 * HOUR]
    assert [account.notes for _, part in found for account in part.accounts] == [
        (),
        ("worklogs overlap: 2:00 h at work, 8:00 h booked",),
    ]


def test_a_year_of_many_people_by_day_is_not_quadratic() -> None:
    people = [f"p{number}" for number in range(200)]
    period = Period(date(2026, 1, 1), date(2026, 12, 31))
    contracts = tuple(Contract(person, date(2025, 1, 1), None, FULL) for person in people)
    logged = [Logged(person, date(2026, 3, 2), EIGHT) for person in people]
    looked = 0

    class Counted(dict[date, int]):
        def items(self) -> Any:
            nonlocal looked
            looked += len(self)
            return super().items()

    required = {person: Counted(days) for person, days in required_by_person(contracts, period).items()}
    found = by_time(Books(READ, required), logged, period, "day")
    assert len(found) == 365
    assert looked == 365 * len(people)


DAYS = st.dates(date(2025, 12, 1), date(2026, 3, 31))
LOGGED = st.lists(st.builds(Logged, st.sampled_from(["anna", "bert", UNATTRIBUTED]), DAYS, st.integers(1, 90_000)), max_size=20)


@given(LOGGED, DAYS, DAYS, st.sampled_from(BY_TIME))
def test_parts_add_up_to_the_whole(logged: list[Logged], one: date, other: date, by: str) -> None:
    period = Period(min(one, other), max(one, other))
    whole = statement(books(period), logged, period)
    parts = [part for _, part in by_time(books(period), logged, period, by)]
    assert sum(part.unattributed for part in parts) == whole.unattributed
    for account in whole.accounts:
        own = [mine for part in parts for mine in part.accounts if mine.account_id == account.account_id]
        assert sum(mine.logged or 0 for mine in own) == (account.logged or 0)
        assert sum(mine.required or 0 for mine in own) == account.required


WEEK = Period(SUNDAY, SUNDAY + 6 * ONE)
WORK = [Logged(person, SUNDAY + number * ONE, EIGHT) for person in ("anna", "bert") for number in range(1, 6)]


def member(team: int, person: str, first: date | None = None, last: date | None = None) -> TeamPeriod:
    return TeamPeriod(team, person, first, last)


def teams(
    *memberships: TeamPeriod, standing: Standing = READ, contracts: tuple[Contract, ...] = CONTRACTS
) -> list[TimeAccount]:
    return list(by_team(books(WEEK, contracts, standing), WORK, WEEK, memberships, NAMES))


def told(accounts: list[TimeAccount]) -> list[tuple[str, int | None, int | None, int | None]]:
    hours = [[None if n is None else n // HOUR for n in (a.logged, a.required, a.balance)] for a in accounts]
    return [(account.name, *numbers) for account, numbers in zip(accounts, hours, strict=True)]  # type: ignore[misc]


def test_a_team_has_the_days_on_which_people_are_in_it() -> None:
    wednesday = SUNDAY + 3 * ONE
    found = teams(member(1, "anna"), member(2, "bert", None, wednesday), member(1, "bert", wednesday + ONE))
    assert told(found) == [("Blue", 24, 24, 0), ("Red", 56, 56, 0)]
    assert [account.account_id for account in found] == ["2", "1"]


def test_who_is_in_no_team_is_not_lost() -> None:
    found = teams(member(1, "anna", SUNDAY + 2 * ONE, SUNDAY + 3 * ONE))
    assert told(found) == [("Red", 16, 16, 0), ("no team", 64, 64, 0)]
    assert found[1].account_id == NO_TEAM


def test_who_is_in_two_teams_counts_in_both() -> None:
    found = teams(member(1, "anna"), member(2, "anna"), member(3, "bert"), member(4, "nobody"))
    assert told(found) == [("3", 40, 40, 0), ("4", 0, None, None), ("Blue", 40, 40, 0), ("Red", 40, 40, 0)]


def test_two_periods_of_one_person_in_one_team() -> None:
    found = teams(member(1, "anna", None, SUNDAY + ONE), member(1, "anna", SUNDAY + ONE), member(1, "bert"))
    assert told(found) == [("Red", 80, 80, 0)]


def test_a_team_with_somebody_unseen_has_no_balance() -> None:
    standing = READ._replace(complete=False, visible=Visible(1, 2, ("bert",)))
    red, blue = teams(member(1, "bert"), member(1, "anna"), member(2, "anna"), standing=standing)[::-1]
    assert told([red, blue]) == [("Red", 40, 80, None), ("Blue", 40, 40, 0)]
    assert red.at_least
    assert not blue.at_least
    assert red.notes == ("it is not known what was logged by bert",)
    (only,) = [team for team in teams(member(1, "bert"), member(2, "anna"), standing=standing) if team.name == "Red"]
    assert (only.logged, only.required, only.balance) == (None, 40 * HOUR, None)


def test_somebody_unseen_is_missed_only_where_they_were_in_the_team() -> None:
    standing = READ._replace(complete=False, visible=Visible(1, 2, ("bert",)))
    memberships = [member(1, "anna"), member(1, "bert", WEEK.last + ONE), member(2, "bert", None, WEEK.last)]
    found = by_team(Books(standing, {}, "schedule"), [], WEEK, memberships, NAMES)
    assert [(team.name, team.logged, team.at_least) for team in found] == [("Blue", None, True), ("Red", 0, False)]


def test_a_team_with_somebody_without_a_contract_has_no_balance() -> None:
    (red,) = teams(member(1, "anna"), member(1, "bert"), contracts=CONTRACTS[:1])
    assert told([red]) == [("Red", 80, 40, None)]
    assert red.notes == ("nothing is required of bert",)


def test_work_that_is_nobodys_may_be_of_every_team() -> None:
    rows = [*WORK, Logged(UNATTRIBUTED, SUNDAY, HOUR)]
    found = by_team(books(WEEK), rows, WEEK, [member(1, "anna"), member(2, "bert")], NAMES)
    assert [(team.logged, team.balance, team.at_least) for team in found] == [(40 * HOUR, None, True)] * 2


def test_sums_by_issue() -> None:
    assert [tuple(one) for one in sums([("10", 5), ("", 1), ("20", 7), ("10", 2)], at_least=True)] == [
        ("10", 7, True),
        ("20", 7, True),
        ("", 1, True),
    ]
