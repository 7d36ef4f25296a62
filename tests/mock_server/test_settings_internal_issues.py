"""Internal Issues without a browser: Tempo Administrators alone, existing issues alone, and the APIs follow at once."""

from typing import Any

import pytest

from .page_visitor import Document, Visitor

LIST = "/internal-issues"
NEW = f"{LIST}/new"
SICK_LEAVE = 10241


@pytest.fixture
def visitor(world: Any) -> Visitor:
    """Fred, who is a Tempo Administrator."""
    found = Visitor(world)
    found.sign_in("fred")
    return found


def known(world: Any) -> dict[str, list[int]]:
    return {issue["key"]: issue["teams"] for issue in world.get(None, "/_mock/internal-issues").json}


def ordinary_key(world: Any) -> str:
    key: str = world.site.store.value("SELECT key FROM issues WHERE NOT is_internal AND id = 10202")
    return key


def test_the_list_has_what_there_is(visitor: Visitor) -> None:
    text = Document(visitor.get(LIST).text).text
    assert "Configuration Internal Issues" in text
    assert "HR-1 Paid time off All teams" in text
    assert "HR-2 Sick leave All teams" not in text
    assert "HR-2 Sick leave" in text


@pytest.mark.parametrize("who", ["bob", "erica", "rita", "technical-user"])
def test_others_are_refused_page_and_action_and_see_no_link(world: Any, who: str) -> None:
    visitor = Visitor(world)
    visitor.sign_in(who)
    assert "Internal Issues" not in visitor.get("/api-integration").text
    paths = ("", "/new", f"/{SICK_LEAVE}/teams", f"/{SICK_LEAVE}/remove", "/999/teams")
    for path in paths:
        answer = visitor.get(LIST + path)
        assert (answer.status_code, "for Tempo Administrators" in answer.text) == (403, True)
        if path:
            assert visitor.post(LIST + path, {"issue": ordinary_key(world)}).status_code == 403
    assert world.audit() == []


def test_a_permission_that_is_taken_away_closes_the_page_at_once(world: Any, visitor: Visitor) -> None:
    assert visitor.get(LIST).status_code == 200
    world.site.store.run("DELETE FROM global_permissions WHERE permission = 'tempo-administrator'")
    assert visitor.get(LIST).status_code == 403


def test_add_assign_remove_and_the_apis_follow(world: Any, visitor: Visitor) -> None:
    key = ordinary_key(world)
    visitor.get(NEW)
    assert visitor.post(NEW, {"issue": f" {key} "}).location == f"/settings{LIST}"
    assert f"{key} is an internal issue now." in visitor.get(LIST).text
    assert known(world)[key] == []
    assert visitor.post(f"{LIST}/10202/teams", {"teams": ["3", "3"]}).status_code == 303
    assert known(world)[key] == [3]
    page = Document(visitor.get(f"{LIST}/10202/teams").text)
    assert [a["value"] for _, a in page.elements if "checked" in a] == ["3"]
    bob = world.site.store.value("SELECT account_id FROM people WHERE name = 'bob'")
    entry = {"assigneeId": bob, "assigneeType": "USER", "planItemId": "10202", "planItemType": "ISSUE"}
    days = {"startDate": "2013-11-18", "endDate": "2013-11-18", "plannedSecondsPerDay": 3600}
    made = world.cloud("POST", "bob", "plans", entry | days)
    assert made.status == 200, made.text
    assert "stay as they are" in visitor.get(f"{LIST}/10202/remove").text
    assert key in known(world), "asking removes nothing"
    assert visitor.post(f"{LIST}/10202/remove").status_code == 303
    assert key not in known(world)
    assert world.cloud("GET", "bob", f"plans/{made.json['id']}").json == made.json
    told = [(event["noun"], event["verb"], event["call"]) for event in world.audit() if event["call"] != "create_plan"]
    assert told == [
        ("issues", "update", "add_internal_issue"),
        ("internal_issue_teams", "insert", "change_teams_of_issue"),
        ("internal_issue_teams", "delete", "remove_internal_issue"),
        ("issues", "update", "remove_internal_issue"),
    ]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"issue": ""}, "Type the key of an issue."),
        ({"issue": "NONE-1"}, "NONE-1"),
        ({"issue": "<script>alert(1)</script>"}, "&lt;script&gt;"),
        ({"issue": "HR-1"}, "HR-1 is internal already"),
        ({"issue": "9" * 400}, "9999"),
        ({"issue": "", "teams": ["3"]}, "Type the key"),
        ({"teams": ["999"]}, "There is no team with the id 999."),
        ({"teams": ["x"]}, "There is no team with the id x."),
        ({"teams": ["9" * 400]}, "There is no team with the id 9999"),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(world: Any, visitor: Visitor, form: dict[str, Any], said: str) -> None:
    before = known(world)
    given = {"issue": ordinary_key(world), **form}
    answer = visitor.post(NEW, given)
    assert answer.status_code == 400
    assert said in answer.text
    page = Document(answer.text)
    assert [a["value"] for _, a in page.elements if a.get("id") == "issue"] == [given["issue"]]
    assert {a["value"] for _, a in page.elements if "checked" in a} == set(form.get("teams", ())) & {"3"}
    assert known(world) == before
    assert world.audit() == []


def test_issues_of_hidden_projects_are_neither_listed_nor_picked(world: Any, visitor: Visitor) -> None:
    key = ordinary_key(world)
    world.site.store.run("DELETE FROM project_permissions WHERE permission = 'BROWSE_PROJECTS'")
    assert "HR-1" not in visitor.get(LIST).text
    assert visitor.post(NEW, {"issue": key}).status_code == 400
    for action in ("teams", "remove"):
        assert visitor.get(f"{LIST}/{SICK_LEAVE}/{action}").status_code == 404
        assert visitor.post(f"{LIST}/{SICK_LEAVE}/{action}").status_code == 404


@pytest.mark.parametrize("issue_id", [10202, 999])
def test_what_is_not_internal_has_no_page(visitor: Visitor, issue_id: int) -> None:
    for action in ("teams", "remove"):
        assert visitor.get(f"{LIST}/{issue_id}/{action}").status_code == 404
        assert visitor.post(f"{LIST}/{issue_id}/{action}").status_code == 404
