"""Customers: keys are unique, and one that accounts are kept for stays."""

from mock_server.errors import Invalid, NotFound
from mock_server.storage import customers
from mock_server.storage.customers import Customer
from mock_server.storage.store import Store


def get(store: Store, customer_id: int) -> Customer:
    """By id. Raises ``NotFound``."""
    customer = customers.get(store, customer_id)
    if customer is None:
        raise NotFound(f"Customer '{customer_id}' not found")
    return customer


def by_key(store: Store, key: str) -> Customer:
    """By key. Raises ``NotFound``."""
    customer = customers.by_key(store, key)
    if customer is None:
        raise NotFound(f"Customer '{key}' not found")
    return customer


def create(store: Store, key: str, name: str) -> Customer:
    """A new customer. Raises ``Invalid`` for a key in use."""
    _refuse_taken(store, key)
    return Customer(customers.add(store, key, name), key, name)


def change(store: Store, customer: Customer, key: str, name: str) -> Customer:
    """Give a customer another key and name. Raises ``Invalid`` for the key of another one."""
    if key != customer.key:
        _refuse_taken(store, key)
    customers.change(store, customer.id, key, name)
    return Customer(customer.id, key, name)


def remove(store: Store, customer: Customer) -> None:
    """Take a customer away. Raises ``Invalid`` for one that an account has (assumption customers.inUse)."""
    if customers.is_used(store, customer.id):
        raise Invalid(f"Customer '{customer.key}' is used by an account and cannot be deleted")
    customers.remove(store, customer.id)


def _refuse_taken(store: Store, key: str) -> None:
    if customers.by_key(store, key):
        raise Invalid("Customer with this key already exists")
