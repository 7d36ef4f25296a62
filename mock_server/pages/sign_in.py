"""Coming in and going out: by choosing a person where that is allowed, else by login name and password."""

import re

from flask import Response

from mock_server.domain.logins import checked
from mock_server.errors import NotLoggedIn
from mock_server.page_sessions import CONSENT_PATH
from mock_server.pages.page import Page
from mock_server.pages.visit import HOME, Visit
from mock_server.sites import NOTES_KEY
from mock_server.storage import people
from mock_server.storage.people import Login

MOST_PEOPLE = 50
"""People that the picker shows; a search finds the others."""

_NEXT = re.compile(r"/[a-z0-9/-]{1,200}(?:\?[!-~]{0,8000})?")
_TITLES = (
    ("administer", "Jira administrator"),
    ("tempo-administrator", "Tempo Administrator"),
    ("tempo-team-administrator", "Tempo Team Administrator"),
    ("tempo-account-administrator", "Tempo Account Administrator"),
)


def go_home(visit: Visit) -> Response:
    """To the first page"""
    return visit.go(HOME)


def show_sign_in(visit: Visit) -> Response:
    """Whom to be, or a form for name and password"""
    return _form(visit)


def sign_in(visit: Visit) -> Response:
    """Begin a session with a new cookie, whatever the browser had before"""
    name = visit.form.get("name", "")
    found: Login | None
    if visit.may_pick:
        found = people.login_by_name(visit.store, name)
        if found is None or not found.person.active:
            return _form(visit, "Nobody active has this name any more; choose somebody else.", 400)
    else:
        try:
            found = checked(visit.store, name, visit.form.get("password", ""))
        except NotLoggedIn as error:
            visit.request.environ[NOTES_KEY] = [str(error)]
            return _form(visit, "This login name and password do not belong together.", 401)
    visit.own_headers.update(_headers(visit))
    sessions = visit.site.page_sessions
    sessions.end(visit.cookie)
    response = visit.go(_next(visit.form.get("next", "")))
    visit.set_cookie(response, sessions.begin(found.person.id, found.password_hash))
    return response


def sign_out(visit: Visit) -> Response:
    """End the session here and in the browser"""
    visit.site.page_sessions.end(visit.cookie)
    response = visit.go("/sign-in")
    response.delete_cookie(visit.cookie_name, path=visit.address(""), httponly=True, samesite="Lax")
    return response


def _form(visit: Visit, error: str = "", status: int = 200) -> Response:
    following = _next(visit.request.values.get("next", ""))
    visit.own_headers.update(_headers(visit))
    if not visit.may_pick:
        return visit.show("password.html", status, error=error, following=following, name=visit.form.get("name", ""))
    search = visit.request.args.get("search", "")
    found = people.search(visit.store, search, (1,), 0, MOST_PEOPLE + 1)
    shown = [(person, _titles(visit, person.id)) for person in found[:MOST_PEOPLE]]
    has_more = len(found) > MOST_PEOPLE
    return visit.show("picker.html", status, error=error, following=following, people=shown, search=search, has_more=has_more)


def _headers(visit: Visit) -> dict[str, str]:
    """Whoever is on the way to consent stands in a window that an application opened and listens to."""
    is_asked = visit.request.values.get("next", "").startswith(f"{CONSENT_PATH}?")
    return {"Cross-Origin-Opener-Policy": "unsafe-none"} if is_asked else {}


def _titles(visit: Visit, person_id: int) -> str:
    held = people.global_permissions(visit.store, person_id)
    return ", ".join(title for permission, title in _TITLES if permission in held)


def _next(path: str) -> str:
    """The page to go to, as it was asked for; only ever one of ours."""
    return path if _NEXT.fullmatch(path) else HOME


PAGES = (
    Page("GET", "/sign-in", show_sign_in, is_open=True),
    Page("POST", "/sign-in", sign_in, is_open=True),
    Page("POST", "/sign-out", sign_out, is_open=True),
    Page("GET", "/", go_home),
)
