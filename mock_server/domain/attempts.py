"""One attempt to connect somebody, step by step; whatever is in the way ends it with a ``Problem``.

The steps stand in the order in which the product must meet them: the app, the way to the provider, the key, the permission,
whether there is an account for the person, and whether the app may read that.
"""

from datetime import datetime
from types import MappingProxyType

from mock_server.domain.matching import Sought, folded, match
from mock_server.domain.providers.provider import FailureKind, Provider, Way
from mock_server.moments import moment_text
from mock_server.storage import app_connections, apps, people, provider_accounts, provider_states
from mock_server.storage.people import Person
from mock_server.storage.provider_accounts import Account, Folded
from mock_server.storage.store import Store

_STATUS = MappingProxyType(
    {
        FailureKind.NETWORK: None,
        FailureKind.MISMATCH: 404,
        FailureKind.HIDDEN_EMAIL: 404,
        FailureKind.INSUFFICIENT_PERMISSION: 403,
        FailureKind.KEY_EXPIRED: 401,
        FailureKind.AMBIGUOUS: 200,
        FailureKind.NOT_INSTALLED: None,
    }
)


class Problem(Exception):  # noqa: N818 - a fact about an attempt
    """Why an attempt failed: kind, text for people, and the account that was found, where one was."""

    def __init__(self, kind: FailureKind, text: str, account_id: int | None = None) -> None:
        super().__init__(text)
        self.kind, self.text, self.account_id = kind, text, account_id

    @property
    def status(self) -> int | None:
        """The status of HTTP that the provider answered with, or None when it did not."""
        return _STATUS[self.kind]


def check_app(store: Store, service: Provider, person: Person, now: datetime) -> None:
    """Raises ``Problem`` unless the app is installed, the provider is reached, and key and permissions are good."""
    app = apps.get(store, service.key)
    if app is None:
        raise _problem(FailureKind.NOT_INSTALLED, service, person)
    meet_fault(store, service, person)
    key = None if app.key_id is None else provider_states.key(store, app.key_id)
    if key is None:
        raise _problem(FailureKind.KEY_EXPIRED, service, person, key="; there is none any more")
    if key.revoked_at is not None:
        raise _problem(FailureKind.KEY_EXPIRED, service, person, key=f" {key.name}, which was revoked on {key.revoked_at[:10]}")
    if key.expires_at <= moment_text(now):
        raise _problem(FailureKind.KEY_EXPIRED, service, person, key=f" {key.name}, which expired on {key.expires_at[:10]}")
    met = provider_states.met(store, service.key)
    lacking = [one.how for one in service.prerequisites if one.is_permission and one.key not in met]
    if lacking:
        raise _problem(FailureKind.INSUFFICIENT_PERMISSION, service, person, how=" ".join(lacking))


def meet_fault(store: Store, service: Provider, person: Person) -> None:
    """Raises ``Problem`` when a fault is armed for the person, and counts it."""
    fault = provider_states.fault_for(store, service.key, person.id)
    if fault is not None:
        provider_states.use_fault(store, fault)
        raise _problem(FailureKind(fault.kind), service, person)


def found_account(store: Store, service: Provider, person: Person) -> Account:
    """The account that is found by what is known of the person. Raises ``Problem`` without exactly one that may be read."""
    sought = Sought(person.email, person.name, person.display_name)
    folds = Folded(folded(sought.login), folded(sought.name), folded(sought.email))
    verdict = match(sought, service.ways, provider_accounts.near(store, service.key, folds))
    if verdict.account is not None:
        return _readable(service, person, verdict.account)
    logins = ", ".join(account.login for account in verdict.found)
    if verdict.problem is FailureKind.AMBIGUOUS:
        shared = {Way.EMAIL: person.email, Way.LOGIN: person.name, Way.NAME: person.display_name}[verdict.way or Way.EMAIL]
        raise _problem(FailureKind.AMBIGUOUS, service, person, accounts=f"{logins} have the {verdict.way} {shared}")
    hiding = [account.id for account in verdict.found]
    raise _problem(
        verdict.problem or FailureKind.MISMATCH, service, person, hiding[0] if len(hiding) == 1 else None, account=logins
    )


def account_of_login(store: Store, service: Provider, person: Person, login: str) -> Account:
    """The account with a login. Raises ``Problem`` without one that may be read."""
    account = provider_accounts.by_login(store, service.key, folded(login))
    if account is None:
        text = f"No {service.title} account has the login {login[:100]}. Correct it and connect again."
        raise Problem(FailureKind.MISMATCH, text)
    return _readable(service, person, account)


def refuse_taken(store: Store, service: Provider, person: Person, account: Account, *, is_own: bool) -> None:
    """Raises ``Problem`` when somebody else is connected to the account; whoever does it for themselves has another way out."""
    holder = app_connections.of_account(store, account.id)
    if holder is None or holder.person_id == person.id:
        return
    if is_own:
        text = (
            f"The {service.title} account {account.login} is connected to somebody else already. Check the login; if the "
            "account is yours, ask a Tempo Administrator."
        )
        raise Problem(FailureKind.AMBIGUOUS, text, account.id)
    other = people.get(store, holder.person_id)
    name = other.display_name if other else "somebody else"
    # Only they can end their connection, and a map file that gives them another account.
    text = (
        f"The {service.title} account {account.login} is connected to {name} already, and an account is one person's. "
        f"If it belongs to {person.display_name}, ask {name} to disconnect it in My Apps, and connect again."
    )
    raise Problem(FailureKind.AMBIGUOUS, text, account.id)


def _readable(service: Provider, person: Person, account: Account) -> Account:
    if account.is_accessible:
        return account
    how = service.account_access.format(account=account.login)
    raise _problem(FailureKind.INSUFFICIENT_PERMISSION, service, person, account.id, how=how)


def _problem(kind: FailureKind, service: Provider, person: Person, account_id: int | None = None, **facts: str) -> Problem:
    # What a fault leaves open is said in general.
    told = {
        "name": person.display_name,
        "email": person.email,
        "login": person.name,
        "account": "an account",
        "accounts": "several accounts fit",
        "key": " of the app",
        "how": " ".join(one.how for one in service.prerequisites if one.is_permission),
    } | facts
    return Problem(kind, service.sentence(kind, **told), account_id)
