"""Everybody's hours in words, as JSON and as a table for spreadsheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from integration.balances import Balances, Row
from integration.plain_text import clean, cut, table
from integration.sheets import Cell, Sheet, in_decimal
from integration.time_accounts import in_hours
from integration.worklogs import Period, Standing

WIDEST = 40
"""Columns of a name."""

SHOWN = 5
"""So many are named in a note."""

NOT_KNOWN = "not known"
HEAD = (
    "part", "from", "to", "id", "name", "logged_seconds", "required_seconds", "balance_seconds", "logged_hours",
    "required_hours", "balance_hours", "at_least", "source", "fallback", "complete", "notes",
)  # fmt: skip
"""Columns of CSV and XLSX: docs/integration-worklogs.md tells what is in them."""

HOURS = frozenset(HEAD.index(name) for name in ("logged_hours", "required_hours", "balance_hours"))
OF_HOURS_ONLY = ("account", "issue")
"""Views without anything required."""


def lines(found: Balances, said: str) -> list[str]:
    """The table for people, what is loud first. said: how the period came about, "" where it was asked for."""
    told = loud(found)
    source = found.standing.source.capitalize()
    amount = "Billable hours" if found.amount == "billable" else "Hours"
    period = f"{found.period.first} to {found.period.last}{f' ({said})' if said else ''}"
    told.append(f"{amount} from {period}, of {source}, read {found.standing.read or 'never to the end'}:")
    told += _table(found) if found.rows else ["  nothing was logged and nothing required"]
    return told + [f"{clean(note[:1].upper() + note[1:])}." for note in (*found.notes, *_grouped(found.rows))]


def loud(found: Balances) -> list[str]:
    """What nobody may overlook: the line on a fallback, or on what is missing."""
    standing = found.standing
    told = []
    if standing.fallback is not None:
        told.append(f"FALLBACK since {standing.fallback.since}: {clean(standing.fallback.cause.sentence)}.")
    # The cause of a fallback is a reason, too, and told once.
    cause = None if standing.fallback is None else standing.fallback.cause
    others = [reason.sentence for reason in standing.reasons if reason != cause]
    if not standing.complete and (others or cause is None):
        reasons = "; ".join(others) or "the worklogs were never read to their end"
        since = f" since {found.since}" if found.since else ""
        told.append(f"INCOMPLETE{since}: {clean(reasons)}.")
    return told


def signed(seconds: int | None) -> str:
    """A balance in words, such as ``+0:15``."""
    if seconds is None:
        return NOT_KNOWN
    return f"+{in_hours(seconds)}" if seconds > 0 else in_hours(seconds)


def in_words(row: Row, found: Balances) -> tuple[str, str, str]:
    """Logged, required and balance of a row; "" for what there is none of."""
    account = row.account
    logged = NOT_KNOWN if account.logged is None else in_hours(account.logged)
    if account.logged is not None and account.at_least:
        logged = f"at least {logged}"
    if row.nobodys or found.by in OF_HOURS_ONLY:
        return logged, "", ""
    if account.required is None:
        # Without anything required there is no balance: that is known.
        return logged, f"no {found.required_by}", "none" if account.balance is None else signed(account.balance)
    return logged, in_hours(account.required), signed(account.balance)


def as_json(found: Balances, exit_code: int) -> dict[str, Any]:
    """Everything, for programs; seconds as whole numbers, null for what is not known."""
    standing = found.standing
    rows = [_bean(row, found.by) for row in found.rows if not row.nobodys]
    return {
        "exitCode": exit_code,
        "source": standing.source,
        "fallback": _fallback(standing),
        "complete": standing.complete,
        "incompleteSince": found.since,
        "reasons": [reason._asdict() for reason in standing.reasons],
        "read": standing.read,
        "visible": standing.visible and {**standing.visible._asdict(), "unseen": list(standing.visible.unseen)},
        "from": found.period.first.isoformat(),
        "to": found.period.last.isoformat(),
        "amount": found.amount,
        "by": found.by,
        "accounts" if found.by == "person" else "rows": rows,
        "unattributed": found.unattributed,
        "notes": list(found.notes),
    }


def sheet(found: Balances) -> Sheet:
    """The table for spreadsheets. Each row tells of itself whether it can be believed."""
    fallback = found.standing.fallback
    told = (found.standing.source, fallback.cause.kind if fallback else None, found.standing.complete)
    return Sheet("Balances", HEAD, [_cells(row, found, told) for row in found.rows], HOURS)


def about(found: Balances) -> Sheet:
    """How the hours came about, for a sheet beside the table."""
    standing = found.standing
    facts: list[tuple[str, Cell]] = [
        ("from", found.period.first), ("to", found.period.last), ("by", found.by), ("amount", found.amount),
        ("source", standing.source), ("read", standing.read), ("complete", standing.complete),
        ("unattributed_seconds", found.unattributed),
    ]  # fmt: skip
    facts += [("loud", line) for line in loud(found)] + [("note", note) for note in found.notes]
    return Sheet("About", ("fact", "value"), facts)


def _table(found: Balances) -> list[str]:
    is_short = found.by in OF_HOURS_ONLY
    twice = Counter(name for name, _ in {(row.account.name, row.account.account_id) for row in found.rows})
    is_parted = found.rows[0].part is not None
    head = (*(("",) if is_parted else ()), "", "logged", *(() if is_short else ("required", "balance")))
    cells = []
    for row in found.rows:
        account = row.account
        name = cut(clean(account.name), WIDEST)
        if twice[account.name] > 1 and not row.nobodys:
            name += f" ({clean(account.account_id)})"
        logged, *more = in_words(row, found)
        cells.append((*((row.part.label,) if row.part else ()), name, logged, *(() if is_short else more)))
    first = 2 if is_parted else 1
    return [f"  {line}" for line in table(head, cells, right=frozenset(range(first, len(head))))]


def _grouped(rows: Sequence[Row]) -> Iterable[str]:
    """Notes on single accounts, each once, with the names."""
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        for note in row.account.notes:
            found.setdefault(note, {})[row.account.name] = None
    for note, names in found.items():
        shown = ", ".join(list(names)[:SHOWN])
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        yield f"{shown}{more}: {note}"


def _bean(row: Row, by: str) -> dict[str, Any]:
    account = row.account
    if by == "issue":
        return {"issueId": account.account_id, "name": account.name, "logged": account.logged, "atLeast": account.at_least}
    if by == "account":
        return {"account": account.account_id, "logged": account.logged, "atLeast": account.at_least}
    part = {} if row.part is None else {"part": row.part.label, **_ends(row.part.period)}
    return {
        **part,
        "teamId" if by == "team" else "accountId": account.account_id,
        "name": account.name,
        "logged": account.logged,
        "required": account.required,
        "balance": account.balance,
        "atLeast": account.at_least,
        **({} if by == "team" else {"merged": account.merged}),
        "notes": list(account.notes),
    }


def _cells(row: Row, found: Balances, told: Sequence[Cell]) -> tuple[Cell, ...]:
    account = row.account
    seconds = (account.logged, account.required, account.balance)
    period = found.period if row.part is None else row.part.period
    days: tuple[date, date] = (period.first, period.last)
    part = None if row.part is None else row.part.label
    hours = map(in_decimal, seconds)
    notes = "; ".join(account.notes) or None
    return (part, *days, account.account_id, account.name, *seconds, *hours, account.at_least, *told, notes)


def _fallback(standing: Standing) -> dict[str, str] | None:
    found = standing.fallback
    return found and {"cause": found.cause.kind, "sentence": found.cause.sentence, "since": found.since}


def _ends(period: Period) -> dict[str, str]:
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}
