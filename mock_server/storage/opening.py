"""Where a world's database comes from: memory, a copy of another world, or a file."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mock_server.errors import Unusable
from mock_server.storage.store import Author, Store
from mock_server.storage.tables import APPLICATION_ID, SCHEMA_VERSION, STEPS, migrations, statements

EXIT_DATABASE = 4


def mark(store: Store) -> None:
    """Write into the database that it is ours, and of which format."""
    store.run(f"PRAGMA application_id = {APPLICATION_ID}")
    store.run(f"PRAGMA user_version = {SCHEMA_VERSION}")


def watch(store: Store) -> Store:
    """Install the audit triggers. Not part of the migrations: they follow the tables as they are now."""
    from mock_server.storage import audit

    # With an author the file is asked for at once: another program that writes to it just now is waited for.
    with store.transaction(Author("start", "storage", "watch", "")):
        audit.install(store)
    return store


def in_memory(template: bytes | None = None, *, watched: bool = True) -> Store:
    """A world that is gone when the program ends; with ``template``, a copy of the world it was serialized from.

    ``watched`` False leaves the audit triggers out, for a world that nobody writes to once it is seeded.
    """
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    store = Store(connection)
    if template is not None:
        connection.deserialize(template)
        return store
    with store.transaction():
        for _, sql in STEPS:
            for statement in statements(sql):
                store.run(statement)
        mark(store)
    return watch(store) if watched else store


def on_disk(path: Path) -> Store:
    """The world kept in a file; a new one has tables and no rows.

    Raises ``Unusable`` when the file is not a database of ours, was written by a newer version, or cannot be written.
    Such a file is left as it is.
    """
    with refusing(path):
        # A name too long for the system cannot even be looked for.
        is_new = not path.exists() or path.stat().st_size == 0
        if path.is_dir() or not path.name:
            raise Unusable(f"{path} is a folder; name a file with --db.", EXIT_DATABASE)
        if not is_new:
            _refuse_foreign(path)
        connection = sqlite3.connect(path, check_same_thread=False)
        if is_new:
            # First of all, and in one write: a start that is killed must not leave a file nobody would own.
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        # WAL with NORMAL survives kill -9 of the process at any moment; only a power cut may lose the last writes.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        # KiB, used as far as the file is large: with the 2 MB of the default, rows far apart are read from the file each time.
        connection.execute("PRAGMA cache_size = -64000")
        store = Store(connection, shared=True)
        migrate(connection)
        mark(store)
        return watch(store)


@contextmanager
def refusing(path: Path, purpose: str = "opened for writing") -> Iterator[None]:
    """Make what SQLite and the system say of a file an ``Unusable``; ``purpose`` is what cannot be done with it."""
    try:
        yield
    except (sqlite3.OperationalError, OSError) as error:
        raise Unusable(
            f"The database {path} cannot be {purpose} ({error}); choose another file with --db.", EXIT_DATABASE
        ) from error
    except sqlite3.DatabaseError as error:
        raise Unusable(
            f"The file {path} is not a tempo-mock database; it was left untouched, choose another file with --db.",
            EXIT_DATABASE,
        ) from error


def as_it_is(path: Path, *, read_only: bool) -> Store:
    """The world in a file that is there, without a change to its tables and triggers; a server may run on it.

    Raises ``Unusable`` when the file is not a database of ours, has another format than this version's, or cannot be
    opened so. With ``read_only`` nothing of it is changed, and nothing new stays beside it.
    """
    with refusing(path, "opened for reading" if read_only else "opened for writing"):
        _refuse_foreign(path)
        version = _marks(path)[1]
        if version != SCHEMA_VERSION:
            raise Unusable(
                f"The database {path} has format {version} and this version works with {SCHEMA_VERSION}; it was left "
                "untouched, and `tempo-mock serve` with this file brings it up to date.",
                EXIT_DATABASE,
            )
        mode = "mode=rw"
        if read_only:
            # Without a log beside it nobody writes to the file, and opened in the usual way it would get one that stays.
            mode = "mode=ro" if _log(path).exists() else "mode=ro&immutable=1"
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True, check_same_thread=False)
        connection.execute("PRAGMA synchronous = NORMAL")
        return Store(connection, shared=True)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables of a file to those of this version."""
    from sqlite_utils import Database

    migrations().apply(Database(connection))


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _marks(path: Path) -> tuple[int, int]:
    """``PRAGMA application_id`` and ``user_version`` of a file, read in a way that leaves nothing beside it."""
    if not _log(path).exists():
        with path.open("rb") as file:
            header = file.read(100)
        if not header.startswith(b"SQLite format 3\0"):
            raise sqlite3.DatabaseError("file is not a database")
        return int.from_bytes(header[68:72]), int.from_bytes(header[60:64])
    # The server was killed: what it wrote last is not in the file itself yet.
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        return tuple(connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
    finally:
        connection.close()


def _refuse_foreign(path: Path) -> None:
    application_id, version = _marks(path)
    if application_id != APPLICATION_ID:
        raise Unusable(
            f"The database {path} was not made by tempo-mock; it was left untouched, choose another file with --db.",
            EXIT_DATABASE,
        )
    if version > SCHEMA_VERSION:
        raise Unusable(
            f"The database {path} has format {version} and this version knows {SCHEMA_VERSION}; "
            "upgrade tempo-mock-server or choose another file with --db.",
            EXIT_DATABASE,
        )
