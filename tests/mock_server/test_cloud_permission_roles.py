"""Permission roles of Tempo Cloud: Full and Restricted access, and the two roles that every team is born with."""

import io
import json
import shutil
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mock_server.errors import Unusable
from mock_server.storage import opening as opening_module
from mock_server.storage import permission_roles as rows
from mock_server.storage import tables
from mock_server.storage.opening import on_disk

ROOT = Path(__file__).parents[2]

BASE = "http://localhost/4"
ERICA = "5b10a2844c20165700ede220"
LAURA = "5b10a2844c20165700ede222"
BOB = "5b10a2844c20165700ede223"
DAVID = "5b10a2844c20165700ede224"
GRETA = "5b10a2844c20165700ede225"
NADIA = "712020:0b7e51c2-77aa-4d0e-9d43-6f1f0c2a9e11"
TECHNICAL = "712020:3ea184f5-aadd-4031-a076-9c4c3f5d2144"
VIEW = "permissions.worklog.view"
MANAGE = "permissions.team.manage"
KEYS = [f"permissions.{noun}.{verb}" for noun in ("plan", "worklog") for verb in ("view", "manage", "approve")] + [MANAGE]
FULL = {"name": "View Worklogs", "accessType": "GLOBAL", "permissionKeys": [VIEW], "permittedAccountIds": [TECHNICAL]}


def user(account_id: str) -> dict[str, str]:
    return {"self": f"http://localhost/rest/api/2/user?accountId={account_id}", "accountId": account_id}


def create(world: Any, who: str = "fred", **values: Any) -> dict[str, Any]:
    answer = world.cloud("POST", who, "permission-roles", {"name": "New", "accessType": "TEAM", **values})
    assert answer.status == 200, answer.text
    return answer.json


def listed(world: Any, who: str = "fred", path: str = "permission-roles") -> dict[str, dict[str, Any]]:
    answer = world.cloud("GET", who, path)
    assert answer.status == 200, answer.text
    return {f"{role['name']} {[team['id'] for team in role['accessEntities']]}": role for role in answer.json["results"]}


def accounts(role: dict[str, Any]) -> list[str]:
    return [person["accountId"] for person in role["permittedUsers"]]


def test_full_access_as_in_the_recipe(world: Any) -> None:
    made = create(world, **FULL)
    assert made == {
        "self": f"{BASE}/permission-roles/{made['id']}",
        "id": made["id"],
        "name": "View Worklogs",
        "accessType": "GLOBAL",
        "editable": True,
        "permissions": [{"key": VIEW}],
        "permittedUsers": [user(TECHNICAL)],
        "accessEntities": [],
    }
    assert world.cloud("GET", "fred", f"permission-roles/{made['id']}").json == made
    assert made in world.cloud("GET", "fred", "permission-roles/global").json["results"]


def test_restricted_access_names_its_teams(world: Any) -> None:
    made = create(world, accessEntityIds=[3, 1, 3], permissionKeys=[MANAGE, VIEW, VIEW], permittedAccountIds=[BOB, BOB])
    assert made["accessEntities"] == [{"self": f"{BASE}/teams/{n}", "id": n} for n in (1, 3)]
    assert made["permissions"] == [{"key": VIEW}, {"key": MANAGE}]
    assert made["permittedUsers"] == [user(BOB)]
    assert made["id"] not in [role["id"] for role in world.cloud("GET", "fred", "permission-roles/global").json["results"]]
    for team_id in (1, 3):
        assert made in world.cloud("GET", "fred", f"permission-roles?teamId={team_id}").json["results"]


def test_a_role_without_permissions_is_legal(world: Any) -> None:
    made = create(world)
    assert (made["permissions"], made["permittedUsers"], made["accessEntities"]) == ([], [], [])


def test_every_team_is_born_with_lead_and_member(world: Any) -> None:
    team = world.cloud("POST", "fred", "teams", {"name": "T", "leadAccountId": ERICA}).json
    world.cloud("POST", "fred", "team-memberships", {"accountId": BOB, "teamId": team["id"]})
    roles = listed(world, path=team["permissions"]["self"].removeprefix(f"{BASE}/"))
    lead, member = roles[f"Team Lead [{team['id']}]"], roles[f"Member [{team['id']}]"]
    assert [key["key"] for key in lead["permissions"]] == KEYS
    assert (accounts(lead), accounts(member), member["permissions"]) == ([ERICA], [BOB], [])
    for role in (lead, member):
        assert (role["accessType"], role["editable"]) == ("TEAM", False)
        body = {"name": "x", "accessType": "TEAM"}
        assert world.cloud("PUT", "fred", f"permission-roles/{role['id']}", body).status == 400
        assert world.cloud("DELETE", "fred", f"permission-roles/{role['id']}").status == 400
        assert world.cloud("GET", "fred", f"permission-roles/{role['id']}").json == role
    world.cloud("PUT", "fred", f"teams/{team['id']}", {"name": "T"})
    assert accounts(world.cloud("GET", "fred", f"permission-roles/{lead['id']}").json) == []


def test_roles_of_a_team_do_not_name_those_with_full_access(world: Any) -> None:
    create(world, **FULL)
    assert sorted(listed(world, path="permission-roles?teamId=3")) == ["Member [3]", "Planners [3]", "Team Lead [3]"]
    assert listed(world, path="permission-roles?teamId=99") == {}
    assert world.cloud("GET", "fred", "permission-roles?teamId=x").status == 400


def test_groups_of_a_role_are_their_people(world: Any) -> None:
    planners = listed(world)["Planners [3]"]
    assert accounts(planners) == [LAURA, NADIA]
    body = {"name": "Planners", "accessType": "TEAM", "permittedAccountIds": [LAURA], "accessEntityIds": [3]}
    assert accounts(world.cloud("PUT", "fred", f"permission-roles/{planners['id']}", body).json) == [LAURA]
    group = next(g for g in world.get("fred", "2/permissionGroups/team/3").json if g["name"] == "Planners")
    assert ([person["key"] for person in group["users"]], group["groups"]) == (["laura"], [])


def test_put_replaces_the_whole(world: Any) -> None:
    made = create(world, accessEntityIds=[1, 3], permissionKeys=[VIEW], permittedAccountIds=[BOB])
    path = f"permission-roles/{made['id']}"
    wider = world.cloud("PUT", "fred", path, {**FULL, "accessEntityIds": [3]}).json
    assert wider == {**wider, "accessType": "GLOBAL", "name": "View Worklogs", "accessEntities": []}
    bare = world.cloud("PUT", "fred", path, {"name": "Bare", "accessType": "TEAM"}).json
    assert (bare["id"], bare["permissions"], bare["permittedUsers"], bare["accessEntities"]) == (made["id"], [], [], [])
    assert world.cloud("GET", "fred", path).json == bare


UNKNOWN_KEY = (
    "There is no permission permissions.worklog.eat; there are permissions.plan.view, permissions.plan.manage, "
    "permissions.plan.approve, permissions.worklog.view, permissions.worklog.manage, permissions.worklog.approve, "
    "permissions.team.manage."
)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"name": None}, None),
        ({"name": ""}, None),
        ({"name": "  "}, "A permission role needs a name."),
        ({"name": "x" * 256}, "The name of a permission role has at most 255 characters."),
        ({"accessType": "SOME"}, None),
        ({"accessType": None}, None),
        ({"permissionKeys": ["permissions.worklog.eat"]}, UNKNOWN_KEY),
        ({"permittedAccountIds": ["nobody"]}, "User is invalid"),
        ({"accessEntityIds": [99]}, "Team with specified id does not exist."),
        ({"accessEntityIds": ["x"]}, None),
        ({"permittedAccountIds": BOB}, None),
    ],
)
def test_wrong_bodies_are_400_and_write_nothing(world: Any, body: dict[str, Any], message: str | None) -> None:
    made = create(world)
    before = len(world.audit())
    for method, path in (("POST", "permission-roles"), ("PUT", f"permission-roles/{made['id']}")):
        answer = world.cloud(method, "fred", path, {"name": "x", "accessType": "TEAM", **body})
        assert answer.status == 400, answer.text
        assert message is None or {"message": message} in answer.json["errors"]
    assert len(world.audit()) == before


def test_several_problems_come_as_several_messages(world: Any) -> None:
    body = {"name": "x", "accessType": "TEAM", "permissionKeys": ["k"], "accessEntityIds": [99], "permittedAccountIds": ["n"]}
    assert len(world.cloud("POST", "fred", "permission-roles", body).json["errors"]) == 3


def test_delete_is_204_once_and_404_after(world: Any) -> None:
    path = f"permission-roles/{create(world)['id']}"
    gone = world.cloud("DELETE", "fred", path)
    assert (gone.status, gone.body) == (204, b"")
    for method in ("GET", "PUT", "DELETE"):
        assert world.cloud(method, "fred", path, {"name": "x", "accessType": "TEAM"}).status == 404
    assert world.cloud("GET", "fred", "permission-roles/abc").status == 404


def test_role_goes_with_the_last_of_its_teams(world: Any) -> None:
    both = create(world, accessEntityIds=[1, 3])
    one = create(world, accessEntityIds=[3])
    everybody = create(world, **FULL)
    world.cloud("DELETE", "fred", "teams/3")
    assert world.cloud("GET", "fred", f"permission-roles/{both['id']}").json["accessEntities"][0]["id"] == 1
    assert world.cloud("GET", "fred", f"permission-roles/{one['id']}").status == 404
    assert world.cloud("GET", "fred", f"permission-roles/{everybody['id']}").status == 200
    assert listed(world, path="permission-roles?teamId=3") == {}


def test_pages_lead_to_each_other(world: Any) -> None:
    walked, path = [], "permission-roles?limit=2"
    while path:
        page = world.cloud("GET", "fred", path).json
        walked += [role["id"] for role in page["results"]]
        path = page["metadata"].get("next", "").removeprefix(f"{BASE}/")
    assert walked == [role["id"] for role in listed(world).values()]
    assert len(walked) > 2


def test_managers_see_the_roles_of_their_teams_and_administrators_all(make_world: Any) -> None:
    world = make_world()
    role = create(world, **FULL)
    assert {team["id"] for held in listed(world, "erica").values() for team in held["accessEntities"]} == {3}
    assert listed(world, "bob") == {} == listed(world, "erica", "permission-roles/global")
    assert world.cloud("GET", "erica", f"permission-roles/{role['id']}").status == 404
    open_world = make_world({"cloud.permissionRoles": "everybody"})
    assert listed(open_world, "greta").keys() == listed(open_world, "fred").keys()


@pytest.mark.parametrize(
    ("who", "teams", "status"),
    [
        ("erica", [3], 200),
        ("erica", [1], 403),
        ("erica", [1, 3], 403),
        ("erica", [], 403),
        ("bob", [3], 403),
        ("fred", [1, 3], 200),
    ],
)
def test_who_may_make_roles_over_teams(world: Any, who: str, teams: list[int], status: int) -> None:
    body = {"name": "x", "accessType": "TEAM", "accessEntityIds": teams}
    assert world.cloud("POST", who, "permission-roles", body).status == status


def test_a_manager_cannot_widen_a_role_beyond_the_own_team(world: Any) -> None:
    made = create(world, "erica", accessEntityIds=[3])
    path = f"permission-roles/{made['id']}"
    for wider in (FULL, {"name": "x", "accessType": "TEAM", "accessEntityIds": [1, 3]}):
        assert world.cloud("PUT", "erica", path, wider).status == 403
        assert world.cloud("POST", "erica", "permission-roles", wider).status == 403
    assert world.cloud("GET", "erica", path).json == made
    both = create(world, accessEntityIds=[1, 3])
    assert world.cloud("GET", "erica", f"permission-roles/{both['id']}").status == 200
    assert world.cloud("DELETE", "erica", f"permission-roles/{both['id']}").status == 403
    assert world.cloud("DELETE", "erica", path).status == 204


@pytest.mark.parametrize("access", ["TEAM", "GLOBAL"])
def test_manage_team_counts_on_both_deployments_until_it_is_taken_away(world: Any, access: str) -> None:
    assert world.put("greta", "2/team/3", {"summary": "s"}).status == 403
    more = {"accessEntityIds": [1, 3]} if access == "TEAM" else {}
    role = create(world, accessType=access, permissionKeys=[MANAGE], permittedAccountIds=[GRETA], **more)
    assert world.put("greta", "2/team/3", {"summary": "s"}).status == 200
    assert world.cloud("PUT", "greta", "teams/3", {"name": "G"}).status == 200
    world.cloud("PUT", "fred", f"permission-roles/{role['id']}", {"name": "x", "accessType": "TEAM", "accessEntityIds": [3]})
    assert world.put("greta", "2/team/3", {"summary": "s"}).status == 403


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "permission-roles", None),
        ("POST", "permission-roles", FULL),
        ("GET", "permission-roles/global", None),
        ("GET", "permission-roles/99", None),
        ("PUT", "permission-roles/99", FULL),
        ("DELETE", "permission-roles/99", None),
    ],
)
def test_token_and_scope_come_first(world: Any, method: str, path: str, body: Any) -> None:
    assert world.cloud(method, None, path, body).status == 401
    assert world.cloud(method, "viewer", path, body).status == 403
    assert world.audit() == []


def test_roles_over_several_teams_and_over_everybody_survive_export(world: Any, make_world: Any, tmp_path: Any) -> None:
    create(world, **FULL)
    create(world, accessEntityIds=[1, 3], permissionKeys=[VIEW], permittedAccountIds=[DAVID])
    create(world, accessEntityIds=[1], permittedAccountIds=[BOB])
    create(world, name="Nowhere")
    with zipfile.ZipFile(io.BytesIO(world.get(None, "/_mock/export").body)) as packed:
        packed.extractall(tmp_path)
    again = make_world(scenario=str(tmp_path))
    assert listed(again) == listed(world)


def scenario_with(folder: Any, *roles: dict[str, Any]) -> str:
    shutil.copytree(ROOT / "fixtures" / "guide", folder, dirs_exist_ok=True)
    (folder / "permission_roles.json").write_text(json.dumps(roles), encoding="utf-8")
    return str(folder)


def test_a_scenario_brings_roles_over_several_teams_and_over_everybody(make_world: Any, tmp_path: Any) -> None:
    full = {"id": 90, "name": "All", "access": "GLOBAL", "keys": [VIEW], "people": ["technical-user"], "groups": ["hr"]}
    world = make_world(scenario=scenario_with(tmp_path, full, {"name": "Two", "teams": [1, 3], "people": ["bob"]}))
    roles = listed(world)
    assert (roles["All []"]["id"], roles["All []"]["accessType"]) == (90, "GLOBAL")
    assert accounts(roles["All []"]) == [LAURA, NADIA, TECHNICAL]
    assert (accounts(roles["Two [1, 3]"]), roles["Two [1, 3]"]["editable"]) == ([BOB], True)


@pytest.mark.parametrize(
    "role",
    [
        {"name": "x", "access": "GLOBAL", "teams": [1]},
        {"name": "x", "teams": [99]},
        {"name": "x", "teams": [1, 1]},
        {"name": "x", "access": "SOME"},
        {"name": "x", "keys": ["permissions.worklog.eat"]},
        {"name": "x", "people": ["zoe"]},
        {"name": "x", "groups": ["nobodies"]},
        {"teams": [1]},
    ],
)
def test_a_scenario_with_a_wrong_role_is_refused_by_name(make_world: Any, tmp_path: Any, role: dict[str, Any]) -> None:
    with pytest.raises(Unusable, match=r"permission_roles\.json"):
        make_world(scenario=scenario_with(tmp_path, role))


def test_hand_made_roles_of_an_older_file_are_over_their_team(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = tables.STEPS
    for module in (tables, opening_module):
        monkeypatch.setattr(module, "STEPS", steps[:3])
    with closing(on_disk(tmp_path / "world.db")) as old, old.transaction():
        old.insert_row("teams", id=1, name="T")
        old.insert_row("permission_roles", id=5, name="Team Lead", team_id=1, built_in="lead")
        old.insert_row("permission_roles", id=6, name="Planners", team_id=1)
    for module in (tables, opening_module):
        monkeypatch.setattr(module, "STEPS", steps)
    with closing(on_disk(tmp_path / "world.db")) as new:
        assert [(role.id, role.team_id) for role in rows.of_team(new, 1)] == [(5, 1), (6, None)]
        assert rows.teams_of(new) == {6: [1]}
