"""Permissions of a team without a browser: what is built in or over more teams is read, the rest is changed, APIs follow."""

from typing import Any

import pytest

from mock_server.access import TEAM_PERMISSION_KEYS

from .page_visitor import Document, Visitor

PAGE = "/teams/3/permissions"
PLANNERS = 5
"""Over team 3 alone; Laura and a group hold it."""

VIEW = "permissions.worklog.view"


@pytest.fixture
def erica(world: Any) -> Visitor:
    """The lead of team 3, who is no administrator of anything."""
    found = Visitor(world)
    found.sign_in("erica")
    return found


def account(world: Any, name: str) -> str:
    found: str = world.site.store.value("SELECT account_id FROM people WHERE name = ?", (name,))
    return found


def roles_of(world: Any) -> dict[str, dict[str, Any]]:
    found = world.cloud("GET", "fred", "permission-roles?teamId=3&limit=100").json["results"]
    return {role["name"]: role for role in found}


def make(world: Any, name: str, team_ids: list[int], *who: str, access: str = "TEAM", keys: tuple[str, ...] = (VIEW,)) -> int:
    body = {"name": name, "accessType": access, "accessEntityIds": team_ids, "permissionKeys": list(keys)}
    made = world.cloud("POST", "fred", "permission-roles", body | {"permittedAccountIds": [account(world, w) for w in who]})
    assert made.status == 200, made.text
    found: int = made.json["id"]
    return found


def test_the_matrix_has_every_role_over_the_team_with_what_it_gives(world: Any, erica: Visitor) -> None:
    page = Document(erica.get(PAGE).text)
    heads = [w.strip() for w in page.words]
    for name in ("Team Lead", "Member", "Planners", "View Worklogs", "View Plans"):
        assert name in heads
    assert "Built in" in heads
    assert "Read-only" in heads
    assert "Erica Jefferson" in heads
    assert "Everybody in the team" in heads
    assert "Full" in heads


@pytest.mark.parametrize("key", TEAM_PERMISSION_KEYS)
def test_a_role_gives_what_the_box_says(world: Any, erica: Visitor, key: str) -> None:
    erica.get(f"{PAGE}/new")
    given = {"name": "Deputies", "permissions": [key], "people": [account(world, "greta")]}
    assert erica.post(f"{PAGE}/new", given).location == f"/settings{PAGE}"
    role = roles_of(world)["Deputies"]
    assert role["permissions"] == [{"key": key}]
    assert (role["accessType"], [team["id"] for team in role["accessEntities"]]) == ("TEAM", [3])
    assert [person["accountId"] for person in role["permittedUsers"]] == [account(world, "greta")]
    form = Document(erica.get(f"{PAGE}/{role['id']}").text)
    ticked = [a["value"] for _, a in form.elements if a.get("name") == "permissions" and "checked" in a]
    assert ticked == [key]


def test_a_role_made_here_opens_the_team_at_once_and_closes_it_when_it_goes(world: Any, erica: Visitor) -> None:
    assert world.cloud("GET", "greta", "teams/3").status == 404
    erica.get(f"{PAGE}/new")
    erica.post(f"{PAGE}/new", {"name": "Deputies", "permissions": [VIEW], "people": [account(world, "greta")]})
    assert world.cloud("GET", "greta", "teams/3").status == 200, "whoever holds a role over a team sees it"
    role_id = roles_of(world)["Deputies"]["id"]
    assert "loses what it gives" in erica.get(f"{PAGE}/{role_id}/delete").text
    assert "Deputies" in roles_of(world), "asking deletes nothing"
    assert erica.post(f"{PAGE}/{role_id}/delete").location == f"/settings{PAGE}"
    assert "Deputies" not in roles_of(world)
    assert world.cloud("GET", "greta", "teams/3").status == 404


def test_a_role_is_changed_and_groups_become_the_people_in_them(world: Any, erica: Visitor) -> None:
    before = roles_of(world)["Planners"]
    form = erica.get(f"{PAGE}/{PLANNERS}")
    assert "Groups in this role (hr)" in form.text
    page = Document(form.text)
    chosen = [a["value"] for _, a in page.elements if a.get("name") == "people" and "checked" in a]
    assert sorted(c or "" for c in chosen) == sorted(person["accountId"] for person in before["permittedUsers"])
    given = {"name": "Planners of the cloud", "permissions": ["permissions.plan.view"], "people": chosen}
    assert erica.post(f"{PAGE}/{PLANNERS}", given).status_code == 303
    after = roles_of(world)["Planners of the cloud"]
    assert after["permissions"] == [{"key": "permissions.plan.view"}]
    assert {p["accountId"] for p in after["permittedUsers"]} == set(chosen)


def test_what_the_api_makes_is_on_the_page(world: Any, erica: Visitor) -> None:
    role_id = make(world, "From the API", [3], "bob")
    text = Document(erica.get(PAGE).text).text
    assert "From the API" in text
    assert "Bob Johnson" in text
    world.cloud("DELETE", "fred", f"permission-roles/{role_id}")
    assert "From the API" not in erica.get(PAGE).text


@pytest.mark.parametrize(("access", "team_ids", "told"), [("TEAM", [1, 3], "2 teams"), ("GLOBAL", [], "Full")])
@pytest.mark.parametrize("who", ["erica", "fred"])
def test_roles_over_more_than_the_team_are_read_and_not_changed(
    world: Any, access: str, team_ids: list[int], told: str, who: str
) -> None:
    role_id = make(world, "Wide", team_ids, "bob", access=access)
    someone = Visitor(world)
    someone.sign_in(who)
    page = someone.get(PAGE)
    assert told in Document(page.text).text
    links = Document(page.text).values("a", "href")
    assert f"/settings{PAGE}/{role_id}" not in links
    assert (f"/settings/permission-roles/{role_id}/edit" in links) is (who == "fred")
    before = world.audit()
    for path in (f"{PAGE}/{role_id}", f"{PAGE}/{role_id}/delete"):
        answer = someone.get(path)
        assert (answer.status_code, "over more than this team" in answer.text) == (403, True)
        assert someone.post(path, {"name": "Mine"}).status_code == 403
    assert world.audit() == before
    assert world.cloud("GET", "fred", f"permission-roles/{role_id}").json["name"] == "Wide"


def test_built_in_roles_are_never_changed(world: Any) -> None:
    fred = Visitor(world)
    fred.sign_in("fred")
    for role in roles_of(world).values():
        if not role["editable"]:
            assert fred.get(f"{PAGE}/{role['id']}").status_code == 403
            assert fred.post(f"{PAGE}/{role['id']}", {"name": "Mine"}).status_code == 403
            assert fred.post(f"{PAGE}/{role['id']}/delete").status_code == 403
    assert world.audit() == []


def test_roles_of_other_teams_have_no_page_here(world: Any, erica: Visitor) -> None:
    other = make(world, "Elsewhere", [1])
    for path in (f"{PAGE}/{other}", f"{PAGE}/{other}/delete", f"{PAGE}/999", f"{PAGE}/999/delete"):
        assert erica.get(path).status_code == 404
        assert erica.post(path, {"name": "Mine"}).status_code == 404
    assert "Elsewhere" not in erica.get(PAGE).text


@pytest.mark.parametrize(("setting", "status"), [("managed", 403), ("everybody", 200)])
def test_who_manages_no_team_reads_the_roles_as_in_the_api(make_world: Any, setting: str, status: int) -> None:
    world = make_world({"cloud.permissionRoles": setting})
    bob = Visitor(world)
    bob.sign_in("bob")
    answer = bob.get(PAGE)
    assert answer.status_code == status
    assert (f"/settings{PAGE}" in Document(bob.get("/teams/3").text).values("a", "href")) is (status == 200)
    assert bool(world.cloud("GET", "bob", "permission-roles?teamId=3").json["results"]) is (status == 200)
    assert f"/settings{PAGE}/{PLANNERS}" not in Document(answer.text).values("a", "href")
    assert bob.get(f"{PAGE}/{PLANNERS}").status_code == 403


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": ""}, "A permission role needs a name."),
        ({"name": "  "}, "A permission role needs a name."),
        ({"permissions": ["permissions.everything"]}, "There is no permission permissions.everything"),
        ({"people": ["nobody"]}, "search again"),
    ],
)
@pytest.mark.parametrize("path", ["new", str(PLANNERS)])
def test_what_is_wrong_is_said_keeps_what_was_chosen_and_changes_nothing(
    world: Any, erica: Visitor, path: str, form: dict[str, Any], said: str
) -> None:
    erica.get(f"{PAGE}/{path}")
    given = {"name": "Deputies", "permissions": [VIEW], "people": [account(world, "greta")]} | form
    answer = erica.post(f"{PAGE}/{path}", given)
    assert (answer.status_code, said in answer.text) == (400, True)
    page = Document(answer.text)
    kept = {a["value"] for _, a in page.elements if "checked" in a and a.get("value")}
    assert kept == {*given["permissions"], *given["people"]} - {"nobody", "permissions.everything"}
    assert world.audit() == []


def test_users_are_searched_for_without_losing_what_was_chosen(world: Any, erica: Visitor) -> None:
    erica.get(f"{PAGE}/new")
    given = {"name": "Deputies", "permissions": [VIEW], "people": [account(world, "greta")], "search": "bob", "find": "1"}
    answer = erica.post(f"{PAGE}/new", given)
    assert answer.status_code == 200
    boxes = {a["value"]: "checked" in a for _, a in Document(answer.text).elements if a.get("name") == "people"}
    assert boxes == {account(world, "greta"): True, account(world, "bob"): False}
    assert world.audit() == []


def test_of_many_users_some_have_boxes_and_nobody_is_lost(world: Any, erica: Visitor) -> None:
    copied = "email, active, time_zone, locale, avatar_id"
    for number in range(120):
        values = f"SELECT ?1, ?1, ?1, ?1, {copied} FROM people WHERE name = 'bob'"
        world.site.store.run(
            f"INSERT INTO people (name, key, account_id, display_name, {copied}) {values}", (f"hand{number:03}",)
        )
    world.site.store.run(
        "INSERT INTO permission_role_holders (permission_role_id, person_id) SELECT 5, id FROM people WHERE name LIKE 'hand%'"
    )
    before = {person["accountId"] for person in roles_of(world)["Planners"]["permittedUsers"]}

    def entered(text: str) -> dict[str, Any]:
        page = Document(text)
        boxes = [a["value"] for _, a in page.elements if a.get("name") == "people" and "checked" in a]
        others = next(a["value"] for _, a in page.elements if a.get("name") == "others")
        return {"name": "Planners", "permissions": [VIEW], "people": boxes, "others": others}

    form = entered(erica.get(f"{PAGE}/{PLANNERS}").text)
    assert len(form["people"]) == 50
    found = entered(erica.post(f"{PAGE}/{PLANNERS}", form | {"find": "1", "search": "hand119"}).text)
    assert "hand119" in found["people"]
    found["people"].remove("hand119")
    assert erica.post(f"{PAGE}/{PLANNERS}", found).status_code == 303
    assert {person["accountId"] for person in roles_of(world)["Planners"]["permittedUsers"]} == before - {"hand119"}
    assert erica.post(f"{PAGE}/{PLANNERS}", form | {"others": "x 999999 ² " + "9" * 400}).status_code == 303
    assert {person["accountId"] for person in roles_of(world)["Planners"]["permittedUsers"]} == set(form["people"])


def test_permissions_of_data_center_are_told_as_they_are_there(world: Any, erica: Visitor) -> None:
    text = Document(erica.get(PAGE).text).text
    assert "tempo.timesheets.approve.timesheet group cloud-dev-user, Erica Jefferson, John Steel, Laura Penn" in text
    changed = world.put("fred", "2/permission/team/3/tempo.timesheets.approve.timesheet", {"users": ["bob"], "groups": []})
    assert changed.status == 200, changed.text
    assert "tempo.timesheets.approve.timesheet Bob Johnson" in Document(erica.get(PAGE).text).text


def test_many_roles_are_in_pages_beside_the_built_in_ones(world: Any, erica: Visitor) -> None:
    for number in range(8):
        make(world, f"Role number {number}", [3])
    # With Planners and the two over everybody: 11.
    first, second = Document(erica.get(PAGE).text).text, Document(erica.get(f"{PAGE}?page=2").text).text
    assert "Page 1 of 2, 11 roles" in first
    assert "Role number 4" in first
    assert "Role number 5" not in first
    assert "Role number 5" in second
    assert "Team Lead" in first
    assert "Team Lead" in second
