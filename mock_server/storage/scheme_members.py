"""Who is in which workload or holiday scheme. Everybody is in exactly one of each: whoever has no row is in the default one."""

import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from mock_server.storage.store import Store


class Kind(StrEnum):
    """The two kinds of schemes; the values are the beginnings of their tables' names."""

    WORKLOAD = "workload_scheme"
    HOLIDAY = "holiday_scheme"


class SchemeMember(NamedTuple):
    """Somebody in a scheme."""

    account_id: str
    scheme_id: int


def restore_defaults(store: Store) -> None:
    """Make the default scheme of each kind that a new world is born with, where there is none."""
    store.run(
        "INSERT INTO workload_schemes (name, week, is_default) SELECT 'Tempo Default Workload Scheme', "
        "'[28800, 28800, 28800, 28800, 28800, 0, 0]', 1 WHERE NOT EXISTS (SELECT 1 FROM workload_schemes WHERE is_default)"
    )
    store.run(
        "INSERT INTO holiday_schemes (name, is_default) SELECT 'Tempo Default Holiday Scheme', 1 "
        "WHERE NOT EXISTS (SELECT 1 FROM holiday_schemes WHERE is_default)"
    )


def forget(store: Store, kind: Kind) -> None:
    """Remove every scheme of a kind, of which nobody is a member, with all that is known of ids given out."""
    store.run(f"DELETE FROM {kind}s")
    store.run("DELETE FROM sqlite_sequence WHERE name = ?", (f"{kind}s",))


def counts(store: Store, kind: Kind) -> dict[int, int]:
    """Scheme id -> how many people are in it."""
    rows = store.all(f"SELECT {_scheme(kind)} AS scheme, count(*) FROM {_people(kind)} GROUP BY scheme")
    return {row[0]: row[1] for row in rows}


def page(store: Store, kind: Kind, scheme_ids: Sequence[int], offset: int, limit: int) -> list[SchemeMember]:
    """At most ``limit`` people of some schemes, by scheme and accountId."""
    rows = store.all(
        f"SELECT p.account_id, {_scheme(kind)} AS scheme FROM {_people(kind)} "
        "WHERE scheme IN (SELECT value FROM json_each(?)) ORDER BY scheme, p.account_id LIMIT ? OFFSET ?",
        (json.dumps(list(scheme_ids)), limit, offset),
    )
    return [SchemeMember._make(row) for row in rows]


def schemes_of(store: Store, kind: Kind, person_ids: Iterable[int]) -> dict[int, int]:
    """Person id -> id of the scheme they are in."""
    rows = store.all(
        f"SELECT p.id, {_scheme(kind)} FROM {_people(kind)} WHERE p.id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(person_ids)),),
    )
    return {row[0]: row[1] for row in rows}


def assign(store: Store, kind: Kind, scheme_id: int, person_ids: Iterable[int]) -> None:
    """Take people from the schemes they are in to this one."""
    for person_id in person_ids:
        store.run(
            f"INSERT INTO {kind}_members (person_id, scheme_id) VALUES (?, ?) "
            "ON CONFLICT (person_id) DO UPDATE SET scheme_id = excluded.scheme_id WHERE scheme_id <> excluded.scheme_id",
            (person_id, scheme_id),
        )


def default_of(store: Store, kind: Kind) -> int:
    """The id of the default scheme."""
    scheme_id: int = store.value(f"SELECT id FROM {kind}s WHERE is_default")
    return scheme_id


def make_default(store: Store, kind: Kind, scheme_id: int) -> None:
    """Make this scheme, and no other, the default."""
    store.run(f"UPDATE {kind}s SET is_default = (id = ?1) WHERE is_default OR id = ?1", (scheme_id,))


def settle(store: Store, kind: Kind, scheme_id: int) -> None:
    """Give everybody who is in the default scheme for want of a row a row, as another scheme becomes the default."""
    store.run(
        f"INSERT INTO {kind}_members (person_id, scheme_id) SELECT id, ? FROM people "
        f"WHERE id NOT IN (SELECT person_id FROM {kind}_members)",
        (scheme_id,),
    )


def _scheme(kind: Kind) -> str:
    return f"coalesce(m.scheme_id, (SELECT id FROM {kind}s WHERE is_default))"


def _people(kind: Kind) -> str:
    return f"people p LEFT JOIN {kind}_members m ON m.person_id = p.id"
