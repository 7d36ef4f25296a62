"""Calls and answers as values, and how they are shown: a curl line to copy, with every secret left out."""

from __future__ import annotations

import base64
import json
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import Any, Literal

HIDDEN = "***"
BODY_EXCERPT = 1500
NOT_A_WORD = 16
"""A secret of this length is looked for in bodies; a shorter one may be a word that is there for another reason."""
KEY_OF_AN_APP = 40
"""A member `key` of this length is a secret."""
_SECRET_HEADERS = frozenset(
    {"authorization", "cookie", "set-cookie", "proxy-authorization", "x-ausersessionid", "x-asessionid"}
)
_SECRET_MEMBERS = frozenset(
    {"password", "pat", "token", "rawtoken", "access_token", "refresh_token", "client_secret"}
    | {"clientsecret", "sharedsecret", "apitoken", "api_token"}
)
_SHOWN_HEADERS = (
    "content-type",
    "www-authenticate",
    "x-seraph-loginreason",
    "x-ausername",
    "location",
    "retry-after",
    "x-arequestid",
)
_TEXT_SECRETS = re.compile(
    r"""((?P<q>["'])(?:password|pat|token|rawToken|access_token|refresh_token|client_?secret|sharedSecret|api_?token)(?P=q)"""
    r"""\s*:\s*(?P<r>["']))(?:\\.|(?!(?P=r)).)*|(?P<id>JSESSIONID=)[^;\s"']+""",
    re.IGNORECASE | re.DOTALL,
)


class Unmet(AssertionError):  # noqa: N818 - a verdict on a server, not a failure of the program
    """A server did not do what was expected. `answer` is the answer in question, None when there was none."""

    def __init__(self, expected: str, got: str, answer: Answer | None = None, call: Call | None = None) -> None:
        super().__init__(f"expected {expected}; got {got}")
        self.expected = expected
        self.got = got
        self.answer = answer
        self.call = answer.call if answer is not None else call


class WriteInReadOnlyRun(Exception):  # noqa: N818 - the reason of a skip
    """A check wanted to write although the run was told not to."""


@dataclass(frozen=True)
class Credentials:
    """How a call says who it is. `label` names the persona and the environment variables of the curl line.

    secret_name: the end of that variable where it is not the usual one of the kind: `token` makes $ADMIN_TOKEN.
    """

    label: str
    kind: Literal["none", "basic", "bearer", "cookie"] = "none"
    user: str = ""
    secret: str = field(default="", repr=False)
    secret_name: str = ""

    def headers(self) -> dict[str, str]:
        """The headers that carry the credentials."""
        if self.kind == "basic":
            return {"Authorization": "Basic " + base64.b64encode(f"{self.user}:{self.secret}".encode()).decode("ascii")}
        if self.kind == "bearer":
            return {"Authorization": f"Bearer {self.secret}"}
        if self.kind == "cookie":
            return {"Cookie": self.secret}
        return {}

    def hide(self, text: str) -> str:
        """The text without the secret, plain or as a Basic header holds it."""
        if self.kind == "basic" and self.secret:
            pair = f"{self.user}:{self.secret}"
            # The padding may have gone on the way.
            text = text.replace(base64.b64encode(pair.encode()).decode("ascii").rstrip("="), HIDDEN).replace(pair, HIDDEN)
        return text.replace(self.secret, HIDDEN) if len(self.secret) >= NOT_A_WORD else text

    def curl_words(self) -> list[str]:
        """The same as words of a curl line; secrets become environment variables such as $ADMIN_PASSWORD."""
        ending = self.secret_name or {"basic": "password", "bearer": "pat"}.get(self.kind, self.kind)
        variable = re.sub(r"\W+", "_", f"{self.label}_{ending}").upper()
        if self.kind == "basic":
            return ["-u", f'{shlex.quote(self.user)}:"${variable}"']
        if self.kind == "bearer":
            return ["-H", f'"Authorization: Bearer ${variable}"']
        if self.kind == "cookie":
            return ["-H", f'"Cookie: ${variable}"']
        return []


@dataclass(frozen=True)
class Call:
    """A request as it was sent, without its credentials' headers."""

    method: str
    url: str
    credentials: Credentials
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None

    def curl_line(self) -> str:
        """The call for a shell. Nothing secret is in it."""
        words = ["curl", "-i", "-X", self.method, *self.credentials.curl_words()]
        for name, value in self.headers.items():
            shown = HIDDEN if name.lower() in _SECRET_HEADERS else value
            words += ["-H", shlex.quote(f"{name}: {shown}")]
        if self.body is not None:
            words += ["--data", shlex.quote(redact_body(self.body))]
        return " ".join([*words, shlex.quote(self.url)])


@dataclass(frozen=True)
class Answer:
    """What came back. headers: names in lower case. seconds: from sending to the whole body."""

    call: Call
    status: int
    headers: Mapping[str, str]
    text: str
    seconds: float = 0.0

    def json(self) -> Any:
        """The body read as JSON. Raises Unmet when it is not JSON."""
        try:
            return json.loads(self.text)
        except ValueError as error:
            raise Unmet("a body that is JSON", f"a body that is not: {error}", self) from error

    def json_or_none(self) -> Any:
        """The body read as JSON, None when it is not."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    def excerpt(self) -> str:
        """Status, the headers that matter and the beginning of the body; nothing secret is in it."""
        lines = [f"HTTP {self.status}"]
        lines += [f"{name}: {self.headers[name]}" for name in _SHOWN_HEADERS if name in self.headers]
        # Hidden before the cut, which could leave half a secret.
        body = self.call.credentials.hide(redact_body(self.text))
        if len(body) > BODY_EXCERPT:
            body = f"{body[:BODY_EXCERPT]} ... ({len(body)} characters in all)"
        return "\n".join([*(self.call.credentials.hide(line) for line in lines), "", body if body else "(no body)"])

    def cookie_pairs(self) -> str:
        """The cookies this answer sets, in the form of a Cookie header; "" when it sets none."""
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(self.headers.get("set-cookie", ""))
        except CookieError:
            return ""
        return "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())


class Journal:
    """The calls of the check that runs now."""

    def __init__(self) -> None:
        self._answers: list[Answer] = []

    def begin(self) -> None:
        """Forgets the calls of the check before."""
        self._answers = []

    def add(self, answer: Answer) -> None:
        """Keeps an answer with its call."""
        self._answers.append(answer)

    @property
    def answers(self) -> Sequence[Answer]:
        """Answers since `begin`, oldest first."""
        return tuple(self._answers)


def redact_body(text: str) -> str:
    """A request or answer body without passwords, tokens and session ids. Works on JSON and on damaged text alike."""
    try:
        content = json.loads(text)
    except ValueError:
        return redact_text(text)
    hidden = _redact(content)
    return text if hidden == content else json.dumps(hidden, ensure_ascii=False)


def redact_text(text: str) -> str:
    """A text in which JSON or Python values may stand, without the passwords, tokens and session ids among them."""
    return _TEXT_SECRETS.sub(lambda found: f"{found.group(1) or found.group('id')}{HIDDEN}", text)


def _redact(value: Any) -> Any:
    if isinstance(value, list):
        return [_redact(item) for item in value]
    if not isinstance(value, dict):
        return value
    cookie = "value" in value and str(value.get("name", "")).upper().endswith("SESSIONID")
    return {
        key: HIDDEN if key.lower() in _SECRET_MEMBERS or (cookie and key == "value") or _is_key(key, item) else _redact(item)
        for key, item in value.items()
    }


def _is_key(name: str, item: Any) -> bool:
    """Whether it is the key of an app; those of accounts, projects and the like are short."""
    return name.lower() == "key" and isinstance(item, str) and len(item) >= KEY_OF_AN_APP
