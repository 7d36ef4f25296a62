"""Tempo's audit log as a feed of events, read from the audit trail of this world (vendor's OpenAPI of v4; help pages).

What was seeded is nobody's change and not in it. An event is a changed row; what belongs to that row and was changed with
it in one transaction, attribute values of a worklog for instance, is among its changes.
"""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from mock_server.access import Actor, GlobalPermission
from mock_server.domain.papertrail_events import Event, Reading
from mock_server.domain.papertrail_fields import DELETED
from mock_server.domain.papertrail_kinds import sources
from mock_server.errors import Invalid, Refused
from mock_server.moments import parse_moment, seconds_before
from mock_server.settings import Settings
from mock_server.storage import papertrail, people
from mock_server.storage.papertrail import Change, Wanted
from mock_server.storage.store import Store

DAYS_KEPT = 180


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
    asked = Wanted(wanted.start, wanted.end, authors, workers, beside("nextPageToken", window.token), order)
    told = sources(wanted.entity_types, wanted.actions)
    found, token = _page(papertrail.page(store, told, asked, window.limit + 1), window.limit)
    reading = Reading(store, found)
    return [reading.event(change) for change in found], token


def deletions(store: Store, entity_type: str, start: str, window: Window, now: datetime) -> tuple[list[Deletion], str | None]:
    """Worklogs or plans (``worklog``, ``allocation``) gone since a moment, the first ones first, and the key of the next page.

    Raises ``Invalid`` for a key that nobody was given.
    """
    asked = Wanted(max(start, earliest(now)), beside=beside("lastEvaluatedKey", window.token))
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
    return found[:limit], token_of(found[limit - 1])


def token_of(change: Change) -> str:
    """The token of the place beside a change."""
    return urlsafe_b64encode(f"{change.at} {change.id}".encode()).decode().rstrip("=")


def beside(name: str, token: str | None) -> tuple[str, int] | None:
    """Moment and id of the change that a token is of. Raises ``Invalid`` with the name of the field it stood in."""
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
