"""What a body says of a worklog of Jira's, read as Jira reads it; every mistake is told at once."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mock_server.domain import rich_texts
from mock_server.domain.durations import MOST_SECONDS, seconds_of
from mock_server.domain.jira_worklogs import Entered
from mock_server.errors import Invalid
from mock_server.storage import groups
from mock_server.storage.jira_worklogs import Reader
from mock_server.storage.store import Store

WRONG_START = "Invalid date format. Please enter the date in the format \"yyyy-MM-dd'T'HH:mm:ss.SSSZ\"."
WRONG_COMMENT = "Worklog comment is not valid!"
LONGEST_COMMENT = 32_767
LONGEST_KEY, LONGEST_VALUE = 255, 32_768
_START = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}[+-][0-9]{4}", re.ASCII)


def read(store: Store, reader: Reader, body: Mapping[str, Any], comment: Mapping[str, Any] | None, *, is_new: bool) -> Entered:
    """The values of a body with ``started``, ``timeSpent``, ``timeSpentSeconds``, ``visibility`` and ``properties``.

    ``comment`` is the document that the comment is, as the version asked for takes it; one that is none has no ``type``.
    A value of None counts as left out. Raises ``Invalid``.
    """
    wrong: dict[str, str] = {}
    started = _started(body.get("started"), wrong)
    spent = _time_spent(body, wrong, is_new=is_new)
    text = _comment(comment, wrong)
    group_id = _group(store, reader, body.get("visibility"), wrong)
    properties = _properties(body.get("properties"), wrong)
    if wrong:
        raise Invalid(fields=wrong)
    return Entered(started, spent, text, comment is not None, group_id, body.get("visibility") is not None, properties)


def _started(value: object, wrong: dict[str, str]) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, str) and _START.fullmatch(value):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    wrong["started"] = WRONG_START
    return None


def _time_spent(body: Mapping[str, Any], wrong: dict[str, str], *, is_new: bool) -> int | None:
    text, seconds = body.get("timeSpent"), body.get("timeSpentSeconds")
    if text is None and seconds is None:
        if is_new:
            wrong["timeLogged"] = "You must indicate the time spent working."
        return None
    found: int | None = None
    if text is not None and seconds is not None:
        wrong["timeLogged"] = "Only one of timeSpent and timeSpentSeconds can be given."
        return None
    if isinstance(text, str):
        found = seconds_of(text)
    elif type(seconds) is int and seconds <= MOST_SECONDS:
        found = seconds // 60 * 60
    if found is None or found < 60:
        wrong["timeLogged"] = "Invalid time duration entered."
        return None
    return found


def _comment(document: Mapping[str, Any] | None, wrong: dict[str, str]) -> str | None:
    if document is None:
        return None
    if not rich_texts.is_document(document):
        wrong["comment"] = WRONG_COMMENT
        return None
    if len(rich_texts.text_of(document)) > LONGEST_COMMENT:
        wrong["comment"] = f"The entered text is too long. It exceeds the allowed limit of {LONGEST_COMMENT:,} characters."
    return json.dumps(document) if document["content"] else None


def _group(store: Store, reader: Reader, value: object, wrong: dict[str, str]) -> int | None:
    if value is None:
        return None
    sent = value if isinstance(value, Mapping) else {}
    name, identifier = sent.get("value"), sent.get("identifier")
    if sent.get("type") != "group":
        # There are no project roles here: kept without them, a worklog would be shown to those it is hidden from.
        wrong["visibility"] = "Worklogs can be restricted to groups only; this stand-in of Jira knows no project roles."
        return None
    for group in groups.every(store):
        if identifier == group.group_id or (identifier is None and name == group.name):
            if group.id not in reader.group_ids:
                wrong["visibility"] = f"You are currently not a member of the group: {group.name}."
            return group.id
    wrong["visibility"] = f"Group: {str(identifier or name)[:60]} does not exist."
    return None


def _properties(value: object, wrong: dict[str, str]) -> str | None:
    if value is None:
        return None
    entries = value if isinstance(value, list) else [None]
    found: dict[str, Any] = {}
    for entry in entries:
        given = entry if isinstance(entry, Mapping) else {}
        key = given.get("key")
        if not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY or key in found:
            wrong["properties"] = f"Every property needs a key of its own with {LONGEST_KEY} characters at most."
            return None
        found[key] = given.get("value")
        if len(json.dumps(found[key])) > LONGEST_VALUE:
            wrong["properties"] = f"The value of a property has {LONGEST_VALUE} characters at most."
            return None
    return json.dumps([{"key": key, "value": found[key]} for key in found])
