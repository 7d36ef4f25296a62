"""What is remembered between requests never shows: pages of a walk while the world changes, tokens and roles that change."""

from typing import Any

import pytest

FRED = "5b10a2844c20165700ede21f"
BOB = "5b10a2844c20165700ede223"
ISSUE = 10202


@pytest.fixture
def logs(world: Any) -> Any:
    """Fred sees everybody's work: eight worklogs of Bob's, one a day, with the ids 1 to 8 if they are the first."""
    store = world.site.store
    with store.transaction():
        store.run("DELETE FROM worklogs")
        store.run("DELETE FROM sqlite_sequence WHERE name = 'worklogs'")
    for key in ("worklog.view", "worklog.manage"):
        role(world, key)
    for number in range(1, 9):
        assert log(world, f"2013-11-{number:02}") == number
    return world


def role(world: Any, key: str) -> int:
    body = {"name": key, "permissionKeys": [f"permissions.{key}"], "permittedAccountIds": [FRED], "accessType": "GLOBAL"}
    made = world.cloud("POST", "fred", "permission-roles", body)
    assert made.status == 200, made.text
    return int(made.json["id"])


def log(world: Any, day: str) -> int:
    body = {"authorAccountId": BOB, "issueId": ISSUE, "startDate": day, "timeSpentSeconds": 60}
    made = world.cloud("POST", "fred", "worklogs", body)
    assert made.status == 200, made.text
    return int(made.json["tempoWorklogId"])


def page(world: Any, path: str = "worklogs?limit=3") -> tuple[list[int], str]:
    """The ids of a page, and the path of the next one."""
    answer = world.cloud("GET", "fred", path)
    assert answer.status == 200, answer.text
    return [one["tempoWorklogId"] for one in answer.json["results"]], answer.json["metadata"].get("next", "").partition("/4/")[
        2
    ]


def test_without_changes_next_leads_through_the_whole_list(logs: Any) -> None:
    for path, expected in (
        ("worklogs?limit=3", [[1, 2, 3], [4, 5, 6], [7, 8]]),
        ("worklogs?limit=3&orderBy=START_DATE_TIME", [[8, 7, 6], [5, 4, 3], [2, 1]]),
    ):
        for _ in range(2):
            following, found = path, []
            while following:
                ids, following = page(logs, following)
                found.append(ids)
            assert found == expected


def test_a_worklog_deleted_before_the_next_page_moves_it_by_one(logs: Any) -> None:
    ids, following = page(logs)
    assert ids == [1, 2, 3]
    assert logs.cloud("DELETE", "fred", "worklogs/2").status == 204
    assert page(logs, following)[0] == [5, 6, 7]


def test_a_worklog_logged_before_the_next_page_moves_it_back_by_one(logs: Any) -> None:
    _, following = page(logs)
    assert log(logs, "2013-11-01") == 9
    assert page(logs, following)[0] == [3, 4, 5]


def test_a_worklog_that_moves_over_the_border_is_where_it_is_now(logs: Any) -> None:
    _, following = page(logs)
    body = {"authorAccountId": BOB, "startDate": "2013-11-20", "timeSpentSeconds": 60}
    assert logs.cloud("PUT", "fred", "worklogs/3", body).status == 200
    assert page(logs, following)[0] == [5, 6, 7]


def test_pages_of_one_caller_do_not_move_those_of_another(logs: Any) -> None:
    _, following = page(logs)
    assert [one["tempoWorklogId"] for one in logs.cloud("GET", "bob", following).json["results"]] == [4, 5, 6]
    assert logs.cloud("GET", "greta", following).json["results"] == []


def test_a_role_that_ends_ends_what_it_showed(logs: Any) -> None:
    assert len(page(logs, "worklogs")[0]) == 8
    store = logs.site.store
    with store.transaction():
        store.run("DELETE FROM permission_roles WHERE name LIKE 'worklog.%'")
    assert page(logs, "worklogs")[0] == []
    role(logs, "worklog.view")
    assert len(page(logs, "worklogs")[0]) == 8


def test_a_token_that_was_good_is_refused_once_it_is_not(logs: Any) -> None:
    assert logs.cloud("GET", "bob", "worklogs").status == 200
    store = logs.site.store
    with store.transaction():
        store.run("UPDATE people SET active = 0 WHERE name = 'bob'")
    assert logs.cloud("GET", "bob", "worklogs").status == 401
    with store.transaction():
        store.run("UPDATE people SET active = 1 WHERE name = 'bob'")
    assert logs.cloud("GET", "bob", "worklogs").status == 200
    # Nothing but time passes here.
    logs.set_clock("2016-01-01")
    assert logs.cloud("GET", "bob", "worklogs").status == 401


def test_what_a_write_did_before_it_was_undone_is_not_remembered(logs: Any) -> None:
    good = {"authorAccountId": BOB, "startDate": "2013-11-09", "timeSpentSeconds": 60}
    refused = logs.cloud("POST", "fred", f"worklogs/issue/{ISSUE}/bulk", [good, {**good, "authorAccountId": "nobody"}])
    assert refused.status == 400
    assert page(logs, "worklogs")[0] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert logs.cloud("GET", "fred", "worklogs/9").status == 404
