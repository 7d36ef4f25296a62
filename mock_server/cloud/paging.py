"""Pages and lists as Tempo Cloud shapes them: links to the neighbours only where there are any."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from marshmallow import post_load

from mock_server.cloud.numbers import INT32_MOST, Int32, WholeNumber
from mock_server.errors import Invalid
from mock_server.schemas import WireSchema

DEFAULT_LIMIT = 50
MOST_A_PAGE = 5000


class Page(NamedTuple):
    """A page of results; ``more`` tells whether there is a next one. ``count`` on the wire is that of the page."""

    items: list[dict[str, Any]]
    offset: int
    limit: int
    more: bool


class BodyPage(NamedTuple):
    """A page of results whose offset and limit were asked for in the body; it does not say where it is itself."""

    items: list[dict[str, Any]]
    offset: int
    limit: int
    more: bool


class Listed(NamedTuple):
    """A list without pages."""

    items: list[dict[str, Any]]


class Bare(NamedTuple):
    """A page whose metadata holds no links, below no link of its own; for searches that take their window in the body."""

    items: list[dict[str, Any]]
    offset: int
    limit: int


class Uncounted(NamedTuple):
    """A list that tells where it is and nothing else about itself."""

    items: list[dict[str, Any]]


class TokenPage(NamedTuple):
    """A page that tells the token of the next one, or None when there is none; it does not say how many it has."""

    items: list[dict[str, Any]]
    limit: int
    token: str | None


class CursorPage(NamedTuple):
    """A page that tells the key of its last entry when there are more."""

    items: list[dict[str, Any]]
    limit: int
    key: str | None


class PagedQuery(WireSchema):
    """``offset`` from 0 and ``limit`` from 1; what is above the maximum is the maximum, or refused, by a setting."""

    offset = Int32(least=0, load_default=0)
    limit = Int32(least=1, load_default=DEFAULT_LIMIT)


class BareWindow(WireSchema):
    """``offset`` and ``limit`` in the body of a search; a limit above the maximum is refused, as the vendor states one."""

    offset = WholeNumber(least=0, most=INT32_MOST, load_default=0, allow_none=True)
    limit = WholeNumber(least=1, most=MOST_A_PAGE, load_default=DEFAULT_LIMIT, allow_none=True)

    @post_load
    def fill_null(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """A null means what is meant by nothing."""
        return {**data, "offset": data["offset"] or 0, "limit": data["limit"] or DEFAULT_LIMIT}


def window(query: dict[str, Any]) -> tuple[int, int]:
    """Offset and limit of a loaded ``PagedQuery``."""
    return query["offset"], min(query["limit"], MOST_A_PAGE)


def check_limit(query: dict[str, Any]) -> None:
    """Raises ``Invalid`` for a loaded ``PagedQuery`` whose limit is above the maximum."""
    if query["limit"] is not None and query["limit"] > MOST_A_PAGE:
        raise Invalid(fields={"limit": f"must be at most {MOST_A_PAGE}."})


def page_of(items: Sequence[dict[str, Any]], query: dict[str, Any]) -> Page:
    """The asked page of a list that is at hand as a whole."""
    offset, limit = window(query)
    return Page(list(items[offset : offset + limit]), offset, limit, offset + limit < len(items))
