"""Which Tempo worklog is which Jira worklog: ``jira-to-tempo`` and ``tempo-to-jira``."""

from typing import Any

from marshmallow import fields, validate

from mock_server.access import ApiScope
from mock_server.cloud.numbers import WholeNumber
from mock_server.cloud.paging import Page, PagedQuery, window
from mock_server.cloud.worklogs import OPENAPI, reached
from mock_server.endpoint import Call, endpoint
from mock_server.schemas import WireSchema
from mock_server.storage.worklog_ids import pairs


class WorklogIdsSchema(WireSchema):
    """A pair of ids."""

    tempo_id = fields.Integer(data_key="tempoWorklogId")
    jira_id = fields.Integer(data_key="jiraWorklogId")


class JiraIdsSchema(WireSchema):
    """Jira worklog ids."""

    ids = fields.List(WholeNumber(least=0), required=True, data_key="jiraWorklogIds", validate=validate.Length(min=1))


class TempoIdsSchema(WireSchema):
    """Tempo worklog ids."""

    ids = fields.List(WholeNumber(least=0), required=True, data_key="tempoWorklogIds", validate=validate.Length(min=1))


@endpoint("POST", "/worklogs/jira-to-tempo", scope=ApiScope.WORKLOGS_VIEW, is_search=True, query=PagedQuery,
          body=JiraIdsSchema, returns=WorklogIdsSchema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def find_tempo_ids(call: Call, query: dict[str, Any], values: dict[str, Any]) -> Page:
    """The Tempo ids of Jira worklogs; unknown and hidden ones are left out"""
    return _page(call, query, jira_ids=values["ids"])


@endpoint("POST", "/worklogs/tempo-to-jira", scope=ApiScope.WORKLOGS_VIEW, is_search=True, query=PagedQuery,
          body=TempoIdsSchema, returns=WorklogIdsSchema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def find_jira_ids(call: Call, query: dict[str, Any], values: dict[str, Any]) -> Page:
    """The Jira ids of Tempo worklogs; unknown and hidden ones are left out"""
    return _page(call, query, tempo_ids=values["ids"])


def _page(call: Call, query: dict[str, Any], tempo_ids: list[int] | None = None, jira_ids: list[int] | None = None) -> Page:
    offset, limit = window(query)
    found = pairs(call.store, reached(call), tempo_ids, jira_ids, offset, limit + 1)
    shown = [{"tempo_id": tempo_id, "jira_id": jira_id} for tempo_id, jira_id in found[:limit]]
    return Page(shown, offset, limit, len(found) > limit)
