"""The audit feed of Tempo Cloud (vendor's OpenAPI of v4, help page on the audit log)."""

import json
from typing import Any

import pytest

FRED = "5b10a2844c20165700ede21f"
ERICA = "5b10a2844c20165700ede220"
BOB = "5b10a2844c20165700ede223"
CLOUD, INTERNAL = 10202, 10240
PAST = {"from": "2013-11-01T00:00:00Z"}
ENTRY = {"authorAccountId": BOB, "issueId": CLOUD, "startDate": "2013-11-14", "timeSpentSeconds": 3600}
PLAN = {"assigneeId": BOB, "assigneeType": "USER", "planItemId": str(CLOUD), "planItemType": "ISSUE",
        "startDate": "2013-12-02", "endDate": "2013-12-06", "plannedSecondsPerDay": 3600}  # fmt: skip


@pytest.fixture
def world(idle_world: Any) -> Any:
    """Without work but what a test logs."""
    return idle_world


def feed(world: Any, query: str = "", **asked: Any) -> list[dict[str, Any]]:
    answer = world.cloud("POST", "fred", f"papertrail/search{query}", {**PAST, **asked})
    assert answer.status == 200, answer.text
    found: list[dict[str, Any]] = answer.json["results"]
    return found


def made(world: Any, method: str, path: str, body: Any = None, who: str = "fred") -> Any:
    answer = world.cloud(method, who, path, *([] if body is None else [body]))
    assert answer.status in (200, 204), answer.text
    return answer.json if answer.body else None


def log(world: Any, who: str = "bob", **values: Any) -> int:
    return int(made(world, "POST", "worklogs", {**ENTRY, **values}, who)["tempoWorklogId"])


def plan_for_all(world: Any) -> None:
    body = {"name": "P", "accessType": "GLOBAL", "permittedAccountIds": [FRED],
            "permissionKeys": ["permissions.plan.view", "permissions.plan.manage"]}  # fmt: skip
    made(world, "POST", "permission-roles", body)


def fields(event: dict[str, Any]) -> dict[str, tuple[str | None, str | None]]:
    return {change["field"]: (change["previous"], change["new"]) for change in event["changes"]}


def test_nothing_that_was_seeded_is_in_the_feed(world: Any) -> None:
    assert feed(world) == []


def test_a_worklog_from_beginning_to_end(world: Any) -> None:
    made(world, "POST", "work-attributes", {"key": "_Task_", "name": "Task", "type": "INPUT_FIELD"})
    world.set_clock("2013-11-15T10:00:00.250")
    number = log(world, description="Copied", startTime="09:30:00", attributes=[{"key": "_Task_", "value": "a"}])
    world.set_clock("2013-11-15T11:00:00")
    made(world, "PUT", f"worklogs/{number}", {**ENTRY, "timeSpentSeconds": 60, "startTime": "09:30:00", "description": "Copied",
                                             "attributes": [{"key": "_Task_", "value": "b"}]}, "bob")  # fmt: skip
    world.set_clock("2013-11-15T12:00:00")
    made(world, "DELETE", f"worklogs/{number}", who="bob")
    created, updated, deleted = feed(world, entityType=["worklog"])
    assert created == {
        "timestamp": "2013-11-15T10:00:00.250Z",
        "action": "Created",
        "author": BOB,
        "entityType": "worklog",
        "entityId": str(number),
        "parentId": str(CLOUD),
        "changes": [
            {"field": "issueId", "previous": None, "new": str(CLOUD)},
            {"field": "authorAccountId", "previous": None, "new": BOB},
            {"field": "startDate", "previous": None, "new": "2013-11-14"},
            {"field": "startTime", "previous": None, "new": "09:30:00"},
            {"field": "timeSpentSeconds", "previous": None, "new": "3600"},
            {"field": "billableSeconds", "previous": None, "new": "3600"},
            {"field": "description", "previous": None, "new": "Copied"},
            {"field": "_Task_", "previous": None, "new": "a"},
        ],
        "worker": BOB,
    }
    assert (updated["action"], updated["timestamp"]) == ("Updated", "2013-11-15T11:00:00.000Z")
    assert fields(updated) == {"timeSpentSeconds": ("3600", "60"), "billableSeconds": ("3600", "60"), "_Task_": ("a", "b")}
    assert (deleted["action"], deleted["timestamp"], deleted["entityId"]) == (
        "Deleted",
        "2013-11-15T12:00:00.000Z",
        str(number),
    )
    assert fields(deleted)["timeSpentSeconds"] == ("60", None)
    assert fields(deleted)["_Task_"] == ("b", None)


def test_attributes_that_stay_are_no_change_even_at_one_moment(world: Any) -> None:
    for key in ("_A_", "_B_"):
        made(world, "POST", "work-attributes", {"key": key, "name": key, "type": "INPUT_FIELD"})
    number = log(world, attributes=[{"key": "_A_", "value": "1"}])
    for value in ("1", "2"):
        sent = [{"key": "_A_", "value": "1"}, {"key": "_B_", "value": value}]
        made(world, "PUT", f"worklogs/{number}", {**ENTRY, "attributes": sent}, "bob")
    _, first, second = feed(world, entityType=["worklog"])
    assert (fields(first), fields(second)) == ({"_B_": (None, "1")}, {"_B_": ("1", "2")})
    added = [{"tempoWorklogId": log(world), "attributeValues": [{"key": "_A_", "value": "3"}]}]
    made(world, "POST", "worklogs/work-attribute-values", added, "bob")
    assert fields(feed(world, entityType=["worklog"])[-1]) == {"_A_": (None, "3")}


def test_a_plan_from_beginning_to_end(world: Any) -> None:
    plan_for_all(world)
    number = made(world, "POST", "plans", PLAN)["id"]
    made(world, "PUT", f"plans/{number}", {**PLAN, "endDate": "2013-12-05"})
    made(world, "DELETE", f"plans/{number}/partial/2013-12-03")
    made(world, "DELETE", f"plans/{number}")
    created, updated, partial, deleted = feed(world, entityType=["allocation"])
    assert (created["entityType"], created["entityId"], created["parentId"]) == ("allocation", str(number), str(CLOUD))
    assert (created["author"], created["worker"]) == (FRED, BOB)
    told = {name: new for name, (_, new) in fields(created).items()}
    sent = {**PLAN, "plannedSecondsPerDay": "3600"}
    assert {name: told[name] for name in sent} == sent
    assert fields(updated) == {"endDate": ("2013-12-06", "2013-12-05")}
    assert fields(partial) == {"removedDays": (None, "2013-12-03")}
    assert (deleted["action"], fields(deleted)["assigneeId"]) == ("Deleted", (BOB, None))


def test_a_plan_of_a_generic_resource_has_no_worker(world: Any) -> None:
    plan_for_all(world)
    resource = made(world, "POST", "generic-resources", {"name": "Painter"})["id"]
    body = {**PLAN, "assigneeId": str(resource), "assigneeType": "GENERIC", "planItemId": "10010", "planItemType": "PROJECT"}
    made(world, "POST", "plans", body)
    (event,) = feed(world, entityType=["allocation"])
    assert "worker" not in event
    assert event["parentId"] == "10010"
    assert fields(event)["assigneeId"] == (None, str(resource))
    assert fields(event)["assigneeType"] == (None, "GENERIC")


def test_a_deleted_issue_takes_its_worklogs_with_it(world: Any, jira_cloud: Any) -> None:
    store = world.site.store
    with store.transaction():
        store.run("INSERT OR IGNORE INTO project_permissions (project_id, permission, group_id) "
                  "SELECT i.project_id, 'DELETE_ISSUES', m.group_id FROM issues i, group_members m, people p "
                  "WHERE i.id = ? AND p.id = m.person_id AND p.name = 'fred'", (CLOUD,))  # fmt: skip
    numbers = {str(log(world)) for _ in range(3)}
    kept = log(world, issueId=INTERNAL)
    gone = jira_cloud.call("DELETE", "fred", f"issue/{CLOUD}")
    assert gone.status == 204, gone.text
    deleted = feed(world, action=["Deleted"], entityType=["worklog"])
    assert {event["entityId"] for event in deleted} == numbers != {str(kept)}
    assert {(event["author"], event["worker"], event["parentId"]) for event in deleted} == {(FRED, BOB, str(CLOUD))}


MADE: list[tuple[str, str, dict[str, Any], dict[str, str]]] = [
    ("account", "accounts", {"key": "K", "name": "Kayaks", "leadAccountId": FRED, "global": True, "monthlyBudget": 7},
     {"key": "K", "name": "Kayaks", "leadAccountId": FRED, "global": "true", "monthlyBudget": "7", "status": "OPEN"}),
    ("accountcategory", "account-categories", {"key": "C", "name": "Craft"}, {"key": "C", "name": "Craft"}),
    ("customer", "customers", {"key": "D", "name": "Dinghies"}, {"key": "D", "name": "Dinghies"}),
    ("role", "roles", {"name": "Bosun"}, {"name": "Bosun", "default": "false"}),
    ("program", "programs", {"name": "Fleet", "managerAccountId": ERICA}, {"name": "Fleet", "managerAccountId": ERICA}),
    ("team", "teams", {"name": "Crew", "leadAccountId": ERICA, "public": False},
     {"name": "Crew", "leadAccountId": ERICA, "public": "false", "administrative": "false"}),
    ("workattribute", "work-attributes", {"key": "_W_", "name": "Wind", "type": "INPUT_FIELD"},
     {"key": "_W_", "name": "Wind", "type": "INPUT_FIELD", "required": "false"}),
    ("holidayscheme", "holiday-schemes", {"name": "Calm"}, {"name": "Calm", "defaultScheme": "false"}),
    ("permissiongroup", "permission-roles",
     {"name": "Mates", "accessType": "GLOBAL", "permissionKeys": ["permissions.plan.view", "permissions.worklog.view"],
      "permittedAccountIds": [BOB]},
     {"name": "Mates", "accessType": "GLOBAL", "permissionKeys": "permissions.plan.view, permissions.worklog.view",
      "permittedAccountIds": BOB}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "path", "body", "told"), MADE, ids=[case[0] for case in MADE])
def test_what_is_made_and_removed(world: Any, kind: str, path: str, body: dict[str, Any], told: dict[str, str]) -> None:
    bean = made(world, "POST", path, body)
    number = str(bean.get("id", bean.get("key", "")))
    (created,) = feed(world, entityType=[kind])
    assert (created["action"], created["author"], created["entityId"]) == ("Created", FRED, number)
    assert created["parentId"] == ""
    assert "worker" not in created
    seen = fields(created)
    assert {name: new for name, (_, new) in seen.items() if name != "values"} == told
    assert {previous for previous, _ in seen.values()} == {None}
    by = body["key"] if kind in ("account", "accountcategory", "customer") else number
    made(world, "DELETE", f"{path}/{by}")
    deleted = feed(world, entityType=[kind], action=["Deleted"])
    assert [(event["entityId"], fields(event)["name"]) for event in deleted] == [(number, (body["name"], None))]


def test_what_stands_in_something_else_tells_its_parent(world: Any) -> None:
    team = made(world, "POST", "teams", {"name": "Crew"})["id"]
    term = {"accountId": BOB, "teamId": team, "from": "2013-11-04", "to": "2013-11-30", "commitmentPercent": 50}
    membership = made(world, "POST", "team-memberships", term)["id"]
    link = made(world, "POST", "team-links", {"teamId": team, "scopeId": 10010, "scopeType": "PROJECT"})["id"]
    scheme = made(world, "POST", "holiday-schemes", {"name": "Calm"})["id"]
    day = {"type": "FIXED", "name": "Regatta", "date": "2013-12-02", "durationSeconds": 3600}
    holiday = made(world, "POST", f"holiday-schemes/{scheme}/holidays", day)["id"]
    made(world, "POST", f"holiday-schemes/{scheme}/members", {"accountIds": [BOB]})
    made(world, "POST", "accounts", {"key": "K", "name": "Kayaks", "leadAccountId": FRED})
    linked = made(world, "POST", "account-links", {"accountKey": "K", "scopeId": 10010, "scopeType": "PROJECT"})["id"]
    account = feed(world, entityType=["account"])[0]["entityId"]
    kinds = ["teammembership", "teamlink", "holiday", "accountlink"]
    told = [(event["entityType"], event["entityId"], event["parentId"]) for event in feed(world, entityType=kinds)]
    assert told == [
        ("teammembership", str(membership), str(team)),
        ("teamlink", str(link), str(team)),
        ("holiday", str(holiday), str(scheme)),
        ("accountlink", str(linked), account),
    ]
    (joined,) = feed(world, entityType=["teammembership"])
    assert {name: new for name, (_, new) in fields(joined).items()} == {
        "teamId": str(team), "accountId": BOB, "roleId": "1", "from": "2013-11-04", "to": "2013-11-30",
        "commitmentPercent": "50",
    }  # fmt: skip
    moved = feed(world, entityType=["holidaymembership"])[-1]
    assert (moved["entityId"], moved["parentId"], fields(moved)["schemeId"][1]) == (BOB, str(scheme), str(scheme))
    made(world, "DELETE", f"teams/{team}")
    gone = feed(world, entityType=["teammembership", "teamlink", "team"], action=["Deleted"])
    assert {(event["entityType"], event["parentId"]) for event in gone} == {
        ("team", ""), ("teammembership", str(team)), ("teamlink", str(team)),
    }  # fmt: skip


def test_days_of_a_workload_scheme_are_written_as_bodies_have_them(world: Any) -> None:
    names = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
    days = [{"day": name, "requiredSeconds": 3600 * number} for number, name in enumerate(names)]
    made(world, "POST", "workload-schemes", {"name": "Mondays", "days": days})
    (event,) = feed(world, entityType=["workload"])
    assert json.loads(fields(event)["days"][1] or "") == days


def test_an_internal_issue_is_told_and_what_happens_to_other_issues_is_not(world: Any) -> None:
    def put(issue: int, **body: Any) -> None:
        assert world.put(None, f"/_mock/internal-issues/{issue}", body).status == 200

    log(world)
    put(CLOUD)
    put(CLOUD, teams=[3])
    store = world.site.store
    with store.transaction():
        store.run("UPDATE issues SET updated_at = '2013-11-15T00:00:00.000Z'")
        store.run("UPDATE issues SET summary = 'Sick leave'")
    assert world.delete(None, f"/_mock/internal-issues/{CLOUD}").status == 204
    with store.transaction():
        store.run("DELETE FROM issues WHERE id = ?", (INTERNAL,))
    told = [(event["entityId"], event["action"], fields(event)) for event in feed(world, entityType=["internalissue"])]
    of_cloud = [(action, changes) for number, action, changes in told if number == str(CLOUD)]
    assert [action for action, _ in of_cloud] == ["Created", "Updated", "Updated", "Deleted", "Updated"]
    assert of_cloud[0][1] == {"issueKey": (None, "CLOUD-3"), "summary": (None, "Copy the backups")}
    assert (of_cloud[1][1], of_cloud[2][1]) == ({"teamId": (None, "3")}, {"teamId": ("3", None)})
    # The database has a clock of its own for what is changed from outside: years later.
    assert of_cloud[4][1] == {"summary": ("Copy the backups", "Sick leave")}
    internal = [action for number, action, _ in told if number == str(INTERNAL)]
    assert (internal[0], internal[-1]) == ("Updated", "Deleted")


def test_changes_by_nobody_have_the_author_of_nobody(world: Any) -> None:
    number = log(world)
    store = world.site.store
    with store.transaction():
        store.run("DELETE FROM worklogs WHERE id = ?", (number,))
    # The database has its own clock for what is changed from outside.
    world.set_clock("2999-01-01T00:00:00")
    answer = world.cloud("POST", "fred", "papertrail/search", PAST)
    assert answer.status in (400, 401), "long ago"
    world.set_clock("2013-11-15T00:00:00")
    event = feed(world)[-1]
    assert (event["action"], event["author"], event["worker"]) == ("Deleted", "__tempo-io__unknown_user", BOB)
    assert event["timestamp"].endswith(".000Z")


def test_a_key_taken_from_a_permission_role_is_an_update_of_it(world: Any) -> None:
    body = {"name": "Mates", "accessType": "GLOBAL", "permissionKeys": ["permissions.plan.view"], "permittedAccountIds": [BOB]}
    number = made(world, "POST", "permission-roles", body)["id"]
    made(world, "PUT", f"permission-roles/{number}", {**body, "permittedAccountIds": [BOB, ERICA]})
    event = feed(world, entityType=["permissiongroup"])[-1]
    assert (event["action"], fields(event)) == ("Updated", {"permittedAccountIds": (None, ERICA)})
