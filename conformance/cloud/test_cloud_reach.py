"""Whose worklogs a token shows: own ones always, those of others through permission roles."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from conformance import expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.cloud.bench import PERMISSION_ROLE, WORKLOG, Bench, Timesheet, account_of
from conformance.cloud.pages import ids, results
from conformance.run import Absent, Run

Row = dict[str, Any]
DAY = datetime.timedelta(1)


def _listed(who: Caller, sheet: Timesheet, day: datetime.date) -> Answer:
    query = [("issueId", sheet.issue.id), ("from", day.isoformat()), ("to", day.isoformat()), ("limit", 5000)]
    return who.get("4/worklogs", query)


def _sees(who: Caller, sheet: Timesheet, row: Row) -> bool:
    return row[WORKLOG.key] in ids(_listed(who, sheet, datetime.date.fromisoformat(row["startDate"])), WORKLOG.key)


def _must_see(who: Caller, sheet: Timesheet, row: Row, why: str) -> None:
    answer = _listed(who, sheet, datetime.date.fromisoformat(row["startDate"]))
    expect.that(answer, row[WORKLOG.key] in ids(answer, WORKLOG.key), f"worklog {row[WORKLOG.key]}: {why}", "it is not listed")


def _must_not_see(who: Caller, sheet: Timesheet, row: Row, why: str) -> None:
    answer = _listed(who, sheet, datetime.date.fromisoformat(row["startDate"]))
    expect.that(
        answer, row[WORKLOG.key] not in ids(answer, WORKLOG.key), f"a list without {row[WORKLOG.key]}: {why}", "it is listed"
    )


@pytest.mark.requirement("cloud_reach.own.single")
@pytest.mark.parametrize("name", ["member", "outsider"])
def test_own_worklog_is_read_singly(timesheet: Timesheet, request: pytest.FixtureRequest, name: str) -> None:
    who: Caller = request.getfixturevalue(name)
    made = timesheet.log(who, timesheet.days(1)[0])
    expect.status(who.get(WORKLOG.place(made[WORKLOG.key])), 200)


@pytest.mark.requirement("cloud_reach.own.listed")
@pytest.mark.parametrize("name", ["member", "outsider"])
def test_own_worklog_is_listed(timesheet: Timesheet, request: pytest.FixtureRequest, name: str) -> None:
    who: Caller = request.getfixturevalue(name)
    made = timesheet.log(who, timesheet.days(1)[0])
    _must_see(who, timesheet, made, "one's own")


@pytest.mark.requirement("cloud_reach.others.omitted")
def test_list_omits_worklogs_of_others_silently(timesheet: Timesheet, member: Caller, outsider: Caller) -> None:
    day = timesheet.days(1)[0]
    own, other = timesheet.log(outsider, day), timesheet.log(member, day)
    answer = expect.status(_listed(outsider, timesheet, day), 200)
    found = ids(answer, WORKLOG.key)
    expect.that(answer, own[WORKLOG.key] in found, "the caller's own worklog", "it is not listed")
    expect.that(answer, other[WORKLOG.key] not in found, f"a list without {other[WORKLOG.key]}", "somebody else's is listed")


@pytest.mark.requirement("cloud_reach.others.omitted-from-search")
def test_search_omits_worklogs_of_others_silently(timesheet: Timesheet, member: Caller, outsider: Caller) -> None:
    day = timesheet.days(1)[0]
    other = timesheet.log(member, day)
    body = {"authorIds": [account_of(member)], "from": day.isoformat(), "to": day.isoformat()}
    answer = expect.status(outsider.post("4/worklogs/search", body), 200)
    expect.that(answer, other[WORKLOG.key] not in ids(answer, WORKLOG.key), "results without it", "somebody else's is found")


@pytest.mark.requirement("cloud_reach.others.single-404")
def test_hidden_worklog_is_answered_as_unknown(timesheet: Timesheet, member: Caller, outsider: Caller) -> None:
    made = timesheet.log(member, timesheet.days(1)[0])
    expect.status(outsider.get(WORKLOG.place(made[WORKLOG.key])), 404)


@pytest.mark.requirement("cloud_reach.others.values-404")
def test_attribute_values_of_hidden_worklog_are_answered_as_unknown(
    timesheet: Timesheet, member: Caller, outsider: Caller
) -> None:
    made = timesheet.log(member, timesheet.days(1)[0])
    expect.status(outsider.get(f"{WORKLOG.place(made[WORKLOG.key])}/work-attribute-values"), 404)


@pytest.mark.requirement("cloud_reach.others.user-list")
def test_list_of_somebody_else_is_empty_or_unknown(timesheet: Timesheet, member: Caller, outsider: Caller) -> None:
    day = timesheet.days(1)[0]
    timesheet.log(member, day)
    answer = outsider.get(f"4/worklogs/user/{account_of(member)}", [("from", day.isoformat()), ("to", day.isoformat())])
    expect.status(answer, 200, 404)
    if answer.ok:
        expect.equal(answer, "results", results(answer), [])


@pytest.mark.requirement("cloud_reach.others.not-deleted")
def test_hidden_worklog_is_not_deleted(timesheet: Timesheet, member: Caller, outsider: Caller) -> None:
    place = WORKLOG.place(timesheet.log(member, timesheet.days(1)[0])[WORKLOG.key])
    answer = outsider.delete(place)
    expect.that(answer, 400 <= answer.status < 500, "a 4xx status", f"status {answer.status}")
    expect.status(member.get(place), 200)


@pytest.mark.requirement("cloud_reach.others.not-logged-for")
def test_work_is_not_logged_for_somebody_else_without_permission(
    timesheet: Timesheet, bench: Bench, member: Caller, outsider: Caller
) -> None:
    body = timesheet.body(member, timesheet.days(1)[0])
    answer = bench.make(WORKLOG, body, outsider)
    expect.that(answer, 400 <= answer.status < 500, "a 4xx status", f"status {answer.status}")


@pytest.mark.requirement("cloud_reach.role.global-gives")
def test_global_role_shows_worklogs_of_everybody(timesheet: Timesheet, bench: Bench, member: Caller, outsider: Caller) -> None:
    made = timesheet.log(member, timesheet.days(1)[0])
    bench.grant(outsider)
    _must_see(outsider, timesheet, made, "the caller holds View Worklogs over everybody")
    expect.status(outsider.get(WORKLOG.place(made[WORKLOG.key])), 200)


@pytest.mark.requirement("cloud_reach.role.removal-takes")
@pytest.mark.parametrize("way", ["deleted", "person taken out", "permission taken out"])
def test_role_that_is_taken_away_shows_nothing_more(
    timesheet: Timesheet, bench: Bench, admin: Caller, member: Caller, outsider: Caller, way: str
) -> None:
    made = timesheet.log(member, timesheet.days(1)[0])
    role = bench.grant(outsider)
    if not _sees(outsider, timesheet, made):
        raise Absent("the role shows nothing in the first place: see cloud_reach.role.global-gives")
    body = {"name": role["name"], "accessType": "GLOBAL"}
    if way == "deleted":
        bench.revoke(role)
    elif way == "person taken out":
        expect.success(admin.put(PERMISSION_ROLE.place(role["id"]), {**body, "permissionKeys": ["permissions.worklog.view"]}))
    else:
        expect.success(admin.put(PERMISSION_ROLE.place(role["id"]), {**body, "permittedAccountIds": [account_of(outsider)]}))
    _must_not_see(outsider, timesheet, made, "the role is gone")


@pytest.mark.requirement("cloud_reach.role.needs-permission")
def test_role_without_permissions_shows_nothing(timesheet: Timesheet, bench: Bench, member: Caller, outsider: Caller) -> None:
    made = timesheet.log(member, timesheet.days(1)[0])
    bench.grant(outsider, keys=())
    _must_not_see(outsider, timesheet, made, "the role holds no permission")


@pytest.mark.requirement("cloud_reach.role.team-gives")
def test_team_role_shows_worklogs_of_members(timesheet: Timesheet, bench: Bench, member: Caller, outsider: Caller) -> None:
    team = bench.team()
    bench.join(team, member)
    made = timesheet.log(member, timesheet.days(1)[0])
    bench.grant(outsider, [team])
    _must_see(outsider, timesheet, made, "the caller holds View Worklogs over the author's team")


@pytest.mark.requirement("cloud_reach.role.team-only-members")
def test_team_role_shows_nobody_outside_the_team(
    timesheet: Timesheet, bench: Bench, lead: Caller, member: Caller, outsider: Caller
) -> None:
    team = bench.team()
    bench.join(team, lead)
    made = timesheet.log(member, timesheet.days(1)[0])
    bench.grant(outsider, [team])
    _must_not_see(outsider, timesheet, made, "its author is not in the team")


@pytest.mark.requirement("cloud_reach.role.other-team")
def test_team_role_over_another_team_shows_nothing(
    timesheet: Timesheet, bench: Bench, member: Caller, outsider: Caller
) -> None:
    bench.join(bench.team(), member)
    made = timesheet.log(member, timesheet.days(1)[0])
    bench.grant(outsider, [bench.team()])
    _must_not_see(outsider, timesheet, made, "the role is over another team")


@pytest.mark.requirement("cloud_reach.role.membership-dates")
@pytest.mark.parametrize(("offset", "shown"), [(-1, False), (0, True), (4, True), (5, False)])
def test_team_role_shows_work_inside_the_membership(
    timesheet: Timesheet, bench: Bench, member: Caller, outsider: Caller, offset: int, shown: bool
) -> None:
    days = timesheet.days(9)
    first = days[2]
    team = bench.team()
    bench.join(team, member, **{"from": first.isoformat(), "to": (first + 5 * DAY).isoformat()})
    made = timesheet.log(member, first + offset * DAY)
    bench.grant(outsider, [team])
    if shown:
        _must_see(outsider, timesheet, made, f"day {offset + 1} of a membership of five days")
    else:
        _must_not_see(outsider, timesheet, made, f"day {offset + 1}, and the membership lasts five days")


@pytest.mark.requirement("cloud_reach.team-list.membership-dates")
def test_list_of_a_team_holds_work_of_its_members(timesheet: Timesheet, bench: Bench, member: Caller, outsider: Caller) -> None:
    day = timesheet.days(1)[0]
    team = bench.team()
    bench.join(team, member)
    made = timesheet.log(member, day)
    timesheet.log(outsider, day)
    bench.grant(outsider, [team])
    answer = outsider.get(f"4/worklogs/team/{team['id']}", [("from", day.isoformat()), ("to", day.isoformat())])
    expect.equal(answer, "the worklogs of the team", ids(answer, WORKLOG.key), [made[WORKLOG.key]])


@pytest.mark.requirement("cloud_reach.project.unbrowsable")
def test_global_role_shows_nothing_of_unbrowsable_projects(run: Run, bench: Bench, admin: Caller, outsider: Caller) -> None:
    hidden = _hidden_project(run)
    bench.grant(admin)
    found = results(admin.get("4/worklogs", [("projectId", hidden), ("limit", 1)]))
    if not found:
        raise Absent(f"nobody has logged work yet in project {hidden}, which the persona outsider does not browse")
    bench.grant(outsider)
    expect.status(outsider.get(WORKLOG.place(found[0][WORKLOG.key])), 404)
    answer = outsider.get("4/worklogs", [("projectId", hidden)])
    if answer.status != 404:
        expect.equal(answer, "results", results(answer), [])


def _hidden_project(run: Run) -> int:
    """A project that admin browses and outsider does not. Raises Absent."""
    seen: list[set[int]] = []
    for name in ("admin", "outsider"):
        answer = run.persona_caller("jira_cloud", name).get("rest/api/3/project/search", {"maxResults": 100})
        values = expect.json_object(answer).get("values") or []
        seen.append({int(project["id"]) for project in values})
    for project in sorted(seen[0] - seen[1]):
        return project
    raise Absent("the persona outsider browses every project that the persona admin browses")
