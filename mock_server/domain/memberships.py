"""Memberships: periods with a role and an availability that do not overlap for one member."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mock_server.errors import Invalid, NotFound
from mock_server.storage import memberships, roles
from mock_server.storage.memberships import Membership
from mock_server.storage.roles import Role
from mock_server.storage.store import Store


@dataclass(frozen=True, slots=True)
class Period:
    """What a client says of a membership. Days are inclusive, None is open; ``availability`` is percent.

    ``role_id`` None stands for the default role.
    """

    start: date | None = None
    end: date | None = None
    availability: int = 100
    role_id: int | None = None


def is_past(membership: Membership, today: date, past_on_last_day: bool) -> bool:
    """Whether the period is over. One that starts later is not past; there is no third status."""
    if membership.end is None:
        return False
    return membership.end <= today if past_on_last_day else membership.end < today


def shown(periods: Iterable[Membership], today: date) -> Membership | None:
    """The period a member list has room for: the present one, else the next, else the last; None without periods."""
    ordered = sorted(periods, key=lambda m: (m.start or date.min, m.id))
    present = [m for m in ordered if (m.start or date.min) <= today <= (m.end or date.max)]
    coming = [m for m in ordered if m.start is not None and m.start > today]
    candidates = present or coming or ordered[-1:]
    return candidates[0] if candidates else None


def get(store: Store, member_id: int, membership_id: int) -> Membership:
    """A period of this member. Raises ``NotFound``, also for a period of another member."""
    membership = memberships.get(store, membership_id)
    if membership is None or membership.member_id != member_id:
        raise NotFound(f"Member {member_id} has no membership with the id {membership_id}.")
    return membership


def role_for(store: Store, role_id: int | None) -> Role:
    """The role with this id, or the default one. Raises ``Invalid`` on ``role`` when it is unknown."""
    role = roles.default(store) if role_id is None else roles.get(store, role_id)
    if role is None:
        raise Invalid(fields={"role": f"There is no role with the id {role_id}." if role_id else "There is no default role."})
    return role


def check(store: Store, member_id: int | None, period: Period, except_id: int | None = None) -> Role:
    """Raise ``Invalid`` unless the period may stand beside the member's others; answers its role."""
    role = role_for(store, period.role_id)
    if period.start and period.end and period.end < period.start:
        raise Invalid(fields={"dateTo": "The period ends before it begins."})
    if not 0 <= period.availability <= 100:
        raise Invalid(fields={"availability": "availability is a percentage from 0 to 100."})
    for other in memberships.of_member(store, member_id) if member_id else []:
        if other.id != except_id and _overlap(period, other):
            raise Invalid(fields={"dateFrom": f"The period overlaps membership {other.id} of the same member."})
    return role


def add(store: Store, member_id: int, period: Period) -> Membership:
    """A new period of a member. Raises ``Invalid``."""
    role = check(store, member_id, period)
    membership_id = memberships.add(store, member_id, role.id, period.start, period.end, period.availability)
    return get(store, member_id, membership_id)


def change(store: Store, membership: Membership, period: Period) -> Membership:
    """Make the period this one. Raises ``Invalid``."""
    role = check(store, membership.member_id, period, membership.id)
    memberships.change(store, membership.id, role.id, period.start, period.end, period.availability)
    return get(store, membership.member_id, membership.id)


def close(store: Store, membership: Membership, today: date) -> Membership:
    """End the period today; one that ended already keeps its end, one that has not begun ends on its first day."""
    if membership.end is not None and membership.end <= today:
        return membership
    end = max(today, membership.start or today)
    memberships.change(store, membership.id, membership.role.id, membership.start, end, membership.availability)
    return membership._replace(end=end)


def _overlap(period: Period, other: Membership) -> bool:
    return (period.start or date.min) <= (other.end or date.max) and (other.start or date.min) <= (period.end or date.max)
