"""What a script need not say of a provider, as there is one answer only, or one that is as good as any."""

from collections import Counter
from itertools import count

from mock_server.domain.matching import folded
from mock_server.domain.providers.discovery import named
from mock_server.errors import Invalid
from mock_server.storage import provider_accounts, provider_contents, provider_states
from mock_server.storage.people import Person
from mock_server.storage.provider_accounts import Account, Folded
from mock_server.storage.store import Store


def own_account(store: Store, provider: str, person: Person) -> Account:
    """The account that somebody signs in with: the one with their e-mail address, hidden or not.

    Raises ``NotFound`` for an unknown provider, and ``Invalid`` unless there is one such account.
    """
    service = named(provider)
    email = folded(person.email)
    near = provider_accounts.near(store, provider, Folded("", "", email)) if email else []
    fitting = [one for one in near if folded(one.email) == email]
    if len(fitting) == 1:
        return fitting[0]
    found = f"several: {', '.join(one.login for one in fitting)}" if fitting else "none"
    raise Invalid(
        fields={"login": f"Say which {service.title} account it is; of those with the e-mail address {person.email} there "
                f"{'are' if fitting else 'is'} {found}."}
    )  # fmt: skip


def usual_owner(store: Store, provider: str) -> str | None:
    """The login that a key is made as: where an app covers only its own, that of whoever owns most; None elsewhere.

    Raises ``NotFound`` for an unknown provider.
    """
    service = named(provider)
    if not service.is_owned_only:
        return None
    owned = Counter(one.owner_account_id for one in provider_contents.containers(store, provider) if one.owner_account_id)
    logins = provider_accounts.logins(store, owned)
    return min(((-owned[one], login) for one, login in logins.items()), default=(0, None))[1]


def free_key_name(store: Store, provider: str) -> str:
    """A name that no key of the provider has. Raises ``NotFound``."""
    taken = {key.name for key in provider_states.keys(store, named(provider).key)}
    return next(name for name in (f"Key {number}" for number in count(1)) if name not in taken)
