"""A run: what was read becomes what should be, that becomes changes, person by person. Nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from integration.absences import ONE, AbsenceOptions, Site, of_person
from integration.diff import Guard, changes, guarded, is_counted
from integration.doubts import Accepted, Shown, believes, doubt
from integration.handover import Handover
from integration.reading import World
from integration.records import (
    Changes,
    Complete,
    Derived,
    HeldRule,
    Issue,
    LeftOut,
    Partial,
    Person,
    Reading,
    Reason,
    Required,
    Rule,
    Templates,
    Window,
)
from integration.status import Status, status
from integration.store import Store


class Wanted(NamedTuple):
    """What the configuration asks for. overwrite: rules edited by hand too. accept_fewer: missing plans are believed gone."""

    selection: Mapping[str, Issue]
    templates: Templates
    options: AbsenceOptions
    window: Window
    guard: Guard
    overwrite: bool = False
    accept_fewer: Accepted = False
    allow_mass_change: bool = False


class PersonChanges(NamedTuple):
    """Of one person. doubt: why nothing of theirs is deleted, None where everything was read."""

    person: Person
    derived: Derived
    changes: Changes
    doubt: Reason | None


class Compared(NamedTuple):
    """What a run would do. refused: the sentence of the guard. left_out: plans that make no rule, also of generic resources.

    names: accountId -> display name, of those whom Jira shows. handovers: issues of people who are away, where they go to
    their coverers. not_found: what of that could not be read.
    """

    people: tuple[PersonChanges, ...]
    left_out: tuple[LeftOut, ...]
    refused: str | None
    reason: Reason | None
    held: int
    names: Mapping[str, str] = MappingProxyType({})
    handovers: tuple[Handover, ...] = ()
    not_found: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether everything was read and believed."""
        return self.reason is None and all(found.doubt is None for found in self.people)

    @property
    def size(self) -> int:
        """How many rules would be written or removed."""
        return sum(found.changes.size for found in self.people)

    @property
    def is_pending(self) -> bool:
        """Whether there is anything to be written."""
        return bool(self.size) or any(handover.problem is None for handover in self.handovers)


def compare(
    reading: Reading[World],
    store: Store,
    wanted: Wanted,
    now: datetime,
    progress: Callable[[int], object] = lambda people: None,
) -> Compared:
    """What would have to be written. now: UTC. Only those with changes, or with something to tell, are kept in memory."""
    world = reading.value
    options = AbsenceOptions(**{**vars(wanted.options), "start_times": world.start_times})
    names = {person.account_id: person.name for person in world.people.values()}
    site = Site(wanted.selection, wanted.templates, names, wanted.window, options)
    shown = Shown(world.people, world.seen(), world.seen(from_worklogs=True) if world.logged else None)
    told: list[PersonChanges] = []
    left_out: list[LeftOut] = list(of_person(site, _unknown(""), world.plans.get("", ()), {}).left_out)
    held_coming = 0
    for number, (account_id, held) in enumerate(_everybody(world, store)):
        person = world.people.get(account_id) or _unknown(account_id)
        required = world.hours.of(account_id)
        derived = of_person(site, person, world.plans.get(account_id, ()), required)
        reason = None
        if not believes(wanted.accept_fewer, account_id):
            reason = doubt(shown, person.name, account_id, held, now)
        if isinstance(reading, Partial):
            reason = reading.reason
        rules: Reading[Sequence[Rule]] = Complete(derived.rules) if reason is None else Partial(derived.rules, reason)
        found = changes(
            rules, held, wanted.window, now, overwrite=wanted.overwrite, resumes=_first_of_work(wanted.window, required)
        )
        left_out.extend(derived.left_out)
        held_coming += sum(1 for rule in held if rule.written is not None and status(rule.rule, now) is not Status.EXPIRED)
        if found != Changes() or reason is not None:
            told.append(PersonChanges(person, derived, found, reason))
        progress(number + 1)
    deleted = sum(len(found.changes.delete) for found in told)
    updated = sum(is_counted(update) for found in told for update in found.changes.update)
    refused = None if wanted.allow_mass_change else guarded(deleted, updated, held_coming, wanted.guard)
    run_reason = reading.reason if isinstance(reading, Partial) else None
    return Compared(tuple(told), tuple(left_out), refused, run_reason, held_coming, names)


def _everybody(world: World, store: Store) -> Iterator[tuple[str, list[HeldRule]]]:
    # A rule that somebody gave to another person still stands for what was planned of the first.
    given_away = store.given_away()
    for account_id in sorted({name for name in world.plans if name} | set(store.people()) | set(given_away)):
        own = [held for held in store.held(account_id) if held.written is None or held.written.account_id == account_id]
        yield account_id, own + given_away.get(account_id, [])


def _first_of_work(window: Window, required: Required) -> date:
    day = window.first
    while day < window.last and not required.get(day):
        day += ONE
    return day


def _unknown(account_id: str) -> Person:
    """Somebody whom Jira does not show: active, for all that is known."""
    return Person(account_id, account_id or "a generic resource", None, True)
