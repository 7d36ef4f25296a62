"""What a fault does to an answer and to the world, in this process; what it does on the wire has a module of its own."""

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from mock_server.faults.rules import arm

from .conftest import LIMIT, JiraCloud, basic

TEAM = "/jira/rest/tempo-teams/2/team"
WORKLOGS = "/4/worklogs"
VIEWER = "viewer"

Make = Callable[..., Any]


def freds(path: str) -> dict[str, str]:
    """Fred's credentials for the face of this path."""
    if path.startswith("/4/"):
        return {"Authorization": "Bearer demo-token-of-fred-not-a-secret"}
    if path.startswith("/rest/"):
        return {"Authorization": basic("fred@example.org", "demo-jira-token-of-fred-not-a-secret")}
    return {"Authorization": basic("fred")}


def ask(world: Any, path: str, method: str = "GET", **more: Any) -> Any:
    return world.call(method, None, path, headers=freds(path), **more)


JSON_TYPE = "application/json;charset=UTF-8"
HTML_TYPE = "text/html;charset=UTF-8"


@pytest.mark.parametrize(
    ("path", "status", "content_type", "body"),
    [
        ("/4/teams", 500, "application/json", {"errors": [{"message": "Internal Server Error"}]}),
        ("/4/teams", 404, "application/json", {"errors": [{"message": "Not Found"}]}),
        ("/4/nowhere", 502, "application/json", {"errors": [{"message": "Bad Gateway"}]}),
        ("/4/teams", 401, HTML_TYPE, None),
        ("/4/teams", 403, HTML_TYPE, None),
        ("/rest/api/3/myself", 500, JSON_TYPE, {"errorMessages": ["Internal Server Error"], "errors": {}}),
        ("/rest/api/2/search", 503, JSON_TYPE, {"errorMessages": ["Service Unavailable"], "errors": {}}),
        ("/rest/api/3/myself", 403, JSON_TYPE, {"errorMessages": ["Forbidden"], "errors": {}}),
        ("/rest/api/3/myself", 401, HTML_TYPE, None),
        (f"{TEAM}/3", 500, JSON_TYPE, {"errorMessages": ["Internal Server Error"], "errors": {}}),
        (f"{TEAM}/3", 403, JSON_TYPE, {"errorMessages": ["Forbidden"], "errors": {}}),
        (f"{TEAM}/3", 401, HTML_TYPE, None),
        ("/jira/rest/api/2/myself", 500, JSON_TYPE, {"errorMessages": ["Internal Server Error"], "errors": {}}),
        ("/jira/rest/api/2/myself", 599, JSON_TYPE, {"errorMessages": ["Unknown"], "errors": {}}),
        ("/core/3/worklogs", 500, "text/plain; charset=utf-8", None),
    ],
)
def test_a_status_without_a_body_speaks_the_dialect_of_the_face(
    world: Any, path: str, status: int, content_type: str, body: Any
) -> None:
    arm(world.site, {"status": status})
    answer = ask(world, path)
    assert answer.status == status
    assert answer.headers["Content-Type"] == content_type
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    if body is not None:
        assert answer.json == body
    elif status == 401:
        assert "auth" in answer.text.lower()


def test_a_refused_log_in_of_jira_has_its_headers(world: Any) -> None:
    arm(world.site, {"status": 401})
    assert ask(world, f"{TEAM}/3").headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"
    assert ask(world, "/rest/api/3/myself").headers["WWW-Authenticate"].startswith("OAuth realm=")


def test_the_setting_of_cloud_refusals_holds_for_faults(make_world: Make) -> None:
    world = make_world({"cloud.refusals": "json"})
    arm(world.site, {"status": 403})
    assert ask(world, "/4/teams").json == {"errors": [{"message": "Forbidden"}]}


@pytest.mark.parametrize("path", ["/4/teams", "/rest/api/3/myself", f"{TEAM}/3"])
@pytest.mark.parametrize(
    ("rule", "retry"),
    [
        ({"status": 429}, "1"),
        ({"status": 429, "retryAfter": 5}, "5"),
        ({"status": 429, "retryAfter": None}, None),
        ({"status": 429, "json": {}}, "1"),
        ({"status": 503}, None),
        ({"status": 503, "retryAfter": 0}, "0"),
        ({"status": 429, "headers": {"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}}, "Wed, 21 Oct 2026 07:28:00 GMT"),
    ],
    ids=str,
)
def test_retry_after(world: Any, path: str, rule: dict[str, Any], retry: str | None) -> None:
    arm(world.site, rule)
    answer = ask(world, path)
    assert answer.status == rule["status"]
    assert answer.headers.getlist("Retry-After") == ([] if retry is None else [retry])


@pytest.mark.parametrize(
    ("rule", "status", "content_type", "body"),
    [
        ({"json": {"a": ["é"]}}, 200, "application/json", '{"a":["é"]}'),
        ({"json": None}, 200, "application/json", "null"),
        ({"status": 400, "json": []}, 400, "application/json", "[]"),
        ({"status": 503, "body": "down"}, 503, "text/plain;charset=UTF-8", "down"),
        ({"status": 503, "body": ""}, 503, "text/plain;charset=UTF-8", ""),
        ({"status": 202}, 202, None, ""),
        ({"status": 204}, 204, None, ""),
        ({"status": 302, "headers": {"Location": "/login"}}, 302, None, ""),
        ({"body": "x", "contentType": "text/csv"}, 200, "text/csv", "x"),
        ({"body": "x", "contentType": None}, 200, None, "x"),
        ({"body": "x", "headers": {"content-type": None}}, 200, None, "x"),
    ],
    ids=str,
)
def test_an_answer_of_ones_own(world: Any, rule: dict[str, Any], status: int, content_type: str | None, body: str) -> None:
    arm(world.site, rule)
    answer = ask(world, "/4/teams")
    assert answer.status == status
    assert answer.headers.get("Content-Type") == content_type
    assert answer.text == body


@pytest.mark.parametrize("path", ["/4/teams", "/rest/api/3/myself", f"{TEAM}/3", "/rest/api/3/users/search"])
def test_bodies_that_cannot_be_read(world: Any, path: str) -> None:
    whole = ask(world, path)
    assert whole.status == 200
    fault = arm(world.site, {"truncate": True})
    cut = ask(world, path)
    assert whole.body.startswith(cut.body)
    assert 0 < len(cut.body) < len(whole.body)
    assert int(cut.headers["Content-Length"]) == len(cut.body)
    world.site.faults.disarm(fault.id)
    arm(world.site, {"invalidJson": True})
    wrong = ask(world, path)
    for answer in (cut, wrong):
        assert answer.status == 200
        assert answer.headers["Content-Type"] == whole.headers["Content-Type"]
        with pytest.raises(ValueError, match=r"."):
            json.loads(answer.body)


@pytest.mark.parametrize("body", ["{}", "[]", "", "1", '"text"', "null", '{"a": "}"}', " [1] \n"])
def test_invalid_json_is_never_valid(world: Any, body: str) -> None:
    arm(world.site, {"body": body, "invalidJson": True})
    with pytest.raises(ValueError, match=r"."):
        json.loads(ask(world, "/4/teams").body)


@pytest.mark.parametrize(("rule", "status"), [({"html": True}, 200), ({"html": True, "status": 502}, 502)])
def test_a_page_of_a_proxy_in_place_of_json(world: Any, rule: dict[str, Any], status: int) -> None:
    arm(world.site, rule)
    answer = ask(world, "/4/teams")
    assert answer.status == status
    assert answer.headers["Content-Type"] == HTML_TYPE
    assert answer.text.startswith("<html>")


def test_headers_are_added_replaced_and_taken_away(world: Any) -> None:
    whole = ask(world, f"{TEAM}/3")
    arm(world.site, {"headers": {"X-Trace": "abc", "vary": "Origin", "X-AUSERNAME": None}})
    answer = ask(world, f"{TEAM}/3")
    assert answer.body == whole.body
    assert answer.headers["X-Trace"] == "abc"
    assert answer.headers.getlist("Vary") == ["Origin"]
    assert "X-AUSERNAME" not in answer.headers


def test_a_head_has_no_body_under_any_fault(world: Any) -> None:
    for rule in ({"status": 500}, {"html": True}, {"json": 1}, {"truncate": True}, {"drip": 1}):
        fault = arm(world.site, rule)
        assert ask(world, f"{TEAM}/3", "HEAD").body == b""
        world.site.faults.disarm(fault.id)


def test_drip_gives_the_whole_body(world: Any) -> None:
    whole = ask(world, "/4/teams").body
    arm(world.site, {"drip": 10_000_000})
    assert ask(world, "/4/teams").body == whole


@pytest.mark.parametrize(
    ("rule", "error"),
    [
        ({"cut": "before"}, ConnectionResetError),
        ({"cut": "middle"}, ConnectionResetError),
        ({"cut": "middle", "reset": True}, ConnectionResetError),
        ({"timeout": True}, TimeoutError),
        ({"timeout": 0.5, "status": 504}, TimeoutError),
    ],
    ids=str,
)
def test_without_a_socket_a_connection_fault_is_an_error_of_the_caller(
    world: Any, rule: dict[str, Any], error: type[Exception]
) -> None:
    arm(world.site, rule)
    with pytest.raises(error):
        ask(world, "/4/teams")


def test_without_a_socket_a_cut_after_the_body_is_the_whole_answer(world: Any) -> None:
    whole = ask(world, "/4/teams").body
    arm(world.site, {"cut": "after"})
    assert ask(world, "/4/teams").body == whole


def test_disarming_ends_a_delay(world: Any) -> None:
    fault = arm(world.site, {"delay": 3600})
    found: list[int] = []
    waiting = threading.Thread(target=lambda: found.append(ask(world, "/4/teams").status))
    waiting.start()
    while not fault.fired:
        pass
    assert not found
    world.site.faults.disarm(fault.id)
    waiting.join(LIMIT)
    assert found == [200]


def names(world: Any) -> list[str]:
    world.site.faults.disarm_all()
    return [team["name"] for team in ask(world, TEAM).json]


@pytest.mark.parametrize(
    ("rule", "is_applied"),
    [
        ({"status": 500}, False),
        ({"status": 500, "applied": True}, True),
        ({"status": 429}, False),
        ({"html": True}, False),
        ({"html": True, "applied": True}, True),
        ({"json": {}}, False),
        ({"cut": "before"}, False),
        ({"cut": "before", "applied": True}, True),
        ({"timeout": True}, False),
        ({"timeout": True, "applied": True}, True),
        ({"cut": "middle"}, True),
        ({"truncate": True}, True),
        ({"invalidJson": True}, True),
        ({"delay": 0}, True),
    ],
    ids=str,
)
def test_a_write_is_in_the_world_exactly_when_it_was_applied(world: Any, rule: dict[str, Any], is_applied: bool) -> None:
    before = world.get(None, "/_mock/sites/default").json["written"], len(world.audit())
    arm(world.site, {"method": "POST", **rule})
    try:
        answer = ask(world, TEAM, "POST", json={"name": "Broken"})
    except (ConnectionResetError, TimeoutError):
        answer = None
    if "status" in rule:
        assert answer.status == rule["status"]
    assert ("Broken" in names(world)) is is_applied
    if not is_applied:
        assert (world.get(None, "/_mock/sites/default").json["written"], len(world.audit())) == before


def test_a_write_to_cloud_is_applied_and_answered_500(world: Any) -> None:
    before = [team["id"] for team in ask(world, "/4/teams").json["results"]]
    arm(world.site, {"method": "POST", "status": 500, "applied": True, "count": 1})
    assert ask(world, "/4/teams", "POST", json={"name": "Twice"}).status == 500
    assert ask(world, "/4/teams", "POST", json={"name": "Twice"}).status != 500
    assert len(ask(world, "/4/teams").json["results"]) > len(before)


@pytest.mark.parametrize("shift", [1, 7, -1, -3])
@pytest.mark.parametrize("offset", [5, 10, 50])
def test_later_pages_of_cloud_shift(world: Any, shift: int, offset: int) -> None:
    def page(at: int) -> Any:
        return world.cloud("GET", VIEWER, f"worklogs?from=2013-01-01&limit=5&offset={at}").json

    first, then, true = page(0), page(offset + shift), page(offset)
    fault = arm(world.site, {"path": WORKLOGS, "shift": shift})
    shifted = page(offset)
    assert shifted["results"] == then["results"] != true["results"]
    assert shifted["self"] == true["self"]
    assert shifted["metadata"] == true["metadata"]
    assert page(0) == first
    assert fault.seen == fault.fired == 1


def test_a_shift_beyond_the_beginning_begins_with_the_first_row(world: Any) -> None:
    first = world.cloud("GET", VIEWER, "worklogs?limit=5").json["results"]
    arm(world.site, {"shift": -9})
    page = world.cloud("GET", VIEWER, "worklogs?limit=5&offset=5").json
    assert page["results"] == first
    assert page["metadata"]["offset"] == 5
    assert page["metadata"]["previous"].endswith("offset=0")


def test_pages_of_jira_shift(world: Any) -> None:
    jira = JiraCloud(world)
    path = "project/search?maxResults=1&startAt="
    true, then = jira.get("fred", f"{path}1").json, jira.get("fred", f"{path}2").json
    arm(world.site, {"shift": 1})
    page = jira.get("fred", f"{path}1").json
    assert page["values"] == then["values"] != true["values"]
    assert (page["startAt"], page["total"], page["isLast"]) == (1, true["total"] - 1, True)
    assert page["self"] == true["self"]


def test_a_token_expires_in_mid_run_for_everybody(world: Any) -> None:
    arm(world.site, {"persona": VIEWER, "expireToken": True, "after": 2, "count": 1})
    assert [world.cloud("GET", VIEWER, "worklogs").status for _ in range(4)] == [200, 200, 401, 401]
    assert world.cloud("GET", "fred", "worklogs").status == 200
    world.site.faults.disarm_all()
    assert world.cloud("GET", VIEWER, "worklogs").status == 401
    (event,) = [event for event in world.audit() if event["noun"] == "api_tokens"]
    assert (event["who"], event["face"], event["call"]) == ("control", "fault", "fault_1")


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/jira/rest/api/2/myself", {"Authorization": "Bearer demo-pat-of-fred-not-a-secret"}, 401),
        ("/rest/api/3/myself", freds("/rest/"), 401),
    ],
)
def test_tokens_of_jira_expire_too(world: Any, path: str, headers: dict[str, str], status: int) -> None:
    arm(world.site, {"expireToken": True, "after": 1})
    assert [world.get(None, path, headers=headers).status for _ in range(3)] == [200, status, status]


def test_a_password_is_no_token(world: Any) -> None:
    fault = arm(world.site, {"expireToken": True})
    assert ask(world, f"{TEAM}/3").status == 200
    assert fault.seen == 0


@pytest.mark.parametrize("permission", [True, {"role": "View Worklogs"}])
def test_a_permission_role_is_taken_in_mid_run(world: Any, permission: Any) -> None:
    def count() -> int:
        return len(world.cloud("GET", VIEWER, "worklogs?limit=5000").json["results"])

    before = count()
    arm(world.site, {"persona": VIEWER, "takePermission": permission, "after": 1})
    assert count() == before > 0
    assert count() == 0
    world.site.faults.disarm_all()
    assert count() == 0
    assert {event["face"] for event in world.audit()} == {"fault"}


def test_a_role_held_through_a_group_is_lost_and_the_others_keep_it(world: Any) -> None:
    store = world.site.store
    with store.transaction():
        role = store.insert_row("permission_roles", name="Through a group", access_type="GLOBAL")
        group, _ = store.one("SELECT group_id, count(*) FROM group_members GROUP BY 1 HAVING count(*) > 1 ORDER BY 2 LIMIT 1")
        store.insert_row("permission_role_holders", permission_role_id=role, group_id=group)
        everybody = {row[0] for row in store.all("SELECT person_id FROM group_members WHERE group_id = ?", (group,))}
        victim = min(everybody)
        name = store.value("SELECT name FROM people WHERE id = ?", (victim,))
    arm(world.site, {"takePermission": {"role": role}})
    world.get(name, "/jira/rest/api/2/myself")
    with store.reading():
        holders = {
            row[0] for row in store.all("SELECT person_id FROM permission_role_holders WHERE permission_role_id = ?", (role,))
        }
    assert holders == everybody - {victim}


def test_a_scope_is_taken_from_the_token(world: Any) -> None:
    arm(world.site, {"takePermission": {"scope": "worklogs:view"}, "after": 1, "count": 1})
    assert [world.cloud("GET", VIEWER, "worklogs").status for _ in range(2)] == [200, 403]


@pytest.mark.parametrize("rule", [{"truncate": True}, {"invalidJson": True}, {"headers": {"X": "1"}}], ids=str)
def test_a_head_tells_the_length_of_the_get(world: Any, rule: dict[str, Any]) -> None:
    arm(world.site, rule)
    got, head = (ask(world, "/4/teams", method) for method in ("GET", "HEAD"))
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == got.headers["Content-Length"] == str(len(got.body))


def test_what_has_no_body_is_not_made_invalid(world: Any) -> None:
    arm(world.site, {"method": "DELETE", "invalidJson": True})
    team = world.cloud("POST", "fred", "teams", {"name": "Goes"}).json["id"]
    answer = world.cloud("DELETE", "fred", f"teams/{team}")
    assert (answer.status, answer.body, answer.headers.get("Content-Length", "0")) == (204, b"", "0")
