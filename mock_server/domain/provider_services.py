"""What an administrator of a provider does on the provider's own side: prerequisites, keys, accounts, contents, and faults.

What Tempo gathers follows every change of it, as the product reads again and again.
"""

import secrets
from datetime import datetime
from typing import NamedTuple

from mock_server.domain.gathering import gather
from mock_server.domain.logins import hash_token
from mock_server.domain.matching import folded
from mock_server.domain.providers.discovery import named
from mock_server.domain.providers.provider import FailureKind, Prerequisite
from mock_server.errors import Conflict, Invalid, NotFound
from mock_server.moments import days_after, moment_text
from mock_server.storage import app_connections, people, provider_accounts, provider_contents, provider_states
from mock_server.storage.provider_accounts import Account, Folded
from mock_server.storage.provider_contents import Container, Item
from mock_server.storage.provider_states import Fault, Key
from mock_server.storage.store import Store

KEY_DAYS = 365
"""How long a key lasts unless it is said otherwise."""

MOST_KEY_DAYS = 3650
LONGEST_NAME = 255
LONGEST_EMAIL = 254


class MadeKey(NamedTuple):
    """A key with its text, which nobody is told again."""

    key: Key
    text: str


def prerequisites(store: Store, provider: str) -> list[tuple[Prerequisite, bool]]:
    """Each prerequisite of a provider's app, and whether it is met. Raises ``NotFound``."""
    met = provider_states.met(store, named(provider).key)
    return [(one, one.key in met) for one in named(provider).prerequisites]


def set_prerequisite(store: Store, provider: str, prerequisite: str, is_met: bool) -> None:
    """Meet a prerequisite, or take it away: an installed app stays, and fails where that was a permission.

    Raises ``NotFound`` for an unknown provider or prerequisite.
    """
    provider_states.put(store, provider, named(provider).prerequisite(prerequisite).key, is_met)


def keys(store: Store, provider: str) -> list[Key]:
    """The keys of a provider, without their texts. Raises ``NotFound``."""
    return provider_states.keys(store, named(provider).key)


def make_key(
    store: Store, provider: str, name: str, now: datetime, *, days: int = KEY_DAYS, login: str | None = None
) -> MadeKey:
    """A new key, valid for so many days; ``login`` is the account that it is made as, where the app covers only its own.

    Raises ``NotFound`` for an unknown provider, ``Conflict`` for a name in use, and ``Invalid`` for a blank or long name, a
    number of days out of range, an unknown login, and without one where it takes one.
    """
    service = named(provider)
    _check_text("name", name, LONGEST_NAME)
    if not 1 <= days <= MOST_KEY_DAYS:
        raise Invalid(fields={"days": f"A key lasts 1 to {MOST_KEY_DAYS} days."})
    account = None
    if login is not None:
        account = provider_accounts.by_login(store, provider, folded(login))
        if account is None:
            raise Invalid(fields={"login": f"No {service.title} account has the login {login[:100]}."})
    elif service.is_owned_only:
        raise Invalid(
            fields={"login": f"Name the {service.title} account that the key is made as; the app covers what it owns."}
        )
    if provider_states.key_by_name(store, provider, name) is not None:
        raise Conflict(f"{service.title} has a key named {name} already.")
    text = f"{provider}-{secrets.token_urlsafe(32)}"
    key = Key(0, provider, account and account.id, name, moment_text(now), moment_text(days_after(now, days)), None)
    return MadeKey(key._replace(id=provider_states.add_key(store, key, hash_token(text))), text)


def revoke_key(store: Store, provider: str, key_id: int, now: datetime) -> None:
    """A key is worth nothing from now on. Raises ``NotFound``; one that was revoked before stays so."""
    service = named(provider)
    key = provider_states.key(store, key_id)
    if key is None or key.provider != provider:
        raise NotFound(f"{service.title} has no key {key_id}.")
    provider_states.revoke_key(store, key_id, moment_text(now))


def accounts(store: Store, provider: str, offset: int = 0, limit: int = 50, search: str = "") -> tuple[list[Account], int]:
    """Accounts of a provider by login whose login, name or e-mail address holds a text, and how many there are.

    Raises ``NotFound``.
    """
    key, text = named(provider).key, folded(search)
    return provider_accounts.page(store, key, offset, limit, text), provider_accounts.count(store, key, text)


def account(store: Store, provider: str, login: str) -> Account:
    """By login, in any case. Raises ``NotFound``."""
    service = named(provider)
    found = provider_accounts.by_login(store, provider, folded(login))
    if found is None:
        raise NotFound(f"No {service.title} account has the login {login[:100]}.")
    return found


def account_with(store: Store, provider: str, account_id: int) -> Account:
    """By row id. Raises ``NotFound``."""
    service = named(provider)
    found = provider_accounts.get(store, account_id)
    if found is None or found.provider != provider:
        raise NotFound(f"{service.title} has no such account.")
    return found


def add_account(
    store: Store,
    provider: str,
    login: str,
    display_name: str,
    email: str,
    *,
    is_email_hidden: bool = False,
    is_accessible: bool = True,
) -> Account:
    """One more account. Raises ``NotFound``, ``Conflict`` for a login in use, ``Invalid`` for a text that is blank or long."""
    named(provider)
    new = Account(0, provider, login, display_name, email, int(is_email_hidden), int(is_accessible))
    _check_account(store, new)
    return new._replace(id=provider_accounts.add(store, new, folds(new)))


def change_account(
    store: Store,
    provider: str,
    login: str,
    *,
    display_name: str | None = None,
    email: str | None = None,
    is_email_hidden: bool | None = None,
    is_accessible: bool | None = None,
    new_login: str | None = None,
) -> Account:
    """Change what is given of an account; a connection to it stays. Raises as ``account`` and ``add_account``."""
    before = account(store, provider, login)
    changed = Account(
        before.id,
        provider,
        before.login if new_login is None else new_login,
        before.display_name if display_name is None else display_name,
        before.email if email is None else email,
        before.is_email_hidden if is_email_hidden is None else int(is_email_hidden),
        before.is_accessible if is_accessible is None else int(is_accessible),
    )
    _check_account(store, changed)
    provider_accounts.update(store, changed, folds(changed))
    return changed


def remove_account(store: Store, provider: str, login: str) -> None:
    """An account is there no more, nor is a connection to it. Raises ``NotFound``."""
    provider_accounts.remove(store, account(store, provider, login).id)


def folds(of: Account) -> Folded:
    """The texts of an account in the form in which they are compared."""
    return Folded(folded(of.login), folded(of.display_name), folded(of.email))


def containers(store: Store, provider: str) -> list[Container]:
    """Repositories, projects or calendars, by name. Raises ``NotFound``."""
    return provider_contents.containers(store, named(provider).key)


def add_container(store: Store, provider: str, name: str, owner_login: str | None = None) -> Container:
    """One more. Raises ``NotFound`` for an unknown provider or owner, ``Conflict`` for a name in use, and ``Invalid``."""
    service = named(provider)
    _check_text("name", name, LONGEST_NAME)
    owner = None if owner_login is None else account(store, provider, owner_login).id
    if provider_contents.container_by_name(store, provider, name) is not None:
        raise Conflict(f"{service.title} has a {service.container} named {name} already.")
    new = Container(0, provider, service.container, name, owner)
    return new._replace(id=provider_contents.add_container(store, new))


def add_item(
    store: Store,
    provider: str,
    login: str,
    container: str,
    kind: str,
    title: str,
    starts_at: datetime,
    ends_at: datetime | None = None,
    *,
    is_private: bool = False,
    is_free: bool = False,
) -> Item:
    """One more item of an account in a container, by name.

    Raises ``NotFound`` for an unknown provider, account or container, and ``Invalid`` for a kind that the provider has not, a
    blank title, and an end before the beginning.
    """
    service = named(provider)
    owner = account(store, provider, login)
    found = provider_contents.container_by_name(store, provider, container)
    if found is None:
        raise NotFound(f"{service.title} has no {service.container} named {container[:100]}.")
    if kind not in service.kinds:
        raise Invalid(fields={"kind": f"An item of {service.title} is one of {', '.join(service.kinds)}."})
    _check_text("title", title, LONGEST_NAME)
    if ends_at is not None and ends_at < starts_at:
        raise Invalid(fields={"endsAt": "An item does not end before it begins."})
    ends = None if ends_at is None else moment_text(ends_at)
    new = Item(0, provider, owner.id, found.id, kind, title, moment_text(starts_at), ends, int(is_private), int(is_free))
    added = new._replace(id=provider_contents.add_item(store, new))
    _gather_for(store, added)
    return added


def mark_item(store: Store, provider: str, item_id: int, *, is_private: bool, is_free: bool) -> None:
    """Make an item private or free, or neither: such items are gathered for nobody. Raises ``NotFound``."""
    item = _item(store, provider, item_id)
    provider_contents.mark_item(store, item_id, is_private, is_free)
    _gather_for(store, item)


def remove_item(store: Store, provider: str, item_id: int) -> None:
    """An item is there no more, and gathered no more. Raises ``NotFound``."""
    provider_contents.remove_item(store, _item(store, provider, item_id).id)


def faults(store: Store, provider: str) -> list[Fault]:
    """What is armed at a provider. Raises ``NotFound``."""
    return provider_states.faults(store, named(provider).key)


def arm_fault(store: Store, provider: str, kind: str, person_id: int | None = None, times: int | None = None) -> Fault:
    """Let attempts to connect fail in a way: of one person or of each, so many times or always.

    Raises ``NotFound`` for an unknown provider or person, and ``Invalid`` for an unknown kind and fewer times than one.
    """
    named(provider)
    if kind not in tuple(FailureKind):
        raise Invalid(fields={"kind": f"An attempt fails as one of {', '.join(FailureKind)}."})
    if times is not None and not 1 <= times < 2**31:
        raise Invalid(fields={"times": "It is met once at least; leave it out for always."})
    if person_id is not None and people.get(store, person_id) is None:
        raise NotFound(f"There is no person {person_id}.")
    fault = Fault(0, provider, kind, person_id, times)
    return fault._replace(id=provider_states.add_fault(store, fault))


def disarm_faults_for(store: Store, provider: str, person_id: int | None) -> int:
    """Disarm those of one person, or with None those of each; answers how many there were. Raises ``NotFound``."""
    return provider_states.remove_faults_for(store, named(provider).key, person_id)


def disarm_faults(store: Store, provider: str) -> int:
    """Disarm all of a provider; answers how many there were. Raises ``NotFound``."""
    return provider_states.remove_faults(store, named(provider).key)


def _item(store: Store, provider: str, item_id: int) -> Item:
    service = named(provider)
    item = provider_contents.item(store, item_id)
    if item is None or item.provider != provider:
        raise NotFound(f"{service.title} has no item {item_id}.")
    return item


def _gather_for(store: Store, item: Item) -> None:
    holder = app_connections.of_account(store, item.account_id)
    if holder is not None:
        gather(store, item.provider, holder.person_id)


def _check_account(store: Store, wanted: Account) -> None:
    _check_text("login", wanted.login, LONGEST_NAME)
    _check_text("displayName", wanted.display_name, LONGEST_NAME)
    if len(wanted.email) > LONGEST_EMAIL or not wanted.email.isprintable():
        raise Invalid(fields={"email": f"An e-mail address has {LONGEST_EMAIL} printable characters at most."})
    same = provider_accounts.by_login(store, wanted.provider, folded(wanted.login))
    if same is not None and same.id != wanted.id:
        raise Conflict(f"{named(wanted.provider).title} has an account with the login {wanted.login} already.")


def _check_text(field: str, text: str, most: int) -> None:
    if not text.strip() or len(text) > most or not text.isprintable():
        raise Invalid(fields={field: f"It needs 1 to {most} printable characters, and not only spaces."})
