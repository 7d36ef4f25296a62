"""The only module that sends HTTP: one caller a persona, every call recorded, every call with a timeout."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests

from conformance.calls import Answer, Call, Credentials, Journal, Unmet, WriteInReadOnlyRun
from conformance.target import Persona

CONNECT_SECONDS = 10.0
TOO_MANY = 429
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_READS_BY_POST = re.compile(
    r"rest/tempo-teams/3/search|rest/tempo-teams/2/team/members"
    r"|4/(?:\w[\w-]*/)+search|4/worklogs/(?:jira-to-tempo|tempo-to-jira)|4/plan-approvals/plans-for-review"
    r"|rest/api/[23]/(?:search|search/jql|permissions/check|worklog/list)"
)
MOST_WAITS = 8
LONGEST_WAIT = 120.0


class Wire:
    """A base URL and the rules of a run: where calls go, how long they may take, whether they may write.

    base: URL of a face without a slash at its end. seconds: for an answer. read_only: refuse calls that could write.
    sleep: waits a number of seconds where the server says that there were too many calls.
    """

    def __init__(
        self, base: str, journal: Journal, *, seconds: float, read_only: bool, sleep: Callable[[float], object] = time.sleep
    ) -> None:
        self.base = base
        self.read_only = read_only
        self._journal = journal
        self._seconds = seconds
        self._sleep = sleep
        self._session = requests.Session()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.auth = _no_netrc

    def send(self, call: Call) -> Answer:
        """Sends a call, follows no redirect; 429 is waited out as asked. Raises Unmet when no answer comes in time."""
        for waits in range(MOST_WAITS):
            answer = self._send_once(call)
            if answer.status != TOO_MANY:
                break
            self._sleep(_wait(answer.headers.get("retry-after", ""), waits))
        else:
            answer = self._send_once(call)
        self._journal.add(answer)
        return answer

    def _send_once(self, call: Call) -> Answer:
        headers = {"Accept": "application/json", **call.headers, **call.credentials.headers()}
        started = time.monotonic()
        try:
            response = self._session.request(
                call.method,
                call.url,
                headers=headers,
                data=None if call.body is None else call.body.encode(),
                timeout=(CONNECT_SECONDS, self._seconds),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise Unmet(f"an answer within {self._seconds:g} seconds", _reason(error), call=call) from error
        return Answer(
            call=call,
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            text=response.content.decode("utf-8", errors="replace"),
            seconds=time.monotonic() - started,
        )

    def close(self) -> None:
        """Closes the connections."""
        self._session.close()


class Caller:
    """Somebody who calls one face. Paths are relative to the face: `rest/tempo-teams/2/team`."""

    def __init__(self, wire: Wire, credentials: Credentials) -> None:
        self._wire = wire
        self.credentials = credentials

    @property
    def user(self) -> str:
        """The login name."""
        return self.credentials.user

    @property
    def base(self) -> str:
        """The URL of the face, without a slash at its end."""
        return self._wire.base

    def using(self, credentials: Credentials) -> Caller:
        """The same face, called with other credentials."""
        return Caller(self._wire, credentials)

    def known_as(self, user: str) -> Caller:
        """The same caller with another user, for example an account id that was found out."""
        return Caller(self._wire, replace(self.credentials, user=user))

    def get(self, path: str, params: Mapping[str, Any] | Sequence[tuple[str, Any]] | None = None) -> Answer:
        """GET."""
        return self.call("GET", path, params=params)

    def post(self, path: str, body: object) -> Answer:
        """POST with a JSON body."""
        return self.call("POST", path, text=json.dumps(body))

    def search(self, path: str, params: Sequence[tuple[str, Any]], body: object) -> Answer:
        """POST with a JSON body and a query."""
        return self.call("POST", path, params=params, text=json.dumps(body))

    def put(self, path: str, body: object = None) -> Answer:
        """PUT with a JSON body, or with none."""
        return self.call("PUT", path, text=None if body is None else json.dumps(body))

    def delete(self, path: str) -> Answer:
        """DELETE."""
        return self.call("DELETE", path)

    def patch(self, path: str) -> Answer:
        """PATCH without a body."""
        return self.call("PATCH", path)

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | Sequence[tuple[str, Any]] | None = None,
        text: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Any call. text: the body as it is sent. Raises WriteInReadOnlyRun, Unmet when no answer comes."""
        if self._wire.read_only and not reads(method, path):
            raise WriteInReadOnlyRun(f"the check writes ({method} {path}) and the run is --read-only")
        url = requests.Request(method, f"{self._wire.base}/{path}", params=params).prepare().url or ""
        sent = headers if headers is not None else {"Content-Type": "application/json"}
        return self._wire.send(Call(method, url, self.credentials, sent, text))


def credentials_of(persona: Persona) -> Credentials:
    """How a persona logs in by default: Basic where the target holds a password, else the personal access token."""
    if persona.password:
        return Credentials(persona.name, "basic", persona.user, persona.password)
    return Credentials(persona.name, "bearer", persona.user, persona.pat)


def tempo_credentials_of(persona: Persona) -> Credentials:
    """How a persona calls Tempo Cloud: with the token. The user is the account id."""
    return Credentials(persona.name, "bearer", persona.account_id, persona.token, "token")


def jira_credentials_of(persona: Persona) -> Credentials:
    """How a persona calls Jira Cloud: with e-mail address and API token."""
    return Credentials(persona.name, "basic", persona.email, persona.api_token, "api_token")


def probe(url: str, seconds: float, login: Credentials | None = None) -> int | str:
    """Whether anything speaks HTTP at a URL: the status of one GET, else the reason in words.

    login: who calls; without it the GET is anonymous.
    """
    headers = {} if login is None else login.headers()
    timeout = (min(CONNECT_SECONDS, seconds), seconds)
    try:
        with requests.get(
            url, timeout=timeout, allow_redirects=False, auth=_no_netrc, headers=headers, stream=True
        ) as response:
            return response.status_code
    except requests.RequestException as error:
        return _reason(error)


def reads(method: str, path: str) -> bool:
    """Whether a call only reads. path: below the face, without a slash before it."""
    return method in _SAFE_METHODS or (method == "POST" and _READS_BY_POST.fullmatch(path) is not None)


def _wait(asked: str, waits: int) -> float:
    """Seconds to wait after 429: what the server asks for, else 1, 2, 4 and so on."""
    return min(float(asked) if asked.isdecimal() else float(2**waits), LONGEST_WAIT)


def _no_netrc(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Takes the place of requests' look into ~/.netrc: an anonymous call has to stay anonymous."""
    return request


def _reason(error: requests.RequestException) -> str:
    """A requests error in a few words, the last cause first: its own text is a nest of object names."""
    if isinstance(error, requests.exceptions.SSLError):
        return f"a TLS failure: {_innermost(error)}"
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return "no connection in time"
    if isinstance(error, requests.exceptions.Timeout):
        return "no answer in time"
    return _innermost(error)


def _innermost(error: BaseException) -> str:
    seen = str(error)
    for cause in (
        "Connection refused",
        "Name or service not known",
        "Temporary failure in name resolution",
        "No route to host",
        "Connection reset",
        "closed connection",
        "Connection broken",
        "nodename nor servname",
    ):
        if cause.lower() in seen.lower():
            return cause.lower()
    return seen if len(seen) < 200 else f"{seen[:200]} ..."
