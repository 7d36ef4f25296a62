"""Worklogs across issues of Jira Cloud: what was changed and deleted since, and many by their ids (vendor's OpenAPI of v3)."""

from typing import Any

from marshmallow import fields

from mock_server.access import Scope
from mock_server.domain import jira_worklogs
from mock_server.domain.jira_worklog_changes import MOST_CHANGES, Find, changes_since, milliseconds
from mock_server.domain.jira_worklogs import browsable
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid
from mock_server.jira_cloud.users import OPENAPI
from mock_server.jira_cloud.worklog_beans import CloudWorklogSchema, reader, worklog_beans
from mock_server.jira_cloud.worklogs import long_number, wants_properties
from mock_server.schemas import WireSchema
from mock_server.storage import jira_worklogs as worklog_rows
from mock_server.storage.jira_worklogs import Change


class ChangeSchema(WireSchema):
    """A worklog that was changed or deleted; the time is in milliseconds since 1970."""

    id = fields.Integer(data_key="worklogId")
    moment = fields.Integer(data_key="updatedTime")
    properties = fields.List(fields.Dict())


class ChangesSchema(WireSchema):
    """Changes from ``since`` to ``until``, in milliseconds since 1970; the next page is absent on the last."""

    values = fields.List(fields.Nested(ChangeSchema))
    since = fields.Integer()
    until = fields.Integer()
    link = fields.String(data_key="self")
    next_page = fields.String(data_key="nextPage")
    is_last = fields.Boolean(data_key="lastPage")


class WorklogIdsSchema(WireSchema):
    """Ids of worklogs, as whole numbers."""

    ids = fields.List(fields.Integer(strict=True), required=True)


@endpoint("GET", "/worklog/updated", scope=Scope.LOGGED_IN, returns=ChangesSchema, grade="A", source=OPENAPI,
          parameters=("since", "expand"), also_404=True)  # fmt: skip
def list_updated_worklogs(call: Call) -> dict[str, Any]:
    """The worklogs made or changed since a moment, the longest ago first; the last minute is withheld"""
    seen, projects = reader(call), browsable(call.store, call.actor, call.settings)

    def find(since: str, until: str, limit: int) -> list[Change]:
        return worklog_rows.updated(call.store, seen, projects, since, until, limit)

    bean, found = _changes(call, "updated", find)
    properties: dict[int, list[Any]] = {}
    if wants_properties(call):
        whole = worklog_rows.these(call.store, [change.id for change in found], seen)
        shown = worklog_beans(call, whole, with_properties=True)
        properties = {int(one["id"]): one["properties"] for one in shown}
    for value in bean["values"]:
        value["properties"] = properties.get(value["id"], [])
    return bean


@endpoint("GET", "/worklog/deleted", scope=Scope.LOGGED_IN, returns=ChangesSchema, grade="A", source=OPENAPI,
          parameters=("since",), also_404=True)  # fmt: skip
def list_deleted_worklogs(call: Call) -> dict[str, Any]:
    """The worklogs deleted since a moment, the longest ago first; the last minute is withheld"""

    def find(since: str, until: str, limit: int) -> list[Change]:
        return worklog_rows.deleted(call.store, since, until, limit)

    bean, _ = _changes(call, "deleted", find)
    for value in bean["values"]:
        value["properties"] = []
    return bean


@endpoint("POST", "/worklog/list", scope=Scope.LOGGED_IN, is_search=True, body=WorklogIdsSchema, returns=CloudWorklogSchema,
          many=True, grade="A", source=OPENAPI, parameters=("expand",))  # fmt: skip
def list_worklogs_by_id(call: Call, values: dict[str, Any]) -> list[dict[str, Any]]:
    """The worklogs with these ids; unknown and hidden ones are left out"""
    ids = {worklog_id for worklog_id in values["ids"] if 0 < worklog_id < 2**63}
    if not 0 < len(values["ids"]) <= MOST_CHANGES:
        raise Invalid(f"The number of ids is to be from 1 to {MOST_CHANGES}.")
    seen = jira_worklogs.reader_of(call.store, call.actor)
    found = worklog_rows.these(call.store, ids, seen, browsable(call.store, call.actor, call.settings))
    return worklog_beans(call, found, with_properties=wants_properties(call))


def _changes(call: Call, name: str, find: Find) -> tuple[dict[str, Any], list[Change]]:
    page = changes_since(long_number(call, "since", 0), call.settings, call.now, find)
    link = f"{call.base}/worklog/{name}?since="
    bean = {
        "values": [{"id": change.id, "moment": milliseconds(change.moment)} for change in page.found],
        "since": page.since,
        "until": page.until,
        "link": f"{link}{page.since}",
        "is_last": page.following is None,
    }
    if page.following is not None:
        bean["next_page"] = f"{link}{page.following}"
    return bean, page.found
