"""A client of Tempo, tested with the fixture `tempo`: a Tempo of its own for each test, nothing to start."""

import pytest
import requests
from careful_client import IncompleteError, Tempo, TempoError

# The day for which the scenario has everybody's worklogs, 334 of them.
pytestmark = pytest.mark.tempo(scenario="guide", clock="2013-11-15")
DAYS = ("2013-08-18", "2013-11-30")


@pytest.fixture
def waited():
    """Seconds that a client waited before it repeated a call; nobody really waits."""
    return []


@pytest.fixture
def connect(tempo, waited):
    """A client with the token of a persona."""
    clients = []

    def open_client(persona, **options):
        options = {"between": 0, "limit": 100, "pause": waited.append, **options}
        clients.append(Tempo(f"{tempo.url}/4", tempo.token(persona), **options))
        return clients[-1]

    yield open_client
    for client in clients:
        client.session.close()


@pytest.fixture
def hours(tempo):
    """Two worklogs of the persona member, not written yet."""
    author = tempo.persona("member")["account_id"]
    days = ("2013-11-13", "2013-11-14")
    return [{"authorAccountId": author, "issueId": 10202, "startDate": day, "timeSpentSeconds": 2700} for day in days]


def test_read_everybodys_worklogs(tempo):
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {tempo.token('viewer')}"
        rows, page = [], f"{tempo.url}/4/worklogs?limit=100"
        while page:
            answer = session.get(page).json()
            rows += answer["results"]
            page = answer["metadata"].get("next")
    assert len(rows) == 334
    assert len({row["author"]["accountId"] for row in rows}) > 5


def test_write_a_worklog_and_read_it_back(connect, hours):
    client = connect("member")
    made = client.call("POST", "/worklogs", hours[0])
    assert client.call("GET", f"/worklogs/{made['tempoWorklogId']}") == made
    assert made["startDate"] == "2013-11-13"


@pytest.mark.parametrize(
    ("fault", "waits"),
    [
        ({"status": 429, "retryAfter": 7}, [7, 7]),
        ({"status": 503}, [5, 10]),
        ({"cut": "before"}, [5, 10]),
        ({"cut": "middle"}, [5, 10]),
    ],
    ids=["429", "503", "cut before the answer", "cut in the answer"],
)
def test_get_all_in_spite_of_faults(tempo, connect, waited, fault, waits):
    armed = tempo.faults.arm(path="/4/worklogs", after=1, count=2, **fault)
    assert len(connect("viewer").worklogs(*DAYS)) == 334
    assert (armed.fired, waited) == (2, waits)


def test_a_token_that_expires_deletes_nothing(tempo, connect, waited):
    client = connect("viewer")
    copy = client.worklogs(*DAYS)
    tempo.faults.trap("token-expires", after=2)
    with pytest.raises(TempoError, match="expired") as told:
        client.refresh(copy, *DAYS)
    assert (told.value.status, waited, len(copy)) == (401, [], 334)


def test_hidden_authors_are_noticed(tempo, connect):
    client = connect("viewer")
    copy = client.worklogs(*DAYS)
    tempo.faults.trap("hidden-authors")
    assert client.worklogs(*DAYS) == {}
    with pytest.raises(IncompleteError, match=tempo.persona("member")["account_id"]):
        client.refresh(copy, *DAYS)
    assert len(copy) == 334


def test_shifting_pages_are_noticed(tempo, connect):
    client = connect("viewer", limit=5)
    copy = client.worklogs(*DAYS)
    tempo.faults.trap("shifting-pages")
    assert len(client.worklogs(*DAYS)) < 334
    deleted, overlooked = client.refresh(copy, *DAYS)
    assert deleted == set()
    assert overlooked
    assert len(copy) == 334


def test_what_is_gone_is_deleted(connect, hours):
    client = connect("member")
    [made, _] = client.book(hours)
    copy = client.worklogs(*DAYS)
    client.call("DELETE", f"/worklogs/{made['tempoWorklogId']}")
    assert client.refresh(copy, *DAYS) == ({made["tempoWorklogId"]}, set())
    assert made["tempoWorklogId"] not in copy


def test_the_journal_is_asked_afterwards(tempo, connect, hours):
    viewer, member = connect("viewer", limit=50, between=0.25), connect("member")
    viewer.worklogs(*DAYS)
    assert member.book(hours, preview=True) == hours

    tempo.journal.assert_called("GET", "/4/worklogs", who="viewer", status=200, at_least=7)
    tempo.journal.assert_followed_next("/4/worklogs")
    tempo.journal.assert_rate_below(5, who="viewer")
    tempo.journal.assert_called("GET", "/4/worklogs/user", who="member")
    for method in ("POST", "PUT", "DELETE"):
        tempo.journal.assert_not_called(method)

    assert len(member.book(hours)) == 2
    assert member.book(hours) == []
    tempo.journal.assert_called("POST", "/4/worklogs", times=2)
