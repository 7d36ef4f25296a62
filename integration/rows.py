"""A rule as a row of the database, and back. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from integration.records import SOURCE, HeldRule, Rule

COLUMNS = (
    "account_id", "issue_id", "begin", "end", "zone", "template", "coverers", "approver", "message", "mention_days", "scope",
    "part", "returns", "plan_ids", "flags", "source",
)  # fmt: skip


def row_of(rule: Rule) -> tuple[Any, ...]:
    """The values of ``COLUMNS``."""
    return (
        rule.account_id, rule.issue_id, rule.begin.isoformat(), rule.end.isoformat(), rule.zone, rule.template,
        json.dumps(rule.coverers), rule.approver, rule.message, rule.mention_days, rule.scope, rule.part,
        rule.returns.isoformat() if rule.returns else None, json.dumps(rule.plan_ids), json.dumps(rule.flags), rule.source,
    )  # fmt: skip


def written_of(rule: Rule) -> str | None:
    """The same as one text, to tell later whether somebody edited the row; None of rules that are not of this sync."""
    return json.dumps(row_of(rule)) if rule.source == SOURCE else None


def held_of(number: int, written: str | None, values: Sequence[Any]) -> HeldRule:
    """The rule of a row. Raises ``ValueError`` where somebody edited it so that it is none any more."""
    rule = _rule(values)
    if written is None:
        return HeldRule(number, rule, None)
    # Mostly nothing was edited by hand, and thousands of rules are read in a run.
    return HeldRule(number, rule, rule if written == json.dumps(list(values)) else _rule(_texts(written)))


def _rule(values: Sequence[Any]) -> Rule:
    if len(values) != len(COLUMNS):
        raise ValueError(f"{len(values)} values")
    found = dict(zip(COLUMNS, values, strict=True))
    for name in ("coverers", "plan_ids", "flags"):
        found[name] = tuple(_texts(found[name]))
    for name in ("begin", "end"):
        found[name] = datetime.fromisoformat(_text(found[name]))
        if found[name].tzinfo is not None:
            raise ValueError(f"{name} is a wall clock, without a zone")
    found["returns"] = date.fromisoformat(_text(found["returns"])) if found["returns"] else None
    _check_zone(found["zone"])
    return Rule(**found)


def _texts(told: Any) -> Sequence[Any]:
    found = json.loads(_text(told))
    if not isinstance(found, list):
        raise ValueError(f"{told[:40]} is no list")
    return found


def _text(told: Any) -> str:
    if not isinstance(told, str):
        raise ValueError(f"{told!r:.40} is no text")
    return told


def _check_zone(name: Any) -> None:
    try:
        ZoneInfo(_text(name))
    except (KeyError, OSError):
        raise ValueError(f"{name} is no time zone") from None
