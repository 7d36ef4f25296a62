"""The site of one check of time accounts: people who log work in Tempo and in Jira, and what goes wrong with it."""

from __future__ import annotations

import datetime
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from conformance import expect
from conformance.client import Caller
from conformance.integration.site import JIRA_ADMIN, READER, Row, Site, jira_login, role_body

HOUR = 3600
ONE = datetime.timedelta(1)
DAYS = 14
FULL = (0, 8, 8, 8, 8, 8, 0)
"""Hours of a week from Sunday on."""

LEAST_SCOPES = ("worklogs:view",)
ISSUES = ("CLOUD-10", "CLOUD-6")
INTERNAL = "HR-1"
JIRA_WORKLOGS = f"rest/api/3/issue/{ISSUES[0]}/worklog"
APP_NAMES = ("Tempo Timesheets", "Timesheets by Tempo - Jira Time Tracking")
SETTINGS = MappingProxyType({"jiraCloud.withheldSeconds": "0"})
"""Jira tells of the last minute as well: a check cannot wait for it."""

READERS_ROLE = "work of everybody, read"
_SNAPSHOT = "nobody-has-logged-anything"


@dataclass(frozen=True)
class Worker:
    """Somebody who logs work. name: of the scenario guide. zone: IANA name, as Jira tells it."""

    name: str
    account_id: str
    zone: str


class WorkWorld(Site):
    """A prepared site on which nobody has logged work.

    owner: whose tokens the integration has. berlin, auckland: two more who work. first: a Sunday, the first of DAYS days
    that are all over. tempo_token: the owner's, with Full access; tempo_url: where Tempo is said to be.
    """

    def __init__(self, site: Caller) -> None:
        """site: one that `prepare` has prepared, and that `restore` put back. Raises Unmet."""
        super().__init__(site)
        today = datetime.datetime.now(datetime.UTC).date()
        self.first = today - ONE * (today.isoweekday() % 7 + DAYS)
        self.owner, self.berlin, self.auckland = (self._worker(name) for name in (READER, "david", "nadia"))
        self.app = str(self._setting("jiraCloud.tempoAppId"))
        self.issues = {key: self._issue(key) for key in (*ISSUES, INTERNAL)}
        self.tempo_token = self.token()

    @property
    def people(self) -> tuple[Worker, ...]:
        """Those who have contracts unless a check gives others."""
        return self.owner, self.berlin, self.auckland

    @property
    def last(self) -> datetime.date:
        """The last day of the period, a Saturday."""
        return self.first + ONE * (DAYS - 1)

    def day(self, number: int) -> datetime.date:
        """A day of the period, from 0, a Sunday, on; others lie outside."""
        return self.first + ONE * number

    def setup(self, contracts: list[Row] | None = None) -> Row:
        """What TEMPO_WORKLOGS_SETUP tells. contracts: everybody's, eight hours from Monday to Friday, unless given."""
        return {
            "contracts": contracts if contracts is not None else [self.contract(person) for person in self.people],
            "period": {"from": self.first.isoformat(), "to": self.last.isoformat()},
            "appAccount": self.app,
        }

    def contract(self, person: Worker, week: tuple[float, ...] = FULL, first: int = -7, last: int | None = None) -> Row:
        """A contract. week: hours from Sunday on. first, last: days as in `day`; last: included, None for an open end."""
        end = None if last is None else self.day(last).isoformat()
        return {"person": person.account_id, "first": self.day(first).isoformat(), "last": end, "week": list(week)}

    def log(
        self,
        person: Worker,
        number: int,
        seconds: int = 2 * HOUR,
        start: str = "09:00",
        *,
        billable: int | None = None,
        issue: str = ISSUES[0],
    ) -> Row:
        """A new worklog, entered in Tempo. number: a day as in `day`."""
        body = {
            "authorAccountId": person.account_id,
            "issueId": self.issues[issue],
            "startDate": self.day(number).isoformat(),
            "startTime": f"{start}:00",
            "timeSpentSeconds": seconds,
            "billableSeconds": seconds if billable is None else billable,
            "description": "Working",
        }
        return {**body, "id": expect.json_object(self.admin.post("4/worklogs", body))["tempoWorklogId"]}

    def log_in_jira(self, person: Worker, number: int, seconds: int = HOUR, start: str = "09:00") -> None:
        """A new worklog, entered in Jira by its author. start: of their wall clock."""
        clock = datetime.time.fromisoformat(start)
        at = datetime.datetime.combine(self.day(number), clock, ZoneInfo(person.zone)).astimezone(datetime.UTC)
        body = {"timeSpentSeconds": seconds, "started": at.strftime("%Y-%m-%dT%H:%M:%S.000+0000")}
        caller = self.caller.using(jira_login(person.name, person.name))
        expect.success(caller.post(JIRA_WORKLOGS, body))

    def change(self, worklog: Row, **values: Any) -> None:
        """The same worklog with other values."""
        body = {name: value for name, value in {**worklog, **values}.items() if name != "id"}
        expect.success(self.admin.put(f"4/worklogs/{worklog['id']}", body))

    def remove(self, worklog: Row) -> None:
        """The worklog is deleted."""
        expect.success(self.admin.delete(f"4/worklogs/{worklog['id']}"))

    def plan(self, person: Worker, number: int, seconds: int) -> None:
        """Time planned on the internal issue, as somebody plans a vacation."""
        self.role("plans of everybody, managed", self.account(JIRA_ADMIN), "plan.view", "plan.manage")
        day = self.day(number).isoformat()
        body = {
            "assigneeId": person.account_id,
            "assigneeType": "USER",
            "planItemId": str(self.issues[INTERNAL]),
            "planItemType": "ISSUE",
            "startDate": day,
            "endDate": day,
            "startTime": "09:00",
            "plannedSecondsPerDay": seconds,
        }
        expect.success(self.admin.post("4/plans", body))

    def hide_others(self) -> None:
        """The owner is in no role any more that shows the work of others."""
        self._readers([])

    def show_others(self) -> None:
        """The owner sees everybody's work again."""
        self._readers([self.owner.account_id])

    def rename_app(self, name: str) -> None:
        """Tempo's account is called otherwise in Jira from now on, on what it wrote before as well."""
        expect.success(self.caller.put("_mock/settings", {"jiraCloud.tempoAppName": name}))

    @contextmanager
    def nobody_listens(self) -> Iterator[None]:
        """Tempo's address is one where nothing answers, for a while."""
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            # Bound and not listening: refused, and nobody else can take it meanwhile.
            self.tempo_url = f"http://127.0.0.1:{found.getsockname()[1]}"
            yield
        self.tempo_url = self.url

    def is_programs(self, row: Row) -> bool:
        """The suite logs work in Jira for the owner of the tokens as well."""
        is_logged = row["method"] == "POST" and row["path"] == f"/{JIRA_WORKLOGS}"
        return super().is_programs(row) and not is_logged

    def _readers(self, people: list[str]) -> None:
        roles = expect.json_object(self.admin.get("4/permission-roles", {"name": READERS_ROLE}))["results"]
        number = next(role["id"] for role in roles if role["name"] == READERS_ROLE)
        body = role_body(READERS_ROLE, self.owner.account_id, "worklog.view")
        expect.success(self.admin.put(f"4/permission-roles/{number}", {**body, "permittedAccountIds": people}))

    def _worker(self, name: str) -> Worker:
        answer = expect.json_object(self.caller.using(jira_login(name, name)).get("rest/api/3/myself"))
        return Worker(name, str(answer["accountId"]), str(answer["timeZone"]))

    def _issue(self, key: str) -> int:
        return int(expect.json_object(self.caller.using(JIRA_ADMIN).get(f"rest/api/3/issue/{key}"))["id"])

    def _setting(self, name: str) -> Any:
        return expect.json_object(self.caller.get("_mock/settings"))[name]["value"]


def prepare(caller: Caller) -> None:
    """Takes everybody's worklogs from a new site and gives administrator and reader what they need. Raises Unmet."""
    site = Site(caller)
    site.role("work of everybody, managed", site.account(JIRA_ADMIN), "worklog.view", "worklog.manage")
    site.role(READERS_ROLE, site.account(jira_login(READER, READER)), "worklog.view")
    for row in expect.json_object(site.admin.get("4/worklogs", {"limit": 5000}))["results"]:
        expect.success(site.admin.delete(f"4/worklogs/{row['tempoWorklogId']}"))
    expect.success(caller.post("_mock/snapshots", {"name": _SNAPSHOT}))


def restore(caller: Caller) -> None:
    """Puts a prepared site back to where it was. Raises Unmet."""
    expect.success(caller.post("_mock/restore", {"name": _SNAPSHOT}))
    expect.success(caller.delete("_mock/faults"))
    expect.success(caller.delete("_mock/journal"))
