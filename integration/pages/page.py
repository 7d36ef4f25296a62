"""What a page is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from flask import Response


class Page(NamedTuple):
    """A page, or with the method POST an action of one.

    view: called with the visit, and by name with what the path holds in angle brackets. title: in the menu, "" for what is
    reached from another page. waits: for other actions to be over; what stops them does not.
    """

    method: str
    path: str
    view: Callable[..., Response]
    title: str = ""
    waits: bool = True
