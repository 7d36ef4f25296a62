"""Which account of a provider is whose. Pure: values in, a verdict out.

The e-mail address decides, in any case. Where a provider knows more ways they are tried one after the other, until one finds
somebody. An account that hides its address is not found by it.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from mock_server.domain.providers.provider import FailureKind, Way
from mock_server.storage.provider_accounts import Account


class Sought(NamedTuple):
    """What is known of a person: e-mail address, login in Jira, display name."""

    email: str
    login: str
    name: str


class Match(NamedTuple):
    """The account that is theirs; or else what was wrong, and the accounts that had to do with it.

    ``way`` is what found them, None when nothing did.
    """

    account: Account | None
    problem: FailureKind | None
    found: tuple[Account, ...]
    way: Way | None


def folded(text: str) -> str:
    """The form in which addresses, logins and names are compared: without case, and with one spelling for each character."""
    # Casefolding can undo the composition, so that comes last.
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold()).strip()


def match(sought: Sought, ways: Sequence[Way], candidates: Iterable[Account]) -> Match:
    """The account of a person among these, by the first way that finds any.

    Two found by one way are ambiguous, and no later way decides between them. When nothing is found, an account with the
    hidden address of the person makes it ``HIDDEN_EMAIL`` and not ``MISMATCH``.
    """
    among = list(candidates)
    for way in ways:
        found = tuple(one for one in among if _fits(way, sought, one))
        if len(found) == 1:
            return Match(found[0], None, found, way)
        if found:
            return Match(None, FailureKind.AMBIGUOUS, found, way)
    hiding = tuple(one for one in among if one.is_email_hidden and _same(sought.email, one.email))
    return Match(None, FailureKind.HIDDEN_EMAIL if hiding else FailureKind.MISMATCH, hiding, None)


def _fits(way: Way, sought: Sought, account: Account) -> bool:
    if way is Way.EMAIL:
        return not account.is_email_hidden and _same(sought.email, account.email)
    if way is Way.LOGIN:
        return _same(sought.login, account.login)
    return _same(sought.name, account.display_name)


def _same(one: str, other: str) -> bool:
    wanted = folded(one)
    return bool(wanted) and wanted == folded(other)
