"""Lies for the wire of the suite, and a plugin that runs each check of a requirement once for every lie about it.

A lie stands between the suite and an honest server and is told during the check alone, not while it is prepared or tidied up.
The modules `*_lies` hold the tables; with LIES_OF=staff that one is told alone, else all but it.
What came of it is written as JSON to the file named by the variable LIES_REPORT.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest

from conformance.calls import Answer, Call, Credentials
from conformance.client import Wire


@dataclass
class Server:
    """The honest server. admin: whose credentials a lie may use. memory: what the lie saw during this check."""

    send: Callable[[Call], Answer]
    admin: Credentials
    memory: dict[str, Any]


Lie = Callable[[Call, Server], Answer]
Change = Callable[[Any], Any]


def path_of(call: Call) -> str:
    """The path without its first slash."""
    return urlsplit(call.url).path[1:]


def saying(answer: Answer, content: object) -> Answer:
    """The same answer with another JSON body."""
    return replace(answer, text=json.dumps(content))


def status(old: int | tuple[int, ...], new: int, path: str = ".*", methods: str = ".*", text: str | None = None) -> Lie:
    """Another status in place of some."""

    def lie(call: Call, server: Server) -> Answer:
        answer = server.send(call)
        olds = (old,) if isinstance(old, int) else old
        if answer.status in olds and re.fullmatch(path, path_of(call)) and re.fullmatch(methods, call.method):
            return replace(answer, status=new, text=answer.text if text is None else text)
        return answer

    return lie


def whole(change: Change, path: str = ".*", methods: str = ".*") -> Lie:
    """Another JSON body in place of a good one. change: changes it in place or returns another."""

    def lie(call: Call, server: Server) -> Answer:
        answer = server.send(call)
        content = answer.json_or_none() if answer.ok else None
        if content is None or not re.fullmatch(path, path_of(call)) or not re.fullmatch(methods, call.method):
            return answer
        changed = change(content)
        return saying(answer, content if changed is None else changed)

    return lie


def each(change: Change, path: str = ".*", member: str = "results") -> Lie:
    """Other items in a list."""

    def of_list(content: Any) -> None:
        for item in content.get(member, []) if isinstance(content, dict) else []:
            change(item)

    return whole(of_list, path)


def metadata(change: Change) -> Lie:
    """Other metadata of lists."""
    return whole(lambda content: change(content["metadata"]) if isinstance(content, dict) and "metadata" in content else None)


def asking(change: Callable[[str, list[tuple[str, str]], Any], tuple[str, list[tuple[str, str]], Any]]) -> Lie:
    """Hears something else than was asked. change: gets and gives path, query and JSON body."""

    def lie(call: Call, server: Server) -> Answer:
        parts = urlsplit(call.url)
        body = json.loads(call.body) if call.body and call.body[0] in "{[" and call.body != "{" else None
        path, query, other = change(parts.path, parse_qsl(parts.query, keep_blank_values=True), body)
        url = urlunsplit((parts.scheme, parts.netloc, path, urlencode(query), ""))
        text = json.dumps(other) if other is not None else call.body
        return replace(server.send(replace(call, url=url, body=text)), call=call)

    return lie


def deaf(*names: str) -> Lie:
    """Takes no notice of some parameters and members of bodies."""

    def change(path: str, query: list[tuple[str, str]], body: Any) -> tuple[str, list[tuple[str, str]], Any]:
        left = {key: value for key, value in body.items() if key not in names} if isinstance(body, dict) else body
        return path, [(key, value) for key, value in query if key not in names], left

    return asking(change)


def hearing(name: str, other: Callable[[str], str]) -> Lie:
    """Hears another value of a parameter, in the query and in bodies."""

    def change(path: str, query: list[tuple[str, str]], body: Any) -> tuple[str, list[tuple[str, str]], Any]:
        told = (
            {k: other(v) if k == name and isinstance(v, str) else v for k, v in body.items()}
            if isinstance(body, dict)
            else body
        )
        return path, [(key, other(value) if key == name else value) for key, value in query], told

    return asking(change)


def elsewhere(pattern: str, other: str) -> Lie:
    """Answers for another path."""
    return asking(lambda path, query, body: (re.sub(pattern, other, path), query, body))


def _lies() -> dict[str, tuple[Lie, tuple[str, ...]]]:
    from cloud_lies import LIES
    from cloud_noun_lies import NOUN_LIES
    from jira_cloud_lies import JIRA_LIES
    from jira_worklog_lies import WORKLOG_LIES
    from papertrail_lies import PAPERTRAIL_LIES
    from planner_lies import PLAN_LIES, SCHEME_LIES
    from staff_lies import STAFF_LIES

    if os.environ.get("LIES_OF") == "staff":
        return STAFF_LIES
    return {**LIES, **NOUN_LIES, **JIRA_LIES, **PLAN_LIES, **SCHEME_LIES, **PAPERTRAIL_LIES, **WORKLOG_LIES}


def pytest_configure() -> None:
    """Begins the report with the table: which lie is about which requirements."""
    table = {name: slugs for name, (_, slugs) in _lies().items()}
    Path(os.environ["LIES_REPORT"]).write_text(json.dumps(table) + "\n", encoding="utf-8")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One run for every lie about a requirement of the check."""
    cited = {slug for mark in metafunc.definition.iter_markers("requirement") for slug in mark.args}
    names = [name for name, (_, slugs) in _lies().items() if cited & set(slugs)]
    metafunc.parametrize("told_lie", names, indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves out the checks nobody lies about."""
    items[:] = [item for item in items if _lie_of(item)]


def _lie_of(item: pytest.Item) -> str:
    callspec = getattr(item, "callspec", None)
    name = callspec.params.get("told_lie") if callspec else None
    return name if isinstance(name, str) and name in _lies() else ""


@pytest.fixture(autouse=True)
def told_lie(request: pytest.FixtureRequest) -> str:
    """The lie of this run. What is found out once a session is found out before it is told."""
    if "conformance/cloud" in request.node.path.as_posix():
        request.getfixturevalue("calendar")
        request.getfixturevalue("horizon")
    request.node.user_properties.append(("lie", request.param))
    return str(request.param)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Lies while the check runs."""
    from conformance.plugin import RUN

    lie = _lies()[_lie_of(item)][0]
    folder = item.path.parent.name
    face = folder if folder in ("jira_cloud", "staff") else "cloud"
    honest = Wire._send_once
    memory: dict[str, Any] = {}
    admin = item.config.stash[RUN].persona_caller(face, "admin").credentials

    def lying(wire: Wire, call: Call) -> Answer:
        return lie(call, Server(lambda other: honest(wire, other), admin, memory))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Wire, "_send_once", lying)
        return (yield)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Notes what came of the lie."""
    if report.when == "call" or (report.when == "setup" and not report.passed):
        with Path(os.environ["LIES_REPORT"]).open("a", encoding="utf-8") as file:
            slugs = [value for name, value in report.user_properties if name == "requirement"]
            lie = dict(report.user_properties).get("lie")
            crashed = "the check itself broke" in report.longreprtext
            outcome = "crashed" if report.failed and (crashed or "lying.py" in report.longreprtext) else report.outcome
            file.write(json.dumps([report.nodeid, lie, slugs, outcome, report.longreprtext[-1500:]]) + "\n")
