"""Comments on issues of Jira Cloud (vendor's OpenAPI of v3; refusals as integrators saw them in 2026)."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from marshmallow import fields

from mock_server.access import Scope
from mock_server.domain import comments, rich_texts
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid
from mock_server.jira_cloud.comment_beans import CommentSchema, comment_bean
from mock_server.jira_cloud.issues import load_issue
from mock_server.jira_cloud.paging import is_v2, number
from mock_server.jira_cloud.users import OPENAPI
from mock_server.moments import moment_text
from mock_server.schemas import WireSchema
from mock_server.storage import comments as comment_rows
from mock_server.storage.comments import Comment
from mock_server.storage.issues import Issue

DEFAULT_LIMIT = 100
MOST_A_PAGE = 5000
ORDERS = ("created", "+created", "-created")


class CommentPageSchema(WireSchema):
    """A page of the comments of an issue."""

    start_at = fields.Integer(data_key="startAt")
    max_results = fields.Integer(data_key="maxResults")
    total = fields.Integer()
    comments = fields.List(fields.Nested(CommentSchema))


class NewCommentSchema(WireSchema):
    """A new comment."""

    body = fields.Raw(load_default=None, allow_none=True)
    visibility = fields.Raw(load_default=None, allow_none=True)
    properties = fields.Raw(load_default=None, allow_none=True)


class OfIssue(NamedTuple):
    """A comment with its issue."""

    issue: Issue
    comment: Comment


def load_comment(call: Call, id_or_key: str, comment_id: str) -> OfIssue:
    """The comment in the path. Raises ``NotFound``."""
    issue = load_issue(call, id_or_key)
    return OfIssue(issue, comments.get(call.store, issue, comment_id))


@endpoint("GET", "/issue/<id_or_key>/comment", scope=Scope.ANYBODY, loads=load_issue, returns=CommentPageSchema, grade="A",
          source=OPENAPI, parameters=("startAt", "maxResults", "orderBy"))  # fmt: skip
def list_cloud_comments(call: Call, issue: Issue) -> dict[str, Any]:
    """A page of the comments of an issue, the oldest first unless asked otherwise"""
    order = (call.first("orderBy") or ORDERS[0]).strip()
    if order not in ORDERS:
        raise Invalid(f"The value '{order[:40]}' of 'orderBy' is not one of created, -created.")
    start, most = number(call, "startAt", 0), min(number(call, "maxResults", DEFAULT_LIMIT), MOST_A_PAGE)
    found = comment_rows.page(call.store, issue.id, start, most, newest_first=order.startswith("-"))
    return {
        "start_at": start,
        "max_results": most,
        "total": comment_rows.count(call.store, issue.id),
        "comments": [comment_bean(call, comment) for comment in found],
    }


@endpoint("GET", "/issue/<id_or_key>/comment/<comment_id>", scope=Scope.ANYBODY, loads=load_comment, returns=CommentSchema,
          grade="A", source=OPENAPI)  # fmt: skip
def get_cloud_comment(call: Call, found: OfIssue) -> dict[str, Any]:
    """One comment of an issue"""
    return comment_bean(call, found.comment)


@endpoint("POST", "/issue/<id_or_key>/comment", scope=Scope.ANYBODY, loads=load_issue, body=NewCommentSchema,
          returns=CommentSchema, status=201, grade="A", source=OPENAPI)  # fmt: skip
def add_cloud_comment(call: Call, issue: Issue, values: dict[str, Any]) -> dict[str, Any]:
    """Comment on an issue, in the caller's name"""
    for name in ("visibility", "properties"):
        if values[name]:
            # Kept by nobody here, it would be shown to those from whom it was to be hidden.
            raise Invalid(fields={name: "This stand-in of Jira keeps comments that everybody sees, without properties."})
    comment = comments.add(call.store, call.actor, issue, _document(call, values["body"]), moment_text(call.now))
    return comment_bean(call, comment)


def _document(call: Call, body: object) -> Mapping[str, Any] | None:
    if is_v2(call):
        return rich_texts.of_text(body.replace("\r\n", "\n")) if isinstance(body, str) else None
    return body if isinstance(body, Mapping) else None
