"""A page to read and try every endpoint in the browser, offline: Swagger UI from the package flask-swagger-ui.

Jira has such a page at ``/plugins/servlet/restbrowser``; ours stands there as well as below the control routes.
"""

import importlib.util
import json
from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path

from flask import Blueprint, Response, abort, request, send_from_directory

from mock_server.domain.logins import is_password
from mock_server.endpoint import Group
from mock_server.host import CONTEXT, to_json
from mock_server.openapi import document
from mock_server.scenario import published_administrator
from mock_server.seed import SCENARIO_KEY
from mock_server.sites import SITE_KEY, Site
from mock_server.storage import people, world
from mock_server.storage.store import Store

_ASSETS = frozenset({"swagger-ui.css", "swagger-ui-bundle.js"})

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>REST browser of the unofficial stand-in for Tempo</title>
<link rel="stylesheet" href="{here}/swagger-ui.css">
<link rel="icon" href="data:,">
<style>
body {{ margin: 0 }}
.who {{ font: 1rem/1.5 sans-serif; margin: 0; padding: 1rem 1.25rem; background: #eef2f7; color: #1b2733 }}
</style>
</head>
<body>
<p class="who">{who}</p>
<main id="browser"></main>
<script src="{here}/swagger-ui-bundle.js"></script>
<script>
const who = {credentials};
const browser = SwaggerUIBundle({{
  url: "{here}/openapi.json", dom_id: "#browser", deepLinking: true, docExpansion: "list", tryItOutEnabled: true,
  displayRequestDuration: true, validatorUrl: null,
  onComplete: () => {{ if (who) browser.preauthorizeBasic("basic", who.user, who.password) }}
}});
</script>
</body>
</html>
"""


def blueprint(name: str, path: str, groups: Callable[[], Iterable[Group]]) -> Blueprint:
    """The page at ``path``, with its assets and the document as ``openapi.json`` below.

    ``groups`` is asked when the document is: it brings every face with it.
    """
    routes = Blueprint(name, __name__, url_prefix=path)

    @routes.get("", strict_slashes=False)
    def show_rest_browser() -> Response:
        site: Site = request.environ[SITE_KEY]
        store = site.shown
        with store.reading():
            credentials = published_administrator(world.get(store, SCENARIO_KEY) or "")
            if credentials and not _is_login(store, credentials):
                credentials = None
        who = "Log in with Authorize, as anybody of this world."
        if credentials:
            who = f"You are {escape(credentials['user'])}; become somebody else with Authorize."
        return Response(
            _PAGE.format(here=escape(request.environ["SCRIPT_NAME"] + path), who=who, credentials=_script(credentials)),
            content_type="text/html; charset=utf-8",
        )

    @routes.get("/openapi.json")
    def get_document() -> Response:
        return openapi_answer(groups())

    @routes.get("/<asset>")
    def get_asset(asset: str) -> Response:
        if asset not in _ASSETS:
            abort(404)
        return send_from_directory(_asset_folder(), asset, max_age=3600)

    return routes


def openapi_answer(groups: Iterable[Group]) -> Response:
    """The document for the world of the current request."""
    return Response(to_json(document(groups, request.environ["SCRIPT_NAME"] + CONTEXT)), content_type="application/json")


def _is_login(store: Store, credentials: Mapping[str, str]) -> bool:
    # Another world may have been imported into this one.
    login = people.login_by_name(store, credentials["user"])
    if login is None or not login.person.active:
        return False
    return is_password(credentials["password"], login.password_hash)


def _script(value: object) -> str:
    # A value inside a script element must not be able to end it.
    return json.dumps(value).replace("<", "\\u003c")


def _asset_folder() -> Path:
    # Found without importing: the package would bring routes of its own.
    spec = importlib.util.find_spec("flask_swagger_ui")
    if spec is None or not spec.submodule_search_locations:
        abort(404, "The package flask-swagger-ui is not installed.")
    return Path(spec.submodule_search_locations[0]) / "dist"
