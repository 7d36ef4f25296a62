"""Whoever hides plans does not say so: the answer is only shorter. Whose absence from it is believed, and whose not. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from integration.absences import FROM_WORKLOG, NO_ZONE
from integration.records import SOURCE, HeldRule, Person, Reason
from integration.status import Status, status

ACCEPT = "--accept-fewer"

Accepted = bool | Collection[str]
"""Of whom it is believed that what is no longer seen is gone: of all, of nobody, or of these accountIds."""


def believes(accepted: Accepted, account_id: str) -> bool:
    """Whether it is believed of somebody."""
    return accepted if isinstance(accepted, bool) else account_id in accepted


class Seen(NamedTuple):
    """What a reading showed. people: accountIds with any plan at all. issues: ids of what any plan is on."""

    people: Collection[str]
    issues: Collection[str]


class Shown(NamedTuple):
    """Everything that tells whom to doubt.

    people: those whom Jira shows, by accountId. plans, logged: what of them is to be seen; logged is None where logged work
    does not count.
    """

    people: Mapping[str, Person]
    plans: Seen
    logged: Seen | None = None


def doubt_schemes(before: int, now: int) -> Reason | None:
    """Why it is not believed that nobody is in any scheme but the default ones any more, where somebody was. Or None."""
    if now or not before:
        return None
    sentence = f"nobody is in a workload or holiday scheme of their own any more, and {before} were; {ACCEPT} believes it, once"
    return Reason("fewer-members", sentence)


def doubt(shown: Shown, name: str, account_id: str, held: Sequence[HeldRule], now: datetime) -> Reason | None:
    """Why it is not believed that somebody's plans are gone, or None.

    Of somebody with rules to come who has no plan whatsoever any more, and of rules on an issue on which nobody has one, a
    permission that was taken away looks the same as plans that were deleted. Of somebody whom Jira shows no longer neither
    the time zone is known nor whether they are active.
    """
    coming = [rule for rule in held if rule.rule.source == SOURCE and status(rule.rule, now) is not Status.EXPIRED]
    logged = [rule for rule in coming if FROM_WORKLOG in rule.rule.flags]
    planned = [rule for rule in coming if FROM_WORKLOG not in rule.rule.flags]
    accept = f"{ACCEPT} {account_id}"
    reason = _unseen(shown.plans, "plan", name, account_id, planned)
    if reason is None and shown.logged is not None:
        reason = _unseen(shown.logged, "logged work", name, account_id, logged)
    if reason is not None or all(NO_ZONE in rule.rule.flags for rule in coming):
        return reason
    person = shown.people.get(account_id)
    if person is None:
        sentence = f"Jira does not show {name} any more, so the time zone is not known; {accept} takes the default zone"
        return Reason("fewer-users", sentence)
    if person.zone is None:
        sentence = f"Jira does not tell the time zone of {name} any more; {accept} takes the default zone"
        return Reason("fewer-zones", sentence)
    return None


def _unseen(seen: Seen, what: str, name: str, account_id: str, coming: Sequence[HeldRule]) -> Reason | None:
    if coming and account_id not in seen.people:
        sentence = (
            f"no {what} of {name} is to be seen any more: either there is none, or the token's owner may no longer see it; "
            f"{ACCEPT} {account_id} believes the first, once"
        )
        return Reason("fewer-people", sentence)
    if any(rule.rule.issue_id not in seen.issues for rule in coming):
        sentence = (
            f"no {what} on the issue of some rules is to be seen any more: either there is none, or the token's owner may no "
            f"longer browse it; {ACCEPT} {account_id} believes the first, once"
        )
        return Reason("fewer-issues", sentence)
    return None
