"""Setting the integration up by clicks, from a token that is pasted to a rule that is seen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ..mock_server.browsing import asked_for, browser, complaints
from .conftest import Command, Site, token_of
from .page_browsing import looks, main, press, serve

__all__ = ["browser", "serve"]

FRED = "5b10a2844c20165700ede21f"
PTO, SICK, TRAINING, PERSONAL, WORK = ("HR-1", "HR-2", "HR-3", "HR-4", "CLOUD-10")


def tab_to(browser: Any, name: str) -> None:
    """Go on by keyboard until what is called so has the focus."""
    for _ in range(200):
        found = browser.switch_to.active_element
        if name in (found.accessible_name or ""):
            return
        found.send_keys("\ue004")
    raise AssertionError(f"the keyboard does not reach {name}")


@pytest.mark.slow
def test_from_a_token_to_a_rule(
    browser: Any, serve: Callable[[Path], str], connected: Command, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.control("PUT", f"/internal-issues/{WORK}", {})
    connected.drop_token()
    address = serve(connected.folder / "tempo-sync.toml")
    url = address.partition("/?")[0]

    browser.get(f"{url}/connection")
    assert "the key that tempo-sync serve said" in main(browser)
    looks(browser, "no-key")
    browser.get(address)
    assert browser.current_url == f"{url}/connection"
    assert "Not connected yet" in main(browser)

    # A wrong token first: its message, and nothing kept.
    browser.find_element("id", "token").send_keys("demo-token-of-nobody-at-all")
    press(browser, "button", "Save")
    assert "Wrong token" in main(browser)
    assert browser.find_element("id", "token").get_attribute("value") == ""
    looks(browser, "connection-wrong")
    browser.find_element("id", "token").send_keys(token_of("absences"))
    press(browser, "button", "Save")
    assert "plans of 10 of 11 people are seen" in main(browser)
    looks(browser, "connection")

    press(browser, "button", "Switch absences off")
    assert "The sync of absences is switched off" in main(browser)
    press(browser, "a", "Preview and run")
    looks(browser, "run-off")
    press(browser, "a", "Switch it on")
    press(browser, "button", "Switch absences on")

    press(browser, "a", "Internal issues")
    assert WORK in main(browser)
    for key in (PTO, SICK, TRAINING, PERSONAL):
        press(browser, "input[type=checkbox]", key)
    press(browser, "button", "Show what this changes")
    assert "Nothing is kept yet" in main(browser)
    looks(browser, "issues")
    press(browser, "button", "Save this selection")
    assert "The selection is kept" in main(browser)
    selected = {
        issue["key"]
        for issue in connected("issues", "--config", "tempo-sync.toml", "--json").json["issues"]
        if issue["selected"]
    }
    assert selected == {PTO, SICK, TRAINING, PERSONAL}

    day = datetime.now(UTC).date() + timedelta(days=3)
    plan = {"assigneeId": FRED, "assigneeType": "USER", "planItemId": "10240", "planItemType": "ISSUE",
            "startDate": day.isoformat(), "endDate": day.isoformat(), "plannedSecondsPerDay": 28800,
            "includeNonWorkingDays": True}  # fmt: skip
    site.tempo("POST", "/4/plans", plan, who="fred")
    press(browser, "button", "Preview")
    assert f"{day} 00:00-23:59" in main(browser)
    looks(browser, "run")
    press(browser, "button", "Apply")
    assert "Applied:" in main(browser)
    assert f"{day} 00:00-23:59" in main(browser)
    looks(browser, "rules")

    # The calendar, by keyboard alone.
    tab_to(browser, "Calendar")
    browser.switch_to.active_element.send_keys("\ue007")
    assert f"{datetime.now(UTC):%B %Y}" in main(browser)
    looks(browser, "calendar")
    browser.get(f"{url}/calendar?month={day:%Y-%m}&person={FRED}")
    cell = browser.find_element("css selector", f"time[datetime='{day}']").find_element("xpath", "./ancestor::td")
    assert "HR-1" in cell.text
    cell.find_element("css selector", "a").click()
    assert f"Rules of {day}" in main(browser)
    browser.back()
    press(browser, "a", "Next")
    press(browser, "a", "Previous")
    assert browser.current_url.endswith(f"/calendar?month={day:%Y-%m}&person={FRED}")

    press(browser, "a", "Access check")
    press(browser, "button", "Check everybody")
    assert "Add them to an appropriate Tempo team." in main(browser)
    looks(browser, "access")
    assert all(asked.startswith(url) for asked in asked_for(browser))
    assert [told for told in complaints(browser) if "403" not in told and "422" not in told] == []
