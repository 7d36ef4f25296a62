"""The people of a team without a browser: periods, statuses, Data Center's groups, and both APIs follow at once and back."""

from typing import Any

import pytest

from .page_visitor import Document, Visitor

NEW = "/teams/3/members/new"
COPIED = "email, active, time_zone, locale, avatar_id"
COLUMNS = f"name, key, account_id, display_name, {COPIED}"
FORM = {"role": "1", "availability": "100", "from": "", "to": ""}


@pytest.fixture
def erica(world: Any) -> Visitor:
    """The lead of team 3, Cloud Development."""
    found = Visitor(world)
    found.sign_in("erica")
    return found


def account(world: Any, name: str) -> str:
    found: str = world.site.store.value("SELECT account_id FROM people WHERE name = ?", (name,))
    return found


def periods(world: Any, team_id: int = 3) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.cloud("GET", "fred", f"team-memberships/team/{team_id}").json["results"]
    return found


def text_of(visitor: Visitor, path: str) -> str:
    return Document(visitor.get(path).text).text


def add(world: Any, visitor: Visitor, who: str, **form: str) -> Any:
    visitor.get(NEW)
    return visitor.post(NEW, FORM | {"person": account(world, who)} | form)


def test_periods_are_told_with_their_status_of_today(world: Any, erica: Visitor) -> None:
    text = text_of(erica, "/teams/3")
    assert "50% Open 2013-11-29 Current" in text
    assert "100% 2013-12-01 Open Upcoming" in text
    world.set_clock("2013-11-29")
    assert "2013-11-29 Current" in text_of(erica, "/teams/3"), "the last day is one of it"
    world.set_clock("2013-12-01")
    text = text_of(erica, "/teams/3")
    assert "2013-11-29 Previous" in text
    assert "2013-12-01 Open Current" in text


def test_the_day_is_that_of_the_time_zone_as_in_the_api(make_world: Any) -> None:
    world = make_world({"jira.timeZone": "Pacific/Auckland"}, clock="2013-11-30T12:00Z")
    visitor = Visitor(world)
    visitor.sign_in("erica")
    assert "2013-12-01 Open Current" in text_of(visitor, "/teams/3")
    assert [m["member"]["accountId"] for m in world.cloud("GET", "erica", "teams/3/members").json["results"]] == [
        account(world, "david")
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Bob Johnson", "David Carsen", "Greta Lind"]),
        ("status=current", ["Bob Johnson"]),
        ("status=upcoming", ["David Carsen"]),
        ("status=previous", []),
        ("status=group", ["Greta Lind"]),
        ("status=nonsense", ["Bob Johnson", "David Carsen", "Greta Lind"]),
        ("search=bob", ["Bob Johnson"]),
        ("search=CARSEN&status=upcoming", ["David Carsen"]),
        ("search=bob&status=upcoming", []),
        ("search=%25", []),
    ],
)
def test_members_are_filtered_by_status_and_name(world: Any, erica: Visitor, query: str, found: list[str]) -> None:
    world.site.store.run("DELETE FROM group_members WHERE group_id = (SELECT group_id FROM members WHERE id = 31)")
    world.site.store.run("INSERT INTO group_members (group_id, person_id) SELECT group_id, 7 FROM members WHERE id = 31")
    text = text_of(erica, f"/teams/3?{query}")
    assert [name for name in ("Bob Johnson", "David Carsen", "Greta Lind") if name in text] == found


def test_groups_of_data_center_and_who_comes_with_them_are_told_as_what_they_are(world: Any, erica: Visitor) -> None:
    text = text_of(erica, "/teams/3")
    assert "Groupscloud-dev-user (Data Center" in text
    listed = [line["member"] for line in world.get("fred", "2/team/1/member").json]
    through = [member["displayname"] for member in listed if member["type"] == "GROUP_USER"]
    fred = Visitor(world)
    fred.sign_in("fred")
    text = text_of(fred, "/teams/1")
    assert through
    for name in through:
        assert f"{name} Through the group cloud-dev-user Group" in text
    assert text.count("Through the group") == len(through)


def test_a_person_is_searched_for_and_chosen(world: Any, erica: Visitor) -> None:
    page = erica.get(f"{NEW}?search=gre")
    address = f"/settings{NEW}?person={account(world, 'greta')}"
    assert [a for a in Document(page.text).values("a", "href") if "person=" in a] == [address]
    assert "Add Greta Lind" in erica.get(address.removeprefix("/settings")).text
    assert "Nobody active is found" in erica.get(f"{NEW}?search=olaf").text
    assert erica.get(f"{NEW}?person=nobody").status_code == 404
    assert erica.post(NEW, FORM | {"person": "nobody"}).status_code == 404


def test_a_member_is_added_and_both_apis_have_them(world: Any, erica: Visitor) -> None:
    form = {"role": "4", "availability": "40", "from": "2013-11-01", "to": "2013-12-31"}
    assert add(world, erica, "greta", **form).location == "/settings/teams/3"
    assert "Greta Lind is added to Cloud Development." in text_of(erica, "/teams/3")
    added = periods(world)[-1]
    assert (added["member"]["accountId"], added["commitmentPercent"]) == (account(world, "greta"), 40)
    assert (added["role"]["id"], added["from"], added["inclusiveTo"]) == (4, "2013-11-01", "2013-12-31")
    legacy = {line["member"]["name"]: line for line in world.get("erica", "2/team/3/member").json}
    assert legacy["greta"]["membership"]["availability"] == "40"
    assert account(world, "greta") in world.cloud("GET", "erica", "teams/3/members").text
    assert names_in_audit(world) == {"add_member"}


def names_in_audit(world: Any) -> set[str]:
    return {event["call"] for event in world.audit() if event["noun"] in ("members", "memberships")}


def test_who_is_added_may_plan_on_the_internal_issue_of_the_team(world: Any, erica: Visitor) -> None:
    """HR-2 is assigned to team 3 alone."""
    days = {"startDate": "2013-11-18", "endDate": "2013-11-18", "plannedSecondsPerDay": 3600}
    entry = {"assigneeId": account(world, "greta"), "assigneeType": "USER", "planItemId": "10241", "planItemType": "ISSUE"}
    refused = world.cloud("POST", "greta", "plans", entry | days)
    assert (refused.status, "not assigned to a team of this user" in refused.text) == (400, True)
    add(world, erica, "greta", **{"from": "2013-11-18"})
    assert world.cloud("POST", "greta", "plans", entry | days).status == 200
    assert "Cloud Development" in world.cloud("GET", "greta", "teams").text


def test_what_the_apis_change_is_on_the_page(world: Any, erica: Visitor) -> None:
    given = {"accountId": account(world, "greta"), "teamId": 3, "commitmentPercent": 20, "from": "2013-11-01"}
    made = world.cloud("POST", "fred", "team-memberships", given).json
    assert "20% 2013-11-01 Open Current" in text_of(erica, "/teams/3")
    world.cloud("DELETE", "fred", f"team-memberships/{made['id']}")
    assert "20% 2013-11-01" not in text_of(erica, "/teams/3")
    body = {"member": {"name": "greta", "type": "USER"}, "membership": {"availability": "30", "dateFrom": "2013-11-02"}}
    legacy = world.post("fred", "2/team/3/member", body)
    assert legacy.status == 200, legacy.text
    assert "30% 2013-11-02 Open Current" in text_of(erica, "/teams/3")


def test_a_period_is_changed(world: Any, erica: Visitor) -> None:
    page = Document(erica.get("/teams/3/memberships/4").text)
    assert {"50", "", "2013-11-29"} <= set(page.values("input", "value"))
    given = {"role": "3", "availability": "0", "from": "2013-01-01", "to": "2013-11-14"}
    assert erica.post("/teams/3/memberships/4", given).status_code == 303
    changed = next(period for period in periods(world) if period["id"] == 4)
    assert (changed["commitmentPercent"], changed["role"]["id"], changed["inclusiveTo"]) == (0, 3, "2013-11-14")
    assert "Scrum Master 0% 2013-01-01 2013-11-14 Previous" in text_of(erica, "/teams/3")


def test_who_was_in_a_team_is_added_again_without_losing_what_was(world: Any) -> None:
    john = Visitor(world)
    john.sign_in("john")
    assert "Add again Olaf Grund" in text_of(john, "/teams/1")
    answer = john.post("/teams/1/members/new", FORM | {"person": account(world, "olaf"), "from": "2013-11-01"})
    assert answer.status_code == 303
    mine = [p for p in periods(world, 1) if p["member"]["accountId"] == account(world, "olaf")]
    assert [(p.get("from"), p.get("inclusiveTo")) for p in mine] == [("2012-01-01", "2013-03-31"), ("2013-11-01", None)]


def test_a_period_is_removed_and_the_person_with_the_last_one(world: Any) -> None:
    john = Visitor(world)
    john.sign_in("john")
    nadia = account(world, "nadia")
    assert "the others stay" in text_of(john, "/teams/1/memberships/7/remove")
    assert len(periods(world, 1)) == 6, "asking removes nothing"
    assert john.post("/teams/1/memberships/7/remove").location == "/settings/teams/1"
    assert nadia in str(periods(world, 1))
    assert "as if they had never been in it" in text_of(john, "/teams/1/memberships/8/remove")
    john.post("/teams/1/memberships/8/remove")
    assert nadia not in str(periods(world, 1))
    assert "nadia" not in {line["member"]["name"] for line in world.get("john", "2/team/1/member").json if "membership" in line}


def test_a_period_is_that_of_its_own_team_only(world: Any, erica: Visitor) -> None:
    for path in ("1", "1/remove", "999", "999/remove"):
        assert erica.get(f"/teams/3/memberships/{path}").status_code == 404
        assert erica.post(f"/teams/3/memberships/{path}", FORM).status_code == 404
    assert world.audit() == []


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"from": "2013-12-02", "to": "2013-12-01"}, "The period ends before it begins."),
        ({"from": "31.12.2013"}, "Choose a day of the calendar"),
        ({"to": "2013-02-30"}, "Choose a day of the calendar"),
        ({"to": "20131201"}, "Choose a day of the calendar"),
        ({"availability": "101"}, "from 0 to 100"),
        ({"availability": "-1"}, "from 0 to 100"),
        ({"availability": "9" * 400}, "from 0 to 100"),
        ({"availability": "²"}, "from 0 to 100"),
        ({"availability": ""}, "from 0 to 100"),
        ({"role": "999"}, "There is no role with the id 999."),
        ({"role": "x"}, "Choose a role of the list."),
        ({"person": "david"}, "overlap another period"),
    ],
)
def test_what_is_wrong_is_said_keeps_what_was_typed_and_changes_nothing(
    world: Any, erica: Visitor, form: dict[str, str], said: str
) -> None:
    typed = {name: text for name, text in form.items() if name not in ("role", "person")}
    answer = add(world, erica, form.get("person", "greta"), **{name: form[name] for name in form if name != "person"})
    assert (answer.status_code, said in answer.text) == (400, True), answer.text
    page = Document(answer.text)
    assert set(typed.values()) <= set(page.values("input", "value"))
    assert any(a.get("aria-invalid") == "true" for _, a in page.elements)
    assert world.audit() == []


def test_everything_that_is_wrong_is_said_at_once(world: Any, erica: Visitor) -> None:
    text = add(world, erica, "greta", **{"from": "x", "availability": "x"}).text
    assert "Choose a day" in text
    assert "from 0 to 100" in text
    assert world.audit() == []


def test_the_first_and_the_last_day_there_is(world: Any, erica: Visitor) -> None:
    assert add(world, erica, "greta", **{"from": "0001-01-01", "to": "9999-12-31"}).status_code == 303
    assert "0001-01-01 9999-12-31 Current" in text_of(erica, "/teams/3")


def test_long_teams_are_in_pages_that_keep_the_filter(world: Any, erica: Visitor) -> None:
    store = world.site.store
    for number in range(101):
        name = f"hand{number:03}"
        store.run(f"INSERT INTO people ({COLUMNS}) SELECT ?1, ?1, ?1, ?1, {COPIED} FROM people WHERE name = 'bob'", (name,))
        person = store.value("SELECT id FROM people WHERE name = ?", (name,))
        member = store.insert("INSERT INTO members (team_id, person_id) VALUES (3, ?)", (person,))
        store.insert("INSERT INTO memberships (member_id, role_id, availability) VALUES (?, 1, 100)", (member,))
    page = Document(erica.get("/teams/3?search=hand&status=current&page=2").text)
    assert "Page 2 of 3, 101 memberships" in page.text
    assert "hand050 " in page.text
    assert "hand049 " not in page.text
    assert "/settings/teams/3?search=hand&status=current&page=3" in page.values("a", "href")
    assert "102 today" in page.text
