"""Schemathesis reads the OpenAPI document and tries what it says, and what it forbids: no defect, no answer it leaves out.

Examples are the same in every run, each against a world as it was seeded; raise ``EXAMPLES`` to look further.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from werkzeug.test import Client

from mock_server.app import Application, create_application
from mock_server.config import Options
from mock_server.domain.logins import hash_token
from mock_server.endpoint import Api
from mock_server.groups import every_group
from mock_server.moments import parse_moment
from mock_server.openapi import braced

from .conftest import basic

EXAMPLES = 40
FRED = "5b10a2844c20165700ede21f"
VIEWER = "technical-user"
TOKENS = {"fred": "demo-token-of-fred-not-a-secret", VIEWER: "demo-token-of-viewer-not-a-secret"}
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
KNOWN = {
    "team_id": 1, "member_id": 2, "membership_id": 2, "role_id": 4, "program_id": 2, "link_id": 4, "board_id": 85,
    "scope_type": "project", "scope": 10011, "key": "tempo.teams.browse.team", "user_name": "laura", "id_or_key": "SAFE",
    "permission_role_id": 2, "account_id": "5b10a2844c20165700ede223", "account_key": "CLOUD-DEV",
    "issue_id": 10202, "project_id": 10010, "plan_id": 101, "scheme_id": 1, "holiday_id": 1, "resource_id": 1,
    "day": "2013-11-22", "comment_id": 1, "provider": "gitlab", "login": "bob",
}  # fmt: skip
"""Variable of a path -> a value that exists in the snapshot each request begins with; 1 for any other."""

IN_JIRA = {"worklog_id": 11002}
"""What is called the same in Jira and is another id."""

KNOWN_THERE = {"/_mock/providers/{provider}/keys": {"key_id": 2},
               "/4/holiday-schemes/": {"scheme_id": 2, "holiday_id": 1},
               "/4/accounts/": {"id_or_key": "CLOUD-DEV"}, "/4/customers/": {"id_or_key": "2"},
               "/4/account-categories/": {"key": "DEV"}, "/4/work-attributes/": {"key": "_Try_"},
               "/4/worklogs/": {"key": "_Try_"}, "/4/teams/{team_id}/generic-resources/": {"team_id": 3},
               "/rest/api/3/issue/": {"id_or_key": "CLOUD-3"}, "/jira/rest/api/2/issue/": {"id_or_key": "CLOUD-3"}}  # fmt: skip
"""Beginning of a path -> values that exist there."""

PLANNED = (
    ("/4/permission-roles", {"name": "Planners of all", "accessType": "GLOBAL", "permittedAccountIds": [FRED],
                             "permissionKeys": [f"permissions.plan.{verb}" for verb in ("view", "manage", "approve")]}),
    ("/4/plans", {"assigneeId": KNOWN["account_id"], "assigneeType": "USER", "planItemId": "10240", "planItemType": "ISSUE",
                  "startDate": "2013-11-21", "endDate": "2013-11-26", "plannedSecondsPerDay": 3600,
                  "planApproval": {"reviewerId": FRED}}),
)  # fmt: skip

OPERATIONS = [
    (group.api, endpoint.method, group.prefix + braced(endpoint.path))
    for group in every_group()
    for endpoint in group.endpoints
]
CALLERS = {
    Api.HOST: ("fred", None), Api.TEMPO_CLOUD: ("fred", VIEWER, None), Api.JIRA_CLOUD: ("fred", VIEWER, None),
    Api.OAUTH: ("client", None), Api.CONTROL: ("fred", "greta", None),
}  # fmt: skip
CLIENT = ("a-client-of-this-test", "its-secret-which-is-none")
CASES = [(api, method, path, who) for api, method, path in OPERATIONS for who in CALLERS[api]]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def application() -> Iterator[Application]:
    """The scenario guide on the day of the guide's lists."""
    made, _ = create_application(Options(clock=parse_moment("2013-11-15"), quiet=True))
    made.sites.default.clock.freeze()
    yield made
    made.close()


@pytest.fixture(scope="module")
def worklog_id(application: Application) -> int:
    """A worklog of fred's with a work attribute, in the snapshot that every request begins with; so is a plan of bob's, whom
    fred plans for and approves."""
    client = Client(application)
    head = {"Authorization": login(Api.TEMPO_CLOUD, "fred")}
    attribute = {"key": "_Try_", "name": "Try", "type": "INPUT_FIELD"}
    assert client.post("/4/work-attributes", json=attribute, headers=head).status_code == 200
    worklog = {"authorAccountId": FRED, "issueId": 10202, "startDate": "2013-11-14", "timeSpentSeconds": 60,
               "attributes": [{"key": "_Try_", "value": "Kiel"}]}  # fmt: skip
    made = client.post("/4/worklogs", json=worklog, headers=head)
    assert made.status_code == 200, made.text
    approval = {"globalConfiguration.planApprovalEnabled": "on"}
    assert client.put("/_mock/settings", json=approval).status_code == 200
    for path, body in PLANNED:
        answer = client.post(path, json=body, headers=head)
        assert answer.status_code == 200, answer.text
    paragraph = {"type": "paragraph", "content": [{"type": "text", "text": "Look"}]}
    comment = {"body": {"type": "doc", "version": 1, "content": [paragraph]}}
    head = {"Authorization": login(Api.JIRA_CLOUD, "fred")}
    answer = client.post("/rest/api/3/issue/CLOUD-3/comment", json=comment, headers=head)
    assert (answer.status_code, answer.json.get("id")) == (201, str(KNOWN["comment_id"])), answer.text
    logged = {"started": "2013-11-14T09:00:00.000+0000", "timeSpentSeconds": 60}
    answer = client.post("/rest/api/3/issue/CLOUD-3/worklog", json=logged, headers=head)
    assert (answer.status_code, answer.json.get("id")) == (201, str(IN_JIRA["worklog_id"])), answer.text
    run = {"provider": "gitlab", "accountIds": [FRED]}
    assert client.post("/_mock/staff/connect", json=run, headers={"Authorization": basic("fred")}).json["id"] == 1
    assert application.sites.jobs.wait(60)
    store = application.sites.default.store
    with store.transaction():
        client = {"client_id": CLIENT[0], "secret_hash": hash_token(CLIENT[1]), "client_type": "confidential"}
        store.insert_row("oauth_applications", name="Client", redirect_uris="http://h/", scopes="", created_at="", **client)
    application.sites.default.take_snapshot("begun")
    found: int = made.json["tempoWorklogId"]
    return found


@pytest.fixture(scope="module")
def api(application: Application) -> Any:
    """What Schemathesis reads in the document."""
    return schemathesis.openapi.from_wsgi("/_mock/openapi.json", application, config=SchemathesisConfig())


def login(api: Api, who: str) -> str:
    """The value of an Authorization header."""
    if api in (Api.HOST, Api.CONTROL):
        return basic(who)
    if api is Api.TEMPO_CLOUD:
        return f"Bearer {TOKENS[who]}"
    if api is Api.OAUTH:
        return basic(*CLIENT)
    return basic(f"{who}@example.org", f"demo-jira-token-of-{who}-not-a-secret")


def cases(operation: Any, worklog_id: int) -> st.SearchStrategy[Any]:
    """Requests as the document wants them, of things that exist and of others, and such as it forbids."""
    there = next((values for begin, values in KNOWN_THERE.items() if operation.path.startswith(begin)), {})
    if operation.path == "/4/accounts/{id_or_key}" and operation.method == "get":
        there = {"id_or_key": "1"}
    if operation.path == "/4/customers/{id_or_key}" and operation.method != "get":
        there = {"id_or_key": "HARBOUR"}
    of_jira = IN_JIRA if "/rest/api/" in operation.path else {}
    values = {**KNOWN, "worklog_id": worklog_id, **of_jira, **there}
    known = {parameter.name: values.get(parameter.name, 1) for parameter in operation.path_parameters}
    fitting = {"path_parameters": known} if known else {}
    found = [operation.as_strategy(generation_mode=GenerationMode.POSITIVE, **fitting)]
    if known:
        found.append(operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    if operation.body or operation.query:
        # A path it forbids would lead elsewhere: to a list, or to nothing.
        found.append(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE, **fitting))
    return st.one_of(found)


def test_every_operation_is_tried(api: Any) -> None:
    found = [result.ok() for result in api.get_all_operations()]
    shown = sorted((operation.method.upper(), operation.path) for operation in found)
    assert shown == sorted((method, path) for _, method, path in OPERATIONS)


@pytest.mark.parametrize(("of", "method", "path", "who"), CASES)
def test_operation_answers_as_documented(
    application: Application, api: Any, worklog_id: int, of: Api, method: str, path: str, who: str | None
) -> None:
    operation = api[path][method]
    site = application.sites.default
    answered: Counter[int] = Counter()

    @settings(
        derandomize=True,
        deadline=None,
        database=None,
        max_examples={"fred": EXAMPLES, VIEWER: EXAMPLES // 2}.get(who or "", EXAMPLES // 4),
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases(operation, worklog_id))
    def try_case(case: Any) -> None:
        site.restore_snapshot("begun", False)
        response = case.call(headers={"Authorization": login(of, who)} if who else None)
        answered[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    try_case()
    assert answered
    if who == "fred" and operation.path_parameters:
        assert set(answered) - {404}, "nothing that exists was asked for"
