"""Whose work a worklog of Jira is: known by accountId, and nobody's where nobody can tell."""

from __future__ import annotations

from datetime import date

import pytest

from integration.attribution import UNATTRIBUTED, author_of
from integration.worklog_settings import APP_ACCOUNT
from integration.worklogs import JiraWorklog

DAY = date(2026, 3, 2)


def row(author: str, number: int = 1) -> JiraWorklog:
    return JiraWorklog(number, "10001", author, DAY, "09:00:00", 3600, "2026-03-02T09:00:00Z")


@pytest.mark.parametrize(
    ("author", "held", "whose"),
    [
        ("anna", {}, "anna"),
        ("anna", {1: "bert"}, "anna"),
        (APP_ACCOUNT, {}, UNATTRIBUTED),
        (APP_ACCOUNT, {1: "bert"}, "bert"),
        (APP_ACCOUNT, {2: "bert"}, UNATTRIBUTED),
        # A name is not what it is known by, and another app is somebody else.
        ("Tempo Timesheets", {1: "bert"}, "Tempo Timesheets"),
        ("557058:00000000-0000-0000-0000-000000000000", {1: "bert"}, "557058:00000000-0000-0000-0000-000000000000"),
        # Deleted people stand there without an author.
        ("", {}, UNATTRIBUTED),
        ("", {1: "bert"}, UNATTRIBUTED),
    ],
)
def test_author(author: str, held: dict[int, str], whose: str) -> None:
    assert author_of(row(author), {APP_ACCOUNT}, held) == whose


def test_another_site_has_another_app() -> None:
    assert author_of(row("app-of-ours"), {"app-of-ours"}) == UNATTRIBUTED
    assert author_of(row(APP_ACCOUNT), {"app-of-ours"}) == APP_ACCOUNT
