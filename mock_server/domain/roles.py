"""Team roles."""

from mock_server.errors import Invalid, NotFound
from mock_server.storage import roles
from mock_server.storage.roles import Role
from mock_server.storage.store import Store


def get(store: Store, role_id: int) -> Role:
    """By id. Raises ``NotFound``."""
    role = roles.get(store, role_id)
    if role is None:
        raise NotFound(f"There is no role with the id {role_id}.")
    return role


def create(store: Store, name: str | None) -> Role:
    """A new role. Raises ``Invalid`` for a blank name or one in use (assumption roles.nameUnique)."""
    wanted = _free_name(store, name, None)
    return Role(roles.add(store, wanted), wanted, 0)


def rename(store: Store, role: Role, name: str | None) -> Role:
    """Give a role another name. Raises ``Invalid`` as ``create`` does."""
    wanted = _free_name(store, name, role.id)
    roles.rename(store, role.id, wanted)
    return role._replace(name=wanted)


def remove(store: Store, role: Role) -> None:
    """Take a role away. Raises ``Invalid`` for the default role and for one that a membership has."""
    if role.is_default:
        raise Invalid(f"{role.name} is the default role and cannot be removed.")
    if roles.is_used(store, role.id):
        raise Invalid(f"The role {role.name} is in use and cannot be removed.")
    roles.remove(store, role.id)


def _free_name(store: Store, name: str | None, own_id: int | None) -> str:
    wanted = (name or "").strip()
    if not wanted:
        raise Invalid(fields={"name": "A role needs a name."})
    other = roles.by_name(store, wanted)
    if other and other.id != own_id:
        raise Invalid(fields={"name": f"There is a role named {other.name} already."})
    return wanted
