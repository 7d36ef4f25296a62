"""The settings of a world, with every assumption behind them: ``/_mock/settings``."""

from typing import Any

from flask import Response, request

from mock_server.assumptions import ASSUMPTIONS
from mock_server.control.dialect import json_answer, site
from mock_server.errors import Invalid
from mock_server.host import read_json
from mock_server.kept_settings import keep_settings
from mock_server.moments import moment_text
from mock_server.settings import Settings, choices_of
from mock_server.storage.store import Author


def get_settings() -> Response:
    """Every assumption with its grade and source; those that can be switched with their value and choices."""
    return json_answer(_bean(site().settings))


def set_settings() -> Response:
    """``{NAME: value}``, null for the default again. All or none are changed; a wrong name is answered with the nearest."""
    body = read_json(request.mimetype, request.get_data())
    if not isinstance(body, dict):
        raise Invalid("Send an object of setting names and values.")
    found = site()
    found.settings.update(in_words(body))
    if found.is_kept:
        with found.store.transaction(Author("control", "control", "set_settings", moment_text(found.clock.now()))):
            keep_settings(found)
    return json_answer(_bean(found.settings))


def in_words(values: dict[str, Any]) -> dict[str, Any]:
    """Setting values as the command line has them: JSON has true and numbers where that has words."""
    return {name: _text(value) for name, value in values.items()}


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value) if isinstance(value, int) else value


def _bean(settings: Settings) -> dict[str, Any]:
    values = settings.as_dict()
    found: dict[str, Any] = {}
    for assumption in ASSUMPTIONS:
        entry: dict[str, Any] = {"what": assumption.what, "grade": assumption.grade, "source": assumption.why}
        entry["default"] = assumption.default
        if assumption.name in values:
            entry |= {"value": values[assumption.name], "choices": choices_of(assumption)}
        found[assumption.name] = entry
    return found
