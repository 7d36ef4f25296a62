"""Plans as values of ``PlanSchema``, many at a time: what they share is read once for all."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from mock_server.cloud.addresses import jira_root, user_at, user_bean
from mock_server.domain import plan_days, user_schedule
from mock_server.domain.calendars import Calendar
from mock_server.domain.plan_approvals import ENABLED
from mock_server.domain.plan_days import PlannedDay, Span
from mock_server.domain.plans import NO_TIME, ON_TIME
from mock_server.endpoint import Call
from mock_server.storage import people
from mock_server.storage import plans as plan_rows
from mock_server.storage.plans import Plan

DAILY = "DAILY"
PERIOD = "PERIOD"


class _Times(NamedTuple):
    """Seconds of a plan: in all, in the window, on its first day; and the breakdown of the window."""

    total: int
    in_scope: int
    first: int | None
    planned: dict[str, Any]

    def each(self, seconds: int) -> "_Times":
        """Those of so many seconds a day, where these are of one."""
        first = None if self.first is None else self.first * seconds
        planned: dict[str, Any] = {}
        if "days" in self.planned:
            count, values = self.planned["days"].values()
            values = [{"day": day["day"], "seconds": day["seconds"] * seconds} for day in values]
            planned["days"] = {"count": count, "values": values}
        if "periods" in self.planned:
            count, values = self.planned["periods"].values()
            values = [{**period, "seconds": period["seconds"] * seconds} for period in values]
            planned["periods"] = {"count": count, "values": values}
        return _Times(self.total * seconds, self.in_scope * seconds, first, planned)


class _Shown:
    """The times of many plans, worked out once for all that are alike: people of one team plan alike.

    Most plans take so many seconds on each counted day. Which days these are does not depend on how many seconds.
    """

    def __init__(self, window: Span | None, breakdown: Collection[str]) -> None:
        self._window, self._breakdown = window, breakdown
        self._of_a_second: dict[tuple[object, ...], _Times] = {}
        self._alike: dict[tuple[object, int | None], _Times] = {}

    def times(self, plan: Plan, removed: tuple[str, ...], calendar: Calendar) -> _Times:
        """The times of a plan, less the days that were taken out of it, for whoever works by the calendar."""
        # The id of the calendar will do: those who share one share the object.
        when = (
            plan.start_date, plan.end_date, plan.rule, plan.until, plan.on_non_working_days, plan.total, removed, id(calendar),
        )  # fmt: skip
        times = self._alike.get((when, plan.per_day))
        if times is None:
            times = self._alike[when, plan.per_day] = self._worked_out(plan, removed, calendar, when)
        return times

    def _worked_out(self, plan: Plan, removed: tuple[str, ...], calendar: Calendar, when: tuple[object, ...]) -> _Times:
        if plan.per_day is None:
            return self._planned(plan, removed, calendar)
        times = self._of_a_second.get(when)
        if times is None:
            times = self._of_a_second[when] = self._planned(plan._replace(per_day=1), removed, calendar)
        return times.each(plan.per_day)

    def _planned(self, plan: Plan, removed: tuple[str, ...], calendar: Calendar) -> _Times:
        return _times(plan_days.pattern_of(plan, removed).planned(calendar), self._window, self._breakdown)


def beans(call: Call, found: Sequence[Plan], window: Span | None, breakdown: Collection[str]) -> list[dict[str, Any]]:
    """Values of ``PlanSchema``. ``window`` is what the planned time is asked for, ``breakdown`` DAILY, PERIOD or both."""
    store = call.store
    removed = plan_rows.removed_days(store, [plan.id for plan in found])
    calendars = call.remember("calendars", user_schedule.Calendars)
    working = calendars.of(store, {plan.person_id for plan in found if plan.person_id is not None})
    nobody = user_schedule.of_nobody(store)
    accounts = people.account_ids(store, {person_id for plan in found for person_id in _people(plan) if person_id is not None})
    on_time = call.settings.is_on(ON_TIME)
    shows_approval = call.settings.is_on(ENABLED)
    # Asked for once: they are the same for all.
    base, root = call.base, jira_root(call)
    shown = _Shown(window, breakdown)
    made = []
    for plan in found:
        times = shown.times(
            plan, tuple(removed.get(plan.id, ())), nobody if plan.person_id is None else working[plan.person_id]
        )
        bean = {
            "link": f"{base}/plans/{plan.id}",
            "id": plan.id,
            "start_date": plan.start_date,
            "end_date": plan.end_date,
            "start_time": plan.start_time if on_time else NO_TIME,
            "effort": "SECONDS_PER_DAY" if plan.total is None else "TOTAL_SECONDS",
            "total": times.total,
            "in_scope": times.in_scope,
            "on_non_working_days": bool(plan.on_non_working_days),
            "rule": plan.rule,
            # A client in use reads it of every plan.
            "until": plan.until or plan.end_date,
            "assignee": _assignee(base, root, plan, accounts),
            "item": _item(root, plan),
            "sync_source": "NONE",
            "created_at": f"{plan.created_at[:19]}Z",
            "updated_at": f"{plan.updated_at[:19]}Z",
        }
        if plan.description:
            bean["description"] = plan.description
        per_day = times.first if plan.per_day is None else plan.per_day
        if per_day is not None:
            bean["per_day"] = per_day
        if plan.creator_id is not None:
            bean["creator"] = accounts[plan.creator_id]
        if shows_approval and plan.status is not None:
            bean["approval"] = approval_bean(call, plan, accounts)
        if breakdown:
            bean["planned"] = {"metadata": {"all": bean["link"]}, **times.planned}
        made.append(bean)
    return made


def _people(plan: Plan) -> tuple[int | None, ...]:
    return plan.person_id, plan.creator_id, plan.requester_id, plan.reviewer_id, plan.decider_id


def approval_bean(call: Call, plan: Plan, accounts: dict[int, str]) -> dict[str, Any]:
    """Values of ``PlanApprovalSchema``; ``accounts`` holds the accountIds of the people of the plan."""
    found: dict[str, Any] = {"status": plan.status}
    for name, person_id in (("requester", plan.requester_id), ("reviewer", plan.reviewer_id), ("actor", plan.decider_id)):
        if person_id is not None:
            found[name] = user_bean(call, accounts[person_id])
    return found


def _assignee(base: str, root: str, plan: Plan, accounts: dict[int, str]) -> dict[str, Any]:
    if plan.person_id is None:
        link = f"{base}/generic-resources/{plan.generic_resource_id}"
        return {"link": link, "id": str(plan.generic_resource_id), "type": "GENERIC"}
    account_id = accounts[plan.person_id]
    return {"link": user_at(root, account_id)["link"], "id": account_id, "type": "USER"}


def _item(root: str, plan: Plan) -> dict[str, Any]:
    if plan.issue_id is None:
        return {"link": f"{root}/project/{plan.project_id}", "id": str(plan.project_id), "type": "PROJECT"}
    return {"link": f"{root}/issue/{plan.issue_id}", "id": str(plan.issue_id), "type": "ISSUE"}


def _times(whole: list[PlannedDay], window: Span | None, breakdown: Collection[str]) -> _Times:
    days = whole if window is None else plan_days.within(whole, window)
    return _Times(plan_days.total(whole), plan_days.total(days), whole[0][1] if whole else None, _planned(days, breakdown))


def _planned(days: list[PlannedDay], breakdown: Collection[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if DAILY in breakdown:
        values = [{"day": day.isoformat(), "seconds": seconds} for day, seconds in days]
        found["days"] = {"count": len(values), "values": values}
    if PERIOD in breakdown:
        rows = [
            {"start": period.span.start.isoformat(), "end": period.span.end.isoformat(), "seconds": period.seconds}
            for period in plan_days.periods(days)
        ]
        found["periods"] = {"count": len(rows), "values": rows}
    return found
