"""What a run found that somebody may ask about later: why something was not done, whom it did not see, what to look at. Pure.

The list of plans that make no rule may be as long as all plans of a site: of each kind the first are kept, and how many there
were.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from integration.absences import OF_PROJECT
from integration.records import HeldRule, Issue
from integration.report import span
from integration.sync import Compared
from integration.time_accounts import in_hours
from integration.worklog_result import Ran

MOST_SHOWN = 200
"""Of one kind."""

MEANINGS: Mapping[str, str] = MappingProxyType(
    {
        "refused": "Refused",
        "unreadable": "Could not be read",
        "fallback": "Why Jira stands in",
        "recovered": "Tempo is read again",
        "incomplete": "Why it is incomplete",
        "failed": "Could not be written or told",
        "withheld": "Not deleted, because not everything was seen",
        "doubt": "Whose plans or worklogs are doubted",
        "unseen": "Of whom nothing is seen",
        "kept": "Kept as edited by hand",
        "warning": "To look at",
        "why-left-out": "Why plans make no rule",
        "left-out": "Plans that make no rule",
    }
)
"""Kind -> what a list of them is called, the most urgent first."""


class Finding(NamedTuple):
    """One thing. account_id: whom it is about, "" for nobody. what: the plan or rule it is about, "" for none."""

    kind: str
    account_id: str
    what: str
    sentence: str


class Findings(NamedTuple):
    """All of one kind. total: how many there were; the first of them are shown."""

    kind: str
    total: int
    shown: tuple[Finding, ...]


def of_absences(
    compared: Compared, issues: Mapping[str, Issue], failed: Iterable[str], warnings: Iterable[str]
) -> list[Findings]:
    """Of a run of the absence sync. issues: by id."""
    return _grouped(_of_absences(compared, issues, failed, warnings))


def of_worklogs(ran: Ran) -> list[Findings]:
    """Of a run of the worklog sync."""
    return _grouped(_of_worklogs(ran))


def of_error(sentence: str) -> list[Findings]:
    """Of a run that read nothing."""
    return _grouped([Finding("unreadable", "", "", sentence)])


def as_text(found: Iterable[Findings]) -> str:
    """As it is kept."""
    return json.dumps({one.kind: [one.total, [list(each[1:]) for each in one.shown]] for one in found}, ensure_ascii=False)


def of_text(text: str) -> list[Findings]:
    """What was kept. Raises ``ValueError`` where somebody edited it to something else."""
    try:
        return [
            Findings(kind, int(total), tuple(Finding(kind, *map(str, each)) for each in shown))
            for kind, (total, shown) in json.loads(text).items()
        ]
    except (TypeError, AttributeError, KeyError) as error:
        raise ValueError(str(error)) from None


def _grouped(found: Iterable[Finding]) -> list[Findings]:
    totals: Counter[str] = Counter()
    shown: dict[str, list[Finding]] = {}
    for one in found:
        totals[one.kind] += 1
        first = shown.setdefault(one.kind, [])
        if len(first) < MOST_SHOWN:
            first.append(one)
    return [Findings(kind, totals[kind], tuple(shown[kind])) for kind in MEANINGS if kind in shown]


def _of_absences(
    compared: Compared, issues: Mapping[str, Issue], failed: Iterable[str], warnings: Iterable[str]
) -> Iterator[Finding]:
    def rule(held: HeldRule) -> str:
        return f"{_key(issues, held.rule.issue_id)}, {span(held.rule)} {held.rule.zone}"

    if compared.refused is not None:
        yield Finding("refused", "", "", compared.refused)
    if compared.reason is not None:
        yield Finding("incomplete", "", "", compared.reason.sentence)
    for sentence in failed:
        yield Finding("failed", "", "", sentence)
    for sentence in warnings:
        yield Finding("warning", "", "", sentence)
    for person in compared.people:
        account_id, changes = person.person.account_id, person.changes
        if person.doubt is not None and person.doubt != compared.reason:
            yield Finding("doubt", account_id, "", person.doubt.sentence)
        for kept in changes.withheld:
            yield Finding("withheld", account_id, rule(kept.held), kept.reason)
        for kept in changes.kept:
            yield Finding("kept", account_id, rule(kept.held), kept.reason)
    for handover in compared.handovers:
        if handover.problem is not None:
            yield Finding("warning", handover.rule.account_id, f"handing over {handover.issue.key}", handover.problem)
    for reason, number in Counter(left.reason for left in compared.left_out).most_common():
        yield Finding("why-left-out", "", f"{number} plan{'' if number == 1 else 's'}", reason)
    for left in compared.left_out:
        # The number of a worklog that stands for a plan is one of Tempo, too.
        item = f"project {left.item_id}" if left.reason == OF_PROJECT else _key(issues, left.item_id)
        what = f"plan {left.plan_id} on {item}, {left.days} day{'' if left.days == 1 else 's'}"
        yield Finding("left-out", left.account_id, what, left.reason)


def _of_worklogs(ran: Ran) -> Iterator[Finding]:
    standing = ran.standing
    if ran.error is not None:
        yield Finding("unreadable", "", "", ran.error)
    elif standing.fallback is not None:
        since = f"since {standing.fallback.since}"
        yield Finding("fallback", "", since, standing.fallback.cause.sentence)
        yield Finding("fallback", "", f"{in_hours(ran.unattributed)} h", "are nobody's: they were entered in Tempo")
    if ran.recovered is not None:
        yield Finding("recovered", "", f"since {ran.recovered.since} it could not be", ran.recovered.cause.sentence)
    told = {ran.error, standing.fallback.cause.sentence if standing.fallback else None}
    for reason in standing.reasons:
        if reason.sentence not in told:
            yield Finding("incomplete", "", "", reason.sentence)
    for sentence in ran.failed:
        yield Finding("failed", "", "", sentence)
    for doubt in ran.read.doubts if ran.read is not None else ():
        number = f"{doubt.worklogs} worklog{'' if doubt.worklogs == 1 else 's'}"
        yield Finding("doubt", doubt.account_id, number, "no longer visible, and not known to be deleted: kept")
    for account_id in standing.visible.unseen if standing.visible is not None else ():
        yield Finding("unseen", account_id, "", "no worklogs are visible: it is not known what was logged")
    for sentence in ran.notes:
        yield Finding("warning", "", "", sentence)


def _key(issues: Mapping[str, Issue], number: str) -> str:
    return issues[number].key if number in issues else f"issue {number}"
