"""The people of a scenario whose credentials stand in its files in clear: published demo data, not secrets."""

import json
from pathlib import Path
from typing import Any

from mock_server.errors import Unusable


def of(folder: Path) -> dict[str, dict[str, str]]:
    """By login name ``email``, ``token`` and, for whoever has one, ``api_token`` of everybody with a token in clear.

    The token is of Tempo Cloud and good when the world begins; one with Full access goes before others. Raises ``Unusable``
    for a file that cannot be read. A folder without these files has nobody.
    """
    good = [entry for entry in _entries(folder / "api_tokens.json", "person", "token") if not _is_expired(entry)]
    # The first one counts, so it is written last.
    good.reverse()
    good.sort(key=lambda entry: "scopes" not in entry)
    tokens = {entry["person"]: entry["token"] for entry in good}
    emails = {entry["name"]: entry["email"] for entry in _entries(folder / "people.json", "name", "email")}
    of_jira = {
        entry["person"]: entry["token"] for entry in reversed(_entries(folder / "jira_api_tokens.json", "person", "token"))
    }
    return {
        name: {"email": emails.get(name, ""), "token": token, "api_token": of_jira.get(name, "")}
        for name, token in sorted(tokens.items())
    }


def _is_expired(entry: dict[str, Any]) -> bool:
    age, days = entry.get("age", 0), entry.get("days", 30)
    return isinstance(age, int) and isinstance(days, int) and age >= days


def _entries(file: Path, *texts: str) -> list[dict[str, Any]]:
    """The entries of a file that have these texts."""
    from mock_server.scenario_references import EXIT_SCENARIO

    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise Unusable(f"The file {file} cannot be read: {error.strerror}.", EXIT_SCENARIO) from None
    except (ValueError, RecursionError) as error:
        raise Unusable(f"The file {file} is not JSON: {error}.", EXIT_SCENARIO) from None
    entries = [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
    return [entry for entry in entries if all(isinstance(entry.get(name), str) for name in texts)]
