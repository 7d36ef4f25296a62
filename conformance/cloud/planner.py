"""Plans time for the personas on the issue of the run, and moves them between schemes where the target allows it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from conformance import expect
from conformance.calls import Answer, Unmet
from conformance.client import Caller
from conformance.cloud.bench import (
    GENERIC_RESOURCE,
    HOLIDAY_SCHEME,
    PLAN,
    WORKLOAD_SCHEME,
    Bench,
    Calendar,
    Issue,
    Kind,
    account_of,
)
from conformance.cloud.pages import everything, results
from conformance.cloud.planner_beans import WEEK
from conformance.run import Absent, Run

Row = dict[str, Any]
HOUR = 3600
ONE = datetime.timedelta(1)
FIVE_DAYS = tuple({"day": day, "requiredSeconds": 6 * HOUR if number < 5 else 0} for number, day in enumerate(WEEK))


class Planner:
    """Plans time for personas, always by themselves and for themselves unless a check says otherwise."""

    def __init__(self, run: Run, bench: Bench, issue: Issue, calendar: Calendar) -> None:
        self._run = run
        self._bench = bench
        self.issue = issue
        self._calendar = calendar

    def monday(self) -> datetime.date:
        """A Monday after which eight weeks are free of other checks' plans."""
        start = self._run.random(f"weeks {next(self._run.numbers)}").randrange(self._calendar.span - 63)
        day = self._calendar.first + datetime.timedelta(start)
        return day - datetime.timedelta(day.weekday()) + datetime.timedelta(7)

    def body(self, who: Caller, first: datetime.date, last: datetime.date | None = None, **values: Any) -> Row:
        """The body of a new plan: every day from first to last, one hour a day, free days too."""
        if who.credentials.label not in self.issue.workers:
            raise Absent(f"the persona {who.credentials.label} may not work on issue {self.issue.id}")
        return {
            "assigneeId": account_of(who),
            "assigneeType": "USER",
            "planItemId": str(self.issue.id),
            "planItemType": "ISSUE",
            "startDate": first.isoformat(),
            "endDate": (last or first).isoformat(),
            "plannedSecondsPerDay": HOUR,
            "includeNonWorkingDays": True,
            "description": self._bench.name(),
            **values,
        }

    def make(self, who: Caller, body: Row) -> Answer:
        """POSTs a plan as somebody and takes charge of what comes of it."""
        return self._bench.make(PLAN, body, who)

    def adopt(self, answer: Answer, who: Caller) -> Answer:
        """Takes charge of a plan that another call may have made."""
        return self._bench.adopt(answer, PLAN, who)

    def adopt_row(self, row: Row, who: Caller) -> None:
        """Takes charge of a plan that was found."""
        if isinstance(row.get("id"), int) and str(row.get("description")).startswith(self._run.prefix):
            self._run.ledger.add(f"plan {row['id']}", lambda: PLAN.remove(who, row["id"]))

    def plan(self, who: Caller, first: datetime.date, last: datetime.date | None = None, **values: Any) -> Row:
        """A new plan of somebody, made by themselves."""
        return self._bench.made(PLAN, self.body(who, first, last, **values), who)


class Mover:
    """Moves personas into schemes of the run and back into their own when the check is over."""

    def __init__(self, run: Run, bench: Bench, admin: Caller) -> None:
        self._run = run
        self._bench = bench
        self._admin = admin

    def workload(self, days: tuple[Row, ...] | list[Row] = FIVE_DAYS) -> Row:
        """A new workload scheme."""
        return self._bench.made(WORKLOAD_SCHEME, {"name": self._bench.name(), "days": list(days)})

    def holidays(self, *holidays: Row) -> Row:
        """A new holiday scheme with holidays."""
        scheme = self._bench.made(HOLIDAY_SCHEME, {"name": self._bench.name()})
        for holiday in holidays:
            expect.success(self._admin.post(f"{HOLIDAY_SCHEME.place(scheme['id'])}/holidays", holiday))
        return scheme

    def prepare(self, kind: Kind, who: Caller) -> int:
        """The id of the scheme somebody is in; they will be moved back into it. Raises Unmet."""
        account = account_of(who)
        answer = self._admin.get(f"{kind.path}/users/{account}")
        home = expect.json_object(answer).get("id")
        expect.that(answer, isinstance(home, int), "the scheme of a person with its id", f"id = {home!r}")

        def back() -> str | None:
            self._admin.post(f"{kind.place(home)}/members", {"accountIds": [account]})
            now = self._admin.get(f"{kind.path}/users/{account}").json_or_none()
            found = now.get("id") if isinstance(now, dict) else None
            return None if found == home else f"is now in scheme {found}, not in {home}"

        self._run.ledger.add(f"{who.credentials.label} outside of {kind.noun} {home}", back)
        return int(str(home))

    def move(self, kind: Kind, scheme: Row, who: Caller) -> None:
        """Puts somebody into a scheme until the check is over. Raises Unmet."""
        self.prepare(kind, who)
        expect.success(self._admin.post(f"{kind.place(scheme['id'])}/members", {"accountIds": [account_of(who)]}))


def generic_resource(bench: Bench, admin: Caller, lead: Caller) -> Row:
    """A new generic resource in a new team that somebody leads, who may therefore see and plan for it."""
    made = bench.made(GENERIC_RESOURCE, {"name": bench.name()})
    team = bench.team(leadAccountId=account_of(lead))
    expect.success(admin.post(f"4/teams/{team['id']}/generic-resources", {"genericResourceId": made["id"]}))
    return made


def default_scheme(admin: Caller, kind: Kind) -> Row:
    """The default scheme. Raises Unmet where there is not exactly one."""
    answer = admin.get(kind.path, [] if kind is HOLIDAY_SCHEME else [("limit", 5000)])
    found = [row for row in results(answer) if row.get("defaultScheme") is True and isinstance(row.get("id"), int)]
    expect.equal(answer, "how many schemes are the default", len(found), 1)
    return found[0]


def planned_days(plan: Row) -> dict[str, int]:
    """The days of a plan with more than no seconds, as `yyyy-MM-dd`; empty where there is no breakdown."""
    planned = plan.get("plannedTime")
    days = planned.get("days") if isinstance(planned, dict) else None
    values = days.get("values") if isinstance(days, dict) else None
    return {
        str(value.get("date"))[:10]: value["plannedSeconds"]
        for value in values or []
        if isinstance(value, dict) and isinstance(value.get("plannedSeconds"), int) and value["plannedSeconds"] > 0
    }


def days_of(first: datetime.date, last: datetime.date) -> list[str]:
    """All days from first to last."""
    return [(first + datetime.timedelta(number)).isoformat() for number in range((last - first).days + 1)]


def window(first: datetime.date, last: datetime.date, *more: tuple[str, Any]) -> list[tuple[str, Any]]:
    """The query of a list of plans."""
    return [("from", first.isoformat()), ("to", last.isoformat()), *more]


def sweep_plans(run: Run, callers: Callable[[], list[Caller]], calendar: Calendar) -> None:
    """Deletes the plans of the personas that carry the prefix of the run."""
    asked = window(calendar.first, calendar.first + datetime.timedelta(calendar.span + 63))
    for who in callers():
        try:
            query = [*asked, ("accountIds", account_of(who))]
            for item in everything(who, PLAN.path, query):
                if str(item.get("description")).startswith(run.prefix):
                    reason = PLAN.remove(who, item.get("id"))
                    run.ledger.forgive(f"plan {item.get('id')}")
                    if reason is not None:
                        run.ledger.note_left(f"plan {item.get('id')}", reason)
        except Unmet as error:
            run.ledger.note_left("perhaps more", f"the plans of {who.credentials.label} could not be read: {error}")
