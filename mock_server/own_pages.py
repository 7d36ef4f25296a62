"""The fake's own pages: every one of them, and the console, lead newcomers to all the others."""

from html import escape
from typing import NamedTuple

from mock_server.host import CONTEXT
from mock_server.page_sessions import PROVIDER_PAGES, SETTINGS_PAGES

CONTROL = "/_mock"
REST_BROWSER = f"{CONTEXT}/plugins/servlet/restbrowser"
OPENAPI = f"{REST_BROWSER}/openapi.json"
JOURNAL = f"{CONTROL}/journal"


class OwnPage(NamedTuple):
    """A page below the root of a site."""

    path: str
    title: str


def own_pages(has_control: bool) -> tuple[OwnPage, ...]:
    """Those that a visitor can open; ``has_control`` tells whether the control routes answer them."""
    found = (
        OwnPage("/", "Home page"),
        OwnPage(f"{SETTINGS_PAGES}/", "Settings pages"),
        OwnPage(REST_BROWSER, "REST browser"),
        OwnPage(OPENAPI, "OpenAPI document"),
    )
    return (*found, OwnPage(JOURNAL, "Journal"), OwnPage(f"{PROVIDER_PAGES}/", "Providers")) if has_control else found


def links(root: str, has_control: bool, here: str) -> str:
    """The same as HTML, without the page at the path ``here``. ``root`` is the path of the site's root."""
    shown = (page for page in own_pages(has_control) if page.path != here)
    return " ".join(f'<a href="{escape(root + page.path)}">{page.title}</a>' for page in shown)
