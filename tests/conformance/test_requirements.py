"""The requirement files, and the checks that cite them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conformance.catalogue import FOLDER, GRADES, STRONG, RequirementError, read_catalogue
from conformance.checks import read_checks

CATALOGUE = read_catalogue()
CHECKS = read_checks()
GOOD = {
    "id": "teams.list.shape",
    "text": "A list must be a list.",
    "source": "a public page",
    "grade": "A+C",
    "tier": "strict",
}


def write(folder: Path, **changes: str | None) -> Path:
    entry = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}
    lines = [f'{name} = "{value}"' for name, value in entry.items()]
    (folder / "teams.toml").write_text("[[requirement]]\n" + "\n".join(lines) + "\n")
    return folder


def test_every_check_cites_a_requirement_that_exists() -> None:
    assert [check.id for check in CHECKS if not check.cites] == []
    assert [(check.id, slug) for check in CHECKS for slug in check.cites if slug not in CATALOGUE] == []


def test_every_requirement_has_a_check_or_says_why_not() -> None:
    cited = {slug for check in CHECKS for slug in check.cites}
    assert [slug for slug, found in CATALOGUE.items() if slug not in cited and not found.unchecked] == []
    assert [slug for slug, found in CATALOGUE.items() if slug in cited and found.unchecked] == []


def test_check_names_say_situation_and_outcome() -> None:
    assert [check.name for check in CHECKS if not re.fullmatch(r"test(_[a-z0-9]+){4,}", check.name)] == []


def test_check_names_are_unique_within_a_module() -> None:
    ids = [check.id for check in CHECKS]
    assert sorted(ids) == sorted(set(ids))


def test_shape_tier_holds_what_clients_know() -> None:
    """Strong evidence is strict, unless the text only says should."""
    for found in CATALOGUE.values():
        if found.tier == "shape" and set(found.grade.split("+")) & STRONG:
            assert " should " in found.text, found.id


def test_own_contract_binds_no_server() -> None:
    assert {slug.split(".")[0] for slug, found in CATALOGUE.items() if "S" in found.grade.split("+")} == {
        "absences",
        "staff",
        "worklog_integrations",
    }


def test_texts_are_short_sentences_of_their_own() -> None:
    texts = [found.text for found in CATALOGUE.values()]
    assert [text for text in texts if len(text) > 240] == []
    assert sorted(texts) == sorted(set(texts))


def test_sources_are_public_and_no_local_files() -> None:
    assert [found.id for found in CATALOGUE.values() if re.search(r"\.\./|\bS\d+\b", found.source)] == []


def test_endpoints_are_method_and_path() -> None:
    pattern = re.compile(r"(GET|POST|PUT|PATCH|DELETE) /(rest|4|papertrail|_mock)/\S+")
    assert [place for found in CATALOGUE.values() for place in found.endpoints if not pattern.fullmatch(place)] == []


def test_every_requirement_file_is_read() -> None:
    assert {slug.split(".")[0] for slug in CATALOGUE} == {path.stem for path in FOLDER.glob("*.toml")}


def test_documentation_explains_every_grade() -> None:
    text = (Path(__file__).parents[2] / "docs" / "conformance.md").read_text(encoding="utf-8")
    assert [letter for letter in GRADES if f"| {letter} |" not in text] == []


def test_good_entry_is_read(tmp_path: Path) -> None:
    found = read_catalogue(write(tmp_path))["teams.list.shape"]
    assert (found.grade, found.tier, found.hint, found.unchecked) == ("A+C", "strict", "", "")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"text": None}, "lacks text"),
        ({"text": "A list is a list."}, "must or should"),
        ({"id": "members.list.shape"}, "noun is the file's name"),
        ({"id": "teams.List"}, "noun.situation.outcome"),
        ({"grade": "X"}, "is not made of"),
        ({"grade": "I"}, "inferred facts stay out"),
        ({"grade": "T+C"}, "needs evidence of grade A, D, O or S"),
        ({"tier": "loose"}, "is not one of"),
        ({"color": "red"}, "unknown entries: color"),
    ],
)
def test_wrong_entry_is_named(tmp_path: Path, changes: dict[str, str | None], told: str) -> None:
    with pytest.raises(RequirementError, match=re.escape(told)) as raised:
        read_catalogue(write(tmp_path, **changes))
    assert "teams.toml" in str(raised.value)


def test_same_id_twice_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path) / "teams.toml"
    path.write_text(path.read_text() * 2)
    with pytest.raises(RequirementError, match="exists twice"):
        read_catalogue(tmp_path)
