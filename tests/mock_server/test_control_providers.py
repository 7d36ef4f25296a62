"""The providers outside, as scripts prepare them: prerequisites, accounts, keys told once, faults."""

from typing import Any

import pytest

from .app_world import PROVIDERS
from .test_control_apps import APPS, OUTSIDE, app, install, outside


def test_providers_tell_all_that_they_have_but_no_secrets(world: Any) -> None:
    assert [one["provider"] for one in world.get(None, OUTSIDE).json] == list(PROVIDERS)
    found = outside(world, "gitlab")
    assert {one["name"]: one["owner"] for one in found["containers"]} == {
        "cloud/api": "gitlab-admin", "cloud/web": "gitlab-admin", "steel/notes": "john",
    }  # fmt: skip
    assert found["faults"] == [{"kind": "network", "person": "bob", "times": 1}]
    [key] = found["keys"]
    assert (key["name"], key["account"], key["state"], "key" in key) == ("demo", "gitlab-admin", "valid", False)
    assert found["accountsTotal"] == len(found["accounts"]) > 3
    part = world.get(None, f"{OUTSIDE}/gitlab?offset=1&limit=2").json["accounts"]
    assert part == found["accounts"][1:3]
    assert "not-a-secret" not in world.get(None, f"{OUTSIDE}/gitlab").text


def test_prerequisites_are_met_and_taken_away(world: Any) -> None:
    def met() -> set[str]:
        return {one["key"] for one in outside(world, "google-calendar")["prerequisites"] if one["met"]}

    path = f"{OUTSIDE}/google-calendar/permission"
    assert met() == {"admin-sdk", "calendar-api", "service-account"}
    for _ in range(2):
        answer = world.put(None, path, {"granted": True})
        assert answer.status == 200
        assert all(one["met"] for one in answer.json["prerequisites"])
    world.put(None, path, {"granted": False, "prerequisite": "delegation"})
    assert met() == {"admin-sdk", "calendar-api", "service-account"}
    world.put(None, path, {"granted": False})
    assert met() == set()
    unknown = world.put(None, path, {"granted": True, "prerequisite": "delegatoin"})
    assert (unknown.status, "it has admin-sdk, calendar-api" in unknown.json["error"]) == (404, True)
    assert world.put(None, path, {}).status == 400


def test_accounts_are_made_changed_and_deleted(world: Any) -> None:
    path = f"{OUTSIDE}/github/accounts/octo-greta"
    made = world.put(None, path, {"email": "Greta@Example.org"})
    assert (made.status, made.json) == (201, {
        "login": "octo-greta", "displayName": "octo-greta", "email": "Greta@Example.org", "emailHidden": False,
        "accessible": True,
    })  # fmt: skip
    changed = world.put(None, path, {"emailHidden": True, "displayName": "Greta"})
    assert changed.status == 200
    assert changed.json == made.json | {"emailHidden": True, "displayName": "Greta"}
    assert world.put(None, path, {"emailHidden": True}).json == changed.json
    assert changed.json in outside(world, "github")["accounts"]
    assert world.put(None, path, {"accessible": False}).json["accessible"] is False
    assert world.delete(None, path).status == 204
    gone = world.delete(None, path)
    assert (gone.status, gone.json["error"]) == (404, "No GitHub account has the login octo-greta.")


@pytest.mark.parametrize(
    ("body", "says"),
    [({"email": 3}, "email"), ({"email": "x" * 300}, "email"), ({"displayName": " "}, "displayName"),
     ({"emailHidden": "perhaps"}, "emailHidden"), ({"mail": "x"}, "mail: Unknown field")],
)  # fmt: skip
def test_a_wrong_account_is_refused_and_not_made(world: Any, body: Any, says: str) -> None:
    refused = world.put(None, f"{OUTSIDE}/github/accounts/new", body)
    assert (refused.status, says in refused.json["error"]) == (400, True)
    assert not any(one["login"] == "new" for one in outside(world, "github")["accounts"])


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_key_is_told_once_installs_and_is_revoked(world: Any, provider: str) -> None:
    world.put(None, f"{OUTSIDE}/{provider}/permission", {"granted": True})
    made = world.post(None, f"{OUTSIDE}/{provider}/keys", {"days": 30})
    assert made.status == 201, made.text
    text = made.json["key"]
    assert made.json["expiresAt"] == "2013-12-15T00:00:00.000Z"
    assert made.json["account"] == ("gitlab-admin" if provider == "gitlab" else None)
    assert text not in world.get(None, f"{OUTSIDE}/{provider}").text
    assert text not in str(world.audit())
    assert world.put("fred", f"{APPS}/{provider}", {"key": text}).status == 201
    path = f"{OUTSIDE}/{provider}/keys/{made.json['id']}"
    for _ in range(2):
        assert world.delete(None, path).status == 204
    assert app(world, provider)["keyState"] == "revoked"
    assert [one["state"] for one in outside(world, provider)["keys"] if one["id"] == made.json["id"]] == ["revoked"]
    assert world.delete(None, f"{OUTSIDE}/{provider}/keys/999").status == 404


@pytest.mark.parametrize(
    ("body", "says"),
    [({"days": 0}, "days"), ({"days": 4000}, "days"), ({"days": "9"}, "days"), ({"name": "demo"}, "demo"),
     ({"login": "nobody"}, "nobody"), ({"name": ""}, "name")],
)  # fmt: skip
def test_a_wrong_key_is_refused(world: Any, body: Any, says: str) -> None:
    refused = world.post(None, f"{OUTSIDE}/gitlab/keys", body)
    assert (refused.status, says in refused.json["error"]) == (400, True)
    assert len(outside(world, "gitlab")["keys"]) == 1


def test_keys_without_names_get_names_of_their_own(world: Any) -> None:
    names = [world.post(None, f"{OUTSIDE}/github/keys", {}).json["name"] for _ in range(3)]
    assert names == ["Key 1", "Key 2", "Key 3"]


def test_a_fault_takes_the_place_of_the_one_before_of_the_same_person(world: Any) -> None:
    path = f"{OUTSIDE}/gitlab/fault"
    one = world.put(None, path, {"kind": "ambiguous", "person": "bob", "times": 2})
    assert (one.status, one.json) == (200, {"kind": "ambiguous", "person": "bob", "times": 2})
    for _ in range(2):
        assert world.put(None, path, {"kind": "network"}).json == {"kind": "network", "person": None, "times": None}
    assert {(fault["kind"], fault["person"]) for fault in outside(world, "gitlab")["faults"]} == {
        ("ambiguous", "bob"), ("network", None),
    }  # fmt: skip
    for _ in range(2):
        assert world.delete(None, path).status == 204
    assert outside(world, "gitlab")["faults"] == []


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [({}, 400, "kind"), ({"kind": "earthquake"}, 400, "network, mismatch"), ({"kind": "network", "times": 0}, 400, "times"),
     ({"kind": "network", "times": "2"}, 400, "times"), ({"kind": "network", "person": "bbo"}, 404, "Did you mean bob?")],
)  # fmt: skip
def test_a_wrong_fault_is_refused_and_the_one_before_stays(world: Any, body: Any, status: int, says: str) -> None:
    refused = world.put(None, f"{OUTSIDE}/gitlab/fault", body)
    assert (refused.status, says in refused.json["error"]) == (status, True)
    assert outside(world, "gitlab")["faults"] == [{"kind": "network", "person": "bob", "times": 1}]


def test_an_account_that_goes_takes_its_connection_along(world: Any) -> None:
    install(world, "office365")
    assert world.put("bob", "/_mock/staff/me/apps/office365", {}).status == 201
    assert app(world, "office365")["connected"] == 1
    assert world.delete(None, f"{OUTSIDE}/office365/accounts/bob").status == 204
    assert app(world, "office365")["connected"] == 0
