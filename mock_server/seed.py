"""Fills an empty world from a scenario, in one transaction."""

import json
from datetime import datetime

from mock_server.errors import Unusable
from mock_server.moments import moment_text
from mock_server.nouns.every import NOUNS
from mock_server.nouns.noun import Seeding
from mock_server.scenario import Scenario
from mock_server.scenario_references import EXIT_SCENARIO
from mock_server.storage import audit, scheme_members, world
from mock_server.storage.store import Author, ConflictingRows, Store

SCENARIO_KEY = "scenario"
"""Under this name a world remembers what it was seeded from; a world without it was never seeded to the end."""

SETTINGS_KEY = "settings"
"""Under this name a world keeps the settings of its scenario, as a JSON object."""


def seed(store: Store, scenario: Scenario, now: datetime, *, anew: bool = False) -> None:
    """Write every entry; with ``anew``, after removing what is there.

    Raises ``Unusable`` when an entry breaks a rule only the database knows; the world is then as it was.
    """
    with store.transaction(Author("scenario", "seed", scenario.name, moment_text(now))):
        if anew:
            store.clear()
        try:
            _write(store, scenario, now)
        except ConflictingRows as error:
            raise Unusable(f"{scenario.path}: two entries exclude each other ({error}).", EXIT_SCENARIO) from error
        audit.forget(store)
        world.put(store, SCENARIO_KEY, scenario.reference)
        world.put(store, SETTINGS_KEY, json.dumps(dict(scenario.settings)))


def _write(store: Store, scenario: Scenario, now: datetime) -> None:
    seeding = Seeding(store, scenario.entries, now, scenario.settings)
    for noun in NOUNS.values():
        noun.write(seeding)
    scheme_members.restore_defaults(store)
    for table, last_id in scenario.last_ids.items():
        world.set_counter(store, table, last_id)
    for noun in NOUNS.values():
        if noun.write_parts:
            noun.write_parts(seeding)
