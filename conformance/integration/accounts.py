"""The contract of worklog integrations (docs/conformance.md): commands, time accounts as JSON, exit codes."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from conformance.calls import Unmet
from conformance.integration.program import Ended, Program, need, told
from conformance.integration.site import Row
from conformance.integration.work_world import Worker, WorkWorld

IN_SYNC, UNREADABLE, FALLBACK, INCOMPLETE = 0, 4, 6, 7
OF_A_RUN = (IN_SYNC, UNREADABLE, FALLBACK, INCOMPLETE)
OF_ACCOUNTS = (IN_SYNC, UNREADABLE, FALLBACK, INCOMPLETE)
SHAPE = (
    '{"source", "fallback": {"cause", "since"} or null, "complete", "unattributed", '
    '"accounts": [{"accountId", "logged", "required", "balance"}]} on stdout'
)


class Account(NamedTuple):
    """Somebody's time account, in seconds; None is not known, or nothing is required."""

    logged: int | None
    required: int | None
    balance: int | None


NONE = Account(None, None, None)
"""What is taken where somebody is missing."""


class Accounts(NamedTuple):
    """What the integration tells. fallback: cause and since. by: accountId -> account. ended: the command."""

    source: str
    fallback: tuple[str, datetime.datetime] | None
    is_complete: bool
    unattributed: int
    by: Mapping[str, Account]
    ended: Ended

    def of(self, person: Worker) -> Account:
        """Somebody's, with nothing in it where there is none."""
        return self.by.get(person.account_id, NONE)

    def logged(self) -> dict[str, int | None]:
        """AccountId -> seconds logged, of those of whom there are some or of whom they are not known."""
        return {person: account.logged for person, account in self.by.items() if account.logged != 0}


class Commands(NamedTuple):
    """As the options give them. seconds: that one may take."""

    run: str
    accounts: str
    seconds: float


class TimeAccounts(Program):
    """The worklog integration under test. Every method raises Unmet."""

    def __init__(self, commands: Commands, world: WorkWorld, folder: Path) -> None:
        """folder: empty; for setup and state."""
        super().__init__("TEMPO_WORKLOGS", world, folder, world.setup(), commands.seconds)
        self._commands, self._world = commands, world

    def contracts(self, *contracts: Row) -> None:
        """From now on these are the contracts."""
        self.write_setup(self._world.setup(list(contracts)))

    def run(self, *, hasty: bool = True) -> Ended:
        """One run, whatever comes of it."""
        return self.call(self._commands.run, hasty=hasty)

    def ran(self, code: int = IN_SYNC, why: str = "a run that can read everything") -> Ended:
        """One run that must end so."""
        ended = self.run()
        need(ended.code == code, f"exit code {code} of {why}", ended, self._world)
        return ended

    def accounts(self) -> Accounts:
        """What it tells now, whatever the exit code."""
        ended = self.call(self._commands.accounts)
        try:
            return _accounts(json.loads(ended.out), ended)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unmet(SHAPE, f"{type(error).__name__}: {error}\n{told(ended, self._world)}") from error

    def read(self) -> Accounts:
        """What it tells after a run that must succeed."""
        self.ran()
        return self.accounts()

    def need_logged(self, found: Accounts, wanted: Mapping[Worker, int]) -> None:
        """Everybody has logged exactly so much, and others nothing."""
        asked = {person.account_id: seconds for person, seconds in wanted.items() if seconds}
        if found.logged() != asked:
            raise Unmet(f"logged: {self._told(asked)}", f"logged: {self._told(found.logged())}")

    def need_account(self, found: Accounts, person: Worker, wanted: Account) -> None:
        """Somebody's account is this one."""
        if found.of(person) != wanted:
            raise Unmet(f"of {person.name} {_account_told(wanted)}", _account_told(found.of(person)))

    def _told(self, logged: Mapping[str, int | None]) -> str:
        names = {person.account_id: person.name for person in self._world.people} | {self._world.app: "Tempo's app"}
        listed = [f"{names.get(who, who)} {'null' if much is None else much}" for who, much in sorted(logged.items())]
        return ", ".join(listed) or "nothing"


def _account_told(account: Account) -> str:
    return ", ".join(f"{name} {'null' if value is None else value}" for name, value in account._asdict().items())


def _accounts(content: Any, ended: Ended) -> Accounts:
    source, complete, rows = content["source"], content["complete"], content["accounts"]
    if source not in ("tempo", "jira"):
        raise ValueError(f"source is {source!r}, not tempo or jira")
    if not isinstance(complete, bool):
        raise ValueError("complete is true or false")
    by = {_text(row["accountId"], "accountId"): _account(row) for row in rows}
    if len(by) != len(rows):
        raise ValueError("somebody has two accounts")
    unattributed = _seconds(content["unattributed"], "unattributed")
    if unattributed is None:
        raise ValueError("unattributed is a number of seconds")
    fallback = content["fallback"]
    return Accounts(source, None if fallback is None else _fallback(fallback), complete, unattributed, by, ended)


def _fallback(content: Mapping[str, Any]) -> tuple[str, datetime.datetime]:
    since = datetime.datetime.fromisoformat(_text(content["since"], "since"))
    if since.tzinfo is None:
        raise ValueError("since has no offset")
    return _text(content["cause"], "cause"), since


def _account(row: Mapping[str, Any]) -> Account:
    return Account(*(_seconds(row[name], name) for name in Account._fields))


def _seconds(value: Any, name: str) -> int | None:
    if value is not None and type(value) is not int:
        raise ValueError(f"{name} is {value!r}, no whole number of seconds and not null")
    return value


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is {value!r}, not a text")
    return value
