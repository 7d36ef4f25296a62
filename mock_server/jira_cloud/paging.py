"""Pages and addresses as Jira Cloud makes them."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from mock_server.endpoint import Call
from mock_server.errors import Invalid

_OWN = re.compile(r"(?P<host>/jira|/ex/jira/[^/]+)?/rest/api/[23]$")


def is_v2(call: Call) -> bool:
    """Whether version 2 is asked, whose rich text is plain."""
    return call.context.endswith("/2")


def server_root(call: Call) -> str:
    """Scheme, host and the path of the world: what everything served for it is below."""
    return call.origin() + _OWN.sub("", call.context)


def host_root(call: Call) -> str:
    """The address of the Jira host itself; an OAuth client is told the one without ``/ex``."""
    found = _OWN.search(call.context)
    return server_root(call) + ("/jira" if found and found["host"] == "/jira" else "")


def number(call: Call, name: str, otherwise: int) -> int:
    """A whole number from 0 of the query. Raises ``Invalid``."""
    text = call.first(name)
    if text is None or text == "":
        return otherwise
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise Invalid(f"The value '{text[:40]}' of '{name}' is not a whole number from 0.")
    return int(text)


def named(call: Call, name: str) -> list[str]:
    """The values of a parameter that may be repeated, or hold several joined by commas."""
    return [part.strip() for value in call.query.get(name, ()) for part in value.split(",") if part.strip()]


def page_bean(call: Call, path: str, values: Sequence[dict[str, Any]], start: int, most: int, total: int) -> dict[str, Any]:
    """Values of a page schema; ``values`` are those of this page, ``path`` is counted from the API's base."""
    own = [(name, value) for name, texts in call.query.items() for value in texts if name not in ("startAt", "maxResults")]

    def link(begin: int) -> str:
        return f"{call.base}{path}?{urlencode([*own, ('maxResults', most), ('startAt', begin)])}"

    is_last = start + len(values) >= total
    bean: dict[str, Any] = {"link": link(start)}
    if not is_last and most:
        bean["next_page"] = link(start + most)
    return bean | {"max_results": most, "start_at": start, "total": total, "is_last": is_last, "values": list(values)}
