"""A run of the absence sync from the configuration to the exit code. The only module that knows all the others."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import NamedTuple, Protocol

from integration.apply import apply, hand_over
from integration.clients.http import Clock, Unreadable, Wire
from integration.clients.jira import Jira
from integration.clients.refusals import JIRA, TEMPO
from integration.clients.tempo import Tempo
from integration.doubts import Accepted, doubt_schemes
from integration.exits import Exit
from integration.findings import Findings, of_absences, of_error
from integration.handed_over import HandedOver
from integration.handover import standing
from integration.known_issues import KnownIssues
from integration.known_people import KnownPeople
from integration.reading import World, read
from integration.records import Issue, Outcome, Partial, Reading, Template, Window
from integration.run_history import ABSENCES, RunHistory
from integration.secrets import secret
from integration.settings import Mistaken, Settings
from integration.sinks import SinkError
from integration.sinks.database import DatabaseSink
from integration.sinks.jira import JiraSink
from integration.store import RunRecord, Store, Unusable
from integration.switches import Switches
from integration.sync import Compared, Wanted, compare
from integration.template_warnings import named, warnings

LEAST_BACK = 2
"""Days before today that are looked at in any case."""

MEMBERS = ("workload_members", "holiday_members")
"""What is remembered of a whole reading: how many were in schemes other than the default ones."""


class Asked(NamedTuple):
    """The options of one run."""

    apply: bool = False
    allow_mass_change: bool = False
    accept_fewer: Accepted = False


class Ran(NamedTuple):
    """What came of a run. failed: sentences of what stands beside the rules and could not be written. warnings: of templates
    that cannot do what they were written for."""

    exit: Exit
    compared: Compared
    issues: dict[str, Issue]
    outcomes: tuple[Outcome, ...]
    failed: tuple[str, ...]
    warnings: tuple[str, ...] = ()


class Console(Protocol):
    """Whoever watches: nobody, a terminal, a log."""

    def progress(self, label: str, length: int | None = None) -> AbstractContextManager[Callable[[int], object]]:
        """A bar, told how far it is."""

    def say(self, sentence: str) -> None:
        """A line for whoever watches."""


class Output(Protocol):
    """Something that tells the rules held, written anew after each run that changed them."""

    def write(self, store: Store, now: datetime) -> None:
        """Tell them. Raises ``SinkError``."""


def tempo_wire(url: str, token: str, settings: Settings, console: Console, clock: Clock | None = None) -> Wire:
    """The wire to a Tempo."""
    return Wire(url, f"Bearer {token}", clock=clock, per_second=settings.per_second, tell=console.say, name=TEMPO)


def clients(
    settings: Settings, console: Console, clock: Clock | None = None, *, tempo_token: str | None = None
) -> tuple[Tempo, Jira]:
    """Tempo and Jira with their tokens. tempo_token: another than the one that is configured. Raises ``Mistaken``."""
    directory = settings.path.parent
    if tempo_token is None:
        tempo_token = secret("tempo", settings.secrets["tempo"], directory)
    jira_token = secret("jira", settings.secrets["jira"], directory)
    if not settings.jira_user:
        raise Mistaken(f"{settings.path}: [site] jira_user is missing: the e-mail address that the Jira token belongs to.")
    basic = base64.b64encode(f"{settings.jira_user}:{jira_token}".encode()).decode("ascii")
    return (
        Tempo(tempo_wire(settings.tempo_url, tempo_token, settings, console, clock)),
        Jira(
            Wire(settings.jira_url, f"Basic {basic}", clock=clock, per_second=settings.per_second, tell=console.say, name=JIRA)
        ),
    )


def run_absences(
    settings: Settings,
    asked: Asked,
    store: Store,
    tempo: Tempo,
    jira: Jira,
    console: Console,
    *,
    outputs: Sequence[Output] = (),
    now: datetime | None = None,
    selection: dict[str, Issue] | None = None,
    show: Callable[[Compared, dict[str, Issue]], None] = lambda compared, issues: None,
) -> Ran:
    """Read, compare, show, and with ``asked.apply`` write. now: UTC, the machine's by default. selection: not the stored one.

    Raises ``Unreadable`` where nothing could be read, ``Mistaken`` where no issue is selected, ``SwitchedOff`` before anything
    is written where the sync was switched off meanwhile, ``Unusable`` for the database.
    """
    moment = datetime.now(UTC) if now is None else now
    issues = store.selection() if selection is None else selection
    known = {**KnownIssues(store).every(), **issues}
    # Whoever selected none on purpose has rules that end with it.
    if not known and selection is None and not store.people():
        raise Mistaken("No internal issue is selected yet; `tempo-sync issues` shows and selects them.")
    wanted = _wanted(settings, asked, issues, moment)
    try:
        with console.progress("reading plans") as progress:
            reading = read(
                tempo, jira, wanted.window, issues,
                also=_named(settings, store), from_worklogs=settings.options.from_worklogs, progress=progress,
            )  # fmt: skip
        if asked.accept_fewer is not True:
            _believe(reading.value, store)
    except Unreadable as error:
        if asked.apply:
            why = of_error(str(error))
            _tried(lambda: _end(store, _begin(store, moment), _record(moment, now, Exit.UNREADABLE), why))
        raise
    with console.progress("comparing", len(reading.value.plans)) as progress:
        compared = compare(reading, store, wanted, moment, progress)
    sink = JiraSink(jira) if settings.to_jira else None
    if sink is not None and compared.refused is None:
        found = sink.find(standing(store.held(), (found.changes for found in compared.people)), HandedOver(store), moment)
        compared = compared._replace(handovers=found.handovers, not_found=found.problems)
    told = warnings(settings.templates, issues.values(), reading.value.people)
    show(compared, known)
    outcomes: list[Outcome] = []
    failed: list[str] = []
    if asked.apply:
        # Reading takes a while, in which somebody may have stopped it.
        Switches(store).refuse(ABSENCES)
        run = _begin(store, moment)
        if compared.refused is None:
            outcomes = _write(compared, sink, store, run, moment, console)
        failed += _tried(lambda: _remember(store, reading, moment))
        if compared.refused is None:
            for output in outputs:
                failed += _tried(partial(output.write, store, moment))
    failed += compared.not_found
    if asked.apply:
        record = _record(moment, now, _exit(compared, asked, outcomes, failed), compared, outcomes)
        found_out = of_absences(compared, known, failed, told)
        failed += _tried(lambda: _end(store, run, record, found_out))
    return Ran(_exit(compared, asked, outcomes, failed), compared, known, tuple(outcomes), tuple(failed), tuple(told))


def _named(settings: Settings, store: Store) -> set[str]:
    """Whom to know beside those with plans: who has rules, and who is named in templates, as messages tell their names."""
    return {*store.people(), *named(settings.templates)}


def _wanted(settings: Settings, asked: Asked, issues: dict[str, Issue], now: datetime) -> Wanted:
    today: date = now.date()
    ids = {issue.key: issue.id for issue in issues.values()}
    templates: dict[tuple[str, str], Template] = {
        (person, ids[key]): template if template.name else template._replace(name=issues[ids[key]].summary or key)
        for (person, key), template in settings.templates.items()
        if key in ids
    }
    # Of what lasts past midnight the plan is of the day before, and in some zones it is not over on the next day.
    back = max(LEAST_BACK, settings.days_back)
    window = Window(today - timedelta(days=back), today + timedelta(days=settings.days_ahead))
    return Wanted(
        issues,
        templates,
        settings.options,
        window,
        settings.guard,
        settings.overwrite,
        asked.accept_fewer,
        asked.allow_mass_change,
    )


def _begin(store: Store, now: datetime) -> int:
    with store.transaction():
        return store.begin_run(now.isoformat(timespec="seconds"))


def _end(store: Store, run: int, record: RunRecord, found: Iterable[Findings]) -> None:
    with store.transaction():
        store.end_run(run, record)
        RunHistory(store).note(ABSENCES, run, found)


def _write(compared: Compared, sink: JiraSink | None, store: Store, run: int, now: datetime, console: Console) -> list[Outcome]:
    with console.progress("applying", compared.size) as progress:
        outcomes = apply((found.changes for found in compared.people), DatabaseSink(store), store, run, progress)
    if sink is not None:
        not_kept = {outcome.key for outcome in outcomes if outcome.error}
        found = [
            handover._replace(problem="its rule could not be kept") if handover.key in not_kept else handover
            for handover in compared.handovers
        ]
        with console.progress("handing over issues", len(found)) as progress:
            outcomes += hand_over(found, sink, store, run, now.isoformat(timespec="seconds"), progress)
    return outcomes


def _record(
    begun: datetime, now: datetime | None, code: Exit, compared: Compared | None = None, outcomes: Sequence[Outcome] = ()
) -> RunRecord:
    """now: None for the machine's. compared: None where nothing was read."""
    done = [outcome.action for outcome in outcomes if outcome.error is None]
    every = [found.changes for found in compared.people] if compared else []
    return RunRecord(
        begun=begun.isoformat(timespec="seconds"),
        exit_code=int(code),
        reason=compared.reason.sentence if compared and compared.reason else "",
        created=done.count("create"),
        updated=done.count("update"),
        deleted=done.count("delete"),
        kept=sum(len(found.kept) for found in every),
        withheld=sum(len(found.withheld) for found in every),
        ended=(datetime.now(UTC) if now is None else now).isoformat(timespec="seconds"),
    )


def _believe(world: World, store: Store) -> None:
    """Raises ``Unreadable`` where the working days of many would suddenly be others."""
    for name, members in zip(MEMBERS, world.hours.members, strict=True):
        reason = doubt_schemes(int(store.fact(name) or 0), members)
        if reason is not None:
            raise Unreadable(*reason)


def _tried(step: Callable[[], None]) -> list[str]:
    """Why a step failed once changes are made, of which the outcomes are to be told all the same; nothing when it did not."""
    try:
        step()
    except (SinkError, Unusable) as error:
        return [str(error)]
    return []


def _remember(store: Store, reading: Reading[World], now: datetime) -> None:
    with store.transaction():
        KnownPeople(store).add(reading.value.people.values())
    if not isinstance(reading, Partial):
        with store.transaction():
            store.set_fact("last_read", now.isoformat(timespec="seconds"))
            for name, members in zip(MEMBERS, reading.value.hours.members, strict=True):
                store.set_fact(name, str(members))


def _exit(compared: Compared, asked: Asked, outcomes: Sequence[Outcome], failed: Sequence[str]) -> Exit:
    if compared.refused is not None:
        return Exit.REFUSED
    if compared.is_pending and not asked.apply:
        return Exit.PENDING
    withheld = any(found.changes.withheld for found in compared.people)
    uncovered = any(handover.problem for handover in compared.handovers)
    if failed or withheld or uncovered or compared.reason is not None or any(outcome.error for outcome in outcomes):
        return Exit.INCOMPLETE
    return Exit.IN_SYNC
