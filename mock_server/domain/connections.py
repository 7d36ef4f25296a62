"""Connecting people to accounts at providers: for the organisation (Manage Staff) or by themselves (My Apps).

A person has a connection to a provider or a failure, never both; an attempt that succeeds ends the failure. Neither knows
of HTTP: what was asked of a provider is told in the outcome, for whoever writes the journal.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from mock_server.domain.attempts import Problem, account_of_login, check_app, found_account, meet_fault, refuse_taken
from mock_server.domain.gathering import gather
from mock_server.domain.providers.discovery import every, named
from mock_server.domain.providers.provider import FailureKind, Provider
from mock_server.errors import NotFound
from mock_server.moments import moment_text
from mock_server.storage import app_connections, provider_accounts, provider_contents
from mock_server.storage.app_connections import Connection, Failure
from mock_server.storage.people import Person
from mock_server.storage.provider_accounts import Account
from mock_server.storage.provider_contents import Item
from mock_server.storage.store import Store


class OutcomeKind(StrEnum):
    """What became of an attempt."""

    CONNECTED = "connected"
    ALREADY = "already"
    FAILED = "failed"


class Call(NamedTuple):
    """One call to a provider, for the journal: what was asked, and by which value it was sought; ``person`` is a login.

    ``status`` is that of HTTP, None when nothing came back. No secrets.
    """

    provider: str
    asked: str
    sought: tuple[str, str]
    person: str
    status: int | None
    text: str


class Outcome(NamedTuple):
    """What became of one attempt for one person.

    ``failure_kind`` is None unless it failed; ``text`` is a sentence for people. ``call`` is None when the provider was not
    asked.
    """

    person_id: int
    provider: str
    kind: OutcomeKind
    failure_kind: FailureKind | None
    text: str
    account_id: int | None
    call: Call | None


class Icon(NamedTuple):
    """A connection as lists show it; ``is_own`` tells that the person made it, ``connected_at`` is ISO 8601 in UTC."""

    provider: str
    title: str
    icon: str
    login: str
    is_own: bool
    connected_at: str


class Standing(NamedTuple):
    """What a list of people shows of somebody's apps."""

    icons: tuple[Icon, ...] = ()
    failures: tuple[Failure, ...] = ()


def connect(store: Store, provider: str, person: Person, now: datetime) -> Outcome:
    """Connect somebody for the organisation, by what is known of them. A failure is kept until an attempt succeeds.

    Somebody who is connected, also by themselves, is left as they are. Raises ``NotFound`` for an unknown provider.
    """
    service = named(provider)
    return _connect_for_organisation(store, service, person, now, None)


def connect_to(store: Store, provider: str, person: Person, login: str, now: datetime) -> Outcome:
    """Connect somebody for the organisation to the account with this login, as a map of people to accounts says.

    A connection of the organisation to another account is replaced; one that the person made stays. Nothing changes when
    it is that account already. An unknown login fails as ``MISMATCH``. Raises ``NotFound`` for an unknown provider.
    """
    service = named(provider)
    return _connect_for_organisation(store, service, person, now, login)


def connect_own(store: Store, provider: str, person: Person, login: str, now: datetime) -> Outcome:
    """Connect oneself to the account that one signs in to the provider with; it needs no app of the organisation.

    A connection by the organisation becomes one's own. A failure is told and not kept, as no administrator can act on it.
    Raises ``NotFound`` for an unknown provider.
    """
    service = named(provider)
    sought = ("login", login[:100])
    try:
        meet_fault(store, service, person)
        account = account_of_login(store, service, person, login)
        refuse_taken(store, service, person, account, is_own=True)
    except Problem as problem:
        return _failed(service, person, problem, sought)
    present = app_connections.get(store, person.id, provider)
    if present and present.account_id == account.id and present.is_own:
        return _done(service, person, account, OutcomeKind.ALREADY, sought)
    return _connected(store, service, person, account, now, sought, is_own=True)


def disconnect(store: Store, provider: str, person_id: int) -> None:
    """End somebody's connection, whoever made it. Raises ``NotFound`` when there is none, or no such provider."""
    service = named(provider)
    if not app_connections.remove(store, person_id, provider):
        raise NotFound(f"There is no connection to {service.title} to end.")


def disconnect_own(store: Store, provider: str, person_id: int) -> None:
    """End one's own connection, also when the organisation made it: people may leave. Raises ``NotFound``."""
    disconnect(store, provider, person_id)


def restore(store: Store, connection: Connection) -> None:
    """Make a connection again that was ended for an attempt to make another one, unless that or somebody else's was made."""
    is_made = app_connections.get(store, connection.person_id, connection.provider) is not None
    if not is_made and app_connections.of_account(store, connection.account_id) is None:
        app_connections.add(store, connection)
        gather(store, connection.provider, connection.person_id)


def own(store: Store, person_id: int) -> dict[str, Icon | None]:
    """Provider -> the person's connection to it, or None: what My Apps shows."""
    icons = {icon.provider: icon for icon in of_people(store, [person_id])[person_id].icons}
    return {key: icons.get(key) for key in every()}


def of_people(store: Store, person_ids: Iterable[int]) -> dict[int, Standing]:
    """Person -> their icons and failures, in the order of the providers; each of the people is there."""
    ids = list(person_ids)
    known = every()
    places = {key: place for place, key in enumerate(known)}
    icons: dict[int, list[Icon]] = {}
    failures: dict[int, list[Failure]] = {}
    connections = app_connections.of_people(store, ids)
    logins = provider_accounts.logins(store, (connection.account_id for connection in connections))
    for connection in connections:
        if connection.provider in known:
            login = logins[connection.account_id]
            service = known[connection.provider]
            icon = Icon(service.key, service.title, service.icon, login, bool(connection.is_own), connection.connected_at)
            icons.setdefault(connection.person_id, []).append(icon)
    for failure in app_connections.failures_of_people(store, ids):
        if failure.provider in known:
            failures.setdefault(failure.person_id, []).append(failure)
    return {
        one: Standing(
            tuple(sorted(icons.get(one, ()), key=lambda icon: places[icon.provider])),
            tuple(sorted(failures.get(one, ()), key=lambda failure: places[failure.provider])),
        )
        for one in ids
    }


def gathered(store: Store, person_id: int) -> list[Item]:
    """What Tempo has read for a person from every provider they are connected to, by time.

    Private items and free ones are left out, and for connections of the organisation what the app does not cover.
    """
    return provider_contents.gathered(store, person_id)


def _connect_for_organisation(store: Store, service: Provider, person: Person, now: datetime, login: str | None) -> Outcome:
    present = app_connections.get(store, person.id, service.key)
    if present is not None and (present.is_own or login is None):
        by = "by themselves" if present.is_own else "for the organisation"
        text = f"{person.display_name} is connected to {service.title} {by} already."
        return Outcome(person.id, service.key, OutcomeKind.ALREADY, None, text, present.account_id, None)
    sought = ("email", person.email) if login is None else ("login", login[:100])
    try:
        check_app(store, service, person, now)
        account = found_account(store, service, person) if login is None else account_of_login(store, service, person, login)
        refuse_taken(store, service, person, account, is_own=False)
    except Problem as problem:
        if present is None:
            failure = Failure(person.id, service.key, problem.kind, problem.text, problem.account_id, moment_text(now))
            app_connections.put_failure(store, failure)
        return _failed(service, person, problem, sought)
    if present is not None and present.account_id == account.id:
        return _done(service, person, account, OutcomeKind.ALREADY, sought)
    return _connected(store, service, person, account, now, sought, is_own=False)


def _connected(
    store: Store, service: Provider, person: Person, account: Account, now: datetime, sought: tuple[str, str], *, is_own: bool
) -> Outcome:
    app_connections.remove(store, person.id, service.key)
    app_connections.add(store, Connection(person.id, service.key, account.id, int(is_own), moment_text(now)))
    gather(store, service.key, person.id)
    return _done(service, person, account, OutcomeKind.CONNECTED, sought)


def _done(service: Provider, person: Person, account: Account, kind: OutcomeKind, sought: tuple[str, str]) -> Outcome:
    text = f"{person.display_name} is connected to the {service.title} account {account.login}."
    return Outcome(
        person.id, service.key, kind, None, text, account.id, Call(service.key, "accounts", sought, person.name, 200, text)
    )


def _failed(service: Provider, person: Person, problem: Problem, sought: tuple[str, str]) -> Outcome:
    call = None
    if problem.kind is not FailureKind.NOT_INSTALLED:
        call = Call(service.key, "accounts", sought, person.name, problem.status, problem.text)
    return Outcome(person.id, service.key, OutcomeKind.FAILED, problem.kind, problem.text, problem.account_id, call)
