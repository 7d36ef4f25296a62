"""Teams in three versions of the resource: who sees which, in what order, in which words, and what writes do."""

from collections.abc import Callable
from typing import Any

import pytest

BROWSE = "2/permission/team/{}/tempo.teams.browse.team"
PERSON_FIELDS = {"name", "key", "avatar", "jiraUser", "displayname", "displayName", "active"}
BROWSABLE = {
    "fred": [3, 1],  # administers teams
    "erica": [3],  # leads 3
    "john": [1],  # leads 1
    "laura": [3],  # holds Browse Team on 3 by name; is a member of 1
    "nadia": [1],  # holds Browse Team on 1 by name
    "bob": [1],  # holds Browse Team on 1 through a group; is a member of 3
    "david": [1],
    "rita": [],  # is a member of 1 and holds nothing
    "greta": [],
}


@pytest.mark.parametrize(("who", "ids"), BROWSABLE.items())
def test_caller_sees_the_teams_that_may_be_browsed(world: Any, who: str, ids: list[int]) -> None:
    assert [team["id"] for team in world.get(who, "1/team").json] == ids
    assert [team["id"] for team in world.get(who, "2/team").json] == ids
    assert [team["id"] for team in world.post(who, "3/search", {"teamSearchString": ""}).json] == ids
    for team_id in (1, 3):
        status = 200 if team_id in ids else 403
        for path in (
            "1/team/{}",
            "2/team/{}",
            "2/team/{}/member",
            "2/team/{}/member?type=group",
            "2/teammember/team/{}/members",
        ):
            answer = world.get(who, path.format(team_id))
            assert answer.status == status, path
            if status == 403:
                assert answer.fields == {}


def test_unbrowsable_team_can_be_hidden_instead(make_world: Callable[..., Any]) -> None:
    world = make_world({"teams.unbrowsable": "404"})
    hidden, unknown = world.get("greta", "2/team/3"), world.get("greta", "2/team/77")
    assert (hidden.status, unknown.status) == (404, 404)
    assert hidden.json == {"errorMessages": [unknown.json["errorMessages"][0].replace("77", "3")], "errors": {}}
    # Who may browse and not write is told so.
    assert world.delete("erica", "2/team/3").status == 403


@pytest.mark.parametrize(("who", "ids"), [("rita", [1]), ("bob", [3, 1]), ("laura", [3, 1]), ("greta", [])])
def test_members_may_browse_when_the_setting_says_so(make_world: Callable[..., Any], who: str, ids: list[int]) -> None:
    world = make_world({"teams.membersBrowse": "on"})
    assert [team["id"] for team in world.get(who, "2/team").json] == ids
    assert world.get(who, "2/team/1").status == (200 if 1 in ids else 403)


def test_member_through_a_group_may_browse_when_the_setting_says_so(make_world: Callable[..., Any]) -> None:
    world = make_world({"teams.membersBrowse": "on"})
    assert world.post("fred", "2/team/3/member", {"member": {"name": "hr", "type": "GROUP"}}).status == 200
    assert [team["id"] for team in world.get("nadia", "2/team").json] == [3, 1]


def test_three_versions_word_a_team_differently(world: Any) -> None:
    world.put("fred", "2/team/1", {"lead": "nadia"})
    first = {"id": 1, "name": "GreenCloud", "summary": "The Whole Company", "lead": "nadia"}
    assert world.get("fred", "1/team/1").json == first
    assert world.get("fred", "1/team").json[1] == first
    second = {**first, "lead": "JIRAUSER10100", "mission": "", "isPublic": False}
    assert world.get("fred", "2/team/1").json == second
    assert world.get("fred", "2/team").json[1] == second
    third = world.post("fred", "3/search", {"teamSearchString": "greencloud"}).json
    lead = third[0].pop("lead")
    assert third == [{"id": 1, "name": "GreenCloud", "summary": "The Whole Company", "isPublic": False}]
    assert (lead["name"], lead["key"], lead["displayName"], lead["active"]) == ("nadia", "JIRAUSER10100", "Nadia Okafor", True)
    assert lead["avatar"]["48x48"] == "/jira/secure/useravatar?avatarId=10124"


@pytest.mark.parametrize(
    "query",
    ["expand=leaduser", "expand=leaduser,teamprogram", "expand=teamprogram,leaduser", "expand=teamprogram&expand=leaduser",
     "expand=leaduser&expand=teamprogram", "expand=program,lead.user&expand=leaduser", "expand=leaduser&expand=false"],
)  # fmt: skip
def test_lead_is_expanded_in_every_form(world: Any, query: str) -> None:
    for team in (world.get("fred", f"2/team?{query}").json[0], world.get("fred", f"2/team/3?{query}").json):
        assert team["lead"] == "erica"
        assert set(team["leadUser"]) == PERSON_FIELDS
        assert (team["leadUser"]["displayname"], team["leadUser"]["displayName"]) == ("Erica Jefferson", "Erica Jefferson")
        assert set(team["leadUser"]["avatar"]) == {"16x16", "24x24", "32x32", "48x48"}
        assert "teamProgram" not in team


@pytest.mark.parametrize("query", ["", "?expand=", "?expand=false", "?expand=program,lead.user", "?colour=red&colour"])
def test_lead_is_not_expanded_otherwise(world: Any, query: str) -> None:
    for team in (*world.get("fred", f"2/team{query}").json, world.get("fred", f"2/team/3{query}").json):
        assert set(team) == {"id", "name", "summary", "lead", "mission", "isPublic"}


def test_version_one_knows_no_expand(world: Any) -> None:
    assert set(world.get("fred", "1/team/3?expand=leaduser").json) == {"id", "name", "summary", "lead"}


def test_lists_are_ordered_by_name_then_id_and_names_may_repeat(world: Any) -> None:
    for name in ("GreenCloud", "Azure", "azure", "Cloud Development", "Égalité"):
        assert world.post("fred", "2/team", {"name": name}).status == 200
    for path in ("1/team", "2/team"):
        assert [(team["name"], team["id"]) for team in world.get("fred", path).json] == [
            ("Azure", 9), ("Cloud Development", 3), ("Cloud Development", 11), ("GreenCloud", 1), ("GreenCloud", 8),
            ("azure", 10), ("Égalité", 12),
        ]  # fmt: skip


def test_name_only_makes_a_team_with_the_next_id(world: Any) -> None:
    made = world.post("fred", "2/team", {"name": "Bare"})
    assert made.status == 200
    assert made.json == {"id": 8, "name": "Bare", "mission": "", "isPublic": False}
    assert world.post("fred", "1/team", {"name": "Bare too"}).json == {"id": 9, "name": "Bare too"}
    assert world.get("fred", "2/team/8").json == made.json
    assert world.get("fred", "2/team/8/member").json == []
    assert world.get("fred", BROWSE.format(8)).json["users"] == []


@pytest.mark.parametrize("lead", ["nadia", "JIRAUSER10100"])
def test_lead_is_taken_by_name_and_by_key_in_both_versions(world: Any, lead: str) -> None:
    assert world.post("fred", "1/team", {"name": "A", "lead": lead}).json["lead"] == "nadia"
    assert world.post("fred", "2/team", {"name": "B", "lead": lead}).json["lead"] == "JIRAUSER10100"
    assert [team["id"] for team in world.get("nadia", "2/team").json] == [8, 9, 1]


def test_body_in_the_words_of_another_version_is_read(world: Any) -> None:
    echoed = {"id": 77, "mission": "m", "isPublic": True, "leadUser": {"key": "bob"}, "colour": "red"}
    body = {"name": "Echo", "summary": "s", "lead": "john", **echoed}
    made = world.post("fred", "2/team", body).json
    # mission and isPublic are read-only by default, and so is the id.
    assert made == {"id": 8, "name": "Echo", "summary": "s", "lead": "john", "mission": "", "isPublic": False}


def test_read_only_fields_can_be_stored(make_world: Callable[..., Any]) -> None:
    world = make_world({"teams.readOnlyFields": "stored"})
    made = world.post("fred", "2/team", {"name": "Echo", "mission": "m", "isPublic": True}).json
    assert (made["mission"], made["isPublic"]) == ("m", True)
    kept = world.put("fred", "2/team/8", {"summary": "s"}).json
    assert (kept["mission"], kept["isPublic"]) == ("m", True)
    changed = world.put("fred", "2/team/8", {"mission": None, "isPublic": False}).json
    assert (changed["mission"], changed["isPublic"]) == ("", False)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"name": "Cloudy"}, {"name": "Cloudy"}),
        ({"summary": ""}, {"summary": ""}),
        ({"lead": "JIRAUSER10100"}, {"lead": "JIRAUSER10100"}),
        ({}, {}),
        ({"id": 3, "name": "All", "summary": "of it", "lead": "bob"}, {"name": "All", "summary": "of it", "lead": "bob"}),
        ({"id": 1, "name": "Kept"}, {"name": "Kept"}),
        ({"name": " GreenCloud "}, {"name": " GreenCloud "}),
    ],
)
def test_update_changes_what_is_sent_and_leaves_the_rest(world: Any, change: dict[str, Any], expected: dict[str, Any]) -> None:
    before = world.get("fred", "2/team/3").json
    answer = world.put("fred", "2/team/3", change)
    assert (answer.status, answer.json) == (200, {**before, **expected})
    assert world.get("fred", "2/team/3").json == answer.json
    assert world.get("fred", "2/team/1").json["name"] == "GreenCloud"


@pytest.mark.parametrize("nothing", [None, ""])
def test_lead_can_be_taken_away(world: Any, nothing: str | None) -> None:
    assert "lead" not in world.put("fred", "2/team/3", {"lead": nothing}).json
    assert "lead" not in world.get("fred", "1/team/3").json
    assert "leadUser" not in world.get("fred", "2/team/3?expand=leaduser").json
    assert "lead" not in world.post("fred", "3/search", {"teamSearchString": "cloud dev"}).json[0]
    assert world.get("erica", "2/team/3").status == 403


def test_new_lead_may_browse_and_the_old_one_may_not(world: Any) -> None:
    world.put("fred", "2/team/3", {"lead": "greta"})
    assert [team["id"] for team in world.get("greta", "2/team").json] == [3]
    assert world.get("erica", "2/team").json == []


@pytest.mark.parametrize(
    ("who", "create", "change", "remove"),
    [
        ("fred", 200, 200, 204),
        ("erica", 403, 200, 403),
        ("laura", 403, 403, 403),
        ("bob", 403, 403, 403),
        ("greta", 403, 403, 403),
    ],
)
def test_who_may_write_teams(world: Any, who: str, create: int, change: int, remove: int) -> None:
    for path in ("1/team", "2/team"):
        assert world.post(who, path, {"name": "New"}).status == create
    assert world.put(who, "2/team/3", {"summary": "changed"}).status == change
    assert world.delete(who, "2/team/3").status == remove
    assert len(world.audit()) == 0 or who in {event["who"] for event in world.audit()}


def test_lead_may_be_kept_from_changing_the_team(make_world: Callable[..., Any]) -> None:
    world = make_world({"teams.leadManages": "off"})
    assert world.put("erica", "2/team/3", {"summary": "changed"}).status == 403
    assert world.put("fred", "2/team/3", {"summary": "changed"}).status == 200


def test_refusal_names_the_permission_of_the_version(make_world: Callable[..., Any]) -> None:
    for version, name in (("current", "Tempo Team Administrators"), ("2.0.6", "Tempo Team Manager")):
        answer = make_world({"teams.version": version}).post("erica", "2/team", {"name": "New"})
        assert answer.status == 403
        assert name in answer.json["errorMessages"][0]


def test_deleted_team_is_gone_with_everything_in_it(world: Any) -> None:
    removed = world.delete("fred", "2/team/3")
    assert (removed.status, removed.body) == (204, b"")
    assert [team["id"] for team in world.get("fred", "2/team").json] == [1]
    for method, path in (
        ("GET", "1/team/3"), ("GET", "2/team/3"), ("PUT", "2/team/3"), ("DELETE", "2/team/3"), ("GET", "2/team/3/member"),
        ("GET", "2/team/3/member/4"), ("GET", BROWSE.format(3)),
    ):  # fmt: skip
        assert world.call(method, "fred", path, json={}).status == 404, (method, path)
    assert world.get("bob", "2/user/bob/memberships").json == []
    assert world.post("fred", "2/team/members", {"ids": [3]}).json == []


def test_ids_of_removed_teams_do_not_come_back(world: Any) -> None:
    made = world.post("fred", "2/team", {"name": "Short-lived"}).json["id"]
    world.delete("fred", f"2/team/{made}")
    assert world.post("fred", "2/team", {"name": "Next"}).json["id"] == made + 1


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("plat", []),
        ("cloud", [3, 1]),
        ("CLOUD", [3, 1]),
        ("green", [1]),
        ("d D", [3]),
        ("", [3, 1]),
        ("%", []),
        ("_", []),
        ("\\", []),
    ],
)
def test_search_finds_a_part_of_the_name_in_any_case(world: Any, text: str, ids: list[int]) -> None:
    assert [team["id"] for team in world.post("fred", "3/search", {"teamSearchString": text}).json] == ids


def test_search_finds_only_teams_that_may_be_browsed(world: Any) -> None:
    assert [team["id"] for team in world.post("bob", "3/search", {"teamSearchString": "cloud"}).json] == [1]
    assert world.post("greta", "3/search", {}).json == []


@pytest.mark.parametrize(
    "name", ["ÉCOLE", "Straße", "漢字", 'a"b\\c</script>', "x" * 255, "tab\there", "🚀 rocket", "'; DROP TABLE teams; --"]
)
def test_name_comes_back_as_it_was_sent(world: Any, name: str) -> None:
    made = world.post("fred", "2/team", {"name": name, "summary": name}).json
    assert (made["name"], made["summary"]) == (name, name)
    assert world.get("fred", f"1/team/{made['id']}").json["name"] == name
    assert [team["id"] for team in world.post("fred", "3/search", {"teamSearchString": name}).json] == [made["id"]]


def test_no_cloud_words_leak_into_answers(world: Any) -> None:
    world.post("fred", "2/team/3/member", {"member": {"name": "erica"}})
    for path in ("1/team", "2/team?expand=leaduser", "2/team/3/member", "2/team/3/member?type=group", "2/role",
                 "2/user/bob/memberships", "2/teammember/team/3/members"):  # fmt: skip
        text = world.get("fred", path).text
        for word in ("accountId", "commitmentPercent", '"results"', '"metadata"', '"self"', "leadAccountId"):
            assert word not in text, (path, word)


def test_every_write_is_recorded_with_who_made_it(world: Any) -> None:
    world.put("erica", "2/team/3", {"summary": "by the lead"})
    world.post("fred", "2/team", {"name": "New"})
    assert [(e["who"], e["verb"], e["row_id"]) for e in world.audit() if e["noun"] == "teams"] == [
        ("erica", "update", "3"),
        ("fred", "insert", "8"),
    ]
