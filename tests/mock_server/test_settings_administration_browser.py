"""Audit Log, Planning Time and Internal Issues in headless Chromium: the clicks of an administrator, and how they look."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from .browsing import awaited, complaints
from .browsing import browser as browser
from .settings_browsing import looks, named, one, press, sign_in
from .settings_browsing import start as start

pytestmark = pytest.mark.slow

BOB = "5b10a2844c20165700ede223"
ERICA = "5b10a2844c20165700ede220"
MARKUP = "<img src=x onerror=alert(1)> a" + "long" * 40


def call(url: str, who: str, method: str, path: str, body: Any = None) -> Any:
    """One request of Tempo Cloud."""
    headers = {"Authorization": f"Bearer demo-token-of-{who}-not-a-secret"}
    answer = requests.request(method, f"{url}/4/{path}", json=body, headers=headers, timeout=60)
    assert answer.ok, answer.text
    return answer.json() if answer.content else None


def log(url: str, **more: Any) -> int:
    entry = {"authorAccountId": BOB, "issueId": 10202, "startDate": "2013-11-14", "timeSpentSeconds": 3600, **more}
    return int(call(url, "bob", "POST", "worklogs", entry)["tempoWorklogId"])


def rows(browser: Any) -> list[str]:
    return [row.text for row in awaited(browser, browser, "tbody tr")]


def test_what_was_done_is_found_in_the_audit_log(start: Callable[..., Any], browser: Any) -> None:
    url, application = start()
    sign_in(browser, url, "Fred Winston")
    press(browser, "nav.side a", "Audit Log")
    assert "Nothing was changed yet." in one(browser, ".empty").text
    looks(browser, "audit-log-empty")
    store = application.sites.default.store
    with store.transaction():
        store.run("UPDATE people SET display_name = ? WHERE name = 'erica'", (f"Erica {MARKUP}",))
    call(url, "erica", "POST", "worklogs", {"authorAccountId": ERICA, "issueId": 10202, "startDate": "2013-11-14",
                                            "timeSpentSeconds": 60})  # fmt: skip
    number = log(url, description=MARKUP)
    log(url, description="Reviewed the offer")
    call(url, "bob", "DELETE", f"worklogs/{number}")
    role = {"name": "Readers", "accessType": "GLOBAL", "permittedAccountIds": [BOB],
            "permissionKeys": ["permissions.worklog.view"]}  # fmt: skip
    call(url, "fred", "POST", "permission-roles", role)
    press(browser, "nav.side a", "Planning Time")
    press(browser, "input", "Delete plans when their issue is deleted")
    press(browser, "button", "Save")
    press(browser, "nav.side a", "Audit Log")
    shown = rows(browser)
    assert len(shown) == 6
    assert all(word in shown[0] for word in ("Fred Winston", "by settings page", "Planning Time", "Updated"))
    looks(browser, "audit-log")
    for summary in browser.find_elements("css selector", "summary"):
        summary.click()
    assert "deletePlansWithIssues" in rows(browser)[0]
    assert [element.text for element in browser.find_elements("css selector", "tbody tr:first-child :is(del, ins)")] == [
        "was\nfalse", "is\ntrue",
    ]  # fmt: skip
    looks(browser, "audit-log-opened")
    one(browser, "#person").send_keys("bob")
    one(browser, "#category option[value=worklog]").click()
    one(browser, "#action option[value=Deleted]").click()
    press(browser, "form.filters button", "Search")
    assert named(browser, "input", "Person").get_attribute("value") == "bob"
    assert [text.count("Deleted") for text in rows(browser)] == [1]
    press(browser, "a", "Show all")
    assert len(rows(browser)) == 6
    browser.get(f"{url}/settings/audit-log?first=2013-11-15&last=2013-11-14")
    assert one(browser, ".problem").text == "The last day is before the first."
    looks(browser, "audit-log-refused")
    assert [text for text in complaints(browser) if "status of 400" not in text] == []


def test_a_long_audit_log_is_read_page_by_page(start: Callable[..., Any], browser: Any) -> None:
    url, _ = start()
    for number in range(60):
        log(url, description=f"Number {number}", timeSpentSeconds=60)
    sign_in(browser, url, "Fred Winston")
    press(browser, "nav.side a", "Audit Log")
    assert len(rows(browser)) == 50
    press(browser, "nav.pages a", "Older")
    assert len(rows(browser)) == 10
    looks(browser, "audit-log-older")
    press(browser, "nav.pages a", "Newer")
    assert len(rows(browser)) == 50
    assert complaints(browser) == []


def test_how_time_is_planned(start: Callable[..., Any], browser: Any) -> None:
    url, _ = start()
    sign_in(browser, url, "Fred Winston")
    press(browser, "nav.side a", "Planning Time")
    looks(browser, "planning-time")
    approval = named(browser, "input", "Enable plan approval")
    was = approval.is_selected()
    approval.click()
    press(browser, "button", "Save")
    assert one(browser, "[role=status]").text == "The settings for planning time are saved."
    assert named(browser, "input", "Enable plan approval").is_selected() is not was
    looks(browser, "planning-time-saved")
    assert call(url, "bob", "GET", "globalconfiguration")["planApprovalEnabled"] is not was
    requests.put(f"{url}/_mock/settings", json={"globalConfiguration.planApprovalEnabled": was}, timeout=60)
    browser.refresh()
    assert named(browser, "input", "Enable plan approval").is_selected() is was
    assert complaints(browser) == []


def test_an_internal_issue_is_found_by_its_summary(start: Callable[..., Any], browser: Any) -> None:
    url, application = start()
    store = application.sites.default.shown
    key, summary = store.one("SELECT key, summary FROM issues WHERE id = 10202")
    sign_in(browser, url, "Fred Winston")
    press(browser, "nav.side a", "Internal Issues")
    press(browser, "a", "Add internal issue")
    one(browser, "#search").send_keys("cloud")
    press(browser, "button", "Search")
    looks(browser, "internal-issue-found")
    one(browser, "#search").clear()
    one(browser, "#search").send_keys(summary)
    press(browser, "button", "Search")
    press(browser, "button", f"Choose {key}")
    assert one(browser, "#issue").get_attribute("value") == key
    press(browser, "button", "Save")
    assert one(browser, "[role=status]").text == f"{key} is an internal issue now."
    one(browser, "#search").send_keys(key)
    press(browser, "button", "Search")
    assert [summary in text for text in rows(browser)] == [True]
    looks(browser, "internal-issues-searched")
    log(url)
    press(browser, "a", f"Remove {key}")
    assert "on it stay as they are." in one(browser, ".card").text
    looks(browser, "internal-issue-remove-counts")
    press(browser, "button", "Remove")
    assert one(browser, "[role=status]").text == f"{key} is an ordinary issue again."
    assert complaints(browser) == []
