"""What is told of a server that does not give what it was asked for: who, what was asked, what to do, and no secret. Pure."""

from __future__ import annotations

import base64
import binascii
import json
from types import MappingProxyType
from urllib.parse import urlsplit

TEMPO, JIRA = "Tempo", "Jira"
"""How the servers are called in sentences."""

_LONGEST_TEXT = 300

_LEADS = MappingProxyType({401: " refused the token: it", 403: " does not allow this: it"})

_WAYS_OUT = MappingProxyType(
    {
        (TEMPO, 401): "`tempo-sync connect` tells what is wrong with it",
        (TEMPO, 403): "`tempo-sync connect` tells what the token may not see",
        (JIRA, 401): "look at jira_user under [site] and at the token of Jira, then run `tempo-sync connect`",
        (JIRA, 403): "the owner of the token of Jira lacks a permission for it",
    }
)


def refusal(name: str, host: str, status: int, asked: str) -> str:
    """Who answered what to which request. name: "" where only the host is known. asked: method and path."""
    who = f"{name} at {host}" if name else host
    return f"{who}{_LEADS.get(status, '')} answered {status} to {asked}"


def way_out(name: str, status: int) -> str:
    """What to do about it, "" where nothing can be told."""
    return _WAYS_OUT.get((name, status), "")


class Redaction:
    """Takes secrets out of what a server says: it may say again what it was sent."""

    def __init__(self, authorization: str) -> None:
        """authorization: the header's value; of a log-in the pair and the token alone are secret, too."""
        scheme, _, sent = authorization.rpartition(" ")
        secrets = {sent}
        if scheme.lower() == "basic":
            try:
                pair = base64.b64decode(sent, validate=True).decode()
            except (binascii.Error, ValueError):
                pair = ""
            secrets |= {pair, pair.partition(":")[2]}
        # The longest first: one may hold another.
        self._secrets = tuple(sorted(secrets - {""}, key=lambda secret: (-len(secret), secret)))

    def of(self, text: str) -> str:
        """The text without them."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


def told(content: bytes, status: int, redaction: Redaction) -> str:
    """What an API says of its refusal: ``errors[].message`` of Tempo, ``errorMessages`` and ``errors`` of Jira."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        # A page in a browser's language says it somewhere, if at all.
        return ": it has expired" if status == 401 and b"expired" in content[:10_000].lower() else ""
    if not isinstance(body, dict):
        return ""
    errors = body.get("errors")
    found: list[object] = [body.get("error")]
    if isinstance(errors, list):
        found += [entry.get("message") for entry in errors if isinstance(entry, dict)]
    if isinstance(errors, dict):
        found += list(errors.values())
    if isinstance(body.get("errorMessages"), list):
        found += body["errorMessages"]
    texts = [text.rstrip(".") for text in found if isinstance(text, str) and text]
    shown = "".join(sign if sign.isprintable() else " " for sign in "; ".join(texts))
    # Before the text is cut: half a token is one to guess the rest of.
    return f": {redaction.of(shown)[:_LONGEST_TEXT]}" if shown else ""


def why(error: Exception) -> str:
    """Why somebody cannot be reached, in words."""
    text = str(error)
    for sign, words in (
        ("NameResolution", "no such host"),
        ("Name or service", "no such host"),
        ("refused", "connection refused"),
        ("IncompleteRead", "the answer broke off"),
        ("reset", "the connection was cut"),
        ("closed", "the connection was cut"),
        ("aborted", "the connection was cut"),
    ):
        if sign in text:
            return words
    return type(error).__name__


def speaks_no_tls(error: Exception) -> bool:
    """Whether what answers to https:// is a server of http://."""
    text = str(error).lower()
    return any(
        sign in text
        for sign in ("wrong_version_number", "wrong version number", "record layer", "record_layer", "http_request")
    )


def netloc(url: str) -> str:
    """Host and port, "" where there is none."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def host_of(url: str) -> str:
    """The host alone."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def without_login(url: str) -> str:
    """An address without a name and a password in it."""
    scheme, separator, rest = url.rpartition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}"
