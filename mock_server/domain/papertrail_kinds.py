"""What of this world the audit feed of Tempo Cloud tells: which tables, under which names, with which fields.

The names of entities are the vendor's (OpenAPI of v4); those of fields are the ones that bodies of the same entity have.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from mock_server.storage.papertrail import Source

ENTITY_TYPES = (
    "account", "accountcategory", "accountlink", "allocation", "bulkeditworklog", "customer", "customfieldconfiguration",
    "globalconfiguration", "holiday", "holidaymembership", "holidayscheme", "internalissue", "issuetypecategory",
    "jiraissueviewconfiguration", "oauthapp", "period", "periodconfiguration", "permissiongroup", "program", "project",
    "role", "skill", "skillassignment", "team", "teamlink", "teammembership", "tenantpreference", "workattribute",
    "workload", "workloadmembership", "worklog",
)  # fmt: skip
CREATED, DELETED, SYNCED, UPDATED = "Created", "Deleted", "Synced", "Updated"
_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
ACTIONS = (CREATED, DELETED, UPDATED, SYNCED)

Row = Mapping[str, Any]
Person = Callable[[int], str]
"""Person id -> accountId."""

Convert = Callable[[Any, Person], str]


class Field(NamedTuple):
    """A field of an entity: its name, the column it is read from, and how that is written. No value is no field.

    Of two with one name the first with a value counts.
    """

    name: str
    column: str
    convert: Convert


class Kind(NamedTuple):
    """What the feed tells of one table. ``id`` and ``parent`` are columns, of which the first with a value counts.

    ``actions`` are the kinds of changes there are, each with what it is called in the feed.
    """

    entity_type: str
    noun: str
    fields: tuple[Field, ...]
    actions: tuple[tuple[Source, str], ...]
    parent: tuple[str, ...] = ()
    id: str = "id"
    worker: str | None = None


class Owned(NamedTuple):
    """A table whose rows are told as a field of what they belong to: the owner's table, its id, the field, its value.

    ``name`` None means that the rows say themselves which field each is, in their column ``key``.
    """

    owner: str
    owner_id: str
    name: str | None
    column: str
    convert: Convert


def _text(value: Any, _: Person) -> str:
    return str(value)


def _flag(value: Any, _: Person) -> str:
    return "true" if value else "false"


def _upper(value: Any, _: Person) -> str:
    return str(value).upper()


def _person(value: Any, account: Person) -> str:
    return account(value)


def _day_after(value: Any, _: Person) -> str:
    day = date.fromisoformat(value)
    return value if day == date.max else (day + timedelta(days=1)).isoformat()


def _week(value: Any, _: Person) -> str:
    """Monday first, as the days of a scheme are written."""
    return json.dumps([{"day": day, "requiredSeconds": seconds} for day, seconds in zip(_DAYS, json.loads(value), strict=True)])


def _always(word: str) -> Convert:
    return lambda value, _: word


def _fields(*told: tuple[str, str] | tuple[str, str, Convert]) -> tuple[Field, ...]:
    return tuple(Field(name, column, *convert) if convert else Field(name, column, _text) for name, column, *convert in told)


def _changes(noun: str, only: str = "") -> tuple[tuple[Source, str], ...]:
    words = (("insert", CREATED), ("update", UPDATED), ("delete", DELETED))
    return tuple((Source(noun, verb, only), action) for verb, action in words)


def _kind(entity_type: str, noun: str, *told: tuple[str, str] | tuple[str, str, Convert], **more: Any) -> Kind:
    return Kind(entity_type, noun, _fields(*told), **{"actions": _changes(noun), **more})


_WORKLOG_ACTIONS = (
    (Source("worklogs", "insert", "not through Jira"), CREATED),
    (Source("worklogs", "update", "not through Jira"), UPDATED),
    (Source("worklogs", "insert", "through Jira"), SYNCED),
    (Source("worklogs", "update", "through Jira"), SYNCED),
    (Source("worklogs", "delete"), DELETED),
)
_INTERNAL_ACTIONS = (
    (Source("issues", "insert", "internal"), CREATED),
    (Source("issues", "update", "made internal"), CREATED),
    (Source("issues", "update", "internal as before"), UPDATED),
    (Source("issues", "update", "no longer internal"), DELETED),
    (Source("issues", "delete", "internal"), DELETED),
)
_INTERNAL_TEAM_ACTIONS = tuple((Source("internal_issue_teams", verb), UPDATED) for verb in ("insert", "delete"))

KINDS = (
    _kind(
        "worklog", "worklogs",
        ("issueId", "issue_id"), ("authorAccountId", "author_id", _person), ("startDate", "start_date"),
        ("startTime", "start_time"), ("timeSpentSeconds", "time_spent"), ("billableSeconds", "billable"),
        ("description", "description"),
        parent=("issue_id",), worker="author_id", actions=_WORKLOG_ACTIONS,
    ),
    _kind(
        "allocation", "plans",
        ("assigneeId", "person_id", _person), ("assigneeId", "generic_resource_id"),
        ("assigneeType", "person_id", _always("USER")), ("assigneeType", "generic_resource_id", _always("GENERIC")),
        ("planItemId", "issue_id"), ("planItemId", "project_id"), ("planItemType", "issue_id", _always("ISSUE")),
        ("planItemType", "project_id", _always("PROJECT")), ("startDate", "start_date"), ("endDate", "end_date"),
        ("startTime", "start_time"), ("effortPersistenceType", "per_day", _always("SECONDS_PER_DAY")),
        ("effortPersistenceType", "total", _always("TOTAL_SECONDS")), ("plannedSecondsPerDay", "per_day"),
        ("plannedSeconds", "total"), ("rule", "rule"), ("recurrenceEndDate", "until"),
        ("includeNonWorkingDays", "on_non_working_days", _flag), ("description", "description"),
        ("planApproval.status", "status"), ("planApproval.requester", "requester_id", _person),
        ("planApproval.reviewer", "reviewer_id", _person), ("planApproval.actor", "decider_id", _person),
        parent=("issue_id", "project_id"), worker="person_id",
    ),
    _kind(
        "team", "teams",
        ("name", "name"), ("summary", "summary"), ("leadAccountId", "lead_id", _person), ("programId", "program_id"),
        ("public", "is_public", _flag), ("administrative", "administrative", _flag),
    ),
    _kind(
        "teammembership", "memberships",
        ("teamId", "team_id"), ("accountId", "person_id", _person), ("roleId", "role_id"), ("from", "start_date"),
        ("to", "end_date", _day_after), ("commitmentPercent", "availability"),
        parent=("team_id",),
    ),
    _kind("teamlink", "links", ("teamId", "team_id"), ("scopeId", "scope"), ("scopeType", "scope_type", _upper),
          parent=("team_id",)),
    _kind("role", "roles", ("name", "name"), ("default", "is_default", _flag)),
    _kind("program", "programs", ("name", "name"), ("managerAccountId", "manager_id", _person)),
    _kind("permissiongroup", "permission_roles", ("name", "name"), ("accessType", "access_type"),
          actions=_changes("permission_roles", "not built in")),
    _kind(
        "account", "accounts",
        ("key", "key"), ("name", "name"), ("status", "status"), ("leadAccountId", "lead_id", _person),
        ("contactAccountId", "contact_id", _person), ("externalContactName", "external_contact"),
        ("categoryId", "category_id"), ("customerId", "customer_id"), ("global", "is_global", _flag),
        ("monthlyBudget", "monthly_budget"),
    ),
    _kind("accountcategory", "account_categories", ("key", "key"), ("name", "name"), ("typeName", "type")),
    _kind(
        "accountlink", "account_links",
        ("accountId", "account_id"), ("scopeId", "project_id"), ("scopeType", "project_id", _always("PROJECT")),
        ("default", "is_default", _flag),
        parent=("account_id",),
    ),
    _kind("customer", "customers", ("key", "key"), ("name", "name")),
    _kind("holidayscheme", "holiday_schemes", ("name", "name"), ("description", "description"),
          ("defaultScheme", "is_default", _flag)),
    _kind(
        "holiday", "holidays",
        ("schemeId", "scheme_id"), ("type", "type"), ("date", "date"), ("name", "name"), ("description", "description"),
        ("durationSeconds", "duration"),
        parent=("scheme_id",),
    ),
    _kind("holidaymembership", "holiday_scheme_members", ("schemeId", "scheme_id"), ("accountId", "person_id", _person),
          parent=("scheme_id",), id="person_id"),
    _kind("workload", "workload_schemes", ("name", "name"), ("description", "description"),
          ("defaultScheme", "is_default", _flag), ("days", "week", _week)),
    _kind("workloadmembership", "workload_scheme_members", ("schemeId", "scheme_id"), ("accountId", "person_id", _person),
          parent=("scheme_id",), id="person_id"),
    _kind("workattribute", "work_attributes", ("key", "key"), ("name", "name"), ("type", "type"),
          ("required", "required", _flag), ("values", "labels"), id="key"),
    _kind("internalissue", "issues", ("issueKey", "key"), ("summary", "summary"), parent=("project_id",),
          actions=_INTERNAL_ACTIONS),
    _kind("internalissue", "internal_issue_teams", ("teamId", "team_id"), id="issue_id", actions=_INTERNAL_TEAM_ACTIONS),
)  # fmt: skip

OWNED = MappingProxyType(
    {
        "worklog_attributes": Owned("worklogs", "worklog_id", None, "value", _text),
        "plan_removed_days": Owned("plans", "plan_id", "removedDays", "day", _text),
        "permission_role_keys": Owned("permission_roles", "permission_role_id", "permissionKeys", "key", _text),
        "permission_role_holders": Owned("permission_roles", "permission_role_id", "permittedAccountIds", "person_id", _person),
        "permission_role_teams": Owned("permission_roles", "permission_role_id", "accessEntityIds", "team_id", _text),
    }
)
BY_NOUN = MappingProxyType({kind.noun: kind for kind in KINDS})
ACTION_OF = MappingProxyType({source: action for kind in KINDS for source, action in kind.actions})


def sources(entity_types: frozenset[str] | None, actions: frozenset[str] | None) -> Iterator[Source]:
    """The kinds of changes that are told of these entities as these actions; None is all of them."""
    for kind in KINDS:
        if entity_types is None or kind.entity_type in entity_types:
            yield from (source for source, action in kind.actions if actions is None or action in actions)


def values(kind: Kind, text: str | None, person: Person, more: Row) -> dict[str, str]:
    """The fields of a row, which stands in ``text`` as JSON; ``more`` are columns that it has elsewhere."""
    if text is None:
        return {}
    row = {**json.loads(text), **more}
    found: dict[str, str] = {}
    for field in kind.fields:
        value = row.get(field.column)
        if value is not None and value != "" and field.name not in found:
            found[field.name] = field.convert(value, person)
    return found
