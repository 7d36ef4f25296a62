"""Who calls, and what stands around every answer of the Jira host: log-ins, headers, addresses, refusals of the router."""

import base64
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures"
JSON_TYPE = "application/json;charset=UTF-8"
SESSION = "/jira/rest/auth/1/session"
MYSELF = "/jira/rest/api/2/myself"
SERVER_INFO = "/jira/rest/api/2/serverInfo"
REALM = 'OAuth realm="http%3A%2F%2Flocalhost%2Fjira"'
FRED = "Basic " + base64.b64encode(b"fred:fred").decode()
PAT_OF_ERICA = "demo-pat-of-erica-not-a-secret"


def with_credential(value: str) -> dict[str, Any]:
    """Arguments of a call with this Authorization header."""
    return {"headers": {"Authorization": value}}


def encoded(text: str) -> str:
    """A Basic header of this text."""
    return "Basic " + base64.b64encode(text.encode()).decode()


def cookie_of(answer: Any) -> str:
    """The session cookie an answer sets, as a client sends it back."""
    match = re.fullmatch(r"(JSESSIONID=[^;]+); Path=/jira; HttpOnly", answer.headers["Set-Cookie"])
    assert match, answer.headers
    return match[1]


def is_anonymous_refusal(answer: Any) -> bool:
    """Whether it is the JSON 401 for somebody who sent no credentials."""
    body = {"message": "Client must be authenticated to access this resource.", "status-code": 401}
    return (
        answer.status == 401
        and answer.json == body
        and answer.headers["Content-Type"] == JSON_TYPE
        and answer.headers["WWW-Authenticate"] == REALM
        and answer.headers["X-AUSERNAME"] == "anonymous"
        and "no-transform" in answer.headers["Cache-Control"]
    )


def is_rejection(answer: Any) -> bool:
    """Whether it is the HTML 401 for credentials that are wrong."""
    return (
        answer.status == 401
        and answer.headers["Content-Type"].startswith("text/html")
        and "Unauthorized (401)" in answer.text
        and answer.headers["WWW-Authenticate"] == REALM
        and answer.headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"
        and answer.headers["X-AUSERNAME"] == "anonymous"
        and "Set-Cookie" not in answer.headers
    )


@pytest.mark.parametrize("credential", [FRED, FRED.replace("Basic", "basic"), "Bearer demo-pat-of-fred-not-a-secret"])
def test_password_and_token_name_the_same_person(world: Any, credential: str) -> None:
    answer = world.get(None, MYSELF, **with_credential(credential))
    assert (answer.status, answer.json["name"], answer.headers["X-AUSERNAME"]) == (200, "fred", "fred")
    assert answer.headers["X-Seraph-LoginReason"] == "OK"


@pytest.mark.parametrize(
    "credential",
    [
        encoded("fred:wrong"), encoded("fred:FRED"), encoded("fred:"), encoded("fred"), encoded(":fred"), encoded(":"),
        encoded("nobody:nobody"), encoded("olaf:olaf"), "Basic", "Basic ", "Basic !!!", "Basic //79", "Basic ZnJlZDpmcmVk!",
        "Digest username=fred", "Basic \xfc", "Basic " + "A" * 5000,
    ],
)  # fmt: skip
def test_wrong_credentials_are_refused_in_html(world: Any, credential: str) -> None:
    for path in ("1/team", MYSELF, SERVER_INFO, "2/nowhere"):
        assert is_rejection(world.get(None, path, **with_credential(credential))), path


def test_nobody_is_refused_in_json_wherever_a_log_in_is_needed(world: Any) -> None:
    for method, path in (
        ("GET", "1/team"), ("GET", "2/team/3"), ("GET", "2/team/77"), ("POST", "1/team"), ("DELETE", "2/team/3"),
        ("GET", "2/role"), ("POST", "3/search"), ("GET", "2/nowhere"), ("PATCH", "1/team"), ("GET", MYSELF), ("GET", SESSION),
        ("GET", "/jira/rest/api/2/user?username=fred"), ("DELETE", SESSION),
    ):  # fmt: skip
        assert is_anonymous_refusal(world.call(method, None, path, body=b"{}")), (method, path)
    assert world.audit() == []


def test_open_resources_answer_nobody(world: Any) -> None:
    info = world.get(None, SERVER_INFO)
    assert (info.status, info.headers["X-AUSERNAME"]) == (200, "anonymous")
    assert "serverTime" not in info.json
    assert "serverTime" in world.get("bob", SERVER_INFO).json
    assert world.get(None, "/jira/rest/api/2/project").json == []
    assert world.get(None, "/jira/secure/useravatar?avatarId=10120").status == 200


def test_unknown_token_counts_as_nobody_by_default(world: Any) -> None:
    for token in ("Bearer no-such-token", "Bearer", "Bearer \xfc", f"Bearer {PAT_OF_ERICA.upper()}"):
        assert is_anonymous_refusal(world.get(None, "1/team", **with_credential(token))), token
        assert world.get(None, SERVER_INFO, **with_credential(token)).status == 200


def test_unknown_token_can_be_refused_instead(make_world: Callable[..., Any]) -> None:
    world = make_world({"auth.badBearer": "401"})
    assert is_rejection(world.get(None, SERVER_INFO, **with_credential("Bearer no-such-token")))
    assert world.get(None, "1/team", **with_credential(f"Bearer {PAT_OF_ERICA}")).status == 200


def test_session_cookie_serves_every_call_until_log_out(world: Any) -> None:
    begun = world.post(None, SESSION, {"username": "erica", "password": "erica"})
    assert (begun.status, begun.headers["Content-Type"]) == (200, JSON_TYPE)
    assert set(begun.json) == {"session", "loginInfo"}
    cookie = cookie_of(begun)
    assert cookie == f"{begun.json['session']['name']}={begun.json['session']['value']}"
    sent = {"headers": {"Cookie": f"theme=dark; {cookie}"}}
    assert world.get(None, MYSELF, **sent).json["name"] == "erica"
    assert world.get(None, SESSION, **sent).json["name"] == "erica"
    assert world.put(None, "2/team/3", {"summary": "by cookie"}, **sent).status == 200
    assert world.audit()[-1]["who"] == "erica"
    ended = world.delete(None, SESSION, **sent)
    assert (ended.status, ended.body) == (204, b"")
    assert is_anonymous_refusal(world.get(None, MYSELF, **sent))
    assert is_anonymous_refusal(world.delete(None, SESSION, **sent))


@pytest.mark.parametrize(
    "credentials",
    [{"username": "erica", "password": "wrong"}, {"username": "olaf", "password": "olaf"}, {"username": "erica"},
     {"username": "nobody", "password": ""}, {"password": "erica"}, {}],
)  # fmt: skip
def test_failed_log_in_is_401_and_begins_nothing(world: Any, credentials: dict[str, str]) -> None:
    answer = world.post(None, SESSION, credentials)
    assert answer.status == 401
    assert answer.fields == {}
    assert answer.headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"
    assert "Set-Cookie" not in answer.headers


def test_cookie_of_a_basic_call_works_alone_and_is_set_once(world: Any) -> None:
    first = world.get("laura", MYSELF)
    cookie = cookie_of(first)
    alone = world.get(None, MYSELF, headers={"Cookie": cookie})
    assert (alone.json["name"], "Set-Cookie" in alone.headers) == ("laura", False)
    assert "Set-Cookie" not in world.get("laura", MYSELF, headers={"Cookie": cookie}).headers
    assert "Set-Cookie" not in world.get(None, MYSELF, **with_credential(f"Bearer {PAT_OF_ERICA}")).headers


def test_credentials_win_over_the_cookie_of_somebody_else(world: Any) -> None:
    cookie = cookie_of(world.get("laura", MYSELF))
    assert world.get("bob", MYSELF, headers={"Cookie": cookie}).json["name"] == "bob"
    assert is_rejection(world.get(None, MYSELF, headers={"Cookie": cookie, "Authorization": encoded("bob:x")}))
    assert is_anonymous_refusal(world.get(None, MYSELF, headers={"Cookie": "JSESSIONID=0123456789ABCDEF"}))


def test_deactivated_person_is_out_at_once(world: Any) -> None:
    cookie = cookie_of(world.get("erica", MYSELF))
    # Each way in was used before, so that nothing remembered of it may count.
    for headers in ({"Authorization": encoded("erica:erica")}, {"Cookie": cookie}, {"Authorization": f"Bearer {PAT_OF_ERICA}"}):
        assert world.get(None, MYSELF, headers=headers).status == 200
    store = world.site.store
    with store.transaction():
        store.run("UPDATE people SET active = 0 WHERE name = 'erica'")
    assert is_rejection(world.get("erica", MYSELF))
    assert is_anonymous_refusal(world.get(None, MYSELF, headers={"Cookie": cookie}))
    assert is_anonymous_refusal(world.get(None, MYSELF, **with_credential(f"Bearer {PAT_OF_ERICA}")))


def test_permission_taken_away_is_gone_from_the_next_call_on(world: Any) -> None:
    assert world.get("laura", "2/team/3").status == 200
    assert world.put("fred", "2/permission/team/3/tempo.teams.browse.team", {"users": []}).status == 200
    assert world.get("laura", "2/team/3").status == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://localhost:81"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[::1"}, 403),
        ({"Origin": "http://evil.example", "X-Atlassian-Token": "no-check"}, 200),
        ({"Origin": "http://evil.example", "X-Atlassian-Token": "nocheck"}, 200),
        ({"Origin": "http://evil.example", "X-Atlassian-Token": "yes"}, 403),
    ],
)
def test_write_from_a_page_of_another_origin_is_403(world: Any, headers: dict[str, str], status: int) -> None:
    cookie = cookie_of(world.get("fred", MYSELF))
    for sent in ({"Authorization": FRED}, {"Cookie": cookie}):
        answer = world.put(None, "2/team/3", {"summary": f"from {sorted(sent)}"}, headers={**headers, **sent})
        assert answer.status == status
        if status == 403:
            assert answer.fields == {}
        assert world.get(None, "2/team/3", headers={**headers, **sent}).status == 200
    assert len(world.audit()) == (2 if status == 200 else 0)


def test_check_of_the_origin_can_be_switched_off(make_world: Callable[..., Any]) -> None:
    world = make_world({"auth.xsrf": "off"})
    assert world.put("fred", "2/team/3", {"summary": "x"}, headers={"Origin": "http://evil.example"}).status == 200


@pytest.mark.parametrize(
    ("who", "method", "path", "status"),
    [
        ("fred", "GET", "1/team", 200), ("fred", "POST", "1/team", 400), (None, "GET", "1/team", 401),
        ("greta", "GET", "2/team/3", 403), ("fred", "GET", "2/team/77", 404), ("fred", "GET", "2/nowhere", 404),
        ("fred", "PATCH", "1/team", 405), ("fred", "DELETE", "2/team/3", 204), (None, "GET", SERVER_INFO, 200),
    ],
)  # fmt: skip
def test_every_answer_has_the_hosts_headers(world: Any, who: str | None, method: str, path: str, status: int) -> None:
    answer = world.call(method, who, path, body=b"{}" if method == "POST" else None)
    assert answer.status == status
    assert re.fullmatch(r"\d+x\d+x\d+", answer.headers["X-AREQUESTID"])
    assert answer.headers["X-AUSERNAME"] == (who or "anonymous")
    assert answer.headers["X-Seraph-LoginReason"] == "OK"
    assert answer.headers["Cache-Control"] == "no-cache, no-store, no-transform"
    assert answer.headers["Vary"] == "User-Agent"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    if status == 204:
        assert (answer.body, "Content-Type" in answer.headers) == (b"", False)
    else:
        assert answer.headers["Content-Type"] == JSON_TYPE
        assert int(answer.headers["Content-Length"]) == len(answer.body)


def test_request_ids_differ(world: Any) -> None:
    ids = {world.get("fred", "1/team").headers["X-AREQUESTID"] for _ in range(5)}
    assert len(ids) == 5


@pytest.mark.parametrize(
    "path",
    ["1/team", "1/team/3", "2/team", "2/team/3", "2/team/3/member", "2/team/3/member/4", "2/role", "2/user/bob/memberships",
     "2/teammember/bob/memberships", "2/teammember/team/3/members", "2/permission/team/3/tempo.teams.browse.team", MYSELF,
     SERVER_INFO, "/jira/rest/api/2/project", "/jira/rest/api/2/project/CLOUD", "/jira/rest/api/latest/myself"],
)  # fmt: skip
def test_slash_at_the_end_makes_no_difference(world: Any, path: str) -> None:
    plain, slashed = world.get("fred", path), world.get("fred", f"{path}/")
    assert (plain.status, slashed.status, slashed.json) == (200, 200, plain.json)


def test_writes_take_a_slash_at_the_end_too(world: Any) -> None:
    assert world.post("fred", "2/team/3/member/", {"member": {"name": "erica"}}).status == 200
    assert world.put("fred", "2/team/3/", {"name": "Renamed"}).json["name"] == "Renamed"
    assert world.delete("fred", "2/team/3/member/32/").status == 204


@pytest.mark.parametrize(
    "path", ["2/nowhere", "3/team", "1/role", "1/team/3/member", "2//team", "4/worklogs", "", "/jira/rest/api/2/nowhere",
             "/jira/rest/nowhere", "/jira/rest/tempo-core/3/user", "/jira/secure/nowhere"]
)  # fmt: skip
def test_unknown_route_is_jiras_own_404(world: Any, path: str) -> None:
    answer = world.get("fred", path)
    full = path if path.startswith("/") else f"/jira/rest/tempo-teams/{path}"
    assert (answer.status, answer.headers["Content-Type"]) == (404, JSON_TYPE)
    assert answer.json == {"message": f"null for uri: http://localhost{full}", "status-code": 404}


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("PATCH", "1/team", "POST"), ("DELETE", "2/team", "POST"), ("POST", "2/team/3", "PUT"), ("GET", "2/team/members", "POST"),
     ("POST", "2/team/3/member/4/deactivate", "PUT"), ("GET", "3/search", "POST"), ("PUT", SESSION, "DELETE")],
)  # fmt: skip
def test_wrong_method_is_405_and_names_the_right_ones(world: Any, method: str, path: str, allowed: str) -> None:
    answer = world.call(method, "fred", path, body=b"{}")
    assert (answer.status, answer.headers["Content-Type"]) == (405, JSON_TYPE)
    assert answer.json["status-code"] == 405
    assert allowed in answer.headers["Allow"].split(", ")
    assert method not in answer.headers["Allow"].split(", ")


def test_head_has_the_headers_and_no_body(world: Any) -> None:
    got, head = world.get("fred", "2/team"), world.call("HEAD", "fred", "2/team")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == str(len(got.body))


def test_latest_is_version_two(world: Any) -> None:
    assert world.get("bob", "/jira/rest/api/latest/myself").json == world.get("bob", MYSELF).json


@pytest.fixture
def foreign_world(make_world: Callable[..., Any], tmp_path: Path) -> Any:
    """The scenario guide with one more person, whose name and password are not ASCII."""
    folder = tmp_path / "foreign"
    shutil.copytree(FIXTURES / "guide", folder)
    people = json.loads((folder / "people.json").read_text(encoding="utf-8"))
    more = {"name": "zoë müller", "key": "JIRAUSER10200", "display_name": "Zoë 李 Müller", "email": "z@example.org"}
    people.append({**people[0], **more, "account_id": "712020:zoe", "password": "pässwörd:漢字"})
    (folder / "people.json").write_text(json.dumps(people), encoding="utf-8")
    return make_world(scenario=str(folder))


def test_name_outside_ascii_logs_in_and_is_escaped_in_the_header(foreign_world: Any) -> None:
    sent = with_credential(encoded("zoë müller:pässwörd:漢字"))
    answer = foreign_world.get(None, MYSELF, **sent)
    assert (answer.status, answer.json["name"], answer.json["displayName"]) == (200, "zoë müller", "Zoë 李 Müller")
    assert "Zoë 李 Müller".encode() in answer.body
    assert answer.headers["X-AUSERNAME"] == "zo%C3%AB%20m%C3%BCller"
    begun = foreign_world.post(None, SESSION, {"username": "zoë müller", "password": "pässwörd:漢字"})
    assert foreign_world.get(None, SESSION, headers={"Cookie": cookie_of(begun)}).json["name"] == "zoë müller"


def test_name_outside_ascii_works_in_paths_and_bodies(foreign_world: Any) -> None:
    added = foreign_world.post("fred", "2/team/3/member", {"member": {"name": "zoë müller"}})
    assert (added.status, added.json["member"]["displayname"]) == (200, "Zoë 李 Müller")
    periods = foreign_world.get("fred", "2/user/zo%C3%AB%20m%C3%BCller/memberships").json
    assert [period["teamMemberId"] for period in periods] == [added.json["id"]]
    lead = foreign_world.put("fred", "2/team/3", {"lead": "zoë müller", "name": "Équipe 漢字"}).json
    assert (lead["lead"], lead["name"]) == ("JIRAUSER10200", "Équipe 漢字")
    link = foreign_world.get("fred", "/jira/rest/api/2/user?key=JIRAUSER10200").json["self"]
    assert link == "http://localhost/jira/rest/api/2/user?username=zo%C3%AB+m%C3%BCller"
