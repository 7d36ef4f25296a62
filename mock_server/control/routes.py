"""Health, clock and audit trail of a world, for whoever runs the fake."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, request
from werkzeug.exceptions import HTTPException

from mock_server.clock import Clock, moment_text, parse_moment
from mock_server.errors import Fact, Invalid, Refused
from mock_server.host import read_json, to_json
from mock_server.sites import ACTOR_KEY, NOTES_KEY, SITE_KEY, Site
from mock_server.storage import audit

MOST_EVENTS = 1000


def blueprint() -> Blueprint:
    """The control routes; every error is ``{"error": sentence}``."""
    routes = Blueprint("control", __name__)
    routes.before_request(_refuse_other_origin)
    routes.register_error_handler(Fact, _word)
    routes.register_error_handler(HTTPException, _word_http)
    routes.get("/health")(get_health)
    routes.get("/clock")(get_clock)
    routes.put("/clock")(set_clock)
    routes.get("/audit")(list_audit_events)
    return routes


def get_health() -> Response:
    """200 as soon as requests are answered."""
    return _json({"status": "ok", "site": _site().name})


def get_clock() -> Response:
    """``{"now", "frozen", "followsSystem"}``."""
    return _json(_clock_bean(_site().clock))


def set_clock() -> Response:
    """Set, freeze or advance: ``{"now": ISO 8601 or null}``, ``{"frozen": bool}``, ``{"advance": seconds}``, together or alone.

    ``now`` null follows the system again. Nothing changes unless all of it can be done.
    """
    body = read_json(request.mimetype, request.get_data())
    if not isinstance(body, dict) or not body:
        raise Invalid('Send an object with "now", "frozen" or "advance".')
    unknown = set(body) - {"now", "frozen", "advance"}
    if unknown:
        raise Invalid(f"The clock knows now, frozen and advance, not {', '.join(sorted(map(str, unknown)))}.")
    clock = _site().clock
    start = _moment(body["now"]) if body.get("now") is not None else None
    frozen = body.get("frozen", clock.frozen)
    if not isinstance(frozen, bool):
        raise Invalid("frozen is true or false.")
    step = body.get("advance", 0)
    if not isinstance(step, int | float) or isinstance(step, bool):
        raise Invalid("advance is a number of seconds.")
    try:
        by = timedelta(seconds=step)
        (start or clock.now()) + by + timedelta(days=1)
        (start or clock.now()) + by - timedelta(days=1)
    except OverflowError:
        raise Invalid("The clock goes from the year 1 to the year 9999.") from None
    if "now" in body and start is None:
        clock.follow_system()
    if start:
        clock.set(start)
    if by:
        clock.advance(by)
    if frozen:
        clock.freeze()
    else:
        clock.release()
    return _json(_clock_bean(clock))


def list_audit_events() -> Response:
    """Every change since the world was seeded, oldest first; ``?after=ID&limit=N`` to page, 1000 at most."""
    site = _site()
    after, limit = _number("after", 0), min(_number("limit", 100), MOST_EVENTS)
    with site.store.transaction():
        events = audit.page(site.store, after, limit)
    return _json([event._asdict() for event in events])


def _site() -> Site:
    site: Site = request.environ[SITE_KEY]
    request.environ[ACTOR_KEY] = "control"
    return site


def _moment(value: Any) -> Any:
    try:
        return parse_moment(value)
    except (TypeError, ValueError, OverflowError):
        raise Invalid(f"now is a moment such as 2013-11-15T09:00:00Z, not {str(value)[:40]}.") from None


def _number(name: str, otherwise: int) -> int:
    text = request.args.get(name)
    if text is None:
        return otherwise
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise Invalid(f"{name} is a whole number from 0, not {text[:40]}.")
    return int(text)


def _clock_bean(clock: Clock) -> dict[str, Any]:
    return {"now": moment_text(clock.now()), "frozen": clock.frozen, "followsSystem": clock.follows_system}


def _refuse_other_origin() -> None:
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise Refused("Control routes do not answer pages of another origin.")


def _word(fact: Fact) -> Response:
    request.environ[NOTES_KEY] = [str(fact)]
    return _json({"error": str(fact)}, 403 if isinstance(fact, Refused) else 400)


def _word_http(error: HTTPException) -> Response:
    return _json({"error": error.description or error.name}, error.code or 500)


def _json(body: Any, status: int = 200) -> Response:
    return Response(to_json(body), status, content_type="application/json")
