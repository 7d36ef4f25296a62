"""Jira boards, as far as team links need them (Jira Software REST reference)."""

from typing import Any

from marshmallow import fields

from mock_server.access import Scope
from mock_server.domain import projects
from mock_server.endpoint import Call, endpoint
from mock_server.errors import NotFound
from mock_server.jira.users import number
from mock_server.schemas import WireSchema
from mock_server.storage import boards
from mock_server.storage.boards import Board
from mock_server.storage.projects import Project

REFERENCE = "Jira Software REST reference"
MOST_A_PAGE = 50


class BoardSchema(WireSchema):
    """A board; ``id`` is a number, unlike other ids of Jira."""

    id = fields.Integer()
    link = fields.String(data_key="self")
    name = fields.String()
    type = fields.String()


class BoardPageSchema(WireSchema):
    """A page of boards."""

    max_results = fields.Integer(data_key="maxResults")
    start_at = fields.Integer(data_key="startAt")
    total = fields.Integer()
    is_last = fields.Boolean(data_key="isLast")
    values = fields.List(fields.Nested(BoardSchema))


@endpoint("GET", "/board", scope=Scope.LOGGED_IN, returns=BoardPageSchema, grade="O", source=REFERENCE,
          parameters=("startAt", "maxResults", "type", "name", "projectKeyOrId"))  # fmt: skip
def list_boards(call: Call) -> dict[str, Any]:
    """A page of the boards of projects that the caller may browse"""
    visible = {project.id: project for project in projects.browsable(call.store, call.actor)}
    found = [board for board in boards.every(call.store) if board.project_id in visible and _fits(call, board, visible)]
    start, most = number(call, "startAt", 0), min(number(call, "maxResults", MOST_A_PAGE), MOST_A_PAGE)
    shown = found[start : start + most]
    return {
        "max_results": most,
        "start_at": start,
        "total": len(found),
        "is_last": start + len(shown) >= len(found),
        "values": [_bean(call, board) for board in shown],
    }


@endpoint("GET", "/board/<id:board_id>", scope=Scope.LOGGED_IN, returns=BoardSchema, grade="O", source=REFERENCE)
def get_board(call: Call, board_id: int) -> dict[str, Any]:
    """One board"""
    board = boards.get(call.store, board_id)
    if board is None or board.project_id not in {project.id for project in projects.browsable(call.store, call.actor)}:
        raise NotFound("The requested board cannot be viewed because it either does not exist or you cannot see it.")
    return _bean(call, board)


def _fits(call: Call, board: Board, visible: dict[int, Project]) -> bool:
    wanted_type, name, where = call.first("type"), call.first("name"), call.first("projectKeyOrId")
    project = visible[board.project_id]
    return (
        (not wanted_type or board.type in wanted_type.split(","))
        and (not name or name.lower() in board.name.lower())
        and (not where or where in (project.key, str(project.id)))
    )


def _bean(call: Call, board: Board) -> dict[str, Any]:
    link = f"{call.base}/rest/agile/1.0/board/{board.id}"
    return {"id": board.id, "link": link, "name": board.name, "type": board.type}
