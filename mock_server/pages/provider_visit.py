"""A visit to a provider's own administration: the world outside of Jira, where nobody of it is signed in."""

from typing import Any, ClassVar

from flask import Response

from mock_server.domain.providers.discovery import every
from mock_server.page_sessions import PROVIDER_PAGES, PageSessions
from mock_server.pages.visit import Visit
from mock_server.storage.store import Store

_NOBODY = 0
"""Stands for a person in a session of nobody in particular; no row has this id."""


class ProviderVisit(Visit):
    """A visit with a cookie for these pages alone, which stands for a browser and for nobody of the world."""

    prefix: ClassVar[str] = PROVIDER_PAGES
    cookie_stem: ClassVar[str] = "tempo_mock_providers"

    @property
    def sessions(self) -> PageSessions:
        """Those of these pages; one of the settings pages opens nothing here, nor the other way round."""
        return self.site.provider_sessions

    @property
    def has_form_key(self) -> bool:
        """Whether the form was made for this cookie, and by this server."""
        return self.session is not None and super().has_form_key

    def hold(self, store: Store) -> None:
        """Take the world, and what is kept for this browser."""
        self._store = store
        self.session = self.sessions.find(self.cookie) if self.cookie else None

    def show(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page, beside which all providers stand."""
        return super().show(template, status, providers=tuple(every().values()), **values)

    def meet(self) -> bool:
        """Begin to keep something for a browser that nothing is kept for; answers whether that was so."""
        if self.session is not None:
            return False
        self.cookie = self.sessions.begin(_NOBODY, None)
        self.session = self.sessions.find(self.cookie)
        return True
