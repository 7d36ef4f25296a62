"""Asking a Tempo and a Jira what the verdict on a connection needs to know: a handful of requests, each asked once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from integration.clients.http import Query, Unreadable, Wire
from integration.clients.jira import Jira
from integration.connect import Facts, Told
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
) -> Facts:
    """The facts. elsewhere: makes a wire to another region. known: the connection of this very token, None for a new one.

    begins_as: the first signs of the token.
    """
    window = [("from", (today - timedelta(days=30)).isoformat()), ("to", (today + timedelta(days=90)).isoformat())]
    rows, plans = _ask(wire, "/4/plans", [*window, ("limit", str(_ROWS))])
    verified = known.verified if known and known.url == wire.url else ""
    facts = Facts(
        url=wire.url, today=today, plans=plans, expires=expires, verified=verified, begins_as=begins_as, jira_url=jira.wire.url
    )  # fmt: skip
    if rows is not None:
        teams, _ = _ask(wire, "/4/teams", [("limit", "1")])
        schemes, told = _ask(wire, "/4/workload-schemes", [("limit", str(_ROWS))])
        if told.kind == "ok":
            told = _ask(wire, "/4/holiday-schemes", [("limit", "1")])[1]
        return facts._replace(
            seen=len(_people(rows)),
            teams=None if teams is None else len(teams.rows),
            everybody=None if schemes is None else _members(schemes),
            jira=_jira(jira),
            schemes=told,
        )
    if plans.kind not in ("unauthorized", "forbidden", "not-found"):
        return facts
    found = _region(wire.url, plans.kind, elsewhere, window) if wire.url in REGIONS else None
    is_over = expires is not None and expires <= today
    if found is None and known and known.url != wire.url and plans.kind != "forbidden" and not is_over:
        found = known.url
    return facts._replace(elsewhere=found)


def _region(url: str, here: str, elsewhere: Callable[[str], Wire], window: Query) -> str | None:
    # A token without the scope is refused with 403 by its own region, too.
    accepted = ("ok",) if here == "forbidden" else ("ok", "forbidden")
    for other in REGIONS:
        if other != url and _ask(elsewhere(other), "/4/plans", [*window, ("limit", "1")])[1].kind in accepted:
            return other
    return None


def _ask(wire: Wire, path: str, query: Query) -> tuple[Page | None, Told]:
    try:
        # Whoever waits for a verdict is not made to wait for three more tries.
        return page(wire.ask("GET", path, query, repeatable=False)), Told()
    except Unreadable as error:
        return None, Told(error.kind, error.sentence)
    except NotAsPublished as error:
        return None, Told("not-tempo", str(error))


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


def _members(schemes: Page) -> int | None:
    counts = [mapping(row, "a scheme").get("memberCount") for row in schemes.rows]
    return sum(counts) if counts and all(isinstance(count, int) for count in counts) else None  # type: ignore[arg-type]
