"""Whom one may choose in a form: active people, found by their names."""

from collections.abc import Sequence
from typing import NamedTuple

from mock_server.pages.visit import Visit
from mock_server.storage import people
from mock_server.storage.people import Person

MOST_PEOPLE = 20
"""People that a search shows; a longer text finds the others."""


class Found(NamedTuple):
    """Active people whom a search found. ``has_more`` tells that there are others."""

    people: Sequence[Person]
    has_more: bool


def search_people(visit: Visit, text: str) -> Found:
    """Active people with a name that begins so; nobody for an empty text."""
    if not text:
        return Found((), False)
    found = people.search(visit.store, text, (1,), 0, MOST_PEOPLE + 1)
    return Found(found[:MOST_PEOPLE], len(found) > MOST_PEOPLE)
