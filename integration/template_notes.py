"""What is to be said of templates that do nothing, or less than they say. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from integration.records import Template


def named(templates: Mapping[tuple[str, str], Template]) -> set[str]:
    """AccountIds of everybody who is named in them."""
    found = {person for person, _ in templates}
    for template in templates.values():
        found |= {template.approver or "", *template.coverers}
    return found - {""}


def notes(templates: Mapping[tuple[str, str], Template], selected: Collection[str], shown: Collection[str]) -> Iterator[str]:
    """A sentence for each mistake that is most likely one of typing.

    templates: (accountId or "", issue key) -> template. selected: keys of the selected issues. shown: accountIds of those
    named in templates whom Jira shows.
    """
    for (person, key), template in templates.items():
        whose = f"the [[template]] of {key}{f' for {person}' if person else ''}"
        if key not in selected:
            yield f"{whose} makes no rule: {key} is not among the selected issues (`tempo-sync issues` shows them)"
        named = [("person", person), ("approver", template.approver), *(("coverers", name) for name in template.coverers)]
        for what, name in named:
            if name and name not in shown:
                yield f"{whose} names {name} as {what}, and Jira shows nobody with this accountId"
    for key in sorted(set(selected) - {key for _, key in templates}):
        yield f"{key} is selected and has no [[template]], so its plans make no rule"
