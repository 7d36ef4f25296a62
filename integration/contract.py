"""The absence sync by the contract of the conformance suite: `python -m integration.contract run|preview|rules`.

Everything comes from variables in place of a configuration file (docs/conformance.md): TEMPO_URL, TEMPO_TOKEN, JIRA_URL,
JIRA_USER, JIRA_TOKEN, TEMPO_ABSENCES_SETUP, TEMPO_ABSENCES_STATE and TEMPO_ABSENCES_HASTE. What is done, and the exit codes,
are those of `tempo-sync absences --apply`, `tempo-sync absences` and `tempo-sync rules --json`.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

from integration import report
from integration.absences import AbsenceOptions
from integration.clients.http import PER_SECOND, RETRY_SECONDS, Unreadable, Wire
from integration.clients.jira import Jira
from integration.clients.refusals import JIRA, TEMPO
from integration.clients.tempo import Tempo
from integration.diff import Guard
from integration.exits import MEANINGS, Exit
from integration.records import Template
from integration.run import Asked, run_absences
from integration.secrets import secret
from integration.settings import Mistaken, Settings
from integration.store import Store, Unusable
from integration.terminal import Terminal

HASTY_PER_SECOND = 10_000.0
HASTY_RETRIES = (0.1, 0.1, 0.1)
WORDS = ("run", "preview", "rules")
EPILOG = "exit codes:\n" + "\n".join(f"  {code.value}  {words}" for code, words in MEANINGS)


class Setup(NamedTuple):
    """What TEMPO_ABSENCES_SETUP names: keys of the issues that make rules, and what every rule says."""

    issues: tuple[str, ...]
    message: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; answers its exit code. Errors go to stderr in one sentence."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words in (["--help"], ["-h"]):
        print(f"{__doc__}\n{EPILOG}")
        return int(Exit.IN_SYNC)
    try:
        if len(words) != 1 or words[0] not in WORDS:
            raise Mistaken(f"One of {', '.join(WORDS)} is expected; --help explains them.")
        what = words[0]
        settings = of_environment(os.environ)
        return print_rules(settings) if what == "rules" else keep_in_step(settings, os.environ, apply=what == "run")
    except (Mistaken, Unusable) as error:
        return _say(str(error), Exit.USAGE)
    except Unreadable as error:
        return _say(f"{error}.", Exit.UNREADABLE)


def of_environment(environment: Mapping[str, str]) -> Settings:
    """The settings of a run, with the defaults of the configuration file. Raises ``Mistaken``."""
    state = Path(_variable(environment, "TEMPO_ABSENCES_STATE"))
    setup = _setup(Path(_variable(environment, "TEMPO_ABSENCES_SETUP")))
    return Settings(
        path=state / "environment",
        tempo_url=_variable(environment, "TEMPO_URL"),
        jira_url=_variable(environment, "JIRA_URL"),
        jira_user=_variable(environment, "JIRA_USER"),
        per_second=HASTY_PER_SECOND if environment.get("TEMPO_ABSENCES_HASTE") == "1" else PER_SECOND,
        state=state / "tempo-sync.db",
        days_back=30,
        days_ahead=90,
        options=AbsenceOptions(),
        guard=Guard(),
        overwrite=False,
        templates={("", key): Template(name=key, message=setup.message) for key in setup.issues},
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
    retries = HASTY_RETRIES if environment.get("TEMPO_ABSENCES_HASTE") == "1" else RETRY_SECONDS
    tempo_token = secret("tempo", "env", settings.path.parent, environment)
    pair = f"{settings.jira_user}:{secret('jira', 'env', settings.path.parent, environment)}"
    basic = f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"

    def wire(name: str, url: str, authorization: str) -> Wire:
        return Wire(url, authorization, per_second=settings.per_second, retry_seconds=retries, tell=console.say, name=name)

    tempo = Tempo(wire(TEMPO, settings.tempo_url, f"Bearer {tempo_token}"))
    jira = Jira(wire(JIRA, settings.jira_url, basic))
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


def _setup(path: Path) -> Setup:
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
        issues, message = content["issues"], content["template"]["message"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Mistaken(f"{path} of TEMPO_ABSENCES_SETUP cannot be read ({type(error).__name__}: {error}).") from None
    if not isinstance(issues, list) or not issues or not all(isinstance(key, str) for key in issues):
        raise Mistaken(f"{path}: issues is a list of keys of internal issues.")
    if not isinstance(message, str) or not message:
        raise Mistaken(f"{path}: template.message is a text.")
    return Setup(tuple(issues), message)


def _variable(environment: Mapping[str, str], name: str) -> str:
    found = environment.get(name, "")
    if not found:
        raise Mistaken(f"The variable {name} is missing; docs/conformance.md lists those of the contract.")
    return found


def _say(sentence: str, code: Exit) -> int:
    print(f"tempo-sync: {sentence}", file=sys.stderr)
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
