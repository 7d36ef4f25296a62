"""Searching for issues of Jira Cloud: by JQL, page after page by token (vendor's OpenAPI of v3; integrators, 2025 and 2026)."""

import base64
import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from marshmallow import RAISE, fields

from mock_server.access import Scope
from mock_server.domain import jql
from mock_server.domain.jql_fields import Asked, mean
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Gone, Invalid
from mock_server.jira_cloud.dialect import INVALID_PAYLOAD
from mock_server.jira_cloud.issues import CloudIssueSchema, issue_bean, selected
from mock_server.jira_cloud.paging import named
from mock_server.jira_cloud.users import OPENAPI
from mock_server.schemas import WireSchema
from mock_server.stamps import zone_of
from mock_server.storage import issues as issue_rows

DEFAULT_LIMIT = 50
MOST_A_PAGE = 5000
MOST_WITH_FIELDS = 100
TOKEN_LIFE = timedelta(days=7)
UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
RANGE = "The max results parameter has to be between 1 and 5,000."
BAD_TOKEN = "The provided next page token is invalid or expired."
REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is "
    "available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)
OBSERVED = "seen at live sites, 2025 and 2026"


class SearchSchema(WireSchema):
    """A search in a body; what it does not know is refused."""

    class Meta:
        unknown = RAISE

    jql = fields.String(load_default="", allow_none=True)
    token = fields.String(data_key="nextPageToken", load_default=None, allow_none=True)
    limit = fields.Integer(data_key="maxResults", load_default=DEFAULT_LIMIT, strict=True)
    fields_ = fields.List(fields.String(), data_key="fields", load_default=None, allow_none=True)
    expand = fields.String(load_default=None, allow_none=True)
    properties = fields.List(fields.String(), load_default=list)
    by_keys = fields.Boolean(data_key="fieldsByKeys", load_default=False)
    reconcile = fields.List(fields.Integer(strict=True), data_key="reconcileIssues", load_default=list)


class FoundSchema(WireSchema):
    """A page of issues; the token is absent on the last."""

    issues = fields.List(fields.Nested(CloudIssueSchema))
    token = fields.String(data_key="nextPageToken")
    is_last = fields.Boolean(data_key="isLast")


@endpoint("GET", "/search/jql", scope=Scope.ANYBODY, returns=FoundSchema, grade="A", source=OPENAPI,
          parameters=("jql", "nextPageToken", "maxResults", "fields", "expand"))  # fmt: skip
def search_issues(call: Call) -> dict[str, Any]:
    """A page of the issues that a JQL query finds"""
    text = call.first("maxResults")
    try:
        limit = int(text) if text and len(text) <= 9 else DEFAULT_LIMIT if not text else MOST_A_PAGE + 1
    except ValueError:
        raise Invalid(INVALID_PAYLOAD) from None
    return _found(call, call.first("jql") or "", call.first("nextPageToken") or None, limit, named(call, "fields"))


@endpoint("POST", "/search/jql", scope=Scope.ANYBODY, body=SearchSchema, returns=FoundSchema, grade="A", source=OPENAPI,
          is_search=True)  # fmt: skip
def search_issues_by_post(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """A page of the issues that a JQL query finds, asked for in a body"""
    names = [part.strip() for name in values["fields_"] or () for part in name.split(",")]
    return _found(call, values["jql"] or "", values["token"], values["limit"], names)


@endpoint("GET", "/search", scope=Scope.ANYBODY, grade="O", source=OBSERVED, status=410)
def search_the_old_way(call: Call) -> None:
    """Removed in August 2025"""
    raise Gone(REMOVED)


@endpoint("POST", "/search", scope=Scope.ANYBODY, grade="O", source=OBSERVED, status=410, is_search=True)
def search_the_old_way_by_post(call: Call) -> None:
    """Removed in August 2025"""
    raise Gone(REMOVED)


def _found(call: Call, text: str, token: str | None, limit: int, names: Sequence[str]) -> dict[str, Any]:
    offset = _offset(call, token, text) if token is not None else 0
    if not 1 <= limit <= MOST_A_PAGE:
        raise Invalid(RANGE)
    query = jql.parse(text)
    if query.where is None:
        raise Invalid(UNBOUNDED)
    meaning = mean(query, Asked(call.store, call.actor, call.settings, call.now.astimezone(zone_of(call))))
    call.notes.extend(meaning.notes)
    names = [name for name in names if name] or ["id"]
    if set(names) - {"id", "key"}:
        limit = min(limit, MOST_WITH_FIELDS)
    found = issue_rows.page(call.store, meaning.condition, meaning.order, offset, limit + 1)
    only_id = set(names) == {"id"}
    wanted = selected(names)
    beans = [{"id": str(issue.id)} if only_id else issue_bean(call, issue, wanted) for issue in found[:limit]]
    is_last = len(found) <= limit
    answer: dict[str, Any] = {"issues": beans, "is_last": is_last}
    if not is_last:
        answer["token"] = _token(call, offset + limit, text)
    return answer


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _token(call: Call, offset: int, text: str) -> str:
    value = json.dumps([offset, int(call.now.timestamp()), _digest(text)])
    return base64.urlsafe_b64encode(value.encode()).decode().rstrip("=")


def _offset(call: Call, token: str, text: str) -> int:
    try:
        padded = token + "=" * (-len(token) % 4)
        offset, issued, digest = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        age = call.now - datetime.fromtimestamp(issued, call.now.tzinfo)
    except (ValueError, TypeError, OverflowError, OSError, RecursionError):
        raise Invalid(BAD_TOKEN) from None
    if type(offset) is not int or not 0 < offset < 2**31 or digest != _digest(text) or age > TOKEN_LIFE:
        raise Invalid(BAD_TOKEN)
    return offset
