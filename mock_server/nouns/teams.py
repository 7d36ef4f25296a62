"""Teams in scenarios with all that belongs to them: programs, team roles, members, permissions and permission roles."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Any

from mock_server.nouns.noun import Entries, Noun, Row, Rows, Seeding, Tables, only, without
from mock_server.nouns.team_entries import ProgramEntry, RoleEntry, SharedPermissionRoleEntry, TeamEntry, TeamPermissionEntry
from mock_server.storage import permission_roles


def _write_programs(seeding: Seeding) -> None:
    for entry in seeding.entries["programs"]:
        manager = seeding.row_of("people", entry["manager"])
        seeding.store.insert_row("programs", id=entry["id"], name=entry["name"], manager_id=manager)


def _programs(tables: Tables) -> Rows:
    return [{**only(row, "id", "name"), "manager": tables.name("people", row["manager_id"])} for row in tables["programs"]]


def _write_roles(seeding: Seeding) -> None:
    for entry in seeding.entries["roles"]:
        seeding.store.insert_row("roles", id=entry["id"], name=entry["name"], is_default=int(entry["default"]))


def _roles(tables: Tables) -> Rows:
    return [{**only(row, "id", "name"), "default": bool(row["is_default"])} for row in tables["roles"]]


def _write_team_permissions(seeding: Seeding) -> None:
    for entry in seeding.entries["team_permissions"]:
        seeding.store.insert_row("team_permissions", **entry)


def _write_teams(seeding: Seeding) -> None:
    for entry in seeding.entries["teams"]:
        seeding.store.insert_row(
            "teams",
            **only(entry, "id", "name", "summary", "mission"),
            lead_id=seeding.row_of("people", entry["lead"]),
            program_id=entry["program"],
            is_public=int(entry["is_public"]),
            administrative=int(entry["administrative"]),
        )
        if not any(role["built_in"] for role in entry["permission_roles"]):
            permission_roles.add_built_in(seeding.store, entry["id"])


def _write_parts(seeding: Seeding) -> None:
    store = seeding.store
    for team in seeding.entries["teams"]:
        for member in team["members"]:
            _write_member(seeding, team["id"], member)
        for held in team["permissions"]:
            _write_holders(seeding, held, "team_permission_holders", team_id=team["id"], permission=held["key"])
        for link in team["links"]:
            store.insert_row("links", **link, team_id=team["id"])
        for role in team["permission_roles"]:
            own, over = (team["id"], []) if role["built_in"] else (None, [team["id"]])
            row = {**only(role, "id", "name", "built_in"), "team_id": own, "access_type": "TEAM"}
            _write_permission_role(seeding, row, role, over)


def _write_member(seeding: Seeding, team_id: int, member: Row) -> None:
    member_id = seeding.store.insert_row(
        "members",
        id=member["id"],
        team_id=team_id,
        person_id=seeding.row_of("people", member["person"]),
        group_id=seeding.row_of("groups", member["group"]),
    )
    for membership in member["memberships"]:
        seeding.store.insert_row(
            "memberships",
            id=membership["id"],
            member_id=member_id,
            role_id=membership["role"],
            start_date=_iso(membership["start"]),
            end_date=_iso(membership["end"]),
            availability=membership["availability"],
        )


def _write_holders(seeding: Seeding, holders: Row, table: str, **same: Any) -> None:
    for name in holders["users"]:
        seeding.store.insert_row(table, **same, person_id=seeding.row_of("people", name))
    for name in holders["groups"]:
        seeding.store.insert_row(table, **same, group_id=seeding.row_of("groups", name))


def _write_shared_roles(seeding: Seeding) -> None:
    for entry in seeding.entries["permission_roles"]:
        row = {**only(entry, "id", "name"), "access_type": entry["access"]}
        _write_permission_role(seeding, row, {**entry, "users": entry["people"]}, entry["teams"])


def _write_permission_role(seeding: Seeding, row: Row, entry: Row, team_ids: list[int]) -> None:
    role_id = seeding.store.insert_row("permission_roles", **row)
    for team_id in team_ids:
        seeding.store.insert_row("permission_role_teams", permission_role_id=role_id, team_id=team_id)
    for key in entry["keys"]:
        seeding.store.insert_row("permission_role_keys", permission_role_id=role_id, key=key)
    _write_holders(seeding, entry, "permission_role_holders", permission_role_id=role_id)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _teams(tables: Tables) -> Rows:
    return [_team(tables, row) for row in tables["teams"]]


def _team(tables: Tables, row: Row) -> Row:
    holders: dict[str, Row] = {}
    for held in tables.of("team_permission_holders", "team_id", row["id"]):
        entry = holders.setdefault(held["permission"], {"key": held["permission"], "users": [], "groups": []})
        _add_holder(tables, entry, held)
    return {
        **only(row, "id", "name", "summary"),
        "lead": tables.name("people", row["lead_id"]),
        "program": row["program_id"],
        "mission": row["mission"],
        "is_public": bool(row["is_public"]),
        "administrative": bool(row["administrative"]),
        "members": [_member(tables, member) for member in tables.of("members", "team_id", row["id"])],
        "permissions": list(holders.values()),
        "links": [without(link, "team_id") for link in tables.of("links", "team_id", row["id"])],
        "permission_roles": _roles_of_team(tables, row["id"]),
    }


def _member(tables: Tables, row: Row) -> Row:
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


def _roles_of_team(tables: Tables, team_id: int) -> Rows:
    rows = list(tables.of("permission_roles", "team_id", team_id))
    for over in tables.of("permission_role_teams", "team_id", team_id):
        role_id = over["permission_role_id"]
        if _is_of_one_team(tables, role_id):
            rows += tables.of("permission_roles", "id", role_id)
    return [{**_permission_role(tables, row), "built_in": row["built_in"]} for row in rows]


def _shared_roles(tables: Tables) -> Rows:
    found = []
    for row in tables["permission_roles"]:
        if row["built_in"] is None and not _is_of_one_team(tables, row["id"]):
            teams = [over["team_id"] for over in tables.of("permission_role_teams", "permission_role_id", row["id"])]
            entry = _permission_role(tables, row)
            found.append({**without(entry, "users"), "people": entry["users"], "access": row["access_type"], "teams": teams})
    return found


def _is_of_one_team(tables: Tables, role_id: int) -> bool:
    return len(tables.of("permission_role_teams", "permission_role_id", role_id)) == 1


def _permission_role(tables: Tables, row: Row) -> Row:
    keys = [held["key"] for held in tables.of("permission_role_keys", "permission_role_id", row["id"])]
    entry: Row = {"id": row["id"], "name": row["name"], "keys": keys, "users": [], "groups": []}
    for held in tables.of("permission_role_holders", "permission_role_id", row["id"]):
        _add_holder(tables, entry, held)
    return entry


def _add_holder(tables: Tables, entry: Row, held: Row) -> None:
    if held["person_id"] is not None:
        entry["users"].append(tables.name("people", held["person_id"]))
    else:
        entry["groups"].append(tables.name("groups", held["group_id"]))


def _problems_of_teams(entries: Entries) -> Iterator[tuple[int, str]]:
    for index, team in enumerate(entries["teams"], 1):
        for sentence in (*_problems_of_links(team, entries), *_problems_of_members(team)):
            yield index, sentence


def _problems_of_links(team: Row, entries: Entries) -> Iterator[str]:
    for link in team["links"]:
        known = {entry["id"] for entry in entries[f"{link['scope_type']}s"]}
        if link["scope"] not in known:
            yield f"links[].scope: there is no {link['scope_type']} {link['scope']}"


def _problems_of_members(team: Row) -> Iterator[str]:
    seen: set[tuple[str | None, str | None]] = set()
    for member in team["members"]:
        if (member["person"] is None) == (member["group"] is None):
            yield "members[]: a member is a person or a group"
        if member["group"] is not None and member["memberships"]:
            yield f"members[]: the group {member['group']} cannot have memberships"
        if member["person"] is not None and not member["memberships"]:
            yield f"members[]: the person {member['person']} needs a membership"
        if (member["person"], member["group"]) in seen:
            yield f"members[]: {member['person'] or member['group']} is a member twice"
        seen.add((member["person"], member["group"]))
        periods = sorted((m["start"] or date.min, m["end"] or date.max) for m in member["memberships"])
        if any(end < start for start, end in periods):
            yield f"members[]: a membership of {member['person']} ends before it starts"
        if any(later[0] <= earlier[1] for earlier, later in pairwise(periods)):
            yield f"members[]: two memberships of {member['person']} overlap"


PROGRAMS = Noun("programs", ProgramEntry, _write_programs, _programs, unique=("id",), references=(("manager", "people"),))
ROLES = Noun("roles", RoleEntry, _write_roles, _roles, unique=("id", "name"))
TEAM_PERMISSIONS = Noun(
    "team_permissions",
    TeamPermissionEntry,
    _write_team_permissions,
    lambda tables: tables["team_permissions"],
    unique=("key",),
)
TEAMS = Noun(
    "teams",
    TeamEntry,
    _write_teams,
    _teams,
    write_parts=_write_parts,
    unique=("id",),
    unique_inside=("members[].id", "members[].memberships[].id", "links[].id"),
    sets=(
        ("permissions[]", "users[]"),
        ("permissions[]", "groups[]"),
        ("permission_roles[]", "keys[]"),
        ("permission_roles[]", "users[]"),
        ("permission_roles[]", "groups[]"),
    ),
    references=(
        ("lead", "people"),
        ("program", "programs"),
        ("permissions[].key", "team_permissions"),
        ("permissions[].users[]", "people"),
        ("permissions[].groups[]", "groups"),
        ("permission_roles[].users[]", "people"),
        ("permission_roles[].groups[]", "groups"),
        ("members[].person", "people"),
        ("members[].group", "groups"),
        ("members[].memberships[].role", "roles"),
    ),
    problems=_problems_of_teams,
)
PERMISSION_ROLES = Noun(
    "permission_roles",
    SharedPermissionRoleEntry,
    lambda seeding: None,
    _shared_roles,
    write_parts=_write_shared_roles,
    sets=(("", "teams[]"), ("", "keys[]"), ("", "people[]"), ("", "groups[]")),
    references=(("teams[]", "teams"), ("people[]", "people"), ("groups[]", "groups")),
)
