"""Whole numbers in bodies and queries of Tempo Cloud: read strictly, and a refusal names the field."""

from collections.abc import Callable
from typing import Any

import pytest
from marshmallow import fields

from mock_server.groups import cloud_endpoints

BOB = "5b10a2844c20165700ede223"
ACCOUNT = {"key": "A-1", "name": "A", "leadAccountId": BOB}
ROLE = {"name": "R", "accessType": "TEAM"}
MEMBERSHIP = {"accountId": BOB, "teamId": 3, "from": "2020-01-01"}
LINK = {"accountKey": "CLOUD-DEV", "scopeType": "PROJECT"}
ENTRY = {"authorAccountId": BOB, "issueId": 10202, "startDate": "2013-11-14", "timeSpentSeconds": 60}
WRONG = [3.7, True, False, "", "x", "3.7", " 3", "3 ", "1_0", "\N{ARABIC-INDIC DIGIT THREE}", "+3", [], {}, [3], 2**63, 1e300]
SMALL = [*WRONG, 2**31, -(2**31) - 1]

BODIES: list[tuple[str, str, dict[str, Any], bool, list[Any]]] = [
    ("accounts", "monthlyBudget", ACCOUNT, False, [*SMALL, -1]),
    ("accounts/search", "ids", {}, True, WRONG),
    ("account-links", "scopeId", LINK, False, [*SMALL, None, 0, -1]),
    ("customers/search", "ids", {}, True, SMALL),
    ("permission-roles", "accessEntityIds", ROLE, True, SMALL),
    ("team-memberships", "commitmentPercent", MEMBERSHIP, False, [*SMALL, -1, 101]),
    ("team-memberships", "roleId", MEMBERSHIP, False, SMALL),
    ("team-memberships", "teamId", MEMBERSHIP, False, [*SMALL, None]),
    ("team-memberships/search", "roleIds", {}, True, SMALL),
    ("team-memberships/search", "teamIds", {}, True, SMALL),
    ("teams", "programId", {"name": "T"}, False, [*SMALL, 0]),
    ("worklogs", "issueId", ENTRY, False, [*WRONG, 0]),
    ("worklogs", "timeSpentSeconds", ENTRY, False, [*WRONG, None, 0]),
    ("worklogs", "billableSeconds", ENTRY, False, [*WRONG, -1]),
    ("worklogs/search", "issueIds", {}, True, [*WRONG, -1]),
    ("worklogs/jira-to-tempo", "jiraWorklogIds", {}, True, [*WRONG, -1]),
    ("worklogs/tempo-to-jira", "tempoWorklogIds", {}, True, [*WRONG, -1]),
    ("worklogs/work-attribute-values/search", "tempoWorklogIds", {}, True, [*WRONG, 0]),
]
IDS = [f"{path} {field}" for path, field, *_ in BODIES]


@pytest.mark.parametrize(("path", "field", "body", "is_list", "values"), BODIES, ids=IDS)
def test_what_is_no_whole_number_is_400_and_named(
    world: Any, path: str, field: str, body: dict[str, Any], is_list: bool, values: list[Any]
) -> None:
    for value in values:
        answer = world.cloud("POST", "fred", path, {**body, field: [value] if is_list else value})
        assert answer.status == 400, (value, answer.text)
        assert any(field in error["message"] for error in answer.json["errors"]), (value, answer.text)
    assert world.audit() == []


@pytest.mark.parametrize("number", [3, "3", 3.0, "03"])
def test_numbers_may_be_sent_as_text(world: Any, number: Any) -> None:
    made = world.cloud(
        "POST", "fred", "team-memberships", {**MEMBERSHIP, "accountId": "5b10a2844c20165700ede225", "teamId": number}
    )
    assert (made.status, made.json["team"]["id"]) == (200, 3)


def test_null_is_as_good_as_left_out(world: Any) -> None:
    body = {**ACCOUNT, "monthlyBudget": None}
    assert world.cloud("POST", "fred", "accounts", body).status == 200


def every_field(made: Any, found: Callable[[str, Any], None]) -> None:
    for name, field in made.load_fields.items():
        found(name, field)
        inner = field.inner if isinstance(field, fields.List) else field
        found(name, inner)
        if isinstance(inner, fields.Nested):
            every_field(inner.schema, found)


QUERIES = [
    *((path, name) for path in ("teams", "worklogs", "accounts", "teams/3/members", "permission-roles", "work-attributes")
      for name in ("offset", "limit")),
    ("teams", "teamIds"), ("account-categories", "id"), ("worklogs", "issueId"), ("worklogs", "projectId"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "name"), QUERIES)
def test_what_is_no_whole_number_in_a_query_is_400_and_named(world: Any, path: str, name: str) -> None:
    for value in ("1_0", "%D9%A3", "%2B5", "5.0", "1e1", "0x5", "%205", "5%20", "", "true", str(2**63)):
        answer = world.cloud("GET", "fred", f"{path}?{name}={value}")
        assert answer.status == 400, (value, answer.text)
        assert any(name in error["message"] for error in answer.json["errors"]), (value, answer.text)


def test_no_body_or_query_reads_numbers_in_any_other_way() -> None:
    def check(name: str, field: Any) -> None:
        assert not isinstance(field, fields.Number), (served.name, name)

    for served in cloud_endpoints():
        for schema in (served.body_schema, served.query_schema):
            if schema is not None:
                every_field(schema, check)
