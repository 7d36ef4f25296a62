"""What a run found and did, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from integration.handover import Handover
from integration.records import Issue, Kept, LeftOut, Outcome, Rule
from integration.sync import Compared, PersonChanges


def lines(compared: Compared, issues: Mapping[str, Issue], *, verbose: bool = False) -> list[str]:
    """The changes, person by person, then what makes no rule and why."""
    told: list[str] = []
    for found in compared.people:
        told.extend(_of_person(found, issues, compared.names))
    told.extend(_handovers(compared))
    if compared.left_out and verbose:
        told.append("Plans that make no rule:")
        told.extend(f"    plan {left.plan_id}: {left.reason}" for left in compared.left_out)
    elif compared.left_out:
        told.append(f"{len(compared.left_out)} plans make no rule (--verbose tells why)")
    return told


def summary(compared: Compared) -> str:
    """One line."""
    count = {"create": 0, "update": 0, "delete": 0, "kept": 0, "withheld": 0}
    for found in compared.people:
        for name in count:
            count[name] += len(getattr(found.changes, name))
    parts = [f"{count['create']} to create", f"{count['update']} to update", f"{count['delete']} to delete"]
    parts += [f"{count['kept']} kept as edited"] if count["kept"] else []
    parts += [f"{count['withheld']} withheld"] if count["withheld"] else []
    to_assign = sum(1 for handover in compared.handovers if handover.problem is None)
    parts += [f"{to_assign} issues to hand over"] if to_assign else []
    return ", ".join(parts)


def done(compared: Compared, outcomes: Sequence[Outcome]) -> str:
    """What was written, in one line."""
    made = [outcome.action for outcome in outcomes if outcome.error is None]
    words = (("create", "created"), ("update", "updated"), ("delete", "deleted"))
    parts = [f"{made.count(action)} {word}" for action, word in words]
    kept = sum(len(found.changes.kept) for found in compared.people)
    withheld = sum(len(found.changes.withheld) for found in compared.people)
    failed = sum(1 for outcome in outcomes if outcome.error)
    handed = len({outcome.target for outcome in outcomes if outcome.target and outcome.error is None})
    more = ((kept, "kept as edited"), (withheld, "withheld"), (handed, "issues handed over"), (failed, "failed"))
    return ", ".join([*parts, *(f"{count} {word}" for count, word in more if count)])


def as_json(compared: Compared, issues: Mapping[str, Issue], outcomes: Sequence[Outcome], exit_code: int) -> dict[str, Any]:
    """Everything, for programs."""
    return {
        "exitCode": exit_code,
        "complete": compared.is_whole,
        "reason": compared.reason._asdict() if compared.reason else None,
        "refused": compared.refused,
        "changes": {
            "create": [rule_bean(rule, issues) for found in compared.people for rule in found.changes.create],
            "update": [
                {
                    "id": update.before.id,
                    "before": rule_bean(update.before.rule, issues),
                    "after": rule_bean(update.after, issues),
                }
                for found in compared.people
                for update in found.changes.update
            ],
            "delete": [
                {"id": held.id, **rule_bean(held.rule, issues)} for found in compared.people for held in found.changes.delete
            ],
            "kept": _kept((kept for found in compared.people for kept in found.changes.kept), issues),
            "withheld": _kept((kept for found in compared.people for kept in found.changes.withheld), issues),
        },
        "doubts": [
            {"accountId": found.person.account_id, **found.doubt._asdict()}
            for found in compared.people
            if found.doubt is not None
        ],
        "handovers": [_handover_bean(handover, issues) for handover in compared.handovers],
        "leftOut": [_left_out_bean(left) for left in compared.left_out],
        "outcomes": [
            {"action": o.action, "sink": o.sink, "rule": list(o.key), "target": o.target or None, "error": o.error}
            for o in outcomes
        ],
    }


def rule_bean(rule: Rule, issues: Mapping[str, Issue]) -> dict[str, Any]:
    """A rule for programs; times are the wall clock of ``zone``."""
    issue = issues.get(rule.issue_id)
    return {
        "accountId": rule.account_id,
        "issueId": rule.issue_id,
        "issueKey": issue.key if issue else None,
        "begin": rule.begin.isoformat(timespec="minutes"),
        "end": rule.end.isoformat(timespec="minutes"),
        "zone": rule.zone,
        "template": rule.template,
        "coverers": list(rule.coverers),
        "approver": rule.approver,
        "message": rule.message,
        "mentionDaysAhead": rule.mention_days,
        "scope": rule.scope,
        "returns": rule.returns.isoformat() if rule.returns else None,
        "planIds": list(rule.plan_ids),
        "flags": list(rule.flags),
        "source": rule.source,
    }


def span(rule: Rule) -> str:
    """When, in words that fit a line."""
    same = rule.begin.date() == rule.end.date()
    return (
        f"{rule.begin:%Y-%m-%d %H:%M}-{rule.end:%H:%M}" if same else f"{rule.begin:%Y-%m-%d %H:%M} - {rule.end:%Y-%m-%d %H:%M}"
    )


def _of_person(found: PersonChanges, issues: Mapping[str, Issue], names: Mapping[str, str]) -> list[str]:
    told = [f"{found.person.name}:"]
    told += [f"  + {_text(rule, issues, names)}" for rule in found.changes.create]
    for update in found.changes.update:
        told += [
            f"  ~ {_text(update.before.rule, issues, names)}",
            f"    now {_text(update.after, issues, names)}{_differs(update.before.rule, update.after)}",
        ]
    told += [f"  - {_text(held.rule, issues, names)}" for held in found.changes.delete]
    told += [f"  = {_text(kept.held.rule, issues, names)}: kept, {kept.reason}" for kept in found.changes.kept]
    told += [f"  = {_text(kept.held.rule, issues, names)}: left as it is" for kept in found.changes.withheld]
    if found.doubt is not None and found.changes.withheld:
        told.append(f"    because {found.doubt.sentence}")
    flags = sorted({flag for rule in (*found.changes.create, *(u.after for u in found.changes.update)) for flag in rule.flags})
    told += [f"  ! {flag}" for flag in flags]
    return told if len(told) > 1 else []


def _handovers(compared: Compared) -> list[str]:
    told = ["Issues of people who are away:"] if compared.handovers else []
    for handover in compared.handovers:
        issue = f"{handover.issue.key} {handover.issue.summary}"
        who = handover.coverer_name or handover.coverer
        done = [f"to {who}"] if who else []
        done += ["with a comment" if who else "a comment"] if handover.message else []
        told.append(f"  ! {issue}: {handover.problem}" if handover.problem else f"  > {issue}: {' '.join(done)}")
    return told


def _handover_bean(handover: Handover, issues: Mapping[str, Issue]) -> dict[str, Any]:
    return {
        "issueId": handover.issue.id,
        "issueKey": handover.issue.key,
        "from": handover.rule.account_id,
        "to": handover.coverer,
        "message": handover.message,
        "problem": handover.problem,
        "rule": rule_bean(handover.rule, issues),
    }


def _text(rule: Rule, issues: Mapping[str, Issue], names: Mapping[str, str]) -> str:
    issue = issues.get(rule.issue_id)
    coverers = f", covered by {', '.join(names.get(name, name) for name in rule.coverers)}" if rule.coverers else ""
    return f"{span(rule)} {rule.zone}  {issue.key if issue else rule.issue_id} {rule.template}{coverers}"


def _differs(before: Rule, after: Rule) -> str:
    names = [name for name in vars(after) if getattr(before, name) != getattr(after, name)]
    return f" (differs in {', '.join(name.replace('_', ' ') for name in names)})" if names else ""


def _kept(found: Iterable[Kept], issues: Mapping[str, Issue]) -> list[dict[str, Any]]:
    return [{"id": kept.held.id, "reason": kept.reason, **rule_bean(kept.held.rule, issues)} for kept in found]


def _left_out_bean(left: LeftOut) -> dict[str, Any]:
    return {
        "planId": left.plan_id,
        "accountId": left.account_id,
        "itemId": left.item_id,
        "days": left.days,
        "reason": left.reason,
    }
