"""Pictures of people and projects: a coloured square with initials, drawn here, so that nothing is fetched."""

from html import escape
from types import MappingProxyType

from flask import Blueprint, Response, request

from mock_server.sites import SITE_KEY, Site
from mock_server.storage import people, projects

_PIXELS = MappingProxyType({"xsmall": 16, "small": 24, "medium": 32})
_LARGE = 48


def blueprint() -> Blueprint:
    """``/secure/useravatar`` and ``/secure/projectavatar``; anybody may see them."""
    routes = Blueprint("avatars", __name__)

    @routes.get("/secure/useravatar")
    def show_user_avatar() -> Response:
        site: Site = request.environ[SITE_KEY]
        number = _number("avatarId")
        with site.shown.reading():
            person = people.by_avatar(site.shown, number)
        return _picture(person.display_name if person else "?", number, round_corners=True)

    @routes.get("/secure/projectavatar")
    def show_project_avatar() -> Response:
        site: Site = request.environ[SITE_KEY]
        number = _number("pid")
        with site.shown.reading():
            project = projects.get(site.shown, number)
        return _picture(project.name if project else "?", number, round_corners=False)

    return routes


def _number(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else 0


def _picture(name: str, number: int, *, round_corners: bool) -> Response:
    pixels = _PIXELS.get(request.args.get("size", ""), _LARGE)
    initials = "".join(word[0] for word in name.split()[:2] if word[0].isalnum()).upper() or "?"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{pixels}" height="{pixels}" viewBox="0 0 48 48">'
        f'<rect width="48" height="48" rx="{24 if round_corners else 6}" fill="hsl({number * 47 % 360},45%,40%)"/>'
        '<text x="24" y="31" font-family="sans-serif" font-size="20" text-anchor="middle" fill="#fff">'
        f"{escape(initials)}</text></svg>"
    )
    return Response(svg, 200, {"Cache-Control": "max-age=3600"}, content_type="image/svg+xml")
