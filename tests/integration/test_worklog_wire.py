"""Worklogs as Tempo tells them: every member is looked at, whatever was seen before."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from integration.wire import NotAsPublished
from integration.worklog_wire import WorklogDecoder, deleted_worklog, ids_of_both, moment
from integration.worklogs import Worklog

from .worklog_site import Row, bean

ROW = bean(Row(7, 10, "bob", date(2026, 3, 2), 3600, datetime(2026, 3, 2, 9, tzinfo=UTC)))
PLAIN = Worklog(7, "10", "bob", date(2026, 3, 2), "09:00:00", 3600, 3600, "2026-03-02T09:00:00Z")
ACCOUNT = {"attributes": {"self": "x", "values": [{"key": "_Color_", "value": "red"}, {"key": "_Account_", "value": "ACC"}]}}


def decoded(change: dict[str, Any], *, warm: bool) -> Worklog:
    decoder = WorklogDecoder()
    if warm:
        assert decoder.worklogs([ROW, ROW]) == [PLAIN, PLAIN]
    return decoder.worklogs([{name: value for name, value in {**ROW, **change}.items() if value != "left out"}])[0]


@pytest.mark.parametrize("warm", [True, False])
@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({}, {}),
        (ACCOUNT, {"account": "ACC"}),
        ({"attributes": "left out"}, {}),
        ({"startTime": "left out"}, {"start": ""}),
        ({"startTime": "7:30:00"}, {"start": "07:30:00"}),
        ({"startTime": "07:30"}, {"start": "07:30:00"}),
        ({"billableSeconds": "left out"}, {}),
        ({"billableSeconds": 0}, {"billable": 0}),
        ({"issue": {"id": "11"}}, {"issue_id": "11"}),
        ({"jiraWorklogId": 99}, {"jira_id": 99}),
        ({"updatedAt": "2026-03-02T10:00:00.000Z"}, {}),
        ({"updatedAt": "2026-03-02T10:00:00+01:00"}, {}),
        ({"updatedAt": "2026-03-02T09:00:00"}, {}),
    ],
)
def test_a_worklog(change: dict[str, Any], wanted: dict[str, Any], warm: bool) -> None:
    if ".000Z" in str(change):
        wanted = {"updated": "2026-03-02T10:00:00Z"}
    assert decoded(change, warm=warm) == PLAIN._replace(**wanted)


@pytest.mark.parametrize("warm", [True, False])
@pytest.mark.parametrize(
    "change",
    [
        {"tempoWorklogId": value} for value in ("left out", None, "7", True, -1, 2**63, 1.5)
    ] + [{"timeSpentSeconds": value} for value in ("left out", None, "7", True, -1, 2**63)]
    + [{"billableSeconds": value} for value in ("7", True, -1, 2**63)]
    + [{"jiraWorklogId": value} for value in ("7", True, [])]
    + [{"issue": value} for value in ("left out", None, 10, {}, {"id": None}, {"id": ""}, {"id": []}, {"id": "\ud800"})]
    + [{"author": value} for value in ("left out", None, "bob", {}, {"accountId": 5}, {"accountId": "\ud800"})]
    + [{"startDate": value} for value in ("left out", None, 5, "soon", "2026-02-30", [])]
    + [{"startTime": value} for value in (72360, "late", "25:00:00", [], "09:00:00+01:00")]
    + [{"updatedAt": value} for value in ("left out", None, 5, "yesterday", "0001-01-01T00:00:00+14:00")]
    + [{"attributes": value} for value in (5, [1], {"values": 5}, {"values": [5]})]
    + [{"attributes": {"values": [{"key": "_Account_", "value": 5}]}}],
    ids=str,
)  # fmt: skip
def test_what_is_no_worklog(change: dict[str, Any], warm: bool) -> None:
    with pytest.raises(NotAsPublished):
        decoded(change, warm=warm)


EVENT = {"entityType": "worklog", "action": "Deleted", "entityId": "7", "timestamp": "2026-03-02T09:00:00Z"}


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        ({}, (7, "2026-03-02T09:00:00Z")),
        ({"entityId": 7}, (7, "2026-03-02T09:00:00Z")),
        ({"action": "Created"}, None),
        ({"entityType": "allocation"}, None),
    ],
)
def test_an_event(change: dict[str, Any], wanted: object) -> None:
    assert deleted_worklog({**EVENT, **change}) == wanted


@pytest.mark.parametrize(
    "change", [{"entityId": "x"}, {"entityId": None}, {"entityId": str(2**63)}, {"timestamp": "soon"}], ids=str
)
def test_what_is_no_event(change: dict[str, Any]) -> None:
    with pytest.raises(NotAsPublished):
        deleted_worklog({**EVENT, **change})


def test_ids_of_both_and_moments() -> None:
    assert ids_of_both({"tempoWorklogId": 1, "jiraWorklogId": 2}) == (1, 2)
    with pytest.raises(NotAsPublished):
        ids_of_both({"tempoWorklogId": 1})
    assert moment("2026-03-02T09:00:00-02:00", "x") == "2026-03-02T11:00:00Z"
