"""The part of the configuration that the worklog sync has to itself: [worklogs], [[contract]] and [alerts]."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from integration.contracts import WrongContract, check, contract
from integration.toml_table import Mistaken, Table
from integration.worklogs import Contract

APP_ACCOUNT = "557058:295406f3-a1fc-4733-b906-dd15d021bd79"
"""Tempo's account on every site of Jira's cloud, as integrators of several sites know it."""

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
_SERVER = re.compile(r"(?:[^\s:/@\[\]]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5})", re.ASCII)


@dataclass(frozen=True)
class Alerts:
    """Where it is told that Tempo cannot be read, and that it can again; "" is nowhere.

    command: a command line. webhook: an address that gets a POST. email: who gets a message, through the server smtp
    (``host:port``) in the name of sender.
    """

    command: str = field(default="", repr=False)
    webhook: str = field(default="", repr=False)
    email: str = ""
    smtp: str = ""
    sender: str = ""

    @property
    def channels(self) -> tuple[str, ...]:
        """Those that are set: of command, webhook and email."""
        return tuple(name for name in ("command", "webhook", "email") if getattr(self, name))


@dataclass(frozen=True)
class WorklogSettings:
    """What the worklog sync is to do.

    source: "tempo" or "jira". fallback: "jira" or "none". app_account: the accountId that Tempo writes into Jira with.
    attribute: "held" or "no": whether rows of that account are told apart by ids that were read before. overlap_minutes: so
    much of what was read is read again. window_days: so far back every run compares ids where deletions are not told.
    deletions: "auto", "audit" or "window". amount: "spent" or "billable". required: "contracts" or "schedules". owner: the
    accountId whose token of Tempo it is, "" where nobody said.
    """

    source: str = "tempo"
    fallback: str = "jira"
    app_account: str = APP_ACCOUNT
    attribute: str = "no"
    overlap_minutes: int = 10
    window_days: int = 35
    deletions: str = "auto"
    amount: str = "spent"
    required: str = "contracts"
    owner: str = ""
    contracts: tuple[Contract, ...] = ()
    alerts: Alerts = Alerts()


def read_worklogs(path: Path, top: Table) -> WorklogSettings:
    """The three tables of a configuration. Raises ``Mistaken``."""
    table = top.table("worklogs")
    found = WorklogSettings(
        source=table.one_of("source", "tempo", "tempo", "jira"),
        fallback=table.one_of("fallback", "jira", "jira", "none"),
        app_account=table.text("app_account", APP_ACCOUNT),
        attribute=table.one_of("attribute", "no", "no", "held"),
        overlap_minutes=table.whole("overlap_minutes", 10, 0, 24 * 60),
        window_days=table.whole("window_days", 35, 1, 3660),
        deletions=table.one_of("deletions", "auto", "auto", "audit", "window"),
        amount=table.one_of("amount", "spent", "spent", "billable"),
        required=table.one_of("required", "contracts", "contracts", "schedules"),
        owner=table.text("owner"),
        contracts=_contracts(path, top),
        alerts=_alerts(path, top),
    )
    table.finish()
    if not found.app_account.strip():
        raise Mistaken(f"{path}: [worklogs] app_account is the accountId that Tempo writes into Jira with; leave it out.")
    return found


def _contracts(path: Path, top: Table) -> tuple[Contract, ...]:
    found = []
    for number, table in enumerate(top.tables("contract"), 1):
        person, first, last, week = (table.get(key, None, _anything, "") for key in ("person", "first", "last", "week"))
        table.finish()
        try:
            found.append(contract(person, first, last, week, name=f"[[contract]] {number}"))
        except WrongContract as error:
            raise Mistaken(f"{path}: {error}") from None
    try:
        return check(found)
    except WrongContract as error:
        raise Mistaken(f"{path}: {error}") from None


def _alerts(path: Path, top: Table) -> Alerts:
    table = top.table("alerts")
    found = Alerts(
        command=table.text("command"),
        webhook=table.text("webhook"),
        email=table.text("email"),
        smtp=table.text("smtp"),
        sender=table.text("from"),
    )
    table.finish()
    where = f"{path}: [alerts]"
    if found.webhook and (not found.webhook.startswith(("https://", "http://")) or not found.webhook.isprintable()):
        # Such an address is a secret often, so it is not said again.
        raise Mistaken(f"{where} webhook is an address that begins with https://, on one line.")
    if found.email:
        for key, value in (("email", found.email), ("from", found.sender)):
            if not _ADDRESS.fullmatch(value):
                raise Mistaken(f"{where} {key} is an e-mail address, not {value!r:.60}.")
        server = _SERVER.fullmatch(found.smtp)
        if server is None or not 1 <= int(server[1]) <= 65535:
            raise Mistaken(
                f"{where} smtp is the server that sends the message, such as mail.example.org:25, not {found.smtp!r:.60}."
            )
    elif found.smtp or found.sender:
        raise Mistaken(f"{where} has smtp or from, but no email to send to.")
    return found


def _anything(value: object) -> bool:
    return True
