"""docs/faults.md: every example arms, and no member is left out. Its blocks are run with those of the other pages."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mock_server.faults.members import MEMBERS

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
ROW = re.compile(r"^\| `(\w+)` \| .* \| `(\{.*\})` \|$", re.MULTILINE)
EXAMPLES = ROW.findall(PAGE.read_text(encoding="utf-8"))


def test_every_member_has_its_row() -> None:
    assert sorted(name for name, _ in EXAMPLES) == sorted(member.name for member in MEMBERS)


@pytest.mark.parametrize(("member", "example"), EXAMPLES)
def test_every_example_has_its_member_and_is_armed(world: Any, member: str, example: str) -> None:
    rule = json.loads(example)
    assert member in rule
    answer = world.post(None, "/_mock/faults", rule)
    assert answer.status == 201, answer.text
