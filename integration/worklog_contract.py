"""The worklog sync by the contract of the conformance suite: `python -m integration.worklog_contract run|accounts`.

Everything comes from variables in place of a configuration file (docs/conformance.md): TEMPO_URL, TEMPO_TOKEN, JIRA_URL,
JIRA_USER, JIRA_TOKEN, TEMPO_WORKLOGS_SETUP, TEMPO_WORKLOGS_STATE and TEMPO_WORKLOGS_HASTE. What is done, and the exit codes,
are those of `tempo-sync worklogs` and `tempo-sync balances --json`.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from integration import worklog_report
from integration.absences import AbsenceOptions
from integration.books import NEVER, exit_of, statement_of
from integration.clients.jira import Jira
from integration.clients.jira_worklogs import JiraWorklogs
from integration.clients.tempo import Tempo
from integration.clients.tempo_worklogs import TempoWorklogs
from integration.contract_environment import main_of, per_second, setup, variable, wires
from integration.contracts import check, contract
from integration.diff import Guard
from integration.settings import Mistaken, Settings
from integration.store import Store
from integration.terminal import Terminal
from integration.time_accounts import Statement
from integration.worklog_result import Asked
from integration.worklog_rows import WorklogRows
from integration.worklog_run import run_worklogs
from integration.worklog_settings import WorklogSettings
from integration.worklogs import Contract, Period, Standing

HASTE = "TEMPO_WORKLOGS_HASTE"


class Setup(NamedTuple):
    """What TEMPO_WORKLOGS_SETUP names: contracts, the days to account for, and the account of Tempo's app in Jira."""

    contracts: tuple[Contract, ...]
    period: Period
    app_account: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; answers its exit code. Errors go to stderr in one sentence."""
    environment = os.environ
    words = {
        "run": lambda: keep_in_step(environment),
        "accounts": lambda: print_accounts(environment),
    }
    return main_of(__doc__, words, arguments)


def keep_in_step(environment: Mapping[str, str]) -> int:
    """A run; answers the exit code. Raises ``Mistaken``, ``Unreadable`` and ``Unusable``."""
    settings, console = _settings(environment), Terminal(is_quiet=True)
    to_tempo, to_jira = wires(settings, environment, HASTE, console)
    tempo, jira = Tempo(to_tempo), Jira(to_jira)
    with closing(Store(settings.state)) as store:
        ran = run_worklogs(
            settings, Asked(), store, tempo, TempoWorklogs(to_tempo), jira, JiraWorklogs(to_jira), console
        )  # fmt: skip
    _print(worklog_report.as_json(ran))
    return int(ran.exit)


def print_accounts(environment: Mapping[str, str]) -> int:
    """Everybody's time account as JSON; answers the exit code, by how the hours came about. Raises ``Unusable``."""
    told = _setup(environment)
    with closing(Store(_database(environment))) as store:
        standing = WorklogRows(store).standing() or NEVER
        found = statement_of(_worklogs(told), store, told.period)
    _print(_bean(standing, found))
    return int(exit_of(standing))


def _bean(standing: Standing, found: Statement) -> dict[str, Any]:
    fallback = standing.fallback
    return {
        "source": standing.source,
        "fallback": fallback and {"cause": fallback.cause.kind, "sentence": fallback.cause.sentence, "since": fallback.since},
        "complete": standing.complete,
        "reasons": [reason._asdict() for reason in standing.reasons],
        "accounts": [
            {"accountId": one.account_id, "logged": one.logged, "required": one.required, "balance": one.balance}
            for one in found.accounts
        ],
        "unattributed": found.unattributed,
    }


def _settings(environment: Mapping[str, str]) -> Settings:
    told, database = _setup(environment), _database(environment)
    return Settings(
        path=database.with_name("environment"),
        tempo_url=variable(environment, "TEMPO_URL"),
        jira_url=variable(environment, "JIRA_URL"),
        jira_user=variable(environment, "JIRA_USER"),
        per_second=per_second(environment, HASTE),
        state=database,
        days_back=30,
        days_ahead=90,
        options=AbsenceOptions(),
        guard=Guard(),
        overwrite=False,
        templates={},
        remind_days=14,
        calendar=None,
        json_file=None,
        to_jira=False,
        worklogs=_worklogs(told),
    )


def _worklogs(told: Setup) -> WorklogSettings:
    return WorklogSettings(app_account=told.app_account, contracts=told.contracts)


def _database(environment: Mapping[str, str]) -> Path:
    return Path(variable(environment, "TEMPO_WORKLOGS_STATE")) / "tempo-sync.db"


def _setup(environment: Mapping[str, str]) -> Setup:
    path, content = setup(environment, "TEMPO_WORKLOGS_SETUP")
    try:
        found = [contract(one["person"], one["first"], one.get("last"), one["week"]) for one in content["contracts"]]
        period, app_account = content["period"], content["appAccount"]
        days = Period(date.fromisoformat(period["from"]), date.fromisoformat(period["to"]))
        contracts = check(found)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Mistaken(f"{path} of TEMPO_WORKLOGS_SETUP cannot be used ({type(error).__name__}: {error}).") from None
    if not isinstance(app_account, str) or not app_account:
        raise Mistaken(f"{path}: appAccount is the accountId with which Tempo writes into Jira.")
    return Setup(contracts, days, app_account)


def _print(bean: Mapping[str, Any]) -> None:
    json.dump(bean, sys.stdout, indent=2, ensure_ascii=False)
    print()


if __name__ == "__main__":
    sys.exit(main())
