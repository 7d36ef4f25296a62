"""OAuth 2.0 Applications: made by whoever holds all four kinds of administration (help page on OAuth 2.0)."""

from collections.abc import Mapping
from typing import NamedTuple

from flask import Response

from mock_server.domain import oauth_applications
from mock_server.domain.oauth_applications import CLIENT_TYPES
from mock_server.errors import Invalid
from mock_server.groups import AUTHORIZE, OAUTH
from mock_server.origin import origin_of
from mock_server.pages.page import Page, for_all_administrators
from mock_server.pages.paging import paging
from mock_server.pages.visit import Visit
from mock_server.storage import oauth_applications as rows
from mock_server.storage.oauth_applications import OAuthApplication

LIST = "/oauth-applications"
MOST_SHOWN = 3
"""Redirect URIs of an application that the list shows."""

_TYPES = (
    ("confidential", "Confidential", "A server that keeps the secret to itself; it sends the secret for every token."),
    ("public", "Public", "An app or a page in a browser, where anybody could read the secret; it sends none."),
)


class Row(NamedTuple):
    """An application as the list shows it. ``more`` are its redirect URIs beyond those shown."""

    application: OAuthApplication
    redirect_uris: list[str]
    more: int


def list_applications(visit: Visit) -> Response:
    """Every application of the site, the newest first"""
    place = paging(visit.request.args, rows.count(visit.store))
    found = [_row(application) for application in rows.newest(visit.store, place.offset, place.per_page)]
    return visit.show("oauth_applications.html", rows=found, paging=place)


def show_new_application(visit: Visit) -> Response:
    """The form for a new application"""
    return _form(visit, None, {"type": CLIENT_TYPES[0]})


def create_application(visit: Visit) -> Response:
    """Make an application and go to its credentials, which show the secret this once"""
    form = visit.form
    name, uris, client_type = _given(form)
    try:
        made = oauth_applications.create(visit.store, visit.actor, name, uris, visit.now, client_type=client_type)
    except Invalid as error:
        return _form(visit, None, form, error.fields)
    return visit.show_once(f"{LIST}/{made.application.id}/credentials", made.secret)


def show_credentials(visit: Visit, application_id: int) -> Response:
    """The client id, the secret if it was made a moment ago, and the addresses that a client needs"""
    root = f"{origin_of(visit.request.environ)}{visit.root}"
    addresses = (
        ("Authorization address", f"{root}{AUTHORIZE}"),
        ("Token address", f"{root}{OAUTH}/token/"),
        ("Address to revoke", f"{root}{OAUTH}/revoke_token/"),
    )
    application = oauth_applications.get(visit.store, application_id)
    return visit.show("oauth_credentials.html", application=application, secret=visit.take_secret(), addresses=addresses)


def show_new_secret(visit: Visit, application_id: int) -> Response:
    """Whether it is meant: the present secret is worth nothing afterwards"""
    return visit.show("oauth_secret.html", application=oauth_applications.get(visit.store, application_id))


def renew_secret(visit: Visit, application_id: int) -> Response:
    """Another secret, shown this once"""
    secret = oauth_applications.renew_secret(visit.store, oauth_applications.get(visit.store, application_id))
    return visit.show_once(f"{LIST}/{application_id}/credentials", secret)


def show_edit(visit: Visit, application_id: int) -> Response:
    """The form with what the application has"""
    application = oauth_applications.get(visit.store, application_id)
    uris = application.redirect_uris.replace(" ", "\n")
    return _form(visit, application, {"name": application.name, "uris": uris, "type": application.client_type})


def edit_application(visit: Visit, application_id: int) -> Response:
    """Another name, other redirect URLs, another client type"""
    application, form = oauth_applications.get(visit.store, application_id), visit.form
    try:
        changed = oauth_applications.change(visit.store, application, *_given(form))
    except Invalid as error:
        return _form(visit, application, form, error.fields)
    visit.signed_in.tell(f"The application {changed.name} is saved.")
    return visit.go(LIST)


def show_delete(visit: Visit, application_id: int) -> Response:
    """Whether it is meant: its tokens stop working"""
    return visit.show("oauth_delete.html", application=oauth_applications.get(visit.store, application_id))


def delete_application(visit: Visit, application_id: int) -> Response:
    """Delete an application with all that people granted it"""
    application = oauth_applications.get(visit.store, application_id)
    oauth_applications.remove(visit.store, application_id)
    visit.signed_in.tell(f"The application {application.name} is deleted, and its tokens are worth nothing.")
    return visit.go(LIST)


def _row(application: OAuthApplication) -> Row:
    uris = application.redirect_uris.split()
    return Row(application, uris[:MOST_SHOWN], max(0, len(uris) - MOST_SHOWN))


def _given(form: Mapping[str, str]) -> tuple[str, list[str], str]:
    """Name, redirect URIs and client type, as the form was sent."""
    lines = (line.strip() for line in form.get("uris", "").splitlines())
    return form.get("name", "").strip(), [line for line in lines if line], form.get("type", "")


def _form(
    visit: Visit, application: OAuthApplication | None, shown: Mapping[str, str], errors: Mapping[str, str] | None = None
) -> Response:
    return visit.show(
        "oauth_application_form.html",
        400 if errors else 200,
        application=application,
        name=shown.get("name", ""),
        uris=shown.get("uris", ""),
        chosen=shown.get("type", ""),
        types=_TYPES,
        errors=errors or {},
    )


_RIGHT = for_all_administrators
PAGES = (
    Page("GET", LIST, list_applications, right=_RIGHT),
    Page("GET", f"{LIST}/new", show_new_application, right=_RIGHT),
    Page("POST", f"{LIST}/new", create_application, writes=True, right=_RIGHT),
    Page("GET", f"{LIST}/<id:application_id>/credentials", show_credentials, right=_RIGHT),
    Page("GET", f"{LIST}/<id:application_id>/secret", show_new_secret, right=_RIGHT),
    Page("POST", f"{LIST}/<id:application_id>/secret", renew_secret, writes=True, right=_RIGHT),
    Page("GET", f"{LIST}/<id:application_id>/edit", show_edit, right=_RIGHT),
    Page("POST", f"{LIST}/<id:application_id>/edit", edit_application, writes=True, right=_RIGHT),
    Page("GET", f"{LIST}/<id:application_id>/delete", show_delete, right=_RIGHT),
    Page("POST", f"{LIST}/<id:application_id>/delete", delete_application, writes=True, right=_RIGHT),
)
