"""What accounts have at providers: repositories, projects and calendars, and the items in them; and what was gathered."""

import json
from collections.abc import Iterable
from typing import NamedTuple

from mock_server.storage.store import Store


class Container(NamedTuple):
    """A repository, a project or a calendar. ``owner_account_id`` is None when the organisation owns it."""

    id: int
    provider: str
    kind: str
    name: str
    owner_account_id: int | None


class Item(NamedTuple):
    """An event, a commit or a merge request. Times are ISO 8601 in UTC, without an end for what takes no time; flags 0 or 1."""

    id: int
    provider: str
    account_id: int
    container_id: int
    kind: str
    title: str
    starts_at: str
    ends_at: str | None
    is_private: int
    is_free: int


class Rule(NamedTuple):
    """What is gathered: items of these kinds; of an organisation's app in containers of the key's account alone, or in all."""

    kinds: tuple[str, ...]
    is_owned_only: bool


_CONTAINER = ", ".join(Container._fields)
_ITEM = ", ".join(Item._fields)


def containers(store: Store, provider: str) -> list[Container]:
    """Those of a provider, by name."""
    rows = store.all(f"SELECT {_CONTAINER} FROM provider_containers WHERE provider = ? ORDER BY name, id", (provider,))
    return [Container._make(row) for row in rows]


def container_by_name(store: Store, provider: str, name: str) -> Container | None:
    """By name."""
    row = store.one(f"SELECT {_CONTAINER} FROM provider_containers WHERE provider = ? AND name = ?", (provider, name))
    return Container._make(row) if row else None


def add_container(store: Store, container: Container) -> int:
    """One more; answers its id. The id in ``container`` does not count. Raises ``ConflictingRows`` for a name in use."""
    return store.insert(
        "INSERT INTO provider_containers (provider, kind, name, owner_account_id) VALUES (?, ?, ?, ?)", container[1:]
    )


def items(store: Store, account_ids: Iterable[int]) -> list[Item]:
    """What these accounts have, by time."""
    rows = store.all(
        f"SELECT {_ITEM} FROM provider_items WHERE account_id IN (SELECT value FROM json_each(?)) ORDER BY starts_at, id",
        (json.dumps(list(account_ids)),),
    )
    return [Item._make(row) for row in rows]


def item(store: Store, item_id: int) -> Item | None:
    """By row id."""
    row = store.one(f"SELECT {_ITEM} FROM provider_items WHERE id = ?", (item_id,))
    return Item._make(row) if row else None


def add_item(store: Store, new: Item) -> int:
    """One more; answers its id. The id in ``new`` does not count."""
    return store.insert(
        "INSERT INTO provider_items (provider, account_id, container_id, kind, title, starts_at, ends_at, is_private, is_free) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        new[1:],
    )


def mark_item(store: Store, item_id: int, is_private: bool, is_free: bool) -> None:
    """An item is private and free, or not."""
    store.run("UPDATE provider_items SET is_private = ?, is_free = ? WHERE id = ?", (int(is_private), int(is_free), item_id))


def remove_item(store: Store, item_id: int) -> None:
    """An item is there no more."""
    store.run("DELETE FROM provider_items WHERE id = ?", (item_id,))


def gather(store: Store, provider: str, rule: Rule, person_id: int | None = None) -> None:
    """Read anew what is gathered for one connected person, or for everybody connected to the provider.

    Left out are private items and free ones, and for connections of the organisation what the app does not cover.
    """
    everybody = person_id is None
    store.run(
        f"DELETE FROM gathered_items WHERE provider = ?1{'' if everybody else ' AND person_id = ?2'}",
        (provider,) if everybody else (provider, person_id),
    )
    store.run(
        "INSERT INTO gathered_items (person_id, provider, item_id) SELECT c.person_id, c.provider, i.id "
        "FROM app_connections c JOIN provider_items i ON i.account_id = c.account_id "
        "JOIN provider_containers k ON k.id = i.container_id LEFT JOIN apps a ON a.provider = c.provider "
        "LEFT JOIN provider_keys s ON s.id = a.key_id "
        f"WHERE c.provider = ?1 AND {'?2 IS NULL' if everybody else 'c.person_id = ?2'} "
        "AND NOT i.is_private AND NOT i.is_free AND i.kind IN (SELECT value FROM json_each(?3)) "
        "AND (c.is_own OR ((a.monitors_all OR EXISTS (SELECT 1 FROM app_containers x WHERE x.provider = c.provider "
        "AND x.container_id = k.id)) AND (NOT ?4 OR k.owner_account_id = s.account_id)))",
        (provider, person_id, json.dumps(rule.kinds), int(rule.is_owned_only)),
    )


def gathered(store: Store, person_id: int) -> list[Item]:
    """What was gathered for a person from every provider, by time."""
    columns = ", ".join(f"i.{column}" for column in Item._fields)
    rows = store.all(
        f"SELECT {columns} FROM gathered_items g JOIN provider_items i ON i.id = g.item_id WHERE g.person_id = ? "
        "ORDER BY i.starts_at, i.id",
        (person_id,),
    )
    return [Item._make(row) for row in rows]
