"""Programs (bean of the vendor's OpenAPI; list and create of published clients; the rest by analogy)."""

from typing import Any

from marshmallow import fields

from mock_server.access import Scope
from mock_server.datacenter.dates import Id
from mock_server.datacenter.people import PersonSchema, person_bean
from mock_server.domain import programs
from mock_server.endpoint import Call, endpoint
from mock_server.schemas import WireSchema
from mock_server.storage import people as person_rows
from mock_server.storage import programs as program_rows
from mock_server.storage.programs import Program

CLIENTS = "published clients"


class ProgramSchema(WireSchema):
    """A program with its manager."""

    id = fields.Integer()
    name = fields.String()
    manager = fields.Nested(PersonSchema)


class ManagerReferenceSchema(WireSchema):
    """Who manages: a login name or a user key, in either field."""

    name = fields.String(allow_none=True)
    key = fields.String(allow_none=True)


class ProgramInputSchema(WireSchema):
    """A program in a body."""

    name = fields.String(load_default=None)
    manager = fields.Nested(ManagerReferenceSchema, load_default=None)


class ProgramReferenceSchema(WireSchema):
    """The program of a team in a body."""

    id = Id(required=True)


def load_program(call: Call, program_id: int) -> Program:
    """The program in the path. Raises ``NotFound``."""
    return programs.get(call.store, program_id)


@endpoint("GET", "/2/program", scope=Scope.LOGGED_IN, returns=ProgramSchema, many=True, grade="C", source=CLIENTS)
def list_programs(call: Call) -> list[dict[str, Any]]:
    """Every program"""
    return [program_bean(call, program) for program in program_rows.every(call.store)]


@endpoint("POST", "/2/program", scope=Scope.TEAM_ADMINISTRATOR, body=ProgramInputSchema, returns=ProgramSchema, grade="C",
          source=CLIENTS)  # fmt: skip
def create_program(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """Add a program"""
    return program_bean(call, programs.create(call.store, values["name"], _manager(values)))


@endpoint("GET", "/2/program/<id:program_id>", scope=Scope.LOGGED_IN, loads=load_program, returns=ProgramSchema, grade="I",
          source="by analogy")  # fmt: skip
def get_program(call: Call, program: Program) -> dict[str, Any]:
    """One program"""
    return program_bean(call, program)


@endpoint("PUT", "/2/program/<id:program_id>", scope=Scope.TEAM_ADMINISTRATOR, loads=load_program, body=ProgramInputSchema,
          returns=ProgramSchema, grade="I", source="by analogy")  # fmt: skip
def update_program(call: Call, program: Program, values: dict[str, Any]) -> dict[str, Any]:
    """Change name and manager; what is left out stays"""
    return program_bean(call, programs.change(call.store, program, values["name"], _manager(values)))


@endpoint("DELETE", "/2/program/<id:program_id>", scope=Scope.TEAM_ADMINISTRATOR, loads=load_program, status=204, grade="I",
          source="by analogy")  # fmt: skip
def delete_program(call: Call, program: Program) -> None:
    """Remove a program; its teams stay"""
    program_rows.remove(call.store, program.id)


def program_bean(call: Call, program: Program) -> dict[str, Any]:
    """Values of ``ProgramSchema``."""
    bean: dict[str, Any] = {"id": program.id, "name": program.name}
    manager = person_rows.get(call.store, program.manager_id) if program.manager_id is not None else None
    if manager:
        bean["manager"] = person_bean(manager, call.context)
    return bean


def _manager(values: dict[str, Any]) -> str | None:
    manager = values["manager"] or {}
    reference: str | None = manager.get("name") or manager.get("key")
    return reference
