"""Customers of Tempo Cloud: ``/4/customers``."""

from typing import Any

import pytest

BASE = "http://localhost/4"
NEW = {"key": "NEW", "name": "New"}
OPERATIONS = (
    ("GET", "customers", None),
    ("POST", "customers", NEW),
    ("POST", "customers/search", {}),
    ("GET", "customers/1", None),
    ("GET", "customers/1/accounts", None),
    ("PUT", "customers/MUSEUM", NEW),
    ("DELETE", "customers/MUSEUM", None),
)
WRITES = tuple(operation for operation in OPERATIONS if operation[0] != "GET" and "search" not in operation[1])
READS = tuple(operation for operation in OPERATIONS if operation not in WRITES)


def messages(answer: Any) -> list[str]:
    assert set(answer.json) == {"errors"}
    return [error["message"] for error in answer.json["errors"]]


def keys(answer: Any) -> list[str]:
    assert answer.status == 200, answer.text
    return [customer["key"] for customer in answer.json["results"]]


def send(world: Any, who: str | None, operation: tuple[str, str, Any]) -> Any:
    method, path, body = operation
    return world.cloud(method, who, path, **({} if body is None else {"json": body}))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: f"{o[0]}-{o[1]}")
def test_every_operation_needs_a_token_with_a_scope(world: Any, operation: tuple[str, str, Any]) -> None:
    assert send(world, None, operation).status == 401
    assert send(world, "demo-token-without-scopes-not-a-secret", operation).status == 403
    assert send(world, "viewer", operation).status == 403
    assert send(world, "fred", operation).status == (204 if operation[0] == "DELETE" else 200)


@pytest.mark.parametrize("operation", WRITES, ids=lambda o: f"{o[0]}-{o[1]}")
def test_writes_are_for_account_administrators(world: Any, operation: tuple[str, str, Any]) -> None:
    assert send(world, "erica", operation).status == 403
    assert keys(world.cloud("GET", "fred", "customers")) == ["HARBOUR", "NORDBANK", "MUSEUM"]


@pytest.mark.parametrize("operation", READS, ids=lambda o: f"{o[0]}-{o[1]}")
def test_reads_are_for_everybody_with_the_scope(world: Any, operation: tuple[str, str, Any]) -> None:
    assert send(world, "greta", operation).status == 200


def test_pages_are_walked_by_next(world: Any) -> None:
    first = world.cloud("GET", "fred", "customers?limit=2")
    assert keys(first) == ["HARBOUR", "NORDBANK"]
    assert first.json["metadata"] == {"count": 2, "offset": 0, "limit": 2, "next": f"{BASE}/customers?offset=2&limit=2"}
    last = world.cloud("GET", "fred", "customers?offset=2&limit=2")
    assert keys(last) == ["MUSEUM"]
    assert last.json["metadata"] == {"count": 1, "offset": 2, "limit": 2, "previous": f"{BASE}/customers?offset=0&limit=2"}
    assert world.cloud("GET", "fred", "customers?limit=0").status == 400
    assert world.cloud("GET", "fred", "customers?limit=9999").json["metadata"]["limit"] == 5000


def test_one_is_read_by_id(world: Any) -> None:
    answer = world.cloud("GET", "fred", "customers/3")
    assert answer.json == {"self": f"{BASE}/customers/3", "id": 3, "key": "MUSEUM", "name": "Museum für Technik"}
    for text in ("MUSEUM", "99", "9" * 40):
        answer = world.cloud("GET", "fred", f"customers/{text}")
        assert (answer.status, messages(answer)) == (404, [f"Customer '{text}' not found"])
        assert world.cloud("GET", "fred", f"customers/{text}/accounts").status == 404


def test_accounts_of_a_customer(world: Any) -> None:
    answer = world.cloud("GET", "fred", "customers/2/accounts?limit=1")
    assert keys(answer) == ["SAFE-2013"]
    assert answer.json["metadata"]["next"] == f"{BASE}/customers/2/accounts?offset=1&limit=1"
    last = world.cloud("GET", "fred", "customers/2/accounts?offset=1")
    assert keys(last) == ["SAFE-2012"]
    assert "next" not in last.json["metadata"]
    empty = world.cloud("GET", "fred", "customers/3/accounts").json
    assert (empty["results"], empty["metadata"]["count"]) == ([], 0)


def test_create_answers_200_and_the_customer(world: Any) -> None:
    answer = world.cloud("POST", "fred", "customers", NEW)
    assert (answer.status, answer.json) == (200, {"self": f"{BASE}/customers/4", "id": 4, **NEW})
    assert world.cloud("GET", "fred", "customers/4").json == answer.json


@pytest.mark.parametrize("wrong", [{"key": ""}, {"name": ""}, {"key": None}, {"name": 7}, {"key": "HARBOUR"}], ids=repr)
def test_a_wrong_value_is_refused(world: Any, wrong: dict[str, Any]) -> None:
    for method, path in (("POST", "customers"), ("PUT", "customers/MUSEUM")):
        answer = world.cloud(method, "fred", path, {**NEW, **wrong})
        assert answer.status == 400
        if wrong == {"key": "HARBOUR"}:
            assert messages(answer) == ["Customer with this key already exists"]


def test_put_is_by_key_and_replaces(world: Any) -> None:
    answer = world.cloud("PUT", "fred", "customers/MUSEUM", NEW)
    assert (answer.status, answer.json) == (200, {"self": f"{BASE}/customers/3", "id": 3, **NEW})
    assert world.cloud("PUT", "fred", "customers/NEW", {**NEW, "name": "Same key"}).json["name"] == "Same key"
    for text in ("MUSEUM", "3"):
        answer = world.cloud("PUT", "fred", f"customers/{text}", NEW)
        assert (answer.status, messages(answer)) == (404, [f"Customer '{text}' not found"])


def test_delete_is_by_key_and_of_those_without_accounts(world: Any) -> None:
    answer = world.cloud("DELETE", "fred", "customers/NORDBANK")
    assert (answer.status, len(messages(answer))) == (400, 1)
    answer = world.cloud("DELETE", "fred", "customers/MUSEUM")
    assert (answer.status, answer.body) == (204, b"")
    assert world.cloud("DELETE", "fred", "customers/MUSEUM").status == 404
    assert world.cloud("GET", "fred", "customers/3").status == 404


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["HARBOUR", "NORDBANK", "MUSEUM"]),
        ({"ids": [], "keys": None}, ["HARBOUR", "NORDBANK", "MUSEUM"]),
        ({"ids": [3, 1, 99]}, ["HARBOUR", "MUSEUM"]),
        ({"keys": ["NORDBANK", "none"]}, ["NORDBANK"]),
        ({"ids": [1], "keys": ["NORDBANK"]}, []),
    ],
)
def test_search(world: Any, wanted: dict[str, Any], found: list[str]) -> None:
    assert keys(world.cloud("POST", "fred", "customers/search", wanted)) == found


def test_search_without_body_in_pages_and_with_nonsense(world: Any) -> None:
    first = world.cloud("POST", "fred", "customers/search?limit=2")
    assert keys(first) == ["HARBOUR", "NORDBANK"]
    assert first.json["metadata"]["next"] == f"{BASE}/customers/search?offset=2&limit=2"
    for wrong in ({"ids": ["x"]}, {"ids": [2**31]}, {"keys": "NORDBANK"}):
        assert world.cloud("POST", "fred", "customers/search", wrong).status == 400
