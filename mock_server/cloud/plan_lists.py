"""Lists and searches of plans. What the caller may not see is left out silently, as the real service does."""

from typing import Any

from marshmallow import fields, validate

from mock_server.access import ApiScope
from mock_server.cloud.days import Day, DayText
from mock_server.cloud.hiding import looked_at, note_hidden
from mock_server.cloud.numbers import WholeNumber
from mock_server.cloud.paging import DEFAULT_LIMIT, MOST_A_PAGE, Bare, BareWindow, Listed, Page
from mock_server.cloud.plan_beans import DAILY, PERIOD, beans
from mock_server.cloud.plans import PlanSchema, scope
from mock_server.cloud.worklogs import OPENAPI
from mock_server.domain import generic_resources, people, plan_rights
from mock_server.endpoint import Call, endpoint
from mock_server.schemas import WireSchema
from mock_server.storage import hidden_plans, plan_pages
from mock_server.storage import people as person_rows
from mock_server.storage.generic_resources import GenericResource
from mock_server.storage.people import Person
from mock_server.storage.plan_pages import PlanFilters
from mock_server.storage.plans import Plan
from mock_server.storage.work_reach import WorkReach
from mock_server.storage.worklog_conditions import TeamAuthors, team_authors

NO_LIMIT = -1


def _several(kind: fields.Field[Any], name: str) -> fields.List[Any]:
    return fields.List(kind, data_key=name, load_default=None, allow_none=True)


def _choice(*choices: str) -> fields.String:
    return fields.String(validate=validate.OneOf(choices))


class PlanFiltersSchema(WireSchema):
    """Which plans are wanted; all that is given must fit. Days from and to are inclusive and required."""

    start = Day(data_key="from", required=True)
    end = Day(data_key="to", required=True)
    updated_from = DayText(data_key="updatedFrom", load_default=None, allow_none=True)
    accounts = _several(fields.String(), "accountIds")
    generic_resource_ids = _several(WholeNumber(least=0), "genericResourceIds")
    plan_ids = _several(WholeNumber(least=0), "planIds")
    issue_ids = _several(WholeNumber(least=0), "issueIds")
    project_ids = _several(WholeNumber(least=0), "projectIds")
    item_ids = _several(WholeNumber(least=0), "planItemIds")
    assignees = _several(_choice("USER", "GENERIC"), "assigneeTypes")
    items = _several(_choice("ISSUE", "PROJECT"), "planItemTypes")
    breakdown = _several(_choice(DAILY, PERIOD), "plannedTimeBreakdown")


class PlansQuery(PlanFiltersSchema):
    """A page of the plans wanted. The vendor states the maximum of ``limit``, so that more is refused."""

    offset = WholeNumber(least=0, most=2**31 - 1, load_default=0)
    limit = WholeNumber(least=1, most=MOST_A_PAGE, load_default=DEFAULT_LIMIT)


class PlanSearchSchema(PlanFiltersSchema, BareWindow):
    """The same in a body."""


class PlansOfOneQuery(WireSchema):
    """The plans of one assignee: days from and to, both inclusive and optional, and the earliest day of a change."""

    start = Day(data_key="from")
    end = Day(data_key="to")
    updated_from = DayText(data_key="updatedFrom", load_default=None)
    breakdown = _several(_choice(DAILY, PERIOD), "plannedTimeBreakdown")


def load_person(call: Call, account_id: str) -> Person:
    """The person in the path. Raises ``NotFound``."""
    return people.by_account_id(call.store, account_id)


def load_resource(call: Call, resource_id: int) -> GenericResource:
    """The generic resource in the path. Raises ``NotFound``."""
    return generic_resources.get(call.store, resource_id)


@endpoint("GET", "/plans", scope=ApiScope.PLANS_VIEW, query=PlansQuery, returns=PlanSchema, many=True, grade="A",
          source=OPENAPI)  # fmt: skip
def list_plans(call: Call, query: dict[str, Any]) -> Page:
    """A page of the plans with an occurrence in the window"""
    offset, limit = query["offset"], query["limit"]
    shown, more = _found(call, query, offset, limit)
    return Page(shown, offset, limit, more)


@endpoint("POST", "/plans/search", scope=ApiScope.PLANS_VIEW, body=PlanSearchSchema, returns=PlanSchema, many=True,
          is_search=True, grade="A", source=OPENAPI)  # fmt: skip
def search_plans(call: Call, wanted: dict[str, Any]) -> Bare:
    """A page of the plans with an occurrence in the window; the answer holds no links to other pages"""
    offset, limit = wanted["offset"], wanted["limit"]
    return Bare(_found(call, wanted, offset, limit)[0], offset, limit)


@endpoint("GET", "/plans/user/<account_id>", scope=ApiScope.PLANS_VIEW, loads=load_person, query=PlansOfOneQuery,
          returns=PlanSchema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_plans_of_user(call: Call, person: Person, query: dict[str, Any]) -> Listed:
    """Every plan of one person, or those with an occurrence in the window, unpaged"""
    return Listed(_found(call, {**query, "person_ids": (person.id,)})[0])


@endpoint("GET", "/plans/generic-resource/<id:resource_id>", scope=ApiScope.PLANS_VIEW, loads=load_resource,
          query=PlansOfOneQuery, returns=PlanSchema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_plans_of_generic_resource(call: Call, resource: GenericResource, query: dict[str, Any]) -> Listed:
    """Every plan of one generic resource, or those with an occurrence in the window, unpaged"""
    return Listed(_found(call, {**query, "generic_resource_ids": [resource.id]})[0])


def _found(call: Call, wanted: dict[str, Any], offset: int = 0, limit: int | None = None) -> tuple[list[dict[str, Any]], bool]:
    """The plans of a page, or all, as values of ``PlanSchema``, and whether more follow."""
    window = scope(wanted)

    def asked(name: str) -> Any:
        # An empty list narrows nothing, as in the other searches (assumption plans.emptyLists).
        return tuple(wanted[name]) if wanted.get(name) else None

    accounts = asked("accounts")
    filters = PlanFilters(
        start=window.start.isoformat() if window else None,
        end=window.end.isoformat() if window else None,
        updated_from=wanted.get("updated_from"),
        person_ids=tuple(person_rows.ids_of_accounts(call.store, accounts)) if accounts else asked("person_ids"),
        generic_resource_ids=asked("generic_resource_ids"),
        plan_ids=asked("plan_ids"),
        issue_ids=asked("issue_ids"),
        project_ids=asked("project_ids"),
        item_ids=asked("item_ids"),
        assignees=asked("assignees"),
        items=asked("items"),
    )
    reach = _reach(call)
    of_teams = call.remember(("team authors", reach.team_ids), lambda: team_authors(call.store, reach))
    if limit is None:
        found, more = plan_pages.page(call.store, reach, filters, 0, NO_LIMIT, None, of_teams), False
    else:
        found = _from_key(call, reach, filters, offset, limit + 1, of_teams)
        found, more = found[:limit], len(found) > limit
    if call.explains and (reach.hidden or not reach.everyone):
        _note_hidden(call, reach, filters)
    return beans(call, found, window, wanted.get("breakdown") or ()), more


def _note_hidden(call: Call, reach: WorkReach, filters: PlanFilters) -> None:
    most = looked_at(call)
    hidden = call.remember(
        ("hidden plans", reach, filters, most), lambda: hidden_plans.hidden(call.store, reach, filters, most)
    )
    note_hidden(call, hidden, "plans", "View Plans over their assignees")


def _from_key(call: Call, reach: WorkReach, filters: PlanFilters, offset: int, limit: int, of_teams: TeamAuthors) -> list[Plan]:
    """Plans from an offset on, found from where the page before ended, where that is known. The last is of the next page."""
    keys, listed, version = call.page_keys, (reach, filters), call.store.version
    key = keys.get(listed, version, offset) if keys and offset else None
    found = plan_pages.page(call.store, reach, filters, offset, limit, key[0] if key else None, of_teams)
    if keys and len(found) == limit:
        keys.put(listed, version, offset + limit - 1, (found[-2].id,))
    return found


def _reach(call: Call) -> WorkReach:
    """Whose plans the caller may see."""
    if call.caller.roles_as_of:
        # What counts changes with the time alone.
        return plan_rights.reach(call.store, call.caller)
    return call.remember(("plans", call.caller.person_id), lambda: plan_rights.reach(call.store, call.caller))
