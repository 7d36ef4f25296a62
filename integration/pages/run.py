"""Preview and run: what a run of the absence sync would change, and making exactly that so."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from integration.absences_told import problems, run_told
from integration.connect import ABSENCES
from integration.diff import LOOK
from integration.pages.page import Page
from integration.pages.told import ToldRule, told_rule
from integration.report import as_json, done, span, summary
from integration.run import Asked, Ran
from integration.switches import Switches
from integration.token_notice import token_notice

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from flask import Response

    from integration.doubts import Accepted
    from integration.pages.visit import Visit
    from integration.records import Changes, Issue, Reason, Rule
    from integration.store import Store
    from integration.sync import Compared

    _Person = tuple[str, list["Change"], Reason | None]

MOST_CHANGES = 500
"""Changes that the page lists; all are counted, and all are applied."""

MOST_PLANS = 20
"""Plans that are named for each reason for which plans make no rule."""


class _Otherwise(Exception):  # noqa: N818
    """What is to be applied is no longer what was shown."""


class Change(NamedTuple):
    """A line of the preview. kind: create, update, delete, kept or withheld. note: what it becomes, or why it stays."""

    kind: str
    rule: ToldRule
    note: str


def _show(visit: Visit) -> Response:
    with visit.store() as store:
        since = Switches(store).off_since(ABSENCES)
        if not visit.asked("preview"):
            return visit.show("run.html", ran=None, off_since=since, moved=False)
        allow = visit.asked("allow") == "yes"
        return _preview(visit, store, allow, visit.request.args.getlist("accept"))


def _apply(visit: Visit) -> Response:
    allow, accepted = visit.typed("allow") == "yes", visit.ticked("accept")

    def show(compared: Compared, issues: dict[str, Issue]) -> None:
        if _digest(compared, issues) != visit.typed("shown"):
            raise _Otherwise

    with visit.store() as store:
        try:
            ran = _run(visit, store, Asked(True, allow, _accepted(accepted)), show)
        except _Otherwise:
            return _preview(visit, store, allow, accepted, has_moved=True)
    told = list(dict.fromkeys([*_problems(ran), *ran.warnings]))
    if ran.compared.refused:
        return visit.go("/run", "Nothing was changed.", *told)
    return visit.go("/rules", f"Applied: {done(ran.compared, ran.outcomes)}.", *told)


def _preview(visit: Visit, store: Store, allow: bool, accepted: list[str], *, has_moved: bool = False) -> Response:
    asked = Asked(False, allow, _accepted(accepted))
    ran = _run(visit, store, asked, lambda compared, issues: None)
    compared, names = ran.compared, {**ran.compared.names}
    names |= {found.person.account_id: found.person.name for found in compared.people}
    people = [(found.person.name, _changes(found.changes, ran.issues, names), found.doubt) for found in compared.people]
    people = [one for one in people if one[1] or one[2]]
    return visit.show(
        "run.html",
        409 if has_moved else 200,
        off_since=None,
        ran=ran,
        moved=has_moved,
        summary=summary(compared),
        people=_first(people),
        hidden=max(0, sum(len(changes) for _, changes, _ in people) - MOST_CHANGES),
        size=compared.size + sum(1 for handover in compared.handovers if handover.problem is None),
        problems=_problems(ran),
        said=visit.listener.said,
        left_out=_left_out(ran, names),
        doubted=[(one.person.account_id, one.person.name, one.doubt.sentence) for one in compared.people if one.doubt],
        allow=allow,
        accepted=accepted,
        shown=_digest(compared, ran.issues),
    )


def _problems(ran: Ran) -> list[str]:
    """What stood in the way; no page has options."""
    return [line.replace(LOOK, "look at them, then allow it here, for this once") for line in problems(ran)]


def _run(visit: Visit, store: Store, asked: Asked, show: Callable[[Compared, dict[str, Issue]], None]) -> Ran:
    Switches(store).refuse(ABSENCES)
    notice = token_notice(visit.settings, store, visit.now)
    if notice.warning:
        visit.listener.say(notice.warning)
    return run_told(visit.settings, asked, store, visit.clients(), visit.listener, notice, visit.now, show)


def _changes(changes: Changes, issues: Mapping[str, Issue], names: Mapping[str, str]) -> list[Change]:
    def told(rule: Rule) -> ToldRule:
        return told_rule(rule, issues, names)

    found = [Change("create", told(rule), "") for rule in changes.create]
    found += [Change("update", told(one.before.rule), _becomes(one.before.rule, one.after)) for one in changes.update]
    found += [Change("delete", told(held.rule), "") for held in changes.delete]
    found += [Change("kept", told(one.held.rule), one.reason) for one in changes.kept]
    return found + [Change("withheld", told(one.held.rule), one.reason) for one in changes.withheld]


def _becomes(before: Rule, after: Rule) -> str:
    names = [name.replace("_", " ") for name in vars(after) if getattr(before, name) != getattr(after, name)]
    told = f"differs in {', '.join(names)}"
    return told if span(before) == span(after) else f"becomes {span(after)}, {told}"


def _first(people: Sequence[_Person]) -> list[_Person]:
    """As many changes as the page lists."""
    found, left = [], MOST_CHANGES
    for name, changes, doubt in people:
        if left > 0:
            found.append((name, changes[:left], doubt))
        left -= len(changes)
    return found


def _left_out(ran: Ran, names: Mapping[str, str]) -> list[tuple[str, int, list[str]]]:
    """Why plans make no rule: the reason, how many, and the first of them by name."""
    count = Counter(left.reason for left in ran.compared.left_out)
    who: dict[str, list[str]] = {}
    for left in ran.compared.left_out:
        if len(who.setdefault(left.reason, [])) < MOST_PLANS:
            issue = ran.issues.get(left.item_id)
            of = names.get(left.account_id, left.account_id or "a generic resource")
            who[left.reason].append(f"plan {left.plan_id} of {of}{f' on {issue.key}' if issue else ''}")
    return [(reason, number, who[reason]) for reason, number in count.most_common()]


def _digest(compared: Compared, issues: dict[str, Issue]) -> str:
    """The changes in few signs, to know them again."""
    told = as_json(compared, issues, (), 0)
    found = {name: told["changes"][name] for name in ("create", "update", "delete")}
    text = json.dumps([found, told["handovers"]], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _accepted(told: Sequence[str]) -> Accepted:
    return frozenset(told) or False


PAGES = (Page("GET", "/run", _show, "Preview and run"), Page("POST", "/run", _apply))
