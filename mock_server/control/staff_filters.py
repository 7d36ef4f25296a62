"""Whom a query or a body means: by ids as the page Manage Staff has them, or by names as people say them."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Protocol

from mock_server.domain import staff
from mock_server.domain.providers.discovery import every
from mock_server.errors import Invalid
from mock_server.storage import groups, holiday_schemes, roles, teams, workload_schemes
from mock_server.storage.staff import Condition
from mock_server.storage.store import Store

_STATUSES = MappingProxyType({"true": "active", "false": "inactive", "all": "all"})
_MOST_NAMES = 20
"""Names that a refusal tells of."""


class _Named(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


def condition_of(store: Store, values: Mapping[str, Any]) -> Condition:
    """The condition of filters as ``FilterSchema`` reads them. Raises ``Invalid`` for a name that there is not."""
    filters: dict[str, str] = {name: values.get(name, "") for name in ("search", "location", "integration", "provider")}
    filters["status"] = _STATUSES[values.get("active", "true")]
    for attribute, name in (
        ("team", "team"),
        ("role", "role"),
        ("group", "group"),
        ("workload_scheme", "workloadScheme"),
        ("holiday_scheme", "holidayScheme"),
    ):
        given = values.get(attribute, "").strip()
        is_name = given and not (given.isascii() and given.isdecimal())
        filters[name] = _id_of(name, given, _every(store, attribute)) if is_name else given
    if filters["provider"] and filters["provider"] not in every():
        raise Invalid(fields={"provider": f"There is no provider {filters['provider'][:100]}; there are {', '.join(every())}."})
    return staff.condition_of(filters)


def _every(store: Store, what: str) -> Iterable[_Named]:
    if what == "team":
        return teams.named_like(store, "")
    if what == "role":
        return roles.every(store)
    if what == "group":
        return groups.every(store)
    return workload_schemes.every(store) if what == "workload_scheme" else holiday_schemes.every(store)


def _id_of(field: str, name: str, there: Iterable[_Named]) -> str:
    ids = {one.name: one.id for one in there}
    if name not in ids:
        names = ", ".join(sorted(ids)[:_MOST_NAMES])
        more = f" and {len(ids) - _MOST_NAMES} more" if len(ids) > _MOST_NAMES else ""
        raise Invalid(fields={field: f"There is none named {name[:100]}; there are {names}{more}."})
    return str(ids[name])
