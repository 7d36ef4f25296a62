"""Internal issues: what there is, which of them make rules, and what a choice would do before it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration.choosing import Effect, by_jql, by_keys, effect, keep, remark, shown
from integration.pages.page import Page
from integration.pages.told import told_rule
from integration.settings import Mistaken

if TYPE_CHECKING:
    from flask import Response

    from integration.pages.visit import Visit
    from integration.records import Issue
    from integration.store import Store

_KEPT = "The selection is kept, for everybody. Preview what it changes, then apply it."


def _show(visit: Visit) -> Response:
    tempo, _ = visit.clients()
    with visit.store() as store:
        return _page(visit, store, tempo.internal_issues(), store.selection())


def _choose(visit: Visit) -> Response:
    sources = visit.clients()
    tempo, jira = sources
    listed = tempo.internal_issues()
    with visit.store() as store:
        try:
            if visit.typed("jql"):
                chosen = by_jql(visit.typed("jql"), jira, listed, visit.listener.say)
            else:
                chosen = by_keys([*visit.ticked("issue"), visit.typed("keys").replace(" ", ",")], jira, listed)
        except Mistaken as error:
            ticked = {key: issue for key, issue in store.selection().items() if issue.key in visit.ticked("issue")}
            return _page(visit, store, listed, ticked, problem=str(error))
        if visit.typed("step") == "save":
            keep(store, chosen)
            return visit.go("/run", _KEPT)
        after = {issue.id: issue for issue in chosen}
        return _page(visit, store, listed, after, effect(visit.settings, store, sources, visit.listener, after))


def _page(
    visit: Visit,
    store: Store,
    listed: list[Issue] | None,
    after: dict[str, Issue],
    found: Effect | None = None,
    problem: str = "",
) -> Response:
    before = store.selection()
    offered = shown(listed, {**before, **after})
    issues = {**before, **after}
    rows = [(issue, issue.id in after, remark(issue, listed, after, visit.settings)) for issue in offered]
    changes = []
    if found is not None:
        changes = [
            (title, [told_rule(rule, issues, found.names) for rule in rules])
            for title, rules in (("Rules that begin", found.begin), ("Rules that end", found.end))
        ]
    return visit.show(
        "issues.html",
        422 if problem else 200,
        rows=rows,
        is_listed=listed is not None,
        selected=len(before),
        effect=found,
        changes=changes,
        chosen=[issue for issue, is_chosen, _ in rows if is_chosen],
        problem=problem,
        said=visit.listener.said,
    )


PAGES = (Page("GET", "/issues", _show, "Internal issues"), Page("POST", "/issues", _choose))
