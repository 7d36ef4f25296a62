"""The member list of a team."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from conformance import beans, expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.datacenter.bench import Bench, Group, Team
from conformance.datacenter.items import Style, by_name, normal, part, style_of, the_one, typed
from conformance.shapes import ListOf

LATER = (("member", "key"), ("membership", "dateFromANSI"), ("membership", "dateToANSI"))


@pytest.mark.requirement("members.list.shape")
def test_user_list_has_published_shape(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    bench.add(team, member.user, dateFrom="04/Jan/2013", dateTo="", availability="60")
    answer = admin.get(team.members)
    items = expect.objects(answer)
    expect.equal(answer, "the number of items", len(items), 1)
    expect.shape(answer, [normal(item) for item in items], ListOf(beans.USER_ITEM))
    expect.equal(answer, "member.name", normal(items[0])["member"]["name"], member.user)


@pytest.mark.requirement("members.list.shape")
def test_existing_member_lists_have_published_shape(admin: Caller, existing: list[Team]) -> None:
    for team in existing:
        answer = admin.get(team.members)
        if answer.status != 404:  # somebody may delete a team meanwhile
            expect.shape(answer, [normal(item) for item in expect.objects(answer)], ListOf(beans.LISTED_ITEM))


@pytest.mark.requirement("members.list-groups.shape")
def test_group_list_has_published_shape(admin: Caller, bench: Bench, team: Team, group: Group) -> None:
    bench.add_group(team, group.name)
    answer = admin.get(team.members, {"type": "group"})
    items = expect.objects(answer)
    expect.equal(answer, "the number of items", len(items), 1)
    expect.shape(answer, [normal(item) for item in items], ListOf(beans.GROUP_ITEM))
    for name in ("name", "displayname"):
        expect.equal(answer, f"member.{name}", normal(items[0])["member"][name], group.name)


@pytest.mark.requirement("members.list.type-default-user")
def test_list_without_type_is_the_user_list(admin: Caller, bench: Bench, team: Team, group: Group, member: Caller) -> None:
    bench.add(team, member.user)
    bench.add_group(team, group.name)
    answer = admin.get(team.members)
    names = [part(normal(item), "member").get("name") for item in expect.objects(answer)]
    expect.that(
        answer,
        member.user in names and group.name not in names,
        f"{member.user} and not the group {group.name}",
        f"names {names}",
    )


@pytest.mark.requirement("members.list.type-any-case")
@pytest.mark.parametrize("kind", ["group", "GROUP"])
def test_group_type_in_any_case_lists_only_groups(
    admin: Caller, bench: Bench, team: Team, group: Group, member: Caller, kind: str
) -> None:
    bench.add(team, member.user)
    bench.add_group(team, group.name)
    answer = admin.get(team.members, {"type": kind})
    names = [part(normal(item), "member").get("name") for item in expect.objects(answer)]
    expect.equal(answer, "the names", names, [group.name])


@pytest.mark.requirement("members.list.type-any-case")
@pytest.mark.parametrize("kind", ["user", "USER"])
def test_user_type_in_any_case_lists_users(admin: Caller, bench: Bench, team: Team, member: Caller, kind: str) -> None:
    bench.add(team, member.user)
    answer = admin.get(team.members, {"type": kind})
    the_one(answer, expect.objects(answer), member.user)


@pytest.mark.requirement("members.list.group-users-included")
def test_user_list_includes_users_of_groups(admin: Caller, bench: Bench, team: Team, group: Group) -> None:
    bench.add_group(team, group.name)
    answer = admin.get(team.members)
    names = {part(normal(item), "member").get("name") for item in expect.objects(answer)}
    missing = [name for name in group.members if name not in names]
    expect.that(answer, not missing, f"every active user of the group {group.name}", f"without {', '.join(missing)}")


@pytest.mark.requirement("members.list.group-user-type")
def test_users_of_groups_are_marked_group_user(admin: Caller, bench: Bench, team: Team, group: Group) -> None:
    bench.add_group(team, group.name)
    answer = admin.get(team.members)
    item = the_one(answer, expect.objects(answer), group.members[0])
    expect.equal(answer, "member.type", part(item, "member").get("type"), "GROUP_USER")


@pytest.mark.requirement("members.item.id-is-member-id")
def test_item_id_is_team_member_id(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    added = bench.add(team, member.user)
    answer = admin.get(team.members)
    item = the_one(answer, expect.objects(answer), member.user)
    expect.equal(answer, "id", item.get("id"), added["id"])
    expect.equal(answer, "member.teamMemberId", part(item, "member").get("teamMemberId"), item.get("id"))
    expect.equal(answer, "membership.teamMemberId", part(item, "membership").get("teamMemberId"), item.get("id"))
    expect.equal(answer, "membership.teamId", part(item, "membership").get("teamId"), team.id)


@pytest.mark.requirement("members.item.availability-text")
def test_availability_is_text_of_digits(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    bench.add(team, member.user, availability="60")
    answer = admin.get(team.members)
    item = the_one(answer, expect.objects(answer), member.user)
    expect.equal(answer, "membership.availability", part(item, "membership").get("availability"), "60")


@pytest.mark.requirement("members.item.dates-printed")
def test_dates_are_printed_as_in_jiras_date_picker(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    bench.add(team, member.user, dateFrom="04/Jan/2013", dateTo="")
    answer = admin.get(team.members)
    membership = part(the_one(answer, expect.objects(answer), member.user), "membership")
    expect.shape(answer, membership, beans.MEMBERSHIP_DATES, "membership")
    expect.equal(answer, "membership.dateFrom", membership.get("dateFrom"), "04/Jan/13")
    expect.equal(answer, "membership.dateTo", membership.get("dateTo"), "")


@pytest.mark.requirement("members.item.later-fields-together")
def test_later_fields_come_together(
    admin: Caller, bench: Bench, team: Team, member: Caller, key_of: Callable[[str], str]
) -> None:
    bench.add(team, member.user, dateFrom="2013-01-04", dateTo="")
    answer = admin.get(team.members)
    item = the_one(answer, expect.objects(answer), member.user)
    role = part(part(item, "membership"), "role")
    there = {f"{first}.{name}": name in part(item, first) for first, name in LATER} | {
        "membership.role.default": "default" in role
    }
    if not any(there.values()):
        pytest.skip("the server speaks the form of 2.0.7, which has none of the later fields")
    expect.that(
        answer,
        all(there.values()),
        "all later fields",
        f"without {', '.join(name for name, found in there.items() if not found)}",
    )
    expect.equal(answer, "member.key", item["member"]["key"], key_of(member.user))
    expect.equal(answer, "membership.dateFromANSI", item["membership"]["dateFromANSI"], "2013-01-04")
    expect.equal(answer, "membership.dateToANSI", item["membership"]["dateToANSI"], "")


@pytest.mark.requirement("members.item.show-deactivate")
def test_show_deactivate_tells_open_end(
    admin: Caller,
    bench: Bench,
    team: Team,
    member: Caller,
    lead: Caller,
    group: Group,
    today: datetime.date,
) -> None:
    end = today + datetime.timedelta(days=200)
    bench.add(team, member.user, dateFrom="2013-01-04", dateTo="")
    bench.add(team, lead.user, dateFrom="2013-01-04", dateTo=end.isoformat())
    bench.add_group(team, group.name)
    users, groups = admin.get(team.members), admin.get(team.members, {"type": "group"})
    rows = [
        (users, "of an open membership", the_one(users, expect.objects(users), member.user), True),
        (users, "of a membership with an end", the_one(users, expect.objects(users), lead.user), False),
        (groups, "of a group", the_one(groups, expect.objects(groups), group.name), False),
    ]
    if not any("showDeactivate" in item for _, _, item, _ in rows):
        pytest.skip("the server speaks the later form without showDeactivate")
    for answer, which, item, wanted in rows:
        expect.equal(answer, f"showDeactivate {which}", item.get("showDeactivate"), wanted)


@pytest.mark.requirement("members.list.status-active")
def test_current_membership_is_active(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    bench.add(team, member.user, dateFrom="2013-01-04", dateTo="")
    answer = admin.get(team.members)
    item = the_one(answer, expect.objects(answer), member.user)
    expect.equal(answer, "membership.status", part(item, "membership").get("status"), "active")


def _past(bench: Bench, team: Team, user: str, today: datetime.date) -> None:
    first, last = today - datetime.timedelta(days=400), today - datetime.timedelta(days=200)
    bench.add(team, user, dateFrom=typed(first), dateTo=typed(last))


@pytest.mark.requirement("members.list.past-listed")
@pytest.mark.parametrize("params", [{}, {"onlyActive": "false"}], ids=["default", "false"])
def test_past_membership_is_listed_as_past(
    admin: Caller, bench: Bench, team: Team, member: Caller, today: datetime.date, params: dict[str, str]
) -> None:
    _past(bench, team, member.user, today)
    answer = admin.get(team.members, params)
    item = the_one(answer, expect.objects(answer), member.user)
    expect.equal(answer, "membership.status", part(item, "membership").get("status"), "past")


@pytest.mark.requirement("members.list.only-active")
def test_only_active_leaves_out_past_memberships(
    admin: Caller, bench: Bench, team: Team, member: Caller, lead: Caller, today: datetime.date
) -> None:
    _past(bench, team, member.user, today)
    bench.add(team, lead.user)
    answer = admin.get(team.members, {"onlyActive": "true"})
    items = expect.objects(answer)
    the_one(answer, items, lead.user)
    expect.that(answer, not by_name(items, member.user), f"no item for {member.user}", "the past membership is listed")


@pytest.mark.requirement("members.list.avatars-below-context")
def test_relative_avatars_begin_with_context_path(
    admin: Caller, bench: Bench, team: Team, member: Caller, context_path: str
) -> None:
    bench.add(team, member.user)
    answer = admin.get(team.members)
    avatars = part(part(the_one(answer, expect.objects(answer), member.user), "member"), "avatar")
    expect.that(answer, avatars, "avatar addresses", f"member.avatar = {avatars}")
    for size, address in avatars.items():
        text = str(address)
        absolute = text.startswith(("http://", "https://"))
        expect.that(answer, absolute or text.startswith(f"{context_path}/"), f"{size} below {context_path or '/'}", text)


@pytest.mark.requirement("members.item.naming-style")
def test_every_answer_names_member_in_one_style(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    body = {
        "member": {"name": member.user, "type": "USER"},
        "membership": {"dateFrom": "2013-01-04", "dateTo": "", "availability": "100"},
    }
    posted = admin.post(team.members, body)
    listed = admin.get(team.members)
    bulk = admin.post("rest/tempo-teams/2/team/members", {"ids": [team.id]})
    styles: list[Style] = []
    for answer, items in (
        (posted, [expect.json_object(posted)]),
        (listed, expect.objects(listed)),
        (bulk, expect.objects(bulk)),
    ):
        for item in items:
            _one_style(answer, item)
            styles.append(style_of(item))
            expect.equal(answer, "the naming style", styles[-1].value, styles[0].value)
    expect.that(listed, len(styles) >= 3, "the member in all three answers", f"{len(styles)} items")


def _one_style(answer: Answer, item: dict[str, Any]) -> None:
    style = style_of(item)
    expect.that(answer, style is not Style.NONE, "member or memberBean", f"members {', '.join(item)}")
    expect.equal(answer, "whether membershipBean is there", "membershipBean" in item, style is not Style.GUIDE)
    expect.equal(answer, "whether membership is there", "membership" in item, style is not Style.OLD)
    if style is Style.BOTH:
        expect.equal(answer, "memberBean", item["memberBean"], item["member"])
        expect.equal(answer, "membershipBean", item["membershipBean"], item["membership"])


@pytest.mark.requirement("members.list.unknown-team-refused")
def test_members_of_unknown_team_are_refused(admin: Caller) -> None:
    answer = admin.get("rest/tempo-teams/2/team/2147483000/member")
    expect.that(answer, 400 <= answer.status < 500, "a 4xx status", f"status {answer.status}")


@pytest.mark.requirement("members.path.trailing-slash")
def test_list_with_trailing_slash_is_the_list(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    bench.add(team, member.user)
    answer = admin.get(f"{team.members}/")
    the_one(answer, expect.objects(answer), member.user)


@pytest.mark.requirement("members.vocabulary.no-cloud-words")
def test_member_lists_speak_no_cloud_vocabulary(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    bench.add(team, member.user)
    expect.without_members(expect.success(admin.get(team.members)), beans.CLOUD_WORDS)
