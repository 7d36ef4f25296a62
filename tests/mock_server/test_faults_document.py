"""docs/faults.md: every block prints what the page says, every example arms, and no member is left out."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mock_server.faults.members import MEMBERS

from .test_clients_document import PROGRAMS, Block, blocks, check_printed, environment, origin, site

__all__ = ["environment", "origin", "site"]

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
BLOCKS = blocks(PAGE)
ROW = re.compile(r"^\| `(\w+)` \| .* \| `(\{.*\})` \|$", re.MULTILINE)
EXAMPLES = ROW.findall(PAGE.read_text(encoding="utf-8"))


def test_no_block_is_overlooked() -> None:
    fences = len(re.findall("^ *```", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert fences == 2 * sum(2 if block.output else 1 for block in BLOCKS)
    assert {block.language for block in BLOCKS} <= set(PROGRAMS)
    assert len(BLOCKS) == 3


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block.number}-{block.language}")
def test_a_block_prints_what_the_page_says(
    block: Block,
    site: str,
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    check_printed(block, site, environment, tmp_path)


def test_every_member_has_its_row() -> None:
    assert sorted(name for name, _ in EXAMPLES) == sorted(member.name for member in MEMBERS)


@pytest.mark.parametrize(("member", "example"), EXAMPLES)
def test_every_example_has_its_member_and_is_armed(world: Any, member: str, example: str) -> None:
    rule = json.loads(example)
    assert member in rule
    answer = world.post(None, "/_mock/faults", rule)
    assert answer.status == 201, answer.text
