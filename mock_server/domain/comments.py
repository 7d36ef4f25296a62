"""Comments on issues: who may write them, and what a body may be."""

import json
from collections.abc import Mapping
from typing import Any

from mock_server.access import Actor
from mock_server.domain import projects, rich_texts
from mock_server.errors import Invalid, NotFound
from mock_server.row_ids import row_id
from mock_server.storage import comments, issues, people
from mock_server.storage.comments import Comment
from mock_server.storage.issues import Issue
from mock_server.storage.store import Store

ADD = "ADD_COMMENTS"
LONGEST = 32_767
NOT_VALID = "Comment body is not valid!"
HIDDEN = "Can not find a comment for the id: {}."


def get(store: Store, issue: Issue, text: str) -> Comment:
    """A comment of an issue by the id in a path. Raises ``NotFound``."""
    comment_id = row_id(text)
    found = None if comment_id is None else comments.get(store, issue.id, comment_id)
    if found is None:
        raise NotFound(HIDDEN.format(text[:40]))
    return found


def add(store: Store, actor: Actor | None, issue: Issue, body: Mapping[str, Any] | None, moment: str) -> Comment:
    """One more comment on an issue. body: a document, None for what is none. moment: ISO 8601, UTC, milliseconds.

    Raises ``Invalid`` also where Add Comments is missing, as Jira does, with what is wrong with the body beside it.
    """
    wrong = _wrong(body)
    if actor is None or ADD not in projects.held(store, actor).get(issue.project_id, frozenset()):
        person = people.get(store, actor.person_id) if actor else None
        name = f"{person.display_name}, you" if person else "You"
        raise Invalid(f"{name} do not have the permission to comment on this issue.", fields=wrong)
    if wrong:
        raise Invalid(fields=wrong)
    issues.touch(store, issue.id, moment)
    return comments.add(store, issue.id, actor.person_id, json.dumps(body), moment)


def document_of(comment: Comment) -> dict[str, Any]:
    """The body of a comment."""
    document: dict[str, Any] = json.loads(comment.body)
    return document


def _wrong(body: Mapping[str, Any] | None) -> dict[str, str]:
    if body is None or not rich_texts.is_document(body):
        return {"comment": NOT_VALID}
    text = rich_texts.text_of(body)
    if not body["content"] or (not text.strip() and not _has_something(body["content"])):
        return {"comment": "Comment body can not be empty!"}
    if len(text) > LONGEST:
        return {"comment": f"The entered text is too long. It exceeds the allowed limit of {LONGEST:,} characters."}
    return {}


def _has_something(nodes: list[Mapping[str, Any]]) -> bool:
    """Whether a node says something without text, such as a picture or a mention."""
    blank = ("paragraph", "text", "hardBreak")
    return any(node["type"] not in blank or _has_something(node.get("content", [])) for node in nodes)
