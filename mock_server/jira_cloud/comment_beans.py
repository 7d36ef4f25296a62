"""A comment as Jira Cloud shows it: by itself, in a page, and inside its issue."""

from typing import Any

from marshmallow import fields

from mock_server.domain import comments, rich_texts
from mock_server.endpoint import Call
from mock_server.jira_cloud.paging import is_v2
from mock_server.jira_cloud.users import CloudUserSchema, short_user_bean
from mock_server.moments import parse_any_moment
from mock_server.schemas import WireSchema, compile_writer
from mock_server.stamps import stamp
from mock_server.storage import comments as comment_rows
from mock_server.storage import people as person_rows
from mock_server.storage.comments import Comment
from mock_server.storage.issues import Issue

MOST_INSIDE = 5000
"""Comments that stand inside an issue; the oldest ones."""


class CommentSchema(WireSchema):
    """A comment; its body is a document in version 3 and plain in version 2."""

    link = fields.String(data_key="self")
    id = fields.String()
    author = fields.Nested(CloudUserSchema)
    body = fields.Raw()
    update_author = fields.Nested(CloudUserSchema, data_key="updateAuthor")
    created = fields.String()
    updated = fields.String()
    is_public = fields.Boolean(data_key="jsdPublic")


def comment_bean(call: Call, comment: Comment) -> dict[str, Any]:
    """Values of ``CommentSchema``."""
    person = person_rows.get(call.store, comment.author_id)
    assert person is not None
    author = short_user_bean(call, person)
    document = comments.document_of(comment)
    return {
        "link": f"{call.base}/issue/{comment.issue_id}/comment/{comment.id}",
        "id": str(comment.id),
        "author": author,
        "body": rich_texts.text_of(document) if is_v2(call) else document,
        "update_author": author,
        "created": stamp(call, parse_any_moment(comment.created_at)),
        "updated": stamp(call, parse_any_moment(comment.updated_at)),
        "is_public": True,
    }


def comments_of(call: Call, issue: Issue) -> dict[str, Any]:
    """The field ``comment`` of an issue, in wire names."""
    write = compile_writer(CommentSchema())
    found = [write(comment_bean(call, comment)) for comment in comment_rows.page(call.store, issue.id, 0, MOST_INSIDE)]
    link = f"{call.base}/issue/{issue.id}/comment"
    total = comment_rows.count(call.store, issue.id)
    return {"comments": found, "self": link, "maxResults": len(found), "total": total, "startAt": 0}
