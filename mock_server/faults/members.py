"""What the rule of a fault may say: its members, what each allows, and the rule as a value."""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from mock_server.errors import Invalid

LONGEST_WAIT = 3600
"""Seconds a request can be kept waiting at most."""

MOST_REQUESTS = 1_000_000_000
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
CUTS = ("before", "middle", "after")
DEFAULT_TIMEOUT = 60
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")
_CONNECTIONS_OWN = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailers", "transfer-encoding", "upgrade"}
)
"""Headers that belong to a connection and not to an answer (RFC 9110); no WSGI application may send them."""


@dataclass(frozen=True)
class Rule:
    """A rule that was read. What is None or False was not asked for; seconds are seconds, ``drip`` is bytes in one."""

    method: tuple[str, ...] = ()
    path: str | None = None
    persona: str | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    count: int | None = None
    after: int = 0
    probability: float | None = None
    seed: int | str = 0
    status: int | None = None
    body: str | None = None
    json: bytes | None = None
    headers: Mapping[str, str | None] = field(default_factory=dict)
    retry_after: int | None = None
    delay: float | None = None
    timeout: float | None = None
    cut: str | None = None
    reset: bool | None = None
    truncate: bool = False
    invalid_json: bool = False
    html: bool = False
    content_type: str | None = None
    drip: float | None = None
    applied: bool = False
    shift: int | None = None
    expire_token: bool = False
    take_permission: Mapping[str, Any] | None = None

    @property
    def has_own_answer(self) -> bool:
        """Whether the answer is told here and not asked of the faces."""
        return self.status is not None or self.body is not None or self.json is not None or self.html

    @property
    def has_effect(self) -> bool:
        """Whether anything at all would be broken."""
        waits = self.delay is not None or self.timeout is not None or self.drip is not None or self.cut is not None
        changes = self.truncate or self.invalid_json or self.content_type is not None or self.headers or self.shift
        return bool(self.has_own_answer or waits or changes or self.expire_token or self.take_permission is not None)


class Member(NamedTuple):
    """A member of a rule: its name on the wire and in ``Rule``, what it allows, and how it is read."""

    name: str
    field: str
    allowed: str
    read: Callable[[Any], Any]


def read_rule(raw: Any) -> Rule:
    """The rule of an object. Raises ``Invalid`` that names the member and what it allows."""
    if not isinstance(raw, dict):
        raise Invalid("A rule is an object.")
    known = {member.name: member for member in MEMBERS}
    unknown = [name for name in raw if name not in known]
    if unknown:
        raise Invalid(f"Known in a rule are {', '.join(known)}, not {', '.join(shown(name) for name in unknown[:5])}.")
    values = {}
    for name, value in raw.items():
        member = known[name]
        try:
            values[member.field] = member.read(value)
        except (ValueError, TypeError, OverflowError):
            raise Invalid(f"{name} is {member.allowed}, not {shown(value)}.") from None
    if values.get("status") == 429:
        values.setdefault("retry_after", 1)
    rule = Rule(**values)
    _check_together(raw, rule)
    return rule


def shown(value: Any) -> str:
    """A value as an error quotes it: short, and without what could break a line."""
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _check_together(raw: Mapping[str, Any], rule: Rule) -> None:
    answers = [name for name in ("body", "json", "html") if name in raw and raw[name] is not False]
    if len(answers) > 1:
        raise Invalid(f"{' and '.join(answers)} exclude each other: an answer has one body.")
    if rule.status in (204, 304) and (answers or rule.invalid_json):
        raise Invalid(f"An answer with status {rule.status} has no body; leave {' and '.join(answers) or 'invalidJson'} out.")
    if "reset" in raw and rule.cut is None:
        raise Invalid("reset says how a cut ends; send cut with it.")
    if "retryAfter" in raw and rule.status is None:
        raise Invalid("retryAfter goes with status.")
    if "seed" in raw and rule.probability is None:
        raise Invalid("seed goes with probability.")
    if rule.applied and not (rule.has_own_answer or rule.cut or rule.timeout is not None):
        raise Invalid("applied goes with status, body, json, html, cut or timeout; otherwise a request is carried out anyway.")
    if rule.shift is not None and rule.has_own_answer:
        raise Invalid("shift changes pages that are there; it does not go with status, body, json or html.")
    if not rule.has_effect:
        effects = "status, body, json, headers, delay, timeout, cut, truncate, invalidJson, html, contentType, drip, shift"
        raise Invalid(f"Say what is broken: one of {effects}, expireToken and takePermission.")


def _whole(least: int, most: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ValueError
        return value

    return read


def _number(least: float, most: float) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        if type(value) not in (int, float) or not math.isfinite(value) or not least <= value <= most:
            raise ValueError
        return float(value)

    return read


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    value.encode()
    return value


def _name(value: Any) -> str:
    if not _text(value).strip():
        raise ValueError
    return _text(value)


def _methods(value: Any) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not listed:
        raise TypeError
    methods = tuple(dict.fromkeys(_text(method).upper() for method in listed))
    if not set(methods) <= set(METHODS):
        raise ValueError
    return methods


def _path(value: Any) -> str:
    if not _text(value).startswith(("/", "*")):
        raise ValueError
    return _text(value)


def _texts(value: Any) -> Mapping[str, str]:
    if not isinstance(value, dict) or not value:
        raise TypeError
    return MappingProxyType({_text(name): _text(text) for name, text in value.items()})


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _header_text(value: Any) -> str:
    text = _text(value)
    text.encode("latin-1")
    # What a header cannot hold: it would be another header, or end them.
    if len(text) > 8000 or any(ord(c) < 32 or ord(c) == 127 for c in text):
        raise ValueError
    return text


def _headers(value: Any) -> Mapping[str, str | None]:
    if not isinstance(value, dict) or not value:
        raise TypeError
    for name in value:
        if not _TOKEN.fullmatch(name) or name.lower() in _CONNECTIONS_OWN or name.lower() == "content-length":
            raise ValueError
    return MappingProxyType({name: None if text is None else _header_text(text) for name, text in value.items()})


def _cut(value: Any) -> str:
    if value not in CUTS:
        raise ValueError
    return str(value)


def _seconds_or_true(value: Any) -> float:
    return float(DEFAULT_TIMEOUT) if value is True else _number(0, LONGEST_WAIT)(value)


def _seconds_until_retry(value: Any) -> int | None:
    return None if value is None else _whole(0, MOST_REQUESTS)(value)


def _content_type(value: Any) -> str:
    return "" if value is None else _header_text(_name(value))


def _seed(value: Any) -> int | str:
    return value if type(value) is int else _text(value)


def _shift(value: Any) -> int:
    number = _whole(-1_000_000, 1_000_000)(value)
    if not number:
        raise ValueError
    return number


def _permission(value: Any) -> Mapping[str, Any]:
    if value is True:
        return MappingProxyType({})
    if not isinstance(value, dict) or len(value) != 1 or not set(value) <= {"role", "scope"}:
        raise TypeError
    role, scope = value.get("role"), value.get("scope")
    if scope is None and type(role) is not int and not (isinstance(role, str) and role.strip()):
        raise ValueError
    if role is None and not (isinstance(scope, str) and scope.strip()):
        raise ValueError
    return MappingProxyType(value)


MEMBERS = (
    Member("method", "method", f"one of {', '.join(METHODS)}, or a list of them", _methods),
    Member("path", "path", "a text that begins with / or *: a path and all below it, or a pattern with * for anything", _path),
    Member("persona", "persona", "the name of a persona of the scenario or a login name", _name),
    Member("query", "query", "an object of parameters and texts, in which * stands for anything", _texts),
    Member("count", "count", "a whole number from 1", _whole(1, MOST_REQUESTS)),
    Member("after", "after", "a whole number from 0", _whole(0, MOST_REQUESTS)),
    Member("probability", "probability", "a number from 0 to 1", _number(0, 1)),
    Member("seed", "seed", "a whole number or a text", _seed),
    Member("status", "status", "a whole number from 200 to 599", _whole(200, 599)),
    Member("body", "body", "a text", _text),
    Member("json", "json", "any JSON value", _json),
    Member(
        "headers", "headers", "an object of names and texts, or null for none; no Content-Length and none of a connection",
        _headers,
    ),
    Member("retryAfter", "retry_after", "a whole number of seconds from 0, or null for none", _seconds_until_retry),
    Member("delay", "delay", f"a number of seconds from 0 to {LONGEST_WAIT}", _number(0, LONGEST_WAIT)),
    Member("timeout", "timeout", f"true or a number of seconds from 0 to {LONGEST_WAIT}", _seconds_or_true),
    Member("cut", "cut", f"one of {', '.join(CUTS)}", _cut),
    Member("reset", "reset", "true or false", _flag),
    Member("truncate", "truncate", "true or false", _flag),
    Member("invalidJson", "invalid_json", "true or false", _flag),
    Member("html", "html", "true or false", _flag),
    Member("contentType", "content_type", "a media type, or null for none", _content_type),
    Member("drip", "drip", "a number of bytes in a second, from 1", _number(1, MOST_REQUESTS)),
    Member("applied", "applied", "true or false", _flag),
    Member("shift", "shift", "a whole number of rows, more than 0 for removed ones and less for inserted ones", _shift),
    Member("expireToken", "expire_token", "true or false", _flag),
    Member("takePermission", "take_permission", 'true, {"role": id or name} or {"scope": name}', _permission),
)  # fmt: skip
"""Every member, in the order in which they are told."""
