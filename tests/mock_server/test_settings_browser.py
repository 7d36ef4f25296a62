"""The settings pages in headless Chromium: the steps that guides tell an administrator, and how the pages look."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from mock_server.moments import parse_moment

from .browsing import asked_for, awaited, complaints
from .browsing import browser as browser
from .settings_browsing import CLIPBOARD, curl, looks, named, one, press, sign_in
from .settings_browsing import start as start

pytestmark = pytest.mark.slow


def test_the_guide_of_time_accounts_generating_an_api_token(start: Callable[..., Any], browser: Any) -> None:
    url, _ = start()
    permissions = ["clipboardReadWrite", "clipboardSanitizedWrite"]
    browser.execute_cdp_cmd("Browser.grantPermissions", {"origin": url, "permissions": permissions})
    browser.get(f"{url}/settings/")
    looks(browser, "sign-in")
    sign_in(browser, url, "technical user")
    # The same section as Permission Roles: Data Access.
    section = one(browser, "nav.side ul[aria-labelledby=section-2]")
    assert "Data Access" in section.accessible_name
    section.find_element("link text", "API Integration").click()
    looks(browser, "api-integration")
    press(browser, "a", "New Token")
    looks(browser, "new-token")
    assert browser.switch_to.active_element.get_attribute("id") == "name"
    browser.switch_to.active_element.send_keys("STAGIL User and Time Accounts")
    assert named(browser, "select", "Expires after").get_attribute("value") == "30"
    one(browser, "option[value='5000']").click()
    assert not one(browser, "#days").is_displayed()
    assert not one(browser, ".scopes").is_displayed()
    press(browser, "input[type=radio]", "Custom access")
    press(browser, "button", "Confirm")
    assert "at least one" in one(browser, ".scopes .problem").text
    looks(browser, "new-token-refused")
    boxes = browser.find_elements("css selector", ".scopes input")
    assert boxes[-1].accessible_name == "View worklogs"
    press(browser, ".scopes input", "View worklogs")
    press(browser, "button", "Confirm")
    token = one(browser, "#token-text").text
    looks(browser, "token-shown")
    press(browser, "button", "Copy the token")
    awaited(browser, browser, ".said:not(:empty)")
    assert one(browser, ".said").text == "Copied."
    assert browser.execute_async_script(CLIPBOARD) == token
    browser.refresh()
    assert token not in browser.page_source
    press(browser, "a", "Close")
    row = next(line for line in awaited(browser, browser, "tbody tr") if "STAGIL" in line.text)
    assert re.search(r"Active\s+2027-07-25\s+View worklogs", row.text)
    assert token not in browser.page_source
    browser.back()
    assert token not in browser.page_source
    refused = complaints(browser)
    assert len(refused) == 1
    assert "status of 400" in refused[0]
    assert {address for address in asked_for(browser) if not address.startswith(f"{url}/")} == set()

    status, body = curl(url, token, "/4/worklogs?limit=5000")
    assert status == 200
    assert len(set(re.findall(r'"author":\{[^}]*"accountId":"([^"]+)"', body))) > 5, "everybody's"
    assert curl(url, token, "/4/plans?from=2013-11-01&to=2013-11-30")[0] == 403


def test_the_guide_of_out_of_office_generate_a_tempo_api_token(start: Callable[..., Any], browser: Any) -> None:
    url, application = start()
    sign_in(browser, url, "Fred Winston")
    section = one(browser, "nav.side ul[aria-labelledby=section-1]")
    assert "Settings" in section.accessible_name
    section.find_element("link text", "API Integration").click()
    press(browser, "a", "New API Token")
    browser.switch_to.active_element.send_keys("Out of Office Assistant Integration")
    assert named(browser, "input[type=radio]", "Full access").is_selected()
    one(browser, "option[value='365']").click()
    press(browser, "button", "Confirm")
    token = one(browser, "#token-text").text
    press(browser, "a", "Close")
    assert curl(url, token, "/4/plans?from=2013-11-01&to=2013-11-30")[0] == 200
    # Regular rotation, and an end.
    press(browser, "a", "Rename Out of Office Assistant Integration")
    one(browser, "#name").clear()
    one(browser, "#name").send_keys("Absences")
    looks(browser, "rename")
    press(browser, "button", "Rename")
    assert one(browser, "[role=status]").text == "The token is now called Absences."
    looks(browser, "renamed")
    press(browser, "a", "Regenerate Absences")
    looks(browser, "regenerate")
    press(browser, "button", "Regenerate")
    renewed = one(browser, "#token-text").text
    assert [curl(url, text, "/4/plans?from=2013-11-01&to=2013-11-30")[0] for text in (token, renewed)] == [401, 200]
    application.sites.default.clock.set(parse_moment("2014-11-16T09:00Z"))
    press(browser, "a", "Close")
    assert "Absences" in one(browser, "tbody tr:has(.bad)").text
    looks(browser, "expired")
    press(browser, "a", "Delete Absences")
    looks(browser, "delete")
    press(browser, "button", "Delete")
    assert one(browser, "[role=status]").text == "The token Absences is deleted."
    press(browser, "button", "Sign out")
    assert one(browser, "h1").text == "Sign in"
    assert complaints(browser) == []


def test_by_keyboard_alone_and_without_a_script(start: Callable[..., Any], browser: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    url, _ = start(settings={"pages.signIn": "password"})
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(f"{url}/settings/")
    one(browser, "#name").send_keys("rita", Keys.TAB)
    browser.switch_to.active_element.send_keys("rita", Keys.ENTER)
    awaited(browser, browser, ".head")

    def tab(times: int = 1) -> Any:
        for _ in range(times):
            browser.switch_to.active_element.send_keys(Keys.TAB)
        return browser.switch_to.active_element

    assert tab().text == "Skip to the content"
    browser.switch_to.active_element.send_keys(Keys.ENTER)
    new = tab()
    assert new.accessible_name == "New Token (New API Token)"
    new.send_keys(Keys.ENTER)
    awaited(browser, browser, ".token-form")
    browser.switch_to.active_element.send_keys("By keyboard")
    tab().send_keys("Own")
    days = tab()
    assert days.get_attribute("id") == "days"
    days.send_keys("14")
    full = tab()
    assert full.get_attribute("value") == "full"
    full.send_keys(Keys.ARROW_DOWN)
    first = tab()
    assert first.accessible_name == "Manage accounts"
    first.send_keys(Keys.SPACE)
    first.send_keys(Keys.ENTER)
    assert len(one(browser, "#token-text").text) == 36
    assert not browser.find_element("css selector", ".copy").is_displayed()
    browser.get(f"{url}/settings/api-integration")
    assert "By keyboard" in one(browser, "tbody tr").text
    assert "2013-11-29" in one(browser, "tbody tr").text


def test_the_guide_of_out_of_office_internal_issues(start: Callable[..., Any], browser: Any) -> None:
    url, application = start()
    store = application.sites.default.shown
    sign_in(browser, url, "Fred Winston")
    press(browser, "nav.side a", "Internal Issues")
    looks(browser, "internal-issues")
    press(browser, "a", "Add internal issue")
    key = store.value("SELECT key FROM issues WHERE id = 10202")
    browser.switch_to.active_element.send_keys("NONE-1")
    press(browser, "button", "Save")
    assert one(browser, "#issue").get_attribute("aria-invalid") == "true"
    looks(browser, "internal-issue-refused")
    one(browser, "#issue").clear()
    one(browser, "#issue").send_keys(key)
    press(browser, "button", "Save")
    assert one(browser, "[role=status]").text == f"{key} is an internal issue now."
    press(browser, "a", f"Change teams of {key}")
    box = one(browser, "input[name=teams][value='3']")
    team = box.accessible_name
    box.click()
    looks(browser, "internal-issue-teams")
    press(browser, "button", "Save")
    row = next(line for line in awaited(browser, browser, "tbody tr") if key in line.text)
    assert team in row.text
    press(browser, "a", f"Remove {key}")
    looks(browser, "internal-issue-remove")
    press(browser, "button", "Remove")
    assert one(browser, "[role=status]").text == f"{key} is an ordinary issue again."
    assert [text for text in complaints(browser) if "status of 400" not in text] == []
