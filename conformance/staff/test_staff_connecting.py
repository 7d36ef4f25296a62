"""Connecting people: the selected ones, their icons, and how a run is told."""

from __future__ import annotations

import pytest

from conformance import expect
from conformance.staff.office import GITHUB, Office, icons, ids


@pytest.mark.requirement("staff.connect.selected-alone")
def test_connecting_selected_people_connects_nobody_else(office: Office) -> None:
    office.install()
    people = office.people(3)
    for person in people:
        office.account_of(person)
    answer = office.connect(people[:2])
    expect.same_set(answer, "who is connected", office.connected(), ids(people[:2]))


@pytest.mark.requirement("staff.connect.found-alone")
def test_connecting_people_of_a_search_connects_nobody_else(office: Office) -> None:
    office.install()
    people = office.people(3)
    for person in people:
        office.account_of(person)
    sought = {"search": people[0]["email"]}
    found = set(ids(people)) & set(office.shown(sought))
    answer = expect.status(office.admin.post("_mock/staff/connect", {"provider": GITHUB, "filter": sought}), 202)
    expect.that(answer, ids(people)[0] in found and len(found) < 3, "a search that finds one of three people", f"{len(found)}")
    expect.same_set(office.ended(answer), "who is connected", office.connected(), found)


@pytest.mark.requirement("staff.connect.run-adds-up")
def test_run_tells_how_many_were_connected(office: Office) -> None:
    office.install()
    people = office.people(3)
    for person in people[:2]:
        office.account_of(person)
    answer = office.connect(people)
    run = expect.json_object(answer)
    told = [run.get(name) for name in ("provider", "total", "done", "connected", "failed")]
    expect.equal(answer, "provider, total, done, connected, failed", told, [GITHUB, 3, 3, 2, 1])


@pytest.mark.requirement("staff.connect.twice")
def test_connecting_connected_people_again_changes_nothing(office: Office) -> None:
    office.install()
    (person,) = people = office.people(1)
    office.account_of(person)
    office.connect(people)
    before = office.shown()[person["accountId"]]
    answer = office.connect(people)
    expect.equal(answer, "the icons", icons(before), [GITHUB])
    expect.equal(answer, "the row", office.shown()[person["accountId"]], before)


@pytest.mark.requirement("staff.connect.email-any-case")
def test_address_in_other_case_is_matched_all_the_same(office: Office) -> None:
    office.install()
    (person,) = people = office.people(1)
    office.account_of(person, email=person["email"].swapcase())
    answer = office.connect(people)
    expect.same_set(answer, "who is connected", office.connected(), ids(people))


@pytest.mark.requirement("staff.icons.own-apps")
def test_rows_have_icons_of_connected_apps_alone(office: Office) -> None:
    office.install()
    people = office.people(3)
    for person in people:
        office.account_of(person)
    office.connect(people[:2])
    answer = office.staff()
    rows = office.shown()
    found = [icons(rows[key]) for key in ids(people)]
    expect.equal(answer, "the icons of two connected people and a third", found, [[GITHUB], [GITHUB], []])


@pytest.mark.requirement("staff.icons.self-connected")
def test_self_connected_person_has_the_icon_too(office: Office) -> None:
    office.install()
    answer = office.connect_member()
    expect.same_set(answer, "who has the icon", office.connected(), [office.member.user])


@pytest.mark.requirement("staff.icons.by-whom")
def test_icons_say_whether_the_person_made_the_connection(office: Office) -> None:
    office.install()
    (person,) = people = office.people(1)
    office.account_of(person)
    office.connect(people)
    office.connect_member()
    rows = office.shown()
    told = [[app.get("by") for app in rows[key]["apps"]] for key in (person["accountId"], office.member.user)]
    expect.equal(office.staff(), "by whom they are connected", told, [["organisation"], ["self"]])


@pytest.mark.requirement("staff.journal.providers")
def test_journal_shows_whom_the_provider_was_asked_about(office: Office) -> None:
    office.install()
    people = office.people(2)
    office.account_of(people[0])
    office.connect(people)
    answer = office.outside.get("_mock/journal", {"limit": 1000})
    calls = [row for row in expect.json_object(answer)["entries"] if f"/providers/{GITHUB}/api/" in row["path"]]
    for person in people:
        about = [row for row in calls if f"for {person['name']}:" in str(row["reasons"])]
        expect.that(answer, about, f"a call to the provider for {person['name']}", f"none among {len(calls)} calls")


@pytest.mark.requirement("staff.journal.no-keys")
def test_key_of_an_app_is_told_only_once(office: Office) -> None:
    key = office.key()
    expect.success(office.put_app(key))
    people = office.people(2)
    office.account_of(people[0])
    office.connect(people)
    places = [(office.outside, "_mock/journal"), (office.outside, f"_mock/providers/{GITHUB}"), (office.admin, "_mock/apps")]
    for who, path in places:
        answer = expect.success(who.get(path))
        expect.that(answer, key not in answer.text, "an answer without the key", "the key stands in it")
