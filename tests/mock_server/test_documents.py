"""The generated documents are what the code says now, and say what a reader needs."""

import re
from pathlib import Path
from typing import Any

import pytest

from mock_server.assumptions import ASSUMPTIONS
from mock_server.config import Options
from mock_server.documents import GRADES, pages, served
from mock_server.endpoint import Api
from mock_server.faces import control_face
from mock_server.groups import every_group
from mock_server.nouns.every import NOUNS

ROOT = Path(__file__).parent.parent.parent
PAGES = pages(ROOT)
CHECKED = frozenset({Api.HOST, Api.TEMPO_CLOUD, Api.JIRA_CLOUD})
"""The APIs whose every endpoint the suite must check."""


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_generated_document_is_not_stale(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == PAGES[path], "run `make docs`"


def test_every_assumption_stands_once_with_a_known_grade() -> None:
    page = PAGES[ROOT / "docs" / "assumptions.md"]
    names = [assumption.name for assumption in ASSUMPTIONS]
    assert len(set(names)) == len(names)
    for assumption in ASSUMPTIONS:
        assert page.count(f"| `{assumption.name}` |") == 1
        assert assumption.grade in GRADES
        assert assumption.what.strip()
        assert assumption.why.strip()


def test_every_file_of_a_scenario_stands_in_the_table_with_what_it_needs() -> None:
    page = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)\.json` \| ([^|]*) \|", page, re.MULTILINE))
    schemas = {noun.name: noun.entry() for noun in NOUNS.values()}
    assert set(rows) == set(schemas)
    for noun, schema in schemas.items():
        needed = {name for name, field in schema.fields.items() if field.required}
        assert needed - set(re.findall(r"\w+", rows[noun])) == set(), noun


def test_the_endpoints_a_reader_meets_first_are_checked_by_the_suite() -> None:
    lines = PAGES[ROOT / "docs" / "endpoints.md"].splitlines()
    known = [line for line in lines if line.startswith(("| GET |", "| POST |", "| PUT |", "| DELETE |", "| PATCH |"))]
    assert len(known) == len(served())
    paired = zip(known, served(), strict=True)
    unchecked = [line for line, (group, _) in paired if "| no |" in line and group.api in CHECKED]
    # Only what is inferred may lack a check: inference stays out of the suite.
    assert all("| I |" in line for line in unchecked), unchecked


def test_every_group_has_a_section_with_paths_from_the_root() -> None:
    page = PAGES[ROOT / "docs" / "endpoints.md"]
    for group in every_group():
        section = page.split(f"## {group.title}\n")[1].partition("\n## ")[0]
        paths = [line.split("`")[1] for line in section.splitlines() if "`/" in line]
        assert len(paths) == len(group.endpoints)
        assert all(path.startswith(f"{group.prefix}/") for path in paths), group.title
    assert "| `/4/worklogs` | Worklogs that the caller may see | worklogs:view |" in page


@pytest.mark.parametrize("document", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_every_document_is_linked_from_the_readme(document: Path) -> None:
    assert f"docs/{document.name}" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_control_route_stands_in_the_page_of_worlds(world: Any) -> None:
    face = control_face(world.application.worlds, Options())
    routes = {
        f"{method} {re.sub(r'<(?:[a-z]+:)?(?:[a-z]+_)?', '<', rule.rule)}"
        for rule in face.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        # The page to try it brings scripts and styles of its own.
        if not rule.rule.startswith("/_mock/api/")
    }
    assert "DELETE /_mock/tokens/<id>" in routes
    page = (ROOT / "docs" / "worlds.md").read_text(encoding="utf-8")
    listed = {f"{row[0]} {path}" for row in re.findall(r"`([A-Z]+) (/_mock[^`]*)`((?:, `/[^`]*`)*)", page)
              for path in (row[1], *re.findall("`([^`]*)`", row[2]))}  # fmt: skip
    assert routes - listed == set()
