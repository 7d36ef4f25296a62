"""What of this world the audit feed of Tempo Cloud tells: which tables, under which names, with which fields.

The names of entities are the vendor's (OpenAPI of v4); those of fields are the ones that bodies of the same entity have.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from mock_server.domain.papertrail_fields import (
    CREATED,
    DELETED,
    SYNCED,
    UPDATED,
    Kind,
    Owned,
    Person,
    always,
    as_day_after,
    as_flag,
    as_person,
    as_text,
    as_upper,
    as_week,
    changes,
    fields_of,
)
from mock_server.storage.papertrail import Source

ENTITY_TYPES = (
    "account", "accountcategory", "accountlink", "allocation", "bulkeditworklog", "customer", "customfieldconfiguration",
    "globalconfiguration", "holiday", "holidaymembership", "holidayscheme", "internalissue", "issuetypecategory",
    "jiraissueviewconfiguration", "oauthapp", "period", "periodconfiguration", "permissiongroup", "program", "project",
    "role", "skill", "skillassignment", "team", "teamlink", "teammembership", "tenantpreference", "workattribute",
    "workload", "workloadmembership", "worklog",
)  # fmt: skip
SETTINGS_NOUN = "settings"
"""Settings of the world that the audit log tells of; they stand in no table."""

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
    Kind(
        "worklog",
        "worklogs",
        fields_of(
            ("issueId", "issue_id"),
            ("authorAccountId", "author_id", as_person),
            ("startDate", "start_date"),
            ("startTime", "start_time"),
            ("timeSpentSeconds", "time_spent"),
            ("billableSeconds", "billable"),
            ("description", "description"),
        ),
        parent=("issue_id",),
        worker="author_id",
        actions=_WORKLOG_ACTIONS,
    ),
    Kind(
        "allocation",
        "plans",
        fields_of(
            ("assigneeId", "person_id", as_person),
            ("assigneeId", "generic_resource_id"),
            ("assigneeType", "person_id", always("USER")),
            ("assigneeType", "generic_resource_id", always("GENERIC")),
            ("planItemId", "issue_id"),
            ("planItemId", "project_id"),
            ("planItemType", "issue_id", always("ISSUE")),
            ("planItemType", "project_id", always("PROJECT")),
            ("startDate", "start_date"),
            ("endDate", "end_date"),
            ("startTime", "start_time"),
            ("effortPersistenceType", "per_day", always("SECONDS_PER_DAY")),
            ("effortPersistenceType", "total", always("TOTAL_SECONDS")),
            ("plannedSecondsPerDay", "per_day"),
            ("plannedSeconds", "total"),
            ("rule", "rule"),
            ("recurrenceEndDate", "until"),
            ("includeNonWorkingDays", "on_non_working_days", as_flag),
            ("description", "description"),
            ("planApproval.status", "status"),
            ("planApproval.requester", "requester_id", as_person),
            ("planApproval.reviewer", "reviewer_id", as_person),
            ("planApproval.actor", "decider_id", as_person),
        ),
        parent=("issue_id", "project_id"),
        worker="person_id",
    ),
    Kind(
        "team",
        "teams",
        fields_of(
            ("name", "name"),
            ("summary", "summary"),
            ("leadAccountId", "lead_id", as_person),
            ("programId", "program_id"),
            ("public", "is_public", as_flag),
            ("administrative", "administrative", as_flag),
        ),
    ),
    Kind(
        "teammembership",
        "memberships",
        fields_of(
            ("teamId", "team_id"),
            ("accountId", "person_id", as_person),
            ("roleId", "role_id"),
            ("from", "start_date"),
            ("to", "end_date", as_day_after),
            ("commitmentPercent", "availability"),
        ),
        parent=("team_id",),
    ),
    Kind(
        "teamlink",
        "links",
        fields_of(("teamId", "team_id"), ("scopeId", "scope"), ("scopeType", "scope_type", as_upper)),
        parent=("team_id",),
    ),
    Kind("role", "roles", fields_of(("name", "name"), ("default", "is_default", as_flag))),
    Kind("program", "programs", fields_of(("name", "name"), ("managerAccountId", "manager_id", as_person))),
    Kind(
        "permissiongroup",
        "permission_roles",
        fields_of(("name", "name"), ("accessType", "access_type")),
        actions=changes("permission_roles", "not built in"),
    ),
    Kind(
        "account",
        "accounts",
        fields_of(
            ("key", "key"),
            ("name", "name"),
            ("status", "status"),
            ("leadAccountId", "lead_id", as_person),
            ("contactAccountId", "contact_id", as_person),
            ("externalContactName", "external_contact"),
            ("categoryId", "category_id"),
            ("customerId", "customer_id"),
            ("global", "is_global", as_flag),
            ("monthlyBudget", "monthly_budget"),
        ),
    ),
    Kind("accountcategory", "account_categories", fields_of(("key", "key"), ("name", "name"), ("typeName", "type"))),
    Kind(
        "accountlink",
        "account_links",
        fields_of(
            ("accountId", "account_id"),
            ("scopeId", "project_id"),
            ("scopeType", "project_id", always("PROJECT")),
            ("default", "is_default", as_flag),
        ),
        parent=("account_id",),
    ),
    Kind("oauthapp", "oauth_applications", fields_of(("name", "name"), ("redirectUris", "redirect_uris"))),
    Kind("customer", "customers", fields_of(("key", "key"), ("name", "name"))),
    Kind(
        "holidayscheme",
        "holiday_schemes",
        fields_of(("name", "name"), ("description", "description"), ("defaultScheme", "is_default", as_flag)),
    ),
    Kind(
        "holiday",
        "holidays",
        fields_of(
            ("schemeId", "scheme_id"),
            ("type", "type"),
            ("date", "date"),
            ("name", "name"),
            ("description", "description"),
            ("durationSeconds", "duration"),
        ),
        parent=("scheme_id",),
    ),
    Kind(
        "holidaymembership",
        "holiday_scheme_members",
        fields_of(("schemeId", "scheme_id"), ("accountId", "person_id", as_person)),
        parent=("scheme_id",),
        id="person_id",
    ),
    Kind(
        "workload",
        "workload_schemes",
        fields_of(
            ("name", "name"),
            ("description", "description"),
            ("defaultScheme", "is_default", as_flag),
            ("days", "week", as_week),
        ),
    ),
    Kind(
        "workloadmembership",
        "workload_scheme_members",
        fields_of(("schemeId", "scheme_id"), ("accountId", "person_id", as_person)),
        parent=("scheme_id",),
        id="person_id",
    ),
    Kind(
        "workattribute",
        "work_attributes",
        fields_of(("key", "key"), ("name", "name"), ("type", "type"), ("required", "required", as_flag), ("values", "labels")),
        id="key",
    ),
    Kind(
        "internalissue",
        "issues",
        fields_of(("issueKey", "key"), ("summary", "summary")),
        parent=("project_id",),
        actions=_INTERNAL_ACTIONS,
    ),
    Kind(
        "internalissue", "internal_issue_teams", fields_of(("teamId", "team_id")), id="issue_id", actions=_INTERNAL_TEAM_ACTIONS
    ),
    Kind(
        "globalconfiguration",
        SETTINGS_NOUN,
        fields_of(
            ("planApprovalEnabled", "planApprovalEnabled", as_flag),
            ("startAndEndTimesForPlanningEnabled", "startAndEndTimesForPlanningEnabled", as_flag),
            ("deletePlansWithIssues", "deletePlansWithIssues", as_flag),
        ),
        actions=((Source(SETTINGS_NOUN, "update"), UPDATED),),
    ),
)

NOT_IN_THE_FEED = (
    Kind(
        "apitoken",
        "api_tokens",
        fields_of(
            ("name", "name"),
            ("ownerAccountId", "person_id", as_person),
            ("access", "access"),
            ("scopes", "scopes"),
            ("createdAt", "created_at"),
            ("expiresAt", "expires_at"),
        ),
    ),
)
"""What the settings page of the audit log tells beside, and the vendor names no entity for."""

OWNED = MappingProxyType(
    {
        "worklog_attributes": Owned("worklogs", "worklog_id", None, "value", as_text),
        "plan_removed_days": Owned("plans", "plan_id", "removedDays", "day", as_text),
        "permission_role_keys": Owned("permission_roles", "permission_role_id", "permissionKeys", "key", as_text),
        "permission_role_holders": Owned(
            "permission_roles", "permission_role_id", "permittedAccountIds", "person_id", as_person
        ),
        "permission_role_teams": Owned("permission_roles", "permission_role_id", "accessEntityIds", "team_id", as_text),
    }
)
BY_NOUN = MappingProxyType({kind.noun: kind for kind in (*KINDS, *NOT_IN_THE_FEED)})
ACTION_OF = MappingProxyType({source: action for kind in BY_NOUN.values() for source, action in kind.told})


def sources(
    entity_types: frozenset[str] | None, actions: frozenset[str] | None, kinds: Iterable[Kind] = KINDS
) -> Iterator[Source]:
    """The kinds of changes that are told of these entities as these actions; None is all of them."""
    for kind in kinds:
        if entity_types is None or kind.entity_type in entity_types:
            yield from (source for source, action in kind.told if actions is None or action in actions)


def values(kind: Kind, text: str | None, person: Person, more: Mapping[str, Any]) -> dict[str, str]:
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
