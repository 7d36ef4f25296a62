"""The pytest side of the suite: options, which checks run, skips with a reason, reports, removal at the end."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from conformance.calls import Unmet, WriteInReadOnlyRun
from conformance.catalogue import Requirement, read_catalogue
from conformance.options import NOTHING_CHECKED, add_integration_options, add_options
from conformance.report import defect_text, failure_text
from conformance.run import Absent, Run
from conformance.target import Target, TargetError, read_target

RUN = pytest.StashKey[Run]()
TALLY = pytest.StashKey[dict[str, str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options that `tempo-conformance server` and `tempo-conformance integration` pass on."""
    add_options(parser.getgroup("tempo-conformance").addoption)
    add_integration_options(parser.getgroup("tempo-conformance integration").addoption)


def pytest_configure(config: pytest.Config) -> None:
    """Makes the run the checks share."""
    url, read = _judged(config)
    config.stash[RUN] = Run(
        url=url,
        target=read,
        catalogue=read_catalogue(),
        read_only=config.getoption("--read-only"),
        seconds=config.getoption("--http-timeout"),
        seed=config.getoption("--seed"),
    )
    config.stash[TALLY] = {}


def _judged(config: pytest.Config) -> tuple[str, Target]:
    """The server's URL and its target; of an integration neither, for it meets sites of a fake that the checks make."""
    if config.getoption("run_command"):
        return "", Target(faces={}, personas={})
    url, target = config.getoption("--tempo-url"), config.getoption("--target")
    if not url or not target:
        raise pytest.UsageError("--tempo-url and --target are needed; `tempo-conformance server --help` explains them")
    try:
        return url.rstrip("/"), read_target(Path(target))
    except TargetError as error:
        raise pytest.UsageError(str(error)) from error


def pytest_report_header(config: pytest.Config) -> list[str]:
    """What is judged, and how everything is called that the run makes."""
    run = config.stash[RUN]
    if command := config.getoption("run_command"):
        return [f"integration: {command}"]
    writes = "reads only" if run.read_only else f'everything it makes is called "{run.prefix} ..." and removed again'
    faces = config.getoption("--face") or run.target.faces
    return [
        f"server: {run.url}, faces: {', '.join(faces) or 'none'}",
        f"run {run.id}, seed {run.seed}: {writes}",
    ]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Applies --strict-only and --requirement; hands requirement, source and grade to JUnit XML."""
    run = config.stash[RUN]
    wanted: list[str] = config.getoption("--requirement")
    for pattern in wanted:
        if not any(fnmatch(slug, pattern) for slug in run.catalogue):
            raise pytest.UsageError(f"no requirement is called {pattern}; `tempo-conformance requirements` lists them")
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        cited = _cited(item, run)
        for requirement in cited:
            item.user_properties += [
                ("requirement", requirement.id),
                ("source", requirement.source),
                ("grade", requirement.grade),
                ("tier", requirement.tier),
            ]
        fits = not wanted or any(fnmatch(requirement.id, pattern) for requirement in cited for pattern in wanted)
        if config.getoption("--strict-only") and all(requirement.tier == "shape" for requirement in cited):
            fits = False
        (kept if fits else left_out).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def _evidence(run: Run) -> tuple[str, Sequence[str]] | None:
    try:
        return run.evidence() if run.evidence else None
    except Unmet:
        # The failure itself is to be told, also of a server that answers no more.
        return None


def _cited(item: pytest.Item, run: Run) -> list[Requirement]:
    slugs = [slug for mark in item.iter_markers("requirement") for slug in mark.args]
    unknown = [slug for slug in slugs if slug not in run.catalogue]
    if unknown or not slugs:
        raise pytest.UsageError(f"{item.nodeid} cites {unknown[0] if unknown else 'no requirement'}")
    return [run.catalogue[slug] for slug in dict.fromkeys(slugs)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, Any, Any]:
    """Begins the journal of the check; a lack in the target becomes a skip."""
    run = item.config.stash[RUN]
    run.journal.begin()
    run.evidence = None
    try:
        return (yield)
    except (Absent, WriteInReadOnlyRun) as lack:
        pytest.skip(str(lack))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, Any, Any]:
    """A lack that shows only while the check runs becomes a skip as well."""
    try:
        return (yield)
    except (Absent, WriteInReadOnlyRun) as lack:
        pytest.skip(str(lack))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Tells a failure in the suite's own words and keeps the verdict a requirement."""
    report: pytest.TestReport = yield
    run = item.config.stash[RUN]
    cited = _cited(item, run)
    if report.failed and call.excinfo is not None:
        if isinstance(call.excinfo.value, Unmet):
            answers = run.journal.answers
            report.longrepr = failure_text(
                call.excinfo.value, cited, answers, preparing=call.when != "call", evidence=_evidence(run)
            )
        else:
            report.longrepr = defect_text(report.longreprtext, cited, run.journal.answers)
    if report.skipped and isinstance(report.longrepr, tuple):
        # The reason counts, not the line of the suite that skipped: equal reasons are then told once.
        report.longrepr = ("not checked", None, report.longrepr[2])  # type: ignore[assignment]
    tally = item.config.stash[TALLY]
    for requirement in cited:
        if report.failed:
            tally[requirement.id] = "failed"
        elif report.when == "call" and report.passed and tally.get(requirement.id) != "failed":
            tally[requirement.id] = "passed"
        elif report.skipped:
            tally.setdefault(requirement.id, "skipped")
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Removes what the run made, also after Ctrl-C. A run that judged nothing or left something is no success."""
    run = session.config.stash[RUN]
    run.finish()
    if session.config.getoption("collectonly"):
        return
    if session.exitstatus == pytest.ExitCode.OK and run.ledger.left:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    elif session.exitstatus == pytest.ExitCode.OK and "passed" not in session.config.stash[TALLY].values():
        session.exitstatus = NOTHING_CHECKED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """How many requirements are met, and what stays behind on the server."""
    run, tally = config.stash[RUN], config.stash[TALLY]
    verdicts = list(tally.values())
    if verdicts:
        terminalreporter.section("requirements")
        terminalreporter.write_line(
            f"{verdicts.count('passed')} met, {verdicts.count('failed')} not met, "
            f"{verdicts.count('skipped')} not checked in this run"
        )
        for slug, verdict in tally.items():
            if verdict == "failed":
                terminalreporter.write_line(f"not met: {slug}  ({run.catalogue[slug].tier}, grade {run.catalogue[slug].grade})")
    if run.ledger.left:
        terminalreporter.section("left behind on the server")
        for line in run.ledger.left:
            terminalreporter.write_line(line)
