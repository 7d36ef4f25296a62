"""Apps that are installed for the organisation, and the containers they were limited to."""

from collections.abc import Iterable
from typing import NamedTuple

from mock_server.storage.store import Store


class App(NamedTuple):
    """An installed app. ``monitors_all`` is 1 while it was not limited to containers; the time is ISO 8601 in UTC.

    ``installed_by`` is None when they are gone, ``key_id`` when the key is.
    """

    provider: str
    installed_at: str
    installed_by: int | None
    key_id: int | None
    monitors_all: int


_COLUMNS = ", ".join(App._fields)


def every(store: Store) -> list[App]:
    """All, by provider."""
    return [App._make(row) for row in store.all(f"SELECT {_COLUMNS} FROM apps ORDER BY provider")]


def get(store: Store, provider: str) -> App | None:
    """The app of a provider."""
    row = store.one(f"SELECT {_COLUMNS} FROM apps WHERE provider = ?", (provider,))
    return App._make(row) if row else None


def add(store: Store, app: App) -> None:
    """Install one that is not."""
    store.run(f"INSERT INTO apps ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)", app)


def change_key(store: Store, provider: str, key_id: int) -> None:
    """Work with another key from now on."""
    store.run("UPDATE apps SET key_id = ? WHERE provider = ?", (key_id, provider))


def remove(store: Store, provider: str) -> None:
    """Installed no longer."""
    store.run("DELETE FROM apps WHERE provider = ?", (provider,))


def chosen_containers(store: Store, provider: str) -> list[int]:
    """Ids of the containers that an app was limited to."""
    rows = store.all("SELECT container_id FROM app_containers WHERE provider = ? ORDER BY container_id", (provider,))
    return [row[0] for row in rows]


def choose_containers(store: Store, provider: str, container_ids: Iterable[int] | None) -> None:
    """Limit an app to these containers, or with None to none: it covers those to come, too."""
    store.run("DELETE FROM app_containers WHERE provider = ?", (provider,))
    if container_ids is not None:
        store.insert_rows("app_containers", ("provider", "container_id"), [(provider, one) for one in container_ids])
    store.run("UPDATE apps SET monitors_all = ? WHERE provider = ?", (int(container_ids is None), provider))
