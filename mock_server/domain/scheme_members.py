"""Who is in which scheme: everybody in exactly one workload scheme and one holiday scheme (help pages)."""

from collections.abc import Iterable

from mock_server.domain import people
from mock_server.storage import scheme_members
from mock_server.storage.scheme_members import Kind
from mock_server.storage.store import Store


def scheme_of(store: Store, kind: Kind, account_id: str) -> int:
    """The id of the scheme that somebody is in. Raises ``NotFound`` for nobody."""
    person = people.by_account_id(store, account_id)
    return scheme_members.schemes_of(store, kind, [person.id])[person.id]


def count(store: Store, kind: Kind, scheme_id: int) -> int:
    """How many people are in a scheme."""
    return scheme_members.counts(store, kind).get(scheme_id, 0)


def assign(store: Store, kind: Kind, scheme_id: int, account_ids: Iterable[str]) -> None:
    """Move people from the schemes they are in to this one, all or none. Raises ``NotFound`` for somebody unknown."""
    found = [people.by_account_id(store, account_id) for account_id in account_ids]
    scheme_members.assign(store, kind, scheme_id, [person.id for person in found])


def settle(store: Store, kind: Kind, scheme_id: int) -> None:
    """Keep everybody who was in the default scheme in it, as another becomes the default."""
    scheme_members.settle(store, kind, scheme_id)
