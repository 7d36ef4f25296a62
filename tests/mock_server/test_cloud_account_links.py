"""Links of accounts to projects: ``/4/account-links`` and ``/4/accounts/{key}/links``."""

from typing import Any

import pytest

BASE = "http://localhost/4"
CLOUD, SAFE = 10010, 10011
NEW = {"accountKey": "CLOUD-OPS", "scopeId": SAFE, "scopeType": "PROJECT"}
OPERATIONS = (
    ("POST", "account-links", NEW),
    ("GET", f"account-links/project/{CLOUD}", None),
    ("GET", "account-links/1", None),
    ("DELETE", "account-links/1", None),
    ("PATCH", "account-links/2/make-default", None),
)


def messages(answer: Any) -> list[str]:
    assert set(answer.json) == {"errors"}
    return [error["message"] for error in answer.json["errors"]]


def ids(answer: Any) -> list[int]:
    assert answer.status == 200, answer.text
    return [link["id"] for link in answer.json["results"]]


def defaults(world: Any, project: int) -> list[int]:
    answer = world.cloud("GET", "fred", f"account-links/project/{project}?includeGlobalAccounts=true")
    return [link["id"] for link in answer.json["results"] if link["default"]]


def send(world: Any, who: str | None, operation: tuple[str, str, Any]) -> Any:
    method, path, body = operation
    return world.cloud(method, who, path, **({} if body is None else {"json": body}))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: f"{o[0]}-{o[1]}")
def test_every_operation_needs_a_token_with_a_scope(world: Any, operation: tuple[str, str, Any]) -> None:
    assert send(world, None, operation).status == 401
    assert send(world, "demo-token-without-scopes-not-a-secret", operation).status == 403
    assert send(world, "viewer", operation).status == 403
    # Those who do not administer accounts read only.
    assert send(world, "erica", operation).status == (200 if operation[0] == "GET" else 403)
    assert send(world, "fred", operation).status == (204 if operation[0] in ("DELETE", "PATCH") else 200)


def test_one_link(world: Any) -> None:
    assert world.cloud("GET", "fred", "account-links/1").json == {
        "self": f"{BASE}/account-links/1",
        "id": 1,
        "default": True,
        "scope": {"self": f"http://localhost/rest/api/2/project/{CLOUD}", "id": CLOUD, "type": "PROJECT"},
        "account": {"self": f"{BASE}/accounts/1"},
    }


def test_unknown_links_are_not_found(world: Any) -> None:
    for method, path in (
        ("GET", "account-links/99"),
        ("DELETE", "account-links/99"),
        ("PATCH", "account-links/99/make-default"),
        ("GET", "account-links/project/99"),
        ("GET", "account-links/none"),
    ):
        answer = world.cloud(method, "fred", path)
        assert answer.status == 404
        assert messages(answer)


def test_links_of_a_project_with_and_without_global_accounts(world: Any) -> None:
    answer = world.cloud("GET", "fred", f"account-links/project/{CLOUD}")
    assert ids(answer) == [1, 2]
    assert answer.json["metadata"] == {"count": 2}
    assert answer.json["self"] == f"{BASE}/account-links/project/{CLOUD}"
    assert ids(world.cloud("GET", "fred", f"account-links/project/{CLOUD}?includeGlobalAccounts=false")) == [1, 2]
    assert ids(world.cloud("GET", "fred", f"account-links/project/{CLOUD}?includeGlobalAccounts=true")) == [1, 2, 5]
    assert world.cloud("GET", "fred", f"account-links/project/{CLOUD}?includeGlobalAccounts=maybe").status == 400


def test_links_to_a_project_one_may_not_browse_are_hidden(world: Any) -> None:
    assert world.cloud("GET", "bob", f"account-links/project/{SAFE}").status == 404
    assert world.cloud("GET", "bob", "account-links/3").status == 404
    assert ids(world.cloud("GET", "bob", "accounts/SAFE-2013/links")) == []
    assert ids(world.cloud("GET", "fred", "accounts/SAFE-2013/links")) == [3]
    assert ids(world.cloud("GET", "bob", "accounts/CLOUD-DEV/links")) == [1]


def test_links_of_an_account_in_pages(world: Any) -> None:
    made = world.cloud("POST", "fred", "account-links", {**NEW, "accountKey": "CLOUD-DEV"}).json["id"]
    first = world.cloud("GET", "fred", "accounts/CLOUD-DEV/links?limit=1")
    assert ids(first) == [1]
    assert first.json["metadata"]["next"] == f"{BASE}/accounts/CLOUD-DEV/links?offset=1&limit=1"
    last = world.cloud("GET", "fred", "accounts/CLOUD-DEV/links?offset=1&limit=1")
    assert ids(last) == [made]
    assert "next" not in last.json["metadata"]


def test_create_answers_200_and_the_link(world: Any) -> None:
    answer = world.cloud("POST", "fred", "account-links", NEW)
    assert answer.status == 200
    assert (answer.json["id"], answer.json["default"], answer.json["scope"]["id"]) == (6, False, SAFE)
    assert world.cloud("GET", "fred", "account-links/6").json == answer.json
    assert defaults(world, SAFE) == [3]


def test_a_project_has_one_default(world: Any) -> None:
    made = world.cloud("POST", "fred", "account-links", {**NEW, "default": True}).json
    assert made["default"] is True
    assert defaults(world, SAFE) == [made["id"]]
    assert defaults(world, CLOUD) == [1]
    answer = world.cloud("PATCH", "fred", "account-links/4/make-default")
    assert (answer.status, answer.body) == (204, b"")
    assert defaults(world, SAFE) == [4]
    assert world.cloud("PATCH", "fred", "account-links/4/make-default").status == 204
    assert defaults(world, SAFE) == [4]


def test_delete_of_the_default_leaves_none(world: Any) -> None:
    answer = world.cloud("DELETE", "fred", "account-links/1")
    assert (answer.status, answer.body) == (204, b"")
    assert world.cloud("DELETE", "fred", "account-links/1").status == 404
    assert defaults(world, CLOUD) == []
    assert world.cloud("GET", "fred", "accounts/1").status == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"accountKey": ""},
        {"accountKey": None},
        {"scopeId": 0},
        {"scopeId": 2**31},
        {"scopeId": "x"},
        {"scopeType": "BOARD"},
        {"scopeType": None},
        {"default": "perhaps"},
        {"accountKey": "SAFE-2013"},
    ],
    ids=repr,
)
def test_a_wrong_value_is_refused(world: Any, wrong: dict[str, Any]) -> None:
    answer = world.cloud("POST", "fred", "account-links", {**NEW, **wrong})
    assert answer.status == 400
    assert len(messages(answer)) == 1


def test_what_is_linked_must_be_there(world: Any) -> None:
    answer = world.cloud("POST", "fred", "account-links", {**NEW, "accountKey": "xyz"})
    assert (answer.status, messages(answer)) == (404, ["Account 'xyz' not found"])
    answer = world.cloud("POST", "fred", "account-links", {**NEW, "scopeId": 99})
    assert (answer.status, messages(answer)) == (404, ["Project '99' not found"])
