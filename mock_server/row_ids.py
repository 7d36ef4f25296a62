"""Ids of rows as forms and addresses send them."""

_MOST_DIGITS = 18
"""All numbers of so many digits fit into a column."""


def row_id(text: str) -> int | None:
    """The number that a text is, in decimal digits without a sign; None for any other text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None
