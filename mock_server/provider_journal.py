"""Calls that the fake makes to its providers, in the journal of the world, as if they had been sent."""

import time
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode

from mock_server.domain.connections import Call
from mock_server.journal import MOST_OF_REASON, Entry, Journal
from mock_server.page_sessions import PROVIDER_PAGES


def write(journal: Journal, now: datetime, who: str | None, calls: Iterable[Call]) -> None:
    """Write down what was asked of providers: by whom (a name), for whom, and what came of it. Keys are not in it."""
    if not journal.enabled:
        return
    for call in calls:
        journal.add(
            Entry(
                0,
                now,
                time.perf_counter(),
                "GET",
                f"{PROVIDER_PAGES}/{call.provider}/api/{call.asked}",
                urlencode([call.sought]) if call.sought else "",
                who or None,
                call.status,
                (f"for {call.person}: {call.text}"[:MOST_OF_REASON],),
                None,
                None,
                0.0,
                0,
                b"",
                b"",
                None,
                None,
            )
        )
