"""Whose worklogs a token shows: who may see less gets a shorter answer and no error, so it has to be noticed. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from integration.records import Reason
from integration.worklogs import Doubt, Visible

ACCEPT = "--accept-fewer"
ROLE = "the owner of Tempo's token needs a permission role with View Worklogs and access Full"
BROWSE = "the owner of Jira's token needs to see their projects, and what was entered in Tempo has no author in Jira"
"""What helps where hardly anybody is seen, in Tempo and in Jira."""

SHOWN = 5
"""So many people are named in a sentence."""

NO_NAMES: Mapping[str, str] = MappingProxyType({})


class Sight(NamedTuple):
    """What a reading showed. reasons: why it is not everything; empty where it is."""

    visible: Visible
    reasons: tuple[Reason, ...]

    @property
    def complete(self) -> bool:
        """Whether nobody and nothing is missing."""
        return not self.reasons


def sight(
    expected: Collection[str],
    held: Mapping[str, int],
    *,
    doubts: Iterable[Doubt] = (),
    accepted: Collection[str] = (),
    owner: str = "",
    before: Visible | None = None,
    names: Mapping[str, str] = NO_NAMES,
    way_out: str = ROLE,
) -> Sight:
    """Who of those expected is seen, and what is missing.

    expected: accountIds of those who are to work. held: accountId -> how many worklogs are held, doubted ones with them.
    accepted: those of whom it is believed that they logged nothing, or nothing any more; a doubt outweighs it.
    owner: whose token it is, "" where that is not known. before: the last reading's. names: accountId -> name, for people.
    way_out: ``ROLE`` or ``BROWSE``.
    """
    doubted = {doubt.account_id: doubt.worklogs for doubt in doubts if doubt.worklogs > 0}
    people = sorted(set(expected))
    gone = {person for person, worklogs in doubted.items() if worklogs >= held.get(person, 0)}
    seen = [person for person in people if held.get(person, 0) > 0 and person not in gone]
    unseen = tuple(p for p in people if p not in set(seen) and (p in gone or p not in accepted))
    visible = Visible(len(seen), len(people), unseen)
    reasons = []
    if unseen:
        reasons.append(_fewer(visible, set(seen) <= {owner} if owner else len(seen) <= 1, before, names, way_out))
    # Who is not visible at all is told of above.
    hidden = {person: worklogs for person, worklogs in doubted.items() if person not in unseen}
    if hidden:
        of = f"{sum(hidden.values())} worklogs of {len(hidden)} people ({_named(sorted(hidden), names)})"
        reasons.append(
            Reason(
                "hidden",
                f"incomplete: {of} are no longer visible and kept as they were; {ACCEPT} believes that they are deleted",
            )
        )
    return Sight(visible, tuple(reasons))


def nothing_logged(found: Sight) -> tuple[str, ...]:
    """AccountIds that are to be accepted from now on where ``--accept-fewer`` was said."""
    return found.visible.unseen


def _fewer(visible: Visible, nobody_else: bool, before: Visible | None, names: Mapping[str, str], way_out: str) -> Reason:
    told = f"incomplete: {visible.seen} of {visible.expected} people visible"
    known = f"their hours are not known ({_named(visible.unseen, names)})"
    if before is not None and set(visible.unseen) - set(before.unseen) and visible.seen < before.seen:
        why = f"{before.seen} were before; a permission may have been taken away"
        return Reason("fewer-people", f"{told}, {why}; {known}; {ACCEPT} believes that they have no hours any more")
    if nobody_else and visible.expected > 1:
        return Reason("only-owner", f"{told}; {known}; {way_out}, or {ACCEPT} believes that they logged nothing")
    return Reason("never-seen", f"{told}; {known}; {ACCEPT} believes that they logged nothing")


def _named(people: Collection[str], names: Mapping[str, str]) -> str:
    shown = [names.get(person) or person for person in list(people)[:SHOWN]]
    return ", ".join(shown) + (f" and {len(people) - SHOWN} more" if len(people) > SHOWN else "")
