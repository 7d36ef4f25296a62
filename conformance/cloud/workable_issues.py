"""Which issues checks may log work on: the one that the target names, or on a server of this machine some that Jira tells."""

from __future__ import annotations

from typing import Any

from conformance.cloud.bench import Issue
from conformance.run import Absent, Run

WORKERS = ("admin", "lead", "member", "outsider")
NEEDED = ("BROWSE_PROJECTS", "WORK_ON_ISSUES", "EDIT_OWN_WORKLOGS", "DELETE_OWN_WORKLOGS")


def workable_issues(run: Run) -> tuple[Issue, ...]:
    """Issues on which admin may log work, those first on which the most personas may. Raises Absent when there is none."""
    if run.target.issue:
        return (Issue(run.target.issue, 0, frozenset(WORKERS)),)
    nothing = "no issue to log work on: the target names none ([cloud] issue), and"
    if not run.is_local:
        raise Absent(f"{nothing} on a server that is not on this machine the suite takes no issue of its own choice")
    try:
        admin = run.persona_caller("jira_cloud", "admin")
    except Absent as lack:
        raise Absent(f"{nothing} {lack}") from None
    asked = {"jql": 'updated >= "2000-01-01" ORDER BY updated DESC', "fields": "project", "maxResults": 50}
    content = admin.get("rest/api/3/search/jql", asked).json_or_none()
    rows = content.get("issues") if isinstance(content, dict) else None
    found = {int(row["id"]): row for row in rows or [] if isinstance(row, dict) and str(row.get("id")).isdecimal()}
    workers = {name: _workable(run, name, list(found)) for name in WORKERS}
    listed = [
        Issue(number, _project(row), frozenset(name for name in WORKERS if number in workers[name]))
        for number, row in found.items()
        if number in workers["admin"]
    ]
    if not listed:
        raise Absent("the persona admin may log work on none of the 50 newest issues: name one in the target, [cloud] issue")
    return tuple(sorted(listed, key=lambda issue: -len(issue.workers)))


def _project(row: dict[str, Any]) -> int:
    fields = row.get("fields")
    project = fields.get("project") if isinstance(fields, dict) else None
    number = str(project.get("id")) if isinstance(project, dict) else ""
    return int(number) if number.isdecimal() else 0


def _workable(run: Run, name: str, numbers: list[int]) -> set[int]:
    """On which of the issues a persona may log work and take it back."""
    try:
        caller = run.persona_caller("jira_cloud", name)
    except Absent:
        return set()
    body = {"projectPermissions": [{"permissions": list(NEEDED), "issues": numbers, "projects": []}]}
    content = caller.post("rest/api/3/permissions/check", body).json_or_none()
    held = content.get("projectPermissions") if isinstance(content, dict) else None
    sets = [set(entry.get("issues") or ()) for entry in held or [] if isinstance(entry, dict)]
    return set.intersection(*sets) if len(sets) == len(NEEDED) else set()
