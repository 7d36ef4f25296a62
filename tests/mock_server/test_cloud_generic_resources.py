"""Generic resources of Tempo Cloud and the teams they are in: ``/4/generic-resources``, ``/4/teams/{id}/generic-resources``."""

from typing import Any

import pytest

BASE = "http://localhost/4"
FRED = "5b10a2844c20165700ede21f"
ERICA = "5b10a2844c20165700ede220"
GRETA = "5b10a2844c20165700ede225"
NEW = {"name": "Tester"}
OPERATIONS = (
    ("POST", "generic-resources", NEW),
    ("POST", "generic-resources/search", {}),
    ("GET", "generic-resources/1", None),
    ("PUT", "generic-resources/1", NEW),
    ("DELETE", "generic-resources/1", None),
    ("GET", "teams/3/generic-resources", None),
    ("POST", "teams/3/generic-resources", {"genericResourceId": 2}),
    ("GET", "teams/3/generic-resources/1", None),
    ("DELETE", "teams/3/generic-resources/1", None),
)
every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: f"{o[0]}-{o[1]}")
Operation = tuple[str, str, Any]


def user(account_id: str) -> dict[str, str]:
    return {"self": f"http://localhost/rest/api/2/user?accountId={account_id}", "accountId": account_id}


FRONTEND = {
    "self": f"{BASE}/generic-resources/1",
    "id": 1,
    "name": "Frontend developer",
    "createdAt": "2013-11-01T09:00:00Z",
    "createdBy": user(FRED),
    "updatedAt": "2013-11-01T09:00:00Z",
    "updatedBy": user(FRED),
}
IN_TEAM_3 = {
    "self": f"{BASE}/teams/3/generic-resources/1",
    "team": {"self": f"{BASE}/teams/3", "id": 3},
    "member": {"self": f"{BASE}/generic-resources/1", "id": 1, "name": "Frontend developer"},
    "assignedToTeamAt": "2013-11-04T10:30:00Z",
    "assignedToTeamBy": user(ERICA),
}


def send(world: Any, who: str | None, operation: Operation) -> Any:
    method, path, body = operation
    return world.cloud(method, who, path, **({} if body is None else {"json": body}))


def messages(answer: Any) -> list[str]:
    assert set(answer.json) == {"errors"}
    return [error["message"] for error in answer.json["errors"]]


def found(world: Any, wanted: Any, query: str = "") -> list[int]:
    answer = world.cloud("POST", "fred", f"generic-resources/search{query}", wanted)
    assert answer.status == 200, answer.text
    return [resource["id"] for resource in answer.json["results"]]


def members(world: Any, team_id: int = 3) -> list[int]:
    answer = world.cloud("GET", "fred", f"teams/{team_id}/generic-resources").json
    assert answer["count"] == len(answer["members"])
    return [member["id"] for member in answer["members"]]


@every_operation
def test_success_is_200_and_204_for_what_is_removed(world: Any, operation: Operation) -> None:
    answer = send(world, "fred", operation)
    assert answer.status == (204 if operation[0] == "DELETE" else 200), answer.text
    assert bool(answer.body) is (operation[0] != "DELETE")


@every_operation
def test_token_and_scope_come_first(world: Any, operation: Operation) -> None:
    method, path, body = operation
    unknown = path.replace("1", "99").replace("3", "98")
    assert send(world, None, operation).status == 401
    assert send(world, "demo-token-that-expired-not-a-secret", operation).status == 401
    assert send(world, "demo-token-without-scopes-not-a-secret", (method, unknown, body)).status == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [(method, path.replace("1", number)) for method, path, _ in OPERATIONS if "1" in path for number in ("99", "0", "x")]
    + [(method, path.replace("3", number)) for method, path, _ in OPERATIONS if "3" in path for number in ("99", "0", "x")]
    + [(method, f"generic-resources/{2**31}") for method in ("GET", "PUT", "DELETE")]
    + [(method, "teams/3/generic-resources/2") for method in ("GET", "DELETE")]
    + [("GET", "teams/1/generic-resources/1")],
)
def test_what_does_not_exist_is_404(world: Any, method: str, path: str) -> None:
    answer = world.cloud(method, "fred", path, {"name": "x", "genericResourceId": 2})
    assert (answer.status, len(messages(answer))) == (404, 1), answer.text
    assert world.audit() == []


def test_a_generic_resource_has_exactly_the_published_members(world: Any) -> None:
    assert world.cloud("GET", "fred", "generic-resources/1").json == FRONTEND


def test_a_new_one_says_who_made_it_and_when(world: Any) -> None:
    world.set_clock("2013-11-15T10:20:30.400Z")
    answer = world.cloud("POST", "fred", "generic-resources", {**NEW, "colour": "red"})
    now = "2013-11-15T10:20:30Z"
    assert answer.json == {
        "self": f"{BASE}/generic-resources/3",
        "id": 3,
        "name": "Tester",
        "createdAt": now,
        "createdBy": user(FRED),
        "updatedAt": now,
        "updatedBy": user(FRED),
    }
    assert world.cloud("GET", "fred", "generic-resources/3").json == answer.json
    assert [(e["who"], e["face"], e["noun"], e["verb"], e["after"]["name"]) for e in world.audit()] == [
        ("fred", "cloud", "generic_resources", "insert", "Tester")
    ]


def test_put_renames_and_keeps_who_made_it(world: Any) -> None:
    group = world.site.store
    with group.transaction():
        person = group.value("SELECT id FROM people WHERE name = 'erica'")
        admins = group.value("SELECT id FROM groups WHERE name = 'jira-administrators'")
        group.insert_row("group_members", group_id=admins, person_id=person)
    world.set_clock("2013-12-01")
    answer = world.cloud("PUT", "erica", "generic-resources/1", NEW)
    assert answer.json == {**FRONTEND, **NEW, "updatedAt": "2013-12-01T00:00:00Z", "updatedBy": user(ERICA)}
    assert world.cloud("GET", "fred", "generic-resources/1").json == answer.json
    event = world.audit()[-1]
    assert (event["verb"], event["before"]["name"], event["after"]["name"]) == ("update", FRONTEND["name"], "Tester")


def test_two_may_have_the_same_name(world: Any) -> None:
    made = [world.cloud("POST", "fred", "generic-resources", {"name": FRONTEND["name"]}).json["id"] for _ in range(2)]
    assert made == [3, 4]


@pytest.mark.parametrize(
    "body", [{}, {"name": None}, {"name": ""}, {"name": " \t"}, {"name": 7}, {"name": ["x"]}, [], None, "x"], ids=repr
)
def test_a_wrong_name_is_400_and_changes_nothing(world: Any, body: Any) -> None:
    for method, path in (("POST", "generic-resources"), ("PUT", "generic-resources/1")):
        answer = world.cloud(method, "fred", path, body)
        assert answer.status == 400, answer.text
        assert messages(answer)
    assert world.audit() == []


def test_delete_takes_it_out_of_its_teams_and_gives_its_id_to_nobody(idle_world: Any) -> None:
    world = idle_world
    assert world.cloud("DELETE", "fred", "generic-resources/1").status == 204
    assert members(world) == []
    for operation in (
        ("GET", "generic-resources/1"),
        ("DELETE", "generic-resources/1"),
        ("GET", "teams/3/generic-resources/1"),
    ):
        assert world.cloud(operation[0], "fred", operation[1]).status == 404
    assert {(e["noun"], e["verb"]) for e in world.audit()} == {
        ("generic_resources", "delete"),
        ("team_generic_resources", "delete"),
    }
    assert world.cloud("DELETE", "fred", "generic-resources/2").status == 204
    assert world.cloud("POST", "fred", "generic-resources", NEW).json["id"] == 3


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({}, [1, 2]),
        ({"ids": [], "query": ""}, [1, 2]),
        ({"ids": None, "query": None, "limit": None, "offset": None}, [1, 2]),
        ({"ids": [2, 99, -1]}, [2]),
        ({"ids": ["2"]}, [2]),
        ({"query": "FRONT"}, [1]),
        ({"query": "lat"}, [2]),
        ({"query": "r"}, [1, 2]),
        ({"query": "%"}, []),
        ({"query": "_"}, []),
        ({"query": "\\"}, []),
        ({"query": "r", "ids": [1]}, [1]),
        ({"query": "front", "ids": [2]}, []),
        ({"limit": 1}, [1]),
        ({"offset": 1}, [2]),
        ({"offset": 2}, []),
        ({"offset": 2**31 - 1, "limit": 2**31 - 1}, []),
    ],
    ids=repr,
)
def test_search(world: Any, wanted: dict[str, Any], ids: list[int]) -> None:
    assert found(world, wanted) == ids


def test_search_answers_pages_without_self(world: Any) -> None:
    for number in range(3):
        world.cloud("POST", "fred", "generic-resources", {"name": f"Tester {number}"})
    address = f"{BASE}/generic-resources/search"
    body = {"limit": 2, "query": "e"}
    page = world.cloud("POST", "fred", "generic-resources/search", body).json
    assert page == {
        "metadata": {"count": 2, "offset": 0, "limit": 2, "next": f"{address}?offset=2&limit=2"},
        "results": [FRONTEND, world.cloud("GET", "fred", "generic-resources/3").json],
    }
    # The same body sent to the next address brings the next page.
    after = world.cloud("POST", "fred", page["metadata"]["next"].removeprefix(f"{BASE}/"), body).json
    assert [resource["id"] for resource in after["results"]] == [4, 5]
    assert after["metadata"] == {"count": 2, "offset": 2, "limit": 2, "previous": f"{address}?offset=0&limit=2"}
    assert found(world, {"limit": 9999}) == [1, 2, 3, 4, 5]
    assert world.cloud("POST", "fred", "generic-resources/search", {"limit": 9999}).json["metadata"]["limit"] == 5000
    assert world.cloud("POST", "fred", "generic-resources/search").json["metadata"] == {"count": 5, "offset": 0, "limit": 50}


@pytest.mark.parametrize(
    ("wrong", "query"),
    [
        *(({"ids": ids}, "") for ids in (["x"], [2**31], [1.5], [True], [None], 1, "1", {})),
        *(({"limit": limit}, "") for limit in (0, -1, 1.5, "x", True, [], 2**31)),
        *(({"offset": offset}, "") for offset in (-1, 1.5, "x", False, 2**31)),
        *(({"query": query}, "") for query in (7, [], {})),
        *(({}, f"?{query}") for query in ("limit=0", "limit=x", "offset=-1", "limit=", f"offset={2**31}")),
        ([], ""),
    ],
    ids=repr,
)
def test_a_wrong_search_is_400(world: Any, wrong: Any, query: str) -> None:
    answer = world.cloud("POST", "fred", f"generic-resources/search{query}", wrong)
    assert answer.status == 400, answer.text
    assert messages(answer)


def test_resources_of_a_team(world: Any) -> None:
    assert world.cloud("GET", "fred", "teams/3/generic-resources").json == {
        "self": f"{BASE}/teams/3/generic-resources",
        "count": 1,
        "team": IN_TEAM_3["team"],
        "members": [IN_TEAM_3["member"]],
    }
    assert world.cloud("GET", "fred", "teams/3/generic-resources/1").json == IN_TEAM_3
    assert world.cloud("GET", "fred", "teams/1/generic-resources").json["members"] == []


def test_a_resource_is_put_into_several_teams_once_each(world: Any) -> None:
    world.set_clock("2013-11-15T10:20:30Z")
    answer = world.cloud("POST", "erica", "teams/3/generic-resources", {"genericResourceId": 2})
    assert answer.json == {
        "self": f"{BASE}/teams/3/generic-resources/2",
        "team": IN_TEAM_3["team"],
        "member": {"self": f"{BASE}/generic-resources/2", "id": 2, "name": "Translator"},
        "assignedToTeamAt": "2013-11-15T10:20:30Z",
        "assignedToTeamBy": user(ERICA),
    }
    assert [(e["who"], e["noun"], e["verb"], e["row_id"]) for e in world.audit()] == [
        ("erica", "team_generic_resources", "insert", "3/2")
    ]
    assert world.cloud("POST", "fred", "teams/1/generic-resources", {"genericResourceId": 2}).status == 200
    again = world.cloud("POST", "fred", "teams/1/generic-resources", {"genericResourceId": 2})
    assert (again.status, len(messages(again))) == (400, 1)
    assert (members(world), members(world, 1)) == ([1, 2], [2])
    assert world.cloud("DELETE", "fred", "teams/3/generic-resources/2").status == 204
    assert world.cloud("DELETE", "fred", "teams/3/generic-resources/2").status == 404
    assert (members(world), members(world, 1)) == ([1], [2])
    assert world.cloud("GET", "fred", "generic-resources/2").status == 200


@pytest.mark.parametrize("wrong", [None, 99, 0, -1, 1.5, "x", True, [1], {}, 2**31], ids=repr)
def test_a_wrong_resource_is_not_put_into_a_team(world: Any, wrong: Any) -> None:
    bodies = [{"genericResourceId": wrong}] if wrong is not None else [{"genericResourceId": None}, {}, [], None]
    for body in bodies:
        answer = world.cloud("POST", "fred", "teams/3/generic-resources", body)
        assert answer.status == 400, answer.text
        assert messages(answer)
    assert members(world) == [1]


def test_an_id_may_be_written_as_text(world: Any) -> None:
    assert world.cloud("POST", "fred", "teams/3/generic-resources", {"genericResourceId": "2"}).status == 200


WRITES_OF_TEAMS = [operation for operation in OPERATIONS if operation[0] != "GET" and operation[1].startswith("teams")]
WRITES = [operation for operation in OPERATIONS[:5] if operation[0] != "GET" and "search" not in operation[1]]


@pytest.mark.parametrize("operation", WRITES, ids=lambda o: f"{o[0]}-{o[1]}")
@pytest.mark.parametrize("who", ["erica", "bob", "greta"])
def test_resources_are_written_by_team_administrators(world: Any, who: str, operation: Operation) -> None:
    assert send(world, who, operation).status == 403
    assert world.audit() == []


@pytest.mark.parametrize("who", ["fred", "erica", "bob", "greta"])
def test_resources_are_read_by_everybody_with_the_scope(world: Any, who: str) -> None:
    assert world.cloud("GET", who, "generic-resources/1").status == 200
    assert len(world.cloud("POST", who, "generic-resources/search").json["results"]) == 2


@pytest.mark.parametrize(
    ("who", "read", "write"),
    [("fred", 200, True), ("erica", 200, True), ("bob", 200, False), ("greta", 404, False)],
)
@pytest.mark.parametrize("operation", WRITES_OF_TEAMS, ids=lambda o: o[0])
def test_who_sees_a_team_sees_its_resources_and_who_manages_it_changes_them(
    world: Any, who: str, read: int, write: bool, operation: Operation
) -> None:
    for path in ("teams/3/generic-resources", "teams/3/generic-resources/1"):
        assert world.cloud("GET", who, path).status == read
    refused = 403 if read == 200 else 404
    assert send(world, who, operation).status == ((204 if operation[0] == "DELETE" else 200) if write else refused)


def test_manage_team_is_enough_to_put_resources_in(world: Any) -> None:
    body = {"name": "Managers", "accessType": "TEAM", "accessEntityIds": [3], "permittedAccountIds": [GRETA]}
    role = world.cloud("POST", "fred", "permission-roles", {**body, "permissionKeys": ["permissions.plan.view"]}).json
    assert send(world, "greta", OPERATIONS[6]).status == 403
    world.cloud("PUT", "fred", f"permission-roles/{role['id']}", {**body, "permissionKeys": ["permissions.team.manage"]})
    assert send(world, "greta", OPERATIONS[6]).status == 200
    assert send(world, "greta", ("POST", "teams/1/generic-resources", {"genericResourceId": 2})).status == 404


def test_a_team_goes_with_what_was_assigned_to_it(make_world: Any) -> None:
    world = make_world({"cloud.usedTeam": "400"})
    team_id = world.cloud("POST", "fred", "teams", {"name": "New"}).json["id"]
    world.cloud("POST", "fred", f"teams/{team_id}/generic-resources", {"genericResourceId": 1})
    assert world.cloud("DELETE", "fred", f"teams/{team_id}").status == 400
    world.put(None, "/_mock/settings", {"cloud.usedTeam": None})
    assert world.cloud("DELETE", "fred", f"teams/{team_id}").status == 204
    assert world.cloud("GET", "fred", f"teams/{team_id}/generic-resources").status == 404
    assert found(world, {}) == [1, 2]


def test_a_resource_nobody_made_has_an_empty_maker(world: Any) -> None:
    store = world.site.store
    with store.transaction():
        store.run("UPDATE generic_resources SET created_by = NULL, updated_by = NULL WHERE id = 1")
        store.run("UPDATE team_generic_resources SET assigned_by = NULL")
    assert world.cloud("GET", "fred", "generic-resources/1").json == {**FRONTEND, "createdBy": {}, "updatedBy": {}}
    assert world.cloud("GET", "fred", "teams/3/generic-resources/1").json == {**IN_TEAM_3, "assignedToTeamBy": {}}
