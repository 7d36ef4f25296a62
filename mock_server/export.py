"""Writes a world as the files of a scenario, so that reading them makes the same world again."""

import json
from collections.abc import Mapping

from mock_server.nouns.every import NOUNS
from mock_server.nouns.noun import Tables
from mock_server.nouns.world_entry import LastIdsEntry
from mock_server.storage import world
from mock_server.storage.store import Store


def scenario_files(store: Store, settings: Mapping[str, str]) -> dict[str, str]:
    """File name -> text. Secrets are written as the hashes they are kept as."""
    tables = Tables(store)
    files = {"scenario.toml": _world(store, settings)}
    for noun in NOUNS.values():
        lines = ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in noun.rows(tables))
        files[f"{noun.name}.json"] = f"[\n{lines}\n]\n" if lines else "[]\n"
    return files


def _world(store: Store, settings: Mapping[str, str]) -> str:
    lines = ['title = "An exported world"', "", "[settings]"]
    lines += [f"{json.dumps(name)} = {json.dumps(value)}" for name, value in sorted(settings.items())]
    lines += ["", "[last_ids]", *(f"{table} = {world.counter(store, table)}" for table in LastIdsEntry().fields)]
    return "\n".join(lines) + "\n"
