"""Pages that shift while somebody pages: rows before them were removed or inserted since the first one was read."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from mock_server.faults.exchange import Answer, Exchange

_OFFSETS = ("offset", "startAt")
"""What counts rows from 0 in a query: Tempo Cloud's name for it, and Jira's."""

_LINKS = ("self", "next", "nextPage")


def asked_offset(environ: dict[str, Any]) -> tuple[str, int] | None:
    """The name and value of the offset of a later page, or None for a first one and for a list without pages."""
    for name, text in parse_qsl(environ.get("QUERY_STRING", "")):
        if name in _OFFSETS and text.isascii() and text.isdecimal() and len(text) <= 9 and int(text) > 0:
            return name, int(text)
    return None


def shifted(exchange: Exchange, by: int) -> Answer:
    """What the faces answer when ``by`` rows before the asked page have gone (less than 0: have come).

    The page says of itself what it would then: the offset that was asked, and links counted from it.
    """
    environ = exchange.environ
    asked = asked_offset(environ)
    if asked is None:
        return exchange.answer()
    name, offset = asked
    query = environ["QUERY_STRING"]
    # Rows that came are made up by nobody: a page that would begin among them begins with the first real one.
    read_from = max(0, offset + by)
    environ["QUERY_STRING"] = _with_offset(query, name, read_from)
    try:
        answer = exchange.answer()
    finally:
        environ["QUERY_STRING"] = query
    return _retold(answer, name, offset, read_from, by)


def _retold(answer: Answer, name: str, asked: int, read_from: int, by: int) -> Answer:
    try:
        page = json.loads(answer.body)
    except ValueError:
        return answer
    if not isinstance(page, dict):
        return answer
    for place in (page, page.get("metadata")):
        if not isinstance(place, dict):
            continue
        for link in _LINKS:
            if isinstance(place.get(link), str):
                place[link] = _link_from(place[link], name, asked - read_from)
        if isinstance(place.get(name), int):
            place[name] = asked
        if isinstance(place.get("total"), int):
            place["total"] = max(0, place["total"] - by)
        before = place.get("previous") or page.get("self")
        if isinstance(place.get("limit"), int) and isinstance(before, str):
            place["previous"] = _link_to(before, name, max(0, asked - place["limit"]))
    return answer.saying(json.dumps(page, ensure_ascii=False, separators=(",", ":")).encode())


def _link_from(link: str, name: str, moved: int) -> str:
    """The link with its offset moved; one without stays as it is."""
    for key, text in parse_qsl(urlsplit(link).query):
        if key == name and text.isascii() and text.isdecimal():
            return _link_to(link, name, int(text) + moved)
    return link


def _link_to(link: str, name: str, offset: int) -> str:
    parts = urlsplit(link)
    return parts._replace(query=_with_offset(parts.query, name, offset)).geturl()


def _with_offset(query: str, name: str, offset: int) -> str:
    """The query with another offset; everything else stays as it was written."""
    parts = query.split("&")
    return "&".join(urlencode({name: offset}) if part.partition("=")[0] == name else part for part in parts)
