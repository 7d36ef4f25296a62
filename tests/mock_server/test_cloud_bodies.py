"""What is wrong in a body: all of it at once, by field and by entry; blanks are no names (vendor's OpenAPI of v4)."""

from typing import Any

import pytest

BOB = "5b10a2844c20165700ede223"
FRED = "5b10a2844c20165700ede21f"
CLOUD = 10202
ENTRY = {"authorAccountId": BOB, "startDate": "2013-11-14", "timeSpentSeconds": 3600}
MISSING = "Missing data for required field."


def messages(answer: Any) -> list[str]:
    assert answer.status == 400, answer.text
    return [error["message"] for error in answer.json["errors"]]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            {},
            [f"authorAccountId: {MISSING}", f"startDate: {MISSING}", f"timeSpentSeconds: {MISSING}", "Issue id cannot be null"],
        ),
        ({**ENTRY, "startDate": None, "issueId": None}, ["startDate: Field may not be null.", "Issue id cannot be null"]),
        (ENTRY, ["Issue id cannot be null"]),
        ([], ["body: Invalid input type."]),
    ],
)
def test_everything_wrong_with_a_worklog_is_told_at_once(world: Any, body: Any, told: list[str]) -> None:
    assert messages(world.cloud("POST", "bob", "worklogs", body)) == told


def test_an_issue_id_that_is_there_and_wrong_is_told_once(world: Any) -> None:
    told = messages(world.cloud("POST", "bob", "worklogs", {**ENTRY, "issueId": "x"}))
    assert [text.partition(":")[0] for text in told] == ["issueId"]


@pytest.mark.parametrize(
    ("entries", "told"),
    [
        ([ENTRY, {}], [f"[1].{name}: {MISSING}" for name in ("authorAccountId", "startDate", "timeSpentSeconds")]),
        ([{**ENTRY, "startDate": None}, ENTRY, 5], ["[0].startDate: Field may not be null.", "[2].body: Invalid input type."]),
        ([ENTRY, {**ENTRY, "authorAccountId": "nobody"}], ["[1]: User is invalid"]),
        ([{**ENTRY, "attributes": [{"key": "_No_", "value": "1"}]}], ["[0]: Work attribute with key '_No_' not found"]),
    ],
)
def test_a_bulk_names_the_entry_that_is_wrong(world: Any, entries: Any, told: list[str]) -> None:
    before = len(world.audit())
    assert messages(world.cloud("POST", "bob", f"worklogs/issue/{CLOUD}/bulk", entries)) == told
    assert len(world.audit()) == before


def test_a_wrong_id_of_a_category_is_named(world: Any) -> None:
    assert messages(world.cloud("GET", "fred", "account-categories?id=x")) == [
        "id: must be a whole number from -2147483648 to 2147483647."
    ]


CUSTOMER = {"key": "K", "name": "N"}
ACCOUNT = {"key": "K", "name": "N", "leadAccountId": FRED, "status": "OPEN"}
ATTRIBUTE = {"key": "_K_", "name": "N", "type": "INPUT_FIELD"}


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\u00a0"])
@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("customers", CUSTOMER, "key"),
        ("customers", CUSTOMER, "name"),
        ("account-categories", CUSTOMER, "key"),
        ("account-categories", CUSTOMER, "name"),
        ("accounts", ACCOUNT, "key"),
        ("accounts", ACCOUNT, "name"),
        ("work-attributes", ATTRIBUTE, "key"),
        ("work-attributes", ATTRIBUTE, "name"),
    ],
)
def test_blanks_are_no_key_and_no_name(world: Any, path: str, body: dict[str, str], field: str, blank: str) -> None:
    before = len(world.audit())
    told = messages(world.cloud("POST", "fred", path, {**body, field: blank}))
    assert [text.partition(":")[0] for text in told] == [field]
    assert len(world.audit()) == before
    assert world.cloud("POST", "fred", path, body).status == 200
    if (path, field) != ("work-attributes", "key"):
        assert messages(world.cloud("PUT", "fred", f"{path}/{body['key']}", {**body, field: blank})) == told


@pytest.mark.parametrize("description", [None, "", " ", "\n"])
def test_a_description_that_must_be_given_is_not_of_blanks(world: Any, description: str | None) -> None:
    body = {**ENTRY, "issueId": CLOUD, "description": description}
    assert world.cloud("POST", "bob", "worklogs", body).status == 200
    assert world.put(None, "/_mock/settings", {"globalConfiguration.worklogDescriptionOptional": "off"}).status == 200
    assert messages(world.cloud("POST", "bob", "worklogs", body)) == ["Description must not be empty"]


@pytest.mark.parametrize(("length", "status"), [(0, 400), (7, 400), (8, 200), (128, 200), (129, 400)])
def test_the_secret_of_a_work_attribute_has_8_to_128_characters(world: Any, length: int, status: int) -> None:
    secret = {"clientSecret": "s" * length}
    made = world.cloud("POST", "fred", "work-attributes", {**ATTRIBUTE, **secret})
    assert made.status == status, made.text
    assert "sss" not in made.text
    world.cloud("POST", "fred", "work-attributes", ATTRIBUTE)
    assert world.cloud("PUT", "fred", "work-attributes/_K_", {**ATTRIBUTE, **secret}).status == status


def test_an_unknown_permission_is_refused_with_those_there_are(world: Any) -> None:
    body = {"name": "R", "accessType": "GLOBAL", "permissionKeys": ["worklogs:view"], "permittedAccountIds": [BOB]}
    (told,) = messages(world.cloud("POST", "fred", "permission-roles", body))
    assert told.startswith("There is no permission worklogs:view; there are ")
    assert "permissions.worklog.view" in told
    assert "permissions.team.manage" in told
