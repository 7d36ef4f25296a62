"""Who is in which team of Tempo today, and which teams an internal issue is open to (vendor's OpenAPI of v4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

from integration.clients.http import Unreadable, Wire
from integration.wire import NotAsPublished, Page, day, mapping, number, page, sequence, text

T = TypeVar("T")

_ROWS = 1000


def count_teams(wire: Wire) -> int:
    """How many teams are to be seen; 2 stands for more than one. Raises ``Unreadable``."""
    return len(_checked(wire, lambda: page(wire.get("/4/teams", [("limit", "2")]))).rows)


def teams_of_people(wire: Wire, today: date) -> dict[str, frozenset[int]]:
    """AccountId -> ids of the teams they are in today, of those that the token may see. Raises ``Unreadable``."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    offset = 0
    while True:
        query = [("offset", str(offset)), ("limit", str(_ROWS))]
        answer = _checked(wire, lambda query=query: page(_search(wire, query)))  # type: ignore[misc]
        for row in answer.rows:
            account_id, team_id, is_present = _checked(wire, lambda row=row: _membership(row, today))  # type: ignore[misc]
            if is_present:
                found[account_id].add(team_id)
        offset += len(answer.rows)
        if answer.next is None or not answer.rows:
            return {account_id: frozenset(teams) for account_id, teams in found.items()}


def teams_of_issues(wire: Wire) -> dict[str, frozenset[int]] | None:
    """Issue id -> ids of the teams an internal issue is open to, empty for all. None where nothing lists them, as in Tempo.

    Raises ``Unreadable``.
    """
    try:
        answer: Page = _checked(wire, lambda: page(wire.get("/x-tempo-mock/internal-issues")))
    except Unreadable as error:
        if error.kind in ("not-found", "not-tempo", "gone"):
            return None
        raise
    return _checked(wire, lambda: dict(map(_issue, answer.rows)))


def _search(wire: Wire, query: list[tuple[str, str]]) -> Any:
    return wire.ask("POST", "/4/team-memberships/search", query, {}, repeatable=True)


def _membership(row: Mapping[str, Any], today: date) -> tuple[str, int, bool]:
    member, team = mapping(row.get("member"), "member"), mapping(row.get("team"), "team")
    first, last = row.get("from"), row.get("inclusiveTo")
    begun = first is None or day(text(first, "from")) <= today
    lasts = last is None or day(text(last, "inclusiveTo")) >= today
    return text(member.get("accountId"), "member.accountId"), number(team.get("id"), "team.id"), begun and lasts


def _issue(row: Mapping[str, Any]) -> tuple[str, frozenset[int]]:
    teams = (mapping(team, "a team") for team in sequence(row.get("teams"), "teams"))
    return str(row.get("id")), frozenset(number(team.get("id"), "team.id") for team in teams)


def _checked(wire: Wire, read: Callable[[], T]) -> T:
    try:
        return read()
    except NotAsPublished as error:
        raise Unreadable("not-tempo", f"what answers at {wire.url} is not Tempo Cloud: {error}") from None
