"""What was deleted, ``/papertrail/1/events/deleted/types/...``: deprecated, and not below ``/4`` (vendor's OpenAPI of v4)."""

from typing import Any

from marshmallow import fields

from mock_server.access import ApiScope
from mock_server.cloud.days import MomentText
from mock_server.cloud.numbers import WholeNumber
from mock_server.cloud.paging import CursorPage
from mock_server.cloud.worklogs import OPENAPI
from mock_server.domain import papertrail
from mock_server.domain.papertrail import Deletion, Window
from mock_server.endpoint import Call, endpoint
from mock_server.schemas import WireSchema

LEAST_A_PAGE = 50
MOST_A_PAGE = 1000


class DeletedWorklogSchema(WireSchema):
    """A worklog that is gone. Ids are texts here."""

    id = fields.String(data_key="tempoWorklogId")
    jira_id = fields.String(data_key="jiraWorklogId")
    at = fields.String(data_key="deletedAt")


class DeletedAllocationSchema(WireSchema):
    """A plan that is gone."""

    id = fields.String()
    at = fields.String(data_key="deletedAt")


class DeletedQuery(WireSchema):
    """Since when, how many, and after which key."""

    start = MomentText(data_key="updatedFrom", required=True)
    limit = WholeNumber(least=LEAST_A_PAGE, most=MOST_A_PAGE, load_default=LEAST_A_PAGE)
    key = fields.String(data_key="lastEvaluatedKey", load_default=None)


@endpoint("GET", "/events/deleted/types/worklog", scope=ApiScope.AUDIT_VIEW, query=DeletedQuery,
          returns=DeletedWorklogSchema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_deleted_worklogs(call: Call, query: dict[str, Any]) -> CursorPage:
    """Worklogs that were deleted (deprecated)"""
    return _page(call, "worklog", query)


@endpoint("GET", "/events/deleted/types/allocation", scope=ApiScope.AUDIT_VIEW, query=DeletedQuery,
          returns=DeletedAllocationSchema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_deleted_allocations(call: Call, query: dict[str, Any]) -> CursorPage:
    """Plans that were deleted (deprecated)"""
    return _page(call, "allocation", query)


def _page(call: Call, entity_type: str, query: dict[str, Any]) -> CursorPage:
    papertrail.check_may_read(call.caller, call.settings)
    window = Window(query["limit"], query["key"])
    gone, key = papertrail.deletions(call.store, entity_type, query["start"], window, call.now)
    return CursorPage([_bean(deletion) for deletion in gone], window.limit, key)


def _bean(deletion: Deletion) -> dict[str, Any]:
    return {"id": deletion.id, "at": deletion.at} | ({} if deletion.jira_id is None else {"jira_id": deletion.jira_id})
