"""Facts about the world itself: where its data came from."""

from typing import Any

from mock_server.storage.store import Store


def get(store: Store, name: str) -> str | None:
    """The value kept under a name, or None."""
    value: str | None = store.value("SELECT value FROM world WHERE name = ?", (name,))
    return value


def put(store: Store, name: str, value: str) -> None:
    """Keep a value under a name."""
    store.run(
        "INSERT INTO world (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value)
    )


def rows(store: Store, table: str) -> list[dict[str, Any]]:
    """Every row of a table in the order of its ids, by column name; for writing a world out."""
    columns = [row[1] for row in store.all(f'PRAGMA table_info("{table}")')]
    return [dict(zip(columns, row, strict=True)) for row in store.all(f'SELECT * FROM "{table}" ORDER BY 1, 2')]


def counter(store: Store, table: str) -> int:
    """The last id given out in a table; 0 when there was none."""
    value: int | None = store.value("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,))
    return value or 0


def set_counter(store: Store, table: str, last_id: int) -> None:
    """The next row of the table gets at least ``last_id + 1``."""
    current = store.value("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,))
    if current is None:
        store.run("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, last_id))
    elif current < last_id:
        store.run("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (last_id, table))
