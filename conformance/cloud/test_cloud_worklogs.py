"""Worklogs: lists by what they belong to, search, bulk, ids of Jira, values of work attributes."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import expect
from conformance.client import Caller
from conformance.cloud import beans
from conformance.cloud.bench import UNKNOWN, WORKLOG, Bench, Timesheet, account_of
from conformance.cloud.pages import ids, results
from conformance.shapes import ListOf

NUMBER = WORKLOG.key
VALUES = "4/worklogs/work-attribute-values"


def _day(row: dict[str, Any]) -> list[tuple[str, Any]]:
    return [("from", row["startDate"]), ("to", row["startDate"])]


@pytest.mark.requirement("cloud_worklogs.list.shape")
def test_listed_worklogs_have_published_shape(timesheet: Timesheet, admin: Caller) -> None:
    made = timesheet.log(admin, timesheet.days(1)[0])
    answer = admin.get("4/worklogs", _day(made))
    expect.shape(answer, results(answer), ListOf(beans.WORKLOG), "results")
    expect.that(answer, results(answer), "the new worklog", "an empty list")


@pytest.mark.requirement("cloud_worklogs.existing.shape")
def test_existing_worklogs_have_published_shape(admin: Caller) -> None:
    answer = admin.get("4/worklogs")
    expect.shape(answer, results(answer), ListOf(beans.WORKLOG), "results")


@pytest.mark.requirement("cloud_worklogs.list.as-read")
def test_listed_worklog_is_the_one_that_is_read(timesheet: Timesheet, admin: Caller) -> None:
    made = timesheet.log(admin, timesheet.days(1)[0])
    answer = admin.get("4/worklogs", _day(made))
    expect.equal(answer, "results", results(answer), [expect.json_object(admin.get(WORKLOG.place(made[NUMBER])))])


@pytest.mark.requirement("cloud_worklogs.by-issue.only-its-own")
def test_list_of_an_issue_holds_its_worklogs_alone(timesheet: Timesheet, admin: Caller) -> None:
    day = timesheet.days(1)[0]
    other = timesheet.log(admin, day, issueId=timesheet.other_issue.id)
    made = timesheet.log(admin, day)
    for path, query in (
        (f"4/worklogs/issue/{timesheet.issue.id}", _day(made)),
        ("4/worklogs", [*_day(made), ("issueId", timesheet.issue.id)]),
    ):
        answer = admin.get(path, query)
        expect.equal(answer, f"all but {other[NUMBER]}", ids(answer, NUMBER), [made[NUMBER]])


@pytest.mark.requirement("cloud_worklogs.by-user.only-own")
def test_list_of_a_user_holds_their_worklogs(timesheet: Timesheet, member: Caller) -> None:
    made = timesheet.log(member, timesheet.days(1)[0])
    answer = member.get(f"4/worklogs/user/{account_of(member)}", _day(made))
    expect.equal(answer, "the worklogs", ids(answer, NUMBER), [made[NUMBER]])


@pytest.mark.requirement("cloud_worklogs.by-project.holds")
@pytest.mark.parametrize("form", ["path", "parameter"])
def test_list_of_a_project_holds_its_worklogs(timesheet: Timesheet, admin: Caller, project: int, form: str) -> None:
    made = timesheet.log(admin, timesheet.days(1)[0])
    if form == "path":
        answer = admin.get(f"4/worklogs/project/{project}", _day(made))
    else:
        answer = admin.get("4/worklogs", [*_day(made), ("projectId", project)])
    expect.equal(answer, "the worklogs", ids(answer, NUMBER), [made[NUMBER]])


@pytest.mark.requirement("cloud_worklogs.by-account.holds")
def test_list_of_an_account_is_by_key(bench: Bench, admin: Caller) -> None:
    account = bench.account()
    answer = admin.get(f"4/worklogs/account/{account['key']}")
    expect.equal(answer, "the worklogs of a new account", results(answer), [])


@pytest.mark.requirement("cloud_worklogs.search.authors")
def test_search_by_author_finds_their_worklogs(timesheet: Timesheet, admin: Caller, member: Caller) -> None:
    day = timesheet.days(1)[0]
    made = timesheet.log(admin, day)
    body = {"from": day.isoformat(), "to": day.isoformat()}
    found = admin.post("4/worklogs/search", {**body, "authorIds": [account_of(admin)]})
    expect.equal(found, "the worklogs of the author", ids(found, NUMBER), [made[NUMBER]])
    others = admin.post("4/worklogs/search", {**body, "authorIds": [account_of(member)]})
    expect.that(others, made[NUMBER] not in ids(others, NUMBER), "no worklog of another author", "it is found")


@pytest.mark.requirement("cloud_worklogs.search.issues")
def test_search_by_issue_finds_its_worklogs(timesheet: Timesheet, admin: Caller) -> None:
    day = timesheet.days(1)[0]
    timesheet.log(admin, day, issueId=timesheet.other_issue.id)
    made = timesheet.log(admin, day)
    body = {"from": day.isoformat(), "to": day.isoformat(), "issueIds": [timesheet.issue.id]}
    answer = admin.post("4/worklogs/search", body)
    expect.equal(answer, "the worklogs of the issue", ids(answer, NUMBER), [made[NUMBER]])


@pytest.mark.requirement("cloud_worklogs.create.own-values")
def test_issue_and_author_are_those_that_were_sent(timesheet: Timesheet, admin: Caller) -> None:
    made = timesheet.log(admin, timesheet.days(1)[0])
    answer = admin.get(WORKLOG.place(made[NUMBER]))
    row = expect.json_object(answer)
    expect.equal(answer, "issue.id", row["issue"].get("id"), timesheet.issue.id)
    expect.equal(answer, "author.accountId", row["author"].get("accountId"), admin.user)


@pytest.mark.requirement("cloud_worklogs.create.refused")
@pytest.mark.parametrize(
    "change",
    [
        {"issueId": None},
        {"issueId": UNKNOWN},
        {"timeSpentSeconds": 0},
        {"timeSpentSeconds": -60},
        {"authorAccountId": ""},
        {"authorAccountId": "conformance@example.org"},
        {"attributes": [{"key": "_conformance-none_", "value": "x"}, {"key": "_conformance-none_"}]},
    ],
    ids=["issue null", "issue unknown", "no time", "negative time", "no author", "author unknown", "attribute unknown"],
)
def test_impossible_worklog_is_refused(timesheet: Timesheet, bench: Bench, admin: Caller, change: dict[str, Any]) -> None:
    body = {**timesheet.body(admin, timesheet.days(1)[0]), **change}
    expect.status(bench.make(WORKLOG, body), 400)


@pytest.mark.requirement("cloud_worklogs.create.message")
def test_missing_issue_is_told_in_the_known_words(timesheet: Timesheet, bench: Bench, admin: Caller) -> None:
    body = {name: value for name, value in timesheet.body(admin, timesheet.days(1)[0]).items() if name != "issueId"}
    answer = expect.status(bench.make(WORKLOG, body), 400)
    expect.that(answer, "Issue id cannot be null" in answer.text, "the message: Issue id cannot be null", "another one")


@pytest.mark.requirement("cloud_worklogs.update.keeps-issue")
def test_changed_worklog_stays_on_its_issue_and_keeps_its_creation(timesheet: Timesheet, admin: Caller) -> None:
    made = timesheet.log(admin, timesheet.days(1)[0])
    body = {name: value for name, value in timesheet.body(admin, timesheet.days(1)[0]).items() if name != "issueId"}
    answer = admin.put(WORKLOG.place(made[NUMBER]), body)
    row = expect.json_object(answer)
    expect.equal(answer, "issue.id", row["issue"].get("id"), timesheet.issue.id)
    expect.equal(answer, "createdAt", row.get("createdAt"), made["createdAt"])
    expect.that(answer, row.get("updatedAt", "") >= made["updatedAt"], "updatedAt not before it was", str(row.get("updatedAt")))


@pytest.mark.requirement("cloud_worklogs.bulk.answers-array")
def test_bulk_answers_a_bare_array_of_worklogs(timesheet: Timesheet, bench: Bench, admin: Caller) -> None:
    days = timesheet.days(3)
    answer = bench.adopt(admin.post(_bulk(timesheet), [_entry(timesheet, admin, day) for day in days]), WORKLOG, admin)
    rows = expect.json_list(expect.status(answer, 200))
    expect.shape(answer, rows, ListOf(beans.WORKLOG))
    expect.same_set(answer, "the days", [row["startDate"] for row in rows], [day.isoformat() for day in days])


@pytest.mark.requirement("cloud_worklogs.bulk.size")
@pytest.mark.parametrize("number", [0, 51])
def test_bulk_of_none_or_of_more_than_fifty_is_refused(timesheet: Timesheet, bench: Bench, admin: Caller, number: int) -> None:
    body = [_entry(timesheet, admin, timesheet.days(1)[0])] * number
    expect.status(bench.adopt(admin.post(_bulk(timesheet), body), WORKLOG, admin), 400)


def _bulk(sheet: Timesheet) -> str:
    return f"4/worklogs/issue/{sheet.issue.id}/bulk"


def _entry(sheet: Timesheet, who: Caller, day: Any) -> dict[str, Any]:
    left_out = ("issueId", "remainingEstimateSeconds")
    return {name: value for name, value in sheet.body(who, day, timeSpentSeconds=60).items() if name not in left_out}


@pytest.mark.requirement("cloud_worklogs.ids.there-and-back")
def test_ids_of_jira_lead_there_and_back(timesheet: Timesheet, admin: Caller) -> None:
    made = timesheet.log(admin, timesheet.days(1)[0])[NUMBER]
    there = admin.post("4/worklogs/tempo-to-jira", {"tempoWorklogIds": [made]})
    rows = results(expect.status(there, 200))
    if not rows:
        pytest.skip("the worklog has no id in Jira yet")
    expect.equal(there, "tempoWorklogId", rows[0].get("tempoWorklogId"), made)
    back = admin.post("4/worklogs/jira-to-tempo", {"jiraWorklogIds": [rows[0].get("jiraWorklogId")]})
    expect.equal(back, "the worklog", ids(back, NUMBER), [made])


@pytest.mark.requirement("cloud_worklogs.ids.unknown-left-out")
@pytest.mark.parametrize(("path", "name"), [("tempo-to-jira", "tempoWorklogIds"), ("jira-to-tempo", "jiraWorklogIds")])
def test_unknown_ids_are_left_out(admin: Caller, path: str, name: str) -> None:
    answer = admin.post(f"4/worklogs/{path}", {name: [UNKNOWN]})
    expect.equal(answer, "results", results(answer), [])


@pytest.mark.requirement("cloud_worklogs.values.read")
def test_attribute_values_are_read_as_sent(timesheet: Timesheet, bench: Bench, admin: Caller) -> None:
    key = bench.attribute()["key"]
    made = timesheet.log(admin, timesheet.days(1)[0], attributes=[{"key": key, "value": "a text"}])
    place = f"{WORKLOG.place(made[NUMBER])}/work-attribute-values"
    single = admin.get(f"{place}/{key}")
    expect.equal(single, "the value", expect.json_object(single), {"key": key, "value": "a text"})
    answer = admin.get(place)
    expect.that(answer, {"key": key, "value": "a text"} in results(answer), "the value among results", "it is not there")
    listed = expect.json_object(admin.get(WORKLOG.place(made[NUMBER])))["attributes"].get("values")
    expect.equal(answer, "attributes.values of the worklog", listed, [{"key": key, "value": "a text"}])


@pytest.mark.requirement("cloud_worklogs.values.key-404")
def test_value_of_an_unknown_attribute_is_not_found(timesheet: Timesheet, admin: Caller) -> None:
    made = timesheet.log(admin, timesheet.days(1)[0])
    expect.status(admin.get(f"{WORKLOG.place(made[NUMBER])}/work-attribute-values/_conformance-none_"), 404)


@pytest.mark.requirement("cloud_worklogs.values.added")
def test_added_values_are_found_by_search(timesheet: Timesheet, bench: Bench, admin: Caller) -> None:
    key = bench.attribute()["key"]
    made = timesheet.log(admin, timesheet.days(1)[0])[NUMBER]
    body = [{"tempoWorklogId": made, "attributeValues": [{"key": key, "value": "later"}]}]
    expect.status(admin.post(VALUES, body), 204)
    answer = admin.post(f"{VALUES}/search", {"tempoWorklogIds": [made]})
    rows = [row for row in expect.json_list(answer) if row.get("tempoWorklogId") == made]
    expect.equal(answer, "the values", [row.get("workAttributeValues") for row in rows], [[{"key": key, "value": "later"}]])


@pytest.mark.requirement("cloud_worklogs.values.not-twice")
def test_value_that_is_there_is_not_added_again(timesheet: Timesheet, bench: Bench, admin: Caller) -> None:
    key = bench.attribute()["key"]
    made = timesheet.log(admin, timesheet.days(1)[0], attributes=[{"key": key, "value": "first"}])[NUMBER]
    body = [{"tempoWorklogId": made, "attributeValues": [{"key": key, "value": "second"}]}]
    answer = expect.status(admin.post(VALUES, body), 400)
    value = expect.json_object(admin.get(f"{WORKLOG.place(made)}/work-attribute-values/{key}")).get("value")
    expect.equal(answer, "the value afterwards", value, "first")


@pytest.mark.requirement("cloud_worklogs.values.search-size")
@pytest.mark.parametrize("number", [0, 501])
def test_search_of_values_takes_one_to_five_hundred_ids(admin: Caller, number: int) -> None:
    body = {"tempoWorklogIds": [UNKNOWN - place for place in range(number)]}
    expect.status(admin.post(f"{VALUES}/search", body), 400)


@pytest.mark.requirement("cloud_worklogs.values.replaced")
def test_update_without_attributes_removes_them(timesheet: Timesheet, bench: Bench, admin: Caller) -> None:
    key = bench.attribute()["key"]
    made = timesheet.log(admin, timesheet.days(1)[0], attributes=[{"key": key, "value": "old"}])
    body = {name: value for name, value in timesheet.body(admin, timesheet.days(1)[0]).items() if name != "issueId"}
    expect.success(admin.put(WORKLOG.place(made[NUMBER]), body))
    answer = admin.get(f"{WORKLOG.place(made[NUMBER])}/work-attribute-values")
    expect.equal(answer, "the values", [row for row in results(answer) if row.get("key") == key], [])
