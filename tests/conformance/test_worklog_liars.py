"""Liars about worklogs of Jira Data Center: each changes one thing of an honest server, and exactly its checks fail."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from tests.conformance.test_liars import answers

OF_ISSUE, ONE = r"/jira/rest/api/2/issue/[^/]+/worklog", r"/jira/rest/api/2/issue/[^/]+/worklog/\d+"
LISTED = "test_worklogs_of_an_issue_are_listed_with_the_new_one"
CREATED = "test_created_worklog_is_the_callers_and_what_was_sent"
CHANGED = "test_change_of_a_worklog_keeps_the_rest"
DELETED = "test_deleted_worklog_is_not_read_any_more"
BY_ID = "test_worklogs_by_id_leave_out_unknown_ones"


def status(old: int, new: int, method: str, path: str) -> Any:
    """A lie about the status of one call."""

    def lie(ask: Any, forward: Any) -> Any:
        reply = forward(ask)
        is_meant = ask.method == method and re.fullmatch(path, ask.path.partition("?")[0])
        return replace(reply, status=new) if is_meant and reply.status == old else reply

    return lie


def keeps_worklogs(ask: Any, forward: Any) -> Any:
    """Says to the check that a worklog was deleted and keeps it; the second time it goes."""
    if ask.method == "GET" and re.fullmatch(ONE, ask.path) and forward(ask).status == 404:
        return forward(replace(ask, path=ask.path.rpartition("/")[0]))
    return forward(ask)


def with_account_ids(content: dict[str, Any]) -> dict[str, Any]:
    for row in content["worklogs"]:
        row["author"]["accountId"] = "5b10"
    return content


LIES: dict[str, tuple[Any, set[str]]] = {
    "authors-have-account-ids": (answers("GET", OF_ISSUE, with_account_ids), {LISTED}),
    "worklogs-are-pages-of-none": (answers("GET", OF_ISSUE, lambda page: {**page, "worklogs": []}), {LISTED}),
    "worklogs-are-made-with-200": (status(201, 200, "POST", OF_ISSUE), {CREATED}),
    "worklogs-are-read-with-documents": (answers("GET", ONE, lambda row: {**row, "comment": {"type": "doc"}}), {CREATED}),
    "changes-lose-comments": (answers("PUT", ONE, lambda row: {**row, "comment": ""}), {CHANGED}),
    "worklogs-go-with-200": (status(204, 200, "DELETE", ONE), {DELETED}),
    "deleted-worklogs-are-read": (keeps_worklogs, {DELETED}),
    "unknown-issues-are-empty": (status(404, 200, "GET", OF_ISSUE), {"test_worklogs_of_an_unknown_issue_are_not_found"}),
    "changes-are-an-array": (
        answers("GET", r"/jira/rest/api/2/worklog/(updated|deleted)", lambda page: page["values"]),
        {"test_changes_of_worklogs_since_a_moment_have_published_shape"},
    ),
    "worklogs-by-id-are-wrapped": (
        answers("POST", "/jira/rest/api/2/worklog/list", lambda rows: {"worklogs": rows}),
        {BY_ID},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LIES)
def test_liar_about_worklogs_is_caught_by_exactly_the_checks_of_the_matter(
    fake: str, lying: Any, judge: Any, name: str
) -> None:
    lie, expected = LIES[name]
    verdict = judge(lying(fake, lie), "-q", "--face", "datacenter", "--requirement", "worklogs.*")
    assert {check.partition("[")[0] for check in verdict.failed} == expected, verdict.output
    assert verdict.code == 1


def test_honest_server_meets_them_all(fake: str, judge: Any) -> None:
    verdict = judge(fake, "-q", "--face", "datacenter", "--requirement", "worklogs.*")
    assert set(verdict.outcomes.values()) == {"passed"}, verdict.output
    assert verdict.code == 0
