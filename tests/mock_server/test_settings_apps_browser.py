"""The guide on connecting apps to user accounts in headless Chromium, click by click, with the providers' own pages."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest

from .browsing import LIMIT, awaited, complaints
from .browsing import browser as browser
from .settings_browsing import looks, named, one, press, sign_in
from .settings_browsing import start as start

pytestmark = pytest.mark.slow

MAPPED = {"Nadia Okafor": "okafor-n", "David Carsen": "dcarsen", "Rita": "rb-codes"}
"""Name, as it begins, of whom GitHub does not tell -> their login there, as the README of the scenario has it."""


def connect_all(browser: Any, url: str, query: str = "") -> str:
    """Manage Staff: search, select everybody, Connect with GitHub; answers how the run ended."""
    browser.get(f"{url}/settings/staff{query}")
    press(browser, "input[type=checkbox]", "Select all")
    press(browser, "summary", "Actions")
    press(browser, ".menu button", "Connect with GitHub")
    awaited(browser, browser, "main .badge.good, main .problem")
    text: str = one(browser, "main").text
    return text


def fill(browser: Any, name: str, text: str) -> None:
    field = named(browser, "input", name)
    field.clear()
    field.send_keys(text)


def downloaded(browser: Any, folder: Any) -> str:
    """The map file, as soon as it is there as a whole."""
    from selenium.webdriver.support.ui import WebDriverWait

    path = folder / "github-map.csv"
    WebDriverWait(browser, LIMIT).until(lambda _: path.exists() and path.read_bytes().endswith(b"\n"))
    text: str = path.read_text(encoding="utf-8-sig")
    return text


def filled_in(text: str) -> str:
    """The map file after somebody has typed the logins of GitHub into it."""
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        row["github_username"] = next(login for name, login in MAPPED.items() if row["display_name"].startswith(name))
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return sheet.getvalue()


def test_from_installing_an_app_to_everybody_being_connected(start: Callable[..., Any], browser: Any, tmp_path: Any) -> None:
    url, _ = start()
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(downloads)})
    sign_in(browser, url, "Fred")
    press(browser, "nav.side a", "Apps")
    looks(browser, "apps-none-installed")
    press(browser, "main a", "Install Google Calendar")
    fill(browser, "Key", "of no provider")
    press(browser, "main button", "Install")
    assert "delegation" in one(browser, "#problems").text
    assert "of no provider" not in browser.page_source
    looks(browser, "apps-install-refused")

    # You must install an app for the organization before you can connect users' accounts to the apps.
    browser.get(f"{url}/settings/apps")
    press(browser, "main a", "Install GitHub")
    looks(browser, "apps-install")
    press(browser, "main a", "GitHub")
    assert one(browser, "h1").text == "GitHub"
    looks(browser, "provider")
    fill(browser, "Name", "Tempo")
    press(browser, "main button", "Make a key")
    key = one(browser, "#key-text").text
    looks(browser, "provider-key")
    browser.refresh()
    assert key not in browser.page_source
    press(browser, "main a", "Apps")
    press(browser, "main a", "Install GitHub")
    fill(browser, "Key", key)
    press(browser, "main button", "Install")
    assert "The app of GitHub is installed" in one(browser, ".notice").text
    looks(browser, "apps")

    # If you can't connect any accounts: ensure that the app has the correct permissions, in GitHub's settings.
    browser.get(f"{url}/providers/github/")
    press(browser, "main button", "The app may read members")
    assert "Withheld" in one(browser, ".notice").text
    assert "Nobody could be connected with GitHub." in connect_all(browser, url)
    press(browser, "main a", "the page of GitHub")
    looks(browser, "provider-withheld")
    press(browser, "main button", "The app may read members")
    assert "Granted" in one(browser, ".notice").text
    for login, name, email in (("greta-codes", "Greta", "greta@example.org"), ("robot", "Robot", "technical-user@example.org")):
        browser.get(f"{url}/providers/github/accounts")
        press(browser, "main a", "Add account")
        fill(browser, "Login", login)
        fill(browser, "Name", name)
        fill(browser, "E-mail", email)
        press(browser, "main button", "Save")
        assert login in one(browser, "table").text
    looks(browser, "provider-accounts")
    press(browser, "main a", "Edit greta-codes")
    looks(browser, "provider-account")

    # Use the Search for staff option, select all, open the Actions menu: Connect with GitHub.
    text = connect_all(browser, url)
    assert "Failed\n3" in text, text
    press(browser, "main a", "see whom and why")
    assert len(browser.find_elements("css selector", "button.warning")) == 3
    from selenium.webdriver import ActionChains

    warning = one(browser, "button.warning")
    tip = one(browser, "[role=tooltip]")
    assert not tip.is_displayed()
    ActionChains(browser).move_to_element(warning).perform()
    assert tip.is_displayed(), "hover over the warning icon to view an error message"
    assert "Manually map with Github" in tip.text
    looks(browser, "staff-failed")

    # Click Manually map with Github to download a map file; update it, and upload it on the Manage Staff page.
    browser.get(f"{url}/settings/staff?integration=failed")
    press(browser, "input[type=checkbox]", "Select all")
    press(browser, "summary", "Actions")
    press(browser, ".menu button", "Manually map with Github")
    sheet = tmp_path / "filled-in.csv"
    sheet.write_text(filled_in(downloaded(browser, downloads)), encoding="utf-8")
    one(browser, "#map").send_keys(str(sheet))
    press(browser, "#github-map button", "Upload")
    awaited(browser, browser, ".notice")
    browser.get(f"{url}/settings/staff?integration=failed")
    assert "Nobody is found" in one(browser, "main").text
    browser.get(f"{url}/settings/staff")
    rows = browser.find_elements("css selector", "tbody tr")
    icons = browser.find_elements("css selector", "tbody svg[data-app=github]")
    assert len(icons) == len(rows) > 5, "everybody is connected"
    looks(browser, "staff-all-connected")
    assert [told for told in complaints(browser) if "BAD REQUEST" not in told] == []


def test_configuring_disconnecting_and_ones_own_apps(start: Callable[..., Any], browser: Any) -> None:
    url, _ = start()
    sign_in(browser, url, "Greta")
    press(browser, "nav.side a", "My Apps")
    assert "2 events" in one(browser, "main").text
    looks(browser, "my-apps")
    fill(browser, "Your GitHub login", "nobody")
    press(browser, "main button", "Connect with GitHub")
    assert "No GitHub account has the login nobody" in one(browser, "main .problem").text
    looks(browser, "my-apps-failed")
    press(browser, "main a", "Disconnect Google Calendar")
    looks(browser, "my-apps-disconnect")
    press(browser, "main button", "Disconnect")
    assert "You are disconnected from Google Calendar." in one(browser, ".notice").text
    fill(browser, "Your Google Calendar login", "greta")
    press(browser, "main button", "Connect with Google Calendar")
    assert "You are connected to Google Calendar." in one(browser, ".notice").text
    press(browser, "button", "Sign out")
    press(browser, "button.person", "Fred")
    browser.get(f"{url}/settings/apps/gitlab/install")
    fill(browser, "Key", "demo-key-of-gitlab-not-a-secret")
    press(browser, "main button", "Install")
    press(browser, "main a", "Configure GitLab")
    press(browser, "input[name=cover]", "Only those")
    looks(browser, "apps-configure")
    press(browser, "main button", "Save")
    assert "Tick at least one project" in one(browser, ".problem").text
    one(browser, "input[name=containers]").click()
    press(browser, "main button", "Save")
    assert "covers what you chose" in one(browser, ".notice").text
    browser.get(f"{url}/settings/staff?search=greta")
    press(browser, "main td a", "Gathered of Greta")
    looks(browser, "staff-apps")
    browser.get(f"{url}/settings/apps")
    press(browser, "main a", "Disconnect GitLab")
    looks(browser, "apps-disconnect")
    press(browser, "main button", "Disconnect")
    assert "0 people were disconnected" in one(browser, ".notice").text
    browser.get(f"{url}/providers/")
    looks(browser, "providers")
    press(browser, "main a", "Google Calendar")
    fill(browser, "For whom", "nobody-at-all")
    press(browser, "main button", "Provoke")
    assert "Nobody in Jira" in one(browser, "main .problem").text
    looks(browser, "provider-wrong")
    assert [told for told in complaints(browser) if "BAD REQUEST" not in told] == []
