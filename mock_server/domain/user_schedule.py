"""How long people are to work day by day, from the schemes they are in (help pages; vendor's OpenAPI of v4)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from mock_server.access import PLAN_VIEW, WORKLOG_VIEW, Actor, GlobalPermission
from mock_server.domain import calendars
from mock_server.domain.calendars import Calendar
from mock_server.domain.holiday_schemes import FIXED
from mock_server.errors import Refused
from mock_server.storage import holiday_schemes, scheme_members, work_reach, workload_schemes
from mock_server.storage.holiday_schemes import Holiday
from mock_server.storage.people import Person
from mock_server.storage.scheme_members import Kind
from mock_server.storage.store import Store


class Calendars:
    """Person id -> the calendar of their workload scheme and their holiday scheme; one object for all who share both.

    Read when first asked for, and good until anything in the world changes.
    """

    def __init__(self) -> None:
        self._of_people: dict[int, Calendar] = {}
        self._made: dict[tuple[int, int], Calendar] = {}

    def of(self, store: Store, person_ids: Iterable[int]) -> Mapping[int, Calendar]:
        """The calendars of these people, and of whoever was asked for before."""
        wanted = [person_id for person_id in person_ids if person_id not in self._of_people]
        if wanted:
            self._read(store, wanted)
        return self._of_people

    def _read(self, store: Store, wanted: Sequence[int]) -> None:
        workloads = scheme_members.schemes_of(store, Kind.WORKLOAD, wanted)
        holidays = scheme_members.schemes_of(store, Kind.HOLIDAY, wanted)
        pairs = {person_id: (workloads[person_id], holidays[person_id]) for person_id in workloads}
        self._make(store, set(pairs.values()) - self._made.keys())
        for person_id, pair in pairs.items():
            self._of_people[person_id] = self._made[pair]

    def _make(self, store: Store, pairs: Collection[tuple[int, int]]) -> None:
        if not pairs:
            return
        weeks = {scheme.id: scheme.week for scheme in workload_schemes.every(store)}
        days: dict[int, list[Holiday]] = {}
        for holiday in holiday_schemes.holidays(store, {pair[1] for pair in pairs}):
            days.setdefault(holiday.scheme_id, []).append(holiday)
        for pair in pairs:
            self._made[pair] = _calendar(weeks[pair[0]], days.get(pair[1], []))


def of_nobody(store: Store) -> Calendar:
    """The calendar of whoever is in no scheme, such as a generic resource: the default week without holidays."""
    return Calendar(next(scheme.week for scheme in workload_schemes.every(store) if scheme.is_default))


def check_may_see(store: Store, actor: Actor, person: Person) -> None:
    """Raises ``Refused`` unless it is the actor's own schedule, or one they may see.

    Tempo Administrators see all; so does whoever may view the person's worklogs or plans (assumption userSchedule.others).
    """
    if person.id == actor.person_id or GlobalPermission.TEMPO_ADMINISTRATOR in actor.permissions:
        return
    for key in (WORKLOG_VIEW, PLAN_VIEW):
        everyone, team_ids = work_reach.of_roles(store, actor.person_id, key, actor.roles_as_of)
        if everyone or work_reach.is_member(store, person.id, team_ids):
            return
    raise Refused(f"{actor.name} may view neither worklogs nor plans of {person.name}")


def _calendar(week: tuple[int, ...], holidays: Iterable[Holiday]) -> Calendar:
    yearly: dict[tuple[int, int], tuple[calendars.Holiday, ...]] = {}
    dated: dict[date, tuple[calendars.Holiday, ...]] = {}
    for holiday in holidays:
        day = date.fromisoformat(holiday.date)
        taken = (calendars.Holiday(holiday.id, holiday.duration),)
        if holiday.type == FIXED:
            yearly[day.month, day.day] = yearly.get((day.month, day.day), ()) + taken
        else:
            dated[day] = dated.get(day, ()) + taken
    return Calendar(week, yearly, dated)
