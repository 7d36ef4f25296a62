"""The values that pass between reading, deriving, comparing and applying. All are immutable and compare by value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

SOURCE = "tempo"
"""Where the rules of this sync come from; rules of other sources are never touched."""


class Reason(NamedTuple):
    """Why a reading is not whole. kind: one word for programs. sentence: what happened and the way out, for people."""

    kind: str
    sentence: str


@dataclass(frozen=True)
class Complete(Generic[T]):
    """Everything there was to read."""

    value: T


@dataclass(frozen=True)
class Partial(Generic[T]):
    """What was read before something came between. Nothing is ever deleted because of what is not in it."""

    value: T
    reason: Reason


Reading = Complete[T] | Partial[T]


class Issue(NamedTuple):
    """A Jira issue that time off is planned on. id: as Tempo's plans name it."""

    id: str
    key: str
    summary: str


class Person(NamedTuple):
    """Somebody of the Jira site. zone: IANA name of the time zone, None where Jira does not tell."""

    account_id: str
    name: str
    zone: str | None
    active: bool


class Team(NamedTuple):
    """A team of Tempo. members: accountIds of those who are in it today."""

    id: int
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan of Tempo in the window that was asked for.

    assignee_type: USER or GENERIC. item_type: ISSUE or PROJECT. start_time: wall clock of the assignee; None where Tempo
    gives none. days: local day and planned seconds of each, from Tempo's DAILY breakdown, the earliest first.
    status: REQUESTED, APPROVED, REJECTED, or None where nobody is asked to approve. from_worklog: it stands for work
    that was logged, whose id it has.
    """

    id: int
    assignee_id: str
    assignee_type: str
    item_id: str
    item_type: str
    start_time: time | None
    days: tuple[tuple[date, int], ...]
    status: str | None = None
    from_worklog: bool = False


class Template(NamedTuple):
    """What a rule does besides lasting. coverers, approver: accountIds. scope: "" for all projects, a project key, or JQL.

    mention_days: the mention tag shows from so many days before, 0 while out, None never. message: with the place-holders
    [return date] and [coverer].
    """

    name: str
    coverers: tuple[str, ...] = ()
    approver: str | None = None
    message: str = ""
    mention_days: int | None = None
    scope: str = ""


Templates = Mapping[tuple[str, str], Template]
"""(accountId, issue id) -> template. The accountId "" stands for everybody who has none of their own for the issue."""

Required = Mapping[date, int]
"""Somebody's required seconds by local day, zero on days off: what the workload and the holiday scheme ask for."""


class Window(NamedTuple):
    """Local days that are looked at, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class Rule:
    """An out-of-office rule. begin, end: wall clock in the person's zone, end 23:59 on a whole last day.

    part: 0, 1, ... counts the rules of one person for one issue that begin on one day. message: place-holders filled in.
    returns: the first working day after, None where it is not known. plan_ids: the plans it stands for, in order.
    flags: what somebody should look at, such as "no start time".
    """

    account_id: str
    issue_id: str
    begin: datetime
    end: datetime
    zone: str
    template: str
    coverers: tuple[str, ...] = ()
    approver: str | None = None
    message: str = ""
    mention_days: int | None = None
    scope: str = ""
    part: int = 0
    returns: date | None = None
    plan_ids: tuple[int, ...] = ()
    flags: tuple[str, ...] = ()
    source: str = SOURCE

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What makes it the same rule in another run: person, issue, first day, part."""
        return self.account_id, self.issue_id, self.begin.date().isoformat(), self.part


class LeftOut(NamedTuple):
    """A plan that makes no rule, and why. account_id: "" for a generic resource. days: how many are in the window."""

    plan_id: int
    account_id: str
    item_id: str
    days: int
    reason: str


class Derived(NamedTuple):
    """What should be, of one person."""

    rules: tuple[Rule, ...]
    left_out: tuple[LeftOut, ...]


class HeldRule(NamedTuple):
    """A rule as it stands now. id: in the sink. written: as this sync wrote it last, None for rules of other sources."""

    id: int
    rule: Rule
    written: Rule | None

    @property
    def is_hand_edited(self) -> bool:
        """Whether somebody changed it since this sync wrote it."""
        return self.written is not None and self.rule != self.written


class Update(NamedTuple):
    """A rule that should be otherwise."""

    before: HeldRule
    after: Rule


class Kept(NamedTuple):
    """A rule that is left as it is although something else, or nothing, was derived, and why."""

    held: HeldRule
    reason: str


class Changes(NamedTuple):
    """What would be written, of one person or of all. withheld: what a partial reading does not justify."""

    create: tuple[Rule, ...] = ()
    update: tuple[Update, ...] = ()
    delete: tuple[HeldRule, ...] = ()
    kept: tuple[Kept, ...] = ()
    withheld: tuple[Kept, ...] = ()

    @property
    def size(self) -> int:
        """How many rules would be written or removed."""
        return len(self.create) + len(self.update) + len(self.delete)


class Outcome(NamedTuple):
    """What became of one change. action: create, update, delete, assign or comment. sink: where.

    error: a sentence, None when it was done. target: the key of a Jira issue, "" for a rule itself.
    """

    action: str
    sink: str
    key: tuple[str, str, str, int]
    error: str | None = None
    target: str = ""
