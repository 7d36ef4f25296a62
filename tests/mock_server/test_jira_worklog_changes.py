"""What was changed and deleted since, and many worklogs by id, of Jira Data Center (Jira REST reference)."""

from typing import Any

import pytest

from tests.mock_server.test_jira_worklogs import API, CLOUD, HR, SAFE, log

HOUR = 3_600_000
TEN = 1_384_509_600_000
"""15 November 2013, ten o'clock."""


@pytest.fixture
def world(idle_world: Any) -> Any:
    """Without work but what a test logs."""
    return idle_world


@pytest.fixture
def numbers(world: Any) -> list[int]:
    """Of three worklogs: the first made at ten, changed at twelve; the second made and deleted; the third made at one."""
    world.set_clock("2013-11-15T10:00:00")
    first, second = int(log(world)["id"]), int(log(world)["id"])
    world.set_clock("2013-11-15T11:00:00")
    assert world.delete("bob", f"{API}/issue/{CLOUD}/worklog/{second}").status == 204
    world.set_clock("2013-11-15T12:00:00")
    assert world.put("bob", f"{API}/issue/{CLOUD}/worklog/{first}", {"comment": "x"}).status == 200
    world.set_clock("2013-11-15T13:00:00")
    third = int(log(world)["id"])
    world.set_clock("2013-11-15T13:01:00")
    return [first, second, third]


def changes(world: Any, name: str, query: str = "", who: str = "bob") -> list[tuple[int, int]]:
    answer = world.get(who, f"{API}/worklog/{name}{query}")
    assert answer.status == 200, answer.text
    assert all(set(value) == {"worklogId", "updatedTime"} for value in answer.json["values"])
    return [(value["worklogId"], value["updatedTime"]) for value in answer.json["values"]]


def test_updated_and_deleted(world: Any, numbers: list[int]) -> None:
    first, second, third = numbers
    assert changes(world, "updated") == [(first, TEN + 2 * HOUR), (third, TEN + 3 * HOUR)]
    assert changes(world, "deleted") == [(second, TEN + HOUR)]
    page = world.get("bob", f"{API}/worklog/updated?since=5").json
    del page["values"]
    link = f"http://localhost{API}/worklog/updated?since=5"
    assert page == {"since": 5, "until": TEN + 3 * HOUR, "self": link, "lastPage": True}


@pytest.mark.parametrize(("since", "told"), [
    (TEN + 2 * HOUR, 2), (TEN + 2 * HOUR + 1, 1), (TEN + 3 * HOUR + 1, 0), (-1, 2), (10**17, 0), (-(10**17), 2),
])  # fmt: skip
def test_since_is_inclusive_and_in_milliseconds(world: Any, numbers: list[int], since: int, told: int) -> None:
    assert len(changes(world, "updated", f"?since={since}")) == told
    assert numbers


def test_the_last_minute_is_withheld(world: Any, numbers: list[int]) -> None:
    world.set_clock("2013-11-15T13:00:59.999")
    assert len(changes(world, "updated")) == 1
    world.set_clock("2013-11-15T13:01:00")
    assert len(changes(world, "updated")) == len(numbers) - 1


def test_a_thousand_a_page(world: Any) -> None:
    store = world.site.store
    log(world)
    with store.transaction():
        store.run(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) "
            "INSERT INTO worklogs (jira_id, issue_id, project_id, author_id, start_date, start_time, time_spent, billable, "
            "description, created_at, updated_at) SELECT 20000 + i, issue_id, project_id, author_id, start_date, start_time, "
            "60, 60, '', created_at, strftime('%Y-%m-%dT%H:%M:%S.000Z', '2013-10-01', '+' || i || ' seconds') FROM worklogs, n"
        )
    path, found = "/worklog/updated?since=0", []
    while path:
        page = world.get("bob", f"{API}{path}").json
        found += [value["worklogId"] for value in page["values"]]
        assert len(page["values"]) <= 1000
        assert page["lastPage"] is ("nextPage" not in page)
        path = page.get("nextPage", "").removeprefix(f"http://localhost{API}")
    # Where a page begins the last one ended: that one comes twice.
    assert (len(found), len(set(found))) == (1501, 1500)


def test_hidden_issues_tell_nothing(world: Any) -> None:
    log(world, "laura", SAFE)
    world.set_clock("2013-11-16")
    assert len(changes(world, "updated", who="laura")) == 1
    assert changes(world, "updated", who="bob") == []


@pytest.mark.parametrize("name", ["updated", "deleted"])
def test_since_that_is_no_number_is_404_as_other_numbers_are(world: Any, name: str) -> None:
    assert world.get("bob", f"{API}/worklog/{name}?since=yesterday").status == 404


def test_many_by_id(world: Any, numbers: list[int]) -> None:
    first, second, third = numbers
    hidden = int(log(world, "laura", SAFE)["id"])
    internal = int(log(world, issue=HR)["id"])
    answer = world.post(
        "bob", f"{API}/worklog/list", {"ids": [third, first, second, hidden, internal, 99999, 10**30, -1, third]}
    )
    assert [worklog["id"] for worklog in answer.json] == [str(first), str(third), str(internal)]
    assert answer.json[0] == world.get("bob", f"{API}/issue/{CLOUD}/worklog/{first}").json


@pytest.mark.parametrize(
    "body", [{}, {"ids": []}, {"ids": None}, {"ids": ["x"]}, {"ids": [1.5]}, {"ids": list(range(1, 1002))}, []]
)
def test_lists_of_ids_that_are_none(world: Any, body: Any) -> None:
    assert world.post("bob", f"{API}/worklog/list", body).status == 400


def test_a_thousand_ids_are_taken(world: Any) -> None:
    assert world.post("bob", f"{API}/worklog/list", {"ids": list(range(1, 1001))}).json == []
