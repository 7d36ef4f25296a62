"""Memberships: their own resource, and the views of a person, of a team in a window of time, of several teams."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import beans, expect
from conformance.client import Caller
from conformance.datacenter.bench import MEMBERS_OF_TEAMS, Bench, Team
from conformance.datacenter.items import by_name, day, normal, part, the_one
from conformance.shapes import ListOf


def _of_user(caller: Caller, user: str) -> Any:
    return caller.get(f"rest/tempo-teams/2/user/{user}/memberships")


def _in(items: list[dict[str, Any]], team: Team) -> list[dict[str, Any]]:
    return [item for item in items if item.get("teamId") == team.id]


def _membership(added: dict[str, Any]) -> dict[str, Any]:
    return part(added, "membership")


def _path(team: Team, added: dict[str, Any], membership_id: object = "") -> str:
    return f"{team.members}/{added['id']}/membership/{membership_id}".rstrip("/")


def _ids(team: Team, added: dict[str, Any]) -> dict[str, Any]:
    return {"teamMemberId": added["id"], "teamId": team.id}


def _second(team: Team, added: dict[str, Any], role: object = 1) -> dict[str, Any]:
    """A membership that does not overlap the one `bench.add` made with an end in 2013."""
    return {
        **_ids(team, added),
        "availability": "70",
        "role": {"id": role},
        "dateFrom": "2014-02-01",
        "dateTo": "2014-05-31",
    }


@pytest.mark.requirement("memberships.of-user.shape")
def test_memberships_of_user_are_bare_array(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    added = bench.add(team, member.user)
    answer = _of_user(admin, member.user)
    found = _in(expect.objects(answer), team)
    expect.equal(answer, f"how many memberships are in team {team.id}", len(found), 1)
    expect.shape(answer, found[0], beans.MEMBERSHIP)
    expect.equal(answer, "id", found[0]["id"], _membership(added).get("id"))
    expect.equal(answer, "teamMemberId", found[0]["teamMemberId"], added["id"])


@pytest.mark.requirement("memberships.create.answers-membership")
def test_second_membership_is_answered_and_read_back(
    admin: Caller, bench: Bench, team: Team, member: Caller, roles: list[dict[str, Any]]
) -> None:
    added = bench.add(team, member.user, dateFrom="2013-01-04", dateTo="2013-06-30")
    answer = admin.post(_path(team, added), _second(team, added, roles[0]["id"]))
    made = expect.json_object(answer)
    expect.shape(answer, made, beans.MEMBERSHIP)
    expect.equal(answer, "teamMemberId", made["teamMemberId"], added["id"])
    expect.equal(answer, "dateFrom", day(made, "dateFrom"), "2014-02-01")
    expect.equal(answer, "availability", made["availability"], "70")
    listed = _of_user(admin, member.user)
    ids = [found.get("id") for found in _in(expect.objects(listed), team)]
    expect.same_set(listed, f"membership ids in team {team.id}", ids, [_membership(added).get("id"), made["id"]])


@pytest.mark.requirement("memberships.update.changes")
def test_updated_membership_reads_back_changed(
    admin: Caller, bench: Bench, team: Team, member: Caller, another_role: dict[str, Any]
) -> None:
    added = bench.add(team, member.user, dateFrom="2013-01-04", dateTo="", availability="100")
    number = _membership(added).get("id")
    changed = {"availability": "25", "dateFrom": "2013-02-05", "dateTo": "", "role": {"id": another_role["id"]}}
    body = {"id": number, **_ids(team, added), **changed}
    answer = admin.put(_path(team, added, number), body)
    expect.shape(answer, expect.json_object(answer), beans.MEMBERSHIP)
    listed = admin.get(team.members)
    found = _membership(the_one(listed, expect.objects(listed), member.user))
    expect.equal(listed, "membership.id", found.get("id"), number)
    expect.equal(listed, "membership.availability", str(found.get("availability")), "25")
    expect.equal(listed, "membership.dateFrom", day(found, "dateFrom"), "2013-02-05")
    expect.equal(listed, "membership.role.id", part(found, "role").get("id"), another_role["id"])


@pytest.mark.requirement("memberships.delete.gone")
def test_deleted_second_membership_is_gone(
    admin: Caller, bench: Bench, team: Team, member: Caller, roles: list[dict[str, Any]]
) -> None:
    added = bench.add(team, member.user, dateFrom="2013-01-04", dateTo="2013-06-30")
    made = expect.json_object(admin.post(_path(team, added), _second(team, added, roles[0]["id"])))
    expect.no_body(expect.success(admin.delete(_path(team, added, made.get("id")))))
    answer = _of_user(admin, member.user)
    ids = [found.get("id") for found in _in(expect.objects(answer), team)]
    expect.same_set(answer, f"membership ids in team {team.id}", ids, [_membership(added).get("id")])


@pytest.mark.requirement("memberships.delete.last-removes-member")
def test_member_without_membership_leaves_the_list(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    added = bench.add(team, member.user)
    expect.success(admin.delete(_path(team, added, _membership(added).get("id"))))
    answer = admin.get(team.members)
    expect.that(answer, not by_name(expect.objects(answer), member.user), f"no item for {member.user}", "it is still listed")


@pytest.mark.requirement("memberships.window.of-person")
def test_memberships_in_window_name_their_team(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    added = bench.add(team, member.user, dateFrom="2013-01-04", dateTo="2013-06-30")
    answer = admin.get(f"rest/tempo-teams/2/teammember/{member.user}/memberships", {"from": "2013-03-01", "to": "2013-03-31"})
    found = [item for item in expect.objects(answer) if part(item, "team").get("id") == team.id]
    expect.equal(answer, f"how many memberships are in team {team.id}", len(found), 1)
    expect.shape(answer, found[0]["team"], beans.TEAM_REFERENCE, "team")
    expect.equal(answer, "team.name", found[0]["team"]["name"], team.name)
    expect.equal(answer, "id", found[0].get("id"), _membership(added).get("id"))


@pytest.mark.requirement("memberships.window.of-person")
def test_memberships_outside_window_are_left_out(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    bench.add(team, member.user, dateFrom="2013-01-04", dateTo="2013-06-30")
    answer = admin.get(f"rest/tempo-teams/2/teammember/{member.user}/memberships", {"from": "2014-03-01", "to": "2014-03-31"})
    found = [item for item in expect.objects(answer) if part(item, "team").get("id") == team.id]
    expect.equal(answer, f"how many memberships are in team {team.id}", len(found), 0)


@pytest.mark.requirement("memberships.window.of-team")
def test_team_in_window_lists_people_with_memberships(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    added = bench.add(team, member.user, dateFrom="2013-01-04", dateTo="2013-06-30")
    answer = admin.get(f"rest/tempo-teams/2/teammember/team/{team.id}/members", {"from": "2013-03-01", "to": "2013-03-31"})
    content = expect.json_object(answer)
    expect.shape(answer, content, beans.MEMBERSHIPS_WINDOW)
    people = {person["name"]: person for person in content["teamMembers"]}
    expect.same_set(answer, "the names", list(people), [member.user])
    ids = [membership["id"] for membership in people[member.user]["memberships"]]
    expect.equal(answer, "the membership ids", ids, [_membership(added).get("id")])


@pytest.mark.requirement("memberships.of-teams.flat")
def test_members_of_several_teams_are_one_flat_array(admin: Caller, bench: Bench, member: Caller, lead: Caller) -> None:
    first, second = bench.team(), bench.team()
    bench.add(first, member.user)
    bench.add(second, lead.user)
    answer = admin.post(MEMBERS_OF_TEAMS, {"ids": [first.id, second.id], "onlyActive": True})
    items = [normal(item) for item in expect.objects(answer)]
    expect.shape(answer, items, ListOf(beans.USER_ITEM))
    pairs = [(item["member"]["name"], item["membership"]["teamId"]) for item in items]
    expect.same_set(answer, "names with team ids", pairs, [(member.user, first.id), (lead.user, second.id)])


@pytest.mark.requirement("memberships.of-teams.ids-as-text")
def test_members_of_several_teams_by_ids_as_text(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    bench.add(team, member.user)
    answer = admin.post(MEMBERS_OF_TEAMS, {"ids": [str(team.id)]})
    the_one(answer, expect.objects(answer), member.user)


@pytest.mark.requirement("memberships.of-teams.only-active")
@pytest.mark.parametrize(
    ("extra", "times"),
    [({}, 1), ({"onlyActive": False}, 1), ({"onlyActive": True}, 0)],
    ids=["default", "false", "true"],
)
def test_members_of_several_teams_keep_past_unless_told(
    admin: Caller, bench: Bench, team: Team, member: Caller, extra: dict[str, bool], times: int
) -> None:
    bench.add(team, member.user, dateFrom="2013-01-04", dateTo="2013-06-30")
    answer = admin.post(MEMBERS_OF_TEAMS, {"ids": [team.id], **extra})
    expect.equal(answer, f"how often {member.user} is listed", len(by_name(expect.objects(answer), member.user)), times)


@pytest.mark.requirement("memberships.vocabulary.no-cloud-words")
def test_memberships_speak_no_cloud_vocabulary(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    bench.add(team, member.user)
    for answer in (_of_user(admin, member.user), admin.post(MEMBERS_OF_TEAMS, {"ids": [team.id]})):
        expect.without_members(expect.success(answer), beans.CLOUD_WORDS)
