"""Ids in forms and addresses: only what a column can hold is one."""

import pytest

from mock_server.row_ids import row_id


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("7", 7), ("007", 7), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("", None), (" 1", None), ("-1", None),
     ("+1", None), ("1.0", None), ("1_0", None), ("\u00b2", None), ("\u0661", None), ("1\n", None), ("x", None)],
)  # fmt: skip
def test_only_decimal_digits_are_an_id(text: str, number: int | None) -> None:
    assert row_id(text) == number
