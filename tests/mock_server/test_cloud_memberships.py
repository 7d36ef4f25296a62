"""Memberships of Tempo Cloud: ``to`` is exclusive, ``inclusiveTo`` is not (vendor's OpenAPI of v4)."""

from typing import Any

import pytest

BASE = "http://localhost/4"
LAURA = "5b10a2844c20165700ede222"
BOB = "5b10a2844c20165700ede223"
DAVID = "5b10a2844c20165700ede224"
GRETA = "5b10a2844c20165700ede225"
NADIA = "712020:0b7e51c2-77aa-4d0e-9d43-6f1f0c2a9e11"
NEW = {"accountId": GRETA, "teamId": 3}


def create(world: Any, **values: Any) -> dict[str, Any]:
    answer = world.cloud("POST", "fred", "team-memberships", {**NEW, **values})
    assert answer.status == 200, answer.text
    return answer.json


def found(world: Any, who: str = "fred", query: str = "", **body: Any) -> list[int]:
    answer = world.cloud("POST", who, f"team-memberships/search{query}", body)
    assert answer.status == 200, answer.text
    return [membership["id"] for membership in answer.json["results"]]


def test_membership_has_exactly_the_published_members(world: Any) -> None:
    made = create(world, **{"from": "2014-01-01", "to": "2014-02-01"}, commitmentPercent=40, roleId=3)
    assert made == {
        "self": f"{BASE}/team-memberships/{made['id']}",
        "id": made["id"],
        "commitmentPercent": 40,
        "from": "2014-01-01",
        "to": "2014-02-01",
        "inclusiveTo": "2014-01-31",
        "role": {"self": f"{BASE}/roles/3", "id": 3, "name": "Scrum Master"},
        "team": {"self": f"{BASE}/teams/3", "id": 3, "name": "Cloud Development"},
        "member": {"self": f"http://localhost/rest/api/2/user?accountId={GRETA}", "accountId": GRETA},
    }
    assert world.cloud("GET", "fred", f"team-memberships/{made['id']}").json == made


def test_what_is_open_is_left_out_and_what_is_not_said_is_the_default(world: Any) -> None:
    made = create(world)
    assert set(made) == {"self", "id", "commitmentPercent", "role", "team", "member"}
    assert (made["commitmentPercent"], made["role"]["name"]) == (100, "Member")


@pytest.mark.parametrize(
    ("body", "to", "inclusive_to"),
    [
        ({"to": "2014-03-01"}, "2014-03-01", "2014-02-28"),
        ({"to": "2014-03-01", "useInclusiveEndDate": False}, "2014-03-01", "2014-02-28"),
        ({"to": "2014-02-28", "useInclusiveEndDate": True}, "2014-03-01", "2014-02-28"),
        ({"to": "2016-03-01"}, "2016-03-01", "2016-02-29"),
        ({"from": "2014-01-01", "to": "2014-01-02"}, "2014-01-02", "2014-01-01"),
        ({"from": "2014-01-01", "to": "2014-01-01", "useInclusiveEndDate": True}, "2014-01-02", "2014-01-01"),
        ({"to": "9999-12-31"}, "9999-12-31", "9999-12-30"),
        ({"to": "9999-12-31", "useInclusiveEndDate": True}, None, "9999-12-31"),
    ],
)
def test_end_is_the_day_after_unless_said_otherwise(
    world: Any, body: dict[str, Any], to: str | None, inclusive_to: str
) -> None:
    made = create(world, **body)
    assert (made.get("to"), made["inclusiveTo"]) == (to, inclusive_to)


@pytest.mark.parametrize(
    "body",
    [
        {"accountId": None},
        {"accountId": ""},
        {"accountId": "nobody"},
        {"accountId": "greta"},
        {"teamId": None},
        {"teamId": 99},
        {"teamId": "x"},
        {"roleId": 99},
        {"commitmentPercent": -1},
        {"commitmentPercent": 101},
        {"from": "2014-01-01", "to": "2014-01-01"},
        {"from": "2014-01-02", "to": "2014-01-01", "useInclusiveEndDate": True},
        {"to": "0001-01-01"},
        {"from": "2014-1-1"},
        {"from": "20140101"},
        {"from": "2014-02-30"},
        {"to": "2014-01-01T00:00:00Z"},
        {"to": 20140101},
        {"useInclusiveEndDate": "perhaps"},
    ],
)
def test_wrong_bodies_are_400_and_write_nothing(world: Any, body: dict[str, Any]) -> None:
    answer = world.cloud("POST", "fred", "team-memberships", {**NEW, **body})
    assert answer.status == 400, answer.text
    assert all(set(error) == {"message"} and error["message"] for error in answer.json["errors"])
    if not set(body) & {"accountId", "teamId"}:
        assert world.cloud("PUT", "fred", "team-memberships/4", body).status == 400
    assert world.audit() == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"accountId": "nobody"}, "User is invalid"),
        ({"teamId": 99}, "Team with specified id does not exist."),
        ({"roleId": 99}, "roleId: There is no role with the id 99."),
        ({"from": "2014-01-02", "to": "2014-01-02"}, "to: The period ends before it begins."),
        ({"from": "2022-05-011"}, "'from' must be valid on the format: 'yyyy-MM-dd'."),
    ],
)
def test_messages_are_those_of_the_service(world: Any, body: dict[str, Any], message: str) -> None:
    answer = world.cloud("POST", "fred", "team-memberships", {**NEW, **body})
    assert answer.json == {"errors": [{"message": message}]}


def test_periods_follow_each_other_without_overlap(world: Any) -> None:
    first = create(world, **{"from": "2014-01-01", "to": "2014-02-01"})
    second = create(world, **{"from": "2014-02-01"})
    assert first["member"] == second["member"]
    overlapping = {**NEW, "from": "2014-01-31", "to": "2014-02-01"}
    assert world.cloud("POST", "fred", "team-memberships", overlapping).status == 400
    assert world.cloud("PUT", "fred", f"team-memberships/{first['id']}", {"from": "2014-01-01"}).status == 400


def test_put_replaces_the_whole(world: Any) -> None:
    made = create(world, **{"from": "2014-01-01", "to": "2014-02-01"}, commitmentPercent=40, roleId=3)
    put = world.cloud("PUT", "fred", f"team-memberships/{made['id']}", {"to": "2014-03-01", "accountId": BOB, "teamId": 1})
    assert put.status == 200
    assert (put.json["member"], put.json["team"]) == (made["member"], made["team"])
    assert (put.json.get("from"), put.json["to"], put.json["commitmentPercent"]) == (None, "2014-03-01", 100)
    assert put.json["role"]["name"] == "Member"
    assert world.cloud("GET", "fred", f"team-memberships/{made['id']}").json == put.json


def test_delete_is_204_once_and_the_last_period_takes_the_member_along(world: Any) -> None:
    made = create(world)
    assert world.cloud("GET", "fred", f"teams?teamMembers={GRETA}").json["metadata"]["count"] == 1
    gone = world.cloud("DELETE", "fred", f"team-memberships/{made['id']}")
    assert (gone.status, gone.body) == (204, b"")
    for method in ("GET", "PUT", "DELETE"):
        assert world.cloud(method, "fred", f"team-memberships/{made['id']}", {}).status == 404
    assert world.cloud("GET", "fred", f"teams?teamMembers={GRETA}").json["metadata"]["count"] == 0


def test_list_of_a_team_has_every_period_and_no_groups(world: Any) -> None:
    listed = world.cloud("GET", "fred", "team-memberships/team/1").json
    assert set(listed) == {"self", "metadata", "results"}
    assert listed["metadata"] == {"count": 6}
    assert [membership["id"] for membership in listed["results"]] == [1, 2, 7, 8, 9, 10]
    assert listed["results"][2]["to"] == "2013-01-01"
    assert world.cloud("GET", "fred", "team-memberships/team/99").status == 404


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        ({}, [1, 2, 4, 5, 7, 8, 9, 10]),
        ({"teamIds": [], "roleIds": None}, [1, 2, 4, 5, 7, 8, 9, 10]),
        ({"accountIds": [BOB, NADIA]}, [4, 7, 8]),
        ({"roleIds": [4]}, [2, 4, 8]),
        ({"teamIds": [3]}, [4, 5]),
        ({"accountIds": [BOB, NADIA], "roleIds": [4], "teamIds": [1]}, [8]),
        ({"accountIds": ["nobody"]}, []),
        ({"teamIds": [99]}, []),
        ({"roleIds": [99]}, []),
    ],
)
def test_search_takes_what_fits_all_filters(world: Any, body: dict[str, Any], ids: list[int]) -> None:
    assert found(world, **body) == ids


@pytest.mark.parametrize(("who", "ids"), [("erica", [4, 5]), ("bob", [4, 5]), ("greta", [])])
def test_search_counts_only_teams_one_may_see(world: Any, who: str, ids: list[int]) -> None:
    assert found(world, who) == ids
    for membership_id in (1, 4):
        expected = 200 if membership_id in ids else 404
        assert world.cloud("GET", who, f"team-memberships/{membership_id}").status == expected
    assert world.cloud("GET", who, "team-memberships/team/3").status == (200 if ids else 404)


def test_search_is_paged_by_the_query(world: Any) -> None:
    walked, path = [], "team-memberships/search?limit=3"
    while path:
        page = world.cloud("POST", "fred", path, {}).json
        walked += [membership["id"] for membership in page["results"]]
        assert page["metadata"]["count"] == len(page["results"])
        path = page["metadata"].get("next", "").removeprefix(f"{BASE}/")
    assert walked == found(world)


@pytest.mark.parametrize("body", [{"teamIds": ["x"]}, {"teamIds": 3}, {"accountIds": [3]}, []])
def test_wrong_searches_are_400(world: Any, body: Any) -> None:
    assert world.cloud("POST", "fred", "team-memberships/search", body).status == 400


def test_search_by_post_is_a_read(make_world: Any) -> None:
    for setting, status in (("view", 200), ("manage", 403)):
        world = make_world({"cloud.searchNeeds": setting})
        owner = world.cloud("POST", "fred", "team-memberships/search", {})
        assert owner.status == 200
        token = world.post(None, "/_mock/tokens", {"person": "fred", "name": "v", "scopes": ["teams:view"]}).json["token"]
        headers = {"Authorization": f"Bearer {token}"}
        assert world.call("POST", None, "/4/team-memberships/search", {}, headers=headers).status == status
        assert world.audit()[1:] == []


@pytest.mark.parametrize(("who", "status"), [("fred", 200), ("erica", 200), ("bob", 403), ("greta", 404)])
def test_who_may_write_memberships(world: Any, who: str, status: int) -> None:
    # To whom the team is hidden it does not exist: 400 in a body, 404 in a path.
    added = world.cloud("POST", who, "team-memberships", {**NEW, "accountId": LAURA})
    assert added.status == (400 if status == 404 else status)
    assert world.cloud("PUT", who, "team-memberships/4", {}).status == status
    assert world.cloud("DELETE", who, "team-memberships/5").status == (204 if status == 200 else status)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "team-memberships", NEW),
        ("POST", "team-memberships/search", {}),
        ("GET", "team-memberships/team/3", None),
        ("GET", "team-memberships/4", None),
        ("PUT", "team-memberships/4", {}),
        ("DELETE", "team-memberships/4", None),
    ],
)
def test_token_and_scope_come_first(world: Any, method: str, path: str, body: Any) -> None:
    assert world.cloud(method, None, path, body).status == 401
    assert world.cloud(method, "viewer", path.replace("4", "99"), body).status == 403
    assert world.audit() == []
