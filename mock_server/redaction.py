"""Keeping secrets out of what is shown of a request: the console line and the journal."""

import json
import re
from typing import Any
from urllib.parse import unquote_plus

HIDDEN = "***"
"""What stands in the place of a secret."""

UNREADABLE = "*** (not shown: it names a secret, and is neither JSON nor a form)"
NO_TEXT = "(not shown: it is no text)"

_WORDS = ("passw", "token", "secret", "jwt", "session")
_SECRET = re.compile("|".join(_WORDS), re.IGNORECASE)
# An escape in JSON or in a form may spell one of the words.
_SIGNS = (b"passw", b"token", b"secret", b"jwt", b"session", b"\\u", b"%")
_JSON = (b"{", b"[")
# One of the signs in the name of a member, or in that of a parameter of an address.
_NAMED = re.compile(rb"(?:passw|token|secret|jwt|session|\\u|%)(?:(?:[^\"\\]|\\.)*\"\s*:|[^\"&\s]*=)")
_IN_PATH = re.compile(rf"(;[^;/=\s]*(?:{'|'.join(_WORDS)})[^;/=\s]*=)[^;/\s\"]*", re.IGNORECASE)
_FORM = re.compile(r"[^\s{}\[\]\"<>]*")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


def without_secrets(query: str) -> str:
    """The query string with the values of parameters such as ``os_password`` left out."""
    if not query:
        return query
    parts = (part.partition("=") for part in query.split("&"))
    return "&".join(name + equals + (HIDDEN if _SECRET.search(unquote_plus(name)) else value) for name, equals, value in parts)


def path_without_secrets(path: str) -> str:
    """The path with the values of parameters in it, such as ``;jsessionid=``, left out."""
    return _IN_PATH.sub(rf"\1{HIDDEN}", path) if ";" in path else path


def address_without_secrets(address: str) -> str:
    """A path or address with a query, without the secrets in either."""
    path, mark, query = address.partition("?")
    return path_without_secrets(path) + mark + without_secrets(query)


def body_without_secrets(body: bytes, most: int) -> bytes:
    """The first ``most`` bytes of a body, with the values of members or fields such as ``password`` left out.

    A body that seems to name a secret and can be read neither as JSON nor as a form is left out as a whole.
    """
    begun = body[:most]
    if b"\0" in begun:
        return NO_TEXT.encode()
    # A name stands before its value: without one at the beginning there is no secret in it.
    return _all_hidden(body, most) if _has_sign(begun.lower()) else begun


def answer_without_secrets(body: bytes, most: int) -> bytes:
    """The same of an answer of this server's, whose JSON is known to be sound: cheap also where a long one says "session"."""
    begun = body[:most]
    lowered = begun.lower()
    if not _has_sign(lowered) or (begun[:1] in _JSON and not _NAMED.search(lowered)):
        return begun
    return _all_hidden(body, most)


def _has_sign(lowered: bytes) -> bool:
    # Spelled out: an expression would take ten times as long, and a generator twice.
    for sign in _SIGNS:  # noqa: SIM110
        if sign in lowered:
            return True
    return False


def _all_hidden(body: bytes, most: int) -> bytes:
    return _read_and_hidden(body).encode("utf-8", "replace")[:most]


def _read_and_hidden(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    hiding = _Hiding()
    try:
        value = hiding.value(json.loads(text, object_pairs_hook=hiding.members))
    except (ValueError, RecursionError):
        if _FORM.fullmatch(text):
            return address_without_secrets(text) if "?" in text else without_secrets(text)
        unescaped = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) + unquote_plus(text)
        return UNREADABLE if _SECRET.search(unescaped) else text
    # As it was sent unless something had to go.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if hiding.has_hidden else text


class _Hiding:
    """Goes through the objects of a JSON text, also through those that a second member of the same name covers."""

    def __init__(self) -> None:
        self.has_hidden = False

    def members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {name: self._hidden() if _SECRET.search(name) else self.value(value) for name, value in pairs}

    def value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.value(one) for one in value]
        if isinstance(value, str):
            # An answer may give back the address that was asked, with its query.
            shown = address_without_secrets(value)
            self.has_hidden = self.has_hidden or shown != value
            return shown
        return value

    def _hidden(self) -> str:
        self.has_hidden = True
        return HIDDEN
