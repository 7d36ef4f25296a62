"""What several tests of the syncs use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .scripted import Clock, Scripted, scripted


@pytest.fixture
def clock() -> Clock:
    """A clock on which waiting takes no time."""
    return Clock()


@pytest.fixture
def server() -> Iterator[Scripted]:
    """A server that answers what a test tells it to."""
    with scripted() as served:
        yield served
