"""What checks of Tempo Cloud ask for by name: callers, the bench, where and when work may be logged."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from conformance import expect
from conformance.calls import Answer, Unmet
from conformance.client import Caller
from conformance.cloud.bench import (
    ATTRIBUTE,
    PLAN,
    WORKLOG,
    Bench,
    Calendar,
    Issue,
    Timesheet,
    account_of,
    sweep,
    sweep_worklogs,
)
from conformance.cloud.nouns import Maker
from conformance.cloud.pages import everything
from conformance.cloud.planner import Mover, Planner, sweep_plans
from conformance.cloud.workable_issues import WORKERS, workable_issues
from conformance.plugin import RUN
from conformance.run import ANONYMOUS, Absent, Run

FIRST_DAY = datetime.date(1990, 1, 1)
DAYS = 7000
FIRST_PLANNED_DAY = datetime.date(2040, 1, 1)
PLANNED_DAYS = 3000


@pytest.fixture(scope="session")
def run(pytestconfig: pytest.Config) -> Run:
    """The run."""
    return pytestconfig.stash[RUN]


@pytest.fixture(scope="session")
def persona(run: Run) -> Callable[[str], Caller]:
    """Gives a persona by name; the user is the account id, "" where nobody tells it. Raises Absent."""
    known: dict[str, Caller] = {}

    def give(name: str) -> Caller:
        if name not in known:
            caller = run.persona_caller("cloud", name)
            if not caller.user and run.persona(name).api_token and "jira_cloud" in run.target.faces:
                found = run.persona_caller("jira_cloud", name).get("rest/api/3/myself").json_or_none()
                account = found.get("accountId") if isinstance(found, dict) else None
                caller = caller.known_as(account if isinstance(account, str) else "")
            known[name] = caller
        return known[name]

    return give


@pytest.fixture(scope="session")
def admin(persona: Callable[[str], Caller]) -> Caller:
    """Tempo Administrator, Team Administrator and Account Administrator; a token with Full access."""
    return persona("admin")


@pytest.fixture(scope="session")
def lead(persona: Callable[[str], Caller]) -> Caller:
    """Somebody without a global permission; a token with Full access."""
    return persona("lead")


@pytest.fixture(scope="session")
def member(persona: Callable[[str], Caller]) -> Caller:
    """Somebody else without a global permission; a token with Full access."""
    return persona("member")


@pytest.fixture(scope="session")
def outsider(persona: Callable[[str], Caller]) -> Caller:
    """Somebody in no permission role; a token with Full access."""
    return persona("outsider")


@pytest.fixture(scope="session")
def viewer(persona: Callable[[str], Caller]) -> Caller:
    """A token that may view worklogs and nothing else."""
    return persona("viewer")


@pytest.fixture(scope="session")
def no_scopes(persona: Callable[[str], Caller]) -> Caller:
    """A token that may do none of what checks ask for."""
    return persona("no_scopes")


@pytest.fixture(scope="session")
def anonymous(run: Run) -> Caller:
    """Nobody."""
    return run.caller("cloud", ANONYMOUS)


@pytest.fixture(scope="session")
def sweeping(run: Run, admin: Caller) -> None:
    """Looks at the end of the run for what no answer admitted."""
    run.sweeps.append(lambda: sweep(run, admin))


@pytest.fixture
def bench(run: Run, admin: Caller, request: pytest.FixtureRequest) -> Iterator[Bench]:
    """Makes things; they go when the check is over."""
    if run.read_only:
        raise Absent("the check has to write and the run is --read-only")
    request.getfixturevalue("sweeping")
    mark = run.ledger.mark()
    yield Bench(run, admin)
    run.ledger.unwind(mark)


@pytest.fixture(scope="session")
def issues(run: Run) -> tuple[Issue, ...]:
    """Issues on which admin may log work, those first on which the most personas may.

    The one that the target names; on a server of this machine alone, whose issues are nobody's, they may be found out.
    """
    return workable_issues(run)


@pytest.fixture(scope="session")
def required(admin: Caller) -> Mapping[str, Any]:
    """Members that every worklog needs on this site. The remaining estimate of an issue is left alone where that may be."""
    content = admin.get("4/globalconfiguration").json_or_none()
    is_needed = isinstance(content, dict) and content.get("remainingEstimateOptional") is False
    return {"remainingEstimateSeconds": 3600} if is_needed else {}


@pytest.fixture(scope="session")
def calendar(
    run: Run,
    admin: Caller,
    issues: tuple[Issue, ...],
    required: Mapping[str, Any],
    persona: Callable[[str], Caller],
) -> Calendar:
    """Days on which the site takes worklogs: long ago, or in the last months where old periods are closed."""
    needed = [str(row.get("key")) for row in everything(admin, ATTRIBUTE.path) if row.get("required") is True]
    if needed:
        raise Absent(f"the site requires the work attributes {', '.join(needed)}, and the suite does not know their meaning")
    now = datetime.datetime.now(datetime.UTC).date()
    answer: Answer | None = None
    for found in (Calendar(FIRST_DAY, DAYS), Calendar(now - datetime.timedelta(100), 90)):
        body = {
            "authorAccountId": account_of(admin),
            "issueId": issues[0].id,
            "startDate": found.first.isoformat(),
            "startTime": "08:00:00",
            "timeSpentSeconds": 60,
            "description": f"{run.prefix} {next(run.numbers)}",
            **required,
        }
        answer = admin.post(WORKLOG.path, body)
        made = answer.json_or_none()
        if answer.ok and isinstance(made, dict) and made.get(WORKLOG.key):
            WORKLOG.remove(admin, made[WORKLOG.key])
            return replace(found, busy=frozenset(_busy(persona, found)))
    raise Unmet("a worklog of the persona admin", "none could be logged, neither long ago nor of late", answer)


def _busy(persona: Callable[[str], Caller], calendar: Calendar) -> Iterator[int]:
    """The days on which the personas have worklogs, as far as they can be asked."""
    last = calendar.first + datetime.timedelta(calendar.span)
    query = [("from", calendar.first.isoformat()), ("to", last.isoformat())]
    for name in WORKERS:
        try:
            who = persona(name)
            found = everything(who, f"4/worklogs/user/{quote(account_of(who), safe='')}", query)
        except (Absent, Unmet):
            # The checks of this persona say what is the matter.
            continue
        for item in found:
            with contextlib.suppress(TypeError, ValueError):
                yield (datetime.date.fromisoformat(item["startDate"]) - calendar.first).days


@pytest.fixture(scope="session")
def sweeping_worklogs(run: Run, persona: Callable[[str], Caller], issues: tuple[Issue, ...], calendar: Calendar) -> None:
    """Looks at the end of the run for worklogs that no answer admitted."""

    def look() -> None:
        for issue in issues[:2]:
            for name in sorted(issue.workers):
                try:
                    who = persona(name)
                except Absent:
                    continue
                sweep_worklogs(run, who, issue.id, calendar)

    run.sweeps.append(look)


@pytest.fixture
def timesheet(run: Run, bench: Bench, request: pytest.FixtureRequest) -> Timesheet:
    """Logs work on the issue of the run; it goes when the check is over."""
    issues, calendar = request.getfixturevalue("issues"), request.getfixturevalue("calendar")
    request.getfixturevalue("sweeping_worklogs")
    return Timesheet(run, bench, issues, calendar, request.getfixturevalue("required"))


@pytest.fixture(scope="session")
def horizon(run: Run, admin: Caller, issues: tuple[Issue, ...], persona: Callable[[str], Caller]) -> Calendar:
    """Days on which the site takes plans: far ahead, or in the next months. What is left there goes when the run is over."""
    now = datetime.datetime.now(datetime.UTC).date()
    answer: Answer | None = None
    for found in (Calendar(FIRST_PLANNED_DAY, PLANNED_DAYS), Calendar(now + datetime.timedelta(30), 300)):
        asked = Planner(run, Bench(run, admin), issues[0], found).body(admin, found.first)
        answer = admin.post(PLAN.path, asked)
        made = answer.json_or_none()
        if answer.ok and isinstance(made, dict) and made.get("id"):
            PLAN.remove(admin, made["id"])
            break
    else:
        raise Unmet("a plan of the persona admin", "none could be made, neither far ahead nor soon", answer)
    run.sweeps.append(lambda: sweep_plans(run, lambda: _known(persona, issues[0].workers), found))
    return found


def _known(persona: Callable[[str], Caller], names: frozenset[str]) -> list[Caller]:
    callers: list[Caller] = []
    for name in sorted(names):
        with contextlib.suppress(Absent):
            callers.append(persona(name))
    return [caller for caller in callers if caller.user]


@pytest.fixture
def planner(run: Run, bench: Bench, request: pytest.FixtureRequest) -> Planner:
    """Plans time on the issue of the run; the plans go when the check is over."""
    return Planner(run, bench, request.getfixturevalue("issues")[0], request.getfixturevalue("horizon"))


@pytest.fixture
def mover(run: Run, bench: Bench, admin: Caller) -> Mover:
    """Moves personas between schemes, where the target allows it, and back."""
    if not run.target.move_members:
        raise Absent("the target does not allow moving personas between schemes ([cloud] move_members = true)")
    return Mover(run, bench, admin)


@pytest.fixture(scope="session")
def approval(admin: Caller) -> None:
    """A site on which plans are approved. Raises Absent elsewhere."""
    if expect.json_object(admin.get("4/globalconfiguration")).get("planApprovalEnabled") is not True:
        raise Absent("the site does not have plans approved (planApprovalEnabled of 4/globalconfiguration)")


@pytest.fixture
def maker(bench: Bench, admin: Caller, request: pytest.FixtureRequest) -> Maker:
    """What rows of the table of nouns need."""
    give = request.getfixturevalue
    return Maker(bench, admin, lambda: give("member"), lambda: give("timesheet"), lambda: give("planner"))


@pytest.fixture
def team(bench: Bench) -> dict[str, Any]:
    """A new team."""
    return bench.team()


@pytest.fixture(scope="session")
def project(run: Run, issues: tuple[Issue, ...]) -> int:
    """The id of a project that the persona admin browses."""
    for issue in issues:
        if issue.project:
            return issue.project
    answer = run.persona_caller("jira_cloud", "admin").get("rest/api/3/project/search")
    for found in expect.json_object(answer).get("values") or []:
        return int(found["id"])
    raise Absent("no project is known: give the target the face jira_cloud")
