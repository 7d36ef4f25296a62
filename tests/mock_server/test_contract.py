"""The vendor's OpenAPI document of Teams, walked operation by operation and field by field against the server.

The document's facts stand in ``contract_teams.toml``, written from the document and not from the server's schemas.
"""

import copy
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mock_server.groups import datacenter_endpoints
from mock_server.openapi import braced

CONTRACT: dict[str, Any] = tomllib.loads(Path(__file__).with_name("contract_teams.toml").read_text(encoding="utf-8"))
OPERATIONS: list[dict[str, Any]] = CONTRACT["operations"]
USES: list[dict[str, Any]] = CONTRACT["uses"]
BEANS: dict[str, dict[str, dict[str, Any]]] = CONTRACT["beans"]
BEYOND: dict[str, dict[str, str]] = CONTRACT["beyond"]
SERVED = {
    (served.method, re.sub(r"\{\w+\}", "{}", f"/rest/tempo-teams{braced(served.path)}")): served
    for served in datacenter_endpoints()
}
PLAIN: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "int32": lambda value: type(value) is int and -(2**31) <= value < 2**31,
    "int64": lambda value: type(value) is int and -(2**63) <= value < 2**63,
}
World = Any

every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda found: found["name"].replace(" ", "-"))
every_answer = pytest.mark.parametrize(
    "operation", [found for found in OPERATIONS + USES if "answers" in found], ids=lambda found: found["name"].replace(" ", "-")
)
every_body = pytest.mark.parametrize(
    "operation", [found for found in OPERATIONS if "reads" in found], ids=lambda found: found["name"].replace(" ", "-")
)


def address(operation: dict[str, Any]) -> tuple[str, str]:
    """Method and path with the variables' names left out."""
    return operation["method"], re.sub(r"\{\w+\}", "{}", operation["path"])


def call(world: World, operation: dict[str, Any], query: str = "", body: Any = None) -> Any:
    """The operation's call as fred, with a query and with another body than the operation's own."""
    asked = operation.get("ask", {})
    path = "/jira" + operation["path"].format(**asked.get("values", {})) + (f"?{query}" if query else "")
    if "reads" not in operation:
        return world.call(operation["method"], "fred", path)
    return world.call(operation["method"], "fred", path, json.loads(asked["body"]) if body is None else body)


def answers_of(make_world: Callable[..., World], operation: dict[str, Any]) -> Iterator[Any]:
    """The operation's answers, each from a new world."""
    asked = operation.get("ask", {})
    for query in asked.get("queries", [""]):
        yield call(make_world(asked.get("settings")), operation, query)


def faults(value: Any, wanted: str, where: str, seen: set[str]) -> Iterator[str]:
    """What is wrong with a value of a declared type. ``seen`` gets the fields, as ``Bean.field``, that have a value."""
    kind, _, inner = wanted.partition(" of ")
    if kind == "list" and isinstance(value, list):
        for index, item in enumerate(value):
            yield from faults(item, inner, f"{where}[{index}]", seen)
    elif kind == "map" and isinstance(value, dict):
        for name, item in value.items():
            yield from faults(item, inner, f"{where}.{name}", seen)
    elif wanted in BEANS and isinstance(value, dict):
        for name, item in value.items():
            field = BEANS[wanted].get(name)
            if field is None:
                if name not in BEYOND.get(wanted, {}):
                    yield f"{where}.{name} is in no document"
            elif item is not None:
                seen.add(f"{wanted}.{name}")
                yield from faults(item, field["type"], f"{where}.{name}", seen)
                if "enum" in field and item not in field["enum"]:
                    yield f"{where}.{name} is {item!r}, which is not declared"
            elif not field.get("nullable"):
                yield f"{where}.{name} is null"
    elif wanted not in PLAIN or not PLAIN[wanted](value):
        yield f"{where} is {value!r}, not a {wanted}"


def fields_of(bean: str, absent: dict[str, str]) -> Iterator[str]:
    """Every ``Bean.field`` an answer can have a value in."""
    for name, field in BEANS[bean].items():
        if f"{bean}.{name}" in absent or "seldom" in field:
            continue
        yield f"{bean}.{name}"
        inner = field["type"].rpartition(" of ")[2]
        if inner in BEANS:
            yield from fields_of(inner, absent)


def at(value: Any, path: str) -> Any:
    """A member of a member."""
    for name in path.split("."):
        value = value[name]
    return value


def places(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of every member of an object."""
    for name, item in value.items() if isinstance(value, dict) else ():
        yield (*path, name)
        yield from places(item, (*path, name))


def field_at(bean: str, path: tuple[str, ...]) -> dict[str, Any]:
    """The declared field at a path of a bean."""
    for name in path[:-1]:
        bean = BEANS[bean][name]["type"]
    return BEANS[bean][path[-1]]


@every_operation
def test_operation_is_served_and_says_whose_it_is(operation: dict[str, Any]) -> None:
    served = SERVED[address(operation)]
    assert "A" in served.grade.split("+")
    assert served.status == operation["served"]
    assert set(operation.get("query", {})) <= set(served.parameters)
    assert (served.body is not None) == ("reads" in operation)
    assert (served.returns is not None) == ("answers" in operation)
    assert served.many == operation.get("many", False)


def test_what_the_document_does_not_have_is_not_of_grade_a() -> None:
    declared = {address(operation) for operation in OPERATIONS}
    assert [served.name for key, served in SERVED.items() if key not in declared and "A" in served.grade.split("+")] == []


def test_document_has_nine_operations_and_whole_beans() -> None:
    assert len({address(operation) for operation in OPERATIONS}) == len(OPERATIONS) == 9
    used = {operation[key] for operation in OPERATIONS + USES for key in ("reads", "answers") if key in operation}
    types = {field["type"].rpartition(" of ")[2] for bean in BEANS.values() for field in bean.values()}
    assert types <= set(BEANS) | set(PLAIN)
    assert set(BEANS) == used | types - set(PLAIN)


@every_operation
def test_other_status_than_declared_has_a_reason(operation: dict[str, Any]) -> None:
    assert (operation["declared"] == operation["served"]) == ("why" not in operation)


@every_operation
def test_operation_answers_its_status(make_world: Callable[..., World], operation: dict[str, Any]) -> None:
    for answer in answers_of(make_world, operation):
        assert answer.status == operation["served"], answer.text
        assert bool(answer.body) == ("answers" in operation)


@every_answer
def test_answer_has_every_declared_field_with_its_type(make_world: Callable[..., World], operation: dict[str, Any]) -> None:
    seen: set[str] = set()
    bean = operation["answers"]
    for answer in answers_of(make_world, operation):
        assert answer.status == operation["served"], answer.text
        wanted = f"list of {bean}" if operation.get("many") else bean
        assert list(faults(answer.json, wanted, operation["name"], seen)) == []
    absent = operation.get("absent", {})
    assert sorted(set(fields_of(bean, absent)) - seen) == []
    assert sorted(set(absent) & seen) == []


@every_answer
def test_answer_shows_what_was_sent_and_nothing_read_only(make_world: Callable[..., World], operation: dict[str, Any]) -> None:
    for answer in answers_of(make_world, operation):
        shown = answer.json[0] if operation.get("many") else answer.json
        assert {path: at(shown, path) for path in operation.get("shows", {})} == operation.get("shows", {})


@every_body
def test_body_of_the_walk_has_every_declared_field(operation: dict[str, Any]) -> None:
    seen: set[str] = set()
    assert list(faults(json.loads(operation["ask"]["body"]), operation["reads"], "body", seen)) == []
    declared = {f"{operation['reads']}.{name}" for name in BEANS[operation["reads"]]}
    for name in {found.partition(".")[0] for found in seen} - {"User", "Program"}:
        declared |= {f"{name}.{field}" for field in BEANS[name]}
    assert sorted(declared - seen) == []


@every_body
def test_body_may_lack_what_is_not_required_or_lenient(make_world: Callable[..., World], operation: dict[str, Any]) -> None:
    whole = json.loads(operation["ask"]["body"])
    for path in places(whole):
        field = field_at(operation["reads"], path)
        if "required" not in field:
            continue
        body = copy.deepcopy(whole)
        holder = body
        for name in path[:-1]:
            holder = holder[name]
        del holder[path[-1]]
        answer = call(make_world(), operation, body=body)
        assert answer.status == (operation["served"] if "lenient" in field else 400), (path, answer.text)


@every_operation
def test_parameter_with_its_default_changes_nothing(world: World, operation: dict[str, Any]) -> None:
    plain = call(world, operation).body
    for name, parameter in operation.get("query", {}).items():
        assert call(world, operation, f"{name}={parameter['default']}").body == plain
        assert PLAIN["string"](parameter["default"])


def test_deactivate_answers_the_membership_alone_unless_told(world: World) -> None:
    answer = world.put("fred", "2/team/1/member/2/deactivate")
    seen: set[str] = set()
    assert list(faults(answer.json, "TeamMembership", "deactivate", seen)) == []
    assert sorted(set(fields_of("TeamMembership", {})) - seen) == []


def test_message_is_null_in_the_style_of_2017(make_world: Callable[..., World]) -> None:
    members = make_world({"teams.version": "2017"}).get("fred", "2/team/1/member").json
    assert {item["member"]["message"] for item in members} == {None}
    assert all("message" not in item["member"] for item in make_world().get("fred", "2/team/1/member").json)


def test_walk_tells_what_is_wrong() -> None:
    seen: set[str] = set()
    role = {"id": "1", "name": None, "default": True, "accountId": "x"}
    link = {"scopeType": "PROJECT", "scope": True}
    assert list(faults([role], "list of TeamRole", "x", seen)) == [
        "x[0].id is '1', not a int32",
        "x[0].name is null",
        "x[0].accountId is in no document",
    ]
    assert list(faults(link, "TeamLink", "x", seen)) == [
        "x.scopeType is 'PROJECT', which is not declared",
        "x.scope is True, not a int64",
    ]
    assert list(faults({"permissions": ["a"]}, "TeamPermissionGroup", "x", seen)) == [
        "x.permissions is ['a'], not a map of boolean"
    ]
    assert "TeamRole.name" not in seen
