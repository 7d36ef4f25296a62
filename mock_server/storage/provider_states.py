"""How providers are set up on their own side: prerequisites that are met, keys, and faults that the next calls meet."""

from typing import NamedTuple

from mock_server.storage.store import Store


class Key(NamedTuple):
    """A key of a provider, kept as its digest only. Times are ISO 8601 in UTC; ``account_id`` is whose key it is."""

    id: int
    provider: str
    account_id: int | None
    name: str
    created_at: str
    expires_at: str
    revoked_at: str | None


class Fault(NamedTuple):
    """What a call meets instead of the provider: for one person or, with None, for each; ``times`` None is for ever."""

    id: int
    provider: str
    kind: str
    person_id: int | None
    times: int | None


_KEY = ", ".join(Key._fields)
_FAULT = ", ".join(Fault._fields)


def met(store: Store, provider: str) -> frozenset[str]:
    """Names of the prerequisites that are met."""
    rows = store.all("SELECT prerequisite FROM provider_states WHERE provider = ? AND is_met", (provider,))
    return frozenset(row[0] for row in rows)


def put(store: Store, provider: str, prerequisite: str, is_met: bool) -> None:
    """A prerequisite is met, or not any more."""
    store.run(
        "INSERT INTO provider_states (provider, prerequisite, is_met) VALUES (?, ?, ?) "
        "ON CONFLICT (provider, prerequisite) DO UPDATE SET is_met = excluded.is_met",
        (provider, prerequisite, int(is_met)),
    )


def keys(store: Store, provider: str) -> list[Key]:
    """The keys of a provider, by id; the revoked and the expired too."""
    return [
        Key._make(row) for row in store.all(f"SELECT {_KEY} FROM provider_keys WHERE provider = ? ORDER BY id", (provider,))
    ]


def key(store: Store, key_id: int) -> Key | None:
    """By row id."""
    row = store.one(f"SELECT {_KEY} FROM provider_keys WHERE id = ?", (key_id,))
    return Key._make(row) if row else None


def key_by_name(store: Store, provider: str, name: str) -> Key | None:
    """By name."""
    row = store.one(f"SELECT {_KEY} FROM provider_keys WHERE provider = ? AND name = ?", (provider, name))
    return Key._make(row) if row else None


def key_by_digest(store: Store, digest: str) -> Key | None:
    """By the SHA-256 of its text."""
    row = store.one(f"SELECT {_KEY} FROM provider_keys WHERE digest = ?", (digest,))
    return Key._make(row) if row else None


def add_key(store: Store, new: Key, digest: str) -> int:
    """One more key; answers its id. The id in ``new`` does not count."""
    return store.insert(
        "INSERT INTO provider_keys (provider, account_id, name, created_at, expires_at, revoked_at, digest) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*new[1:], digest),
    )


def revoke_key(store: Store, key_id: int, at: str) -> None:
    """A key is worth nothing from a moment on; one that was revoked stays as it is."""
    store.run("UPDATE provider_keys SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", (at, key_id))


def faults(store: Store, provider: str) -> list[Fault]:
    """What is armed at a provider, by id."""
    rows = store.all(f"SELECT {_FAULT} FROM provider_faults WHERE provider = ? ORDER BY id", (provider,))
    return [Fault._make(row) for row in rows]


def fault_for(store: Store, provider: str, person_id: int) -> Fault | None:
    """What a call for this person meets: their own fault before one for each, the oldest of those."""
    row = store.one(
        f"SELECT {_FAULT} FROM provider_faults WHERE provider = ? AND (person_id = ? OR person_id IS NULL) "
        "ORDER BY person_id IS NULL, id LIMIT 1",
        (provider, person_id),
    )
    return Fault._make(row) if row else None


def add_fault(store: Store, fault: Fault) -> int:
    """Arm one more; answers its id. The id in ``fault`` does not count."""
    return store.insert("INSERT INTO provider_faults (provider, kind, person_id, times) VALUES (?, ?, ?, ?)", fault[1:])


def use_fault(store: Store, fault: Fault) -> None:
    """It was met once; after the last time it is gone."""
    if fault.times is None:
        return
    if fault.times > 1:
        store.run("UPDATE provider_faults SET times = times - 1 WHERE id = ?", (fault.id,))
    else:
        store.run("DELETE FROM provider_faults WHERE id = ?", (fault.id,))


def remove_faults_for(store: Store, provider: str, person_id: int | None) -> int:
    """Disarm those for one person, or with None those for each; answers how many there were."""
    return store.run("DELETE FROM provider_faults WHERE provider = ? AND person_id IS ?", (provider, person_id))


def remove_faults(store: Store, provider: str) -> int:
    """Disarm all of a provider; answers how many there were."""
    return store.run("DELETE FROM provider_faults WHERE provider = ?", (provider,))
