"""Finding what a test names: people, issues, teams and the rest, by whatever name is at hand."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Any, TypeVar

from mock_server.access import GlobalPermission
from mock_server.domain import projects as project_rules
from mock_server.domain import user_schedule
from mock_server.sites import Site
from mock_server.storage import accounts, generic_resources, groups, issues, people, projects, roles, teams
from mock_server.storage.groups import Group
from mock_server.storage.issues import Issue
from mock_server.storage.people import Person
from mock_server.storage.projects import Project

__tracebackhide__ = True

Named = str | int | Mapping[str, Any]
"""A name, key or id, or the bean that a builder answered."""

WORK_ON_ISSUES = "WORK_ON_ISSUES"
SOON = 60
"""Days among which a working day is looked for."""

_IDS = ("id", "tempoWorklogId", "accountId", "key", "name")

T = TypeVar("T")


class Names:
    """What is in a world, by name. Every method raises ``LookupError`` with one sentence when there is nothing of the name."""

    def __init__(self, site: Site, personas: Callable[[str], str | None]) -> None:
        """``personas`` answers the login name of a persona of the scenario, or None."""
        self._site = site
        self._personas = personas

    def person(self, named: Named) -> Person:
        """By login name, user key, accountId, e-mail address, display name, or the name of a persona."""
        text = str(named.get("accountId", "")) if isinstance(named, Mapping) else str(named)
        store = self._site.shown
        with store.reading():
            found = people.by_name(store, text) or people.by_key(store, text) or people.by_account_id(store, text)
            if found is not None:
                return found
            everybody = people.every(store)
        for attribute in ("email", "display_name"):
            alike = [person for person in everybody if getattr(person, attribute).lower() == text.lower()]
            if len(alike) > 1:
                raise LookupError(f"{text} is the name of {len(alike)} people; choose {_listed(p.name for p in alike)}.")
            if alike:
                return alike[0]
        persona = self._personas(text)
        if persona is not None and persona != text:
            return self.person(persona)
        known = [name for person in everybody for name in (person.name, person.display_name)]
        raise LookupError(f"There is no person named {text}.{_nearest(text, known)}")

    def somebody(self) -> Person:
        """Whoever is meant when a test does not care: the persona member, else the first who may work on an issue."""
        store = self._site.shown
        name = self._personas("member")
        with store.reading():
            found = people.by_name(store, name) if name else None
            if found is not None and found.active:
                return found
            everybody = [person for person in people.every(store) if person.active]
            able = [person for person in everybody if self._workable(person)]
        if not everybody:
            raise LookupError("There is nobody active in this world; make a person with tempo.make.person().")
        return (able or everybody)[0]

    def administrator(self, permission: GlobalPermission) -> Person:
        """The first active person who holds a global permission."""
        store = self._site.shown
        with store.reading():
            for person in people.every(store):
                if person.active and permission in people.global_permissions(store, person.id):
                    return person
        raise LookupError(f"Nobody in this world holds {permission}; say who makes it with by=.")

    def issue(self, named: Named) -> Issue:
        """By key or id."""
        text = _id_of(named)
        store = self._site.shown
        with store.reading():
            found = issues.by_key(store, text) or (issues.get(store, int(text)) if _is_number(text) else None)
        if found is None:
            raise LookupError(f"There is no issue {text}.")
        return found

    def issue_for(self, person: Person) -> Issue:
        """The first issue that somebody may work on; not an internal one where there is another."""
        store = self._site.shown
        with store.reading():
            workable = self._workable(person)
            found = issues.page(store, issues.in_projects(workable), [("id", True)], 0, 100) if workable else []
        if not found:
            raise LookupError(f"There is no issue that {person.name} may work on; make one with tempo.make.issue().")
        return sorted(found, key=lambda issue: (issue.is_internal, issue.id))[0]

    def working_day(self, person: Person | None, today: date) -> date:
        """Today, or the next day on which somebody has something to do; None is nobody in particular."""
        store = self._site.shown
        with store.reading():
            if person is None:
                calendar = user_schedule.of_nobody(store)
            else:
                calendar = user_schedule.Calendars().of(store, [person.id])[person.id]
        coming = (today + timedelta(days=number) for number in range(SOON))
        return next((day for day in coming if calendar.required(day)), today)

    def project(self, named: Named | None) -> Project:
        """By key, id or name; for None the first."""
        store = self._site.shown
        with store.reading():
            return _found("project", named, projects.every(store), ("id", "key", "name"), "tempo.make.project()")

    def browser(self, project: Project) -> Person:
        """The first active person who may browse a project."""
        store = self._site.shown
        with store.reading():
            for person in people.every(store):
                if person.active and project_rules.BROWSE in projects.held(store, person.id).get(project.id, ()):
                    return person
        raise LookupError(f"Nobody may browse the project {project.key}.")

    def free_issue_key(self, project: Project) -> str:
        """The key after the last one of a project."""
        store = self._site.shown
        with store.reading():
            found = issues.page(store, issues.in_projects([project.id]), [("key", False)], 0, 1)
        last = int(found[0].key.rpartition("-")[2]) if found else 0
        return f"{project.key}-{last + 1}"

    def team(self, named: Named | None) -> teams.Team:
        """By id or name; for None the first."""
        store = self._site.shown
        with store.reading():
            every = sorted(teams.named_like(store, ""), key=lambda team: team.id)
        return _found("team", named, every, ("id", "name"), "tempo.make.team()")

    def role(self, named: Named) -> roles.Role:
        """By id or name."""
        store = self._site.shown
        with store.reading():
            return _found("role", named, roles.every(store), ("id", "name"), "tempo.make.role()")

    def account(self, named: Named) -> accounts.Account:
        """By key or id."""
        text = _id_of(named, "key")
        store = self._site.shown
        with store.reading():
            found = accounts.by_key(store, text) or (accounts.get(store, int(text)) if _is_number(text) else None)
        if found is None:
            raise LookupError(f"There is no account {text}.")
        return found

    def resource(self, named: Named) -> generic_resources.GenericResource:
        """A generic resource, by id or name."""
        store = self._site.shown
        with store.reading():
            every = generic_resources.page(store, [], "", 0, 1000)
        return _found("generic resource", named, every, ("id", "name"), "tempo.make.generic_resource()")

    def group(self, name: str) -> Group:
        """A Jira group by name."""
        store = self._site.shown
        with store.reading():
            return _found("group", name, groups.every(store), ("name",), "a group in the scenario")

    def tempo_groups(self) -> list[Group]:
        """The groups whose people may use Tempo."""
        wanted = {GlobalPermission.TEMPO_TIMESHEETS_ACCESS, GlobalPermission.TEMPO_PLANNER_ACCESS}
        store = self._site.shown
        with store.reading():
            return [group for group in groups.every(store) if wanted & groups.global_permissions(store, group.id)]

    def _workable(self, person: Person) -> list[int]:
        held = projects.held(self._site.shown, person.id)
        return sorted(key for key, keys in held.items() if {project_rules.BROWSE, WORK_ON_ISSUES} <= keys)


def _found(noun: str, named: Named | None, every: Sequence[T], attributes: Iterable[str], way_out: str) -> T:
    if named is None:
        if not every:
            raise LookupError(f"There is no {noun} in this world; make one with {way_out}.")
        return every[0]
    text = _id_of(named)
    for attribute in attributes:
        for one in every:
            if str(getattr(one, attribute)).lower() == text.lower():
                return one
    known = [str(getattr(one, "name", "")) for one in every]
    raise LookupError(f"There is no {noun} {text}.{_nearest(text, known)}")


def _id_of(named: Named, *first: str) -> str:
    if not isinstance(named, Mapping):
        return str(named)
    for name in (*first, *_IDS):
        if name in named:
            return str(named[name])
    raise LookupError(f"This bean says neither id, key nor name: {dict(named)}")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 18


def _nearest(text: str, known: Iterable[str]) -> str:
    near = get_close_matches(text, list(known), n=1, cutoff=0.5)
    return f" Did you mean {near[0]}?" if near else ""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
