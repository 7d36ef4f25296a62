"""Worlds for tests, in the process of the tests: what the pytest plugin gives out, for others too.

Importing this imports nothing else; ``Tempo``, ``TempoServer`` and ``TempoRefused`` are imported when they are asked for.
Modules that say ``__tracebackhide__`` are left out of what pytest shows of a failure: the line of the test is meant.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mock_server.testing.in_process import TempoRefused as TempoRefused
    from mock_server.testing.server import TempoServer as TempoServer
    from mock_server.testing.server import Unfit as Unfit
    from mock_server.testing.tempo import Tempo as Tempo


def __getattr__(name: str) -> Any:
    from importlib import import_module

    homes = {"Tempo": "tempo", "TempoRefused": "in_process", "TempoServer": "server", "Unfit": "server"}
    if name not in homes:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{homes[name]}"), name)
