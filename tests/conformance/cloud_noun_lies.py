"""Servers of Tempo Cloud that lie about one noun, and the requirements whose checks must catch them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lying import Lie, Server, asking, deaf, each, elsewhere, saying, status, whole
from untruths import LISTS, ONE_WORKLOG, a, drop, put, put_in, rows

from conformance.calls import Answer, Call

TEAM = r"4/teams/\d+"
PROGRAM = r"4/programs/\d+"
LINK = r"4/team-links/\d+"
RESOURCE = r"4/generic-resources/\d+"
VALUES = r"4/worklogs/\d+/work-attribute-values"


def _body_bare(content: Any) -> None:
    content["results"] = [*content["results"], {"tempoWorklogId": 1}]


def _no_words(call: Call, server: Server) -> Answer:
    answer = server.send(call)
    return replace(answer, text=answer.text.replace("Issue id cannot be null", "Something is wrong"))


def _archived_too(call: Call, server: Server) -> Answer:
    if call.method == "GET" and call.url.partition("?")[0].endswith("/4/accounts"):
        body = '{"statuses": ["OPEN", "CLOSED", "ARCHIVED"]}'
        return replace(
            server.send(replace(call, method="POST", url=call.url.replace("/4/accounts", "/4/accounts/search"), body=body)),
            call=call,
        )
    return server.send(call)


def _wrapped(content: Any) -> Any:
    return {"results": content} if isinstance(content, list) else content


def _issue_forgotten(path: str, query: list[tuple[str, str]], body: Any) -> Any:
    left = {key: value for key, value in body.items() if key != "issueIds"} if isinstance(body, dict) else body
    if "/worklogs/issue/" in path and not path.endswith("/bulk"):
        path = path.partition("/issue/")[0]
    return path, [(key, value) for key, value in query if key != "issueId"], left


def _inclusive(item: Any) -> None:
    if "to" in item:
        item["inclusiveTo"] = item["to"]


def _ended(item: Any) -> None:
    item.setdefault("to", "2099-01-01")


def _doubled(found: list[Any]) -> list[Any]:
    return found + found


def _all_default(item: Any) -> None:
    item["default"] = True


def _first_member(content: Any) -> None:
    content.update(members=content["members"][:1], count=1)


def _no_lead_role(found: list[Any]) -> list[Any]:
    return found[:1]


def _ids_off(call: Call, server: Server) -> Answer:
    answer = server.send(call)
    if "jira-to-tempo" in call.url and answer.ok:
        content = answer.json()
        for row in content["results"]:
            row["tempoWorklogId"] += 1
        return saying(answer, content)
    return answer


NOUN_LIES: dict[str, tuple[Lie, tuple[str, ...]]] = {
    "a-worklog-without-members": (whole(_body_bare, LISTS, "GET"), a("worklogs", "list.shape", "existing.shape")),
    "lists-without-description": (each(drop("description"), LISTS), a("worklogs", "list.as-read")),
    "issues-ignored": (asking(_issue_forgotten), a("worklogs", "by-issue.only-its-own", "search.issues")),
    "people-have-no-work": (whole(rows(lambda _: []), "4/worklogs/user/.*"), a("worklogs", "by-user.only-own")),
    "projects-have-no-work": (whole(rows(lambda _: []), "4/worklogs(/project/.*)?"), a("worklogs", "by-project.holds")),
    "accounts-are-unknown": (status(200, 404, "4/worklogs/account/.*"), a("worklogs", "by-account.holds")),
    "authors-ignored": (deaf("authorIds"), a("worklogs", "search.authors")),
    "another-issue": (whole(put_in("issue", "id", 1), ONE_WORKLOG), a("worklogs", "create.own-values", "update.keeps-issue")),
    "another-author": (whole(put_in("author", "accountId", "x"), ONE_WORKLOG, "GET"), a("worklogs", "create.own-values")),
    "other-words": (_no_words, a("worklogs", "create.message")),
    "created-anew": (whole(put("createdAt", "1999-01-01T00:00:00Z"), ONE_WORKLOG, "PUT"), a("worklogs", "update.keeps-issue")),
    "bulk-is-wrapped": (whole(_wrapped, "4/worklogs/issue/.*", "POST"), a("worklogs", "bulk.answers-array")),
    "ids-lead-astray": (_ids_off, a("worklogs", "ids.there-and-back")),
    "unknown-ids-refused": (
        status(200, 404, "4/worklogs/(tempo-to-jira|jira-to-tempo)"),
        a("worklogs", "ids.unknown-left-out"),
    ),
    "values-changed": (whole(put("value", "x"), rf"{VALUES}/.*"), a("worklogs", "values.read")),
    "added-values-are-200": (status(204, 200, "4/worklogs/work-attribute-values"), a("worklogs", "values.added")),
    "search-of-values-empty": (whole(lambda _: [], "4/worklogs/work-attribute-values/search"), a("worklogs", "values.added")),
    "teams-without-public": (each(drop("public"), "4/teams"), a("teams", "list.shape", "list.holds-new")),
    "teams-twice": (whole(rows(_doubled), "4/teams"), a("teams", "list.holds-new")),
    "names-ignored": (deaf("name"), a("teams", "list.by-name")),
    "members-ignored": (deaf("teamMembers"), a("teams", "list.by-members")),
    "memberships-left-out": (deaf("includeMemberships"), a("teams", "list.memberships")),
    "teams-are-private": (whole(put("public", False), TEAM, "GET"), a("teams", "create.defaults")),
    "teams-have-no-members": (whole(rows(lambda _: []), rf"{TEAM}/members"), a("teams", "members.today")),
    "teams-have-links": (whole(rows(lambda _: [{"id": 1}]), rf"{TEAM}/links"), a("teams", "links.page")),
    "resources-without-count": (whole(drop("count"), rf"{TEAM}/generic-resources"), a("teams", "resources.shape")),
    "another-maker": (whole(put_in("createdBy", "accountId", "x"), RESOURCE, "GET"), a("generic_resources", "create.maker")),
    "another-change": (
        whole(put_in("updatedBy", "accountId", "x"), RESOURCE, "GET"),
        a("generic_resources", "create.maker", "search.ids"),
    ),
    "resources-made-anew": (
        whole(put("createdAt", "1999-01-01T00:00:00Z"), RESOURCE, "PUT"),
        a("generic_resources", "update.keeps-creation"),
    ),
    "resources-without-names": (
        each(drop("name"), "4/generic-resources/search"),
        a("generic_resources", "search.shape", "search.ids"),
    ),
    "ids-of-resources-ignored": (deaf("ids"), a("generic_resources", "search.ids")),
    "resources-from-the-start": (deaf("offset"), a("generic_resources", "search.pages")),
    "another-resource-added": (
        whole(put_in("member", "name", "x"), rf"{TEAM}/generic-resources", "POST"),
        a("generic_resources", "team.add-answers"),
    ),
    "added-by-nobody": (
        whole(drop("assignedToTeamBy"), rf"{TEAM}/generic-resources/\d+"),
        a("generic_resources", "team.read-as-added"),
    ),
    "one-resource-a-team": (
        whole(_first_member, rf"{TEAM}/generic-resources", "GET"),
        a("generic_resources", "team.listed"),
    ),
    "removed-resources-are-deleted": (status(200, 404, RESOURCE, "GET"), a("generic_resources", "team.removed")),
    "another-project-linked": (whole(put_in("scope", "id", 1), "4/team-links", "POST"), a("team_links", "create.told")),
    "boards-linked": (whole(put_in("scope", "type", "BOARD"), "4/team-links", "POST"), a("team_links", "create.told")),
    "links-of-any-kind": (
        whole(put_in("scope", "type", "ISSUE"), "4/team-links(/project/.*)?"),
        a("team_links", "create.answers", "list.of-the-project"),
    ),
    "links-without-team": (whole(drop("team"), LINK, "GET"), a("team_links", "read.as-created")),
    "links-astray": (whole(put("self", "/4/team-links"), "4/team-links", "POST"), a("team_links", "create.answers")),
    "teams-have-no-links": (whole(rows(lambda _: []), rf"{TEAM}/links"), a("team_links", "list.of-the-team")),
    "projects-have-no-teams": (
        whole(rows(lambda _: []), r"4/team-links/project/\d+"),
        a("team_links", "list.of-the-project"),
    ),
    "links-twice": (whole(rows(_doubled), r"4/team-links/project/\d+"), a("team_links", "list.of-the-project")),
    "programs-without-teams": (each(drop("teams"), "4/programs"), a("programs", "list.shape", "list.holds-new")),
    "programs-twice": (whole(rows(_doubled), "4/programs"), a("programs", "list.holds-new")),
    "programs-are-empty": (
        whole(rows(lambda _: []), rf"{PROGRAM}/teams"),
        a("programs", "teams.given", "teams.joined", "teams.replaced"),
    ),
    "teams-know-no-program": (whole(drop("program"), TEAM, "GET"), a("programs", "teams.told-by-the-team")),
    "programs-refused-with-403": (status((200, 400), 403, rf"{PROGRAM}/teams"), a("programs", "teams.refused-with-400")),
    "inclusive-is-exclusive": (whole(_inclusive, r"4/team-memberships/\d+"), a("memberships", "to.exclusive")),
    "all-memberships-end": (whole(_ended, r"4/team-memberships/\d+"), a("memberships", "open.no-dates")),
    "another-role": (whole(put_in("role", "id", 99999), r"4/team-memberships/\d+"), a("memberships", "role.given")),
    "past-members-forgotten": (
        whole(rows(lambda found: found[1:]), r"4/team-memberships/team/\d+"),
        a("memberships", "team.all"),
    ),
    "accounts-of-members-ignored": (deaf("accountIds"), a("memberships", "search.filters")),
    "roles-without-default": (each(drop("default"), "4/roles"), a("roles", "list.shape")),
    "all-roles-are-default": (each(_all_default, "4/roles"), a("roles", "list.holds-new", "default.is-listed")),
    "permission-roles-without-editable": (
        each(drop("editable"), "4/permission-roles(/global)?"),
        a("permission_roles", "list.shape", "list.holds-new", "team.born-with-two"),
    ),
    "permission-roles-twice": (whole(rows(_doubled), "4/permission-roles"), a("permission_roles", "list.holds-new")),
    "all-roles-are-global": (
        elsewhere("/permission-roles/global$", "/permission-roles"),
        a("permission_roles", "global.only-global"),
    ),
    "one-role-a-team": (whole(rows(_no_lead_role), "4/permission-roles"), a("permission_roles", "team.born-with-two")),
    "teams-of-roles-ignored": (deaf("teamId"), a("permission_roles", "team.lists-its-own")),
    "nothing-is-editable": (whole(put("editable", False), r"4/permission-roles/\d+"), a("permission_roles", "create.editable")),
    "accounts-without-links": (each(drop("links"), "4/accounts"), a("accounts", "list.shape")),
    "archived-ones-listed": (_archived_too, a("accounts", "list.not-archived")),
    "statuses-ignored": (deaf("statuses"), a("accounts", "search.statuses")),
    "ids-and-keys-ignored": (
        deaf("ids", "keys"),
        (*a("accounts", "search.ids-and-keys"), *a("customers", "search.ids-and-keys")),
    ),
    "contacts-left-out": (whole(drop("contact"), r"4/accounts/\d+"), a("accounts", "contact.kinds")),
    "categories-left-out": (whole(drop("category"), r"4/accounts/\d+"), a("accounts", "parts.told")),
    "links-unlisted": (whole(rows(lambda _: []), ".*/links|4/account-links/project/.*"), a("account_links", "create.listed")),
    "links-without-default": (whole(drop("default"), r"4/account-links/\d+"), a("account_links", "create.shape")),
    "keys-left-out": (
        each(drop("key"), "4/(account-categories|customers)"),
        (*a("account_categories", "list.shape", "list.by-id"), *a("customers", "list.shape")),
    ),
    "ids-of-categories-ignored": (deaf("id"), a("account_categories", "list.by-id")),
    "three-types": (
        whole(rows(lambda found: found[:3]), "4/account-category-types"),
        a("account_categories", "types.all-four"),
    ),
    "customers-have-all-accounts": (elsewhere(r"/customers/\d+/accounts", "/accounts"), a("customers", "accounts.its-own")),
    "attributes-without-required": (each(drop("required"), "4/work-attributes"), a("work_attributes", "list.shape")),
    "all-attributes-required": (whole(put("required", True), "4/work-attributes/.*"), a("work_attributes", "create.optional")),
    "values-without-names": (whole(put("names", {}), "4/work-attributes/.*"), a("work_attributes", "list.values")),
    "no-week-start": (whole(drop("weekStart"), "4/globalconfiguration"), a("globalconfiguration", "read.shape")),
    "week-starts-on-day-0": (
        whole(put("approvalWeekStart", 0), "4/globalconfiguration"),
        a("globalconfiguration", "read.week-days"),
    ),
}
