"""Programs of Tempo Cloud: ``/4/programs``."""

from typing import Any

import pytest

BASE = "http://localhost/4"
ERICA = "5b10a2844c20165700ede220"
JOHN = "5b10a2844c20165700ede221"
GRETA = "5b10a2844c20165700ede225"
OLAF = "712020:1c8f62d3-88bb-4e1f-8e54-7a2a1d3b0f22"
NEW = {"name": "Platform"}
OPERATIONS = (
    ("GET", "programs", None),
    ("POST", "programs", NEW),
    ("GET", "programs/2", None),
    ("PUT", "programs/2", NEW),
    ("DELETE", "programs/2", None),
    ("GET", "programs/2/teams", None),
)
WRITES = tuple(operation for operation in OPERATIONS if operation[0] != "GET")
every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: f"{o[0]}-{o[1]}")
Operation = tuple[str, str, Any]


def user(account_id: str) -> dict[str, str]:
    return {"self": f"http://localhost/rest/api/2/user?accountId={account_id}", "accountId": account_id}


GREENCLOUD = {"self": f"{BASE}/teams/1", "id": 1, "name": "GreenCloud"}
LOGISTICS = {
    "self": f"{BASE}/programs/2",
    "id": 2,
    "name": "Logistics",
    "manager": user(JOHN),
    "teams": {"self": f"{BASE}/programs/2/teams", "values": [GREENCLOUD]},
}


def send(world: Any, who: str | None, operation: Operation) -> Any:
    method, path, body = operation
    return world.cloud(method, who, path, **({} if body is None else {"json": body}))


def messages(answer: Any) -> list[str]:
    assert set(answer.json) == {"errors"}
    return [error["message"] for error in answer.json["errors"]]


def create(world: Any, **values: Any) -> dict[str, Any]:
    answer = world.cloud("POST", "fred", "programs", {**NEW, **values})
    assert answer.status == 200, answer.text
    return answer.json


def team_ids(program: dict[str, Any]) -> list[int]:
    return sorted(team["id"] for team in program["teams"]["values"])


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


@every_operation
@pytest.mark.parametrize("noun", ["plans", "teams"])
def test_either_scope_is_enough(world: Any, operation: Operation, noun: str) -> None:
    for verb in ("view", "manage"):
        body = {"person": "fred", "name": verb, "scopes": [f"{noun}:{verb}"]}
        token = world.post(None, "/_mock/tokens", body).json["token"]
        method, path, sent = operation
        more = {} if sent is None else {"json": sent}
        answer = world.cloud(method, None, path, headers={"Authorization": f"Bearer {token}"}, **more)
        done = 204 if method == "DELETE" else 200
        assert answer.status == (403 if verb == "view" and method != "GET" else done)


@pytest.mark.parametrize("number", ["99", "0", "x", "2147483648", "9" * 30])
@pytest.mark.parametrize("operation", [o for o in OPERATIONS if "2" in o[1]], ids=lambda o: f"{o[0]}-{o[1]}")
def test_an_unknown_program_is_404(world: Any, operation: Operation, number: str) -> None:
    method, path, body = operation
    answer = send(world, "fred", (method, path.replace("2", number), body))
    assert (answer.status, len(messages(answer))) == (404, 1)


def test_programs_come_in_one_list(world: Any) -> None:
    made = create(world)
    assert world.cloud("GET", "fred", "programs?limit=1&offset=1").json == {
        "self": f"{BASE}/programs?limit=1&offset=1",
        "metadata": {"count": 2},
        "results": [LOGISTICS, made],
    }
    assert world.cloud("GET", "fred", "programs/2").json == LOGISTICS
    assert world.cloud("GET", "fred", "programs/2/teams").json == {
        "self": f"{BASE}/programs/2/teams",
        "metadata": {"count": 1},
        "results": [GREENCLOUD],
    }


def test_what_is_unset_is_left_out(world: Any) -> None:
    made = create(world)
    own = f"{BASE}/programs/{made['id']}"
    assert made == {"self": own, "id": 3, "name": "Platform", "teams": {"self": f"{own}/teams", "values": []}}
    assert world.cloud("GET", "fred", "programs/3").json == made


def test_a_new_program_takes_its_teams_from_others(world: Any) -> None:
    made = create(world, managerAccountId=ERICA, teamIds=[3, 1, "3"])
    assert (made["manager"], team_ids(made)) == (user(ERICA), [1, 3])
    assert team_ids(world.cloud("GET", "fred", "programs/2").json) == []
    for team_id in (1, 3):
        assert world.cloud("GET", "fred", f"teams/{team_id}").json["program"]["id"] == 3
    assert [(e["who"], e["face"], e["noun"], e["verb"], e["row_id"]) for e in world.audit()] == [
        ("fred", "cloud", "programs", "insert", "3"),
        ("fred", "cloud", "teams", "update", "1"),
        ("fred", "cloud", "teams", "update", "3"),
    ]


@pytest.mark.parametrize(
    ("body", "manager", "teams"),
    [
        ({"name": "Other"}, None, []),
        ({"name": "Other", "managerAccountId": None, "teamIds": None}, None, []),
        ({"name": "Other", "managerAccountId": ""}, None, []),
        ({"name": "Other", "managerAccountId": OLAF, "teamIds": [3]}, OLAF, [3]),
        ({"name": "Other", "teamIds": [1, 3]}, None, [1, 3]),
        ({"name": "Logistics", "managerAccountId": JOHN, "teamIds": [1]}, JOHN, [1]),
    ],
    ids=repr,
)
def test_put_replaces_the_whole(world: Any, body: dict[str, Any], manager: str | None, teams: list[int]) -> None:
    answer = world.cloud("PUT", "fred", "programs/2", body)
    assert (answer.status, answer.json["id"], answer.json["name"]) == (200, 2, body["name"])
    assert answer.json.get("manager") == (user(manager) if manager else None)
    assert team_ids(answer.json) == teams
    assert world.cloud("GET", "fred", "programs/2").json == answer.json
    for team_id in (1, 3):
        assert ("program" in world.cloud("GET", "fred", f"teams/{team_id}").json) is (team_id in teams)


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        *(({"name": value}, "name") for value in ("", " ", None, 7, ["x"])),
        *(({"managerAccountId": value}, "User is invalid") for value in ("nobody", "fred", "john@example.org")),
        *(({"managerAccountId": value}, "managerAccountId") for value in (7, ["x"], {})),
        *(({"teamIds": value}, "teamIds") for value in (1, "1", {}, [99], [0], [-1], [1.5], [True], [None], ["x"], [2**31])),
        ({"teamIds": [3, 99]}, "99"),
    ],
    ids=repr,
)
def test_a_wrong_value_is_400_and_changes_nothing(world: Any, wrong: dict[str, Any], text: str) -> None:
    for method, path in (("POST", "programs"), ("PUT", "programs/2")):
        answer = world.cloud(method, "fred", path, {**NEW, "teamIds": [3], **wrong})
        assert answer.status == 400, answer.text
        assert [message for message in messages(answer) if text in message], messages(answer)
    assert world.audit() == []


@pytest.mark.parametrize("body", [{}, [], None, "x", 7, {"managerAccountId": ERICA}], ids=repr)
def test_a_body_without_a_name_is_400(world: Any, body: Any) -> None:
    for method, path in (("POST", "programs"), ("PUT", "programs/2")):
        answer = world.cloud(method, "fred", path, body)
        assert (answer.status, bool(messages(answer))) == (400, True)


def test_delete_leaves_the_teams(world: Any) -> None:
    assert world.cloud("DELETE", "fred", "programs/2").status == 204
    assert world.cloud("DELETE", "fred", "programs/2").status == 404
    assert world.cloud("GET", "fred", "programs").json["results"] == []
    assert "program" not in world.cloud("GET", "fred", "teams/1").json
    assert ("programs", "delete", "2") in [(e["noun"], e["verb"], e["row_id"]) for e in world.audit()]
    assert create(world)["id"] == 3


def test_a_program_with_teams_is_kept_where_so_set(make_world: Any) -> None:
    world = make_world({"cloud.usedProgram": "400"})
    answer = world.cloud("DELETE", "fred", "programs/2")
    assert (answer.status, len(messages(answer))) == (400, 1)
    assert world.cloud("PUT", "fred", "programs/2", NEW).status == 200
    assert world.cloud("DELETE", "fred", "programs/2").status == 204


@pytest.mark.parametrize("operation", WRITES, ids=lambda o: o[0])
@pytest.mark.parametrize("who", ["erica", "bob", "greta"])
def test_programs_are_written_by_team_administrators(world: Any, who: str, operation: Operation) -> None:
    assert send(world, who, operation).status == 403
    assert world.audit() == []


def test_teams_in_a_program_are_those_one_may_see(world: Any) -> None:
    made = create(world, teamIds=[1, 3])
    for who, seen in (("fred", [1, 3]), ("erica", [3]), ("bob", [3]), ("greta", [])):
        for program in (
            world.cloud("GET", who, f"programs/{made['id']}").json,
            world.cloud("GET", who, "programs").json["results"][1],
        ):
            assert team_ids(program) == seen
            assert program["teams"]["self"] == f"{BASE}/programs/{made['id']}/teams"


def test_teams_of_a_program_are_for_its_manager_and_administrators(world: Any) -> None:
    made = create(world, managerAccountId=ERICA, teamIds=[1, 3])
    path = f"programs/{made['id']}/teams"
    for who, seen in (("fred", [1, 3]), ("erica", [3])):
        answer = world.cloud("GET", who, path)
        assert sorted(team["id"] for team in answer.json["results"]) == seen
        assert answer.json["metadata"] == {"count": len(seen)}
    for who in ("bob", "greta"):
        answer = world.cloud("GET", who, path)
        assert (answer.status, messages(answer)) == (400, ["You do not have permission to view program"])


def test_teams_of_a_program_are_for_everybody_where_so_set(make_world: Any) -> None:
    world = make_world({"cloud.programTeams": "everybody"})
    made = create(world, teamIds=[1, 3])
    answer = world.cloud("GET", "bob", f"programs/{made['id']}/teams")
    assert [team["id"] for team in answer.json["results"]] == [3]
    assert world.cloud("GET", "greta", f"programs/{made['id']}/teams").json["results"] == []
