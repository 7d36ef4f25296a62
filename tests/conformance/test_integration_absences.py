"""`tempo-conformance integration absences`: tempo-sync passes, a naive sample and careful liars fail for the right reasons."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from conformance import cli

from .integrations import HERE, LIMIT, ROOT, Lie, Verdict, judged, requirements_of

SYNC = f"{sys.executable} -m integration.contract"
NAIVE = f"{sys.executable} {HERE / 'naive_absences.py'}"
REQUIREMENTS = requirements_of("absences")

NAIVE_MEETS = {
    "run.applied", "rules.listed", "part-of-day.clock-hours", "multi-day.every-day", "merge.gap-kept", "zone.of-the-person",
    "edit.rule-follows", "edit.rule-moves", "delete.rule-removed", "preview.in-sync", "addresses.as-given",
}  # fmt: skip
NAIVE_IS_TOO_SMALL_FOR = {"rate.five-a-second"}
NAIVE_REASONS = {
    "refused.nothing-deleted": "got\n    gone or made less: 5b10",
    "second-page.nothing-deleted": "got\n    gone or made less: 5b10",
    "permission-narrowed.nothing-deleted": "Pacific/Auckland",
    "again.nothing-changes": "the same rules as before",
    "preview.no-writes": "POST /rest/api/3/issue/HR-1/comment",
    "preview.pending": "exit code 0 of",
    "secrets.not-told": "one stands in stdout of",
    "too-many.retry-after": "2 seconds without a request after 429",
    "next.followed": "a GET of the next page",
    "failure.no-success": "an exit code other than 0 and 2",
    "full-day.whole-day": "T09:00 to ",
    "generic.no-rule": "rules over 3 HR-1",
    "scopes.least": "rules over nothing",
}


LIES = {
    "in_utc": Lie({"zone.of-the-person"}, {"run.applied"}),
    "never_a_whole_day": Lie({"full-day.whole-day"}, {"part-of-day.clock-hours"}),
    "an_hour_late": Lie({"part-of-day.clock-hours"}, {"full-day.whole-day"}),
    "first_day_only": Lie({"multi-day.every-day"}, {"full-day.whole-day"}),
    "days_without_gaps": Lie({"days-off.left-out"}, {"multi-day.every-day"}),
    "merges_nothing": Lie({"merge.one-block"}, {"merge.gap-kept"}),
    "merges_over_gaps": Lie({"merge.gap-kept"}, {"full-day.whole-day"}),
    "ends_at_midnight": Lie({"midnight.next-day"}, {"part-of-day.clock-hours"}),
    "first_issue_only": Lie({"issues.own-rules"}, {"run.applied"}),
    "makes_rules_of:rejected": Lie({"rejected.no-rule"}, {"project.no-rule"}),
    "ignores_edits": Lie({"edit.rule-follows"}, {"edit.rule-moves"}),
    "deletes_nothing": Lie({"edit.rule-moves", "delete.rule-removed"}, {"edit.rule-follows"}),
    "new_rules_each_time": Lie({"again.nothing-changes", "preview.rules-unchanged"}, {"edit.rule-follows"}),
    "previews_for_real": Lie({"preview.rules-unchanged", "preview.pending"}, {"preview.in-sync"}),
    "previews_with_a_comment": Lie({"preview.no-writes"}, {"run.applied"}),
    "always_pending": Lie({"preview.in-sync"}, {"preview.pending"}),
    "never_pending": Lie({"preview.pending"}, {"preview.in-sync"}),
    "success_whatever_comes": Lie({"failure.no-success", "failure.unreadable", "failure.incomplete"}, {"failure.reason-told"}),
    "unspecific": Lie({"failure.unreadable", "failure.incomplete"}, {"failure.no-success"}),
    "fails_in_the_end": Lie({"run.applied"}, {"rules.listed"}),
    "says_nothing": Lie({"failure.reason-told"}, {"failure.unreadable"}),
    "unthrottled": Lie({"rate.five-a-second"}, {"run.applied"}),
    "impatient": Lie({"too-many.retry-after", "too-many.without-header"}, {"too-many.repeated"}),
    "takes_429_for_nothing": Lie({"too-many.repeated"}, {"run.applied"}),
    "tries_once": Lie({"server-error.asked-again"}, {"too-many.repeated"}),
    "one_page_only": Lie({"next.rules-of-every-page", "next.followed", "short-pages.read-on"}, {"run.applied"}),
    "makes_its_own_links": Lie({"next.followed"}, {"next.rules-of-every-page"}),
    "ends_at_short_pages": Lie({"short-pages.read-on"}, {"next.rules-of-every-page"}),
    "follows_links_blindly": Lie({"next-host.asked-here"}, {"next.rules-of-every-page"}),
    "asks_for_teams": Lie({"scopes.least"}, {"run.applied"}),
    "tells_its_token": Lie({"secrets.not-told"}, {"run.applied"}),
    "names_a_file_by_its_token": Lie({"secrets.not-told"}, {"run.applied"}),
    "asks_without_a_token": Lie({"addresses.as-given"}, set()),
    "takes_offsets_for_clocks": Lie({"rules.listed"}, {"run.applied"}),
    "believes_that_they_are_gone": Lie(
        {"permission-lost.nothing-deleted", "permission-narrowed.nothing-deleted"},
        {"refused.nothing-deleted", "empty-lists.nothing-deleted"},
    ),
    "believes_empty_lists": Lie(
        {"permission-lost.nothing-deleted", "permission-narrowed.nothing-deleted", "empty-lists.nothing-deleted"},
        {"refused.nothing-deleted"},
    ),
    "believes_one_walk": Lie({"moved-rows.nothing-deleted"}, {"second-page.nothing-deleted"}),
    "takes_a_part_for_all": Lie({"second-page.nothing-deleted", "failure.incomplete"}, {"not-tempo.nothing-deleted"}),
    "takes_errors_for_empty:unauthorized,forbidden": Lie(
        {"refused.nothing-deleted", "token-expiry.nothing-deleted"}, {"not-tempo.nothing-deleted"}
    ),
    "takes_errors_for_empty:server-error": Lie({"server-error.nothing-deleted"}, {"not-tempo.nothing-deleted"}),
    "takes_errors_for_empty:broken,unreachable": Lie({"broken-off.nothing-deleted"}, {"not-tempo.nothing-deleted"}),
    "takes_errors_for_empty:not-tempo": Lie({"not-tempo.nothing-deleted"}, {"server-error.nothing-deleted"}),
}


Judge = Callable[..., Verdict]


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Judges an integration: its command without run, preview or rules."""

    def run(base: str, requirements: Iterable[str] = (), **options: str) -> Verdict:
        commands = {"--command": f"{base} run", "--preview": f"{base} preview", "--rules": f"{base} rules", **options}
        return judged("absences", commands, requirements, tmp_path)

    return run


@pytest.mark.slow
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
    base = shlex.join([sys.executable, str(HERE / "lying_absences.py"), name])
    verdict = judge(base, lie.caught | lie.fine)
    assert verdict.failed == lie.caught, verdict.output
    assert verdict.passed == lie.fine


def test_lies_are_about_what_tempo_sync_has(tmp_path: Path) -> None:
    told = "import sys, lying_absences\nfor name in sys.argv[3:]: lying_absences.tell(name)"
    state = {"TEMPO_ABSENCES_HASTE": "1", "TEMPO_TOKEN": "of-nobody", "TEMPO_ABSENCES_STATE": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", told, "LIE", "preview", *LIES],
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


def test_one_requirement_is_judged_alone(judge: Judge) -> None:
    verdict = judge(SYNC, ["run.applied"])
    assert (verdict.code, verdict.passed) == (0, {"run.applied"}), verdict.output
    assert "integration: " in verdict.output


def test_failure_tells_requirement_and_both_sides(judge: Judge) -> None:
    verdict = judge(NAIVE, ["full-day.whole-day"])
    assert verdict.code == 1
    for told in (
        "absences.full-day.whole-day  (strict, grade D)",
        "source: help pages of an out-of-office product",
        "expected\n    rules over 5b10a2844c20165700ede224 HR-1",
        "T09:00 to ",
        "not met: absences.full-day.whole-day",
    ):
        assert told in verdict.output


def test_command_that_fails_is_told_without_its_token(judge: Judge) -> None:
    asks = "import os, sys, requests as r; r.get(os.environ['TEMPO_URL'] + '/4/plans')"
    words = f"{asks}; print(os.environ['TEMPO_TOKEN'], 'has no use'); sys.exit(9)"
    verdict = judge(NAIVE, ["run.applied"], **{"--command": shlex.join([sys.executable, "-c", words])})
    assert verdict.code == 1
    assert "exit code 9 of" in verdict.output
    assert "stdout: *** has no use" in verdict.output


def test_command_that_never_ends_is_given_up(judge: Judge) -> None:
    words = "import time; time.sleep(600)"
    options = {"--command": shlex.join([sys.executable, "-c", words]), "--run-timeout": "1"}
    verdict = judge(NAIVE, ["run.applied"], **options)
    assert "an end within 1 seconds" in verdict.output


def test_without_preview_its_checks_are_skipped(judge: Judge) -> None:
    verdict = judge(SYNC, ["preview.pending"], **{"--preview": "python"})
    assert verdict.code != 0
    command = [sys.executable, "-m", "conformance", "integration", "absences", "--command", f"{SYNC} run"]
    done = subprocess.run(
        [*command, "--rules", f"{SYNC} rules", "--requirement", "absences.preview.pending"],
        cwd=ROOT, capture_output=True, text=True, timeout=LIMIT, check=False,
    )  # fmt: skip
    assert done.returncode == 5
    assert "no --preview command is given" in done.stdout


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "integration needs --command and --rules"),
        (["--command", "python x.py"], "integration needs --command and --rules"),
        (["--command", "no-such-program run", "--rules", "python x.py"], "there is no program no-such-program to start"),
    ],
)
def test_what_cannot_be_started_is_said_in_one_sentence(
    options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["integration", "absences", *options]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert told in said.err


@pytest.mark.parametrize("options", [["moon"], ["absences", "--command", ""], ["absences", "--rules", "'open"]])
def test_wrong_option_exits_with_usage(options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["integration", *options])
    assert stopped.value.code == 2
    assert "usage: tempo-conformance integration" in capsys.readouterr().err
