"""The contract of Tempo Cloud, walked operation by operation, status by status and field by field against the server.

The contract's facts (paths, members, types, statuses) stand in ``contract_cloud.json`` and in the parts beside it, taken
from the vendor's document and not from the server; what is sent, and every excuse with its reason, in
``contract_cloud_calls.toml`` and the parts beside it. An operation is named by method and path with the variables' names
left out: ``GET /4/teams/{}/members``.
"""

import copy
import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from mock_server.access import ApiScope
from mock_server.groups import cloud_groups
from mock_server.openapi import braced, document

from .conftest import NOTHING, Answer, World

MISSING: tuple[str, ...] = ()
"""Operations of the contract that are not served yet. To be emptied: one that is served and stands here is a failure."""


def anonymous(method: str, path: str) -> str:
    """Method and path with the names of variables left out."""
    return method + " " + re.sub(r"\{\w+\}", "{}", path)


HERE = Path(__file__)
PARTS = ("contract_cloud", "contract_cloud_planning", "contract_cloud_audit")


def joined(one: Any, other: Any) -> Any:
    """Lists one behind the other, tables with the members of both; none is in both."""
    if isinstance(one, list):
        return one + other
    assert isinstance(one, dict)
    return {**one, **other} | {name: joined(one[name], other[name]) for name in one.keys() & other.keys()}


CONTRACT: dict[str, Any] = reduce(joined, (json.loads(HERE.with_name(f"{part}.json").read_bytes()) for part in PARTS))
SENT: dict[str, Any] = reduce(
    joined, (tomllib.loads(HERE.with_name(f"{part}_calls.toml").read_text(encoding="utf-8")) for part in PARTS)
)
OPERATIONS = {anonymous(operation["method"], operation["path"]): operation for operation in CONTRACT["operations"]}
WALKED = sorted(set(OPERATIONS) - set(MISSING))
SCHEMAS: dict[str, dict[str, Any]] = CONTRACT["$defs"]
NOUNS = {operation["path"].split("/")[2] for operation in OPERATIONS.values()}
TEMPO = [group for group in cloud_groups() if group.key in ("tempo_cloud", "papertrail")]
SERVED = {anonymous(served.method, group.prefix + braced(served.path)): served for group in TEMPO for served in group.endpoints}
DOCUMENT = document(TEMPO, "/")
DOCUMENTED = {
    anonymous(m.upper(), path): operation for path, found in DOCUMENT["paths"].items() for m, operation in found.items()
}
MESSAGE = {"type": "object", "properties": {"message": {"type": "string", "minLength": 1}}, "required": ["message"]}
ERRORS = {
    "type": "object",
    "properties": {"errors": {"type": "array", "minItems": 1, "items": MESSAGE}},
    "required": ["errors"],
}
FORMATS = FormatChecker(formats=())


@FORMATS.checks("int32")
def is_int32(value: Any) -> bool:
    """What is no number is told by its type."""
    return not isinstance(value, int) or -(2**31) <= value < 2**31


@FORMATS.checks("int64")
def is_int64(value: Any) -> bool:
    """What is no number is told by its type."""
    return not isinstance(value, int) or -(2**63) <= value < 2**63


@FORMATS.checks("date", raises=ValueError)
def is_day(value: Any) -> bool:
    """``yyyy-MM-dd``."""
    return len(value) == 10 and bool(date.fromisoformat(value))


def strict(schema: Any) -> Any:
    """The schema with no members allowed but those it describes; one that is one of several leaves that to them."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: strict(item) for name, item in schema.items()}
    closed = isinstance(schema.get("properties"), dict) and "oneOf" not in schema
    return found | ({"additionalProperties": False} if closed else {})


STRICT_SCHEMAS = strict(SCHEMAS)
STRICT_COMPONENTS = strict(DOCUMENT["components"])


def faults(schema: dict[str, Any], value: Any) -> list[str]:
    """What of a value the contract does not say."""
    validator = Draft202012Validator({**strict(schema), "$defs": STRICT_SCHEMAS}, format_checker=FORMATS)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def members(schema: dict[str, Any], value: Any) -> Iterator[str]:
    """The fields, as ``Schema.field``, that a value has somewhere."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        whole = SCHEMAS[name]
        for choice in whole.get("oneOf", ()):
            yield from members(choice, value) if not faults(choice, value) else ()
        for member, inner in whole.get("properties", {}).items():
            if isinstance(value, dict) and member in value:
                yield f"{name}.{member}"
                yield from members(inner, value[member])
    elif "items" in schema:
        for item in value:
            yield from members(schema["items"], item)


def fields_of(schema: dict[str, Any] | None, known: frozenset[str] = frozenset()) -> Iterator[str]:
    """Every ``Schema.field`` that a value can have somewhere."""
    if schema is None:
        return
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in known:
            for choice in SCHEMAS[name].get("oneOf", ()):
                yield from fields_of(choice, known | {name})
            for member, inner in SCHEMAS[name].get("properties", {}).items():
                yield f"{name}.{member}"
                yield from fields_of(inner, known | {name})
    elif "items" in schema:
        yield from fields_of(schema["items"], known)


class Walk:
    """A world in which everything the calls need was made through the API, and which is so again before each of them."""

    def __init__(self) -> None:
        self.world = World()
        self.saved: dict[str, int] = {}
        for step in SENT["set_up"]:
            body, path, method = self.filled(step.get("body", NOTHING)), self.filled(step["path"]), step["method"]
            if path.startswith("/4/"):
                made = self.world.cloud(method, "fred", path[3:], body)
            else:
                made = self.world.call(method, "fred" if path.startswith("/jira/") else None, path, body)
            assert made.status == step.get("status", 200), (step, made.text)
            if "saves" in step:
                shown = made.json["results"][0] if "results" in made.json else made.json
                self.saved[step["saves"]] = next(shown[n] for n in ("id", "jiraWorklogId", "tempoWorklogId") if n in shown)
        token = {"person": "fred", "name": "Teams only", "scopes": ["teams:view"]}
        self.for_teams = {"Authorization": f"Bearer {self.world.post(None, '/_mock/tokens', token).json['token']}"}
        self.world.site.take_snapshot("set up")

    def filled(self, value: Any) -> Any:
        """A value with the saved ids in place of their names; inside a text, or in braces, they are part of it."""
        if isinstance(value, dict):
            return {name: self.filled(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self.filled(item) for item in value]
        if not isinstance(value, str) or "$" not in value:
            return value
        if value.startswith("$") and value[1:] in self.saved:
            return self.saved[value[1:]]
        return re.sub(r"\$\{?(\w+)\}?", lambda found: str(self.saved[found[1]]), value)

    def send(self, name: str, call: dict[str, Any], who: str | None = "fred", **more: Any) -> Answer:
        """One call of an operation."""
        self.world.site.restore_snapshot("set up", False)
        if "settings" in call:
            assert self.world.put(None, "/_mock/settings", call["settings"]).status == 200
        method, _, path = name.partition(" ")
        for value in call.get("values", ()):
            path = path.replace("{}", quote(str(self.filled(value)), safe=""), 1)
        query = f"?{self.filled(call['query'])}" if "query" in call else ""
        if "body" in call:
            more["json"] = self.filled(call["body"])
        return self.world.tempo(method, call.get("who", who) if who else None, path + query, **more)


@pytest.fixture(scope="module")
def walk() -> Iterator[Walk]:
    """The world of this module."""
    made = Walk()
    yield made
    made.world.close()


@pytest.fixture(scope="module")
def walked(walk: Walk) -> dict[str, list[tuple[dict[str, Any], Answer]]]:
    """Every call of every operation with its answer."""
    return {name: [(call, walk.send(name, call)) for call in SENT[name]["calls"]] for name in WALKED}


def good(name: str) -> dict[str, Any]:
    """The first call of an operation that succeeds."""
    found: dict[str, Any] = next(call for call in SENT[name]["calls"] if call["status"] < 300)
    return found


every_operation = pytest.mark.parametrize("name", WALKED)


def test_contract_is_whole() -> None:
    assert len(CONTRACT["operations"]) == len(OPERATIONS) == 138
    assert {name for name in SENT if " " in name} == set(OPERATIONS)
    referred = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(CONTRACT)))
    assert referred == set(SCHEMAS)


def test_everything_of_the_contract_is_served_and_nothing_else_of_its_nouns() -> None:
    served = {name for name in SERVED if name.split("/")[2] in NOUNS}
    assert sorted(served - set(OPERATIONS)) == []
    assert sorted(set(OPERATIONS) - served - set(MISSING)) == []
    assert sorted(set(MISSING) & served) == [], "served by now: take it out of MISSING"
    assert set(MISSING) <= set(OPERATIONS)
    assert all("A" in SERVED[name].grade.split("+") for name in WALKED)


@every_operation
def test_operation_answers_every_documented_status_and_no_other(name: str, walked: Any) -> None:
    for call, answer in walked[name]:
        assert answer.status == call["status"], (call, answer.text)
    excused, beyond = set(SENT[name].get("excused", ())), set(SENT[name].get("beyond", ()))
    documented, seen = set(OPERATIONS[name]["answers"]), {str(answer.status) for _, answer in walked[name]}
    assert documented - seen == excused
    assert seen - documented == beyond


@every_operation
def test_answer_is_what_the_contract_says_field_by_field(name: str, walked: Any) -> None:
    for call, answer in walked[name]:
        schema = {**OPERATIONS[name]["answers"], **SENT[name].get("instead", {})}.get(str(answer.status))
        if answer.status >= 400:
            assert answer.headers["Content-Type"].startswith("application/json")
            assert faults(ERRORS, answer.json) == []
        elif schema is None:
            assert answer.body == b""
        else:
            assert faults(schema, answer.json) == [], call


@every_operation
def test_own_document_says_of_the_answer_what_is_true(name: str, walked: Any) -> None:
    for call, answer in walked[name]:
        response = DOCUMENTED[name]["responses"][str(answer.status)]
        if "content" in response:
            schema = response["content"][answer.headers["Content-Type"].partition(";")[0]]["schema"]
            validator = Draft202012Validator({**strict(schema), "components": STRICT_COMPONENTS})
            assert [error.message for error in validator.iter_errors(answer.json)] == [], call
        else:
            assert answer.body == b""


def test_every_documented_field_is_seen(walked: Any) -> None:
    documented: set[str] = set()
    seen: set[str] = set()
    for name in WALKED:
        for status, schema in OPERATIONS[name]["answers"].items():
            documented.update(fields_of(schema))
            for _, answer in walked[name]:
                if schema and answer.status == int(status):
                    seen.update(members(schema, answer.json))
    unseen: dict[str, str] = SENT["unseen"]
    assert sorted(documented - seen) == sorted(unseen)
    assert all(unseen.values())


@every_operation
def test_every_documented_parameter_is_read_and_sent(name: str) -> None:
    operation, served = OPERATIONS[name], SERVED[name]
    calls = [call for call in SENT[name]["calls"] if call["status"] < 300]
    read = set(served.parameters)
    if served.query_schema:
        read |= {field.data_key or attribute for attribute, field in served.query_schema.load_fields.items()}
    queries = {parameter for call in calls for parameter, _ in parse_qsl(call.get("query", ""))}
    assert set(operation.get("query", ())) <= read
    assert set(operation.get("query", ())) == queries
    assert {len(call.get("values", ())) for call in calls} == {len(operation.get("path_parameters", ()))}


@every_operation
def test_every_documented_member_of_a_body_is_sent(name: str, walk: Walk) -> None:
    body = OPERATIONS[name].get("body")
    bodies = [walk.filled(call["body"]) for call in SENT[name]["calls"] if call["status"] < 300 and "body" in call]
    assert bool(body) == bool(bodies) == (SERVED[name].body is not None)
    sent: set[str] = set()
    for one in bodies:
        assert faults(body, one) == []
        sent.update(members(body, one))
    assert sorted(set(fields_of(body)) - sent) == sorted(SENT[name].get("unsent", ()))


@pytest.mark.parametrize("name", [name for name in WALKED if OPERATIONS[name].get("body")])
def test_body_may_lack_only_what_is_not_required(name: str, walk: Walk) -> None:
    body = OPERATIONS[name]["body"]
    required = SCHEMAS[body.get("items", body)["$ref"].rpartition("/")[2]].get("required", [])
    lenient = SENT[name].get("lenient", {})
    for member in required:
        call = copy.deepcopy(good(name))
        del (call["body"][0] if "items" in body else call["body"])[member]
        answer = walk.send(name, call)
        assert (answer.status == 400) != (member in lenient), (member, answer.text)
    assert set(lenient) <= set(required)


@every_operation
def test_operation_asks_for_a_token_with_its_scope(name: str, walk: Walk) -> None:
    call = good(name)
    nobody = walk.send(name, call, None)
    assert (nobody.status, nobody.headers["Content-Type"].partition(";")[0]) == (401, "text/html")
    if SERVED[name].scope is ApiScope.PERIODS_VIEW:
        lacking = walk.send(name, call, None, headers=walk.for_teams)
    else:
        lacking = walk.send(name, call, "demo-token-without-scopes-not-a-secret")
    if SERVED[name].scope is ApiScope.ANY:
        assert lacking.status == 200
    else:
        assert (lacking.status, lacking.headers["Content-Type"].partition(";")[0]) == (403, "text/html")


def test_walk_tells_what_is_wrong() -> None:
    role = {"self": "x", "id": "1", "name": None, "default": 2**40, "colour": "red"}
    assert len(faults({"$ref": "#/$defs/Role"}, role)) == 4
    assert len(faults({"$ref": "#/$defs/Role"}, {})) == 4
    assert faults({"$ref": "#/$defs/CategoryType"}, {"name": "x"}) == []
    assert len(faults({"type": "integer", "format": "int32"}, 2**31)) == 1
    assert len(faults({"type": "string", "format": "date"}, "2013-02-30")) == 1
    assert faults({"$ref": "#/$defs/Contact"}, {"type": "EXTERNAL", "displayName": "x", "accountId": "y"}) != []
    assert sorted(members({"$ref": "#/$defs/Contact"}, {"type": "EXTERNAL", "displayName": "x"})) == [
        "Contact.type",
        "ExternalContact.displayName",
        "ExternalContact.type",
    ]
