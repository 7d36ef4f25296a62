"""What was changed in a world: ``/_mock/audit``."""

from flask import Response

from mock_server.control.dialect import json_answer, number, site
from mock_server.storage import audit

MOST_EVENTS = 1000


def list_audit_events() -> Response:
    """Every change since the world was seeded, oldest first; ``?after=ID&limit=N`` to page, 1000 at most."""
    store = site().shown
    after, limit = number("after", 0), min(number("limit", 100), MOST_EVENTS)
    with store.reading():
        events = audit.page(store, after, limit)
    return json_answer([event._asdict() for event in events])
