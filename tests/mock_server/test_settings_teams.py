"""Teams without a browser: who sees which, who makes, changes and deletes them, and the APIs follow at once, and back."""

from typing import Any

import pytest

from .page_visitor import Document, Visitor

GREEN, CLOUD = 1, 3
FORM = {"name": "Night shift", "summary": "", "lead": "nobody", "program": "", "public": "1"}


def visitor(world: Any, who: str) -> Visitor:
    found = Visitor(world)
    found.sign_in(who)
    return found


def account(world: Any, name: str) -> str:
    found: str = world.site.store.value("SELECT account_id FROM people WHERE name = ?", (name,))
    return found


def names(page: str) -> list[str]:
    """The teams that a page of the list names."""
    return [text for text in ("GreenCloud", "Cloud Development", "Night shift") if f">{text}</a>" in page]


def in_api(world: Any, who: str) -> list[str]:
    found = world.cloud("GET", who, "teams?limit=1000")
    assert found.status == 200, found.text
    return [team["name"] for team in found.json["results"]]


@pytest.mark.parametrize("who", ["fred", "erica", "john", "laura", "bob", "greta", "nadia", "rita"])
def test_everybody_sees_the_teams_that_the_api_gives_them(world: Any, who: str) -> None:
    someone = visitor(world, who)
    page = someone.get("/teams")
    assert page.status_code == 200
    assert sorted(names(page.text)) == sorted(in_api(world, who))
    for team_id, name in ((GREEN, "GreenCloud"), (CLOUD, "Cloud Development")):
        shown = someone.get(f"/teams/{team_id}").status_code
        assert shown == (200 if name in in_api(world, who) else 404)
    assert "Teams Teams" in Document(page.text).text


def test_nobody_signed_in_is_sent_to_sign_in(world: Any) -> None:
    answer = Visitor(world).get("/teams/3")
    assert (answer.status_code, answer.location) == (303, "/settings/sign-in?next=/teams/3")


def test_the_list_tells_lead_members_of_today_and_program(world: Any) -> None:
    text = Document(visitor(world, "fred").get("/teams").text).text
    # Bob is in the team until the end of November; David joins in December.
    assert "Cloud Development Erica Jefferson 1 None" in text
    assert "GreenCloud John Steel 4 Logistics" in text
    members = world.cloud("GET", "fred", "teams/1/members").json["results"]
    assert len(members) == 4


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("green", ["GreenCloud"]),
        ("CLOUD", ["GreenCloud", "Cloud Development"]),
        ("Bob", ["Cloud Development"]),
        ("laura", ["GreenCloud"]),
        ("%", []),
        ("_", []),
        ("x" * 6000, []),
        ("", ["GreenCloud", "Cloud Development"]),
    ],
)
def test_teams_are_found_by_name_and_member(world: Any, text: str, found: list[str]) -> None:
    assert names(visitor(world, "fred").get("/teams", query_string={"search": text}).text) == found


def test_a_search_finds_nothing_in_teams_one_may_not_see(world: Any) -> None:
    assert names(visitor(world, "rita").get("/teams?search=Bob").text) == []


def test_long_lists_are_in_pages_that_keep_the_search(world: Any) -> None:
    fred = visitor(world, "fred")
    for number in range(60):
        world.site.store.run("INSERT INTO teams (name, is_public) VALUES (?, 1)", (f"Crew {number:02}",))
    first = Document(fred.get("/teams?search=crew").text)
    assert "Page 1 of 2, 60 teams" in first.text
    assert "/settings/teams?search=crew&page=2" in first.values("a", "href")
    second = fred.get("/teams?search=crew&page=2").text
    assert "Crew 59" in second
    assert "Crew 49" not in second


def test_markup_stays_text_everywhere(world: Any) -> None:
    markup = "<b>Night</b>"
    fred = visitor(world, "fred")
    fred.get("/teams/new")
    fred.post("/teams/new", FORM | {"name": markup, "summary": markup, "lead": account(world, "rita")})
    team_id = world.site.store.value("SELECT max(id) FROM teams")
    rita = account(world, "rita")
    paths = ("", "/edit", "/delete", "/permissions", "/permissions/new", f"/members/new?person={rita}", "/links/new")
    for path in paths:
        text = fred.get(f"/teams/{team_id}{path}").text
        assert markup not in text
        assert "<script>alert" not in text
        assert "&lt;b&gt;Night" in text
    assert "&lt;script&gt;" in fred.get("/teams").text


def test_a_team_is_made_with_all_that_the_form_has(world: Any) -> None:
    fred = visitor(world, "fred")
    fred.get("/teams/new")
    given = {"name": "  Night shift ", "summary": "Owls", "lead": account(world, "erica"), "program": "2", "public": ""}
    answer = fred.post("/teams/new", given)
    team_id = world.site.store.value("SELECT max(id) FROM teams")
    assert (answer.status_code, answer.location) == (303, f"/settings/teams/{team_id}")
    assert "Night shift is added" in fred.get(f"/teams/{team_id}").text
    made = world.cloud("GET", "fred", f"teams/{team_id}").json
    assert (made["name"], made["summary"], made["public"], made["program"]["id"]) == ("Night shift", "Owls", False, 2)
    assert made["lead"]["accountId"] == account(world, "erica")
    legacy = world.get("fred", f"1/team/{team_id}").json
    assert (legacy["name"], legacy["lead"]) == ("Night shift", "erica")
    roles = world.cloud("GET", "fred", f"permission-roles?teamId={team_id}").json["results"]
    assert [role["name"] for role in roles] == ["Team Lead", "Member"]


def test_a_team_of_the_api_is_on_the_page_and_its_changes_too(world: Any) -> None:
    made = world.cloud("POST", "fred", "teams", {"name": "Night shift", "public": True}).json
    greta = visitor(world, "greta")
    assert names(greta.get("/teams").text) == ["Night shift"]
    world.cloud("PUT", "fred", f"teams/{made['id']}", {"name": "Night shift", "public": False})
    assert names(greta.get("/teams").text) == []
    legacy = world.post("fred", "1/team", {"name": "Legacy crew", "lead": "greta"}).json
    assert "Legacy crew" in greta.get(f"/teams/{legacy['id']}").text


def test_whoever_leads_a_team_changes_it_and_makes_none(world: Any) -> None:
    erica = visitor(world, "erica")
    page = erica.get("/teams/3")
    assert "Edit team" in page.text
    assert "Delete team" not in page.text
    assert "Add team" not in erica.get("/teams").text
    before = Document(erica.get("/teams/3/edit").text)
    assert [a["value"] for t, a in before.elements if a.get("id") == "name"] == ["Cloud Development"]
    assert erica.post("/teams/3/edit", FORM | {"lead": account(world, "erica")}).location == "/settings/teams/3"
    assert world.cloud("GET", "erica", "teams/3").json["name"] == "Night shift"
    for path in ("/teams/new", "/teams/3/delete"):
        assert erica.get(path).status_code == 403
        assert erica.post(path, FORM).status_code == 403
    assert world.cloud("GET", "erica", "teams/3").status == 200


@pytest.mark.parametrize(("who", "status"), [("bob", 403), ("laura", 403), ("rita", 404), ("greta", 404)])
def test_others_change_nothing(world: Any, who: str, status: int) -> None:
    someone = visitor(world, who)
    assert ("Edit team" in someone.get("/teams/3").text) is False
    writable = ("edit", "members/new", "memberships/4", "memberships/4/remove", "links/new", "links/2/remove")
    for path in (*writable, "permissions/new", "permissions/5", "permissions/5/delete"):
        assert someone.get(f"/teams/3/{path}").status_code == status, path
        assert someone.post(f"/teams/3/{path}", FORM).status_code == status, path
    assert world.audit() == []


def test_a_role_with_manage_team_opens_the_team_and_taking_it_closes_it(world: Any) -> None:
    role = {"name": "Managers", "accessType": "TEAM", "accessEntityIds": [3], "permissionKeys": ["permissions.team.manage"]}
    made = world.cloud("POST", "fred", "permission-roles", role | {"permittedAccountIds": [account(world, "greta")]})
    assert made.status == 200, made.text
    greta = visitor(world, "greta")
    assert greta.get("/teams/3/edit").status_code == 200
    assert world.cloud("DELETE", "fred", f"permission-roles/{made.json['id']}").status == 204
    assert greta.get("/teams/3/edit").status_code == 404


def test_who_gives_a_team_away_comes_back_to_the_list(world: Any) -> None:
    erica = visitor(world, "erica")
    erica.get("/teams/3/edit")
    assert erica.post("/teams/3/edit", FORM | {"lead": "nobody", "public": ""}).location == "/settings/teams"
    assert names(erica.get("/teams").text) == []


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": ""}, "A team needs a name."),
        ({"name": "   "}, "A team needs a name."),
        ({"name": "x" * 256}, "at most 255"),
        ({"lead": "nobody-at-all"}, "There is nobody with this accountId"),
        ({"program": "999"}, "There is no program with the id 999."),
        ({"program": "9" * 18}, "There is no program"),
        ({"program": "9" * 400}, "Choose a program of the list."),
        ({"program": "²"}, "Choose a program of the list."),
    ],
)
@pytest.mark.parametrize("path", ["/teams/new", "/teams/3/edit"])
def test_what_is_wrong_is_said_keeps_what_was_typed_and_changes_nothing(
    world: Any, path: str, form: dict[str, str], said: str
) -> None:
    fred = visitor(world, "fred")
    fred.get(path)
    answer = fred.post(path, FORM | {"summary": "Typed by hand"} | form)
    assert answer.status_code == 400
    assert said in answer.text
    assert "Typed by hand" in answer.text
    assert answer.text.index("<title>Error: ") > 0
    assert world.audit() == []


def test_a_lead_is_searched_for_without_losing_what_was_typed(world: Any) -> None:
    fred = visitor(world, "fred")
    fred.get("/teams/new")
    answer = fred.post("/teams/new", {"name": "Night shift", "summary": "Owls", "lead": "nobody", "search": "gre", "find": "1"})
    assert answer.status_code == 200
    page = Document(answer.text)
    assert account(world, "greta") in page.values("input", "value")
    assert {"Night shift", "Owls", "gre"} <= set(page.values("input", "value"))
    assert "Olaf" not in fred.post("/teams/new", {"search": "olaf", "find": "1"}).text, "he is not active"
    assert world.audit() == []


def test_a_team_is_deleted_after_a_question_and_roles_over_it_go_too(world: Any) -> None:
    fred = visitor(world, "fred")
    asked = fred.get("/teams/3/delete")
    assert "1 person is in it today" in Document(asked.text).text
    assert world.cloud("GET", "fred", "teams/3").status == 200, "asking deletes nothing"
    assert fred.post("/teams/3/delete").location == "/settings/teams"
    assert "Cloud Development is deleted" in fred.get("/teams").text
    assert world.cloud("GET", "fred", "teams/3").status == 404
    assert world.cloud("GET", "fred", "permission-roles/5").status == 404
    assert world.get("fred", "1/team/3").status == 404


def test_a_used_team_stays_where_the_setting_says_so(make_world: Any) -> None:
    world = make_world({"cloud.usedTeam": "400"})
    fred = visitor(world, "fred")
    fred.get("/teams/3/delete")
    answer = fred.post("/teams/3/delete")
    assert (answer.status_code, "Remove them first" in answer.text) == (400, True)
    assert world.cloud("GET", "fred", "teams/3").status == 200


def test_internal_issues_of_a_team_are_those_assigned_to_it_or_to_all(world: Any) -> None:
    fred = visitor(world, "fred")
    ours, theirs = Document(fred.get("/teams/3").text).text, Document(fred.get("/teams/1").text).text
    assert "HR-2 Sick leave assigned to this team" in ours
    assert "HR-1 Paid time off all teams" in ours
    assert "HR-2" not in theirs
    assert "Change teams of HR-2" in ours
    assert "Change teams" not in visitor(world, "erica").get("/teams/3").text
    world.site.store.run("DELETE FROM project_permissions WHERE permission = 'BROWSE_PROJECTS'")
    assert "HR-2" not in fred.get("/teams/3").text


def test_projects_and_boards_are_linked_and_unlinked(world: Any) -> None:
    fred = visitor(world, "fred")
    assert "/settings/teams/3/links/3/remove" in Document(fred.get("/teams/3").text).values("a", "href")
    offered = Document(fred.get("/teams/1/links/new").text).values("option", "value")
    assert "project-10010" in offered
    assert fred.post("/teams/1/links/new", {"scope": "project-10010"}).location == "/settings/teams/1"
    linked = world.cloud("GET", "fred", "teams/1/links").json["results"]
    assert [link["scope"]["id"] for link in linked] == [10011, 10010]
    for scope, said in (("project-10010", "linked to this project already"), ("board-999", "Choose a"), ("x", "Choose a")):
        answer = fred.post("/teams/1/links/new", {"scope": scope})
        assert (answer.status_code, said in answer.text) == (400, True)
    new = linked[-1]["id"]
    assert fred.get(f"/teams/3/links/{new}/remove").status_code == 404, "it is another team's"
    assert "itself stays" in fred.get(f"/teams/1/links/{new}/remove").text
    assert fred.post(f"/teams/1/links/{new}/remove").status_code == 303
    assert len(world.cloud("GET", "fred", "teams/1/links").json["results"]) == 1


def test_every_form_needs_its_key(world: Any) -> None:
    fred = visitor(world, "fred")
    paths = ("new", "3/edit", "3/delete", "3/members/new", "3/memberships/4", "3/memberships/4/remove", "3/links/new")
    for path in (*paths, "3/links/2/remove", "3/permissions/new", "3/permissions/5", "3/permissions/5/delete"):
        assert fred.post(f"/teams/{path}", FORM | {"csrf_token": "0" * 64}).status_code == 403, path
    assert world.audit() == []
