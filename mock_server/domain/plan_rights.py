"""Who may see, make and approve plans (help pages; what of it is inferred stands among the assumptions).

Own plans need no right. A role over a team reaches a member inside the dates of the membership, a generic resource as long
as it is in the team; a role with Full access reaches everybody. A team's lead has every right over the team.
"""

import dataclasses

from mock_server.access import PLAN_APPROVE, PLAN_MANAGE, PLAN_VIEW, Actor
from mock_server.domain import work_reach
from mock_server.domain.plan_days import days_of
from mock_server.storage import generic_resources, memberships, people, plan_pages, plans
from mock_server.storage import work_reach as granted
from mock_server.storage.people import Person
from mock_server.storage.plans import Plan
from mock_server.storage.store import Store
from mock_server.storage.work_reach import WorkReach

ALWAYS = ("", "9999-99")
"""A window that every day is in."""


def reach(store: Store, actor: Actor) -> WorkReach:
    """Whose plans the actor may see."""
    return work_reach.of(store, actor, PLAN_VIEW)


def to_review(store: Store, actor: Actor) -> WorkReach:
    """What the actor may see of plans that he is asked to review: all of them in projects that he may browse."""
    return dataclasses.replace(reach(store, actor), everyone=True)


def why_hidden(store: Store, actor: Actor, plan_id: int) -> str | None:
    """What keeps a plan out of reach, for whoever develops a client; None for one within reach or none at all."""
    plan, within = plans.by_id(store, plan_id), reach(store, actor)
    if plan is None or plan_pages.get(store, plan_id, within):
        return None
    if plan.project_id not in within.browse:
        return f"project {plan.project_id} is hidden: {actor.name} has no Browse Projects there"
    beside = "; Manage Plans is not enough to see it" if may_manage(store, actor, plan) else ""
    return f"{actor.name} is in no role View Plans over {_whose(store, plan)}{beside}"


def may_manage(store: Store, actor: Actor, plan: Plan) -> bool:
    """Whether the actor may change a plan: his own, or with Manage Plans over the assignee."""
    if plan.person_id is not None:
        return may_manage_person(store, actor, plan.person_id, *days_of(plan))
    assert plan.generic_resource_id is not None
    return may_manage_resource(store, actor, plan.generic_resource_id)


def may_manage_person(store: Store, actor: Actor, person_id: int, start: str, end: str) -> bool:
    """Whether the actor may plan for somebody on days from ``start`` to ``end`` (``yyyy-MM-dd``)."""
    return person_id == actor.person_id or _reaches(
        store, actor.person_id, PLAN_MANAGE, person_id, (start, end), actor.roles_as_of
    )


def may_manage_resource(store: Store, actor: Actor, resource_id: int) -> bool:
    """Whether the actor may plan for a generic resource (assumption plans.genericResources)."""
    everyone, team_ids = granted.of_roles(store, actor.person_id, PLAN_MANAGE, actor.roles_as_of)
    return everyone or bool(team_ids & generic_resources.teams_of(store, resource_id))


def may_approve(store: Store, approver_id: int, person_id: int, days: tuple[str, str], as_of: str | None = None) -> bool:
    """Whether somebody may approve a person's plan of days from and to (``yyyy-MM-dd``); nobody approves their own.

    ``as_of`` is the moment of which roles count, for an approver who calls.
    """
    return approver_id != person_id and _reaches(store, approver_id, PLAN_APPROVE, person_id, days, as_of)


def reviewers(store: Store, person_id: int, start: str, end: str) -> list[Person]:
    """Everybody active who may approve the person's plans of some days, by accountId."""
    found = [
        person for person in people.every(store) if person.active and may_approve(store, person.id, person_id, (start, end))
    ]
    return sorted(found, key=lambda person: person.account_id)


def _reaches(store: Store, holder_id: int, key: str, person_id: int, days: tuple[str, str], as_of: str | None = None) -> bool:
    everyone, team_ids = granted.of_roles(store, holder_id, key, as_of)
    return everyone or bool(team_ids and team_ids & memberships.teams_of(store, person_id, *days))


def _whose(store: Store, plan: Plan) -> str:
    person = people.get(store, plan.person_id) if plan.person_id is not None else None
    if person is None:
        return f"generic resource {plan.generic_resource_id}"
    first, last = days_of(plan)
    return f"{person.name} on {first}" if first == last else f"{person.name} from {first} to {last}"
