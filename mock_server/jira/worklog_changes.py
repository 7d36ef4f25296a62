"""Worklogs across issues of Jira Data Center: what was changed and deleted since, and many by their ids (REST reference)."""

from typing import Any

from marshmallow import fields

from mock_server.access import Scope
from mock_server.domain.jira_worklog_changes import MOST_CHANGES, Find, changes_since, milliseconds
from mock_server.domain.jira_worklogs import browsable
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid, NotFound
from mock_server.jira.users import REFERENCE
from mock_server.jira.worklogs import WorklogSchema, reader, worklog_beans
from mock_server.schemas import WireSchema
from mock_server.storage import jira_worklogs as worklog_rows
from mock_server.storage.jira_worklogs import Change


class WorklogChangeSchema(WireSchema):
    """A worklog that was changed or deleted; the time is in milliseconds since 1970."""

    id = fields.Integer(data_key="worklogId")
    moment = fields.Integer(data_key="updatedTime")


class WorklogChangesSchema(WireSchema):
    """Changes from ``since`` to ``until``, in milliseconds since 1970; the next page is absent on the last."""

    values = fields.List(fields.Nested(WorklogChangeSchema))
    since = fields.Integer()
    until = fields.Integer()
    link = fields.String(data_key="self")
    next_page = fields.String(data_key="nextPage")
    is_last = fields.Boolean(data_key="lastPage")


class WorklogIdsSchema(WireSchema):
    """Ids of worklogs, as whole numbers."""

    ids = fields.List(fields.Integer(strict=True), required=True)


@endpoint("GET", "/worklog/updated", scope=Scope.LOGGED_IN, returns=WorklogChangesSchema, grade="O", source=REFERENCE,
          parameters=("since",), also_404=True)  # fmt: skip
def list_updated_worklogs(call: Call) -> dict[str, Any]:
    """The worklogs made or changed since a moment, the longest ago first; the last minute is withheld"""
    seen, projects = reader(call), browsable(call.store, call.actor, call.settings)

    def find(since: str, until: str, limit: int) -> list[Change]:
        return worklog_rows.updated(call.store, seen, projects, since, until, limit)

    return _changes(call, "updated", find)


@endpoint("GET", "/worklog/deleted", scope=Scope.LOGGED_IN, returns=WorklogChangesSchema, grade="O", source=REFERENCE,
          parameters=("since",), also_404=True)  # fmt: skip
def list_deleted_worklogs(call: Call) -> dict[str, Any]:
    """The worklogs deleted since a moment, the longest ago first; the last minute is withheld"""

    def find(since: str, until: str, limit: int) -> list[Change]:
        return worklog_rows.deleted(call.store, since, until, limit)

    return _changes(call, "deleted", find)


@endpoint("POST", "/worklog/list", scope=Scope.LOGGED_IN, is_search=True, body=WorklogIdsSchema, returns=WorklogSchema,
          many=True, grade="O", source=REFERENCE)  # fmt: skip
def list_worklogs_by_id(call: Call, values: dict[str, Any]) -> list[dict[str, Any]]:
    """The worklogs with these ids; unknown and hidden ones are left out"""
    if not 0 < len(values["ids"]) <= MOST_CHANGES:
        raise Invalid(f"The number of ids is to be from 1 to {MOST_CHANGES}.")
    ids = {worklog_id for worklog_id in values["ids"] if 0 < worklog_id < 2**63}
    found = worklog_rows.these(call.store, ids, reader(call), browsable(call.store, call.actor, call.settings))
    return worklog_beans(call, found)


def _changes(call: Call, name: str, find: Find) -> dict[str, Any]:
    page = changes_since(_since(call), call.settings, call.now, find)
    link = f"{call.base}/rest/api/2/worklog/{name}?since="
    bean = {
        "values": [{"id": change.id, "moment": milliseconds(change.moment)} for change in page.found],
        "since": page.since,
        "until": page.until,
        "link": f"{link}{page.since}",
        "is_last": page.following is None,
    }
    return bean if page.following is None else {**bean, "next_page": f"{link}{page.following}"}


def _since(call: Call) -> int:
    text = call.first("since") or "0"
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 18):
        raise NotFound(f"The value '{text[:40]}' of 'since' is not a whole number.")
    return int(text)
