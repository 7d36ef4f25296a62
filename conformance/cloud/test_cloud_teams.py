"""Teams, their members, links and generic resources; memberships; roles; permission roles."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from conformance import expect
from conformance.client import Caller
from conformance.cloud import beans
from conformance.cloud.bench import MEMBERSHIP, PERMISSION_ROLE, ROLE, TEAM, UNKNOWN, VIEW_WORKLOGS, Bench, account_of
from conformance.cloud.pages import everything, ids, metadata, results
from conformance.shapes import ListOf

Row = dict[str, Any]


@pytest.mark.requirement("cloud_teams.list.shape")
def test_listed_teams_have_published_shape(admin: Caller, team: Row) -> None:
    answer = admin.get("4/teams", [("limit", 1000)])
    expect.shape(answer, results(answer), ListOf(beans.TEAM), "results")


@pytest.mark.requirement("cloud_teams.list.holds-new")
def test_new_team_is_listed_once_as_it_is_read(admin: Caller, team: Row) -> None:
    answer = admin.get("4/teams", [("teamIds", team["id"])])
    expect.equal(answer, "results", results(answer), [expect.json_object(admin.get(TEAM.place(team["id"])))])


@pytest.mark.requirement("cloud_teams.list.by-name")
def test_teams_are_found_by_name(admin: Caller, team: Row, bench: Bench) -> None:
    other = bench.team()
    answer = admin.get("4/teams", [("name", team["name"])])
    expect.that(
        answer, team["id"] in ids(answer) and other["id"] not in ids(answer), "the team of that name", f"teams {ids(answer)}"
    )


@pytest.mark.requirement("cloud_teams.list.by-members")
def test_teams_are_found_by_their_members(admin: Caller, bench: Bench, team: Row, member: Caller) -> None:
    other = bench.team()
    bench.join(team, member)
    answer = admin.get("4/teams", [("teamMembers", account_of(member)), ("limit", 1000)])
    expect.that(answer, team["id"] in ids(answer), "the team of the member", f"teams {ids(answer)}")
    expect.that(answer, other["id"] not in ids(answer), "no team without the member", f"team {other['id']} is listed")


@pytest.mark.requirement("cloud_teams.list.memberships")
@pytest.mark.parametrize("asked", ["true", "false"])
def test_memberships_are_included_when_asked(admin: Caller, bench: Bench, team: Row, member: Caller, asked: str) -> None:
    made = bench.join(team, member, commitmentPercent=40)
    answer = admin.get("4/teams", [("teamIds", team["id"]), ("includeMemberships", asked)])
    found = results(answer)[0]["members"].get("teamMembers")
    if asked == "false":
        expect.that(answer, not found, "no members.teamMembers", "it is there")
        return
    expect.shape(answer, found, ListOf(beans.MEMBER_SUMMARY), "members.teamMembers")
    expect.equal(answer, "the accounts", [row["accountId"] for row in found], [member.user])
    told = [(row["id"], row["commitment"]) for row in found[0]["memberships"]]
    expect.equal(answer, "memberships", told, [(made["id"], 0.4)])


@pytest.mark.requirement("cloud_teams.create.defaults")
def test_new_team_is_public_and_not_administrative(admin: Caller, team: Row) -> None:
    answer = admin.get(TEAM.place(team["id"]))
    row = expect.json_object(answer)
    expect.equal(answer, "public, administrative", [row.get("public"), row.get("administrative")], [True, False])


@pytest.mark.requirement("cloud_teams.members.today")
def test_members_are_those_of_today(admin: Caller, bench: Bench, team: Row, member: Caller, outsider: Caller) -> None:
    made = bench.join(team, member)
    bench.join(team, outsider, **{"from": "2013-01-01", "to": "2013-02-01"})
    answer = admin.get(f"{TEAM.place(team['id'])}/members")
    rows = results(answer)
    expect.shape(answer, rows, ListOf(beans.TEAM_MEMBER), "results")
    found = [(row["member"]["accountId"], row["memberships"].get("active", {}).get("id")) for row in rows]
    expect.equal(answer, "the members", found, [(member.user, made["id"])])


@pytest.mark.requirement("cloud_teams.links.page")
def test_links_of_a_new_team_are_an_empty_page(admin: Caller, team: Row) -> None:
    answer = admin.get(f"{TEAM.place(team['id'])}/links")
    expect.equal(answer, "results", results(answer), [])
    expect.shape(answer, metadata(answer), beans.PAGED_METADATA, "metadata")


@pytest.mark.requirement("cloud_teams.resources.shape")
def test_generic_resources_of_a_team_have_published_shape(admin: Caller, team: Row) -> None:
    answer = admin.get(f"{TEAM.place(team['id'])}/generic-resources")
    expect.shape(answer, expect.json_object(answer), beans.GENERIC_RESOURCES)


@pytest.mark.requirement("cloud_teams.delete.members-too")
def test_memberships_go_with_their_team_or_keep_it(admin: Caller, bench: Bench, team: Row, member: Caller) -> None:
    made = bench.join(team, member)
    answer = expect.status(admin.delete(TEAM.place(team["id"])), 204, 400)
    if answer.ok:
        expect.status(admin.get(MEMBERSHIP.place(made["id"])), 404)


@pytest.mark.requirement("cloud_memberships.to.exclusive")
@pytest.mark.parametrize("inclusive", [False, True])
def test_last_day_is_told_in_both_ways(admin: Caller, bench: Bench, team: Row, member: Caller, inclusive: bool) -> None:
    made = bench.join(team, member, **{"from": "2013-01-04", "to": "2013-06-01", "useInclusiveEndDate": inclusive})
    answer = admin.get(MEMBERSHIP.place(made["id"]))
    row = expect.json_object(answer)
    last = datetime.date(2013, 6, 1) if inclusive else datetime.date(2013, 5, 31)
    wanted = [(last + datetime.timedelta(1)).isoformat(), last.isoformat()]
    expect.equal(answer, "to, inclusiveTo", [row.get("to"), row.get("inclusiveTo")], wanted)


@pytest.mark.requirement("cloud_memberships.open.no-dates")
def test_open_membership_has_no_end(admin: Caller, bench: Bench, team: Row, member: Caller) -> None:
    made = bench.join(team, member)
    answer = admin.get(MEMBERSHIP.place(made["id"]))
    there = [name for name in ("to", "inclusiveTo") if name in expect.json_object(answer)]
    expect.equal(answer, "the ends of an open membership", there, [])


@pytest.mark.requirement("cloud_memberships.commitment.range")
@pytest.mark.parametrize("percent", [-1, 101])
def test_commitment_outside_a_hundred_is_refused(bench: Bench, team: Row, member: Caller, percent: int) -> None:
    body = {"teamId": team["id"], "accountId": account_of(member), "commitmentPercent": percent}
    expect.status(bench.make(MEMBERSHIP, body), 400)


@pytest.mark.requirement("cloud_memberships.role.given")
def test_role_of_a_membership_is_the_one_given(admin: Caller, bench: Bench, team: Row, member: Caller) -> None:
    role = bench.made(ROLE, {"name": bench.name()})
    made = bench.join(team, member, roleId=role["id"])
    answer = admin.get(MEMBERSHIP.place(made["id"]))
    expect.equal(answer, "role.id", expect.json_object(answer)["role"].get("id"), role["id"])


@pytest.mark.requirement("cloud_memberships.unknown.refused")
@pytest.mark.parametrize("name", ["teamId", "accountId", "roleId"])
def test_membership_of_something_unknown_is_refused(bench: Bench, team: Row, member: Caller, name: str) -> None:
    body = {"teamId": team["id"], "accountId": account_of(member), name: "nobody" if name == "accountId" else UNKNOWN}
    answer = bench.make(MEMBERSHIP, body)
    expect.that(answer, answer.status in (400, 404), "status 400 or 404", f"status {answer.status}")


@pytest.mark.requirement("cloud_memberships.team.all")
def test_list_of_a_team_holds_past_memberships_too(admin: Caller, bench: Bench, team: Row, member: Caller) -> None:
    past = bench.join(team, member, **{"from": "2013-01-01", "to": "2013-02-01"})
    later = bench.join(team, member, **{"from": "2014-01-01"})
    answer = admin.get(f"4/team-memberships/team/{team['id']}")
    expect.same_set(answer, "the memberships", ids(answer), [past["id"], later["id"]])
    expect.shape(answer, results(answer), ListOf(beans.MEMBERSHIP), "results")


@pytest.mark.requirement("cloud_memberships.search.filters")
def test_search_obeys_all_its_filters(admin: Caller, bench: Bench, team: Row, member: Caller, outsider: Caller) -> None:
    other = bench.team()
    wanted = bench.join(team, member)
    bench.join(team, outsider)
    bench.join(other, member)
    body = {"teamIds": [team["id"]], "accountIds": [account_of(member)]}
    answer = admin.post("4/team-memberships/search", body)
    expect.equal(answer, "the memberships", ids(answer), [wanted["id"]])


@pytest.mark.requirement("cloud_roles.list.shape")
def test_listed_roles_have_published_shape(admin: Caller) -> None:
    answer = admin.get(ROLE.path)
    expect.shape(answer, results(answer), ListOf(beans.ROLE), "results")


@pytest.mark.requirement("cloud_roles.list.holds-new")
def test_new_role_is_listed_and_is_not_the_default(admin: Caller, bench: Bench) -> None:
    made = bench.made(ROLE, {"name": bench.name()})
    answer = admin.get(ROLE.path)
    found = [(row["id"], row["default"]) for row in results(answer) if row["id"] == made["id"]]
    expect.equal(answer, "the new role and whether it is the default", found, [(made["id"], False)])


@pytest.mark.requirement("cloud_roles.default.is-listed")
def test_default_role_is_the_one_marked_in_the_list(admin: Caller) -> None:
    answer = admin.get(f"{ROLE.path}/default")
    default = expect.json_object(answer)
    expect.shape(answer, default, beans.ROLE)
    marked = [row["id"] for row in results(admin.get(ROLE.path)) if row.get("default")]
    expect.equal(answer, "the default role", marked, [default["id"]])


@pytest.mark.requirement("cloud_roles.name.unique")
def test_name_of_a_role_is_taken_once(bench: Bench) -> None:
    made = bench.made(ROLE, {"name": bench.name()})
    expect.status(bench.make(ROLE, {"name": made["name"]}), 400)


@pytest.mark.requirement("cloud_permission_roles.list.shape")
@pytest.mark.parametrize("path", ["4/permission-roles", "4/permission-roles/global"])
def test_listed_permission_roles_have_published_shape(admin: Caller, bench: Bench, path: str) -> None:
    bench.grant(admin)
    answer = admin.get(path, [("limit", 1000)])
    expect.shape(answer, results(answer), ListOf(beans.PERMISSION_ROLE), "results")


@pytest.mark.requirement("cloud_permission_roles.global.only-global")
def test_global_list_holds_roles_over_everybody_alone(admin: Caller, bench: Bench, team: Row) -> None:
    everybody, one_team = bench.grant(admin), bench.grant(admin, [team])
    answer = admin.get("4/permission-roles/global", [("limit", 1000)])
    found = [number for number in ids(answer) if number in (everybody["id"], one_team["id"])]
    expect.equal(answer, "which of the two new roles are listed", found, [everybody["id"]])


@pytest.mark.requirement("cloud_permission_roles.team.born-with-two")
def test_new_team_has_a_role_of_its_lead_and_one_of_its_members(admin: Caller, team: Row) -> None:
    answer = admin.get("4/permission-roles", [("teamId", team["id"])])
    rows = results(answer)
    expect.equal(answer, "how many roles a new team has", len(rows), 2)
    expect.equal(answer, "whether they may be changed", [row.get("editable") for row in rows], [False, False])
    held = sorted(bool(row.get("permissions")) for row in rows)
    expect.equal(answer, "whether they hold permissions", held, [False, True])


@pytest.mark.requirement("cloud_permission_roles.team.lists-its-own")
def test_roles_of_a_team_are_those_over_it(admin: Caller, bench: Bench, team: Row) -> None:
    mine, other = bench.grant(admin, [team]), bench.grant(admin, [bench.team()])
    answer = admin.get("4/permission-roles", [("teamId", team["id"])])
    expect.that(
        answer, mine["id"] in ids(answer) and other["id"] not in ids(answer), f"role {mine['id']}", f"roles {ids(answer)}"
    )


@pytest.mark.requirement("cloud_permission_roles.create.editable")
def test_role_made_by_hand_may_be_changed(admin: Caller, bench: Bench) -> None:
    made = bench.grant(admin)
    answer = admin.get(PERMISSION_ROLE.place(made["id"]))
    expect.equal(answer, "editable", expect.json_object(answer).get("editable"), True)


@pytest.mark.requirement("cloud_permission_roles.create.refused")
@pytest.mark.parametrize(
    "change",
    [{"accessType": "SOME"}, {"accessType": "TEAM", "accessEntityIds": [UNKNOWN]}],
    ids=["access unknown", "team unknown"],
)
def test_impossible_permission_role_is_refused(bench: Bench, admin: Caller, change: Row) -> None:
    body = {
        "name": bench.name(),
        "accessType": "GLOBAL",
        "permissionKeys": [VIEW_WORKLOGS],
        "permittedAccountIds": [account_of(admin)],
    }
    expect.status(bench.make(PERMISSION_ROLE, {**body, **change}), 400)


@pytest.mark.requirement("cloud_permission_roles.list.holds-new")
def test_new_permission_role_is_listed_as_it_is_read(admin: Caller, bench: Bench) -> None:
    made = bench.grant(admin)
    found = [row for row in everything(admin, "4/permission-roles") if row["id"] == made["id"]]
    answer = admin.get(PERMISSION_ROLE.place(made["id"]))
    expect.equal(answer, "the role as listed", found, [expect.json_object(answer)])
