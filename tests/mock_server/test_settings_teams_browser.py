"""Teams in headless Chromium: the steps of a guide that checks teams and adds who is missing, and how the pages look."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from .browsing import asked_for, awaited, complaints
from .browsing import browser as browser
from .settings_browsing import curl, looks, named, one, press, sign_in
from .settings_browsing import start as start

pytestmark = pytest.mark.slow

PLAN = (
    '{"assigneeId": "%s", "assigneeType": "USER", "planItemId": "10241", "planItemType": "ISSUE", '
    '"startDate": "2013-11-18", "endDate": "2013-11-18", "plannedSecondsPerDay": 3600}'
)


def post(url: str, token: str, path: str, body: str) -> int:
    """The status of a POST."""
    from urllib.error import HTTPError
    from urllib.request import ProxyHandler, Request, build_opener

    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    try:
        with build_opener(ProxyHandler({})).open(Request(url + path, body.encode(), headers), timeout=60) as answer:
            status: int = answer.status
    except HTTPError as error:
        status = error.code
    return status


def token_of(browser: Any, url: str) -> str:
    """A token with full access of whoever is signed in."""
    browser.get(f"{url}/settings/api-integration/new")
    browser.switch_to.active_element.send_keys("Check")
    press(browser, "button", "Confirm")
    found: str = one(browser, "#token-text").text
    return found


def test_the_guide_check_user_teams_and_add_whom_the_integration_needs(start: Callable[..., Any], browser: Any) -> None:
    url, application = start()
    store = application.sites.default.shown
    greta = store.value("SELECT account_id FROM people WHERE name = 'greta'")
    # "User not in Tempo team" and "internal issue not assigned to team": she may not plan.
    sign_in(browser, url, "Greta Lind")
    token = token_of(browser, url)
    assert post(url, token, "/4/plans", PLAN % greta) == 400
    press(browser, "button", "Sign out")

    sign_in(browser, url, "Erica Jefferson")
    press(browser, "nav.side a", "Teams")
    looks(browser, "teams")
    one(browser, "#search").send_keys("greta")
    press(browser, "main button", "Search")
    assert "No team that you may see" in one(browser, ".empty").text
    press(browser, "a", "Show all")
    press(browser, "a", "Cloud Development")
    assert "HR-2" in one(browser, "section[aria-labelledby=issues]").text
    looks(browser, "team")
    press(browser, "a", "Add member")
    browser.switch_to.active_element.send_keys("greta")
    press(browser, "main button", "Search")
    looks(browser, "team-member-search")
    press(browser, "a.person", "Greta Lind")
    one(browser, "#availability").clear()
    one(browser, "#availability").send_keys("180")
    press(browser, "button", "Add")
    assert one(browser, "#availability").get_attribute("aria-invalid") == "true"
    looks(browser, "team-member-refused")
    one(browser, "#availability").clear()
    one(browser, "#availability").send_keys("80")
    one(browser, "#from").send_keys("11152013")
    press(browser, "button", "Add")
    assert one(browser, "[role=status]").text == "Greta Lind is added to Cloud Development."
    row = next(line for line in awaited(browser, browser, "tbody tr") if "Greta" in line.text)
    assert re.search(r"80% 2013-11-15 Open Current", row.text)
    looks(browser, "team-member-added")
    assert "Cloud Development" in curl(url, token, "/4/teams")[1]
    assert greta in curl(url, token, "/4/teams/3/members")[1]
    assert post(url, token, "/4/plans", PLAN % greta) == 200

    one(browser, "option[value=upcoming]").click()
    press(browser, "main button", "Search")
    assert [line.text.split("\n")[0][:12] for line in awaited(browser, browser, "tbody tr")] == ["David Carsen"]
    press(browser, "a", "Change David Carsen")
    assert one(browser, "#from").get_attribute("value") == "2013-12-01"
    looks(browser, "team-member-change")
    press(browser, "a", "Cancel")
    press(browser, "a", "Remove Greta Lind")
    looks(browser, "team-member-remove")
    press(browser, "button", "Remove")
    assert "is removed" in one(browser, "[role=status]").text
    assert post(url, token, "/4/plans", PLAN % greta) == 400
    assert [text for text in complaints(browser) if "status of 400" not in text] == []
    assert {address for address in asked_for(browser) if not address.startswith(f"{url}/")} == set()


def test_a_team_is_made_with_a_lead_and_deleted(start: Callable[..., Any], browser: Any) -> None:
    url, _ = start()
    sign_in(browser, url, "Fred Winston")
    press(browser, "nav.side a", "Teams")
    press(browser, "a", "Add team")
    looks(browser, "team-new")
    one(browser, "#find").send_keys("rita")
    press(browser, "button", "Search")
    assert one(browser, "#find").get_attribute("value") == "rita"
    press(browser, "input[type=radio]", "Rita")
    press(browser, "button", "Save")
    assert one(browser, "#name").get_attribute("aria-invalid") == "true"
    assert named(browser, "input[type=radio]", "Rita").is_selected()
    looks(browser, "team-refused")
    one(browser, "#name").send_keys("Night <i>shift</i>")
    press(browser, "button", "Save")
    assert one(browser, "h1").text == "Night <i>shift</i>"
    assert "Rita <b>Bold</b>" in one(browser, ".facts").text
    looks(browser, "team-empty")
    press(browser, "a", "Link project or board")
    one(browser, "option[value^=project]").click()
    looks(browser, "team-link")
    press(browser, "button", "Link")
    assert "is linked" in one(browser, "[role=status]").text
    press(browser, "a", "Delete team")
    looks(browser, "team-delete")
    press(browser, "button", "Delete")
    assert "is deleted" in one(browser, "[role=status]").text
    assert [text for text in complaints(browser) if "status of 400" not in text] == []


def test_the_roles_over_a_team(start: Callable[..., Any], browser: Any) -> None:
    url, _ = start()
    sign_in(browser, url, "Erica Jefferson")
    browser.get(f"{url}/settings/teams/3")
    press(browser, "a", "Permissions")
    looks(browser, "team-permissions")
    assert len(browser.find_elements("css selector", "thead .fixed")) == 4
    press(browser, "a", "Add role")
    one(browser, "#name").send_keys("Deputies")
    press(browser, "input[name=permissions]", "View Worklogs")
    one(browser, "#find").send_keys("gre")
    press(browser, "button", "Search")
    assert named(browser, "input[name=permissions]", "View Worklogs").is_selected()
    press(browser, "input[name=people]", "Greta Lind")
    looks(browser, "team-role")
    press(browser, "button", "Save")
    assert one(browser, "[role=status]").text == "The role Deputies is saved."
    assert "Greta Lind" in one(browser, ".matrix").text
    looks(browser, "team-permissions-added")
    press(browser, "a", "Delete Deputies")
    looks(browser, "team-role-delete")
    press(browser, "button", "Delete")
    assert one(browser, "[role=status]").text == "The role Deputies is deleted."
    assert complaints(browser) == []
