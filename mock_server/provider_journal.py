"""Calls that the fake makes to its providers, in the journal of the world, as if they had been sent."""

import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from mock_server.domain.connections import Call
from mock_server.journal import MOST_OF_REASON, Entry, Journal
from mock_server.page_sessions import PROVIDER_PAGES

MOST_OF_RUN = 200
"""Calls of one run that are written down one by one: the journal is for what clients ask, and keeps a thousand entries."""


def write(journal: Journal, now: datetime, who: str | None, calls: Sequence[Call], most: int = MOST_OF_RUN) -> None:
    """Write down what was asked of providers: by whom (a name), for whom, and what came of it. Keys are not in it.

    ``most`` calls are written one by one, the others in one entry that counts them by their status.
    """
    if not journal.enabled:
        return
    for call in calls[:most]:
        journal.add(_entry(now, who, call, call.sought, f"for {call.person}: {call.text}"))
    if rest := calls[most:]:
        statuses = Counter("nothing" if call.status is None else str(call.status) for call in rest)
        told = ", ".join(f"{status} for {count}" for status, count in sorted(statuses.items()))
        journal.add(_entry(now, who, rest[-1], ("people", str(len(rest))), f"{len(rest)} calls in one: {told}"))


def _entry(now: datetime, who: str | None, call: Call, sought: tuple[str, str], reason: str) -> Entry:
    path = f"{PROVIDER_PAGES}/{call.provider}/api/{call.asked}"
    query = urlencode([sought]) if sought else ""
    reasons = (reason[:MOST_OF_REASON],)
    return Entry(
        0, now, time.perf_counter(), "GET", path, query, who or None, call.status, reasons, None, None, 0.0, 0, b"", b"", None,
        None,
    )  # fmt: skip
