"""Who is in which scheme: everybody in exactly one workload scheme and one holiday scheme (help pages)."""

from collections.abc import Iterable

from mock_server.domain import people
from mock_server.errors import Invalid
from mock_server.storage import scheme_members
from mock_server.storage.scheme_members import Kind
from mock_server.storage.store import Store


def scheme_of(store: Store, kind: Kind, account_id: str) -> int:
    """The id of the scheme that somebody is in. Raises ``NotFound`` for nobody."""
    person = people.by_account_id(store, account_id)
    return scheme_members.schemes_of(store, kind, [person.id])[person.id]


def assign(store: Store, kind: Kind, scheme_id: int, account_ids: Iterable[str]) -> None:
    """Move people from the schemes they are in to this one, all or none. Raises ``NotFound`` for somebody unknown."""
    found = [people.by_account_id(store, account_id) for account_id in account_ids]
    scheme_members.assign(store, kind, scheme_id, [person.id for person in found])


def make_default(store: Store, kind: Kind, scheme_id: int) -> None:
    """Make a scheme that of people who come later; whoever is in the former one stays there (assumption schemes.newDefault)."""
    former = scheme_members.default_of(store, kind)
    if former != scheme_id:
        scheme_members.settle(store, kind, former)
        scheme_members.make_default(store, kind, scheme_id)


def check_empty(store: Store, kind: Kind, scheme_id: int) -> None:
    """Raises ``Invalid`` for the default scheme and for one that somebody is in (assumption schemes.inUse)."""
    noun = kind.replace("_", " ")
    if scheme_id == scheme_members.default_of(store, kind):
        raise Invalid(f"The default {noun} cannot be deleted")
    if scheme_members.counts(store, kind).get(scheme_id):
        raise Invalid(f"A {noun} that has members cannot be deleted")
