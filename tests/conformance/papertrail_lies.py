"""Servers of Tempo Cloud that lie about what was done, and the requirements whose checks must catch them."""

from __future__ import annotations

from typing import Any

from lying import Lie, deaf, each, metadata, status, whole
from untruths import NO_ROWS, a, drop, put, rows

SEARCH, DELETED = "4/papertrail/search", r"papertrail/1/events/deleted/types/\w+"


def _number(item: Any) -> None:
    for name in ("tempoWorklogId", "id"):
        if name in item:
            item[name] = int(item[name])


def _one_plan(found: list[Any]) -> list[Any]:
    return [*found, {"id": 7, "deletedAt": "2013-11-15T00:00:00Z"}]


PAPERTRAIL_LIES: dict[str, tuple[Lie, tuple[str, ...]]] = {
    "events-without-changes": (each(drop("changes"), SEARCH), a("papertrail", "search.shape")),
    "fifty-events-a-page": (metadata(put("limit", 50)), a("papertrail", "search.shape", "pages.token")),
    "nothing-is-told": (whole(rows(lambda _: []), SEARCH), a("papertrail", "worklog.told", "search.filters", "pages.token")),
    "all-is-creation": (each(put("action", "Created"), SEARCH), a("papertrail", "worklog.told")),
    "all-by-the-administrator": (
        each(put("author", "5b10a2844c20165700ede21f"), SEARCH),
        a("papertrail", "worklog.author-and-worker"),
    ),
    "workers-left-out": (each(drop("worker"), SEARCH), a("papertrail", "worklog.author-and-worker", "search.filters")),
    "kinds-of-events-ignored": (
        deaf("action", "author", "entityType", "worker"),
        a("papertrail", "search.filters", "search.none-of-the-kind", "kinds.known"),
    ),
    "limits-of-events-ignored": (deaf("limit"), a("papertrail", "limit.range", "pages.token")),
    "tokens-of-events-ignored": (deaf("nextPageToken"), a("papertrail", "pages.token")),
    "events-from-any-time": (
        status(400, 200, f"{SEARCH}|{DELETED}", text=NO_ROWS),
        a("papertrail", "from.needed", "from.180-days", "kinds.known", "limit.range", "deleted.refused"),
    ),
    "events-for-anybody": (status(403, 200, SEARCH, text=NO_ROWS), a("papertrail", "scope.needed")),
    "deleted-ids-are-numbers": (each(_number, DELETED), a("papertrail", "deleted.worklogs")),
    "nothing-was-deleted": (whole(rows(lambda _: []), DELETED), a("papertrail", "deleted.worklogs")),
    "deleted-plans-are-numbers": (whole(rows(_one_plan), DELETED), a("papertrail", "deleted.plans")),
    "deletions-uncounted": (metadata(drop("count")), a("papertrail", "deleted.worklogs", "deleted.plans")),
}
