"""Servers of Jira Cloud that lie about worklogs, and the requirements whose checks must catch them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from lying import Lie, Server, asking, deaf, each, path_of, saying, status, whole
from untruths import drop, j, keeps_deleted, put, put_in

from conformance.calls import Answer, Call

OF_ISSUE, ONE = r"rest/api/[23]/issue/[^/]+/worklog", r"rest/api/[23]/issue/[^/]+/worklog/\d+"
LISTED, CHANGES = "rest/api/3/worklog/list", r"rest/api/3/worklog/(updated|deleted)"
NONE = '{"startAt": 0, "maxResults": 0, "total": 0, "worklogs": []}'


def _numbers(item: Any) -> None:
    if "id" in item:
        item["id"] = int(item["id"])


def _person(content: Any) -> None:
    if "author" in content:
        content["author"]["accountType"] = "atlassian"


def _obeyed_author(call: Call, server: Server) -> Answer:
    """Takes the author that is sent."""
    answer = server.send(call)
    if call.method == "POST" and re.fullmatch(OF_ISSUE, path_of(call)) and answer.ok and '"author"' in (call.body or ""):
        content = answer.json()
        content["author"]["accountId"] = "0123456789abcdef01234567"
        return saying(answer, content)
    return answer


def _unnamed(call: Call, server: Server) -> Answer:
    """Refuses without a name."""
    answer = server.send(call)
    return saying(answer, {"errorMessages": ["no"], "errors": {}}) if answer.status == 400 else answer


def _as_documents(call: Call, server: Server) -> Answer:
    """Has documents in version 2, too."""
    return replace(server.send(replace(call, url=call.url.replace("/rest/api/2/", "/rest/api/3/"))), call=call)


def _one_more(content: Any) -> Any:
    return [*content, content[0]] if isinstance(content, list) and content else None


def _seconds(content: Any) -> None:
    content["since"] = content["since"] // 1000


def _whole_anew(path: str, query: list[tuple[str, str]], body: Any) -> Any:
    """Hears a change as a whole new worklog."""
    is_change = isinstance(body, dict) and re.fullmatch(ONE, path[1:]) and "started" not in body
    return path, query, {"started": "2001-01-01T00:00:00.000+0000", **body} if is_change else body


WORKLOG_LIES: dict[str, tuple[Lie, tuple[str, ...]]] = {
    "worklogs-without-update-author": (each(drop("updateAuthor"), OF_ISSUE, "worklogs"), j("worklogs", "list.shape")),
    "worklogs-are-not-listed": (
        whole(put("worklogs", []), OF_ISSUE, "GET"),
        j("worklogs", "list.shape", "list.window", "list.pages"),
    ),
    "windows-of-worklogs-ignored": (deaf("startedAfter", "startedBefore"), j("worklogs", "list.window")),
    "worklogs-from-the-start": (deaf("startAt"), j("worklogs", "list.pages")),
    "worklogs-are-200": (status(201, 200, OF_ISSUE), j("worklogs", "create.answers-201", "create.author-ignored")),
    "worklogs-have-numbers": (
        whole(_numbers, f"{OF_ISSUE}|{ONE}"),
        j("worklogs", "create.answers-201"),
    ),
    "worklogs-take-an-hour": (
        whole(put("timeSpentSeconds", 3600), ONE),
        j("worklogs", "create.answers-201", "tempo.by-the-app"),
    ),
    "authors-are-obeyed": (_obeyed_author, j("worklogs", "create.author-ignored")),
    "any-worklog-is-created": (
        status(400, 201, OF_ISSUE, "POST", "{}"),
        j("worklogs", "create.time-needed", "create.started-format"),
    ),
    "mistakes-have-no-name": (_unnamed, j("worklogs", "create.started-format")),
    "changes-replace": (asking(_whole_anew), j("worklogs", "update.keeps-the-rest")),
    "changed-worklogs-are-204": (status(200, 204, ONE, "PUT", ""), j("worklogs", "update.keeps-the-rest")),
    "deleted-worklogs-stay": (keeps_deleted, j("worklogs", "delete.answers-204")),
    "deleted-worklogs-are-200": (status(204, 200, ONE), j("worklogs", "delete.answers-204")),
    "unknown-worklogs-are-found": (status(404, 200, text=NONE), j("worklogs", "unknown.404", "delete.answers-204")),
    "documents-in-version-2": (_as_documents, j("worklogs", "version-2.plain-comment")),
    "changes-since-seconds": (whole(_seconds, CHANGES), j("worklogs", "changes.shape")),
    "changes-never-end": (whole(drop("lastPage"), CHANGES), j("worklogs", "changes.shape")),
    "worklogs-by-id-twice": (whole(_one_more, LISTED), j("worklogs", "by-id.known-alone")),
    "any-number-of-ids": (
        status(400, 200, rf"{LISTED}|{OF_ISSUE}(/move)?", text="[]"),
        j("worklogs", "by-id.size", "many.size"),
    ),
    "tempos-work-is-the-persons": (whole(_person, ONE), j("worklogs", "tempo.by-the-app")),
    "jiras-work-is-the-apps": (
        whole(put_in("author", "accountId", "x"), r"4/worklogs/\d+"),
        j("worklogs", "tempo.keeps-author"),
    ),
}
