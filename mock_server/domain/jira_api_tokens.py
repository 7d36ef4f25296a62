"""API tokens of Jira Cloud: with the owner's e-mail address they log in, as their owner at the time of the call."""

from mock_server.access import Actor
from mock_server.domain.logins import actor_of, hash_token, is_password
from mock_server.errors import NotLoggedIn
from mock_server.storage import jira_api_tokens, people
from mock_server.storage.people import Person
from mock_server.storage.store import Store


def actor(store: Store, person: Person) -> Actor:
    """The person as somebody who calls Jira Cloud, where an accountId is who they are."""
    found = actor_of(store, person)
    return Actor(found.person_id, found.name, found.key, found.permissions, person.account_id)


def acting_as(store: Store, person_id: int) -> Actor:
    """Somebody active as if they had logged in: for calls made inside this process. Raises ``NotLoggedIn``."""
    person = people.get(store, person_id)
    if person is None or not person.active:
        raise NotLoggedIn(f"{person.name if person else person_id} is deactivated or gone", rejected=True)
    return actor(store, person)


def owner(store: Store, text: str) -> Person | None:
    """The active owner of a token, or None."""
    person_id = jira_api_tokens.owner_id(store, hash_token(text))
    person = people.get(store, person_id) if person_id is not None else None
    return person if person and person.active else None


def by_email(store: Store, email: str, text: str) -> Person | None:
    """The active owner of a token when the e-mail address is theirs, in any case; or None."""
    person = owner(store, text)
    return person if person and person.email.lower() == email.lower() else None


def is_account_password(store: Store, email: str, password: str) -> bool:
    """Whether the password is that of somebody with this e-mail address, which Jira Cloud refuses to take."""
    return any(is_password(password, stored) for stored in jira_api_tokens.password_hashes(store, email))
