"""Manage Staff in headless Chromium: the steps of the guide on connecting apps to accounts, and how the pages look."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from .browsing import awaited, complaints
from .browsing import browser as browser
from .installed_apps import add_account, install, withdraw
from .settings_browsing import looks, named, one, press, sign_in
from .settings_browsing import start as start

pytestmark = pytest.mark.slow


def finished(browser: Any) -> str:
    """The page of a run, once it says how it ended: it looks again by itself."""
    awaited(browser, browser, "main .badge.good, main .problem")
    text: str = one(browser, "main").text
    return text


def test_the_guide_of_connecting_apps_to_user_accounts(start: Callable[..., Any], browser: Any) -> None:
    url, application = start()
    world = SimpleNamespace(site=application.sites.default)
    sign_in(browser, url, "Fred")
    press(browser, "nav.side a", "Manage Staff")
    press(browser, "summary", "Actions")
    assert "Before You Begin" in one(browser, ".menu").text
    looks(browser, "staff-without-apps")
    for provider in ("github", "gitlab", "google-calendar", "office365"):
        install(world, provider)
        add_account(world, provider, f"bob-{provider}", "bob@example.org")
    add_account(world, "github", "the-real-erica")

    browser.refresh()
    named(browser, "input", "Search for staff").send_keys("john")
    press(browser, ".staff-filters button", "Search")
    assert one(browser, ".count").text == "2 people"
    press(browser, "summary", "Actions")
    assert not named(browser, ".menu button", "Connect with GitHub").is_enabled(), "nobody is selected"
    press(browser, "input[type=checkbox]", "Select all 2 shown")
    assert [box.is_selected() for box in browser.find_elements("name", "people")] == [True, True]
    assert one(browser, "[data-selected]").text == "2 selected"
    looks(browser, "staff-selected")
    press(browser, "summary", "Actions")
    press(browser, ".menu button", "Connect with Google Calendar")
    assert "Connected\n1\nFailed\n1" in finished(browser)
    looks(browser, "staff-run-ended")
    press(browser, "main a", "see whom and why")
    assert [row.text for row in browser.find_elements("css selector", "tbody th label")] == ["John Steel"]
    tip = one(browser, "[role=tooltip]")
    assert not tip.is_displayed()
    browser.execute_script("document.querySelector('button.warning').focus()")
    assert tip.is_displayed(), "the reason shows with the focus"
    assert "john@example.org" in tip.text
    looks(browser, "staff-warning")
    browser.switch_to.active_element.send_keys("\ue00c")
    assert not tip.is_displayed(), "Escape hides it"
    browser.execute_script("document.activeElement.blur()")
    from selenium.webdriver import ActionChains

    ActionChains(browser).move_to_element(one(browser, "button.warning")).perform()
    assert tip.is_displayed(), "the reason shows under the pointer"

    browser.get(f"{url}/settings/staff?search=e")
    press(browser, "input[type=checkbox]", "Select all")
    first = browser.find_elements("name", "people")[0]
    first.click()
    assert not named(browser, "input[type=checkbox]", "Select all").is_selected(), "one less is not all"
    first.click()
    for provider in ("GitHub", "GitLab", "Office365"):
        press(browser, "input[type=checkbox]", "Select all")
        press(browser, "summary", "Actions")
        press(browser, ".menu button", f"Connect with {provider}")
        finished(browser)
        browser.get(f"{url}/settings/staff?search=e")
    browser.get(f"{url}/settings/staff")
    looks(browser, "staff")
    browser.get(f"{url}/settings/staff?search=nobody-at-all")
    looks(browser, "staff-nobody")
    browser.get(f"{url}/settings/staff?team=x")
    looks(browser, "staff-wrong-filter")
    browser.get(f"{url}/settings/staff?search=laura")
    press(browser, "a", "memberships of Laura Penn")
    looks(browser, "staff-memberships")
    press(browser, "main a", "Back to Manage Staff")
    assert one(browser, ".count").text == "1 person"
    assert [told for told in complaints(browser) if "BAD REQUEST" not in told] == []


def test_manually_mapping_github_accounts(start: Callable[..., Any], browser: Any, tmp_path: Any) -> None:
    url, application = start()
    world = SimpleNamespace(site=application.sites.default)
    install(world, "github")
    withdraw(world, "github")
    sign_in(browser, url, "Fred")
    browser.get(f"{url}/settings/staff?search=erica")
    press(browser, "input[type=checkbox]", "Erica Jefferson")
    press(browser, "summary", "Actions")
    press(browser, ".menu button", "Connect with GitHub")
    assert "Nobody could be connected with GitHub." in finished(browser)
    looks(browser, "staff-nobody-connected")
    press(browser, "a", "Back to Manage Staff")
    sent = tmp_path / "github-map.csv"
    sent.write_text("tempo_account_id,display_name,email,github_username\nnobody,,,x\n5b10a2844c20165700ede220,,,\n")
    one(browser, "#map").send_keys(str(sent))
    press(browser, "#github-map button", "Upload")
    problems = [item.text for item in awaited(browser, browser, "#map-problems li")]
    assert [problem.partition(":")[0] for problem in problems] == ["Row 2", "Row 3"]
    looks(browser, "staff-map-refused")
    assert [told for told in complaints(browser) if "BAD REQUEST" not in told] == []
