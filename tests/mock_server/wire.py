"""Asking a server over its socket, without any client of this project."""

import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

LIMIT = 30


def ask(url: str, token: str | None = None, body: Any = None, method: str | None = None, **headers: str) -> Any:
    """The JSON of an answer; the status and the body of one that is no success."""
    sent = {"Content-Type": "application/json", **headers}
    if token:
        sent["Authorization"] = token if " " in token else f"Bearer {token}"
    request = Request(url, None if body is None else json.dumps(body).encode(), sent, method=method)
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=LIMIT) as answer:
            raw = answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()
    return json.loads(raw) if raw else None
