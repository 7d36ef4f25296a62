"""Tokens of Tempo Cloud: made, renamed, regenerated and deleted by their owner alone (help pages on API Integration).

A token acts as its owner at the time of the call, within the scopes it was made with. Its text is told once.
"""

import secrets
from collections.abc import Callable, Collection, Hashable
from datetime import datetime, timedelta
from typing import NamedTuple

from mock_server.access import GRANTABLE_SCOPES, Actor
from mock_server.domain import oauth_grants
from mock_server.domain.logins import actor_of, hash_token
from mock_server.domain.people import find
from mock_server.errors import Invalid, NotFound, NotLoggedIn
from mock_server.moments import moment_text, parse_any_moment
from mock_server.storage import api_tokens, people
from mock_server.storage.api_tokens import ApiToken
from mock_server.storage.people import Person
from mock_server.storage.store import Store

DEFAULT_DAYS = 30
MOST_DAYS = 5000


class Issued(NamedTuple):
    """A token with its text, which nobody is told again."""

    token: ApiToken
    text: str


def create(store: Store, owner: Person, name: str, days: int | None, scopes: Collection[str] | None, now: datetime) -> Issued:
    """A new token of the owner's. ``days`` None is thirty; ``scopes`` None is Full access, all scopes there are now.

    Raises ``Invalid`` for a blank name, days outside 1 to 5000, no scope or an unknown one.
    """
    lasting = DEFAULT_DAYS if days is None else days
    if not name.strip():
        raise Invalid(fields={"name": "A token needs a name."})
    if not 1 <= lasting <= MOST_DAYS:
        raise Invalid(fields={"days": f"A token lasts 1 to {MOST_DAYS} days."})
    if scopes is not None and not scopes:
        raise Invalid(fields={"scopes": "Custom access needs at least one scope."})
    unknown = sorted(set(scopes or ()) - GRANTABLE_SCOPES)
    if unknown:
        known = ", ".join(sorted(GRANTABLE_SCOPES))
        raise Invalid(fields={"scopes": f"There is no scope {', '.join(unknown)}; there are {known}."})
    chosen = " ".join(sorted(GRANTABLE_SCOPES if scopes is None else set(scopes)))
    access = "full" if scopes is None else "custom"
    begins, ends = moment_text(now), _end(now, lasting)
    text = secrets.token_urlsafe(27)
    token = ApiToken(0, owner.id, name, access, chosen, lasting, begins, ends)
    token_id = api_tokens.add(store, token, hash_token(text))
    return Issued(token._replace(id=token_id), text)


def owner_named(store: Store, reference: str | None) -> Person:
    """The person whose tokens are meant, by login name or user key.

    Raises ``Invalid`` when nobody is named, and ``NotFound`` with the nearest name when there is nobody of this one.
    """
    if not reference:
        raise Invalid("Name the person whose token it is.")
    owner = find(store, reference)
    if owner is None:
        # Imported where a name is wrong: start-up time is a feature.
        from difflib import get_close_matches

        near = get_close_matches(reference, [person.name for person in people.every(store)], n=1, cutoff=0.5)
        raise NotFound(f"There is no person named {reference}.{f' Did you mean {near[0]}?' if near else ''}")
    return owner


def of_owner(store: Store, owner_id: int) -> list[ApiToken]:
    """The owner's tokens, active and expired; nobody else sees them, administrators neither."""
    return api_tokens.of_person(store, owner_id)


def get(store: Store, owner_id: int, token_id: int) -> ApiToken:
    """One of the owner's tokens. Raises ``NotFound``, also for a token of somebody else."""
    token = api_tokens.get(store, token_id)
    if token is None or token.person_id != owner_id:
        own = ", ".join(str(token.id) for token in of_owner(store, owner_id))
        raise NotFound(f"This person has no token with the id {token_id}; {f'theirs are {own}' if own else 'they have none'}.")
    return token


def is_expired(token: ApiToken, now: datetime) -> bool:
    """Whether the token's time is over."""
    return token.expires_at <= moment_text(now)


def rename(store: Store, token: ApiToken, name: str) -> ApiToken:
    """Give a token another name. Raises ``Invalid`` for a blank one."""
    if not name.strip():
        raise Invalid(fields={"name": "A token needs a name."})
    api_tokens.rename(store, token.id, name)
    return token._replace(name=name)


def regenerate(store: Store, token: ApiToken, now: datetime) -> Issued:
    """Another text for the same token; the old one is worth nothing from now on. Scopes stay, the days start anew.

    Raises ``Invalid`` when the token has expired.
    """
    if is_expired(token, now):
        raise Invalid(f"The token {token.name} has expired; make a new one.")
    text = secrets.token_urlsafe(27)
    ends = _end(now, token.days)
    api_tokens.renew(store, token.id, hash_token(text), ends)
    return Issued(token._replace(expires_at=ends), text)


def remove(store: Store, token: ApiToken) -> None:
    """Revoke a token."""
    api_tokens.remove(store, token.id)


def _at_once(name: Hashable, work_out: Callable[[], tuple[Actor, datetime]]) -> tuple[Actor, datetime]:
    return work_out()


def authenticate(
    store: Store,
    text: str,
    now: datetime,
    remember: Callable[[Hashable, Callable[[], tuple[Actor, datetime]]], tuple[Actor, datetime]] = _at_once,
) -> Actor:
    """Whoever a token stands for now, limited to its scopes: a token of their own, or an access token of OAuth.

    ``remember`` keeps that by name until the world changes.

    Raises ``NotLoggedIn`` for an unknown or expired token and for one whose owner is deactivated; the message is for the
    console, a client is told one and the same thing.
    """
    token_hash = hash_token(text)
    actor, ends = remember(("token", token_hash), lambda: _owner(store, token_hash))
    if ends <= now:
        raise NotLoggedIn(f"the token of {actor.name} expired at {moment_text(ends)}", rejected=True)
    return actor


def _owner(store: Store, token_hash: str) -> tuple[Actor, datetime]:
    """Whoever a token stands for as long as it lasts, and until when that is."""
    token = api_tokens.by_hash(store, token_hash)
    if token is None:
        granted = oauth_grants.owner_of(store, token_hash)
        if granted is None:
            raise NotLoggedIn("unknown token", rejected=True)
        return granted
    owner = people.get(store, token.person_id)
    if owner is None or not owner.active:
        raise NotLoggedIn(f"the owner of the token {token.name} is deactivated", rejected=True)
    actor = actor_of(store, owner)
    scopes = frozenset(token.scopes.split())
    found = Actor(actor.person_id, actor.name, actor.key, actor.permissions, owner.account_id, scopes)
    return found, parse_any_moment(token.expires_at)


def acting_as(store: Store, person_id: int) -> Actor:
    """Somebody active as if they called with a token of Full access: for calls made inside this process, which need none.

    Raises ``NotLoggedIn`` when there is nobody, or nobody active.
    """
    person = people.get(store, person_id)
    if person is None or not person.active:
        raise NotLoggedIn(f"{person.name if person else person_id} is deactivated or gone", rejected=True)
    actor = actor_of(store, person)
    return Actor(actor.person_id, actor.name, actor.key, actor.permissions, person.account_id, GRANTABLE_SCOPES)


def _end(now: datetime, days: int) -> str:
    try:
        return moment_text(now + timedelta(days=days))
    except OverflowError:
        raise Invalid(fields={"days": "The token would last beyond the year 9999."}) from None
