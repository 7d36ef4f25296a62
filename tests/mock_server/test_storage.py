"""A world's rows: transactions, rules of the tables, the audit trail, migrations of files, and more than one writer."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from mock_server.errors import Unusable
from mock_server.storage import audit, tables
from mock_server.storage import opening as opening_module
from mock_server.storage.opening import in_memory, on_disk
from mock_server.storage.store import Author, ConflictingRows, Store

ROOT = Path(__file__).parents[2]
LIMIT = 30
TEAM = "/jira/rest/tempo-teams/2/team"
SOMEBODY = Author("somebody", "test", "testing", "2013-11-15T00:00:00.000Z")
Start = Callable[..., Any]
Make = Callable[..., Any]


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty world, in memory and in a file."""
    made = in_memory() if request.param == "memory" else on_disk(tmp_path / "world.db")
    yield made
    made.close()


def add_role(store: Store, name: str = "Tester") -> int:
    return store.insert_row("roles", name=name)


def roles(store: Store) -> list[str]:
    with store.transaction():
        return [row[0] for row in store.all("SELECT name FROM roles ORDER BY id")]


def events(store: Store) -> list[audit.AuditEvent]:
    with store.transaction():
        return audit.page(store, 0, 1000)


class BrokenError(Exception):
    """Raised by a test in the middle of a transaction."""


def break_off(store: Store, error: BaseException) -> None:
    """A transaction that adds a role and is ended by an error."""
    with store.transaction(SOMEBODY):
        add_role(store)
        raise error


@pytest.mark.parametrize("error", [BrokenError(), KeyboardInterrupt(), sqlite3.OperationalError()])
def test_an_error_undoes_the_whole_transaction(store: Store, error: BaseException) -> None:
    with pytest.raises(type(error)):
        break_off(store, error)
    assert (roles(store), events(store)) == ([], [])
    with store.transaction(SOMEBODY):
        add_role(store, "Second")
    assert roles(store) == ["Second"]
    assert [(event.who, event.call) for event in events(store)] == [("somebody", "testing")]


def test_an_error_lets_other_threads_in(store: Store) -> None:
    with pytest.raises(BrokenError):
        break_off(store, BrokenError())
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(roles, store).result(LIMIT) == []


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO memberships (member_id, role_id, availability) VALUES (99, 1, 100)",
        "INSERT INTO teams (name, lead_id) VALUES ('x', 99)",
        "INSERT INTO members (team_id, person_id) VALUES (99, 1)",
        "INSERT INTO members (team_id) VALUES (1)",
        "INSERT INTO roles (name) VALUES ('MEMBER')",
        "UPDATE memberships SET availability = 101",
        "UPDATE memberships SET start_date = '2014-01-02', end_date = '2014-01-01'",
        "DELETE FROM roles",
    ],
)
def test_the_tables_refuse_what_breaks_their_rules(world: Any, sql: str) -> None:
    store = world.site.store
    with pytest.raises(ConflictingRows), store.transaction():
        store.run(sql)
    assert world.audit() == []


def test_a_team_takes_everything_of_it_along(world: Any) -> None:
    assert world.delete("fred", "2/team/3").status == 204
    store = world.site.store
    for table in ("members", "team_permission_holders"):
        assert store.value(f"SELECT count(*) FROM {table} WHERE team_id = 3") == 0
    assert store.all("PRAGMA foreign_key_check") == []


def test_a_request_that_fails_half_way_changes_nothing(world: Any) -> None:
    before = world.site.store.serialize()
    path = "2/permission/team/3/tempo.teams.browse.team"
    for body in ({"users": ["laura", "nobody"]}, {"users": [], "groups": ["no-group"]}):
        assert world.put("fred", path, body).status == 400
    member = {"member": {"name": "greta", "type": "USER"}, "membership": {"role": {"id": 99}}}
    assert world.post("fred", "2/team/3/member", member).status == 400
    assert world.audit() == []
    with sqlite3.connect(":memory:") as copy:
        copy.deserialize(before)
        dumped = [line for line in copy.iterdump() if "audit_context" not in line]
    with sqlite3.connect(":memory:") as copy:
        copy.deserialize(world.site.store.serialize())
        assert [line for line in copy.iterdump() if "audit_context" not in line] == dumped


def test_writes_by_a_face_are_recorded_with_who_call_before_and_after(world: Any) -> None:
    world.set_clock("2013-11-15T12:00Z")
    made = world.post("fred", "2/team", {"name": "New"}).json["id"]
    assert world.put("fred", f"2/team/{made}", {"name": "Renamed"}).status == 200
    assert world.delete("fred", f"2/team/{made}").status == 204
    assert world.put("erica", "2/team/3", {"summary": "By its lead"}).status == 200
    assert world.post("greta", "2/team", {"name": "Refused"}).status == 403
    found = [event for event in world.audit() if event["noun"] == "teams"]
    seen = [(e["who"], e["face"], e["verb"], e["row_id"]) for e in found]
    assert seen == [("fred", "datacenter", verb, str(made)) for verb in ("insert", "update", "delete")] + [
        ("erica", "datacenter", "update", "3")
    ]
    assert len({event["call"] for event in found}) == 3
    assert {event["at"] for event in found} == {"2013-11-15T12:00:00.000Z"}
    names = [[e[side]["name"] if e[side] else None for side in ("before", "after")] for e in found[:3]]
    assert names == [[None, "New"], ["New", "Renamed"], ["Renamed", None]]


def test_who_is_the_key_of_a_person_whose_name_differs(world: Any) -> None:
    with world.site.store.transaction():
        world.site.store.run("UPDATE teams SET lead_id = (SELECT id FROM people WHERE name = 'nadia') WHERE id = 3")
    assert world.put("nadia", "2/team/3", {"summary": "By Nadia"}).status == 200
    assert [event["who"] for event in world.audit()] == ["nobody", "JIRAUSER10100"]


ROWS_OF_APPS = (
    "INSERT INTO provider_states (provider, prerequisite, is_met) VALUES ('new', 'new', 1)",
    "INSERT INTO provider_accounts (provider, login, display_name, email, login_folded, name_folded, email_folded) "
    "VALUES ('new', 'new', 'New', '', 'new', 'new', '')",
    "INSERT INTO provider_keys (provider, name, digest, created_at, expires_at) VALUES ('new', 'new', 'digest', '', '')",
    "INSERT INTO provider_containers (provider, kind, name) VALUES ('new', 'calendar', 'New')",
    "INSERT INTO provider_items (provider, account_id, container_id, kind, title, starts_at) "
    "SELECT 'new', a.id, c.id, 'event', 'New', '' FROM provider_accounts a, provider_containers c "
    "WHERE a.provider = 'new' AND c.provider = 'new'",
    "INSERT INTO provider_faults (provider, kind) VALUES ('new', 'network')",
    "INSERT INTO apps (provider, installed_at) VALUES ('new', '')",
    "INSERT INTO app_containers (provider, container_id) SELECT 'new', id FROM provider_containers WHERE provider = 'new'",
    "INSERT INTO app_connections (person_id, provider, account_id, connected_at) "
    "SELECT 1, 'new', id, '' FROM provider_accounts WHERE provider = 'new'",
    "INSERT INTO app_failures (person_id, provider, kind, text, failed_at) VALUES (1, 'new', 'network', '', '')",
    "INSERT INTO connect_jobs (provider, created_at, total) VALUES ('new', '', 1)",
)
"""A row for each audited table of apps, whose column of the lowest name can be set to itself."""


def test_each_audited_table_records_every_verb(world: Any) -> None:
    store = world.site.store
    tables = [row[0] for row in store.all("SELECT name FROM sqlite_master WHERE type = 'table'")]
    watched = [table for table in tables if table not in audit.UNAUDITED]
    assert len(watched) >= 12
    triggers = {row[0] for row in store.all("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name <> 'next_change'")}
    assert triggers == {f"audit_{table}_{verb}" for table in watched for verb in ("insert", "update", "delete")}
    columns = {table: {row[1] for row in store.all(f'PRAGMA table_info("{table}")')} for table in watched}
    with store.transaction():
        for kind in ("workload", "holiday"):
            store.run(f"INSERT OR IGNORE INTO {kind}_scheme_members (person_id, scheme_id) VALUES (1, 1)")
        store.run(
            "INSERT OR IGNORE INTO holidays (scheme_id, type, date, name, duration) VALUES (1, 'FIXED', '2026-01-01', 'New', 1)"
        )
        store.run("INSERT OR IGNORE INTO internal_issue_teams (issue_id, team_id) VALUES (10240, 1)")
        store.run(
            "INSERT OR IGNORE INTO plans (person_id, project_id, start_date, end_date, start_time, per_day, rule, "
            "on_non_working_days, description, created_at, updated_at) "
            "VALUES (1, 10012, '2026-01-01', '2026-01-01', '', 1, 'NEVER', 0, '', '', '')"
        )
        store.run(
            "INSERT OR IGNORE INTO plan_stretches (plan_id, start_date, end_date) SELECT id, start_date, end_date FROM plans"
        )
        store.run(
            "INSERT OR IGNORE INTO comments (issue_id, author_id, body, created_at, updated_at) "
            "SELECT id, 1, 'New', '', '' FROM issues LIMIT 1"
        )
        store.run(
            "INSERT INTO oauth_applications (name, client_id, secret_hash, client_type, redirect_uris, scopes, created_at) "
            "VALUES ('New', 'id', 'hash', 'public', '', '', '')"
        )
        store.run(
            "INSERT INTO oauth_grants (application_id, person_id, redirect_uri, scopes, created_at, code_hash, "
            "code_expires_at) VALUES (1, 1, '', '', '', 'hash', '')"
        )
        store.run("INSERT OR IGNORE INTO plan_removed_days (plan_id, day) SELECT id, start_date FROM plans")
        for sql in ROWS_OF_APPS:
            store.run(sql)
    for table in watched:
        with store.transaction():
            column = sorted(columns[table])[0]
            store.run(f'UPDATE "{table}" SET "{column}" = "{column}"')
        last = world.audit()[-1]
        assert (last["noun"], last["verb"]) == (table, "update")
        assert set(last["after"]) == columns[table] - audit.SECRET


def test_secret_columns_are_never_recorded(world: Any) -> None:
    store = world.site.store
    with store.transaction():
        store.run("UPDATE people SET password_hash = 'scrypt-of-a-secret' WHERE name = 'bob'")
        store.insert_row("personal_access_tokens", person_id=1, name="n", token_hash="hash-of-a-secret", created_at="now")
        store.run("DELETE FROM personal_access_tokens")
        store.insert_row(
            "oauth_applications", name="n", client_id="i", secret_hash="hash-of-a-secret", client_type="public",
            redirect_uris="", scopes="", created_at="now",
        )  # fmt: skip
        hashes = {f"{name}_hash": f"hash-of-a-secret {name}" for name in ("code", "refresh", "access")}
        store.insert_row(
            "oauth_grants",
            application_id=1,
            person_id=1,
            redirect_uri="",
            scopes="",
            created_at="",
            code_expires_at="",
            **hashes,
        )
        store.run("DELETE FROM oauth_applications")
        store.run("DELETE FROM team_permission_holders")
        store.run("DELETE FROM people WHERE name = 'greta'")
    found = world.audit()
    assert {("people", "update"), ("people", "delete"), ("personal_access_tokens", "insert")} <= {
        (event["noun"], event["verb"]) for event in found
    }
    text = json.dumps(found)
    for word in ("password_hash", "token_hash", "of-a-secret", "scrypt"):
        assert word not in text


def test_a_change_from_outside_is_recorded_as_such(tmp_path: Path, make_world: Make) -> None:
    world = make_world(database=tmp_path / "world.db")
    assert world.post("fred", "2/team", {"name": "First"}).status == 200
    with closing(sqlite3.connect(tmp_path / "world.db")) as outside:
        outside.execute("UPDATE teams SET name = 'Other' WHERE id = 3")
        outside.commit()
    last = world.audit()[-1]
    assert (last["who"], last["face"], last["call"], last["verb"]) == ("nobody", "outside", "outside", "update")
    assert (last["before"]["name"], last["after"]["name"]) == ("Cloud Development", "Other")


def test_seeding_is_nobody_s_change(world: Any) -> None:
    assert world.audit() == []
    world.post("fred", "2/team", {"name": "First"})
    assert world.audit()[0]["id"] == 1


def schema(store: Store) -> list[tuple[Any, ...]]:
    found = store.all("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE '%sqlite_%' ORDER BY name")
    return [(kind, name, " ".join((sql or "").split())) for kind, name, sql in found]


def test_a_file_has_the_same_tables_as_memory(tmp_path: Path) -> None:
    with closing(on_disk(tmp_path / "world.db")) as kept, closing(in_memory()) as passing:
        assert schema(kept) == schema(passing)


def knowing(monkeypatch: pytest.MonkeyPatch, steps: tuple[tuple[str, str], ...]) -> None:
    """From here on the program is the version that knows these migrations."""
    for module in (tables, opening_module):
        monkeypatch.setattr(module, "STEPS", steps)
        monkeypatch.setattr(module, "SCHEMA_VERSION", len(steps))


@pytest.mark.parametrize("known", range(1, len(tables.STEPS) + 1))
def test_a_file_of_each_older_version_is_brought_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: int
) -> None:
    path = tmp_path / "world.db"
    steps = (
        *tables.STEPS,
        ("9999_colours", "ALTER TABLE roles ADD COLUMN colour TEXT; CREATE TABLE hues (id INTEGER PRIMARY KEY)"),
    )
    knowing(monkeypatch, steps[:known])
    with closing(on_disk(path)) as old:
        add_role(old, "Kept")
    knowing(monkeypatch, steps)
    with closing(on_disk(path)) as new:
        assert roles(new) == ["Kept"]
        with new.transaction(SOMEBODY):
            new.run("UPDATE roles SET colour = 'green'")
            new.insert_row("hues", id=1)
        assert [(e.noun, json.loads(e.after or "{}").get("colour")) for e in events(new)[-2:]] == [
            ("roles", "green"),
            ("hues", None),
        ]
    with closing(on_disk(path)) as again:
        assert roles(again) == ["Kept"]
    before = path.read_bytes()
    knowing(monkeypatch, steps[:known])
    with pytest.raises(Unusable, match="upgrade") as refused:
        on_disk(path)
    assert refused.value.exit_code == 4
    assert path.read_bytes() == before


def test_a_migration_that_fails_leaves_the_file_to_the_older_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "world.db"
    known = tables.STEPS
    with closing(on_disk(path)) as old:
        add_role(old, "Kept")
    knowing(
        monkeypatch, (*known, ("9999_broken", "ALTER TABLE roles ADD COLUMN colour TEXT; INSERT INTO no_such_table VALUES (1)"))
    )
    with pytest.raises(Unusable):
        on_disk(path)
    knowing(monkeypatch, known)
    with closing(on_disk(path)) as old:
        assert roles(old) == ["Kept"]
        assert "colour" not in [row[1] for row in old.all("PRAGMA table_info(roles)")]


@pytest.mark.parametrize("moment", ["migrate", "mark", "watch"])
def test_a_start_that_is_killed_can_be_repeated(tmp_path: Path, moment: str) -> None:
    path = tmp_path / "world.db"
    script = f"import os, sys, pathlib\nfrom mock_server.storage import opening\nopening.{moment} = lambda *_: os._exit(9)\n"
    command = [sys.executable, "-c", f"{script}opening.on_disk(pathlib.Path(sys.argv[1]))", str(path)]
    assert subprocess.run(command, cwd=ROOT, timeout=LIMIT, check=False).returncode == 9
    with closing(on_disk(path)) as store:
        add_role(store, "Kept")
        assert roles(store) == ["Kept"]


def test_version_changes_with_every_change(store: Store) -> None:
    with store.transaction(SOMEBODY):
        add_role(store)
        add_role(store, "Second")
    seen = [store.version]
    assert store.version == seen[0]
    roles(store)
    assert store.version == seen[0]
    for sql in (
        "INSERT INTO roles (name) VALUES ('Third')",
        "UPDATE roles SET name = 'Fourth' WHERE id = 1",
        "DELETE FROM roles",
    ):
        with store.transaction():
            store.run(sql)
        assert store.version not in seen
        seen.append(store.version)


def test_version_changes_with_a_change_by_somebody_else_on_the_file(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    with closing(on_disk(path)) as one, closing(on_disk(path)) as other:
        before = one.version
        with other.transaction(SOMEBODY):
            add_role(other)
        assert one.version != before
        assert roles(one) == ["Tester"]
