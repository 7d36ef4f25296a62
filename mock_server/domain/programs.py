"""Programs: bundles of teams. A team is in one at most, and stays when its program goes."""

from mock_server.domain import people
from mock_server.errors import Invalid, NotFound
from mock_server.storage import programs
from mock_server.storage.programs import Program
from mock_server.storage.store import Store


def get(store: Store, program_id: int) -> Program:
    """By id. Raises ``NotFound``."""
    program = programs.get(store, program_id)
    if program is None:
        raise NotFound(f"There is no program with the id {program_id}.")
    return program


def create(store: Store, name: str | None, manager: str | None) -> Program:
    """A new program; ``manager`` is a login name or key. Raises ``Invalid`` for a blank name or an unknown manager."""
    changed = _with(store, Program(0, "", None), name, manager)
    return get(store, programs.add(store, changed.name, changed.manager_id))


def change(store: Store, program: Program, name: str | None, manager: str | None) -> Program:
    """Change name and manager; what is None stays. Raises ``Invalid`` as ``create`` does."""
    programs.change(store, _with(store, program, program.name if name is None else name, manager))
    return get(store, program.id)


def _with(store: Store, program: Program, name: str | None, manager: str | None) -> Program:
    wanted = (name or "").strip()
    if not wanted:
        raise Invalid(fields={"name": "A program needs a name."})
    if manager is not None:
        program = program._replace(manager_id=people.named(store, manager, "manager").id)
    return program._replace(name=wanted)
