"""What a scenario holds of Jira Cloud: one schema for an entry of each noun."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from mock_server.scenario_entries import EntrySchema
from mock_server.scenario_moments import Moment

_ID = validate.Range(min=1, max=2**31 - 1)
_TEXT = validate.Length(min=1, max=255)


class JiraApiTokenEntry(EntrySchema):
    """A published demo API token of Jira Cloud; the world keeps its hash only, and writes out nothing else."""

    person = fields.String(required=True)
    name = fields.String(required=True, validate=_TEXT)
    token = fields.String(load_default=None, validate=validate.Length(min=8))
    token_hash = fields.String(load_default=None, validate=validate.Regexp(r"^[0-9a-f]{64}$"))

    @validates_schema
    def need_one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        """A token is there in clear or as a hash."""
        if (data["token"] is None) == (data["token_hash"] is None):
            raise ValidationError("Give the token, or its hash, and not both.")


class IssueEntry(EntrySchema):
    """A Jira issue of the project that its key begins with, made ``age`` days ago.

    Work on an internal issue (vacation, training) is never billable. ``remaining_estimate`` is seconds; the times
    stand in a world that was written out.
    """

    id = fields.Integer(required=True, strict=True, validate=_ID)
    key = fields.String(required=True, validate=validate.Regexp(r"^[A-Z][A-Z0-9_]{1,9}-[1-9][0-9]{0,8}$"))
    summary = fields.String(required=True, validate=_TEXT)
    type = fields.String(load_default="Task", validate=_TEXT)
    status = fields.String(load_default="To Do", validate=_TEXT)
    assignee = fields.String(load_default=None)
    reporter = fields.String(load_default=None)
    internal = fields.Boolean(load_default=False)
    remaining_estimate = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(0, 2**31 - 1))
    age = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 36500))
    created_at = Moment(load_default=None)
    updated_at = Moment(load_default=None)
