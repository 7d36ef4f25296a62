"""What a scenario says of accounts: entries of accounts, their categories, customers and links to projects."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from mock_server.scenario_entries import EntrySchema

_ID = validate.Range(min=1, max=2**31 - 1)
_TEXT = validate.Length(min=1)


class AccountCategoryEntry(EntrySchema):
    """A category of accounts, of a type or of none."""

    id = fields.Integer(load_default=None, strict=True, validate=_ID)
    key = fields.String(required=True, validate=_TEXT)
    name = fields.String(required=True, validate=_TEXT)
    type = fields.String(load_default=None, validate=validate.OneOf(["BILLABLE", "CAPITALIZED", "INTERNAL", "OPERATIONAL"]))


class CustomerEntry(EntrySchema):
    """A customer."""

    id = fields.Integer(load_default=None, strict=True, validate=_ID)
    key = fields.String(required=True, validate=_TEXT)
    name = fields.String(required=True, validate=_TEXT)


class AccountEntry(EntrySchema):
    """An account; people by name, category and customer by key. ``monthly_budget`` is a whole number of hours."""

    id = fields.Integer(load_default=None, strict=True, validate=_ID)
    key = fields.String(required=True, validate=validate.Regexp(r"[A-Za-z0-9_.-]+\Z"))
    name = fields.String(required=True, validate=_TEXT)
    status = fields.String(load_default="OPEN", validate=validate.OneOf(["OPEN", "CLOSED", "ARCHIVED"]))
    lead = fields.String(load_default=None)
    contact = fields.String(load_default=None)
    external_contact = fields.String(load_default=None, validate=_TEXT)
    category = fields.String(load_default=None)
    customer = fields.String(load_default=None)
    is_global = fields.Boolean(load_default=False)
    monthly_budget = fields.Integer(load_default=None, strict=True, validate=validate.Range(0, 2**31 - 1))

    @validates_schema
    def refuse_two_contacts(self, data: dict[str, Any], **_: Any) -> None:
        """A contact is one of the people or somebody outside."""
        if data["contact"] is not None and data["external_contact"] is not None:
            raise ValidationError("Give contact or external_contact, and not both.")


class AccountLinkEntry(EntrySchema):
    """What links an account to a project, both by key; one link of a project may be the default."""

    id = fields.Integer(load_default=None, strict=True, validate=_ID)
    account = fields.String(required=True)
    project = fields.String(required=True)
    default = fields.Boolean(load_default=False)
