"""How Tempo Cloud says no: the shape of errors, what is unknown, retired, junk, and which parameters count."""

from __future__ import annotations

import pytest

from conformance import expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.cloud import beans
from conformance.cloud.bench import CUSTOMER, UNKNOWN, Bench, Timesheet
from conformance.cloud.pages import ids, results

UNKNOWN_PATHS = [
    f"4/worklogs/{UNKNOWN}",
    f"4/worklogs/{UNKNOWN}/work-attribute-values",
    f"4/worklogs/issue/{UNKNOWN}",
    f"4/worklogs/project/{UNKNOWN}",
    f"4/worklogs/team/{UNKNOWN}",
    "4/worklogs/user/conformance-nobody",
    "4/worklogs/account/CONFORMANCE-NONE",
    f"4/teams/{UNKNOWN}",
    f"4/teams/{UNKNOWN}/members",
    f"4/teams/{UNKNOWN}/links",
    f"4/teams/{UNKNOWN}/generic-resources",
    f"4/teams/{UNKNOWN}/generic-resources/{UNKNOWN}",
    f"4/team-links/{UNKNOWN}",
    f"4/programs/{UNKNOWN}",
    f"4/generic-resources/{UNKNOWN}",
    f"4/team-memberships/{UNKNOWN}",
    f"4/team-memberships/team/{UNKNOWN}",
    f"4/roles/{UNKNOWN}",
    f"4/permission-roles/{UNKNOWN}",
    f"4/account-links/{UNKNOWN}",
    f"4/customers/{UNKNOWN}",
    f"4/customers/{UNKNOWN}/accounts",
    "4/account-categories/conformance-none",
    "4/work-attributes/_conformance-none_",
]
WRITTEN = ["4/worklogs", "4/work-attributes", "4/teams", "4/team-memberships", "4/roles", "4/permission-roles"]
WRITTEN += ["4/accounts", "4/account-links", "4/account-categories", "4/customers"]
WRITTEN += ["4/programs", "4/generic-resources", "4/team-links"]
UNKNOWN_PATHS += [
    f"4/plans/{UNKNOWN}",
    *(f"4/{noun}/{UNKNOWN}{part}" for noun in ("workload-schemes", "holiday-schemes") for part in ("", "/members")),
    *(f"4/holiday-schemes/{UNKNOWN}/holidays{part}" for part in ("", "/floating", "/1")),
    "4/workload-schemes/users/conformance-nobody",
]
WRITTEN += ["4/plans", "4/workload-schemes", "4/holiday-schemes"]
JUNK = {
    "no JSON": "{",
    "an array": "[]",
    "a text": '"text"',
    "nothing": "",
    "null": "null",
    "wrong types": '{"name": {"a": 1}, "key": [], "teamId": "x", "issueId": true, "accountKey": 5}',
}


def _is_refusal(answer: Answer) -> None:
    expect.that(answer, 400 <= answer.status < 500, "a 4xx status", f"status {answer.status}")


@pytest.mark.requirement("cloud_errors.unknown.404")
@pytest.mark.parametrize("path", UNKNOWN_PATHS)
def test_unknown_id_is_not_found(admin: Caller, path: str) -> None:
    expect.status(admin.get(path), 404)


@pytest.mark.requirement("cloud_errors.not-found.shape")
@pytest.mark.parametrize("path", UNKNOWN_PATHS)
def test_not_found_has_published_shape(admin: Caller, path: str) -> None:
    answer = admin.get(path)
    expect.shape(answer, answer.json(), beans.ERRORS)


@pytest.mark.requirement("cloud_errors.bad-request.shape")
@pytest.mark.parametrize("path", WRITTEN)
def test_bad_request_has_published_shape(admin: Caller, bench: Bench, path: str) -> None:
    answer = expect.status(admin.post(path, {}), 400)
    expect.shape(answer, answer.json(), beans.ERRORS)
    expect.that(answer, answer.json()["errors"], "at least one error", "an empty list")


@pytest.mark.requirement("cloud_errors.bad-query.shape")
def test_bad_day_in_the_query_is_told_as_an_error(admin: Caller) -> None:
    answer = expect.status(admin.get("4/worklogs", [("from", "2022-05-011")]), 400)
    expect.shape(answer, answer.json(), beans.ERRORS)


@pytest.mark.requirement("cloud_errors.junk.refused")
@pytest.mark.parametrize("path", WRITTEN)
@pytest.mark.parametrize("kind", JUNK)
def test_junk_is_refused_and_breaks_nothing(admin: Caller, bench: Bench, path: str, kind: str) -> None:
    _is_refusal(admin.call("POST", path, text=JUNK[kind]))


@pytest.mark.requirement("cloud_errors.refused.changes-nothing")
def test_refused_change_changes_nothing(admin: Caller, bench: Bench) -> None:
    made = bench.customer()
    before = expect.json_object(admin.get(f"4/customers/{made['id']}"))
    answer = admin.put(CUSTOMER.place(made["key"]), {"key": made["key"], "name": ""})
    _is_refusal(answer)
    expect.equal(answer, "the customer afterwards", expect.json_object(admin.get(f"4/customers/{made['id']}")), before)


@pytest.mark.requirement("cloud_errors.retired.gone")
@pytest.mark.parametrize("path", ["core/3/worklogs", "core/3/teams", "core/3/accounts"])
def test_retired_version_serves_nothing(admin: Caller, path: str) -> None:
    _is_refusal(admin.get(path))


@pytest.mark.requirement("cloud_errors.path.unknown")
@pytest.mark.parametrize("path", ["4/user", "4/users/me", "4/worklogs/user/me/today", "4/conformance"])
def test_resource_that_does_not_exist_is_not_found(admin: Caller, path: str) -> None:
    expect.status(admin.get(path), 404)


@pytest.mark.requirement("cloud_errors.parameter.ignored")
@pytest.mark.parametrize("name", ["author", "projectKey", "accountKey", "assignee.id", "conformance"])
def test_unknown_parameter_is_ignored(timesheet: Timesheet, admin: Caller, name: str) -> None:
    day = timesheet.days(1)[0]
    made = timesheet.log(admin, day)["tempoWorklogId"]
    query = [("from", day.isoformat()), ("to", day.isoformat()), (name, "nobody-and-nothing")]
    answer = expect.status(admin.get("4/worklogs", query), 200)
    expect.equal(answer, "the worklogs", ids(answer, "tempoWorklogId"), [made])


@pytest.mark.requirement("cloud_errors.parameter.repeated")
def test_repeated_parameter_is_a_list(bench: Bench, admin: Caller) -> None:
    made = [bench.team()["id"] for _ in range(3)]
    answer = admin.get("4/teams", [("teamIds", made[0]), ("teamIds", made[2])])
    expect.same_set(answer, "the teams asked for", ids(answer), [made[0], made[2]])


@pytest.mark.requirement("cloud_errors.parameter.repeated-issue")
def test_repeated_issue_is_a_list(timesheet: Timesheet, admin: Caller) -> None:
    day = timesheet.days(1)[0]
    first, second = timesheet.issue.id, timesheet.other_issue.id
    made = [timesheet.log(admin, day, issueId=issue)["tempoWorklogId"] for issue in (first, second)]
    window = [("from", day.isoformat()), ("to", day.isoformat())]
    both = admin.get("4/worklogs", [*window, ("issueId", first), ("issueId", second)])
    expect.same_set(both, "the worklogs of both issues", ids(both, "tempoWorklogId"), made)
    one = admin.get("4/worklogs", [*window, ("issueId", second)])
    expect.equal(one, "the worklogs of one", ids(one, "tempoWorklogId"), made[1:])


@pytest.mark.requirement("cloud_errors.member.never-null")
@pytest.mark.parametrize(
    "path", ["4/worklogs", "4/teams", "4/programs", "4/accounts", "4/account-categories", "4/work-attributes"]
)
def test_unset_members_are_left_out(admin: Caller, path: str) -> None:
    answer = admin.get(path)
    nulls = sorted({name for item in results(answer) for name, value in item.items() if value is None})
    expect.that(answer, not nulls, "items without null members", f"null in {', '.join(nulls)}")
