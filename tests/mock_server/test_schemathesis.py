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

from mock_server.app import Application, create_application
from mock_server.config import Options
from mock_server.faces import groups
from mock_server.moments import parse_moment
from mock_server.openapi import braced

EXAMPLES = 40
FRED = "Basic ZnJlZDpmcmVk"
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
}  # fmt: skip
"""Variable of a path -> a value that exists in the scenario guide."""

OPERATIONS = [(endpoint.method, group.prefix + braced(endpoint.path)) for group in groups() for endpoint in group.endpoints]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def application() -> Iterator[Application]:
    """The scenario guide on the day of the guide's lists."""
    made, _ = create_application(Options(clock=parse_moment("2013-11-15"), quiet=True))
    made.sites.default.clock.freeze()
    yield made
    made.close()


@pytest.fixture(scope="module")
def api(application: Application) -> Any:
    """What Schemathesis reads in the document."""
    return schemathesis.openapi.from_wsgi("/_mock/openapi.json", application, config=SchemathesisConfig())


def cases(operation: Any) -> st.SearchStrategy[Any]:
    """Requests as the document wants them, of things that exist and of others, and such as it forbids."""
    known = {parameter.name: KNOWN[parameter.name] for parameter in operation.path_parameters}
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
    assert sorted((operation.method.upper(), operation.path) for operation in found) == sorted(OPERATIONS)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
@pytest.mark.parametrize("who", ["fred", "whoever"])
def test_operation_answers_as_documented(application: Application, api: Any, method: str, path: str, who: str) -> None:
    operation = api[path][method]
    answered: Counter[int] = Counter()

    @settings(
        derandomize=True,
        deadline=None,
        database=None,
        max_examples=EXAMPLES if who == "fred" else EXAMPLES // 4,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases(operation))
    def try_case(case: Any) -> None:
        application.worlds.reset(application.sites.default, False)
        response = case.call(headers={"Authorization": FRED} if who == "fred" else None)
        answered[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    try_case()
    assert answered
    if who == "fred" and operation.path_parameters:
        assert set(answered) - {404}, "nothing that exists was asked for"
