"""What a provider is: all that the rest needs to know of one, so that one more is one more module beside this.

How things are done at connecting follows the help pages; the sentences are ours, as no text of the product is published.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from mock_server.errors import NotFound


class FailureKind(StrEnum):
    """Why somebody could not be connected. The help page names the first three."""

    NETWORK = "network"
    MISMATCH = "mismatch"
    INSUFFICIENT_PERMISSION = "insufficient-permission"
    NOT_INSTALLED = "not-installed"
    KEY_EXPIRED = "key-expired"
    AMBIGUOUS = "ambiguous"
    HIDDEN_EMAIL = "hidden-email"


class Way(StrEnum):
    """What of an account is compared with what of a person, in words for sentences."""

    EMAIL = "e-mail address"
    LOGIN = "login"
    NAME = "name"


class Prerequisite(NamedTuple):
    """Something that has to be so at the provider before its app is installed. ``how`` is a sentence: where to do that.

    With ``is_permission`` it is asked for again whenever somebody is connected, as it can be taken away.
    """

    key: str
    title: str
    how: str
    is_permission: bool = False


class Provider(NamedTuple):
    """One provider. ``place`` orders them, ``icon`` is a text of two letters, ``container`` what its items are in.

    ``ways`` tell how an account is found, tried in this order. ``kinds`` are the items that are read at connecting.
    ``chooses_containers`` tells that the app can be limited to some; with ``is_owned_only`` it covers those of the account
    whose key it works with. ``has_map`` tells that people can be mapped to accounts by a file. ``account_access`` is a
    sentence: where access to one ``{account}`` is granted. ``sentences`` replace those of ``SENTENCES``.
    """

    key: str
    title: str
    place: int
    icon: str
    container: str
    prerequisites: tuple[Prerequisite, ...]
    ways: tuple[Way, ...]
    kinds: tuple[str, ...]
    account_access: str
    chooses_containers: bool = False
    is_owned_only: bool = False
    has_map: bool = False
    sentences: Mapping[FailureKind, str] = MappingProxyType({})

    def prerequisite(self, key: str) -> Prerequisite:
        """By key. Raises ``NotFound`` naming those that there are."""
        for known in self.prerequisites:
            if known.key == key:
                return known
        keys = ", ".join(known.key for known in self.prerequisites)
        raise NotFound(f"{self.title} has no prerequisite {key[:100]}; it has {keys}.")

    def sentence(self, kind: FailureKind, **facts: str) -> str:
        """Why somebody was not connected, and what to do about it. ``facts`` fill the places of the sentence."""
        return (self.sentences.get(kind) or SENTENCES[kind]).format(title=self.title, **facts)


SENTENCES: Mapping[FailureKind, str] = MappingProxyType(
    {
        FailureKind.NETWORK: (
            "{title} could not be reached: the connection broke off before it answered for {email}. "
            "Nothing was changed; connect {name} again."
        ),
        FailureKind.MISMATCH: (
            "No {title} account has the e-mail address {email}. Give the account of {name} this address in {title}, or correct "
            "the address in Jira, and connect again."
        ),
        FailureKind.INSUFFICIENT_PERMISSION: "The app lacks a permission in {title} to connect {name}. {how}",
        FailureKind.NOT_INSTALLED: (
            "The app of {title} is not installed for the organisation, so {name} was not looked for. "
            "Install it in Apps, and connect again."
        ),
        FailureKind.KEY_EXPIRED: (
            "{title} refused the key{key}. Make a new key in {title}, give it to the app in Apps, and connect {name} again."
        ),
        FailureKind.AMBIGUOUS: (
            "{title} has no single account for {name}: {accounts}. Leave {email} with one account only, and connect again."
        ),
        FailureKind.HIDDEN_EMAIL: (
            "No {title} account shows the e-mail address {email}; {account} hides its address. "
            "Ask {name} to show it in {title}, and connect again."
        ),
    }
)
"""Kind of failure -> its text. The places are title, name, email, login, account, accounts, key and how."""
