"""Making what belongs to Jira: people, projects and issues, by the rules of scenarios, as no API here makes them."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from mock_server.nouns.noun import Seeding
from mock_server.sites import Site
from mock_server.testing.clock import WorldClock
from mock_server.testing.in_process import InProcess
from mock_server.testing.names import WORK_ON_ISSUES, Named, Names
from mock_server.testing.planting import plant
from mock_server.testing.times import Duration, seconds

__tracebackhide__ = True

Bean = dict[str, Any]
FIRST_KEY = "MADE"

WORKING = (
    "BROWSE_PROJECTS",
    WORK_ON_ISSUES,
    "CREATE_ISSUES",
    "EDIT_OWN_WORKLOGS",
    "DELETE_OWN_WORKLOGS",
    "ADD_COMMENTS",
    "ASSIGNABLE_USER",
)
"""The project permissions of somebody who works on its issues."""


class MakeJira:
    """Builders of what Jira has."""

    def __init__(self, site: Site, faces: InProcess, names: Names, clock: WorldClock) -> None:
        self._site = site
        self._faces = faces
        self._names = names
        self._clock = clock
        self._numbers = count(1)

    def person(
        self,
        name: str | None = None,
        *,
        display_name: str | None = None,
        email: str | None = None,
        account_id: str | None = None,
        key: str | None = None,
        password: str | None = None,
        time_zone: str | None = None,
        active: bool | None = None,
        groups: Sequence[str] | None = None,
    ) -> Bean:
        """A person, in the groups that may use Tempo unless some are named; the password is the name.

        The bean is Jira Cloud's.
        """
        name = name or f"person{next(self._numbers)}"
        account_id = account_id or str(uuid5(NAMESPACE_URL, name))
        inside = self._names.tempo_groups() if groups is None else [self._names.group(group) for group in groups]
        entry = {
            "name": name,
            "key": key or name,
            "account_id": account_id,
            "display_name": display_name or name.capitalize(),
            "email": email or f"{name}@example.org",
            "password": password or name,
            "time_zone": time_zone,
            "active": active,
        }

        def join(seeding: Seeding, person_id: int) -> None:
            for group in inside:
                seeding.store.insert_row("group_members", group_id=group.id, person_id=person_id)

        person_id = plant(self._site, "people", entry, join, {})
        if active is False:
            return {"accountId": account_id, "displayName": entry["display_name"], "active": False}
        return self._read("/rest/api/3/myself", person_id)

    def project(
        self,
        key: str | None = None,
        *,
        name: str | None = None,
        lead: Named | None = None,
        project_type: str | None = None,
        groups: Sequence[str] | None = None,
        permissions: Sequence[str] = WORKING,
    ) -> Bean:
        """A Jira project in which the people of some groups work, by default all who may use Tempo.

        The bean is Jira Cloud's.
        """
        key = key or f"{FIRST_KEY}{next(self._numbers)}"
        leading = self._names.somebody() if lead is None else self._names.person(lead)
        inside = self._names.tempo_groups() if groups is None else [self._names.group(group) for group in groups]
        entry = {
            "key": key,
            "name": name or key,
            "lead": leading.name,
            "project_type": project_type,
            "permissions": [{"group": group.name, "keys": list(permissions)} for group in inside],
        }
        known: dict[Any, int] = {("groups", group.name): group.id for group in inside}
        known["people", leading.name] = leading.id
        plant(self._site, "projects", entry, _nothing, known)
        return self._read(f"/rest/api/3/project/{key}", leading.id)

    def issue(
        self,
        summary: str | None = None,
        *,
        project: Named | None = None,
        key: str | None = None,
        type: str | None = None,
        status: str | None = None,
        assignee: Named | None = None,
        reporter: Named | None = None,
        remaining_estimate: Duration | None = None,
        age: int | None = None,
        internal: bool | None = None,
        teams: Sequence[Named] = (),
    ) -> Bean:
        """A Jira issue of a project (the first, when none is named), made today or ``age`` days ago. The bean is Jira Cloud's.

        An ``internal`` one is open to some teams, or to all.
        """
        home = self._names.project(key.rpartition("-")[0] if key and project is None else project)
        people = {name: self._names.person(who) for name, who in (("assignee", assignee), ("reporter", reporter)) if who}
        number = next(self._numbers)
        key = key or self._names.free_issue_key(home)
        entry = {
            "key": key,
            "summary": summary or f"Issue {number}",
            "type": type,
            "status": status,
            "assignee": people["assignee"].name if assignee else None,
            "reporter": people["reporter"].name if reporter else None,
            "remaining_estimate": None if remaining_estimate is None else seconds(remaining_estimate),
            "age": age,
            "internal": internal,
            "internal_teams": [self._names.team(team).id for team in teams] or None,
        }
        known: dict[Any, int] = {("people", person.name): person.id for person in people.values()}
        known["projects", home.key] = home.id
        plant(self._site, "issues", entry, _nothing, known)
        return self._read(f"/rest/api/3/issue/{key}", self._names.browser(home).id)

    def _read(self, path: str, person_id: int) -> Bean:
        bean: Bean = self._faces.call("GET", path, person_id=person_id)
        return bean

    def _post(self, path: str, body: Mapping[str, Any], person_id: int | None = None) -> Bean:
        """Send what is there of a body."""
        sent = {name: value for name, value in body.items() if value is not None}
        bean: Bean = self._faces.call("POST", path, sent, person_id=person_id)
        return bean


def _nothing(_seeding: Seeding, _row_id: int) -> None:
    """Nothing more belongs to it."""
