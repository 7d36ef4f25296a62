"""OAuth applications, as an administrator would make them on the settings page: ``/_mock/oauth-applications``."""

from flask import Response

from mock_server.control.dialect import json_answer, read_object, site, text
from mock_server.domain import api_tokens, oauth_applications
from mock_server.domain.logins import actor_of
from mock_server.errors import Invalid, Refused
from mock_server.moments import moment_text
from mock_server.oauth_application_bean import oauth_application_bean, told_once
from mock_server.storage import oauth_applications as application_rows
from mock_server.storage.store import Author


def list_oauth_applications() -> Response:
    """Every application of the site, without its secret."""
    store = site().shown
    with store.reading():
        return json_answer([oauth_application_bean(application) for application in application_rows.every(store)])


def create_oauth_application() -> Response:
    """``{"person", "name", "redirectUris", "clientType"?, "scopes"?}``. The answer has the secret, for once.

    The person holds all four kinds of administration; without scopes the application may do all there is.
    """
    body = read_object(("person", "name", "redirectUris", "clientType", "scopes"))
    uris, scopes = body.get("redirectUris"), body.get("scopes")
    for name, value in (("redirectUris", uris if uris is not None else []), ("scopes", scopes if scopes is not None else [])):
        if not (isinstance(value, list) and all(isinstance(one, str) for one in value)):
            raise Invalid(f"{name} is a list of texts.")
    name, client_type = text(body, "name") or "", text(body, "clientType") or "confidential"
    found = site()
    store, now = found.store, found.clock.now()
    with store.transaction(Author("control", "control", "create_oauth_application", moment_text(now))):
        administrator = actor_of(store, api_tokens.owner_named(store, text(body, "person")))
        try:
            made = oauth_applications.create(
                store, administrator, name, uris or (), now, client_type=client_type, scopes=scopes
            )
        except Refused as refused:
            # Whoever asks here may; it is the person they name who may not.
            raise Invalid(str(refused)) from None
    return json_answer(told_once(made), 201)


def delete_oauth_application(application_id: int) -> Response:
    """Delete an application; every token it was given is worth nothing from now on."""
    found = site()
    store = found.store
    with store.transaction(Author("control", "control", "delete_oauth_application", moment_text(found.clock.now()))):
        oauth_applications.remove(store, application_id)
    return Response(status=204)
