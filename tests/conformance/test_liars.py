"""The suite catches liars: in front of an honest server each changes one thing, and exactly the checks of it fail."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import requests

MEMBERS = r"/jira/rest/tempo-teams/2/team/\d+/member"
MEMBER = rf"{MEMBERS}/\d+"
FRED = "Basic ZnJlZDpmcmVk"
TEAMS_1 = "/jira/rest/tempo-teams/1/team"
TEAMS_2 = "/jira/rest/tempo-teams/2/team"
SESSION = "/jira/rest/auth/1/session"
LINKS = r"/jira/rest/tempo-teams/2/team/\d+/link"
PERMISSION_GROUPS = r"/jira/rest/tempo-teams/2/permissionGroups/team/\d+"
PERMISSION = r"/jira/rest/tempo-teams/2/permission/team/\d+/[a-z.]+"


def answers(method: str, path: str, change: Callable[[Any], Any]) -> Any:
    """A lie about the JSON body of successful answers to one call. path: a pattern for the path without its query."""

    def lie(ask: Any, forward: Any) -> Any:
        reply = forward(ask)
        if ask.method == method and re.fullmatch(path, ask.path.partition("?")[0].rstrip("/")) and reply.status == 200:
            return reply.saying(change(reply.json))
        return reply

    return lie


def each(change: Callable[[dict[str, Any]], Any]) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]]:
    """Changes every item of a list in place."""

    def of_list(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        for item in items:
            change(item)
        return items

    return of_list


def availability_as_number(item: dict[str, Any]) -> None:
    if "membership" in item:
        item["membership"]["availability"] = int(item["membership"]["availability"])


def other_member(membership: dict[str, Any]) -> dict[str, Any]:
    return {**membership, "teamMemberId": membership["teamMemberId"] + 1}


def plain_content_type(ask: Any, forward: Any) -> Any:
    reply = forward(ask)
    if "json" in reply.headers.get("Content-Type", ""):
        return replace(reply, headers={**reply.headers, "Content-Type": "application/json"})
    return reply


def keeps_members(ask: Any, forward: Any) -> Any:
    """Says to the administrator that a member was removed and removes nobody."""
    if ask.method == "DELETE" and re.fullmatch(MEMBER, ask.path) and ask.headers.get("Authorization") == FRED:
        reply = forward(replace(ask, method="GET"))
        return replace(reply, status=204, body=b"") if reply.status == 200 else reply
    return forward(ask)


def shows_permissions_to_all(ask: Any, forward: Any) -> Any:
    reply = forward(ask)
    if ask.method == "GET" and re.fullmatch(PERMISSION, ask.path) and reply.status == 403:
        return replace(reply, status=200)
    return reply


def adds_holders(ask: Any, forward: Any) -> Any:
    """Treats the PUT of a permission as an addition."""
    if ask.method == "PUT" and re.fullmatch(PERMISSION, ask.path):
        held = forward(replace(ask, method="GET", body=b""))
        try:
            body = json.loads(ask.body)
            body["users"] += [user["name"] for user in held.json["users"]]
        except (ValueError, TypeError, KeyError):
            return forward(ask)
        return forward(replace(ask, body=json.dumps(body).encode()))
    return forward(ask)


def html_for_anonymous(ask: Any, forward: Any) -> Any:
    reply = forward(ask)
    if reply.status == 401 and "Authorization" not in ask.headers and ask.method == "GET":
        return replace(reply, body=b"<html>Unauthorized (401)</html>")
    return reply


def ignores_only_active(ask: Any, forward: Any) -> Any:
    return forward(replace(ask, path=ask.path.replace("onlyActive=true", "")))


def last_expand_wins(ask: Any, forward: Any) -> Any:
    found = re.findall(r"expand=[^&]*", ask.path)
    return forward(replace(ask, path=f"{ask.path.partition('?')[0]}?{found[-1]}") if len(found) > 1 else ask)


def breaks_on_bad_dates(ask: Any, forward: Any) -> Any:
    reply = forward(ask)
    return replace(reply, status=500) if reply.status == 400 and b"Feb/2013" in ask.body else reply


def refuses_bad_team_after_making_it(ask: Any, forward: Any) -> Any:
    """Makes a team of a body without a name, and then says 400."""
    reply = forward(ask)
    if ask.method == "POST" and ask.path == TEAMS_2 and reply.status == 400 and ask.body.startswith(b'{"name"'):
        name = re.findall(rb'"name": "([^"]*)', ask.body)[0].decode()
        forward(replace(ask, body=json.dumps({"name": name}).encode()))
    return reply


def takes_any_password(ask: Any, forward: Any) -> Any:
    reply = forward(ask)
    if reply.status == 401 and "Authorization" in ask.headers:
        return forward(replace(ask, headers={**ask.headers, "Authorization": FRED}))
    return reply


def shows_programs_unasked(ask: Any, forward: Any) -> Any:
    path, _, query = ask.path.partition("?")
    if ask.method == "GET" and path == TEAMS_2:
        return forward(replace(ask, path=f"{path}?{query}&expand=teamprogram"))
    return forward(ask)


def logs_nobody_out(ask: Any, forward: Any) -> Any:
    if ask.method == "DELETE" and ask.path == SESSION and "Cookie" in ask.headers:
        reply = forward(replace(ask, method="GET"))
        return replace(reply, status=204, body=b"") if reply.status == 200 else reply
    return forward(ask)


LIES: dict[str, tuple[Any, set[str]]] = {
    "availability-is-a-number": (
        answers("GET", MEMBERS, each(availability_as_number)),
        {
            "test_availability_is_text_of_digits",
            "test_existing_member_lists_have_published_shape",
            "test_user_list_has_published_shape",
        },
    ),
    "a-wrapped-list": (
        answers("GET", TEAMS_1, lambda teams: {"results": teams}),
        {
            "test_deleted_team_is_gone",
            "test_list_with_trailing_slash_is_the_list",
            "test_new_team_is_listed_once",
            "test_team_is_listed_only_while_browse_is_granted",
            "test_team_lists_speak_no_cloud_vocabulary",
            "test_unknown_query_parameter_is_ignored",
            "test_v1_list_is_bare_array_of_teams",
        },
    ),
    "the-frameworks-own-content-type": (
        plain_content_type,
        {
            "test_anonymous_refusal_has_exact_content_type",
            "test_json_answer_has_exact_content_type",
            "test_not_found_has_exact_content_type",
        },
    ),
    "no-displayname": (
        answers("GET", MEMBERS, each(lambda item: item["member"].pop("displayname"))),
        {
            "test_existing_member_lists_have_published_shape",
            "test_group_list_has_published_shape",
            "test_user_list_has_published_shape",
        },
    ),
    "a-removal-that-removes-nobody": (
        keeps_members,
        {"test_removed_group_takes_its_users_along", "test_removed_member_is_not_listed"},
    ),
    "a-permission-shown-to-browsers": (shows_permissions_to_all, {"test_permission_is_not_shown_to_browsers"}),
    "programs-nobody-asked-for": (shows_programs_unasked, {"test_team_in_program_is_listed_without_it_unless_expanded"}),
}
MORE_LIES: dict[str, tuple[Any, set[str]]] = {
    "a-permission-put-that-adds": (
        adds_holders,
        {"test_team_is_listed_only_while_browse_is_granted", "test_update_removes_holders_it_does_not_name"},
    ),
    "500-for-bad-dates": (
        breaks_on_bad_dates,
        {"test_bad_member_is_refused_and_not_added", "test_bad_membership_is_refused_and_changes_nothing"},
    ),
    "a-log-out-that-logs-nobody-out": (logs_nobody_out, {"test_ended_session_serves_no_more_calls"}),
    "scope-types-in-upper-case": (
        answers("GET", LINKS, each(lambda link: link.update(scopeType=link["scopeType"].upper()))),
        {"test_links_of_existing_teams_are_arrays_of_links", "test_new_link_is_listed_once"},
    ),
    "permission-keys-as-a-list": (
        answers("GET", PERMISSION_GROUPS, each(lambda group: group.update(permissions=sorted(group["permissions"])))),
        {
            "test_new_team_has_lead_with_everything_and_member_with_nothing",
            "test_permission_groups_are_bare_array_of_groups",
            "test_permission_groups_of_existing_teams_have_published_shape",
        },
    ),
    "html-for-anonymous": (html_for_anonymous, {"test_anonymous_call_is_refused_in_json"}),
    "only-active-ignored": (ignores_only_active, {"test_only_active_leaves_out_past_memberships"}),
    "last-expand-wins": (last_expand_wins, {"test_expanded_list_holds_lead_user"}),
    "400-after-the-fact": (refuses_bad_team_after_making_it, {"test_bad_team_is_refused_and_not_made"}),
    "any-password": (
        takes_any_password,
        {
            "test_wrong_basic_credentials_are_refused",
            "test_wrong_credentials_name_the_login_reason",
            "test_wrong_password_of_known_user_is_refused",
        },
    ),
    "another-member-deactivated": (
        answers("PUT", rf"{MEMBER}/deactivate", other_member),
        {"test_deactivated_member_is_answered_as_past"},
    ),
    "cloud-account-ids": (
        answers("GET", MEMBERS, each(lambda item: item["member"].update(accountId="5b10"))),
        {"test_member_lists_speak_no_cloud_vocabulary"},
    ),
    "membership-on-groups": (
        answers("GET", MEMBERS, each(lambda item: item.setdefault("membership", {}))),
        {"test_existing_member_lists_have_published_shape", "test_group_list_has_published_shape"},
    ),
    "a-team-listed-twice": (
        answers("GET", TEAMS_2, lambda teams: teams + teams[-1:]),
        {"test_new_team_is_listed_once"},
    ),
    "a-past-membership-called-active": (
        answers("GET", MEMBERS, each(lambda item: item.get("membership", {}).update(status="active"))),
        {"test_deactivated_member_is_listed_as_answered", "test_past_membership_is_listed_as_past"},
    ),
}


def caught(judge: Any, url: str, expected: set[str]) -> None:
    verdict = judge(url, "-q", "--face", "datacenter")
    assert verdict.failed == expected, verdict.output
    assert verdict.code == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", LIES)
def test_liar_is_caught_by_exactly_the_checks_of_the_matter(fake: str, lying: Any, judge: Any, name: str) -> None:
    lie, expected = LIES[name]
    caught(judge, lying(fake, lie), expected)


@pytest.mark.slow
@pytest.mark.parametrize("name", MORE_LIES)
def test_liar_about_something_else_is_caught_too(fake: str, lying: Any, judge: Any, name: str) -> None:
    lie, expected = MORE_LIES[name]
    caught(judge, lying(fake, lie), expected)


def test_failure_tells_requirement_call_and_both_sides(fake: str, lying: Any, judge: Any) -> None:
    url = lying(fake, LIES["availability-is-a-number"][0])
    verdict = judge(url, "--requirement", "members.item.availability-text")
    assert verdict.code == 1
    for told in (
        "members.item.availability-text  (strict, grade A+D+O)",
        "Availability must be a text of digits, as sent.",
        "source: Teams REST API Guide",
        """curl -i -X GET -u fred:"$ADMIN_PASSWORD" -H 'Content-Type: application/json' """ + url,
        'membership.availability = "60"',
        "membership.availability = 60",
        "HTTP 200",
        '"60", not 60',
    ):
        assert told in verdict.output
    check = "test_availability_is_text_of_digits"
    assert verdict.properties[check]["requirement"] == "members.item.availability-text"
    assert verdict.properties[check]["grade"] == "A+D+O"
    assert verdict.properties[check]["source"].startswith("Teams REST API Guide")


def test_server_that_cannot_delete_is_told_what_stays(fake: str, lying: Any, judge: Any) -> None:
    teams: list[str] = []

    def keeps_teams(ask: Any, forward: Any) -> Any:
        if ask.method == "DELETE" and re.fullmatch(rf"{TEAMS_2}/\d+", ask.path):
            teams.append(ask.path)
            return replace(forward(replace(ask, method="GET")), status=204, body=b"")
        return forward(ask)

    verdict = judge(lying(fake, keeps_teams), "--requirement", "teams.read-v2.shape")
    assert set(verdict.outcomes.values()) == {"passed"}
    assert verdict.code == 1
    assert "left behind on the server" in verdict.output
    assert f"team {teams[0].rpartition('/')[2]}: still listed after its deletion" in verdict.output
    for path in set(teams):
        assert requests.delete(fake + path, auth=("fred", "fred"), timeout=10).status_code == 204
