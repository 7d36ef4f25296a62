"""The rules held, as ``tempo-sync rules`` tells them: with their status by the clock, in the order of conflicts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from integration.records import HeldRule, Issue, Rule
from integration.report import rule_bean
from integration.status import Status, begins, by_precedence, coverer, effective, status


class _Away(Mapping[str, Sequence[Rule]]):
    """AccountId -> the rules that count at a moment; worked out for whoever is asked for."""

    def __init__(self, by_person: Mapping[str, Sequence[Rule]], moment: datetime) -> None:
        self._by_person, self._moment = by_person, moment

    def __getitem__(self, person: str) -> Sequence[Rule]:
        return effective(self._by_person[person], self._moment)

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_person)

    def __len__(self) -> int:
        return len(self._by_person)


class Listed(NamedTuple):
    """A rule held. covered_by: accountId of whoever covers while it counts; problem: why nobody does, None without need."""

    held: HeldRule
    status: Status
    covered_by: str | None
    problem: str | None


def listed(held: Iterable[HeldRule], now: datetime, *, everybody: Iterable[HeldRule] | None = None) -> Iterator[Listed]:
    """Some rules in their order. now: UTC. everybody: the rules of all, by which coverers may be away (these by default)."""
    shown = list(held)
    return looked_at(ordered(shown, now), now, by_person=by_person(shown if everybody is None else everybody))


def ordered(held: Iterable[HeldRule], now: datetime) -> list[HeldRule]:
    """Some rules in their order. now: UTC."""
    # By identity: two rules may be alike.
    numbers = {id(found.rule): found for found in held}
    return [numbers[id(rule)] for rule in by_precedence([found.rule for found in numbers.values()], now)]


def by_person(held: Iterable[HeldRule]) -> dict[str, list[Rule]]:
    """AccountId -> their rules."""
    rules: dict[str, list[Rule]] = {}
    for found in held:
        rules.setdefault(found.rule.account_id, []).append(found.rule)
    return rules


def looked_at(held: Iterable[HeldRule], now: datetime, *, by_person: Mapping[str, Sequence[Rule]]) -> Iterator[Listed]:
    """Some rules as they come, each with its status and who covers. now: UTC. by_person: the rules of all."""
    for found in held:
        rule = found.rule
        state = status(rule, now)
        who: str | None = None
        problem: str | None = None
        if rule.coverers and state is not Status.EXPIRED:
            # Whoever covers a rule that is to come is looked for as things will stand when it begins.
            moment = now if state is Status.ACTIVE else begins(rule)
            who, problem = coverer(rule, _Away(by_person, moment))
        yield Listed(found, state, who, problem)


def with_names(problem: str | None, names: Mapping[str, str]) -> str:
    """Why nobody covers, with names in place of accountIds; "" where somebody does."""
    reason, colon, who = (problem or "").partition(": ")
    return f"{reason}{colon}{', '.join(names.get(one, one) for one in who.split(', '))}"


def beans(found: Iterable[Listed], issues: Mapping[str, Issue]) -> dict[str, Any]:
    """For programs."""
    return {
        "rules": [
            {
                "id": entry.held.id,
                "status": entry.status.value,
                "handEdited": entry.held.is_hand_edited,
                **rule_bean(entry.held.rule, issues),
                "coveredBy": entry.covered_by,
                "notCovered": entry.problem,
            }
            for entry in found
        ]
    }
