"""Why somebody has or lacks the integration: the four known causes with their solutions. Pure.

What could not be asked is "cannot tell" and never fine.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import NamedTuple

from integration.connect import Verdict
from integration.records import Issue, Person


class State(StrEnum):
    """Whether something is as it should be."""

    HAS = "has"
    LACKS = "lacks"
    CANNOT_TELL = "cannot tell"


class Cause(StrEnum):
    """What may be in the way."""

    TOKEN = "token"
    SELECTION = "no issue selected"
    INACTIVE = "inactive"
    TEAM = "not in a team"
    ISSUE = "issue not assigned to the team"
    PERMISSION = "insufficient permission"
    TEMPLATE = "no template"


class Finding(NamedTuple):
    """Something in the way, or that might be. issue: its key where it is about one. solution: "" where nothing can be told."""

    cause: Cause
    state: State
    sentence: str
    solution: str
    issue: str | None = None


class Known(NamedTuple):
    """What was found out about the site. None, everywhere: could not be asked, and ``unknown`` has the sentence why.

    teams: accountId -> teams of today. issue_teams: issue id -> teams it is open to, empty for all. workable: accountId ->
    ids of the issues on which they may work, missing for whom nobody was told. templates: of person and issue id, the
    person "" for everybody.
    """

    token: Verdict
    selection: Mapping[str, Issue]
    teams: Mapping[str, frozenset[int]] | None
    issue_teams: Mapping[str, frozenset[int]] | None
    workable: Mapping[str, Collection[str]]
    templates: Collection[tuple[str, str]]
    unknown: Mapping[str, str]


class Diagnosis(NamedTuple):
    """Of one person. issues: keys of those that certainly make rules for them."""

    person: Person
    state: State
    issues: tuple[str, ...]
    findings: tuple[Finding, ...]


def diagnose(person: Person, known: Known) -> Diagnosis:
    """Why this person has or lacks the integration."""
    general = _general(person, known)
    states: dict[str, State] = {}
    particular: list[Finding] = []
    for issue in sorted(known.selection.values(), key=lambda issue: issue.key):
        found = _of_issue(person, issue, known)
        states[issue.key] = _worst(found)
        particular += found
    worst = _worst(general)
    issues = tuple(key for key, state in states.items() if state is State.HAS) if worst is State.HAS else ()
    if worst is State.HAS and not issues:
        worst = State.CANNOT_TELL if State.CANNOT_TELL in states.values() else State.LACKS
    if worst is not State.LACKS and states and all(state is State.LACKS for state in states.values()):
        worst = State.LACKS
    return Diagnosis(person, worst, issues, (*general, *_joined(particular)))


def _general(person: Person, known: Known) -> list[Finding]:
    found: list[Finding] = []
    if not known.token.is_good:
        renew = "Renew API tokens before they expire: `tempo-sync connect --rotate` takes a new one."
        solution = renew if known.token.is_over else "`tempo-sync connect` verifies it again."
        found.append(Finding(Cause.TOKEN, State.LACKS, known.token.sentence, solution))
    if not known.selection:
        sentence = "No internal issue is selected."
        found.append(Finding(Cause.SELECTION, State.LACKS, sentence, "Select some with `tempo-sync issues --select`."))
    if not person.active:
        found.append(Finding(Cause.INACTIVE, State.LACKS, "Is inactive in Jira.", "Nothing, if they left."))
    if known.teams is None:
        found.append(_unknown(Cause.TEAM, "whether they are in a Tempo team", known))
    elif not known.teams.get(person.account_id):
        sentence = "Is in no Tempo team that the token's owner may see, so there is no integration for them."
        found.append(Finding(Cause.TEAM, State.LACKS, sentence, "Add them to an appropriate Tempo team."))
    return found


def _of_issue(person: Person, issue: Issue, known: Known) -> list[Finding]:
    found: list[Finding] = []
    mine = None if known.teams is None else known.teams.get(person.account_id, frozenset())
    open_to = None if known.issue_teams is None else known.issue_teams.get(issue.id)
    if known.issue_teams is not None and open_to is None:
        sentence = (
            f"{issue.key} is no internal issue any more, or the token's owner may not browse it: plans on it are not seen."
        )
        found.append(Finding(Cause.ISSUE, State.LACKS, sentence, "Select other issues, or make it internal again.", issue.key))
    elif open_to is None or (open_to and mine is None):
        found.append(_unknown(Cause.ISSUE, f"whether {issue.key} is assigned to a team of theirs", known, issue.key))
    elif mine and open_to and not mine & open_to:
        sentence = f"{issue.key} is not assigned to a team of theirs: they cannot plan on it."
        found.append(Finding(Cause.ISSUE, State.LACKS, sentence, "Assign the internal issue to a team they are in.", issue.key))
    workable = known.workable.get(person.account_id)
    if workable is None:
        found.append(_unknown(Cause.PERMISSION, f"whether they may work on {issue.key}", known, issue.key))
    elif issue.id not in workable:
        sentence = f"Has no permission to work on {issue.key}: they cannot plan time on it."
        solution = "Grant time planning permissions: Browse Projects and Work On Issues in its project."
        found.append(Finding(Cause.PERMISSION, State.LACKS, sentence, solution, issue.key))
    if not {(person.account_id, issue.id), ("", issue.id)} & set(known.templates):
        sentence = f"Has no template for {issue.key}: plans on it make no rule."
        found.append(Finding(Cause.TEMPLATE, State.LACKS, sentence, "Write a [[template]] for it.", issue.key))
    return found


def _unknown(cause: Cause, what: str, known: Known, issue: str | None = None) -> Finding:
    return Finding(cause, State.CANNOT_TELL, f"Cannot tell {what}: {known.unknown.get(cause, 'nobody says')}.", "", issue)


def _worst(findings: Collection[Finding]) -> State:
    states = {finding.state for finding in findings}
    return next((state for state in (State.LACKS, State.CANNOT_TELL) if state in states), State.HAS)


def _joined(findings: Collection[Finding]) -> list[Finding]:
    """What is the same of several issues, told once."""
    groups: dict[tuple[Cause, State, str], list[Finding]] = {}
    for finding in findings:
        pattern = finding.sentence.replace(finding.issue or "", "*")
        groups.setdefault((finding.cause, finding.state, pattern), []).append(finding)
    told: list[Finding] = []
    for group in groups.values():
        keys = [finding.issue or "" for finding in group]
        first = group[0]
        told.append(first._replace(sentence=first.sentence.replace(keys[0], ", ".join(keys)), issue=", ".join(keys)))
    return told
