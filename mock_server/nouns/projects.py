"""Jira's projects, issues and boards in scenarios."""

import json
from collections.abc import Iterator
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from mock_server.domain import rich_texts
from mock_server.moments import moment_text
from mock_server.nouns.moments import Moment
from mock_server.nouns.noun import ID, NAME, Entries, EntrySchema, Noun, Row, Rows, Seeding, Tables, only, without


class ProjectPermissionsEntry(EntrySchema):
    """The project permissions that a group holds."""

    group = fields.String(required=True)
    keys = fields.List(fields.String(), required=True)


class ProjectEntry(EntrySchema):
    """A Jira project and who may do what in it."""

    id = fields.Integer(required=True, strict=True, validate=ID)
    key = fields.String(required=True, validate=validate.Regexp(r"^[A-Z][A-Z0-9_]{1,9}$"))
    name = fields.String(required=True, validate=NAME)
    lead = fields.String(load_default=None)
    project_type = fields.String(load_default="software", validate=validate.OneOf(["software", "business", "service_desk"]))
    permissions = fields.List(fields.Nested(ProjectPermissionsEntry), load_default=list)


class BoardEntry(EntrySchema):
    """A Jira board of a project, named by its key."""

    id = fields.Integer(required=True, strict=True, validate=ID)
    name = fields.String(required=True, validate=NAME)
    type = fields.String(load_default="scrum", validate=validate.OneOf(["scrum", "kanban"]))
    project = fields.String(required=True)


class CommentEntry(EntrySchema):
    """A comment on an issue. ``body`` is a text, or a document of Atlassian's format; times default to the issue's."""

    id = fields.Integer(required=True, strict=True, validate=ID)
    author = fields.String(required=True)
    body = fields.Raw(required=True, metadata={"type": ["string", "object"]})
    created_at = Moment(load_default=None)
    updated_at = Moment(load_default=None)

    @validates_schema
    def need_body(self, data: dict[str, Any], **_: Any) -> None:
        """A body says something."""
        if not isinstance(data["body"], str) and not rich_texts.is_document(data["body"]):
            raise ValidationError("Not a text, and not a document of version 1.", "body")


class IssueEntry(EntrySchema):
    """A Jira issue of the project that its key begins with, made ``age`` days ago.

    Work on an internal issue (vacation, training) is never billable; it is open to all, or to ``internal_teams`` by their
    ids. ``remaining_estimate`` is seconds; the times stand in a world that was written out.
    """

    id = fields.Integer(required=True, strict=True, validate=ID)
    key = fields.String(required=True, validate=validate.Regexp(r"^[A-Z][A-Z0-9_]{1,9}-[1-9][0-9]{0,8}$"))
    summary = fields.String(required=True, validate=NAME)
    type = fields.String(load_default="Task", validate=NAME)
    status = fields.String(load_default="To Do", validate=NAME)
    assignee = fields.String(load_default=None)
    reporter = fields.String(load_default=None)
    internal = fields.Boolean(load_default=False)
    internal_teams = fields.List(fields.Integer(strict=True, validate=ID), load_default=list)
    remaining_estimate = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(0, 2**31 - 1))
    comments = fields.List(fields.Nested(CommentEntry), load_default=list)
    age = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, 36500))
    created_at = Moment(load_default=None)
    updated_at = Moment(load_default=None)

    @validates_schema
    def need_internal_for_teams(self, data: dict[str, Any], **_: Any) -> None:
        """Only an internal issue is open to some teams and not to others."""
        if data["internal_teams"] and not data["internal"]:
            raise ValidationError("Only an internal issue has them.", "internal_teams")


def project_key(issue_key: str) -> str:
    """The key of the project that an issue is in: CLOUD for CLOUD-1."""
    return issue_key.rpartition("-")[0]


def _write_projects(seeding: Seeding) -> None:
    store = seeding.store
    for entry in seeding.entries["projects"]:
        row = {**only(entry, "id", "key", "name", "project_type"), "lead_id": seeding.row_of("people", entry["lead"])}
        seeding.made("projects", entry["key"], store.insert_row("projects", **row))
        for held in entry["permissions"]:
            group = seeding.row_of("groups", held["group"])
            for key in held["keys"]:
                store.insert_row("project_permissions", project_id=entry["id"], permission=key, group_id=group)


def _projects(tables: Tables) -> Rows:
    found = []
    for row in tables["projects"]:
        held: dict[str, list[str]] = {}
        for permission in tables.of("project_permissions", "project_id", row["id"]):
            held.setdefault(str(tables.name("groups", permission["group_id"])), []).append(permission["permission"])
        permissions = [{"group": group, "keys": keys} for group, keys in held.items()]
        found.append({**without(row, "lead_id"), "lead": tables.name("people", row["lead_id"]), "permissions": permissions})
    return found


def _write_boards(seeding: Seeding) -> None:
    for entry in seeding.entries["boards"]:
        row = {**only(entry, "id", "name", "type"), "project_id": seeding.row_of("projects", entry["project"])}
        seeding.store.insert_row("boards", **row)


def _boards(tables: Tables) -> Rows:
    return [{**without(row, "project_id"), "project": tables.key("projects", row["project_id"])} for row in tables["boards"]]


def _write_issues(seeding: Seeding) -> None:
    for entry in seeding.entries["issues"]:
        created = entry["created_at"] or moment_text(seeding.before(entry["age"]))
        issue_id = seeding.store.insert_row(
            "issues",
            **only(entry, "id", "key", "summary", "status", "remaining_estimate"),
            project_id=seeding.row_of("projects", project_key(entry["key"])),
            issue_type=entry["type"],
            assignee_id=seeding.row_of("people", entry["assignee"]),
            reporter_id=seeding.row_of("people", entry["reporter"]),
            created_at=created,
            updated_at=entry["updated_at"] or created,
            is_internal=int(entry["internal"]),
        )
        seeding.made("issues", entry["key"], issue_id)
        for comment in entry["comments"]:
            _write_comment(seeding, issue_id, comment, created)


def _write_comment(seeding: Seeding, issue_id: int, comment: Row, created: str) -> None:
    body, written = comment["body"], comment["created_at"] or created
    seeding.store.insert_row(
        "comments",
        id=comment["id"],
        issue_id=issue_id,
        author_id=seeding.row_of("people", comment["author"]),
        body=json.dumps(rich_texts.of_text(body) if isinstance(body, str) else body),
        created_at=written,
        updated_at=comment["updated_at"] or written,
    )


def _write_internal_teams(seeding: Seeding) -> None:
    for entry in seeding.entries["issues"]:
        for team_id in entry["internal_teams"]:
            seeding.store.insert_row("internal_issue_teams", issue_id=entry["id"], team_id=team_id)


def _issues(tables: Tables) -> Rows:
    return [_issue(tables, row) for row in tables["issues"]]


def _issue(tables: Tables, row: Row) -> Row:
    teams = [held["team_id"] for held in tables.of("internal_issue_teams", "issue_id", row["id"])]
    return {
        **only(row, "id", "key", "summary", "status", "remaining_estimate", "created_at", "updated_at"),
        "type": row["issue_type"],
        "assignee": tables.name("people", row["assignee_id"]),
        "reporter": tables.name("people", row["reporter_id"]),
        "internal": bool(row["is_internal"]),
        "internal_teams": teams,
        "comments": [_comment(tables, held) for held in tables.of("comments", "issue_id", row["id"])],
    }


def _comment(tables: Tables, row: Row) -> Row:
    document = json.loads(row["body"])
    text = rich_texts.text_of(document)
    body = text if rich_texts.of_text(text) == document else document
    return {**only(row, "id", "created_at", "updated_at"), "author": tables.name("people", row["author_id"]), "body": body}


def _problems_of_issues(entries: Entries) -> Iterator[tuple[int, str]]:
    known = {entry["key"] for entry in entries["projects"]}
    for index, issue in enumerate(entries["issues"], 1):
        if project_key(issue["key"]) not in known:
            yield index, f"key: {project_key(issue['key'])} does not exist among the projects"


PROJECTS = Noun(
    "projects",
    ProjectEntry,
    _write_projects,
    _projects,
    unique=("key", "id"),
    sets=(("permissions[]", "keys[]"),),
    references=(("lead", "people"), ("permissions[].group", "groups")),
)
BOARDS = Noun("boards", BoardEntry, _write_boards, _boards, unique=("id",), references=(("project", "projects"),))
ISSUES = Noun(
    "issues",
    IssueEntry,
    _write_issues,
    _issues,
    write_parts=_write_internal_teams,
    unique=("key", "id"),
    unique_inside=("comments[].id",),
    sets=(("", "internal_teams[]"),),
    references=(
        ("assignee", "people"),
        ("reporter", "people"),
        ("internal_teams[]", "teams"),
        ("comments[].author", "people"),
    ),
    problems=_problems_of_issues,
)
