"""Servers that lie about connecting apps to people in one point, and the requirements whose checks must catch them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from lying import Lie, Server, asking, deaf, path_of, saying, status, whole
from untruths import _told_anew, drop, put, takes_anybody

from conformance.calls import Answer, Call

APPS, APP = r".*_mock/apps", r".*_mock/apps/[\w-]+"
STAFF, CONNECT, JOB = r".*_mock/staff", r".*_mock/staff/connect", r".*_mock/staff/jobs/\d+"
MAP, JOURNAL, PROVIDER = r".*_mock/staff/github-map", r".*_mock/journal", r".*_mock/providers/[\w-]+"
ICON = {"provider": "github", "account": "somebody", "by": "organisation", "connectedAt": "2026-01-01T00:00:00Z"}


def s(*names: str) -> tuple[str, ...]:
    return tuple(f"staff.{name}" for name in names)


def each_row(change: Callable[[Any], Any]) -> Lie:
    """Other rows in the list of people."""

    def of_list(content: Any) -> None:
        for row in content["results"]:
            change(row)

    return whole(of_list, STAFF, "GET")


def each_of(member: str, change: Callable[[Any], Any]) -> Lie:
    """Other icons or failures on every row."""
    return each_row(lambda row: [change(one) for one in row[member]])


def unsent(path: str, methods: str, code: int, text: str = "") -> Lie:
    """Answers a call that would change something, and does nothing."""

    def lie(call: Call, server: Server) -> Answer:
        if re.fullmatch(path, path_of(call)) and re.fullmatch(methods, call.method):
            harmless = server.send(replace(call, method="GET", url=call.url.partition("/_mock/")[0] + "/_mock/apps", body=None))
            return replace(harmless, call=call, status=code, text=text)
        return server.send(call)

    return lie


def _anybodys(call: Call, server: Server) -> Answer:
    """Does for anybody who is known what the administrator may."""
    answer = server.send(call)
    return replace(server.send(replace(call, credentials=server.admin)), call=call) if answer.status == 403 else answer


def _refuses_and_does(call: Call, server: Server) -> Answer:
    """Refuses with 403 and does it all the same."""
    answer = server.send(call)
    if answer.status == 403:
        server.send(replace(call, credentials=server.admin))
    return answer


def _everybody(path: str, query: list[tuple[str, str]], body: Any) -> Any:
    """Connects everybody there is."""
    is_run = re.fullmatch(CONNECT, path[1:]) and isinstance(body, dict)
    return path, query, {"provider": body["provider"], "filter": {"active": "all"}} if is_run else body


def _first_alone(path: str, query: list[tuple[str, str]], body: Any) -> Any:
    """Connects only the first of the selected."""
    is_run = re.fullmatch(CONNECT, path[1:]) and isinstance(body, dict) and len(body.get("accountIds", ())) > 1
    return path, query, {**body, "accountIds": body["accountIds"][1:]} if is_run else body


def _failures_stay(call: Call, server: Server) -> Answer:
    """Never forgets a failure."""
    answer = server.send(call)
    if not re.fullmatch(STAFF, path_of(call)):
        return answer
    content, known = answer.json(), server.memory
    for row in content["results"]:
        row["failures"] = known.setdefault(row["accountId"], row["failures"]) or row["failures"]
        known[row["accountId"]] = row["failures"]
    return saying(answer, content)


def _twice_refused(call: Call, server: Server) -> Answer:
    """Takes one upload."""
    if re.fullmatch(MAP, path_of(call)) and call.method == "POST" and server.memory.setdefault("uploads", 0):
        return replace(server.send(replace(call, method="GET")), call=call, status=400, text='{"errors": []}')
    server.memory["uploads"] = server.memory.get("uploads", 0) + (call.method == "POST" and MAP[2:] in call.url)
    return server.send(call)


def _counts_connections(call: Call, server: Server) -> Answer:
    """Every connection is new, whenever it is asked for."""
    answer = server.send(call)
    if re.fullmatch(STAFF, path_of(call)):
        server.memory["asked"] = server.memory.get("asked", 0) + 1
        content = answer.json()
        for row in content["results"]:
            for app in row["apps"]:
                app["connectedAt"] = f"2026-01-01T00:00:{server.memory['asked'] % 60:02}Z"
        return saying(answer, content)
    return answer


def _case_matters(path: str, query: list[tuple[str, str]], body: Any) -> Any:
    """Knows accounts by addresses in small letters alone."""
    is_other = isinstance(body, dict) and isinstance(body.get("email"), str) and body["email"] != body["email"].lower()
    return path, query, {**body, "email": "other@elsewhere.example"} if is_other else body


def _good_rows_alone(call: Call, server: Server) -> Answer:
    """Refuses a file with a wrong row, and takes the good ones."""
    answer = server.send(call)
    if re.fullmatch(MAP, path_of(call)) and call.method == "POST" and answer.status == 400:
        server.send(replace(call, body="".join((call.body or "").splitlines(keepends=True)[:2])))
    return answer


def _other_numbers(call: Call, server: Server) -> Answer:
    """Counts rows from 0."""
    answer = server.send(call)
    if re.fullmatch(MAP, path_of(call)) and answer.status == 400:
        return saying(answer, {"errors": [{**one, "row": one["row"] - 1} for one in answer.json()["errors"]]})
    return answer


def _other_map(change: Callable[[str], str]) -> Lie:
    """Another map file to download."""

    def lie(call: Call, server: Server) -> Answer:
        answer = server.send(call)
        is_map = re.fullmatch(MAP, path_of(call)) and call.method == "GET" and answer.ok
        return replace(answer, text=change(answer.text)) if is_map else answer

    return lie


def _shows_keys(call: Call, server: Server) -> Answer:
    """Tells the key of an app whenever it is asked."""
    answer = server.send(call)
    if call.method == "PUT" and re.fullmatch(APP, path_of(call)):
        server.memory["key"] = json.loads(call.body or "{}").get("key")
    return replace(answer, text=f"{answer.text} {server.memory.get('key')}") if call.method == "GET" else answer


def _never_installed(content: Any) -> None:
    for app in content:
        app["installed"] = False


def _always_installed(content: Any) -> None:
    for app in content:
        app["installed"] = True


STAFF_LIES: dict[str, tuple[Lie, tuple[str, ...]]] = {
    "truth": (
        _told_anew,
        s(
            *("rights.others-403", "connect.selected-alone", "failure.reason", "failure.filter", "map.maps", "map.wrong-rows"),
            *("disconnect.everybody", "icons.self-connected", "journal.providers", "install.names-what-lacks"),
        ),
    ),
    "anybody-administers": (_anybodys, s("rights.others-403", "rights.refused-does-nothing")),
    "nobody-administers-too": (takes_anybody, s("rights.nobody-401")),
    "refused-with-404": (status((401, 403), 404), s("rights.others-403", "rights.nobody-401")),
    "refuses-and-does": (_refuses_and_does, s("rights.refused-does-nothing")),
    "icons-for-everybody": (
        each_row(put("apps", [ICON])),
        s(
            *("connect.not-before-installed", "connect.selected-alone", "connect.found-alone", "icons.own-apps"),
            *("disconnect.everybody", "disconnect.not-installed", "failure.others-connected", "icons.self-connected"),
            *("rights.refused-does-nothing", "map.all-or-nothing", "map.maps", "connect.email-any-case"),
        ),
    ),
    "icons-for-nobody": (
        each_row(put("apps", [])),
        s(
            *("connect.selected-alone", "connect.found-alone", "connect.twice", "connect.email-any-case", "icons.own-apps"),
            *("icons.self-connected", "failure.others-connected", "map.maps", "map.again", "disconnect.everybody"),
        ),
    ),
    "icons-of-the-organisation": (each_of("apps", put("by", "organisation")), s("icons.by-whom")),
    "connections-are-always-new": (_counts_connections, s("connect.twice", "map.again")),
    "never-installed": (whole(_never_installed, APPS), s("install.told")),
    "always-installed": (
        whole(_always_installed, APPS),
        s("install.told", "install.needs-permission", "install.needs-a-key", "disconnect.not-installed"),
    ),
    "everything-is-installed": (
        status(400, 201, APP, "PUT", "{}"),
        s("install.needs-permission", "install.names-what-lacks", "install.needs-a-key"),
    ),
    "refused-without-a-word": (status(400, 400, APP, "PUT", '{"errors": []}'), s("install.names-what-lacks")),
    "connects-everybody": (asking(_everybody), s("connect.selected-alone", "connect.found-alone")),
    "connects-all-but-the-first": (asking(_first_alone), s("connect.selected-alone", "icons.own-apps", "failure.cleared")),
    "searches-for-everybody": (deaf("search", "filter"), s("connect.found-alone")),
    "runs-are-200": (status(202, 200, CONNECT), s("connect.run-adds-up")),
    "runs-without-figures": (whole(put("done", 0), JOB), s("connect.run-adds-up")),
    "nobody-failed": (whole(put("failed", 0), JOB), s("connect.run-adds-up", "failure.nobody-connected")),
    "silent-runs": (whole(put("summary", "Done."), JOB), s("failure.nobody-connected")),
    "case-matters": (asking(_case_matters), s("connect.email-any-case")),
    "one-failure-stops-all": (
        lambda call, server: (
            unsent(CONNECT, "POST", 202, '{"id": 1}')(call, server) if "accountIds" in str(call.body) else server.send(call)
        ),
        s("failure.others-connected", "connect.selected-alone"),
    ),
    "failures-without-message": (each_of("failures", put("message", "")), s("failure.reason", "failure.helps")),
    "no-failures": (
        each_row(put("failures", [])),
        s("failure.reason", "failure.helps", "failure.kinds", "failure.cleared", "map.all-or-nothing"),
    ),
    "failures-that-say-nothing": (each_of("failures", put("message", "It did not work.")), s("failure.helps")),
    "one-kind-of-failure": (each_of("failures", put("kind", "unknown")), s("failure.kinds")),
    "filters-ignored": (deaf("integration"), s("failure.filter", "failure.connected-filter", "failure.cleared")),
    "filters-count-everybody": (whole(put("total", 999), STAFF), s("failure.filter")),
    "failures-stay": (_failures_stay, s("failure.cleared", "map.maps")),
    "map-of-everybody": (deaf("accountId"), s("map.selected-failed")),
    "map-of-nobody": (_other_map(lambda text: text.splitlines()[0]), s("map.selected-failed", "map.maps")),
    "map-with-other-columns": (_other_map(lambda text: text.replace("github_username", "github")), s("map.account-ids")),
    "maps-nothing": (unsent(MAP, "POST", 200, '{"mapped": 2}'), s("map.maps", "map.again", "map.wrong-rows")),
    "maps-everything": (status(400, 200, MAP, "POST", '{"mapped": 2}'), s("map.wrong-rows")),
    "rows-from-0": (_other_numbers, s("map.wrong-rows")),
    "good-rows-alone": (_good_rows_alone, s("map.all-or-nothing")),
    "one-upload-alone": (_twice_refused, s("map.again")),
    "disconnects-nobody": (unsent(APP, "DELETE", 204), s("disconnect.everybody", "disconnect.not-installed")),
    "no-journal": (whole(put("entries", []), JOURNAL), s("journal.providers")),
    "tells-keys": (_shows_keys, s("journal.no-keys")),
    "no-prerequisites": (whole(lambda rows: [drop("prerequisites")(row) for row in rows], APPS), s("install.names-what-lacks")),
}
