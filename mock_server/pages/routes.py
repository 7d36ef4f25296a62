"""Every settings page with its address, and what stands before all of them: who, which form, which permission."""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import flask
from flask import Blueprint, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.exceptions import HTTPException, NotFound

from mock_server.access import GlobalPermission
from mock_server.errors import Fact, Refused
from mock_server.moments import moment_text
from mock_server.page_sessions import SETTINGS_PAGES
from mock_server.pages import api_tokens, internal_issues, sign_in
from mock_server.pages.sidebar import may_open
from mock_server.pages.visit import HOME, Visit, finished
from mock_server.refusals import status_of, with_allowed
from mock_server.sites import NOTES_KEY, SITE_KEY
from mock_server.storage.store import Author

_FOLDER = Path(__file__).parent
_ASSETS: Mapping[str, str] = MappingProxyType(
    {"pages.css": "text/css; charset=utf-8", "pages.js": "text/javascript; charset=utf-8"}
)
_TEMPO = GlobalPermission.TEMPO_ADMINISTRATOR
_TITLES: Mapping[GlobalPermission, str] = MappingProxyType({_TEMPO: "Tempo Administrators"})
_STALE = "This form was made for another visit, or your browser sends no cookies. Go back, load the page anew and try again."


class Page(NamedTuple):
    """A page or an action of one. ``writes`` tells that the view may change the world."""

    method: str
    path: str
    view: Callable[..., Response]
    is_open: bool = False
    writes: bool = False
    permission: GlobalPermission | None = None


PAGES = (
    Page("GET", "/sign-in", sign_in.show_sign_in, is_open=True),
    Page("POST", "/sign-in", sign_in.sign_in, is_open=True),
    Page("POST", "/sign-out", sign_in.sign_out, is_open=True),
    Page("GET", "/", sign_in.go_home),
    Page("GET", "/api-integration", api_tokens.show_tokens),
    Page("GET", "/api-integration/new", api_tokens.show_new_token),
    Page("POST", "/api-integration/new", api_tokens.create_token, writes=True),
    Page("GET", "/api-integration/<id:token_id>/text", api_tokens.show_text),
    Page("GET", "/api-integration/<id:token_id>/rename", api_tokens.show_rename),
    Page("POST", "/api-integration/<id:token_id>/rename", api_tokens.rename_token, writes=True),
    Page("GET", "/api-integration/<id:token_id>/regenerate", api_tokens.show_regenerate),
    Page("POST", "/api-integration/<id:token_id>/regenerate", api_tokens.regenerate_token, writes=True),
    Page("GET", "/api-integration/<id:token_id>/delete", api_tokens.show_delete),
    Page("POST", "/api-integration/<id:token_id>/delete", api_tokens.delete_token, writes=True),
    Page("GET", "/internal-issues", internal_issues.show_internal_issues, permission=_TEMPO),
    Page("GET", "/internal-issues/new", internal_issues.show_new_internal_issue, permission=_TEMPO),
    Page("POST", "/internal-issues/new", internal_issues.add_internal_issue, writes=True, permission=_TEMPO),
    Page("GET", "/internal-issues/<id:issue_id>/teams", internal_issues.show_teams_of_issue, permission=_TEMPO),
    Page("POST", "/internal-issues/<id:issue_id>/teams", internal_issues.change_teams_of_issue, writes=True, permission=_TEMPO),
    Page("GET", "/internal-issues/<id:issue_id>/remove", internal_issues.show_removal, permission=_TEMPO),
    Page(
        "POST", "/internal-issues/<id:issue_id>/remove", internal_issues.remove_internal_issue, writes=True, permission=_TEMPO
    ),
)


class SettingsPages:
    """All of them, with their templates. One per application; keeps nothing of any world."""

    def __init__(self, may_pick: Callable[[], bool]) -> None:
        """``may_pick`` tells whether the visitor of the current request may choose who to be."""
        self._may_pick = may_pick
        self._environment = Environment(
            loader=FileSystemLoader(_FOLDER / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip

    def blueprint(self) -> Blueprint:
        """The pages and what they are made of, below the prefix it is registered with."""
        routes = Blueprint("pages", __name__)
        for page in PAGES:
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
            visit = Visit(request, self._environment, self._may_pick())
            # Read before the world is held: a client may send it slowly.
            request.form  # noqa: B018
            if not page.writes:
                store = visit.site.shown
                with store.reading():
                    visit.hold(store)
                    return _opened(page, visit, values)
            store = visit.site.store
            author = Author("", "pages", page.view.__name__, moment_text(visit.now))
            with store.transaction(author):
                visit.hold(store)
                if visit.session:
                    store.act_as(author._replace(who=visit.actor.key))
                return _opened(page, visit, values)

        return answer

    def word(self, fact: Fact) -> Response:
        """The page that says why a request ended."""
        flask.request.environ[NOTES_KEY] = [str(fact)]
        return self._error(status_of(fact), str(fact))

    def word_http(self, error: HTTPException) -> Response:
        """The page for what no route answers, and for forms that cannot be read."""
        text = "There is no such page." if isinstance(error, NotFound) else (error.description or error.name)
        return with_allowed(self._error(error.code or 400, text), error)

    def _error(self, status: int, text: str) -> Response:
        root = flask.request.root_path
        shown = self._environment.get_template("error.html").render(
            root=root, here=f"{root}{SETTINGS_PAGES}", status=status, text=text, site=flask.request.environ[SITE_KEY]
        )
        return finished(Response(shown, status, content_type="text/html; charset=utf-8"))


def _opened(page: Page, visit: Visit, values: Mapping[str, Any]) -> Response:
    """The answer of a page for somebody who may open it; for anybody else the way in, or ``Refused``."""
    if not page.is_open and visit.session is None:
        wanted = visit.request.path.removeprefix(SETTINGS_PAGES) if page.method == "GET" else HOME
        return visit.go(f"/sign-in?next={wanted}")
    if page.method == "POST" and not visit.has_form_key:
        raise Refused(_STALE)
    if page.permission and not may_open(visit.actor, page.permission):
        raise Refused(f"This page is for {_TITLES[page.permission]}.")
    return page.view(visit, **values)


def _asset(name: str) -> Response:
    if name not in _ASSETS:
        raise NotFound
    text = (_FOLDER / "assets" / name).read_text(encoding="utf-8")
    return Response(text, headers={"Cache-Control": "no-cache"}, content_type=_ASSETS[name])
