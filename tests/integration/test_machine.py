"""Weeks of a site in random order: whatever people plan, lose, break and edit, a whole run leaves the rules that should be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from integration.clients.jira import Jira
from integration.records import HeldRule, Issue, Outcome, Person, Rule
from integration.run import Ran
from integration.status import Status, status
from integration.store import Store

from .runs import Runs

PEOPLE = ("bob", "erica", "greta")
ROLE = ["permissions.plan.view", "permissions.plan.manage"]
DAYS = st.integers(0, 25)
HOURS = st.sampled_from(["1h", "4h", "7h 12m", "8h", "20h"])
MANUAL = {"source": "manual", "message": "Mine", "part": 9}


class Killed(BaseException):
    """A process that is gone, as seen from within."""


class BreakingStore(Store):
    """A store that fails or dies at a write that was chosen."""

    left: int | None = None
    error: BaseException = Killed()

    def _count(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise self.error

    def add(self, rule: Rule) -> int:
        self._count()
        return super().add(rule)

    def change(self, number: int, rule: Rule) -> None:
        self._count()
        super().change(number, rule)

    def remove(self, number: int) -> None:
        super().remove(number)
        self._count()

    def note(self, run: int, outcome: Outcome) -> None:
        self._count()
        super().note(run, outcome)


class Leaving(Jira):
    """A Jira in which somebody was deactivated."""

    gone: frozenset[str] = frozenset()

    def people(self, account_ids: Any) -> dict[str, Person]:
        found = super().people(account_ids)
        return {name: person._replace(active=name not in self.gone) for name, person in found.items()}


class LeavingRuns(Runs):
    """Runs that see those who left."""

    gone: frozenset[str] = frozenset()

    def jira(self) -> Jira:
        jira = Leaving(super().jira().wire)
        jira.gone = self.gone
        return jira


class Machine(RuleBasedStateMachine):
    """A site, its people and the sync. Who reads holds a role that may be taken away."""

    def __init__(self, world: Any, tokens: dict[str, str], folder: Path) -> None:
        super().__init__()
        self.world, self.tokens, self.folder = world, tokens, folder
        world.restore("machine")
        self.plans: list[dict[str, Any]] = []
        self.may_see = True
        self.runs = LeavingRuns(world, folder)
        self.store = BreakingStore(":memory:")
        self.issues = self.runs.store.selection()
        self.runs.store.close()
        self.runs.store = self.store
        self._select(self.issues)
        self.manual = 0
        self.edited: dict[int, HeldRule] = {}

    def teardown(self) -> None:
        self.store.close()

    def _select(self, issues: dict[str, Issue]) -> None:
        with self.store.transaction():
            self.store.select(issues.values())

    def _call(self, method: str, plan: dict[str, Any], who: str, body: Any = None, path: str = "") -> bool:
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        url = f"{self.world.url}/4/plan-approvals/{plan['id']}" if path else plan["self"]
        return requests.request(method, url, json=body, headers=headers, timeout=9).status_code < 300

    @property
    def coming(self) -> list[HeldRule]:
        now = self.world.clock.now
        return [held for held in self.store.held() if held.written and status(held.rule, now) is not Status.EXPIRED]

    @rule(person=st.sampled_from(PEOPLE), issue=st.sampled_from(["HR-1", "HR-4", "CLOUD-3"]), day=DAYS, more=st.integers(0, 4),
          hours=HOURS, start=st.sampled_from(["00:00", "09:30", "22:00"]), asks=st.booleans())  # fmt: skip
    def plan(self, person: str, issue: str, day: int, more: int, hours: str, start: str, asks: bool) -> None:
        from mock_server.testing import TempoRefused

        today = self.world.clock.now.date()
        days = {"start": str(today + timedelta(days=day)), "end": str(today + timedelta(days=day + more))}
        with suppress(TempoRefused):
            reviewer = {"reviewer": "fred"} if asks else {}
            self.plans.append(
                {**self.world.make.plan(person=person, issue=issue, per_day=hours, start_time=start, **days, **reviewer)}
                | {"who": person}
            )

    @precondition(lambda self: self.plans)
    @rule(data=st.data(), seconds=st.sampled_from([3600, 28800]), later=st.integers(0, 3))
    def edit(self, data: Any, seconds: int, later: int) -> None:
        plan = data.draw(st.sampled_from(self.plans))
        day = self.world.clock.now.date() + timedelta(days=later)
        body = {
            "assigneeId": plan["assignee"]["id"], "assigneeType": "USER", "planItemType": "ISSUE", "startTime": "10:00",
            "planItemId": plan["planItem"]["id"], "plannedSecondsPerDay": seconds, "startDate": str(day), "endDate": str(day),
            "includeNonWorkingDays": True,
        }  # fmt: skip
        self._call("PUT", plan, plan["who"], body)

    @precondition(lambda self: self.plans)
    @rule(data=st.data())
    def delete(self, data: Any) -> None:
        plan = data.draw(st.sampled_from(self.plans))
        if self._call("DELETE", plan, plan["who"]):
            self.plans.remove(plan)

    @precondition(lambda self: self.plans)
    @rule(data=st.data(), to=st.sampled_from(["APPROVED", "REJECTED"]))
    def decide(self, data: Any, to: str) -> None:
        self._call("PUT", data.draw(st.sampled_from(self.plans)), "fred", {"status": to}, path="approval")

    @rule(hours=st.integers(1, 100))
    def wait(self, hours: int) -> None:
        self.world.clock.advance(timedelta(hours=hours))

    @rule()
    def take_or_give_the_role(self) -> None:
        if self.may_see:
            with self.world.faults.arm(path="/4/plans", takePermission=True, count=1):
                self.runs.exit(apply=False)
        else:
            self.world.make.permission_role(permissions=ROLE, people=["absences"])
        self.may_see = not self.may_see

    @rule(gone=st.frozensets(st.sampled_from(PEOPLE), max_size=2))
    def people_leave_and_come_back(self, gone: frozenset[str]) -> None:
        ids = {plan["who"]: plan["assignee"]["id"] for plan in self.plans}
        self.runs.gone = frozenset(ids[name] for name in gone if name in ids)

    @rule(keys=st.sets(st.sampled_from(["HR-1", "HR-4"]), min_size=1))
    def select(self, keys: set[str]) -> None:
        self._select({number: issue for number, issue in self.issues.items() if issue.key in keys})

    @precondition(lambda self: self.store.held())
    @rule(data=st.data(), what=st.sampled_from(["message", "begin", "end", "person"]), days=st.integers(-3, 3))
    def edit_a_rule_by_hand(self, data: Any, what: str, days: int) -> None:
        held = data.draw(st.sampled_from([held for held in self.store.held() if held.written]))
        begin, end = held.rule.begin, held.rule.end
        if what in ("begin", "end"):
            # Moved, or made longer.
            begin, end = begin + timedelta(days=days if what == "begin" else min(days, 0)), end + timedelta(days=days)
        values = (
            "By hand" if what == "message" else held.rule.message,
            begin.isoformat(),
            max(begin, end).isoformat(),
            data.draw(st.sampled_from(self.store.people())) if what == "person" else held.rule.account_id,
            held.id,
        )
        sql = "UPDATE rules SET message = ?, begin = ?, end = ?, account_id = ? WHERE id = ?"
        self.store._connection.execute(sql, values)
        self.edited = {one.id: one for one in self.store.held() if one.is_hand_edited}

    @initialize()
    def a_rule_of_somebody_else(self) -> None:
        self.run(accept=False)
        with self.store.transaction():
            first = self.store.held()[0].rule
            self.manual = self.store.add(Rule(**{**vars(first), **MANUAL}))

    @rule(at=st.integers(0, 4), dies=st.booleans())
    def break_off(self, at: int, dies: bool) -> None:
        self.store.left = at
        self.store.error = Killed() if dies else sqlite3.OperationalError("disk I/O error")
        try:
            ran = self._run(accept=False)
            assert ran.exit in (0, 7)
            assert bool(ran.exit == 7) >= any(outcome.error for outcome in ran.outcomes)
        except Killed:
            pass
        finally:
            self.store.left = None

    def _run(self, accept: bool) -> Ran:
        before = {held.rule.account_id: held for held in self.coming}
        there = {held.id for held in self.coming}
        ran = self.runs.run(accept_fewer=accept, allow_mass_change=True)
        if not self.may_see:
            fred = self.world.persona("absences")["account_id"]
            after = {held.id for held in self.store.held()}
            kept = {held.id for held in before.values() if held.rule.account_id != fred} & there
            assert kept <= after, "something was deleted on the word of somebody who may not see plans"
        return ran

    @rule(accept=st.booleans())
    def run(self, accept: bool) -> None:
        ran = self._run(accept and self.may_see)
        assert ran.exit in (0, 7)
        if not ran.compared.is_whole:
            return
        assert ran.exit == 0
        now = self.world.clock.now
        fresh = LeavingRuns(self.world, self.folder)
        fresh.gone = self.runs.gone
        with fresh.store.transaction():
            fresh.store.select(self.store.selection().values())
        fresh.run(now)
        # What stands for what on a day with a rule that was edited is for the tests of single cases.
        kept = {held.written.key[:3] for held in self.store.held() if held.written and held.is_hand_edited}
        wanted = {replace(found, part=0) for found in fresh.rules if status(found, now) is not Status.EXPIRED}
        fresh.store.close()
        standing = {replace(held.rule, part=0) for held in self.coming if not held.is_hand_edited}
        assert {one for one in standing if one.key[:3] not in kept} == {one for one in wanted if one.key[:3] not in kept}
        again = self.runs.run(now, allow_mass_change=True)
        assert (again.exit, again.outcomes, again.compared.size) == (0, (), 0)

    @invariant()
    def nobody_touches_what_was_edited(self) -> None:
        there = {held.id: held for held in self.store.held()}
        assert {number: there.get(number) for number in self.edited} == self.edited

    @invariant()
    def nobody_touches_what_is_not_of_the_sync(self) -> None:
        if self.manual:
            manual = next(held for held in self.store.held() if held.id == self.manual)
            assert (manual.rule.source, manual.rule.message, manual.written) == ("manual", "Mine", None)


@pytest.fixture(scope="module")
def site(tempo_server: Any) -> Iterator[tuple[Any, dict[str, str]]]:
    with tempo_server.world(scenario="guide", clock="2026-03-02T09:00Z") as world:
        world.clock.freeze()
        world.make.permission_role(permissions=ROLE, people=["absences"])
        tokens = {name: world.make.token(name)["token"] for name in PEOPLE} | {"fred": world.token("absences")}
        world.snapshot("machine")
        yield world, tokens


def run_machine(site: tuple[Any, dict[str, str]], folder: Path, examples: int, steps: int) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    wanted = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=checks, database=None,
        derandomize=True, print_blob=False,
    )  # fmt: skip
    run_state_machine_as_test(lambda: Machine(*site, folder), settings=wanted)


def test_some_weeks(site: tuple[Any, dict[str, str]], tmp_path: Path) -> None:
    run_machine(site, tmp_path, 5, 10)


@pytest.mark.exhaustive
def test_many_weeks(site: tuple[Any, dict[str, str]], tmp_path: Path) -> None:
    run_machine(site, tmp_path, 40, 25)
