"""Connect to Tempo: the switch of each sync, and the token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration.pages.page import Page

if TYPE_CHECKING:
    from flask import Response

    from integration.pages.visit import Visit


def _home(visit: Visit) -> Response:
    return visit.go("/connection")


def _show(visit: Visit) -> Response:
    return visit.show("connection.html")


PAGES = (Page("GET", "/", _home), Page("GET", "/connection", _show, "Connect to Tempo"))
