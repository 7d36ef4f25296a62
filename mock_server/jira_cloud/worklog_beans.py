"""A worklog as Jira Cloud shows it: by itself, in a page, and inside its issue."""

import json
from collections.abc import Iterable
from typing import Any

from marshmallow import fields

from mock_server.domain import jira_worklogs, rich_texts
from mock_server.domain.durations import pretty
from mock_server.domain.work_times import moment_of
from mock_server.endpoint import Call
from mock_server.jira_cloud.paging import is_v2
from mock_server.jira_cloud.users import CloudUserSchema, short_user_bean, tempo_app_bean
from mock_server.moments import parse_any_moment
from mock_server.schemas import WireSchema, compile_writer
from mock_server.stamps import stamp_in, zone_of
from mock_server.storage import groups as group_rows
from mock_server.storage import issues as issue_rows
from mock_server.storage import jira_worklogs as worklog_rows
from mock_server.storage import people as person_rows
from mock_server.storage.issues import Issue
from mock_server.storage.jira_worklogs import JiraWorklog, Reader

MOST_INSIDE = 20
"""Worklogs that stand inside an issue, whatever is asked; the oldest ones."""

NOTHING_SAID = "Working on issue {}"


class CloudWorklogSchema(WireSchema):
    """A worklog; its comment is a document in version 3, where it is absent when empty, and plain in version 2."""

    link = fields.String(data_key="self")
    author = fields.Nested(CloudUserSchema)
    update_author = fields.Nested(CloudUserSchema, data_key="updateAuthor")
    comment = fields.Raw()
    created = fields.String()
    updated = fields.String()
    visibility = fields.Dict()
    started = fields.String()
    time_spent = fields.String(data_key="timeSpent")
    seconds = fields.Integer(data_key="timeSpentSeconds")
    id = fields.String()
    issue_id = fields.String(data_key="issueId")
    properties = fields.List(fields.Dict())


def reader(call: Call) -> Reader:
    """What the caller sees of worklogs that are restricted."""
    return jira_worklogs.reader_of(call.store, call.actor)


def worklog_beans(call: Call, found: Iterable[JiraWorklog], *, with_properties: bool = False) -> list[dict[str, Any]]:
    """Values of ``CloudWorklogSchema``, with one look at each person and issue."""
    writer = _Beans(call, with_properties)
    return [writer.bean(worklog) for worklog in found]


def worklogs_inside(call: Call, issue: Issue) -> dict[str, Any]:
    """The field ``worklog`` of an issue, in wire names."""
    write, seen = compile_writer(CloudWorklogSchema()), reader(call)
    found = worklog_rows.page(call.store, issue.id, seen, 0, MOST_INSIDE)
    return {
        "startAt": 0,
        "maxResults": MOST_INSIDE,
        "total": worklog_rows.count(call.store, issue.id, seen),
        "worklogs": [write(bean) for bean in worklog_beans(call, found)],
    }


class _Beans:
    def __init__(self, call: Call, with_properties: bool) -> None:
        self._call = call
        self._with_properties = with_properties
        self._zone = zone_of(call)
        self._is_v2 = is_v2(call)
        self._people: dict[int | None, dict[str, Any]] = {}
        self._keys: dict[int, str] = {}

    def bean(self, worklog: JiraWorklog) -> dict[str, Any]:
        is_apps = jira_worklogs.is_by_app(worklog, self._call.settings)
        is_app_last = is_apps and bool(worklog.updated_by_app)
        bean: dict[str, Any] = {
            "link": f"{self._call.base}/issue/{worklog.issue_id}/worklog/{worklog.id}",
            "author": self._person(None if is_apps else worklog.author_id),
            "update_author": self._person(None if is_app_last else worklog.updater_id),
            "created": self._stamp(worklog.created_at),
            "updated": self._stamp(worklog.updated_at),
            "started": stamp_in(moment_of(worklog.started, worklog.time_zone), self._zone),
            "time_spent": pretty(worklog.time_spent),
            "seconds": worklog.time_spent,
            "id": str(worklog.id),
            "issue_id": str(worklog.issue_id),
        }
        comment = self._comment(worklog)
        if comment is not None:
            bean["comment"] = comment
        if worklog.group_id is not None:
            bean["visibility"] = self._visibility(worklog.group_id)
        if self._with_properties:
            bean["properties"] = json.loads(worklog.properties or "[]")
        return bean

    def _stamp(self, text: str) -> str:
        return stamp_in(parse_any_moment(text), self._zone)

    def _person(self, person_id: int | None) -> dict[str, Any]:
        """The short bean of a person; None is Tempo's own account, and whoever is there no longer."""
        if person_id not in self._people:
            person = person_rows.get(self._call.store, person_id) if person_id else None
            self._people[person_id] = short_user_bean(self._call, person) if person else tempo_app_bean(self._call)
        return self._people[person_id]

    def _comment(self, worklog: JiraWorklog) -> Any:
        if not worklog.comment:
            if not worklog.by_app:
                return "" if self._is_v2 else None
            text = NOTHING_SAID.format(self._key(worklog.issue_id))
        elif worklog.is_text:
            text = worklog.comment
        else:
            document = json.loads(worklog.comment)
            return rich_texts.text_of(document) if self._is_v2 else document
        return text if self._is_v2 else rich_texts.of_text(text)

    def _key(self, issue_id: int) -> str:
        if issue_id not in self._keys:
            issue = issue_rows.get(self._call.store, issue_id)
            self._keys[issue_id] = issue.key if issue else str(issue_id)
        return self._keys[issue_id]

    def _visibility(self, group_id: int) -> dict[str, str]:
        group = next(group for group in group_rows.every(self._call.store) if group.id == group_id)
        return {"type": "group", "value": group.name, "identifier": group.group_id}
