"""What the audit feed is asked for: filters, pages and who may (vendor's OpenAPI of v4, assumptions audit.*)."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from mock_server.domain.papertrail_kinds import ENTITY_TYPES
from tests.mock_server.test_papertrail import BOB, CLOUD, ENTRY, ERICA, FRED, PAST, PLAN, feed, log, made, plan_for_all

GRETA = "5b10a2844c20165700ede225"


@pytest.fixture
def world(idle_world: Any) -> Any:
    """Without work but what a test logs."""
    return idle_world


@pytest.fixture
def busy(world: Any) -> Any:
    """Bob logs at ten, fred plans for bob at eleven, bob deletes at twelve, fred makes a role at one."""
    plan_for_all(world)
    world.set_clock("2013-11-15T10:00:00")
    number = log(world)
    world.set_clock("2013-11-15T11:00:00")
    made(world, "POST", "plans", PLAN)
    world.set_clock("2013-11-15T12:00:00")
    made(world, "DELETE", f"worklogs/{number}", who="bob")
    world.set_clock("2013-11-15T13:00:00")
    made(world, "POST", "roles", {"name": "Bosun"})
    return world


def short(events: list[dict[str, Any]]) -> str:
    return " ".join(f"{event['action'][0]}{event['entityType']}" for event in events)


ALL = "Cpermissiongroup Cworklog Callocation Dworklog Crole"


@pytest.mark.parametrize(("asked", "told"), [
    ({}, ALL),
    ({"action": ["Deleted"]}, "Dworklog"),
    ({"action": ["Created", "Deleted", "Updated", "Synced"]}, ALL),
    ({"action": ["Synced"]}, ""),
    ({"author": [BOB]}, "Cworklog Dworklog"),
    ({"author": [BOB, FRED]}, ALL),
    ({"author": [ERICA]}, ""),
    ({"author": ["nobody"]}, ""),
    ({"entityType": ["worklog", "role"]}, "Cworklog Dworklog Crole"),
    ({"entityType": ["oauthapp"]}, ""),
    ({"worker": [BOB]}, "Cworklog Callocation Dworklog"),
    ({"worker": [BOB], "author": [FRED]}, "Callocation"),
    ({"worker": [FRED, "nobody"]}, ""),
    ({"worker": ["nobody"]}, ""),
    ({"from": "2013-11-15T11:00:00Z"}, "Callocation Dworklog Crole"),
    ({"from": "2013-11-15T11:00:00.001Z"}, "Dworklog Crole"),
    ({"from": "2013-11-15T13:00:00+01:00"}, "Dworklog Crole"),
    ({"to": "2013-11-15T11:00:00Z"}, "Cpermissiongroup Cworklog Callocation"),
    ({"to": "2013-11-15T10:59:59.999Z"}, "Cpermissiongroup Cworklog"),
    ({"from": "2013-11-15T12:00:00Z", "to": "2013-11-15T11:00:00Z"}, ""),
    ({"action": [], "author": [], "entityType": [], "worker": []}, ALL),
    ({"action": None, "author": None, "entityType": None, "worker": None, "to": None}, ALL),
])  # fmt: skip
def test_filters(busy: Any, asked: dict[str, Any], told: str) -> None:
    assert short(feed(busy, **asked)) == told


def test_more_workers_than_are_looked_for_one_by_one(busy: Any) -> None:
    store = busy.site.store
    with store.reading():
        everybody = [row[0] for row in store.all("SELECT account_id FROM people")]
    named = everybody + [f"nobody{number}" for number in range(30)]
    assert short(feed(busy, worker=named)) == "Cworklog Callocation Dworklog"
    with store.transaction():
        for number in range(30):
            store.insert_row("people", name=f"p{number}", key=f"p{number}", account_id=f"p{number}", email="", display_name="",
                             time_zone="UTC", locale="en_US", avatar_id=1)  # fmt: skip
    crowd = [f"p{number}" for number in range(30)]
    assert short(feed(busy, worker=[*crowd, BOB])) == "Cworklog Callocation Dworklog"
    assert short(feed(busy, worker=crowd)) == ""


@pytest.mark.parametrize("order", ["oldest", "newest"])
@pytest.mark.parametrize("limit", [1, 2, 3, 5])
def test_pages_hold_everything_once(busy: Any, order: str, limit: int) -> None:
    busy.put(None, "/_mock/settings", {"audit.order": order})
    whole = feed(busy)
    assert short(whole).split() == (ALL.split() if order == "oldest" else ALL.split()[::-1])
    found: list[dict[str, Any]] = []
    path = f"papertrail/search?limit={limit}"
    while path:
        answer = busy.cloud("POST", "fred", path, PAST).json
        metadata = answer["metadata"]
        assert answer["self"] == f"http://localhost/4/{path}"
        assert metadata["limit"] == limit
        found += answer["results"]
        assert len(answer["results"]) <= limit
        assert ("nextPageToken" in metadata) == ("nextPageUrl" in metadata)
        following = urlsplit(metadata.get("nextPageUrl", ""))
        if following.query:
            assert dict(parse_qsl(following.query)) == {"limit": str(limit), "nextPageToken": metadata["nextPageToken"]}
        path = f"papertrail/search?{following.query}" if following.query else ""
    assert found == whole


def test_a_page_goes_on_where_the_last_one_ended_whatever_came_since(busy: Any) -> None:
    first = busy.cloud("POST", "fred", "papertrail/search?limit=3", PAST).json
    log(busy)
    rest = feed(busy, f"?nextPageToken={first['metadata']['nextPageToken']}")
    assert short(first["results"] + rest) == f"{ALL} Cworklog"


def test_many_changes_at_one_moment_are_told_in_the_order_they_were_made(world: Any) -> None:
    numbers = [str(log(world)) for _ in range(7)]
    found: list[str] = []
    query = "?limit=2"
    while query:
        answer = world.cloud("POST", "fred", f"papertrail/search{query}", PAST).json
        found += [event["entityId"] for event in answer["results"]]
        token = answer["metadata"].get("nextPageToken")
        query = f"?limit=2&nextPageToken={token}" if token else ""
    assert found == numbers


@pytest.mark.parametrize(("query", "body"), [
    ("", {}),
    ("", {"from": None}),
    ("", {"from": "yesterday"}),
    ("", {"from": "2013-11-01"}),
    ("", {"from": "2013-11-01T00:00:00"}),
    ("", {"from": 1383264000}),
    ("", {"from": "2013-05-18T23:59:59Z"}),
    ("", {"from": "0001-01-01T00:00:00Z"}),
    ("", {"from": "9999-12-31T23:59:59Z"}),
    ("", {**PAST, "to": "x"}),
    ("", {**PAST, "action": ["Renamed"]}),
    ("", {**PAST, "action": "Deleted"}),
    ("", {**PAST, "entityType": ["plan"]}),
    ("", {**PAST, "author": [1]}),
    ("", {**PAST, "worker": {}}),
    ("?limit=0", PAST),
    ("?limit=1001", PAST),
    ("?limit=x", PAST),
    ("?nextPageToken=x", PAST),
    ("?nextPageToken=", PAST),
    ("?nextPageToken=MjAxMy0xMS0xNQ", PAST),
    ("?nextPageToken=%C3%A4", PAST),
    ("?nextPageToken=MjAxMy0xMS0xNVQwMDowMDowMC4wMDBaIDk5OTk5OTk5OTk5OTk5OTk5OTk5", PAST),
    ("", []),
])  # fmt: skip
def test_what_cannot_be_asked(busy: Any, query: str, body: Any) -> None:
    answer = busy.cloud("POST", "fred", f"papertrail/search{query}", body)
    assert answer.status == 400, answer.text
    assert [set(error) for error in answer.json["errors"]] == [{"message"}]


def test_no_body_asks_from_nowhere(busy: Any) -> None:
    answer = busy.cloud("POST", "fred", "papertrail/search")
    assert answer.status == 400
    assert "from" in answer.text


def test_the_last_180_days_are_kept(world: Any) -> None:
    world.set_clock("2013-05-01T00:00:00")
    log(world, startDate="2013-05-01")
    world.set_clock("2013-11-01T00:00:00")
    assert feed(world, **{"from": "2013-05-05T00:00:00Z"}) == []
    refused = world.cloud("POST", "fred", "papertrail/search", {"from": "2013-05-04T23:59:59Z"})
    assert (refused.status, "180" in refused.text) == (400, True)


@pytest.mark.parametrize("who", ["bob", "erica", "greta"])
def test_only_tempo_administrators_read_it(busy: Any, who: str) -> None:
    assert busy.cloud("POST", who, "papertrail/search", PAST).status == 403
    busy.put(None, "/_mock/settings", {"audit.readers": "everybody"})
    assert busy.cloud("POST", who, "papertrail/search", PAST).status == 200


def test_scope(busy: Any) -> None:
    for scopes, status in ((["audit:view"], 200), (["worklogs:manage", "plans:manage"], 403)):
        token = busy.post(None, "/_mock/tokens", {"person": "fred", "name": "t", "scopes": scopes}).json["token"]
        headers = {"Authorization": f"Bearer {token}"}
        assert busy.cloud("POST", None, "papertrail/search", PAST, headers=headers).status == status
        path = "/papertrail/1/events/deleted/types/worklog?updatedFrom=2013-11-01T00:00:00Z"
        assert busy.get(None, path, headers=headers).status == status


def test_reading_changes_nothing(busy: Any) -> None:
    before = busy.audit()
    feed(busy)
    assert busy.audit() == before


@pytest.mark.parametrize("asked", [
    {"entityType": ["worklog"]}, {"entityType": ["worklog"], "author": [GRETA]}, {"entityType": ["internalissue"]},
    {"entityType": ["permissiongroup"]}, {"worker": [BOB]}, {"worker": [BOB], "author": [FRED]}, {"author": [GRETA]}, {},
])  # fmt: skip
@pytest.mark.parametrize("order", ["oldest", "newest"])
def test_every_search_is_by_an_index_and_sorts_nothing(busy: Any, asked: dict[str, Any], order: str) -> None:
    """What is read of a million changes is what is told, and as many more of the same kind as a filter leaves out."""
    busy.put(None, "/_mock/settings", {"audit.order": order})
    store = busy.site.store
    asked_of: list[str] = []
    store._connection.set_trace_callback(asked_of.append)
    feed(busy, **asked)
    first = busy.cloud("POST", "fred", "papertrail/search?limit=1", {**PAST, **asked}).json["metadata"]
    if "nextPageToken" in first:
        feed(busy, f"?nextPageToken={first['nextPageToken']}", **asked)
    store._connection.set_trace_callback(None)
    plans = [
        " / ".join(row[3] for row in store.all(f"EXPLAIN QUERY PLAN {sql}"))
        for sql in asked_of
        if "FROM audit_events" in sql and sql.startswith("SELECT")
    ]
    assert plans
    assert [plan for plan in plans if "SCAN audit_events" in plan or "TEMP B-TREE" in plan] == []


def test_a_later_page_is_read_from_its_place_on(busy: Any) -> None:
    first = busy.cloud("POST", "fred", "papertrail/search?limit=1", PAST).json
    store = busy.site.store
    asked_of: list[str] = []
    store._connection.set_trace_callback(asked_of.append)
    feed(busy, f"?nextPageToken={first['metadata']['nextPageToken']}")
    store._connection.set_trace_callback(None)
    searches = [sql for sql in asked_of if "WHERE noun = '" in sql]
    assert searches
    assert [sql for sql in searches if f"at >= '{first['results'][0]['timestamp']}'" not in sql] == []


def test_the_entity_types_are_the_documented_ones() -> None:
    assert len(set(ENTITY_TYPES)) == 31


def test_entry_is_of_this_world() -> None:
    assert (ENTRY["issueId"], PLAN["planItemId"]) == (CLOUD, str(CLOUD))
