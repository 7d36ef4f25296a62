"""What the caller may not see, and why an answer is as it is: the wire tells nothing, the reason for developers does."""

from typing import Any

import pytest

GRETA = "5b10a2844c20165700ede225"


def reason(answer: Any) -> str:
    """What a developer is told who asked why."""
    text: str = answer.headers["X-Tempo-Mock-Reason"]
    return text


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
