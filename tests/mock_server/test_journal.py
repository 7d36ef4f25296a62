"""What is written down of a request: of every face, of every outcome, in bounded memory, from many threads."""

import io
import threading
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.journal import MOST_OF_BODY, OWN_COST, Entry, Journal, Space
from mock_server.journalled import journalled
from mock_server.sites import ACTOR_KEY, FAULT_KEY, NOTES_KEY, SITE_KEY

from .conftest import basic

MANY = 8
NOW = datetime(2013, 11, 15, tzinfo=UTC)
JIRA = {"Authorization": "Basic " + basic("fred@example.org", "demo-jira-token-of-fred-not-a-secret").partition(" ")[2]}
TEAM = "/jira/rest/tempo-teams/2/team"

Make = Callable[..., Any]


def entries(world: Any) -> list[Entry]:
    found: list[Entry] = world.site.journal.entries()
    return found


def last(world: Any) -> Entry:
    return entries(world)[-1]


@pytest.mark.parametrize(
    ("call", "who", "status", "scope"),
    [
        (lambda world: world.get("fred", "2/team/3"), "fred", 200, "Browse Team"),
        (lambda world: world.get("fred", "/jira/rest/api/2/myself"), "fred", 200, "logged in"),
        (lambda world: world.cloud("GET", "fred", "teams"), "fred", 200, "teams:view"),
        (lambda world: world.get(None, "/rest/api/3/myself", headers=JIRA), "fred", 200, "logged in"),
        (lambda world: world.get(None, "/rest/api/2/myself", headers=JIRA), "fred", 200, "logged in"),
        (lambda world: world.get(None, "/core/3/worklogs"), None, 410, None),
        (lambda world: world.get(None, "/rest/tempo-teams/2/team"), None, 404, None),
        (lambda world: world.get("fred", "2/nothing"), "fred", 404, None),
        (lambda world: world.cloud("GET", "fred", "nothing"), "fred", 404, None),
        (lambda world: world.cloud("GET", None, "teams"), None, 401, "teams:view"),
        (lambda world: world.call("HEAD", "fred", "2/team/3"), "fred", 200, "Browse Team"),
    ],
)
def test_every_face_makes_entries(
    world: Any, call: Callable[[Any], Any], who: str | None, status: int, scope: str | None
) -> None:
    answer = call(world)
    assert answer.status == status
    [entry] = entries(world)
    assert (entry.number, entry.who, entry.status, entry.scope) == (1, who, status, scope)
    assert entry.moment == NOW
    assert entry.milliseconds > 0
    assert entry.size == len(answer.body)
    assert entry.answer_body == answer.body[:MOST_OF_BODY]


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/_mock/clock", "/_mock", "/_mock/", "/_mock/journal", "/_mock/nothing", "/_mock/api", "/_mock/openapi.json"),
        *("/jira/plugins/servlet/restbrowser", "/jira/plugins/servlet/restbrowser/openapi.json", "/favicon.ico"),
    ],
)
def test_the_fake_s_own_pages_and_routes_make_none(world: Any, path: str) -> None:
    world.get(None, path)
    assert entries(world) == []


def test_a_site_has_a_journal_of_its_own_with_paths_below_its_prefix(world: Any) -> None:
    world.post(None, "/_mock/sites", {"name": "blue"})
    world.cloud("GET", "fred", "teams")
    world.get("fred", f"/sites/blue{TEAM}/3?expand=leaduser")
    blue = world.application.sites.get("blue").journal
    assert [(entry.path, entry.query) for entry in blue.entries()] == [(f"{TEAM}/3", "expand=leaduser")]
    assert [entry.path for entry in entries(world)] == ["/4/teams"]
    world.delete(None, "/_mock/sites/blue")
    assert (blue.enabled, blue.entries()) == (False, [])


@pytest.mark.parametrize(
    ("method", "who", "path", "body", "status", "reason"),
    [
        ("GET", "no_scopes", "worklogs", None, 403, "worklogs:view"),
        ("GET", "expired", "worklogs", None, 401, "expired"),
        ("POST", "fred", "worklogs", {"issueId": 1}, 400, "authorAccountId"),
        ("GET", "fred", "worklogs/99999", None, 404, "99999"),
    ],
)
def test_the_reason_names_what_is_missing(
    world: Any, method: str, who: str, path: str, body: Any, status: int, reason: str
) -> None:
    tokens = {"no_scopes": "demo-token-without-scopes-not-a-secret", "expired": "demo-token-that-expired-not-a-secret"}
    answer = world.cloud(method, tokens.get(who, who), path, **({} if body is None else {"json": body}))
    assert answer.status == status, answer.text
    assert reason in "; ".join(last(world).reasons)


def test_a_role_that_is_missing_on_the_host_is_named(world: Any) -> None:
    assert world.get("greta", "2/team/3").status == 403
    assert "Browse Team" in "; ".join(last(world).reasons)


def test_bodies_are_kept_up_to_a_length_and_read_by_the_face_all_the_same(world: Any) -> None:
    summary = "ü" * MOST_OF_BODY
    answer = world.post("fred", "2/team", {"name": "Long", "summary": summary})
    assert answer.status == 200
    assert answer.json["summary"] == summary
    entry = last(world)
    assert len(entry.request_body) == MOST_OF_BODY
    assert entry.request_body.startswith(b'{"name": "Long"')
    assert len(entry.answer_body) <= MOST_OF_BODY
    assert entry.size == len(answer.body)


def test_the_address_of_the_next_page_is_kept_as_it_will_be_asked(world: Any) -> None:
    world.post(None, "/_mock/sites", {"name": "blue"})
    for prefix, site in (("", world.site), ("/sites/blue", world.application.sites.get("blue"))):
        headers = {"Authorization": "Bearer demo-token-of-fred-not-a-secret", "X-Forwarded-Prefix": "/ignored"}
        first = world.get(None, f"{prefix}/4/teams?limit=1", headers=headers)
        following = first.json["metadata"]["next"]
        assert following.startswith(f"http://localhost{prefix}/4/teams?")
        world.get(None, following.removeprefix("http://localhost"), headers=headers)
        one, two = site.journal.entries()
        assert one.next == two.address


def test_no_journal_writes_nothing_until_it_is_switched_on(make_world: Make) -> None:
    world = make_world(journal=False)
    world.post(None, "/_mock/sites", {"name": "blue"})
    world.cloud("GET", "fred", "teams")
    world.get("fred", f"/sites/blue{TEAM}/3")
    assert entries(world) == []
    assert world.application.sites.get("blue").journal.entries() == []
    assert world.put(None, "/_mock/journal", {"enabled": True}).status == 200
    world.cloud("GET", "fred", "teams")
    assert len(entries(world)) == 1


def test_a_reset_begins_a_new_journal_and_a_restore_does_not(world: Any) -> None:
    world.cloud("GET", "fred", "teams")
    world.post(None, "/_mock/snapshots")
    world.post(None, "/_mock/restore")
    assert len(entries(world)) == 1
    world.post(None, "/_mock/reset")
    assert entries(world) == []


# The layer by itself, around applications that misbehave.


def asked(world: Any, application: Callable[..., Iterable[bytes]], **environ: Any) -> Any:
    """What the layer around an application answers to one request of the world."""
    sent = {"REQUEST_METHOD": "GET", "PATH_INFO": "/4/teams", "SCRIPT_NAME": "", SITE_KEY: world.site} | environ
    return journalled(application)(sent, lambda status, headers, exc_info=None: None)


def test_an_exception_inside_is_written_down_and_goes_on(world: Any) -> None:
    def broken(environ: Any, start_response: Any) -> Iterable[bytes]:
        raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError):
        asked(world, broken)
    entry = last(world)
    assert (entry.status, entry.reasons) == (None, ("the answer broke off: ConnectionResetError",))


class Streamed:
    """An answer in parts, which looks into the journal as they leave."""

    def __init__(self, world: Any, parts: list[bytes], error: Exception | None = None) -> None:
        self.world, self.parts, self.error = world, parts, error
        self.is_closed = False

    def __call__(self, environ: dict[str, Any], start_response: Any) -> "Streamed":
        environ[ACTOR_KEY], environ[NOTES_KEY], environ[FAULT_KEY] = "fred", ["slowly"], "drip"
        start_response("200 OK", [("Content-Length", str(sum(map(len, self.parts))))])
        return self

    def __iter__(self) -> Iterator[bytes]:
        yield from self.parts
        if self.error:
            raise self.error

    def close(self) -> None:
        self.is_closed = True


def test_an_answer_in_parts_is_there_before_its_first_part_leaves_and_whole_in_the_end(world: Any) -> None:
    streamed = Streamed(world, [b"one ", b"two ", b"three"])
    answer = asked(world, streamed)
    assert next(answer) == b"one "
    begun = last(world)
    assert (begun.status, begun.size, begun.answer_body, begun.fault) == (200, 4, b"one ", "drip")
    assert list(answer) == [b"two ", b"three"]
    answer.close()
    [entry] = entries(world)
    assert (entry.number, entry.size, entry.answer_body) == (begun.number, 13, b"one two three")
    assert (entry.who, entry.reasons) == ("fred", ("slowly",))
    assert streamed.is_closed


def test_an_answer_that_nobody_reads_to_the_end_is_closed_and_written_down_as_far_as_it_went(world: Any) -> None:
    streamed = Streamed(world, [b"one ", b"two"])
    answer = asked(world, streamed)
    next(answer)
    answer.close()
    assert streamed.is_closed
    assert [entry.size for entry in entries(world)] == [4]
    unread = Streamed(world, [b"one"])
    asked(world, unread).close()
    assert [entry.size for entry in entries(world)] == [4, 0]


def test_an_answer_that_breaks_off_tells_so(world: Any) -> None:
    answer = asked(world, Streamed(world, [b"one "], OSError("cut")))
    next(answer)
    with pytest.raises(OSError, match="cut"):
        next(answer)
    answer.close()
    [entry] = entries(world)
    assert entry.reasons == ("slowly", "the answer broke off: OSError")
    assert entry.answer_body == b"one "


def test_a_list_goes_out_as_it_is(world: Any) -> None:
    parts = [b"one ", b"two"]
    assert asked(world, lambda environ, start: start("204 No Content", []) or parts) is parts
    assert (last(world).status, last(world).answer_body) == (204, b"one two")


def test_a_body_is_read_by_the_face_alone_however_it_reads(world: Any) -> None:
    sent = b"one\ntwo\nthree"
    buffer = bytearray(5)
    for read, heard in (
        (lambda body: body.read(), sent),
        (lambda body: body.read(2), b"on"),
        (lambda body: body.readline(), b"one\n"),
        (lambda body: list(body), sent),
        (lambda body: body.readlines(), sent),
        (lambda body: body.readinto(buffer), sent[:5]),
        (lambda body: body.seek(0), b""),
    ):
        body = io.BytesIO(sent)

        def face(environ: Any, start: Any, read: Any = read) -> list[bytes]:
            read(environ["wsgi.input"])
            return []

        asked(world, face, **{"CONTENT_LENGTH": str(len(sent)), "wsgi.input": body})
        assert last(world).request_body == heard
        assert body.tell() == len(heard)


# Memory.


def made(size: int = 0, reasons: tuple[str, ...] = ()) -> Entry:
    body = bytes(size)
    return Entry(
        0, datetime.now(UTC), 1.5, "GET", "/4/worklogs".replace("4", str(4)), "", "fred", 200, reasons, "v", "s", 0.5, 9, b"",
        body, None, None,
    )  # fmt: skip


def test_a_journal_keeps_the_latest() -> None:
    journal = Journal(most_entries=3)
    assert [journal.add(made()) for _ in range(5)] == [1, 2, 3, 4, 5]
    kept = journal.kept()
    assert [entry.number for entry in kept.entries] == [3, 4, 5]
    assert (kept.dropped, kept.lost_until, kept.latest) == (2, 2, 5)
    journal.clear()
    assert journal.kept()[:3] == ((), 0, 0)
    assert journal.add(made()) == 6


def test_the_oldest_of_all_journals_go_first() -> None:
    space = Space(4 * OWN_COST + 400)
    one, two = Journal(space), Journal(space)
    for journal in (one, two, one, two, two):
        journal.add(made())
    assert [entry.number for entry in one.entries()] == [2]
    assert [entry.number for entry in two.entries()] == [1, 2, 3]
    assert (one.kept().dropped, two.kept().dropped) == (1, 0)
    two.clear()
    one.clear()
    assert space.taken == 0


def test_an_entry_larger_than_all_room_is_dropped_itself() -> None:
    journal = Journal(Space(OWN_COST))
    journal.add(made(10))
    assert (journal.kept().entries, journal.kept().dropped) == ((), 1)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3000), st.sampled_from(["add", "clear", "complete"])), max_size=60))
def test_what_is_taken_is_what_is_kept(steps: list[tuple[int, int, str]]) -> None:
    space = Space(8 * OWN_COST)
    journals = [Journal(space, most_entries=3) for _ in range(4)]
    for index, size, what in steps:
        journal = journals[index]
        kept = journal.kept().entries
        if what == "add":
            journal.add(made(size))
        elif what == "clear":
            journal.clear()
        elif kept:
            journal.complete(kept[0]._replace(answer_body=bytes(size)))
        everything = [entry for journal in journals for entry in journal.entries()]
        assert space.taken == sum(entry.cost for entry in everything) <= space.most_bytes
    for journal in journals:
        kept_now = journal.kept()
        assert [entry.number for entry in kept_now.entries] == sorted(entry.number for entry in kept_now.entries)
        assert all(entry.number > kept_now.lost_until for entry in kept_now.entries)


def test_an_entry_takes_no_more_than_it_counts() -> None:
    space = Space(2**40)
    journals = [Journal(space) for _ in range(20)]
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(2000):
            journals[number % 20].add(made(100, (f"reason {number}",)))
        took = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert took <= space.taken


def test_many_threads_lose_nothing_and_number_each_once(world: Any) -> None:
    each = 40
    start = threading.Barrier(MANY)

    def call() -> None:
        start.wait()
        for _ in range(each):
            world.cloud("GET", "fred", "roles")

    threads = [threading.Thread(target=call) for _ in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.number for entry in entries(world)] == list(range(1, MANY * each + 1))


def test_threads_that_add_read_and_clear_keep_the_count_right() -> None:
    space = Space(50 * OWN_COST)
    journals = [Journal(space, most_entries=20) for _ in range(4)]
    start = threading.Barrier(MANY)
    wrong: list[BaseException] = []

    def work(number: int) -> None:
        start.wait()
        try:
            for turn in range(300):
                journal = journals[(number + turn) % 4]
                journal.add(made(turn))
                for entry in journal.entries()[:1]:
                    journal.complete(entry._replace(answer_body=b""))
                if turn % 50 == 0:
                    journal.clear()
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert space.taken == sum(entry.cost for journal in journals for entry in journal.entries())
