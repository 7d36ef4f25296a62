"""Settings: which there are, what they take, where they come from, and ``/_mock/settings``."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from mock_server.assumptions import ASSUMPTIONS
from mock_server.documents import GRADES
from mock_server.errors import Invalid
from mock_server.settings import Settings, parse_assignments

PATH = "/_mock/settings"
FIXTURES = Path(__file__).parents[2] / "fixtures"
DEFAULTS = {
    "auth.badBearer": "anonymous",
    "auth.xsrf": "on",
    "jira.datePicker": "dd/MMM/yy",
    "jira.timeZone": "UTC",
    "members.deactivateAnswer": "membership",
    "members.pastOnLastDay": "on",
    "roles.writes": "on",
    "teams.leadManages": "on",
    "teams.membersBrowse": "off",
    "teams.programName": "off",
    "teams.readOnlyFields": "ignored",
    "teams.unbrowsable": "403",
    "teams.version": "current",
}

SWITCHED = {a.name: a.default for a in ASSUMPTIONS if a.choices or a.whole or a.is_text} | DEFAULTS
"""Every setting; those named in ``DEFAULTS`` are written down here once more, on purpose."""

Make = Callable[..., Any]


@pytest.fixture
def make_world(make_world: Make, idle_scenario: str) -> Make:
    """Worlds whose scenario changes no setting."""
    return lambda settings=None, **options: make_world(settings, **{"scenario": idle_scenario, **options})


def values(world: Any, prefix: str = "") -> dict[str, str]:
    """The value of each setting."""
    found = world.get(None, prefix + PATH).json
    return {name: entry["value"] for name, entry in found.items() if "value" in entry}


def refused(answer: Any, *words: str) -> None:
    assert answer.status == 400, answer.text
    assert set(answer.json) == {"error"}
    for word in words:
        assert word in answer.json["error"]


def test_settings_begin_with_their_defaults() -> None:
    settings = Settings()
    assert settings.as_dict() == SWITCHED
    assert settings.changed() == {}
    assert {name: settings[name] for name in SWITCHED} == SWITCHED


@pytest.mark.parametrize("name", [a.name for a in ASSUMPTIONS if a.choices and not a.whole])
def test_a_setting_takes_each_of_its_choices_and_nothing_else(name: str) -> None:
    assumption = next(a for a in ASSUMPTIONS if a.name == name)
    assert assumption.default in assumption.choices
    settings = Settings()
    for choice in assumption.choices:
        settings.update({name: choice})
        assert settings[name] == choice
        assert settings.changed() == ({} if choice == assumption.default else {name: choice})
    for wrong in ("", "yes", f" {assumption.default}", assumption.default.swapcase() + "?"):
        with pytest.raises(Invalid, match=name) as caught:
            settings.update({name: wrong})
        assert all(choice in str(caught.value) for choice in assumption.choices)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kolkata", "Etc/GMT+12"])
def test_the_time_zone_is_any_zone(zone: str) -> None:
    assert Settings({"jira.timeZone": zone})["jira.timeZone"] == zone


@pytest.mark.parametrize(
    "zone", ["", "Berlin", "Europe", "Europe/Berlim", "../../etc/passwd", "/etc/localtime", "a\0b", "x" * 5000]
)
def test_what_is_no_zone_is_refused(zone: str) -> None:
    with pytest.raises(Invalid, match="time zone such as Europe/Berlin"):
        Settings({"jira.timeZone": zone})


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("teams.versoin", "teams.version"),
        ("Teams.Version", "teams.version"),
        ("teams-version", "teams.version"),
        ("timezone", "jira.timeZone"),
        ("jira.timezone", "jira.timeZone"),
        ("auth.bearer", "auth.badBearer"),
        ("membersBrowse", "teams.membersBrowse"),
        ("xsrf", "auth.xsrf"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(name: str, near: str) -> None:
    with pytest.raises(Invalid) as caught:
        Settings({name: "on"})
    assert name in str(caught.value)
    assert f"Did you mean {near}?" in str(caught.value)


@pytest.mark.parametrize("name", ["", "zzzzzzzz", "%s", "\n"])
def test_a_name_that_is_near_to_none_is_answered_without_one(name: str) -> None:
    with pytest.raises(Invalid, match="no setting") as caught:
        Settings({name: "on"})
    assert "Did you mean" not in str(caught.value)


@pytest.mark.parametrize("name", [a.name for a in ASSUMPTIONS if a.name not in SWITCHED])
def test_an_assumption_without_choices_cannot_be_set(name: str) -> None:
    with pytest.raises(Invalid, match=f"{name} is an assumption that nothing switches"):
        Settings({name: next(a.default for a in ASSUMPTIONS if a.name == name)})


def test_none_is_the_default_again() -> None:
    settings = Settings({"teams.version": "2017", "jira.timeZone": "Asia/Tokyo"})
    settings.update({"teams.version": None, "jira.timeZone": None, "auth.xsrf": None})
    assert settings.as_dict() == SWITCHED


@pytest.mark.parametrize("wrong", [{"teams.versoin": "2017"}, {"roles.writes": "maybe"}, {"jira.timeZone": "Mars"}])
@pytest.mark.parametrize("first", [True, False])
def test_all_are_set_or_none(wrong: dict[str, str], first: bool) -> None:
    settings = Settings({"auth.xsrf": "off"})
    right: dict[str, str | None] = {"teams.version": "2017", "auth.xsrf": None}
    with pytest.raises(Invalid):
        settings.update({**wrong, **right} if first else {**right, **wrong})
    assert settings.as_dict() == {**SWITCHED, "auth.xsrf": "off"}


def test_two_settings_share_nothing() -> None:
    one, other = Settings(), Settings()
    one.update({"teams.version": "2017"})
    one.as_dict()["auth.xsrf"] = "off"
    assert other.as_dict() == SWITCHED
    assert one.is_on("auth.xsrf")


def test_assignments_are_read_in_order_and_the_last_one_counts() -> None:
    texts = ["teams.version=2.0.6", " auth.xsrf = off ", "teams.version=2017", "a=b=c", "d="]
    assert parse_assignments(texts) == {"teams.version": "2017", "auth.xsrf": "off", "a": "b=c", "d": ""}
    with pytest.raises(Invalid, match="NAME=VALUE"):
        parse_assignments(["teams.version"])


def test_every_assumption_is_told_with_grade_and_source(world: Any) -> None:
    found = world.get(None, PATH).json
    assert list(found) == [assumption.name for assumption in ASSUMPTIONS]
    for assumption in ASSUMPTIONS:
        entry = found[assumption.name]
        assert entry["grade"] == assumption.grade
        assert entry["grade"] in GRADES
        assert entry["source"] == assumption.why
        assert entry["what"] == assumption.what
        assert entry["default"] == assumption.default
        assert entry["source"]
        assert entry["what"]
        settable = assumption.name in SWITCHED
        assert ("value" in entry, "choices" in entry) == (settable, settable)
    assert found["teams.version"]["choices"] == ["2.0.6", "2.0.7", "2017", "current"]
    assert found["jira.timeZone"]["choices"] == ["any zone name"]
    assert values(world) == SWITCHED


def test_settings_are_changed_over_http_and_take_effect(world: Any) -> None:
    before = world.get("greta", "2/team/3").status
    answer = world.put(None, PATH, {"teams.unbrowsable": "404", "jira.timeZone": "Asia/Tokyo"})
    assert answer.status == 200
    assert answer.json == world.get(None, PATH).json
    assert values(world) == {**SWITCHED, "teams.unbrowsable": "404", "jira.timeZone": "Asia/Tokyo"}
    assert (before, world.get("greta", "2/team/3").status) == (403, 404)
    assert world.put(None, PATH, {"teams.unbrowsable": None}).status == 200
    assert values(world) == {**SWITCHED, "jira.timeZone": "Asia/Tokyo"}
    assert world.get("greta", "2/team/3").status == 403


WRONG: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "unknown name": (b'{"teams.versoin": "2017"}', ("teams.versoin", "Did you mean teams.version?")),
    "wrong value": (b'{"teams.version": "3"}', ("teams.version", "2.0.6, 2.0.7, 2017, current", "3")),
    "true where it is not on or off": (b'{"teams.version": true}', ("teams.version",)),
    "wrong number": (b'{"teams.unbrowsable": 405}', ("teams.unbrowsable", "403, 404")),
    "fraction": (b'{"teams.unbrowsable": 404.0}', ("teams.unbrowsable",)),
    "list": (b'{"teams.version": ["2017"]}', ("teams.version",)),
    "object": (b'{"teams.version": {"value": "2017"}}', ("teams.version",)),
    "zone that is a number": (b'{"jira.timeZone": 1}', ("jira.timeZone", "Europe/Berlin")),
    "fixed assumption": (b'{"teams.order": "id"}', ("teams.order",)),
    "one wrong of two": (b'{"teams.version": "2017", "auth.xsrf": "maybe"}', ("auth.xsrf",)),
    "one unknown of two": (b'{"teams.version": "2017", "x": "y"}', ("x",)),
    "array": (b'["teams.version"]', ("object",)),
    "text": (b'"teams.version"', ("object",)),
    "null": (b"null", ("object",)),
    "nothing": (b"", ("JSON",)),
    "no JSON": (b"teams.version=2017", ("JSON",)),
    "half a surrogate pair": (b'{"\\ud800": "x"}', ("surrogate",)),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_change_is_told_and_changes_nothing(world: Any, kind: str) -> None:
    world.put(None, PATH, {"auth.xsrf": "off"})
    body, words = WRONG[kind]
    refused(world.put(None, PATH, body=body), *words)
    assert values(world) == {**SWITCHED, "auth.xsrf": "off"}


def test_true_false_and_numbers_stand_for_words(world: Any) -> None:
    wish = {
        "auth.xsrf": False,
        "teams.membersBrowse": True,
        "teams.unbrowsable": 404,
        "auth.badBearer": 401,
        "teams.version": 2017,
    }
    words = {k: {False: "off", True: "on"}.get(v, str(v)) for k, v in wish.items()}
    assert world.put(None, PATH, wish).status == 200
    assert values(world) == {**SWITCHED, **words}
    assert world.post(None, "/_mock/sites", {"name": "blue", "settings": wish}).status == 201
    assert values(world, "/sites/blue") == {**SWITCHED, **words}


def test_nothing_to_change_is_no_mistake(world: Any) -> None:
    assert world.put(None, PATH, {}).status == 200
    assert values(world) == SWITCHED


def test_each_site_has_settings_of_its_own(world: Any) -> None:
    world.post(None, "/_mock/sites", {"name": "blue"})
    world.put(None, f"/sites/blue{PATH}", {"teams.version": "2017"})
    assert values(world) == SWITCHED
    world.put(None, PATH, {"auth.xsrf": "off"})
    assert values(world, "/sites/blue") == {**SWITCHED, "teams.version": "2017"}


@pytest.fixture
def own(tmp_path: Path, idle_scenario: str) -> Path:
    """A scenario with settings of its own."""
    folder = Path(shutil.copytree(idle_scenario, tmp_path / "own"))
    world = folder / "scenario.toml"
    lines = '[settings]\n"teams.version" = "2.0.6"\n"teams.unbrowsable" = "404"\n"auth.xsrf" = "off"\n'
    world.write_text(world.read_text().replace("[settings]", "") + "\n" + lines)
    return folder


OF_SCENARIO = {"teams.version": "2.0.6", "teams.unbrowsable": "404", "auth.xsrf": "off"}


@pytest.mark.parametrize("kept", [False, True])
def test_scenario_then_option_then_request_have_the_last_word(make_world: Make, own: Path, tmp_path: Path, kept: bool) -> None:
    more = {"database": tmp_path / "world.db"} if kept else {}
    world = make_world({"teams.unbrowsable": "403", "auth.badBearer": "401"}, scenario=str(own), **more)
    begun = {**SWITCHED, **OF_SCENARIO, "teams.unbrowsable": "403", "auth.badBearer": "401"}
    assert values(world) == begun
    world.put(None, PATH, {"teams.version": "2.0.7", "auth.badBearer": None})
    assert values(world) == {**begun, "teams.version": "2.0.7", "auth.badBearer": "anonymous"}
    assert world.post(None, "/_mock/reset", {"confirm": True}).status == 200
    assert values(world) == begun


def test_a_world_in_a_file_begins_with_the_settings_it_was_left_with(make_world: Make, own: Path, tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    world = make_world(scenario=str(own), database=path)
    world.put(None, PATH, {"teams.version": None, "auth.badBearer": "401", "jira.timeZone": "Asia/Tokyo"})
    left = values(world)
    world.close()
    again = make_world({"jira.timeZone": "Europe/Berlin"}, database=path)
    assert values(again) == {**left, "jira.timeZone": "Europe/Berlin"}
    assert again.post(None, "/_mock/reset", {"confirm": True}).status == 200
    assert values(again) == {**SWITCHED, **OF_SCENARIO, "jira.timeZone": "Europe/Berlin"}


def test_a_new_site_has_its_scenario_s_settings_then_the_options_then_its_own(make_world: Make, own: Path) -> None:
    world = make_world({"teams.unbrowsable": "403", "auth.badBearer": "401"})
    world.post(None, "/_mock/sites", {"name": "plain"})
    options = {"teams.unbrowsable": "403", "auth.badBearer": "401"}
    assert values(world, "/sites/plain") == {**SWITCHED, **options}
    wish = {"auth.badBearer": None, "teams.version": "2017"}
    assert world.post(None, "/_mock/sites", {"name": "mine", "scenario": str(own), "settings": wish}).status == 201
    expected = {**SWITCHED, **OF_SCENARIO, "teams.unbrowsable": "403", "teams.version": "2017"}
    assert values(world, "/sites/mine") == expected
    world.put(None, f"/sites/mine{PATH}", {"teams.version": "current", "teams.unbrowsable": "404"})
    world.post(None, "/sites/mine/_mock/reset")
    assert values(world, "/sites/mine") == expected


def test_the_option_of_the_command_reaches_every_site(server: Callable[..., Any]) -> None:

    url = server("--quiet", "--set", "teams.version=2.0.6", "--set", "jira.timeZone=Asia/Tokyo").url
    made = requests.post(f"{url}/_mock/sites", json={}, timeout=60).json()
    for address in (f"{url}/_mock", made["controlUrl"]):
        found = requests.get(f"{address}/settings", timeout=60).json()
        assert (found["teams.version"]["value"], found["jira.timeZone"]["value"]) == ("2.0.6", "Asia/Tokyo")
