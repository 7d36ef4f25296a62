"""What is written under [[template]] and cannot do what it was written for. Pure: a run goes on with the rest."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from integration.records import Issue, Template

_ROLES = MappingProxyType({"person": "the person", "coverers": "a coverer", "approver": "the approver"})


def named(templates: Mapping[tuple[str, str], Template]) -> set[str]:
    """AccountIds that stand in templates."""
    return {account_id for account_id, *_ in _people(templates)}


def warnings(
    templates: Mapping[tuple[str, str], Template], selection: Collection[Issue], shown: Collection[str] | None
) -> list[str]:
    """Sentences. templates: by person and issue key. shown: accountIds of those whom Jira shows, None where nobody asked."""
    keys, described = {issue.key for issue in selection}, {key for _, key in templates}
    told = [f"{key} is selected and has no template, so its plans make no rule" for key in sorted(keys - described)]
    for key in sorted(described - keys):
        told.append(f"the template for {key} does nothing: {key} is not selected; `tempo-sync issues` shows what is")
    for account_id, role, key in sorted(_people(templates)):
        if shown is not None and account_id not in shown:
            told.append(f"Jira shows nobody with the accountId {account_id!r}, {_ROLES[role]} of a template for {key}")
    return list(dict.fromkeys(told))


def _people(templates: Mapping[tuple[str, str], Template]) -> set[tuple[str, str, str]]:
    found: set[tuple[str, str, str]] = set()
    for (person, key), template in templates.items():
        found |= {(name, "coverers", key) for name in template.coverers}
        found |= {(name, role, key) for name, role in ((person, "person"), (template.approver, "approver")) if name}
    return found
