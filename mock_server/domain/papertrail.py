"""Tempo's audit log as a feed of events, read from the audit trail of this world (vendor's OpenAPI of v4; help pages).

What was seeded is nobody's change and not in it. An event is a changed row; what belongs to that row and was changed with
it in one transaction, attribute values of a worklog for instance, is among its changes.
"""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from mock_server.access import Actor, GlobalPermission
from mock_server.domain.papertrail_kinds import ACTION_OF, BY_NOUN, CREATED, DELETED, OWNED, Kind, sources, values
from mock_server.errors import Invalid, Refused
from mock_server.moments import moment_text, parse_any_moment, parse_moment, seconds_before
from mock_server.settings import Settings
from mock_server.storage import papertrail, people
from mock_server.storage.papertrail import Change, Wanted
from mock_server.storage.store import Store

DAYS_KEPT = 180
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


class Search(NamedTuple):
    """What is asked for: moments as texts, both inclusive; None where everything will do. People are accountIds."""

    start: str
    end: str | None = None
    actions: frozenset[str] | None = None
    authors: frozenset[str] | None = None
    entity_types: frozenset[str] | None = None
    workers: frozenset[str] | None = None


class Deletion(NamedTuple):
    """A worklog or plan that is gone: its id, that of the Jira worklog (None for a plan), and when it went."""

    id: str
    jira_id: str | None
    at: str


class Window(NamedTuple):
    """How much of the feed: at most so many, those after a token of an earlier answer."""

    limit: int
    token: str | None = None


def check_may_read(actor: Actor, settings: Settings) -> None:
    """Raises ``Refused`` for whoever may not read what others did."""
    if settings["audit.readers"] == "everybody" or GlobalPermission.TEMPO_ADMINISTRATOR in actor.permissions:
        return
    raise Refused(f"{actor.name} is no Tempo Administrator")


def earliest(now: datetime) -> str:
    """The first moment that is still kept."""
    return seconds_before(now, int(timedelta(days=DAYS_KEPT).total_seconds()))


def search(store: Store, settings: Settings, wanted: Search, window: Window, now: datetime) -> tuple[list[Event], str | None]:
    """The asked part of the feed, and the token that continues it when there is more.

    Raises ``Invalid`` for a start before what is kept and for a token that nobody was given.
    """
    if wanted.start < earliest(now):
        raise Invalid(fields={"from": f"must be within the last {DAYS_KEPT} days."})
    authors = None if wanted.authors is None else _people(store, wanted.authors, lambda person: person.key)
    workers = None if wanted.workers is None else _people(store, wanted.workers, lambda person: person.id)
    order = settings["audit.order"] == "newest"
    asked = Wanted(wanted.start, wanted.end, authors, workers, _beside("nextPageToken", window.token), order)
    told = sources(wanted.entity_types, wanted.actions)
    found, token = _page(papertrail.page(store, told, asked, window.limit + 1), window.limit)
    return _events(store, found), token


def deletions(store: Store, entity_type: str, start: str, window: Window, now: datetime) -> tuple[list[Deletion], str | None]:
    """Worklogs or plans (``worklog``, ``allocation``) gone since a moment, the first ones first, and the key of the next page.

    Raises ``Invalid`` for a key that nobody was given.
    """
    asked = Wanted(max(start, earliest(now)), beside=_beside("lastEvaluatedKey", window.token))
    told = sources(frozenset({entity_type}), frozenset({DELETED}))
    found, token = _page(papertrail.page(store, told, asked, window.limit + 1), window.limit)
    gone = []
    for change in found:
        row = json.loads(change.before or "{}")
        gone.append(Deletion(str(row["id"]), str(row["jira_id"]) if "jira_id" in row else None, change.at))
    return gone, token


def _page(found: list[Change], limit: int) -> tuple[list[Change], str | None]:
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], urlsafe_b64encode(f"{last.at} {last.id}".encode()).decode().rstrip("=")


def _beside(name: str, token: str | None) -> tuple[str, int] | None:
    if token is None:
        return None
    try:
        at, _, number = urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode("ascii").partition(" ")
        parse_moment(at)
        if not (number.isdecimal() and len(number) < 19):
            raise ValueError(number)
    except (ValueError, binascii.Error):
        raise Invalid(fields={name: "is not one that was given out."}) from None
    return at, int(number)


def _people(store: Store, account_ids: frozenset[str], chosen: Callable[[people.Person], Any]) -> frozenset[Any]:
    """What is known of those people; nobody is known by an accountId that there is not."""
    found = (people.by_account_id(store, account_id) for account_id in account_ids)
    return frozenset(chosen(person) for person in found if person)


def _events(store: Store, found: Sequence[Change]) -> list[Event]:
    reading = _Reading(store, found)
    return [reading.event(change) for change in found]


class _Reading:
    """Changes turned into events, with what they have in common looked up once."""

    def __init__(self, store: Store, found: Sequence[Change]) -> None:
        self._store = store
        self._accounts: dict[int, str] = {}
        self._authors: dict[str, str] = {}
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
            self._author(change.who),
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
            self._accounts |= people.account_ids(self._store, [person_id])
        return self._accounts.get(person_id, UNKNOWN_USER)

    def _author(self, key: str) -> str:
        if key not in self._authors:
            person = people.by_key(self._store, key)
            self._authors[key] = person.account_id if person else UNKNOWN_USER
        return self._authors[key]


def _member_ids(change: Change) -> set[int]:
    return {json.loads(text)["member_id"] for text in (change.before, change.after) if text}
