"""The guide of out-of-office rules, whole and by clicks: in the fake, then in the sync, until a plan is a rule.

Each function is a step of the guide, in its order; its docstring says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from .guide_browsing import Fake, Sync, fake, fill, main, named, press, row, sign_in, stage, to_page, told
from .mock_server.browsing import awaited, browser, complaints
from .mock_server.settings_browsing import CLIPBOARD

pytestmark = pytest.mark.slow

__all__ = ["browser", "fake"]

PTO, SICK, TRAINING, PERSONAL = ("HR-1", "HR-2", "HR-3", "HR-4")
WORK = "CLOUD-10"
NO_PROJECT_OF_MOST = "SAFE-1"
"""An issue of a project on which only a few may work."""

OOO = "Out of Office Assistant Integration"
TEAM = "Cloud Development"
DAVID, JOHN = ("5b10a2844c20165700ede224", "5b10a2844c20165700ede221")
RITA = "712020:2d9073e4-99cc-4f20-9f65-8b3b2e4c1033"
DAVIDS, ERICAS, RITAS = (f"demo-token-of-{name}-not-a-secret" for name in ("david", "erica", "rita"))
PTO_ID, SICK_ID, NO_PROJECT_OF_MOST_ID = ("10240", "10241", "10220")


class OutOfOffice:
    """The guide of absences. url: of the pages of the sync."""

    def __init__(self, browser: Any, fake: Fake, address: str) -> None:
        self.browser, self.fake, self.address = browser, fake, address
        self.url = address.partition("/?")[0]
        self.token = ""
        self.day = datetime.now(UTC).date() + timedelta(days=3)

    def generate_token(self, *, shown: str = "") -> str:
        """Step 1: Settings -> API Integration -> New API Token: name, Full Access, 365 days; confirm; copy, shown only once."""
        browser = self.browser
        sign_in(browser, self.fake, "Fred Winston")
        to_page(browser, self.fake, "Settings", "API Integration")
        press(browser, "a", "New API Token")
        fill(browser, "Name", OOO)
        press(browser, "input[type=radio]", "Full access")
        press(browser, "option", "365")
        if shown:
            stage(browser, f"{shown}-new-token")
        press(browser, "button", "Confirm")
        token = str(awaited(browser, browser, "#token-text")[0].text)
        if shown:
            stage(browser, f"{shown}-token-once")
            permissions = ["clipboardReadWrite", "clipboardSanitizedWrite"]
            browser.execute_cdp_cmd("Browser.grantPermissions", {"origin": self.fake.url, "permissions": permissions})
            named(browser, "button", "Copy the token").click()
            awaited(browser, browser, ".said:not(:empty)")
            assert browser.execute_async_script(CLIPBOARD) == token
        browser.refresh()
        assert token not in browser.page_source, "shown only once"
        press(browser, "a", "Close")
        assert "Full access" in row(browser, OOO, "Active")
        return token

    def make_an_issue_of_work_internal(self) -> None:
        """Step 2, Internal Issue Configuration: "in Tempo is available in the settings". One of them is for work."""
        browser = self.browser
        to_page(browser, self.fake, "Configuration", "Internal Issues")
        self.add_internal_issue(WORK)
        for key in (PTO, SICK, TRAINING, PERSONAL, WORK):
            assert row(browser, key)
        stage(browser, "ooo-2-internal-issues-in-the-fake")

    def add_internal_issue(self, key: str) -> None:
        press(self.browser, "a", "Add internal issue")
        fill(self.browser, "Issue", key)
        press(self.browser, "button", "Save")
        assert told(self.browser) == f"{key} is an internal issue now."

    def connect(self) -> None:
        """Step 2: Locate "Connect to Tempo", paste the token, confirm the connection."""
        browser = self.browser
        browser.get(self.address)
        press(browser, ".side a", "Connect to Tempo")
        assert "Not connected yet" in main(browser)
        self.paste(self.token)
        assert re.search(r"Connected: plans of \d+ of \d+ people are seen", told(browser))
        assert "ends in 365 days" in main(browser)
        stage(browser, "ooo-2-connected")

    def paste(self, token: str) -> None:
        fill(self.browser, "API token of Tempo", token)
        press(self.browser, "input[type=radio]", "Absences")
        press(self.browser, "input[type=radio]", "So many days from today")
        fill(self.browser, "Days", "365")
        press(self.browser, "button", "Save")

    def choose_issues(self, *keys: str, shown: str = "") -> None:
        """Step 2: all internal issues are displayed; choose those that trigger rules; it applies to all; save."""
        browser = self.browser
        self.to_sync("Internal issues")
        boxes = awaited(browser, browser, "input[name=issue]")
        assert {box.get_attribute("value") for box in boxes} >= {PTO, SICK, TRAINING, PERSONAL, WORK}
        for box in boxes:
            if box.is_selected() != (box.get_attribute("value") in keys):
                box.click()
        press(browser, "button", "Show what this changes")
        assert f"Selected would be: {', '.join(keys)}." in main(browser)
        if shown:
            stage(browser, shown)
        press(browser, "button", "Save this selection")
        assert "The selection is kept, for everybody." in told(browser)

    def to_sync(self, title: str) -> None:
        self.browser.get(self.url)
        press(self.browser, ".side a", title)

    def check(self, person: str, account_id: str = "") -> str:
        """What the access check of the sync says of somebody."""
        self.to_sync("Access check")
        fill(self.browser, "Person", account_id or person)
        press(self.browser, "main button", "Check")
        return row(self.browser, person)

    def plan(self, token: str, person: str = DAVID, issue: str = PTO_ID, days: int = 0) -> tuple[int, str]:
        """Plan a whole day by curl: status, and the message where it is refused."""
        day = (self.day + timedelta(days=days)).isoformat()
        body = {"assigneeId": person, "assigneeType": "USER", "planItemId": issue, "planItemType": "ISSUE", "startDate": day,
                "endDate": day, "plannedSecondsPerDay": 28800, "includeNonWorkingDays": True}  # fmt: skip
        status, answer = self.fake.curl("POST", "/4/plans", body, token)
        return status, "" if status == 200 else str(answer["errors"][0]["message"])

    def verify_teams(self) -> None:
        """Step 3, Team Assignment Verification: who is in a team, its internal issues, and that the integration is there."""
        browser = self.browser
        self.to_team()
        assert "Current" in row(browser, "David Carsen")
        issues = awaited(browser, browser, "section[aria-labelledby=issues]")[0].text
        assert all(key in issues for key in (PTO, SICK, TRAINING, PERSONAL))
        stage(browser, "ooo-3-team")
        assert self.plan(DAVIDS, days=30)[0] == 200, "test user access to time planning features"
        said = self.check("David Carsen")
        assert "has HR-1, HR-2, HR-3, HR-4" in said
        assert "Nothing is in the way." in said
        stage(browser, "ooo-3-visible")

    def to_team(self) -> None:
        to_page(self.browser, self.fake, "Teams", "Teams")
        press(self.browser, "main a", TEAM)

    def user_not_in_a_team(self) -> None:
        """Access Troubleshooting: User not in Tempo team -> No integration access. Add users to appropriate Tempo teams."""
        browser = self.browser
        self.to_team()
        press(browser, "a", "Remove David Carsen")
        press(browser, "button", "Remove")
        said = self.check("David Carsen")
        assert "lacks" in said
        assert "Is in no Tempo team" in said
        assert "Add them to an appropriate Tempo team." in said
        stage(browser, "ooo-4-not-in-a-team")
        refused = self.plan(DAVIDS, issue=SICK_ID)
        assert refused == (400, "The internal issue HR-2 is not assigned to a team of this user")
        self.to_team()
        press(browser, "a", "Add member")
        fill(browser, "Find a person", "david")
        press(browser, "main button", "Search")
        press(browser, "a.person", "David Carsen")
        press(browser, "button", "Add")
        assert told(browser) == f"David Carsen is added to {TEAM}."
        assert "Nothing is in the way." in self.check("David Carsen")

    def issue_not_assigned(self) -> None:
        """Access Troubleshooting: issue not assigned to team -> Cannot create plans. Assign internal issues to user teams."""
        browser = self.browser
        self.tick_teams(PTO, "GreenCloud")
        said = self.check("David Carsen")
        assert "HR-1 is not assigned to a team of theirs: they cannot plan on it." in said
        assert "Assign the internal issue to a team they are in." in said
        stage(browser, "ooo-4-issue-not-assigned")
        assert self.plan(DAVIDS) == (400, "The internal issue HR-1 is not assigned to a team of this user")
        self.tick_teams(PTO, TEAM)
        assert row(browser, PTO, "GreenCloud", TEAM)
        assert "Nothing is in the way." in self.check("David Carsen")

    def tick_teams(self, key: str, team: str) -> None:
        to_page(self.browser, self.fake, "Configuration", "Internal Issues")
        press(self.browser, "a", f"Change teams of {key}")
        press(self.browser, "input[name=teams]", team)
        press(self.browser, "button", "Save")

    def insufficient_permissions(self) -> None:
        """Access Troubleshooting: Insufficient Tempo permissions -> Cannot plan time. Grant time planning permissions."""
        browser = self.browser
        # In Jira: a project on whose issues they may not work.
        to_page(browser, self.fake, "Configuration", "Internal Issues")
        self.add_internal_issue(NO_PROJECT_OF_MOST)
        self.choose_issues(PTO, SICK, TRAINING, PERSONAL, NO_PROJECT_OF_MOST)
        said = self.check("David Carsen")
        assert f"Has no permission to work on {NO_PROJECT_OF_MOST}: they cannot plan time on it." in said
        assert "Grant time planning permissions" in said
        stage(browser, "ooo-4-no-permission")
        assert self.plan(DAVIDS, issue=NO_PROJECT_OF_MOST_ID) == (400, "Issue not found")
        assert "Has no permission to work on HR-1" in self.check("Rita", RITA)
        refused = self.plan(RITAS, RITA)
        assert refused == (400, "The user lacks the permission Work On Issues in the project of this plan")
        # Rights in Jira have no page here: plan on issues of a project on which they may.
        self.choose_issues(PTO, SICK, TRAINING, PERSONAL)
        assert "Nothing is in the way." in self.check("David Carsen")
        # In Tempo: whoever plans for others.
        assert self.plan(ERICAS, JOHN) == (400, "You do not have the permission Manage Plans for this user")
        to_page(browser, self.fake, "Data Access", "Permission Roles")
        press(browser, "a", "Add permission role")
        fill(browser, "Name", "Planning")
        for permission in ("View Plans", "Manage Plans"):
            box = named(browser, "input[name=keys]", permission)
            if not box.is_selected():
                box.click()
        fill(browser, "Add users", "erica")
        press(browser, "button", "Search for users")
        press(browser, "input[name=people]", "Erica Jefferson")
        press(browser, "button.main", "Save")
        assert told(browser) == "The permission role Planning is added."
        assert self.plan(ERICAS, JOHN)[0] == 200

    def token_expired(self) -> None:
        """Access Troubleshooting: Token expired -> Integration stops working. Renew API tokens.

        The sync lives today, so the fake goes back: a token made a year ago ends today.
        """
        browser = self.browser
        today = datetime.now(UTC).date()
        assert self.fake.curl("PUT", "/_mock/clock", {"now": f"{today - timedelta(days=365)}T00:00Z", "frozen": True})[0] == 200
        token = self.generate_token()
        assert str(today) in row(browser, OOO, str(today))
        self.to_sync("Connect to Tempo")
        fill(browser, "API token of Tempo", token)
        press(browser, "input[type=radio]", "Until a day")
        browser.execute_script(f"document.getElementById('day').value = '{today}'")
        press(browser, "button", "Save")
        assert "Connected" in told(browser)
        assert "works" in self.token_in_the_check()
        assert self.fake.curl("PUT", "/_mock/clock", {"now": None})[0] == 200
        said = self.token_in_the_check()
        assert "does not work" in said
        assert f"The token expired on {today}" in said
        stage(browser, "ooo-4-token-expired")
        to_page(browser, self.fake, "Settings", "API Integration")
        assert str(today) in row(browser, OOO, "Expired")
        stage(browser, "ooo-4-token-expired-in-the-fake")
        self.token = self.generate_token()
        self.to_sync("Connect to Tempo")
        self.paste(self.token)
        assert "ends in 365 days" in main(browser)
        assert "Nothing is in the way." in self.check("David Carsen")

    def token_in_the_check(self) -> str:
        self.check("David Carsen")
        return str(awaited(self.browser, self.browser, "main dl dd")[0].text)

    def a_plan_becomes_a_rule(self) -> None:
        """What it is all for: time off that somebody plans for themselves becomes a rule."""
        browser = self.browser
        assert self.plan(DAVIDS) == (200, "")
        self.to_sync("Preview and run")
        press(browser, "main button", "Preview")
        assert f"{self.day} 00:00-23:59" in main(browser)
        stage(browser, "ooo-5-preview")
        press(browser, "button", "Apply")
        assert "Applied:" in told(browser)
        assert "HR-1" in row(browser, "David Carsen", f"{self.day} 00:00-23:59")
        stage(browser, "ooo-5-rules")
        press(browser, "main a", "Calendar")
        if self.day.month != datetime.now(UTC).month:
            press(browser, "main a", "Next")
        cell = awaited(browser, browser, f"time[datetime='{self.day}']")[0].find_element("xpath", "./ancestor::td")
        assert "David Carsen" in cell.text
        assert "HR-1" in cell.text
        stage(browser, "ooo-5-calendar")


@pytest.fixture
def out_of_office(browser: Any, fake: Fake, tmp_path: Path) -> Iterator[OutOfOffice]:
    """The sync, not connected yet, beside the fake."""
    sync = Sync(tmp_path, fake, (PTO, SICK, TRAINING, PERSONAL, NO_PROJECT_OF_MOST))
    with sync.served() as address:
        yield OutOfOffice(browser, fake, address)


def test_the_guide_of_out_of_office(out_of_office: OutOfOffice) -> None:
    guide = out_of_office
    guide.token = guide.generate_token(shown="ooo-1")
    guide.make_an_issue_of_work_internal()
    guide.connect()
    guide.choose_issues(PTO, SICK, TRAINING, PERSONAL, shown="ooo-2-choose")
    guide.verify_teams()
    guide.user_not_in_a_team()
    guide.issue_not_assigned()
    guide.insufficient_permissions()
    guide.token_expired()
    guide.a_plan_becomes_a_rule()
    assert complaints(guide.browser) == []
