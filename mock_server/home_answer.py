"""The home page as an answer: what a visitor is told depends on where they are."""

from collections.abc import Callable

from flask import Response, request

from mock_server.config import Options
from mock_server.home_page import Home, home_page
from mock_server.origin import origin_of
from mock_server.sites import Site


def home_answer(
    site: Site, rest_browser: str, control: str, options: Options, every_site: Callable[[], list[Site]], *, is_here: bool
) -> Response:
    """The page of a site. control: where its control routes are, "" without any. is_here: the visitor is on this machine."""
    home = Home(site, origin_of(request.environ), request.root_path, rest_browser)
    if site.is_kept and options.database:
        home = home._replace(file=str(options.database.absolute()) if is_here else "a database file")
    if control:
        is_open = is_here or options.open_control
        home = home._replace(control=control if is_open else "", is_closed=not is_open)
    if home.control:
        home = home._replace(sites=every_site())
    page, policy = home_page(home)
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }
    return Response(page, headers=headers, content_type="text/html; charset=utf-8")
