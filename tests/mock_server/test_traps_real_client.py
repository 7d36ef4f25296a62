"""tempo-api-python-client, which this project did not write, meets each trap over a socket.

What it does is put into words from what comes back, and these words are those of the table in ``docs/traps.md``.
"""

import itertools
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import requests
from tempoapiclient.client_v4 import Tempo

from mock_server.traps.catalogue import TRAPS

from .conftest import ROOT

BOB = "5b10a2844c20165700ede223"
UNKNOWN = "__tempo-io__unknown_user"
ALL = 334
NUMBERS = itertools.count(1)


@dataclass
class Meeting:
    """A site in which a trap can be armed, and clients of it. limit: rows that a client asks of a page."""

    url: str
    http: requests.Session
    clients: list[Tempo] = field(default_factory=list)

    def client(self, who: str = "viewer", limit: int = 100) -> Tempo:
        """A client with the demo token of somebody's."""
        client = Tempo(auth_token=f"demo-token-of-{who}-not-a-secret", base_url=f"{self.url}/4", limit=limit)
        client._session.trust_env = False
        # After a POST the library keeps the token in headers that all clients of a program share.
        client.default_headers = dict(Tempo.default_headers)
        self.clients.append(client)
        return client

    def arm(self, name: str, **parameters: Any) -> None:
        """Arm a trap."""
        answer = self.http.post(f"{self.url}/_mock/faults", json={"trap": name, **parameters})
        assert answer.status_code == 201, answer.text

    def said(self, call: Callable[[], Any]) -> str:
        """What a call of the client comes to, in words."""
        try:
            result = call()
        except SystemExit as error:
            failure = error.code
            assert isinstance(failure, requests.HTTPError), failure
            assert failure.response is not None
            return f"ends the program: {failure.response.status_code}"
        except requests.RequestException as error:
            return f"raises {type(error).__name__}"
        if isinstance(result, list):
            return self.counted(result)
        return "goes through"

    def counted(self, rows: list[Any]) -> str:
        """A list of worklogs in words."""
        numbers = [row["tempoWorklogId"] for row in rows]
        twice = len(numbers) - len(set(numbers))
        if len(set(numbers)) == ALL:
            return f"returns {len(rows)} worklogs, {twice} of them twice" if twice else f"returns all {ALL} worklogs"
        return f"returns {len(rows)} of {ALL} worklogs and no error"

    def read(self, limit: int = 100) -> str:
        """Reading everybody's worklogs."""
        return self.said(lambda: worklogs(self.client(limit=limit)))

    def log(self, **more: Any) -> str:
        """Logging an hour of bob's."""
        return self.said(lambda: create(self.client("bob"), **more))


def worklogs(client: Tempo) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get_worklogs("2013-01-01", "2013-12-31")
    return found


def create(client: Tempo, day: str = "2013-11-14", issue: Any = 10202, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = client.create_worklog(BOB, issue, day, 3600, **more)
    return made


@pytest.fixture(scope="module")
def origin(module_server: Callable[..., Any]) -> str:
    url: str = module_server("--quiet").url
    return url


@pytest.fixture
def meeting(origin: str) -> Iterator[Meeting]:
    """The scenario guide on 15 November 2013, for one test."""
    name = f"trap{next(NUMBERS)}"
    with requests.Session() as http:
        http.trust_env = False
        made = http.post(f"{origin}/_mock/sites", json={"name": name, "clock": "2013-11-15"})
        assert made.status_code == 201, made.text
        frozen = http.put(f"{origin}/sites/{name}/_mock/clock", json={"now": "2013-11-15T00:00:00Z", "frozen": True})
        assert frozen.status_code == 200, frozen.text
        met = Meeting(f"{origin}/sites/{name}", http)
        yield met
        for client in met.clients:
            client.close()


@dataclass
class Stranger:
    """Another host: keeps what it is sent."""

    host: str
    tokens: list[str]


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    tokens: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            tokens.append(self.headers.get("Authorization", ""))
            body = b'{"metadata": {"count": 0}, "results": []}'
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Stranger(f"127.0.0.1:{server.server_port}", tokens)
        server.shutdown()
        thread.join()


def reads(name: str, limit: int = 100) -> Callable[[Meeting], str]:
    """Arm the trap and read all worklogs."""

    def meet(meeting: Meeting) -> str:
        assert meeting.read(limit) == f"returns all {ALL} worklogs"
        meeting.arm(name)
        return meeting.read(limit)

    return meet


def logs(name: str, **more: Any) -> Callable[[Meeting], str]:
    """Arm the trap and log an hour."""

    def meet(meeting: Meeting) -> str:
        assert meeting.log(**more) == "goes through"
        meeting.arm(name)
        return meeting.log(**more)

    return meet


def shrinking(meeting: Meeting) -> str:
    meeting.arm("shrinking-reach", after=4)
    assert meeting.read() == f"returns all {ALL} worklogs"
    return f"the second run {meeting.read()}"


def anonymised(meeting: Meeting) -> str:
    meeting.arm("anonymised-author")
    authors = [row["author"]["accountId"] for row in worklogs(meeting.client())]
    return f"{meeting.read()}, {authors.count(UNKNOWN)} of them of {UNKNOWN}"


def no_emails(meeting: Meeting) -> str:
    meeting.arm("hidden-emails")
    assert not [name for name in dir(Tempo) if "user" in name and "schedule" not in name and "plan" not in name]
    return "never asks Jira who somebody is"


def capped(meeting: Meeting) -> str:
    lead = meeting.client("erica", limit=5000)
    plans = len(lead.get_plans("2013-01-01", "2014-12-31")["results"])
    meeting.arm("default-page-of-50", rows=2)
    page = len(lead.get_plans("2013-01-01", "2014-12-31")["results"])
    assert page < plans
    return f"{meeting.read(5000)}; of {plans} plans the {page} of the first page and no error"


def sends_token(meeting: Meeting, stranger: Stranger) -> str:
    meeting.arm("next-on-another-host", host=stranger.host)
    read = meeting.read()
    assert stranger.tokens == ["Bearer demo-token-of-viewer-not-a-secret"]
    return f"sends the token to the other host; {read}"


def key(meeting: Meeting) -> str:
    meeting.arm("issue-key-refused")
    body = {"authorAccountId": BOB, "issueKey": "CLOUD-3", "startDate": "2013-11-14", "timeSpentSeconds": 60}
    bob = meeting.client("bob")
    first, second = (meeting.said(lambda: bob.post("/worklogs", data=body)) for _ in range(2))
    return f"create_worklog sends issueId and {meeting.log()}; post() with a key {first} once, then {second}"


def text_id(meeting: Meeting) -> str:
    meeting.arm("issue-id-text-refused")
    return f"sends a number whatever it is given: {meeting.log(issue='10202', startTime='09:00')}"


def filters(meeting: Meeting) -> str:
    bob = meeting.client("bob")
    assert meeting.said(lambda: bob.get_worklogs("2013-01-01", "2013-12-31", issueId=10220)) != "ends the program: 404"
    meeting.arm("issue-filter-404")
    return meeting.said(lambda: bob.get_worklogs("2013-01-01", "2013-12-31", issueId=10220))


def estimate(meeting: Meeting) -> str:
    meeting.arm("error-body-hidden")
    with pytest.raises(SystemExit) as caught:
        create(meeting.client("bob"), remainingEstimateSeconds=0)
    told = "not in the error" if "Remaining" not in str(caught.value) else "in the error"
    with_one = meeting.log(remainingEstimateSeconds=1)
    return f"{meeting.log()}, the message {told}; an estimate of 0 is never sent, with 1 it {with_one}"


def closed(meeting: Meeting) -> str:
    made = create(meeting.client("bob"), "2013-11-07")["tempoWorklogId"]
    meeting.arm("closed-period")
    said = {meeting.log(day="2013-11-08"), meeting.said(lambda: meeting.client("bob").delete_worklog(made))}
    (only,) = said
    return only


def deleted(meeting: Meeting) -> str:
    bob = meeting.client("bob")
    made = create(bob)["tempoWorklogId"]
    meeting.arm("already-deleted")
    said = meeting.said(lambda: bob.delete_worklog(made))
    assert made not in [row["tempoWorklogId"] for row in worklogs(bob)]
    return f"{said}, although it is gone"


def unanswered(meeting: Meeting) -> str:
    bob = meeting.client("bob")
    before = len(worklogs(bob))
    meeting.arm("created-unanswered")
    first, second = meeting.log(), meeting.log()
    return f"{first}; tried again it {second}, and there are {len(worklogs(bob)) - before}"


def schedule(meeting: Meeting) -> str:
    bob = meeting.client("bob")
    assert bob.get_user_schedule("2013-11-14", "2013-11-15")
    meeting.arm("scope-missing")
    return meeting.said(lambda: bob.get_user_schedule("2013-11-14", "2013-11-15"))


def storm(meeting: Meeting) -> str:
    meeting.arm("rate-storm", served=2)
    return f"{meeting.read()}, in spite of Retry-After"


def silent(meeting: Meeting) -> str:
    meeting.arm("silent-empty", served=2)
    return meeting.read()


def after_error(meeting: Meeting) -> str:
    meeting.arm("empty-after-error")
    first, second = meeting.read(), meeting.read()
    return f"{first}; run again it {second}"


def probe(meeting: Meeting) -> str:
    meeting.arm("probe-405")
    assert not hasattr(Tempo, "head")
    return f"sends no HEAD and no OPTIONS: {meeting.read()}"


def late(meeting: Meeting) -> str:
    meeting.arm("late-worklogs")
    bob = meeting.client("bob")
    made = create(bob)["tempoWorklogId"]
    missing = made not in [row["tempoWorklogId"] for row in worklogs(bob)]
    by_id = meeting.said(lambda: bob.get_worklogs("2013-01-01", "2013-12-31", worklogId=made))
    return f"{'does not list' if missing else 'lists'} what it has just made; by id it {by_id}"


def day_before(meeting: Meeting) -> str:
    meeting.arm("previous-day")
    rows = worklogs(meeting.client())
    wrong = sum(row["startDate"] != row["startDateTimeUtc"][:10] for row in rows)
    return f"hands out both: {wrong} of {len(rows)} worklogs are on another day by UTC"


MEETINGS: dict[str, Callable[..., str]] = {
    "hidden-authors": reads("hidden-authors"),
    "shrinking-reach": shrinking,
    "anonymised-author": anonymised,
    "hidden-emails": no_emails,
    "default-page-of-50": capped,
    "count-is-not-total": reads("count-is-not-total"),
    "next-on-another-host": sends_token,
    "next-over-http": reads("next-over-http"),
    "shifting-pages": reads("shifting-pages"),
    "duplicate-across-pages": reads("duplicate-across-pages"),
    "issue-id-text-refused": text_id,
    "issue-key-refused": key,
    "issue-filter-404": filters,
    "required-attribute": logs("required-attribute"),
    "attributes-mandatory": logs("attributes-mandatory"),
    "error-body-hidden": estimate,
    "closed-period": closed,
    "already-deleted": deleted,
    "created-unanswered": unanswered,
    "token-expires": reads("token-expires"),
    "scope-missing": schedule,
    "connect-session-token": reads("connect-session-token"),
    "forge-migration": reads("forge-migration"),
    "wrong-region-host": reads("wrong-region-host"),
    "rate-storm": storm,
    "silent-empty": silent,
    "empty-after-error": after_error,
    "5xx-is-not-absence": reads("5xx-is-not-absence"),
    "probe-405": probe,
    "late-worklogs": late,
    "previous-day": day_before,
}


@pytest.mark.parametrize("name", [trap.name for trap in TRAPS])
def test_what_the_client_does_is_what_the_page_says(name: str, meeting: Meeting, stranger: Stranger) -> None:
    meet = MEETINGS[name]
    seen = meet(meeting, stranger) if meet is sends_token else meet(meeting)
    page = (ROOT / "docs" / "traps.md").read_text(encoding="utf-8").partition("## What tempo-api-python-client does")[2]
    told = re.search(rf"^\| `{re.escape(name)}` \| (.*) \|$", page, re.MULTILINE)
    assert told is not None, seen
    assert told[1] == seen
