"""Long lists, page by page. Pure."""

from __future__ import annotations

from typing import NamedTuple

SIZE = 50
"""Rows of a page."""

MOST_DIGITS = 9


class Paging(NamedTuple):
    """number: of the page shown, from 1. total: rows of all pages. first, last: of the rows shown, from 1; 0 without any."""

    number: int
    pages: int
    total: int
    first: int
    last: int


def paging(asked: str, total: int, size: int = SIZE) -> Paging:
    """The page asked for; what is no number is the first one, and beyond the last one is the last."""
    wanted = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) <= MOST_DIGITS else 1
    pages = max(1, -(-total // size))
    number = min(max(1, wanted), pages)
    first = (number - 1) * size
    return Paging(number, pages, total, first + 1 if total else 0, min(total, first + size))
