"""Mapping people to accounts of GitHub by a file."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conformance import expect
from conformance.calls import Answer
from conformance.staff.office import GITHUB, Office, Row, filled, ids

Table = list[list[str]]
UNRELATED = "nobody@elsewhere.example"


def _failed(office: Office, number: int) -> list[Row]:
    """So many people who failed at GitHub, each with an account under an address that nobody has; the first name is spare."""
    office.install()
    people = office.people(number)
    for person in people:
        office.account_of(person, email=UNRELATED)
    office.connect(people)
    expect.same_set(office.staff(), "who failed", office.failures(), ids(people))
    return people


@pytest.mark.requirement("staff.map.selected-failed")
def test_map_file_holds_exactly_the_selected_failed(office: Office) -> None:
    office.install()
    good, selected, other = people = office.people(3)
    office.account_of(good)
    office.connect(people)
    rows = office.map_of([good, selected])
    listed = [row[0] for row in rows[1:]]
    expect.equal(office.staff(), "the Tempo account ids of the file", listed, [selected["accountId"]])
    everybody = [row[0] for row in office.map_of([])[1:]]
    expect.same_set(office.staff(), "those where nobody is selected", everybody, ids([selected, other]))


@pytest.mark.requirement("staff.map.account-ids")
def test_header_of_map_file_names_account_id_and_login(office: Office) -> None:
    people = _failed(office, 1)
    header = office.map_of(people)[0]
    expect.equal(office.staff(), "the first and the last column", header[::3], ["tempo_account_id", "github_username"])


@pytest.mark.requirement("staff.map.maps")
def test_uploaded_map_file_connects_its_people(office: Office) -> None:
    people = _failed(office, 3)
    logins = office.logins(people[:2])
    answer = expect.success(office.upload(filled(office.map_of(people[:2]), logins)))
    rows = office.shown()
    told = {key: [app.get("account") for app in rows[key]["apps"]] for key in ids(people)}
    third = people[2]["accountId"]
    expect.equal(answer, "their accounts", told, {key: [login] for key, login in logins.items()} | {third: []})
    expect.equal(answer, "who has failed still", sorted(office.failures()), [third])


def _unknown_login(rows: Table) -> Table:
    return [*rows[:2], [*rows[2][:-1], "no-such-account"]]


def _unknown_person(rows: Table) -> Table:
    return [*rows[:2], ["no-such-account-id", *rows[2][1:]]]


def _no_login(rows: Table) -> Table:
    return [*rows[:2], [*rows[2][:-1], ""]]


def _login_twice(rows: Table) -> Table:
    return [*rows[:2], [*rows[2][:-1], rows[1][-1]]]


def _person_twice(rows: Table) -> Table:
    return [*rows[:2], [rows[1][0], *rows[2][1:]]]


def _formula(rows: Table) -> Table:
    return [*rows[:2], [*rows[2][:-1], "=1+1"]]


wrong_row = pytest.mark.parametrize(
    "change", [_unknown_login, _unknown_person, _no_login, _login_twice, _person_twice, _formula]
)


def _refused(office: Office, change: Callable[[Table], Table]) -> tuple[list[Row], Answer]:
    people = _failed(office, 2)
    rows = filled(office.map_of(people), office.logins(people))
    return people, office.upload(change(rows))


@pytest.mark.requirement("staff.map.wrong-rows")
@wrong_row
def test_wrong_row_is_refused_with_its_number(office: Office, change: Callable[[Table], Table]) -> None:
    _, answer = _refused(office, change)
    errors = expect.status(answer, 400).json().get("errors")
    expect.that(answer, isinstance(errors, list), "a list called errors", f"errors = {errors!r}")
    expect.equal(answer, "the numbers of the rows", [one.get("row") for one in errors], [3])
    expect.that(answer, all(one.get("message") for one in errors), "a message for each", f"{errors}")


@pytest.mark.requirement("staff.map.wrong-rows")
def test_wrong_header_is_refused_as_row_1(office: Office) -> None:
    _, answer = _refused(office, lambda rows: [["who", *rows[0][1:]], *rows[1:]])
    errors = expect.status(answer, 400).json().get("errors")
    expect.equal(answer, "the numbers of the rows", [one.get("row") for one in errors or []], [1])


@pytest.mark.requirement("staff.map.all-or-nothing")
@wrong_row
def test_wrong_row_leaves_all_rows_undone(office: Office, change: Callable[[Table], Table]) -> None:
    people, answer = _refused(office, change)
    expect.equal(answer, "who is connected", sorted(office.connected()), [])
    expect.same_set(answer, "who has failed", office.failures(), ids(people))


@pytest.mark.requirement("staff.map.again")
def test_map_file_that_is_uploaded_again_changes_nothing(office: Office) -> None:
    people = _failed(office, 2)
    rows = filled(office.map_of(people), office.logins(people))
    expect.success(office.upload(rows))
    before = office.shown()
    expect.same_set(office.staff(), "who is connected", office.connected(GITHUB), ids(people))
    answer = expect.success(office.upload(rows))
    expect.equal(answer, "the list of people", office.shown() == before, True)
