"""Worlds of one's own over HTTP: ``/_mock/sites`` and ``/_mock/reset``."""

import json
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from mock_server import sites as sites_module
from mock_server.moments import parse_moment

SITES = "/_mock/sites"
TEAM = "/jira/rest/tempo-teams/2/team"
GUIDE = {"GreenCloud", "Cloud Development"}
EMPTY = {"Default Tempo Team"}
MEMBERS = {"name", "url", "jiraUrl", "controlUrl", "scenario", "clock", "written"}
FIXTURES = Path(__file__).parents[2] / "fixtures"

Make = Callable[..., Any]


def create(world: Any, **body: Any) -> dict[str, Any]:
    """The bean of a new site."""
    answer = world.post(None, SITES, body)
    assert answer.status == 201, answer.text
    bean: dict[str, Any] = answer.json
    return bean


def names(world: Any, prefix: str = "", who: str = "fred") -> set[str]:
    return {team["name"] for team in world.get(who, prefix + TEAM).json}


def state(world: Any) -> list[dict[str, Any]]:
    """What the server says of all its sites, but for the time, which goes on."""
    return [{**bean, "clock": bean["clock"]["frozen"]} for bean in world.get(None, SITES).json]


def refused(answer: Any, status: int, *words: str) -> None:
    assert answer.status == status, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    assert set(answer.json) == {"error"}
    for word in words:
        assert word in answer.json["error"]


def test_a_site_has_a_name_and_addresses_that_can_be_followed(world: Any) -> None:
    bean = create(world, name="blue")
    assert set(bean) == MEMBERS
    assert bean["name"] == "blue"
    assert bean["url"] == "http://localhost/sites/blue"
    assert bean["jiraUrl"] == "http://localhost/sites/blue/jira"
    assert bean["controlUrl"] == "http://localhost/sites/blue/_mock"
    for address, path in (("url", "/"), ("jiraUrl", "/rest/tempo-teams/2/team"), ("controlUrl", "/health")):
        assert world.get("fred", bean[address].removeprefix("http://localhost") + path).status == 200
    assert world.get(None, "/sites/blue/_mock/health").json == {"status": "ok", "site": "blue"}


def test_addresses_name_the_host_that_was_asked(world: Any) -> None:
    answer = world.post(None, SITES, {"name": "blue"}, headers={"Host": "127.0.0.1:8099"})
    assert answer.json["jiraUrl"] == "http://127.0.0.1:8099/sites/blue/jira"


@pytest.mark.parametrize("body", [b"", b"{}", b'{"name": null, "scenario": null, "clock": null, "settings": null}'])
def test_what_is_left_out_is_as_at_the_default_site(make_world: Make, body: bytes) -> None:
    world = make_world({"teams.version": "2.0.6"}, clock="2013-11-15T09:00Z")
    bean = world.post(None, SITES, body=body).json
    assert bean["scenario"] == "guide"
    assert not bean["written"]
    assert bean["clock"]["now"].startswith("2013-11-15T09:")
    assert not bean["clock"]["frozen"]
    assert names(world, f"/sites/{bean['name']}") == GUIDE
    assert world.get(None, f"/sites/{bean['name']}/_mock/settings").json["teams.version"]["value"] == "2.0.6"


def test_names_that_are_made_up_are_new_each_time(world: Any) -> None:
    first = create(world)["name"]
    with ThreadPoolExecutor(8) as pool:
        found = [first, *pool.map(lambda _: create(world)["name"], range(32))]
    assert len(set(found)) == 33
    assert world.delete(None, f"{SITES}/{first}").status == 204
    assert create(world)["name"] not in found


def test_a_name_made_up_is_not_one_that_somebody_chose(world: Any) -> None:
    for number in range(1, 6):
        create(world, name=f"site{number}")
    assert create(world)["name"] not in {f"site{number}" for number in range(1, 6)}


def test_all_of_it_can_be_chosen(world: Any) -> None:
    settings = {"teams.version": "2.0.7", "jira.timeZone": "Europe/Berlin"}
    bean = create(world, name="mine", scenario="empty", clock="2014-01-20T10:00+02:00", settings=settings)
    assert bean["scenario"] == "empty"
    assert bean["clock"]["now"].startswith("2014-01-20T08:")
    assert bean["clock"]["followsSystem"] is False
    assert names(world, "/sites/mine", "admin") == EMPTY
    found = world.get(None, "/sites/mine/_mock/settings").json
    assert {name: found[name]["value"] for name in settings} == settings
    assert world.get(None, "/_mock/settings").json["teams.version"]["value"] == "current"
    assert world.get("fred", f"/sites/mine{TEAM}").status == 401


def test_a_scenario_may_be_a_folder(world: Any, tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "guide", tmp_path / "own")
    teams = json.loads((tmp_path / "own" / "teams.json").read_text())
    (tmp_path / "own" / "teams.json").write_text(json.dumps([{**teams[0], "name": "Own"}, *teams[1:]]))
    bean = create(world, scenario=str(tmp_path / "own"))
    assert bean["scenario"] == str(tmp_path / "own")
    assert names(world, f"/sites/{bean['name']}") == {"Own", teams[1]["name"]}


WRONG: dict[str, tuple[Any, tuple[str, ...]]] = {
    "name in use": ({"name": "blue"}, ("blue", "already")),
    "name of the default site": ({"name": "default"}, ("default", "already")),
    "empty name": ({"name": ""}, ("name",)),
    "name with a slash": ({"name": "a/b"}, ("name",)),
    "name that begins with a dot": ({"name": ".."}, ("name",)),
    "name with a space": ({"name": "a b"}, ("name",)),
    "name with a newline": ({"name": "a\r\nb"}, ("name",)),
    "name that is not ASCII": ({"name": "grün"}, ("name",)),
    "long name": ({"name": "x" * 101}, ("name",)),
    "name that is a number": ({"name": 5}, ("name", "text")),
    "unknown scenario": ({"scenario": "gide"}, ("gide", "guide", "empty")),
    "scenario with a long name": ({"scenario": "x" * 5000}, ("guide", "empty")),
    "scenario with a NUL": ({"scenario": "a\0b"}, ("guide", "empty")),
    "scenario that is a number": ({"scenario": 5}, ("scenario", "text")),
    "clock that is no moment": ({"clock": "soon"}, ("clock", "soon", "2013-11-15")),
    "clock that is a number": ({"clock": 1384506000}, ("clock",)),
    "clock that is true": ({"clock": True}, ("clock",)),
    "empty clock": ({"clock": ""}, ("clock",)),
    "clock at the end of time": ({"clock": "9999-12-31T23:59:59.999Z"}, ("clock",)),
    "clock at the beginning of time": ({"clock": "0001-01-01"}, ("clock",)),
    "clock before the beginning of time": ({"clock": "0001-01-01T00:00+14:00"}, ("clock",)),
    "unknown setting": ({"settings": {"teams.versoin": "2.0.6"}}, ("teams.versoin", "teams.version")),
    "wrong value of a setting": ({"settings": {"teams.version": "3"}}, ("teams.version", "2.0.6", "current")),
    "setting that is a number": ({"settings": {"auth.xsrf": 1}}, ("auth.xsrf", "on", "off")),
    "settings in a list": ({"settings": ["auth.xsrf"]}, ("settings", "object")),
    "settings in an empty list": ({"settings": []}, ("settings", "object")),
    "settings that are false": ({"settings": False}, ("settings", "object")),
    "unknown member": ({"naem": "blue"}, ("naem", "name", "scenario", "clock", "settings")),
    "list": ([{"name": "green"}], ("object",)),
    "null": (None, ("object",)),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_wish_is_told_and_makes_nothing(world: Any, kind: str) -> None:
    create(world, name="blue")
    before = state(world)
    body, words = WRONG[kind]
    refused(world.post(None, SITES, body), 400, *words)
    assert state(world) == before


@pytest.mark.parametrize("body", [b"{", b"\xff", b'{"clock": NaN}', b"name=blue", b'{"name": "\\ud800"}'])
def test_what_is_no_json_is_told_and_makes_nothing(world: Any, body: bytes) -> None:
    before = state(world)
    refused(world.post(None, SITES, body=body), 400)
    assert state(world) == before


def test_a_form_is_not_taken_for_json(world: Any) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    refused(world.post(None, SITES, body=b'{"name": "blue"}', headers=form), 400, "application/json")


def test_a_folder_that_holds_no_scenario_is_told(world: Any, tmp_path: Path) -> None:
    refused(world.post(None, SITES, {"scenario": str(tmp_path)}), 400, str(tmp_path), "scenario.toml")
    (tmp_path / "teams.json").write_text("[{}]")
    refused(world.post(None, SITES, {"scenario": str(tmp_path)}), 400, "teams.json", "entry 1")
    assert len(state(world)) == 1


def test_too_many_sites_are_refused_until_one_is_deleted(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites_module, "MOST_SITES", 2)
    create(world, name="one")
    create(world, name="two")
    refused(world.post(None, SITES, {"name": "three"}), 400, "2", "delete")
    assert world.get("fred", f"/sites/three{TEAM}").status == 404
    world.delete(None, f"{SITES}/one")
    create(world, name="three")


def test_sites_are_listed_in_the_order_they_were_made(world: Any) -> None:
    for name in ("b", "a", "c"):
        create(world, name=name)
    beans = world.get(None, SITES).json
    assert [bean["name"] for bean in beans] == ["default", "b", "a", "c"]
    assert beans[0]["jiraUrl"] == "http://localhost/jira"
    world.post("fred", f"/sites/a{TEAM}", {"name": "Written"})
    assert [bean["written"] for bean in world.get(None, SITES).json] == [False, False, True, False]


def test_one_site_is_as_in_the_list(world: Any) -> None:
    create(world, name="blue", clock="2014-01-20")
    for path in ("/sites/blue/_mock/clock", "/_mock/clock"):
        world.put(None, path, {"frozen": True})
    for bean in world.get(None, SITES).json:
        assert world.get(None, f"{SITES}/{bean['name']}").json == bean
    refused(world.get(None, f"{SITES}/red"), 404, "red")


def test_a_deleted_site_is_gone_and_its_name_begins_anew(world: Any) -> None:
    create(world, name="blue", settings={"teams.version": "2.0.6"})
    session = world.get("fred", f"/sites/blue{TEAM}").headers["Set-Cookie"].partition(";")[0]
    world.post("fred", f"/sites/blue{TEAM}", {"name": "Gone"})
    world.post(None, "/sites/blue/_mock/snapshots")
    assert world.delete(None, f"{SITES}/blue").status == 204
    refused(world.get("fred", f"/sites/blue{TEAM}"), 404, "blue")
    refused(world.get(None, f"{SITES}/blue"), 404, "blue")
    refused(world.delete(None, f"{SITES}/blue"), 404, "blue")
    create(world, name="blue")
    assert names(world, "/sites/blue") == GUIDE
    assert world.get(None, f"/sites/blue{TEAM}", headers={"Cookie": session}).status == 401
    assert world.get(None, "/sites/blue/_mock/snapshots").json == []
    assert world.get(None, "/sites/blue/_mock/settings").json["teams.version"]["value"] == "current"


@pytest.mark.parametrize("prefix", ["", "/sites/blue"])
def test_the_default_site_cannot_be_deleted(world: Any, prefix: str) -> None:
    create(world, name="blue")
    refused(world.delete(None, f"{prefix}{SITES}/default"), 400, "default", "reset")
    assert names(world) == GUIDE


def test_below_a_site_the_same_routes_tell_the_same_of_all(world: Any) -> None:
    create(world, name="blue")
    world.put(None, "/sites/blue/_mock/clock", {"frozen": True})
    assert world.get(None, f"/sites/blue{SITES}").json == world.get(None, SITES).json
    made = world.post(None, f"/sites/blue{SITES}", {"name": "red"}).json
    assert made["jiraUrl"] == "http://localhost/sites/red/jira"
    assert world.delete(None, f"/sites/blue{SITES}/blue").status == 204
    assert [bean["name"] for bean in state(world)] == ["default", "red"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", SITES, "GET, HEAD, OPTIONS, POST"),
        ("POST", f"{SITES}/blue", "DELETE, GET, HEAD, OPTIONS"),
        ("GET", "/_mock/reset", "POST"),
    ],
)
def test_another_method_is_told_with_those_there_are(world: Any, method: str, path: str, allowed: str) -> None:
    answer = world.call(method, None, path)
    refused(answer, 405)
    assert set(answer.headers["Allow"].split(", ")) >= set(allowed.split(", ")) - {"HEAD", "OPTIONS"}


def change_everything(world: Any, prefix: str) -> str:
    """Data, settings, clock and a session; answers the session's cookie."""
    assert world.post("fred", prefix + TEAM, {"name": "Made"}).json["id"] == 8
    assert world.delete("fred", f"{prefix}{TEAM}/1").status == 204
    assert world.put(None, f"{prefix}/_mock/settings", {"teams.version": "2.0.6"}).status == 200
    assert world.put(None, f"{prefix}/_mock/clock", {"now": "2020-02-29", "frozen": True}).status == 200
    cookie: str = world.get("fred", prefix + TEAM).headers["Set-Cookie"].partition(";")[0]
    assert world.get(None, prefix + TEAM, headers={"Cookie": cookie}).status == 200
    return cookie


def assert_as_in_the_beginning(world: Any, prefix: str, cookie: str) -> None:
    assert names(world, prefix) == GUIDE
    assert world.get(None, f"{prefix}/_mock/settings").json["teams.version"]["value"] == "current"
    clock = world.get(None, f"{prefix}/_mock/clock").json
    assert clock["now"].startswith("2013-11-15T00:")
    assert clock["frozen"] is False
    assert world.get(None, prefix + TEAM, headers={"Cookie": cookie}).status == 401
    assert world.get(None, f"{prefix}/_mock/audit").json == []
    assert world.post("fred", prefix + TEAM, {"name": "Made again"}).json["id"] == 8


@pytest.mark.parametrize("body", [b"", b"{}", b'{"confirm": true}'])
@pytest.mark.parametrize("prefix", ["", "/sites/blue"])
def test_a_reset_brings_back_data_settings_clock_and_log_ins(world: Any, prefix: str, body: bytes) -> None:
    create(world, name="blue", clock="2013-11-15")
    cookies = {other: change_everything(world, other) for other in ("", "/sites/blue")}
    answer = world.post(None, f"{prefix}/_mock/reset", body=body)
    assert answer.status == 200
    assert answer.json["name"] == (prefix.removeprefix("/sites/") or "default")
    assert answer.json["written"] is False
    assert_as_in_the_beginning(world, prefix, cookies.pop(prefix))
    for untouched, cookie in cookies.items():
        assert world.get(None, untouched + TEAM, headers={"Cookie": cookie}).status == 200
        assert names(world, untouched) == {"Cloud Development", "Made"}


def test_a_reset_keeps_to_what_the_site_was_made_with(make_world: Make) -> None:
    world = make_world({"auth.badBearer": "401"})
    create(world, name="mine", scenario="empty", clock="2014-01-20", settings={"teams.version": "2.0.7"})
    world.post("admin", f"/sites/mine{TEAM}", {"name": "Made"})
    changed = {"teams.version": "current", "auth.badBearer": "anonymous"}
    assert world.put(None, "/sites/mine/_mock/settings", changed).status == 200
    bean = world.post(None, "/sites/mine/_mock/reset").json
    assert bean["scenario"] == "empty"
    assert bean["clock"]["now"].startswith("2014-01-20T00:")
    assert names(world, "/sites/mine", "admin") == EMPTY
    settings = world.get(None, "/sites/mine/_mock/settings").json
    assert (settings["teams.version"]["value"], settings["auth.badBearer"]["value"]) == ("2.0.7", "401")


@pytest.mark.parametrize("body", [{"confirmed": True}, [], "yes", {"confirm": True, "more": 1}])
def test_a_wrong_reset_changes_nothing(world: Any, body: Any) -> None:
    world.post("fred", TEAM, {"name": "Kept"})
    refused(world.post(None, "/_mock/reset", body), 400)
    assert names(world) == GUIDE | {"Kept"}


def test_a_scenario_that_was_changed_is_read_again(world: Any, tmp_path: Path) -> None:
    folder = shutil.copytree(FIXTURES / "guide", tmp_path / "own")
    for name in ("old", "new"):
        if name == "new":
            file = folder / "teams.json"
            file.write_text(file.read_text().replace("GreenCloud", "BlueCloud"))
            os.utime(file, (2_000_000_000, 2_000_000_000))
        create(world, name=name, scenario=str(folder))
    changed = GUIDE - {"GreenCloud"} | {"BlueCloud"}
    assert (names(world, "/sites/old"), names(world, "/sites/new")) == (GUIDE, changed)
    world.post(None, "/sites/old/_mock/reset")
    assert names(world, "/sites/old") == changed


@pytest.mark.parametrize("body", [{}, {"confirm": False}, {"confirm": None}, {"confirm": "true"}, {"confirm": 1}])
def test_a_world_in_a_file_is_not_reset_unless_confirmed(make_world: Make, tmp_path: Path, body: dict[str, Any]) -> None:
    world = make_world(database=tmp_path / "world.db")
    cookie = change_everything(world, "")
    refused(world.post(None, "/_mock/reset", body), 400, "confirm", "true")
    assert names(world) == {"Cloud Development", "Made"}
    assert world.get(None, TEAM, headers={"Cookie": cookie}).status == 200
    assert world.site.clock.now() == parse_moment("2020-02-29")


@pytest.mark.parametrize(("query", "body"), [("", {"confirm": True}), ("?confirm=true", {})])
def test_a_world_in_a_file_is_reset_when_confirmed_and_the_file_with_it(
    make_world: Make, tmp_path: Path, query: str, body: dict[str, Any]
) -> None:
    world = make_world(database=tmp_path / "world.db")
    cookie = change_everything(world, "")
    assert world.post(None, f"/_mock/reset{query}", body).status == 200
    assert_as_in_the_beginning(world, "", cookie)
    world.close()
    assert names(make_world(database=tmp_path / "world.db")) == GUIDE | {"Made again"}


def test_other_sites_beside_a_world_in_a_file_need_no_confirmation(make_world: Make, tmp_path: Path) -> None:
    world = make_world(database=tmp_path / "world.db")
    world.post("fred", TEAM, {"name": "In the file"})
    create(world, name="blue")
    assert names(world, "/sites/blue") == GUIDE
    world.post("fred", f"/sites/blue{TEAM}", {"name": "In memory"})
    assert world.post(None, "/sites/blue/_mock/reset").status == 200
    assert names(world, "/sites/blue") == GUIDE
    assert names(world) == GUIDE | {"In the file"}
