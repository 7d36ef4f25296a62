"""Fills an empty world from a scenario, in one transaction."""

import json
from datetime import datetime, timedelta
from typing import Any

from mock_server.access import GRANTABLE_SCOPES
from mock_server.domain.logins import SCENARIO_COST, hash_password, hash_token
from mock_server.errors import Unusable
from mock_server.moments import days_after, moment_text
from mock_server.scenario import Scenario
from mock_server.scenario_generic_resources import write_generic_resources
from mock_server.scenario_references import EXIT_SCENARIO
from mock_server.seed_work import write_work
from mock_server.storage import audit, permission_roles, world
from mock_server.storage.store import Author, ConflictingRows, Store

SCENARIO_KEY = "scenario"
"""Under this name a world remembers what it was seeded from; a world without it was never seeded to the end."""

SETTINGS_KEY = "settings"
"""Under this name a world keeps the settings of its scenario, as a JSON object."""


def seed(store: Store, scenario: Scenario, now: datetime, *, anew: bool = False) -> None:
    """Write every entry; with ``anew``, after removing what is there.

    Raises ``Unusable`` when an entry breaks a rule only the database knows; the world is then as it was.
    """
    with store.transaction(Author("scenario", "seed", scenario.name, moment_text(now))):
        if anew:
            store.clear()
        try:
            _write(store, scenario, now)
        except ConflictingRows as error:
            raise Unusable(f"{scenario.path}: two entries exclude each other ({error}).", EXIT_SCENARIO) from error
        audit.forget(store)
        world.put(store, SCENARIO_KEY, scenario.reference)
        world.put(store, SETTINGS_KEY, json.dumps(dict(scenario.settings)))


def _write(store: Store, scenario: Scenario, now: datetime) -> None:
    entries = scenario.entries
    people: dict[str | None, int] = {}
    for entry in entries["people"]:
        row = {name: value for name, value in entry.items() if name != "password"}
        if entry["password"]:
            row["password_hash"] = hash_password(entry["password"], SCENARIO_COST)
        people[entry["name"]] = store.insert_row("people", **row)
    groups: dict[str | None, int] = {}
    for entry in entries["groups"]:
        group = groups[entry["name"]] = store.insert_row("groups", name=entry["name"], group_id=str(entry["group_id"]))
        for name in entry["people"]:
            store.insert_row("group_members", group_id=group, person_id=people[name])
        for permission in entry["global_permissions"]:
            store.insert_row("global_permissions", permission=permission, group_id=group)
    for entry in entries["api_tokens"]:
        begins = _before(now, entry["age"])
        scopes = sorted(GRANTABLE_SCOPES if entry["scopes"] is None else entry["scopes"])
        store.insert_row(
            "api_tokens",
            person_id=people[entry["person"]],
            name=entry["name"],
            access="full" if entry["scopes"] is None else "custom",
            scopes=" ".join(scopes),
            days=entry["days"],
            token_hash=entry["token_hash"] or hash_token(entry["token"]),
            created_at=entry["created_at"] or moment_text(begins),
            expires_at=entry["expires_at"] or moment_text(days_after(begins, entry["days"])),
        )
    for entry in entries["jira_api_tokens"]:
        token_hash = entry["token_hash"] or hash_token(entry["token"])
        store.insert_row("jira_api_tokens", person_id=people[entry["person"]], name=entry["name"], token_hash=token_hash)
    for entry in entries["personal_access_tokens"]:
        store.insert_row(
            "personal_access_tokens",
            person_id=people[entry["person"]],
            name=entry["name"],
            token_hash=entry["token_hash"] or hash_token(entry["token"]),
            created_at=entry["created_at"] or moment_text(now),
            expires_at=entry["expires_at"],
        )
    for entry in entries["projects"]:
        store.insert_row(
            "projects",
            id=entry["id"],
            key=entry["key"],
            name=entry["name"],
            lead_id=people.get(entry["lead"]),
            project_type=entry["project_type"],
        )
        for held in entry["permissions"]:
            for key in held["keys"]:
                store.insert_row("project_permissions", project_id=entry["id"], permission=key, group_id=groups[held["group"]])
    project_ids = {entry["key"]: entry["id"] for entry in entries["projects"]}
    _write_issues(store, scenario, people, project_ids, now)
    for entry in entries["boards"]:
        store.insert_row(
            "boards", id=entry["id"], name=entry["name"], type=entry["type"], project_id=project_ids[entry["project"]]
        )
    for entry in entries["programs"]:
        store.insert_row("programs", id=entry["id"], name=entry["name"], manager_id=people.get(entry["manager"]))
    for entry in entries["roles"]:
        store.insert_row("roles", id=entry["id"], name=entry["name"], is_default=int(entry["default"]))
    for entry in entries["team_permissions"]:
        store.insert_row("team_permissions", **entry)
    for entry in entries["teams"]:
        store.insert_row(
            "teams",
            id=entry["id"],
            name=entry["name"],
            summary=entry["summary"],
            lead_id=people.get(entry["lead"]),
            program_id=entry["program"],
            mission=entry["mission"],
            is_public=int(entry["is_public"]),
            administrative=int(entry["administrative"]),
        )
        if not any(role["built_in"] for role in entry["permission_roles"]):
            permission_roles.add_built_in(store, entry["id"])
    _write_accounts(store, scenario, people, project_ids)
    write_work(store, scenario, people, now)
    write_generic_resources(store, entries["generic_resources"], people, now)
    for table, last_id in scenario.last_ids.items():
        world.set_counter(store, table, last_id)
    for entry in entries["teams"]:
        _write_team(store, entry, people, groups)
    for entry in entries["permission_roles"]:
        role = {**entry, "users": entry["people"]}
        _write_permission_role(store, role, None, entry["access"], entry["teams"], people, groups)


def _write_issues(
    store: Store, scenario: Scenario, people: dict[str | None, int], projects: dict[str | None, int], now: datetime
) -> None:
    for entry in scenario.entries["issues"]:
        created = entry["created_at"] or moment_text(_before(now, entry["age"]))
        store.insert_row(
            "issues",
            id=entry["id"],
            key=entry["key"],
            project_id=projects[entry["key"].rpartition("-")[0]],
            summary=entry["summary"],
            issue_type=entry["type"],
            status=entry["status"],
            assignee_id=people.get(entry["assignee"]),
            reporter_id=people.get(entry["reporter"]),
            created_at=created,
            updated_at=entry["updated_at"] or created,
            remaining_estimate=entry["remaining_estimate"],
            is_internal=int(entry["internal"]),
        )


def _write_accounts(store: Store, scenario: Scenario, people: dict[str | None, int], projects: dict[str | None, int]) -> None:
    entries = scenario.entries
    categories = {entry["key"]: store.insert_row("account_categories", **entry) for entry in entries["account_categories"]}
    customers = {entry["key"]: store.insert_row("customers", **entry) for entry in entries["customers"]}
    accounts: dict[str, int] = {}
    for entry in entries["accounts"]:
        accounts[entry["key"]] = store.insert_row(
            "accounts",
            **{name: entry[name] for name in ("id", "key", "name", "status", "external_contact", "monthly_budget")},
            lead_id=people.get(entry["lead"]),
            contact_id=people.get(entry["contact"]),
            category_id=categories.get(entry["category"]),
            customer_id=customers.get(entry["customer"]),
            is_global=int(entry["is_global"]),
        )
    for entry in entries["account_links"]:
        store.insert_row(
            "account_links",
            id=entry["id"],
            account_id=accounts[entry["account"]],
            project_id=projects[entry["project"]],
            is_default=int(entry["default"]),
        )


def _write_team(store: Store, team: dict[str, Any], people: dict[str | None, int], groups: dict[str | None, int]) -> None:
    for member in team["members"]:
        member_id = store.insert_row(
            "members",
            id=member["id"],
            team_id=team["id"],
            person_id=people.get(member["person"]),
            group_id=groups.get(member["group"]),
        )
        for membership in member["memberships"]:
            store.insert_row(
                "memberships",
                id=membership["id"],
                member_id=member_id,
                role_id=membership["role"],
                start_date=_iso(membership["start"]),
                end_date=_iso(membership["end"]),
                availability=membership["availability"],
            )
    for holders in team["permissions"]:
        for name in holders["users"]:
            store.insert_row("team_permission_holders", team_id=team["id"], permission=holders["key"], person_id=people[name])
        for name in holders["groups"]:
            store.insert_row("team_permission_holders", team_id=team["id"], permission=holders["key"], group_id=groups[name])
    for link in team["links"]:
        store.insert_row("links", id=link["id"], team_id=team["id"], scope_type=link["scope_type"], scope=link["scope"])
    for role in team["permission_roles"]:
        over = [] if role["built_in"] else [team["id"]]
        _write_permission_role(store, role, team["id"] if role["built_in"] else None, "TEAM", over, people, groups)


def _write_permission_role(
    store: Store,
    role: dict[str, Any],
    own_team: int | None,
    access_type: str,
    team_ids: list[int],
    people: dict[str | None, int],
    groups: dict[str | None, int],
) -> None:
    role_id = store.insert_row(
        "permission_roles",
        id=role["id"],
        name=role["name"],
        team_id=own_team,
        built_in=role.get("built_in"),
        access_type=access_type,
    )
    for team_id in team_ids:
        store.insert_row("permission_role_teams", permission_role_id=role_id, team_id=team_id)
    for key in role["keys"]:
        store.insert_row("permission_role_keys", permission_role_id=role_id, key=key)
    for name in role["users"]:
        store.insert_row("permission_role_holders", permission_role_id=role_id, person_id=people[name])
    for name in role["groups"]:
        store.insert_row("permission_role_holders", permission_role_id=role_id, group_id=groups[name])


def _before(now: datetime, days: int) -> datetime:
    # A world may begin in the first years there are.
    return now - timedelta(days=min(days, now.toordinal() - 2))


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
