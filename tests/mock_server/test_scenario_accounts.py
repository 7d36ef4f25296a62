"""Accounts in scenarios: what is refused, what a world written out says, and accounts that worklogs are booked on."""

import json
from pathlib import Path
from typing import Any

import pytest

from mock_server import scenario
from mock_server.errors import Unusable
from mock_server.storage.store import Author

GUIDE = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(scenario.find("guide").glob("*.json"))}
ACCOUNT = {"key": "X", "name": "X"}
READS = (
    *(f"accounts/{number}" for number in range(1, 9)),
    *("accounts?limit=3", "customers", "account-categories", "customers/2/accounts", "account-links/6"),
    *(f"account-links/project/{project}?includeGlobalAccounts=true" for project in (10010, 10011)),
    "accounts/INTERNAL/links",
)


@pytest.mark.parametrize(
    ("noun", "entry", "words"),
    [
        ("accounts", {"key": "INTERNAL", "name": "X"}, ("accounts.json, entry 7", "INTERNAL", "entry 4")),
        ("accounts", {**ACCOUNT, "id": 1}, ("id 1",)),
        ("accounts", {**ACCOUNT, "key": "a b"}, ("key",)),
        ("accounts", {**ACCOUNT, "status": "open"}, ("status",)),
        ("accounts", {**ACCOUNT, "monthly_budget": -1}, ("monthly_budget",)),
        ("accounts", {**ACCOUNT, "lead": "nobody"}, ("lead", "nobody", "people")),
        ("accounts", {**ACCOUNT, "contact": "nobody"}, ("contact", "nobody")),
        ("accounts", {**ACCOUNT, "category": "dev"}, ("category", "dev", "account categories")),
        ("accounts", {**ACCOUNT, "customer": "none"}, ("customer", "none", "customers")),
        ("accounts", {**ACCOUNT, "contact": "bob", "external_contact": "Y"}, ("contact or external_contact",)),
        ("customers", {"key": "MUSEUM", "name": "X"}, ("MUSEUM", "entry 3")),
        ("account_categories", {"key": "X", "name": "X", "type": "FREE"}, ("type",)),
        ("account_links", {"account": "none", "project": "CLOUD"}, ("account", "none")),
        ("account_links", {"account": "PILOT", "project": "NONE"}, ("project", "NONE")),
        ("account_links", {"account": "PILOT", "project": "CLOUD", "default": True}, ("CLOUD", "default already")),
    ],
)
def test_a_wrong_entry_is_refused_by_name(tmp_path: Path, noun: str, entry: dict[str, Any], words: tuple[str, ...]) -> None:
    for name, entries in GUIDE.items():
        text = json.dumps([*entries, entry] if name == noun else entries)
        (tmp_path / f"{name}.json").write_text(text, encoding="utf-8")
    with pytest.raises(Unusable) as error:
        scenario.read(tmp_path)
    assert all(word in str(error.value) for word in words), error.value


def test_keys_that_differ_in_case_are_different_keys(tmp_path: Path) -> None:
    entries = {**GUIDE, "customers": [*GUIDE["customers"], {"key": "museum", "name": "Another"}]}
    for name, found in entries.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(found), encoding="utf-8")
    assert [entry["key"] for entry in scenario.read(tmp_path).entries["customers"]][2:] == ["MUSEUM", "museum"]


def test_an_imported_world_has_the_accounts_of_the_exported_one(world: Any) -> None:
    lead = world.cloud("GET", "fred", "accounts/1").json["lead"]["accountId"]
    new = {"name": "Ä\n\0\"'", "status": "ARCHIVED", "leadAccountId": lead, "customerKey": "harbour ä", "monthlyBudget": 0}
    for method, path, body in (
        ("POST", "customers", {"key": "harbour ä", "name": " ¨"}),
        ("POST", "customers", {"key": "GOES", "name": "Goes"}),
        ("DELETE", "customers/GOES", None),
        ("POST", "account-categories", {"key": "misc", "name": "x"}),
        ("POST", "accounts", {**new, "key": "internal", "externalContactName": "X" * 300}),
        ("POST", "accounts", {**new, "key": "goes", "categoryKey": "misc", "global": True}),
        ("DELETE", "accounts/goes", None),
        ("POST", "account-links", {"accountKey": "internal", "scopeId": 10010, "scopeType": "PROJECT", "default": True}),
        ("PATCH", "account-links/4/make-default", None),
        ("DELETE", "account-links/5", None),
    ):
        answer = world.cloud(method, "fred", path, body)
        assert answer.status in (200, 204), (path, answer.text)
    assert world.post(None, "/_mock/sites", {"name": "copy", "scenario": "empty"}).status == 201
    world.put(None, "/sites/copy/_mock/clock", {"now": world.get(None, "/_mock/clock").json["now"], "frozen": True})
    data = world.get(None, "/_mock/export").body
    answer = world.post(None, "/sites/copy/_mock/import", body=data, headers={"Content-Type": "application/zip"})
    assert answer.status == 200, answer.text
    assert world.get(None, "/sites/copy/_mock/export").body == data
    headers = {"Authorization": "Bearer demo-token-of-fred-not-a-secret"}
    for path in READS:
        one = world.get(None, f"/4/{path}", headers=headers)
        other = world.get(None, f"/sites/copy/4/{path}", headers=headers)
        assert (one.status, one.body) == (other.status, other.body.replace(b"/sites/copy/", b"/")), path
    new = {**new, "key": "next", "customerKey": None}
    made = [world.post(None, f"{site}/4/accounts", new, headers=headers).json["id"] for site in ("", "/sites/copy")]
    assert made == [9, 9]


@pytest.fixture
def booked(idle_world: Any) -> Any:
    """A world whose one worklog is on the account CLOUD-DEV; its attribute of text has the same value."""
    world = idle_world
    store = world.site.store
    with store.transaction(Author("test", "test", "test", "2013-11-15T00:00:00Z")):
        stamps = {"created_at": "2013-11-15T00:00:00Z", "updated_at": "2013-11-15T00:00:00Z"}
        issue = store.insert_row(
            "issues", key="CLOUD-901", project_id=10010, summary="x", issue_type="Task", status="Open", **stamps
        )
        day = {"start_date": "2013-11-15", "start_time": "08:00:00", "time_spent": 3600, "billable": 3600, "description": ""}
        worklog = store.insert_row("worklogs", jira_id=1, issue_id=issue, project_id=10010, author_id=1, **day, **stamps)
        for key, kind in (("_TestAccount_", "ACCOUNT"), ("_TestText_", "INPUT_FIELD")):
            store.insert_row("work_attributes", key=key, name=key, type=kind)
            store.insert_row("worklog_attributes", worklog_id=worklog, key=key, value="CLOUD-DEV")
    return world


def values(world: Any) -> dict[str, str]:
    with world.site.store.reading():
        return dict(world.site.store.all("SELECT key, value FROM worklog_attributes WHERE key LIKE '\\_Test%' ESCAPE '\\'"))


def test_an_account_with_worklogs_stays(booked: Any) -> None:
    answer = booked.cloud("DELETE", "fred", "accounts/CLOUD-DEV")
    assert answer.status == 400
    assert "CLOUD-DEV" in answer.json["errors"][0]["message"]
    assert booked.cloud("DELETE", "fred", "accounts/CLOUD-OPS").status == 204


def test_worklogs_follow_to_another_key(booked: Any) -> None:
    lead = booked.cloud("GET", "fred", "accounts/1").json["lead"]["accountId"]
    body = {"key": "CLOUD-NEW", "name": "x", "status": "OPEN", "leadAccountId": lead}
    assert booked.cloud("PUT", "fred", "accounts/CLOUD-DEV", body).status == 200
    assert values(booked) == {"_TestAccount_": "CLOUD-NEW", "_TestText_": "CLOUD-DEV"}
