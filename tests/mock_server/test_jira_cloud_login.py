"""Logging in to Jira Cloud: e-mail address and API token, and what becomes of everything else."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

API = "/rest/api/3"
BASES = ("/rest/api/3", "/rest/api/2", "/rest/api/latest", "/jira/rest/api/3")
TOKEN = "demo-jira-token-of-bob-not-a-secret"
SENTENCE = "Client must be authenticated to access this resource."
DEPRECATED = "Basic authentication with passwords is deprecated."
HIDDEN = "Issue does not exist or you do not have permission to see it."
BOB = "5b10a2844c20165700ede223"


def basic(email: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{email}:{secret}".encode()).decode()}


NOBODY = {
    "none": {},
    "wrong-token": basic("bob@example.org", "not-the-token"),
    "another-persons-token": basic("fred@example.org", TOKEN),
    "tempo-token": basic("bob@example.org", "demo-token-of-bob-not-a-secret"),
    "login-name": basic("bob", TOKEN),
    "name-and-password": basic("bob", "bob"),
    "unknown-email": basic("nobody@example.org", "bob"),
    "no-colon": {"Authorization": "Basic " + base64.b64encode(b"bob").decode()},
    "no-base64": {"Authorization": "Basic %%%"},
    "not-utf-8": {"Authorization": "Basic " + base64.b64encode(b"\xff:\xff").decode()},
    "empty": {"Authorization": "Basic "},
    "no-token": basic("bob@example.org", ""),
}
"""Credentials with which a call runs as anonymous."""

ANSWERS_TO_NOBODY = (
    ("GET", "myself", 401, None),
    ("GET", "serverInfo", 200, None),
    ("GET", "search/jql?jql=", 400,
     "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."),
    ("GET", "search/jql?jql=assignee=x", 400,
     "Field 'assignee' does not exist or this field cannot be viewed by anonymous users."),
    ("GET", "search/jql?jql=project=CLOUD", 400, "The value 'CLOUD' does not exist for the field 'project'."),
    ("GET", "project/search", 200, None),
    ("GET", "project", 200, None),
    ("GET", "project/CLOUD", 404, "No project could be found with key 'CLOUD'."),
    ("GET", "issue/CLOUD-3", 404, HIDDEN),
    ("GET", "user/search?query=", 200, None),
    ("GET", "user/search?query=bob", 200, None),
    ("GET", "users/search", 401, None),
    ("GET", "users", 401, None),
    ("GET", "user/bulk?accountId=x", 401, None),
    ("GET", f"user?accountId={BOB}", 401, None),
    ("GET", "mypermissions?permissions=BROWSE_PROJECTS", 200, None),
    ("POST", "permissions/check", 200, None),
    ("GET", "nothing", 404, None),
)  # fmt: skip


@pytest.mark.parametrize("base", BASES)
def test_email_and_token_log_in(world: Any, base: str) -> None:
    answer = world.call("GET", None, f"{base}/myself", headers=basic("bob@example.org", TOKEN))
    assert (answer.status, answer.json["accountId"]) == (200, BOB)
    assert (answer.headers["X-Seraph-LoginReason"], answer.headers["X-AUSERNAME"]) == ("OK", BOB)
    assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"
    assert answer.json["self"] == f"http://localhost{base.replace('latest', '2')}/user?accountId={BOB}"


def test_email_is_compared_in_any_case(world: Any) -> None:
    assert world.call("GET", None, f"{API}/myself", headers=basic("BOB@Example.org", TOKEN)).status == 200


@pytest.mark.parametrize("credentials", NOBODY.values(), ids=NOBODY)
def test_wrong_pair_runs_as_anonymous(world: Any, credentials: dict[str, str]) -> None:
    for method, path, status, text in ANSWERS_TO_NOBODY:
        body = {"json": {"globalPermissions": ["ADMINISTER"]}} if method == "POST" else {}
        answer = world.call(method, None, f"{API}/{path}", headers=credentials, **body)
        assert answer.status == status, answer.text
        assert answer.headers.get("X-Seraph-LoginReason") == ("AUTHENTICATED_FAILED" if credentials else None)
        assert answer.headers["X-AUSERNAME"] == "anonymous"
        if status == 401:
            assert (answer.headers["Content-Type"], answer.text) == ("text/html;charset=UTF-8", SENTENCE)
            assert answer.headers["WWW-Authenticate"] == 'OAuth realm="http%3A%2F%2Flocalhost"'
        elif text:
            assert answer.json == {"errorMessages": [text], "errors": {}}
        elif "search" in path:
            assert answer.json == [] or answer.json["values"] == []


REFUSED = {
    "api-token-as-bearer": {"Authorization": f"Bearer {TOKEN}"},
    "tempo-token-as-bearer": {"Authorization": "Bearer demo-token-of-bob-not-a-secret"},
    "personal-access-token": {"Authorization": "Bearer demo-pat-of-bob-not-a-secret"},
    "empty-bearer": {"Authorization": "Bearer "},
    "digest": {"Authorization": "Digest x"},
    "token-alone": {"Authorization": TOKEN},
}


@pytest.mark.parametrize("credentials", REFUSED.values(), ids=REFUSED)
def test_bearer_at_a_sites_own_address_is_401_everywhere(world: Any, credentials: dict[str, str]) -> None:
    for base in BASES:
        for path in ("myself", "serverInfo", "issue/CLOUD-3", "project/search", "nothing"):
            answer = world.call("GET", None, f"{base}/{path}", headers=credentials)
            assert (answer.status, answer.text) == (401, SENTENCE)
            assert answer.headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"
            assert TOKEN not in str(answer.headers)


@pytest.mark.parametrize("path", ["myself", "serverInfo", "nothing"])
def test_account_password_is_401_and_says_why(world: Any, path: str) -> None:
    answer = world.call("GET", None, f"{API}/{path}", headers=basic("bob@example.org", "bob"))
    assert answer.status == 401
    assert answer.text.startswith(DEPRECATED)


def test_body_of_401_can_be_json(make_world: Callable[..., Any]) -> None:
    world = make_world({"jiraCloud.unauthorized": "json"})
    answer = world.call("GET", None, f"{API}/myself")
    assert (answer.status, answer.json) == (401, {"message": SENTENCE, "status-code": 401})


def test_token_of_somebody_deactivated_is_worth_nothing(world: Any) -> None:
    store = world.site.store
    with store.transaction():
        store.run("UPDATE people SET active = 0 WHERE name = 'bob'")
    assert world.call("GET", None, f"{API}/myself", headers=basic("bob@example.org", TOKEN)).status == 401
    assert world.call("GET", None, f"{API}/serverInfo", headers=basic("bob@example.org", "bob")).status == 200


def test_oauth_client_finds_the_site_with_a_bearer(world: Any) -> None:
    for version in (2, 3):
        base = f"/ex/jira/0a1b2c3d/rest/api/{version}"
        answer = world.call("GET", None, f"{base}/myself", headers={"Authorization": f"Bearer {TOKEN}"})
        assert (answer.status, answer.json["accountId"]) == (200, BOB)
        assert answer.json["self"] == f"http://localhost{base}/user?accountId={BOB}"
        assert world.call("GET", None, f"{base}/myself", headers=basic("bob@example.org", TOKEN)).status == 200
        for wrong in ("x", ""):
            answer = world.call("GET", None, f"{base}/serverInfo", headers={"Authorization": f"Bearer {wrong}"})
            assert answer.status == 401
        info = world.call("GET", None, f"{base}/serverInfo")
        assert (info.status, info.json["baseUrl"]) == (200, "http://localhost")


@pytest.mark.parametrize("base", BASES)
def test_unknown_path_and_method_are_worded_as_jira_does(world: Any, base: str) -> None:
    answer = world.call("GET", None, f"{base}/nothing?a=b")
    shown = base.replace("latest", "2")
    assert (answer.status, answer.json) == (
        404,
        {"message": f"null for uri: http://localhost{shown}/nothing", "status-code": 404},
    )
    answer = world.call("DELETE", None, f"{base}/myself")
    assert (answer.status, answer.json["status-code"]) == (405, 405)
    assert "GET" in answer.headers["Allow"]


def test_data_center_is_as_it_was(world: Any) -> None:
    me = world.get("bob", "/jira/rest/api/2/myself").json
    assert (me["name"], "accountId" in me) == ("bob", False)
    assert world.get("bob", "/jira/rest/api/latest/myself").json["name"] == "bob"


def test_site_of_its_own_has_its_own_links(world: Any) -> None:
    name = world.call("POST", None, "/_mock/sites", {"name": "mine"}).json["name"]
    answer = world.call("GET", None, f"/sites/{name}{API}/myself", headers=basic("bob@example.org", TOKEN)).json
    assert answer["self"] == f"http://localhost/sites/{name}{API}/user?accountId={BOB}"
    assert answer["avatarUrls"]["48x48"].startswith(f"http://localhost/sites/{name}/jira/secure/useravatar?")
