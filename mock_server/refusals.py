"""What dialects say alike when a request ends in a fact: its status, and the bodies that both Jiras send."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from flask import Request, Response
from werkzeug.exceptions import HTTPException
from werkzeug.sansio.utils import get_current_url

from mock_server import errors
from mock_server.origin import origin_of
from mock_server.rate_limit import TooMany

_STATUSES: Mapping[type[errors.Fact], int] = MappingProxyType(
    {
        errors.Fact: 400,
        errors.NotLoggedIn: 401,
        errors.LoginFailed: 401,
        errors.Refused: 403,
        errors.NotFound: 404,
        errors.NotAllowed: 405,
        errors.Conflict: 409,
        errors.Gone: 410,
        errors.TooLarge: 413,
        errors.WrongMediaType: 415,
        TooMany: 429,
    }
)


class Answered(errors.Fact):
    """A refusal whose status somebody chose."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def status_of(fact: errors.Fact) -> int:
    """The HTTP status of a fact; that of the nearest kind it is one of."""
    if isinstance(fact, Answered):
        return fact.status
    return next(_STATUSES[kind] for kind in type(fact).__mro__ if kind in _STATUSES)


def jira_errors(fact: errors.Fact) -> dict[str, Any]:
    """The body in which a Jira refuses: messages, and texts by field."""
    if isinstance(fact, errors.Invalid):
        return {"errorMessages": fact.messages, "errors": fact.fields}
    return {"errorMessages": [fact.message] if fact.message else [], "errors": {}}


def unrouted(error: HTTPException, request: Request) -> dict[str, Any]:
    """The body in which a Jira says that no resource is there, or that it does not know the verb."""
    code = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    text = f"{error.name}: {request.method} {request.path}"
    if code == HTTPStatus.NOT_FOUND:
        scheme, _, host = origin_of(request.environ).partition("://")
        text = f"null for uri: {get_current_url(scheme, host, request.root_path, request.path)}"
    return {"message": text, "status-code": int(code)}


def with_allowed(response: Response, error: HTTPException) -> Response:
    """The answer with the verbs that the resource knows, where the router tells them."""
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response
