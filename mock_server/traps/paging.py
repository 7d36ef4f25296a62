"""Traps of paged lists: limits that are lowered, pages that shift, links that lead elsewhere."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from mock_server.errors import Invalid
from mock_server.faults.exchange import Answer, Exchange
from mock_server.sites import Site
from mock_server.traps.answers import changing, content_of, with_content
from mock_server.traps.asked import ask, body_of, number_of, reading, send
from mock_server.traps.trap import Laid, Values

DEFAULT_LIMIT = 50
_LINKS = ("next", "previous")


def lower_limits(site: Site, values: Values) -> Laid:
    """No page holds more than ``rows``; metadata tells the limit that was heeded."""
    most = values["rows"]

    def effect(exchange: Exchange) -> Iterable[bytes]:
        limit = number_of(exchange.environ, "limit", DEFAULT_LIMIT)
        body = body_of(exchange.environ) if exchange.environ["REQUEST_METHOD"] == "POST" else None
        if isinstance(body, dict) and type(body.get("limit")) is int and body["limit"] > most:
            send(exchange.environ, {**body, "limit": most})
        if limit is None or limit <= most:
            return exchange.send(exchange.answer())
        return exchange.send(_asking(exchange, limit=most))

    return Laid(reading(site, values), effect)


def shorten_pages(site: Site, values: Values) -> Laid:
    """No page holds more than ``rows``, and metadata tells the limit that was asked for."""
    most = values["rows"]

    def effect(exchange: Exchange) -> Iterable[bytes]:
        limit = number_of(exchange.environ, "limit", DEFAULT_LIMIT)
        if limit is None or limit <= most:
            return exchange.send(exchange.answer())
        return exchange.send(_told(_asking(exchange, limit=most), limit=limit))

    return Laid(reading(site, values), effect)


def lose_rows(site: Site, values: Values) -> Laid:
    """Pages after the first begin ``rows`` too late, as if rows of an earlier page had been removed meanwhile."""
    return _shifted(site, values, values["rows"])


def repeat_rows(site: Site, values: Values) -> Laid:
    """Pages after the first begin ``rows`` too early, as if rows had come before an earlier page meanwhile."""
    return _shifted(site, values, -values["rows"])


def _shifted(site: Site, values: Values, by: int) -> Laid:
    def effect(exchange: Exchange) -> Iterable[bytes]:
        offset = number_of(exchange.environ, "offset", 0)
        if not offset:
            return exchange.send(exchange.answer())
        moved = max(0, offset + by)
        return exchange.send(_told(_asking(exchange, offset=moved), offset=offset, by=offset - moved))

    return Laid(reading(site, values), effect)


def link_to_host(site: Site, values: Values) -> Laid:
    """``next`` and ``previous`` name another host."""
    host = values["host"]
    if not host or not all(character.isascii() and (character.isalnum() or character in "-.:_") for character in host):
        raise Invalid("host is the name of a host, with a port if need be.")

    def lead_away(_: Exchange, content: Any) -> None:
        for name, link in _links(content).items():
            content["metadata"][name] = urlunsplit(urlsplit(link)._replace(netloc=host))

    return Laid(reading(site, values), changing(lead_away))


def link_by_scheme(site: Site, values: Values) -> Laid:
    """``next`` and ``previous`` have http where the request came by https, and https where it came by http."""

    def lead_away(_: Exchange, content: Any) -> None:
        for name, link in _links(content).items():
            parts = urlsplit(link)
            content["metadata"][name] = urlunsplit(parts._replace(scheme="https" if parts.scheme == "http" else "http"))

    return Laid(reading(site, values), changing(lead_away))


def _links(content: Any) -> dict[str, str]:
    metadata = content.get("metadata") if isinstance(content, dict) else None
    return {name: metadata[name] for name in _LINKS if name in metadata} if isinstance(metadata, dict) else {}


def _asking(exchange: Exchange, **numbers: int) -> Answer:
    """What the faces answer to other numbers; where the list tells its own address, that which was asked."""
    asked = exchange.environ.get("QUERY_STRING", "")
    ask(exchange.environ, **numbers)
    answer = exchange.answer()
    content = content_of(answer)
    if not isinstance(content, dict) or not isinstance(content.get("self"), str) or "results" not in content:
        return answer
    own = content["self"].partition("?")[0]
    return with_content(answer, {**content, "self": f"{own}?{asked}" if asked else own})


def _told(answer: Answer, limit: int | None = None, offset: int | None = None, by: int = 0) -> Answer:
    """The page with this limit and offset in its metadata; links lead ``by`` rows further."""
    content = content_of(answer)
    if not isinstance(content, dict) or "limit" not in content.get("metadata", {}):
        return answer
    metadata = content["metadata"]
    if limit is not None:
        metadata["limit"] = limit
    if offset is not None:
        metadata["offset"] = offset
    for name, link in _links(content).items():
        parts = urlsplit(link)
        pairs = dict(parse_qsl(parts.query, keep_blank_values=True))
        if not {"offset", "limit"} <= set(pairs):
            continue
        changed = {"offset": str(max(0, int(pairs["offset"]) + by)), "limit": str(limit or pairs["limit"])}
        kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in changed]
        metadata[name] = urlunsplit(parts._replace(query=urlencode([*kept, *changed.items()])))
    return with_content(answer, content)
