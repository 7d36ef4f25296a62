"""The site of one check: people, issues, plans, what is armed against the integration, and what it asked."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from conformance import expect
from conformance.calls import Credentials, Unmet
from conformance.client import Caller
from conformance.integration.site import JIRA_ADMIN, JIRA_READER, READER, Row, Site, role_body

HOUR = 3600
ONE = datetime.timedelta(1)
WEEK = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
ZONES = ("Europe/Berlin", "Pacific/Auckland")
"""The scenario guide has somebody in each who may plan on its internal issues."""

ELSEWHERE = "next.invalid"
"""A host that there is nowhere."""

LEAST_SCOPES = ("plans:view", "schemes:view")
"""What reading plans, the schemes they follow and nothing else takes."""


@dataclass(frozen=True)
class Person:
    """Somebody for whom is planned. zone: IANA name, as Jira tells it."""

    account_id: str
    zone: str


class World(Site):
    """A prepared site: two people who work eight hours from Monday to Friday, no plans, no holidays.

    selected: the keys of two internal issues that make rules. unselected: of one that does not. tempo_token: the
    reader's. first: a Monday, two weeks ahead at least.
    """

    def __init__(self, site: Caller) -> None:
        """site: anybody who calls the site; everything else is found out and set up. Raises Unmet."""
        super().__init__(site)
        today = datetime.datetime.now(datetime.UTC).date()
        self.first = today + ONE * (21 - today.weekday())
        users = expect.json_list(site.using(JIRA_ADMIN).get("rest/api/3/users/search", {"maxResults": 1000}))
        known = {row.get("timeZone"): Person(row["accountId"], row["timeZone"]) for row in users if row.get("timeZone")}
        if missing := [zone for zone in ZONES if zone not in known]:
            raise Unmet("a fake with the scenario guide", f"nobody lives in {missing[0]}")
        self.berlin, self.auckland = (known[zone] for zone in ZONES)
        self._self, self._reader = (self.account(who) for who in (JIRA_ADMIN, JIRA_READER))
        self._issues = self._shared_issues()
        self.selected, self.unselected = tuple(self._issues)[:2], tuple(self._issues)[2]
        self.role("plans of everybody, managed", self._self, "plan.view", "plan.manage", "plan.approve")
        self._readers = self.role("plans of everybody, read", self._reader, "plan.view")
        for row in self._plans():
            self.remove(row)
        self._schedule()
        self.tempo_token = self.token()

    def day(self, number: int) -> datetime.date:
        """A day from the first Monday on: 0 to 4 are working days, 5 and 6 are not."""
        return self.first + ONE * number

    def plan(
        self,
        person: Person,
        number: int,
        start: str = "09:00",
        seconds: int = 4 * HOUR,
        *,
        last: int | None = None,
        issue: str = "",
        **values: Any,
    ) -> Row:
        """A new plan. number, last: days as in `day`. issue: a key, the first selected one unless named."""
        body = {
            "assigneeId": person.account_id,
            "assigneeType": "USER",
            "planItemId": self._issues[issue or self.selected[0]],
            "planItemType": "ISSUE",
            "startDate": self.day(number).isoformat(),
            "endDate": self.day(number if last is None else last).isoformat(),
            "startTime": start,
            "plannedSecondsPerDay": seconds,
            **values,
        }
        return {**body, "id": expect.json_object(self.admin.post("4/plans", body))["id"]}

    def change(self, plan: Row, **values: Any) -> None:
        """The same plan with other values."""
        body = {name: value for name, value in {**plan, **values}.items() if name != "id"}
        expect.success(self.admin.put(f"4/plans/{plan['id']}", body))

    def remove(self, plan: Row) -> None:
        """The plan is deleted."""
        expect.success(self.admin.delete(f"4/plans/{plan['id']}"))

    def reject(self, plan: Row) -> None:
        """The plan is rejected by its reviewer, the administrator."""
        self.change(plan, planApproval={"reviewerId": self._self})
        expect.success(self.admin.put(f"4/plan-approvals/{plan['id']}", {"status": "REJECTED"}))

    def generic_resource(self) -> str:
        """The id of a generic resource for which can be planned."""
        return str(expect.json_object(self.admin.post("4/generic-resources", {"name": "Car"}))["id"])

    def project(self) -> str:
        """The id of the project of the internal issues."""
        key = self.selected[0].partition("-")[0]
        return str(expect.json_object(self.caller.using(JIRA_ADMIN).get(f"rest/api/3/project/{key}"))["id"])

    def hide_plans(self) -> None:
        """The reader loses every role with the next list: lists stay 200 and show no plans of others any more."""
        self.arm(path="/4/plans", persona=READER, takePermission=True)

    def narrow_plans(self) -> None:
        """The reader's role is over one team only, in which the person of Auckland is not."""
        team = expect.json_object(self.admin.post("4/teams", {"name": "Berlin"}))["id"]
        expect.success(self.admin.post("4/team-memberships", {"teamId": team, "accountId": self.berlin.account_id}))
        body = role_body("plans of a team, read", self._reader, "plan.view")
        expect.success(
            self.admin.put(f"4/permission-roles/{self._readers}", {**body, "accessType": "TEAM", "accessEntityIds": [team]})
        )

    def lead_elsewhere(self, rows: int) -> None:
        """The next list of plans is a true page of so many rows, but its link to the next page names another host."""
        span = {
            "from": self.day(-90).isoformat(),
            "to": self.day(250).isoformat(),
            "plannedTimeBreakdown": "DAILY",
            "limit": rows,
        }
        reader = self.caller.using(Credentials("reader", "bearer", "", self.tempo_token, "token"))
        page = expect.json_object(reader.get("4/plans", span))
        place = urlsplit(page["metadata"]["next"])
        page["metadata"]["next"] = place._replace(netloc=ELSEWHERE).geturl()
        self.arm(method="GET", path="/4/plans", json=page, count=1)

    def _shared_issues(self) -> dict[str, str]:
        """Key -> id of the internal issues that are open to both people."""
        found: list[dict[str, str]] = []
        for person in (self.berlin, self.auckland):
            answer = self.admin.get(f"x-tempo-mock/internal-issues?accountId={quote(person.account_id)}")
            found.append({row["key"]: str(row["id"]) for row in expect.json_object(answer)["results"]})
        shared = {key: number for key, number in found[0].items() if key in found[1]}
        if len(shared) < 3:
            raise Unmet("three internal issues that are open to both people", f"{', '.join(shared) or 'none'}")
        return shared

    def _plans(self) -> list[Row]:
        span = {"from": self.day(-90).isoformat(), "to": self.day(250).isoformat(), "limit": 5000}
        found: list[Row] = expect.json_object(self.admin.get("4/plans", span))["results"]
        return found

    def _schedule(self) -> None:
        everybody = {"accountIds": [self.berlin.account_id, self.auckland.account_id]}
        days = [{"day": day, "requiredSeconds": 8 * HOUR if number < 5 else 0} for number, day in enumerate(WEEK)]
        bodies: Mapping[str, Row] = {
            "workload-schemes": {"name": "eight hours", "days": days},
            "holiday-schemes": {"name": "no holidays"},
        }
        for kind, body in bodies.items():
            made = expect.json_object(self.admin.post(f"4/{kind}", body))
            expect.success(self.admin.post(f"4/{kind}/{made['id']}/members", everybody))
