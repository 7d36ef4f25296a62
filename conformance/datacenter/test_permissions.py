"""Team permissions: who holds them, and what Browse Team opens."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import beans, expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.datacenter.bench import APPROVE, BROWSE, TEAMS_1, TEAMS_2, Bench, Group, Team
from conformance.datacenter.items import part


def _holders(answer: Answer) -> tuple[list[Any], list[Any]]:
    """Login names and group names of the holders."""
    bean = expect.json_object(answer)
    users, groups = bean.get("users"), bean.get("groups")
    expect.that(
        answer,
        isinstance(users, list) and isinstance(groups, list),
        "lists of users and groups",
        f"users = {users}, groups = {groups}",
    )
    return [part({"user": user}, "user").get("name") for user in users or ()], list(groups or ())


def _listed(caller: Caller, path: str, team: Team) -> tuple[Answer, bool]:
    answer = caller.get(path)
    return answer, any(item.get("id") == team.id for item in expect.objects(answer))


@pytest.mark.requirement("permissions.update.answers-permission")
def test_update_answers_the_permission_with_people(
    admin: Caller, team: Team, member: Caller, lead: Caller, group: Group
) -> None:
    body = {"id": APPROVE, "teamId": str(team.id), "groups": [group.name], "users": [member.user, lead.user]}
    answer = admin.put(team.permission(APPROVE), body)
    expect.shape(answer, expect.json_object(answer), beans.PERMISSION)
    users, groups = _holders(answer)
    expect.same_set(answer, "the users", users, [member.user, lead.user])
    expect.same_set(answer, "the groups", groups, [group.name])


@pytest.mark.requirement("permissions.read.shape")
@pytest.mark.parametrize("key", [APPROVE, BROWSE])
def test_permission_has_printed_shape(admin: Caller, bench: Bench, team: Team, member: Caller, key: str) -> None:
    bench.grant(team, key, users=[member.user])
    answer = admin.get(team.permission(key))
    bean = expect.json_object(answer)
    expect.shape(answer, bean, beans.PERMISSION)
    expect.equal(answer, "id", bean["id"], key)
    expect.equal(answer, "teamId", bean["teamId"], team.id)


@pytest.mark.requirement("permissions.read.approve-constants")
def test_approve_permission_has_printed_name_and_weight(admin: Caller, team: Team) -> None:
    answer = admin.get(team.permission(APPROVE))
    bean = expect.json_object(answer)
    expect.equal(answer, "name", bean.get("name"), "Approve Timesheet")
    expect.equal(answer, "weight", bean.get("weight"), 10)


@pytest.mark.requirement("permissions.update.read-back")
def test_updated_permission_reads_back(admin: Caller, bench: Bench, team: Team, member: Caller, lead: Caller) -> None:
    bench.grant(team, APPROVE, users=[lead.user, member.user])
    answer = admin.get(team.permission(APPROVE))
    users, groups = _holders(answer)
    expect.same_set(answer, "the users", users, [member.user, lead.user])
    expect.same_set(answer, "the groups", groups, [])


@pytest.mark.requirement("permissions.update.replaces")
def test_update_removes_holders_it_does_not_name(
    admin: Caller, bench: Bench, team: Team, member: Caller, lead: Caller, group: Group
) -> None:
    bench.grant(team, APPROVE, users=[member.user], groups=[group.name])
    bench.grant(team, APPROVE, users=[lead.user])
    answer = admin.get(team.permission(APPROVE))
    users, groups = _holders(answer)
    expect.same_set(answer, "the users", users, [lead.user])
    expect.same_set(answer, "the groups", groups, [])


@pytest.mark.requirement("permissions.update.one-key-only")
def test_update_leaves_other_permissions_alone(admin: Caller, bench: Bench, team: Team, member: Caller, lead: Caller) -> None:
    bench.grant(team, BROWSE, users=[member.user])
    bench.grant(team, APPROVE, users=[lead.user])
    answer = admin.get(team.permission(BROWSE))
    expect.same_set(answer, "the users", _holders(answer)[0], [member.user])


@pytest.mark.requirement("permissions.read.administrators-only")
def test_permission_is_not_shown_to_browsers(bench: Bench, team: Team, outsider: Caller) -> None:
    bench.grant(team, BROWSE, users=[outsider.user])
    expect.status(outsider.get(team.permission(APPROVE)), 403)


@pytest.mark.requirement("permissions.vocabulary.no-cloud-words")
def test_permission_speaks_no_cloud_vocabulary(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    bench.grant(team, APPROVE, users=[member.user])
    expect.without_members(expect.success(admin.get(team.permission(APPROVE))), beans.CLOUD_WORDS)


@pytest.mark.requirement("permissions.browse.list-filtered")
@pytest.mark.parametrize("path", [TEAMS_1, TEAMS_2], ids=["v1", "v2"])
def test_team_is_listed_only_while_browse_is_granted(bench: Bench, team: Team, outsider: Caller, path: str) -> None:
    answer, there = _listed(outsider, path, team)
    expect.that(answer, not there, f"a list without team {team.id}, which {outsider.user} may not browse", "it is listed")
    bench.grant(team, BROWSE, users=[outsider.user])
    answer, there = _listed(outsider, path, team)
    expect.that(answer, there, f"team {team.id} in the list, now that {outsider.user} holds Browse Team", "it is not listed")
    bench.grant(team, BROWSE)
    answer, there = _listed(outsider, path, team)
    expect.that(answer, not there, f"a list without team {team.id}, for Browse Team was taken away", "it is listed")


@pytest.mark.requirement("permissions.browse.by-group")
def test_team_is_listed_for_members_of_granted_group(bench: Bench, team: Team, member: Caller) -> None:
    answer = member.get("rest/api/2/myself", {"expand": "groups"})
    groups = [item.get("name") for item in part(expect.json_object(answer), "groups").get("items") or ()]
    if not groups:
        pytest.skip(f"{member.user} is in no Jira group")
    bench.grant(team, BROWSE, groups=[str(groups[0])])
    answer, there = _listed(member, TEAMS_2, team)
    expect.that(answer, there, f"team {team.id} in the list: {member.user} is in the group {groups[0]}", "it is not listed")


@pytest.mark.requirement("permissions.browse.team-and-members")
@pytest.mark.parametrize("path", [f"{TEAMS_1}/{{}}", f"{TEAMS_2}/{{}}", f"{TEAMS_2}/{{}}/member"], ids=["v1", "v2", "members"])
def test_team_is_read_only_while_browse_is_granted(bench: Bench, team: Team, outsider: Caller, path: str) -> None:
    expect.status(outsider.get(path.format(team.id)), 403, 404)
    bench.grant(team, BROWSE, users=[outsider.user])
    expect.status(outsider.get(path.format(team.id)), 200)


@pytest.mark.requirement("permissions.browse.lead-holds-it")
def test_lead_browses_without_being_granted(bench: Bench, lead: Caller) -> None:
    team = bench.team(lead=lead.user)
    answer, there = _listed(lead, TEAMS_2, team)
    expect.that(answer, there, f"team {team.id} in the list of its lead", "it is not listed")
    expect.status(lead.get(team.members), 200)


WRITES = {
    "create-v1": ("POST", TEAMS_1),
    "create-v2": ("POST", TEAMS_2),
    "update": ("PUT", "{team}"),
    "delete": ("DELETE", "{team}"),
    "add": ("POST", "{team}/member"),
    "deactivate": ("PUT", "{team}/member/{member}/deactivate"),
    "remove": ("DELETE", "{team}/member/{member}"),
    "grant": ("PUT", "{grant}"),
}


@pytest.mark.requirement("permissions.write.administrators-only")
@pytest.mark.parametrize("write", WRITES)
def test_write_by_non_administrator_is_forbidden_and_changes_nothing(
    admin: Caller, bench: Bench, team: Team, member: Caller, outsider: Caller, write: str
) -> None:
    added = bench.add(team, member.user)
    bench.grant(team, BROWSE, users=[outsider.user])
    paths = (team.path, team.members, team.permission(APPROVE))
    before = [expect.success(admin.get(path)).json() for path in paths]
    method, path = WRITES[write]
    bodies: dict[str, dict[str, Any]] = {
        "create-v1": {"name": bench.name(), "lead": outsider.user},
        "create-v2": {"name": bench.name(), "lead": outsider.user},
        "update": {"name": bench.name()},
        "add": {
            "member": {"name": outsider.user, "type": "USER"},
            "membership": {"dateFrom": "2013-01-04", "dateTo": "", "availability": "100"},
        },
        "grant": {"id": APPROVE, "teamId": team.id, "groups": [], "users": [outsider.user]},
    }
    address = path.format(team=team.path, member=added["id"], grant=team.permission(APPROVE))
    answer = bench.adopt(_send(outsider, method, address, bodies.get(write)))
    expect.status(answer, 403)
    for path, was in zip(paths, before, strict=True):
        answer = admin.get(path)
        expect.equal(answer, "what is stored", expect.success(answer).json(), was)


def _send(caller: Caller, method: str, path: str, body: dict[str, Any] | None) -> Answer:
    if method == "POST":
        return caller.post(path, body)
    return caller.put(path, body) if method == "PUT" else caller.delete(path)
