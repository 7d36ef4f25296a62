"""Traps of ids and filters: what names an issue, and what a filter may name."""

import threading
from collections.abc import Iterable
from typing import Any

from mock_server.errors import Invalid, NotFound
from mock_server.faults.exchange import Answer, Exchange
from mock_server.sites import Site
from mock_server.storage import issues
from mock_server.storage.store import Store
from mock_server.traps.answers import content_of, items_of, with_content
from mock_server.traps.asked import READS, WORKLOGS, body_of, query_of, send, taking
from mock_server.traps.trap import Laid, Values
from mock_server.traps.world import turned

NO_ISSUE = "Issue id cannot be null"


def refuse_text_with_start(site: Site, values: Values) -> Laid:
    """An issueId that is a text is refused where there is a startTime, too."""
    creating = taking(site, values, ("POST",), f"{WORKLOGS}/?")

    def matches(environ: dict[str, Any]) -> bool:
        if not creating(environ):
            return False
        body = body_of(environ)
        return isinstance(body, dict) and isinstance(body.get("issueId"), str) and body.get("startTime") is not None

    return Laid(matches, lambda exchange: exchange.send(exchange.refused(Invalid(NO_ISSUE))))


def refuse_keys_overnight(site: Site, values: Values) -> Laid:
    """So many worklogs are made with issueKey, and answers tell keys; then neither any more."""
    most = values["accepted"]
    lock = threading.Lock()
    made: list[str] = []

    def effect(exchange: Exchange) -> Iterable[bytes]:
        environ = exchange.environ
        body = body_of(environ) if environ["REQUEST_METHOD"] == "POST" else None
        sent = body if isinstance(body, dict) else {}
        key = sent.get("issueKey")
        with lock:
            is_before = len(made) < most
            if is_before and isinstance(key, str):
                made.append(key)
        if not is_before:
            return exchange.send(exchange.answer())
        store = exchange.site.shown
        with store.reading():
            issue = issues.by_key(store, key) if isinstance(key, str) else None
        if issue is not None:
            send(environ, {**sent, "issueId": issue.id})
        return exchange.send(_with_keys(exchange.answer(), store))

    return Laid(taking(site, values, path=f"{WORKLOGS}.*"), effect)


def _with_keys(answer: Answer, store: Store) -> Answer:
    content = content_of(answer)
    if content is None:
        return answer
    for item in items_of(content):
        named = item.get("issue")
        if isinstance(named, dict) and isinstance(named.get("id"), int):
            with store.reading():
                issue = issues.get(store, named["id"])
            if issue is not None:
                named["key"] = issue.key
    return with_content(answer, content)


def refuse_filters(site: Site, values: Values) -> Laid:
    """A list by an issue that is out of reach, or that is named twice, is 404 as a whole."""
    listing = taking(site, values, READS, f"{WORKLOGS}/?")

    def matches(environ: dict[str, Any]) -> bool:
        if not listing(environ):
            return False
        asked = [value for name, value in query_of(environ) if name == "issueId"]
        return len(set(asked)) < len(asked)

    lift = turned(site, {"worklogs.hiddenFilter": "404"})
    return Laid(matches, lambda exchange: exchange.send(exchange.refused(NotFound("Issue not found"))), lift)
