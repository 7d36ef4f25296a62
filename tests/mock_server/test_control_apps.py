"""Apps by API: who may, installing with a key, containers, disconnecting; and the providers outside."""

from typing import Any

import pytest

from .app_world import PROVIDERS, key_of

APPS, OUTSIDE = "/_mock/apps", "/_mock/providers"
DELEGATION = "The service account has domain-wide delegation"
EXPIRED = "demo-token-that-expired-not-a-secret"
NOBODY_CALLS = [
    ("GET", APPS), ("GET", f"{APPS}/github"), ("PUT", f"{APPS}/github"), ("DELETE", f"{APPS}/github"),
    ("GET", "/_mock/staff"), ("POST", "/_mock/staff/connect"), ("GET", "/_mock/staff/jobs"), ("GET", "/_mock/staff/jobs/1"),
    ("GET", "/_mock/staff/github-map"), ("POST", "/_mock/staff/github-map"),
]  # fmt: skip
FOR_EVERYBODY = [
    ("GET", "/_mock/staff/me"), ("PUT", "/_mock/staff/me/apps/github"), ("DELETE", "/_mock/staff/me/apps/github"),
    ("GET", "/_mock/staff/5b10a2844c20165700ede225/gathered"),
]  # fmt: skip


def install(world: Any, provider: str, who: str = "fred", **body: Any) -> Any:
    """Install an app with the published key, after meeting all that its provider asks for."""
    assert world.put(None, f"{OUTSIDE}/{provider}/permission", {"granted": True}).status == 200
    return world.put(who, f"{APPS}/{provider}", {"key": key_of(provider), **body})


def app(world: Any, provider: str) -> Any:
    answer = world.get("fred", f"{APPS}/{provider}")
    assert answer.status == 200, answer.text
    return answer.json


def outside(world: Any, provider: str) -> Any:
    answer = world.get(None, f"{OUTSIDE}/{provider}")
    assert answer.status == 200, answer.text
    return answer.json


@pytest.mark.parametrize(("method", "path"), NOBODY_CALLS + FOR_EVERYBODY)
@pytest.mark.parametrize(
    "credentials",
    [
        None,
        "Basic Zm9v",
        "Basic ZnJlZDp3cm9uZw==",
        "Bearer no-such-token",
        "Bearer demo-token-that-expired-not-a-secret",
        "fred",
    ],
)
def test_nobody_and_wrong_credentials_are_401(world: Any, method: str, path: str, credentials: str | None) -> None:
    answer = world.call(method, None, path, {}, headers={"Authorization": credentials} if credentials else {})
    assert (answer.status, list(answer.json)) == (401, ["error"])
    assert "WWW-Authenticate" in answer.headers
    assert world.audit() == []
    assert not world.site.is_written


@pytest.mark.parametrize(("method", "path"), NOBODY_CALLS)
@pytest.mark.parametrize("who", ["greta", "bob"])
def test_whoever_is_no_tempo_administrator_is_403(world: Any, method: str, path: str, who: str) -> None:
    answer = world.call(method, who, path, {})
    assert answer.status == 403
    assert answer.json == {"error": f"{who} does not have the permission Tempo Administrators."}
    assert world.audit() == []


@pytest.mark.parametrize("token", ["demo-token-of-fred-not-a-secret"])
def test_a_tempo_token_stands_for_its_owner(world: Any, token: str) -> None:
    assert world.get(None, APPS, headers={"Authorization": f"Bearer {token}"}).status == 200
    assert world.get(None, APPS, headers={"Authorization": "Bearer demo-token-of-bob-not-a-secret"}).status == 403


@pytest.mark.parametrize(
    ("headers", "environ"),
    [
        ({"Origin": "http://evil.example"}, {}),
        ({"Sec-Fetch-Site": "cross-site"}, {}),
        ({"Host": "evil.example"}, {}),
        ({}, {"REMOTE_ADDR": "192.0.2.1"}),
    ],
)
@pytest.mark.parametrize("path", [APPS, OUTSIDE, "/_mock/staff"])
def test_pages_of_others_and_other_machines_are_refused(world: Any, path: str, headers: Any, environ: Any) -> None:
    assert world.get("fred", path, headers=headers, environ=environ).status == 403


def test_apps_are_listed_with_what_their_providers_ask_for(world: Any) -> None:
    found = world.get("fred", APPS).json
    assert [one["provider"] for one in found] == list(PROVIDERS)
    assert not any(one["installed"] or one["installedAt"] or one["installedBy"] or one["keyState"] for one in found)
    unmet = {one["provider"]: [asked["key"] for asked in one["prerequisites"] if not asked["met"]] for one in found}
    assert unmet == {"github": [], "gitlab": [], "google-calendar": ["delegation"], "office365": []}
    # greta connected herself.
    assert {one["provider"]: (one["connected"], one["selfConnected"]) for one in found}["google-calendar"] == (1, 1)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_app_is_installed_configured_and_disconnected(world: Any, provider: str) -> None:
    made = install(world, provider)
    assert made.status == 201, made.text
    assert (made.json["installed"], made.json["installedBy"], made.json["keyState"]) == (True, "Fred Winston", "valid")
    assert made.json["installedAt"] == "2013-11-15T00:00:00.000Z"
    again = install(world, provider)
    assert (again.status, again.json) == (200, made.json)
    for _ in range(2):
        assert world.delete("fred", f"{APPS}/{provider}").status == 204
    assert not app(world, provider)["installed"]
    assert app(world, provider)["connected"] == 0
    fred = world.site.store.value("SELECT key FROM people WHERE name = 'fred'")
    ours = {(event["who"], event["face"], event["call"]) for event in world.audit() if event["face"] == "control"}
    assert ours >= {(fred, "control", call) for call in ("put_app", "delete_app")}


def test_every_unmet_prerequisite_and_the_key_are_named_at_once(world: Any) -> None:
    world.put(None, f"{OUTSIDE}/google-calendar/permission", {"granted": False, "prerequisite": "admin-sdk"})
    refused = world.put("fred", f"{APPS}/google-calendar", {"key": "wrong"})
    assert refused.status == 400
    assert "The Admin SDK API is enabled: not yet." in refused.json["error"]
    assert DELEGATION in refused.json["error"]
    assert "does not know this key" in refused.json["error"]
    assert not app(world, "google-calendar")["installed"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "The key is missing"),
        ({"key": ""}, "The key is missing"),
        ({"key": key_of("gitlab")}, "does not know this key"),
        ({"key": 3}, "key: Not a valid string"),
        ({"key": key_of("github"), "containers": [999]}, "cannot cover the repository 999"),
        ({"key": key_of("github"), "containers": "all"}, "containers"),
        ({"key": key_of("github"), "contaners": []}, "contaners: Unknown field"),
        ([], "body"),
    ],
)
def test_what_is_wrong_with_a_body_is_said_and_nothing_is_installed(world: Any, body: Any, says: str) -> None:
    refused = world.put("fred", f"{APPS}/github", body)
    assert refused.status == 400
    assert says in refused.json["error"]
    assert not app(world, "github")["installed"]


@pytest.mark.parametrize("raw", [b"{", b"\xff", b'"x"', b"null", b'{"key": "\\ud800"}'])
def test_what_is_no_object_of_json_is_refused(world: Any, raw: bytes) -> None:
    assert world.call("PUT", "fred", f"{APPS}/github", body=raw).status == 400
    assert world.call("POST", None, f"{OUTSIDE}/github/keys", body=raw).status == 400


def test_an_app_is_limited_to_containers_and_covers_all_again(world: Any) -> None:
    there = {one["name"]: one["id"] for one in install(world, "github").json["containers"]}
    changed = world.put("fred", f"{APPS}/github", {"containers": [there["cloud-api"]]})
    assert changed.status == 200
    assert [one["name"] for one in changed.json["containers"] if one["chosen"]] == ["cloud-api"]
    # What is not said stays.
    renewed = world.put("fred", f"{APPS}/github", {"key": world.post(None, f"{OUTSIDE}/github/keys", {}).json["key"]})
    assert renewed.json["containers"] == changed.json["containers"]
    whole = world.put("fred", f"{APPS}/github", {"containers": None})
    assert all(one["chosen"] for one in whole.json["containers"])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{APPS}/gitlap"), ("PUT", f"{APPS}/gitlap"), ("DELETE", f"{APPS}/gitlap"), ("GET", f"{OUTSIDE}/gitlap"),
        ("PUT", f"{OUTSIDE}/gitlap/accounts/bob"), ("DELETE", f"{OUTSIDE}/gitlap/accounts/bob"),
        ("POST", f"{OUTSIDE}/gitlap/keys"), ("DELETE", f"{OUTSIDE}/gitlap/keys/1"), ("DELETE", f"{OUTSIDE}/gitlap/fault"),
        ("PUT", "/_mock/staff/me/apps/gitlap"), ("DELETE", "/_mock/staff/me/apps/gitlap"),
    ],
)  # fmt: skip
def test_an_unknown_provider_is_answered_with_those_there_are(world: Any, method: str, path: str) -> None:
    answer = world.call(method, "fred", path, {})
    assert answer.status == 404
    assert answer.json == {"error": f"There is no provider gitlap; there are {', '.join(PROVIDERS)}."}
