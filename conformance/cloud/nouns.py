"""What all nouns have in common: how one is made, changed, addressed and told. One row a noun."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from conformance.client import Caller
from conformance.cloud import beans
from conformance.cloud.bench import (
    ACCOUNT,
    ATTRIBUTE,
    CATEGORY,
    CUSTOMER,
    GENERIC_RESOURCE,
    MEMBERSHIP,
    PERMISSION_ROLE,
    PROGRAM,
    ROLE,
    TEAM,
    WORKLOG,
    Bench,
    Kind,
    Timesheet,
    account_of,
)
from conformance.cloud.planner import Planner
from conformance.shapes import Bean

Body = dict[str, Any]


@dataclass(frozen=True)
class Maker:
    """What a row needs to make one: the bench, the administrator, a member, who logs work and who plans."""

    bench: Bench
    admin: Caller
    member: Callable[[], Caller]
    timesheet: Callable[[], Timesheet]
    planner: Callable[[], Planner]


@dataclass(frozen=True)
class Noun:
    """A noun of the API.

    first: the body of a new one, with optional members set. second: a body that replaces it and leaves some of them out.
    dropped: members of `sent` that `second` leaves out. sent: an item told as the body that would make it.
    read_by: the member that names one in GET. missing: a needed member of the body.
    loose: members that may differ between the answer to a write and a read.
    """

    kind: Kind
    bean: Bean
    first: Callable[[Maker], Body]
    second: Callable[[Maker, Body], Body]
    sent: Callable[[Body], Body]
    dropped: tuple[str, ...]
    missing: str = "name"
    read_by: str = ""
    unknown: object = 2147483000
    loose: tuple[str, ...] = ()

    def place(self, item: Body) -> str:
        """The path at which one is read."""
        return self.kind.place(item.get(self.read_by or self.kind.key))

    def firm(self, item: Body) -> Body:
        """The members that are the same in every answer."""
        return {name: value for name, value in item.items() if name not in self.loose}


def _told(item: Body, *names: str) -> Body:
    return {name: item[name] for name in names if name in item}


def _inner(item: Body, name: str, member: str) -> Any:
    found = item.get(name)
    return found.get(member) if isinstance(found, dict) else None


def _filled(body: Body) -> Body:
    return {name: value for name, value in body.items() if value is not None}


def _new_membership(maker: Maker) -> Body:
    return {
        "teamId": maker.bench.team()["id"],
        "accountId": account_of(maker.member()),
        "commitmentPercent": 40,
        "from": "2013-01-04",
        "to": "2013-06-01",
    }


def _new_worklog(maker: Maker) -> Body:
    sheet = maker.timesheet()
    return sheet.body(maker.admin, sheet.days(1)[0], timeSpentSeconds=600, billableSeconds=300)


def _changed_worklog(maker: Maker, first: Body) -> Body:
    return {
        "authorAccountId": first["authorAccountId"],
        "startDate": first["startDate"],
        "startTime": "10:20:30",
        "timeSpentSeconds": 1200,
        "billableSeconds": 120,
        "description": maker.bench.name(),
        **maker.timesheet().required,
    }


def _new_account(maker: Maker) -> Body:
    return {
        "key": maker.bench.key(),
        "name": maker.bench.name(),
        "status": "OPEN",
        "leadAccountId": account_of(maker.admin),
        "monthlyBudget": 20,
        "global": False,
        "externalContactName": "Made by tempo-conformance",
        "categoryKey": maker.bench.category()["key"],
        "customerKey": maker.bench.customer()["key"],
    }


NOUNS: Mapping[str, Noun] = {
    "team": Noun(
        TEAM,
        beans.TEAM,
        lambda maker: {
            "name": maker.bench.name(),
            "summary": "made by tempo-conformance",
            "leadAccountId": account_of(maker.admin),
            "public": False,
        },
        lambda maker, first: {"name": maker.bench.name()},
        lambda item: _filled({**_told(item, "name", "summary", "public"), "leadAccountId": _inner(item, "lead", "accountId")}),
        ("summary", "leadAccountId"),
    ),
    "membership": Noun(
        MEMBERSHIP,
        beans.MEMBERSHIP,
        _new_membership,
        lambda maker, first: {"commitmentPercent": 75},
        lambda item: _filled(
            {
                **_told(item, "commitmentPercent", "from", "to"),
                "teamId": _inner(item, "team", "id"),
                "accountId": _inner(item, "member", "accountId"),
            }
        ),
        ("from", "to"),
        missing="accountId",
    ),
    "role": Noun(
        ROLE,
        beans.ROLE,
        lambda maker: {"name": maker.bench.name()},
        lambda maker, first: {"name": maker.bench.name()},
        lambda item: _told(item, "name"),
        (),
    ),
    "permission-role": Noun(
        PERMISSION_ROLE,
        beans.PERMISSION_ROLE,
        lambda maker: {
            "name": maker.bench.name(),
            "accessType": "TEAM",
            "accessEntityIds": [maker.bench.team()["id"]],
            "permissionKeys": ["permissions.worklog.view"],
            "permittedAccountIds": [account_of(maker.admin)],
        },
        lambda maker, first: {
            "name": maker.bench.name(),
            "accessType": "TEAM",
            "accessEntityIds": [maker.bench.team()["id"]],
        },
        lambda item: {
            **_told(item, "name", "accessType"),
            **{
                name: [entry.get(member) for entry in item.get(listed) or [] if isinstance(entry, dict)]
                for name, listed, member in (
                    ("accessEntityIds", "accessEntities", "id"),
                    ("permissionKeys", "permissions", "key"),
                    ("permittedAccountIds", "permittedUsers", "accountId"),
                )
                if item.get(listed)
            },
        },
        ("permissionKeys", "permittedAccountIds"),
    ),
    "account": Noun(
        ACCOUNT,
        beans.ACCOUNT,
        _new_account,
        lambda maker, first: {
            "key": first["key"],
            "name": maker.bench.name(),
            "status": "CLOSED",
            "leadAccountId": first["leadAccountId"],
        },
        lambda item: _filled(
            {
                **_told(item, "key", "name", "status", "monthlyBudget", "global"),
                "leadAccountId": _inner(item, "lead", "accountId"),
                "externalContactName": _inner(item, "contact", "displayName"),
                "categoryKey": _inner(item, "category", "key"),
                "customerKey": _inner(item, "customer", "key"),
            }
        ),
        ("monthlyBudget", "externalContactName", "categoryKey", "customerKey"),
        read_by="id",
    ),
    "category": Noun(
        CATEGORY,
        beans.CATEGORY,
        lambda maker: {"key": maker.bench.key(), "name": maker.bench.name(), "typeName": "BILLABLE"},
        lambda maker, first: {"key": first["key"], "name": maker.bench.name()},
        lambda item: _filled({**_told(item, "key", "name"), "typeName": _inner(item, "type", "name")}),
        ("typeName",),
        unknown="conformance-no-such-category",
    ),
    "customer": Noun(
        CUSTOMER,
        beans.CUSTOMER,
        lambda maker: {"key": maker.bench.key(), "name": maker.bench.name()},
        lambda maker, first: {"key": first["key"], "name": maker.bench.name()},
        lambda item: _told(item, "key", "name"),
        (),
        read_by="id",
    ),
    "program": Noun(
        PROGRAM,
        beans.PROGRAM,
        lambda maker: {"name": maker.bench.name(), "managerAccountId": account_of(maker.admin)},
        lambda maker, first: {"name": maker.bench.name()},
        lambda item: _filled({**_told(item, "name"), "managerAccountId": _inner(item, "manager", "accountId")}),
        ("managerAccountId",),
    ),
    "generic-resource": Noun(
        GENERIC_RESOURCE,
        beans.GENERIC_RESOURCE,
        lambda maker: {"name": maker.bench.name()},
        lambda maker, first: {"name": maker.bench.name()},
        lambda item: _told(item, "name"),
        (),
    ),
    "work-attribute": Noun(
        ATTRIBUTE,
        beans.WORK_ATTRIBUTE,
        lambda maker: {"key": f"_{maker.bench.key()}_", "name": maker.bench.name(), "type": "INPUT_FIELD"},
        lambda maker, first: {"name": maker.bench.name(), "type": "INPUT_FIELD"},
        lambda item: _told(item, "key", "name", "type", "required"),
        (),
        unknown="_conformance-no-such-attribute_",
    ),
    "worklog": Noun(
        WORKLOG,
        beans.WORKLOG,
        _new_worklog,
        _changed_worklog,
        lambda item: _filled(
            {
                **_told(item, "startDate", "startTime", "timeSpentSeconds", "billableSeconds", "description"),
                "authorAccountId": _inner(item, "author", "accountId"),
                "issueId": _inner(item, "issue", "id"),
            }
        ),
        (),
        missing="timeSpentSeconds",
    ),
}
NOT_TOLD = frozenset({"remainingEstimateSeconds"})
"""Members of bodies that no answer tells."""
