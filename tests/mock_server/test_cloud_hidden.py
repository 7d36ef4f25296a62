"""What the caller may not see, and why an answer is as it is: the wire tells nothing, the reason for developers does."""

import base64
from typing import Any

import pytest

from mock_server.cloud.dialect import NOT_SERVED
from mock_server.faces import cloud_endpoints

GRETA = "5b10a2844c20165700ede225"


def reason(answer: Any) -> str:
    """What a developer is told who asked why."""
    text: str = answer.headers["X-Tempo-Mock-Reason"]
    return text


JIRA_LOGIN = "Basic " + base64.b64encode(b"fred@example.org:demo-jira-token-of-fred-not-a-secret").decode()
EXPLAIN = {"X-Tempo-Mock-Explain": "1"}


def hide_team(world: Any) -> dict[str, int]:
    """A team that greta may not see, with a membership and a link of it."""
    team = world.cloud("POST", "fred", "teams", {"name": "Secret", "public": False}).json["id"]
    bob = "5b10a2844c20165700ede223"
    membership = world.cloud("POST", "fred", "team-memberships", {"teamId": team, "accountId": bob})
    project = next(p["id"] for p in world.get("fred", "/jira/rest/api/2/project").json if p["key"] == "CLOUD")
    link = world.cloud("POST", "fred", "team-links", {"teamId": team, "scopeId": int(project), "scopeType": "PROJECT"})
    return {"team": team, "team-memberships": membership.json["id"], "team-links": link.json["id"]}


@pytest.mark.parametrize(
    ("method", "noun"),
    [
        ("GET", "team-memberships"),
        ("PUT", "team-memberships"),
        ("DELETE", "team-memberships"),
        ("GET", "team-links"),
        ("DELETE", "team-links"),
    ],
)
def test_a_part_of_a_hidden_team_looks_like_one_that_is_not_there(world: Any, method: str, noun: str) -> None:
    ids = hide_team(world)
    body = [{}] if method == "PUT" else []
    hidden = world.cloud(method, "greta", f"{noun}/{ids[noun]}", *body, headers=EXPLAIN)
    unknown = world.cloud(method, "greta", f"{noun}/999", *body)
    assert (hidden.status, unknown.status) == (404, 404)
    assert hidden.text == unknown.text.replace("999", str(ids[noun]))
    assert f"team {ids['team']} is visible to its members only" in reason(hidden)
    assert world.cloud("GET", "fred", f"{noun}/{ids[noun]}").status == 200


def log(world: Any, who: str, author: str, issue: int = 10202) -> Any:
    body = {"authorAccountId": author, "issueId": issue, "startDate": "2013-11-14", "timeSpentSeconds": 60}
    answer = world.cloud("POST", who, "worklogs", body, headers=EXPLAIN)
    assert answer.status == 200, answer.text
    return answer


def test_why_a_worklog_is_not_found_is_told_beside_the_wire(idle_world: Any) -> None:
    world = idle_world
    bob, safe = "5b10a2844c20165700ede223", 10220
    of_bob = log(world, "bob", bob).json["tempoWorklogId"]
    made = world.cloud(
        "POST",
        "fred",
        "permission-roles",
        {"name": "Any", "accessType": "GLOBAL", "permissionKeys": ["permissions.worklog.manage"],
         "permittedAccountIds": ["5b10a2844c20165700ede21f"]},
    )  # fmt: skip
    assert made.status == 200
    in_safe = log(world, "fred", "5b10a2844c20165700ede222", safe).json["tempoWorklogId"]
    ways = [
        (of_bob, "greta is in no role View Worklogs over bob on 2013-11-14"),
        (in_safe, "is hidden: greta has no Browse Projects there"),
    ]
    for worklog_id, why in ways:
        answer = world.cloud("GET", "greta", f"worklogs/{worklog_id}", headers=EXPLAIN)
        assert answer.status == 404
        assert answer.json == {"errors": [{"message": f"Worklog with id '{worklog_id}' not found"}]}
        assert why in reason(answer)
        assert "X-Tempo-Mock-Reason" not in world.cloud("GET", "greta", f"worklogs/{worklog_id}").headers
    unknown = world.cloud("GET", "greta", "worklogs/999999", headers=EXPLAIN)
    assert reason(unknown) == "Worklog with id '999999' not found"


def test_manage_worklogs_alone_logs_for_others_and_then_does_not_see_it(idle_world: Any) -> None:
    world = idle_world
    bob = "5b10a2844c20165700ede223"
    role = {"name": "Writers", "accessType": "GLOBAL", "permissionKeys": ["permissions.worklog.manage"]}
    assert world.cloud("POST", "fred", "permission-roles", {**role, "permittedAccountIds": [GRETA]}).status == 200
    made = log(world, "greta", bob)
    worklog_id = made.json["tempoWorklogId"]
    assert f"worklog {worklog_id} is there, and its maker will not see it" in reason(made)
    again = world.cloud("GET", "greta", f"worklogs/{worklog_id}", headers=EXPLAIN)
    assert (again.status, "Manage Worklogs is not enough to see it" in reason(again)) == (404, True)
    assert reason(log(world, "greta", GRETA)) == "nothing was hidden or refused"


@pytest.mark.parametrize(("who", "words"), [("greta", "1 project hidden"), ("fred", "own work only")])
def test_hidden_projects_are_counted_in_good_grammar(world: Any, who: str, words: str) -> None:
    assert words in reason(world.cloud("GET", who, "worklogs", headers=EXPLAIN))


@pytest.mark.parametrize(
    ("query", "setting", "told"),
    [
        ("worklogAuthor = currentUser()", "app", True),
        ("worklogAuthor != currentUser()", "app", True),
        ("worklogAuthor = currentUser()", "person", False),
        ("worklogDate = 2013-11-14", "app", False),
    ],
)
def test_why_worklog_author_finds_nobody(make_world: Any, query: str, setting: str, told: bool) -> None:
    world = make_world({"jiraCloud.worklogAuthor": setting})
    headers = {**EXPLAIN, "Authorization": JIRA_LOGIN}
    answer = world.call("POST", None, "/rest/api/3/search/jql", {"jql": query}, headers=headers)
    assert answer.status == 200, answer.text
    assert ("jiraCloud.worklogAuthor=person" in reason(answer)) is told


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("flex-plans", "Tempo has /4/flex-plans, which is not served here yet"),
        ("skills/7", "Tempo has /4/skills, which is not served here yet"),
        ("webhooks/subscriptions", "Tempo has /4/webhooks, which is not served here yet"),
        ("no-such-resource", "Not Found"),
        ("teams/skills", "Not Found"),
    ],
)
def test_what_tempo_has_and_the_fake_has_not_is_told(world: Any, path: str, told: str) -> None:
    answer = world.cloud("GET", "fred", path, headers=EXPLAIN)
    assert (answer.status, reason(answer)) == (404, told)
    assert answer.json == {"errors": [{"message": f"Not Found: GET /4/{path}"}]}


def test_nothing_of_the_list_is_served() -> None:
    served = {endpoint.path.split("/")[1] for endpoint in cloud_endpoints()}
    assert not served & set(NOT_SERVED)
