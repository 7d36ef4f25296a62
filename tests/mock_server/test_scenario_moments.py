"""Moments in scenarios: read in every form of ISO 8601, kept in one; what is no moment is refused by file and name."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mock_server import scenario
from mock_server.errors import Unusable

Make = Callable[..., Any]
GUIDE = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(scenario.find("guide").glob("*.json"))}
OPEN = {
    "api_tokens": {"person": "fred", "name": "x", "token": "a-token-of-a-test"},
    "personal_access_tokens": {"person": "fred", "name": "x", "token": "a-token-of-a-test"},
    "worklogs": {"person": "bob", "issue": GUIDE["issues"][0]["key"], "time_spent": 60, "start_date": "2013-11-14"},
    "issues": {"id": 99999, "key": f"{GUIDE['projects'][0]['key']}-999", "summary": "x"},
    "generic_resources": {"name": "x"},
}
FIELDS = [
    *((noun, name) for noun in ("api_tokens", "personal_access_tokens") for name in ("created_at", "expires_at")),
    *((noun, name) for noun in ("worklogs", "issues", "generic_resources") for name in ("created_at", "updated_at")),
]
FORMS = [
    ("2012-06-01", "2012-06-01T00:00:00.000Z"),
    ("2012-06-01T12:00:00+02:00", "2012-06-01T10:00:00.000Z"),
    ("20120601T120000Z", "2012-06-01T12:00:00.000Z"),
    ("2012-06-01 12:00", "2012-06-01T12:00:00.000Z"),
    ("2012-06-01T12:00:00.1234567Z", "2012-06-01T12:00:00.123Z"),
]


def write(folder: Path, noun: str, name: str, value: Any) -> Path:
    """The scenario guide with one more entry."""
    for stem, entries in GUIDE.items():
        more = [{**OPEN[noun], name: value}] if stem == noun else []
        (folder / f"{stem}.json").write_text(json.dumps([*entries, *more]), encoding="utf-8")
    return folder


@pytest.mark.parametrize(("noun", "name"), FIELDS)
def test_every_form_is_kept_as_one(make_world: Make, tmp_path: Path, noun: str, name: str) -> None:
    for number, (written, kept) in enumerate(FORMS):
        folder = tmp_path / str(number)
        folder.mkdir()
        store = make_world(scenario=str(write(folder, noun, name, written))).site.shown
        with store.reading():
            assert store.value(f"SELECT count(*) FROM {noun} WHERE {name} = ?", (kept,)) == 1, written


@pytest.mark.parametrize(("noun", "name"), FIELDS)
@pytest.mark.parametrize("value", ["soon", "", "2013-02-30", "0001-01-01T00:00+05:00", 7])
def test_what_is_no_moment_is_refused(tmp_path: Path, noun: str, name: str, value: Any) -> None:
    with pytest.raises(Unusable) as error:
        scenario.read(write(tmp_path, noun, name, value))
    assert all(word in str(error.value) for word in (f"{noun}.json, entry {len(GUIDE[noun]) + 1}", name)), error.value


@pytest.mark.parametrize(("ends", "status"), [("2013-11-16T01:00+02:00", 200), ("2013-11-15T13:00+02:00", 401)])
def test_a_token_ends_when_its_scenario_says(make_world: Make, tmp_path: Path, ends: str, status: int) -> None:
    world = make_world(scenario=str(write(tmp_path, "api_tokens", "expires_at", ends)), clock="2013-11-15T12:00Z")
    assert world.cloud("GET", "a-token-of-a-test", "teams").status == status


def test_a_token_may_end_on_the_last_day_and_is_written_out_so(make_world: Make, tmp_path: Path) -> None:
    folder = write(tmp_path, "api_tokens", "expires_at", "9999-12-31T23:00Z")
    world = make_world(scenario=str(folder))
    exported = world.get(None, "/_mock/export")
    assert exported.status == 200
    again = world.call("POST", None, "/_mock/import", body=exported.body, headers={"Content-Type": "application/zip"})
    assert again.status in (200, 201, 204), again.text
