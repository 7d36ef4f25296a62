"""Audit Log: who changed what in Tempo, for Tempo Administrators (help page on it).

Published are who reads it, that it has date, person, category and action, opens to what was changed and keeps 180 days. What
it holds is told in ``domain.audit_log``; that it is searched by person, category, action and days is a guess.
"""

from flask import Response

from mock_server.domain import audit_log
from mock_server.domain.audit_log import CATEGORIES, Asked, Page
from mock_server.domain.papertrail import DAYS_KEPT
from mock_server.domain.papertrail_fields import ACTIONS
from mock_server.errors import Invalid
from mock_server.pages import page
from mock_server.pages.page import for_tempo_administrators
from mock_server.pages.paging import PER_PAGE
from mock_server.pages.visit import Visit

PATH = "/audit-log"


def show_audit_log(visit: Visit) -> Response:
    """The changes that are asked for, the newest first"""
    given = visit.request.args
    asked = Asked(*(given.get(name, "").strip() for name in Asked._fields))
    errors: dict[str, str] = {}
    found = Page([], None, None)
    try:
        found = audit_log.page(visit.store, asked, given.get("newer"), given.get("older"), PER_PAGE, visit.now)
    except Invalid as error:
        if not error.fields.keys() <= set(Asked._fields):
            raise Invalid("This part of the log has another address now. Begin at its first page.") from None
        errors = dict(error.fields)
    return visit.show(
        "audit_log.html",
        400 if errors else 200,
        asked=asked,
        kept={name: value for name, value in asked._asdict().items() if value},
        errors=errors,
        found=found,
        categories=CATEGORIES.items(),
        actions=[(name, name) for name in ACTIONS],
        days_kept=DAYS_KEPT,
    )


PAGES = (page.Page("GET", PATH, show_audit_log, right=for_tempo_administrators),)
