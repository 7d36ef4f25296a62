"""The page on which whoever is signed in lets an OAuth application act for them, or not (help page on OAuth 2.0)."""

from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from flask import Request, Response

from mock_server.domain import oauth_applications, oauth_grants
from mock_server.domain.oauth_refusals import OAuthError, OAuthRefused
from mock_server.page_sessions import CONSENT_PATH
from mock_server.pages.page import Page
from mock_server.pages.visit import POLICY_OF_FORMS_SENT_ON, Visit
from mock_server.sites import NOTES_KEY, Site
from mock_server.storage.oauth_applications import OAuthApplication
from mock_server.storage.store import Store


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


def show_consent(visit: Visit) -> Response:
    """Ask whoever is signed in; whoever is not signs in first and comes back"""
    try:
        asked = _asked(visit.site, visit.store, visit.request)
    except OAuthRefused as refused:
        return _wrong(visit, refused)
    except SentBack as sent:
        return _back(visit, sent)
    _let_others_open(visit)
    if visit.session is None:
        return visit.to_sign_in()
    # The form leads to the application's address, and on to wherever that leads.
    visit.own_headers["Content-Security-Policy"] = POLICY_OF_FORMS_SENT_ON
    return visit.show("oauth_consent.html", asked=asked, someone=visit.person, again=visit.sign_in_path)


def decide(visit: Visit) -> Response:
    """Send whoever decided back to the application, with a code or with their refusal"""
    try:
        asked = _asked(visit.site, visit.store, visit.request)
        _let_others_open(visit)
        if visit.session is None:
            return visit.to_sign_in()
        if visit.form.get("decision") != "allow":
            query = {"error": OAuthError.ACCESS_DENIED.value}
            raise SentBack(_with(visit.site, asked.redirect_uri, query, asked.state), "the person does not consent")
    except OAuthRefused as refused:
        return _wrong(visit, refused)
    except SentBack as sent:
        return _back(visit, sent)
    seconds = int(visit.site.settings["oauth.codeSeconds"])
    code = oauth_grants.offer(
        visit.store, asked.application, visit.person, asked.redirect_uri, asked.scopes, visit.now, seconds
    )
    visit.request.environ[NOTES_KEY] = [f"{visit.person.name} lets {asked.application.name} act for them"]
    return _sent_to(_with(visit.site, asked.redirect_uri, {"code": code}, asked.state))


def _let_others_open(visit: Visit) -> None:
    """Applications open this page in a window of their own and hear from it when it is back at their address."""
    visit.own_headers["Cross-Origin-Opener-Policy"] = "unsafe-none"


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


def _wrong(visit: Visit, refused: OAuthRefused) -> Response:
    visit.request.environ[NOTES_KEY] = [str(refused)]
    title = "Invalid client id" if refused.error is OAuthError.INVALID_CLIENT else "Invalid redirect URI"
    return visit.show("oauth_wrong.html", 400, title=title, text=str(refused))


def _back(visit: Visit, sent: SentBack) -> Response:
    visit.request.environ[NOTES_KEY] = [str(sent)]
    return _sent_to(sent.address)


def _sent_to(address: str) -> Response:
    """A redirect without a body: what stands in the address is for whoever asked, and for no log."""
    headers = {"Location": address, "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "unsafe-none"}
    response = Response(status=302, headers=headers)
    response.autocorrect_location_header = False
    del response.headers["Content-Type"]
    return response


PAGES = (
    Page("GET", CONSENT_PATH, show_consent, is_open=True),
    Page("POST", CONSENT_PATH, decide, is_open=True, writes=True),
)
