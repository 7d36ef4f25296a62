"""Why somebody has or lacks the integration: the four causes, alone and together, and what could not be asked."""

from __future__ import annotations

from typing import Any

import pytest

from integration.connect import Kind, Verdict
from integration.doctor import Cause, Known, State, diagnose
from integration.records import Issue, Person

ANN = Person("ann", "Ann", "UTC", True)
LEAVE, ILL = Issue("1", "HR-1", "Leave"), Issue("2", "HR-2", "Sick leave")
GOOD = Verdict(Kind.GOOD, "Connected.")


def known(**more: Any) -> Known:
    values: dict[str, Any] = {
        "token": GOOD, "selection": {"1": LEAVE}, "teams": {"ann": frozenset({3})},
        "issue_teams": {"1": frozenset(), "2": frozenset({3})}, "workable": {"ann": {"1", "2"}},
        "templates": {("", "1"), ("ann", "2")}, "unknown": {},
    }  # fmt: skip
    return Known(**{**values, **more})


EXPIRED = Verdict(Kind.EXPIRED, "The token expired on 2026-03-01.")
CASES = [
    pytest.param({}, State.HAS, set(), id="fine"),
    pytest.param({"issue_teams": {"1": frozenset({3, 4})}}, State.HAS, set(), id="an issue of a team of theirs"),
    pytest.param({"teams": {}}, State.LACKS, {Cause.TEAM}, id="in no team"),
    pytest.param({"teams": {}, "issue_teams": {"1": frozenset({3})}}, State.LACKS, {Cause.TEAM}, id="in no team, issue of one"),
    pytest.param(
        {"teams": {"ann": frozenset({3, 5})}, "issue_teams": {"1": frozenset({3})}}, State.HAS, set(), id="one of two teams"
    ),
    pytest.param({"teams": {"bob": frozenset({3})}}, State.LACKS, {Cause.TEAM}, id="others are in a team"),
    pytest.param({"issue_teams": {"1": frozenset({4})}}, State.LACKS, {Cause.ISSUE}, id="an issue of another team"),
    pytest.param({"issue_teams": {}}, State.LACKS, {Cause.ISSUE}, id="not internal any more"),
    pytest.param({"workable": {"ann": set()}}, State.LACKS, {Cause.PERMISSION}, id="no permission"),
    pytest.param({"token": EXPIRED}, State.LACKS, {Cause.TOKEN}, id="token expired"),
    pytest.param({"selection": {}}, State.LACKS, {Cause.SELECTION}, id="nothing selected"),
    pytest.param({"templates": {("bob", "1")}}, State.LACKS, {Cause.TEMPLATE}, id="no template"),
    pytest.param(
        {"teams": {}, "workable": {"ann": set()}, "token": EXPIRED}, State.LACKS,
        {Cause.TEAM, Cause.PERMISSION, Cause.TOKEN}, id="three causes at once",
    ),
    pytest.param({"teams": None}, State.CANNOT_TELL, {Cause.TEAM}, id="teams hidden"),
    pytest.param({"issue_teams": None}, State.CANNOT_TELL, {Cause.ISSUE}, id="no list of internal issues"),
    pytest.param({"workable": {}}, State.CANNOT_TELL, {Cause.PERMISSION}, id="rights of others are not told"),
    pytest.param(
        {"teams": None, "issue_teams": {"1": frozenset({3})}}, State.CANNOT_TELL, {Cause.TEAM, Cause.ISSUE},
        id="teams hidden, issue of a team",
    ),
    pytest.param({"teams": None, "workable": {"ann": set()}}, State.LACKS, {Cause.TEAM, Cause.PERMISSION},
                 id="teams hidden, certainly no permission"),
    pytest.param({"token": EXPIRED, "teams": None, "issue_teams": None, "workable": {}}, State.LACKS,
                 {Cause.TOKEN, Cause.TEAM, Cause.ISSUE, Cause.PERMISSION}, id="token expired, nothing asked"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "state", "causes"), CASES)
def test_diagnosis(more: dict[str, Any], state: State, causes: set[Cause]) -> None:
    found = diagnose(ANN, known(**more))
    assert found.state is state
    assert {finding.cause for finding in found.findings} == causes
    assert bool(found.issues) is (state is State.HAS)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"teams": {}}, "Add them to an appropriate Tempo team."),
        ({"issue_teams": {"1": frozenset({4})}}, "Assign the internal issue to a team they are in."),
        ({"workable": {"ann": set()}}, "Grant time planning permissions"),
        ({"token": EXPIRED}, "Renew API tokens before they expire"),
    ],
)
def test_each_cause_has_its_solution(more: dict[str, Any], words: str) -> None:
    (finding,) = diagnose(ANN, known(**more)).findings
    assert finding.solution.startswith(words)


def test_what_cannot_be_told_says_why_and_offers_no_solution() -> None:
    (finding,) = diagnose(ANN, known(workable={}, unknown={Cause.PERMISSION: "only administrators may ask"})).findings
    assert finding.sentence == "Cannot tell whether they may work on HR-1: only administrators may ask."
    assert not finding.solution


def test_somebody_has_what_is_open_to_them() -> None:
    both = {"1": LEAVE, "2": ILL}
    found = diagnose(ANN, known(selection=both, issue_teams={"1": frozenset(), "2": frozenset({9})}))
    assert found.state is State.HAS
    assert found.issues == ("HR-1",)
    (finding,) = found.findings
    assert finding.sentence.startswith("HR-2 is not assigned")


def test_of_one_issue_nobody_can_tell_and_the_other_is_closed() -> None:
    both = {"1": LEAVE, "2": ILL}
    found = diagnose(
        ANN, known(selection=both, teams=None, workable={"ann": {"1"}}, issue_teams={"1": frozenset({3}), "2": frozenset()})
    )
    assert found.state is State.CANNOT_TELL


def test_what_hits_several_issues_is_told_once() -> None:
    (finding,) = diagnose(ANN, known(selection={"1": LEAVE, "2": ILL}, workable={"ann": set()})).findings
    assert finding.sentence == "Has no permission to work on HR-1, HR-2: they cannot plan time on it."
    assert finding.issue == "HR-1, HR-2"


def test_somebody_who_left() -> None:
    found = diagnose(ANN._replace(active=False), known())
    assert found.state is State.LACKS
    assert [finding.cause for finding in found.findings] == [Cause.INACTIVE]
