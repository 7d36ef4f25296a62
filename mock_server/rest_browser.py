"""A page to read and try every endpoint in the browser, offline: Swagger UI from the package flask-swagger-ui.

Jira has such a page at ``/plugins/servlet/restbrowser``; ours stands there as well as below the control routes.
"""

import importlib.util
import json
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path

from flask import Blueprint, Response, abort, request, send_from_directory

from mock_server.endpoint import Group
from mock_server.host import to_json
from mock_server.openapi import document
from mock_server.own_pages import REST_BROWSER, links
from mock_server.published import persona
from mock_server.sites import SITE_KEY

_ASSETS = frozenset({"swagger-ui.css", "swagger-ui-bundle.js"})
_PLACES = (("password", "Data Center"), ("token", "Tempo Cloud"), ("api_token", "Jira Cloud"))
"""What somebody logs in with -> where."""

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
.own {{ padding-top: 0 }}
.own a {{ margin-right: 1rem; color: #0b4ea2 }}
</style>
</head>
<body>
<p class="who">{who}</p>
<nav class="who own" aria-label="Other pages of this server">{links}</nav>
<main id="browser"></main>
<script src="{here}/swagger-ui-bundle.js"></script>
<script>
const who = {credentials};
const browser = SwaggerUIBundle({{
  url: "{here}/openapi.json", dom_id: "#browser", deepLinking: true, docExpansion: "list", tryItOutEnabled: true,
  displayRequestDuration: true, filter: true, validatorUrl: null,
  onComplete: () => {{
    if (who.password) browser.preauthorizeBasic("basic", who.user, who.password);
    if (who.token) browser.preauthorizeApiKey("tempoToken", who.token);
    if (who.api_token) browser.preauthorizeBasic("jiraApiToken", who.email, who.api_token);
  }}
}});
</script>
</body>
</html>
"""


def blueprint(name: str, path: str, groups: Callable[[], Iterable[Group]], has_control: Callable[[], bool]) -> Blueprint:
    """The page at ``path``, with its assets and the document as ``openapi.json`` below.

    ``groups`` is asked when the document is: it brings every face with it. ``has_control`` tells whether the control routes
    answer the visitor of the current request.
    """
    routes = Blueprint(name, __name__, url_prefix=path)

    @routes.get("", strict_slashes=False)
    def show_rest_browser() -> Response:
        known = persona(request.environ[SITE_KEY], "admin")
        who = "Log in with Authorize, as anybody of this world."
        if known:
            places = ", ".join(place for key, place in _PLACES if key in known)
            who = f"You are {escape(known['user'])} in {places}; become somebody else with Authorize."
        root = request.environ["SCRIPT_NAME"]
        page = _PAGE.format(
            here=escape(root + path), who=who, links=links(root, has_control(), REST_BROWSER), credentials=_script(known)
        )
        return Response(page, content_type="text/html; charset=utf-8")

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
    return Response(to_json(document(groups, request.environ["SCRIPT_NAME"] or "/")), content_type="application/json")


def _script(value: object) -> str:
    # A value inside a script element must not be able to end it.
    return json.dumps(value).replace("<", "\\u003c")


def _asset_folder() -> Path:
    # Found without importing: the package would bring routes of its own.
    spec = importlib.util.find_spec("flask_swagger_ui")
    if spec is None or not spec.submodule_search_locations:
        abort(404, "The package flask-swagger-ui is not installed.")
    return Path(spec.submodule_search_locations[0]) / "dist"
