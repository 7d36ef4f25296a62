"""One run: the target, its callers, the prefix of everything it makes, and the ledger that removes it."""

from __future__ import annotations

import contextlib
import ipaddress
import itertools
import random
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from conformance.calls import Credentials, Journal, Unmet
from conformance.catalogue import Requirement
from conformance.client import Caller, Wire, credentials_of, jira_credentials_of, tempo_credentials_of
from conformance.ledger import Ledger
from conformance.target import FACES, PERSONAS, Persona, Target

PREFIX = "conformance-"
ANONYMOUS = Credentials("anonymous")
GONE = (404, 410)


@dataclass(frozen=True)
class Kind:
    """Something checks make. noun: for the reader. path: where it is made and listed, and removed by id."""

    noun: str
    path: str

    def label(self, number: int) -> str:
        """How one of them is called in messages about what stays behind."""
        return f"{self.noun} {number}"

    def remove(self, admin: Caller, number: int) -> str | None:
        """Deletes one: None when the server says it is gone, else the reason."""
        answer = admin.delete(f"{self.path}/{number}")
        return None if answer.ok or answer.status in GONE else f"DELETE answered {answer.status}"


TEAM = Kind("team", "rest/tempo-teams/2/team")
ROLE = Kind("team role", "rest/tempo-teams/2/role")
PROGRAM = Kind("program", "rest/tempo-teams/2/program")
SWEPT = (TEAM, ROLE, PROGRAM)  # teams first: a role in use cannot go


class Absent(Exception):  # noqa: N818 - the reason of a skip
    """The target lacks what a check needs. The message is the reason for the skip."""


@dataclass
class Run:
    """What the checks of one run share.

    url: the --tempo-url without a slash at its end. id: random, part of every name the run makes. seconds: per answer.
    seed: of everything drawn at random, "" = the id. sweeps: look for what no answer admitted, when the run is over.
    evidence: title and lines of what a failure of the present check tells besides.
    numbers: for names.
    """

    url: str
    target: Target
    catalogue: Mapping[str, Requirement]
    read_only: bool
    seconds: float
    seed: str = ""
    id: str = field(default_factory=lambda: secrets.token_hex(4))
    journal: Journal = field(default_factory=Journal)
    ledger: Ledger = field(default_factory=Ledger)
    sweeps: list[Callable[[], None]] = field(default_factory=list)
    evidence: Callable[[], tuple[str, list[str]]] | None = None
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _wires: dict[str, Wire] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.seed = self.seed or self.id

    def random(self, check: str) -> random.Random:
        """What a check draws from: the same for the same seed and name."""
        return random.Random(f"{self.seed} {check}")

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine, at a loopback address."""
        host = urlsplit(self.url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"

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
        """A persona who calls a face in the way of that face. Raises Absent."""
        self.face_path(face)
        persona = self.persona(name)
        if face in ("cloud", "staff"):
            lacks, credentials = not persona.token and "token (of Tempo Cloud)", tempo_credentials_of(persona)
        elif face == "jira_cloud":
            lacks, credentials = not persona.api_token and "api_token (of Jira Cloud)", jira_credentials_of(persona)
        else:
            lacks, credentials = not (persona.password or persona.pat) and "password and no pat", credentials_of(persona)
        if lacks:
            raise Absent(f"the target gives the persona {name} no {lacks}")
        return self.caller(face, credentials)

    def finish(self) -> None:
        """Removes what is left, then looks for things of this run that no answer admitted; closes the connections."""
        self.journal.begin()
        self.ledger.unwind()
        if not self.read_only and "datacenter" in self.target.faces and "admin" in self.target.personas:
            with contextlib.suppress(Absent):
                admin = self.persona_caller("datacenter", "admin")
                for kind in SWEPT:
                    self._sweep(admin, kind)
        for sweep in self.sweeps:
            sweep()
        for wire in self._wires.values():
            wire.close()

    def _sweep(self, admin: Caller, kind: Kind) -> None:
        """Deletes what carries this run's prefix in its name; says what stays listed."""
        try:
            found = self._listed(admin, kind)
            for number in found:
                kind.remove(admin, number)
            still = self._listed(admin, kind) if found else set()
        except Unmet as error:
            self.ledger.note_left("perhaps more", f"the list of {kind.noun}s could not be read: {error}")
            return
        for number in found - still:
            self.ledger.forgive(kind.label(number))
        for number in still:
            self.ledger.note_left(kind.label(number), "still listed after its deletion")

    def _listed(self, admin: Caller, kind: Kind) -> set[int]:
        """The ids of those listed whose name carries this run's prefix."""
        items = admin.get(kind.path).json_or_none()
        return {
            item["id"]
            for item in (items if isinstance(items, list) else [])
            if isinstance(item, dict) and str(item.get("name")).startswith(self.prefix) and isinstance(item.get("id"), int)
        }
