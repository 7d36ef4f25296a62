"""Writes a world as the files of a scenario, so that reading them makes the same world again."""

import json
from collections.abc import Mapping
from typing import Any

from mock_server.scenario_entries import LastIdsEntry
from mock_server.storage import world
from mock_server.storage.store import Store

Rows = list[dict[str, Any]]


def scenario_files(store: Store, settings: Mapping[str, str]) -> dict[str, str]:
    """File name -> text. Secrets are written as the hashes they are kept as."""
    tables = _Tables(store)
    nouns = {
        "people": [{**_without(row, "id"), "active": bool(row["active"])} for row in tables["people"]],
        "personal_access_tokens": _tokens(tables),
        "api_tokens": [
            {
                "person": tables.name("people", row["person_id"]),
                "scopes": None if row["access"] == "full" else row["scopes"].split(),
                **{name: row[name] for name in ("name", "days", "token_hash", "created_at", "expires_at")},
            }
            for row in tables["api_tokens"]
        ],
        "jira_api_tokens": [
            {"person": tables.name("people", row["person_id"]), "name": row["name"], "token_hash": row["token_hash"]}
            for row in tables["jira_api_tokens"]
        ],
        "groups": _groups(tables),
        "projects": _projects(tables),
        "boards": [
            {**_without(row, "project_id"), "project": tables.key("projects", row["project_id"])} for row in tables["boards"]
        ],
        "issues": [_issue(tables, row) for row in tables["issues"]],
        "programs": [
            {"id": row["id"], "name": row["name"], "manager": tables.name("people", row["manager_id"])}
            for row in tables["programs"]
        ],
        "roles": [{"id": row["id"], "name": row["name"], "default": bool(row["is_default"])} for row in tables["roles"]],
        "team_permissions": tables["team_permissions"],
        "teams": [_team(tables, row) for row in tables["teams"]],
        "permission_roles": _shared_permission_roles(tables),
        "account_categories": tables["account_categories"],
        "customers": tables["customers"],
        "accounts": [_account(tables, row) for row in tables["accounts"]],
        "account_links": [
            {
                "id": row["id"],
                "account": tables.key("accounts", row["account_id"]),
                "project": tables.key("projects", row["project_id"]),
                "default": bool(row["is_default"]),
            }
            for row in tables["account_links"]
        ],
        "work_attributes": [
            {**row, "required": bool(row["required"]), "labels": json.loads(row["labels"])} for row in tables["work_attributes"]
        ],
        "worklogs": [_worklog(tables, row) for row in tables["worklogs"]],
        "generic_resources": [_generic_resource(tables, row) for row in tables["generic_resources"]],
    }
    files = {"scenario.toml": _world(store, settings)}
    for noun, rows in nouns.items():
        lines = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in rows)
        files[f"{noun}.json"] = f"[\n{lines}\n]\n" if rows else "[]\n"
    return files


class _Tables:
    """Tables by name, read once, and what their rows are named by."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows: dict[str, Rows] = {}
        self._found: dict[tuple[str, str], dict[Any, Rows]] = {}

    def __getitem__(self, table: str) -> Rows:
        if table not in self._rows:
            self._rows[table] = world.rows(self._store, table)
        return self._rows[table]

    def of(self, table: str, column: str, value: Any) -> Rows:
        """The rows with a value in a column."""
        if (table, column) not in self._found:
            index: dict[Any, Rows] = {}
            for row in self[table]:
                index.setdefault(row[column], []).append(row)
            self._found[table, column] = index
        return self._found[table, column].get(value, [])

    def name(self, table: str, row_id: int | None) -> str | None:
        """The name of a row, or None for no row."""
        return None if row_id is None else str(self.of(table, "id", row_id)[0]["name"])

    def key(self, table: str, row_id: int) -> str:
        """The key of a row."""
        return str(self.of(table, "id", row_id)[0]["key"])


def _world(store: Store, settings: Mapping[str, str]) -> str:
    lines = ['title = "An exported world"', "", "[settings]"]
    lines += [f"{json.dumps(name)} = {json.dumps(value)}" for name, value in sorted(settings.items())]
    lines += ["", "[last_ids]", *(f"{table} = {world.counter(store, table)}" for table in LastIdsEntry().fields)]
    return "\n".join(lines) + "\n"


def _tokens(tables: _Tables) -> Rows:
    return [
        {
            "person": tables.name("people", row["person_id"]),
            **{name: row[name] for name in ("name", "token_hash", "created_at", "expires_at")},
        }
        for row in tables["personal_access_tokens"]
    ]


def _groups(tables: _Tables) -> Rows:
    return [
        {
            "name": row["name"],
            "group_id": row["group_id"],
            "people": [tables.name("people", link["person_id"]) for link in tables.of("group_members", "group_id", row["id"])],
            "global_permissions": [held["permission"] for held in tables.of("global_permissions", "group_id", row["id"])],
        }
        for row in tables["groups"]
    ]


def _projects(tables: _Tables) -> Rows:
    found = []
    for row in tables["projects"]:
        held: dict[str, list[str]] = {}
        for permission in tables.of("project_permissions", "project_id", row["id"]):
            held.setdefault(str(tables.name("groups", permission["group_id"])), []).append(permission["permission"])
        permissions = [{"group": group, "keys": keys} for group, keys in held.items()]
        found.append({**_without(row, "lead_id"), "lead": tables.name("people", row["lead_id"]), "permissions": permissions})
    return found


def _issue(tables: _Tables, row: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("id", "key", "summary", "status", "remaining_estimate", "created_at", "updated_at")},
        "type": row["issue_type"],
        "assignee": tables.name("people", row["assignee_id"]),
        "reporter": tables.name("people", row["reporter_id"]),
        "internal": bool(row["is_internal"]),
    }


def _team(tables: _Tables, row: dict[str, Any]) -> dict[str, Any]:
    holders: dict[str, dict[str, Any]] = {}
    for held in tables.of("team_permission_holders", "team_id", row["id"]):
        entry = holders.setdefault(held["permission"], {"key": held["permission"], "users": [], "groups": []})
        _add_holder(tables, entry, held)
    return {
        "id": row["id"],
        "name": row["name"],
        "summary": row["summary"],
        "lead": tables.name("people", row["lead_id"]),
        "program": row["program_id"],
        "mission": row["mission"],
        "is_public": bool(row["is_public"]),
        "administrative": bool(row["administrative"]),
        "members": [_member(tables, member) for member in tables.of("members", "team_id", row["id"])],
        "permissions": list(holders.values()),
        "links": [_without(link, "team_id") for link in tables.of("links", "team_id", row["id"])],
        "permission_roles": _permission_roles(tables, row["id"]),
    }


def _member(tables: _Tables, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "person": tables.name("people", row["person_id"]),
        "group": tables.name("groups", row["group_id"]),
        "memberships": [
            {
                "id": period["id"],
                "role": period["role_id"],
                "start": period["start_date"],
                "end": period["end_date"],
                "availability": period["availability"],
            }
            for period in tables.of("memberships", "member_id", row["id"])
        ],
    }


def _permission_roles(tables: _Tables, team_id: int) -> Rows:
    rows = list(tables.of("permission_roles", "team_id", team_id))
    for over in tables.of("permission_role_teams", "team_id", team_id):
        role_id = over["permission_role_id"]
        if _is_of_one_team(tables, role_id):
            rows += tables.of("permission_roles", "id", role_id)
    return [{**_permission_role(tables, row), "built_in": row["built_in"]} for row in rows]


def _shared_permission_roles(tables: _Tables) -> Rows:
    found = []
    for row in tables["permission_roles"]:
        if row["built_in"] is None and not _is_of_one_team(tables, row["id"]):
            teams = [over["team_id"] for over in tables.of("permission_role_teams", "permission_role_id", row["id"])]
            entry = _permission_role(tables, row)
            found.append({**_without(entry, "users"), "people": entry["users"], "access": row["access_type"], "teams": teams})
    return found


def _is_of_one_team(tables: _Tables, role_id: int) -> bool:
    return len(tables.of("permission_role_teams", "permission_role_id", role_id)) == 1


def _permission_role(tables: _Tables, row: dict[str, Any]) -> dict[str, Any]:
    keys = [held["key"] for held in tables.of("permission_role_keys", "permission_role_id", row["id"])]
    entry: dict[str, Any] = {"id": row["id"], "name": row["name"], "keys": keys, "users": [], "groups": []}
    for held in tables.of("permission_role_holders", "permission_role_id", row["id"]):
        _add_holder(tables, entry, held)
    return entry


def _account(tables: _Tables, row: dict[str, Any]) -> dict[str, Any]:
    category, customer = row["category_id"], row["customer_id"]
    return {
        **{name: row[name] for name in ("id", "key", "name", "status", "external_contact", "monthly_budget")},
        "lead": tables.name("people", row["lead_id"]),
        "contact": tables.name("people", row["contact_id"]),
        "category": None if category is None else tables.key("account_categories", category),
        "customer": None if customer is None else tables.key("customers", customer),
        "is_global": bool(row["is_global"]),
    }


def _worklog(tables: _Tables, row: dict[str, Any]) -> dict[str, Any]:
    same = ("id", "jira_id", "start_date", "start_time", "time_spent", "billable", "description", "created_at", "updated_at")
    return {
        **{name: row[name] for name in same},
        "issue": tables.key("issues", row["issue_id"]),
        "person": tables.name("people", row["author_id"]),
        "attributes": {held["key"]: held["value"] for held in tables.of("worklog_attributes", "worklog_id", row["id"])},
    }


def _generic_resource(tables: _Tables, row: dict[str, Any]) -> dict[str, Any]:
    people = {name: tables.name("people", row[name]) for name in ("created_by", "updated_by")}
    assigned = tables.of("team_generic_resources", "generic_resource_id", row["id"])
    teams = [
        {"team": held["team_id"], "assigned_by": tables.name("people", held["assigned_by"]), "assigned_at": held["assigned_at"]}
        for held in assigned
    ]
    return {**row, **people, "teams": teams}


def _add_holder(tables: _Tables, entry: dict[str, Any], held: dict[str, Any]) -> None:
    if held["person_id"] is not None:
        entry["users"].append(tables.name("people", held["person_id"]))
    else:
        entry["groups"].append(tables.name("groups", held["group_id"]))


def _without(row: dict[str, Any], name: str) -> dict[str, Any]:
    return {column: value for column, value in row.items() if column != name}
