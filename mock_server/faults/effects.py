"""What the rule of a fault does with a request: in this order it takes away, applies, waits, answers, changes and sends."""

import html
import json
from collections.abc import Iterable, Iterator
from http import HTTPStatus

from mock_server.errors import Fact, NotLoggedIn, Refused
from mock_server.faults.exchange import Answer, Effect, Exchange, is_bodiless
from mock_server.faults.members import Rule
from mock_server.faults.shifting import shifted
from mock_server.faults.withdrawing import withdraw
from mock_server.rate_limit import TooMany
from mock_server.refusals import Answered
from mock_server.sites import NEXT_KEY

_STEPS_A_SECOND = 10
"""In how many pieces a second a body drips; slower than a byte each, byte by byte."""


def effect_of(rule: Rule) -> Effect:
    """The effect of a rule."""
    return lambda exchange: _break(exchange, rule)


def phrase(status: int) -> str:
    """The words of a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _break(exchange: Exchange, rule: Rule) -> Iterable[bytes]:
    if rule.expire_token or rule.take_permission is not None:
        withdraw(exchange, rule)
    applied = exchange.answer() if rule.applied else None
    if rule.delay is not None:
        exchange.wait(rule.delay)
    if rule.timeout is not None:
        _say_nothing(exchange, rule.timeout)
    if rule.cut == "before":
        raise exchange.cut(reset=rule.reset is not False)
    if rule.has_own_answer:
        answer = _own(exchange, rule)
    elif applied is not None:
        answer = applied
    else:
        answer = shifted(exchange, rule.shift) if rule.shift is not None else exchange.answer()
    return _send(exchange, _changed(answer, rule), rule)


def _say_nothing(exchange: Exchange, seconds: float) -> None:
    if not exchange.is_on_a_wire:
        raise TimeoutError(f"The fault keeps this request waiting for {seconds:g} seconds; without a socket, for ever.")
    if not exchange.wait(seconds, with_client=True):
        raise exchange.cut(reset=False)


def _own(exchange: Exchange, rule: Rule) -> Answer:
    status = 200 if rule.status is None else rule.status
    line = f"{status} {phrase(status)}"
    empty = Answer(line)
    if rule.html:
        title = html.escape(line)
        page = f"<html>\n<head><title>{title}</title></head>\n<body>\n<center><h1>{title}</h1></center>\n</body>\n</html>\n"
        answer = empty.saying(page.encode(), "text/html;charset=UTF-8")
    elif rule.json is not None:
        answer = empty.saying(rule.json, "application/json")
    elif rule.body is not None:
        answer = empty.saying(rule.body.encode(), "text/plain;charset=UTF-8")
    elif status < HTTPStatus.BAD_REQUEST:
        answer = empty if status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED) else empty.saying(b"")
    else:
        answer = exchange.refused(_fact(status))
    answer = answer.without("retry-after")
    if rule.retry_after is not None:
        answer = _with_header(answer, "Retry-After", str(rule.retry_after))
    return answer


def _fact(status: int) -> Fact:
    if status == HTTPStatus.UNAUTHORIZED:
        return NotLoggedIn(phrase(status), rejected=True)
    if status == HTTPStatus.FORBIDDEN:
        return Refused(phrase(status))
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return TooMany(phrase(status))
    return Answered(phrase(status), status)


def _changed(answer: Answer, rule: Rule) -> Answer:
    if rule.invalid_json and not is_bodiless(answer.status):
        answer = answer.saying(_invalid(answer.body))
    if rule.truncate:
        answer = answer.saying(answer.body[: len(answer.body) // 2])
    if rule.content_type is not None:
        answer = answer.without("content-type")
        if rule.content_type:
            answer = _with_header(answer, "Content-Type", rule.content_type)
    for name, text in rule.headers.items():
        answer = answer.without(name.lower())
        if text is not None:
            answer = _with_header(answer, name, text)
    return answer


def _with_header(answer: Answer, name: str, text: str) -> Answer:
    return Answer(answer.status, (*answer.headers, (name, text)), answer.body)


def _invalid(body: bytes) -> bytes:
    """The body with a comma too much, or a brace where that would not be enough."""
    text = body.rstrip()
    broken = text[:-1] + b"," + text[-1:] if text.endswith((b"}", b"]")) else b"{" + body
    try:
        json.loads(broken)
    except ValueError:
        return broken
    return b"{" + body


def _send(exchange: Exchange, answer: Answer, rule: Rule) -> Iterable[bytes]:
    if rule.drip is None and rule.cut is None:
        return exchange.send(answer)
    body = exchange.body_of(answer)
    write = exchange.begin(answer)
    if rule.cut == "middle":
        body = body[: len(body) // 2]
        exchange.environ.pop(NEXT_KEY, None)

    def parts() -> Iterator[bytes]:
        # The head goes out at once, also before a body of nothing.
        write(b"")
        yield from _dripping(exchange, body, rule.drip) if rule.drip is not None else [body]
        # A call without a socket has the whole answer and no connection that could be closed after it.
        if rule.cut == "middle" or (rule.cut == "after" and exchange.is_on_a_wire):
            raise exchange.cut(reset=bool(rule.reset))

    return parts()


def _dripping(exchange: Exchange, body: bytes, bytes_a_second: float) -> Iterator[bytes]:
    size = max(1, int(bytes_a_second / _STEPS_A_SECOND))
    for start in range(0, len(body), size):
        if start:
            exchange.wait(size / bytes_a_second, with_client=True)
        yield body[start : start + size]
