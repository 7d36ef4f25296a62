"""Servers of Tempo Cloud that lie in one point, and the requirements whose checks must catch them."""

from __future__ import annotations

from dataclasses import replace

from lying import Lie, asking, deaf, each, hearing, metadata, saying, status, whole
from untruths import (
    ACCEPTED,
    FOUND,
    LISTS,
    NO_ROWS,
    ONE_WORKLOG,
    REFUSED,
    _next_or_null,
    _other_stamps,
    _told_anew,
    a,
    counts_puts,
    day_before,
    drop,
    forgetful_links,
    j,
    keeps_deleted,
    knows_no_roles,
    leaks,
    merges,
    obeys_unknown_parameters,
    one_value_each,
    only_for,
    previous_astray,
    put,
    redirects,
    refuses_and_does,
    relative_links,
    rows,
    smaller_pages,
    takes_anybody,
    takes_no_put,
)

LIES: dict[str, tuple[Lie, tuple[str, ...]]] = {
    "truth": (
        _told_anew,
        (
            *a("windows", "days.inclusive", "updated-from.inclusive", "order.search"),
            *a("paging", "limit.obeyed", "next.leads-on", "pages.disjoint"),
            *a("writes", "update.read-back", "delete.answers-204"),
            *a("plans", "window.seconds", "breakdown.daily-sum", "day.changed", "update.days-read-back"),
            *a("plan_approvals", "decide.answers-200"),
            *a("schemes", "members.one-scheme-each"),
            *a("user_schedule", "holiday.told"),
            *a("periods", "list.no-gaps"),
            *j("issues", "search.pages", "search.post-same"),
        ),
    ),
    "any-token": (
        takes_anybody,
        (
            *a("authentication", "missing.refused", "unknown.refused", "empty.refused", "expired.refused", "basic.refused"),
            *a("authentication", "jira-token.refused", "missing.writes-nothing", "refusal.no-data"),
            *j("authentication", "anonymous.refused", "wrong.refused", "bearer.refused", "tempo-token.refused"),
        ),
    ),
    "login-page": (redirects, a("authentication", "refusal.no-redirect")),
    "no-token-is-good": (status(200, 401, methods="GET"), a("authentication", "token.accepted")),
    "no-scope-is-401": (
        status(403, 401),
        a(
            "scopes",
            *("worklogs-view.refused-elsewhere", "worklogs-view.no-search-elsewhere", "worklogs-view.no-writes-elsewhere"),
            *("worklogs-view.logs-nothing", "worklogs-view.no-attributes", "worklogs-view.changes-nothing"),
            *("none.refused", "none.no-single", "search.none-refused"),
        ),
    ),
    "a-viewer-views-nothing": (only_for("viewer", status(200, 404)), a("scopes", "worklogs-view.reads", "search.as-published")),
    "searches-by-two-rules": (status(200, 403, r"4/worklogs/search"), a("scopes", "search.one-rule")),
    "own-work-hidden": (status(200, 404, ONE_WORKLOG), a("reach", "own.single")),
    "empty-lists": (whole(rows(lambda _: []), LISTS), a("reach", "own.listed")),
    "a-leak": (
        leaks,
        a(
            "reach",
            *("others.omitted", "others.omitted-from-search", "others.single-404", "others.user-list", "role.removal-takes"),
            *("role.needs-permission", "role.team-only-members", "role.other-team", "role.membership-dates"),
            "team-list.membership-dates",
        ),
    ),
    "hidden-is-403": (status(404, 403), a("reach", "others.single-404", "others.values-404")),
    "hidden-is-deleted": (
        status(404, 204, methods="DELETE"),
        (*a("reach", "others.not-deleted"), *a("writes", "delete.unknown-404")),
    ),
    "logs-for-anybody": (
        status(REFUSED, 200, "4/worklogs", "POST"),
        (
            *a("reach", "others.not-logged-for"),
            *a("windows", "format.body-refused", "start-time.seconds-needed"),
            *a("worklogs", "create.refused"),
        ),
    ),
    "roles-give-nothing": (knows_no_roles, a("reach", "role.global-gives", "role.team-gives", "role.membership-dates")),
    "no-limit-told": (
        metadata(drop("limit")),
        (*a("paging", "metadata.shape"), *a("teams", "links.page"), *a("generic_resources", "search.shape")),
    ),
    "no-self": (
        whole(drop("self")),
        (*a("paging", "self.address"), *a("writes", "create.answers-shape", "self.leads-to-itself")),
    ),
    "pages-of-25": (asking(smaller_pages), a("paging", "limit.default-50")),
    "1000-at-most": (hearing("limit", lambda text: str(min(int(text), 1000))), a("paging", "limit.maximum")),
    "limit-ignored": (deaf("limit"), (*a("paging", "limit.obeyed"), *a("generic_resources", "search.pages"))),
    "count-is-the-total": (metadata(put("count", 999)), a("paging", "count.of-the-page", "plain.no-pages")),
    "pages-overlap": (
        hearing("offset", lambda text: str(max(0, int(text) - 1))),
        a("paging", "offset.obeyed", "pages.whole", "pages.disjoint"),
    ),
    "previous-leads-astray": (metadata(previous_astray), a("paging", "previous.leads-back")),
    "next-is-null": (metadata(_next_or_null), a("paging", "next.absent-at-the-end", "previous.absent-at-the-start")),
    "next-is-relative": (metadata(relative_links), a("paging", "next.absolute", "next.leads-on")),
    "next-forgets-filters": (metadata(forgetful_links), a("paging", "next.leads-on")),
    "to-is-exclusive": (
        hearing("to", day_before),
        a("windows", "days.inclusive", "search.inclusive", "days.open", "split.sum"),
    ),
    "updated-from-ignored": (deaf("updatedFrom"), a("windows", "updated-from.later", "updated-from.search")),
    "updated-from-is-later": (hearing("updatedFrom", lambda _: "2099-01-01"), a("windows", "updated-from.inclusive")),
    "another-order": (
        whole(rows(lambda found: found[::-1]), LISTS),
        a("windows", "order.default", "order.descending", "order.search"),
    ),
    "bad-days-pass": (
        status(400, 200, "4/worklogs", "GET", NO_ROWS),
        (*a("windows", "format.refused"), *a("errors", "bad-query.shape")),
    ),
    "stamps-without-z": (_other_stamps, a("windows", "stamps.utc")),
    "unknown-is-found": (
        FOUND,
        (
            *a("errors", "unknown.404", "path.unknown", "not-found.shape"),
            *a("writes", "update.unknown-404", "delete.unknown-404", "delete.gone"),
            *a("worklogs", "values.key-404"),
            *a("reach", "project.unbrowsable"),
            *a("teams", "delete.members-too"),
            *a("account_links", "default.unknown-404"),
            *a("team_links", "delete.gone", "delete.unknown-404"),
            *a("generic_resources", "team.unknown-404", "team.removed"),
            *a("programs", "delete.used"),
        ),
    ),
    "errors-is-an-object": (
        lambda call, server: (
            saying(answer, {"errors": {"message": "no"}}) if (answer := server.send(call)).status in (400, 404) else answer
        ),
        a("errors", "not-found.shape", "bad-request.shape", "bad-query.shape"),
    ),
    "junk-breaks-it": (status(400, 500), a("errors", "junk.refused", "bad-request.shape")),
    "refuses-and-does": (refuses_and_does, a("errors", "refused.changes-nothing")),
    "version-3-lives": (status(410, 200), (*a("errors", "retired.gone"), *j("issues", "old-search.gone"))),
    "unknown-parameters-filter": (obeys_unknown_parameters, a("errors", "parameter.ignored")),
    "last-value-wins": (asking(one_value_each), a("errors", "parameter.repeated", "parameter.repeated-issue")),
    "null-members": (each(put("program", None)), a("errors", "member.never-null")),
    "201": (
        status(200, 201, methods="POST"),
        (
            *a("writes", "create.answers-200"),
            *a("worklogs", "bulk.answers-array"),
            *a("team_links", "create.answers"),
            *a("generic_resources", "team.add-answers"),
        ),
    ),
    "another-name": (
        whole(lambda item: item.update(name="another") if "id" in item else None, r"4/[\w-]+", "POST"),
        a("writes", "create.answers-what-was-sent", "read.as-created"),
    ),
    "everything-is-created": (
        ACCEPTED,
        (
            *a("writes", "create.needed-members"),
            *a("memberships", "commitment.range", "unknown.refused"),
            *a("roles", "name.unique"),
            *a("permission_roles", "create.refused"),
            *a("accounts", "key.unique", "create.refused"),
            *a("account_links", "create.refused"),
            *a("team_links", "create.refused"),
            *a("programs", "create.name-filled"),
            *a("generic_resources", "create.name-filled", "team.add-needs-id", "team.unknown-404"),
            *a("account_categories", "type.known"),
            *a("work_attributes", "create.refused"),
            *a("worklogs", "bulk.size", "values.not-twice", "values.search-size"),
        ),
    ),
    "put-is-204": (status(200, 204, methods="PUT", text=""), a("writes", "update.answers-200")),
    "put-is-ignored": (takes_no_put, (*a("writes", "update.read-back", "update.replaces"), *a("programs", "teams.replaced"))),
    "put-merges": (merges, (*a("writes", "update.replaces"), *a("worklogs", "values.replaced"))),
    "put-adds": (counts_puts, a("writes", "update.twice")),
    "delete-is-200": (
        status(204, 200, methods="DELETE"),
        (
            *a("writes", "delete.answers-204"),
            *a("account_links", "delete.gone"),
            *a("team_links", "delete.answers-204"),
            *a("generic_resources", "team.remove-answers"),
        ),
    ),
    "delete-deletes-nothing": (
        keeps_deleted,
        (
            *a("writes", "delete.gone"),
            *a("account_links", "delete.gone"),
            *a("team_links", "delete.gone"),
            *a("generic_resources", "team.removed"),
            *a("programs", "delete.used"),
        ),
    ),
    "json-alone": (
        lambda call, server: (
            replace(server.send(call), status=415) if call.headers.get("Content-Type") == "text/plain" else server.send(call)
        ),
        a("writes", "content-type.tolerated"),
    ),
}
