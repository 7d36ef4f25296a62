"""Work in scenarios: work attributes, and worklogs day by day."""

import json
from collections.abc import Iterator
from datetime import date

from mock_server.domain.work_attributes import misfit
from mock_server.domain.worklog_flow import INTERNAL, Flow
from mock_server.nouns.days import FIRST_DAY
from mock_server.nouns.noun import Entries, Noun, Row, Rows, Seeding, Tables, only
from mock_server.nouns.projects import project_key
from mock_server.nouns.work_entries import IN_JIRA, WorkAttributeEntry, WorklogEntry, days_of
from mock_server.settings import Settings
from mock_server.storage import worklogs
from mock_server.storage.jira_worklogs import APART, AS_IT_IS, IN_ITS_DAY
from mock_server.storage.work_attributes import WorkAttribute


def _write_attributes(seeding: Seeding) -> None:
    for entry in seeding.entries["work_attributes"]:
        row = {**entry, "required": int(entry["required"]), "labels": json.dumps(entry["labels"])}
        seeding.store.insert_row("work_attributes", **row)


def _attributes(tables: Tables) -> Rows:
    return [
        {**row, "required": bool(row["required"]), "labels": json.loads(row["labels"])} for row in tables["work_attributes"]
    ]


def _write_worklogs(seeding: Seeding) -> None:
    """Worklogs without ids get them in the order in which they begin, after the ids that are given."""
    store, rows = seeding.store, _in_order(seeding, seeding.now.date())
    if not rows:
        return
    columns = [name for name in rows[0] if name not in ("attributes", "is_new_to_jira")]
    store.insert_rows("worklogs", columns, ([row[name] for name in columns] for row in rows))
    values = ((row["id"], key, value) for row in rows for key, value in row["attributes"].items())
    store.insert_rows("worklog_attributes", ("worklog_id", "key", "value"), values)
    worklogs.keep_jira_id(store, max(row["jira_id"] for row in rows))
    flow = Flow(store, Settings(seeding.settings), seeding.now)
    for row in rows:
        if row["is_new_to_jira"] and row["entered_in_jira"]:
            flow.was_entered_in_jira(row["jira_id"])
    if any(row["is_new_to_jira"] and row["in_jira"] == IN_ITS_DAY for row in rows):
        flow.sum_up_every_day()


def _in_order(seeding: Seeding, today: date) -> Rows:
    internal = {issue["key"] for issue in seeding.entries["issues"] if issue["internal"]}
    rows: Rows = []
    is_summed_up = Settings(seeding.settings)[INTERNAL] == "aggregated"
    for entry in seeding.entries["worklogs"]:
        billable = entry["time_spent"] if entry["billable"] is None else entry["billable"]
        same = {
            **only(entry, "id", "jira_id", "start_time", "time_spent", "description", "attributes"),
            "issue_id": seeding.row_of("issues", entry["issue"]),
            "project_id": seeding.row_of("projects", project_key(entry["issue"])),
            "author_id": seeding.row_of("people", entry["person"]),
            "billable": 0 if entry["issue"] in internal and not _is_written_out(entry) else billable,
            "entered_in_jira": int(entry["entered_in"] == "jira"),
            "in_jira": _in_jira(entry, is_summed_up and entry["issue"] in internal),
            "is_new_to_jira": entry["in_jira"] is None,
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


def _in_jira(entry: Row, is_summed_up: bool) -> int:
    if entry["in_jira"]:
        return IN_JIRA.index(entry["in_jira"])
    return APART if entry["entered_in"] == "jira" else IN_ITS_DAY if is_summed_up else AS_IT_IS


def _is_written_out(entry: Row) -> bool:
    """Whether a worklog comes from a world as it was, not from somebody who wrote a scenario."""
    return entry["created_at"] is not None


def _number(rows: Rows, name: str, last: int) -> None:
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


def _worklogs(tables: Tables) -> Rows:
    return [_worklog(tables, row) for row in tables["worklogs"]]


def _worklog(tables: Tables, row: Row) -> Row:
    same = ("id", "jira_id", "start_date", "start_time", "time_spent", "billable", "description", "created_at", "updated_at")
    return {
        **only(row, *same),
        "issue": tables.key("issues", row["issue_id"]),
        "person": tables.name("people", row["author_id"]),
        "entered_in": "jira" if row["entered_in_jira"] else "tempo",
        "in_jira": IN_JIRA[row["in_jira"]],
        "attributes": {held["key"]: held["value"] for held in tables.of("worklog_attributes", "worklog_id", row["id"])},
    }


def _problems_of_worklogs(entries: Entries) -> Iterator[tuple[int, str]]:
    """Worklogs that do not fit the rest of a scenario: number of the entry, and what is wrong with it.

    In a world that was written out values are not held against their attributes, nor billable work against internal issues:
    both may have become what they are after work was logged.
    """
    attributes = {
        given["key"]: WorkAttribute(0, given["key"], given["name"], given["type"], given["required"], given["labels"])
        for given in entries["work_attributes"]
    }
    accounts = {account["key"] for account in entries["accounts"]}
    is_internal = {issue["key"]: issue["internal"] for issue in entries["issues"]}
    for index, entry in enumerate(entries["worklogs"], 1):
        if entry["issue"] not in is_internal:
            yield index, f"issue: {entry['issue']} does not exist among the issues"
        elif entry["billable"] and is_internal[entry["issue"]] and not _is_written_out(entry):
            yield index, f"billable: work on the internal issue {entry['issue']} is never billable"
        for key, value in entry["attributes"].items():
            if key not in attributes:
                yield index, f"attributes: {key} does not exist among the work attributes"
            elif value is not None and not _is_written_out(entry):
                is_no_account = attributes[key].type == "ACCOUNT" and value not in accounts
                wrong = f"{value} does not exist among the accounts" if is_no_account else misfit(attributes[key], value)
                if wrong:
                    yield index, f"attributes: {wrong}"


WORK_ATTRIBUTES = Noun(
    "work_attributes", WorkAttributeEntry, _write_attributes, _attributes, unique=("key", "id"), by_case=True
)
WORKLOGS = Noun(
    "worklogs",
    WorklogEntry,
    _write_worklogs,
    _worklogs,
    unique=("id", "jira_id"),
    sets=(("", "weekdays[]"),),
    references=(("person", "people"),),
    problems=_problems_of_worklogs,
)
