"""What the document says of each API's ways: how callers log in, how answers are wrapped and what refusals look like."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple, get_origin

from mock_server.access import ApiScope, Scope
from mock_server.endpoint import Api, Endpoint

Fragment = Mapping[str, Any]
Content = Mapping[str, Fragment]
_UNSAFE = frozenset({"POST", "PUT", "DELETE", "PATCH"})


class Refusal(NamedTuple):
    """A status that an endpoint refuses with, what it means, and the schemas of its bodies by media type."""

    status: int
    meaning: str
    content: Content
    headers: Fragment = MappingProxyType({})


class Description(NamedTuple):
    """The ways of an API.

    ``wraps`` makes the schema of an answer of that of its entries; ``errors`` names that of a refusal.

    ``search_without_body`` tells that a search need not send a body, ``body_type`` is the media type of bodies.
    """

    schemes: Fragment
    schemas: Fragment
    wraps: Callable[[Endpoint, Any], Any]
    refusals: Callable[[Endpoint], list[Refusal]]
    errors: str
    search_without_body: bool = False
    body_type: str = "application/json"

    def security(self, endpoint: Endpoint) -> list[dict[str, list[str]]]:
        """The requirements of an endpoint: one of the schemes, or none at all where nobody need log in."""
        nobody: list[dict[str, list[str]]] = [{}] if endpoint.scope is Scope.ANYBODY else []
        return nobody + [{name: []} for name in self.schemes]


def description(api: Api) -> Description:
    """What is told of an API."""
    return _DESCRIPTIONS[api]


def _json(schema: Any) -> Content:
    return {"application/json": {"schema": schema}}


def _named(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _page_by_hand(endpoint: Endpoint, entry: Any) -> Any:
    """The body as the view's schema has it; pages are schemas of their own there."""
    return {"type": "array", "items": entry} if endpoint.many else entry


def _page_by_kind(endpoint: Endpoint, entry: Any) -> Any:
    """The body as Tempo Cloud wraps it, which goes by what the view says it answers."""
    if not endpoint.many:
        return entry
    entries = {"type": "array", "items": entry}
    if get_origin(endpoint.kind) is list:
        return entries
    metadata, has_self = _ENVELOPES[endpoint.kind.__name__]
    members: dict[str, Any] = {"self": {"type": "string"}} if has_self else {}
    if metadata:
        members["metadata"] = _named(metadata)
    members["results"] = entries
    return {"type": "object", "properties": members, "required": list(members)}


def _of_jira(endpoint: Endpoint, needs_permission: bool) -> list[Refusal]:
    errors = _json(_named("ErrorCollection"))
    # Refused by the resource, or before one was reached: nobody is logged in, an id that is no number.
    both = _json({"anyOf": [_named("Refusal"), _named("ErrorCollection")]})
    page = {"text/html": {"schema": {"type": "string"}}}
    found = [Refusal(401, "Nobody is logged in, or the credentials are wrong.", {**both, **page})]
    if endpoint.body or endpoint.parameters or endpoint.method in ("PUT", "DELETE"):
        found.append(Refusal(400, "The request cannot be understood or breaks a rule.", errors))
    if needs_permission:
        found.append(Refusal(403, "The caller may not do this.", errors))
    if "<" in endpoint.path or endpoint.also_404:
        found.append(Refusal(404, "There is no such thing, or the caller may not know of it.", both))
    if endpoint.body:
        found.append(Refusal(413, "The body is too large.", errors))
        found.append(Refusal(415, "The body is declared to be something else than JSON.", errors))
    return found


def _of_host(endpoint: Endpoint) -> list[Refusal]:
    needs_permission = endpoint.scope not in (Scope.ANYBODY, Scope.LOGGED_IN) or endpoint.method != "GET"
    return _of_jira(endpoint, needs_permission or endpoint.also_403)


def _of_jira_cloud(endpoint: Endpoint) -> list[Refusal]:
    found = _of_jira(endpoint, endpoint.also_403)
    if endpoint.also_200:
        found.append(Refusal(200, "Some of it could not be done; the rest was.", _json(_named("ErrorCollection"))))
    return found


def _of_tempo_cloud(endpoint: Endpoint) -> list[Refusal]:
    errors = _json(_named("TempoErrors"))
    page = {"text/html": {"schema": {"type": "string"}}, **errors}
    found = [Refusal(401, "There is no token, or it is unknown, expired or not sent as Bearer.", page)]
    writes = endpoint.method in _UNSAFE and not endpoint.is_search
    if endpoint.query or endpoint.body or writes or endpoint.also_400:
        found.append(Refusal(400, "The request cannot be understood or breaks a rule.", errors))
    if endpoint.scope is not ApiScope.ANY:
        found.append(Refusal(403, "The token lacks the scope, or its owner the permission.", page))
    if "<" in endpoint.path or endpoint.also_404:
        found.append(Refusal(404, "There is no such thing, or the caller may not know of it.", errors))
    if endpoint.body:
        found.append(Refusal(413, "The body is too large.", errors))
    wait = {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds to wait."}}
    found.append(Refusal(429, "Too many requests with this token, when the rate limit is on.", errors, wait))
    return found


def _of_oauth(endpoint: Endpoint) -> list[Refusal]:
    errors = _json(_named("OAuthRefusal"))
    return [
        Refusal(400, "The request, the grant or the scope is not good; error says which.", errors),
        Refusal(
            401, "No application has this client id and secret.", errors, {"WWW-Authenticate": {"schema": {"type": "string"}}}
        ),
        Refusal(413, "The body is too large.", errors),
    ]


def _of_control(endpoint: Endpoint) -> list[Refusal]:
    errors = _json(_named("OwnError"))
    wrong = _json(_named("OwnRowErrors" if endpoint.media else "OwnError"))
    found = [Refusal(400, "The request cannot be understood or breaks a rule; or what was tried failed.", wrong)]
    if endpoint.scope is not Scope.ANYBODY:
        challenge = {"WWW-Authenticate": {"schema": {"type": "string"}}}
        found.append(Refusal(401, "Nobody is logged in, or the credentials are wrong.", errors, challenge))
    found.append(Refusal(403, "The caller may not do this, or the control routes do not answer them.", errors))
    if "<" in endpoint.path or endpoint.also_404:
        found.append(Refusal(404, "There is no such thing.", errors))
    if endpoint.body or endpoint.media:
        found.append(Refusal(413, "The body is too large.", errors))
    return found


_JIRA_SCHEMAS = MappingProxyType(
    {
        "ErrorCollection": {
            "type": "object",
            "properties": {
                "errorMessages": {"type": "array", "items": {"type": "string"}},
                "errors": {"type": "object", "additionalProperties": {"type": "string"}},
            },
            "required": ["errorMessages", "errors"],
        },
        "Refusal": {
            "type": "object",
            "properties": {"message": {"type": "string"}, "status-code": {"type": "integer"}},
            "required": ["message", "status-code"],
        },
    }
)
_TEMPO_SCHEMAS = MappingProxyType(
    {
        "TempoErrors": {
            "type": "object",
            "properties": {
                "errors": {
                    "type": "array",
                    "items": {"type": "object", "properties": {"message": {"type": "string"}}, "required": ["message"]},
                }
            },
            "required": ["errors"],
        },
        "PageMetadata": {
            "type": "object",
            "properties": {
                **{name: {"type": "integer", "minimum": 0} for name in ("count", "offset", "limit")},
                **{name: {"type": "string"} for name in ("next", "previous")},
            },
            "required": ["count", "offset", "limit"],
        },
        "TokenMetadata": {
            "type": "object",
            "properties": {
                "limit": {"type": "integer", "minimum": 1},
                **{name: {"type": "string"} for name in ("nextPageToken", "nextPageUrl")},
            },
            "required": ["limit"],
        },
        "CursorMetadata": {
            "type": "object",
            "properties": {
                **{name: {"type": "integer", "minimum": 0} for name in ("count", "limit")},
                **{name: {"type": "string"} for name in ("lastEvaluatedKey", "next")},
            },
            "required": ["count", "limit"],
        },
        "ListedMetadata": {
            "type": "object",
            "properties": {"count": {"type": "integer", "minimum": 0}},
            "required": ["count"],
        },
    }
)
_ENVELOPES = MappingProxyType(
    {
        "Page": ("PageMetadata", True),
        "BodyPage": ("PageMetadata", False),
        "Bare": ("PageMetadata", False),
        "Listed": ("ListedMetadata", True),
        "Uncounted": (None, True),
        "TokenPage": ("TokenMetadata", True),
        "CursorPage": ("CursorMetadata", True),
    }
)
"""Kind of list, by its name in the face -> the schema of its metadata if it has any, and whether it has its own address."""

_HOST_SCHEMES = MappingProxyType(
    {
        "basic": {"type": "http", "scheme": "basic", "description": "Jira Data Center: name and password."},
        "personalAccessToken": {
            "type": "http",
            "scheme": "bearer",
            "description": "Jira Data Center: a personal access token.",
        },
    }
)
_TEMPO_SCHEMES = MappingProxyType(
    {"tempoToken": {"type": "http", "scheme": "bearer", "description": "Tempo Cloud: a token with its scopes."}}
)
_JIRA_CLOUD_SCHEMES = MappingProxyType(
    {"jiraApiToken": {"type": "http", "scheme": "basic", "description": "Jira Cloud: e-mail address and API token."}}
)
_OAUTH_SCHEMES = MappingProxyType(
    {"oauthClient": {"type": "http", "scheme": "basic", "description": "OAuth 2.0: client id and secret; or both in the body."}}
)
_OAUTH_SCHEMAS = MappingProxyType(
    {"OAuthRefusal": {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"]}}
)
_CONTROL_SCHEMES = MappingProxyType(
    {
        "basic": _HOST_SCHEMES["basic"],
        "tempoToken": _TEMPO_SCHEMES["tempoToken"],
    }
)
_CONTROL_SCHEMAS = MappingProxyType(
    {
        "OwnError": {
            "type": "object",
            "properties": {
                "error": {"type": "string"},
                "kind": {"type": "string", "description": "Of an attempt to connect that failed: how."},
            },
            "required": ["error"],
        },
        "OwnRowErrors": {
            "type": "object",
            "properties": {
                "error": {"type": "string"},
                "errors": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"row": {"type": ["integer", "null"]}, "message": {"type": "string"}},
                        "required": ["row", "message"],
                    },
                },
            },
            "required": ["error", "errors"],
        },
    }
)
_DESCRIPTIONS = MappingProxyType(
    {
        Api.HOST: Description(_HOST_SCHEMES, _JIRA_SCHEMAS, _page_by_hand, _of_host, "ErrorCollection"),
        Api.TEMPO_CLOUD: Description(_TEMPO_SCHEMES, _TEMPO_SCHEMAS, _page_by_kind, _of_tempo_cloud, "TempoErrors", True),
        Api.OAUTH: Description(
            _OAUTH_SCHEMES,
            _OAUTH_SCHEMAS,
            _page_by_hand,
            _of_oauth,
            "OAuthRefusal",
            body_type="application/x-www-form-urlencoded",
        ),
        Api.JIRA_CLOUD: Description(_JIRA_CLOUD_SCHEMES, _JIRA_SCHEMAS, _page_by_hand, _of_jira_cloud, "ErrorCollection"),
        Api.CONTROL: Description(_CONTROL_SCHEMES, _CONTROL_SCHEMAS, _page_by_hand, _of_control, "OwnError"),
    }
)
