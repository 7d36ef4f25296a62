"""Adding, changing, deactivating and removing members."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from conformance import beans, expect
from conformance.client import Caller
from conformance.datacenter.bench import Bench, Group, Team
from conformance.datacenter.items import by_name, day, normal, part, the_one

MISSING = object()


def _today_or_yesterday(now: datetime.datetime) -> list[str]:
    """The days that may be today or yesterday at the server, whose time zone nobody tells us."""
    moment = now.astimezone(datetime.UTC)
    first, last = (moment - datetime.timedelta(hours=36)).date(), (moment + datetime.timedelta(hours=14)).date()
    return [(first + datetime.timedelta(days=number)).isoformat() for number in range((last - first).days + 1)]


def _body(user: str, **membership: Any) -> dict[str, Any]:
    return {"member": {"name": user, "type": "USER"}, "membership": membership}


@pytest.mark.requirement("members.add.answers-item")
def test_added_user_is_answered_as_item(admin: Caller, team: Team, member: Caller, another_role: dict[str, Any]) -> None:
    sent = {
        "role": {"id": another_role["id"]},
        "dateFrom": "04/Jan/2013",
        "dateTo": "",
        "availability": "60",
        "teamId": team.id,
    }
    answer = admin.post(team.members, _body(member.user, **sent))
    item = normal(expect.json_object(answer))
    expect.shape(answer, item, beans.USER_ITEM)
    expect.equal(answer, "member.name", item["member"]["name"], member.user)
    expect.equal(answer, "membership.role.id", item["membership"]["role"]["id"], another_role["id"])
    expect.equal(answer, "membership.role.name", item["membership"]["role"]["name"], another_role["name"])
    expect.equal(answer, "membership.availability", item["membership"]["availability"], "60")
    expect.equal(answer, "membership.teamId", item["membership"]["teamId"], team.id)


@pytest.mark.requirement("members.add.listed")
def test_added_user_is_listed_with_the_answered_ids(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    added = bench.add(team, member.user)
    answer = admin.get(team.members)
    item = the_one(answer, expect.objects(answer), member.user)
    expect.equal(answer, "id", item.get("id"), added["id"])
    expect.equal(answer, "membership.id", part(item, "membership").get("id"), part(added, "membership").get("id"))


@pytest.mark.requirement("members.add-group.answers-item")
def test_added_group_is_answered_as_item_without_membership(admin: Caller, team: Team, group: Group) -> None:
    answer = admin.post(team.members, {"member": {"name": group.name, "type": "GROUP"}, "membership": {"role": {}}})
    item = normal(expect.json_object(answer))
    expect.shape(answer, item, beans.GROUP_ITEM)
    expect.equal(answer, "member.name", item["member"]["name"], group.name)
    expect.equal(answer, "member.teamMemberId", item["member"]["teamMemberId"], item["id"])


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        pytest.param(
            "04/Jan/2013", "2013-01-04", marks=pytest.mark.requirement("members.add.date-named-month"), id="named-month"
        ),
        pytest.param("2013-01-04", "2013-01-04", marks=pytest.mark.requirement("members.add.date-iso"), id="iso"),
        pytest.param("25/03/2013", "2013-03-25", marks=pytest.mark.requirement("members.add.date-numeric"), id="numeric"),
        pytest.param("", "", marks=pytest.mark.requirement("members.add.date-empty-open"), id="empty"),
        pytest.param(None, "", marks=pytest.mark.requirement("members.add.date-null-open"), id="null"),
        pytest.param(MISSING, "", marks=pytest.mark.requirement("members.add.date-missing-open"), id="missing"),
    ],
)
def test_date_of_each_form_is_understood(admin: Caller, team: Team, member: Caller, sent: object, meant: str) -> None:
    dates = {} if sent is MISSING else {"dateFrom": sent}
    answer = expect.success(admin.post(team.members, _body(member.user, availability="100", **dates)))
    listed = admin.get(team.members)
    membership = part(the_one(listed, expect.objects(listed), member.user), "membership")
    for which, found in ((answer, part(normal(expect.json_object(answer)), "membership")), (listed, membership)):
        expect.one_of(which, "membership.dateFrom", day(found, "dateFrom"), (meant,))


@pytest.mark.requirement("members.add.date-iso")
def test_end_date_is_understood_as_iso(admin: Caller, bench: Bench, team: Team, member: Caller, today: datetime.date) -> None:
    end = today + datetime.timedelta(days=100)
    bench.add(team, member.user, dateFrom="2013-01-04", dateTo=end.isoformat(), availability="100")
    answer = admin.get(team.members)
    item = the_one(answer, expect.objects(answer), member.user)
    expect.equal(answer, "membership.dateTo", day(part(item, "membership"), "dateTo"), end.isoformat())


@pytest.mark.requirement("members.add.by-key")
def test_added_by_member_key_is_that_person(
    admin: Caller, team: Team, renamed: dict[str, Any], roles: list[dict[str, Any]]
) -> None:
    body = {
        "member": {"key": renamed["key"], "type": "USER"},
        "membership": {"availability": "100", "role": {"id": roles[0]["id"]}},
    }
    answer = admin.post(team.members, body)
    item = normal(expect.json_object(answer))
    expect.equal(answer, "member.name", part(item, "member").get("name"), renamed["name"])


@pytest.mark.requirement("members.add.name-holds-key")
def test_added_by_key_in_member_name_is_that_person(admin: Caller, team: Team, renamed: dict[str, Any]) -> None:
    answer = admin.post(team.members, _body(renamed["key"], availability="100", dateFrom="2013-01-04", dateTo=""))
    item = normal(expect.json_object(answer))
    expect.equal(answer, "member.name", part(item, "member").get("name"), renamed["name"])


@pytest.mark.requirement("members.add.availability-number")
def test_availability_as_number_is_taken(admin: Caller, team: Team, member: Caller) -> None:
    answer = admin.post(team.members, _body(member.user, availability=40, dateFrom="2013-01-04", dateTo=""))
    item = normal(expect.json_object(answer))
    expect.equal(answer, "membership.availability", str(part(item, "membership").get("availability")), "40")


@pytest.mark.requirement("members.add.role-optional")
def test_added_without_role_has_a_known_role(admin: Caller, team: Team, member: Caller, roles: list[dict[str, Any]]) -> None:
    answer = admin.post(team.members, _body(member.user, dateFrom="2013-01-04", dateTo="", availability="100"))
    item = normal(expect.json_object(answer))
    expect.one_of(
        answer, "membership.role.id", part(part(item, "membership"), "role").get("id"), [role["id"] for role in roles]
    )


@pytest.mark.requirement("members.read.answers-item")
def test_member_by_id_is_the_item(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    added = bench.add(team, member.user)
    answer = admin.get(f"{team.members}/{added['id']}")
    item = normal(expect.json_object(answer))
    expect.shape(answer, item, beans.USER_ITEM)
    expect.equal(answer, "id", item["id"], added["id"])


@pytest.mark.requirement("members.update.read-back")
def test_updated_member_reads_back_changed(
    admin: Caller, bench: Bench, team: Team, member: Caller, key_of: Callable[[str], str], another_role: dict[str, Any]
) -> None:
    added = bench.add(team, member.user, dateFrom="2013-01-04", dateTo="", availability="100")
    membership = {"role": {"id": another_role["id"]}, "dateFrom": "2013-02-05", "dateTo": "", "availability": "30"}
    body = {"member": {"type": "USER", "key": key_of(member.user), "name": member.user}, "membership": membership}
    expect.success(admin.put(f"{team.members}/{added['id']}", body))
    answer = admin.get(team.members)
    found = part(the_one(answer, expect.objects(answer), member.user), "membership")
    expect.equal(answer, "membership.role.id", part(found, "role").get("id"), another_role["id"])
    expect.equal(answer, "membership.dateFrom", day(found, "dateFrom"), "2013-02-05")
    expect.equal(answer, "membership.availability", str(found.get("availability")), "30")


@pytest.mark.requirement("members.deactivate.answers-past-membership")
def test_deactivated_member_is_answered_as_past(
    admin: Caller, bench: Bench, team: Team, member: Caller, now: Callable[[], datetime.datetime]
) -> None:
    added = bench.add(team, member.user, dateFrom="2013-01-04", dateTo="", availability="100")
    answer = expect.status(admin.put(f"{team.members}/{added['id']}/deactivate"), 200)
    content = normal(expect.json_object(answer))
    membership = part(content, "membership") or content
    expect.shape(answer, membership, beans.MEMBERSHIP)
    expect.equal(answer, "teamMemberId", membership["teamMemberId"], added["id"])
    expect.equal(answer, "status", membership["status"], "past")
    expect.one_of(answer, "dateTo", day(membership, "dateTo"), _today_or_yesterday(now()))


@pytest.mark.requirement("members.deactivate.stays-listed")
def test_deactivated_member_is_listed_as_answered(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    added = bench.add(team, member.user, dateFrom="2013-01-04", dateTo="", availability="100")
    content = normal(expect.json_object(admin.put(f"{team.members}/{added['id']}/deactivate")))
    answered = part(content, "membership") or content
    answer = admin.get(team.members)
    found = part(the_one(answer, expect.objects(answer), member.user), "membership")
    for name in ("id", "status", "dateTo"):
        expect.equal(answer, f"membership.{name}", found.get(name), answered.get(name))


@pytest.mark.requirement("members.delete.answers-empty")
def test_removal_answers_without_body(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    added = bench.add(team, member.user)
    answer = expect.status(admin.delete(f"{team.members}/{added['id']}"), 200, 204)
    expect.no_body(answer)


@pytest.mark.requirement("members.delete.unlisted")
def test_removed_member_is_not_listed(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    added = bench.add(team, member.user)
    expect.success(admin.delete(f"{team.members}/{added['id']}"))
    answer = admin.get(team.members)
    expect.that(answer, not by_name(expect.objects(answer), member.user), f"no item for {member.user}", "it is still listed")


@pytest.mark.requirement("members.delete-group.unlisted")
def test_removed_group_takes_its_users_along(admin: Caller, bench: Bench, team: Team, group: Group) -> None:
    added = bench.add_group(team, group.name)
    expect.success(admin.delete(f"{team.members}/{added['id']}"))
    for params in ({"type": "group"}, {"type": "user"}):
        answer = admin.get(team.members, params)
        expect.equal(answer, "the number of items", len(expect.objects(answer)), 0)


@pytest.mark.requirement("members.delete.unknown-refused")
def test_removal_of_unknown_member_is_refused(admin: Caller, team: Team) -> None:
    answer = admin.delete(f"{team.members}/2147483000")
    expect.that(answer, 400 <= answer.status < 500, "a 4xx status", f"status {answer.status}")
