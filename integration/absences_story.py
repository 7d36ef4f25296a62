"""The story of the absence sync: time planned off becomes rules, and nothing is deleted by accident."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from integration.exits import Exit
from integration.story import Story

SETTINGS = ("globalConfiguration.planApprovalEnabled=on",)
"""Of the fake that it is played against."""

ERICA, LAURA = "5b10a2844c20165700ede220", "5b10a2844c20165700ede222"
CONFIGURATION = """\
[site]
tempo_url = "{url}"
jira_url = "{url}"
jira_user = "fred@example.org"
requests_per_second = 1000

[token]
tempo = "file:tempo-token"

[[template]]
issue = "HR-1"
name = "Vacation"
coverers = ["{erica}"]
message = "I am away until [return date]; [coverer] covers for me."
mention_days_ahead = 4

[[template]]
issue = "HR-2"
name = "Sick leave"
coverers = ["{erica}"]

[[template]]
issue = "HR-4"
name = "Personal time off"
message = "Back on [return date]."
"""


def play(story: Story) -> None:
    """Every step. Raises ``Unexpected`` where one does not come out as told."""
    plan = _a_plan(story)
    _connect(story)
    _first_run(story)
    _edit(story, plan)
    _delete(story, plan)
    _lose_a_permission(story)
    _token_ends(story)


def _a_plan(story: Story) -> Mapping[str, Any]:
    """A whole day of paid time off, a Monday four weeks from now or later, that laura plans for herself."""
    day = date.today() + timedelta(days=28)
    day += timedelta(days=-day.weekday() % 7)
    made: Mapping[str, Any] = story.ask("POST", "/4/plans", _plan_body(story, day, 8), who="laura")
    return made


def _plan_body(story: Story, day: date, hours: int) -> dict[str, Any]:
    issues = {issue["key"]: issue["id"] for issue in story.ask("GET", "/x-tempo-mock/internal-issues")["results"]}
    return {
        "assigneeId": LAURA, "assigneeType": "USER", "planItemId": str(issues["HR-1"]), "planItemType": "ISSUE",
        "startDate": day.isoformat(), "endDate": day.isoformat(), "startTime": "08:00", "plannedSecondsPerDay": hours * 3600,
    }  # fmt: skip


def _connect(story: Story) -> None:
    story.tell("Connect", "A token is verified before anything is kept. Tempo tells nobody when it ends, so that is asked for.")
    story.write("tempo-token", "demo-token-of-absences-not-a-secret\n")
    story.write("tempo-sync.toml", CONFIGURATION.format(url=story.url, erica=ERICA))
    story.sync("connect", "--days", "365", "--purpose", "demo", expected=Exit.IN_SYNC)
    story.tell("Choose the issues", "Vacation, sick leave and personal time off make rules; training (HR-3) is work here.")
    story.sync("issues", "--select", "HR-1", "HR-2", "HR-4", expected=Exit.IN_SYNC)


def _first_run(story: Story) -> None:
    story.tell("Look first", "Without --apply nothing is written, here or in Tempo.")
    story.sync("absences", expected=Exit.PENDING)
    story.tell("Apply", "One outcome for each rule. A second run finds nothing to do.")
    story.sync("absences", "--apply", expected=Exit.IN_SYNC)
    story.sync("absences", expected=Exit.IN_SYNC)


def _edit(story: Story, plan: Mapping[str, Any]) -> None:
    story.tell("A plan is edited", "laura will be there in the afternoon: her whole day becomes a morning.")
    body = _plan_body(story, date.fromisoformat(plan["startDate"]), 4)
    story.ask("PUT", f"/4/plans/{plan['id']}", body, who="laura")
    story.sync("absences", "--apply", expected=Exit.IN_SYNC)


def _delete(story: Story, plan: Mapping[str, Any]) -> None:
    story.tell("A plan is deleted", "Its rule goes. laura has other plans that are seen, so that this one is gone is believed.")
    story.ask("DELETE", f"/4/plans/{plan['id']}", who="laura")
    story.sync("absences", "--apply", expected=Exit.IN_SYNC)


def _lose_a_permission(story: Story) -> None:
    story.tell(
        "A permission goes",
        "The token's owner is taken out of the role View Plans. Tempo still answers 200, only shorter: nothing is deleted.",
    )
    story.ask("POST", "/_mock/snapshots", {"name": "before"})
    roles = story.ask("GET", "/4/permission-roles")["results"]
    role = next(found for found in roles if found["name"] == "View Plans")
    body = {"name": role["name"], "accessType": role["accessType"], "permittedAccountIds": []}
    body["permissionKeys"] = [permission["key"] for permission in role["permissions"]]
    story.ask("PUT", f"/4/permission-roles/{role['id']}", body)
    story.sync("absences", "--apply", expected=Exit.INCOMPLETE)
    story.say("\nThe permission is given back.")
    story.ask("POST", "/_mock/restore", {"name": "before"})
    story.sync("absences", expected=Exit.IN_SYNC)


def _token_ends(story: Story) -> None:
    story.tell("The token ends", "The run says so, and since when nothing was read. Every rule stays.")
    story.ask("POST", "/_mock/faults", {"path": "/4/", "persona": "absences", "expireToken": True, "count": 1})
    story.sync("absences", "--apply", expected=Exit.UNREADABLE)
    story.tell("Rotate", "A new token is verified, then takes the place of the old one; what is held is untouched.")
    made = story.ask("POST", "/_mock/tokens", {"person": "fred", "name": "rotated", "days": 365})
    story.sync("connect", "--rotate", "--days", "365", expected=Exit.IN_SYNC, secret=made["token"] + "\n")
    story.sync("absences", expected=Exit.IN_SYNC)
    story.say("\nIn sync again.")
