"""One run: the target, its callers, the prefix of everything it makes, and the ledger that removes it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from conformance.calls import Credentials, Journal, Unmet
from conformance.catalogue import Requirement
from conformance.client import Caller, Wire, credentials_of
from conformance.ledger import Ledger
from conformance.target import FACES, PERSONAS, Persona, Target

PREFIX = "conformance-"
ANONYMOUS = Credentials("anonymous")


class Absent(Exception):  # noqa: N818 - the reason of a skip
    """The target lacks what a check needs. The message is the reason for the skip."""


@dataclass
class Run:
    """What the checks of one run share.

    url: the --tempo-url without a slash at its end. id: random, part of every name the run makes. seconds: per answer.
    """

    url: str
    target: Target
    catalogue: Mapping[str, Requirement]
    read_only: bool
    seconds: float
    id: str = field(default_factory=lambda: secrets.token_hex(4))
    journal: Journal = field(default_factory=Journal)
    ledger: Ledger = field(default_factory=Ledger)
    _wires: dict[str, Wire] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """How every name begins that this run makes."""
        return f"{PREFIX}{self.id}"

    def face_path(self, face: str) -> str:
        """The path of a face below the URL. Raises Absent."""
        if face not in self.target.faces:
            raise Absent(f"the target has no face {face} ({FACES[face]})")
        return self.target.faces[face]

    def caller(self, face: str, credentials: Credentials) -> Caller:
        """Somebody who calls a face. Raises Absent when the target has no such face."""
        path = self.face_path(face)
        if face not in self._wires:
            self._wires[face] = Wire(self.url + path, self.journal, seconds=self.seconds, read_only=self.read_only)
        return Caller(self._wires[face], credentials)

    def persona(self, name: str) -> Persona:
        """A persona. Raises Absent when the target does not give it."""
        if name not in self.target.personas:
            raise Absent(f"the target has no persona {name} ({PERSONAS[name]})")
        return self.target.personas[name]

    def persona_caller(self, face: str, name: str) -> Caller:
        """A persona who calls a face. Raises Absent."""
        return self.caller(face, credentials_of(self.persona(name)))

    def finish(self) -> None:
        """Removes what is left, then looks for teams of this run that no answer admitted; closes the connections."""
        self.journal.begin()
        self.ledger.unwind()
        if not self.read_only and "datacenter" in self.target.faces and "admin" in self.target.personas:
            self._sweep(self.persona_caller("datacenter", "admin"))
        for wire in self._wires.values():
            wire.close()

    def _sweep(self, admin: Caller) -> None:
        """Deletes teams whose name carries this run's prefix; says which stay listed."""
        try:
            found = self._listed(admin)
            for team_id in found:
                remove_team(admin, team_id)
            still = self._listed(admin) if found else set()
        except Unmet as error:
            self.ledger.note_left("perhaps more", f"the list of teams could not be read: {error}")
            return
        for team_id in found - still:
            self.ledger.forgive(team_label(team_id))
        for team_id in still:
            self.ledger.note_left(team_label(team_id), "still listed after its deletion")

    def _listed(self, admin: Caller) -> set[int]:
        """The ids of listed teams whose name carries this run's prefix."""
        teams = admin.get("rest/tempo-teams/2/team").json_or_none()
        return {
            team["id"]
            for team in (teams if isinstance(teams, list) else [])
            if isinstance(team, dict) and str(team.get("name")).startswith(self.prefix) and isinstance(team.get("id"), int)
        }


def team_label(team_id: int) -> str:
    """How a team is called in messages about what stays behind."""
    return f"team {team_id}"


def remove_team(admin: Caller, team_id: int) -> str | None:
    """Deletes a team: None when the server says it is gone, else the reason."""
    answer = admin.delete(f"rest/tempo-teams/2/team/{team_id}")
    return None if answer.ok or answer.status in (404, 410) else f"DELETE answered {answer.status}"
