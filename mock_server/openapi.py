"""The OpenAPI 3.1 document of everything served, made from the same metadata and schemas that serve it."""

import re
from collections.abc import Iterable
from types import MappingProxyType, NoneType
from typing import Any

from mock_server import __version__
from mock_server.endpoint import Endpoint, Group
from mock_server.openapi_dialects import Description, description

_PARAMETER = re.compile(r"<(?:([a-z]+):)?([a-z_]+)>")


def document(groups: Iterable[Group], server: str) -> dict[str, Any]:
    """The document; ``server`` is the address of the server's root or of a site's, relative or absolute."""
    # Imported here: a server that is not asked for its document starts without it.
    from apispec import APISpec
    from apispec.ext.marshmallow import MarshmallowPlugin

    shown = tuple(groups)
    spec = APISpec(
        "Unofficial stand-in for Tempo",
        __version__,
        "3.1.0",
        info={"description": _DESCRIPTION},
        servers=[{"url": server}],
        tags=[{"name": group.title, **({"description": group.note} if group.note else {})} for group in shown],
        plugins=[MarshmallowPlugin(schema_name_resolver=_schema_name)],
    )
    ways = {group.api: description(group.api) for group in shown}
    for name, scheme in {name: scheme for way in ways.values() for name, scheme in way.schemes.items()}.items():
        spec.components.security_scheme(name, scheme)
    for name, schema in {name: schema for way in ways.values() for name, schema in way.schemas.items()}.items():
        spec.components.schema(name, schema)
    for group in shown:
        for endpoint in group.endpoints:
            path = group.prefix + braced(endpoint.path)
            spec.path(path, operations={endpoint.method.lower(): _operation(endpoint, group, ways[group.api])})
    found: dict[str, Any] = spec.to_dict()
    return found


def braced(path: str) -> str:
    """A route as people write it: ``<id:team_id>`` becomes ``{team_id}``."""
    return _PARAMETER.sub(r"{\2}", path)


def operation_id(group: Group, endpoint: Endpoint) -> str:
    """The name of an operation, unlike any other in the document."""
    return f"{group.key}_{endpoint.name}"


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
"""Query parameter -> what it is, where that is not any text and no schema reads it."""

_FACES = MappingProxyType({"cloud": "TempoCloud", "jira_cloud": "JiraCloud", "oauth": "OAuth", "control": "Own"})
"""Package of a face -> what the names of its schemas begin with; those of the Jira host stand as they are."""


def _operation(endpoint: Endpoint, group: Group, way: Description) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": operation_id(group, endpoint),
        "summary": endpoint.summary,
        "description": f"Needs: {endpoint.scope.value}. Grade {endpoint.grade}: {endpoint.source}.",
        "tags": [group.title],
        "x-grade": endpoint.grade,
        "x-source": endpoint.source,
        "responses": _responses(endpoint, way),
        "security": way.security(endpoint),
    }
    parameters: list[dict[str, Any]] = [
        {
            "in": "path",
            "name": name,
            "required": True,
            "schema": {"type": "integer", "minimum": 1, "maximum": 2**31 - 1} if kind == "id" else {"type": "string"},
        }
        for kind, name in _PARAMETER.findall(endpoint.path)
    ] + [{"in": "query", "name": name, "schema": dict(_QUERY.get(name, _TEXT))} for name in endpoint.parameters]
    if endpoint.query:
        parameters.append({"in": "query", "schema": endpoint.query})
    if parameters:
        operation["parameters"] = parameters
    if endpoint.body:
        schema: Any = endpoint.body
        if endpoint.body_many:
            least, most = endpoint.body_many
            schema = {"type": "array", "items": schema, "minItems": least, "maxItems": most}
        required = not (way.search_without_body and endpoint.is_search)
        operation["requestBody"] = {"required": required, "content": {way.body_type: {"schema": schema}}}
    elif endpoint.media and endpoint.method != "GET":
        operation["requestBody"] = {"required": True, "content": {endpoint.media: {"schema": dict(_TEXT)}}}
    return operation


def _responses(endpoint: Endpoint, way: Description) -> dict[str, Any]:
    success: dict[str, Any] = {"description": "Done." if endpoint.kind is NoneType else "The answer."}
    if endpoint.kind == list[str]:
        success["content"] = {"application/json": {"schema": {"type": "array", "items": dict(_TEXT)}}}
    elif endpoint.media and endpoint.method == "GET":
        success["content"] = {endpoint.media: {"schema": dict(_TEXT)}}
    elif endpoint.returns:
        success["content"] = {"application/json": {"schema": way.wraps(endpoint, endpoint.returns)}}
    elif endpoint.status >= 400:
        success["content"] = {"application/json": {"schema": {"$ref": f"#/components/schemas/{way.errors}"}}}
    found = {str(endpoint.status): success}
    if endpoint.also_201:
        found["201"] = success | {"description": "It was not there before; the answer."}
    for refusal in sorted(way.refusals(endpoint), key=lambda refusal: refusal.status):
        found[str(refusal.status)] = {"description": refusal.meaning, "content": dict(refusal.content)}
        if refusal.headers:
            found[str(refusal.status)]["headers"] = dict(refusal.headers)
    return found


def _schema_name(schema: Any) -> str:
    schema_class = schema if isinstance(schema, type) else type(schema)
    name = schema_class.__name__.removesuffix("Schema")
    # The faces have schemas of the same name, each its own.
    face = schema_class.__module__.split(".")[1]
    return f"{_FACES[face]}{name.removeprefix('Cloud')}" if face in _FACES else name
