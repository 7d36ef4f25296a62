"""Permission Roles in headless Chromium: what a guide tells an administrator to grant, to the last worklog."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from .browsing import asked_for, awaited, complaints
from .browsing import browser as browser
from .settings_browsing import curl, looks, named, one, press, sign_in
from .settings_browsing import start as start

pytestmark = pytest.mark.slow

GRETA = "5b10a2844c20165700ede225"
EVERYTHING = "/4/worklogs?limit=5000"


def authors(url: str, token: str) -> set[str]:
    """The accountIds of whose worklogs are listed."""
    status, body = curl(url, token, EVERYTHING)
    assert status == 200, body
    return set(re.findall(r'"author":\{[^}]*"accountId":"([^"]+)"', body))


def made_token(browser: Any, url: str, who: str) -> str:
    """API Integration -> New Token -> Custom Access -> View worklogs -> confirm -> copy."""
    sign_in(browser, url, who)
    press(browser, "nav.side ul[aria-labelledby=section-2] a", "API Integration")
    press(browser, "a", "New Token")
    browser.switch_to.active_element.send_keys("STAGIL User and Time Accounts")
    one(browser, "option[value='5000']").click()
    press(browser, "input[type=radio]", "Custom access")
    press(browser, ".scopes input", "View worklogs")
    press(browser, "button", "Confirm")
    token: str = one(browser, "#token-text").text
    press(browser, "button", "Sign out")
    return token


def test_the_guide_of_time_accounts_from_the_permission_to_the_worklogs(start: Callable[..., Any], browser: Any) -> None:
    url, _ = start()
    before = made_token(browser, url, "Greta Lind")
    assert authors(url, before) == {GRETA}, "no role gives her the work of others yet"
    # Granting permissions in Tempo.
    sign_in(browser, url, "Fred Winston")
    section = one(browser, "nav.side ul[aria-labelledby=section-2]")
    assert "Data Access" in section.accessible_name
    section.find_element("link text", "Permission Roles").click()
    looks(browser, "permission-roles")
    add = named(browser, "a.button", "Add permission role")
    assert add.rect["y"] < 250
    assert add.rect["x"] > 800, "in the upper right"
    add.click()
    assert browser.switch_to.active_element.get_attribute("id") == "name"
    looks(browser, "permission-role-new")
    press(browser, "button.main", "Save")
    awaited(browser, browser, "#name-error")
    assert one(browser, "#name").get_attribute("aria-invalid") == "true"
    looks(browser, "permission-role-refused")
    browser.switch_to.active_element.send_keys("Time accounts")
    team = named(browser, "input[type=checkbox]", "View Team")
    assert (team.is_selected(), team.is_enabled()) == (True, False)
    view = named(browser, "input[type=checkbox]", "View Worklogs")
    if not view.is_selected():
        view.click()
    assert named(browser, "input[type=radio]", "Full").is_selected()
    assert not one(browser, ".role-teams").is_displayed()
    one(browser, "#search").send_keys("greta")
    press(browser, "button", "Search for users")
    awaited(browser, browser, "input[name=people]")
    assert browser.switch_to.active_element.get_attribute("id") == "search"
    press(browser, "input[name=people]", "Greta Lind")
    looks(browser, "permission-role-users")
    press(browser, "button.main", "Save")
    assert one(browser, ".notice").text == "The permission role Time accounts is added."
    # The final outcome.
    heads = [head.text for head in browser.find_elements("css selector", ".matrix thead th")]
    at = heads.index("Time accounts")
    rows = {
        row.find_element("css selector", "th").text: row for row in browser.find_elements("css selector", ".matrix tbody tr")
    }
    column = {name: row.find_elements("css selector", "td")[at].text for name, row in rows.items()}
    assert {name for name, text in column.items() if "✓" in text} == {"View Team", "View Worklogs"}
    assert (column["Role users"], column["Role access"]) == ("Greta Lind", "Full")
    looks(browser, "permission-roles-outcome")
    assert len(authors(url, before)) > 5, "a token shows what its owner may see now"
    press(browser, "button", "Sign out")
    # Generating an API token.
    token = made_token(browser, url, "Greta Lind")
    assert len(authors(url, token)) > 5
    assert curl(url, token, "/4/plans?from=2013-11-01&to=2013-11-30")[0] == 403
    # And back.
    sign_in(browser, url, "Fred Winston")
    press(browser, "nav.side a", "Permission Roles")
    press(browser, "a", "Delete Time accounts")
    looks(browser, "permission-role-delete")
    press(browser, "button.danger", "Delete")
    assert one(browser, ".notice").text == "The permission role Time accounts is deleted."
    assert authors(url, token) == {GRETA}
    refused = [text for text in complaints(browser) if "status of 400" not in text]
    assert refused == []
    assert {address for address in asked_for(browser) if not address.startswith(f"{url}/")} == set()


def test_by_keyboard_alone_and_without_a_script(start: Callable[..., Any], browser: Any) -> None:
    from selenium.webdriver.common.keys import Keys

    url, _ = start()
    sign_in(browser, url, "Fred Winston")
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(f"{url}/settings/permission-roles/new")
    awaited(browser, browser, ".role-form")
    browser.switch_to.active_element.send_keys("Leads")
    one(browser, "input[value=TEAM]").send_keys(Keys.SPACE)
    assert one(browser, ".role-teams").is_displayed()
    one(browser, "input[name=teams][value='3']").send_keys(Keys.SPACE)
    # Enter in the search looks for people; Enter elsewhere saves.
    one(browser, "#search").send_keys("bo", Keys.ENTER)
    found = named(browser, "input[name=people]", "Bob Johnson")
    assert one(browser, "#name").get_attribute("value") == "Leads"
    found.send_keys(Keys.SPACE)
    one(browser, "#search").clear()
    one(browser, "#search").send_keys("rita", Keys.ENTER)
    awaited(browser, browser, "input[name=searched][value=rita]")
    named(browser, "input[name=people]", "Rita <b>Bold").send_keys(Keys.SPACE)
    assert named(browser, "input[name=people]", "Bob Johnson").is_selected(), "found before"
    one(browser, "option[value=hr]").click()
    press(browser, "button", "Add the people of the group")
    assert one(browser, ".notice").text == "Added 2 of the 2 people in hr."
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    looks(browser, "permission-role-restricted")
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    one(browser, "#name").send_keys(Keys.ENTER)
    assert one(browser, "main > .notice").text == "The permission role Leads is added."
    columns = {role["name"]: role for role in columns_of(browser)}
    assert columns["Leads"]["access"] == "Restricted\nCloud Development"
    assert columns["Leads"]["users"].split("\n")[0] == "Bob Johnson"


def columns_of(browser: Any) -> list[dict[str, str]]:
    """The columns of the matrix."""
    heads = [head.text for head in browser.find_elements("css selector", ".matrix thead th")]
    users, access = (
        browser.find_elements("css selector", f".matrix td[data-head='{row}']") for row in ("Role users", "Role access")
    )
    return [{"name": n, "users": u.text, "access": a.text} for n, u, a in zip(heads, users, access, strict=True)]


def test_many_roles_scroll_in_their_table_and_not_the_page(start: Callable[..., Any], browser: Any) -> None:
    url, _ = start()
    sign_in(browser, url, "Fred Winston")
    for number in range(3):
        browser.get(f"{url}/settings/permission-roles/new")
        one(browser, "#name").send_keys(f"Integration number {number}")
        press(browser, "button.main", "Save")
        assert f"number {number}" in one(browser, "[role=status]").text
    browser.get(f"{url}/settings/permission-roles")
    assert browser.execute_script("const s = arguments[0]; return s.scrollWidth > s.clientWidth", one(browser, ".scroll"))
    looks(browser, "permission-roles-many")
