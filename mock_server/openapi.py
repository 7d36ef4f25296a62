"""The OpenAPI 3.1 document of everything served, made from the same metadata and schemas that serve it."""

import re
from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

from mock_server import __version__
from mock_server.access import Scope
from mock_server.endpoint import Endpoint, Group

_PARAMETER = re.compile(r"<(?:([a-z]+):)?([a-z_]+)>")


def document(groups: Iterable[Group], server: str) -> dict[str, Any]:
    """The document; ``server`` is the address of the Jira base, relative or absolute."""
    # Imported here: a server that is not asked for its document starts without it.
    from apispec import APISpec
    from apispec.ext.marshmallow import MarshmallowPlugin

    spec = APISpec(
        "Unofficial stand-in for Tempo",
        __version__,
        "3.1.0",
        info={"description": _DESCRIPTION},
        servers=[{"url": server}],
        plugins=[MarshmallowPlugin(schema_name_resolver=_schema_name)],
    )
    spec.components.security_scheme("basic", {"type": "http", "scheme": "basic"})
    spec.components.security_scheme("personalAccessToken", {"type": "http", "scheme": "bearer"})
    spec.components.schema("ErrorCollection", _errors())
    spec.components.schema("Refusal", _refusal())
    for group in groups:
        for endpoint in group.endpoints:
            path = group.prefix + braced(endpoint.path)
            spec.path(path, operations={endpoint.method.lower(): _operation(endpoint, group.title)})
    found: dict[str, Any] = spec.to_dict()
    return found


def braced(path: str) -> str:
    """A route as people write it: ``<id:team_id>`` becomes ``{team_id}``."""
    return _PARAMETER.sub(r"{\2}", path)


_DESCRIPTION = (
    "What this stand-in serves, with the grade of what is known of each endpoint: A the vendor's OpenAPI documents, "
    "D an official page, O a recorded live answer, T a client typed from the vendor's documents, C client code, I inference."
)


_TEXT = MappingProxyType({"type": "string"})
_FLAG = MappingProxyType({"type": "boolean"})
_DAY = MappingProxyType({"type": "string", "format": "date"})
_COUNT = MappingProxyType({"type": "integer", "minimum": 0, "maximum": 10**9 - 1})
_QUERY = MappingProxyType(
    {
        "from": _DAY,
        "to": _DAY,
        "startAt": _COUNT,
        "maxResults": _COUNT,
        "onlyActive": _FLAG,
        "includeActive": _FLAG,
        "includeInactive": _FLAG,
        "includeInactiveUsers": _FLAG,
    }
)
"""Query parameter -> what it is, where that is not any text."""


def _errors() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "errorMessages": {"type": "array", "items": {"type": "string"}},
            "errors": {"type": "object", "additionalProperties": {"type": "string"}},
        },
        "required": ["errorMessages", "errors"],
    }


def _refusal() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"message": {"type": "string"}, "status-code": {"type": "integer"}},
        "required": ["message", "status-code"],
    }


def _operation(endpoint: Endpoint, title: str) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "description": f"Needs: {endpoint.scope.value}. Grade {endpoint.grade}: {endpoint.source}.",
        "tags": [title],
        "x-grade": endpoint.grade,
        "x-source": endpoint.source,
        "responses": _responses(endpoint),
    }
    parameters = [
        {
            "in": "path",
            "name": name,
            "required": True,
            "schema": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1} if kind == "id" else {"type": "string"},
        }
        for kind, name in _PARAMETER.findall(endpoint.path)
    ] + [{"in": "query", "name": name, "schema": dict(_QUERY.get(name, _TEXT))} for name in endpoint.parameters]
    if parameters:
        operation["parameters"] = parameters
    if endpoint.body:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": endpoint.body}}}
    if endpoint.scope is Scope.ANYBODY:
        operation["security"] = [{}, {"basic": []}, {"personalAccessToken": []}]
    else:
        operation["security"] = [{"basic": []}, {"personalAccessToken": []}]
    return operation


def _responses(endpoint: Endpoint) -> dict[str, Any]:
    success: dict[str, Any] = {"description": "Done." if endpoint.status == 204 else "The answer."}
    if endpoint.returns:
        schema: Any = {"type": "array", "items": endpoint.returns} if endpoint.many else endpoint.returns
        success["content"] = {"application/json": {"schema": schema}}
    found = {str(endpoint.status): success}
    for status, meaning in _refusals(endpoint):
        content: dict[str, Any] = {"application/json": {"schema": "ErrorCollection"}}
        if status in (401, 404):
            # Refused by the resource, or before one was reached: nobody is logged in, an id that is no number.
            both = {"anyOf": [{"$ref": "#/components/schemas/Refusal"}, {"$ref": "#/components/schemas/ErrorCollection"}]}
            content = {"application/json": {"schema": both}}
        if status == 401:
            content["text/html"] = {"schema": {"type": "string"}}
        found[str(status)] = {"description": meaning, "content": content}
    return found


def _refusals(endpoint: Endpoint) -> list[tuple[int, str]]:
    """The statuses besides success that the endpoint answers."""
    found = [(401, "Nobody is logged in, or the credentials are wrong.")]
    if endpoint.body or endpoint.parameters or endpoint.method in ("PUT", "DELETE"):
        found.append((400, "The request cannot be understood or breaks a rule."))
    if endpoint.scope not in (Scope.ANYBODY, Scope.LOGGED_IN) or endpoint.method != "GET":
        found.append((403, "The caller may not do this."))
    if "<" in endpoint.path or endpoint.also_404:
        found.append((404, "There is no such thing, or the caller may not know of it."))
    if endpoint.body:
        found += [(413, "The body is too large."), (415, "The body is declared to be something else than JSON.")]
    return found


def _schema_name(schema: Any) -> str:
    return (schema if isinstance(schema, type) else type(schema)).__name__.removesuffix("Schema")
