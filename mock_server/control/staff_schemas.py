"""What goes over the wire of ``/_mock/staff``."""

from typing import Any

from marshmallow import Schema, fields, validate

from mock_server.control.app_schemas import ControlSchema
from mock_server.domain.staff import INTEGRATIONS
from mock_server.storage.staff import SORTS

MOST_PER_PAGE = 1000
MOST_OFFSET = 10**9 - 1


class IdOrName(fields.String):
    """A text that names something or holds its id; in JSON the id may be a number."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        number = type(value) is int
        return super()._deserialize(str(value) if number else value, attr, data, **more)


class FilterSchema(ControlSchema):
    """Whom is meant. ``active`` is true unless told; empty is any. Teams, roles, groups and schemes by id or by name."""

    search = fields.String()
    team = IdOrName()
    role = IdOrName()
    group = IdOrName()
    workload_scheme = IdOrName(data_key="workloadScheme")
    holiday_scheme = IdOrName(data_key="holidayScheme")
    location = fields.String()
    active = fields.String(validate=validate.OneOf(("true", "false", "all")))
    integration = fields.String(validate=validate.OneOf(("", *INTEGRATIONS)))
    provider = fields.String()


class StaffQuerySchema(FilterSchema):
    """Whom is meant, in which order, and which part of them."""

    sort = fields.String(load_default="name", validate=validate.OneOf([sign + key for key in SORTS for sign in ("", "-")]))
    offset = fields.Integer(load_default=0, validate=validate.Range(0, MOST_OFFSET))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MOST_PER_PAGE))


class ConnectionSchema(Schema):
    """A connection; ``account`` is a login, ``by`` is organisation or self."""

    provider = fields.String(required=True)
    account = fields.String(required=True)
    by = fields.String(required=True)
    connected_at = fields.String(required=True, data_key="connectedAt")


class FailureSchema(Schema):
    """The last attempt to connect, which failed; ``message`` says what to do about it."""

    provider = fields.String(required=True)
    kind = fields.String(required=True)
    message = fields.String(required=True)
    failed_at = fields.String(required=True, data_key="failedAt")


class ColleagueSchema(Schema):
    """Somebody of the staff; ``location`` is the time zone, ``teams`` are those of today."""

    account_id = fields.String(required=True, data_key="accountId")
    name = fields.String(required=True)
    display_name = fields.String(required=True, data_key="displayName")
    email = fields.String(required=True)
    active = fields.Boolean(required=True)
    location = fields.String(required=True)
    teams = fields.List(fields.String(), required=True)
    workload_scheme = fields.String(required=True, data_key="workloadScheme")
    holiday_scheme = fields.String(required=True, data_key="holidayScheme")
    apps = fields.List(fields.Nested(ConnectionSchema), required=True)
    failures = fields.List(fields.Nested(FailureSchema), required=True)


class StaffPageSchema(Schema):
    """One page of people; ``total`` counts all that are meant."""

    total = fields.Integer(required=True)
    offset = fields.Integer(required=True)
    limit = fields.Integer(required=True)
    results = fields.List(fields.Nested(ColleagueSchema), required=True)


class ConnectBodySchema(ControlSchema):
    """Whom to connect with what: the people of ``accountIds``, or all that a ``filter`` finds; one of the two."""

    provider = fields.String(required=True)
    account_ids = fields.List(fields.String(), data_key="accountIds")
    filter = fields.Nested(FilterSchema)


class JobSchema(Schema):
    """How far a run is. ``kinds`` counts failures by their kind; ``summary`` is empty until it has ended."""

    id = fields.Integer(required=True)
    provider = fields.String(required=True)
    total = fields.Integer(required=True)
    done = fields.Integer(required=True)
    connected = fields.Integer(required=True)
    already = fields.Integer(required=True)
    failed = fields.Integer(required=True)
    kinds = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    ended = fields.Boolean(required=True)
    created_at = fields.String(required=True, data_key="createdAt")
    ended_at = fields.String(required=True, allow_none=True, data_key="endedAt")
    summary = fields.String(required=True)
    link = fields.String(required=True, data_key="self")


class MappedSchema(Schema):
    """What a map has done: rows read, and of these people newly connected, so already, and failed."""

    mapped = fields.Integer(required=True)
    connected = fields.Integer(required=True)
    already = fields.Integer(required=True)
    failed = fields.Integer(required=True)


class OwnBodySchema(ControlSchema):
    """The login that one signs in to the provider with; without it the one account with one's e-mail address."""

    login = fields.String()


class GatheredSchema(Schema):
    """Something that Tempo has read for somebody."""

    provider = fields.String(required=True)
    kind = fields.String(required=True)
    title = fields.String(required=True)
    starts_at = fields.String(required=True, data_key="startsAt")
    ends_at = fields.String(required=True, allow_none=True, data_key="endsAt")
    container = fields.String(required=True)
