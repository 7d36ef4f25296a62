"""People who could not be connected: why, how they are found, and how it is mended."""

from __future__ import annotations

import pytest

from conformance import expect
from conformance.calls import Answer
from conformance.staff.office import GITHUB, Office, Row, ids

FAILED = {"integration": "failed", "provider": GITHUB}
each_cause = pytest.mark.parametrize("kind", ["mismatch", "insufficient-permission", "network"])
PUBLISHED_AND_OWN = ("mismatch", "insufficient-permission", "network", "hidden-email", "ambiguous", "key-expired")


def _one_of_two(office: Office, kind: str) -> tuple[Row, Row, Answer]:
    """A run over two people of whom the second fails in a way: both, and the run."""
    office.install()
    good, bad = office.people(2)
    office.account_of(good)
    _prevent(office, bad, kind)
    return good, bad, office.connect([good, bad])


def _prevent(office: Office, person: Row, kind: str) -> None:
    """From now on somebody cannot be connected."""
    if kind == "insufficient-permission":
        office.account_of(person, accessible=False)
    elif kind == "hidden-email":
        office.account_of(person, emailHidden=True)
    elif kind == "ambiguous":
        office.account_of(person)
        office.account("second-account", email=person["email"], displayName="Second Account")
    elif kind in ("network", "key-expired"):
        office.account_of(person)
        office.arm(kind, person)


@pytest.mark.requirement("staff.failure.others-connected")
@each_cause
def test_people_beside_a_failed_one_are_connected(office: Office, kind: str) -> None:
    good, _, answer = _one_of_two(office, kind)
    expect.same_set(answer, "who is connected", office.connected(), ids([good]))


@pytest.mark.requirement("staff.failure.reason")
@each_cause
def test_failed_person_alone_has_an_error_message(office: Office, kind: str) -> None:
    _, bad, answer = _one_of_two(office, kind)
    found = {key: bool(str(one.get("message") or "").strip()) for key, one in office.failures().items()}
    expect.equal(answer, "who has a failure, and whether it has a message", found, {bad["accountId"]: True})


@pytest.mark.requirement("staff.failure.helps")
@each_cause
def test_error_message_says_whom_it_is_about(office: Office, kind: str) -> None:
    _, bad, _ = _one_of_two(office, kind)
    answer = office.staff(FAILED)
    message = str(office.failures().get(bad["accountId"], {}).get("message"))
    known = [bad["email"], bad["name"], bad["displayName"]]
    expect.that(answer, any(text in message for text in known), f"a message with one of {known}", message)


@pytest.mark.requirement("staff.failure.kinds")
@pytest.mark.parametrize("kind", PUBLISHED_AND_OWN)
def test_failures_of_different_kinds_are_told_apart(office: Office, kind: str) -> None:
    _, bad, answer = _one_of_two(office, kind)
    expect.equal(answer, "the kind of the failure", office.failures().get(bad["accountId"], {}).get("kind"), kind)


@pytest.mark.requirement("staff.failure.filter")
def test_filter_of_failed_shows_exactly_those(office: Office) -> None:
    office.install()
    people = office.people(3)
    office.account_of(people[0])
    office.connect(people)
    answer = office.staff(FAILED)
    expect.same_set(answer, "who is shown", office.shown(FAILED), ids(people[1:]))
    expect.equal(answer, "total", expect.json_object(answer).get("total"), 2)


@pytest.mark.requirement("staff.failure.connected-filter")
def test_filter_of_connected_shows_exactly_those(office: Office) -> None:
    office.install()
    people = office.people(3)
    office.account_of(people[0])
    office.account_of(people[1])
    office.connect(people)
    query = {"integration": "connected", "provider": GITHUB}
    expect.same_set(office.staff(query), "who is shown", office.shown(query), ids(people[:2]))


@pytest.mark.requirement("staff.failure.cleared")
def test_success_ends_the_failure_of_a_person(office: Office) -> None:
    office.install()
    good, bad = people = office.people(2)
    office.connect(people)
    first = sorted(office.failures())
    expect.equal(office.staff(FAILED), "who failed at first", first, sorted(ids(people)))
    office.account_of(good)
    answer = office.connect(people)
    expect.equal(answer, "who failed at last", sorted(office.failures()), ids([bad]))
    expect.same_set(office.staff(FAILED), "who is shown by the filter", office.shown(FAILED), ids([bad]))


@pytest.mark.requirement("staff.failure.nobody-connected")
def test_run_that_connected_nobody_names_what_to_look_at(office: Office) -> None:
    office.install()
    people = office.people(2)
    office.permit(granted=False)
    answer = office.connect(people)
    run = expect.json_object(answer)
    expect.equal(answer, "connected and failed", [run.get("connected"), run.get("failed")], [0, 2])
    summary = str(run.get("summary")).lower()
    expect.that(answer, "install" in summary and "permission" in summary, "a word of installation and permissions", summary)
