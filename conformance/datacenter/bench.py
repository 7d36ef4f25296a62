"""What checks make on a server: teams with members and links, roles, programs; removed when the check is over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from conformance import expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.datacenter.items import normal
from conformance.run import GONE, PROGRAM, ROLE, TEAM, Absent, Kind, Run

TEAMS_1 = "rest/tempo-teams/1/team"
TEAMS_2 = TEAM.path
SEARCH_3 = "rest/tempo-teams/3/search"
MEMBERS_OF_TEAMS = "rest/tempo-teams/2/team/members"
ROLES = ROLE.path
PROGRAMS = PROGRAM.path
BOARDS = "rest/agile/1.0/board"
LINK = Kind("link", "rest/tempo-teams/1/link")
UNKNOWN = 2147483000
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

    @property
    def links(self) -> str:
        """The path of its links."""
        return f"{self.path}/link"

    @property
    def permission_groups(self) -> str:
        """The path of its permission groups."""
        return f"rest/tempo-teams/2/permissionGroups/team/{self.id}"

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
        """A name for a team, a role or a program that nobody else uses."""
        self._made += 1
        return f"{self._run.prefix} {self._run.ledger.mark()}.{self._made}"

    def adopt(self, answer: Answer, kind: Kind = TEAM) -> Answer:
        """Notes what an answer says it made, by default a team, whatever a check makes of the answer afterwards."""
        made = answer.json_or_none() if answer.ok else None
        if isinstance(made, dict) and isinstance(made.get("id"), int):
            number = made["id"]
            remove = self._remove_link if kind is LINK else kind.remove
            self._run.ledger.add(kind.label(number), lambda: remove(self._admin, number))
        return answer

    def make(self, kind: Kind, body: dict[str, Any], caller: Caller | None = None) -> Answer:
        """POSTs a role or a program, by default as the administrator.

        Raises Absent where the server knows no way to remove one: nobody publishes that call, and nothing shall stay.
        """
        probe = self._admin.delete(f"{kind.path}/{UNKNOWN}")
        if not probe.ok and not (probe.status in (400, *GONE) and _is_worded(probe)):
            raise Absent(f"the server has no DELETE {kind.path}/{{id}}: a {kind.noun} that was made could not be removed")
        return self.adopt((caller or self._admin).post(kind.path, body), kind)

    def role(self) -> dict[str, Any]:
        """A new team role. Raises Absent as `make` does."""
        return self._with_id(self.make(ROLE, {"name": self.name()}), "role")

    def program(self, manager: dict[str, str] | None = None) -> dict[str, Any]:
        """A new program. manager: name or key, default the administrator's name. Raises Absent as `make` does."""
        body = {"name": self.name(), "manager": manager or {"name": self._admin.user}}
        return self._with_id(self.make(PROGRAM, body), "program")

    def link(self, team: Team, scope_type: str, scope: int) -> Answer:
        """Links a team. Raises Absent where the server has no such call: nobody is known to use it."""
        answer = self.adopt(self._admin.post(LINK.path, {"teamId": team.id, "scopeType": scope_type, "scope": scope}), LINK)
        if answer.status == 405 or (answer.status == 404 and not _is_worded(answer)):
            raise Absent(f"the server has no POST {LINK.path}")
        return answer

    def team(self, *, lead: str | None = None, summary: str = "made by tempo-conformance") -> Team:
        """A new team without members. lead: a login name, default the administrator's."""
        name = self.name()
        answer = self.adopt(self._admin.post(TEAMS_2, {"name": name, "summary": summary, "lead": lead or self._admin.user}))
        return Team(self._with_id(answer, "team")["id"], name)

    def team_in(self, program: dict[str, Any]) -> Team:
        """A new team in a program."""
        name = self.name()
        body = {"name": name, "lead": self._admin.user, "teamProgram": {"id": program["id"]}}
        return Team(self._with_id(self.adopt(self._admin.post(TEAMS_2, body)), "team")["id"], name)

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

    def _added(self, answer: Answer) -> dict[str, Any]:
        return normal(self._with_id(answer, "member"))

    @staticmethod
    def _with_id(answer: Answer, noun: str) -> dict[str, Any]:
        made = expect.json_object(answer)
        expect.that(answer, isinstance(made.get("id"), int), f"the id of the new {noun}", f"id = {made.get('id')!r}")
        return made

    @staticmethod
    def _remove_link(admin: Caller, number: int) -> str | None:
        """A server that cannot remove a link loses it with its team."""
        admin.delete(f"{LINK.path}/{number}")
        return None


def _is_worded(answer: Answer) -> bool:
    """Whether a resource refused, and not the router because there is none."""
    body = answer.json_or_none()
    return isinstance(body, dict) and "errorMessages" in body
