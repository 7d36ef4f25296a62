"""The control routes of a running server, as the commands ask them over HTTP."""

import json
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

from mock_server.errors import Invalid, Unusable
from mock_server.server_address import DEFAULT_URL, server_root

EXIT_SERVER = 6
_SECONDS = 30
"""How long an answer is waited for."""


class ServedWorld:
    """A world that is served. ``url`` is the root of the server or of one of its sites. Raises ``Invalid`` for no address."""

    def __init__(self, url: str) -> None:
        self._root = server_root(url)

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """What a path below ``/_mock`` answers: the JSON, None for something else, and empty bytes for nothing.

        Raises ``Invalid`` for what the world refuses, and ``Unusable`` when nobody answers, or somebody else.
        """
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data else {}
        request = Request(f"{self._root}/_mock/{path}", data, headers, method=method)
        try:
            # A proxy of the environment knows nothing of this machine's ports.
            with build_opener(ProxyHandler({})).open(request, timeout=_SECONDS) as response:
                raw = response.read()
        except HTTPError as error:
            with error:
                raise self._refusal(error.code, error.read()) from None
        except (OSError, HTTPException, ValueError) as error:
            reason = error.reason if isinstance(error, URLError) else error
            raise Unusable(
                f"No server answers at {self._root} ({reason or type(error).__name__}); "
                "start one with `tempo-mock serve`, or name it with --url or a database file with --db.",
                EXIT_SERVER,
            ) from None
        return _parsed(raw) if raw else b""

    def stranger(self) -> Unusable:
        """What to raise when an answer is none of ours."""
        return Unusable(
            f"What answers at {self._root} is not the root of a tempo-mock server or of a site; "
            f"name one with --url, such as {DEFAULT_URL}.",
            EXIT_SERVER,
        )

    def _refusal(self, status: int, raw: bytes) -> Exception:
        body = _parsed(raw)
        sentence = body.get("error") if isinstance(body, dict) else None
        if isinstance(sentence, str):
            return Unusable(sentence, EXIT_SERVER) if status == 403 else Invalid(sentence)
        if status == 404 and raw.startswith(b"404 ") and b" is not served here; see " in raw:
            return Unusable(
                f"The server at {self._root} runs without control routes; start it without --no-control, "
                "or name its database file with --db.",
                EXIT_SERVER,
            )
        return self.stranger()


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
