"""Snapshots of a world: ``/_mock/snapshots`` and ``/_mock/restore``."""

import threading
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mock_server import sites as sites_module
from mock_server.faults.rules import arm

from .conftest import LIMIT

SNAPSHOTS = "/_mock/snapshots"
RESTORE = "/_mock/restore?confirm=true"
"""The confirmation is needed for a world in a file, and harmless for others."""
TEAM = "/jira/rest/tempo-teams/2/team"
GUIDE = {"GreenCloud", "Cloud Development"}

Make = Callable[..., Any]


@pytest.fixture(params=["memory", "site", "file"])
def place(request: pytest.FixtureRequest, make_world: Make, tmp_path: Path) -> tuple[Any, str]:
    """A world and the prefix of the site to use: the default one, another, and one kept in a file."""
    world = make_world(**({"database": tmp_path / "world.db"} if request.param == "file" else {}))
    if request.param == "site":
        assert world.post(None, "/_mock/sites", {"name": "blue"}).status == 201
    return world, "/sites/blue" if request.param == "site" else ""


def names(world: Any, prefix: str = "") -> set[str]:
    return {team["name"] for team in world.get("fred", prefix + TEAM).json}


def add(world: Any, prefix: str, name: str) -> int:
    answer = world.post("fred", prefix + TEAM, {"name": name})
    assert answer.status == 200
    number: int = answer.json["id"]
    return number


def take(world: Any, prefix: str, name: str) -> None:
    answer = world.post(None, prefix + SNAPSHOTS, {"name": name})
    assert (answer.status, answer.json) == (201, {"name": name})


def restore(world: Any, prefix: str, name: str) -> Any:
    answer = world.post(None, prefix + RESTORE, {"name": name})
    assert answer.status == 200, answer.text
    return answer.json


def refused(answer: Any, status: int, *words: str) -> None:
    assert answer.status == status, answer.text
    assert set(answer.json) == {"error"}
    for word in words:
        assert word in answer.json["error"]


def test_a_world_goes_back_and_forth_between_its_snapshots(place: tuple[Any, str]) -> None:
    world, prefix = place
    take(world, prefix, "unwritten")
    assert add(world, prefix, "First") == 8
    take(world, prefix, "one")
    assert world.delete("fred", f"{prefix}{TEAM}/3").status == 204
    assert add(world, prefix, "Second") == 9
    take(world, prefix, "two")
    for name, expected in (
        ("one", GUIDE | {"First"}),
        ("two", {"GreenCloud", "First", "Second"}),
        ("unwritten", GUIDE),
        ("two", {"GreenCloud", "First", "Second"}),
        ("one", GUIDE | {"First"}),
    ):
        bean = restore(world, prefix, name)
        assert bean["name"] == (prefix.removeprefix("/sites/") or "default")
        assert names(world, prefix) == expected
    assert add(world, prefix, "After") == 9


def test_what_is_written_after_a_restore_is_not_in_the_snapshot(place: tuple[Any, str]) -> None:
    world, prefix = place
    add(world, prefix, "In it")
    take(world, prefix, "one")
    for _ in range(2):
        restore(world, prefix, "one")
        assert add(world, prefix, "Not in it") == 9
        assert names(world, prefix) == GUIDE | {"In it", "Not in it"}
    restore(world, prefix, "one")
    assert names(world, prefix) == GUIDE | {"In it"}


def test_settings_and_clock_are_part_of_a_snapshot(place: tuple[Any, str]) -> None:
    world, prefix = place
    world.put(None, f"{prefix}/_mock/settings", {"teams.version": "2.0.6", "jira.timeZone": "Asia/Tokyo"})
    world.put(None, f"{prefix}/_mock/clock", {"now": "2013-11-29T12:00Z", "frozen": True})
    take(world, prefix, "frozen")
    world.put(None, f"{prefix}/_mock/settings", {"teams.version": "2017", "jira.timeZone": None, "auth.xsrf": "off"})
    world.put(None, f"{prefix}/_mock/clock", {"now": None})
    take(world, prefix, "running")
    bean = restore(world, prefix, "frozen")
    assert bean["clock"] == {"now": "2013-11-29T12:00:00.000Z", "frozen": True, "followsSystem": False}
    assert values(world, prefix) == {"teams.version": "2.0.6", "jira.timeZone": "Asia/Tokyo", "auth.xsrf": "on"}
    bean = restore(world, prefix, "running")
    assert bean["clock"]["followsSystem"] is True
    assert values(world, prefix) == {"teams.version": "2017", "jira.timeZone": "UTC", "auth.xsrf": "off"}


def values(world: Any, prefix: str) -> dict[str, str]:
    found = world.get(None, f"{prefix}/_mock/settings").json
    return {name: found[name]["value"] for name in ("teams.version", "jira.timeZone", "auth.xsrf")}


def test_a_restore_logs_everybody_out(place: tuple[Any, str]) -> None:
    world, prefix = place
    take(world, prefix, "one")
    cookie = world.get("fred", prefix + TEAM).headers["Set-Cookie"].partition(";")[0]
    assert world.get(None, prefix + TEAM, headers={"Cookie": cookie}).status == 200
    restore(world, prefix, "one")
    assert world.get(None, prefix + TEAM, headers={"Cookie": cookie}).status == 401


def test_the_trail_goes_back_with_the_data(place: tuple[Any, str]) -> None:
    world, prefix = place
    add(world, prefix, "One")
    trail = world.get(None, f"{prefix}/_mock/audit").json
    take(world, prefix, "one")
    add(world, prefix, "Two")
    assert len(world.get(None, f"{prefix}/_mock/audit").json) > len(trail)
    restore(world, prefix, "one")
    assert world.get(None, f"{prefix}/_mock/audit").json == trail


def test_a_snapshot_of_a_world_that_was_only_read_costs_no_copy(world: Any) -> None:
    names(world)
    take(world, "", "one")
    assert world.site.is_written is False
    assert world.site.snapshots["one"].data is None
    assert restore(world, "", "one")["written"] is False
    add(world, "", "Written")
    assert restore(world, "", "one")["written"] is False
    assert names(world) == GUIDE


def test_a_snapshot_of_the_same_name_is_replaced(place: tuple[Any, str]) -> None:
    world, prefix = place
    take(world, prefix, "one")
    take(world, prefix, "two")
    add(world, prefix, "Later")
    take(world, prefix, "one")
    assert sorted(world.get(None, prefix + SNAPSHOTS).json) == ["one", "two"]
    restore(world, prefix, "two")
    assert names(world, prefix) == GUIDE
    restore(world, prefix, "one")
    assert names(world, prefix) == GUIDE | {"Later"}


@pytest.mark.parametrize("body", [b"", b"{}", b'{"name": null}'])
def test_a_name_is_not_needed(world: Any, body: bytes) -> None:
    name = world.post(None, SNAPSHOTS, body=body).json["name"]
    add(world, "", "Gone")
    assert world.get(None, SNAPSHOTS).json == [name]
    assert world.post(None, RESTORE, body=body).status == 200
    assert names(world) == GUIDE
    assert world.post(None, RESTORE, {"name": name}).status == 200


def test_snapshots_are_listed_in_order_and_deleted_by_name(place: tuple[Any, str]) -> None:
    world, prefix = place
    assert world.get(None, prefix + SNAPSHOTS).json == []
    for name in ("b", "a", "c"):
        take(world, prefix, name)
    assert world.get(None, prefix + SNAPSHOTS).json == ["b", "a", "c"]
    assert world.delete(None, f"{prefix}{SNAPSHOTS}/a").status == 204
    assert world.get(None, prefix + SNAPSHOTS).json == ["b", "c"]
    refused(world.delete(None, f"{prefix}{SNAPSHOTS}/a"), 404, "a")
    refused(world.post(None, prefix + RESTORE, {"name": "a"}), 404, "a")


def test_a_site_knows_its_own_snapshots_only(world: Any) -> None:
    world.post(None, "/_mock/sites", {"name": "blue"})
    take(world, "/sites/blue", "one")
    assert world.get(None, SNAPSHOTS).json == []
    refused(world.post(None, RESTORE, {"name": "one"}), 404, "one")
    take(world, "", "one")
    add(world, "", "Default")
    add(world, "/sites/blue", "Blue")
    restore(world, "/sites/blue", "one")
    assert names(world, "/sites/blue") == GUIDE
    assert names(world) == GUIDE | {"Default"}


def test_there_are_not_too_many_snapshots(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites_module, "MOST_SNAPSHOTS", 2)
    take(world, "", "one")
    take(world, "", "two")
    refused(world.post(None, SNAPSHOTS, {"name": "three"}), 400, "2")
    assert world.get(None, SNAPSHOTS).json == ["one", "two"]
    add(world, "", "Replaces")
    take(world, "", "two")
    world.delete(None, f"{SNAPSHOTS}/one")
    take(world, "", "three")


@pytest.mark.parametrize("name", ["", ".", "..", ".a", "a/b", "a b", "a\n", "é", "x" * 101, 5, True, ["a"]])
def test_bad_names_are_refused(world: Any, name: Any) -> None:
    refused(world.post(None, SNAPSHOTS, {"name": name}), 400, "name")
    assert world.get(None, SNAPSHOTS).json == []


@pytest.mark.parametrize("path", [SNAPSHOTS, RESTORE, "/_mock/restore"])
@pytest.mark.parametrize("body", [b"{", b"[]", b'"one"', b'{"nam": "one"}'])
def test_a_wrong_body_is_refused(world: Any, path: str, body: bytes) -> None:
    take(world, "", "one")
    add(world, "", "Kept")
    refused(world.post(None, path, body=body), 400)
    assert world.get(None, SNAPSHOTS).json == ["one"]
    assert names(world) == GUIDE | {"Kept"}


def test_an_unknown_snapshot_changes_nothing(place: tuple[Any, str]) -> None:
    world, prefix = place
    add(world, prefix, "Kept")
    world.put(None, f"{prefix}/_mock/settings", {"auth.xsrf": "off"})
    for name in ("one", "", "a/b"):
        refused(world.post(None, prefix + RESTORE, {"name": name}), 404, "snapshot")
    assert names(world, prefix) == GUIDE | {"Kept"}
    assert values(world, prefix)["auth.xsrf"] == "off"


def test_a_restored_file_is_whole_and_is_what_the_next_start_finds(make_world: Make, tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    world = make_world(database=path)
    add(world, "", "In it")
    # Still in the write-ahead log, and so the snapshot must be too.
    assert (tmp_path / "world.db-wal").stat().st_size > 0
    take(world, "", "one")
    for count in range(50):
        add(world, "", f"Not in it {count}")
    restore(world, "", "one")
    assert names(world) == GUIDE | {"In it"}
    with world.site.store.reading():
        assert world.site.store.value("PRAGMA journal_mode") == "wal"
        assert world.site.store.value("PRAGMA integrity_check") == "ok"
    world.close()
    again = make_world(database=path)
    assert names(again) == GUIDE | {"In it"}
    assert add(again, "", "Next") == 9


@pytest.mark.parametrize("query", ["", "?confirm=false", "?confirm=", "?confirm=1", "?confirmed=true"])
def test_a_world_in_a_file_is_not_lost_unless_confirmed(make_world: Make, tmp_path: Path, query: str) -> None:
    world = make_world(database=tmp_path / "world.db")
    take(world, "", "snapshot")
    add(world, "", "Kept")
    refused(world.post(None, f"/_mock/restore{query}", {}), 400, "confirm")
    assert names(world) == GUIDE | {"Kept"}


def test_a_world_in_memory_needs_no_confirmation(world: Any) -> None:
    take(world, "", "snapshot")
    add(world, "", "Gone")
    assert world.post(None, "/_mock/restore").status == 200
    assert names(world) == GUIDE


def test_a_snapshot_outlives_a_reset_of_its_world(place: tuple[Any, str]) -> None:
    world, prefix = place
    add(world, prefix, "In it")
    take(world, prefix, "one")
    assert world.post(None, f"{prefix}/_mock/reset", {"confirm": True}).status == 200
    assert names(world, prefix) == GUIDE
    restore(world, prefix, "one")
    assert names(world, prefix) == GUIDE | {"In it"}


def become(world: Any, how: str, data: bytes) -> None:
    """Make the world another one."""
    zipped = {"Content-Type": "application/zip"}
    more = {"body": data, "headers": zipped} if how == "import" else {}
    assert world.post(None, f"/_mock/{how}", **more).status < 300


@pytest.mark.parametrize("rule", [{"delay": 3600}, {"timeout": 3600}], ids=str)
@pytest.mark.parametrize("how", ["reset", "import", "restore"])
def test_what_waits_writes_nothing_into_the_world_that_comes(world: Any, rule: dict[str, Any], how: str) -> None:
    data = world.get(None, "/_mock/export").body
    world.post(None, "/_mock/snapshots")
    # A timeout needs a socket; one that never closes.
    wire = {"environ": {"tempo_mock.connection": SimpleNamespace(is_stopping=False, is_gone=False)}}
    fault = arm(world.site, {"method": "POST", "path": "/4/teams", **rule})
    found: list[Any] = []

    def create() -> None:
        try:
            found.append(world.cloud("POST", "fred", "teams", {"name": "Ghost"}, **wire).status)
        except ConnectionResetError as error:
            found.append(error)

    waiting = threading.Thread(target=create, daemon=True)
    waiting.start()
    while not fault.fired:
        pass
    become(world, how, data)
    waiting.join(LIMIT)
    assert isinstance(found[0], ConnectionResetError)
    assert "Ghost" not in world.cloud("GET", "fred", "teams?limit=1000").text
    assert [one.id for one in world.site.faults.every()] == ([] if how == "reset" else [fault.id])
