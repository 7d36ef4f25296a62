"""Categories of accounts and their types: ``/4/account-categories`` and ``/4/account-category-types``."""

from typing import Any

import pytest

BASE = "http://localhost/4"
NEW = {"key": "NEW", "name": "New", "typeName": "CAPITALIZED"}
OPERATIONS = (
    ("GET", "account-categories", None),
    ("POST", "account-categories", NEW),
    ("GET", "account-categories/DEV", None),
    ("PUT", "account-categories/MISC", NEW),
    ("DELETE", "account-categories/MISC", None),
    ("GET", "account-category-types", None),
)


def messages(answer: Any) -> list[str]:
    assert set(answer.json) == {"errors"}
    return [error["message"] for error in answer.json["errors"]]


def keys(answer: Any) -> list[str]:
    assert answer.status == 200, answer.text
    assert answer.json["metadata"] == {"count": len(answer.json["results"])}
    return [category["key"] for category in answer.json["results"]]


def send(world: Any, who: str | None, operation: tuple[str, str, Any]) -> Any:
    method, path, body = operation
    return world.cloud(method, who, path, **({} if body is None else {"json": body}))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: f"{o[0]}-{o[1]}")
def test_every_operation_needs_a_token_with_a_scope(world: Any, operation: tuple[str, str, Any]) -> None:
    assert send(world, None, operation).status == 401
    assert send(world, "demo-token-without-scopes-not-a-secret", operation).status == 403
    assert send(world, "viewer", operation).status == 403
    # Those who do not administer accounts read only.
    assert send(world, "greta", operation).status == (200 if operation[0] == "GET" else 403)
    assert send(world, "fred", operation).status == (204 if operation[0] == "DELETE" else 200)


def test_list_and_its_filter(world: Any) -> None:
    answer = world.cloud("GET", "fred", "account-categories")
    assert keys(answer) == ["DEV", "INT", "OPS", "MISC"]
    assert answer.json["self"] == f"{BASE}/account-categories"
    answer = world.cloud("GET", "fred", "account-categories?id=3")
    assert keys(answer) == ["OPS"]
    assert answer.json["self"] == f"{BASE}/account-categories?id=3"
    assert keys(world.cloud("GET", "fred", "account-categories?id=99")) == []
    assert world.cloud("GET", "fred", "account-categories?id=x").status == 400


def test_one_is_read_by_key(world: Any) -> None:
    assert world.cloud("GET", "fred", "account-categories/DEV").json == {
        "self": f"{BASE}/account-categories/DEV",
        "id": 1,
        "key": "DEV",
        "name": "Development",
        "type": {"name": "BILLABLE"},
    }
    assert set(world.cloud("GET", "fred", "account-categories/MISC").json) == {"self", "id", "key", "name"}
    for text in ("1", "dev", "none"):
        answer = world.cloud("GET", "fred", f"account-categories/{text}")
        assert (answer.status, messages(answer)) == (404, [f"Account category '{text}' not found"])


def test_create_answers_200_and_the_category(world: Any) -> None:
    answer = world.cloud("POST", "fred", "account-categories", NEW)
    assert answer.status == 200
    assert answer.json == {
        "self": f"{BASE}/account-categories/NEW",
        "id": 5,
        "key": "NEW",
        "name": "New",
        "type": {"name": "CAPITALIZED"},
    }
    made = world.cloud("POST", "fred", "account-categories", {"key": "Ä b", "name": "Odd", "typeName": None}).json
    assert "type" not in made
    assert world.cloud("GET", "fred", made["self"].removeprefix(f"{BASE}/")).json == made


@pytest.mark.parametrize(
    "wrong", [{"key": ""}, {"name": None}, {"typeName": "FREE"}, {"typeName": ""}, {"key": "DEV"}], ids=repr
)
def test_a_wrong_value_is_refused(world: Any, wrong: dict[str, Any]) -> None:
    for method, path in (("POST", "account-categories"), ("PUT", "account-categories/MISC")):
        answer = world.cloud(method, "fred", path, {**NEW, **wrong})
        assert answer.status == 400
        assert len(messages(answer)) == 1


def test_put_replaces_and_without_type_there_is_none(world: Any) -> None:
    answer = world.cloud("PUT", "fred", "account-categories/DEV", {"key": "DEV", "name": "Building"})
    assert answer.json == {"self": f"{BASE}/account-categories/DEV", "id": 1, "key": "DEV", "name": "Building"}
    renamed = world.cloud("PUT", "fred", "account-categories/DEV", NEW).json
    assert (renamed["id"], renamed["key"]) == (1, "NEW")
    assert world.cloud("GET", "fred", "accounts/1").json["category"] == renamed
    assert world.cloud("PUT", "fred", "account-categories/DEV", NEW).status == 404


def test_delete_is_of_those_that_no_account_has(world: Any) -> None:
    answer = world.cloud("DELETE", "fred", "account-categories/DEV")
    assert (answer.status, len(messages(answer))) == (400, 1)
    answer = world.cloud("DELETE", "fred", "account-categories/MISC")
    assert (answer.status, answer.body) == (204, b"")
    assert world.cloud("DELETE", "fred", "account-categories/MISC").status == 404


def test_types(world: Any) -> None:
    assert world.cloud("GET", "greta", "account-category-types").json == {
        "self": f"{BASE}/account-category-types",
        "metadata": {"count": 4},
        "results": [{"name": name} for name in ("BILLABLE", "CAPITALIZED", "INTERNAL", "OPERATIONAL")],
    }
