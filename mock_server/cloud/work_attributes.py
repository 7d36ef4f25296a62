"""Work attributes, ``/4/work-attributes``, and their values on worklogs."""

from typing import Any
from urllib.parse import quote

from marshmallow import fields, validate

from mock_server.access import ApiScope
from mock_server.cloud.addresses import REACHABLE
from mock_server.cloud.flags import Flag
from mock_server.cloud.numbers import WholeNumber
from mock_server.cloud.paging import Listed, Page, PagedQuery, page_of
from mock_server.cloud.permissions import need_administrator
from mock_server.cloud.worklogs import (
    OPENAPI,
    AttributeInputSchema,
    WorkAttributeValueSchema,
    load_worklog,
    reached,
    value_bean,
    writing,
)
from mock_server.domain import work_attributes, worklogs
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid, NotFound, numbered
from mock_server.schemas import NotBlank, WireSchema
from mock_server.storage import work_attributes as attribute_rows
from mock_server.storage import worklogs as worklog_rows
from mock_server.storage.work_attributes import WorkAttribute
from mock_server.storage.worklog_ids import pairs
from mock_server.storage.worklogs import Worklog

MOST_IDS = 500


class WorkAttributeSchema(WireSchema):
    """A field of worklogs; ``values`` and ``names`` for a static list only."""

    link = fields.String(data_key="self")
    key = fields.String()
    name = fields.String()
    type = fields.String()
    required = fields.Boolean()
    values = fields.List(fields.String())
    names = fields.Dict()


class WorkAttributeUpdateSchema(WireSchema):
    """A field in a body that replaces one; its key stays."""

    name = fields.String(required=True, validate=NotBlank(min=1, max=255))
    type = fields.String(required=True, validate=validate.OneOf(work_attributes.TYPES))
    required = Flag(load_default=False, allow_none=True)
    values = fields.List(fields.String(), load_default=None, allow_none=True)
    # Both are for lists that somebody else serves; checked and not kept.
    external_url = fields.String(data_key="externalUrl", load_only=True, allow_none=True)
    client_secret = fields.String(
        data_key="clientSecret", load_only=True, allow_none=True, validate=validate.Length(min=8, max=128)
    )


class WorkAttributeInputSchema(WorkAttributeUpdateSchema):
    """A field in a body."""

    key = fields.String(required=True, validate=[NotBlank(min=1), REACHABLE])


class ValuesInputSchema(WireSchema):
    """Values to add to a worklog."""

    worklog_id = WholeNumber(least=1, required=True, data_key="tempoWorklogId")
    values = fields.List(
        fields.Nested(AttributeInputSchema), required=True, data_key="attributeValues", validate=validate.Length(min=1)
    )


class ValuesSearchSchema(WireSchema):
    """The worklogs whose values are asked for."""

    worklog_ids = fields.List(WholeNumber(least=1), data_key="tempoWorklogIds", load_default=list, allow_none=True)


class ValuesOfWorklogSchema(WireSchema):
    """A worklog id with its values."""

    worklog_id = fields.Integer(data_key="tempoWorklogId")
    values = fields.List(fields.Nested(WorkAttributeValueSchema), data_key="workAttributeValues")


def load_attribute(call: Call, key: str) -> WorkAttribute:
    """The attribute in the path. Raises ``NotFound``."""
    return work_attributes.get(call.store, key)


def load_value(call: Call, worklog_id: int, key: str) -> tuple[Worklog, str]:
    """The worklog and attribute key in the path. Raises ``NotFound``."""
    return load_worklog(call, worklog_id), key


@endpoint("GET", "/work-attributes", scope=ApiScope.WORKLOGS_VIEW, query=PagedQuery, returns=WorkAttributeSchema, many=True,
          grade="A", source=OPENAPI)  # fmt: skip
def list_work_attributes(call: Call, query: dict[str, Any]) -> Page:
    """Every work attribute"""
    return page_of([_bean(call, attribute) for attribute in attribute_rows.every(call.store)], query)


@endpoint("POST", "/work-attributes", scope=ApiScope.WORKLOGS_MANAGE, body=WorkAttributeInputSchema,
          returns=WorkAttributeSchema, grade="A", source=OPENAPI)  # fmt: skip
def create_work_attribute(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Add a work attribute"""
    need_administrator(call)
    return _bean(call, work_attributes.create(call.store, {**values, "required": bool(values["required"])}))


@endpoint("GET", "/work-attributes/<key>", scope=ApiScope.WORKLOGS_VIEW, loads=load_attribute, returns=WorkAttributeSchema,
          grade="A", source=OPENAPI)  # fmt: skip
def get_work_attribute(call: Call, attribute: WorkAttribute) -> dict[str, Any]:
    """One work attribute"""
    return _bean(call, attribute)


@endpoint("PUT", "/work-attributes/<key>", scope=ApiScope.WORKLOGS_MANAGE, loads=load_attribute,
          body=WorkAttributeUpdateSchema, returns=WorkAttributeSchema, grade="A", source=OPENAPI)  # fmt: skip
def update_work_attribute(call: Call, attribute: WorkAttribute, values: dict[str, Any]) -> dict[str, Any]:
    """Replace a work attribute"""
    need_administrator(call)
    return _bean(call, work_attributes.change(call.store, attribute, {**values, "required": bool(values["required"])}))


@endpoint("DELETE", "/work-attributes/<key>", scope=ApiScope.WORKLOGS_MANAGE, loads=load_attribute, status=204, grade="A",
          source=OPENAPI)  # fmt: skip
def delete_work_attribute(call: Call, attribute: WorkAttribute) -> None:
    """Remove a work attribute with its values"""
    need_administrator(call)
    attribute_rows.remove(call.store, attribute.key)


@endpoint("GET", "/worklogs/<id:worklog_id>/work-attribute-values", scope=ApiScope.WORKLOGS_VIEW, loads=load_worklog,
          returns=WorkAttributeValueSchema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def list_work_attribute_values(call: Call, worklog: Worklog) -> Listed:
    """The attribute values of a worklog"""
    return Listed([value_bean(key, value) for key, value in _values(call, worklog)])


@endpoint("GET", "/worklogs/<id:worklog_id>/work-attribute-values/<key>", scope=ApiScope.WORKLOGS_VIEW, loads=load_value,
          returns=WorkAttributeValueSchema, grade="A", source=OPENAPI)  # fmt: skip
def get_work_attribute_value(call: Call, found: tuple[Worklog, str]) -> dict[str, Any]:
    """One attribute value of a worklog"""
    worklog, key = found
    values = dict(_values(call, worklog))
    if key not in values:
        raise NotFound(f"Worklog {worklog.id} has no value for work attribute {key}")
    return value_bean(key, values[key])


@endpoint("POST", "/worklogs/work-attribute-values", scope=ApiScope.WORKLOGS_MANAGE, body=ValuesInputSchema, body_many=(1,
          MOST_IDS), status=204, also_404=True, grade="A", source=OPENAPI)  # fmt: skip
def add_work_attribute_values(call: Call, values: list[dict[str, Any]]) -> None:
    """Add attribute values to worklogs; all of them or none"""
    for index, one in enumerate(values):
        with numbered(index):
            worklogs.add_attributes(writing(call), load_worklog(call, one["worklog_id"]), one["values"])


@endpoint("POST", "/worklogs/work-attribute-values/search", scope=ApiScope.WORKLOGS_VIEW, is_search=True,
          body=ValuesSearchSchema, returns=ValuesOfWorklogSchema, many=True, grade="A", source=OPENAPI)  # fmt: skip
def search_work_attribute_values(call: Call, values: dict[str, Any]) -> list[dict[str, Any]]:
    """The attribute values of several worklogs; hidden ones are left out"""
    asked = values["worklog_ids"] or []
    if not 1 <= len(asked) <= MOST_IDS:
        raise Invalid("Please provide at least 1 and at most 500 worklog ids")
    seen = {tempo_id for tempo_id, _ in pairs(call.store, reached(call), asked, None, 0, MOST_IDS)}
    visible = [worklog_id for worklog_id in asked if worklog_id in seen]
    found = worklog_rows.attributes_of(call.store, visible)
    return [
        {"worklog_id": worklog_id, "values": [value_bean(*value) for value in found.get(worklog_id, [])]}
        for worklog_id in visible
    ]


def _values(call: Call, worklog: Worklog) -> list[tuple[str, str | None]]:
    return worklog_rows.attributes_of(call.store, [worklog.id]).get(worklog.id, [])


def _bean(call: Call, attribute: WorkAttribute) -> dict[str, Any]:
    found: dict[str, Any] = {
        "link": f"{call.base}/work-attributes/{quote(attribute.key, safe='')}",
        "key": attribute.key,
        "name": attribute.name,
        "type": attribute.type,
        "required": bool(attribute.required),
    }
    if attribute.labels:
        found |= {"values": list(attribute.labels), "names": attribute.labels}
    return found
