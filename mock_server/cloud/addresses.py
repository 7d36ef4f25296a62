"""Addresses inside answers of Tempo Cloud."""

from typing import Any

from marshmallow import fields, validate

from mock_server.endpoint import Call
from mock_server.schemas import WireSchema

REACHABLE = validate.Regexp(r"^(?!\.{1,2}\Z)[^/]+\Z", error="must have no slash and be neither '.' nor '..'.")
"""What a key must be that stands in a path: a server decodes %2F, and clients take dots for steps."""


class SelfSchema(WireSchema):
    """Where something is."""

    link = fields.String(data_key="self")


class UserSchema(WireSchema):
    """A person: accountId and the Jira address of them."""

    link = fields.String(data_key="self")
    account_id = fields.String(data_key="accountId")


class IssueSchema(WireSchema):
    """An issue: numeric id and its Jira address."""

    link = fields.String(data_key="self")
    id = fields.Integer()


def jira_root(call: Call) -> str:
    """The Jira site beside this Tempo: the same server, below the world's prefix."""
    return call.base.removesuffix("/4") + "/rest/api/2"


def user_bean(call: Call, account_id: str) -> dict[str, Any]:
    """Values of ``UserSchema``."""
    return user_at(jira_root(call), account_id)


def user_at(root: str, account_id: str) -> dict[str, Any]:
    """As ``user_bean``, for many of one answer: ``root`` is what ``jira_root`` told once for all."""
    return {"link": f"{root}/user?accountId={account_id}", "account_id": account_id}
