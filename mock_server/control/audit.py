"""What was changed in a world: ``/_mock/audit``."""

import json
from typing import Any

from flask import Response

from mock_server.control.dialect import json_answer, number, site
from mock_server.storage import audit
from mock_server.storage.audit import AuditEvent

MOST_EVENTS = 1000


def list_audit_events() -> Response:
    """Every change since the world was seeded, oldest first; ``?after=ID&limit=N`` to page, 1000 at most."""
    store = site().shown
    after, limit = number("after", 0), min(number("limit", 100), MOST_EVENTS)
    with store.reading():
        events = audit.page(store, after, limit)
    return json_answer([_bean(event) for event in events])


def _bean(event: AuditEvent) -> dict[str, Any]:
    texts = {"before": event.before, "after": event.after}
    return event._asdict() | {name: json.loads(text) if text else None for name, text in texts.items()}
