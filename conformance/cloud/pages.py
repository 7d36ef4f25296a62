"""Lists of Tempo Cloud: `results` with `metadata`, and the pages behind `next`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from conformance import expect
from conformance.calls import Answer
from conformance.client import Caller

MOST_PAGES = 200
LARGEST = 5000
IN_A_BODY = 1000
Query = Sequence[tuple[str, Any]]


def results(answer: Answer) -> list[dict[str, Any]]:
    """The items of a list. Raises Unmet when the answer is no list of objects."""
    content = expect.json_object(answer)
    found = content.get("results")
    expect.that(answer, isinstance(found, list), "an object with the array results", f"members {', '.join(content)}")
    for index, item in enumerate(found or []):
        expect.that(answer, isinstance(item, dict), f"an object at results[{index}]", type(item).__name__)
    return list(found or [])


def metadata(answer: Answer) -> dict[str, Any]:
    """The metadata of a list. Raises Unmet when there is none."""
    found = expect.json_object(answer).get("metadata")
    expect.that(answer, isinstance(found, dict), "the object metadata", f"metadata = {found!r}")
    return dict(found or {})


def ids(answer: Answer, key: str = "id") -> list[Any]:
    """The values of one member of every item, in order."""
    return [item.get(key) for item in results(answer)]


def follow(caller: Caller, answer: Answer, which: str = "next") -> Answer:
    """Calls the address of the next or the previous page as it stands. Raises Unmet for one outside the server."""
    address = metadata(answer).get(which)
    expect.that(
        answer,
        isinstance(address, str) and address.startswith(f"{caller.base}/"),
        f"metadata.{which} as an absolute URL that begins with {caller.base}/",
        f"metadata.{which} = {address!r}",
    )
    path = str(address).removeprefix(f"{caller.base}/")
    return caller.get(path)


def pages(caller: Caller, path: str, query: Query = (), body: object = None) -> Iterator[Answer]:
    """Every page of a list by GET, or of a search by POST with a body; asked for by offset, until one has no next."""
    asked = dict(query)
    offset, limit = 0, int(asked.get("limit", LARGEST))
    others = [(name, value) for name, value in query if name not in ("limit", "offset")]
    for _ in range(MOST_PAGES):
        params = [*others, ("offset", offset), ("limit", limit)]
        answer = caller.get(path, params) if body is None else caller.search(path, params, body)
        yield answer
        if "next" not in metadata(answer):
            return
        offset += limit
    expect.that(answer, False, f"a last page among the first {MOST_PAGES}", "every page has a next")


def everything(caller: Caller, path: str, query: Query = (), body: object = None) -> list[dict[str, Any]]:
    """The items of all pages."""
    return [item for page in pages(caller, path, query, body) for item in results(page)]


def by_body(caller: Caller, path: str) -> list[dict[str, Any]]:
    """The items of all pages of a search by POST whose offset and limit stand in the body; until a page brings nothing new."""
    found: dict[Any, dict[str, Any]] = {}
    for _ in range(MOST_PAGES):
        page = results(caller.post(path, {"offset": len(found), "limit": IN_A_BODY}))
        new = {item.get("id"): item for item in page if item.get("id") not in found}
        if not new:
            break
        found |= new
    return list(found.values())
