"""Which account is whose: tables of the rule, and what holds for any accounts at all."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.domain.matching import Sought, folded, match
from mock_server.domain.providers.provider import FailureKind, Way
from mock_server.storage.provider_accounts import Account

BOB = Sought("bob@example.org", "bob", "Bob Johnson")
EMAIL_ONLY = (Way.EMAIL,)
ALL = (Way.EMAIL, Way.LOGIN, Way.NAME)


def account(number: int, login: str = "x", name: str = "X", email: str = "x@example.org", hidden: int = 0) -> Account:
    return Account(number, "any", login, name, email, hidden, 1)


BY_EMAIL = account(1, "b", "B", "bob@example.org")
SHOUTING = account(2, "c", "C", "BOB@Example.ORG")
HIDING = account(3, "d", "D", "bob@example.org", 1)
BY_LOGIN = account(4, "Bob", "E", "e@example.org")
BY_NAME = account(5, "f", "bob johnson", "f@example.org")
SAME_NAME = account(6, "g", "Bob Johnson", "g@example.org")
OTHER = account(7, "h", "H", "bobby@example.org")
NAMELESS = account(8, "i", "", "")


@pytest.mark.parametrize(
    ("ways", "accounts", "expected"),
    [
        (EMAIL_ONLY, [], FailureKind.MISMATCH),
        (EMAIL_ONLY, [OTHER, BY_LOGIN, BY_NAME], FailureKind.MISMATCH),
        (EMAIL_ONLY, [OTHER, BY_EMAIL], 1),
        (EMAIL_ONLY, [SHOUTING], 2),
        (EMAIL_ONLY, [HIDING], FailureKind.HIDDEN_EMAIL),
        (EMAIL_ONLY, [HIDING, BY_EMAIL], 1),
        (EMAIL_ONLY, [BY_EMAIL, SHOUTING], FailureKind.AMBIGUOUS),
        (ALL, [BY_LOGIN, BY_NAME, BY_EMAIL], 1),
        (ALL, [BY_LOGIN, BY_NAME], 4),
        (ALL, [BY_NAME], 5),
        (ALL, [BY_NAME, SAME_NAME], FailureKind.AMBIGUOUS),
        (ALL, [BY_EMAIL, SHOUTING, BY_LOGIN], FailureKind.AMBIGUOUS),
        (ALL, [HIDING], FailureKind.HIDDEN_EMAIL),
        (ALL, [HIDING, BY_LOGIN], 4),
        (ALL, [OTHER], FailureKind.MISMATCH),
    ],
)
def test_the_rule(ways: tuple[Way, ...], accounts: list[Account], expected: FailureKind | int) -> None:
    found = match(BOB, ways, accounts)
    assert (found.problem or (found.account and found.account.id)) == expected
    assert (found.account is None) == (found.problem is not None)


@pytest.mark.parametrize("sought", [Sought("", "", ""), Sought(" ", " ", "  ")])
def test_what_is_empty_is_nobodys(sought: Sought) -> None:
    assert match(sought, ALL, [NAMELESS, account(9, "", "", "")]).problem is FailureKind.MISMATCH


@pytest.mark.parametrize(
    ("one", "other"),
    [("BOB@EXAMPLE.ORG", "bob@example.org"), ("Jos\u00e9", "JOSE\u0301"), ("Stra\u00dfe", "STRASSE"), (" bob ", "bob")],
)
def test_texts_that_are_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("bob", "b\u00f6b"), ("bob@example.org", "bob@example.or"), ("a.b", "ab")])
def test_texts_that_are_not(one: str, other: str) -> None:
    assert folded(one) != folded(other)


words = st.text(alphabet="abAB", min_size=0, max_size=2)
accounts_of_any_kind = st.lists(
    st.builds(
        Account,
        st.integers(1, 1000),
        st.just("any"),
        words,
        words,
        words,
        st.integers(0, 1),
        st.integers(0, 1),
    ),
    max_size=6,
    unique_by=lambda one: one.id,
)
people = st.builds(Sought, words, words, words)


@given(people, accounts_of_any_kind, st.permutations(range(6)))
def test_the_order_of_accounts_decides_nothing(sought: Sought, accounts: list[Account], order: list[int]) -> None:
    shuffled = [accounts[place] for place in order if place < len(accounts)]
    one, other = match(sought, ALL, accounts), match(sought, ALL, shuffled)
    assert (one.account, one.problem, set(one.found)) == (other.account, other.problem, set(other.found))


@given(people, accounts_of_any_kind)
def test_case_decides_nothing(sought: Sought, accounts: list[Account]) -> None:
    shouted = [one._replace(login=one.login.upper(), email=one.email.lower()) for one in accounts]
    one = match(sought, ALL, accounts)
    other = match(Sought(*(text.swapcase() for text in sought)), ALL, shouted)
    assert (one.account and one.account.id, one.problem) == (other.account and other.account.id, other.problem)


@given(people, accounts_of_any_kind)
def test_a_match_shares_something_that_is_shown_and_nobody_else_does(sought: Sought, accounts: list[Account]) -> None:
    found = match(sought, ALL, accounts)
    shown = {
        one.id for one in accounts if sought.email and not one.is_email_hidden and folded(one.email) == folded(sought.email)
    }
    if len(shown) > 1:
        assert found.problem is FailureKind.AMBIGUOUS
    elif shown:
        assert found.account is not None
        assert {found.account.id} == shown
    elif found.account is not None:
        assert folded(found.account.login) == folded(sought.login) or folded(found.account.display_name) == folded(sought.name)


@given(people, accounts_of_any_kind)
def test_without_ways_nothing_is_found(sought: Sought, accounts: list[Account]) -> None:
    assert match(sought, (), accounts).account is None


@given(st.text(alphabet=string.printable + "\u00c4\u00df\u0130\u01f0\u0301", max_size=8))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)
