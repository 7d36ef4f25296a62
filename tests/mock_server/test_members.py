"""Members of a team: lists of people and groups, adding, deactivating and removing them, in every version's words."""

from collections.abc import Callable
from typing import Any

import pytest

MEMBERS = "2/team/3/member"
USER_FIELDS = {"teamMemberId", "name", "key", "type", "avatar", "activeInJira", "displayname"}
GROUP_USERS_FROM = 1_000_000
"""Ids above this belong to people who are in a team through a group only."""


def names(answer: Any) -> list[str]:
    """Who is on a member list."""
    assert answer.status == 200, answer.text
    return [item["member"]["name"] for item in answer.json]


def added(world: Any, name: str, membership: Any = None, **member: Any) -> Any:
    """The item of a new member of team 3."""
    answer = world.post("fred", MEMBERS, {"member": {"name": name, **member}, "membership": membership})
    assert answer.status == 200, answer.text
    return answer.json


def test_list_holds_people_by_id_and_then_those_of_groups(world: Any) -> None:
    answer = world.get("fred", "2/team/1/member")
    assert names(answer) == ["john", "laura", "nadia", "olaf", "rita", "bob", "david"]
    assert [item["id"] for item in answer.json[:5]] == [1, 2, 7, 8, 9]
    assert [item["member"]["type"] for item in answer.json] == ["USER"] * 5 + ["GROUP_USER"] * 2
    for item in answer.json:
        assert item["id"] == item["member"]["teamMemberId"]


@pytest.mark.parametrize("query", ["", "?type=user", "?type=USER", "?type=User", "?type=", "?colour=red"])
def test_type_of_members_is_user_unless_said_otherwise(world: Any, query: str) -> None:
    assert names(world.get("fred", f"{MEMBERS}{query}")) == ["bob", "david"]


@pytest.mark.parametrize("kind", ["group", "GROUP", "Group"])
def test_groups_are_listed_without_membership(world: Any, kind: str) -> None:
    assert world.get("fred", f"{MEMBERS}?type={kind}").json == [
        {
            "id": 31,
            "member": {
                "teamMemberId": 31, "name": "cloud-dev-user", "type": "GROUP", "avatar": {}, "activeInJira": True,
                "displayname": "cloud-dev-user",
            },
            "showDeactivate": False,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "shows_past"),
    [
        ("", True),
        ("?onlyActive=false", True),
        ("?onlyActive=true", False),
        ("?onlyActive=TRUE", False),
        ("?activeOnly=true", True),
    ],
)
def test_past_members_are_left_out_only_on_request(world: Any, query: str, shows_past: bool) -> None:
    everybody = ["john", "laura", "nadia", "olaf", "rita", "bob", "david"]
    expected = everybody if shows_past else [name for name in everybody if name != "olaf"]
    assert names(world.get("fred", f"2/team/1/member{query}")) == expected
    assert names(world.get("fred", f"2/team/1/member?type=group&{query[1:]}")) == ["cloud-dev-user"]


def test_person_of_a_group_is_an_item_of_its_own_kind(world: Any) -> None:
    item = next(item for item in world.get("fred", "2/team/1/member").json if item["member"]["name"] == "bob")
    assert item["id"] > GROUP_USERS_FROM
    assert set(item) == {"id", "member", "groupForUser", "groupsForUser", "showDeactivate"}
    assert set(item["member"]) == USER_FIELDS
    assert (item["groupForUser"], item["groupsForUser"], item["showDeactivate"]) == (
        ["cloud-dev-user"],
        ["cloud-dev-user"],
        False,
    )
    assert world.get("fred", f"2/team/1/member/{item['id']}").json == item
    for method, path in (("PUT", "/deactivate"), ("DELETE", ""), ("POST", "/membership"), ("PUT", "")):
        answer = world.call(method, "fred", f"2/team/1/member/{item['id']}{path}", json={})
        assert answer.status == 400, (method, path)
        assert answer.fields == {}
    assert world.audit() == []
    assert world.get("fred", f"{MEMBERS}/{item['id']}").status == 404


def test_person_of_two_groups_is_listed_once_and_keeps_the_id(world: Any) -> None:
    before = {item["member"]["name"]: item["id"] for item in world.get("fred", "2/team/1/member").json}
    added_group = world.post("fred", "2/team/1/member", {"member": {"name": "jira-software-users", "type": "group"}})
    assert (added_group.status, added_group.json["id"]) == (200, 32)
    after = world.get("fred", "2/team/1/member").json
    assert len({item["member"]["name"] for item in after}) == len(after)
    bob = next(item for item in after if item["member"]["name"] == "bob")
    assert (bob["id"], sorted(bob["groupsForUser"])) == (before["bob"], ["cloud-dev-user", "jira-software-users"])
    # nadia is in the team by herself as well.
    assert next(item for item in after if item["member"]["name"] == "nadia")["member"]["type"] == "USER"
    assert next(item for item in after if item["member"]["name"] == "greta")["member"]["type"] == "GROUP_USER"


def test_person_comes_with_the_group_and_goes_with_it(world: Any) -> None:
    group = added(world, "hr", type="GROUP")
    assert set(group) == {"id", "member", "showDeactivate"}
    assert names(world.get("fred", MEMBERS)) == ["bob", "david", "laura", "nadia"]
    laura = added(world, "laura")
    assert (laura["member"]["type"], laura["id"]) == ("USER", group["id"] + 1)
    assert names(world.get("fred", MEMBERS)) == ["bob", "david", "laura", "nadia"]
    assert world.delete("fred", f"{MEMBERS}/{group['id']}").status == 204
    assert names(world.get("fred", MEMBERS)) == ["bob", "david", "laura"]


STYLES = {
    "2.0.6": ({"id", "memberBean", "membershipBean", "showDeactivate"}, set(), {"id", "name"}, set()),
    "2.0.7": ({"id", "member", "membership", "showDeactivate"}, set(), {"id", "name"}, set()),
    "2017": (
        {"id", "member", "membership", "memberBean", "membershipBean", "showDeactivate"},
        {"key", "message"}, {"id", "name", "default"}, {"dateFromANSI", "dateToANSI"},
    ),
    "current": (
        {"id", "member", "membership", "showDeactivate"}, {"key"}, {"id", "name", "default"}, {"dateFromANSI", "dateToANSI"},
    ),
}  # fmt: skip
"""Version -> fields of an item, later fields of a member, fields of a role, later fields of a membership."""


@pytest.mark.parametrize("version", STYLES)
def test_versions_word_members_differently(make_world: Callable[..., Any], version: str) -> None:
    world = make_world({"teams.version": version})
    item, member_more, role, membership_more = STYLES[version]
    guide_member = USER_FIELDS - {"key"}
    guide_membership = {"id", "role", "dateFrom", "dateTo", "availability", "teamMemberId", "teamId", "status"}
    bob = world.get("fred", MEMBERS).json[0]
    assert set(bob) == item
    for name in ("member", "memberBean"):
        assert name not in bob or set(bob[name]) == guide_member | member_more
    for name in ("membership", "membershipBean"):
        assert name not in bob or set(bob[name]) == guide_membership | membership_more
        assert name not in bob or set(bob[name]["role"]) == role
    if version == "2017":
        assert bob["member"] == bob["memberBean"]
        assert bob["membership"] == bob["membershipBean"]
        assert bob["member"]["message"] is None
    group = world.get("fred", f"{MEMBERS}?type=group").json[0]
    assert set(group) == {name for name in item if not name.startswith("membership")}
    group_user = world.get("fred", "2/team/1/member").json[-1]
    assert ("groupsForUser" in group_user) == (version in ("2017", "current"))


@pytest.mark.parametrize("version", STYLES)
@pytest.mark.parametrize("suffix", ["", "Bean"])
def test_either_name_is_read_in_every_version(make_world: Callable[..., Any], version: str, suffix: str) -> None:
    world = make_world({"teams.version": version})
    body = {
        f"member{suffix}": {"name": "erica", "type": "USER"},
        f"membership{suffix}": {"role": {"id": 3}, "availability": "40"},
    }
    answer = world.post("fred", MEMBERS, body)
    assert answer.status == 200, answer.text
    shown = world.get("fred", MEMBERS).json[-1]
    assert answer.json == shown
    membership = shown.get("membership") or shown["membershipBean"]
    assert (membership["availability"], membership["role"]["id"]) == ("40", 3)


@pytest.mark.parametrize(
    "member",
    [{"name": "nadia"}, {"key": "JIRAUSER10100"}, {"name": "JIRAUSER10100"}, {"key": "nadia"},
     {"name": "nadia", "type": "user"}, {"name": "nadia", "type": None},
     {"name": "nadia", "key": None, "type": "User"}, {"name": "", "key": "JIRAUSER10100"}],
)  # fmt: skip
def test_person_is_meant_by_name_or_key_in_either_field(world: Any, member: dict[str, Any]) -> None:
    answer = world.post("fred", MEMBERS, {"member": member})
    assert answer.status == 200
    assert (answer.json["member"]["name"], answer.json["member"]["key"]) == ("nadia", "JIRAUSER10100")
    assert answer.json == world.get("fred", f"{MEMBERS}/{answer.json['id']}").json
    assert answer.json == world.get("fred", MEMBERS).json[-1]


@pytest.mark.parametrize(
    "membership",
    [None, {}, {"role": {}}, {"role": None}, {"role": {"id": None}, "dateFrom": "", "dateTo": None, "availability": None},
     {"teamId": 1, "teamMemberId": 77, "id": 1, "status": "past", "dateFromANSI": "2013-01-01"}],
)  # fmt: skip
def test_sparse_membership_is_open_full_time_in_the_default_role(world: Any, membership: Any) -> None:
    item = added(world, "erica", membership)
    assert item["membership"] == {
        "id": 32, "role": {"id": 1, "name": "Member", "default": True}, "dateFrom": "", "dateTo": "", "dateFromANSI": "",
        "dateToANSI": "", "availability": "100", "teamMemberId": 32, "teamId": 3, "status": "active",
    }  # fmt: skip
    assert item["showDeactivate"] is True


def test_new_ids_go_on_from_the_last_ones_and_do_not_come_back(world: Any) -> None:
    first = added(world, "erica")
    group = added(world, "hr", type="GROUP")
    second = added(world, "john")
    assert [first["id"], group["id"], second["id"]] == [32, 33, 34]
    assert [first["membership"]["id"], second["membership"]["id"]] == [32, 33]
    world.delete("fred", f"{MEMBERS}/{second['id']}")
    assert world.post("fred", MEMBERS, {"member": {"name": "bob"}}).status == 400
    third = added(world, "john")
    assert (third["id"], third["membership"]["id"]) == (35, 34)


def test_deactivated_person_may_be_added_and_is_shown_as_such(world: Any) -> None:
    assert added(world, "olaf")["member"]["activeInJira"] is False


def test_markup_in_a_name_stays_as_it_is(world: Any) -> None:
    assert added(world, "rita")["member"]["displayname"] == 'Rita <b>Bold</b> & "Sons" <script>alert(1)</script>'


def test_inactive_and_group_members_are_duplicates_too(world: Any) -> None:
    world.put("fred", f"{MEMBERS}/4/deactivate")
    answer = world.post("fred", MEMBERS, {"member": {"name": "bob"}, "membership": {"dateFrom": "2014-06-01"}})
    assert answer.status == 400
    assert "member" in answer.fields


@pytest.mark.parametrize("path", ["1", "2147483647"])
def test_member_is_found_only_in_its_own_team(world: Any, path: str) -> None:
    assert world.get("fred", f"{MEMBERS}/{path}").status == 404
    assert world.get("fred", f"{MEMBERS}/4").json == world.get("fred", MEMBERS).json[0]


def test_deactivate_closes_today_and_a_second_time_changes_nothing(world: Any) -> None:
    closed = world.put("fred", f"{MEMBERS}/4/deactivate")
    assert closed.status == 200
    assert closed.json == {
        "id": 4, "role": {"id": 4, "name": "Developer", "default": False}, "dateFrom": "", "dateTo": "15/Nov/13",
        "dateFromANSI": "", "dateToANSI": "2013-11-15", "availability": "50", "teamMemberId": 4, "teamId": 3, "status": "past",
    }  # fmt: skip
    shown = world.get("fred", MEMBERS).json[0]
    assert (shown["membership"], shown["showDeactivate"]) == (closed.json, False)
    count = len(world.audit())
    world.set_clock("2013-12-24")
    assert world.put("fred", f"{MEMBERS}/4/deactivate").json == closed.json
    assert len(world.audit()) == count


def test_deactivate_before_the_first_day_closes_on_that_day(world: Any) -> None:
    closed = world.put("fred", f"{MEMBERS}/5/deactivate").json
    assert (closed["dateFrom"], closed["dateTo"], closed["status"]) == ("01/Dec/13", "01/Dec/13", "active")


def test_deactivate_of_a_group_is_400(world: Any) -> None:
    answer = world.put("fred", f"{MEMBERS}/31/deactivate")
    assert answer.status == 400
    assert answer.fields == {}


def test_deactivate_may_answer_the_whole_item(make_world: Callable[..., Any]) -> None:
    world = make_world({"members.deactivateAnswer": "item"})
    answer = world.put("fred", f"{MEMBERS}/4/deactivate").json
    assert answer == world.get("fred", f"{MEMBERS}/4").json
    assert (answer["member"]["name"], answer["membership"]["status"], answer["showDeactivate"]) == ("bob", "past", False)


@pytest.mark.parametrize(
    ("zone", "day"), [("UTC", "15/Nov/13"), ("Pacific/Kiritimati", "16/Nov/13"), ("America/Los_Angeles", "15/Nov/13")]
)
def test_today_is_the_day_in_the_sites_zone(make_world: Callable[..., Any], zone: str, day: str) -> None:
    world = make_world({"jira.timeZone": zone}, clock="2013-11-15T12:00Z")
    assert world.put("fred", f"{MEMBERS}/4/deactivate").json["dateTo"] == day


def test_update_changes_the_period_that_the_list_shows(world: Any) -> None:
    whole = world.get("fred", f"{MEMBERS}/4").json
    whole["membership"] |= {"availability": 75, "role": {"id": 3}, "dateFrom": "2013-01-01", "dateTo": ""}
    answer = world.put("fred", f"{MEMBERS}/4", whole)
    assert answer.status == 200
    membership = answer.json["membership"]
    assert (membership["availability"], membership["role"]["name"], membership["dateFrom"]) == (
        "75",
        "Scrum Master",
        "01/Jan/13",
    )
    assert (membership["id"], answer.json["showDeactivate"]) == (4, True)
    assert world.get("fred", f"{MEMBERS}/4").json == answer.json
    only = world.put("fred", f"{MEMBERS}/4", {"membership": {"availability": "20"}}).json["membership"]
    assert only == {**membership, "availability": "20"}


def test_update_of_a_group_is_400(world: Any) -> None:
    assert world.put("fred", f"{MEMBERS}/31", {"membership": {"availability": "20"}}).status == 400


def test_removed_member_is_gone_and_can_come_back(world: Any) -> None:
    for member_id in (4, 31):
        removed = world.delete("fred", f"{MEMBERS}/{member_id}")
        assert (removed.status, removed.body) == (204, b"")
        assert world.delete("fred", f"{MEMBERS}/{member_id}").status == 404
        assert world.get("fred", f"{MEMBERS}/{member_id}").status == 404
    assert names(world.get("fred", MEMBERS)) == ["david"]
    assert names(world.get("fred", f"{MEMBERS}?type=group")) == []
    assert [period["teamId"] for period in world.get("fred", "2/user/bob/memberships").json] == []
    assert added(world, "bob")["id"] == 32


@pytest.mark.parametrize("who", ["erica", "laura", "bob", "greta"])
def test_only_team_administrators_write_members(world: Any, who: str) -> None:
    calls = (
        ("POST", MEMBERS), ("PUT", f"{MEMBERS}/4"), ("PUT", f"{MEMBERS}/4/deactivate"), ("DELETE", f"{MEMBERS}/4"),
        ("POST", f"{MEMBERS}/4/membership"), ("PUT", f"{MEMBERS}/4/membership/4"), ("DELETE", f"{MEMBERS}/4/membership/4"),
    )  # fmt: skip
    for method, path in calls:
        answer = world.call(method, who, path, json={"member": {"name": "greta"}})
        assert answer.status == 403, (method, path)
        assert answer.fields == {}
    assert world.audit() == []


def test_members_of_several_teams_come_in_one_list(world: Any) -> None:
    flat = world.post("fred", "2/team/members", {"ids": [3, "1"]})
    assert names(flat) == ["bob", "david", "john", "laura", "nadia", "olaf", "rita", "bob", "david"]
    assert flat.json[:2] == world.get("fred", MEMBERS).json
    assert flat.json[2:] == world.get("fred", "2/team/1/member").json
    assert [item["membership"]["teamId"] for item in flat.json if "membership" in item] == [3, 3, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("who", "body", "expected"),
    [
        ("fred", {"ids": []}, []),
        ("fred", {"ids": [77]}, []),
        ("fred", {"ids": [3, 3, "3"]}, ["bob", "david"]),
        ("fred", {"ids": [1], "onlyActive": True}, ["john", "laura", "nadia", "rita", "bob", "david"]),
        ("fred", {"ids": [3], "onlyActive": None}, ["bob", "david"]),
        ("erica", {"ids": [1, 3]}, ["bob", "david"]),
        ("bob", {"ids": [3]}, []),
        ("greta", {"ids": [1, 3]}, []),
    ],
)
def test_members_of_several_teams_follow_browse_team(world: Any, who: str, body: dict[str, Any], expected: list[str]) -> None:
    assert names(world.post(who, "2/team/members", body)) == expected
