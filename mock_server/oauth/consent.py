"""The page on which somebody lets an application act for them. It signs nobody in: whoever it shall be is picked on it."""

import hmac
import re
import secrets
from html import escape
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from flask import Flask, Request, Response, request

from mock_server.domain import oauth_applications, oauth_grants
from mock_server.domain.oauth_refusals import OAuthError, OAuthRefused
from mock_server.domain.people import find
from mock_server.groups import AUTHORIZE, CONSENT
from mock_server.moments import moment_text
from mock_server.origin import origin_of
from mock_server.sites import ACTOR_KEY, NOTES_KEY, SITE_KEY, Site
from mock_server.storage import people
from mock_server.storage.oauth_applications import OAuthApplication
from mock_server.storage.people import Person
from mock_server.storage.store import Author, Store

COOKIE = "tempo-mock-consent"
MOST_SUGGESTED = 500
"""People whose names the page suggests; everybody else is typed."""

_TEXT = re.compile(r"[A-Za-z0-9_-]{43}")
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<style nonce="{nonce}">
:root {{ color-scheme: light dark }}
body {{ font: 1rem/1.5 sans-serif; margin: 2rem auto; max-width: 36rem; padding: 0 1rem }}
input, button {{ font: inherit; padding: .4rem .7rem }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""
_FORM = """<p><strong>{name}</strong> asks to act for you in this stand-in for Tempo, with the scopes below. You are sent on to
<code>{address}</code>.</p>
<ul>
{scopes}
</ul>
{problem}<form method="post">
<input type="hidden" name="csrf_token" value="{token}">
<p><label for="person">Who you are (login name)</label><br>
<input id="person" name="person" value="{person}" list="people" autocomplete="off"></p>
<datalist id="people">
{people}
</datalist>
<p><button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></p>
</form>
"""


class Asked(NamedTuple):
    """What an application asks of somebody: to act for them with these scopes, the answer to be sent to ``redirect_uri``."""

    application: OAuthApplication
    redirect_uri: str
    scopes: str
    state: str | None


class SentBack(Exception):  # noqa: N818 - a decision, not a failure
    """What is asked cannot be: the client is told so, at its redirect URI."""

    def __init__(self, address: str, why: str) -> None:
        super().__init__(why)
        self.address = address


def add_to(app: Flask) -> None:
    """Route the page, and the address that leads to it."""
    for path, view, method in ((AUTHORIZE, go_to_page, "GET"), (CONSENT, show_page, "GET"), (CONSENT, decide, "POST")):
        app.add_url_rule(path, view_func=view, methods=[method], strict_slashes=False)


def go_to_page() -> Response:
    """Lead to the page, with all that was asked."""
    query = request.query_string.decode("latin-1")
    return _sent_to(f"{origin_of(request.environ)}{request.root_path}{CONSENT}{f'?{query}' if query else ''}")


def show_page() -> Response:
    """Ask whoever is there; ``?person=NAME`` picks who that is."""
    site = _site()
    try:
        with site.shown.reading():
            asked = _asked(site, site.shown, request)
            return _page(asked, _suggested(site.shown), request.args.get("person", ""))
    except OAuthRefused as refused:
        return _wrong(refused)
    except SentBack as sent:
        return _back(sent)


def decide() -> Response:
    """Send whoever decided back to the application, with a code or with their refusal."""
    site = _site()
    try:
        with site.shown.reading():
            asked = _asked(site, site.shown, request)
            person = find(site.shown, request.form.get("person", "").strip())
            suggested = _suggested(site.shown)
        if not _is_of_page(request):
            request.environ[NOTES_KEY] = ["the form is not of the page that this browser was shown"]
            return _page(asked, suggested, "", "This form is too old, or not of this page: decide again.", status=403)
        if request.form.get("decision") != "allow":
            query = {"error": OAuthError.ACCESS_DENIED.value}
            raise SentBack(_with(site, asked.redirect_uri, query, asked.state), "the person does not consent")
        if person is None or not person.active:
            request.environ[NOTES_KEY] = ["nobody active has that name"]
            return _page(asked, suggested, "", "Nobody active has this login name.", status=400)
        request.environ[ACTOR_KEY] = person.name
        now, seconds = site.clock.now(), int(site.settings["oauth.codeSeconds"])
        store = site.store
        with store.transaction(Author(person.key, "oauth", "decide", moment_text(now))):
            # The world may be another one by now: what was asked is looked up where the code will be.
            asked = _asked(site, store, request)
            code = oauth_grants.offer(store, asked.application, person, asked.redirect_uri, asked.scopes, now, seconds)
        request.environ[NOTES_KEY] = [f"{person.name} lets {asked.application.name} act for them"]
        return _sent_to(_with(site, asked.redirect_uri, {"code": code}, asked.state))
    except OAuthRefused as refused:
        return _wrong(refused)
    except SentBack as sent:
        return _back(sent)


def _asked(site: Site, store: Store, request: Request) -> Asked:
    """What the query asks. Raises ``OAuthRefused`` where nobody can be told but the person, ``SentBack`` otherwise."""
    values = {name: request.args.getlist(name) for name in ("client_id", "redirect_uri", "state", "scope", "response_type")}
    repeated = [name for name, given in values.items() if len(given) > 1]
    given = {name: found[0] for name, found in values.items() if found}
    if "client_id" in repeated or "redirect_uri" in repeated:
        raise OAuthRefused(OAuthError.INVALID_REQUEST, f"{repeated[0]} stands there more than once")
    address = given.get("redirect_uri", "")
    application = oauth_applications.asking(store, given.get("client_id", ""), address)
    try:
        if repeated:
            raise OAuthRefused(OAuthError.INVALID_REQUEST, f"{repeated[0]} stands there more than once")
        kind = given.get("response_type", "code")
        if kind == "token":
            raise OAuthRefused(OAuthError.UNAUTHORIZED_CLIENT, "no application of Tempo may use the implicit grant")
        if kind != "code":
            raise OAuthRefused(OAuthError.UNSUPPORTED_RESPONSE_TYPE, f"the response type is code, not {kind[:60]}")
        scopes = oauth_grants.scopes_asked(application.scopes, given.get("scope", ""))
    except OAuthRefused as refused:
        state = None if "state" in repeated else given.get("state")
        raise SentBack(_with(site, address, {"error": refused.error.value}, state), str(refused)) from None
    return Asked(application, address, scopes, given.get("state"))


def _with(site: Site, address: str, query: dict[str, str], state: str | None) -> str:
    """The redirect URI with more in its query; the query that it has stays (RFC 6749 3.1.2)."""
    if state is not None and site.settings.is_on("oauth.state"):
        query = {**query, "state": state}
    mark = "&" if urlsplit(address).query else "" if address.endswith("?") else "?"
    return f"{address}{mark}{urlencode(query)}"


def _is_of_page(request: Request) -> bool:
    """Whether the form comes from the page that this browser was shown: another site knows no cookie of this one's."""
    cookie, sent = request.cookies.get(COOKIE, ""), request.form.get("csrf_token", "")
    return _TEXT.fullmatch(cookie) is not None and hmac.compare_digest(cookie.encode(), sent.encode())


def _suggested(store: Store) -> list[Person]:
    return [person for person in people.every(store) if person.active][:MOST_SUGGESTED]


def _page(asked: Asked, suggested: list[Person], person: str, problem: str = "", *, status: int = 200) -> Response:
    cookie = request.cookies.get(COOKIE, "")
    # One that is there stays: the same person may have two such pages open.
    token = cookie if _TEXT.fullmatch(cookie) else secrets.token_urlsafe(32)
    content = _FORM.format(
        name=escape(asked.application.name),
        address=escape(asked.redirect_uri),
        scopes="\n".join(f"<li>{escape(scope)}</li>" for scope in asked.scopes.split()),
        problem=f'<p role="alert">{escape(problem)}</p>\n' if problem else "",
        token=token,
        person=escape(person),
        people="\n".join(f'<option value="{escape(one.name)}">{escape(one.display_name)}</option>' for one in suggested),
    )
    response = _html("Let an application act for you?", content, status)
    response.set_cookie(
        COOKIE, token, path=f"{request.root_path}{CONSENT}", httponly=True, samesite="Strict",
        secure=origin_of(request.environ).startswith("https:"),
    )  # fmt: skip
    return response


def _wrong(refused: OAuthRefused) -> Response:
    request.environ[NOTES_KEY] = [str(refused)]
    content = f"<p>{escape(str(refused))}</p>\n<p>You are not sent back: the application that asked is not known to be it.</p>"
    title = "Invalid client id" if refused.error is OAuthError.INVALID_CLIENT else "Invalid redirect URI"
    return _html(title, content, 400)


def _html(title: str, content: str, status: int) -> Response:
    nonce = secrets.token_urlsafe(16)
    headers = {
        "Content-Security-Policy": f"default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; base-uri 'none'; "
        "frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    page = _PAGE.format(title=escape(title), nonce=nonce, content=content)
    return Response(page, status, headers, content_type="text/html; charset=utf-8")


def _back(sent: SentBack) -> Response:
    request.environ[NOTES_KEY] = [str(sent)]
    return _sent_to(sent.address)


def _sent_to(address: str) -> Response:
    """A redirect without a body: what stands in the address is for whoever asked, and for no log."""
    response = Response(
        status=302, headers={"Location": address, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    )
    response.autocorrect_location_header = False
    del response.headers["Content-Type"]
    return response


def _site() -> Site:
    found: Site = request.environ[SITE_KEY]
    return found
