"""Generic resources in scenarios: what is refused, what is filled in, and what a world written out says of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from mock_server import scenario
from mock_server.errors import Unusable

GUIDE = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(scenario.find("guide").glob("*.json"))}
NOW = "2013-11-15T00:00:00Z"
RESOURCE = {"name": "X"}
TOKEN = {"Authorization": "Bearer demo-token-of-fred-not-a-secret"}
READS = (
    *(f"generic-resources/{number}" for number in range(1, 6)),
    *(f"teams/{team}/generic-resources" for team in (1, 3)),
    *(f"teams/{team}/generic-resources/{number}" for team in (1, 3) for number in range(1, 6)),
)


def write(folder: Path, entry: dict[str, Any]) -> Path:
    """The scenario guide with one generic resource more."""
    for name, entries in GUIDE.items():
        text = json.dumps([*entries, entry] if name == "generic_resources" else entries)
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({}, ("name",)),
        ({"name": ""}, ("name",)),
        ({"name": 7}, ("name",)),
        ({**RESOURCE, "colour": "red"}, ("colour",)),
        ({**RESOURCE, "id": 1}, ("id 1", "entry 1")),
        *(({**RESOURCE, "id": value}, ("id",)) for value in (0, -1, "3", 1.5, 2**31)),
        *(
            ({**RESOURCE, name: value}, (name,))
            for name in ("created_at", "updated_at")
            for value in ("yesterday", "", "2013-02-30", "0001-01-01", "0001-01-02T00:00+26:00", "0001-01-01T00:00+05:00", 7)
        ),
        *(({**RESOURCE, name: "nobody"}, (name, "nobody", "people")) for name in ("created_by", "updated_by")),
        ({**RESOURCE, "teams": [{}]}, ("teams", "team")),
        ({**RESOURCE, "teams": [3]}, ("teams",)),
        ({**RESOURCE, "teams": [{"team": 99}]}, ("teams", "99")),
        ({**RESOURCE, "teams": [{"team": "3"}]}, ("teams",)),
        ({**RESOURCE, "teams": [{"team": 3}, {"team": 3}]}, ("teams", "3", "twice")),
        ({**RESOURCE, "teams": [{"team": 3, "assigned_by": "nobody"}]}, ("assigned_by", "nobody")),
        ({**RESOURCE, "teams": [{"team": 3, "assigned_at": "soon"}]}, ("assigned_at",)),
    ],
    ids=repr,
)
def test_a_wrong_entry_is_refused_by_name(tmp_path: Path, entry: dict[str, Any], words: tuple[str, ...]) -> None:
    with pytest.raises(Unusable) as error:
        scenario.read(write(tmp_path, entry))
    assert all(word in str(error.value) for word in ("generic_resources.json, entry 3", *words)), error.value


@pytest.mark.parametrize(
    ("entry", "made", "changed", "assigned"),
    [
        ({}, (NOW, None), (NOW, None), (NOW, None)),
        ({"created_by": "bob"}, (NOW, "223"), (NOW, "223"), (NOW, None)),
        (
            {"created_at": "2012-02-29T23:30:00.250-01:00"},
            ("2012-03-01T00:30:00Z", None),
            ("2012-03-01T00:30:00Z", None),
            ("2012-03-01T00:30:00Z", None),
        ),
        (
            {"created_at": "2012-01-01", "created_by": "bob", "updated_at": "2012-01-03", "updated_by": "erica",
             "teams": [{"team": 3, "assigned_at": "2012-01-02", "assigned_by": "david"}]},
            ("2012-01-01T00:00:00Z", "223"), ("2012-01-03T00:00:00Z", "220"), ("2012-01-02T00:00:00Z", "224"),
        ),
    ],
)  # fmt: skip
def test_what_is_left_out_is_filled_in(
    world: Any, tmp_path: Path, entry: dict[str, Any], made: Any, changed: Any, assigned: Any
) -> None:
    folder = write(tmp_path, {"id": 7, "name": "X", "teams": [{"team": 3}], **entry})
    assert world.post(None, "/_mock/sites", {"name": "own", "scenario": str(folder)}).status == 201
    resource = world.get(None, "/sites/own/4/generic-resources/7", headers=TOKEN).json
    placed = world.get(None, "/sites/own/4/teams/3/generic-resources/7", headers=TOKEN).json

    def who(person: dict[str, str]) -> str | None:
        return person["accountId"][-3:] if person else None

    assert (resource["createdAt"], who(resource["createdBy"])) == made
    assert (resource["updatedAt"], who(resource["updatedBy"])) == changed
    assert (placed["assignedToTeamAt"], who(placed["assignedToTeamBy"])) == assigned


def test_last_id_of_a_scenario_counts(world: Any, tmp_path: Path) -> None:
    folder = write(tmp_path, RESOURCE)
    (folder / "scenario.toml").write_text("[last_ids]\ngeneric_resources = 40\n", encoding="utf-8")
    world.post(None, "/_mock/sites", {"name": "own", "scenario": str(folder)})
    assert world.get(None, "/sites/own/4/generic-resources/3", headers=TOKEN).json["name"] == "X"
    assert world.post(None, "/sites/own/4/generic-resources", RESOURCE, headers=TOKEN).json["id"] == 41


def test_an_imported_world_has_the_resources_of_the_exported_one(world: Any) -> None:
    world.set_clock("2013-11-16T01:02:03.450Z")
    for method, who, path, body in (
        ("POST", "fred", "generic-resources", {"name": "Ä\n\t\"'"}),
        ("POST", "fred", "generic-resources", {"name": "X" * 255}),
        ("POST", "fred", "generic-resources", {"name": "Goes"}),
        ("DELETE", "fred", "generic-resources/5", None),
        ("PUT", "fred", "generic-resources/1", {"name": " Changed"}),
        ("POST", "erica", "teams/3/generic-resources", {"genericResourceId": 4}),
        ("POST", "fred", "teams/1/generic-resources", {"genericResourceId": 4}),
        ("POST", "fred", "teams/1/generic-resources", {"genericResourceId": 3}),
        ("DELETE", "fred", "teams/1/generic-resources/3", None),
    ):
        answer = world.cloud(method, who, path, body)
        assert answer.status in (200, 204), (path, answer.text)
    assert world.post(None, "/_mock/sites", {"name": "copy", "scenario": "empty"}).status == 201
    world.put(None, "/sites/copy/_mock/clock", {"now": world.get(None, "/_mock/clock").json["now"], "frozen": True})
    data = world.get(None, "/_mock/export").body
    answer = world.post(None, "/sites/copy/_mock/import", body=data, headers={"Content-Type": "application/zip"})
    assert answer.status == 200, answer.text
    assert world.get(None, "/sites/copy/_mock/export").body == data
    for path in READS:
        one = world.get(None, f"/4/{path}", headers=TOKEN)
        other = world.get(None, f"/sites/copy/4/{path}", headers=TOKEN)
        assert (one.status, one.body) == (other.status, other.body.replace(b"/sites/copy/", b"/")), path
    assert world.cloud("GET", "fred", "teams/3/generic-resources").json["count"] == 2
    made = [world.post(None, f"{site}/4/generic-resources", RESOURCE, headers=TOKEN).json["id"] for site in ("", "/sites/copy")]
    assert made == [6, 6]
