"""Endpoints say everything about themselves, and their fast writers write what marshmallow would."""

from collections.abc import Iterator
from types import ModuleType, NoneType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import INCLUDE, Schema, fields

from mock_server.access import ApiScope, Scope
from mock_server.control.app_schemas import ControlSchema
from mock_server.endpoint import Api, Endpoint, Group, endpoint, endpoints_of
from mock_server.errors import Invalid
from mock_server.groups import every_group
from mock_server.jira_cloud.search import SearchSchema
from mock_server.openapi import operation_id
from mock_server.schemas import compile_writer, load

GROUPS = every_group()
ENDPOINTS: list[tuple[Group, Endpoint]] = [(group, served) for group in GROUPS for served in group.endpoints]
EVERY = pytest.mark.parametrize(("group", "served"), ENDPOINTS, ids=[operation_id(*found) for found in ENDPOINTS])
OF_HOST = [(group, served) for group, served in ENDPOINTS if group.api is Api.HOST]
EVERY_OF_HOST = pytest.mark.parametrize(("group", "served"), OF_HOST, ids=[operation_id(*found) for found in OF_HOST])
OF_CLOUD = [(group, served) for group, served in ENDPOINTS if group.api is not Api.HOST]
SCHEMAS = sorted({served.returns for _, served in ENDPOINTS if served.returns}, key=lambda schema: schema.__qualname__)
BODIES = sorted({served.body for _, served in ENDPOINTS if served.body}, key=lambda schema: schema.__qualname__)
GRADES = {"A", "D", "O", "T", "C", "I"}
SAMPLES = {"id": "3", "string": "bob", "default": "bob"}
"""Converter of a path variable -> a value."""

TEXT = st.text(max_size=8)
SCALARS = {
    fields.Integer: st.integers(-(2**40), 2**40),
    fields.Float: st.floats(allow_nan=False, allow_infinity=False),
    fields.Boolean: st.booleans(),
    fields.String: TEXT,
    fields.Dict: st.dictionaries(TEXT, st.none() | TEXT | st.integers() | st.lists(TEXT, max_size=2), max_size=3),
    # What has no shape of its own, such as a rich text.
    fields.Raw: TEXT | st.dictionaries(TEXT, st.lists(TEXT, max_size=2), max_size=2),
}


def values_of(field: fields.Field[Any]) -> st.SearchStrategy[Any]:
    """Values of the type that a field declares."""
    if isinstance(field, fields.List):
        return st.lists(values_of(field.inner), max_size=3)
    if isinstance(field, fields.Nested):
        one = objects_of(field.schema)
        return st.lists(one, max_size=3) if field.many else one
    if isinstance(field, fields.Dict) and field.value_field is not None:
        return st.dictionaries(TEXT, values_of(field.value_field), max_size=3)
    for kind, strategy in SCALARS.items():
        if isinstance(field, kind):
            return strategy
    raise AssertionError(f"no values for {field!r}: teach this test the new kind of field")


def objects_of(schema: Schema) -> st.SearchStrategy[dict[str, Any]]:
    """Values of a schema: every key may be absent, and every value but those in lists may be None."""
    every = {name: st.none() | values_of(field) for name, field in schema.dump_fields.items()}
    # In place of an absent key with such a name, marshmallow takes the method of the dictionary.
    always = {name: strategy for name, strategy in every.items() if hasattr(dict, name)}
    return st.fixed_dictionaries(always, optional={name: strategy for name, strategy in every.items() if name not in always})


@pytest.mark.parametrize("schema_class", SCHEMAS, ids=lambda schema: schema.__name__)
@settings(derandomize=True, deadline=None, database=None, max_examples=25)
@given(data=st.data())
def test_fast_writer_writes_what_marshmallow_dumps(schema_class: type[Schema], data: st.DataObject) -> None:
    schema = schema_class()
    value = data.draw(objects_of(schema))
    written = compile_writer(schema)(value)
    dumped = schema.dump(value)
    assert written == dumped
    assert list(written) == list(dumped)


@pytest.mark.parametrize("schema_class", [*SCHEMAS, *BODIES], ids=lambda schema: schema.__name__)
def test_schema_uses_each_wire_name_once(schema_class: type[Schema]) -> None:
    for schema in nested(schema_class()):
        names = [field.data_key or name for name, field in schema.fields.items()]
        assert len(names) == len(set(names))
        assert schema.__doc__


def nested(schema: Schema) -> Iterator[Schema]:
    """The schema and those inside it."""
    yield schema
    for field in schema.fields.values():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            yield from nested(inner.schema)


def outcome(schema: Schema, body: dict[str, Any]) -> object:
    """What a body is read as, or the texts it is refused with."""
    try:
        return load(schema, body)
    except Invalid as refused:
        return refused.fields


@pytest.mark.parametrize("schema_class", BODIES, ids=lambda schema: schema.__name__)
def test_body_ignores_what_it_does_not_know(schema_class: type[Schema]) -> None:
    schema = schema_class()
    if schema_class.Meta.unknown == INCLUDE:
        # Jira refuses a worklog with members it does not know, in words of the view.
        assert "colour" in outcome(schema, {"colour": "red"})  # type: ignore[operator]
        return
    if schema_class is SearchSchema or issubclass(schema_class, ControlSchema):
        # Jira Cloud refuses a search with members it does not know, and this fake every body of its own.
        assert outcome(schema, {"colour": "red"})["colour"] == "Unknown field."  # type: ignore[index]
        return
    required = {"name": "x", "ids": [3], "scope": 1, "scopeType": "project", "teamId": 3}
    known = {field.data_key or name for name, field in schema.fields.items()}
    body = {name: value for name, value in required.items() if name in known}
    assert outcome(schema, {**body, "colour": "red"}) == outcome(schema, body)


@EVERY
def test_endpoint_says_everything_about_itself(group: Group, served: Endpoint) -> None:
    assert isinstance(served.scope, ApiScope if group.api is Api.TEMPO_CLOUD else Scope)
    assert served.grade
    assert set(served.grade.split("+")) <= GRADES
    assert served.source.strip()
    assert served.summary
    assert not served.summary.endswith(".")
    assert served.path.startswith("/")
    assert not served.path.endswith("/")
    assert served.method in ("GET", "POST", "PUT", "DELETE", "PATCH")
    assert served.body is None or served.method in ("POST", "PUT", "DELETE")
    # Creations of Tempo answer 200; of what is made by Jira, comments and worklogs answer 201.
    assert served.status in (200, 204) or (served.status in (201, 202, 410) and group.api is not Api.TEMPO_CLOUD)
    # Without a schema the annotation tells: nothing at all, or a list of texts.
    assert (served.returns is None) == (served.status not in (200, 201, 202) or served.kind in (NoneType, list[str], bytes))
    assert served.kind is not NoneType or (served.returns is None and served.method != "GET") or served.status >= 400
    assert "<" not in served.path or served.loads is not None or group.key != "tempo_teams"


def test_no_two_endpoints_share_an_address_or_a_name() -> None:
    prefixes = {"/jira/rest/tempo-teams", "/jira/rest/api/2", "/jira/rest/auth/1", "/4", "/rest/api/3"}
    assert {group.prefix for group in GROUPS} >= prefixes
    assert len({group.key for group in GROUPS}) == len({group.title for group in GROUPS}) == len(GROUPS)
    for group in GROUPS:
        assert group.endpoints
        assert len({served.name for served in group.endpoints}) == len(group.endpoints), group.title
        assert len({(served.method, served.path) for served in group.endpoints}) == len(group.endpoints), group.title


def address(group: Group, served: Endpoint) -> str:
    """The endpoint's path with samples for the variables."""
    path = ""
    for part in served.path.split("<"):
        variable, closing, rest = part.partition(">")
        path += SAMPLES[variable.partition(":")[0] if ":" in variable else "default"] + rest if closing else part
    return group.prefix + path


@EVERY_OF_HOST
def test_endpoint_is_closed_to_nobody_unless_it_says_so(world: Any, group: Group, served: Endpoint) -> None:
    answer = world.call(served.method, None, address(group, served), body=b"{}")
    if served.scope is Scope.ANYBODY:
        assert answer.status != 403
        assert answer.status != 401 or served.name == "log_in"
    else:
        assert answer.status == 401
        assert answer.json["message"] == "Client must be authenticated to access this resource."
    assert world.audit() == []


@EVERY_OF_HOST
def test_endpoint_is_closed_to_whoever_lacks_its_permission(world: Any, group: Group, served: Endpoint) -> None:
    answer = world.call(served.method, "greta", address(group, served), body=b"{}")
    if served.scope not in (Scope.ANYBODY, Scope.LOGGED_IN):
        # 404 where the samples name nothing that exists: that comes first.
        assert answer.status in (403, 404)
        assert answer.fields == {}
        assert world.audit() == []
    assert answer.status < 500


def test_endpoints_of_cloud_are_closed_to_nobody_unless_they_say_so(world: Any) -> None:
    for group, served in OF_CLOUD:
        answer = world.call(served.method, None, address(group, served), body=b"{}")
        assert (answer.status == 401) == (served.scope is not Scope.ANYBODY), (served.name, answer.text)
    assert world.audit() == []


def test_endpoints_are_found_in_the_order_they_are_written() -> None:
    def view() -> None:
        """A view"""

    module = ModuleType("faces")
    first, second = (endpoint("GET", path, scope=Scope.LOGGED_IN, grade="I", source="this test")(view) for path in ("/b", "/a"))
    vars(module).update(zeta=first, other=3, alpha=second)
    assert [served.path for served in endpoints_of([module])] == ["/b", "/a"]
