"""Tokens at a running server, for the command: asked for over HTTP at ``/_mock/tokens``."""

import json
from collections.abc import Sequence
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, Request, build_opener

from mock_server.errors import Invalid, Unusable
from mock_server.server_address import DEFAULT_URL, server_root

EXIT_SERVER = 6
_SECONDS = 30
"""How long an answer is waited for."""

Bean = dict[str, Any]
_TEXTS = ("person", "name", "access", "expiresAt", "status")


class ServerTokens:
    """The tokens of a world that is served. ``url`` is the root of the server or of one of its sites.

    Every method raises ``Invalid`` for what the world refuses, and ``Unusable`` when nobody answers, or somebody else.
    """

    def __init__(self, url: str) -> None:
        self._root = server_root(url)

    def create(self, person: str, name: str, days: int | None, scopes: Sequence[str] | None) -> Bean:
        """A new token, with its text as ``token``; ``days`` None is thirty, ``scopes`` None is Full access."""
        return self._bean("POST", "", {"person": person, "name": name, "days": days, "scopes": scopes})

    def list(self, person: str) -> list[Bean]:
        """Somebody's tokens, active and expired, without their text."""
        found = self._ask("GET", f"?{urlencode({'person': person})}")
        if not (isinstance(found, list) and all(_is_bean(bean) for bean in found)):
            raise self._stranger()
        return found

    def regenerate(self, person: str, token_id: int) -> Bean:
        """The token with another text, as ``token``."""
        return self._bean("POST", f"/{token_id}/regenerate", {"person": person})

    def delete(self, person: str, token_id: int) -> None:
        """Revoke a token."""
        if self._ask("DELETE", f"/{token_id}?{urlencode({'person': person})}") != b"":
            raise self._stranger()

    def _bean(self, method: str, path: str, body: Bean) -> Bean:
        found = self._ask(method, path, body)
        text = found.get("token") if _is_bean(found) else None
        # The text is printed as it is, so that it can be used: what could move the cursor is no token.
        if not (isinstance(text, str) and text and text.isprintable()):
            raise self._stranger()
        made: Bean = found
        return made

    def _ask(self, method: str, path: str, body: Bean | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data else {}
        request = Request(f"{self._root}/_mock/tokens{path}", data, headers, method=method)
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
        return self._stranger()

    def _stranger(self) -> Unusable:
        return Unusable(
            f"What answers at {self._root} is not the root of a tempo-mock server or of a site; "
            f"name one with --url, such as {DEFAULT_URL}.",
            EXIT_SERVER,
        )


def _is_bean(value: Any) -> bool:
    if not isinstance(value, dict) or type(value.get("id")) is not int:
        return False
    scopes = value.get("scopes")
    texts = [value.get(name) for name in _TEXTS]
    return isinstance(scopes, list) and all(isinstance(text, str) for text in [*texts, *scopes])


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
