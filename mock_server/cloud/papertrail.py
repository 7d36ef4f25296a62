"""The audit feed, ``/4/papertrail/search`` (vendor's OpenAPI of v4; help page on the audit log)."""

from typing import Any

from marshmallow import fields, validate

from mock_server.access import ApiScope
from mock_server.cloud.days import MomentText
from mock_server.cloud.numbers import WholeNumber
from mock_server.cloud.paging import TokenPage
from mock_server.cloud.worklogs import OPENAPI
from mock_server.domain import papertrail
from mock_server.domain.papertrail import Search, Window
from mock_server.domain.papertrail_events import Event
from mock_server.domain.papertrail_fields import ACTIONS
from mock_server.domain.papertrail_kinds import ENTITY_TYPES
from mock_server.endpoint import Call, endpoint
from mock_server.schemas import WireSchema

DEFAULT_EVENTS = 100
MOST_EVENTS = 1000


class FieldChangeSchema(WireSchema):
    """A field before and after, null where it had or has no value."""

    field = fields.String()
    previous = fields.String(allow_none=True)
    new = fields.String(allow_none=True)


class EventSchema(WireSchema):
    """What somebody did. ``parentId`` is empty where there is nothing above; only work has a ``worker``."""

    timestamp = fields.String()
    action = fields.String(validate=validate.OneOf(ACTIONS))
    author = fields.String()
    entity_type = fields.String(data_key="entityType", validate=validate.OneOf(ENTITY_TYPES))
    entity_id = fields.String(data_key="entityId")
    parent_id = fields.String(data_key="parentId")
    changes = fields.List(fields.Nested(FieldChangeSchema))
    worker = fields.String()


class EventsQuery(WireSchema):
    """How many events, and after which token; the vendor states the most, so more is refused."""

    limit = WholeNumber(least=1, most=MOST_EVENTS, load_default=DEFAULT_EVENTS)
    token = fields.String(data_key="nextPageToken", load_default=None)


class EventSearchSchema(WireSchema):
    """Which events: from a moment of the last 180 days; an empty list filters nothing."""

    start = MomentText(data_key="from", required=True)
    end = MomentText(data_key="to", load_default=None, allow_none=True)
    actions = fields.List(
        fields.String(validate=validate.OneOf(ACTIONS)), data_key="action", load_default=None, allow_none=True
    )
    authors = fields.List(fields.String(), data_key="author", load_default=None, allow_none=True)
    entity_types = fields.List(
        fields.String(validate=validate.OneOf(ENTITY_TYPES)), data_key="entityType", load_default=None, allow_none=True
    )
    workers = fields.List(fields.String(), data_key="worker", load_default=None, allow_none=True)


@endpoint("POST", "/papertrail/search", scope=ApiScope.AUDIT_VIEW, query=EventsQuery, body=EventSearchSchema,
          returns=EventSchema, many=True, is_search=True, grade="A", source=OPENAPI)  # fmt: skip
def search_audit_events(call: Call, query: dict[str, Any], values: dict[str, Any]) -> TokenPage:
    """What was created, changed and deleted in Tempo, by whom"""
    papertrail.check_may_read(call.caller, call.settings)
    named = {name: frozenset(values[name]) for name in ("actions", "authors", "entity_types", "workers") if values[name]}
    window = Window(query["limit"], query["token"])
    asked = Search(values["start"], values["end"], **named)
    events, token = papertrail.search(call.store, call.settings, asked, window, call.now)
    return TokenPage([_bean(event) for event in events], window.limit, token)


def _bean(event: Event) -> dict[str, Any]:
    bean = {
        "timestamp": event.at,
        "action": event.action,
        "author": event.author,
        "entity_type": event.entity_type,
        "entity_id": event.entity_id,
        "parent_id": event.parent_id,
        "changes": [change._asdict() for change in event.changes],
    }
    return bean if event.worker is None else {**bean, "worker": event.worker}
