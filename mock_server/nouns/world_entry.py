"""``scenario.toml``: what a scenario says of the world as a whole."""

from marshmallow import fields, validate

from mock_server.nouns.noun import EntrySchema

_LAST_ID = validate.Range(min=0, max=2**31 - 2)


class LastIdsEntry(EntrySchema):
    """The last ids given out before the world begins, by noun."""

    teams = fields.Integer(strict=True, validate=_LAST_ID)
    members = fields.Integer(strict=True, validate=_LAST_ID)
    memberships = fields.Integer(strict=True, validate=_LAST_ID)
    roles = fields.Integer(strict=True, validate=_LAST_ID)
    projects = fields.Integer(strict=True, validate=_LAST_ID)
    boards = fields.Integer(strict=True, validate=_LAST_ID)
    issues = fields.Integer(strict=True, validate=_LAST_ID)
    comments = fields.Integer(strict=True, validate=_LAST_ID)
    programs = fields.Integer(strict=True, validate=_LAST_ID)
    links = fields.Integer(strict=True, validate=_LAST_ID)
    permission_roles = fields.Integer(strict=True, validate=_LAST_ID)
    account_categories = fields.Integer(strict=True, validate=_LAST_ID)
    customers = fields.Integer(strict=True, validate=_LAST_ID)
    accounts = fields.Integer(strict=True, validate=_LAST_ID)
    account_links = fields.Integer(strict=True, validate=_LAST_ID)
    work_attributes = fields.Integer(strict=True, validate=_LAST_ID)
    worklogs = fields.Integer(strict=True, validate=_LAST_ID)
    jira_worklogs = fields.Integer(strict=True, validate=_LAST_ID)
    generic_resources = fields.Integer(strict=True, validate=_LAST_ID)
    workload_schemes = fields.Integer(strict=True, validate=_LAST_ID)
    holiday_schemes = fields.Integer(strict=True, validate=_LAST_ID)
    holidays = fields.Integer(strict=True, validate=_LAST_ID)
    plans = fields.Integer(strict=True, validate=_LAST_ID)
    provider_accounts = fields.Integer(strict=True, validate=_LAST_ID)
    provider_keys = fields.Integer(strict=True, validate=_LAST_ID)
    provider_containers = fields.Integer(strict=True, validate=_LAST_ID)
    provider_items = fields.Integer(strict=True, validate=_LAST_ID)
    provider_faults = fields.Integer(strict=True, validate=_LAST_ID)
    connect_jobs = fields.Integer(strict=True, validate=_LAST_ID)


class WorldEntry(EntrySchema):
    """``scenario.toml``: a title, settings that differ from the defaults, and the last ids given out before the seed."""

    title = fields.String(load_default="")
    settings = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    last_ids = fields.Nested(LastIdsEntry, load_default=dict)
