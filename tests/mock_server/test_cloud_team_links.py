"""Links of teams in Tempo Cloud: ``/4/team-links`` and ``/4/teams/{id}/links``."""

from typing import Any

import pytest

BASE = "http://localhost/4"
JIRA = "http://localhost/rest"
GRETA = "5b10a2844c20165700ede225"
CLOUD, SAFE, HR = 10010, 10011, 10012
NEW = {"teamId": 3, "scopeId": HR, "scopeType": "PROJECT"}
OPERATIONS = (
    ("POST", "team-links", NEW),
    ("GET", f"team-links/project/{CLOUD}", None),
    ("GET", "team-links/2", None),
    ("DELETE", "team-links/2", None),
    ("GET", "teams/3/links", None),
)
every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: f"{o[0]}-{o[1]}")
Operation = tuple[str, str, Any]


def send(world: Any, who: str | None, operation: Operation) -> Any:
    method, path, body = operation
    return world.cloud(method, who, path, **({} if body is None else {"json": body}))


def messages(answer: Any) -> list[str]:
    assert set(answer.json) == {"errors"}
    return [error["message"] for error in answer.json["errors"]]


def of_project(world: Any, who: str, project_id: int) -> list[int]:
    answer = world.cloud("GET", who, f"team-links/project/{project_id}")
    assert answer.status == 200, answer.text
    assert answer.json["metadata"] == {"count": len(answer.json["results"])}
    assert answer.json["self"] == f"{BASE}/team-links/project/{project_id}"
    return [link["id"] for link in answer.json["results"]]


def of_team(world: Any, who: str, team_id: int) -> list[int]:
    answer = world.cloud("GET", who, f"teams/{team_id}/links")
    assert answer.status == 200, answer.text
    return [link["id"] for link in answer.json["results"]]


def make_public(world: Any, team_id: int) -> None:
    team = world.cloud("GET", "fred", f"teams/{team_id}").json
    body = {"name": team["name"], "leadAccountId": team["lead"]["accountId"], "public": True}
    assert world.cloud("PUT", "fred", f"teams/{team_id}", body).status == 200


@every_operation
def test_success_is_200_and_204_for_what_is_removed(world: Any, operation: Operation) -> None:
    answer = send(world, "fred", operation)
    assert answer.status == (204 if operation[0] == "DELETE" else 200), answer.text
    assert bool(answer.body) is (operation[0] != "DELETE")


@every_operation
def test_token_and_scope_come_first(world: Any, operation: Operation) -> None:
    method, path, body = operation
    assert send(world, None, operation).status == 401
    assert send(world, "demo-token-that-expired-not-a-secret", operation).status == 401
    assert send(world, "viewer", (method, path.replace("2", "99"), body)).status == 403


@pytest.mark.parametrize("number", ["99", "0", "x", "2147483648", "9" * 30])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_an_unknown_link_is_404(world: Any, method: str, number: str) -> None:
    answer = world.cloud(method, "fred", f"team-links/{number}")
    assert (answer.status, len(messages(answer))) == (404, 1)


def test_a_link_has_exactly_the_published_members(world: Any) -> None:
    team = world.cloud("GET", "fred", "teams/3").json
    to_project = {
        "self": f"{BASE}/team-links/2",
        "id": 2,
        "scope": {"self": f"{JIRA}/api/2/project/{CLOUD}", "id": CLOUD, "type": "PROJECT"},
        "team": team,
    }
    assert world.cloud("GET", "fred", "team-links/2").json == to_project
    assert world.cloud("GET", "fred", f"team-links/project/{CLOUD}").json["results"] == [to_project]
    assert world.cloud("GET", "fred", "team-links/3").json == {
        "self": f"{BASE}/team-links/3",
        "id": 3,
        "scope": {"self": f"{JIRA}/agile/1.0/board/84", "id": 84, "type": "BOARD"},
        "team": team,
    }


def test_a_new_link_is_in_every_list_and_goes_for_good(world: Any) -> None:
    answer = world.cloud("POST", "fred", "team-links", NEW)
    assert (answer.json["id"], answer.json["team"]["id"]) == (5, 3)
    assert answer.json["scope"] == {"self": f"{JIRA}/api/2/project/{HR}", "id": HR, "type": "PROJECT"}
    assert world.cloud("GET", "fred", "team-links/5").json == answer.json
    assert (of_project(world, "fred", HR), of_team(world, "fred", 3)) == ([5], [2, 3, 5])
    assert world.cloud("DELETE", "fred", "team-links/5").status == 204
    assert (of_project(world, "fred", HR), of_team(world, "fred", 3)) == ([], [2, 3])
    assert world.cloud("DELETE", "fred", "team-links/5").status == 404
    assert [(e["who"], e["face"], e["noun"], e["verb"], e["row_id"]) for e in world.audit()] == [
        ("fred", "cloud", "links", "insert", "5"),
        ("fred", "cloud", "links", "delete", "5"),
    ]
    assert world.cloud("POST", "fred", "team-links", NEW).json["id"] == 6


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        *(({"teamId": value}, "teamId") for value in (99, 0, -1, 1.5, "x", None, True, [3], {}, 2**31)),
        *(({"scopeId": value}, "scopeId") for value in (99, 0, -1, 1.5, "CLOUD", None, True, [3], {}, 2**31)),
        *(({"scopeType": value}, "scopeType") for value in ("BOARD", "project", "", None, 1, ["PROJECT"])),
        ({"scopeId": CLOUD}, "scopeId"),  # linked already
    ],
    ids=repr,
)
def test_a_wrong_value_is_400_and_named(world: Any, wrong: dict[str, Any], named: str) -> None:
    answer = world.cloud("POST", "fred", "team-links", {**NEW, **wrong})
    assert answer.status == 400, answer.text
    assert [text for text in messages(answer) if named in text]
    assert world.audit() == []


@pytest.mark.parametrize("body", [{}, [], None, "x", 7, {name: NEW[name] for name in ("teamId", "scopeId")}], ids=repr)
def test_a_body_that_lacks_something_is_400(world: Any, body: Any) -> None:
    answer = world.cloud("POST", "fred", "team-links", body)
    assert (answer.status, bool(messages(answer))) == (400, True)


def test_an_id_may_be_written_as_text_and_more_members_do_not_count(world: Any) -> None:
    body = {"teamId": "3", "scopeId": str(HR), "scopeType": "PROJECT", "colour": "red"}
    assert world.cloud("POST", "fred", "team-links", body).status == 200


@pytest.mark.parametrize(
    ("who", "status"),
    [("fred", 200), ("erica", 200), ("bob", 403), ("greta", 400)],  # greta does not see team 3
)
def test_who_manages_a_team_links_it(world: Any, who: str, status: int) -> None:
    assert world.cloud("POST", who, "team-links", NEW).status == status
    assert len(of_project(world, "fred", HR)) == (status == 200)


def test_a_hidden_team_is_as_unknown_as_one_that_does_not_exist(world: Any) -> None:
    texts = [messages(world.cloud("POST", "greta", "team-links", {**NEW, "teamId": team_id})) for team_id in (3, 99)]
    assert texts[0] == [text.replace("99", "3") for text in texts[1]]


@pytest.mark.parametrize(("who", "get", "delete"), [("erica", 200, 204), ("bob", 200, 403), ("greta", 404, 404)])
def test_a_link_is_seen_with_its_team(world: Any, who: str, get: int, delete: int) -> None:
    assert of_project(world, who, CLOUD) == ([2] if get == 200 else [])
    assert world.cloud("GET", who, "team-links/2").status == get
    assert world.cloud("DELETE", who, "team-links/2").status == delete


def test_manage_team_is_enough(world: Any) -> None:
    body = {"name": "Managers", "accessType": "TEAM", "accessEntityIds": [3], "permittedAccountIds": [GRETA]}
    assert world.cloud("POST", "fred", "permission-roles", body).status == 200
    assert world.cloud("POST", "greta", "team-links", NEW).status == 403
    assert world.cloud("DELETE", "greta", "team-links/2").status == 403
    body = {**body, "permissionKeys": ["permissions.team.manage"]}
    assert world.cloud("POST", "fred", "permission-roles", body).status == 200
    assert world.cloud("POST", "greta", "team-links", NEW).status == 200
    assert world.cloud("DELETE", "greta", "team-links/2").status == 204


@pytest.mark.parametrize("project_id", [99, 10012, 2**31 - 1])
def test_a_project_without_links_or_that_does_not_exist_has_none(world: Any, project_id: int) -> None:
    assert of_project(world, "fred", project_id) == []


@pytest.mark.parametrize("text", ["CLOUD", "0", "2147483648"])
def test_a_project_is_asked_for_by_id(world: Any, text: str) -> None:
    assert world.cloud("GET", "fred", f"team-links/project/{text}").status == 404


def board_link(world: Any, team_id: int, board_id: int) -> int:
    answer = world.post("fred", "1/link", {"teamId": team_id, "scope": board_id, "scopeType": "board"})
    assert answer.status == 200, answer.text
    link_id: int = answer.json["id"]
    return link_id


@pytest.mark.parametrize(("setting", "hidden"), [(None, True), ("shown", False)])
def test_links_to_projects_one_may_not_browse_are_hidden_unless_set(make_world: Any, setting: Any, hidden: bool) -> None:
    world = make_world({"cloud.teamLinksToHiddenProjects": setting} if setting else {})
    make_public(world, 1)
    make_public(world, 3)
    to_board = board_link(world, 3, 85)  # a board of SAFE, which erica and greta may not browse
    safe, cloud = [4, to_board], [2, 3]
    for who in ("erica", "greta"):
        assert of_team(world, who, 1) == ([] if hidden else [4])
        assert of_team(world, who, 3) == (cloud if hidden else [*cloud, to_board])
        assert of_project(world, who, SAFE) == ([] if hidden else [4])
        for link_id in safe:
            assert world.cloud("GET", who, f"team-links/{link_id}").status == (404 if hidden else 200)
    body = {**NEW, "scopeId": SAFE}
    answer = world.cloud("POST", "erica", "team-links", body)
    assert answer.status == (400 if hidden else 200)
    if hidden:
        unknown = world.cloud("POST", "erica", "team-links", {**NEW, "scopeId": 99})
        assert messages(answer) == [text.replace("99", str(SAFE)) for text in messages(unknown)]
    assert world.cloud("DELETE", "erica", f"team-links/{to_board}").status == (404 if hidden else 204)


def test_a_team_administrator_sees_links_to_every_project(world: Any) -> None:
    store = world.site.store
    with store.transaction():
        store.run("DELETE FROM project_permissions")
    assert (of_team(world, "fred", 1), of_team(world, "fred", 3)) == ([4], [2, 3])
    assert world.cloud("POST", "fred", "team-links", NEW).status == 200
    assert of_team(world, "erica", 3) == []
