"""Changed rows as events of Tempo's audit log: what each was of, before and after, by whom."""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from mock_server.domain.papertrail_fields import CREATED, DELETED, Kind, as_person
from mock_server.domain.papertrail_kinds import ACTION_OF, BY_NOUN, OWNED, values
from mock_server.moments import moment_text, parse_any_moment
from mock_server.storage import papertrail, people
from mock_server.storage.papertrail import Change
from mock_server.storage.store import Store

Names = Callable[[Store, Iterable[int]], dict[int, str]]
"""Person id -> accountId or another name, of those there are."""

UNKNOWN_USER = "__tempo-io__unknown_user"
"""The accountId of whoever is nobody in the world: a command, a fault, somebody with a database tool."""


class FieldChange(NamedTuple):
    """A field before and after; None where it had, or has, no value."""

    field: str
    previous: str | None
    new: str | None


class Event(NamedTuple):
    """A change as Tempo tells it. ``at`` is ISO 8601 in UTC with milliseconds, ``worker`` an accountId or None."""

    at: str
    action: str
    author: str
    entity_type: str
    entity_id: str
    parent_id: str
    changes: list[FieldChange]
    worker: str | None


class Reading:
    """Changes turned into events, with what they have in common looked up once."""

    def __init__(
        self, store: Store, found: Sequence[Change], named: Names = people.account_ids, nobody: str = UNKNOWN_USER
    ) -> None:
        """``named`` tells what people are called, by their ids, and ``nobody`` what those are who are not there."""
        self._nobody = nobody
        self._store = store
        self._named = named
        authors = people.by_keys(store, {change.who for change in found})
        self._accounts = named(store, {person.id for person in authors.values()} | _person_ids(found))
        self._authors = {key: self._accounts[person.id] for key, person in authors.items()}
        periods = [change for change in found if change.source.noun == "memberships"]
        ids = {number for change in periods for number in _member_ids(change)}
        self._members = papertrail.members(store, ids) if ids else {}
        owners = {owned.owner for owned in OWNED.values()}
        numbers = {change.change for change in found if change.change is not None and change.source.noun in owners}
        self._parts: dict[tuple[int, str, int], list[tuple[str, dict[str, Any] | None, dict[str, Any] | None]]] = {}
        for part in papertrail.parts(store, numbers) if numbers else ():
            before, after = (json.loads(text) if text else None for text in (part.before, part.after))
            owned = OWNED[part.noun]
            key = (part.change, owned.owner, (before or after or {})[owned.owner_id])
            self._parts.setdefault(key, []).append((part.noun, before, after))

    def event(self, change: Change) -> Event:
        """The change as the log tells it."""
        kind = BY_NOUN[change.source.noun]
        action = ACTION_OF[change.source]
        # An issue that becomes internal was there before, but not for Tempo.
        before = {} if action == CREATED else self._values(kind, change.before)
        after = {} if action == DELETED else self._values(kind, change.after)
        row = json.loads(change.after or change.before or "{}")
        row |= self._elsewhere(row)
        fields = [
            FieldChange(name, before.get(name), after.get(name))
            for name in {**before, **after}
            if before.get(name) != after.get(name)
        ]
        worker = row.get(kind.worker) if kind.worker else None
        parent = next((str(row[name]) for name in kind.parent if row.get(name) is not None), "")
        entity_id = self._account(row[kind.id]) if kind.id == "person_id" else str(row[kind.id])
        return Event(
            # What a database tool changed has no fraction of a second.
            moment_text(parse_any_moment(change.at)),
            action,
            self._authors.get(change.who, self._nobody),
            kind.entity_type,
            entity_id,
            parent,
            [*fields, *self._of_parts(change, row.get("id"))],
            None if worker is None else self._account(worker),
        )

    def _values(self, kind: Kind, text: str | None) -> dict[str, str]:
        more = self._elsewhere(json.loads(text)) if text and kind.noun == "memberships" else {}
        return values(kind, text, self._account, more)

    def _elsewhere(self, row: dict[str, Any]) -> dict[str, Any]:
        team_id, person_id = self._members.get(row.get("member_id", 0), (None, None))
        return {} if team_id is None else {"team_id": team_id, "person_id": person_id}

    def _of_parts(self, change: Change, row_id: Any) -> list[FieldChange]:
        went: dict[str, list[str]] = {}
        came: dict[str, list[str]] = {}
        for noun, before, after in self._parts.get((change.change or 0, change.source.noun, row_id), ()):
            owned = OWNED[noun]
            for part, found in ((before, went), (after, came)):
                if part and part[owned.column] is not None:
                    text = owned.convert(part[owned.column], self._account)
                    found.setdefault(owned.name or part["key"], []).append(text)
        told = []
        for name in sorted({**went, **came}):
            # What was taken out and put in again is as it was.
            gone = [text for text in went.get(name, ()) if text not in came.get(name, ())]
            new = [text for text in came.get(name, ()) if text not in went.get(name, ())]
            if gone or new:
                told.append(FieldChange(name, ", ".join(gone) or None, ", ".join(new) or None))
        return told

    def _account(self, person_id: int) -> str:
        if person_id not in self._accounts:
            self._accounts |= self._named(self._store, [person_id])
        return self._accounts.get(person_id, self._nobody)


def _person_ids(found: Sequence[Change]) -> set[int]:
    ids = set()
    for change in found:
        columns = [field.column for field in BY_NOUN[change.source.noun].fields if field.convert is as_person]
        for text in (change.before, change.after) if columns else ():
            row = json.loads(text) if text else {}
            ids |= {row[column] for column in columns if row.get(column) is not None}
    return ids


def _member_ids(change: Change) -> set[int]:
    return {json.loads(text)["member_id"] for text in (change.before, change.after) if text}
