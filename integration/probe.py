"""Asking a Tempo and a Jira what the verdict on a connection needs to know: a handful of requests, each asked once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from integration.clients.http import Query, Unreadable, Wire
from integration.clients.jira import Jira
from integration.connect import ABSENCES, WORKLOGS, Facts, Told
from integration.store import Connection
from integration.wire import NotAsPublished, Page, mapping, page

REGIONS = ("https://api.tempo.io", "https://api.eu.tempo.io", "https://api.us.tempo.io")
"""The vendor's hosts (OpenAPI of v4). A token that one of them refuses is shown to the other two, and to nobody else."""

_ROWS = 1000


def probe(
    wire: Wire,
    jira: Jira,
    elsewhere: Callable[[str], Wire],
    today: date,
    *,
    known: Connection | None = None,
    expires: date | None = None,
    begins_as: str = "",
    use: str = ABSENCES,
    everybody: int | None = None,
) -> Facts:
    """The facts. elsewhere: makes a wire to another region. known: the connection of this very token, None for a new one.

    begins_as: the first signs of the token. use: what the token is for. everybody: how many people there are to be seen where
    somebody said so.
    """
    rows, listed = _sample(wire, use, today, _ROWS)
    verified = known.verified if known and (known.url, known.use) == (wire.url, use) else ""
    facts = Facts(
        url=wire.url, today=today, listed=listed, expires=expires, verified=verified, begins_as=begins_as,
        jira_url=jira.wire.url, use=use, everybody=everybody,
    )  # fmt: skip
    if rows is not None and use == WORKLOGS:
        return facts._replace(seen=len(_authors(rows)), audit=_audit(wire, today), jira=_jira(jira))
    if rows is not None:
        teams, _ = _ask(wire, "GET", "/4/teams", [("limit", "1")])
        schemes, told = _ask(wire, "GET", "/4/workload-schemes", [("limit", str(_ROWS))])
        if told.kind == "ok":
            told = _ask(wire, "GET", "/4/holiday-schemes", [("limit", "1")])[1]
        return facts._replace(
            seen=len(_people(rows)),
            teams=None if teams is None else len(teams.rows),
            everybody=None if schemes is None else _members(schemes),
            jira=_jira(jira),
            schemes=told,
        )
    if listed.kind not in ("unauthorized", "forbidden", "not-found"):
        return facts
    found = _region(wire.url, listed.kind, elsewhere, use, today) if wire.url in REGIONS else None
    is_over = expires is not None and expires <= today
    if found is None and known and known.url != wire.url and listed.kind != "forbidden" and not is_over:
        found = known.url
    return facts._replace(elsewhere=found)


def _sample(wire: Wire, use: str, today: date, rows: int) -> tuple[Page | None, Told]:
    """The list that is looked at: plans of these months, or the worklogs that were changed last."""
    if use == WORKLOGS:
        body = {"orderBy": [{"field": "UPDATED", "order": "DESC"}]}
        return _ask(wire, "POST", "/4/worklogs/search", [("limit", str(rows))], body)
    window = [("from", (today - timedelta(days=30)).isoformat()), ("to", (today + timedelta(days=90)).isoformat())]
    return _ask(wire, "GET", "/4/plans", [*window, ("limit", str(rows))])


def _region(url: str, here: str, elsewhere: Callable[[str], Wire], use: str, today: date) -> str | None:
    # A token without the scope is refused with 403 by its own region, too.
    accepted = ("ok",) if here == "forbidden" else ("ok", "forbidden")
    for other in REGIONS:
        if other != url and _sample(elsewhere(other), use, today, 1)[1].kind in accepted:
            return other
    return None


def _ask(wire: Wire, method: str, path: str, query: Query, body: Any = None) -> tuple[Page | None, Told]:
    try:
        # Whoever waits for a verdict is not made to wait for three more tries.
        return page(wire.ask(method, path, query, body, repeatable=False)), Told()
    except Unreadable as error:
        return None, Told(error.kind, error.sentence)
    except NotAsPublished as error:
        return None, Told("not-tempo", str(error))


def _audit(wire: Wire, today: date) -> Told:
    body = {"from": f"{(today - timedelta(days=1)).isoformat()}T00:00:00Z", "entityType": ["worklog"], "action": ["Deleted"]}
    try:
        wire.ask("POST", "/4/papertrail/search", [("limit", "1")], body, repeatable=False)
    except Unreadable as error:
        return Told(error.kind, str(error))
    return Told()


def _jira(jira: Jira) -> Told:
    try:
        jira.wire.ask("GET", "/rest/api/3/myself", repeatable=False)
    except Unreadable as error:
        return Told(error.kind, error.sentence)
    return Told()


def _people(plans: Page) -> set[str]:
    found: set[str] = set()
    for row in plans.rows:
        assignee: Any = row.get("assignee")
        if isinstance(assignee, dict) and assignee.get("type") == "USER":
            found.add(str(assignee.get("id")))
    return found


def _authors(worklogs: Page) -> set[str]:
    authors: list[Any] = [row.get("author") for row in worklogs.rows]
    return {str(author.get("accountId")) for author in authors if isinstance(author, dict)}


def _members(schemes: Page) -> int | None:
    counts = [mapping(row, "a scheme").get("memberCount") for row in schemes.rows]
    return sum(counts) if counts and all(isinstance(count, int) for count in counts) else None  # type: ignore[arg-type]
