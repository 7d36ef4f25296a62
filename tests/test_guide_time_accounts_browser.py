"""The guide of time accounts, whole and by clicks: in the fake, then in the sync, until everybody's hours are there, and after.

Each function is a step of the guide, in its order; its docstring says which.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from .guide_browsing import LIMIT, Fake, Sync, fake, fill, main, named, press, row, sign_in, stage, to_page, told
from .mock_server.browsing import awaited, browser, complaints

pytestmark = pytest.mark.slow

__all__ = ["browser", "fake"]


class TimeAccounts:
    """The guide of time accounts, with one's own account of an administrator. url: of the pages of the sync."""

    def __init__(self, browser: Any, fake: Fake, address: str) -> None:
        self.browser, self.fake, self.address = browser, fake, address
        self.url = address.partition("/?")[0]

    def grant_permissions(self) -> None:
        """Granting permissions: as an admin, Permission Roles in Data Access, add, View Worklogs, Full, add the user."""
        browser = self.browser
        sign_in(browser, self.fake, "Fred Winston")
        to_page(browser, self.fake, "Data Access", "Permission Roles")
        add = named(browser, "a.button", "Add permission role")
        assert (add.rect["x"] > 800, add.rect["y"] < 250) == (True, True), "in the top right-hand corner"
        press(browser, "a", "Add permission role")
        fill(browser, "Name", "Time accounts")
        view = named(browser, "input[name=keys]", "View Worklogs")
        if not view.is_selected():
            view.click()
        assert named(browser, "input[name=access]", "Full").is_selected()
        fill(browser, "Add users", "fred")
        press(browser, "button", "Search for users")
        press(browser, "input[name=people]", "Fred Winston")
        stage(browser, "accounts-1-role")
        press(browser, "button.main", "Save")
        assert told(browser) == "The permission role Time accounts is added."
        columns = [head.text for head in browser.find_elements("css selector", ".matrix thead th")]
        at = columns.index("Time accounts")
        final = {
            line.find_element("css selector", "th").text: line.find_elements("css selector", "td")[at].text
            for line in browser.find_elements("css selector", ".matrix tbody tr")
        }
        assert (final["Role users"], final["Role access"]) == ("Fred Winston", "Full")
        assert "✓" in final["View Worklogs"]
        stage(browser, "accounts-1-final-outcome")

    def generate_token(self, *, shown: str = "") -> str:
        """Generating API token: same section, New Token at the top right, name, 5000 days, Custom Access, View worklogs."""
        browser = self.browser
        to_page(browser, self.fake, "Data Access", "API Integration")
        new = named(browser, "a.button", "New Token")
        assert (new.rect["x"] > 800, new.rect["y"] < 250) == (True, True), "at the top right"
        press(browser, "a", "New Token")
        fill(browser, "Name", "STAGIL User and Time Accounts")
        press(browser, "option", "5000")
        press(browser, "input[type=radio]", "Custom access")
        assert awaited(browser, browser, ".scopes input")[-1].accessible_name == "View worklogs", "at the bottom"
        press(browser, ".scopes input", "View worklogs")
        if shown:
            stage(browser, shown)
        press(browser, "button", "Confirm")
        token = str(awaited(browser, browser, "#token-text")[0].text)
        press(browser, "a", "Close")
        assert "View worklogs" in row(browser, "STAGIL", "Active")
        return token

    def connect(self, token: str, *, toggle: bool) -> None:
        """Configuration: toggle the switch, add the token and save."""
        browser = self.browser
        browser.get(self.address)
        press(browser, ".side a", "Connect to Tempo")
        if toggle:
            press(browser, "button", "Switch worklogs on")
            assert "The sync of worklogs is switched on." in told(browser)
        fill(browser, "API token of Tempo", token)
        press(browser, "input[type=radio]", "Worklogs")
        press(browser, "input[type=radio]", "So many days from today")
        fill(browser, "Days", "5000")
        press(browser, "main button.main", "Save")
        assert re.search(r"Connected: worklogs of \d+ (of \d+ )?people are seen", told(browser))

    def read_now(self) -> str:
        """Last runs -> Read worklogs now; what the page of the run says when it is over."""
        from selenium.webdriver.support.ui import WebDriverWait

        browser = self.browser
        browser.get(f"{self.url}/runs")
        press(browser, "button", "Read worklogs now")
        # The page looks again by itself until the run is over.
        WebDriverWait(browser, LIMIT).until(lambda _: browser.title.startswith("Worklogs were read"))
        return main(browser)

    def time_accounts(self) -> str:
        """The page of everybody's hours in the last quarter of a year."""
        browser = self.browser
        browser.get(self.url)
        press(browser, ".side a", "Time accounts")
        today = datetime.now(UTC).date()
        days = f"from={today - timedelta(days=80)}&to={today}"
        browser.get(f"{self.url}/time-accounts?{days}")
        return main(browser)

    def hours_are_of_everybody(self, token: str) -> None:
        """The aim: to read all the worklogs, and nothing else."""
        status, page = self.fake.curl("GET", "/4/worklogs?limit=5000", token=token)
        assert status == 200
        assert len({worklog["author"]["accountId"] for worklog in page["results"]}) > 5, "everybody's"
        assert self.fake.curl("GET", "/4/plans?from=2013-11-01&to=2013-11-30", token=token)[0] == 403
        assert "Tempo, full reading" in self.read_now()
        stage(self.browser, "accounts-2-read")
        said = self.time_accounts()
        assert all(name in said for name in ("Bob Johnson", "David Carsen", "Erica Jefferson", "Laura Penn"))
        assert not self.browser.find_elements("css selector", ".alarm, tr.nobodys")
        stage(self.browser, "accounts-2-time-accounts")

    def revoke(self, token: str) -> None:
        """ "If the connection does not work": the token is deleted in the fake."""
        to_page(self.browser, self.fake, "Data Access", "API Integration")
        press(self.browser, "a", "Delete STAGIL User and Time Accounts")
        press(self.browser, "button.danger", "Delete")
        assert told(self.browser) == "The token STAGIL User and Time Accounts is deleted."
        assert self.fake.curl("GET", "/4/worklogs", token=token)[0] == 401

    def the_fallback_is_seen(self) -> None:
        """Jira worklogs stand in, what was saved via Tempo is nobody's, and unlike the guide there is an alert."""
        browser = self.browser
        self.read_now()
        self.time_accounts()
        alarm = awaited(browser, browser, ".alarm[role=alert]")[0].text
        assert "How it ends" in alarm
        assert "Make a new token in Tempo" in alarm
        assert "Jira does not tell whose hours these are" in row(browser, "nobody's")
        stage(browser, "accounts-3-fallback")
        for title in ("Connect to Tempo", "Access check", "Preview and run", "Last runs"):
            press(browser, ".side a", title)
            assert browser.find_elements("css selector", ".alarm"), title
        stage(browser, "accounts-3-runs")


def test_the_guide_of_time_accounts(browser: Any, fake: Fake, tmp_path: Path) -> None:
    sync = Sync(tmp_path, fake)
    # For the switch to be toggled, as with an app that is new.
    sync.run("switch", "worklogs", "off")
    with sync.served() as address:
        guide = TimeAccounts(browser, fake, address)
        guide.grant_permissions()
        token = guide.generate_token(shown="accounts-1-new-token")
        guide.connect(token, toggle=True)
        stage(browser, "accounts-2-connected")
        guide.hours_are_of_everybody(token)
        guide.revoke(token)
        guide.the_fallback_is_seen()
        guide.connect(guide.generate_token(), toggle=False)
        guide.read_now()
        assert not browser.find_elements("css selector", ".alarm"), "the first run that reads Tempo again ends it"
        guide.time_accounts()
        assert not browser.find_elements("css selector", "tr.nobodys")
        assert complaints(browser) == []
