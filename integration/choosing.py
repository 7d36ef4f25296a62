"""Choosing the internal issues that make rules: what may be chosen, what a choice does, and keeping it. Of command and page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from integration.clients.http import Unreadable
from integration.clients.jira import Jira
from integration.clients.tempo import Tempo
from integration.known_issues import KnownIssues
from integration.records import Issue, Rule
from integration.run import Asked, Console, run_absences
from integration.settings import Mistaken, Settings
from integration.store import Store
from integration.sync import Compared


class Effect(NamedTuple):
    """What a change of the selection does to the rules. names: by accountId. others: changes that are pending besides."""

    begin: tuple[Rule, ...]
    end: tuple[Rule, ...]
    names: Mapping[str, str]
    others: int
    reason: str | None


def by_jql(jql: str, jira: Jira, listed: Sequence[Issue] | None, say: Callable[[str], object]) -> list[Issue]:
    """The issues that JQL finds. Raises ``Mistaken`` and ``Unreadable``."""
    try:
        found = jira.issues(jql)
    except Unreadable as error:
        if error.kind == "refused":
            raise Mistaken(f"Jira does not take this JQL: {error}.") from None
        raise
    internal = found if listed is None else [issue for issue in found if issue.id in {one.id for one in listed}]
    if len(internal) < len(found):
        say(f"{len(found) - len(internal)} of the issues found are not internal and are left out")
    if not internal:
        raise Mistaken("JQL finds no internal issue; --none selects none.")
    return internal


def by_keys(told: Sequence[str], jira: Jira, listed: Sequence[Issue] | None) -> list[Issue]:
    """The issues of these keys, each of which may be several with commas. Raises ``Mistaken`` and ``Unreadable``."""
    keys = list(dict.fromkeys(key.upper() for entry in told for key in entry.split(",") if key))
    return [_by_key(key, jira, listed) for key in keys]


def effect(
    settings: Settings,
    store: Store,
    sources: tuple[Tempo, Jira],
    console: Console,
    after: Mapping[str, Issue],
) -> Effect:
    """What a selection would do, in place of the one there is. Nothing is written. Raises what ``run_absences`` raises."""
    before = store.selection()
    tempo, jira = sources
    ran = run_absences(settings, Asked(allow_mass_change=True), store, tempo, jira, console, selection=dict(after))
    return _effect(ran.compared, before, after)


def keep(store: Store, chosen: Sequence[Issue]) -> None:
    """Make these the selection."""
    with store.transaction():
        KnownIssues(store).add(chosen)
        store.select(chosen)


def shown(listed: Sequence[Issue] | None, selection: Mapping[str, Issue]) -> list[Issue]:
    """What there is to choose, and what is chosen although it is there no more, by key."""
    found = list(selection.values()) if listed is None else [*listed, *_gone(listed, selection)]
    return sorted(found, key=lambda issue: issue.key)


def remark(issue: Issue, listed: Sequence[Issue] | None, selection: Mapping[str, Issue], settings: Settings) -> str:
    """What is to be known of an issue that is selected, "" for nothing."""
    if issue.id not in selection:
        return ""
    if listed is not None and issue in _gone(listed, selection):
        return "not internal any more, or not to be seen"
    people = {person for person, key in settings.templates if key == issue.key}
    return "" if "" in people else "templates of some people only" if people else "no template yet: makes no rules"


def _by_key(key: str, jira: Jira, listed: Sequence[Issue] | None) -> Issue:
    if listed is not None:
        found = next((issue for issue in listed if issue.key == key), None)
        if found is None:
            there = ", ".join(sorted(issue.key for issue in listed)) or "none"
            raise Mistaken(f"{key} is no internal issue that the token may see; there are: {there}.")
        return found
    if not key.replace("-", "").replace("_", "").isalnum() or not key.isascii():
        raise Mistaken(f"{key!r} is no key of an issue such as HR-1.")
    try:
        return jira.issue(key)
    except Unreadable as error:
        if error.kind == "not-found":
            raise Mistaken(f"Jira has no issue {key}, or its log-in may not browse it.") from None
        raise


def _effect(compared: Compared, before: Mapping[str, Issue], after: Mapping[str, Issue]) -> Effect:
    began, ended = set(after) - set(before), set(before) - set(after)
    begin = tuple(rule for found in compared.people for rule in found.changes.create if rule.issue_id in began)
    end = tuple(held.rule for found in compared.people for held in found.changes.delete if held.rule.issue_id in ended)
    reason = compared.reason.sentence if compared.reason else None
    names = {**compared.names, **{found.person.account_id: found.person.name for found in compared.people}}
    return Effect(begin, end, names, compared.size - len(begin) - len(end), reason)


def _gone(listed: Sequence[Issue], selection: Mapping[str, Issue]) -> list[Issue]:
    there = {issue.id for issue in listed}
    return [issue for issue in selection.values() if issue.id not in there]
