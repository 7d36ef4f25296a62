"""Programs: bundles of teams. A team is in one at most, and stays when its program goes."""

from collections.abc import Collection

from mock_server.domain import people
from mock_server.errors import Invalid, NotFound
from mock_server.storage import programs, teams
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


def create_with_teams(store: Store, name: str, account_id: str | None, team_ids: Collection[int]) -> Program:
    """A new program of exactly these teams; ``account_id`` is its manager's. Raises ``Invalid`` as ``replace`` does."""
    checked = _checked(store, Program(0, name, None), account_id, team_ids)
    program = get(store, programs.add(store, checked.name, checked.manager_id))
    programs.set_teams(store, program.id, team_ids)
    return program


def replace(store: Store, program: Program, name: str, account_id: str | None, team_ids: Collection[int]) -> Program:
    """Make a program this one: what is None or empty it has no more. Teams of other programs come over to it.

    Raises ``Invalid`` for a blank name and for a manager or team that does not exist.
    """
    programs.change(store, _checked(store, program._replace(name=name), account_id, team_ids))
    programs.set_teams(store, program.id, team_ids)
    return get(store, program.id)


def _checked(store: Store, program: Program, account_id: str | None, team_ids: Collection[int]) -> Program:
    program = _with(store, program, program.name, None)
    for team_id in team_ids:
        if teams.get(store, team_id) is None:
            raise Invalid(fields={"teamIds": f"There is no team with the id {team_id}."})
    manager = people.with_account(store, account_id) if account_id else None
    return program._replace(manager_id=manager.id if manager else None)


def _with(store: Store, program: Program, name: str | None, manager: str | None) -> Program:
    wanted = (name or "").strip()
    if not wanted:
        raise Invalid(fields={"name": "A program needs a name."})
    if manager is not None:
        program = program._replace(manager_id=people.named(store, manager, "manager").id)
    return program._replace(name=wanted)
