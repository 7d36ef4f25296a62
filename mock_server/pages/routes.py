"""All settings pages, in the order in which their modules stand."""

from mock_server.pages import (
    api_tokens,
    apps,
    audit_log,
    internal_issues,
    my_apps,
    oauth_applications,
    oauth_consent,
    permission_roles,
    planning_time,
    sign_in,
    staff,
    staff_actions,
    teams,
)
from mock_server.pages.page import Page
from mock_server.pages.serving import ServedPages

PAGES: tuple[Page, ...] = (
    *sign_in.PAGES,
    *api_tokens.PAGES,
    *oauth_applications.PAGES,
    *oauth_consent.PAGES,
    *permission_roles.PAGES,
    *audit_log.PAGES,
    *teams.PAGES,
    *internal_issues.PAGES,
    *planning_time.PAGES,
    *staff.PAGES,
    *staff_actions.PAGES,
    *apps.PAGES,
    *my_apps.PAGES,
)


class SettingsPages(ServedPages):
    """The pages below Settings."""

    pages = PAGES
