"""What checks make on a server: teams and members, through the documented calls, removed when the check is over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from conformance import expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.datacenter.items import normal
from conformance.run import Run, remove_team, team_label

TEAMS_1 = "rest/tempo-teams/1/team"
TEAMS_2 = "rest/tempo-teams/2/team"
SEARCH_3 = "rest/tempo-teams/3/search"
MEMBERS_OF_TEAMS = "rest/tempo-teams/2/team/members"
ROLES = "rest/tempo-teams/2/role"
BROWSE = "tempo.teams.browse.team"
APPROVE = "tempo.timesheets.approve.timesheet"


@dataclass(frozen=True)
class Team:
    """A team a check made. name: carries the prefix of the run."""

    id: int
    name: str

    @property
    def path(self) -> str:
        """Its path in version 2."""
        return f"{TEAMS_2}/{self.id}"

    @property
    def members(self) -> str:
        """The path of its members."""
        return f"{self.path}/member"

    def permission(self, key: str) -> str:
        """The path of one of its permissions."""
        return f"rest/tempo-teams/2/permission/team/{self.id}/{key}"


@dataclass(frozen=True)
class Group:
    """A Jira group somebody is in. members: login names of those who are active."""

    name: str
    members: tuple[str, ...]


class Bench:
    """Makes things as the administrator and notes them in the run's ledger."""

    def __init__(self, run: Run, admin: Caller) -> None:
        self._run = run
        self._admin = admin
        self._made = 0

    def name(self) -> str:
        """A team name nobody else uses."""
        self._made += 1
        return f"{self._run.prefix} {self._run.ledger.mark()}.{self._made}"

    def adopt(self, answer: Answer) -> Answer:
        """Notes the team an answer says it made, whatever a check makes of the answer afterwards."""
        made = answer.json_or_none() if answer.ok else None
        if isinstance(made, dict) and isinstance(made.get("id"), int):
            team_id = made["id"]
            self._run.ledger.add(team_label(team_id), lambda: remove_team(self._admin, team_id))
        return answer

    def team(self, *, lead: str | None = None, summary: str = "made by tempo-conformance") -> Team:
        """A new team without members. lead: a login name, default the administrator's."""
        name = self.name()
        answer = self.adopt(self._admin.post(TEAMS_2, {"name": name, "summary": summary, "lead": lead or self._admin.user}))
        made = expect.json_object(answer)
        expect.that(answer, isinstance(made.get("id"), int), "the id of the new team", f"id = {made.get('id')!r}")
        return Team(made["id"], name)

    def add(self, team: Team, user: str, **membership: Any) -> dict[str, Any]:
        """Adds a user and returns the new item. membership: members of the body's `membership`."""
        return self._added(self._admin.post(team.members, {"member": {"name": user, "type": "USER"}, "membership": membership}))

    def add_group(self, team: Team, group: str) -> dict[str, Any]:
        """Adds a group and returns the new item."""
        return self._added(
            self._admin.post(team.members, {"member": {"name": group, "type": "GROUP"}, "membership": {"role": {}}})
        )

    def grant(self, team: Team, key: str, *, users: Iterable[str] = (), groups: Iterable[str] = ()) -> Answer:
        """Replaces the holders of a team permission."""
        body = {"id": key, "teamId": str(team.id), "groups": list(groups), "users": list(users)}
        return expect.success(self._admin.put(team.permission(key), body))

    @staticmethod
    def _added(answer: Answer) -> dict[str, Any]:
        item = normal(expect.json_object(answer))
        expect.that(answer, isinstance(item.get("id"), int), "the id of the new member", f"id = {item.get('id')!r}")
        return item
