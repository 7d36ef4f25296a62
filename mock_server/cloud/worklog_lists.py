"""Lists and searches of worklogs. What the caller may not see is left out silently, as the real service does."""

from typing import Any

from marshmallow import fields, validate

from mock_server.access import ApiScope
from mock_server.cloud.days import DayText, StampText
from mock_server.cloud.hiding import looked_at, note_hidden
from mock_server.cloud.numbers import WholeNumber
from mock_server.cloud.paging import Page, PagedQuery, window
from mock_server.cloud.teams import load_visible_team
from mock_server.cloud.worklogs import OPENAPI, WorklogSchema, beans, reached
from mock_server.domain import accounts, worklogs
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid
from mock_server.schemas import WireSchema
from mock_server.storage import hidden_worklogs, people, worklog_pages
from mock_server.storage.teams import Team
from mock_server.storage.work_reach import WorkReach
from mock_server.storage.worklog_conditions import Filters, team_authors
from mock_server.storage.worklog_pages import Order

ORDERS = ("ID", "START_DATE_TIME", "UPDATED")


class WindowQuery(PagedQuery):
    """Days from and to, both inclusive, and the earliest change."""

    start = DayText(data_key="from")
    end = DayText(data_key="to")
    updated_from = StampText(data_key="updatedFrom")


class WorklogsQuery(WindowQuery):
    """All filters of the main list; ``orderBy`` is always descending."""

    project_ids = fields.List(WholeNumber(least=0), data_key="projectId")
    issue_ids = fields.List(WholeNumber(least=0), data_key="issueId")
    order_by = fields.String(data_key="orderBy", validate=validate.OneOf(ORDERS))


class SearchOrderSchema(WireSchema):
    """One field to order by, with its direction."""

    field = fields.String(required=True, validate=validate.OneOf(ORDERS))
    order = fields.String(required=True, validate=validate.OneOf(("ASC", "DESC")))


class WorklogSearchSchema(WireSchema):
    """The body of a search."""

    start = DayText(data_key="from", allow_none=True)
    end = DayText(data_key="to", allow_none=True)
    updated_from = StampText(data_key="updatedFrom", allow_none=True)
    project_ids = fields.List(WholeNumber(least=0), data_key="projectIds", allow_none=True)
    issue_ids = fields.List(WholeNumber(least=0), data_key="issueIds", allow_none=True)
    author_ids = fields.List(fields.String(), data_key="authorIds", allow_none=True)
    order_by = fields.List(fields.Nested(SearchOrderSchema), data_key="orderBy", allow_none=True)


@endpoint("GET", "/worklogs", scope=ApiScope.WORKLOGS_VIEW, query=WorklogsQuery, returns=WorklogSchema, many=True,
          also_404=True, grade="A", source=OPENAPI)  # fmt: skip
def list_worklogs(call: Call, query: dict[str, Any]) -> Page:
    """Worklogs that the caller may see"""
    order = Order(query["order_by"], True) if "order_by" in query else Order()
    _check_known(call, query)
    return _page(call, query, order, project_ids=_ids(query, "project_ids"), issue_ids=_ids(query, "issue_ids"))


@endpoint("POST", "/worklogs/search", scope=ApiScope.WORKLOGS_VIEW, is_search=True, query=PagedQuery, body=WorklogSearchSchema,
          returns=WorklogSchema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def search_worklogs(call: Call, query: dict[str, Any], values: dict[str, Any]) -> Page:
    """Worklogs that the caller may see, by authors, issues, projects and days"""
    empty: list[int] | None = [] if call.settings["worklogs.emptyIds"] == "ignored" else None
    given = {name: value for name, value in values.items() if value is not None and value != empty}
    ordering = list(dict.fromkeys((one["field"], one["order"] == "DESC") for one in given.get("order_by") or []))
    if len(dict(ordering)) < len(ordering):
        raise Invalid("orderBy has a field in both directions")
    order = Order.of(ordering) if ordering else Order()
    authors = None
    if "author_ids" in given:
        found = [people.by_account_id(call.store, account_id) for account_id in given["author_ids"]]
        authors = tuple(person.id for person in found if person)
    return _page(
        call,
        {**given, **query},
        order,
        project_ids=_ids(given, "project_ids"),
        issue_ids=_ids(given, "issue_ids"),
        author_ids=authors,
    )


@endpoint("GET", "/worklogs/user/<account_id>", scope=ApiScope.WORKLOGS_VIEW, query=WindowQuery, returns=WorklogSchema,
          many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_worklogs_of_user(call: Call, account_id: str, query: dict[str, Any]) -> Page:
    """The worklogs of a person"""
    person_id = worklogs.known_person(call.store, account_id, _hiding(call))
    return _page(call, query, Order(), author_ids=(person_id,))


@endpoint("GET", "/worklogs/team/<id:team_id>", scope=ApiScope.WORKLOGS_VIEW, loads=load_visible_team, query=WindowQuery,
          returns=WorklogSchema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_worklogs_of_team(call: Call, team: Team, query: dict[str, Any]) -> Page:
    """The worklogs of a team's members inside their memberships"""
    return _page(call, query, Order(), team_id=team.id)


@endpoint("GET", "/worklogs/issue/<id:issue_id>", scope=ApiScope.WORKLOGS_VIEW, query=WindowQuery, returns=WorklogSchema,
          many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_worklogs_of_issue(call: Call, issue_id: int, query: dict[str, Any]) -> Page:
    """The worklogs of an issue"""
    worklogs.known_issue(call.store, issue_id, _hiding(call))
    return _page(call, query, Order(), issue_ids=(issue_id,))


@endpoint("GET", "/worklogs/project/<id:project_id>", scope=ApiScope.WORKLOGS_VIEW, query=WindowQuery, returns=WorklogSchema,
          many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_worklogs_of_project(call: Call, project_id: int, query: dict[str, Any]) -> Page:
    """The worklogs of a project"""
    worklogs.known_project(call.store, project_id, _hiding(call))
    return _page(call, query, Order(), project_ids=(project_id,))


@endpoint("GET", "/worklogs/account/<account_key>", scope=ApiScope.WORKLOGS_VIEW, query=WindowQuery, returns=WorklogSchema,
          many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_worklogs_of_account(call: Call, account_key: str, query: dict[str, Any]) -> Page:
    """The worklogs on an account, by its key"""
    return _page(call, query, Order(), account_key=accounts.by_key(call.store, account_key).key)


def _hiding(call: Call) -> WorkReach | None:
    """What the caller reaches, where a list by what is out of reach is 404 and not empty."""
    return reached(call) if call.settings["worklogs.hiddenFilter"] == "404" else None


def _check_known(call: Call, query: dict[str, Any]) -> None:
    within = _hiding(call)
    for issue_id in query.get("issue_ids", ()):
        worklogs.known_issue(call.store, issue_id, within)
    for project_id in query.get("project_ids", ()):
        worklogs.known_project(call.store, project_id, within)


def _ids(values: dict[str, Any], name: str) -> tuple[int, ...] | None:
    return tuple(values[name]) if name in values else None


def _page(call: Call, query: dict[str, Any], order: Order, **asked: Any) -> Page:
    offset, limit = window(query)
    filters = Filters(query.get("start"), query.get("end"), query.get("updated_from"), **asked)
    reach = reached(call)
    listed = (reach, filters, order)
    keys = call.page_keys
    after = keys.get(listed, call.store.version, offset) if keys and offset else None
    of_teams = call.remember(("team authors", reach.team_ids), lambda: team_authors(call.store, reach))
    found = worklog_pages.page(call.store, reach, filters, order, offset, limit + 1, after, of_teams)
    shown = found[:limit]
    if keys and len(found) > limit:
        keys.put(listed, call.store.version, offset + limit, worklog_pages.key_of(shown[-1], order))
    _note_reach(call, reach)
    if call.explains and (reach.hidden or not reach.everyone):
        most = looked_at(call)
        hidden = call.remember(
            ("hidden worklogs", reach, filters, most), lambda: hidden_worklogs.count(call.store, reach, filters, of_teams, most)
        )
        note_hidden(call, hidden, "worklogs", "View Worklogs over their authors")
    return Page(beans(call, shown), offset, limit, len(found) > limit)


def _note_reach(call: Call, reach: WorkReach) -> None:
    if not reach.everyone:
        whose = f"own work and that of members of teams {sorted(reach.team_ids)}" if reach.team_ids else "own work only"
        call.note(f"{whose}: {call.caller.name} is in no role View Worklogs with Full access")
    if reach.hidden:
        call.note(f"{reach.hidden} {'project' if reach.hidden == 1 else 'projects'} hidden: no Browse Projects")
