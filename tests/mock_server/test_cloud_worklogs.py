"""Worklogs of Tempo Cloud, one by one and written (vendor's OpenAPI of v4, help pages, what clients saw)."""

from typing import Any

import pytest

BASE = "http://localhost"
FRED = "5b10a2844c20165700ede21f"
ERICA = "5b10a2844c20165700ede220"
BOB = "5b10a2844c20165700ede223"
GRETA = "5b10a2844c20165700ede225"
OLAF = "712020:1c8f62d3-88bb-4e1f-8e54-7a2a1d3b0f22"
CLOUD, SAFE, INTERNAL = 10202, 10220, 10240
"""Issues: one that all browse, one that only some do, and an internal one."""

ENTRY = {"authorAccountId": BOB, "issueId": CLOUD, "startDate": "2013-11-14", "timeSpentSeconds": 3600}
MEMBERS = {"self", "tempoWorklogId", "issue", "timeSpentSeconds", "billableSeconds", "startDate", "startTime",
           "startDateTimeUtc", "description", "createdAt", "updatedAt", "author", "attributes"}  # fmt: skip


@pytest.fixture
def world(idle_world: Any) -> Any:
    """Without work but what a test logs."""
    return idle_world


def log(world: Any, who: str = "bob", **values: Any) -> dict[str, Any]:
    answer = world.cloud("POST", who, "worklogs", {**ENTRY, **values})
    assert answer.status == 200, answer.text
    return answer.json


def refused(answer: Any, status: int = 400) -> list[str]:
    assert answer.status == status, answer.text
    return [error["message"] for error in answer.json["errors"]]


def setting(world: Any, **values: Any) -> None:
    named = {f"globalConfiguration.{name}": value for name, value in values.items()}
    assert world.put(None, "/_mock/settings", named).status == 200


def grant(world: Any, keys: list[str], who: str, teams: list[int] | None = None) -> int:
    body = {"name": "Test", "permissionKeys": [f"permissions.{key}" for key in keys], "permittedAccountIds": [who]}
    body |= {"accessType": "TEAM", "accessEntityIds": teams} if teams else {"accessType": "GLOBAL"}
    made = world.cloud("POST", "fred", "permission-roles", body)
    assert made.status == 200, made.text
    return int(made.json["id"])


def attribute(world: Any, key: str, **values: Any) -> None:
    made = world.cloud("POST", "fred", "work-attributes", {"key": key, "name": key, "type": "INPUT_FIELD", **values})
    assert made.status == 200, made.text


def count(world: Any) -> int:
    store = world.site.store
    with store.reading():
        return int(store.value("SELECT count(*) FROM worklogs"))


# Creating and reading.


def test_a_worklog_has_exactly_the_published_members(world: Any) -> None:
    world.set_clock("2013-11-15T10:20:30.999")
    attribute(world, "_Task_")
    made = log(
        world, startTime="09:30:00", description="Copied", billableSeconds=1800, attributes=[{"key": "_Task_", "value": "a"}]
    )
    number = made["tempoWorklogId"]
    assert made == {
        "self": f"{BASE}/4/worklogs/{number}",
        "tempoWorklogId": number,
        "issue": {"self": f"{BASE}/rest/api/2/issue/{CLOUD}", "id": CLOUD},
        "timeSpentSeconds": 3600,
        "billableSeconds": 1800,
        "startDate": "2013-11-14",
        "startTime": "09:30:00",
        "startDateTimeUtc": "2013-11-14T09:30:00Z",
        "description": "Copied",
        "createdAt": "2013-11-15T10:20:30Z",
        "updatedAt": "2013-11-15T10:20:30Z",
        "author": {"self": f"{BASE}/rest/api/2/user?accountId={BOB}", "accountId": BOB},
        "attributes": {
            "self": f"{BASE}/4/worklogs/{number}/work-attribute-values",
            "values": [{"key": "_Task_", "value": "a"}],
        },
    }
    assert world.cloud("GET", "bob", f"worklogs/{number}").json == made
    assert world.cloud("GET", "bob", f"worklogs/{number}?from=2020-01-01&to=2020-01-01&limit=0&offset=x").json == made


def test_defaults_of_what_is_left_out(world: Any) -> None:
    made = log(world)
    assert set(made) == MEMBERS - {"description"}, "what is not set is left out"
    assert (made["billableSeconds"], made["startTime"], made["attributes"]["values"]) == (3600, "08:00:00", [])
    world.put(None, "/_mock/settings", {"worklogs.startTime": "09:00:00", "worklogs.fillDescription": "on"})
    made = log(world)
    assert (made["startTime"], made["description"]) == ("09:00:00", "Working on issue CLOUD-3")


@pytest.mark.parametrize("issue", [CLOUD, str(CLOUD), float(CLOUD)])
@pytest.mark.parametrize("more", [{}, {"startTime": "10:00:00"}, {"attributes": None}, {"attributes": []}])
def test_issue_id_as_number_or_text_with_and_without_the_rest(world: Any, issue: Any, more: dict[str, Any]) -> None:
    assert log(world, issueId=issue, **more)["issue"]["id"] == CLOUD


@pytest.mark.parametrize("missing", [{"issueId": None}, {}])
def test_missing_issue_id_in_the_words_clients_know(world: Any, missing: dict[str, Any]) -> None:
    body = {name: value for name, value in ENTRY.items() if name != "issueId"} | missing
    assert refused(world.cloud("POST", "bob", "worklogs", body)) == ["Issue id cannot be null"]


@pytest.mark.parametrize("author", ["nobody", "bob", "bob@example.org", OLAF])
def test_unknown_author_in_the_words_clients_know(world: Any, author: str) -> None:
    assert refused(world.cloud("POST", "fred", "worklogs", {**ENTRY, "authorAccountId": author})) == ["User is invalid"]


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("authorAccountId", [None, "", 3]),
        ("issueId", [0, -1, "", "CLOUD-3", "10202x", True, 10202.5, [], 2**70]),
        ("startDate", [None, "", "14.11.2013", "2013-11-4", "20131114", "2013-W46-4", "2013-02-30", "2013-11-14T00:00:00Z", 3]),
        ("timeSpentSeconds", [None, 0, -1, "x", 1.5, True, 2**70]),
        ("billableSeconds", [-1, "x", 1.5]),
        ("startTime", ["09:30", "9", "24:00:00", "09:60:00", "09:30:00Z", "09:30:00\n", "9am", 34200]),
        ("remainingEstimateSeconds", [-1, "x"]),
        ("description", [3, {}]),
        ("attributes", ["x", [3], [{"value": "x"}], [{"key": ""}], [{"key": "_None_", "value": "x"}]]),
    ],
)
def test_wrong_values(world: Any, field: str, values: list[Any]) -> None:
    for value in values:
        assert refused(world.cloud("POST", "bob", "worklogs", {**ENTRY, field: value})), value
    assert count(world) == 0


@pytest.mark.parametrize("field", ["authorAccountId", "startDate", "timeSpentSeconds"])
def test_required_fields(world: Any, field: str) -> None:
    body = {name: value for name, value in ENTRY.items() if name != field}
    assert any(field in message for message in refused(world.cloud("POST", "bob", "worklogs", body)))


@pytest.mark.parametrize(("sent", "stored"), [("7:05:09", "07:05:09"), ("23:59:59", "23:59:59"), ("0:00:00", "00:00:00")])
def test_start_times(world: Any, sent: str, stored: str) -> None:
    assert log(world, startTime=sent)["startTime"] == stored


def test_start_in_utc_goes_by_the_authors_zone(world: Any) -> None:
    for zone, day, expected in (
        ("America/New_York", "2013-07-01", "2013-07-01T12:00:00Z"),
        ("America/New_York", "2013-11-14", "2013-11-14T13:00:00Z"),
        ("Asia/Tokyo", "2013-11-14", "2013-11-13T23:00:00Z"),
        ("Asia/Tokyo", "0500-01-02", "0500-01-01T22:41:01Z"),
    ):
        with world.site.store.transaction():
            world.site.store.run("UPDATE people SET time_zone = ? WHERE name = 'bob'", (zone,))
        assert log(world, startDate=day)["startDateTimeUtc"] == expected
    assert log(world, startDate="0001-01-01", startTime="00:00:00")["startDate"] == "0001-01-01"


def test_internal_issues_are_never_billable(world: Any) -> None:
    made = log(world, issueId=INTERNAL, billableSeconds=3600)
    assert made["billableSeconds"] == 0
    assert log(world, issueId=INTERNAL)["billableSeconds"] == 0
    body = {name: value for name, value in ENTRY.items() if name != "issueId"} | {"billableSeconds": 60}
    assert world.cloud("PUT", "bob", f"worklogs/{made['tempoWorklogId']}", body).json["billableSeconds"] == 0
    assert log(world, billableSeconds=0)["billableSeconds"] == 0


# What the global configuration asks for.


def test_hours_of_a_day(world: Any) -> None:
    setting(world, maxHoursPerDayPerUser=8)
    first = log(world, timeSpentSeconds=7 * 3600)["tempoWorklogId"]
    assert log(world, timeSpentSeconds=3600)
    assert refused(world.cloud("POST", "bob", "worklogs", {**ENTRY, "timeSpentSeconds": 1}))
    assert log(world, startDate="2013-11-13", timeSpentSeconds=8 * 3600), "another day"
    assert log(world, "greta", authorAccountId=GRETA, timeSpentSeconds=8 * 3600), "another person"
    body = {name: value for name, value in ENTRY.items() if name != "issueId"}
    assert world.cloud("PUT", "bob", f"worklogs/{first}", {**body, "timeSpentSeconds": 7 * 3600}).status == 200
    assert refused(world.cloud("PUT", "bob", f"worklogs/{first}", {**body, "timeSpentSeconds": 7 * 3600 + 1}))


def test_without_a_limit_of_hours_any_number_will_do(world: Any) -> None:
    assert refused(world.cloud("POST", "bob", "worklogs", {**ENTRY, "timeSpentSeconds": 24 * 3600 + 1}))
    setting(world, maxHoursPerDayPerUser="none")
    for _ in range(3):
        assert log(world, timeSpentSeconds=2**63 - 1)["timeSpentSeconds"] == 2**63 - 1


def test_days_ahead(world: Any) -> None:
    setting(world, numberOfDaysAllowedIntoFuture=2)
    assert log(world, startDate="2013-11-17")
    assert refused(world.cloud("POST", "bob", "worklogs", {**ENTRY, "startDate": "2013-11-18"}))
    world.set_clock("2013-11-16")
    assert log(world, startDate="2013-11-18")


def test_description_and_estimate_where_they_must_be_given(world: Any) -> None:
    setting(world, worklogDescriptionOptional="off", remainingEstimateOptional="off")
    refused(world.cloud("POST", "bob", "worklogs", {**ENTRY, "remainingEstimateSeconds": 0}))
    for text in ("", None):
        refused(world.cloud("POST", "bob", "worklogs", {**ENTRY, "remainingEstimateSeconds": 0, "description": text}))
    assert refused(world.cloud("POST", "bob", "worklogs", {**ENTRY, "description": "x"})) == [
        "Remaining estimate must not be empty"
    ]
    assert log(world, description="x", remainingEstimateSeconds=0)


def test_required_attributes_in_the_words_clients_know(world: Any) -> None:
    attribute(world, "_Task_", name="Task", required=True)
    attribute(world, "_Travel_", name="Travel time", required=True)
    expected = ["Work attribute Task (_Task_) is required", "Work attribute Travel time (_Travel_) is required"]
    for attributes in ([], None, [{"key": "_Task_"}], [{"key": "_Task_", "value": ""}]):
        assert refused(world.cloud("POST", "bob", "worklogs", {**ENTRY, "attributes": attributes})) == expected
    travel = [{"key": "_Task_", "value": "a"}, {"key": "_Travel_", "value": "b"}]
    assert log(world, attributes=travel)["attributes"]["values"] == travel


def test_work_is_not_booked_on_closed_accounts_unless_allowed(world: Any) -> None:
    attribute(world, "_Account_", type="ACCOUNT")

    def on(key: str) -> Any:
        return world.cloud("POST", "bob", "worklogs", {**ENTRY, "attributes": [{"key": "_Account_", "value": key}]})

    assert on("CLOUD-DEV").status == 200
    refused(on("NO-SUCH-KEY"))
    refused(on("SAFE-2012"))
    setting(world, allowLoggingOnClosedAccount="on")
    assert on("SAFE-2012").status == 200


# Changing and deleting.


def test_put_replaces_all_but_the_issue(world: Any) -> None:
    attribute(world, "_Task_")
    made = log(world, startTime="09:30:00", description="x", billableSeconds=60, attributes=[{"key": "_Task_", "value": "a"}])
    world.set_clock("2013-11-16")
    body = {"authorAccountId": BOB, "startDate": "2013-11-13", "timeSpentSeconds": 120, "issueId": SAFE}
    put = world.cloud("PUT", "bob", f"worklogs/{made['tempoWorklogId']}", body)
    assert put.status == 200
    assert put.json["issue"] == made["issue"], "a worklog cannot be moved"
    assert (put.json["startDate"], put.json["timeSpentSeconds"], put.json["billableSeconds"]) == ("2013-11-13", 120, 120)
    assert (put.json["startTime"], put.json.get("description", ""), put.json["attributes"]["values"]) == ("08:00:00", "", [])
    assert (put.json["createdAt"], put.json["updatedAt"]) == (made["createdAt"], "2013-11-16T00:00:00Z")
    assert world.cloud("GET", "bob", f"worklogs/{made['tempoWorklogId']}").json == put.json


def test_put_errors(world: Any) -> None:
    number = log(world)["tempoWorklogId"]
    body = {name: value for name, value in ENTRY.items() if name != "issueId"}
    before = world.cloud("GET", "bob", f"worklogs/{number}").json
    for wrong in ({"authorAccountId": "nobody"}, {"startTime": "9:30"}, {"timeSpentSeconds": 0}, {"startDate": None}):
        refused(world.cloud("PUT", "bob", f"worklogs/{number}", {**body, **wrong}))
    refused(world.cloud("PUT", "bob", "worklogs/999", body), 404)
    assert world.cloud("GET", "bob", f"worklogs/{number}").json == before


@pytest.mark.parametrize("query", ["", "?bypassPeriodClosuresAndApprovals=true"])
def test_delete(world: Any, query: str) -> None:
    number = log(world)["tempoWorklogId"]
    assert world.cloud("DELETE", "bob", f"worklogs/{number}{query}").status == 204
    for method in ("GET", "DELETE"):
        assert refused(world.cloud(method, "bob", f"worklogs/{number}"), 404)
    assert log(world)["tempoWorklogId"] > number, "an id is never given out twice"


def test_a_deletion_that_cannot_be_read_deletes_nothing(world: Any) -> None:
    number = log(world)["tempoWorklogId"]
    for value in ("banana", "", "2"):
        answer = world.cloud("DELETE", "bob", f"worklogs/{number}?bypassPeriodClosuresAndApprovals={value}")
        assert "bypassPeriodClosuresAndApprovals" in refused(answer)[0]
    assert world.cloud("GET", "bob", f"worklogs/{number}").status == 200


# Who may.


def test_hidden_worklogs_are_404_to_read_change_and_delete(world: Any) -> None:
    number = log(world)["tempoWorklogId"]
    body = {name: value for name, value in ENTRY.items() if name != "issueId"}
    for method, more in (("GET", {}), ("PUT", {"json": body}), ("DELETE", {})):
        refused(world.cloud(method, "greta", f"worklogs/{number}", **more), 404)
        unknown = world.cloud(method, "greta", "worklogs/999", **more)
        assert unknown.text.replace("999", str(number)) == world.cloud(method, "greta", f"worklogs/{number}", **more).text
    assert world.cloud("GET", "bob", f"worklogs/{number}").status == 200


def test_issues_that_one_may_not_browse_are_unknown(world: Any) -> None:
    hidden = refused(world.cloud("POST", "bob", "worklogs", {**ENTRY, "issueId": SAFE}))
    assert hidden == refused(world.cloud("POST", "bob", "worklogs", {**ENTRY, "issueId": 99999}))


def test_nobody_logs_for_others_without_the_right(world: Any) -> None:
    for who in ("greta", "fred", "viewer"):
        assert world.cloud("POST", who, "worklogs", ENTRY).status == 403, who
    assert count(world) == 0


def test_manage_worklogs_of_a_role_lets_log_change_and_delete(world: Any) -> None:
    grant(world, ["worklog.view", "worklog.manage"], GRETA, [3])
    number = log(world, "greta")["tempoWorklogId"]
    body = {name: value for name, value in ENTRY.items() if name != "issueId"}
    assert world.cloud("PUT", "greta", f"worklogs/{number}", {**body, "description": "x"}).status == 200
    assert world.cloud("DELETE", "greta", f"worklogs/{number}").status == 204
    assert world.cloud("POST", "greta", "worklogs", {**ENTRY, "authorAccountId": FRED}).status == 403, "not in the team"


def test_view_worklogs_alone_does_not_let_write(world: Any) -> None:
    grant(world, ["worklog.view"], GRETA)
    number = log(world)["tempoWorklogId"]
    body = {name: value for name, value in ENTRY.items() if name != "issueId"}
    assert world.cloud("GET", "greta", f"worklogs/{number}").status == 200
    assert world.cloud("PUT", "greta", f"worklogs/{number}", body).status == 403
    assert world.cloud("DELETE", "greta", f"worklogs/{number}").status == 403
    assert world.cloud("POST", "greta", "worklogs", ENTRY).status == 403


def test_a_lead_writes_for_members_and_full_access_for_everybody(world: Any) -> None:
    assert log(world, "erica")["author"]["accountId"] == BOB
    assert world.cloud("POST", "erica", "worklogs", {**ENTRY, "authorAccountId": GRETA}).status == 403
    grant(world, ["worklog.manage"], ERICA)
    assert log(world, "erica", authorAccountId=GRETA)["author"]["accountId"] == GRETA


def test_a_worklog_is_given_to_others_only_with_rights_over_both(world: Any) -> None:
    number = log(world)["tempoWorklogId"]
    body = {"authorAccountId": GRETA, "startDate": "2013-11-14", "timeSpentSeconds": 60}
    assert world.cloud("PUT", "bob", f"worklogs/{number}", body).status == 403
    assert world.cloud("PUT", "erica", f"worklogs/{number}", body).status == 403
    grant(world, ["worklog.view"], GRETA)
    assert world.cloud("PUT", "greta", f"worklogs/{number}", body).status == 403, "nor taken from them"
    grant(world, ["worklog.view", "worklog.manage"], ERICA)
    assert world.cloud("PUT", "erica", f"worklogs/{number}", body).json["author"]["accountId"] == GRETA


def test_own_worklogs_need_jiras_permissions(world: Any) -> None:
    number = log(world)["tempoWorklogId"]
    body = {name: value for name, value in ENTRY.items() if name != "issueId"}
    store = world.site.store
    for permission, method, path, json in (
        ("WORK_ON_ISSUES", "POST", "worklogs", ENTRY),
        ("EDIT_OWN_WORKLOGS", "PUT", f"worklogs/{number}", body),
        ("DELETE_OWN_WORKLOGS", "DELETE", f"worklogs/{number}", {}),
    ):
        with store.transaction():
            store.run("DELETE FROM project_permissions WHERE permission = ?", (permission,))
        assert world.cloud(method, "bob", path, json).status == 403, permission
    assert world.cloud("GET", "bob", f"worklogs/{number}").status == 200


# Bulk.

ONE = {name: value for name, value in ENTRY.items() if name != "issueId"} | {"timeSpentSeconds": 60}
BULK = f"worklogs/issue/{CLOUD}/bulk"


@pytest.mark.parametrize("number", [1, 50])
def test_bulk_answers_a_bare_list_in_the_order_sent(world: Any, number: int) -> None:
    answer = world.cloud("POST", "bob", BULK, [{**ONE, "timeSpentSeconds": 60 + n} for n in range(number)])
    assert answer.status == 200
    assert [one["timeSpentSeconds"] for one in answer.json] == [60 + n for n in range(number)]
    assert all(set(one) == MEMBERS - {"description"} and one["issue"]["id"] == CLOUD for one in answer.json)
    assert count(world) == number


@pytest.mark.parametrize("body", [[], [ONE] * 51, {}, ONE, None, "x", [None], [[]]])
def test_bulk_takes_one_to_fifty(world: Any, body: Any) -> None:
    refused(world.cloud("POST", "bob", BULK, body))
    assert count(world) == 0


@pytest.mark.parametrize(
    "last",
    [
        {"startTime": "9:30"}, {"authorAccountId": "nobody"}, {"timeSpentSeconds": 24 * 3600}, {"startDate": "2020-01-01"},
        {"attributes": [{"key": "_None_", "value": "x"}]},
    ],
)  # fmt: skip
def test_bulk_is_all_or_nothing(world: Any, last: dict[str, Any]) -> None:
    refused(world.cloud("POST", "bob", BULK, [ONE, ONE, {**ONE, **last}]))
    assert count(world) == 0
    assert world.audit() == []


def test_bulk_on_what_is_unknown_hidden_or_not_ones_own(world: Any) -> None:
    refused(world.cloud("POST", "bob", "worklogs/issue/99999/bulk", [ONE]))
    refused(world.cloud("POST", "bob", f"worklogs/issue/{SAFE}/bulk", [ONE]))
    assert world.cloud("POST", "bob", BULK, [ONE, {**ONE, "authorAccountId": GRETA}]).status == 403
    assert count(world) == 0
