"""The tables of the sync's database. A migration, once released, is never changed: another one follows it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress

from sqlite_utils import Database, Migrations

from integration.worklog_tables import VIEWS, WORKLOG_TABLES

NAME = "tempo-sync"


class Foreign(Exception):  # noqa: N818
    """A database that this version of tempo-sync has no business with. The text says why."""


def prepare(connection: sqlite3.Connection) -> None:
    """Make or complete the tables. Nothing is written into what somebody else made. Raises ``Foreign``, ``sqlite3.Error``."""
    connection.execute("PRAGMA foreign_keys = ON")
    # What was committed outlives the process, not the machine; the next run makes up for what was lost.
    connection.execute("PRAGMA synchronous = NORMAL")
    if not _is_complete(connection):
        # Several runs may begin with a new file at once: one of them makes it, and the others look again.
        connection.execute("BEGIN IMMEDIATE")
        try:
            if not _is_complete(connection):
                migrations().apply(Database(connection))
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "delete":
        # Another run may have the file open: then the next one does it.
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode = WAL")


def _is_complete(connection: sqlite3.Connection) -> bool:
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not names:
        return False
    known = {step.__name__ for step in STEPS}
    applied = set()
    if "_sqlite_migrations" in names:
        # Asked for in one statement: every visit to a page opens the database.
        sql = "SELECT name FROM _sqlite_migrations WHERE migration_set = ?"
        applied = {name for (name,) in connection.execute(sql, (NAME,))}
    if not applied:
        raise Foreign("it holds something else")
    if applied - known:
        raise Foreign("a newer version of tempo-sync made it")
    return known == applied


def migrations() -> Migrations:
    """Every step in its order."""
    found = Migrations(NAME)
    for step in STEPS:
        found()(step)
    return found


def _first(db: Database) -> None:
    run: Callable[[str], object] = db.execute
    run(
        "CREATE TABLE rules (id INTEGER PRIMARY KEY AUTOINCREMENT, account_id TEXT NOT NULL, issue_id TEXT NOT NULL, "
        "begin TEXT NOT NULL, end TEXT NOT NULL, zone TEXT NOT NULL, template TEXT NOT NULL, coverers TEXT NOT NULL, "
        "approver TEXT, message TEXT NOT NULL, mention_days INTEGER, scope TEXT NOT NULL, part INTEGER NOT NULL, "
        "returns TEXT, plan_ids TEXT NOT NULL, flags TEXT NOT NULL, source TEXT NOT NULL, written TEXT)"
    )
    run("CREATE INDEX rules_of_person ON rules (account_id, begin)")
    run(
        "CREATE TABLE runs (id INTEGER PRIMARY KEY AUTOINCREMENT, begun TEXT NOT NULL, exit_code INTEGER, reason TEXT, "
        "created INTEGER, updated INTEGER, deleted INTEGER, kept INTEGER, withheld INTEGER)"
    )
    run(
        "CREATE TABLE outcomes (id INTEGER PRIMARY KEY AUTOINCREMENT, run INTEGER NOT NULL REFERENCES runs (id), "
        "action TEXT NOT NULL, sink TEXT NOT NULL, account_id TEXT NOT NULL, issue_id TEXT NOT NULL, day TEXT NOT NULL, "
        "part INTEGER NOT NULL, error TEXT)"
    )
    run("CREATE TABLE selected_issues (id TEXT PRIMARY KEY, key TEXT NOT NULL, summary TEXT NOT NULL)")
    run("CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)")


def _sinks(db: Database) -> None:
    run: Callable[[str], object] = db.execute
    run("ALTER TABLE outcomes ADD COLUMN target TEXT NOT NULL DEFAULT ''")
    run(
        "CREATE TABLE handovers (account_id TEXT NOT NULL, rule_issue_id TEXT NOT NULL, day TEXT NOT NULL, "
        "part INTEGER NOT NULL, issue_id TEXT NOT NULL, issue_key TEXT NOT NULL, assigned_to TEXT, begun TEXT NOT NULL, "
        "is_done INTEGER NOT NULL, is_commented INTEGER NOT NULL, "
        "PRIMARY KEY (account_id, rule_issue_id, day, part, issue_id))"
    )
    run("CREATE TABLE known_people (account_id TEXT PRIMARY KEY, name TEXT NOT NULL)")
    run("CREATE TABLE feed_events (uid TEXT PRIMARY KEY, digest TEXT NOT NULL, sequence INTEGER NOT NULL, stamp TEXT NOT NULL)")


def _worklogs(db: Database) -> None:
    for statement in (*WORKLOG_TABLES, *VIEWS):
        db.execute(statement)


def _required_days(db: Database) -> None:
    # What Tempo's schemes ask for; empty unless [worklogs] required is "schedules".
    db.execute(
        "CREATE TABLE required_days (account_id TEXT NOT NULL, day TEXT NOT NULL, seconds INTEGER NOT NULL, "
        "PRIMARY KEY (account_id, day)) WITHOUT ROWID"
    )


def _run_findings(db: Database) -> None:
    # When runs ended, and what they found beside what they changed: what many runs found alike is kept once.
    db.execute("CREATE TABLE run_findings (digest TEXT PRIMARY KEY, findings TEXT NOT NULL) WITHOUT ROWID")
    db.execute("ALTER TABLE runs ADD COLUMN ended TEXT")
    db.execute("ALTER TABLE runs ADD COLUMN findings TEXT REFERENCES run_findings (digest)")
    db.execute("ALTER TABLE worklog_runs ADD COLUMN findings TEXT REFERENCES run_findings (digest)")
    db.execute("CREATE INDEX outcomes_of_run ON outcomes (run)")


STEPS: tuple[Callable[[Database], None], ...] = (_first, _sinks, _worklogs, _required_days, _run_findings)
"""The name of each is what the database remembers it by."""
