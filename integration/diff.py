"""What would have to be written so that the rules held are those wanted. Pure, for one person at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from integration.absences import LAST_MINUTE
from integration.matching import matched, written
from integration.records import SOURCE, Changes, Complete, HeldRule, Kept, Partial, Reading, Rule, Update, Window
from integration.status import Status, status

ONE = timedelta(days=1)
BY_HAND = "it was edited by hand"
WITHHELD = "not everything could be read"
LOOK = "look at them, then allow it once with --allow-mass-change"
"""The way out of a refusal, for whoever is at a terminal."""


@dataclass(frozen=True)
class Guard:
    """A run that would update or delete more than ``count`` rules and more than ``share`` (0 to 1) of those held is refused."""

    count: int = 20
    share: float = 0.3


def changes(
    wanted: Reading[Sequence[Rule]],
    held: Iterable[HeldRule],
    window: Window,
    now: datetime,
    *,
    overwrite: bool = False,
    resumes: date | None = None,
) -> Changes:
    """What to create, update and delete for one person.

    Untouched are rules of other sources, rules outside the window, and what is over at ``now`` (UTC). Rules that somebody
    edited are kept and told, unless ``overwrite``. A partial reading deletes nothing and makes no rule cover less. resumes:
    the first day of work in the window; leave that began before the window may be planned from there on only.
    """
    own = [rule for rule in held if rule.rule.source == SOURCE and rule.written is not None]
    inside = [rule for rule in own if window.first <= _begin(rule) <= window.last]
    left = list(wanted.value)
    pairs: list[tuple[HeldRule, Rule | None]] = []
    for reaching in (rule for rule in own if _begin(rule) < window.first <= written(rule).end.date()):
        first = _first_of(reaching, left, window.first, resumes or window.first)
        if first is not None:
            left.remove(first)
        pairs.append((reaching, _continued(written(reaching), first, window.first)))
    found_pairs, new = matched(inside, left, now)
    pairs += found_pairs
    found = Changes(
        create=tuple(rule for rule in new if not _is_over(rule, now)),
        update=tuple(
            Update(rule, after)
            for rule, after in pairs
            if after is not None and after != rule.rule and not (_is_over(after, now) and _is_over(rule.rule, now))
        ),
        delete=tuple(rule for rule, after in pairs if after is None and not _is_over(rule.rule, now)),
    )
    if not overwrite:
        found = _without_hand_edited(found)
    return found if isinstance(wanted, Complete) else _of_partial(found, wanted, own)


def guarded(deleted: int, updated: int, held: int, guard: Guard) -> str | None:
    """Why so many changes are refused, or None. held: rules of this sync that are not over yet."""
    changed = deleted + updated
    if changed <= guard.count or changed <= guard.share * held:
        return None
    return (
        f"{deleted} rules would be deleted and {updated} updated, of {held} that are held: more than {guard.count} and more "
        f"than {guard.share:.0%}; {LOOK}"
    )


def is_counted(update: Update) -> bool:
    """Whether the guard counts it: not when somebody is only away for longer, or back on another day."""
    before, after = vars(update.before.rule), vars(update.after)
    differing = {name for name in after if before[name] != after[name]}
    if "returns" in differing:
        # The message tells the day.
        differing -= {"message"}
    return not differing <= {"returns", "end", "plan_ids", "flags"} or update.after.end < update.before.rule.end


def joined(parts: Iterable[Changes]) -> Changes:
    """The changes of several people as one."""
    every = list(parts)
    return Changes(
        tuple(rule for part in every for rule in part.create),
        tuple(update for part in every for update in part.update),
        tuple(rule for part in every for rule in part.delete),
        tuple(kept for part in every for kept in part.kept),
        tuple(kept for part in every for kept in part.withheld),
    )


def _begin(rule: HeldRule) -> date:
    return written(rule).begin.date()


def _is_over(rule: Rule, now: datetime) -> bool:
    return status(rule, now) is Status.EXPIRED


def _first_of(reaching: HeldRule, wanted: Iterable[Rule], first: date, resumes: date) -> Rule | None:
    """The wanted rule that goes on with one that began before the window: nothing but days off may come between."""
    issue_id = written(reaching).issue_id
    found = (rule for rule in wanted if rule.issue_id == issue_id and first <= rule.begin.date() <= resumes)
    return next((rule for rule in found if rule.begin.time() == time() and rule.end.time() == LAST_MINUTE), None)


def _continued(before: Rule, first: Rule | None, day: date) -> Rule:
    """A rule that began before the window: until where the wanted one ends, or until the window where there is none."""
    if first is None:
        return replace(before, end=datetime.combine(day - ONE, LAST_MINUTE))
    ids = tuple(sorted({*before.plan_ids, *first.plan_ids}))
    return replace(first, begin=before.begin, part=before.part, plan_ids=ids)


def _without_hand_edited(found: Changes) -> Changes:
    kept = [Kept(update.before, BY_HAND) for update in found.update if update.before.is_hand_edited]
    kept += [Kept(rule, BY_HAND) for rule in found.delete if rule.is_hand_edited]
    return found._replace(
        update=tuple(update for update in found.update if not update.before.is_hand_edited),
        delete=tuple(rule for rule in found.delete if not rule.is_hand_edited),
        kept=tuple(kept),
    )


def _of_partial(found: Changes, wanted: Partial[Sequence[Rule]], own: Sequence[HeldRule]) -> Changes:
    reason = f"{WITHHELD}: {wanted.reason.sentence}"
    standing = [rule.rule for rule in own] + [written(rule) for rule in own]
    safe = tuple(update for update in found.update if _covers(update.after, update.before.rule))
    withheld = [Kept(update.before, reason) for update in found.update if update not in safe]
    withheld += [Kept(rule, reason) for rule in found.delete]
    return found._replace(
        create=tuple(rule for rule in found.create if not any(_share_a_day(rule, held) for held in standing)),
        update=safe,
        delete=(),
        withheld=tuple(withheld),
    )


def _share_a_day(one: Rule, other: Rule) -> bool:
    same = one.account_id == other.account_id and one.issue_id == other.issue_id
    return same and one.begin.date() <= other.end.date() and other.begin.date() <= one.end.date()


def _covers(after: Rule, before: Rule) -> bool:
    """Whether it is all that it was, and more: somebody comes back no sooner, and is told of no otherwise."""
    is_longer = after.begin <= before.begin and before.end <= after.end and after.zone == before.zone
    returns_later = after.returns is not None and (before.returns is None or before.returns < after.returns)
    is_told = returns_later or (after.returns == before.returns and _said(after) == _said(before))
    is_known = set(before.plan_ids) <= set(after.plan_ids) and set(after.flags) <= set(before.flags)
    return is_longer and is_told and is_known


def _said(rule: Rule) -> str:
    """The message without the time at which somebody is back on the day itself: whoever is away for longer is back later."""
    if rule.returns is None:
        return rule.message
    return rule.message.replace(f"{rule.returns.isoformat()} {rule.end:%H:%M}", rule.returns.isoformat())
