"""Memberships: the periods of a member, their days in and out, their status, and the resources that read them."""

from collections.abc import Callable
from typing import Any

import pytest

MEMBERS = "2/team/3/member"
BOBS = "2/team/3/member/4/membership"
NADIAS = "2/team/1/member/7/membership"
FIELDS = {
    "id", "role", "dateFrom", "dateTo", "dateFromANSI", "dateToANSI", "availability", "teamMemberId", "teamId", "status",
}  # fmt: skip


def ids(answer: Any) -> list[int]:
    """Ids of the memberships in a list."""
    assert answer.status == 200, answer.text
    return [period["id"] for period in answer.json]


@pytest.mark.parametrize(
    "sent",
    [
        "2013-01-04",
        "04/Jan/2013",
        "4/Jan/2013",
        "04/jan/2013",
        "04/JAN/13",
        "04/01/2013",
        "4/1/2013",
        "04.01.2013",
        " 2013-01-04 ",
    ],
)
@pytest.mark.parametrize(
    ("picker", "shown"),
    [("dd/MMM/yy", "04/Jan/13"), ("yyyy-MM-dd", "2013-01-04"), ("dd.MM.yyyy", "04.01.2013"), ("dd/MM/yyyy", "04/01/2013")],
)
def test_day_is_read_in_every_form_and_written_in_the_sites(
    make_world: Callable[..., Any], sent: str, picker: str, shown: str
) -> None:
    world = make_world({"jira.datePicker": picker})
    period = world.put("fred", f"{BOBS}/4", {"dateFrom": sent, "dateTo": sent}).json
    assert (period["dateFrom"], period["dateTo"]) == (shown, shown)
    assert (period["dateFromANSI"], period["dateToANSI"]) == ("2013-01-04", "2013-01-04")


@pytest.mark.parametrize(
    ("sent", "ansi"),
    [("29/Feb/2012", "2012-02-29"), ("31/Dec/13", "2013-12-31"), ("01/Jan/33", "2033-01-01"), ("01/Jan/34", "1934-01-01"),
     ("01/Jan/00", "2000-01-01"), ("31/Dec/1999", "1999-12-31"), ("0001-01-01", "0001-01-01"), ("9999-12-31", "9999-12-31"),
     ("", ""), (None, "")],
)  # fmt: skip
def test_century_and_open_ends(world: Any, sent: str | None, ansi: str) -> None:
    period = world.put("fred", f"{BOBS}/4", {"dateFrom": sent, "dateTo": ""}).json
    assert (period["dateFromANSI"], period["dateToANSI"]) == (ansi, "")


@pytest.mark.parametrize(
    ("end", "on_last_day", "status"),
    [("", "on", "active"), ("2013-11-14", "on", "past"), ("2013-11-15", "on", "past"), ("2013-11-16", "on", "active"),
     ("", "off", "active"), ("2013-11-14", "off", "past"), ("2013-11-15", "off", "active"), ("2013-11-16", "off", "active")],
)  # fmt: skip
def test_period_is_past_when_its_end_is_over(make_world: Callable[..., Any], end: str, on_last_day: str, status: str) -> None:
    world = make_world({"members.pastOnLastDay": on_last_day})
    assert world.put("fred", f"{BOBS}/4", {"dateTo": end}).json["status"] == status
    item = world.get("fred", f"{MEMBERS}/4").json
    assert (item["membership"]["status"], item["showDeactivate"]) == (status, end == "")
    active = [item["id"] for item in world.get("fred", f"{MEMBERS}?onlyActive=true").json]
    assert (4 in active) == (status == "active")


def test_period_that_starts_later_is_active(world: Any) -> None:
    david = world.get("fred", f"{MEMBERS}/5").json
    assert (david["membership"]["dateFrom"], david["membership"]["status"], david["showDeactivate"]) == (
        "01/Dec/13",
        "active",
        True,
    )


@pytest.mark.parametrize(
    ("day", "shown"),
    [("2011-06-01", 7), ("2012-06-01", 7), ("2012-12-31", 7), ("2013-01-01", 8), ("2013-06-01", 8), ("2020-01-01", 8)],
)
def test_list_shows_the_current_period_else_the_next_else_the_last(
    make_world: Callable[..., Any], day: str, shown: int
) -> None:
    world = make_world(clock=day)
    assert world.get("fred", "2/team/1/member/7").json["membership"]["id"] == shown
    world.put("fred", f"{NADIAS}/8", {"dateTo": "2013-12-31"})
    assert world.get("fred", "2/team/1/member/7").json["membership"]["id"] == shown


@pytest.mark.parametrize("sent", [0, 100, "0", "100", 50, "050", 50.0])
def test_availability_is_taken_as_number_or_text_and_written_as_text(world: Any, sent: Any) -> None:
    period = world.put("fred", f"{BOBS}/4", {"availability": sent}).json
    assert period["availability"] == str(int(sent))


@pytest.mark.parametrize("role", [{"id": 3}, {"id": "3"}, {"id": 3, "name": "Not read", "default": True}])
def test_role_is_meant_by_id(world: Any, role: Any) -> None:
    period = world.post("fred", BOBS, {"role": role, "dateFrom": "2013-11-30"}).json
    assert period["role"] == {"id": 3, "name": "Scrum Master", "default": False}


def test_new_period_stands_beside_the_others(world: Any) -> None:
    # The day after the end of the first: neighbours do not overlap.
    body = {"teamMemberId": 77, "teamId": 1, "id": 4, "availability": "30", "role": {"id": 1}, "dateFrom": "30/Nov/2013"}
    added = world.post("fred", BOBS, body)
    assert (added.status, set(added.json)) == (200, FIELDS)
    assert (added.json["id"], added.json["teamMemberId"], added.json["teamId"]) == (32, 4, 3)
    assert ids(world.get("fred", "2/user/bob/memberships")) == [4, 32]
    assert world.get("fred", f"{MEMBERS}/4").json["membership"]["id"] == 4
    world.set_clock("2013-11-30")
    assert world.get("fred", f"{MEMBERS}/4").json["membership"] == added.json
    closed = world.put("fred", f"{MEMBERS}/4/deactivate").json
    assert (closed["id"], closed["dateTo"]) == (32, "30/Nov/13")
    assert world.get("fred", "2/user/bob/memberships").json[0]["dateTo"] == "29/Nov/13"


def test_update_changes_what_is_sent_of_one_period(world: Any) -> None:
    before = world.get("fred", "2/user/nadia/memberships").json
    changed = world.put("fred", f"{NADIAS}/7", {"availability": 10, "id": 8, "teamId": 3, "teamMemberId": 1})
    assert (changed.status, changed.json) == (200, {**before[0], "availability": "10"})
    changed = world.put("fred", f"{NADIAS}/7", {"dateTo": "2013-05-31", "role": {"id": 4}, "availability": None})
    assert (changed.json["dateToANSI"], changed.json["role"]["id"], changed.json["availability"]) == ("2013-05-31", 4, "10")
    assert world.put("fred", f"{NADIAS}/7", {"dateFrom": ""}).json["dateFrom"] == ""
    assert world.put("fred", f"{NADIAS}/7", {"role": {}}).json["role"]["id"] == 4
    assert world.get("fred", "2/user/nadia/memberships").json[1] == before[1]


def test_removed_period_is_gone_and_the_last_one_takes_the_member_along(world: Any) -> None:
    removed = world.delete("fred", f"{NADIAS}/8")
    assert (removed.status, removed.body) == (204, b"")
    assert world.delete("fred", f"{NADIAS}/8").status == 404
    assert world.get("fred", "2/team/1/member/7").json["membership"]["id"] == 7
    assert world.delete("fred", f"{NADIAS}/7").status == 204
    assert world.get("fred", "2/team/1/member/7").status == 404
    assert "nadia" not in [item["member"]["name"] for item in world.get("fred", "2/team/1/member").json]
    assert world.get("fred", "2/user/nadia/memberships").json == []


def test_group_has_no_periods(world: Any) -> None:
    answer = world.post("fred", f"{MEMBERS}/31/membership", {})
    assert answer.status == 400
    assert answer.fields == {}


@pytest.mark.parametrize("reference", ["nadia", "JIRAUSER10100"])
@pytest.mark.parametrize("resource", ["2/user/{}/memberships", "2/teammember/{}/memberships"])
def test_periods_of_a_person_are_found_by_name_and_key(world: Any, reference: str, resource: str) -> None:
    world.post("fred", MEMBERS, {"member": {"name": "nadia"}})
    periods = world.get("fred", resource.format(reference)).json
    assert [(period["id"], period["teamId"], period["teamMemberId"]) for period in periods] == [
        (7, 1, 7),
        (8, 1, 7),
        (32, 3, 32),
    ]
    for period in periods:
        assert set(period) - {"team"} == FIELDS
        if "teammember" in resource:
            assert period["team"] == {
                "id": period["teamId"],
                "name": {1: "GreenCloud", 3: "Cloud Development"}[period["teamId"]],
            }


@pytest.mark.parametrize(
    ("who", "expected"), [("fred", [2, 32]), ("laura", [2, 32]), ("john", [2]), ("erica", [32]), ("bob", [2]), ("greta", [])]
)
def test_periods_follow_browse_team_and_ones_own_are_seen(world: Any, who: str, expected: list[int]) -> None:
    world.post("fred", MEMBERS, {"member": {"name": "laura"}})
    assert ids(world.get(who, "2/user/laura/memberships")) == expected
    assert ids(world.get(who, "2/teammember/laura/memberships")) == expected
    # rita may browse no team; her own period she sees.
    assert ids(world.get("rita", "2/user/rita/memberships")) == [10]


@pytest.mark.parametrize(
    ("query", "expected"),
    [("", [7, 8]), ("?from=2013-01-01", [8]), ("?from=2012-12-31", [7, 8]), ("?to=2013-05-31", [7]), ("?to=2011-12-31", []),
     ("?from=2013-01-01&to=2013-05-31", []), ("?from=2012-06-01&to=2012-06-01", [7]), ("?from=&to=", [7, 8]),
     ("?from=2099-01-01", [8])],
)  # fmt: skip
def test_window_leaves_out_periods_that_do_not_touch_it(world: Any, query: str, expected: list[int]) -> None:
    assert ids(world.get("fred", f"2/teammember/nadia/memberships{query}")) == expected
    people = world.get("fred", f"2/teammember/team/1/members{query}").json["teamMembers"]
    found = [period["id"] for person in people if person["name"] == "nadia" for period in person["memberships"]]
    assert found == expected


def test_people_of_a_team_with_their_periods(world: Any) -> None:
    answer = world.get("fred", "2/teammember/team/1/members?from=2013-11-01&to=2013-11-30").json
    assert set(answer) == {"daySchedules", "teamMembers"}
    assert answer["daySchedules"] == {}
    assert [person["name"] for person in answer["teamMembers"]] == ["john", "laura", "nadia", "rita"]
    nadia = answer["teamMembers"][2]
    assert set(nadia) >= {"name", "key", "displayname", "jiraUser", "avatar", "memberships", "conflictingMemberships",
                          "holidaySchemeId", "workloadSchemeId"}  # fmt: skip
    assert (nadia["key"], nadia["jiraUser"], nadia["conflictingMemberships"]) == ("JIRAUSER10100", True, [])
    assert set(nadia["memberships"][0]) == FIELDS


def test_roles_are_listed_and_added_by_administrators(world: Any) -> None:
    present = [
        {"id": 1, "name": "Member", "default": True},
        {"id": 3, "name": "Scrum Master", "default": False},
        {"id": 4, "name": "Developer", "default": False},
    ]
    assert world.get("greta", "2/role").json == present
    made = world.post("fred", "2/role", {"name": "Tester"})
    assert (made.status, made.json["name"], made.json["default"]) == (200, "Tester", False)
    assert made.json["id"] not in (1, 3, 4)
    assert world.get("greta", "2/role").json == [*present, made.json]
    for who in ("erica", "greta"):
        refused = world.post(who, "2/role", {"name": "Chief"})
        assert (refused.status, refused.fields) == (403, {})
    period = world.put("fred", f"{BOBS}/4", {"role": {"id": made.json["id"]}}).json
    assert period["role"] == made.json
