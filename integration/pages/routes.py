"""All pages, in the order of the menu."""

from __future__ import annotations

from integration.pages import connection, runs, time_accounts
from integration.pages.page import Page

PAGES: tuple[Page, ...] = (*connection.PAGES, *time_accounts.PAGES, *runs.PAGES)
