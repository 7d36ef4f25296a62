"""The clock of a world: ``/_mock/clock``."""

from datetime import timedelta
from typing import Any

from flask import Response

from mock_server.clock import Clock
from mock_server.control.dialect import json_answer, moment, read_object, site
from mock_server.errors import Invalid
from mock_server.moments import CALENDAR, moment_text


def get_clock() -> Response:
    """``{"now", "frozen", "followsSystem"}``."""
    return json_answer(clock_bean(site().clock))


def set_clock() -> Response:
    """Set, freeze or advance: ``{"now": ISO 8601 or null}``, ``{"frozen": bool}``, ``{"advance": seconds}``, together or alone.

    ``now`` null follows the system again. Nothing changes unless all of it can be done.
    """
    body = read_object(("now", "frozen", "advance"))
    if not body:
        raise Invalid('Send an object with "now", "frozen" or "advance".')
    clock = site().clock
    start = moment(body["now"], "now") if body.get("now") is not None else None
    follows = "now" in body and start is None
    frozen = body.get("frozen", clock.frozen and not follows)
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
        raise Invalid(CALENDAR) from None
    if follows:
        clock.follow_system()
    if start:
        clock.set(start)
    if by:
        clock.advance(by)
    if frozen:
        clock.freeze()
    else:
        clock.release()
    return json_answer(clock_bean(clock))


def clock_bean(clock: Clock) -> dict[str, Any]:
    """What a clock shows."""
    return {"now": moment_text(clock.now()), "frozen": clock.frozen, "followsSystem": clock.follows_system}
