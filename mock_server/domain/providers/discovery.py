"""Finds the providers: each module of this folder with a ``PROVIDER`` is one."""

import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

from mock_server.domain import providers
from mock_server.domain.providers.provider import Provider
from mock_server.errors import NotFound


def found() -> dict[str, Provider]:
    """Look into the folder: key -> provider, in the order in which they are shown."""
    names = [module.name for module in pkgutil.iter_modules(providers.__path__)]
    # This module is one of the folder, too, and not to be imported while it is.
    modules = [importlib.import_module(f"{providers.__name__}.{name}") for name in names if name != "discovery"]
    those = [module.PROVIDER for module in modules if hasattr(module, "PROVIDER")]
    return {provider.key: provider for provider in sorted(those, key=lambda one: (one.place, one.key))}


PROVIDERS: Mapping[str, Provider] = MappingProxyType(found())
"""As they were found when this was imported."""


def every() -> Mapping[str, Provider]:
    """Key -> provider, in the order in which they are shown."""
    return PROVIDERS


def named(key: str) -> Provider:
    """By key, such as google-calendar. Raises ``NotFound`` naming those that there are."""
    if key not in PROVIDERS:
        raise NotFound(f"There is no provider {key[:100]}; there are {', '.join(PROVIDERS)}.")
    return PROVIDERS[key]
