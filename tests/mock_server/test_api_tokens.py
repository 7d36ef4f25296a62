"""Tokens of Tempo Cloud, as help pages describe them: made and managed by their owner, told once, acting as the owner."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mock_server.access import GRANTABLE_SCOPES
from mock_server.console import Console
from mock_server.domain import api_tokens
from mock_server.errors import Invalid, NotFound, NotLoggedIn
from mock_server.storage import people
from mock_server.storage.people import Person
from mock_server.storage.store import Author, Store

NOW = datetime(2013, 11, 15, 9, 30, tzinfo=UTC)
TOKENS = "/_mock/tokens"
ERICA = "5b10a2844c20165700ede220"


@pytest.fixture
def store(world: Any) -> Store:
    found: Store = world.site.store
    return found


def person(store: Store, name: str = "bob") -> Person:
    found = people.by_name(store, name)
    assert found is not None
    return found


def make(world: Any, who: str = "bob", **values: Any) -> dict[str, Any]:
    answer = world.post(None, TOKENS, {"person": who, "name": "Mine", **values})
    assert answer.status == 201, answer.text
    return answer.json


def status(world: Any, text: str, path: str = "worklogs", method: str = "GET", json: Any = None) -> int:
    sent = {"json": json} if json is not None else {}
    return world.cloud(method, None, path, headers={"Authorization": f"Bearer {text}"}, **sent).status


def errors(answer: Any) -> str:
    assert answer.status == 400, answer.text
    return answer.text


# The domain.


def test_new_token_lasts_thirty_days_and_has_every_scope_there_is(store: Store) -> None:
    with store.transaction():
        issued = api_tokens.create(store, person(store), "Mine", None, None, NOW)
        assert api_tokens.of_owner(store, person(store).id)[-1] == issued.token
    assert (issued.token.days, issued.token.access) == (30, "full")
    assert (issued.token.created_at, issued.token.expires_at) == ("2013-11-15T09:30:00.000Z", "2013-12-15T09:30:00.000Z")
    assert set(issued.token.scopes.split()) == GRANTABLE_SCOPES
    assert re.fullmatch("[A-Za-z0-9_-]{30,40}", issued.text)


def test_full_access_is_a_snapshot_of_the_scopes_there_are(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.transaction():
        monkeypatch.setattr(api_tokens, "GRANTABLE_SCOPES", frozenset({"worklogs:view"}))
        issued = api_tokens.create(store, person(store), "Mine", None, None, NOW)
        monkeypatch.setattr(api_tokens, "GRANTABLE_SCOPES", frozenset({"worklogs:view", "rockets:launch"}))
        assert api_tokens.authenticate(store, issued.text, NOW).scopes == {"worklogs:view"}
        renewed = api_tokens.regenerate(store, issued.token, NOW)
        assert api_tokens.authenticate(store, renewed.text, NOW).scopes == {"worklogs:view"}


@pytest.mark.parametrize("days", [1, 30, 365, 5000])
def test_days_from_one_to_five_thousand(store: Store, days: int) -> None:
    with store.transaction():
        issued = api_tokens.create(store, person(store), "Mine", days, ["plans:view"], NOW)
        assert issued.token.expires_at == (NOW + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        last = NOW + timedelta(days=days) - timedelta(seconds=1)
        assert api_tokens.authenticate(store, issued.text, last).scopes == {"plans:view"}
        with pytest.raises(NotLoggedIn):
            api_tokens.authenticate(store, issued.text, NOW + timedelta(days=days))


@pytest.mark.parametrize(
    ("name", "days", "scopes", "field"),
    [
        ("", 30, None, "name"),
        ("  ", 30, None, "name"),
        ("Mine", 0, None, "days"),
        ("Mine", -1, None, "days"),
        ("Mine", 5001, None, "days"),
        ("Mine", 30, [], "scopes"),
        ("Mine", 30, ["worklogs:read"], "scopes"),
        ("Mine", 30, ["worklogs:view", "any valid token"], "scopes"),
        ("Mine", 30, ["worklogs:view plans:view"], "scopes"),
    ],
)
def test_what_cannot_be_made(store: Store, name: str, days: int, scopes: list[str] | None, field: str) -> None:
    with store.transaction():
        before = api_tokens.of_owner(store, person(store).id)
        with pytest.raises(Invalid) as caught:
            api_tokens.create(store, person(store), name, days, scopes, NOW)
        assert list(caught.value.fields) == [field]
        assert api_tokens.of_owner(store, person(store).id) == before


def test_a_token_is_found_by_its_owner_alone(store: Store) -> None:
    with store.transaction():
        token = api_tokens.create(store, person(store), "Mine", None, None, NOW).token
        assert api_tokens.get(store, person(store).id, token.id) == token
        for other in ("erica", "fred"):
            with pytest.raises(NotFound):
                api_tokens.get(store, person(store, other).id, token.id)
            assert token not in api_tokens.of_owner(store, person(store, other).id)


def test_a_token_cannot_outlast_the_calendar(store: Store) -> None:
    with store.transaction(), pytest.raises(Invalid):
        api_tokens.create(store, person(store), "Mine", 5000, None, datetime(9999, 6, 1, tzinfo=UTC))


# Over /_mock/tokens.


def test_created_token_is_told_with_what_it_is(world: Any) -> None:
    made = make(world, days=7, scopes=["worklogs:view", "worklogs:view", "plans:manage"])
    text = made.pop("token")
    assert made == {
        "id": made["id"],
        "person": "bob",
        "name": "Mine",
        "access": "custom",
        "scopes": ["plans:manage", "worklogs:view"],
        "createdAt": "2013-11-15T00:00:00.000Z",
        "expiresAt": "2013-11-22T00:00:00.000Z",
        "status": "active",
    }
    assert world.get(None, f"{TOKENS}?person=bob").json[-1] == made
    assert (status(world, text), status(world, text, "teams")) == (200, 403)


@pytest.mark.parametrize(
    "body",
    [
        {"name": "Mine"},
        {"person": "bob"},
        {"person": "bob", "name": " "},
        {"person": "bob", "name": "Mine", "days": 0},
        {"person": "bob", "name": "Mine", "days": 5001},
        {"person": "bob", "name": "Mine", "days": "30"},
        {"person": "bob", "name": "Mine", "days": True},
        {"person": "bob", "name": "Mine", "days": 1.5},
        {"person": "bob", "name": "Mine", "scopes": []},
        {"person": "bob", "name": "Mine", "scopes": "worklogs:view"},
        {"person": "bob", "name": "Mine", "scopes": ["everything"]},
        {"person": "bob", "name": "Mine", "scopes": [1]},
        {"person": "bob", "name": "Mine", "expires": 3},
    ],
)
def test_wrong_bodies_make_nothing(world: Any, body: dict[str, Any]) -> None:
    before = world.get(None, f"{TOKENS}?person=bob").json
    errors(world.post(None, TOKENS, body))
    assert world.get(None, f"{TOKENS}?person=bob").json == before


def test_unknown_people_and_tokens(world: Any) -> None:
    assert world.post(None, TOKENS, {"person": "nobody", "name": "Mine"}).status == 404
    assert world.get(None, f"{TOKENS}?person=nobody").status == 404
    assert world.get(None, TOKENS).status == 400
    for token_id in (999, 10**9):
        path = f"{TOKENS}/{token_id}"
        assert world.put(None, path, {"person": "bob", "name": "x"}).status == 404
        assert world.post(None, f"{path}/regenerate", {"person": "bob"}).status == 404
        assert world.delete(None, f"{path}?person=bob").status == 404
    assert world.put(None, f"{TOKENS}/{10**25}", {"person": "bob", "name": "x"}).status == 404


def test_calendar_ends_before_the_token(world: Any) -> None:
    world.set_clock("9999-06-01")
    assert "9999" in errors(world.post(None, TOKENS, {"person": "bob", "name": "Mine", "days": 5000}))


def test_text_is_told_once_and_kept_nowhere(make_world: Callable[..., Any]) -> None:
    world = make_world()
    lines = io.StringIO()
    world._client.application = Console(world.application, lines)
    made = make(world)
    renewed = world.post(None, f"{TOKENS}/{made['id']}/regenerate", {"person": "bob"}).json
    for text in (made["token"], renewed["token"]):
        status(world, text)
        status(world, text, "no-such-path")
        status(world, text, "worklogs", "POST", {})
        assert text not in world.get(None, f"{TOKENS}?person=bob").text
        assert text not in str(world.audit())
        assert text.encode() not in world.site.store.serialize()
        assert text not in lines.getvalue()
    assert "token_hash" not in str(world.audit())
    assert "POST /_mock/tokens -> 201" in lines.getvalue()


def test_making_and_revoking_are_in_the_audit_trail(world: Any) -> None:
    made = make(world)
    world.delete(None, f"{TOKENS}/{made['id']}?person=bob")
    told = [(event["noun"], event["verb"], event["call"]) for event in world.audit()]
    assert told == [("api_tokens", "insert", "create_token"), ("api_tokens", "delete", "delete_token")]


def test_rename_changes_the_name_alone(world: Any) -> None:
    made = make(world, days=7, scopes=["worklogs:view"])
    text = made.pop("token")
    renamed = world.put(None, f"{TOKENS}/{made['id']}", {"person": "bob", "name": "Other"})
    assert renamed.json == {**made, "name": "Other"}
    assert status(world, text) == 200
    errors(world.put(None, f"{TOKENS}/{made['id']}", {"person": "bob", "name": ""}))
    errors(world.put(None, f"{TOKENS}/{made['id']}", {"person": "bob", "name": "x", "scopes": ["plans:view"]}))
    assert world.get(None, f"{TOKENS}?person=bob").json[-1] == renamed.json


def test_regenerate_kills_the_old_text_and_starts_the_days_anew(world: Any) -> None:
    made = make(world, days=7, scopes=["worklogs:view"])
    world.set_clock("2013-11-20")
    renewed = world.post(None, f"{TOKENS}/{made['id']}/regenerate", {"person": "bob"})
    assert renewed.status == 200
    assert renewed.json["token"] != made["token"]
    assert {**renewed.json, "token": ""} == {**made, "token": "", "expiresAt": "2013-11-27T00:00:00.000Z"}
    assert (status(world, made["token"]), status(world, renewed.json["token"])) == (401, 200)
    assert status(world, renewed.json["token"], "teams") == 403


def test_an_expired_token_cannot_be_regenerated_but_renamed_and_deleted(world: Any) -> None:
    made = make(world, days=1)
    world.set_clock("2013-11-16")
    assert world.get(None, f"{TOKENS}?person=bob").json[-1]["status"] == "expired"
    assert "expired" in errors(world.post(None, f"{TOKENS}/{made['id']}/regenerate", {"person": "bob"}))
    assert status(world, made["token"]) == 401
    assert world.put(None, f"{TOKENS}/{made['id']}", {"person": "bob", "name": "Old"}).json["status"] == "expired"
    assert world.delete(None, f"{TOKENS}/{made['id']}?person=bob").status == 204


def test_expiry_goes_by_the_worlds_clock(world: Any) -> None:
    made = make(world, days=1)
    for moment, expected in (("2013-11-15T23:59:59", 200), ("2013-11-16T00:00:00", 401), ("2013-11-15T00:00:01", 200)):
        world.set_clock(moment)
        assert status(world, made["token"]) == expected, moment


def test_deleted_token_is_gone_at_once(world: Any) -> None:
    made = make(world)
    answer = world.delete(None, f"{TOKENS}/{made['id']}?person=bob")
    assert (answer.status, answer.body) == (204, b"")
    assert status(world, made["token"]) == 401
    assert made["id"] not in [token["id"] for token in world.get(None, f"{TOKENS}?person=bob").json]
    assert world.delete(None, f"{TOKENS}/{made['id']}?person=bob").status == 404


@pytest.mark.parametrize("other", ["erica", "fred"])
def test_nobody_else_sees_or_touches_a_token(world: Any, other: str) -> None:
    made = make(world)
    assert made["id"] not in [token["id"] for token in world.get(None, f"{TOKENS}?person={other}").json]
    path = f"{TOKENS}/{made['id']}"
    assert world.put(None, path, {"person": other, "name": "Theirs"}).status == 404
    assert world.post(None, f"{path}/regenerate", {"person": other}).status == 404
    assert world.delete(None, f"{path}?person={other}").status == 404
    assert status(world, made["token"]) == 200
    assert world.get(None, f"{TOKENS}?person=bob").json[-1]["name"] == "Mine"


# The owner at the time of the call.


def test_owner_deactivated_and_back(world: Any) -> None:
    made = make(world)
    for active, expected in ((0, 401), (1, 200)):
        with world.site.store.transaction(Author("test", "test", "test", "2013-11-15T00:00:00.000Z")):
            world.site.store.run("UPDATE people SET active = ? WHERE name = 'bob'", (active,))
        assert status(world, made["token"]) == expected


def test_a_role_taken_away_shows_less_at_the_next_call(world: Any) -> None:
    entry = {"authorAccountId": ERICA, "issueId": 10202, "startDate": "2013-11-14", "timeSpentSeconds": 3600}
    assert world.cloud("POST", "erica", "worklogs", entry).status == 200
    text = make(world, "greta", scopes=["worklogs:view"])["token"]

    def seen() -> list[str]:
        found = world.cloud("GET", None, "worklogs?limit=5000", headers={"Authorization": f"Bearer {text}"}).json
        return [one["author"]["accountId"] for one in found["results"]]

    assert ERICA not in seen()
    greta = "5b10a2844c20165700ede225"
    role = {"name": "All", "accessType": "GLOBAL", "permissionKeys": ["permissions.worklog.view"]}
    made = world.cloud("POST", "fred", "permission-roles", {**role, "permittedAccountIds": [greta]}).json
    assert ERICA in seen()
    assert world.cloud("DELETE", "fred", f"permission-roles/{made['id']}").status == 204
    assert ERICA not in seen()


WORK = {"issueId": 10202, "authorAccountId": "5b10a2844c20165700ede223", "startDate": "2013-11-14", "timeSpentSeconds": 60}
OF_FRED = "person_id = (SELECT id FROM people WHERE name = 'fred')"


@pytest.mark.parametrize(
    ("taken", "who", "method", "path", "body", "after"),
    [
        (f"DELETE FROM group_members WHERE {OF_FRED}", "fred", "POST", "teams", {"name": "x"}, 403),
        ("DELETE FROM global_permissions WHERE permission = 'tempo-account-administrator'", "fred", "POST", "customers",
         {"key": "X", "name": "X"}, 403),
        ("DELETE FROM global_permissions WHERE permission = 'tempo-administrator'", "fred", "POST", "work-attributes",
         {"key": "X", "name": "X", "type": "CHECKBOX"}, 403),
        ("UPDATE teams SET lead_id = NULL WHERE id = 3", "erica", "PUT", "teams/3", {"name": "x"}, 404),
        ("UPDATE teams SET lead_id = NULL WHERE id = 3", "erica", "POST", "worklogs", WORK, 403),
        ("DELETE FROM members WHERE team_id = 3", "bob", "GET", "teams/3", None, 404),
        ("DELETE FROM members WHERE team_id = 3", "erica", "POST", "worklogs", WORK, 403),
        ("DELETE FROM project_permissions WHERE permission = 'WORK_ON_ISSUES'", "bob", "POST", "worklogs", WORK, 403),
        ("DELETE FROM project_permissions WHERE permission = 'BROWSE_PROJECTS'", "bob", "POST", "worklogs", WORK, 400),
        ("DELETE FROM people WHERE name = 'bob'", "bob", "GET", "globalconfiguration", None, 401),
    ],
)  # fmt: skip
def test_what_the_owner_loses_the_token_loses_at_the_next_call(
    world: Any, taken: str, who: str, method: str, path: str, body: Any, after: int
) -> None:
    text = make(world, who)["token"]
    author = Author("test", "test", "test", "2013-11-15T00:00:00.000Z")
    # Known as its owner before the loss, without a change by the call itself.
    assert status(world, text) == 200
    world.post(None, "/_mock/snapshots", {})
    assert status(world, text, path, method, body) == 200
    world.post(None, "/_mock/restore", {})
    with world.site.store.transaction(author):
        world.site.store.run(taken)
    assert status(world, text, path, method, body) == after


def test_a_token_never_gives_more_than_its_owner_has(world: Any) -> None:
    text = make(world)["token"]
    assert status(world, text, "teams") == 200
    assert status(world, text, "teams", "POST", {"name": "Bob's"}) == 403
