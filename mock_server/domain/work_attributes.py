"""Work attributes: what a field may hold, and which ones a worklog must have (vendor's OpenAPI of v4)."""

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from mock_server.errors import Invalid, NotFound
from mock_server.settings import Settings
from mock_server.storage import accounts, work_attributes
from mock_server.storage.store import Store
from mock_server.storage.work_attributes import WorkAttribute

TYPES = ("ACCOUNT", "CHECKBOX", "INPUT_FIELD", "INPUT_NUMERIC", "STATIC_LIST")
_NUMBER = re.compile("-?[0-9]+([.][0-9]+)?")


def get(store: Store, key: str) -> WorkAttribute:
    """By key. Raises ``NotFound``."""
    attribute = work_attributes.by_key(store, key)
    if attribute is None:
        raise NotFound(f"Work attribute with key '{key}' not found")
    return attribute


def create(store: Store, values: Mapping[str, Any]) -> WorkAttribute:
    """A new one from ``key``, ``name``, ``type``, ``required`` and, for a static list, ``values`` (labels).

    Raises ``Invalid`` when the key is in use, or a static list has no values, an empty one or one twice.
    """
    if work_attributes.by_key(store, values["key"]):
        raise Invalid(f"Work attribute with key '{values['key']}' already exists")
    labels = _labels(values["type"], values.get("values") or (), {})
    attribute = WorkAttribute(0, values["key"], values["name"], values["type"], int(values["required"]), labels)
    return attribute._replace(id=work_attributes.add(store, attribute))


def change(store: Store, attribute: WorkAttribute, values: Mapping[str, Any]) -> WorkAttribute:
    """Replace name, type, required and values; a label that stays keeps its id. Raises ``Invalid`` as ``create`` does."""
    labels = _labels(values["type"], values.get("values") or (), attribute.labels)
    changed = attribute._replace(name=values["name"], type=values["type"], required=int(values["required"]), labels=labels)
    work_attributes.change(store, changed)
    return changed


def check(store: Store, given: Mapping[str, str | None], settings: Settings, *, is_whole: bool = True) -> None:
    """Raises ``Invalid`` for an unknown key, a value its field cannot hold, and for each required field that is missing.

    ``is_whole`` tells that these are all the values of a worklog; otherwise a required field is not missed unless it is
    given without a value.
    """
    known = {attribute.key: attribute for attribute in work_attributes.every(store)}
    wrong: list[str] = []
    for key, value in given.items():
        if key not in known:
            wrong.append(f"Work attribute with key '{key}' not found")
        elif value is not None and (problem := _problem(store, known[key], value, settings)):
            wrong.append(problem)
    for attribute in known.values():
        if attribute.required and not given.get(attribute.key) and (is_whole or attribute.key in given):
            wrong.append(f"Work attribute {attribute.name} ({attribute.key}) is required")
    if wrong:
        raise Invalid(wrong[0], further=wrong[1:])


def _problem(store: Store, attribute: WorkAttribute, value: str, settings: Settings) -> str | None:
    if attribute.type == "ACCOUNT":
        account = accounts.by_key(store, value)
        if account is None:
            return f"Account '{value}' not found"
        if account.status != "OPEN" and not settings.is_on("globalConfiguration.allowLoggingOnClosedAccount"):
            return f"Account '{value}' is not open"
    return misfit(attribute, value)


def misfit(attribute: WorkAttribute, value: str) -> str | None:
    """Why the attribute cannot have this value, or None when it can. Whether there is such an account is not asked here."""
    if attribute.type == "STATIC_LIST" and value not in attribute.labels:
        return f"'{value}' is not a value of work attribute {attribute.name} ({attribute.key})"
    if attribute.type == "CHECKBOX" and value not in ("true", "false"):
        return f"Work attribute {attribute.name} ({attribute.key}) is true or false"
    if attribute.type == "INPUT_NUMERIC" and not _NUMBER.fullmatch(value):
        return f"Work attribute {attribute.name} ({attribute.key}) is a number"
    return None


def _labels(of_type: str, labels: Sequence[str], known: Mapping[str, str]) -> dict[str, str]:
    if of_type != "STATIC_LIST":
        return {}
    if not labels:
        raise Invalid("A static list needs values")
    if not all(label.strip() for label in labels):
        raise Invalid("A value of a static list must not be empty")
    if len(set(labels)) < len(labels):
        doubled = next(label for label in labels if labels.count(label) > 1)
        raise Invalid(f"The value '{doubled}' of a static list is given more than once")
    # The ids of a static list never change; the same label at the same key gets the same id in every world.
    ids = {label: value for value, label in known.items()}
    return {ids.get(label) or str(uuid.uuid5(uuid.NAMESPACE_OID, label)): label for label in labels}
