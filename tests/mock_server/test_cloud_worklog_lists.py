"""Lists, searches and id mappings of worklogs in Tempo Cloud (vendor's OpenAPI of v4, help pages, what clients saw)."""

from typing import Any

import pytest

BASE = "http://localhost/4"
FRED = "5b10a2844c20165700ede21f"
ERICA = "5b10a2844c20165700ede220"
LAURA = "5b10a2844c20165700ede222"
BOB = "5b10a2844c20165700ede223"
DAVID = "5b10a2844c20165700ede224"
GRETA = "5b10a2844c20165700ede225"
VIEWER = "3ea184f5-aadd-4031-a076-9c4c3f5d2144"
CLOUD, HR, SAFE = 10202, 10240, 10220
CLOUD_PROJECT, SAFE_PROJECT, HR_PROJECT = 10010, 10011, 10012


@pytest.fixture
def world(idle_world: Any) -> Any:
    """Without work but what a test logs."""
    return idle_world


def log(world: Any, author: str, issue: int, day: str, **more: Any) -> int:
    """A worklog of somebody's, written by whoever may write for everybody; answers its id."""
    body = {"authorAccountId": author, "issueId": issue, "startDate": day, "timeSpentSeconds": 60, **more}
    made = world.cloud("POST", "fred", "worklogs", body)
    assert made.status == 200, made.text
    return int(made.json["tempoWorklogId"])


def role(world: Any, who: str, key: str = "worklog.view", teams: list[int] | None = None) -> int:
    body: dict[str, Any] = {"name": f"{key} {who}", "permissionKeys": [f"permissions.{key}"], "permittedAccountIds": [who]}
    body |= {"accessType": "TEAM", "accessEntityIds": teams} if teams else {"accessType": "GLOBAL"}
    made = world.cloud("POST", "fred", "permission-roles", body)
    assert made.status == 200, made.text
    return int(made.json["id"])


def ids(answer: Any) -> list[int]:
    assert answer.status == 200, answer.text
    assert answer.json["metadata"]["count"] == len(answer.json["results"])
    return [one["tempoWorklogId"] for one in answer.json["results"]]


def missing(answer: Any, status: int = 404) -> None:
    assert answer.status == status, answer.text
    assert answer.json["errors"][0]["message"]


@pytest.fixture
def filled(world: Any) -> Any:
    """Ten worklogs of five people in three projects; Fred sees them all, and Jira each by itself."""
    world.site.settings.update({"jiraSync.internalIssues": "single"})
    role(world, FRED, "worklog.manage")
    role(world, FRED)
    for number, (author, issue, day, time) in enumerate(
        (
            (BOB, CLOUD, "2013-11-12", "10:00:00"),
            (BOB, CLOUD, "2013-11-12", "08:00:00"),
            (BOB, HR, "2013-11-11", "08:00:00"),
            (DAVID, CLOUD, "2013-11-12", "08:00:00"),
            (ERICA, CLOUD, "2013-11-13", "08:00:00"),
            (LAURA, SAFE, "2013-11-10", "08:00:00"),
            (GRETA, HR, "2013-11-14", "08:00:00"),
            (BOB, CLOUD, "2013-11-29", "08:00:00"),
            (BOB, CLOUD, "2013-11-30", "08:00:00"),
            (DAVID, CLOUD, "2013-12-01", "08:00:00"),
        ),
        1,
    ):
        world.set_clock(f"2013-11-15T{10 + number}:00:00")
        assert log(world, author, issue, day, startTime=time) == number
    world.cloud("PUT", "fred", "worklogs/3", {"authorAccountId": BOB, "startDate": "2013-11-11", "timeSpentSeconds": 60})
    return world


EVERY = [6, 3, 2, 4, 1, 5, 7, 8, 9, 10]
"""In the order of start, then id."""


# Order.


def test_order_is_start_then_id_ascending(filled: Any) -> None:
    assert ids(filled.cloud("GET", "fred", "worklogs")) == EVERY
    assert ids(filled.cloud("POST", "fred", "worklogs/search", {})) == EVERY
    assert ids(filled.cloud("POST", "fred", "worklogs/search")) == EVERY


@pytest.mark.parametrize(
    ("field", "ascending"),
    [
        ("ID", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        ("START_DATE_TIME", EVERY),
        ("UPDATED", [1, 2, 4, 5, 6, 7, 8, 9, 3, 10]),
    ],
)
def test_order_by(filled: Any, field: str, ascending: list[int]) -> None:
    store = filled.site.store
    with store.transaction():
        store.run("UPDATE worklogs SET updated_at = '2013-11-15T19:30:00.000Z' WHERE id = 3")
    assert ids(filled.cloud("GET", "fred", f"worklogs?orderBy={field}")) == ascending[::-1], "GET is always descending"
    for order, expected in (("ASC", ascending), ("DESC", ascending[::-1])):
        body = {"orderBy": [{"field": field, "order": order}]}
        assert ids(filled.cloud("POST", "fred", "worklogs/search", body)) == expected
        pages = [ids(filled.cloud("POST", "fred", f"worklogs/search?limit=3&offset={n}", body)) for n in (0, 3, 6, 9)]
        assert [one for page in pages for one in page] == expected


@pytest.mark.parametrize("value", ["id", "CREATED", ""])
def test_wrong_orders(filled: Any, value: str) -> None:
    missing(filled.cloud("GET", "fred", f"worklogs?orderBy={value}"), 400)
    for wrong in ([{"field": value, "order": "ASC"}], [{"field": "ID", "order": value}], [{"field": "ID"}], "ID"):
        missing(filled.cloud("POST", "fred", "worklogs/search", {"orderBy": wrong}), 400)


# Filters.


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("from=2013-11-12&to=2013-11-13", [2, 4, 1, 5]),
        ("from=2013-11-30", [9, 10]),
        ("to=2013-11-10", [6]),
        ("from=2013-11-13&to=2013-11-12", []),
        (f"issueId={CLOUD}&to=2013-11-12", [2, 4, 1]),
        (f"issueId={SAFE}&issueId={HR}", [6, 3, 7]),
        (f"projectId={SAFE_PROJECT}&projectId={HR_PROJECT}", [6, 3, 7]),
        (f"projectId={SAFE_PROJECT}&issueId={HR}", []),
        ("updatedFrom=2013-11-15", EVERY),
        ("updatedFrom=2013-11-16", []),
        ("updatedFrom=2013-11-15T18:00:00Z", [3, 8, 9, 10]),
        ("updatedFrom=2013-11-15T18:00:01Z", [3, 9, 10]),
        ("updatedFrom=2013-11-15T18:00:00Z&to=2013-11-29", [3, 8]),
    ],
)
def test_filters(filled: Any, query: str, expected: list[int]) -> None:
    assert ids(filled.cloud("GET", "fred", f"worklogs?{query}")) == expected
    names = {"projectId": "projectIds", "issueId": "issueIds"}
    body: dict[str, Any] = {}
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if name in names:
            body.setdefault(names[name], []).append(int(value))
        else:
            body[name] = value
    assert ids(filled.cloud("POST", "fred", "worklogs/search", body)) == expected


def ordered(world: Any, *fields: str, query: str = "") -> Any:
    body = {"orderBy": [dict(zip(("field", "order"), field.split(), strict=True)) for field in fields]}
    return world.cloud("POST", "fred", f"worklogs/search{query}", body)


def test_search_in_the_order_of_several_fields(filled: Any) -> None:
    found = {one["tempoWorklogId"]: one for one in filled.cloud("GET", "fred", "worklogs").json["results"]}

    def sorted_by(*keys: tuple[str, bool]) -> list[int]:
        rows = sorted(found.values(), key=lambda one: one["tempoWorklogId"])
        for name, descending in reversed(keys):
            rows.sort(key=lambda one: one[name], reverse=descending)
        return [one["tempoWorklogId"] for one in rows]

    day, stamp, number = "startDateTimeUtc", "updatedAt", "tempoWorklogId"
    for fields, expected in (
        (("START_DATE_TIME DESC", "ID ASC"), sorted_by((day, True), (number, False))),
        (("START_DATE_TIME ASC", "ID DESC", "UPDATED DESC"), sorted_by((day, False), (number, True))),
        (("UPDATED DESC", "START_DATE_TIME ASC"), sorted_by((stamp, True), (day, False), (number, True))),
        (("ID DESC", "UPDATED ASC"), sorted_by((number, True))),
        (("UPDATED ASC", "UPDATED ASC"), sorted_by((stamp, False), (number, False))),
    ):
        assert ids(ordered(filled, *fields)) == expected, fields
        walked = [ids(ordered(filled, *fields, query=f"?limit=3&offset={offset}")) for offset in range(0, 12, 3)]
        assert [number for part in walked for number in part] == expected, fields


@pytest.mark.parametrize("fields", [("ID ASC", "ID DESC"), ("UPDATED DESC", "ID ASC", "UPDATED ASC")])
def test_one_field_in_both_directions_is_refused(world: Any, fields: tuple[str, ...]) -> None:
    missing(ordered(world, *fields), 400)


def test_search_by_author(filled: Any) -> None:
    assert ids(filled.cloud("POST", "fred", "worklogs/search", {"authorIds": [DAVID, ERICA]})) == [4, 5, 10]
    assert ids(filled.cloud("POST", "fred", "worklogs/search", {"authorIds": ["nobody"]})) == []
    nulls = dict.fromkeys(("from", "to", "updatedFrom", "projectIds", "issueIds", "authorIds", "orderBy"))
    assert ids(filled.cloud("POST", "fred", "worklogs/search", nulls)) == EVERY


@pytest.mark.parametrize("name", ["from", "to", "updatedFrom"])
@pytest.mark.parametrize(
    "value", ["2013-11-4", "2013-02-30", "20131114", "2013-W46-1", "14.11.2013", "yesterday", "", "2013-11-14T09:00"]
)
def test_wrong_days_are_named(world: Any, name: str, value: str) -> None:
    paths = ["worklogs", f"worklogs/user/{BOB}", "worklogs/team/3", f"worklogs/issue/{CLOUD}",
             f"worklogs/project/{CLOUD_PROJECT}", "worklogs/account/CLOUD-DEV"]  # fmt: skip
    answers = [world.cloud("GET", "bob", f"{path}?{name}={value}") for path in paths]
    answers.append(world.cloud("POST", "bob", "worklogs/search", {name: value}))
    for answer in answers:
        missing(answer, 400)
        assert f"'{name}' must be valid on the format: 'yyyy-MM-dd'" in answer.json["errors"][0]["message"]


def test_a_moment_is_no_day(world: Any) -> None:
    missing(world.cloud("GET", "bob", "worklogs?from=2013-11-14T00:00:00Z"), 400)


def test_unknown_issues_and_projects_are_404_for_the_whole(filled: Any) -> None:
    for query in ("issueId=99999", f"issueId={CLOUD}&issueId=99999", "projectId=99999"):
        missing(filled.cloud("GET", "fred", f"worklogs?{query}"))
    for query in ("issueId=CLOUD-3", f"issueId={CLOUD},{HR}", "projectId=x"):
        missing(filled.cloud("GET", "fred", f"worklogs?{query}"), 400)


# By user, team, issue, project and account.


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"user/{BOB}", [3, 2, 1, 8, 9]),
        ("team/3", [3, 2, 1, 8, 10]),
        (f"issue/{CLOUD}", [2, 4, 1, 5, 8, 9, 10]),
        (f"project/{SAFE_PROJECT}", [6]),
        ("account/CLOUD-DEV", []),
    ],
)
def test_lists_of_one(filled: Any, path: str, expected: list[int]) -> None:
    whole = filled.cloud("GET", "fred", f"worklogs/{path}")
    assert ids(whole) == expected
    assert whole.json["self"] == f"{BASE}/worklogs/{path}"
    window = [number for number in expected if number in (1, 2, 3, 4, 5)]
    assert ids(filled.cloud("GET", "fred", f"worklogs/{path}?from=2013-11-11&to=2013-11-13")) == window
    changed = [number for number in expected if number in (3, 9, 10)]
    assert ids(filled.cloud("GET", "fred", f"worklogs/{path}?updatedFrom=2013-11-15T19:00:00Z")) == changed
    first = filled.cloud("GET", "fred", f"worklogs/{path}?limit=1")
    assert ids(first) == expected[:1]
    assert ("next" in first.json["metadata"]) is (len(expected) > 1)


@pytest.mark.parametrize(
    "path", ["user/nobody", "team/99", "issue/99999", "project/99999", "account/NONE", "issue/CLOUD-3", "project/CLOUD"]
)
def test_lists_of_what_is_unknown_are_404(world: Any, path: str) -> None:
    missing(world.cloud("GET", "fred", f"worklogs/{path}"))


def test_lists_of_what_is_known_and_not_permitted_are_empty(filled: Any) -> None:
    for path in (f"user/{LAURA}", f"issue/{SAFE}", f"project/{SAFE_PROJECT}"):
        assert ids(filled.cloud("GET", "bob", f"worklogs/{path}")) == [], path
    assert ids(filled.cloud("GET", "bob", f"worklogs?issueId={SAFE}")) == []


def test_lists_of_what_is_not_permitted_are_404_when_set_so(filled: Any) -> None:
    filled.site.settings.update({"worklogs.hiddenFilter": "404"})
    for path in (f"worklogs/user/{LAURA}", f"worklogs/issue/{SAFE}", f"worklogs/project/{SAFE_PROJECT}",
                 f"worklogs?issueId={SAFE}", f"worklogs?issueId={CLOUD}&projectId={SAFE_PROJECT}"):  # fmt: skip
        missing(filled.cloud("GET", "bob", path))
    for who, path in (("bob", f"user/{BOB}"), ("erica", f"user/{BOB}"), ("bob", f"issue/{CLOUD}")):
        assert ids(filled.cloud("GET", who, f"worklogs/{path}")) != [], path
    # Of a member of the team led something could be seen, on other days.
    assert filled.cloud("GET", "erica", f"worklogs/user/{DAVID}").status == 200
    assert ids(filled.cloud("POST", "bob", "worklogs/search", {"issueIds": [SAFE]})) == []


def test_a_team_that_one_may_not_see_is_404_whatever_one_sees_of_its_members(filled: Any) -> None:
    """Else somebody with Jira's View All Worklogs would learn who is in it."""
    missing(filled.cloud("GET", "bob", "worklogs/team/1"))
    assert ids(filled.cloud("GET", "bob", "worklogs/team/3")) != []


def test_worklogs_of_an_account_go_by_the_attribute(filled: Any) -> None:
    for key, of_type in (("_Account_", "ACCOUNT"), ("_Text_", "INPUT_FIELD")):
        filled.cloud("POST", "fred", "work-attributes", {"key": key, "name": key, "type": of_type})
    on = log(filled, BOB, CLOUD, "2013-11-14", attributes=[{"key": "_Account_", "value": "CLOUD-DEV"}])
    log(filled, BOB, CLOUD, "2013-11-14", attributes=[{"key": "_Account_", "value": "CLOUD-OPS"}])
    log(filled, BOB, CLOUD, "2013-11-14", attributes=[{"key": "_Text_", "value": "CLOUD-DEV"}])
    assert ids(filled.cloud("GET", "fred", "worklogs/account/CLOUD-DEV")) == [on]
    assert ids(filled.cloud("GET", "bob", "worklogs/account/CLOUD-DEV")) == [on]
    assert ids(filled.cloud("GET", "greta", "worklogs/account/CLOUD-DEV")) == []
    missing(filled.cloud("GET", "fred", "worklogs/account/1"))


# Whose: the recipe of a technical user.


def test_everybody_sees_their_own_and_leads_their_members_inside_memberships(filled: Any) -> None:
    assert ids(filled.cloud("GET", "bob", "worklogs")) == [3, 2, 1, 8, 9]
    assert ids(filled.cloud("GET", "greta", "worklogs")) == [7]
    # Erica leads the team of Bob, until 29 November, and David, from December on.
    assert ids(filled.cloud("GET", "erica", "worklogs")) == [3, 2, 1, 5, 8, 10]


def test_a_technical_user_sees_all_with_role_and_scope_alone(filled: Any) -> None:
    store = filled.site.store
    with store.transaction():
        # The group through which he may browse it in the guide.
        group = store.value("SELECT id FROM groups WHERE name = 'integrations'")
        store.run("DELETE FROM project_permissions WHERE project_id = ? AND group_id = ?", (SAFE_PROJECT, group))
    assert ids(filled.cloud("GET", "viewer", "worklogs")) == []
    made = role(filled, f"712020:{VIEWER}")
    visible = [number for number in EVERY if number != 6]
    assert ids(filled.cloud("GET", "viewer", "worklogs")) == visible, "all but the project that may not be browsed"
    assert ids(filled.cloud("POST", "viewer", "worklogs/search", {})) == visible
    for method, path in (("POST", "worklogs"), ("GET", "teams"), ("GET", "accounts"), ("DELETE", "worklogs/1")):
        assert filled.cloud(method, "viewer", path, {}).status == 403
    assert filled.cloud("GET", None, "worklogs", headers={"Authorization": "Bearer "}).status == 401
    filled.cloud("DELETE", "fred", f"permission-roles/{made}")
    assert ids(filled.cloud("GET", "viewer", "worklogs")) == []


def test_an_administrator_without_a_role_sees_own_work_only(world: Any) -> None:
    assert world.cloud("POST", "bob", "worklogs",
                       {"authorAccountId": BOB, "issueId": CLOUD, "startDate": "2013-11-14", "timeSpentSeconds": 60}
                       ).status == 200  # fmt: skip
    assert ids(world.cloud("GET", "fred", "worklogs")) == []
    role(world, FRED)
    assert ids(world.cloud("GET", "fred", "worklogs")) == [1]


def test_view_all_worklogs_of_jira_counts_project_by_project(filled: Any) -> None:
    store = filled.site.store
    with store.transaction():
        group = store.value("SELECT id FROM groups WHERE name = 'cloud-dev-user'")
        store.insert_row(
            "project_permissions", project_id=HR_PROJECT, group_id=group, permission="io.tempo.jira__view-all-worklogs"
        )
    assert ids(filled.cloud("GET", "bob", "worklogs")) == [3, 2, 1, 7, 8, 9]
    assert filled.cloud("GET", "bob", "worklogs/7").status == 200
    missing(filled.cloud("GET", "bob", "worklogs/4"))


# Jira's ids and Tempo's.


def pairs(answer: Any) -> list[tuple[int, int]]:
    assert answer.status == 200, answer.text
    assert set(answer.json) == {"self", "metadata", "results"}
    assert all(set(one) == {"tempoWorklogId", "jiraWorklogId"} for one in answer.json["results"])
    return [(one["tempoWorklogId"], one["jiraWorklogId"]) for one in answer.json["results"]]


def test_ids_there_and_back(filled: Any) -> None:
    asked = {"tempoWorklogIds": [2, 1, 3, 99, 2]}
    found = pairs(filled.cloud("POST", "fred", "worklogs/tempo-to-jira", asked))
    assert [tempo for tempo, _ in found] == [1, 2, 3]
    jira = [number for _, number in found]
    assert len(set(jira)) == 3
    back = {"jiraWorklogIds": [str(number) for number in jira] + [10**9]}
    assert pairs(filled.cloud("POST", "fred", "worklogs/jira-to-tempo", back)) == found
    for path, body in (("tempo-to-jira", asked), ("jira-to-tempo", back)):
        first = filled.cloud("POST", "fred", f"worklogs/{path}?limit=2", body)
        assert pairs(first) == found[:2]
        assert first.json["metadata"]["next"].startswith(f"{BASE}/worklogs/{path}?")
        assert pairs(filled.cloud("POST", "fred", f"worklogs/{path}?limit=2&offset=2", body)) == found[2:]
        assert pairs(filled.cloud("POST", "greta", f"worklogs/{path}", body)) == [], "hidden ones are left out"


def test_pairs_of_ids_are_those_of_the_lists(filled: Any) -> None:
    """Whoever asks: the same worklogs, by id, page by page."""
    for who in ("fred", "bob", "erica", "viewer", "greta"):
        found = sorted(ids(filled.cloud("GET", who, "worklogs")))
        asked = {"tempoWorklogIds": [*range(1, 2000), *range(10), 2**63 - 1]}
        whole = pairs(filled.cloud("POST", who, "worklogs/tempo-to-jira", asked))
        assert [tempo for tempo, _ in whole] == found
        walked = [
            pairs(filled.cloud("POST", who, f"worklogs/tempo-to-jira?limit=2&offset={n}", asked)) for n in range(0, 12, 2)
        ]
        assert [pair for page in walked for pair in page] == whole
        back = {"jiraWorklogIds": [jira for _, jira in reversed(whole)] or [1]}
        assert pairs(filled.cloud("POST", who, "worklogs/jira-to-tempo", back)) == whole


@pytest.mark.parametrize(("path", "name"), [("tempo-to-jira", "tempoWorklogIds"), ("jira-to-tempo", "jiraWorklogIds")])
def test_wrong_lists_of_ids(world: Any, path: str, name: str) -> None:
    for body in ({}, {name: []}, {name: None}, {name: 3}, {name: ["x"]}, {name: [None]}, {name: [1.5]}, [], None):
        missing(world.cloud("POST", "fred", f"worklogs/{path}", body), 400)
