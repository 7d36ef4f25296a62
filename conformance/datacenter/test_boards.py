"""Jira boards, as far as links of teams need them."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import beans, expect
from conformance.client import Caller
from conformance.datacenter.bench import BOARDS, UNKNOWN
from conformance.run import Absent


def _boards(admin: Caller, count: int) -> list[dict[str, Any]]:
    """The first boards. Raises Absent where there are fewer."""
    values = expect.json_object(admin.get(BOARDS)).get("values")
    found = [board for board in values or () if isinstance(board, dict)] if isinstance(values, list) else []
    if len(found) < count:
        raise Absent(f"the server shows fewer boards than {count}")
    return found[:count]


@pytest.mark.requirement("boards.list.page")
def test_board_list_is_a_page_of_boards(admin: Caller) -> None:
    answer = admin.get(BOARDS)
    content = expect.json_object(answer)
    expect.shape(answer, content, beans.BOARD_PAGE)
    expect.equal(answer, "startAt", content["startAt"], 0)


@pytest.mark.requirement("boards.list.pages")
def test_board_list_obeys_start_and_limit(admin: Caller) -> None:
    second = _boards(admin, 2)[1]
    answer = admin.get(BOARDS, {"startAt": "1", "maxResults": "1"})
    content = expect.json_object(answer)
    expect.equal(answer, "the ids", [board.get("id") for board in content.get("values") or ()], [second.get("id")])
    expect.equal(answer, "startAt", content.get("startAt"), 1)
    expect.equal(answer, "maxResults", content.get("maxResults"), 1)


@pytest.mark.requirement("boards.list.by-name")
def test_board_list_by_name_holds_boards_with_it(admin: Caller) -> None:
    name = str(_boards(admin, 1)[0].get("name"))
    answer = admin.get(BOARDS, {"name": name})
    found = [str(board.get("name")) for board in expect.json_object(answer).get("values") or ()]
    expect.that(answer, name in found, f"a board called {name}", f"the boards {', '.join(found) or '(none)'}")
    others = [other for other in found if name.lower() not in other.lower()]
    expect.equal(answer, f"the boards without {name} in their name", others, [])


@pytest.mark.requirement("boards.read.by-id")
def test_board_by_id_is_that_board(admin: Caller) -> None:
    board = _boards(admin, 1)[0]
    answer = admin.get(f"{BOARDS}/{board.get('id')}")
    content = expect.json_object(answer)
    expect.shape(answer, content, beans.BOARD)
    for name in ("id", "name"):
        expect.equal(answer, name, content[name], board.get(name))


@pytest.mark.requirement("boards.read.unknown-not-found")
def test_unknown_board_is_not_found(admin: Caller) -> None:
    answer = expect.status(admin.get(f"{BOARDS}/{UNKNOWN}"), 404)
    expect.error_body(answer)


@pytest.mark.requirement("boards.anonymous.refused")
def test_boards_are_refused_to_anonymous_callers(anonymous: Caller) -> None:
    expect.status(anonymous.get(BOARDS), 401)
