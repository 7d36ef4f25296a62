"""Where changes of rules go. The database is the one that counts; the others tell what it holds."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from integration.records import HeldRule, Rule

Key = tuple[str, str, str, int]


class Change(NamedTuple):
    """One rule that is created (before is None), updated, or deleted (after is None)."""

    before: HeldRule | None
    after: Rule | None

    @property
    def action(self) -> str:
        """create, update or delete."""
        if self.before is None:
            return "create"
        return "delete" if self.after is None else "update"

    @property
    def key(self) -> Key:
        """What makes it the same rule in another run."""
        if self.after is not None:
            return self.after.key
        assert self.before is not None
        return (self.before.written or self.before.rule).key


class SinkError(Exception):
    """A change that could not be made. The text is a sentence with the way out."""


class Sink(Protocol):
    """Something that takes changes one by one. Taking one twice does no harm."""

    @property
    def name(self) -> str:
        """For outcomes."""

    def apply(self, change: Change) -> None:
        """Make a change. Raises ``SinkError``."""
