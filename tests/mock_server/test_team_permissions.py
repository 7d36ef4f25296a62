"""Team permissions of the older kind: reading them, replacing their holders, and what Browse Team then opens."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures"
APPROVE_KEY, BROWSE_KEY = "tempo.timesheets.approve.timesheet", "tempo.teams.browse.team"
APPROVE, BROWSE = f"2/permission/team/3/{APPROVE_KEY}", f"2/permission/team/3/{BROWSE_KEY}"


def holders(answer: Any) -> tuple[set[str], set[str]]:
    """Names of the users and the groups who hold the permission; the order of users is nobody's promise."""
    assert answer.status == 200, answer.text
    users = [user["name"] for user in answer.json["users"]]
    groups = answer.json["groups"]
    assert len(users) == len(set(users))
    assert len(groups) == len(set(groups))
    return set(users), set(groups)


def test_permission_is_shown_with_its_holders(world: Any) -> None:
    answer = world.get("fred", BROWSE)
    assert answer.status == 200
    assert answer.json == {
        "id": BROWSE_KEY,
        "teamId": 3,
        "name": "Browse Team",
        "description": "Permission to browse team information",
        "weight": 5,
        "groups": [],
        "users": [
            {
                "name": "laura",
                "avatar": {
                    "16x16": "/jira/secure/useravatar?size=xsmall&avatarId=10139",
                    "48x48": "/jira/secure/useravatar?avatarId=10139",
                },
                "jiraUser": True,
                "displayname": "Laura Penn",
            }
        ],
    }
    assert holders(world.get("fred", APPROVE)) == ({"erica", "john", "laura"}, {"cloud-dev-user"})
    assert world.get("fred", APPROVE).json["weight"] == 10
    assert holders(world.get("fred", f"2/permission/team/1/{APPROVE_KEY}")) == ({"laura"}, set())


@pytest.mark.parametrize(
    ("body", "users", "groups"),
    [
        ({"users": ["bob"], "groups": ["hr"]}, {"bob"}, {"hr"}),
        ({"id": APPROVE_KEY, "teamId": "3", "users": ["bob"], "groups": []}, {"bob"}, set()),
        ({"users": ["bob", "erica"]}, {"bob", "erica"}, set()),
        ({"groups": ["hr", "cloud-dev-user"]}, set(), {"hr", "cloud-dev-user"}),
        ({"users": None, "groups": None}, set(), set()),
        ({}, set(), set()),
        ({"users": ["bob", "bob"], "groups": ["hr", "hr"]}, {"bob"}, {"hr"}),
        ({"users": ["JIRAUSER10100", "nadia"]}, {"nadia"}, set()),
        ({"users": ["olaf"]}, {"olaf"}, set()),
        ({"id": "another", "teamId": 1, "users": ["bob"]}, {"bob"}, set()),
    ],
)
def test_update_replaces_every_holder(world: Any, body: Any, users: set[str], groups: set[str]) -> None:
    elsewhere = [world.get("fred", path).json for path in (BROWSE, f"2/permission/team/1/{APPROVE_KEY}")]
    answer = world.put("fred", APPROVE, body)
    assert holders(answer) == (users, groups)
    assert (answer.json["id"], answer.json["teamId"], answer.json["weight"]) == (APPROVE_KEY, 3, 10)
    assert world.get("fred", APPROVE).json == answer.json
    assert [world.get("fred", path).json for path in (BROWSE, f"2/permission/team/1/{APPROVE_KEY}")] == elsewhere


def test_same_update_twice_is_the_same(world: Any) -> None:
    body = {"users": ["erica", "john", "laura"], "groups": ["cloud-dev-user"]}
    assert world.put("fred", APPROVE, body).json == world.put("fred", APPROVE, body).json


@pytest.mark.parametrize("who", ["erica", "laura", "bob", "greta"])
def test_only_team_administrators_read_and_write_permissions(world: Any, who: str) -> None:
    for path in (APPROVE, BROWSE):
        for answer in (world.get(who, path), world.put(who, path, {"users": [who]})):
            assert answer.status == 403
            assert answer.fields == {}
    assert world.audit() == []


def browsable(world: Any, who: str) -> list[int]:
    """Ids of the teams that the person sees, held against the single reads."""
    found = [team["id"] for team in world.get(who, "2/team").json]
    for team_id in (1, 3):
        assert world.get(who, f"2/team/{team_id}").status == (200 if team_id in found else 403)
    return found


def test_grant_to_a_user_opens_the_team_until_it_is_taken_back(world: Any) -> None:
    assert browsable(world, "greta") == []
    world.put("fred", BROWSE, {"users": ["greta"]})
    assert (browsable(world, "greta"), browsable(world, "laura")) == ([3], [])
    world.put("fred", BROWSE, {"users": []})
    assert browsable(world, "greta") == []


def test_grant_to_a_group_opens_the_team_for_its_people(world: Any) -> None:
    assert browsable(world, "bob") == [1]
    world.put("fred", BROWSE, {"groups": ["cloud-dev-user"]})
    assert [browsable(world, who) for who in ("bob", "david", "greta", "laura")] == [[3, 1], [3, 1], [], []]
    world.put("fred", BROWSE, {"groups": ["hr"]})
    assert [browsable(world, who) for who in ("bob", "laura", "nadia")] == [[1], [3], [3, 1]]


def test_other_permissions_do_not_open_the_team(world: Any) -> None:
    world.put("fred", APPROVE, {"users": ["greta"], "groups": ["jira-software-users"]})
    assert browsable(world, "greta") == []


def test_lead_and_administrator_need_no_grant(world: Any) -> None:
    world.put("fred", BROWSE, {})
    assert (browsable(world, "erica"), browsable(world, "fred")) == ([3], [3, 1])


def test_grant_opens_reading_and_nothing_else(world: Any) -> None:
    world.put("fred", BROWSE, {"users": ["greta"]})
    for path in ("1/team/3", "2/team/3", "2/team/3/member", "2/team/3/member/4", "2/teammember/team/3/members"):
        assert world.get("greta", path).status == 200
    assert world.put("greta", "2/team/3", {"name": "Mine"}).status == 403
    assert world.delete("greta", "2/team/3/member/4").status == 403
    assert world.get("greta", BROWSE).status == 403


def test_grants_of_a_removed_team_are_gone(world: Any) -> None:
    world.delete("fred", "2/team/3")
    assert world.get("fred", BROWSE).status == 404
    assert world.get("laura", "2/team").json == []


def test_keys_are_data(make_world: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "more"
    shutil.copytree(FIXTURES / "guide", folder)
    file = folder / "team_permissions.json"
    new = {"key": "tempo.planner.plan.time", "name": "Plan Time", "description": "Permission to plan", "weight": 3}
    file.write_text(json.dumps([*json.loads(file.read_text(encoding="utf-8")), new]), encoding="utf-8")
    world = make_world(scenario=str(folder))
    answer = world.put("fred", "2/permission/team/1/tempo.planner.plan.time", {"users": ["bob"]})
    assert holders(answer) == ({"bob"}, set())
    assert (answer.json["name"], answer.json["weight"], answer.json["teamId"]) == ("Plan Time", 3, 1)
    assert holders(world.get("fred", "2/permission/team/3/tempo.planner.plan.time")) == (set(), set())


@pytest.mark.parametrize("key", ["tempo.teams.browse", "TEMPO.TEAMS.BROWSE.TEAM", "x", "%20", "tempo.teams.browse.team%00"])
def test_unknown_key_is_404(world: Any, key: str) -> None:
    for answer in (world.get("fred", f"2/permission/team/3/{key}"), world.put("fred", f"2/permission/team/3/{key}", {})):
        assert answer.status == 404
        assert answer.fields == {}
