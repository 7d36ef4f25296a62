"""What is not known of worklogs in Tempo Cloud, both ways: every setting with each of its values."""

from collections.abc import Callable
from typing import Any

import pytest

BASE = "http://localhost/4"
FRED = "5b10a2844c20165700ede21f"
BOB = "5b10a2844c20165700ede223"
DAVID = "5b10a2844c20165700ede224"
GRETA = "5b10a2844c20165700ede225"
LAURA = "5b10a2844c20165700ede222"
CLOUD, SAFE, SAFE_PROJECT = 10202, 10220, 10011
ENTRY = {"authorAccountId": BOB, "issueId": CLOUD, "startDate": "2013-11-14", "timeSpentSeconds": 3600}
Make = Callable[..., Any]


@pytest.fixture
def make_world(make_world: Make, idle_scenario: str) -> Make:
    """Worlds without work but what a test logs."""
    return lambda settings=None, **options: make_world(settings, scenario=idle_scenario, **options)


def log(world: Any, who: str = "bob", **values: Any) -> dict[str, Any]:
    answer = world.cloud("POST", who, "worklogs", {**ENTRY, **values})
    assert answer.status == 200, answer.text
    made: dict[str, Any] = answer.json
    return made


def refused(answer: Any, status: int = 400) -> list[str]:
    assert answer.status == status, answer.text
    return [error["message"] for error in answer.json["errors"]]


def ids(answer: Any) -> list[int]:
    assert answer.status == 200, answer.text
    return [one["tempoWorklogId"] for one in answer.json["results"]]


def attribute(world: Any, key: str, **values: Any) -> None:
    made = world.cloud("POST", "fred", "work-attributes", {"key": key, "name": key, "type": "INPUT_FIELD", **values})
    assert made.status == 200, made.text


def grant(world: Any, keys: list[str], who: str, teams: list[int] | None = None) -> None:
    body = {"name": "Test", "permissionKeys": [f"permissions.worklog.{key}" for key in keys], "permittedAccountIds": [who]}
    body |= {"accessType": "TEAM", "accessEntityIds": teams} if teams else {"accessType": "GLOBAL"}
    assert world.cloud("POST", "fred", "permission-roles", body).status == 200


def update(entry: dict[str, Any] = ENTRY, **values: Any) -> dict[str, Any]:
    return {name: value for name, value in {**entry, **values}.items() if name != "issueId"}


# Manage Worklogs over a team respects the dates of joining and leaving. Bob is in Erica's team until 29 November,
# David from December on.

INSIDE, OUTSIDE = {"authorAccountId": BOB, "startDate": "2013-11-29"}, {"authorAccountId": BOB, "startDate": "2013-11-30"}
COMING, BEFORE = {"authorAccountId": DAVID, "startDate": "2013-12-01"}, {"authorAccountId": DAVID, "startDate": "2013-11-30"}


@pytest.mark.parametrize(("dates", "status"), [("on", 403), ("off", 200)])
def test_a_lead_logs_for_members_on_the_days_of_their_membership(make_world: Make, dates: str, status: int) -> None:
    world = make_world({"worklogs.manageDates": dates})
    for values, expected in ((INSIDE, 200), (OUTSIDE, status), (COMING, 200), (BEFORE, status)):
        assert world.cloud("POST", "erica", "worklogs", {**ENTRY, **values}).status == expected, values


@pytest.mark.parametrize(("dates", "status"), [("on", 403), ("off", 200)])
def test_nor_is_work_moved_to_a_day_outside_or_from_there(make_world: Make, dates: str, status: int) -> None:
    world = make_world({"worklogs.manageDates": dates})
    inside = log(world, "bob", **INSIDE)["tempoWorklogId"]
    assert world.cloud("PUT", "erica", f"worklogs/{inside}", update(**INSIDE)).status == 200
    assert world.cloud("PUT", "erica", f"worklogs/{inside}", update(**OUTSIDE)).status == status
    grant(world, ["view"], "5b10a2844c20165700ede220")
    outside = log(world, "bob", **OUTSIDE)["tempoWorklogId"]
    assert world.cloud("PUT", "erica", f"worklogs/{outside}", update(**INSIDE)).status == status


@pytest.mark.parametrize(("dates", "status"), [("on", 403), ("off", 204)])
def test_nor_is_work_outside_deleted_or_given_values(make_world: Make, dates: str, status: int) -> None:
    world = make_world({"worklogs.manageDates": dates})
    attribute(world, "_A_")
    grant(world, ["view"], "5b10a2844c20165700ede220")
    for values, expected in ((INSIDE, 204), (OUTSIDE, status)):
        number = log(world, "bob", **values)["tempoWorklogId"]
        body = [{"tempoWorklogId": number, "attributeValues": [{"key": "_A_", "value": "1"}]}]
        assert world.cloud("POST", "erica", "worklogs/work-attribute-values", body).status == expected
        assert world.cloud("DELETE", "erica", f"worklogs/{number}").status == expected


def test_dates_limit_neither_full_access_nor_own_work(world: Any) -> None:
    grant(world, ["manage"], "5b10a2844c20165700ede220")
    for values in (INSIDE, OUTSIDE, COMING, BEFORE):
        assert log(world, "erica", **values)
    assert log(world, "bob", **OUTSIDE)


# Filters that name what is there and out of reach.

HIDDEN = [f"worklogs/user/{LAURA}", f"worklogs/issue/{SAFE}", f"worklogs/project/{SAFE_PROJECT}", f"worklogs?issueId={SAFE}",
          f"worklogs?projectId={SAFE_PROJECT}", f"worklogs?issueId={CLOUD}&issueId={SAFE}"]  # fmt: skip
UNKNOWN = ["worklogs/user/nobody", "worklogs/issue/99999", "worklogs/project/99999", "worklogs?issueId=99999",
           "worklogs?projectId=99999", "worklogs/team/99"]  # fmt: skip
SHOWN = [f"worklogs/user/{BOB}", f"worklogs/issue/{CLOUD}", "worklogs/project/10010", f"worklogs?issueId={CLOUD}"]


@pytest.mark.parametrize("hidden", ["empty", "404"])
def test_a_filter_by_what_is_hidden(make_world: Make, hidden: str) -> None:
    world = make_world({"worklogs.hiddenFilter": hidden})
    body = {"name": "Hidden", "public": False, "leadAccountId": FRED}
    assert world.cloud("PUT", "fred", "teams/1", body).status == 200
    mine = log(world)["tempoWorklogId"]
    for path in HIDDEN:
        answer = world.cloud("GET", "bob", path)
        if hidden == "404":
            assert refused(answer, 404), path
        elif path != f"worklogs?issueId={CLOUD}&issueId={SAFE}":
            assert ids(answer) == [], path
    for path in [*UNKNOWN, "worklogs/team/1"]:
        refused(world.cloud("GET", "bob", path), 404)
    for path in SHOWN:
        assert ids(world.cloud("GET", "bob", path)) == [mine], path
    assert ids(world.cloud("POST", "bob", "worklogs/search", {"authorIds": [LAURA], "issueIds": [SAFE]})) == []


def test_a_person_is_reached_by_role_team_or_view_all(make_world: Make) -> None:
    world = make_world({"worklogs.hiddenFilter": "404"})
    path = f"worklogs/user/{BOB}"
    assert world.cloud("GET", "erica", path).status == 200, "leads a team of theirs"
    refused(world.cloud("GET", "greta", path), 404)
    grant(world, ["view"], GRETA, [3])
    assert world.cloud("GET", "greta", path).status == 200
    refused(world.cloud("GET", "greta", f"worklogs/user/{LAURA}"), 404)
    grant(world, ["view"], GRETA)
    assert world.cloud("GET", "greta", f"worklogs/user/{LAURA}").status == 200


# Limits above the maximum.


@pytest.mark.parametrize("path", ["worklogs", "teams", "accounts", "customers", "work-attributes", "teams/3/members"])
def test_a_limit_above_the_maximum(make_world: Make, path: str) -> None:
    clamping, refusing = make_world(), make_world({"cloud.limitAboveMaximum": "400"})
    for limit in (5001, 2**31 - 1):
        assert clamping.cloud("GET", "fred", f"{path}?limit={limit}").json["metadata"]["limit"] == 5000
        assert "limit" in refused(refusing.cloud("GET", "fred", f"{path}?limit={limit}"))[0]
    for limit in ("5000", "1"):
        assert refusing.cloud("GET", "fred", f"{path}?limit={limit}").json["metadata"]["limit"] == int(limit)
    assert refusing.cloud("GET", "fred", path).status == 200
    for world in (clamping, refusing):
        refused(world.cloud("GET", "fred", f"{path}?limit=0"))


# Jira's View All Worklogs.


@pytest.mark.parametrize("view_all", ["counts", "ignored"])
def test_view_all_worklogs_of_jira(make_world: Make, view_all: str) -> None:
    world = make_world({"worklogs.viewAll": view_all})
    number = log(world)["tempoWorklogId"]
    store = world.site.store
    with store.transaction():
        for (group,) in store.all("SELECT DISTINCT group_id FROM project_permissions WHERE permission = 'BROWSE_PROJECTS'"):
            store.insert_row(
                "project_permissions", project_id=10010, group_id=group, permission="io.tempo.jira__view-all-worklogs"
            )
    counts = view_all == "counts"
    assert ids(world.cloud("GET", "greta", "worklogs")) == ([number] if counts else [])
    assert ids(world.cloud("POST", "greta", "worklogs/search", {})) == ([number] if counts else [])
    assert world.cloud("GET", "greta", f"worklogs/{number}").status == (200 if counts else 404)
    assert len(world.cloud("POST", "greta", "worklogs/tempo-to-jira", {"tempoWorklogIds": [number]}).json["results"]) == counts
    assert world.cloud("GET", "bob", f"worklogs/{number}").status == 200


# Attributes.


@pytest.mark.parametrize("values", [("1", "2"), ("1", "1")])
@pytest.mark.parametrize("repeated", ["400", "last"])
def test_one_attribute_twice(make_world: Make, repeated: str, values: tuple[str, str]) -> None:
    world = make_world({"worklogs.repeatedAttributes": repeated})
    attribute(world, "_A_")
    twice = {"attributes": [{"key": "_A_", "value": value} for value in values]}
    number = log(world)["tempoWorklogId"]
    adding = [{"tempoWorklogId": number, "attributeValues": twice["attributes"]}]
    calls = [("POST", "worklogs", {**ENTRY, **twice}), ("POST", f"worklogs/issue/{CLOUD}/bulk", [update(**twice)]),
             ("POST", "worklogs/work-attribute-values", adding), ("PUT", f"worklogs/{number}", update(**twice))]  # fmt: skip
    for method, path, body in calls:
        answer = world.cloud(method, "bob", path, body)
        if repeated == "400":
            assert "_A_" in refused(answer)[0]
        else:
            assert answer.status in (200, 204)
    values_there = world.cloud("GET", "bob", f"worklogs/{number}/work-attribute-values").json["results"]
    assert values_there == ([] if repeated == "400" else [{"key": "_A_", "value": values[1]}])


def test_adding_one_value_asks_for_no_other(world: Any) -> None:
    number = log(world)["tempoWorklogId"]
    attribute(world, "_A_")
    attribute(world, "_Must_", required=True)

    def add(key: str, value: str | None) -> Any:
        body = [{"tempoWorklogId": number, "attributeValues": [{"key": key, "value": value}]}]
        return world.cloud("POST", "bob", "worklogs/work-attribute-values", body)

    assert add("_A_", "1").status == 204, "the required one was added to the world after this worklog"
    for nothing in ("", None):
        assert refused(add("_Must_", nothing)) == ["[0]: Work attribute _Must_ (_Must_) is required"]
    assert add("_Must_", "x").status == 204


# Texts.


@pytest.mark.parametrize(("setting", "expected"), [("omit", None), ("blank", "")])
def test_a_worklog_without_text(make_world: Make, setting: str, expected: str | None) -> None:
    world = make_world({"worklogs.emptyDescription": setting})
    for sent in ({}, {"description": None}, {"description": ""}):
        made = log(world, **sent)
        assert made.get("description") == expected
        assert world.cloud("GET", "bob", f"worklogs/{made['tempoWorklogId']}").json == made
    text = log(world, description="x")
    assert text["description"] == "x"
    cleared = world.cloud("PUT", "bob", f"worklogs/{text['tempoWorklogId']}", update())
    assert cleared.json.get("description") == expected


# Searches.


@pytest.mark.parametrize("setting", ["ignored", "nothing"])
def test_an_empty_list_in_a_search(make_world: Make, setting: str) -> None:
    world = make_world({"worklogs.emptyIds": setting})
    number = log(world)["tempoWorklogId"]
    for name in ("authorIds", "issueIds", "projectIds"):
        found = ids(world.cloud("POST", "bob", "worklogs/search", {name: []}))
        assert found == ([number] if setting == "ignored" else []), name
        assert ids(world.cloud("POST", "bob", "worklogs/search", {name: None})) == [number]
    assert ids(world.cloud("POST", "bob", "worklogs/search", {"authorIds": ["nobody"]})) == []
    assert ids(world.cloud("POST", "bob", "worklogs/search", {"orderBy": []})) == [number]


# Deactivated authors.


@pytest.mark.parametrize(("setting", "status"), [("400", 400), ("allowed", 200)])
def test_work_of_somebody_who_was_deactivated(make_world: Make, setting: str, status: int) -> None:
    world = make_world({"worklogs.deactivatedAuthor": setting})
    number = log(world)["tempoWorklogId"]
    store = world.site.store
    with store.transaction():
        store.run("UPDATE people SET active = 0 WHERE name = 'bob'")
    assert world.cloud("PUT", "erica", f"worklogs/{number}", update(description="x")).status == status
    assert world.cloud("POST", "erica", "worklogs", ENTRY).status == status
    assert world.cloud("GET", "erica", f"worklogs/{number}").status == 200
    assert world.cloud("POST", "erica", "worklogs", {**ENTRY, "authorAccountId": "nobody"}).status == 400
    assert world.cloud("DELETE", "erica", f"worklogs/{number}").status == 204


# Bulk.


def test_a_second_bulk_on_an_issue_while_the_first_is_at_work(make_world: Make) -> None:
    world = make_world({"worklogs.bulkSeconds": "30"}, clock="2013-11-15T10:00:00")
    path = f"worklogs/issue/{CLOUD}/bulk"
    assert world.cloud("POST", "bob", path, [update(timeSpentSeconds=60)]).status == 200
    before = ids(world.cloud("GET", "bob", "worklogs"))
    for moment in ("2013-11-15T10:00:00", "2013-11-15T10:00:29.999"):
        world.set_clock(moment)
        for who in ("bob", "greta"):
            answer = world.cloud("POST", who, path, [update(timeSpentSeconds=60)])
            assert refused(answer, 409) == ["There is already a bulk action in progress for the given issue id"]
    assert ids(world.cloud("GET", "bob", "worklogs")) == before
    other = world.cloud("POST", "bob", "worklogs/issue/10201/bulk", [update(timeSpentSeconds=60)])
    assert other.status == 200, "another issue"
    assert log(world), "one by one"
    world.set_clock("2013-11-15T10:00:30")
    assert world.cloud("POST", "bob", path, [update(timeSpentSeconds=60)]).status == 200


def test_bulks_follow_each_other_unless_that_is_set(world: Any) -> None:
    for _ in range(3):
        assert world.cloud("POST", "bob", f"worklogs/issue/{CLOUD}/bulk", [update(timeSpentSeconds=60)]).status == 200
