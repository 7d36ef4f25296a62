"""How routes are matched: ids in paths, and rules that no address is ever built from."""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import IntegerConverter, Rule

LARGEST_ID = "2147483647"


class IdConverter(IntegerConverter):
    """An id in a path: a positive 32-bit number, as the vendor's OpenAPI declares. Anything else is no route.

    The expression says it all: what only the converter refused would count as a route with other methods, a 405.
    """

    # Up to nine digits, then all of ten that are below the largest: 0 or 1 and nine more, 20 and eight more, and so on.
    _of_ten = [f"{LARGEST_ID[:i]}[0-{int(d) - 1}][0-9]{{{9 - i}}}" for i, d in enumerate(LARGEST_ID) if d != "0"]
    regex = f"(?!0+(?![0-9]))0{{0,99}}(?:[0-9]{{1,9}}|{'|'.join([*_of_ten, LARGEST_ID])})"


class MatchedRule(Rule):
    """A route that is only ever matched. Preparing to build addresses from it would be most of its cost."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        return _builds_nothing


def _builds_nothing(*_: Any, **__: Any) -> tuple[str, str]:
    raise RuntimeError("addresses are not built from routes here")
