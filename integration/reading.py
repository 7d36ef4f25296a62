"""Everything a run needs of Tempo and Jira, and whether that was all. No short answer passes for a whole one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from integration.clients.http import Unreadable
from integration.clients.jira import Jira
from integration.clients.tempo import Tempo
from integration.doubts import Seen
from integration.hours import Holiday, required
from integration.records import Complete, Issue, Partial, Person, Plan, Reading, Required, Window
from integration.wire import Scheme

AFTER = timedelta(days=60)
"""How far beyond the window a working day is looked for on which somebody returns."""


@dataclass(frozen=True)
class World:
    """What was read. plans: by accountId, or by "" of a generic resource, with what was logged where that counts.

    people: those whom Jira shows. logged: whether logged work was asked for.
    """

    plans: Mapping[str, Sequence[Plan]]
    people: Mapping[str, Person]
    hours: Hours
    start_times: bool
    logged: bool = False

    def seen(self, from_worklogs: bool = False) -> Seen:
        """Whose plans, or whose logged work, the token may see, and on what."""
        plans = [plan for own in self.plans.values() for plan in own if plan.from_worklog == from_worklogs]
        people = {plan.assignee_id for plan in plans if plan.assignee_type == "USER"}
        return Seen(frozenset(people), frozenset(plan.item_id for plan in plans))


class Hours:
    """Required seconds of everybody, by their schemes; people with the same schemes share one calendar."""

    def __init__(
        self,
        window: Window,
        weeks: Mapping[int, tuple[int, ...]],
        week_of: Mapping[str, int],
        holidays: Mapping[int, Sequence[Holiday]],
        holidays_of: Mapping[str, int],
        defaults: tuple[int | None, int | None],
    ) -> None:
        """weeks, holidays: by id of the scheme; week_of, holidays_of: accountId -> id; defaults: the schemes of all others."""
        self.members = len(week_of), len(holidays_of)
        """How many people are in workload schemes, and in holiday schemes, other than the default."""
        self._window = window
        self._weeks, self._week_of = weeks, week_of
        self._holidays, self._holidays_of = holidays, holidays_of
        self._default_week, self._default_holidays = defaults
        self._known: dict[tuple[int | None, int | None], Required] = {}

    def of(self, account_id: str) -> Required:
        """Somebody's required seconds by day, of the window and two months more."""
        week = self._week_of.get(account_id, self._default_week)
        days_off = self._holidays_of.get(account_id, self._default_holidays)
        found = self._known.get((week, days_off))
        if found is None:
            # Without any scheme nobody knows what a working day is: a flat eight hours then make a whole one.
            seconds = self._weeks.get(week, (0,) * 7) if week is not None else (0,) * 7
            holidays = self._holidays.get(days_off, ()) if days_off is not None else ()
            found = self._known[week, days_off] = required(seconds, holidays, self._window)
        return found


def read(
    tempo: Tempo,
    jira: Jira,
    window: Window,
    selection: Mapping[str, Issue],
    *,
    also: Collection[str] = (),
    from_worklogs: bool = False,
    progress: Callable[[int], object] = lambda rows: None,
) -> Reading[World]:
    """Read everything. also: people who are wanted though they may have no plans, such as those who have rules.

    Raises ``Unreadable`` where there is nothing at all to go by.
    """
    # Whoever is away at the end of the window returns some day after it.
    found = tempo.plans(_longer(window), progress)
    reasons = [] if isinstance(found, Complete) else [found.reason]
    if reasons and not found.value:
        raise Unreadable(reasons[0].kind, reasons[0].sentence)
    plans = list(found.value)
    if from_worklogs and selection:
        logged = tempo.worklogs(sorted(selection), _longer(window))
        plans += logged.value
        reasons += [] if isinstance(logged, Complete) else [logged.reason]
    by_person: dict[str, list[Plan]] = defaultdict(list)
    for plan in plans:
        by_person[plan.assignee_id if plan.assignee_type == "USER" else ""].append(plan)
    wanted = {name for name, own in by_person.items() if name and any(plan.item_id in selection for plan in own)}
    people = jira.people(wanted | set(also))
    if wanted and not people:
        raise Unreadable("not-tempo", "Jira shows none of those who have plans, so neither names nor time zones are known")
    world = World(by_person, people, hours_of(tempo, window), tempo.has_start_times(), from_worklogs)
    return Partial(world, reasons[0]) if reasons else Complete(world)


def hours_of(tempo: Tempo, window: Window) -> Hours:
    """What the schemes ask for, of the window and two months more. Raises ``Unreadable``."""
    longer = _longer(window)
    weeks, holidays = tempo.workload_schemes(), tempo.holiday_schemes()
    for kind, schemes in (("workload", weeks), ("holiday", holidays)):
        # Every site has one; without it whole days would become parts of days, and the other way round.
        if _default(schemes) is None:
            raise Unreadable("not-tempo", f"Tempo tells of no default {kind} scheme, so nobody's working days are known")
    return Hours(
        longer,
        {scheme.id: scheme.week for scheme in weeks},
        tempo.members("workload-schemes", _but_default(weeks)),
        {scheme.id: tempo.holidays(scheme, longer) for scheme in holidays},
        tempo.members("holiday-schemes", _but_default(holidays)),
        (_default(weeks), _default(holidays)),
    )


def _longer(window: Window) -> Window:
    return Window(window.first, window.last + AFTER)


def _but_default(schemes: Sequence[Scheme]) -> list[Scheme]:
    # Whoever is in no other scheme is in the default one, and those are most.
    return [scheme for scheme in schemes if not scheme.is_default]


def _default(schemes: Sequence[Scheme]) -> int | None:
    return next((scheme.id for scheme in schemes if scheme.is_default), None)
