"""Workload schemes and holiday schemes: lists, the default, the week, and who is in which."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.cloud import beans, planner_beans
from conformance.cloud.bench import HOLIDAY_SCHEME, UNKNOWN, WORKLOAD_SCHEME, Bench, Kind, account_of
from conformance.cloud.pages import ids, metadata, results
from conformance.cloud.planner import FIVE_DAYS, Mover, default_scheme
from conformance.run import Absent
from conformance.shapes import ListOf

Row = dict[str, Any]
both_kinds = pytest.mark.parametrize(
    "kind", [pytest.param(WORKLOAD_SCHEME, id="workload"), pytest.param(HOLIDAY_SCHEME, id="holiday")]
)


def _bean(kind: Kind) -> Any:
    return planner_beans.WORKLOAD_SCHEME if kind is WORKLOAD_SCHEME else planner_beans.HOLIDAY_SCHEME


def _new(mover: Mover, kind: Kind) -> Row:
    return mover.workload() if kind is WORKLOAD_SCHEME else mover.holidays()


def _scheme_of(caller: Caller, kind: Kind, who: Caller) -> Answer:
    return caller.get(f"{kind.path}/users/{account_of(who)}")


def _home(admin: Caller, kind: Kind) -> int:
    answer = _scheme_of(admin, kind, admin)
    number = expect.json_object(answer).get("id")
    expect.that(answer, isinstance(number, int), "the scheme with its id", f"id = {number!r}")
    return int(str(number))


def _accounts(answer: Answer) -> list[Any]:
    return [row.get("accountId") for row in results(answer)]


@pytest.mark.requirement("cloud_schemes.list.shape")
@both_kinds
def test_listed_schemes_have_published_shape(admin: Caller, kind: Kind) -> None:
    answer = admin.get(kind.path)
    expect.shape(answer, results(answer), ListOf(_bean(kind)), "results")
    expect.that(answer, results(answer), "at least one scheme", "none")


@pytest.mark.requirement("cloud_schemes.default.one")
@both_kinds
def test_exactly_one_scheme_is_the_default(admin: Caller, kind: Kind) -> None:
    default_scheme(admin, kind)


@pytest.mark.requirement("cloud_schemes.create.not-default")
@both_kinds
def test_new_scheme_is_not_the_default_and_is_empty(admin: Caller, bench: Bench, kind: Kind) -> None:
    week = {"days": list(FIVE_DAYS)} if kind is WORKLOAD_SCHEME else {}
    made = bench.made(kind, {"name": bench.name(), **week})
    answer = admin.get(kind.place(made["id"]))
    row = expect.json_object(answer)
    told = [row.get("defaultScheme"), row.get("memberCount")]
    expect.equal(answer, "defaultScheme and memberCount", told, [False, 0])
    members = admin.get(f"{kind.place(made['id'])}/members")
    expect.equal(members, "the members", results(members), [])


@pytest.mark.requirement("cloud_schemes.default.again")
@both_kinds
def test_default_that_is_made_default_stays_it(admin: Caller, bench: Bench, kind: Kind) -> None:
    before = default_scheme(admin, kind)
    answer = expect.status(admin.put(f"{kind.place(before['id'])}/default"), 200)
    expect.shape(answer, expect.json_object(answer), _bean(kind))
    expect.equal(answer, "the default scheme", default_scheme(admin, kind)["id"], before["id"])


@pytest.mark.requirement("cloud_schemes.default.unknown-404")
@both_kinds
def test_unknown_scheme_is_not_made_default(admin: Caller, kind: Kind) -> None:
    expect.status(admin.put(f"{kind.place(UNKNOWN)}/default"), 404)


@pytest.mark.requirement("cloud_schemes.user.has-one")
@both_kinds
def test_everybody_is_in_a_scheme_that_is_listed(admin: Caller, kind: Kind) -> None:
    answer = _scheme_of(admin, kind, admin)
    expect.shape(answer, expect.json_object(answer), _bean(kind))
    listed = admin.get(kind.path, [("limit", 5000)])
    number = expect.json_object(answer).get("id")
    expect.that(listed, number in ids(listed), f"scheme {number} in the list", f"schemes {ids(listed)}")


@pytest.mark.requirement("cloud_schemes.members.page")
@both_kinds
def test_members_of_a_scheme_are_a_page_of_users(admin: Caller, kind: Kind) -> None:
    answer = admin.get(f"{kind.place(_home(admin, kind))}/members", [("limit", 2)])
    expect.shape(answer, results(answer), ListOf(beans.USER), "results")
    expect.shape(answer, metadata(answer), beans.PAGED_METADATA, "metadata")
    expect.equal(answer, "metadata.limit", metadata(answer).get("limit"), 2)
    expect.that(answer, 1 <= len(results(answer)) <= 2, "one or two members", f"{len(results(answer))}")


@pytest.mark.requirement("cloud_schemes.members.search")
@both_kinds
def test_search_for_members_names_person_and_scheme(admin: Caller, kind: Kind) -> None:
    number = _home(admin, kind)
    answer = admin.search(f"{kind.path}/members/search", (), {"schemeIds": [number], "limit": 5000})
    expect.shape(answer, results(answer), ListOf(planner_beans.SCHEME_MEMBER), "results")
    expect.equal(answer, "the schemes", {row["schemeId"] for row in results(answer)}, {number})
    accounts = [row["member"]["accountId"] for row in results(answer)]
    if len(accounts) < 5000:
        expect.that(answer, admin.user in accounts, f"the member {admin.user}", f"{len(accounts)} others")


@pytest.mark.requirement("cloud_schemes.members.search-pages")
@both_kinds
def test_pages_of_a_search_for_members_follow_each_other(admin: Caller, kind: Kind) -> None:
    path, body = f"{kind.path}/members/search", {"schemeIds": [_home(admin, kind)]}
    whole = results(admin.search(path, (), {**body, "limit": 3}))
    if len(whole) < 2:
        raise Absent("the scheme of the persona admin has no other member")
    answer = admin.search(path, (), {**body, "limit": 1, "offset": 1})
    expect.equal(answer, "the second member", results(answer), whole[1:2])
    expect.shape(answer, metadata(answer), planner_beans.BARE_METADATA, "metadata")


@pytest.mark.requirement("cloud_schemes.members.search-needs-schemes")
@pytest.mark.parametrize("body", [{}, {"schemeIds": []}], ids=str)
@both_kinds
def test_search_for_members_of_no_scheme_is_refused(admin: Caller, kind: Kind, body: Row) -> None:
    expect.status(admin.search(f"{kind.path}/members/search", (), body), 400)


@pytest.mark.requirement("cloud_schemes.members.unknown-404")
@both_kinds
def test_nobody_moves_into_an_unknown_scheme(admin: Caller, mover: Mover, member: Caller, kind: Kind) -> None:
    mover.prepare(kind, member)
    before = expect.json_object(_scheme_of(admin, kind, member)).get("id")
    expect.status(admin.post(f"{kind.place(UNKNOWN)}/members", {"accountIds": [account_of(member)]}), 404)
    answer = _scheme_of(admin, kind, member)
    expect.equal(answer, "the scheme afterwards", expect.json_object(answer).get("id"), before)


@pytest.mark.requirement("cloud_schemes.members.moved-204")
@both_kinds
def test_moving_members_answers_204_without_body(admin: Caller, mover: Mover, member: Caller, kind: Kind) -> None:
    scheme = _new(mover, kind)
    mover.prepare(kind, member)
    answer = admin.post(f"{kind.place(scheme['id'])}/members", {"accountIds": [account_of(member)]})
    expect.status(answer, 204)
    expect.no_body(answer)


@pytest.mark.requirement("cloud_schemes.members.one-scheme-each")
@both_kinds
def test_moved_member_leaves_the_scheme_before(admin: Caller, mover: Mover, member: Caller, kind: Kind) -> None:
    first, second = _new(mover, kind), _new(mover, kind)
    mover.move(kind, first, member)
    expect.success(admin.post(f"{kind.place(second['id'])}/members", {"accountIds": [account_of(member)]}))
    answer = _scheme_of(admin, kind, member)
    expect.equal(answer, "the scheme", expect.json_object(answer).get("id"), second["id"])
    for scheme, wanted in ((first, []), (second, [member.user])):
        members = admin.get(f"{kind.place(scheme['id'])}/members")
        expect.equal(members, "the members", _accounts(members), wanted)
    read = admin.get(kind.place(second["id"]))
    expect.equal(read, "memberCount", expect.json_object(read).get("memberCount"), 1)


@pytest.mark.requirement("cloud_schemes.delete.not-while-used")
@both_kinds
def test_scheme_with_members_is_not_deleted(admin: Caller, mover: Mover, member: Caller, kind: Kind) -> None:
    scheme = _new(mover, kind)
    mover.move(kind, scheme, member)
    answer = admin.delete(kind.place(scheme["id"]))
    expect.that(answer, 400 <= answer.status < 500, "a 4xx status", f"status {answer.status}")
    expect.status(admin.get(kind.place(scheme["id"])), 200)


@pytest.mark.requirement("cloud_workload_schemes.week.whole")
def test_week_of_every_scheme_has_each_day_once(admin: Caller, bench: Bench) -> None:
    bench.made(WORKLOAD_SCHEME, {"name": bench.name(), "days": list(FIVE_DAYS)})
    answer = admin.get(WORKLOAD_SCHEME.path, [("limit", 1000)])
    for index, scheme in enumerate(results(answer)):
        days = [day.get("day") for day in scheme.get("days") or [] if isinstance(day, dict)]
        expect.same_set(answer, f"the days of results[{index}]", days, planner_beans.WEEK)


@pytest.mark.requirement("cloud_workload_schemes.week.seven-days")
@pytest.mark.parametrize(
    "days",
    [FIVE_DAYS[:6], [*FIVE_DAYS, FIVE_DAYS[0]], [], [*FIVE_DAYS[:6], {"day": "FUNDAY", "requiredSeconds": 0}]],
    ids=["six", "eight", "none", "an unknown one"],
)
def test_week_without_its_seven_days_is_refused(bench: Bench, days: Any) -> None:
    expect.status(bench.make(WORKLOAD_SCHEME, {"name": bench.name(), "days": list(days)}), 400)
