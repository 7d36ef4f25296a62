"""Which Tempo worklog is which Jira worklog: ``jira-to-tempo`` and ``tempo-to-jira``."""

from typing import Any

from marshmallow import fields, validate

from mock_server.access import ApiScope
from mock_server.cloud.numbers import WholeNumber
from mock_server.cloud.paging import Page, PagedQuery, page_of
from mock_server.cloud.worklogs import OPENAPI
from mock_server.domain import worklogs
from mock_server.endpoint import Call, endpoint
from mock_server.schemas import WireSchema
from mock_server.storage import worklog_pages
from mock_server.storage import worklogs as worklog_rows
from mock_server.storage.worklogs import Worklog


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
    return _pairs(call, query, worklog_rows.by_jira_ids(call.store, values["ids"]))


@endpoint("POST", "/worklogs/tempo-to-jira", scope=ApiScope.WORKLOGS_VIEW, is_search=True, query=PagedQuery,
          body=TempoIdsSchema, returns=WorklogIdsSchema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def find_jira_ids(call: Call, query: dict[str, Any], values: dict[str, Any]) -> Page:
    """The Jira ids of Tempo worklogs; unknown and hidden ones are left out"""
    found = [worklog_rows.get(call.store, worklog_id) for worklog_id in sorted(set(values["ids"]))]
    return _pairs(call, query, [worklog for worklog in found if worklog])


def _pairs(call: Call, query: dict[str, Any], found: list[Worklog]) -> Page:
    reach = worklogs.reach(call.store, call.caller, call.settings)
    visible = [worklog for worklog in found if worklog_pages.get(call.store, worklog.id, reach)]
    return page_of([{"tempo_id": worklog.id, "jira_id": worklog.jira_id} for worklog in visible], query)
