"""Pages of people at a prefix: how each is answered, with what stands before it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import flask
from flask import Blueprint, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from mock_server.errors import Fact, Invalid, Refused
from mock_server.moments import moment_text
from mock_server.own_pages import own_pages
from mock_server.pages.page import Page
from mock_server.pages.visit import HOME, Visit, finished
from mock_server.refusals import status_of, with_allowed
from mock_server.sites import NOTES_KEY, SITE_KEY
from mock_server.storage.store import Author

_FOLDER = Path(__file__).parent
_ASSETS: Mapping[str, str] = MappingProxyType(
    {"pages.css": "text/css; charset=utf-8", "pages.js": "text/javascript; charset=utf-8"}
)
_VISIT_KEY = "tempo_mock.visit"
STALE = "This form was made for another visit, or your browser sends no cookies. Go back, load the page anew and try again."
"""Why a form is refused that was not made for this visit."""


class ServedPages:
    """Pages with their templates, at one prefix. One per application; keeps nothing of any world.

    ``visits`` is the kind of visit that pages at this prefix are given, and says what the prefix is.
    """

    pages: ClassVar[tuple[Page, ...]]
    visits: ClassVar[type[Visit]] = Visit
    author: ClassVar[str] = "pages"
    home: ClassVar[str] = "To the settings"
    around: ClassVar[str] = "page.html"
    """The template of what stands around every page, also around one that says why a request ended."""

    def __init__(self, may_pick: Callable[[], bool]) -> None:
        """``may_pick`` tells whether the visitor of the current request may choose who to be."""
        self._may_pick = may_pick
        self._environment = Environment(
            loader=FileSystemLoader(_FOLDER / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip

    def blueprint(self) -> Blueprint:
        """The pages and what they are made of, below the prefix it is registered with."""
        routes = Blueprint(self.author, __name__)
        for page in self.pages:
            name = f"{page.method} {page.path}".replace(".", "-")
            routes.add_url_rule(
                page.path, endpoint=name, view_func=self._answering(page), methods=[page.method], strict_slashes=False
            )
        routes.add_url_rule("/assets/<name>", endpoint="assets", view_func=_asset, methods=["GET"])
        routes.after_request(finished)
        return routes

    def _answering(self, page: Page) -> Callable[..., Response]:
        def answer(**values: Any) -> Response:
            request: Request = flask.request._get_current_object()  # type: ignore[attr-defined]
            if page.most_bytes:
                request.max_content_length = page.most_bytes
            visit = self.visits(request, self._environment, self._may_pick())
            request.environ[_VISIT_KEY] = visit
            # Read before the world is held: a client may send it slowly.
            if any("\0" in text for _, text in request.form.items(multi=True)):
                raise Invalid("A form holds the character NUL, which no text here may have. Nothing was changed.")
            if not page.writes:
                store = visit.site.shown
                with store.reading():
                    visit.hold(store)
                    return self.opened(page, visit, values)
            store = visit.site.store
            author = Author("", self.author, page.view.__name__, moment_text(visit.now))
            with store.transaction(author):
                visit.hold(store)
                if visit.who:
                    store.act_as(author._replace(who=visit.who))
                return self.opened(page, visit, values)

        return answer

    def opened(self, page: Page, visit: Visit, values: Mapping[str, Any]) -> Response:
        """The answer of a page for somebody who may open it; for anybody else the way in, or ``Refused``."""
        if not page.is_open and visit.session is None:
            return visit.to_sign_in() if page.method == "GET" else visit.go(f"/sign-in?next={HOME}")
        if page.method == "POST" and not visit.has_form_key:
            raise Refused(STALE)
        if page.right and (reason := page.right(visit.actor)):
            raise Refused(reason)
        return page.view(visit, **values)

    def word(self, fact: Fact) -> Response:
        """The page that says why a request ended."""
        flask.request.environ[NOTES_KEY] = [str(fact)]
        return self._error(status_of(fact), str(fact))

    def word_http(self, error: HTTPException) -> Response:
        """The page for what no route answers, and for forms that cannot be read."""
        text = "There is no such page." if isinstance(error, NotFound) else (error.description or error.name)
        if isinstance(error, NotFound | MethodNotAllowed):
            self._recognise()
        return with_allowed(self._error(error.code or 400, text), error)

    def _recognise(self) -> None:
        """Find out who asks for what no route answers: they see the same sidebar as on every page."""
        request: Request = flask.request._get_current_object()  # type: ignore[attr-defined]
        if _VISIT_KEY in request.environ:
            return
        visit = self.visits(request, self._environment, self._may_pick())
        store = visit.site.shown
        with store.reading():
            visit.hold(store)
        request.environ[_VISIT_KEY] = visit

    def _error(self, status: int, text: str) -> Response:
        visit: Visit | None = flask.request.environ.get(_VISIT_KEY)
        if visit and visit.session:
            # Who is refused sees as whom, and the pages that are open to them.
            return finished(visit.show("refused.html", status, around=self.around, provider=None, number=status, text=text))
        root = flask.request.root_path
        shown = self._environment.get_template("error.html").render(
            root=root, here=f"{root}{self.visits.prefix}", status=status, text=text, site=flask.request.environ[SITE_KEY],
            own_pages=own_pages(self._may_pick()), home=self.home,
        )  # fmt: skip
        return finished(Response(shown, status, content_type="text/html; charset=utf-8"))


def _asset(name: str) -> Response:
    if name not in _ASSETS:
        raise NotFound
    text = (_FOLDER / "assets" / name).read_text(encoding="utf-8")
    return Response(text, headers={"Cache-Control": "no-cache"}, content_type=_ASSETS[name])
