"""Long lists in pages of their own."""

from collections.abc import Mapping
from typing import NamedTuple

PER_PAGE = 50
"""Rows that a page shows."""


class Paging(NamedTuple):
    """Where in a list a page stands: ``page`` counts from 1 to ``last``; ``total`` are the rows of the whole list."""

    page: int
    last: int
    total: int
    per_page: int = PER_PAGE

    @property
    def offset(self) -> int:
        """Rows before those of this page."""
        return (self.page - 1) * self.per_page


def paging(arguments: Mapping[str, str], total: int, per_page: int = PER_PAGE) -> Paging:
    """The page that ``?page=`` asks for, the first when it is no number, and the last when there are not so many."""
    asked = arguments.get("page", "1")
    last = max(1, -(-total // per_page))
    page = min(int(asked), last) if asked.isascii() and asked.isdecimal() and len(asked) < 9 else 1
    return Paging(max(page, 1), last, total, per_page)
