"""The absence sync by the contract of the conformance suite: `python -m integration.contract run|preview|rules`.

Everything comes from variables in place of a configuration file (docs/conformance.md): TEMPO_URL, TEMPO_TOKEN, JIRA_URL,
JIRA_USER, JIRA_TOKEN, TEMPO_ABSENCES_SETUP, TEMPO_ABSENCES_STATE and TEMPO_ABSENCES_HASTE. What is done, and the exit codes,
are those of `tempo-sync absences --apply`, `tempo-sync absences` and `tempo-sync rules --json`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from integration import report
from integration.absences import AbsenceOptions
from integration.clients.jira import Jira
from integration.clients.tempo import Tempo
from integration.contract_environment import main_of, per_second, setup, variable, wires
from integration.diff import Guard
from integration.exits import Exit
from integration.records import Template
from integration.run import Asked, run_absences
from integration.settings import Mistaken, Settings
from integration.store import Store
from integration.terminal import Terminal

HASTE = "TEMPO_ABSENCES_HASTE"


class Setup(NamedTuple):
    """What TEMPO_ABSENCES_SETUP names: keys of the issues that make rules, and what every rule says."""

    issues: tuple[str, ...]
    message: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; answers its exit code. Errors go to stderr in one sentence."""
    environment = os.environ
    words = {
        "run": lambda: keep_in_step(of_environment(environment), environment, apply=True),
        "preview": lambda: keep_in_step(of_environment(environment), environment, apply=False),
        "rules": lambda: print_rules(of_environment(environment)),
    }
    return main_of(__doc__, words, arguments)


def of_environment(environment: Mapping[str, str]) -> Settings:
    """The settings of a run, with the defaults of the configuration file. Raises ``Mistaken``."""
    state = Path(variable(environment, "TEMPO_ABSENCES_STATE"))
    told = _setup(environment)
    return Settings(
        path=state / "environment",
        tempo_url=variable(environment, "TEMPO_URL"),
        jira_url=variable(environment, "JIRA_URL"),
        jira_user=variable(environment, "JIRA_USER"),
        per_second=per_second(environment, HASTE),
        state=state / "tempo-sync.db",
        days_back=30,
        days_ahead=90,
        options=AbsenceOptions(),
        guard=Guard(),
        overwrite=False,
        templates={("", key): Template(name=key, message=told.message) for key in told.issues},
        remind_days=14,
        calendar=None,
        json_file=None,
        to_jira=False,
    )


def keep_in_step(settings: Settings, environment: Mapping[str, str], *, apply: bool) -> int:
    """A run, or without ``apply`` its preview; answers the exit code.

    Raises ``Mistaken``, ``Unreadable`` and ``Unusable``.
    """
    console = Terminal(is_quiet=True)
    to_tempo, to_jira = wires(settings, environment, HASTE, console)
    tempo, jira = Tempo(to_tempo), Jira(to_jira)
    with closing(Store(settings.state)) as store:
        selected = {issue.key for issue in store.selection().values()}
        if selected != {key for _, key in settings.templates}:
            issues = [jira.issue(key) for _, key in settings.templates]
            with store.transaction():
                store.select(issues)
        ran = run_absences(settings, Asked(apply), store, tempo, jira, console)
    json.dump(report.as_json(ran.compared, ran.issues, ran.outcomes, ran.exit), sys.stdout, indent=2, ensure_ascii=False)
    print()
    return int(ran.exit)


def print_rules(settings: Settings) -> int:
    """The rules held, also those that are over, as `{"rules": [...]}`. Raises ``Unusable``."""
    with closing(Store(settings.state)) as store:
        issues = store.selection()
        beans = [{"id": held.id, **report.rule_bean(held.rule, issues)} for held in store.held()]
    json.dump({"rules": beans}, sys.stdout, indent=2, ensure_ascii=False)
    print()
    return int(Exit.IN_SYNC)


def _setup(environment: Mapping[str, str]) -> Setup:
    path, content = setup(environment, "TEMPO_ABSENCES_SETUP")
    try:
        issues, message = content["issues"], content["template"]["message"]
    except (KeyError, TypeError) as error:
        raise Mistaken(f"{path} of TEMPO_ABSENCES_SETUP cannot be used ({type(error).__name__}: {error}).") from None
    if not isinstance(issues, list) or not issues or not all(isinstance(key, str) for key in issues):
        raise Mistaken(f"{path}: issues is a list of keys of internal issues.")
    if not isinstance(message, str) or not message:
        raise Mistaken(f"{path}: template.message is a text.")
    return Setup(tuple(issues), message)


if __name__ == "__main__":
    sys.exit(main())
