"""What breaks the requests of a test's world: rules as ``POST /_mock/faults`` takes them, and traps by name."""

from collections.abc import Mapping
from typing import Any

from mock_server.testing.in_process import InProcess, TempoRefused

__tracebackhide__ = True

_PATH = "/_mock/faults"


class ArmedFault:
    """A fault while it is armed; as a ``with`` block it is disarmed at its end. ``sentence`` tells what it does."""

    def __init__(self, faces: InProcess, bean: Mapping[str, Any]) -> None:
        self._faces = faces
        self.id: int = bean["id"]
        self.rule: Mapping[str, Any] = bean["rule"]
        self.sentence: str = bean["sentence"]
        self._last = bean

    def __repr__(self) -> str:
        return f"<fault {self.id}: {self.sentence}>"

    def __enter__(self) -> "ArmedFault":
        return self

    def __exit__(self, *_: object) -> None:
        self.disarm()

    @property
    def fired(self) -> int:
        """How many requests it has broken; once it is disarmed, as many as it had then."""
        count: int = self._now()["fired"]
        return count

    @property
    def seen(self) -> int:
        """How many requests it was for, broken or not."""
        count: int = self._now()["seen"]
        return count

    def disarm(self) -> None:
        """Break nothing with it any more. To disarm twice does no harm."""
        self._now()
        try:
            self._faces.call("DELETE", f"{_PATH}/{self.id}")
        except TempoRefused as refused:
            if refused.status != 404:
                raise

    def _now(self) -> Mapping[str, Any]:
        try:
            self._last = self._faces.call("GET", f"{_PATH}/{self.id}")
        except TempoRefused as refused:
            if refused.status != 404:
                raise
        return self._last


class WorldFaults:
    """The faults of one world. What ``tempo.make`` does is never broken."""

    def __init__(self, faces: InProcess) -> None:
        self._faces = faces

    def arm(self, rule: Mapping[str, Any] | None = None, /, **members: Any) -> ArmedFault:
        """Break the requests that a rule is for, from now on: ``arm(path="/4/worklogs", status=429, count=2)``.

        Members are those of docs/faults.md, as keywords also with underscores (``retry_after=5``). Raises ``ValueError``
        with one sentence for a rule that cannot be.
        """
        sent = {**(rule or {}), **{_wire(name): value for name, value in members.items()}}
        try:
            return ArmedFault(self._faces, self._faces.call("POST", _PATH, sent))
        except TempoRefused as refused:
            raise ValueError("; ".join(refused.messages)) from None

    def trap(self, name: str, **members: Any) -> ArmedFault:
        """Arm a trap by its name, such as ``hidden-authors``. Raises ``ValueError`` for one that there is not."""
        return self.arm({"trap": name}, **members)

    def every(self) -> list[ArmedFault]:
        """What is armed, the oldest first."""
        return [ArmedFault(self._faces, bean) for bean in self._faces.call("GET", _PATH)["faults"]]

    def disarm_all(self) -> None:
        """Break nothing any more."""
        self._faces.call("DELETE", _PATH)


def _wire(name: str) -> str:
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(word.capitalize() for word in rest)
