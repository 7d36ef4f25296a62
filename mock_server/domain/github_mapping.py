"""Mapping people to accounts of GitHub by a file: who is in it, and what an upload changes (help page on connecting)."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from mock_server.access import Actor
from mock_server.domain import apps, github_map
from mock_server.domain.connections import Outcome, OutcomeKind, connect_to, restore
from mock_server.domain.github_map import Holder, Line
from mock_server.errors import Invalid
from mock_server.storage import app_connections, people, provider_accounts
from mock_server.storage.store import Store

GITHUB = "github"


class Mapped(NamedTuple):
    """What an upload has done, row by row."""

    outcomes: tuple[Outcome, ...]

    def count(self, kind: OutcomeKind) -> int:
        """How many rows ended so."""
        return sum(outcome.kind is kind for outcome in self.outcomes)


def lines(store: Store, person_ids: Collection[int]) -> list[Line]:
    """A line without login for each of these people whose last attempt to connect with GitHub failed, by name.

    Raises ``Invalid`` when that is none of them.
    """
    failed = {one.person_id for one in app_connections.failures_of_people(store, person_ids) if one.provider == GITHUB}
    if not failed:
        raise Invalid(
            "None of the selected people has failed to connect with GitHub. "
            "Filter by Failed App Integration, select them, and choose Manually map with Github again."
        )
    return [Line(one.account_id, one.display_name, one.email) for one in people.named_by_ids(store, failed)]


def apply(store: Store, data: bytes, actor: Actor, now: datetime) -> Mapped:
    """Connect the people of an upload with the accounts that it names, all of them or, when a row is wrong, none.

    A row that says what is so already changes nothing. Raises ``Refused`` unless the actor is a Tempo Administrator,
    ``Invalid`` when the app is not installed, and as ``github_map.read``, with a message for each wrong row.
    """
    apps.check_right(actor)
    if GITHUB not in {provider.key for provider in apps.installed(store)}:
        raise Invalid(
            "The app of GitHub is not installed for the organisation. Install it in Apps, then upload the file again."
        )
    by_account = {person.account_id: person for person in people.every(store)}
    by_id = {person.id: person for person in by_account.values()}
    accounts = provider_accounts.page(store, GITHUB, 0, -1)
    login_of = {account.id: account.login for account in accounts}
    present = {by_id[one.person_id].account_id: one for one in app_connections.of_provider(store, GITHUB)}
    taken = {
        login_of[one.account_id]: Holder(account_id, by_id[one.person_id].display_name, bool(one.is_own))
        for account_id, one in present.items()
    }
    logins = [account.login for account in accounts if account.is_accessible]
    pairs = github_map.read(data, by_account.keys(), logins, taken)
    # Two people may have been mixed up: an account is free before somebody else of the file gets it.
    holders = {pair.account_id: taken[pair.login].account_id for pair in pairs if pair.login in taken}
    freed = {holder: present[holder] for account_id, holder in holders.items() if holder != account_id}
    for connection in freed.values():
        app_connections.remove(store, connection.person_id, GITHUB)
    outcomes = tuple(connect_to(store, GITHUB, by_account[pair.account_id], pair.login, now) for pair in pairs)
    for connection in freed.values():
        restore(store, connection)
    return Mapped(outcomes)
