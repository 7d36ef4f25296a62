"""What ``/_mock/import`` takes and what it does not: a damaged folder changes nothing; a world in a file takes one in too."""

import io
import json
import struct
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TEAM = "/jira/rest/tempo-teams/2/team"
IMPORT, EXPORT = "/_mock/import?confirm=true", "/_mock/export"
GUIDE = {"GreenCloud", "Cloud Development"}
MIB = 1024 * 1024

Make = Callable[..., Any]
Files = dict[str, bytes]


def files_of(data: bytes) -> Files:
    with zipfile.ZipFile(io.BytesIO(data)) as folder:
        return {name: folder.read(name) for name in folder.namelist()}


def packed(files: Files | list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as folder:
        for name, content in files.items() if isinstance(files, dict) else files:
            folder.writestr(name, content)
    return data.getvalue()


def names(world: Any, prefix: str = "") -> set[str]:
    return {team["name"] for team in world.get("fred", prefix + TEAM).json}


def flipped(files: Files, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip with some bytes of a file's content turned over."""
    data = bytearray(packed(files, method))
    begin = data.find(b"people.json") + 60
    data[begin : begin + 40] = bytes(255 - byte for byte in data[begin : begin + 40])
    return bytes(data)


def lying(files: Files) -> bytes:
    """A zip whose directory says that each file is ten bytes long."""
    data = bytearray(packed(files))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        struct.pack_into("<L", data, at + 24, 10)
        at = data.find(b"PK\x01\x02", at + 1)
    return bytes(data)


def encrypted(files: Files) -> bytes:
    """A zip that says its files are encrypted."""
    data = bytearray(packed(files))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 1)
    return bytes(data)


def unknown_method(files: Files) -> bytes:
    """A zip packed in a way that nobody knows."""
    data = bytearray(packed(files))
    at = data.find(b"PK\x01\x02")
    struct.pack_into("<H", data, at + 10, 77)
    return bytes(data)


def changed(files: Files, noun: str, **values: Any) -> bytes:
    """The folder with the members of the first entry of a noun changed."""
    entries = json.loads(files[f"{noun}.json"])
    return packed({**files, f"{noun}.json": json.dumps([{**entries[0], **values}, *entries[1:]]).encode()})


def text(files: Files, name: str, content: str | bytes) -> bytes:
    return packed({**files, name: content.encode() if isinstance(content, str) else content})


DAMAGED: dict[str, tuple[Callable[[Files], bytes], str]] = {
    "nothing": (lambda files: b"", "zip"),
    "no zip": (lambda files: b"GreenCloud", "zip"),
    "a slip in a file's name": (lambda files: packed({**files, "team.json": files["teams.json"]}), "team.json"),
    "JSON": (lambda files: files["teams.json"], "zip"),
    "cut off": (lambda files: packed(files)[:-30], "zip"),
    "first half": (lambda files: packed(files)[: len(packed(files)) // 2], "zip"),
    "second half": (lambda files: packed(files)[len(packed(files)) // 2 :], "zip"),
    "flipped bits, stored": (lambda files: flipped(files, zipfile.ZIP_STORED), "zip"),
    "flipped bits, deflate": (lambda files: flipped(files, zipfile.ZIP_DEFLATED), "zip"),
    "flipped bits, bzip2": (lambda files: flipped(files, zipfile.ZIP_BZIP2), "zip"),
    "flipped bits, lzma": (lambda files: flipped(files, zipfile.ZIP_LZMA), "zip"),
    "wrong sizes": (lying, "zip"),
    "encrypted": (encrypted, "zip"),
    "unknown compression": (unknown_method, "zip"),
    "bomb": (lambda files: text(files, "boards.json", b" " * 65 * MIB), "larger"),
    "bomb of many files": (lambda files: packed([(f"{n}.json", b" " * 5 * MIB) for n in range(14)]), "larger"),
    "empty zip": (lambda files: packed({}), "scenario.toml"),
    "no file of a scenario": (lambda files: packed({"teams.txt": b"[]", "cats.json": b"[]"}), "scenario.toml"),
    "file twice": (lambda files: packed([*files.items(), ("other/teams.json", b"[]")]), "teams.json twice"),
    "name above the folder": (lambda files: packed({f"../{name}": text for name, text in files.items()}), "outside"),
    "name far above the folder": (lambda files: text(files, "a/../../../../../../evil.json", "[]"), "outside"),
    "name from the root": (lambda files: text(files, "/tmp/evil.json", "[]"), "outside"),
    "people missing": (lambda files: packed({n: t for n, t in files.items() if n != "people.json"}), "people"),
    "groups missing": (lambda files: packed({n: t for n, t in files.items() if n != "groups.json"}), "groups"),
    "roles missing": (lambda files: packed({n: t for n, t in files.items() if n != "roles.json"}), "roles"),
    "not JSON": (lambda files: text(files, "teams.json", "[{"), "teams.json"),
    "not UTF-8": (lambda files: text(files, "teams.json", b"[\xff]"), "teams.json"),
    "no list": (lambda files: text(files, "teams.json", "{}"), "teams.json"),
    "deep": (lambda files: text(files, "teams.json", "[" * 100_000), "teams.json"),
    "half a surrogate pair": (lambda files: changed(files, "people", display_name="\ud800"), "people.json"),
    "not TOML": (lambda files: text(files, "scenario.toml", "title"), "scenario.toml"),
    "TOML with a number without end": (lambda files: text(files, "scenario.toml", "a = " + "9" * 5000), "scenario.toml"),
    "deep TOML": (lambda files: text(files, "scenario.toml", "a = " + "[" * 20_000), "scenario.toml"),
    "unknown setting": (lambda files: text(files, "scenario.toml", '[settings]\n"a.b" = "on"'), "a.b"),
    "last id too large": (lambda files: text(files, "scenario.toml", "[last_ids]\nteams = 2147483648"), "last_ids"),
    "unknown member": (lambda files: changed(files, "teams", nmae="x"), "teams.json, entry 1"),
    "unknown lead": (lambda files: changed(files, "teams", lead="nobody"), "nobody"),
    "id that is no id": (lambda files: changed(files, "teams", id=0), "teams.json, entry 1"),
    "two teams of one id": (lambda files: changed(files, "teams", id=3), "id 3"),
    "two permission roles of one id": (
        lambda files: changed(files, "teams", permission_roles=[{"id": 3, "name": n} for n in "ab"]),
        "exclude each other",
    ),
    "avatar beyond numbers": (lambda files: changed(files, "people", avatar_id=10**30), "avatar_id"),
    "weight beyond numbers": (lambda files: changed(files, "team_permissions", weight=10**30), "weight"),
    "password hash that is none": (lambda files: changed(files, "people", password_hash="md5$1"), "password_hash"),
}  # fmt: skip


def world_now(world: Any) -> tuple[Any, ...]:
    """Everything that an import may change."""
    trail, clock = world.audit(), world.get(None, "/_mock/clock").json
    return world.get(None, EXPORT).body, trail, clock, world.get(None, "/_mock/settings").json, names(world)


def prepared(world: Any) -> None:
    """A world with a change of every kind."""
    world.post("fred", "2/team", {"name": "Kept"})
    world.put(None, "/_mock/settings", {"teams.version": "2017"})


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_folder_is_told_and_changes_nothing(
    world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    prepared(world)
    before = world_now(world)
    damage, word = DAMAGED[kind]
    data = damage(files_of(before[0]))
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    answer = world.post(None, IMPORT, body=data)
    assert answer.status == 400, answer.text
    assert set(answer.json) == {"error"}
    assert word in answer.json["error"]
    assert str(tmp_path) not in answer.json["error"]
    assert world_now(world) == before
    assert not [path for path in tmp_path.rglob("*") if not deep.is_relative_to(path)]


@pytest.mark.parametrize("kind", ["no zip", "bomb", "unknown lead", "two permission roles of one id"])
def test_a_damaged_folder_changes_nothing_in_a_world_in_a_file(make_world: Make, tmp_path: Path, kind: str) -> None:
    world = make_world(database=tmp_path / "world.db")
    prepared(world)
    before = world_now(world)
    assert world.post(None, IMPORT, body=DAMAGED[kind][0](files_of(before[0]))).status == 400
    assert world_now(world) == before


@pytest.mark.parametrize("query", ["", "?confirm=false", "?confirm=1"])
def test_a_world_in_a_file_is_not_replaced_unless_confirmed(make_world: Make, tmp_path: Path, query: str) -> None:
    world = make_world(database=tmp_path / "world.db")
    data = world.get(None, EXPORT).body
    prepared(world)
    before = world_now(world)
    answer = world.post(None, f"/_mock/import{query}", body=data)
    assert answer.status == 400
    assert "confirm" in answer.json["error"]
    assert world_now(world) == before


def test_a_world_in_memory_needs_no_confirmation(world: Any) -> None:
    data = world.get(None, EXPORT).body
    prepared(world)
    assert world.post(None, "/_mock/import", body=data).status == 200
    assert names(world) == GUIDE


def test_a_body_over_the_limit_is_413(world: Any) -> None:
    answer = world.post(None, IMPORT, body=b"x", environ={"CONTENT_LENGTH": str(64 * MIB + 1)})
    assert answer.status == 413
    assert set(answer.json) == {"error"}


def test_a_scenario_may_be_larger_than_other_bodies(world: Any) -> None:
    files = files_of(world.get(None, EXPORT).body)
    data = packed({**files, "boards.json": files["boards.json"] + b" " * 3 * MIB}, zipfile.ZIP_STORED)
    assert len(data) > 3 * MIB
    assert world.post(None, IMPORT, body=data).status == 200


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_the_folder_may_stand_in_the_zip_and_be_packed_anyhow(world: Any, method: int) -> None:
    prepared(world)
    before = world.get(None, EXPORT).body
    files = {f"my world/{name}": content for name, content in files_of(before).items()}
    world.post(None, "/_mock/reset")
    answer = world.post(
        None,
        IMPORT,
        body=packed(
            {"my world/": b"", **files, "my world/README.md": b"x", "__MACOSX/._teams.json": b"\0", "x" * 300 + ".json": b"x"},
            method,
        ),
    )
    assert answer.status == 200, answer.text
    assert answer.json["teams"] == 3
    assert world.get(None, EXPORT).body == before


def test_an_import_ends_sessions_begins_the_trail_and_leaves_the_clock(world: Any) -> None:
    data = world.get(None, EXPORT).body
    prepared(world)
    world.put(None, "/_mock/clock", {"now": "2020-02-29"})
    cookie = world.get("fred", TEAM).headers["Set-Cookie"].partition(";")[0]
    assert world.post(None, IMPORT, body=data).status == 200
    assert world.get(None, TEAM, headers={"Cookie": cookie}).status == 401
    assert world.audit() == []
    assert world.get(None, "/_mock/clock").json["now"].startswith("2020-02-29")
    assert names(world) == GUIDE


def test_settings_become_those_of_the_folder(make_world: Make) -> None:
    world = make_world({"auth.xsrf": "off"})
    world.put(None, "/_mock/settings", {"teams.version": "2.0.6", "auth.xsrf": None})
    data = world.get(None, EXPORT).body
    world.post(None, "/_mock/reset")
    world.post(None, IMPORT, body=data)
    found = world.get(None, "/_mock/settings").json
    assert (found["teams.version"]["value"], found["auth.xsrf"]["value"]) == ("2.0.6", "on")
    world.post(None, "/_mock/reset")
    found = world.get(None, "/_mock/settings").json
    assert (found["teams.version"]["value"], found["auth.xsrf"]["value"]) == ("current", "off")
    assert names(world) == GUIDE


def test_an_import_reaches_one_site_only(world: Any) -> None:
    for name in ("blue", "red"):
        world.post(None, "/_mock/sites", {"name": name})
    prepared(world)
    data = world.get(None, EXPORT).body
    assert world.post(None, f"/sites/blue{IMPORT}", body=data).status == 200
    assert names(world, "/sites/blue") == GUIDE | {"Kept"}
    assert names(world, "/sites/red") == GUIDE
    assert world.get(None, "/sites/red/_mock/settings").json["teams.version"]["value"] == "current"
    assert 'filename="blue.zip"' in world.get(None, f"/sites/blue{EXPORT}").headers["Content-Disposition"]


def test_a_world_in_a_file_takes_one_in_and_keeps_it(make_world: Make, tmp_path: Path) -> None:
    source = make_world()
    prepared(source)
    data = source.get(None, EXPORT).body
    world = make_world(database=tmp_path / "world.db")
    world.post("fred", "2/team", {"name": "Goes"})
    assert world.post(None, IMPORT, body=data).status == 200
    assert world.get(None, EXPORT).body == data
    world.close()
    again = make_world(database=tmp_path / "world.db")
    assert again.get(None, EXPORT).body == data
    assert again.post("fred", "2/team", {"name": "Next"}).json["id"] == 9
    # The folder that was sent is gone; a reset begins with the site's own scenario.
    assert again.post(None, "/_mock/reset", {"confirm": True}).status == 200
    assert names(again) == GUIDE


@pytest.mark.parametrize("stored", ["scrypt$3$AAAA$AAAA", "scrypt$256$A$A", "scrypt$9999999$AAAA$AAAA", "scrypt$0$AAAA$AAAA"])
def test_a_password_hash_that_cannot_be_one_lets_nobody_in(world: Any, stored: str) -> None:
    files = files_of(world.get(None, EXPORT).body)
    assert world.post(None, IMPORT, body=changed(files, "people", password_hash=stored)).status == 200
    assert world.get("fred", TEAM).status == 401
    assert world.get("erica", TEAM).status == 200


@pytest.mark.parametrize("name", ["gre\r\nSet-Cookie: a=b", "grüta", "gre\x7fta", "gre\u2028ta"])
def test_a_strange_login_name_does_not_break_the_headers(world: Any, name: str) -> None:
    files = files_of(world.get(None, EXPORT).body)
    person = {"name": name, "key": "k", "account_id": "a", "display_name": name, "email": "e"}
    hashed = json.loads(files["people.json"])[0]["password_hash"]
    people = [*json.loads(files["people.json"]), {**person, "password_hash": hashed}]
    assert world.post(None, IMPORT, body=text(files, "people.json", json.dumps(people))).status == 200
    login = world.post(None, "/jira/rest/auth/1/session", {"username": name, "password": "fred"})
    assert login.status == 200
    for answer in (login, world.get(None, TEAM, headers={"Cookie": login.headers["Set-Cookie"].partition(";")[0]})):
        assert answer.status == 200
        value = answer.headers["X-AUSERNAME"]
        assert value.isascii()
        assert value.isprintable()
