"""Permission groups of a team. Their keys, holders and who may read them stay out: nothing public says it."""

from __future__ import annotations

import pytest

from conformance import beans, expect
from conformance.client import Caller
from conformance.datacenter.bench import Bench, Team
from conformance.datacenter.items import part
from conformance.shapes import ListOf


@pytest.mark.requirement("permissiongroups.list.shape")
def test_permission_groups_are_bare_array_of_groups(admin: Caller, bench: Bench, lead: Caller, member: Caller) -> None:
    team = bench.team(lead=lead.user)
    bench.add(team, member.user)
    answer = admin.get(team.permission_groups)
    expect.shape(answer, expect.json_list(answer), ListOf(beans.PERMISSION_GROUP))


@pytest.mark.requirement("permissiongroups.list.shape")
def test_permission_groups_of_existing_teams_have_published_shape(admin: Caller, existing: list[Team]) -> None:
    for team in existing:
        answer = admin.get(team.permission_groups)
        if answer.status != 404:  # somebody may delete a team meanwhile
            expect.shape(answer, expect.json_list(answer), ListOf(beans.PERMISSION_GROUP))


@pytest.mark.requirement("permissiongroups.list.defaults")
def test_new_team_has_lead_with_everything_and_member_with_nothing(admin: Caller, team: Team) -> None:
    answer = admin.get(team.permission_groups)
    groups = {str(group.get("name")): part(group, "permissions") for group in expect.objects(answer)}
    for name, held in (("Team Lead", True), ("Member", False)):
        expect.that(answer, name in groups, f"a permission group called {name}", f"the groups {', '.join(groups) or '(none)'}")
        others = [key for key, value in groups[name].items() if value is not held]
        expect.equal(answer, f"the permissions of {name} that are not {str(held).lower()}", others, [])
    expect.that(answer, groups["Team Lead"], "permissions by key for Team Lead", "none")


@pytest.mark.requirement("permissiongroups.vocabulary.no-cloud-words")
def test_permission_groups_speak_no_cloud_vocabulary(admin: Caller, team: Team) -> None:
    expect.without_members(expect.success(admin.get(team.permission_groups)), beans.CLOUD_WORDS)
