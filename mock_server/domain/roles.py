"""Team roles."""

from mock_server.errors import Invalid
from mock_server.storage import roles
from mock_server.storage.roles import Role
from mock_server.storage.store import Store


def create(store: Store, name: str | None) -> Role:
    """A new role. Raises ``Invalid`` for a blank name or one in use (assumption roles.nameUnique)."""
    wanted = (name or "").strip()
    if not wanted:
        raise Invalid(fields={"name": "A role needs a name."})
    if roles.by_name(store, wanted):
        raise Invalid(fields={"name": f"There is a role named {wanted} already."})
    return Role(roles.add(store, wanted), wanted, 0)
