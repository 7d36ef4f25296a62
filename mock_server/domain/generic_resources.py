"""Generic resources: stand-ins in plans for people who are not known yet, assigned to any number of teams."""

from datetime import datetime

from mock_server.access import Actor
from mock_server.errors import Invalid, NotFound
from mock_server.moments import moment_text
from mock_server.storage import generic_resources
from mock_server.storage.generic_resources import Assignment, GenericResource
from mock_server.storage.store import Store
from mock_server.storage.teams import Team


def get(store: Store, resource_id: int) -> GenericResource:
    """By id. Raises ``NotFound``."""
    resource = generic_resources.get(store, resource_id)
    if resource is None:
        raise NotFound(f"There is no generic resource with the id {resource_id}.")
    return resource


def create(store: Store, name: str, actor: Actor, now: datetime) -> GenericResource:
    """A new one. Raises ``Invalid`` for a blank name."""
    _refuse_blank(name)
    return get(store, generic_resources.add(store, name, moment_text(now), actor.person_id))


def rename(store: Store, resource: GenericResource, name: str, actor: Actor, now: datetime) -> GenericResource:
    """Give one another name. Raises ``Invalid`` for a blank one."""
    _refuse_blank(name)
    generic_resources.rename(store, resource.id, name, moment_text(now), actor.person_id)
    return get(store, resource.id)


def assigned(store: Store, team: Team, resource_id: int) -> Assignment:
    """One in a team. Raises ``NotFound`` when it is not in it, or is none."""
    found = generic_resources.assignment(store, team.id, resource_id)
    if found is None:
        raise NotFound(f"There is no generic resource with the id {resource_id} in the team {team.id}.")
    return found


def assign(store: Store, team: Team, resource_id: int, actor: Actor, now: datetime) -> Assignment:
    """Put one into a team. Raises ``Invalid`` for an unknown one and for one that is there already."""
    if generic_resources.get(store, resource_id) is None:
        raise Invalid(f"There is no generic resource with the id {resource_id}.")
    if generic_resources.assignment(store, team.id, resource_id):
        raise Invalid(f"The generic resource {resource_id} is in the team {team.id} already.")
    generic_resources.assign(store, team.id, resource_id, moment_text(now), actor.person_id)
    return assigned(store, team, resource_id)


def _refuse_blank(name: str) -> None:
    if not name.strip():
        raise Invalid("A generic resource needs a name.")
