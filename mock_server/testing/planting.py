"""One more entry of a scenario in a world that is there already: for what no API of Tempo or this fake makes."""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import ValidationError

from mock_server.moments import moment_text
from mock_server.nouns.every import NOUNS
from mock_server.nouns.noun import Seeding
from mock_server.sites import Site
from mock_server.storage import world
from mock_server.storage.store import Author, ConflictingRows
from mock_server.testing.in_process import TempoRefused

__tracebackhide__ = True


def plant(
    site: Site, noun: str, entry: Mapping[str, Any], then: Callable[[Seeding, int], None], known: Mapping[Any, int]
) -> int:
    """Check an entry of a noun as scenarios are checked, and write it. Answers the id of its row.

    ``known`` are the rows of the entries that it names: ``(noun, name)`` -> id. ``then`` writes what belongs to it, in the
    same transaction. Where entries have an id it is the next one. Raises ``TempoRefused``.
    """
    kind = NOUNS[noun]
    store = site.store
    try:
        with store.transaction(Author("tests", "testing", f"make_{noun}", moment_text(site.clock.now()))):
            schema = kind.entry()
            given = {name: value for name, value in entry.items() if value is not None}
            if "id" in schema.fields:
                given["id"] = world.counter(store, noun) + 1
            loaded: dict[str, Any] = schema.load(given)
            seeding = Seeding(store, {noun: [loaded]}, site.clock.now())
            for (named, name), known_id in known.items():
                seeding.made(named, name, known_id)
            kind.write(seeding)
            row_id = seeding.row_of(noun, loaded[kind.unique[0]])
            assert row_id is not None
            then(seeding, row_id)
            if kind.write_parts:
                kind.write_parts(seeding)
    except ValidationError as error:
        wrong = error.messages_dict
        raise TempoRefused(400, [f"{name}: {_first(text)}" for name, text in wrong.items()], []) from None
    except ConflictingRows as error:
        raise TempoRefused(409, [f"There is something of this name or key already ({error})."], []) from None
    return row_id


def _first(messages: Any) -> Any:
    """The first of the messages about a field, however deep it is."""
    while isinstance(messages, (dict, list)):
        messages = next(iter(messages.values() if isinstance(messages, dict) else messages))
    return messages
