"""The OpenAPI document: valid, complete, and true of what is answered."""

import copy
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from mock_server.access import Scope
from mock_server.config import Options
from mock_server.documents import GRADES
from mock_server.endpoint import Api
from mock_server.faces import (
    cloud_face,
    control_face,
    extension_face,
    jira_cloud_face,
    jira_face,
    oauth_face,
    papertrail_face,
    tempo_face,
)
from mock_server.groups import every_group
from mock_server.openapi import braced, document

DOCUMENT = document(every_group(), "/")
OPERATIONS: dict[tuple[str, str], dict[str, Any]] = {
    (method.upper(), path): operation for path, found in DOCUMENT["paths"].items() for method, operation in found.items()
}
SERVED = {
    (endpoint.method, group.prefix + braced(endpoint.path)): endpoint for group in every_group() for endpoint in group.endpoints
}
APIS = {
    (endpoint.method, group.prefix + braced(endpoint.path)): group.api
    for group in every_group()
    for endpoint in group.endpoints
}
SCHEMES = {
    Api.HOST: {"basic", "personalAccessToken"}, Api.TEMPO_CLOUD: {"tempoToken"}, Api.JIRA_CLOUD: {"jiraApiToken"},
    Api.OAUTH: {"oauthClient"}, Api.CONTROL: {"basic", "tempoToken"},
}  # fmt: skip
KNOWN = {
    "team_id": 1, "member_id": 2, "membership_id": 2, "role_id": 4, "program_id": 2, "link_id": 4, "board_id": 85,
    "scope_type": "project", "scope": 10011, "key": "tempo.teams.browse.team", "user_name": "laura", "id_or_key": "SAFE",
    "worklog_id": 10002,
}  # fmt: skip
"""Variable of a path -> a value that exists in the scenario guide."""

QUERIES = {
    "/jira/rest/tempo-teams/2/team": ["", "expand=teamprogram,leaduser"],
    "/jira/rest/tempo-teams/2/team/{team_id}/member": ["", "type=group", "onlyActive=true"],
    "/jira/rest/api/2/myself": ["", "expand=groups,applicationRoles"],
    "/jira/rest/api/2/user": ["username=bob", "key=JIRAUSER10100&expand=groups"],
    "/jira/rest/api/2/user/search": ["username=.&includeInactive=true"],
    "/jira/rest/api/2/group/member": ["groupname=cloud-dev-user", "groupname=cloud-dev-user&maxResults=1"],
    "/jira/rest/agile/1.0/board": ["", "maxResults=1"],
}
"""Path -> the queries to ask it with; without any otherwise."""

REFUSALS = [
    ("GET", None, "/jira/rest/tempo-teams/2/team", 401),
    ("GET", "greta", "/jira/rest/tempo-teams/2/team/1", 403),
    ("GET", "fred", "/jira/rest/tempo-teams/2/team/99", 404),
    ("GET", "fred", "/jira/rest/tempo-teams/2/team/0", 404),
    ("POST", "fred", "/jira/rest/tempo-teams/2/team", 400),
    ("GET", "fred", "/jira/rest/api/2/user?username=nobody", 404),
    ("GET", "fred", "/jira/rest/api/2/user/search", 400),
    ("POST", None, "/jira/rest/auth/1/session", 401),
]
World = Any
every_operation = pytest.mark.parametrize("key", OPERATIONS, ids=lambda key: f"{key[0]} {key[1]}")
every_get_of_host = pytest.mark.parametrize(
    "path", [path for (method, path), api in APIS.items() if (method, api) == ("GET", Api.HOST)]
)


def strict(schema: Any) -> Any:
    """The schema with no members allowed but those it describes."""
    if isinstance(schema, list):
        return [strict(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: strict(item) for name, item in schema.items()}
    return found | ({"additionalProperties": False} if isinstance(schema.get("properties"), dict) else {})


def faults(shown: dict[str, Any], key: tuple[str, str], answer: Any) -> list[str]:
    """What of an answer the document does not say."""
    response = shown["paths"][key[1]][key[0].lower()]["responses"].get(str(answer.status))
    if response is None:
        return [f"the status {answer.status} is not in the document"]
    if "content" not in response:
        return ["a body where the document has none"] if answer.body else []
    media_type = answer.headers["Content-Type"].partition(";")[0]
    if media_type not in response["content"]:
        return [f"{media_type} is not in the document"]
    schema = response["content"][media_type]["schema"] | {"components": shown["components"]}
    validator = Draft202012Validator(strict(schema))
    shown_body = answer.json if media_type == "application/json" else answer.text
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(shown_body)]


def asked(path: str) -> Iterator[str]:
    """The addresses to read a path by."""
    known = {**KNOWN, "id_or_key": "CLOUD-3"} if "/issue/" in path else KNOWN
    filled = re.sub(r"\{(\w+)\}", lambda found: quote(str(known[found[1]])), path)
    for query in QUERIES.get(path, [""]):
        yield filled + (f"?{query}" if query else "")


def test_document_is_valid() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    assert [error.message for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []


def test_validator_would_tell_a_damaged_document() -> None:
    damaged = copy.deepcopy(DOCUMENT)
    del damaged["paths"]["/jira/rest/tempo-teams/2/team/{team_id}"]["get"]["parameters"]
    assert list(OpenAPIV31SpecValidator(damaged).iter_errors())


def test_every_route_of_the_vendors_and_of_apps_and_staff_is_in_the_document_once(world: World) -> None:
    control = control_face(world.application.worlds, Options())
    routes = [
        (method, braced(rule.rule))
        for face in (
            tempo_face(),
            jira_face(),
            cloud_face(),
            papertrail_face(),
            extension_face(),
            oauth_face(),
            jira_cloud_face("/rest/api/3"),
            control,
        )
        for rule in face.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if not rule.rule.startswith("/jira/secure/")
        and (not rule.rule.startswith("/_mock") or rule.rule.split("/")[2] in ("apps", "staff", "providers"))
    ]
    assert sorted(routes) == sorted(OPERATIONS)
    assert len(SERVED) == len(routes)


def test_no_two_operations_have_one_name_or_one_place() -> None:
    names = [operation["operationId"] for operation in OPERATIONS.values()]
    assert len(set(names)) == len(names)
    # Paths that differ in the names of their variables only are the same path.
    paths = [re.sub(r"\{\w+\}", "{}", path) for path in DOCUMENT["paths"]]
    assert len(set(paths)) == len(paths)
    assert {tag["name"] for tag in DOCUMENT["tags"]} == {operation["tags"][0] for operation in OPERATIONS.values()}


@every_operation
def test_operation_says_how_well_it_is_known_and_who_may_call_it(key: tuple[str, str]) -> None:
    operation, served = OPERATIONS[key], SERVED[key]
    assert operation["x-grade"] == served.grade
    assert set(operation["x-grade"].split("+")) <= set(GRADES)
    assert operation["x-source"]
    assert operation["summary"]
    named = {name for requirement in operation["security"] for name in requirement}
    assert named == SCHEMES[APIS[key]]
    assert named <= set(DOCUMENT["components"]["securitySchemes"])
    assert ({} in operation["security"]) == (served.scope is Scope.ANYBODY)
    assert served.scope.value in operation["description"]


@every_operation
def test_operation_declares_its_parameters_and_its_body(key: tuple[str, str]) -> None:
    operation, served = OPERATIONS[key], SERVED[key]
    declared = [(parameter["in"], parameter["name"]) for parameter in operation.get("parameters", ())]
    in_path = [("path", name) for name in re.findall(r"\{(\w+)\}", key[1])]
    read = [field.data_key or name for name, field in served.query().load_fields.items()] if served.query else served.parameters
    assert declared == in_path + [("query", name) for name in read]
    assert ("requestBody" in operation) == (served.body is not None or (served.media != "" and served.method != "GET"))
    assert str(served.status) in operation["responses"]
    assert all("content" in found for status, found in operation["responses"].items() if status not in ("200", "204"))


@every_get_of_host
@pytest.mark.parametrize("version", ["2.0.6", "2.0.7", "2017", "current"])
def test_answer_holds_what_the_document_describes_and_nothing_else(
    make_world: Callable[..., World], path: str, version: str
) -> None:
    world = make_world({"teams.version": version, "teams.programName": "on"})
    for address in asked(path):
        answer = world.get("fred", address)
        assert answer.status == 200, (address, answer.text)
        assert faults(DOCUMENT, ("GET", path), answer) == [], address


@pytest.mark.parametrize(("method", "who", "path", "status"), REFUSALS)
def test_refusal_holds_what_the_document_describes(world: World, method: str, who: str | None, path: str, status: int) -> None:
    answer = world.call(method, who, path, body=b"{}" if method == "POST" else None)
    assert answer.status == status
    template = re.sub(r"/team/\d+", "/team/{team_id}", path.partition("?")[0])
    assert faults(DOCUMENT, (method, template), answer) == []


NO_SCOPES = "demo-token-without-scopes-not-a-secret"
REFUSALS_OF_TEMPO = [
    ({}, None, "GET", "/4/worklogs", None, 401),
    ({"cloud.refusals": "json"}, None, "GET", "/4/worklogs", None, 401),
    ({}, NO_SCOPES, "GET", "/4/teams/{team_id}", None, 403),
    ({"cloud.refusals": "json"}, NO_SCOPES, "GET", "/4/teams/{team_id}", None, 403),
    ({}, "greta", "POST", "/4/roles", b'{"name": "x"}', 403),
    ({}, "fred", "GET", "/4/worklogs/issue/{issue_id}", None, 404),
    ({}, "fred", "POST", "/4/worklogs", b"[]", 400),
    ({}, "fred", "POST", "/4/worklogs", b" " * (1024 * 1024 + 1), 413),
]


@pytest.mark.parametrize(("chosen", "who", "method", "path", "body", "status"), REFUSALS_OF_TEMPO)
def test_refusal_of_tempo_cloud_holds_what_the_document_describes(
    make_world: Callable[..., World], chosen: dict[str, str], who: str | None, method: str, path: str, body: Any, status: int
) -> None:
    answer = make_world(chosen).cloud(method, who, path[3:].format(team_id=1, issue_id=99999), body=body)
    assert answer.status == status
    assert faults(DOCUMENT, (method, path), answer) == []


def test_too_many_requests_are_in_the_document(make_world: Callable[..., World]) -> None:
    limited = make_world({"cloud.rateLimit": "on"})
    answers = [limited.cloud("GET", "fred", "roles") for _ in range(20)]
    assert answers[-1].status == 429
    assert faults(DOCUMENT, ("GET", "/4/roles"), answers[-1]) == []
    headers = DOCUMENT["paths"]["/4/roles"]["get"]["responses"]["429"]["headers"]
    assert all(answers[-1].headers[name] for name in headers)


OF_JIRA_CLOUD = [
    ("fred", "/rest/api/3/myself", "?expand=groups,applicationRoles", 200),
    ("fred", "/rest/api/3/user", "?accountId=5b10a2844c20165700ede223", 200),
    ("fred", "/rest/api/3/user/search", "?query=b", 200),
    ("fred", "/rest/api/3/users/search", "", 200),
    ("fred", "/rest/api/3/user/bulk", "?accountId=5b10a2844c20165700ede223", 200),
    ("fred", "/rest/api/3/project", "", 200),
    ("fred", "/rest/api/3/project/search", "?maxResults=1", 200),
    ("fred", "/rest/api/3/project/{id_or_key}", "", 200),
    ("fred", "/rest/api/3/search/jql", "?jql=project=SAFE&fields=*all", 200),
    ("fred", "/rest/api/3/mypermissions", "?permissions=BROWSE_PROJECTS", 200),
    (None, "/rest/api/3/serverInfo", "", 200),
    ("fred", "/rest/api/3/search", "", 410),
    ("fred", "/rest/api/3/search/jql", "", 400),
    (None, "/rest/api/3/myself", "", 401),
    ("bob", "/rest/api/3/users/search", "", 403),
    ("fred", "/rest/api/3/user", "?accountId=nobody", 404),
]


@pytest.mark.parametrize(("who", "path", "query", "status"), OF_JIRA_CLOUD)
def test_answer_of_jira_cloud_holds_what_the_document_describes(
    jira_cloud: Any, who: str | None, path: str, query: str, status: int
) -> None:
    answer = jira_cloud.get(who, path.format(**KNOWN) + query)
    assert answer.status == status, answer.text
    assert faults(DOCUMENT, ("GET", path), answer) == []


def test_false_document_is_found_out(world: World) -> None:
    damaged = copy.deepcopy(DOCUMENT)
    team = damaged["components"]["schemas"]["Team"]["properties"]
    team["id"] = {"type": "string"}
    del team["mission"]
    answer = world.get("fred", "2/team/1")
    told = faults(damaged, ("GET", "/jira/rest/tempo-teams/2/team/{team_id}"), answer)
    assert len(told) == 2
    assert any("'mission' was unexpected" in fault for fault in told)
    assert any(fault.startswith("$.id: 1 is not of type 'string'") for fault in told)


def test_document_is_served_with_the_address_of_its_world(world: World) -> None:
    world.post(None, "/_mock/sites", {"name": "mine"})
    for address in ("/_mock/openapi.json", "/_mock/api/openapi.json", "/jira/plugins/servlet/restbrowser/openapi.json"):
        for prefix in ("", "/sites/mine"):
            answer = world.get(None, prefix + address)
            assert answer.status == 200
            assert answer.headers["Content-Type"] == "application/json"
            assert answer.json == json.loads(json.dumps(DOCUMENT)) | {"servers": [{"url": prefix or "/"}]}
