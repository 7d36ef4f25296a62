"""Writes the work of a scenario into a world: work attributes, and worklogs day by day."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from mock_server.scenario import Scenario
from mock_server.scenario_work import FIRST_DAY, days_of
from mock_server.storage import worklogs
from mock_server.storage.store import Store


def write_work(store: Store, scenario: Scenario, people: Mapping[str | None, int], now: datetime) -> None:
    """Every work attribute and worklog; people by name.

    Worklogs without ids get them in the order in which they begin, after the ids that are given.
    """
    for entry in scenario.entries["work_attributes"]:
        row = {**entry, "required": int(entry["required"]), "labels": json.dumps(entry["labels"])}
        store.insert_row("work_attributes", **row)
    rows = _rows(scenario, people, now.date())
    if not rows:
        return
    columns = [name for name in rows[0] if name != "attributes"]
    store.insert_rows("worklogs", columns, ([row[name] for name in columns] for row in rows))
    values = ((row["id"], key, value) for row in rows for key, value in row["attributes"].items())
    store.insert_rows("worklog_attributes", ("worklog_id", "key", "value"), values)
    worklogs.keep_jira_id(store, max(row["jira_id"] for row in rows))


def _rows(scenario: Scenario, people: Mapping[str | None, int], today: date) -> list[dict[str, Any]]:
    entries = scenario.entries
    projects = {project["key"]: project["id"] for project in entries["projects"]}
    issues = {issue["key"]: issue for issue in entries["issues"]}
    rows: list[dict[str, Any]] = []
    for entry in entries["worklogs"]:
        issue = issues[entry["issue"]]
        billable = entry["time_spent"] if entry["billable"] is None else entry["billable"]
        same = {
            "id": entry["id"],
            "jira_id": entry["jira_id"],
            "issue_id": issue["id"],
            "project_id": projects[issue["key"].rpartition("-")[0]],
            "author_id": people[entry["person"]],
            "start_time": entry["start_time"],
            "time_spent": entry["time_spent"],
            "billable": 0 if issue["internal"] else billable,
            "description": entry["description"],
            "attributes": entry["attributes"],
        }
        end = _end(entry["start_time"], entry["time_spent"])
        for day in days_of(entry, today):
            # No stamp is in the future, on a day of no clock, or another one by the time of day: a template serves it all.
            created = entry["created_at"] or min(f"{max(day, FIRST_DAY)}T{end}.000Z", f"{today}T00:00:00.000Z")
            rows.append(same | {"start_date": str(day), "created_at": created, "updated_at": entry["updated_at"] or created})
    rows.sort(key=lambda row: (row["start_date"], row["start_time"]))
    _number(rows, "id", 0)
    _number(rows, "jira_id", worklogs.LAST_FOREIGN_JIRA_ID)
    return rows


def _number(rows: list[dict[str, Any]], name: str, last: int) -> None:
    last = max((row[name] for row in rows if row[name] is not None), default=last)
    for row in rows:
        if row[name] is None:
            last += 1
            row[name] = last


def _end(start_time: str, seconds: int) -> str:
    hour, minute, second = map(int, start_time.split(":"))
    # Work that goes on into the next day is logged at the end of its own.
    minutes, second = divmod(min(hour * 3600 + minute * 60 + second + seconds, 24 * 3600 - 1), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{second:02}"
