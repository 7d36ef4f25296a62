"""One request for a settings page: who asks, where the site is, and how it is answered."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, ClassVar
from urllib.parse import quote

from flask import Request, Response
from jinja2 import Environment

from mock_server.access import Actor
from mock_server.domain.logins import actor_of
from mock_server.moments import day_in
from mock_server.origin import origin_of
from mock_server.own_pages import own_pages
from mock_server.page_sessions import SETTINGS_PAGES, PageSession, PageSessions, Secret, new_cookie
from mock_server.pages.sidebar import sections_for
from mock_server.settings import TIME_ZONE
from mock_server.sites import ACTOR_KEY, SITE_KEY, Site
from mock_server.storage import people
from mock_server.storage.people import Person
from mock_server.storage.store import Store

COOKIE = "tempo_mock_settings"
FORM_KEY = "csrf_token"
HOME = "/api-integration"
"""The page that somebody sees who asked for none in particular."""

POLICY_OF_FORMS_SENT_ON = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
)
"""For a form whose answer leads elsewhere: browsers hold form-action against that, too."""

POLICY = f"{POLICY_OF_FORMS_SENT_ON}; form-action 'self'"
HEADERS: tuple[tuple[str, str], ...] = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    # Not no-referrer: browsers then send forms with the origin null.
    ("Referrer-Policy", "same-origin"),
)
_OF_QUERIES = "%!$&'()*+,/:;=?@~-._"
"""Characters that stay as they are in a query; all others are quoted."""


class Visit:
    """A request on its way. ``store`` is set while the request holds the world; ``person`` and ``actor`` once known.

    ``prefix`` is where its pages stand below a site, ``cookie_stem`` how the name of their cookie begins.
    """

    prefix: ClassVar[str] = SETTINGS_PAGES
    cookie_stem: ClassVar[str] = COOKIE

    def __init__(self, request: Request, environment: Environment, may_pick: bool) -> None:
        """``may_pick`` tells whether this visitor may choose who to be: one whom the control routes answer."""
        self.request = request
        self.site: Site = request.environ[SITE_KEY]
        self.root = request.root_path
        self.own_headers: dict[str, str] = {}
        """Headers in place of those that every page has."""

        self.now: datetime = self.site.clock.now()
        self.has_control = may_pick
        self.may_pick = may_pick and self.site.settings["pages.signIn"] == "picker"
        # Cookies do not know ports: two servers of one machine must not sign each other's visitors out.
        self.cookie_name = f"{self.cookie_stem}_{request.environ['SERVER_PORT']}"
        self.cookie = request.cookies.get(self.cookie_name, "")
        self.session: PageSession | None = None
        self._person: Person | None = None
        self._actor: Actor | None = None
        self._store: Store | None = None
        self._environment = environment

    def hold(self, store: Store) -> None:
        """Take the world, and whoever the cookie stands for in it."""
        self._store = store
        session = self.sessions.find(self.cookie) if self.cookie else None
        if session is None:
            return
        login = people.login(store, session.person_id)
        if login is None or not login.person.active or login.password_hash != session.password_hash:
            self.sessions.end(self.cookie)
            return
        self.session, self._person = session, login.person
        self._actor = actor_of(store, login.person)
        self.request.environ[ACTOR_KEY] = login.person.name

    @property
    def sessions(self) -> PageSessions:
        """The sessions of the pages that this visit is to."""
        return self.site.page_sessions

    @property
    def who(self) -> str:
        """Who acts, for the audit trail; empty for somebody unknown."""
        return self._actor.key if self._actor else ""

    @property
    def store(self) -> Store:
        """The world."""
        assert self._store is not None
        return self._store

    @property
    def person(self) -> Person:
        """Who is signed in; pages that are open to everybody look at ``session`` first."""
        assert self._person is not None
        return self._person

    @property
    def actor(self) -> Actor:
        """The same as somebody with permissions."""
        assert self._actor is not None
        return self._actor

    @property
    def signed_in(self) -> PageSession:
        """The session of a page that only somebody signed in sees."""
        assert self.session is not None
        return self.session

    @property
    def today(self) -> date:
        """The day in the site's time zone, as the APIs have it."""
        return day_in(self.now, self.site.settings[TIME_ZONE])

    @property
    def form(self) -> Mapping[str, str]:
        """The fields of the form that was sent."""
        return self.request.form

    @property
    def has_form_key(self) -> bool:
        """Whether the form was made for this cookie."""
        return bool(self.cookie) and self.sessions.is_form_key(self.cookie, self.form.get(FORM_KEY, ""))

    def address(self, path: str) -> str:
        """The address of a page, from the root of the host on."""
        return f"{self.root}{self.prefix}{path}"

    def show(self, template: str, status: int = 200, **values: Any) -> Response:
        """A page. ``values`` are what its template asks for beside who is signed in and what stands around every page."""
        is_new = self.meet()
        text = self._environment.get_template(template).render(
            root=self.root,
            own_pages=own_pages(self.has_control),
            here=self.address(""),
            path=self.request.path.removeprefix(self.prefix),
            site=self.site,
            person=self._person,
            sections=sections_for(self._actor) if self._actor else (),
            notice=self.session.take_notice() if self.session and self.request.method != "HEAD" else "",
            form_key=self.sessions.form_key(self.cookie),
            **values,
        )
        response = Response(text, status, self.own_headers, content_type="text/html; charset=utf-8")
        if is_new:
            self.set_cookie(response, self.cookie)
        return response

    def meet(self) -> bool:
        """Give a visitor without a cookie one; answers whether they had none."""
        if self.cookie:
            return False
        self.cookie = new_cookie()
        return True

    def go(self, path: str) -> Response:
        """Off to another page, which is then asked for by GET."""
        return Response(status=303, headers={"Location": self.address(path), **self.own_headers})

    @property
    def sign_in_path(self) -> str:
        """The page to sign in, which leads back to this one."""
        query = quote(self.request.query_string, safe=_OF_QUERIES)
        path = self.request.path.removeprefix(self.prefix) + (f"?{query}" if query else "")
        return f"/sign-in?next={quote(path)}"

    def to_sign_in(self) -> Response:
        """Off to sign in and come back."""
        return self.go(self.sign_in_path)

    def show_once(self, path: str, secret: str) -> Response:
        """Off to the page that shows this secret, this once."""
        self.signed_in.keep(Secret(path, secret))
        return self.go(path)

    def take_secret(self) -> str | None:
        """The secret that this page shows, which nobody has from now on. Whoever only asks for the headers takes none."""
        if self.request.method != "GET" or self.session is None:
            return None
        return self.session.take_secret(self.request.path.removeprefix(self.prefix).rstrip("/"))

    def set_cookie(self, response: Response, cookie: str) -> None:
        """Let the browser keep this cookie until it is closed."""
        is_secure = origin_of(self.request.environ).startswith("https:")
        response.set_cookie(self.cookie_name, cookie, path=self.address(""), httponly=True, samesite="Lax", secure=is_secure)


def finished(response: Response) -> Response:
    """The answer with the headers that every page has: nobody may frame, store or run anything else in it."""
    for name, value in (*HEADERS, ("Cache-Control", "no-store")):
        response.headers.setdefault(name, value)
    return response
