"""All pages, in the order of the menu."""

from __future__ import annotations

from integration.pages import access, connection, issues, rules, run, runs, time_accounts, worklog_access
from integration.pages.page import Page

PAGES: tuple[Page, ...] = (
    *connection.PAGES, *issues.PAGES, *access.PAGES, *worklog_access.PAGES, *run.PAGES, *rules.PAGES, *time_accounts.PAGES,
    *runs.PAGES,
)  # fmt: skip
