"""Apps at the level of the organisation: installing and disconnecting."""

from __future__ import annotations

import json

import pytest

from conformance import expect
from conformance.staff.office import GITHUB, Office


@pytest.mark.requirement("staff.connect.not-before-installed")
def test_nobody_is_connected_before_the_app_is_installed(office: Office) -> None:
    people = office.people(2)
    for person in people:
        office.account_of(person)
    answer = office.ask(people)
    expect.that(answer, answer.ok or 400 <= answer.status < 500, "a run or a refusal", f"status {answer.status}")
    if answer.ok:
        answer = office.ended(answer)
        expect.equal(answer, "connected", expect.json_object(answer).get("connected"), 0)
    expect.equal(answer, "who is connected afterwards", sorted(office.connected()), [])


@pytest.mark.requirement("staff.install.told")
def test_installed_app_is_told_as_installed(office: Office) -> None:
    before = office.is_installed()
    answer = expect.success(office.put_app(office.key()))
    expect.equal(answer, "installed before and after", [before, office.is_installed()], [False, True])


@pytest.mark.requirement("staff.install.needs-permission")
def test_app_without_its_permissions_is_not_installed(office: Office) -> None:
    key = office.key()
    office.permit(granted=False)
    answer = office.put_app(key)
    expect.equal(answer, "whether the app is installed afterwards", office.is_installed(), False)
    expect.that(answer, not answer.ok, "a refusal", f"status {answer.status}")


@pytest.mark.requirement("staff.install.names-what-lacks")
def test_refusal_to_install_names_each_prerequisite_not_met(office: Office) -> None:
    key = office.key()
    office.permit(granted=False)
    listed = office.admin.get("_mock/apps")
    (app,) = [row for row in expect.objects(listed) if row.get("provider") == GITHUB]
    lacking = [row["title"] for row in app["prerequisites"] if not row["met"]]
    expect.that(listed, lacking, "a prerequisite that is not met", "all are")
    answer = expect.status(office.put_app(key), 400)
    said = json.dumps(answer.json(), ensure_ascii=False)
    expect.equal(answer, "prerequisites without a word", [title for title in lacking if title not in said], [])


@pytest.mark.requirement("staff.install.needs-a-key")
@pytest.mark.parametrize("key", ["", "no-key-of-this-provider"], ids=["none", "unknown"])
def test_app_is_not_installed_with_a_wrong_key(office: Office, key: str) -> None:
    answer = expect.status(office.put_app(key), 400)
    expect.equal(answer, "whether the app is installed afterwards", office.is_installed(), False)


@pytest.mark.requirement("staff.disconnect.everybody")
def test_disconnecting_the_app_disconnects_everybody(office: Office) -> None:
    office.install()
    people = office.people(2)
    for person in people:
        office.account_of(person)
    office.connect(people)
    member = office.connect_member()
    expect.that(member, len(office.connected()) == 3, "three people who are connected", f"{len(office.connected())}")
    answer = expect.success(office.admin.delete(f"_mock/apps/{GITHUB}"))
    expect.equal(answer, "who is connected afterwards", sorted(office.connected()), [])


@pytest.mark.requirement("staff.disconnect.not-installed")
def test_disconnected_app_connects_nobody_any_more(office: Office) -> None:
    office.install()
    (person,) = office.people(1)
    office.account_of(person)
    answer = expect.success(office.admin.delete(f"_mock/apps/{GITHUB}"))
    expect.equal(answer, "whether the app is installed", office.is_installed(), False)
    begun = office.ask([person])
    if begun.ok:
        office.ended(begun)
    expect.equal(answer, "who is connected afterwards", sorted(office.connected()), [])
