"""Rules as the pages tell them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from integration.records import Issue, Rule
from integration.report import span


class ToldRule(NamedTuple):
    """A rule in words. issue: its key. flags: what somebody should look at."""

    person: str
    when: str
    zone: str
    issue: str
    template: str
    coverers: str
    flags: tuple[str, ...]


def told_rule(rule: Rule, issues: Mapping[str, Issue], names: Mapping[str, str]) -> ToldRule:
    """names: by accountId."""
    issue = issues.get(rule.issue_id)
    coverers = ", ".join(names.get(who, who) for who in rule.coverers)
    key = issue.key if issue else rule.issue_id
    person = names.get(rule.account_id, rule.account_id)
    return ToldRule(person, span(rule), rule.zone, key, rule.template, coverers, rule.flags)
