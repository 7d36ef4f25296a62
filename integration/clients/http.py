"""One polite conversation with a server: few requests a second, patience with what passes, no secret in any message."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

import requests
import requests.auth
from urllib3.exceptions import HTTPError

from integration.clients.refusals import Redaction, host_of, netloc, refusal, speaks_no_tls, told, way_out, why, without_login

RETRY_SECONDS = (5.0, 10.0, 15.0)
"""How long to wait before asking again after 5xx (the vendor's advice on its rate limit)."""

MOST_WAITS = 10
"""How often in a row 429 is waited out."""

LONGEST_WAIT = 120.0
"""Seconds that a Retry-After may ask for; whoever asks for more is asked no more."""

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

_LOCAL = ("localhost", "127.0.0.1", "::1")
_DAY = 86_400.0

Query = Sequence[tuple[str, str]]


class Unreadable(Exception):  # noqa: N818
    """An answer that is not what was asked for. kind: one word for programs.

    The text is a sentence for people; ``sentence`` is the same without the way out.
    """

    def __init__(self, kind: str, sentence: str, status: int | None = None, way_out: str = "") -> None:
        super().__init__(f"{sentence}; {way_out}" if way_out else sentence)
        self.kind, self.status = kind, status
        self.sentence, self.way_out = sentence, way_out


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
        name: str = "",
    ) -> None:
        """url: with or without a slash at its end. authorization: the header's value. timeout: as ``TIMEOUT``. tell: hears of
        every wait. ``date`` is when the last answer was given, as its server said it."""
        # A name and a password in the address would displace the token, and stand in messages.
        self.url = without_login(url.rstrip("/"))
        self._timeout = timeout
        self._redaction = Redaction(authorization)
        self._name = name
        self._session = requests.Session()
        # The proxy and the certificates of the machine are the way out of a company's network; no proxy leads to itself.
        self._session.trust_env = host_of(self.url) not in _LOCAL
        self._session.headers.update({"Accept": "application/json", "User-Agent": "tempo-sync"})
        # Not a header of the session: a log-in of .netrc would displace it, and would go along where there is none.
        self._session.auth = _Authorization(authorization)
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
                if many.seconds > LONGEST_WAIT:
                    span = f"{math.ceil(many.seconds)} s" if many.seconds < _DAY else "longer than a day"
                    sentence = f"{self._who} asks to wait {span} (429); run again after that"
                    raise Unreadable("too-many", sentence, 429) from None
                if waits > MOST_WAITS:
                    sentence = f"{self._who} answers 429 however long it is waited; lower requests_per_second"
                    raise Unreadable("too-many", sentence, 429) from None
                self._wait(many.seconds, "the server asks to wait")
            except Unreadable as error:
                pause = next(tries, None) if error.kind in ("server-error", "unreachable", "broken") and again else None
                if pause is None:
                    raise
                self._wait(pause, error.sentence)

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
        except requests.exceptions.SSLError as error:
            if speaks_no_tls(error):
                raise Unreadable("not-tempo", f"{self._host} speaks no https; is it http://{self._host}?") from None
            raise Unreadable("unreachable", f"{self._host} has no certificate that is trusted here") from None
        except (requests.exceptions.ProxyError, requests.exceptions.InvalidProxyURL):
            sentence = f"{self._host} cannot be reached through the proxy that HTTPS_PROXY or HTTP_PROXY names"
            raise Unreadable("unreachable", sentence) from None
        except (requests.exceptions.MissingSchema, requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema):
            raise Unreadable("not-tempo", f"{self._host} is not an address; it begins with https://") from None
        except requests.exceptions.Timeout:
            raise Unreadable("unreachable", f"{self._host} did not answer in time") from None
        except requests.exceptions.RequestException as error:
            raise Unreadable("unreachable", f"{self._host} cannot be reached ({why(error)})") from None
        except OSError:
            sentence = (
                f"{self._host} cannot be asked: REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE names certificates that are not there"
            )
            raise Unreadable("unreachable", sentence) from None
        except (HTTPError, ValueError):
            # What requests does not see to: a host with an empty part, a redirect to something that is no address.
            raise Unreadable("not-tempo", f"{self._host} is no address, or sends the request on to what is none") from None
        self.date = answer.headers.get("Date")
        return self._read(answer, f"{method} {path}")

    def _read(self, answer: requests.Response, asked: str) -> Any:
        status = answer.status_code
        if status == 429:
            raise _TooMany(self._retry_after(answer.headers.get("Retry-After")))
        if 300 <= status < 400:
            other = host_of(answer.headers.get("Location", "")) or "another page"
            raise Unreadable("not-tempo", f"{self._host} sends the request on to {other}: is the address right?", status)
        if status >= 400:
            sentence = refusal(self._name, self._host, status, asked)
            if status >= 500:
                raise Unreadable("server-error", sentence, status)
            sentence += told(answer.content, status, self._redaction)
            raise Unreadable(_KINDS.get(status, "refused"), sentence, status, way_out(self._name, status))
        if status == 204 or not answer.content:
            return None
        if "json" not in answer.headers.get("Content-Type", "json"):
            kind = self._redaction.of(answer.headers["Content-Type"]).split(";")[0]
            raise Unreadable("not-tempo", f"{self._host} answered with {kind}, not JSON")
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
        return max(seconds, 1.0) if seconds == seconds else 1.0

    def _wait(self, seconds: float, why: str) -> None:
        self._tell(f"waiting {seconds:g} s: {why}")
        self._waited += seconds
        self._clock.sleep(seconds)

    @property
    def _host(self) -> str:
        return netloc(self.url) or self.url

    @property
    def _who(self) -> str:
        return f"{self._name} at {self._host}" if self._name else self._host


class _Authorization(requests.auth.AuthBase):
    def __init__(self, value: str) -> None:
        self._value = value

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._value:
            request.headers["Authorization"] = self._value
        return request


class _TooMany(Exception):  # noqa: N818
    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds
