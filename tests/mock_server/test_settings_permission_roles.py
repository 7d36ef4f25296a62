"""Permission Roles without a browser: Tempo Team Administrators alone, the matrix, and what is done holds for the API."""

import re
from datetime import timedelta
from typing import Any

import pytest

from .page_visitor import Document, Visitor

LIST = "/permission-roles"
NEW = f"{LIST}/new"
PLANNERS, LEAD_OF_GREENCLOUD = 5, 1
VIEW, MANAGE_TEAM, VIEW_PLANS = "permissions.worklog.view", "permissions.team.manage", "permissions.plan.view"
GRETA, GRETA_ID = "5b10a2844c20165700ede225", "7"
BOB_ID = "5"


@pytest.fixture
def visitor(world: Any) -> Visitor:
    """Fred, who is a Tempo Team Administrator."""
    found = Visitor(world)
    found.sign_in("fred")
    return found


def over_everybody(world: Any) -> dict[str, dict[str, Any]]:
    """The roles with Full access that the API lists, by name."""
    return {role["name"]: role for role in world.cloud("GET", "fred", "permission-roles/global?limit=1000").json["results"]}


def every(world: Any) -> list[dict[str, Any]]:
    roles: list[dict[str, Any]] = world.cloud("GET", "fred", "permission-roles?limit=1000").json["results"]
    return roles


def authors(world: Any, who: str) -> set[str]:
    return {row["author"]["accountId"] for row in world.cloud("GET", who, "worklogs?limit=5000").json["results"]}


def added(world: Any, name: str = "New", keys: tuple[str, ...] = (), people: tuple[str, ...] = (), **more: Any) -> int:
    """A role made by the API; answers its id."""
    body = {"name": name, "accessType": "GLOBAL", "permissionKeys": keys, "permittedAccountIds": people, **more}
    made = world.cloud("POST", "fred", "permission-roles", body)
    assert made.status == 200, made.text
    role_id: int = made.json["id"]
    return role_id


def column(text: str, name: str) -> dict[str, str]:
    """The cells of one role in the matrix, by the name of their row."""
    heads = [Document(cell).text.strip() for cell in re.findall(r'<th scope="col"[^>]*>(.*?)</th>', text, re.S)]
    at = next(n for n, head in enumerate(heads) if head.startswith(name))
    rows: dict[str, list[str]] = {}
    for row, cell in re.findall(r'<td role="cell" data-head="([^"]*)"[^>]*>(.*?)</td>', text, re.S):
        words = " ".join(Document(cell).words).split()
        rows.setdefault(row, []).append(" ".join(words[1:] if words[-1] in ("Yes", "No") else words))
    return {row: cells[at] for row, cells in rows.items()}


def test_the_matrix_has_a_column_for_each_role_and_the_two_of_every_team(visitor: Visitor) -> None:
    text = visitor.get(LIST).text
    planners = column(text, "Planners")
    assert {row for row, cell in planners.items() if cell == "Yes"} == {"View Team", "View Plans", "Manage Plans"}
    assert {row for row, cell in planners.items() if cell == "No"} == {
        "Manage Team", "View Worklogs", "Manage Worklogs", "Approve Timesheets", "Approve Plans",
    }  # fmt: skip
    assert planners["Role users"] == "Laura Penn Nadia Okafor", "Nadia by a group"
    assert planners["Role access"] == "Restricted Cloud Development"
    assert planners["Actions"] == "Edit Planners Delete Planners"
    assert column(text, "View Plans")["Role access"] == "Full"
    lead, member = column(text, "Team Lead"), column(text, "Member")
    assert list(lead.values()).count("Yes") == 8
    assert [row for row, cell in member.items() if cell == "Yes"] == ["View Team"]
    assert "Edit" not in lead["Actions"] + member["Actions"]


@pytest.mark.parametrize("who", ["bob", "erica", "john", "rita", "technical-user"])
def test_others_are_refused_page_and_action_and_see_no_link(world: Any, who: str) -> None:
    visitor = Visitor(world)
    visitor.sign_in(who)
    assert "Permission Roles" not in visitor.get("/api-integration").text
    before = every(world)
    for path in ("", "/new", f"/{PLANNERS}/edit", f"/{PLANNERS}/delete", "/999/edit"):
        answer = visitor.get(LIST + path)
        assert (answer.status_code, "for Tempo Team Administrators" in answer.text) == (403, True)
        if path:
            assert visitor.post(LIST + path, {"name": "Mine", "action": "save"}).status_code == 403
    assert every(world) == before
    assert world.audit() == []


def test_a_tempo_administrator_who_is_none_of_teams_is_refused(world: Any, visitor: Visitor) -> None:
    world.site.store.run("DELETE FROM global_permissions WHERE permission = 'tempo-team-administrator'")
    assert visitor.get(LIST).status_code == 403
    assert visitor.get("/internal-issues").status_code == 200


@pytest.mark.parametrize("path", [NEW, f"{LIST}/{PLANNERS}/edit", f"{LIST}/{PLANNERS}/delete"])
def test_a_form_made_for_another_visit_does_nothing(world: Any, visitor: Visitor, path: str) -> None:
    before = every(world)
    assert visitor.post(path, {"csrf_token": "0" * 64, "name": "Mine", "action": "save"}).status_code == 403
    assert every(world) == before


def test_add_edit_delete_and_the_api_and_tokens_follow_at_once(world: Any, visitor: Visitor) -> None:
    assert authors(world, "greta") == {GRETA}
    page = Document(visitor.get(NEW).text)
    ticked = [a.get("value") for _, a in page.elements if "checked" in a]
    assert ticked == [None, "GLOBAL"], "View Team and Full"
    form = {"name": " Time accounts ", "keys": [VIEW], "access": "GLOBAL", "people": [GRETA_ID], "action": "save"}
    assert visitor.post(NEW, form).location == f"/settings{LIST}"
    shown = visitor.get(LIST).text
    assert "The permission role Time accounts is added." in shown
    assert column(shown, "Time accounts")["Role users"] == "Greta Lind"
    role = over_everybody(world)["Time accounts"]
    assert [key["key"] for key in role["permissions"]] == [VIEW]
    assert [person["accountId"] for person in role["permittedUsers"]] == [GRETA]
    assert len(authors(world, "greta")) > 5
    # Full becomes Restricted later.
    page = Document(visitor.get(f"{LIST}/{role['id']}/edit").text)
    assert {a.get("value") for _, a in page.elements if "checked" in a} == {None, VIEW, "GLOBAL", GRETA_ID}
    form |= {"access": "TEAM", "teams": ["3", "3"], "held": GRETA_ID, "shown": GRETA_ID}
    assert visitor.post(f"{LIST}/{role['id']}/edit", form).status_code == 303
    assert "Time accounts" not in over_everybody(world)
    changed = world.cloud("GET", "fred", f"permission-roles/{role['id']}").json
    assert (changed["accessType"], [team["id"] for team in changed["accessEntities"]]) == ("TEAM", [3])
    assert column(visitor.get(LIST).text, "Time accounts")["Role access"] == "Restricted Cloud Development"
    assert 1 < len(authors(world, "greta")) < 7
    asked = visitor.get(f"{LIST}/{role['id']}/delete").text
    assert "lost to 1 user;" in asked
    assert world.cloud("GET", "fred", f"permission-roles/{role['id']}").json == changed, "asking deletes nothing"
    assert visitor.post(f"{LIST}/{role['id']}/delete").location == f"/settings{LIST}"
    assert "is deleted." in visitor.get(LIST).text
    assert world.cloud("GET", "fred", f"permission-roles/{role['id']}").status == 404
    assert authors(world, "greta") == {GRETA}
    calls = {(event["who"], event["call"]) for event in world.audit() if event["noun"].startswith("permission_role")}
    names = ("add_permission_role", "change_permission_role", "delete_permission_role")
    assert calls == {("fred", name) for name in names}


def test_what_the_api_does_stands_on_the_page_at_once(world: Any, visitor: Visitor) -> None:
    role_id = added(world, "By the API", (MANAGE_TEAM,), (GRETA,))
    shown = column(visitor.get(LIST).text, "By the API")
    assert (shown["Manage Team"], shown["Role users"], shown["Role access"]) == ("Yes", "Greta Lind", "Full")
    body = {"name": "Later", "accessType": "TEAM"}
    assert world.cloud("PUT", "fred", f"permission-roles/{role_id}", body).status == 200
    shown = column(visitor.get(LIST).text, "Later")
    assert (shown["Manage Team"], shown["Role users"]) == ("No", "Nobody")
    assert shown["Role access"] == "Restricted to no team: it reaches nobody"
    assert "Nobody holds this role." in visitor.get(f"{LIST}/{role_id}/delete").text
    assert world.cloud("DELETE", "fred", f"permission-roles/{role_id}").status == 204
    assert "Later" not in visitor.get(LIST).text
    assert visitor.get(f"{LIST}/{role_id}/edit").status_code == 404


def test_full_access_keeps_no_teams(world: Any, visitor: Visitor) -> None:
    visitor.get(NEW)
    visitor.post(NEW, {"name": "All", "access": "GLOBAL", "teams": ["3"], "action": "save"})
    assert over_everybody(world)["All"]["accessEntities"] == []


def test_restricted_without_a_team_reaches_nobody(world: Any, visitor: Visitor) -> None:
    visitor.get(NEW)
    form = {"name": "None", "access": "TEAM", "keys": [VIEW], "people": [GRETA_ID], "action": "save"}
    assert visitor.post(NEW, form).status_code == 303
    assert authors(world, "greta") == {GRETA}


@pytest.mark.parametrize("role_id", [LEAD_OF_GREENCLOUD, 2, 999])
def test_built_in_and_unknown_roles_have_no_form(world: Any, visitor: Visitor, role_id: int) -> None:
    before = every(world)
    for action in ("edit", "delete"):
        assert visitor.get(f"{LIST}/{role_id}/{action}").status_code == 404
        assert visitor.post(f"{LIST}/{role_id}/{action}", {"name": "x", "action": "save"}).status_code == 404
    assert every(world) == before


@pytest.mark.parametrize(
    ("search", "user", "found"),
    [
        ("", "", {"Planners", "View Plans", "View Worklogs", "Team Lead", "Member"}),
        ("view", "", {"View Plans", "View Worklogs"}),
        ("CLOUD dev", "", {"Planners"}),
        ("plan", "fred", {"View Plans"}),
        ("", "pen", {"Planners"}),
        ("", "nadia@", {"Planners"}),
        ("", "okafor", {"Planners"}),
        ("", "kafor", set()),
        ("%", "", set()),
        ("", "_", set()),
        ("x" * 6000, "", set()),
        ("", "x" * 6000, set()),
        ("<script>", "", set()),
    ],
)
def test_search_by_role_or_team_and_filter_by_user(visitor: Visitor, search: str, user: str, found: set[str]) -> None:
    text = visitor.get(LIST, query_string={"search": search, "user": user}).text
    page = Document(text)
    names = {"Planners", "View Plans", "View Worklogs", "Team Lead", "Member"}
    assert {name for name in names if f'role="columnheader">{name}<' in text or f'class="fixed">{name} ' in text} == found
    assert ("No permission role is found." in page.text) == (not found)
    assert "<script>" not in text.replace("<script src", "")
    kept = {a["name"]: a["value"] for tag, a in page.elements if tag == "input" and a.get("type") == "search"}
    assert kept == {"search": search, "user": user}


def test_many_roles_stand_on_pages_and_a_new_one_is_where_it_is_shown(world: Any, visitor: Visitor) -> None:
    for number in range(10):
        added(world, f"Role {number}")
    first, last = visitor.get(LIST).text, visitor.get(f"{LIST}?page=3").text
    assert "Page 1 of 3, 13 permission roles" in first
    assert [f"Role {n}" in first for n in range(10)] == [True] * 5 + [False] * 5
    assert "View Worklogs" in column(last, "View Worklogs")["Actions"]
    assert "Team Lead" in first
    assert "Team Lead" in last
    found = visitor.get(f"{LIST}?search=role")
    assert "?search=role&amp;page=2" in found.text
    visitor.get(NEW)
    assert visitor.post(NEW, {"name": "role 8b", "action": "save"}).location == f"/settings{LIST}?page=2"
    assert column(visitor.get(f"{LIST}?page=2").text, "role 8b")["Role users"] == "Nobody"


def test_markup_in_names_is_text(world: Any, visitor: Visitor) -> None:
    hostile = '"><script>alert(2)</script>'
    world.site.store.run("UPDATE teams SET name = ? WHERE id = 3", (hostile,))
    world.site.store.run("UPDATE groups SET name = ? WHERE name = 'hr'", (hostile,))
    visitor.get(NEW)
    form = {"name": hostile, "access": "TEAM", "teams": ["3"], "people": ["10"], "action": "save"}
    assert visitor.post(NEW, form).status_code == 303
    role_id = max(role["id"] for role in every(world))
    pages = [visitor.get(LIST + path).text for path in ("", f"/{role_id}/edit", f"/{role_id}/delete")]
    pages.append(visitor.post(f"{LIST}/{role_id}/edit", form | {"action": "search", "search": hostile}).text)
    for text in pages:
        assert "<script>" not in text
        assert "<b>" not in text
        assert hostile in Document(text).text
    assert "Rita <b>Bold</b>" in Document(pages[1]).text


def test_a_change_counts_later_where_the_world_says_so(make_world: Any) -> None:
    world = make_world(settings={"cloud.permissionDelay": "600"})
    visitor = Visitor(world)
    visitor.sign_in("fred")
    visitor.get(NEW)
    visitor.post(NEW, {"name": "Slow", "keys": [VIEW], "people": [GRETA_ID], "action": "save"})
    assert authors(world, "greta") == {GRETA}
    world.site.clock.advance(timedelta(seconds=601))
    assert len(authors(world, "greta")) > 5
