"""Finding a person or a group by what a client sends."""

from mock_server.errors import Invalid, NotFound
from mock_server.storage import groups, people
from mock_server.storage.groups import Group
from mock_server.storage.people import Person
from mock_server.storage.store import Store


def find(store: Store, reference: str) -> Person | None:
    """By login name, then by user key: clients send either in the same field."""
    return people.by_name(store, reference) or people.by_key(store, reference)


def named(store: Store, reference: str, field: str) -> Person:
    """As ``find``, for a body. Raises ``Invalid`` on the field when there is nobody of that name or key."""
    person = find(store, reference)
    if person is None:
        raise Invalid(fields={field: f"The user {reference} does not exist."})
    return person


def in_path(store: Store, reference: str) -> Person:
    """As ``find``, for a path or query. Raises ``NotFound``."""
    person = find(store, reference)
    if person is None:
        raise NotFound(f"The user named '{reference}' does not exist")
    return person


def with_account(store: Store, account_id: str) -> Person:
    """By Atlassian accountId, for a body. Raises ``Invalid`` when nobody has it."""
    person = people.by_account_id(store, account_id)
    if person is None:
        raise Invalid("User is invalid")
    return person


def by_account_id(store: Store, account_id: str) -> Person:
    """By Atlassian accountId, for a path or for many at once. Raises ``NotFound`` when nobody has it."""
    person = people.by_account_id(store, account_id)
    if person is None:
        raise NotFound(f"User '{account_id}' not found")
    return person


def group_named(store: Store, name: str, field: str) -> Group:
    """A group for a body. Raises ``Invalid`` on the field."""
    group = groups.by_name(store, name)
    if group is None:
        raise Invalid(fields={field: f"The group {name} does not exist."})
    return group
