"""Workload schemes: one is the default, and one that somebody is in stays (help pages; vendor's OpenAPI of v4)."""

from collections.abc import Sequence

from mock_server.domain import scheme_members
from mock_server.errors import NotFound
from mock_server.storage import workload_schemes
from mock_server.storage.scheme_members import Kind
from mock_server.storage.store import Store
from mock_server.storage.workload_schemes import WorkloadScheme


def get(store: Store, scheme_id: int) -> WorkloadScheme:
    """By id. Raises ``NotFound``."""
    found = workload_schemes.get(store, scheme_id)
    if found is None:
        raise NotFound(f"Workload scheme with id '{scheme_id}' not found")
    return found


def of_person(store: Store, account_id: str) -> WorkloadScheme:
    """The scheme that somebody is in. Raises ``NotFound`` for nobody."""
    return get(store, scheme_members.scheme_of(store, Kind.WORKLOAD, account_id))


def create(store: Store, name: str, description: str, week: Sequence[int]) -> WorkloadScheme:
    """A new scheme that nobody is in."""
    return get(store, workload_schemes.add(store, name, description, week))


def change(store: Store, scheme: WorkloadScheme, name: str, description: str, week: Sequence[int]) -> WorkloadScheme:
    """Put another name, description and week in place."""
    workload_schemes.change(store, scheme.id, name, description, week)
    return get(store, scheme.id)


def make_default(store: Store, scheme: WorkloadScheme) -> WorkloadScheme:
    """Make it the scheme of people who come later; nobody is moved (assumption schemes.newDefault)."""
    scheme_members.make_default(store, Kind.WORKLOAD, scheme.id)
    return get(store, scheme.id)


def remove(store: Store, scheme: WorkloadScheme) -> None:
    """Take a scheme away. Raises ``Invalid`` for the default one and for one that somebody is in."""
    scheme_members.check_empty(store, Kind.WORKLOAD, scheme.id)
    workload_schemes.remove(store, scheme.id)
