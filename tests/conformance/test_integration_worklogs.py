"""`tempo-conformance integration worklogs`: tempo-sync passes, a naive sample and careful liars fail for the right reasons."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from conformance import cli

from .integrations import HERE, ROOT, Lie, Verdict, judged, requirements_of

SYNC = f"{sys.executable} -m integration.worklog_contract"
NAIVE = f"{sys.executable} {HERE / 'naive_worklogs.py'}"
REQUIREMENTS = requirements_of("worklogs")

NAIVE_MEETS = {
    "run.in-sync", "accounts.in-form", "accounts.success", "totals.every-person", "totals.of-the-period",
    "balance.logged-less-required", "evening.authors-day", "again.nothing-changes", "new.added", "edited.hours-follow",
    "moved.day-follows", "author.hours-follow", "permission-back.figures-true", "fallback.own-rows", "back.in-sync",
    "back.figures-true", "addresses.as-given", "reading.no-writes",
}  # fmt: skip
NAIVE_IS_TOO_SMALL_FOR = {"rate.five-a-second"}
NAIVE_REASONS = {
    "pages.every-page": "got\n    logged: laura 7200, david 29932, nadia 7200",
    "billable.not-used": "got\n    logged: laura 3600, david 3600, nadia 3600",
    "contract.from-sunday": "required 165600",
    "balance.exactly-required": "balance -259200",
    "owner-only.run-told": "exit code 7 where two of three people are not visible",
    "owner-only.no-zeros": "got\n    logged 0, required 288000, balance -288000",
    "permission-lost.nothing-lost": "got\n    0 seconds",
    "fallback.unauthorized": "exit code 6 of a run that finds Tempo like this after a good one",
    "fallback.too-many": "got\n    exit code 0 of",
    "fallback.app-rows-nobodys": "21600 seconds of it",
    "fallback.app-rows-told": '"unattributed": 0',
    "fallback.no-balance": "got\n    logged 3600, required 288000, balance -284400",
    "fallback.authors-day": "david 10860, nadia 10860",
    "both-dead.figures-kept": "got\n    logged: nothing",
    "too-many.retry-after": "another request after 429",
    "scopes.least": "Tempo's app 64800",
    "secrets.not-told": "one stands in stdout of",
}

LIES = {
    "fails_in_the_end": Lie({"run.in-sync"}, {"accounts.in-form"}),
    "succeeds_whatever_comes": Lie(
        {"owner-only.run-told", "both-dead.unreadable", "wrong-address.unreadable", "permission-lost.told"},
        {"owner-only.incomplete", "both-dead.accounts-told"},
    ),
    "lists_only_who_logged": Lie({"accounts.in-form", "totals.every-person"}, {"run.in-sync"}),
    "tells_hours": Lie({"accounts.in-form"}, {"run.in-sync"}),
    "never_complete": Lie({"accounts.success", "back.in-sync"}, {"accounts.in-form", "back.figures-true"}),
    "always_complete": Lie({"owner-only.incomplete", "both-dead.accounts-told"}, {"owner-only.run-told"}),
    "counts_minutes": Lie({"totals.every-person"}, {"balance.exactly-required"}),
    "leaves_the_last_day_out": Lie({"totals.of-the-period", "evening.authors-day"}, {"totals.every-person"}),
    "counts_every_day": Lie({"totals.of-the-period", "moved.day-follows"}, {"totals.every-person"}),
    "forgets_who_has_no_contract": Lie({"totals.without-contract"}, {"totals.every-person"}),
    "one_page_only": Lie({"pages.every-page", "short-pages.read-on"}, {"totals.every-person"}),
    "ends_at_short_pages": Lie({"short-pages.read-on"}, {"pages.every-page"}),
    "bills": Lie({"billable.not-used"}, {"totals.every-person"}),
    "turns_the_balance": Lie({"balance.logged-less-required", "balance.overtime-above-zero"}, {"balance.exactly-required"}),
    "knows_no_overtime": Lie({"balance.overtime-above-zero"}, {"balance.exactly-required", "balance.logged-less-required"}),
    "rounds_up_what_is_required": Lie({"balance.exactly-required"}, {"totals.every-person"}),
    "counts_vacations_twice": Lie({"vacation.counted-once"}, {"balance.exactly-required"}),
    "weeks_from_monday": Lie({"contract.from-sunday", "contract.mid-week"}, {"balance.logged-less-required"}),
    "contracts_end_a_day_early": Lie({"contract.mid-week"}, {"balance.logged-less-required"}),
    "last_contract_only": Lie({"contract.in-a-row"}, {"contract.mid-week"}),
    "whole_hours_only": Lie({"contract.fractions"}, {"contract.mid-week"}),
    "in_utc": Lie({"evening.authors-day"}, {"totals.every-person"}),
    "adds_a_second_each_time": Lie({"again.nothing-changes"}, {"totals.every-person"}),
    "reads_once": Lie({"new.added", "edited.hours-follow", "deleted.hours-go"}, {"again.nothing-changes"}),
    "ignores_edits": Lie({"edited.hours-follow"}, {"new.added", "moved.day-follows"}),
    "ignores_moves": Lie({"moved.day-follows"}, {"edited.hours-follow"}),
    "ignores_authors": Lie({"author.hours-follow"}, {"edited.hours-follow"}),
    "deletes_nothing": Lie({"deleted.hours-go"}, {"edited.hours-follow"}),
    "believes_one_walk": Lie({"moving-rows.none-skipped"}, {"pages.every-page"}),
    "counts_rows_of_two_pages_twice": Lie({"moving-rows.none-doubled"}, {"pages.every-page"}),
    "sees_everybody": Lie({"owner-only.incomplete", "owner-only.run-told"}, {"run.in-sync"}),
    "zeros_for_whom_it_does_not_see": Lie({"owner-only.no-zeros", "fallback.no-balance"}, {"owner-only.run-told"}),
    "believes_fewer": Lie({"permission-lost.told", "permission-lost.nothing-lost"}, {"again.nothing-changes"}),
    "forgets_what_was_hidden": Lie({"permission-back.figures-true"}, {"permission-lost.told"}),
    "stops_at:unreachable": Lie({"fallback.cut", "fallback.refused-connection"}, {"fallback.unauthorized"}),
    "stops_at:unauthorized": Lie({"fallback.unauthorized"}, {"fallback.forbidden"}),
    "stops_at:forbidden": Lie({"fallback.forbidden"}, {"fallback.unauthorized"}),
    "stops_at:not-found": Lie({"fallback.not-found"}, {"fallback.gone"}),
    "stops_at:refused": Lie({"fallback.not-allowed"}, {"fallback.not-found"}),
    "stops_at:gone": Lie({"fallback.gone"}, {"fallback.not-found"}),
    "stops_at:too-many": Lie({"fallback.too-many"}, {"too-many.repeated"}),
    "stops_at:server-error": Lie({"fallback.server-error", "fallback.gateway"}, {"fallback.unauthorized"}),
    "stops_at:not-tempo": Lie({"fallback.page-of-a-proxy"}, {"fallback.broken-json"}),
    "stops_at:broken": Lie({"fallback.broken-json"}, {"fallback.page-of-a-proxy"}),
    "falls_back_silently": Lie({"fallback.accounts-told", "fallback.unauthorized"}, {"fallback.run-says-why"}),
    "fallback_of_accounts_is_success": Lie({"fallback.accounts-told"}, {"fallback.own-rows"}),
    "since_the_last_run": Lie({"fallback.since-the-first"}, {"fallback.unauthorized"}),
    "says_nothing": Lie({"fallback.run-says-why"}, {"both-dead.unreadable"}),
    "nobodys_are_jiras_own": Lie({"fallback.own-rows"}, {"back.figures-true"}),
    "app_is_a_person": Lie({"fallback.app-rows-nobodys", "fallback.app-rows-told"}, {"fallback.own-rows"}),
    "drops_what_is_nobodys": Lie({"fallback.app-rows-told"}, {"fallback.app-rows-nobodys"}),
    "knows_the_app_by_its_name": Lie({"fallback.app-by-id"}, {"fallback.app-rows-told"}),
    "balances_in_fallback": Lie({"fallback.no-balance"}, {"balance.logged-less-required"}),
    "days_of_who_asks": Lie({"fallback.authors-day"}, {"fallback.own-rows"}),
    "never_comes_back": Lie({"back.in-sync", "back.figures-true"}, {"fallback.own-rows"}),
    "adds_jira_to_tempo": Lie({"back.figures-true"}, {"back.in-sync"}),
    "believes_any_address": Lie({"wrong-address.unreadable"}, {"both-dead.unreadable"}),
    "takes_its_last_figures_for_new": Lie({"both-dead.unreadable"}, {"both-dead.figures-kept"}),
    "drops_figures_it_cannot_read": Lie({"both-dead.figures-kept"}, {"both-dead.unreadable"}),
    "tells_that_all_is_well": Lie({"both-dead.accounts-told"}, {"both-dead.unreadable"}),
    "gives_up_at_429": Lie({"too-many.repeated"}, {"server-error.asked-again"}),
    "impatient": Lie({"too-many.retry-after", "too-many.without-header"}, {"too-many.repeated"}),
    "tries_once": Lie({"server-error.asked-again"}, {"too-many.repeated"}),
    "unthrottled": Lie({"rate.five-a-second"}, {"run.in-sync"}),
    "asks_for_teams": Lie({"scopes.least"}, {"run.in-sync"}),
    "tells_its_token": Lie({"secrets.not-told"}, {"run.in-sync"}),
    "asks_without_a_token": Lie({"addresses.as-given"}, set()),
    "writes_a_worklog": Lie({"reading.no-writes"}, {"run.in-sync"}),
}

Judge = Callable[..., Verdict]


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Judges an integration: its command without run or accounts."""

    def run(base: str, requirements: Iterable[str] = (), **options: str) -> Verdict:
        commands = {"--command": f"{base} run", "--accounts": f"{base} accounts", **options}
        return judged("worklogs", commands, requirements, tmp_path)

    return run


@pytest.mark.exhaustive
def test_tempo_sync_meets_every_requirement(judge: Judge) -> None:
    verdict = judge(SYNC)
    assert (verdict.failed, verdict.skipped) == (set(), set()), verdict.output
    assert verdict.passed == REQUIREMENTS
    assert verdict.code == 0


@pytest.mark.slow
def test_naive_sample_fails_exactly_what_it_does_wrong(judge: Judge) -> None:
    verdict = judge(NAIVE)
    assert verdict.passed == NAIVE_MEETS, verdict.output
    assert verdict.skipped == NAIVE_IS_TOO_SMALL_FOR
    assert verdict.failed == REQUIREMENTS - NAIVE_MEETS - NAIVE_IS_TOO_SMALL_FOR
    assert verdict.code == 1
    assert {slug: reason for slug, reason in NAIVE_REASONS.items() if reason not in verdict.told[slug]} == {}
    assert "demo-jira-token-of" not in verdict.output


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", LIES)
def test_liar_is_caught_in_the_point_of_the_lie(judge: Judge, name: str) -> None:
    lie = LIES[name]
    base = shlex.join([sys.executable, str(HERE / "lying_worklogs.py"), name])
    verdict = judge(base, lie.caught | lie.fine)
    assert verdict.failed == lie.caught, verdict.output
    assert verdict.passed == lie.fine


def test_lies_are_about_what_tempo_sync_has(tmp_path: Path) -> None:
    told = "import sys, lying_worklogs\nfor name in sys.argv[3:]: lying_worklogs.tell(name)"
    state = {"TEMPO_WORKLOGS_HASTE": "1", "TEMPO_TOKEN": "of-nobody", "TEMPO_WORKLOGS_STATE": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", told, "LIE", "run", *LIES],
        env={**os.environ, **state, "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_requirement_is_failed_by_a_lie() -> None:
    caught = set[str]().union(*(lie.caught for lie in LIES.values()))
    naive = REQUIREMENTS - NAIVE_MEETS - NAIVE_IS_TOO_SMALL_FOR
    assert caught | naive == REQUIREMENTS
    assert set[str]().union(*(lie.caught | lie.fine for lie in LIES.values()), NAIVE_REASONS, NAIVE_MEETS) <= REQUIREMENTS


def test_some_of_every_kind_are_judged_in_the_normal_run(judge: Judge) -> None:
    some = ["balance.exactly-required", "owner-only.no-zeros", "fallback.unauthorized", "back.figures-true"]
    verdict = judge(SYNC, some)
    assert (verdict.code, verdict.passed) == (0, set(some)), verdict.output


def test_failure_can_be_repeated_with_curl(judge: Judge) -> None:
    """What was armed has its body, and the requests of the program stand below those of the suite."""
    verdict = judge(NAIVE, ["fallback.unauthorized"])
    assert verdict.code == 1
    for told in (
        "worklog_integrations.fallback.unauthorized  (strict, grade S)",
        '/_mock/faults  {"path": "/4/", "status": 401}  as anonymous',
        "requests of the program under test",
        "401  GET /4/teams?from=",
        "as laura  (every request to /4/: answered 401 Unauthorized)",
        "200  GET /rest/api/3/worklog/updated  as laura",
        "not met: worklog_integrations.fallback.unauthorized",
    ):
        assert told in verdict.output, verdict.output


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "integration needs --command and --accounts"),
        (["--command", "python x.py", "--rules", "python x.py"], "integration needs --command and --accounts"),
        (
            ["--command", "python x.py", "--accounts", "python x.py", "--preview", "python x.py"],
            "--preview is not for worklogs",
        ),
        (["--command", "no-such-program run", "--accounts", "python x.py"], "there is no program no-such-program to start"),
    ],
)
def test_what_cannot_be_judged_is_said_in_one_sentence(
    options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["integration", "worklogs", *options]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert told in said.err


@pytest.mark.parametrize("wrong", ["--command", "--accounts"])
def test_command_that_does_not_start_is_said_before_anything_is_judged(
    wrong: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    commands = {"--command": f"{SYNC} run", "--accounts": f"{SYNC} accounts", wrong: f"{sys.executable} {tmp_path}/nosuch.py"}
    assert cli.main(["integration", "worklogs", *(f"{name}={value}" for name, value in commands.items())]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert f"{wrong} " in said.err
    assert "asked nothing of the fake and ended with 2" in said.err
    assert "nosuch.py" in said.err
