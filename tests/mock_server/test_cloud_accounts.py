"""Accounts of Tempo Cloud: ``/4/accounts``."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest

BASE = "http://localhost/4"
ERICA = "5b10a2844c20165700ede220"
LAURA = "5b10a2844c20165700ede222"
NEW = {"key": "NEW", "name": "New", "status": "OPEN", "leadAccountId": ERICA}
WHOLE = {
    **NEW,
    "contactAccountId": LAURA,
    "categoryKey": "DEV",
    "customerKey": "HARBOUR",
    "global": True,
    "monthlyBudget": 0,
}
ALWAYS = {"self", "id", "key", "name", "status", "global", "lead", "links"}
NO_SCOPE = "demo-token-without-scopes-not-a-secret"
EXPIRED = "demo-token-that-expired-not-a-secret"

OPERATIONS = (
    ("GET", "accounts", None),
    ("POST", "accounts", NEW),
    ("POST", "accounts/search", {}),
    ("GET", "accounts/1", None),
    ("PUT", "accounts/PILOT", {**NEW, "key": "PILOT"}),
    ("DELETE", "accounts/PILOT", None),
    ("GET", "accounts/PILOT/links", None),
)
WRITES = tuple(operation for operation in OPERATIONS if operation[0] != "GET" and "search" not in operation[1])
READS = tuple(operation for operation in OPERATIONS if operation not in WRITES)


def messages(answer: Any) -> list[str]:
    """The messages of an error body, after a look at its shape."""
    assert set(answer.json) == {"errors"}
    assert all(set(error) == {"message"} for error in answer.json["errors"])
    return [error["message"] for error in answer.json["errors"]]


def keys(answer: Any) -> list[str]:
    assert answer.status == 200, answer.text
    return [account["key"] for account in answer.json["results"]]


def send(world: Any, who: str | None, operation: tuple[str, str, Any]) -> Any:
    method, path, body = operation
    return world.cloud(method, who, path, **({} if body is None else {"json": body}))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: f"{o[0]}-{o[1]}")
def test_every_operation_needs_a_token_with_a_scope(world: Any, operation: tuple[str, str, Any]) -> None:
    assert send(world, None, operation).status == 401
    assert send(world, EXPIRED, operation).status == 401
    assert send(world, NO_SCOPE, operation).status == 403
    assert send(world, "viewer", operation).status == 403
    assert send(world, "fred", operation).status == (204 if operation[0] == "DELETE" else 200)


def custom(world: Any, *scopes: str) -> str:
    """A new token of fred's with these scopes."""
    made = world.post(None, "/_mock/tokens", {"person": "fred", "name": "custom", "scopes": list(scopes)})
    assert made.status == 201, made.text
    token: str = made.json["token"]
    return token


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: f"{o[0]}-{o[1]}")
def test_view_reads_and_manage_does_everything(make_world: Callable[..., Any], operation: tuple[str, str, Any]) -> None:
    method, path, body = operation
    for settings, scope in itertools.product(("view", "manage"), ("accounts:view", "accounts:manage")):
        world = make_world({"cloud.searchNeeds": settings})
        headers = {"Authorization": f"Bearer {custom(world, scope)}"}
        answer = world.cloud(method, None, path, **({} if body is None else {"json": body}), headers=headers)
        reads = method == "GET" or ("search" in path and settings == "view")
        assert answer.status == (403 if scope == "accounts:view" and not reads else 204 if method == "DELETE" else 200)


@pytest.mark.parametrize("operation", WRITES, ids=lambda o: f"{o[0]}-{o[1]}")
@pytest.mark.parametrize("who", ["erica", "bob", "greta"])
def test_writes_are_for_account_administrators(world: Any, operation: tuple[str, str, Any], who: str) -> None:
    before = world.cloud("POST", "fred", "accounts/search", {"statuses": ["OPEN", "CLOSED", "ARCHIVED"]}).body
    assert send(world, who, operation).status == 403
    assert world.cloud("POST", "fred", "accounts/search", {"statuses": ["OPEN", "CLOSED", "ARCHIVED"]}).body == before


@pytest.mark.parametrize("operation", READS, ids=lambda o: f"{o[0]}-{o[1]}")
def test_reads_are_for_everybody_with_the_scope(world: Any, operation: tuple[str, str, Any]) -> None:
    assert send(world, "greta", operation).status == 200


def test_list_shows_open_and_closed_accounts(world: Any) -> None:
    answer = world.cloud("GET", "fred", "accounts")
    assert keys(answer) == ["CLOUD-DEV", "CLOUD-OPS", "SAFE-2013", "INTERNAL", "SAFE-2012"]
    assert set(answer.json) == {"self", "metadata", "results"}
    assert answer.json["metadata"] == {"count": 5, "offset": 0, "limit": 50}
    assert answer.json["self"] == f"{BASE}/accounts"


def test_pages_of_the_list_are_walked_by_next(world: Any) -> None:
    found: list[str] = []
    path: str | None = "accounts?limit=2"
    previous = []
    while path:
        answer = world.cloud("GET", "fred", path)
        found += keys(answer)
        metadata = answer.json["metadata"]
        previous.append("previous" in metadata)
        path = metadata["next"].removeprefix(f"{BASE}/") if "next" in metadata else None
    assert found == keys(world.cloud("GET", "fred", "accounts"))
    assert previous == [False, True, True]
    for wrong in ("limit=0", "offset=-1", "limit=many"):
        assert world.cloud("GET", "fred", f"accounts?{wrong}").status == 400


def test_account_with_everything(world: Any) -> None:
    assert world.cloud("GET", "fred", "accounts/1").json == {
        "self": f"{BASE}/accounts/1",
        "id": 1,
        "key": "CLOUD-DEV",
        "name": "Cloud development",
        "status": "OPEN",
        "global": False,
        "monthlyBudget": 320,
        "lead": {"self": f"http://localhost/rest/api/2/user?accountId={ERICA}", "accountId": ERICA},
        "contact": {
            "self": f"http://localhost/rest/api/2/user?accountId={LAURA}",
            "accountId": LAURA,
            "type": "USER",
        },
        "category": {
            "self": f"{BASE}/account-categories/DEV",
            "id": 1,
            "key": "DEV",
            "name": "Development",
            "type": {"name": "BILLABLE"},
        },
        "customer": {"self": f"{BASE}/customers/1", "id": 1, "key": "HARBOUR", "name": "Harbour & Sons"},
        "links": {"self": f"{BASE}/accounts/CLOUD-DEV/links"},
    }


def test_what_is_not_set_is_left_out(world: Any) -> None:
    assert set(world.cloud("GET", "fred", "accounts/6").json) == ALWAYS
    external = world.cloud("GET", "fred", "accounts/3").json["contact"]
    assert external == {"type": "EXTERNAL", "displayName": "Astrid Nord"}


@pytest.mark.parametrize("text", ["99", "0", "CLOUD-DEV", "2147483648", "9" * 30, "-1", "search", "%C2%B2"])
def test_read_is_by_id_only(world: Any, text: str) -> None:
    answer = world.cloud("GET", "fred", f"accounts/{text}")
    assert answer.status == 404
    assert messages(answer)[0].startswith("Account '")


@pytest.mark.parametrize(
    "operation", [("PUT", "accounts/1", NEW), ("DELETE", "accounts/1", None), ("GET", "accounts/x/links", None)]
)
def test_change_and_removal_are_by_key_only(world: Any, operation: tuple[str, str, Any]) -> None:
    answer = send(world, "fred", operation)
    assert (answer.status, messages(answer)) == (404, [f"Account '{operation[1].split('/')[1]}' not found"])


def test_create_answers_200_and_the_account(world: Any) -> None:
    answer = world.cloud("POST", "fred", "accounts", WHOLE)
    assert answer.status == 200
    made = answer.json
    assert set(made) == ALWAYS | {"contact", "category", "customer", "monthlyBudget"}
    assert (made["id"], made["global"], made["monthlyBudget"], made["status"]) == (7, True, 0, "OPEN")
    assert world.cloud("GET", "fred", "accounts/7").json == made
    nulls = {**NEW, "key": "NULLS", "categoryKey": None, "monthlyBudget": None, "global": None, "contactAccountId": None}
    assert set(world.cloud("POST", "fred", "accounts", nulls).json) == ALWAYS


def test_a_new_account_without_status_is_open(world: Any) -> None:
    body = {name: value for name, value in NEW.items() if name != "status"}
    assert world.cloud("POST", "fred", "accounts", body).json["status"] == "OPEN"
    assert world.cloud("PUT", "fred", "accounts/NEW", body).status == 400


@pytest.mark.parametrize(
    "wrong",
    [
        *({"key": key} for key in ("", "a b", "ä", "a/b", "a\n", None, 7)),
        {"name": ""},
        {"name": None},
        {"status": "open"},
        {"leadAccountId": ""},
        {"leadAccountId": None},
        {"monthlyBudget": -1},
        {"monthlyBudget": 2**31},
        {"monthlyBudget": "much"},
        {"global": "perhaps"},
    ],
    ids=repr,
)
def test_a_wrong_value_is_refused(world: Any, wrong: dict[str, Any]) -> None:
    for method, path in (("POST", "accounts"), ("PUT", "accounts/PILOT")):
        answer = world.cloud(method, "fred", path, {**NEW, **wrong})
        assert answer.status == 400
        assert messages(answer)


def test_bodies_that_are_none_are_refused(world: Any) -> None:
    for body in (b"", b"[]", b"null", b"{", b'"x"'):
        assert world.cloud("POST", "fred", "accounts", body=body).status == 400
    assert len(messages(world.cloud("POST", "fred", "accounts", {}))) == 3


def test_a_key_in_use_is_refused(world: Any) -> None:
    answer = world.cloud("POST", "fred", "accounts", {**NEW, "key": "PILOT"})
    assert (answer.status, messages(answer)) == (400, ["Account with this key already exists"])
    answer = world.cloud("PUT", "fred", "accounts/PILOT", {**NEW, "key": "INTERNAL"})
    assert (answer.status, messages(answer)) == (400, ["Account with this key already exists"])
    assert world.cloud("POST", "fred", "accounts", {**NEW, "key": "pilot"}).status == 200


@pytest.mark.parametrize(
    ("unknown", "message"),
    [
        ({"leadAccountId": "erica"}, "User is invalid"),
        ({"contactAccountId": "nobody"}, "User is invalid"),
        ({"categoryKey": "none"}, "Account category 'none' not found"),
        ({"customerKey": "none"}, "Customer 'none' not found"),
    ],
)
def test_what_is_named_must_be_there(world: Any, unknown: dict[str, Any], message: str) -> None:
    for method, path in (("POST", "accounts"), ("PUT", "accounts/PILOT")):
        answer = world.cloud(method, "fred", path, {**NEW, **unknown})
        assert (answer.status, messages(answer)) == (404, [message])


def test_put_replaces_everything(world: Any) -> None:
    answer = world.cloud("PUT", "fred", "accounts/CLOUD-DEV", {**NEW, "key": "CLOUD-DEV", "status": "CLOSED"})
    assert answer.status == 200
    assert set(answer.json) == ALWAYS
    assert (answer.json["id"], answer.json["name"], answer.json["status"]) == (1, "New", "CLOSED")
    assert world.cloud("GET", "fred", "accounts/1").json == answer.json
    again = world.cloud("PUT", "fred", "accounts/CLOUD-DEV", {**NEW, "externalContactName": "Somebody"}).json
    assert (again["key"], again["contact"]) == ("NEW", {"type": "EXTERNAL", "displayName": "Somebody"})
    assert again["links"] == {"self": f"{BASE}/accounts/NEW/links"}
    assert world.cloud("GET", "fred", "accounts/CLOUD-DEV/links").status == 404
    assert len(world.cloud("GET", "fred", "accounts/NEW/links").json["results"]) == 1


def test_the_user_is_the_contact_when_both_are_given(world: Any) -> None:
    both = {**NEW, "contactAccountId": LAURA, "externalContactName": "Somebody"}
    assert world.cloud("POST", "fred", "accounts", both).json["contact"]["type"] == "USER"


def test_delete_takes_the_links_along(idle_world: Any) -> None:
    world = idle_world
    answer = world.cloud("DELETE", "fred", "accounts/CLOUD-DEV")
    assert (answer.status, answer.body) == (204, b"")
    assert "Content-Type" not in answer.headers
    assert world.cloud("GET", "fred", "accounts/1").status == 404
    assert world.cloud("GET", "fred", "account-links/1").status == 404
    assert world.cloud("DELETE", "fred", "accounts/CLOUD-DEV").status == 404


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["CLOUD-DEV", "CLOUD-OPS", "SAFE-2013", "INTERNAL", "SAFE-2012"]),
        (
            {"statuses": [], "ids": [], "keys": None, "global": None},
            ["CLOUD-DEV", "CLOUD-OPS", "SAFE-2013", "INTERNAL", "SAFE-2012"],
        ),
        ({"statuses": ["ARCHIVED"]}, ["PILOT"]),
        ({"statuses": ["CLOSED", "ARCHIVED"]}, ["SAFE-2012", "PILOT"]),
        ({"global": True}, ["INTERNAL"]),
        ({"global": False, "statuses": ["CLOSED"]}, ["SAFE-2012"]),
        ({"ids": [3, 1, 99, 2**63 - 1]}, ["CLOUD-DEV", "SAFE-2013"]),
        ({"ids": [1, 2], "keys": ["CLOUD-OPS", "INTERNAL", "none"]}, ["CLOUD-OPS"]),
        ({"keys": ["cloud-ops"]}, []),
        ({"ids": [6]}, []),
    ],
)
def test_search(world: Any, wanted: dict[str, Any], found: list[str]) -> None:
    assert keys(world.cloud("POST", "fred", "accounts/search", wanted)) == found


def test_search_without_body_and_in_pages(world: Any) -> None:
    assert len(keys(world.cloud("POST", "fred", "accounts/search"))) == 5
    first = world.cloud("POST", "fred", "accounts/search?limit=1", {"ids": [1, 2]})
    assert first.json["metadata"]["next"] == f"{BASE}/accounts/search?offset=1&limit=1"
    last = world.cloud("POST", "fred", "accounts/search?offset=1&limit=1", {"ids": [1, 2]})
    assert keys(last) == ["CLOUD-OPS"]
    assert "next" not in last.json["metadata"]


@pytest.mark.parametrize("wrong", [{"statuses": ["SHUT"]}, {"ids": ["x"]}, {"ids": 1}, {"keys": [1]}, {"ids": [2**64]}])
def test_search_refuses_what_it_cannot_read(world: Any, wrong: dict[str, Any]) -> None:
    assert world.cloud("POST", "fred", "accounts/search", wrong).status == 400


def test_a_search_changes_nothing(world: Any) -> None:
    world.cloud("POST", "fred", "accounts/search", {})
    assert world.audit() == []


def test_writes_reach_the_audit_trail(world: Any) -> None:
    world.cloud("POST", "fred", "accounts", NEW)
    assert [(event["who"], event["noun"], event["verb"]) for event in world.audit()] == [("fred", "accounts", "insert")]
