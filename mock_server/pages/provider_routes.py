"""The pages of the providers, and who may open them: whoever may do anything to this server."""

from collections.abc import Mapping
from typing import Any

from flask import Response

from mock_server.errors import Refused
from mock_server.pages import provider_accounts, provider_administration
from mock_server.pages.page import Page
from mock_server.pages.provider_visit import ProviderVisit
from mock_server.pages.serving import STALE, ServedPages
from mock_server.pages.visit import Visit

PAGES: tuple[Page, ...] = (*provider_administration.PAGES, *provider_accounts.PAGES)

_ELSEWHERE = (
    "The pages of providers are for whoever runs this server: open them on its machine, or start it with --open-control."
)


class ProviderPages(ServedPages):
    """The pages below Providers."""

    pages = PAGES
    visits = ProviderVisit
    author = "providers"
    home = "To the providers"
    around = "provider_page.html"

    def opened(self, page: Page, visit: Visit, values: Mapping[str, Any]) -> Response:
        """The answer of a page for whoever the control routes answer. Raises ``Refused`` for others and for stray forms."""
        if not visit.has_control:
            raise Refused(_ELSEWHERE)
        if page.method == "POST" and not visit.has_form_key:
            raise Refused(STALE)
        return page.view(visit, **values)
