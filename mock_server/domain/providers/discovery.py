"""Finds the providers: each module of this folder with a ``PROVIDER`` is one."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from mock_server.domain import providers
from mock_server.domain.providers.provider import Provider
from mock_server.errors import NotFound


def every() -> Mapping[str, Provider]:
    """Key -> provider, in the order in which they are shown."""
    return _found(tuple(providers.__path__))


def named(key: str) -> Provider:
    """By key, such as google-calendar. Raises ``NotFound`` naming those that there are."""
    known = every()
    if key not in known:
        raise NotFound(f"There is no provider {key[:100]}; there are {', '.join(known)}.")
    return known[key]


@cache
def _found(folders: tuple[str, ...]) -> Mapping[str, Provider]:
    modules = [importlib.import_module(f"{providers.__name__}.{module.name}") for module in pkgutil.iter_modules(folders)]
    found = [module.PROVIDER for module in modules if hasattr(module, "PROVIDER")]
    return MappingProxyType({provider.key: provider for provider in sorted(found, key=lambda one: (one.place, one.key))})
