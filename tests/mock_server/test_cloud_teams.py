"""Teams of Tempo Cloud: what the vendor's OpenAPI of v4 and the help pages say, asked of ``/4/teams``."""

from typing import Any

import pytest

BASE = "http://localhost/4"
ERICA = "5b10a2844c20165700ede220"
JOHN = "5b10a2844c20165700ede221"
BOB = "5b10a2844c20165700ede223"
GRETA = "5b10a2844c20165700ede225"
NADIA = "712020:0b7e51c2-77aa-4d0e-9d43-6f1f0c2a9e11"


def user(account_id: str) -> dict[str, str]:
    return {"self": f"http://localhost/rest/api/2/user?accountId={account_id}", "accountId": account_id}


def create(world: Any, **values: Any) -> dict[str, Any]:
    answer = world.cloud("POST", "fred", "teams", {"name": "New", **values})
    assert answer.status == 200, answer.text
    return answer.json


def names(answer: Any) -> list[str]:
    assert answer.status == 200, answer.text
    return [team["name"] for team in answer.json["results"]]


def test_team_has_exactly_the_published_members(world: Any) -> None:
    assert world.cloud("GET", "fred", "teams/1").json == {
        "self": f"{BASE}/teams/1",
        "id": 1,
        "name": "GreenCloud",
        "summary": "The Whole Company",
        "lead": user(JOHN),
        "program": {"self": f"{BASE}/programs/2", "id": 2, "name": "Logistics"},
        "links": {"self": f"{BASE}/teams/1/links"},
        "members": {"self": f"{BASE}/teams/1/members"},
        "permissions": {"self": f"{BASE}/permission-roles?teamId=1"},
        "public": False,
        "administrative": False,
    }


def test_what_is_unset_is_left_out(world: Any) -> None:
    assert set(create(world)) == {"self", "id", "name", "links", "members", "permissions", "public", "administrative"}


def test_new_team_is_public_unless_said_and_keeps_what_is_said(world: Any) -> None:
    assert create(world)["public"] is True
    values = {"summary": "s", "leadAccountId": ERICA, "programId": 2, "public": False, "administrative": True}
    made = create(world, **values)
    assert (made["summary"], made["lead"], made["program"]["id"]) == ("s", user(ERICA), 2)
    assert (made["public"], made["administrative"]) == (False, True)
    assert world.cloud("GET", "fred", f"teams/{made['id']}").json == made


def test_put_replaces_the_whole(world: Any) -> None:
    made = create(world, summary="s", leadAccountId=ERICA, programId=2, public=False, administrative=True)
    put = world.cloud("PUT", "fred", f"teams/{made['id']}", {"name": "Other"}).json
    assert put == {**{k: v for k, v in made.items() if k not in ("summary", "lead", "program")}, "name": "Other"} | {
        "public": True,
        "administrative": False,
    }


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "  "},
        {"name": None},
        {"name": 3},
        {"name": "x", "leadAccountId": "nobody"},
        {"name": "x", "leadAccountId": "a b"},
        {"name": "x", "leadAccountId": "fred"},
        {"name": "x", "programId": 99},
        {"name": "x", "programId": 0},
        {"name": "x", "public": "perhaps"},
        [],
    ],
)
def test_wrong_bodies_are_400_with_messages(world: Any, body: Any) -> None:
    for method, path in (("POST", "teams"), ("PUT", "teams/3")):
        answer = world.cloud(method, "fred", path, body)
        assert answer.status == 400, answer.text
        assert answer.json["errors"]
        assert all(set(error) == {"message"} and error["message"] for error in answer.json["errors"])


def test_unknown_lead_is_worded_as_the_service_does(world: Any) -> None:
    answer = world.cloud("POST", "fred", "teams", {"name": "x", "leadAccountId": "nobody"})
    assert answer.json == {"errors": [{"message": "User is invalid"}]}


def test_delete_is_204_once_and_404_after(world: Any) -> None:
    path = f"teams/{create(world)['id']}"
    gone = world.cloud("DELETE", "fred", path)
    assert (gone.status, gone.body) == (204, b"")
    for method, body in (("GET", None), ("PUT", {"name": "x"}), ("DELETE", None)):
        assert world.cloud(method, "fred", path, body).status == 404


def test_team_in_use_is_kept_where_so_set(make_world: Any) -> None:
    world = make_world({"cloud.usedTeam": "400"})
    assert world.cloud("DELETE", "fred", "teams/3").status == 400
    assert world.cloud("DELETE", "fred", f"teams/{create(world)['id']}").status == 204


@pytest.mark.parametrize("path", ["teams/99", "teams/99/links", "teams/99/members", "teams/abc", "teams/0"])
def test_unknown_team_is_404(world: Any, path: str) -> None:
    answer = world.cloud("GET", "fred", path)
    assert answer.status == 404
    assert answer.json["errors"][0]["message"]


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("fred", [1, 3]),  # Team Administrator
        ("erica", [3]),  # leads 3
        ("bob", [3]),  # member of 3; his group in team 1 counts for nothing here
        ("greta", []),
    ],
)
def test_a_team_that_is_not_public_is_seen_by_its_people_only(world: Any, who: str, seen: list[int]) -> None:
    public = create(world)["id"]
    assert sorted(team["id"] for team in world.cloud("GET", who, "teams").json["results"]) == [*seen, public]
    for team_id in (1, 3, public):
        for path in ("", "/links", "/members"):
            expected = 200 if team_id in (*seen, public) else 404
            assert world.cloud("GET", who, f"teams/{team_id}{path}").status == expected


@pytest.mark.parametrize("access", ["TEAM", "GLOBAL"])
def test_whoever_holds_a_role_sees_the_team(world: Any, access: str) -> None:
    body = {"name": "Guests", "accessType": access, "permittedAccountIds": [GRETA]}
    body |= {"accessEntityIds": [3]} if access == "TEAM" else {}
    role = world.cloud("POST", "fred", "permission-roles", body).json
    assert world.cloud("GET", "greta", "teams/3").status == 200
    assert world.cloud("GET", "greta", "teams/1").status == (404 if access == "TEAM" else 200)
    world.cloud("DELETE", "fred", f"permission-roles/{role['id']}")
    assert world.cloud("GET", "greta", "teams/3").status == 404


def test_hidden_team_is_left_out_silently_and_said_beside_the_wire(world: Any) -> None:
    answer = world.cloud("GET", "greta", "teams", headers={"X-Tempo-Mock-Explain": "1"})
    assert answer.json == {
        "self": f"{BASE}/teams",
        "metadata": {"count": 0, "offset": 0, "limit": 50},
        "results": [],
    }
    assert "0 of 2 teams" in answer.headers["X-Tempo-Mock-Reason"]


@pytest.mark.parametrize(("who", "status"), [("fred", 200), ("erica", 200), ("bob", 403), ("greta", 404)])
def test_who_may_change_a_team(world: Any, who: str, status: int) -> None:
    assert world.cloud("PUT", who, "teams/3", {"name": "x"}).status == status


@pytest.mark.parametrize("who", ["erica", "bob", "greta"])
def test_only_team_administrators_add_and_remove(world: Any, who: str) -> None:
    assert world.cloud("POST", who, "teams", {"name": "x"}).status == 403
    assert world.cloud("DELETE", who, "teams/3").status == (404 if who == "greta" else 403)


def test_manage_team_lets_somebody_change_the_team(world: Any) -> None:
    body = {"name": "M", "accessType": "TEAM", "permissionKeys": ["permissions.team.manage"]}
    world.cloud("POST", "fred", "permission-roles", {**body, "permittedAccountIds": [BOB], "accessEntityIds": [3]})
    assert world.cloud("PUT", "bob", "teams/3", {"name": "Bob's"}).json["name"] == "Bob's"
    assert world.cloud("PUT", "bob", "teams/1", {"name": "x"}).status == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name=cloud", ["Cloud Development", "GreenCloud"]),
        ("name=%25", []),
        ("teamIds=3", ["Cloud Development"]),
        ("teamIds=3&teamIds=1&teamIds=99", ["Cloud Development", "GreenCloud"]),
        ("teamIds=99", []),
        (f"teamMembers={BOB}", ["Cloud Development"]),
        (f"teamMembers={BOB}&teamMembers={NADIA}", ["Cloud Development", "GreenCloud"]),
        (f"teamMembers={BOB},{NADIA}", []),
        (f"teamMembers={NADIA}&teamIds=3", []),
        ("lead=nobody&projectKey=X", ["Cloud Development", "GreenCloud"]),
    ],
)
def test_filters_of_the_list(world: Any, query: str, found: list[str]) -> None:
    assert names(world.cloud("GET", "fred", f"teams?{query}")) == found


@pytest.mark.parametrize("query", ["teamIds=x", "teamIds=99999999999", "includeMemberships=perhaps", "limit=0", "offset=-1"])
def test_wrong_queries_are_400(world: Any, query: str) -> None:
    assert world.cloud("GET", "fred", f"teams?{query}").status == 400


def test_pages_lead_to_each_other_and_keep_the_filters(world: Any) -> None:
    for number in range(3):
        create(world, name=f"Page {number}")
    first = world.cloud("GET", "fred", "teams?name=Page&limit=2").json
    assert [team["name"] for team in first["results"]] == ["Page 0", "Page 1"]
    assert first["metadata"] == {
        "count": 2,
        "offset": 0,
        "limit": 2,
        "next": f"{BASE}/teams?name=Page&offset=2&limit=2",
    }
    second = world.cloud("GET", "fred", first["metadata"]["next"].removeprefix(f"{BASE}/")).json
    assert [team["name"] for team in second["results"]] == ["Page 2"]
    assert second["metadata"] == {
        "count": 1,
        "offset": 2,
        "limit": 2,
        "previous": f"{BASE}/teams?name=Page&offset=0&limit=2",
    }


def test_include_memberships_brings_every_period(world: Any) -> None:
    team = world.cloud("GET", "fred", "teams?teamIds=1&includeMemberships=true").json["results"][0]
    assert team["members"]["self"] == f"{BASE}/teams/1/members"
    by_account = {member["accountId"]: member for member in team["members"]["teamMembers"]}
    assert {member["self"] for member in by_account.values()} == {user(account)["self"] for account in by_account}
    assert by_account[NADIA]["memberships"] == [
        {
            "id": 7,
            "commitment": 0.6,
            "startDate": "2012-01-01",
            "endDate": "2012-12-31",
            "role": {"self": f"{BASE}/roles/1", "id": 1, "name": "Member"},
        },
        {
            "id": 8,
            "commitment": 0.8,
            "startDate": "2013-06-01",
            "role": {"self": f"{BASE}/roles/4", "id": 4, "name": "Developer"},
        },
    ]
    assert "teamMembers" not in world.cloud("GET", "fred", "teams?teamIds=1").json["results"][0]["members"]


def test_links_name_project_and_board_with_the_whole_team(world: Any) -> None:
    page = world.cloud("GET", "fred", "teams/3/links").json
    team = world.cloud("GET", "fred", "teams/3").json
    assert page["metadata"] == {"count": 2, "offset": 0, "limit": 50}
    assert page["results"] == [
        {
            "self": f"{BASE}/team-links/2",
            "id": 2,
            "scope": {"self": "http://localhost/rest/api/2/project/10010", "id": 10010, "type": "PROJECT"},
            "team": team,
        },
        {
            "self": f"{BASE}/team-links/3",
            "id": 3,
            "scope": {"self": "http://localhost/rest/agile/1.0/board/84", "id": 84, "type": "BOARD"},
            "team": team,
        },
    ]
    assert [link["id"] for link in world.cloud("GET", "fred", "teams/3/links?offset=1").json["results"]] == [3]


def test_members_are_those_of_today(world: Any) -> None:
    page = world.cloud("GET", "fred", "teams/3/members").json
    assert page["results"] == [
        {
            "team": {"self": f"{BASE}/teams/3"},
            "member": user(BOB),
            "memberships": {
                "self": f"{BASE}/team-memberships/team/3",
                "active": {
                    "self": f"{BASE}/team-memberships/4",
                    "id": 4,
                    "commitmentPercent": 50,
                    "to": "2013-11-30",
                    "inclusiveTo": "2013-11-29",
                    "role": {"self": f"{BASE}/roles/4", "id": 4, "name": "Developer"},
                    "member": {"self": user(BOB)["self"]},
                    "team": {"self": f"{BASE}/teams/3"},
                },
            },
        }
    ]
    for day, expected in (("2013-11-29", 1), ("2013-11-30", 0), ("2013-12-01", 1)):
        world.set_clock(day)
        assert len(world.cloud("GET", "fred", "teams/3/members").json["results"]) == expected


def test_length_of_a_page_of_members_is_a_setting(make_world: Any) -> None:
    assert make_world().cloud("GET", "fred", "teams/1/members").json["metadata"]["limit"] == 50
    world = make_world({"cloud.teamMembersPage": "5000"})
    assert world.cloud("GET", "fred", "teams/1/members").json["metadata"]["limit"] == 5000
    assert world.cloud("GET", "fred", "teams/1/members?limit=1").json["metadata"]["count"] == 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "teams", None),
        ("POST", "teams", {"name": "x"}),
        ("GET", "teams/3", None),
        ("PUT", "teams/3", {"name": "x"}),
        ("DELETE", "teams/3", None),
        ("GET", "teams/3/links", None),
        ("GET", "teams/3/members", None),
    ],
)
def test_token_and_scope_come_first(world: Any, method: str, path: str, body: Any) -> None:
    assert world.cloud(method, None, path, body).status == 401
    assert world.cloud(method, "demo-token-that-expired-not-a-secret", path, body).status == 401
    assert world.cloud(method, "viewer", path.replace("3", "99"), body).status == 403


def test_addresses_follow_the_site_and_the_host(world: Any) -> None:
    world.post(None, "/_mock/sites", {"name": "other"})
    answer = world.call(
        "GET",
        None,
        "/sites/other/4/teams/3",
        headers={"Authorization": "Bearer demo-token-of-fred-not-a-secret", "Host": "mock.test:8090"},
    )
    assert answer.json["self"] == "http://mock.test:8090/sites/other/4/teams/3"
    assert answer.json["lead"]["self"] == f"http://mock.test:8090/sites/other/rest/api/2/user?accountId={ERICA}"
