"""Permission roles (*permission groups* on Data Center): named sets of permission keys, who holds them, over what.

The two built-in roles of a team have no rows for keys, holders and teams: all three follow from the team.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mock_server.storage import former_roles
from mock_server.storage.groups import Group
from mock_server.storage.people import JOINED, Person
from mock_server.storage.store import Store

_SELECT = "SELECT id, name, team_id, built_in, access_type FROM permission_roles"
_HELD_BY = (
    "r.id IN (SELECT permission_role_id FROM permission_role_holders WHERE person_id = ?1 UNION ALL "
    "SELECT h.permission_role_id FROM group_members m JOIN permission_role_holders h ON h.group_id = m.group_id "
    "WHERE m.person_id = ?1)"
)


class PermissionRole(NamedTuple):
    """A permission role. ``built_in`` is lead, member or None; ``team_id`` the team of a built-in one.

    ``access_type`` is TEAM (over the teams it names) or GLOBAL (over every team and everybody).
    """

    id: int
    name: str
    team_id: int | None
    built_in: str | None
    access_type: str


def get(store: Store, permission_role_id: int) -> PermissionRole | None:
    """By id."""
    row = store.one(f"{_SELECT} WHERE id = ?", (permission_role_id,))
    return PermissionRole._make(row) if row else None


def every(store: Store) -> list[PermissionRole]:
    """All roles of all teams and those with Full access, by id."""
    return [PermissionRole._make(row) for row in store.all(f"{_SELECT} ORDER BY id")]


def of_team(store: Store, team_id: int) -> list[PermissionRole]:
    """The roles over a team, built in and others, by id; those with Full access not."""
    rows = store.all(
        f"{_SELECT} WHERE team_id = ?1 OR id IN (SELECT permission_role_id FROM permission_role_teams WHERE team_id = ?1) "
        "ORDER BY id",
        (team_id,),
    )
    return [PermissionRole._make(row) for row in rows]


def teams_of(store: Store) -> dict[int, list[int]]:
    """Role id -> the ids of the teams it is over, of every role that is not built in and has teams."""
    found: dict[int, list[int]] = {}
    for role_id, team_id in store.all("SELECT permission_role_id, team_id FROM permission_role_teams ORDER BY 1, 2"):
        found.setdefault(role_id, []).append(team_id)
    return found


def team_ids_of(store: Store, permission_role_id: int) -> list[int]:
    """The ids of the teams that a role which is not built in is over."""
    sql = "SELECT team_id FROM permission_role_teams WHERE permission_role_id = ? ORDER BY team_id"
    return [row[0] for row in store.all(sql, (permission_role_id,))]


def keys_of(store: Store, permission_role_id: int) -> frozenset[str]:
    """The permission keys of a role that is not built in."""
    rows = store.all("SELECT key FROM permission_role_keys WHERE permission_role_id = ?", (permission_role_id,))
    return frozenset(row[0] for row in rows)


def people_holding(store: Store, permission_role_id: int) -> list[Person]:
    """The people listed in a role that is not built in, by name."""
    rows = store.all(
        f"SELECT {JOINED} FROM permission_role_holders h JOIN people p ON p.id = h.person_id "
        "WHERE h.permission_role_id = ? ORDER BY p.name",
        (permission_role_id,),
    )
    return [Person._make(row) for row in rows]


def groups_holding(store: Store, permission_role_id: int) -> list[Group]:
    """The groups listed in a role that is not built in, by name."""
    rows = store.all(
        "SELECT g.id, g.name, g.group_id FROM permission_role_holders h JOIN groups g ON g.id = h.group_id "
        "WHERE h.permission_role_id = ? ORDER BY g.name",
        (permission_role_id,),
    )
    return [Group._make(row) for row in rows]


def everybody_holding(store: Store, permission_role_id: int) -> list[Person]:
    """The people who hold a role that is not built in, directly or through a group, each once, by name."""
    rows = store.all(
        f"SELECT {JOINED} FROM people p WHERE p.id IN ("
        "SELECT person_id FROM permission_role_holders WHERE permission_role_id = ?1 UNION "
        "SELECT m.person_id FROM permission_role_holders h JOIN group_members m ON m.group_id = h.group_id "
        "WHERE h.permission_role_id = ?1) ORDER BY p.name",
        (permission_role_id,),
    )
    return [Person._make(row) for row in rows]


def is_granted(store: Store, team_id: int, key: str, person_id: int) -> bool:
    """Whether a role over the team that is not built in gives the key to the person, directly or through a group."""
    found: object = store.value(
        "SELECT 1 FROM permission_roles r JOIN permission_role_keys k ON k.permission_role_id = r.id "
        f"WHERE k.key = ?2 AND {_HELD_BY} AND (r.access_type = 'GLOBAL' OR EXISTS (SELECT 1 FROM permission_role_teams t "
        "WHERE t.permission_role_id = r.id AND t.team_id = ?3)) LIMIT 1",
        (person_id, key, team_id),
    )
    return found is not None


def held(store: Store, person_id: int, key: str | None = None, as_of: str | None = None) -> tuple[bool, frozenset[int]]:
    """Whether the person holds a role with Full access, and the teams over which they hold one.

    With ``key``, of the roles that give it; without, of any role, be it one without keys. Built-in roles do not count.
    With ``as_of`` (ISO 8601, UTC), as it was at that moment.
    """
    former = former_roles.held(store, person_id, key, as_of) if as_of else None
    if former is not None:
        return former
    keyed = "AND EXISTS (SELECT 1 FROM permission_role_keys k WHERE k.permission_role_id = r.id AND k.key = ?2)" if key else ""
    values = (person_id, key) if key else (person_id,)
    everything: object = store.value(
        f"SELECT 1 FROM permission_roles r WHERE r.access_type = 'GLOBAL' AND {_HELD_BY} {keyed} LIMIT 1", values
    )
    rows = store.all(
        "SELECT DISTINCT t.team_id FROM permission_role_teams t JOIN permission_roles r ON r.id = t.permission_role_id "
        f"WHERE r.access_type = 'TEAM' AND {_HELD_BY} {keyed}",
        values,
    )
    return everything is not None, frozenset(row[0] for row in rows)


def add_built_in(store: Store, team_id: int) -> None:
    """The two roles that every team has."""
    for name, built_in in (("Team Lead", "lead"), ("Member", "member")):
        store.insert("INSERT INTO permission_roles (name, team_id, built_in) VALUES (?, ?, ?)", (name, team_id, built_in))


def add(store: Store, name: str, access_type: str) -> int:
    """A new role over nothing, without keys and holders; answers its id."""
    return store.insert("INSERT INTO permission_roles (name, access_type) VALUES (?, ?)", (name, access_type))


def change(store: Store, permission_role_id: int, name: str, access_type: str) -> None:
    """Set name and access of a role that is not built in."""
    store.run("UPDATE permission_roles SET name = ?, access_type = ? WHERE id = ?", (name, access_type, permission_role_id))


def replace(
    store: Store, permission_role_id: int, keys: Sequence[str], person_ids: Sequence[int], team_ids: Iterable[int]
) -> None:
    """Make exactly these the keys, holders and teams of a role that is not built in; groups that held it do no more."""
    for table in ("permission_role_keys", "permission_role_holders", "permission_role_teams"):
        store.run(f"DELETE FROM {table} WHERE permission_role_id = ?", (permission_role_id,))
    for key in keys:
        store.insert("INSERT INTO permission_role_keys (permission_role_id, key) VALUES (?, ?)", (permission_role_id, key))
    for person_id in person_ids:
        store.insert(
            "INSERT INTO permission_role_holders (permission_role_id, person_id) VALUES (?, ?)", (permission_role_id, person_id)
        )
    for team_id in team_ids:
        store.insert(
            "INSERT INTO permission_role_teams (permission_role_id, team_id) VALUES (?, ?)", (permission_role_id, team_id)
        )


def take_key(store: Store, permission_role_id: int, key: str) -> None:
    """Let a role that is not built in give this key no more."""
    store.run("DELETE FROM permission_role_keys WHERE permission_role_id = ? AND key = ?", (permission_role_id, key))
    _touch(store, permission_role_id)


def give_key(store: Store, permission_role_id: int, key: str) -> None:
    """Let a role that is not built in give this key, too."""
    store.run("INSERT OR IGNORE INTO permission_role_keys (permission_role_id, key) VALUES (?, ?)", (permission_role_id, key))
    _touch(store, permission_role_id)


def remove_holder(store: Store, permission_role_id: int, person_id: int) -> None:
    """Let somebody hold a role that is not built in no more; who holds it through a group still does."""
    store.run(
        "DELETE FROM permission_role_holders WHERE permission_role_id = ? AND person_id = ?", (permission_role_id, person_id)
    )
    _touch(store, permission_role_id)


def add_holder(store: Store, permission_role_id: int, person_id: int) -> None:
    """Let somebody hold a role that is not built in."""
    store.run(
        "INSERT OR IGNORE INTO permission_role_holders (permission_role_id, person_id) VALUES (?, ?)",
        (permission_role_id, person_id),
    )
    _touch(store, permission_role_id)


def set_teams(store: Store, permission_role_id: int, access_type: str, team_ids: Iterable[int]) -> None:
    """Put a role that is not built in over exactly these teams, or over all with the access GLOBAL and none of them."""
    store.run("UPDATE permission_roles SET access_type = ? WHERE id = ?", (access_type, permission_role_id))
    store.run("DELETE FROM permission_role_teams WHERE permission_role_id = ?", (permission_role_id,))
    store.insert_rows("permission_role_teams", ("permission_role_id", "team_id"), [(permission_role_id, i) for i in team_ids])


def take_from(store: Store, permission_role_id: int, person_id: int) -> None:
    """Let a person hold a role no more. A group that gave it to them is replaced by its other members."""
    giving = "FROM permission_role_holders h JOIN group_members m ON m.group_id = h.group_id WHERE h.permission_role_id = ?1"
    groups = f"SELECT h.group_id {giving} AND m.person_id = ?2"
    others = store.all(
        f"SELECT DISTINCT m.person_id {giving} AND m.person_id <> ?2 AND h.group_id IN ({groups}) "
        "AND m.person_id NOT IN (SELECT person_id FROM permission_role_holders WHERE permission_role_id = ?1 "
        "AND person_id IS NOT NULL) ORDER BY 1",
        (permission_role_id, person_id),
    )
    store.run(
        f"DELETE FROM permission_role_holders WHERE permission_role_id = ?1 AND (person_id = ?2 OR group_id IN ({groups}))",
        (permission_role_id, person_id),
    )
    for (other_id,) in others:
        store.insert(
            "INSERT INTO permission_role_holders (permission_role_id, person_id) VALUES (?, ?)", (permission_role_id, other_id)
        )
    _touch(store, permission_role_id)


def remove(store: Store, permission_role_id: int) -> None:
    """The role with its keys, holders and teams."""
    store.run("DELETE FROM permission_roles WHERE id = ?", (permission_role_id,))


def remove_with_team(store: Store, team_id: int) -> None:
    """The roles over this team and no other, that are not built in; the built-in ones go with the team by themselves."""
    store.run(
        "DELETE FROM permission_roles WHERE id IN (SELECT permission_role_id FROM permission_role_teams WHERE team_id = ?1) "
        "AND id NOT IN (SELECT permission_role_id FROM permission_role_teams WHERE team_id <> ?1)",
        (team_id,),
    )


def _touch(store: Store, permission_role_id: int) -> None:
    """Let the audit trail have a change of the role itself, which those of its keys and holders belong to."""
    store.run("UPDATE permission_roles SET name = name WHERE id = ?", (permission_role_id,))
