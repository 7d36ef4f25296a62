"""What Jira has of worklogs by itself, in scenarios: rows of its own, days summed up, deleted ids, changes on their way.

Whoever writes a scenario needs none of it, as ``worklogs.json`` says where a worklog was entered; a world that was written
out has it, so that it is the same world when it is read.
"""

import json
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from mock_server.domain import rich_texts
from mock_server.nouns.moments import End, Moment
from mock_server.nouns.noun import ID, EntrySchema, Noun, Row, Rows, Seeding, Tables, only
from mock_server.storage.worklog_arrivals import ADD, CHANGE, REMOVE, TO_JIRA, TO_TEMPO

_SECONDS = validate.Range(0, 2**63 - 1)


class JiraWorklogEntry(EntrySchema):
    """A worklog that Jira has a row of its own for. Without ``person`` it sums up an issue and day."""

    id = fields.Integer(required=True, strict=True, validate=ID)
    issue = fields.String(required=True)
    person = fields.String(load_default=None)
    by_app = fields.Boolean(load_default=False)
    updater = fields.String(load_default=None)
    updated_by_app = fields.Boolean(load_default=False)
    started_at = End(required=True)
    start_date = fields.Date(required=True)
    time_spent = fields.Integer(required=True, strict=True, validate=_SECONDS)
    comment = fields.Dict(load_default=None, allow_none=True)
    group = fields.String(load_default=None)
    properties = fields.List(fields.Dict(), load_default=None, allow_none=True)
    created_at = Moment(required=True)
    updated_at = Moment(required=True)

    @validates_schema
    def need_document(self, data: dict[str, Any], **_: Any) -> None:
        """A comment is a document."""
        if data["comment"] is not None and not rich_texts.is_document(data["comment"]):
            raise ValidationError("Not a document of version 1.", "comment")


class JiraDayWorklogEntry(EntrySchema):
    """Which worklog of Jira's sums up an internal issue and day."""

    jira_id = fields.Integer(required=True, strict=True, validate=ID)
    issue = fields.String(required=True)
    day = fields.Date(required=True)


class JiraDeletedWorklogEntry(EntrySchema):
    """The id of a worklog that was deleted in Jira, and when."""

    id = fields.Integer(required=True, strict=True, validate=ID)
    deleted_at = End(required=True)


class WorklogArrivalEntry(EntrySchema):
    """A change of a worklog on its way to Jira or to Tempo, with what the worklog then is."""

    jira_id = fields.Integer(required=True, strict=True, validate=ID)
    towards = fields.String(required=True, validate=validate.OneOf([TO_JIRA, TO_TEMPO]))
    verb = fields.String(required=True, validate=validate.OneOf([ADD, CHANGE, REMOVE]))
    due_at = End(required=True)
    issue = fields.String(load_default=None)
    person = fields.String(load_default=None)
    started = End(load_default=None)
    start_date = fields.Date(load_default=None)
    time_spent = fields.Integer(load_default=None, strict=True, validate=_SECONDS)
    text = fields.String(load_default="")

    @validates_schema
    def need_values(self, data: dict[str, Any], **_: Any) -> None:
        """All but a removal say what the worklog then is."""
        needed = [] if data["verb"] == REMOVE else ["started", "time_spent"]
        needed += ["issue"] if data["verb"] == ADD else []
        needed += ["start_date"] if needed and data["towards"] == TO_JIRA else []
        needed += ["person"] if data["verb"] == ADD and data["towards"] == TO_TEMPO else []
        for name in needed:
            if data[name] is None:
                raise ValidationError("Missing for a change of this kind.", name)


def _write_worklogs(seeding: Seeding) -> None:
    for entry in seeding.entries["jira_worklogs"]:
        issue_id = seeding.row_of("issues", entry["issue"])
        seeding.store.insert_row(
            "jira_worklogs",
            **only(entry, "id", "started_at", "time_spent", "created_at", "updated_at"),
            issue_id=issue_id,
            project_id=seeding.row_of("projects", entry["issue"].rpartition("-")[0]),
            author_id=seeding.row_of("people", entry["person"]),
            by_app=int(entry["by_app"]),
            updater_id=seeding.row_of("people", entry["updater"]),
            updated_by_app=int(entry["updated_by_app"]),
            start_date=str(entry["start_date"]),
            comment=None if entry["comment"] is None else json.dumps(entry["comment"]),
            group_id=seeding.row_of("groups", entry["group"]),
            properties=None if entry["properties"] is None else json.dumps(entry["properties"]),
        )


def _worklogs(tables: Tables) -> Rows:
    return [
        {
            **only(row, "id", "started_at", "start_date", "time_spent", "created_at", "updated_at"),
            "issue": tables.key("issues", row["issue_id"]),
            "person": tables.name("people", row["author_id"]),
            "by_app": bool(row["by_app"]),
            "updater": tables.name("people", row["updater_id"]),
            "updated_by_app": bool(row["updated_by_app"]),
            "comment": json.loads(row["comment"]) if row["comment"] else None,
            "group": tables.name("groups", row["group_id"]),
            "properties": json.loads(row["properties"]) if row["properties"] else None,
        }
        for row in tables["jira_worklogs"]
    ]


def _write_days(seeding: Seeding) -> None:
    for entry in seeding.entries["jira_day_worklogs"]:
        issue_id = seeding.row_of("issues", entry["issue"])
        seeding.store.insert_row("jira_day_worklogs", issue_id=issue_id, day=str(entry["day"]), jira_id=entry["jira_id"])


def _days(tables: Tables) -> Rows:
    return [
        {**only(row, "jira_id", "day"), "issue": tables.key("issues", row["issue_id"])} for row in tables["jira_day_worklogs"]
    ]


def _write_deleted(seeding: Seeding) -> None:
    for entry in seeding.entries["jira_deleted_worklogs"]:
        seeding.store.insert_row("jira_deleted_worklogs", **entry)


def _deleted(tables: Tables) -> Rows:
    return tables["jira_deleted_worklogs"]


def _write_arrivals(seeding: Seeding) -> None:
    for entry in seeding.entries["worklog_arrivals"]:
        state: Row = only(entry, "started", "time_spent", "text")
        state["start_date"] = str(entry["start_date"]) if entry["start_date"] else None
        state["issue_id"] = seeding.row_of("issues", entry["issue"])
        state["author_id"] = seeding.row_of("people", entry["person"])
        same = only(entry, "jira_id", "towards", "verb", "due_at")
        seeding.store.insert_row("worklog_arrivals", **same, state=json.dumps(state) if entry["verb"] != REMOVE else None)


def _arrivals(tables: Tables) -> Rows:
    return [_arrival(tables, row) for row in tables["worklog_arrivals"]]


def _arrival(tables: Tables, row: Row) -> Row:
    state = json.loads(row["state"]) if row["state"] else {}
    issue_id = state.get("issue_id")
    # An issue that was deleted meanwhile: nothing will arrive, and nothing names it.
    is_there = issue_id is None or bool(tables.of("issues", "id", issue_id))
    entry = only(row, "jira_id", "due_at", "towards", "verb")
    if not state or not is_there:
        return entry | {"verb": REMOVE}
    told = {name: state[name] for name in ("started", "start_date", "time_spent", "text") if state.get(name) is not None}
    named = {"issue": tables.key("issues", issue_id), "person": tables.name("people", state.get("author_id"))}
    return entry | told | {name: value for name, value in named.items() if value is not None}


JIRA_WORKLOGS = Noun(
    "jira_worklogs",
    JiraWorklogEntry,
    _write_worklogs,
    _worklogs,
    unique=("id",),
    references=(("issue", "issues"), ("person", "people"), ("updater", "people"), ("group", "groups")),
)
JIRA_DAY_WORKLOGS = Noun(
    "jira_day_worklogs", JiraDayWorklogEntry, _write_days, _days, unique=("jira_id",), references=(("issue", "issues"),)
)
JIRA_DELETED_WORKLOGS = Noun("jira_deleted_worklogs", JiraDeletedWorklogEntry, _write_deleted, _deleted, unique=("id",))
WORKLOG_ARRIVALS = Noun(
    "worklog_arrivals",
    WorklogArrivalEntry,
    _write_arrivals,
    _arrivals,
    references=(("issue", "issues"), ("person", "people")),
)
