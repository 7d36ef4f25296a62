"""The two published addresses of the consent page, which lead to it with all that was asked."""

from urllib.parse import quote

from flask import Flask, Response, request

from mock_server.groups import AUTHORIZE, CONSENT
from mock_server.origin import origin_of
from mock_server.page_sessions import CONSENT_PAGE


def add_to(app: Flask) -> None:
    """Route them."""
    for path, view in ((AUTHORIZE, go_to_published_page), (CONSENT, go_to_page)):
        app.add_url_rule(path, view_func=view, methods=["GET"], strict_slashes=False)


def go_to_published_page() -> Response:
    """From where an application sends people to where the page stood inside Jira"""
    return _lead_to(CONSENT)


def go_to_page() -> Response:
    """From there to the page, which stands among those that know who is signed in"""
    return _lead_to(CONSENT_PAGE)


def _lead_to(path: str) -> Response:
    query = quote(request.query_string, safe="%!#$&'()*+,/:;=?@[]~-._")
    address = f"{origin_of(request.environ)}{request.root_path}{path}{f'?{query}' if query else ''}"
    # Without a body: what stands in the address is for whoever asked, and for no log.
    headers = {"Location": address, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    response = Response(status=302, headers=headers)
    response.autocorrect_location_header = False
    del response.headers["Content-Type"]
    return response
