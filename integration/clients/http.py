"""One polite conversation with a server: few requests a second, patience with what passes, no secret in any message."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

RETRY_SECONDS = (5.0, 10.0, 15.0)
"""How long to wait before asking again after 5xx (the vendor's advice on its rate limit)."""

MOST_WAITS = 10
"""How often in a row 429 is waited out."""

LONGEST_WAIT = 120.0
"""Seconds of Retry-After that are believed."""

TIMEOUT = (10.0, 120.0)
"""Seconds to connect, and between two parts of an answer."""

PER_SECOND = 5.0
"""Requests a second that the vendor allows."""

_KINDS = MappingProxyType(
    {
        400: "refused",
        401: "unauthorized",
        403: "forbidden",
        404: "not-found",
        405: "refused",
        410: "gone",
    }
)

Query = Sequence[tuple[str, str]]


class Unreadable(Exception):  # noqa: N818
    """An answer that is not what was asked for. kind: one word for programs. The text is a sentence for people."""

    def __init__(self, kind: str, sentence: str, status: int | None = None) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.status = status


class Clock(Protocol):
    """What waiting is done with, so that tests need not wait."""

    def monotonic(self) -> float:
        """Seconds that never go back."""

    def sleep(self, seconds: float) -> None:
        """Wait."""

    def time(self) -> float:
        """Seconds since 1970, for a Retry-After that is a date."""


class SystemClock:
    """The machine's."""

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def time(self) -> float:
        """Seconds since 1970."""
        return time.time()


class Called(NamedTuple):
    """What was asked so far. waited: seconds that were spent on the limits of the server and of ourselves."""

    requests: int
    waited: float


class Wire:
    """Requests to one server below one address, with one session."""

    def __init__(
        self,
        url: str,
        authorization: str,
        *,
        clock: Clock | None = None,
        per_second: float = PER_SECOND,
        retry_seconds: Sequence[float] = RETRY_SECONDS,
        timeout: tuple[float, float] = TIMEOUT,
        tell: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        """url: with or without a slash at its end. authorization: the header's value. timeout: as ``TIMEOUT``. tell: hears of
        every wait. ``date`` is when the last answer was given, as its server said it."""
        # A name and a password in the address would displace the token, and stand in messages.
        self.url = _without_login(url.rstrip("/"))
        self._timeout = timeout
        self._secret = authorization.rpartition(" ")[2]
        self._session = requests.Session()
        # Nothing of the machine's own may go along: no proxy log-in, no .netrc.
        self._session.trust_env = False
        self._session.headers.update({"Accept": "application/json", "User-Agent": "tempo-sync"})
        if authorization:
            self._session.headers["Authorization"] = authorization
        self._clock = clock or SystemClock()
        self._pause = 1 / per_second if per_second > 0 else 0.0
        self._retry_seconds = retry_seconds
        self._tell = tell
        self._next, self._requests, self._waited = 0.0, 0, 0.0
        self.date: str | None = None

    @property
    def called(self) -> Called:
        """How much was asked."""
        return Called(self._requests, self._waited)

    def get(self, path: str, query: Query = ()) -> Any:
        """The JSON of a GET. Raises ``Unreadable``."""
        return self.ask("GET", path, query)

    def search(self, path: str, body: Any) -> Any:
        """The JSON of a POST that only reads. Raises ``Unreadable``."""
        return self.ask("POST", path, (), body, repeatable=True)

    def ask(self, method: str, path: str, query: Query = (), body: Any = None, *, repeatable: bool | None = None) -> Any:
        """The JSON of an answer, None for one without body.

        repeatable: whether asking twice does no harm, so that a lost answer is asked for again; a POST is not, unless
        told. Raises ``Unreadable``.
        """
        again = method in ("GET", "PUT", "DELETE") if repeatable is None else repeatable
        tries, waits = iter(self._retry_seconds), 0
        while True:
            try:
                return self._once(method, path, query, body)
            except _TooMany as many:
                waits += 1
                if waits > MOST_WAITS:
                    sentence = f"{self._host} answers 429 however long it is waited; lower requests_per_second"
                    raise Unreadable("too-many", sentence, 429) from None
                self._wait(many.seconds, "the server asks to wait")
            except Unreadable as error:
                pause = next(tries, None) if error.kind in ("server-error", "unreachable", "broken") and again else None
                if pause is None:
                    raise
                self._wait(pause, str(error))

    def _once(self, method: str, path: str, query: Query, body: Any) -> Any:
        wait = self._next - self._clock.monotonic()
        if wait > 0:
            self._waited += wait
            self._clock.sleep(wait)
        self._next = self._clock.monotonic() + self._pause
        self._requests += 1
        data = None if body is None else json.dumps(body)
        headers = {} if body is None else {"Content-Type": "application/json"}
        try:
            answer = self._session.request(
                method,
                self.url + path,
                params=list(query),
                data=data,
                headers=headers,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.exceptions.SSLError:
            raise Unreadable("unreachable", f"{self._host} has no certificate that is trusted here") from None
        except (requests.exceptions.MissingSchema, requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema):
            raise Unreadable("not-tempo", f"{self._host} is not an address; it begins with https://") from None
        except requests.exceptions.Timeout:
            raise Unreadable("unreachable", f"{self._host} did not answer in time") from None
        except requests.exceptions.RequestException as error:
            raise Unreadable("unreachable", f"{self._host} cannot be reached ({_why(error)})") from None
        except (HTTPError, ValueError):
            # What requests does not see to: a host with an empty part, a redirect to something that is no address.
            raise Unreadable("not-tempo", f"{self._host} is no address, or sends the request on to what is none") from None
        self.date = answer.headers.get("Date")
        return self._read(answer)

    def _read(self, answer: requests.Response) -> Any:
        status = answer.status_code
        if status == 429:
            raise _TooMany(self._retry_after(answer.headers.get("Retry-After")))
        if 300 <= status < 400:
            other = _host_of(answer.headers.get("Location", "")) or "another page"
            raise Unreadable("not-tempo", f"{self._host} sends the request on to {other}: is the address right?", status)
        if status >= 500:
            raise Unreadable("server-error", f"{self._host} answered {status}", status)
        if status >= 400:
            raise Unreadable(_KINDS.get(status, "refused"), f"{self._host} answered {status}{self._told(answer)}", status)
        if status == 204 or not answer.content:
            return None
        if "json" not in answer.headers.get("Content-Type", "json"):
            raise Unreadable(
                "not-tempo", f"{self._host} answered with {answer.headers['Content-Type'].split(';')[0]}, not JSON"
            )
        try:
            return json.loads(answer.content)
        except (ValueError, RecursionError):
            raise Unreadable("broken", f"{self._host} answered with JSON that breaks off or is none") from None

    def _retry_after(self, text: str | None) -> float:
        if text is None:
            return 1.0
        try:
            seconds = float(text)
        except ValueError:
            try:
                seconds = parsedate_to_datetime(text).timestamp() - self._clock.time()
            except (TypeError, ValueError, OverflowError):
                seconds = 1.0
        return min(max(seconds, 1.0), LONGEST_WAIT) if seconds == seconds else 1.0

    def _wait(self, seconds: float, why: str) -> None:
        self._tell(f"waiting {seconds:g} s: {why}")
        self._waited += seconds
        self._clock.sleep(seconds)

    @property
    def _host(self) -> str:
        return _netloc(self.url) or self.url

    def _told(self, answer: requests.Response) -> str:
        # A server may say again what it was sent.
        told = _told(answer)
        return told.replace(self._secret, "***") if self._secret else told


class _TooMany(Exception):  # noqa: N818
    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def _netloc(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _without_login(url: str) -> str:
    scheme, separator, rest = url.rpartition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}"


def _host_of(url: str) -> str:
    return _netloc(url).rpartition("@")[2].partition(":")[0]


def _why(error: Exception) -> str:
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


def _told(answer: requests.Response) -> str:
    """What an API says of its refusal: ``errors[].message`` of Tempo, ``errorMessages`` and ``errors`` of Jira."""
    try:
        body = json.loads(answer.content)
    except (ValueError, RecursionError):
        # A page in a browser's language says it somewhere, if at all.
        return ": it has expired" if answer.status_code == 401 and b"expired" in answer.content[:10_000].lower() else ""
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
    texts = [text for text in found if isinstance(text, str) and text]
    shown = "".join(sign if sign.isprintable() else " " for sign in "; ".join(texts))
    return f": {shown[:300]}" if shown else ""
