"""What a client sees of a world with and without each trap: one row per trap, each with a look that can be had again.

A look is a function of a world; what it makes itself it removes, so that the next look sees the same.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from .conftest import Answer, JiraCloud, World

BOB = "5b10a2844c20165700ede223"
OLAF = "712020:1c8f62d3-88bb-4e1f-8e54-7a2a1d3b0f22"
UNKNOWN = "__tempo-io__unknown_user"
ISSUE, HIDDEN = 10202, 10220
TWO_DAYS = "from=2013-11-14&to=2013-11-15"


class Seen(NamedTuple):
    """A trap with its parameters, what one looks at, and what is there without it and with it."""

    trap: str
    look: Callable[[World], Any]
    honest: Any
    trapped: Any
    parameters: Mapping[str, Any] = {}

    @property
    def name(self) -> str:
        """For the test report."""
        return "-".join([self.trap, *map(str, self.parameters.values())])


def bean(**more: Any) -> dict[str, Any]:
    """A worklog of bob's."""
    return {"authorAccountId": BOB, "issueId": ISSUE, "startDate": "2013-11-14", "timeSpentSeconds": 60, **more}


def walk(world: World, limit: int = 100, who: str = "viewer") -> list[dict[str, Any]]:
    """All pages, as a careful client walks: by path and query of the link, to the page without one."""
    pages: list[dict[str, Any]] = []
    path = f"worklogs?limit={limit}"
    while True:
        answer = world.cloud("GET", who, path)
        assert answer.status == 200, answer.text
        pages.append(answer.json)
        link = answer.json["metadata"].get("next")
        if not link:
            return pages
        parts = urlsplit(link)
        path = f"{parts.path.removeprefix('/4/')}?{parts.query}"


def rows_of(world: World) -> tuple[int, int]:
    """How many rows there are, and how many different ones."""
    rows = [row["tempoWorklogId"] for page in walk(world) for row in page["results"]]
    return len(rows), len(set(rows))


def page_sizes(limit: int) -> Callable[[World], Any]:
    """Rows of each page, and the limits that the pages tell."""

    def look(world: World) -> Any:
        pages = walk(world, limit)
        assert all(page["metadata"]["count"] == len(page["results"]) for page in pages)
        assert pages[0]["self"].endswith(f"?limit={limit}"), "the address that was asked"
        return [len(page["results"]) for page in pages], {page["metadata"]["limit"] for page in pages}

    return look


def authors(world: World) -> set[str]:
    """Whose work the viewer sees."""
    return {row["author"]["accountId"] for page in walk(world, 5000) for row in page["results"]}


def how_many(look: Callable[[World], Any], times: int = 1) -> Callable[[World], list[int]]:
    """The sizes of several looks."""
    return lambda world: [len(look(world)) for _ in range(times)]


def statuses(times: int, path: str = "worklogs?limit=1", who: str = "viewer") -> Callable[[World], list[int]]:
    """What several GETs are answered."""
    return lambda world: [world.cloud("GET", who, path).status for _ in range(times)]


def sizes(times: int) -> Callable[[World], list[int]]:
    """Rows of a list that is asked for several times; the status where it is none."""

    def look(world: World) -> list[int]:
        answers = [world.cloud("GET", "viewer", "worklogs?limit=10") for _ in range(times)]
        return [len(answer.json["results"]) if answer.status == 200 else answer.status for answer in answers]

    return look


def links(world: World) -> list[str]:
    """Scheme and host of next and previous."""
    metadata = world.cloud("GET", "viewer", "worklogs?limit=10&offset=10").json["metadata"]
    assert urlsplit(metadata["next"]).query == "offset=20&limit=10"
    return [f"{parts.scheme}://{parts.netloc}" for parts in (urlsplit(metadata[name]) for name in ("next", "previous"))]


def said(answer: Answer) -> Any:
    """Status and first message of an answer; what was made is removed by the caller."""
    return (answer.status, answer.json["errors"][0]["message"]) if answer.status >= 400 else answer.status


def made(*bodies: Mapping[str, Any]) -> Callable[[World], list[Any]]:
    """What each body is answered as a new worklog of bob's."""

    def look(world: World) -> list[Any]:
        seen = []
        for body in bodies:
            answer = world.cloud("POST", "bob", "worklogs", body)
            seen.append(said(answer))
            if answer.status == 200:
                number = answer.json["tempoWorklogId"]
                assert world.cloud("DELETE", "bob", f"worklogs/{number}").status == 204
        return seen

    return look


def deleted(world: World) -> list[int]:
    """The status of a deletion, and of a GET afterwards."""
    number = world.cloud("POST", "bob", "worklogs", bean()).json["tempoWorklogId"]
    return [world.cloud(method, "bob", f"worklogs/{number}").status for method in ("DELETE", "GET")]


def created(world: World) -> tuple[int, int]:
    """The status of a creation, and how many rows it made."""
    before = len(rows_by_bob(world))
    status = world.cloud("POST", "bob", "worklogs", bean()).status
    after = rows_by_bob(world)
    for number in after[before:]:
        assert world.cloud("DELETE", "bob", f"worklogs/{number}").status == 204
    return status, len(after) - before


def rows_by_bob(world: World) -> list[int]:
    """The ids of bob's worklogs."""
    found = world.cloud("GET", "bob", "worklogs?limit=5000").json["results"]
    return sorted(row["tempoWorklogId"] for row in found)


def appears(world: World) -> tuple[int, bool]:
    """The status of a new worklog by its id, and whether it stands in a list."""
    number = world.cloud("POST", "bob", "worklogs", bean()).json["tempoWorklogId"]
    seen = world.cloud("GET", "bob", f"worklogs/{number}").status, number in rows_by_bob(world)
    assert world.cloud("DELETE", "bob", f"worklogs/{number}").status == 204
    return seen


def address(world: World) -> Any:
    """What fred is told of erica's e-mail address."""
    return JiraCloud(world).get("fred", "user?accountId=5b10a2844c20165700ede220").json.get("emailAddress", "not there")


def filtered(world: World) -> list[int]:
    """Lists by an issue that bob may not see, and by one issue twice."""
    queries = (f"issueId={HIDDEN}", "issueId=10202&issueId=10202")
    return [world.cloud("GET", "bob", f"worklogs?{query}").status for query in queries]


def probes(world: World) -> list[int]:
    """HEAD, OPTIONS, and what one should use."""
    return [world.cloud(method, "bob", "worklogs").status for method in ("HEAD", "OPTIONS", "GET")]


def utc_days(world: World) -> set[bool]:
    """Whether worklogs are on the day of their UTC stamp."""
    rows = world.cloud("GET", "bob", "worklogs?limit=50&from=2013-11-01").json["results"]
    return {row["startDate"] == row["startDateTimeUtc"][:10] for row in rows}


def refused(world: World) -> Any:
    """Status and body of a GET."""
    answer = world.cloud("GET", "bob", "roles")
    return answer.status, answer.json.get("error") if "json" in answer.headers["Content-Type"] else answer.text


NO_ISSUE = (400, "Issue id cannot be null")
FULL = [100, 100, 100, 34]
ROWS: tuple[Seen, ...] = (
    Seen("hidden-authors", how_many(authors), [10], [0]),
    Seen("hidden-authors", how_many(authors), [10], [0], {"persona": "technical-user"}),
    Seen("shrinking-reach", how_many(authors, 3), [10, 10, 10], [4, 4, 4]),
    Seen("shrinking-reach", how_many(authors, 3), [10, 10, 10], [10, 10, 4], {"after": 2}),
    Seen("anonymised-author", lambda world: sorted({OLAF, UNKNOWN} & authors(world)), [OLAF], [UNKNOWN]),
    Seen("anonymised-author", lambda world: sorted({BOB, UNKNOWN} & authors(world)), [BOB], [UNKNOWN], {"author": "bob"}),
    Seen("hidden-emails", address, "not there", ""),
    Seen("hidden-emails", address, "not there", None, {"shown": "null"}),
    Seen("default-page-of-50", page_sizes(5000), ([334], {5000}), ([50] * 6 + [34], {50})),
    Seen("default-page-of-50", page_sizes(100), (FULL, {100}), ([80] * 4 + [14], {80}), {"rows": 80}),
    Seen("count-is-not-total", page_sizes(100), (FULL, {100}), ([20] * 16 + [14], {100})),
    Seen("next-on-another-host", links, ["http://localhost"] * 2, ["http://next.invalid"] * 2),
    Seen("next-on-another-host", links, ["http://localhost"] * 2, ["http://a.example:8443"] * 2, {"host": "a.example:8443"}),
    Seen("next-over-http", links, ["http://localhost"] * 2, ["https://localhost"] * 2),
    Seen("shifting-pages", rows_of, (334, 334), (333, 333)),
    Seen("shifting-pages", rows_of, (334, 334), (324, 324), {"rows": 10}),
    Seen("duplicate-across-pages", rows_of, (334, 334), (335, 334)),
    Seen("issue-id-text-refused", made(bean(issueId="10202", startTime="09:00:00"), bean(issueId="10202"),
                                       bean(startTime="09:00:00")), [200, 200, 200], [NO_ISSUE, 200, 200]),
    Seen("issue-key-refused", made(*[bean(issueId=None, issueKey="CLOUD-3")] * 2), [NO_ISSUE] * 2, [200, NO_ISSUE]),
    Seen("issue-filter-404", filtered, [200, 200], [404, 404]),
    Seen("required-attribute", made(bean(), bean(attributes=[{"key": "_Account_", "value": "CLOUD-DEV"}])), [200, 200],
         [(400, "Work attribute Account (_Account_) is required"), 200]),
    Seen("required-attribute", made(bean()), [200], [(400, "Work attribute Ticket of the customer (_Ticket_) is required")],
         {"key": "_Ticket_"}),
    Seen("attributes-mandatory", made(bean(), bean(attributes=None), bean(attributes=[])), [200] * 3,
         [(400, "Attributes cannot be null")] * 2 + [200]),
    Seen("error-body-hidden", made(bean(), bean(remainingEstimateSeconds=0)), [200, 200],
         [(400, "Remaining estimate must not be empty"), 200]),
    Seen("closed-period", made(bean(startDate="2013-11-08"), bean()), [200, 200],
         [(400, "The period of 2013-11-08 is closed"), 200]),
    Seen("closed-period", made(bean(startDate="2013-11-08"), bean(startDate="2013-11-01")), [200, 200],
         [200, (400, "The period of 2013-11-01 is closed")],
         {"days": 5}),
    Seen("already-deleted", deleted, [204, 404], [404, 404]),
    Seen("created-unanswered", created, (200, 1), (504, 1)),
    Seen("token-expires", statuses(4), [200] * 4, [200, 200, 401, 401]),
    Seen("scope-missing", statuses(1, f"user-schedule?{TWO_DAYS}", "bob"), [200], [403]),
    Seen("scope-missing", statuses(1, "roles", "bob"), [200], [403], {"scope": "teams:view"}),
    Seen("connect-session-token", refused, (200, None), (403, "Failed to parse Connect Session Auth Token")),
    Seen("forge-migration", statuses(4), [200] * 4, [403, 404, 502, 403]),
    Seen("wrong-region-host", refused, (200, None), (401, "<html><body>401 Unauthorized</body></html>")),
    Seen("rate-storm", statuses(4), [200] * 4, [200, 429, 429, 200], {"served": 1, "burst": 2}),
    Seen("silent-empty", sizes(4), [10] * 4, [10, 0, 10, 0]),
    Seen("empty-after-error", sizes(4), [10] * 4, [502, 0, 10, 502]),
    Seen("5xx-is-not-absence", statuses(4), [200] * 4, [503, 503, 503, 200]),
    Seen("5xx-is-not-absence", statuses(2), [200] * 2, [200, 500], {"after": 1, "count": 1, "status": 500}),
    Seen("probe-405", probes, [200, 200, 200], [405, 405, 200]),
    Seen("late-worklogs", appears, (200, True), (404, False)),
    Seen("late-worklogs", appears, (200, True), (404, False), {"never": True}),
    Seen("previous-day", utc_days, {True}, {False}),
)  # fmt: skip
