"""OAuth 2.0 Applications without a browser: who may, the secret told once, and the OAuth endpoints follow at once and back."""

import re
from typing import Any

import pytest

from mock_server.access import GRANTABLE_SCOPES

from .oauth_flow import BACK, Flow, application
from .page_visitor import Document, Visitor

LIST = "/oauth-applications"
NEW = f"{LIST}/new"
GIVEN = {"name": "Sync", "uris": BACK, "type": "confidential"}
MARKUP = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


@pytest.fixture
def visitor(world: Any) -> Visitor:
    """Fred, who holds all four kinds of administration."""
    found = Visitor(world)
    found.sign_in("fred")
    return found


def made(world: Any, visitor: Visitor, **form: str) -> Flow:
    """Fill in the form and read the credentials, as the page shows them this once."""
    visitor.get(NEW)
    answer = visitor.post(NEW, {**GIVEN, **form})
    assert answer.status_code == 303, answer.text
    path = answer.location.removeprefix(visitor.root)
    shown = visitor.get(path).text
    client_id, secret = told(shown, "client-id"), told(shown, "client-secret")
    return Flow(world, int(path.split("/")[2]), client_id, secret, BACK, "")


def told(shown: str, what: str) -> str:
    found = re.search(rf'<code id="{what}">([^<]+)</code>', shown)
    assert found, shown
    return found[1]


def listed(world: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.get(None, "/_mock/oauth-applications").json
    return found


def test_an_application_of_the_page_works_at_once(world: Any, visitor: Visitor) -> None:
    flow = made(world, visitor, uris=f"\r\n {BACK} \r\n\r\napp:/x\r\n{BACK}")
    assert len(flow.secret) >= 40
    assert flow.status(flow.tokens("bob")["access_token"]) == 200
    [known] = listed(world)
    assert known["scopes"] == sorted(GRANTABLE_SCOPES)
    assert (known["name"], known["clientId"], known["redirectUris"]) == ("Sync", flow.client_id, [BACK, "app:/x"])
    text = Document(visitor.get(LIST).text).text
    assert f"Sync {flow.client_id} Confidential {BACK}, app:/x" in text
    assert [event["call"] for event in world.audit() if event["noun"] == "oauth_applications"] == ["create_application"]


def test_the_secret_is_shown_once_and_stands_nowhere_else(world: Any, visitor: Visitor) -> None:
    visitor.get(NEW)
    path = visitor.post(NEW, GIVEN).location
    assert visitor.client.head(path).status_code == 200, "whoever asks for the headers takes nothing away"
    shown = visitor.client.get(path)
    assert shown.headers["Cache-Control"] == "no-store"
    secret = told(shown.text, "client-secret")
    again = visitor.client.get(path).text
    assert secret not in again
    assert "client-secret" not in again
    assert "shown once" in again
    kept = visitor.get(LIST).text + repr(world.audit()) + world.site.store.serialize().decode("latin-1")
    assert secret not in kept


def test_a_secret_is_for_the_page_of_its_application(world: Any, visitor: Visitor) -> None:
    other = application(world)
    visitor.get(NEW)
    visitor.post(NEW, GIVEN)
    assert "client-secret" not in visitor.get(f"{LIST}/{other.id}/credentials").text


def test_credentials_tell_what_a_client_needs(world: Any, visitor: Visitor) -> None:
    flow = application(world)
    text = visitor.get(f"{LIST}/{flow.id}/credentials").text
    assert told(text, "client-id") == flow.client_id
    for needed in (BACK, "http://localhost/oauth/authorize/redirect", "http://localhost/oauth/token/", "/oauth/revoke_token/"):
        assert needed in text
    assert flow.secret not in text


def test_a_new_secret_refuses_the_old_one_and_leaves_tokens_good(world: Any, visitor: Visitor) -> None:
    flow = application(world)
    pair = flow.tokens()
    asked = visitor.get(f"{LIST}/{flow.id}/secret")
    assert "The present secret is refused" in asked.text
    assert flow.redeem(flow.code()).status == 200, "asking changes nothing"
    answer = visitor.post(f"{LIST}/{flow.id}/secret")
    secret = told(visitor.client.get(answer.location).text, "client-secret")
    assert secret != flow.secret
    assert flow.redeem(flow.code()).json == {"error": "invalid_client"}
    newer = flow._replace(secret=secret)
    assert newer.redeem(newer.code()).status == 200
    assert flow.status(pair["access_token"]) == 200
    assert newer.refresh(pair["refresh_token"]).status == 200


def test_edit_changes_what_is_asked_with_and_leaves_the_rest(world: Any, visitor: Visitor) -> None:
    flow = application(world)
    token = flow.tokens()["access_token"]
    page = Document(visitor.get(f"{LIST}/{flow.id}/edit").text)
    assert [a["value"] for _, a in page.elements if a.get("id") == "name" or "checked" in a] == ["Sync", "confidential"]
    assert BACK in page.text
    second = "https://second.example/"
    answer = visitor.post(f"{LIST}/{flow.id}/edit", {"name": "Sync 2", "uris": second, "type": "public"})
    assert (answer.status_code, answer.location) == (303, f"/settings{LIST}")
    assert "The application Sync 2 is saved." in visitor.get(LIST).text
    [known] = listed(world)
    assert (known["name"], known["redirectUris"], known["clientType"]) == ("Sync 2", [second], "public")
    assert known["clientId"] == flow.client_id
    assert flow.status(token) == 200
    assert flow.show().status == 400, "the redirect URI of before is none any more"


def test_delete_asks_first_and_its_tokens_stop(world: Any, visitor: Visitor) -> None:
    flow = application(world)
    token = flow.tokens()["access_token"]
    assert "cannot be brought back" in visitor.get(f"{LIST}/{flow.id}/delete").text
    assert flow.status(token) == 200
    assert visitor.post(f"{LIST}/{flow.id}/delete").status_code == 303
    assert flow.status(token) == 401
    assert listed(world) == []
    text = visitor.get(LIST).text
    assert "Sync is deleted" in text
    assert "There are no applications." in text
    for path in ("credentials", "secret", "edit", "delete"):
        assert visitor.get(f"{LIST}/{flow.id}/{path}").status_code == 404


def test_what_is_made_or_deleted_elsewhere_is_on_the_page(world: Any, visitor: Visitor) -> None:
    flow = application(world, name="By the control route", clientType="public")
    text = Document(visitor.get(LIST).text).text
    assert f"By the control route {flow.client_id} Public" in text
    world.delete(None, f"/_mock/oauth-applications/{flow.id}")
    assert "By the control route" not in visitor.get(LIST).text


WRONG = [
    ({"name": " "}, "name", "needs a name"),
    ({"name": "x" * 256}, "name", "255"),
    ({"uris": " \r\n "}, "uris", "1 to 50 redirect URIs"),
    ({"uris": "\n".join(f"https://h/{n}" for n in range(51))}, "uris", "1 to 50"),
    ({"uris": "/back"}, "uris", "/back is no address"),
    ({"uris": f"{BACK}\njavascript:alert(1)"}, "uris", "javascript:alert(1) is no address"),
    ({"uris": "https://h/#x"}, "uris", "fragment"),
    ({"uris": "https://a/ https://b/"}, "uris", "holds a space or another character that no URI has"),
    ({"uris": f"https://a/{'x' * 2000}"}, "uris", "has more than 2,000 characters"),
    ({"type": "secret"}, None, "Choose what kind of client it is"),
    ({"type": ""}, None, "confidential or public"),
]


@pytest.mark.parametrize(("change", "field", "said"), WRONG)
@pytest.mark.parametrize("is_new", [True, False])
def test_what_is_wrong_is_said_and_changes_nothing(
    world: Any, visitor: Visitor, change: dict[str, str], field: str | None, said: str, is_new: bool
) -> None:
    path = NEW if is_new else f"{LIST}/{application(world).id}/edit"
    before, audited = listed(world), len(world.audit())
    answer = visitor.post(path, {**GIVEN, **change})
    assert answer.status_code == 400
    assert said in answer.text
    page = Document(answer.text)
    invalid = [attributes for _, attributes in page.elements if "aria-invalid" in attributes]
    assert {a["id"] for a in invalid if "id" in a} == ({field} if field else set())
    assert invalid
    assert change.get("name", "Sync") in page.values("input", "value")
    assert (listed(world), len(world.audit())) == (before, audited)


@pytest.mark.parametrize("permission", [
    "administer", "tempo-administrator", "tempo-team-administrator", "tempo-account-administrator",
])  # fmt: skip
def test_each_of_the_four_kinds_of_administration_is_needed(world: Any, visitor: Visitor, permission: str) -> None:
    flow = application(world)
    before = len(world.audit())
    assert "OAuth 2.0 Applications" in visitor.get("/api-integration").text
    world.site.store.run("DELETE FROM global_permissions WHERE permission = ?", (permission,))
    assert "OAuth 2.0 Applications" not in visitor.get("/api-integration").text
    for path in ("", "/new", *(f"/{flow.id}/{action}" for action in ("credentials", "secret", "edit", "delete"))):
        answer = visitor.get(LIST + path)
        assert (answer.status_code, "all four kinds of administration" in answer.text) == (403, True)
        if path and not path.endswith("credentials"):
            assert visitor.post(LIST + path, GIVEN).status_code == 403
    assert len([event for event in world.audit() if event["noun"] == "oauth_applications"]) == before


def test_a_long_list_has_pages_and_markup_is_text(world: Any, visitor: Visitor) -> None:
    for number in range(51):
        application(world, name=f"{number} {MARKUP}", redirectUris=[f'https://h/?"><b>{n}' for n in range(5)])
    first, second = visitor.get(LIST).text, visitor.get(f"{LIST}?page=2").text
    assert first.count("/credentials") == 50
    assert second.count("/credentials") == 1
    assert "Page 1 of 2, 51 applications" in first
    assert "and 2 more" in first
    assert "50 &#34;&gt;" in first, "the newest first"
    for path in ("credentials", "secret", "edit", "delete"):
        first += visitor.get(f"{LIST}/1/{path}").text
    first += visitor.post(f"{LIST}/1/edit", {"name": MARKUP, "uris": f"</textarea>{MARKUP}", "type": MARKUP}).text
    assert "<img" not in first
    assert "<b>" not in first
    assert "<script>" not in first
    assert first.count("</textarea>") == 2
