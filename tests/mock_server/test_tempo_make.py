"""Builders of the fixture ``tempo``: what they make is there for a client, by the rules of the APIs."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from mock_server.testing import TempoRefused

from .wire import ask

MONDAY = "2026-03-02T09:00Z"
BOB = "5b10a2844c20165700ede223"

pytestmark = pytest.mark.tempo(clock=MONDAY)


def seen(tempo: Any, bean: Mapping[str, Any], who: str = "admin") -> Any:
    """The same thing as a client reads it at its own address."""
    return ask(bean["self"], tempo.token(who))


@pytest.mark.parametrize(
    "noun", ["team", "member", "role", "account", "customer", "generic_resource", "permission_role", "worklog", "plan"]
)
def test_without_arguments_there_is_a_sensible_thing(tempo: Any, noun: str) -> None:
    made, again = getattr(tempo.make, noun)(), getattr(tempo.make, noun)() if noun != "member" else None
    assert made != again
    found = seen(tempo, made, "member" if noun in ("worklog", "plan") else "admin")
    if noun == "plan":
        # A plan made is told by days and periods, a plan read as the window of the query asks.
        assert found["totalPlannedSeconds"] == made["totalPlannedSeconds"] == 28800
    assert {name: found[name] for name in made} == made


@pytest.mark.parametrize(("today", "day"), [("2026-03-02", "2026-03-02"), ("2026-03-07", "2026-03-09")])
def test_a_plan_is_on_the_next_working_day(tempo: Any, today: str, day: str) -> None:
    tempo.clock.set(today)
    made = tempo.make.plan()
    assert (made["startDate"], made["endDate"], made["totalPlannedSeconds"]) == (day, day, 28800)


def test_a_plan_with_everything(tempo: Any) -> None:
    made = tempo.make.plan(
        person="bob", issue="CLOUD-3", start=date(2026, 3, 9), end="2026-03-13", per_day="6h 30m", start_time="08:30",
        rule="WEEKLY", until=32, description="Backups",
    )  # fmt: skip
    assert made["assignee"]["id"] == BOB
    assert made["planItem"] == {**made["planItem"], "type": "ISSUE", "id": "10202"}
    assert (made["startDate"], made["endDate"], made["startTime"]) == ("2026-03-09", "2026-03-13", "08:30")
    assert (made["plannedSecondsPerDay"], made["rule"], made["recurrenceEndDate"]) == (23400, "WEEKLY", "2026-04-03")
    assert (made["description"], made["planCreatorId"]) == ("Backups", BOB)


def test_a_plan_of_a_total_on_a_project(tempo: Any) -> None:
    made = tempo.make.plan("bob", project="CLOUD", start=0, end=1, total=timedelta(hours=10), by="bob")
    assert (made["totalPlannedSeconds"], made["effortPersistenceType"]) == (36000, "TOTAL_SECONDS")
    assert made["planItem"]["type"] == "PROJECT"


def test_a_plan_that_a_lead_is_asked_to_approve(tempo: Any) -> None:
    tempo.make.team("Approvers", lead="erica", members=["bob"])
    made = tempo.make.plan("bob", reviewer="Erica Jefferson")
    assert made["planApproval"]["status"] == "REQUESTED"
    assert made["planApproval"]["requester"]["accountId"] == BOB


def test_a_plan_of_a_generic_resource(tempo: Any) -> None:
    team = tempo.make.team(lead="erica")
    resource = tempo.make.generic_resource("Somebody", team=team)
    made = tempo.make.plan(generic_resource=resource, issue="CLOUD-1", by="erica")
    assert made["assignee"] == {**made["assignee"], "type": "GENERIC", "id": str(resource["id"])}
    with pytest.raises(TempoRefused, match="Manage Plans for this generic resource"):
        tempo.make.plan(generic_resource="Somebody", issue="CLOUD-1", by="bob")


def test_a_worklog_with_everything(tempo: Any) -> None:
    made = tempo.make.worklog(
        "bob", "CLOUD-3", day=-3, time_spent="2h", billable="1h 30m", start_time="13:00:00", description="Tapes",
        account="CLOUD-OPS",
    )  # fmt: skip
    assert (made["startDate"], made["startTime"]) == ("2026-02-27", "13:00:00")
    assert (made["timeSpentSeconds"], made["billableSeconds"]) == (7200, 5400)
    assert made["author"]["accountId"] == BOB
    assert {"key": "_Account_", "value": "CLOUD-OPS"} in made["attributes"]["values"]
    assert seen(tempo, made, "viewer")["description"] == "Tapes"


@pytest.mark.parametrize("name", ["bob", "BOB", "Bob Johnson", "bob@example.org", BOB, "member", {"accountId": BOB}])
def test_people_are_named_in_any_way(tempo: Any, name: Any) -> None:
    assert tempo.make.worklog(name)["author"]["accountId"] == BOB


@pytest.mark.parametrize("named", ["CLOUD-3", "cloud-3", 10202, "10202", {"id": 10202}, {"key": "CLOUD-3", "id": "10202"}])
def test_issues_are_named_in_any_way(tempo: Any, named: Any) -> None:
    assert tempo.make.worklog("bob", named)["issue"]["id"] == 10202


@pytest.mark.parametrize("named", ["Cloud Development", "cloud development", 3, "3", {"id": 3}])
def test_teams_are_named_in_any_way(tempo: Any, named: Any) -> None:
    made = tempo.make.member("greta", named, role="Developer", start=0, end=10, availability=40)
    assert (made["team"]["id"], made["commitmentPercent"]) == (3, 40)
    assert made["role"]["name"] == "Developer"
    assert (made["from"], made["inclusiveTo"]) == ("2026-03-02", "2026-03-12")


@pytest.mark.parametrize(
    ("noun", "arguments", "told"),
    [
        ("worklog", {"person": "bobb"}, "There is no person named bobb. Did you mean bob?"),
        ("worklog", {"issue": "CLOUD-99"}, "There is no issue CLOUD-99."),
        ("worklog", {"account": "NONE"}, "There is no account NONE."),
        ("member", {"team": "Cloud Developmen"}, "Did you mean Cloud Development?"),
        ("member", {"role": "Develper"}, "Did you mean Developer?"),
        ("plan", {"project": "CLOD"}, "There is no project CLOD."),
        ("plan", {"generic_resource": 99}, "There is no generic resource 99."),
        ("person", {"groups": ["hrr"]}, "There is no group hrr. Did you mean hr?"),
        ("team", {"lead": {"self": "somewhere"}}, "There is no person named ."),
        ("internal_issue", {"issue": {"self": "x"}}, "neither id, key nor name"),
    ],
)
def test_a_name_that_there_is_not(tempo: Any, noun: str, arguments: dict[str, Any], told: str) -> None:
    with pytest.raises(LookupError) as caught:
        getattr(tempo.make, noun)(**arguments)
    assert told in str(caught.value)
    assert ask(f"{tempo.url}/_mock/audit") == [], "nothing was made"


@pytest.mark.parametrize(
    ("noun", "arguments", "status", "told"),
    [
        ("worklog", {"person": "bob", "issue": "SAFE-1"}, 400, "Issue not found"),
        ("worklog", {"person": "bob", "by": "greta"}, 403, "greta"),
        ("worklog", {"day": "2026-02-30"}, 400, "yyyy-MM-dd"),
        ("worklog", {"time_spent": 0}, 400, "timeSpentSeconds"),
        ("plan", {"start": 1, "end": 0}, 400, "'endDate' must not be before 'startDate'."),
        ("plan", {"person": "bob", "by": "greta"}, 400, "You do not have the permission Manage Plans for this user"),
        ("plan", {"rule": "WEEKLY"}, 400, "'recurrenceEndDate' is required when 'rule' is WEEKLY."),
        ("team", {"by": "greta"}, 403, "Tempo Team Administrator"),
        ("account", {"key": "CLOUD-DEV"}, 400, "Account with this key already exists"),
        ("permission_role", {"permissions": ["fly"]}, 400, "There is no permission fly"),
        ("token", {"scopes": ["worklogs:fly"]}, 400, "There is no scope worklogs:fly"),
        ("token", {"days": 0}, 400, "A token lasts 1 to 5000 days."),
        ("person", {"name": "bob"}, 409, "already"),
        ("person", {"time_zone": "Mars/Base"}, 400, "time_zone: Not the name of a time zone"),
        ("project", {"key": "lower"}, 400, "key"),
        ("issue", {"key": "CLOUD-1"}, 409, "already"),
        ("issue", {"teams": [3]}, 400, "Only an internal issue has them."),
    ],
)
def test_a_refusal_is_the_apis_own(tempo: Any, noun: str, arguments: dict[str, Any], status: int, told: str) -> None:
    with pytest.raises(TempoRefused) as caught:
        getattr(tempo.make, noun)(**arguments)
    assert caught.value.status == status
    assert told in str(caught.value)
    assert ask(f"{tempo.url}/_mock/audit") == [], "nothing was made"


@pytest.mark.parametrize("duration", ["", "soon", "1 fortnight", "h"])
def test_a_duration_is_seconds_or_a_text(tempo: Any, duration: str) -> None:
    with pytest.raises(ValueError, match="such as 7h 30m"):
        tempo.make.worklog(time_spent=duration)


def test_a_team_with_members_and_a_role_over_it(tempo: Any) -> None:
    team = tempo.make.team("Night shift", lead="laura", members=["bob", "greta"], summary="At night", public=False)
    assert (team["lead"]["accountId"] != BOB, team["summary"], team["public"]) == (True, "At night", False)
    assert seen(tempo, {"self": team["members"]["self"]})["metadata"]["count"] == 2
    role = tempo.make.permission_role("Watchers", permissions=["permissions.worklog.view"], people=["greta"], teams=[team])
    assert [held["id"] for held in role["accessEntities"]] == [team["id"]]
    made = tempo.make.worklog("bob")
    assert seen(tempo, made, "outsider") == made, "greta may see it now"


def test_an_account_of_projects(tempo: Any) -> None:
    customer = tempo.make.customer("ACME", name="Acme")
    made = tempo.make.account("ROAD", lead="erica", customer=customer["key"], monthly_budget=40, projects=["CLOUD", "SAFE"])
    assert (made["customer"]["name"], made["monthlyBudget"]) == ("Acme", 40)
    assert seen(tempo, made["links"])["metadata"]["count"] == 2


def test_a_token_of_some_scopes(tempo: Any) -> None:
    text = tempo.make.token("greta", scopes=["teams:view"], days=3)["token"]
    assert ask(f"{tempo.url}/4/teams", text)["metadata"]
    assert ask(f"{tempo.url}/4/worklogs", text)[0] == 403


def test_an_internal_issue_of_a_team(tempo: Any) -> None:
    made = tempo.make.internal_issue("CLOUD-5", teams=["Cloud Development"])
    assert (made["key"], made["teams"]) == ("CLOUD-5", [3])
    issue = tempo.make.issue("Jury duty", project="HR", internal=True, teams=[3])
    assert [entry["teams"] for entry in ask(f"{tempo.url}/_mock/internal-issues") if entry["key"] == issue["key"]] == [[3]]


def test_a_person_can_work_at_once(tempo: Any) -> None:
    zoe = tempo.make.person("zoe", display_name="Zoë Ångström", time_zone="Europe/Berlin")
    assert (zoe["displayName"], zoe["timeZone"]) == ("Zoë Ångström", "Europe/Berlin")
    made = tempo.make.worklog(zoe, day=0, start_time="09:00:00")
    assert made["startDateTimeUtc"] == "2026-03-02T08:00:00Z"
    assert tempo.make.plan("Zoë Ångström")["assignee"]["id"] == zoe["accountId"]
    assert ask(f"{tempo.url}/4/teams", tempo.make.token(zoe)["token"])["metadata"]


def test_somebody_deactivated(tempo: Any) -> None:
    gone = tempo.make.person("yara", active=False)
    with pytest.raises(TempoRefused):
        tempo.make.worklog(gone)


@pytest.mark.tempo(scenario="empty")
def test_an_empty_world_is_filled(tempo: Any) -> None:
    with pytest.raises(LookupError, match=r"tempo\.make\.issue\(\)"):
        tempo.make.worklog()
    project = tempo.make.project("DEMO", name="Demo", groups=["jira-administrators"])
    first, second = tempo.make.issue("First"), tempo.make.issue(assignee="admin", remaining_estimate="4h", age=10)
    assert (project["name"], first["key"], second["key"]) == ("Demo", "DEMO-1", "DEMO-2")
    assert first["fields"]["summary"] == "First"
    assert second["fields"]["timetracking"]["remainingEstimateSeconds"] == 14400
    assert second["fields"]["created"].startswith("2026-02-20")
    assert tempo.make.worklog(issue=second)["issue"]["id"] == int(second["id"])


def test_changes_are_told_to_the_audit_trail_under_the_makers_name(tempo: Any) -> None:
    tempo.make.worklog("bob")
    tempo.make.team()
    assert {event["who"] for event in ask(f"{tempo.url}/_mock/audit")} == {"bob", "fred"}


@pytest.mark.tempo(settings={"cloud.rateLimit": "on"})
def test_builders_are_not_counted(tempo: Any) -> None:
    for _ in range(30):
        tempo.make.worklog(time_spent=60)


def test_nobody_is_acted_as_from_outside(tempo: Any) -> None:
    for header in ("tempo_mock.act_as", "Tempo-Mock-Act-As", "tempo-mock.act-as"):
        assert ask(f"{tempo.url}/4/worklogs", **{header: "1"})[0] == 401
