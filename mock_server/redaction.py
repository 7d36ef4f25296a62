"""Keeping secrets out of what is shown of a request: the console line and the journal."""

import json
import re
from typing import Any
from urllib.parse import unquote_plus

HIDDEN = "***"
"""What stands in the place of a secret."""

UNREADABLE = "*** (not shown: it names a secret, and is neither JSON nor a form)"
NO_TEXT = "(not shown: it is no text)"

_WORDS = ("passw", "pwd", "token", "secret", "jwt", "session", "authorization", "apikey", "api_key", "api-key")
_SECRET = re.compile("|".join(_WORDS), re.IGNORECASE)
# The code of OAuth 2.0 is one, what else has the word in its name is none: "status-code" for instance.
_CODE = "code"
_CODE_TOLD = re.compile(r"(?<![\w-])code[\"']?\s*[=:]", re.IGNORECASE)
# An escape in JSON or in a form may spell one of the words.
_SIGNS = tuple(word.encode() for word in (*_WORDS, "code", "\\u", "%"))
_JSON = (b"{", b"[")
# One of the signs in the name of a member, or in that of a parameter of an address; the group tells that it is a name.
# Each takes all the text it looks at, so that no sign is looked past twice: a long text of signs must not take for ever.
_SIGN = b"|".join(map(re.escape, _SIGNS))
_MEMBER = re.compile(rb"(?:" + _SIGN + rb")(?:[^\"\\]|\\.)*(?:\"(\s*:)?)?", re.DOTALL)
_PARAMETER = re.compile(rb"(?:" + _SIGN + rb")[^\"&\s=]*(=)?")
_IN_NAME = re.compile(r"[/\s]")
_VALUE = re.compile(r"[^/\s\"]*")
_FORM = re.compile(r"[^\s{}\[\]\"<>]*")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


def without_secrets(query: str) -> str:
    """The query string with the values of parameters such as ``os_password`` and ``code`` left out."""
    if not query:
        return query
    parts = (part.partition("=") for part in query.split("&"))
    return "&".join(name + equals + (HIDDEN if _is_secret(unquote_plus(name)) else value) for name, equals, value in parts)


def _is_secret(name: str) -> bool:
    return _SECRET.search(name) is not None or name.strip().lower() == _CODE


def names_secret(query: str) -> bool:
    """Whether a query may hold a secret."""
    return "%" in query or _SECRET.search(query) is not None or _CODE_TOLD.search(query) is not None


def path_without_secrets(path: str) -> str:
    """The path with the values of parameters in it, such as ``;jsessionid=``, left out."""
    first, *parts = path.split(";")
    return ";".join([first, *map(_parameter_hidden, parts)]) if parts else path


def _parameter_hidden(part: str) -> str:
    name, equals, value = part.partition("=")
    is_secret = equals and _SECRET.search(name) and not _IN_NAME.search(name)
    return name + equals + _VALUE.sub(HIDDEN, value, count=1) if is_secret else part


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
    if not _has_sign(lowered) or (begun[:1] in _JSON and not _names_secret(lowered)):
        return begun
    return _all_hidden(body, most)


def _names_secret(lowered: bytes) -> bool:
    return any(found[1] for named in (_MEMBER, _PARAMETER) for found in named.finditer(lowered))


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
            # A value may be an address with a query that is not escaped: what stands before and after it is a form still.
            return "?".join(without_secrets(path_without_secrets(part)) for part in text.split("?"))
        unescaped = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) + unquote_plus(text)
        return UNREADABLE if _SECRET.search(unescaped) or _CODE_TOLD.search(unescaped) else text
    # As it was sent unless something had to go.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if hiding.has_hidden else text


class _Hiding:
    """Goes through the objects of a JSON text, also through those that a second member of the same name covers."""

    def __init__(self) -> None:
        self.has_hidden = False

    def members(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {name: self._hidden() if _is_secret(name) else self.value(value) for name, value in pairs}

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
