"""What checks make on a Tempo Cloud site, all of it named after the run and removed when the check is over."""

from __future__ import annotations

import datetime
import random
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from conformance import expect
from conformance.calls import Answer, Unmet
from conformance.client import Caller
from conformance.cloud.pages import by_body, everything, results
from conformance.run import GONE, Absent, Run

VIEW_WORKLOGS = "permissions.worklog.view"
UNKNOWN = 2147483000


@dataclass(frozen=True)
class Kind:
    """Something checks make. path: where it is made and removed; key: the member that names one in the path."""

    noun: str
    path: str
    key: str = "id"

    def place(self, value: object) -> str:
        """The path of one."""
        return f"{self.path}/{quote(str(value), safe='')}"

    def remove(self, caller: Caller, value: object) -> str | None:
        """Deletes one: None when the server says that it is gone, else the reason."""
        answer = caller.delete(self.place(value))
        return None if answer.ok or answer.status in GONE else f"DELETE answered {answer.status}"


WORKLOG = Kind("worklog", "4/worklogs", "tempoWorklogId")
ATTRIBUTE = Kind("work attribute", "4/work-attributes", "key")
TEAM = Kind("team", "4/teams")
MEMBERSHIP = Kind("team membership", "4/team-memberships")
ROLE = Kind("role", "4/roles")
PERMISSION_ROLE = Kind("permission role", "4/permission-roles")
ACCOUNT = Kind("account", "4/accounts", "key")
ACCOUNT_LINK = Kind("account link", "4/account-links")
CATEGORY = Kind("account category", "4/account-categories", "key")
CUSTOMER = Kind("customer", "4/customers", "key")
GENERIC_RESOURCE = Kind("generic resource", "4/generic-resources")
PROGRAM = Kind("program", "4/programs")
TEAM_LINK = Kind("team link", "4/team-links")
PLAN = Kind("plan", "4/plans")
WORKLOAD_SCHEME = Kind("workload scheme", "4/workload-schemes")
HOLIDAY_SCHEME = Kind("holiday scheme", "4/holiday-schemes")
# What is listed with a name. An account is in the way of its category and its customer, a generic resource of its team, a team
# of its role and its program.
SWEPT = (
    PERMISSION_ROLE, GENERIC_RESOURCE, TEAM, ROLE, PROGRAM, ACCOUNT, CATEGORY, CUSTOMER, ATTRIBUTE, WORKLOAD_SCHEME,
    HOLIDAY_SCHEME,
)  # fmt: skip


@dataclass(frozen=True)
class Calendar:
    """The days on which work may be logged: `span` days from `first`.

    busy: days on which a persona has work that is not ours. given: those given to checks. Both as days after `first`.
    """

    first: datetime.date
    span: int
    busy: frozenset[int] = frozenset()
    given: set[int] = field(default_factory=set)

    def draw(self, length: int, source: random.Random, own: Collection[int]) -> int:
        """The first of that many free days in a row, which are then given. own: those the same check has already.

        Days of earlier checks, whose work is gone by now, come only when no others are left. Raises Absent when none are.
        """
        for taken in (self.busy | self.given, self.busy.union(own)):
            starts = [start for start in range(self.span - length + 1) if taken.isdisjoint(range(start, start + length))]
            if starts:
                start = source.choice(starts)
                self.given.update(range(start, start + length))
                return start
        raise Absent(
            f"the personas have work on too many of the {self.span} days from {self.first}: {length} in a row are needed"
        )


class Bench:
    """Makes things, by default as the administrator, and notes them in the run's ledger."""

    def __init__(self, run: Run, admin: Caller) -> None:
        self._run = run
        self._admin = admin

    def name(self) -> str:
        """A name that nobody else uses; it begins with the prefix of the run."""
        return f"{self._run.prefix} {next(self._run.numbers)}"

    def key(self) -> str:
        """The same as a key: letters, digits, hyphens."""
        return f"{self._run.prefix}-{next(self._run.numbers)}"

    def adopt(self, answer: Answer, kind: Kind, by: Caller | None = None) -> Answer:
        """Notes what an answer says it made, whatever a check makes of the answer afterwards."""
        made = answer.json_or_none() if answer.ok else None
        for item in made if isinstance(made, list) else [made]:
            if isinstance(item, dict) and item.get(kind.key):
                self._note(kind, item[kind.key], by or self._admin)
        return answer

    def _note(self, kind: Kind, value: object, by: Caller) -> None:
        self._run.ledger.add(f"{kind.noun} {value}", lambda: kind.remove(by, value))

    def make(self, kind: Kind, body: object, by: Caller | None = None) -> Answer:
        """POSTs something and takes charge of it."""
        return self.adopt((by or self._admin).post(kind.path, body), kind, by)

    def made(self, kind: Kind, body: object, by: Caller | None = None) -> dict[str, Any]:
        """The same where the making is not what is judged: the new item. Raises Unmet when there is none."""
        answer = self.make(kind, body, by)
        item = expect.json_object(answer)
        expect.that(answer, item.get(kind.key), f"a new {kind.noun} with its {kind.key}", f"members {', '.join(item)}")
        return item

    def team(self, **values: Any) -> dict[str, Any]:
        """A new team."""
        return self.made(TEAM, {"name": self.name(), **values})

    def join(self, team: dict[str, Any], who: Caller, **values: Any) -> dict[str, Any]:
        """A new membership of somebody in a team. values: `from`, `to` and what else the body takes."""
        return self.made(MEMBERSHIP, {"teamId": team["id"], "accountId": account_of(who), **values})

    def grant(
        self, who: Caller, teams: Iterable[dict[str, Any]] = (), keys: Iterable[str] = (VIEW_WORKLOGS,)
    ) -> dict[str, Any]:
        """A new permission role of one person: over teams, or over everybody where none is named."""
        ids = [team["id"] for team in teams]
        body = {"name": self.name(), "permissionKeys": list(keys), "permittedAccountIds": [account_of(who)]}
        access = {"accessType": "TEAM", "accessEntityIds": ids} if ids else {"accessType": "GLOBAL"}
        return self.made(PERMISSION_ROLE, {**body, **access})

    def revoke(self, role: dict[str, Any]) -> None:
        """Removes a permission role before its time."""
        expect.success(self._admin.delete(PERMISSION_ROLE.place(role["id"])))

    def customer(self) -> dict[str, Any]:
        """A new customer."""
        return self.made(CUSTOMER, {"key": self.key(), "name": self.name()})

    def category(self) -> dict[str, Any]:
        """A new account category."""
        return self.made(CATEGORY, {"key": self.key(), "name": self.name(), "typeName": "INTERNAL"})

    def account(self, **values: Any) -> dict[str, Any]:
        """A new account."""
        body = {"key": self.key(), "name": self.name(), "status": "OPEN", "leadAccountId": account_of(self._admin)}
        return self.made(ACCOUNT, {**body, **values})

    def resource(self) -> dict[str, Any]:
        """A new generic resource."""
        return self.made(GENERIC_RESOURCE, {"name": self.name()})

    def assign(self, team: dict[str, Any], resource: dict[str, Any]) -> Answer:
        """Puts a generic resource into a team and takes charge of it."""
        kind = Kind(f"generic resource in team {team['id']}", resources_of(team))
        answer = self._admin.post(kind.path, {"genericResourceId": resource["id"]})
        if answer.ok:
            self._note(kind, resource["id"], self._admin)
        return answer

    def link(self, team: dict[str, Any], project: int) -> dict[str, Any]:
        """A new link of a team to a project."""
        return self.made(TEAM_LINK, {"teamId": team["id"], "scopeId": project, "scopeType": "PROJECT"})

    def attribute(self, **values: Any) -> dict[str, Any]:
        """A new work attribute that nobody has to fill in."""
        key = f"_{self.key()}_"
        return self.made(ATTRIBUTE, {"key": key, "name": self.name(), "type": "INPUT_FIELD", **values})


class Timesheet:
    """Logs work on the issue of the run."""

    def __init__(
        self, run: Run, bench: Bench, issues: tuple[Issue, ...], calendar: Calendar, required: Mapping[str, Any]
    ) -> None:
        """`required`: members that the site wants in every worklog."""
        self._run = run
        self._bench = bench
        self._issues = issues
        self._calendar = calendar
        self._days: set[int] = set()
        self.required = required

    @property
    def issue(self) -> Issue:
        """The issue that the most personas may log work on."""
        return self._issues[0]

    @property
    def other_issue(self) -> Issue:
        """Another issue. Raises Absent where there is none."""
        if len(self._issues) < 2:
            raise Absent("only one issue was found on which the persona admin may log work")
        return self._issues[1]

    def days(self, length: int) -> list[datetime.date]:
        """That many days in a row on which no persona has work and no other check logs any. Raises Absent."""
        start = self._calendar.draw(length, self._run.random(f"days {next(self._run.numbers)}"), self._days)
        self._days.update(range(start, start + length))
        return [self._calendar.first + datetime.timedelta(start + day) for day in range(length)]

    def body(self, who: Caller, day: datetime.date, **values: Any) -> dict[str, Any]:
        """The body of a new worklog of somebody."""
        issue = values.get("issueId", self.issue.id)
        if any(found.id == issue and who.credentials.label not in found.workers for found in self._issues):
            raise Absent(f"the persona {who.credentials.label} may not log work on issue {issue}")
        return {
            "authorAccountId": account_of(who),
            "issueId": issue,
            "startDate": day.isoformat(),
            "timeSpentSeconds": 300,
            "startTime": "08:00:00",
            "description": self._bench.name(),
            **self.required,
            **values,
        }

    def log(self, who: Caller, day: datetime.date, **values: Any) -> dict[str, Any]:
        """A new worklog of somebody, logged by themselves."""
        return self._bench.made(WORKLOG, self.body(who, day, **values), who)


@dataclass(frozen=True)
class Issue:
    """An issue to log work on. project: its id, 0 = unknown. workers: the personas who may."""

    id: int
    project: int
    workers: frozenset[str]


def account_of(who: Caller) -> str:
    """The account id of a persona. Raises Absent where neither the target file nor Jira tells it."""
    if not who.user:
        raise Absent(f"the target gives the persona {who.credentials.label} no account_id")
    return who.user


def resources_of(team: dict[str, Any]) -> str:
    """The path of the generic resources of a team."""
    return f"{TEAM.place(team['id'])}/generic-resources"


def sweep(run: Run, admin: Caller) -> None:
    """Deletes what carries the prefix of the run in its name; says what stays listed."""
    for kind in SWEPT:
        try:
            for item in _listed(run, admin, kind):
                for link in results(admin.get(f"{TEAM.place(item['id'])}/links")) if kind is TEAM else ():
                    TEAM_LINK.remove(admin, link.get(TEAM_LINK.key))
                kind.remove(admin, item.get(kind.key))
                run.ledger.forgive(f"{kind.noun} {item.get(kind.key)}")
            for item in _listed(run, admin, kind):
                run.ledger.note_left(f"{kind.noun} {item.get(kind.key)}", "still listed after its deletion")
        except Unmet as error:
            run.ledger.note_left("perhaps more", f"the list of {kind.path} could not be read: {error}")


def sweep_worklogs(run: Run, who: Caller, issue: int, calendar: Calendar) -> None:
    """The same for the worklogs of one person on the issue of the run."""
    last = calendar.first + datetime.timedelta(calendar.span)
    query = [("from", calendar.first.isoformat()), ("to", last.isoformat())]
    try:
        for item in everything(who, f"4/worklogs/issue/{issue}", query):
            if str(item.get("description")).startswith(run.prefix):
                number = item.get(WORKLOG.key)
                if reason := WORKLOG.remove(who, number):
                    run.ledger.note_left(f"worklog {number}", reason)
                else:
                    run.ledger.forgive(f"worklog {number}")
    except Unmet as error:
        run.ledger.note_left("perhaps more", f"the worklogs of issue {issue} could not be read: {error}")


def _listed(run: Run, admin: Caller, kind: Kind) -> list[dict[str, Any]]:
    if kind in (ROLE, CATEGORY, PROGRAM, HOLIDAY_SCHEME):
        content = admin.get(kind.path).json_or_none()
        items = content.get("results", []) if isinstance(content, dict) else []
    elif kind is ACCOUNT:
        items = everything(admin, f"{kind.path}/search", (), {"statuses": ["OPEN", "CLOSED", "ARCHIVED"]})
    elif kind is GENERIC_RESOURCE:
        items = by_body(admin, f"{kind.path}/search")
    else:
        items = everything(admin, kind.path)
    return [item for item in items if isinstance(item, dict) and str(item.get("name")).startswith(run.prefix)]
