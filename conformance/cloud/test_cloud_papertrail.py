"""The audit log: what was created, changed and deleted, by whom; and the older feeds of deletions."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from conformance import expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.cloud import beans
from conformance.cloud.bench import WORKLOG, Timesheet, account_of
from conformance.cloud.pages import metadata, results
from conformance.run import Absent
from conformance.shapes import ListOf

SEARCH = "4/papertrail/search"
DELETED = "papertrail/1/events/deleted/types"
Row = dict[str, Any]


@pytest.fixture(scope="session")
def auditor(admin: Caller) -> Caller:
    """Somebody who may read the audit log: the persona admin, where the site lets them."""
    answer = admin.post(SEARCH, {"from": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")})
    if answer.status == 403:
        raise Absent("the persona admin may not read the audit log (403)")
    return admin


@pytest.fixture
def logged(timesheet: Timesheet, auditor: Caller, admin: Caller) -> Row:
    """A new worklog. Its createdAt is the server's time, whatever that is."""
    return timesheet.log(admin, timesheet.days(1)[0])


def _since(row: Row, **asked: Any) -> Row:
    return {"from": row["createdAt"], **asked}


def _found(auditor: Caller, body: Row, *query: tuple[str, Any]) -> Answer:
    return expect.success(auditor.search(SEARCH, query, body))


def _about(answer: Answer, row: Row) -> list[Row]:
    """The events of one worklog."""
    number = str(row[WORKLOG.key])
    return [event for event in results(answer) if (event.get("entityType"), event.get("entityId")) == ("worklog", number)]


@pytest.mark.requirement("cloud_papertrail.search.shape")
def test_events_have_their_published_shape(auditor: Caller, logged: Row) -> None:
    answer = _found(auditor, _since(logged))
    expect.shape(answer, results(answer), ListOf(beans.AUDIT_EVENT), "results")
    expect.shape(answer, metadata(answer), beans.TOKEN_METADATA, "metadata")
    expect.equal(answer, "metadata.limit", metadata(answer).get("limit"), 100)
    expect.shape(answer, expect.json_object(answer), beans.SELF)


@pytest.mark.requirement("cloud_papertrail.worklog.told")
def test_life_of_a_worklog_is_told_from_beginning_to_end(
    auditor: Caller, admin: Caller, timesheet: Timesheet, logged: Row
) -> None:
    number = logged[WORKLOG.key]
    day = datetime.date.fromisoformat(logged["startDate"])
    body = {name: value for name, value in timesheet.body(admin, day).items() if name != "issueId"}
    expect.success(admin.put(WORKLOG.place(number), {**body, "timeSpentSeconds": 600}))
    expect.success(admin.delete(WORKLOG.place(number)))
    answer = _found(auditor, _since(logged, entityType=["worklog"]), ("limit", 1000))
    actions = [event["action"] for event in _about(answer, logged)]
    expect.same_set(answer, f"actions told of worklog {number}", actions, ["Created", "Updated", "Deleted"])


@pytest.mark.requirement("cloud_papertrail.worklog.author-and-worker")
def test_event_tells_who_acted_and_whose_work_it_was(
    auditor: Caller, admin: Caller, member: Caller, timesheet: Timesheet
) -> None:
    made = timesheet.log(member, timesheet.days(1)[0])
    answer = _found(auditor, _since(made, action=["Created"], worker=[account_of(member)]))
    told = [(event["author"], event.get("worker")) for event in _about(answer, made)]
    expect.equal(answer, "author, worker", told, [(account_of(member), account_of(member))])


@pytest.mark.requirement("cloud_papertrail.search.filters")
@pytest.mark.parametrize("name", ["action", "author", "entityType", "worker"])
def test_filter_leaves_events_of_one_kind_alone(
    auditor: Caller, admin: Caller, member: Caller, timesheet: Timesheet, logged: Row, name: str
) -> None:
    timesheet.log(member, timesheet.days(1)[0])
    expect.success(admin.delete(WORKLOG.place(logged[WORKLOG.key])))
    made = timesheet.log(admin, timesheet.days(1)[0])
    own = account_of(admin)
    wanted = {"action": "Created", "author": own, "entityType": "worklog", "worker": own}[name]
    answer = _found(auditor, _since(logged, **{name: [wanted]}), ("limit", 1000))
    expect.that(answer, _about(answer, made), f"the new worklog {made[WORKLOG.key]}", "no event of it")
    others = sorted({str(event.get(name)) for event in results(answer)} - {wanted})
    expect.equal(answer, f"other values of {name}", others, [])


@pytest.mark.requirement("cloud_papertrail.search.none-of-the-kind")
def test_filter_that_nothing_fits_finds_nothing(auditor: Caller, logged: Row) -> None:
    answer = _found(auditor, _since(logged, author=["0123456789abcdef01234567"]))
    expect.equal(answer, "results", results(answer), [])


@pytest.mark.requirement("cloud_papertrail.pages.token")
def test_token_leads_to_what_is_not_on_the_first_page(
    auditor: Caller, admin: Caller, timesheet: Timesheet, logged: Row
) -> None:
    timesheet.log(admin, timesheet.days(1)[0])
    body = _since(logged, action=["Created"], entityType=["worklog"], author=[account_of(admin)])
    found: list[Row] = []
    query: list[tuple[str, Any]] = [("limit", 1)]
    for _ in range(5):
        answer = _found(auditor, body, *query)
        expect.that(answer, len(results(answer)) <= 1, "one event at most", f"{len(results(answer))} events")
        expect.equal(answer, "metadata.limit", metadata(answer).get("limit"), 1)
        found += results(answer)
        token = metadata(answer).get("nextPageToken")
        if token is None:
            break
        query = [("limit", 1), ("nextPageToken", token)]
    numbers = [event["entityId"] for event in found]
    expect.that(answer, len(numbers) > 1, "an event for each of two worklogs", f"{len(numbers)} events")
    expect.equal(answer, "events that came twice", len(numbers) - len(set(numbers)), 0)


@pytest.mark.requirement("cloud_papertrail.limit.range")
@pytest.mark.parametrize("limit", ["0", "1001", "many"])
def test_limit_out_of_range_is_refused(auditor: Caller, logged: Row, limit: str) -> None:
    expect.status(auditor.search(SEARCH, [("limit", limit)], _since(logged)), 400)


@pytest.mark.requirement("cloud_papertrail.from.needed")
def test_search_without_a_beginning_is_refused(auditor: Caller) -> None:
    expect.status(auditor.post(SEARCH, {}), 400)


@pytest.mark.requirement("cloud_papertrail.from.180-days")
def test_search_from_long_ago_is_refused(auditor: Caller, logged: Row) -> None:
    moment = datetime.datetime.fromisoformat(logged["createdAt"]) - datetime.timedelta(days=182)
    expect.status(auditor.post(SEARCH, {"from": moment.strftime("%Y-%m-%dT%H:%M:%SZ")}), 400)


@pytest.mark.requirement("cloud_papertrail.kinds.known")
@pytest.mark.parametrize("name", ["action", "entityType"])
def test_unknown_kind_of_event_is_refused(auditor: Caller, logged: Row, name: str) -> None:
    expect.status(auditor.post(SEARCH, _since(logged, **{name: ["nothing-of-the-kind"]})), 400)


@pytest.mark.requirement("cloud_papertrail.scope.needed")
def test_token_without_the_scope_reads_no_audit_log(no_scopes: Caller, logged: Row) -> None:
    expect.status(no_scopes.post(SEARCH, _since(logged)), 403)


@pytest.mark.requirement("cloud_papertrail.deleted.worklogs")
def test_deleted_worklog_is_in_the_feed_of_deletions(auditor: Caller, admin: Caller, logged: Row) -> None:
    number = logged[WORKLOG.key]
    expect.success(admin.delete(WORKLOG.place(number)))
    answer = expect.success(auditor.get(f"{DELETED}/worklog", [("updatedFrom", logged["createdAt"]), ("limit", 1000)]))
    expect.shape(answer, results(answer), ListOf(beans.DELETED_WORKLOG), "results")
    expect.shape(answer, metadata(answer), beans.CURSOR_METADATA, "metadata")
    told = [row["tempoWorklogId"] for row in results(answer)]
    expect.equal(answer, f"how often {number} is told", told.count(str(number)), 1)


@pytest.mark.requirement("cloud_papertrail.deleted.plans")
def test_feed_of_deleted_plans_has_its_published_shape(auditor: Caller, logged: Row) -> None:
    answer = expect.success(auditor.get(f"{DELETED}/allocation", [("updatedFrom", logged["createdAt"])]))
    expect.shape(answer, results(answer), ListOf(beans.DELETED_PLAN), "results")
    expect.shape(answer, metadata(answer), beans.CURSOR_METADATA, "metadata")
    expect.equal(answer, "metadata.limit", metadata(answer).get("limit"), 50)


@pytest.mark.requirement("cloud_papertrail.deleted.refused")
@pytest.mark.parametrize("kind", ["worklog", "allocation"])
@pytest.mark.parametrize("limit", ["", "49", "1001"], ids=["no beginning", "49", "1001"])
def test_feed_of_deletions_refuses_what_is_out_of_range(auditor: Caller, logged: Row, kind: str, limit: str) -> None:
    query = [("updatedFrom", logged["createdAt"]), ("limit", limit)] if limit else []
    expect.status(auditor.get(f"{DELETED}/{kind}", query), 400)
