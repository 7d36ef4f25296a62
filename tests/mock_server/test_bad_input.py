"""What is wrong in a request is said in Jira's error body, and the world is as it was before."""

from collections.abc import Callable
from typing import Any

import pytest

TEAM, MEMBERS, MEMBER = "2/team/3", "2/team/3/member", "2/team/3/member/4"
MEMBERSHIPS, MEMBERSHIP = "2/team/3/member/4/membership", "2/team/3/member/4/membership/4"
BROWSE = "2/permission/team/3/tempo.teams.browse.team"
SESSION = "/jira/rest/auth/1/session"
WRITES = [
    ("POST", "1/team"), ("POST", "2/team"), ("PUT", TEAM), ("POST", MEMBERS), ("PUT", MEMBER), ("POST", MEMBERSHIPS),
    ("PUT", MEMBERSHIP), ("POST", "2/team/members"), ("POST", "2/role"), ("PUT", BROWSE), ("POST", "3/search"),
    ("POST", SESSION),
]  # fmt: skip
NO_OBJECT = [
    b"", b" ", b"{", b"name=x", b"{'name': 'x'}", b'{"name": "x"} trailing', b"[1, 2]", b'"text"', b"17", b"true", b"null",
    b"\xff\xfe{}", b'{"name": "\xed\xa0\x80"}', b'{"name": "\\ud800"}', b'{"name": NaN}', b'{"name": Infinity}',
    b'{"a": -Infinity}', b"[" * 90_000, b'{"a":' * 90_000, b'{"a": ' + b"9" * 5000 + b"}",
]  # fmt: skip
"""No JSON, JSON of another kind, halves of surrogate pairs, what only Python takes for numbers, too deep, too long."""

NOT_TEXT: list[Any] = [5, 1.5, True, ["john"], {"name": "john"}]
NO_DAY = [
    "31/Feb/2013", "2013-02-31", "30/02/2013", "29/Feb/2013", "2013-13-01", "2013-00-01", "32/Jan/2013", "00/Jan/2013",
    "04/Foo/2013", "04-Jan-2013", "2013-1-4", "0000-01-01", "yesterday", "04/Jan/2013 10:00", "0", "-", "\u0660\u0664/Jan/2013",
    20130104, 1.5, True, [], {},
]  # fmt: skip
NO_PERCENT: list[Any] = [
    -1,
    101,
    "x",
    "-1",
    "101",
    "+50",
    "5 0",
    "1e2",
    "50%",
    "\u0665\u0660",
    50.5,
    1e30,
    10**30,
    True,
    [],
    {},
]
NO_ROLE: list[Any] = [0, -1, 99, "99", "x", "", 1.0, 1.5, True, 2**31, 10**40, "9" * 50, [], {}]


def refused(
    world: Any, method: str, path: str, status: int = 400, field: str | None = None, *, who: str | None = "fred", **sent: Any
) -> Any:
    """The request is refused with this status, names the field if there is one, and changes nothing."""
    before = world.audit()
    answer = world.call(method, who, path, **sent)
    assert answer.status == status, (method, path, str(sent)[:200], answer.text)
    assert answer.headers["Content-Type"] == "application/json;charset=UTF-8"
    fields = answer.fields
    if field is not None:
        assert field in fields, fields
    assert world.audit() == before
    return answer


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_body_that_is_no_json_object_is_400(world: Any, method: str, path: str) -> None:
    for body in NO_OBJECT:
        refused(world, method, path, body=body)


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_body_of_two_megabytes_is_413(world: Any, method: str, path: str) -> None:
    refused(world, method, path, 413, body=b'{"name": "' + b"x" * 2 * 1024 * 1024 + b'"}')


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_body_that_is_declared_otherwise_is_415(world: Any, method: str, path: str) -> None:
    for declared in ("text/plain", "application/x-www-form-urlencoded", "application/xml"):
        refused(world, method, path, 415, json={"name": "X", "ids": [3]}, headers={"Content-Type": declared})


@pytest.mark.parametrize("path", ["1/team", "2/team", TEAM])
@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", [*NOT_TEXT, None, "", " \t", "n" * 256]),
        ("summary", NOT_TEXT),
        ("lead", [*NOT_TEXT, "nobody", "JIRAUSER99999", "cloud-dev-user"]),
        ("mission", NOT_TEXT),
        ("isPublic", ["perhaps", 7, [], {}]),
    ],
)
def test_team_field_that_cannot_be_is_400(world: Any, path: str, field: str, values: list[Any]) -> None:
    for value in values:
        refused(world, "PUT" if path == TEAM else "POST", path, 400, field, json={"name": "Visitors", field: value})


def test_new_team_without_name_is_400(world: Any) -> None:
    for path in ("1/team", "2/team"):
        refused(world, "POST", path, 400, "name", json={"summary": "nameless", "lead": "john"})


@pytest.mark.parametrize(
    "member",
    [
        {}, {"name": ""}, {"name": None}, {"type": "USER"}, {"name": "nobody"}, {"key": "nobody"}, {"name": "cloud-dev-user"},
        {"name": "bob"}, {"key": "bob"}, {"name": "david", "type": "USER"}, {"name": "cloud-dev-user", "type": "GROUP"},
        {"name": "nobody", "type": "GROUP"}, {"name": "erica", "type": "GROUP"}, {"type": "GROUP"},
    ],
)  # fmt: skip
def test_member_that_cannot_be_added_is_400(world: Any, member: dict[str, Any]) -> None:
    refused(world, "POST", MEMBERS, 400, "member", json={"member": member, "membership": {"role": {"id": 1}}})


@pytest.mark.parametrize("kind", ["ROBOT", "GROUP_USER", "users", 5, True, [], {}])
def test_member_of_another_kind_is_400(world: Any, kind: Any) -> None:
    refused(world, "POST", MEMBERS, 400, "member.type", json={"member": {"name": "erica", "type": kind}})


@pytest.mark.parametrize("body", [{}, {"member": None}, {"membership": {}}, {"members": {"name": "erica"}}])
def test_new_member_without_person_is_400(world: Any, body: Any) -> None:
    refused(world, "POST", MEMBERS, 400, "member", json=body)


@pytest.mark.parametrize("value", [5, "erica", [], ["erica"], True])
def test_parts_of_a_member_that_are_no_objects_are_400(world: Any, value: Any) -> None:
    refused(world, "POST", MEMBERS, 400, "member", json={"member": value})
    refused(world, "POST", MEMBERS, 400, "membership", json={"member": {"name": "erica"}, "membership": value})
    refused(world, "POST", MEMBERS, 400, "membership.role", json={"member": {"name": "erica"}, "membership": {"role": value}})
    refused(world, "PUT", MEMBER, 400, "membership", json={"membership": value})
    refused(world, "POST", MEMBERSHIPS, 400, "role", json={"role": value})
    for field in ("name", "key"):
        if not isinstance(value, str):
            refused(world, "POST", MEMBERS, 400, f"member.{field}", json={"member": {field: value}})


def periods_refused(world: Any, field: str, values: list[Any], wrap: Callable[[Any], Any] = lambda value: value) -> None:
    """The field is refused wherever a period is written."""
    for value in values:
        period = {field: wrap(value)}
        for method, path, body in (
            ("POST", MEMBERS, {"member": {"name": "erica"}, "membership": period}),
            ("PUT", MEMBER, {"membership": period}),
            ("POST", MEMBERSHIPS, {"dateFrom": "2014-01-01", **period}),
            ("PUT", MEMBERSHIP, period),
        ):
            answer = refused(world, method, path, json=body)
            assert any(name.removeprefix("membership.").partition(".")[0] == field for name in answer.fields), (value, path)


@pytest.mark.parametrize("field", ["dateFrom", "dateTo"])
def test_day_that_does_not_exist_is_400(world: Any, field: str) -> None:
    periods_refused(world, field, NO_DAY)


def test_availability_that_is_no_percentage_is_400(world: Any) -> None:
    periods_refused(world, "availability", NO_PERCENT)


def test_role_that_does_not_exist_is_400(world: Any) -> None:
    periods_refused(world, "role", NO_ROLE, lambda value: {"id": value})


@pytest.mark.parametrize(
    ("method", "path", "period", "field"),
    [
        ("POST", MEMBERSHIPS, {"dateFrom": "2014-02-02", "dateTo": "2014-02-01"}, "dateTo"),
        ("PUT", MEMBERSHIP, {"dateFrom": "2013-12-01"}, "dateTo"),
        ("PUT", MEMBERSHIP, {"dateFrom": "02/Jan/2013", "dateTo": "01/Jan/2013"}, "dateTo"),
        ("POST", MEMBERSHIPS, {}, "dateFrom"),
        ("POST", MEMBERSHIPS, {"dateFrom": "2013-11-29"}, "dateFrom"),
        ("POST", MEMBERSHIPS, {"dateTo": "1999-12-31"}, "dateFrom"),
        ("POST", MEMBERSHIPS, {"dateFrom": "2013-11-29", "dateTo": "2013-11-29"}, "dateFrom"),
        ("POST", "2/team/1/member/7/membership", {"dateFrom": "2012-12-31", "dateTo": "2013-05-31"}, "dateFrom"),
        ("POST", "2/team/1/member/7/membership", {"dateFrom": "2013-01-01"}, "dateFrom"),
        ("PUT", "2/team/1/member/7/membership/7", {"dateTo": ""}, "dateFrom"),
        ("PUT", "2/team/1/member/7/membership/8", {"dateFrom": "2012-12-31"}, "dateFrom"),
    ],
)
def test_period_that_ends_before_it_begins_or_overlaps_is_400(
    world: Any, method: str, path: str, period: dict[str, str], field: str
) -> None:
    refused(world, method, path, 400, field, json=period)


def test_new_member_with_a_period_that_ends_before_it_begins_is_400(world: Any) -> None:
    period = {"dateFrom": "2013-02-02", "dateTo": "2013-02-01"}
    refused(world, "POST", MEMBERS, 400, "dateTo", json={"member": {"name": "erica"}, "membership": period})


@pytest.mark.parametrize(
    "body", [{}, {"ids": None}, {"ids": 3}, {"ids": "3"}, {"ids": {"3": 4}}, {"ids": ["x"]}, {"ids": [0]}, {"ids": [-3]},
             {"ids": [2**31]}, {"ids": [True]}, {"ids": [3.0]}, {"ids": [None]}, {"ids": [[3]]}]
)  # fmt: skip
def test_members_of_teams_that_are_no_ids_are_400(world: Any, body: Any) -> None:
    answer = refused(world, "POST", "2/team/members", json=body)
    assert any(name.partition(".")[0] == "ids" for name in answer.fields)


def test_members_of_teams_with_a_wrong_flag_are_400(world: Any) -> None:
    for flag in ("perhaps", 7, [], {}):
        refused(world, "POST", "2/team/members", 400, "onlyActive", json={"ids": [3], "onlyActive": flag})


@pytest.mark.parametrize("name", [*NOT_TEXT, None, "", "  ", "Member", "scrum MASTER", " Developer "])
def test_role_that_has_no_name_or_a_used_one_is_400(world: Any, name: Any) -> None:
    refused(world, "POST", "2/role", 400, "name", json={"name": name})


@pytest.mark.parametrize(
    "holders",
    [
        {"users": "erica"}, {"users": {"name": "erica"}}, {"users": 5}, {"groups": "hr"}, {"groups": [5], "users": []},
        {"users": ["erica", None]}, {"users": [["erica"]]}, {"users": [{"name": "erica"}]},
        {"users": ["erica", "nobody"]}, {"groups": ["hr", "nobody"]}, {"users": ["cloud-dev-user"]}, {"groups": ["erica"]},
    ],
)  # fmt: skip
def test_holders_of_a_permission_that_do_not_exist_are_400(world: Any, holders: dict[str, Any]) -> None:
    refused(world, "PUT", BROWSE, json=holders)


def test_search_text_that_is_no_text_is_400(world: Any) -> None:
    for value in [*NOT_TEXT, None]:
        refused(world, "POST", "3/search", 400, "teamSearchString", json={"teamSearchString": value})


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("2/team/3/member?type=robot", "type"),
        ("2/team/3/member?type=GROUP_USER", "type"),
        ("2/teammember/bob/memberships?from=31/Feb/2013", "from"),
        ("2/teammember/bob/memberships?to=2013-02-31", "to"),
        ("2/teammember/bob/memberships?from=2013-02-02&to=2013-02-01", "to"),
        ("2/teammember/team/3/members?from=x", "from"),
        ("2/teammember/team/3/members?from=20130101", "from"),
        ("2/teammember/team/3/members?to=2013-W01-1", "to"),
        ("/jira/rest/api/2/user/search?username=.&startAt=-1", "startAt"),
        ("/jira/rest/api/2/user/search?username=.&maxResults=many", "maxResults"),
        ("/jira/rest/api/2/mypermissions?permissions=FLY", "FLY"),
    ],
)
def test_query_that_cannot_be_read_is_400(world: Any, path: str, field: str) -> None:
    refused(world, "GET", path, 400, field)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "2/team/77"), ("PUT", "2/team/77"), ("DELETE", "2/team/77"), ("GET", "1/team/77"), ("GET", "2/team/77/member"),
        ("POST", "2/team/77/member"), ("GET", "2/team/3/member/77"), ("PUT", "2/team/3/member/77"),
        ("DELETE", "2/team/3/member/77"),
        ("DELETE", "2/team/1/member/4"), ("PUT", "2/team/1/member/4/deactivate"), ("PUT", "2/team/77/member/4/deactivate"),
        ("DELETE", "2/team/3/member/2000000000"), ("POST", "2/team/3/member/77/membership"),
        ("PUT", "2/team/3/member/4/membership/5"),
        ("DELETE", "2/team/3/member/4/membership/77"), ("GET", "2/permission/team/77/tempo.teams.browse.team"),
        ("PUT", "2/permission/team/3/tempo.teams.fly"), ("GET", "2/user/nobody/memberships"),
        ("GET", "2/teammember/nobody/memberships"), ("GET", "2/teammember/team/77/members"),
        ("GET", "/jira/rest/api/2/project/NONE"),
        ("GET", "/jira/rest/api/2/user?username=nobody"), ("GET", "/jira/rest/api/2/group/member?groupname=nobody"),
    ],
)  # fmt: skip
def test_unknown_thing_in_the_path_is_404(world: Any, method: str, path: str) -> None:
    refused(world, method, path, 404, body=b"{}")


@pytest.mark.parametrize("number", ["0", "-3", "2147483648", "9" * 40, "3.0", "three", "%F3", "3%00", "\u0663"])
def test_id_that_no_team_can_have_is_404(world: Any, number: str) -> None:
    for path in (f"1/team/{number}", f"2/team/{number}", f"2/team/{number}/member", f"2/team/3/member/{number}"):
        answer = world.get("fred", path)
        assert (answer.status, answer.headers["Content-Type"]) == (404, "application/json;charset=UTF-8"), path
    for method in ("PUT", "DELETE"):
        answer = world.call(method, "fred", f"2/team/{number}", {})
        assert (answer.status, answer.headers["Content-Type"]) == (404, "application/json;charset=UTF-8"), method


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        (None, "2/team/77/member", 401),
        (None, "2/nowhere", 401),
        ("greta", "2/nowhere", 404),
        ("greta", "2/team/77/member", 404),
        ("greta", MEMBERS, 403),
        ("erica", MEMBERS, 403),
        ("fred", MEMBERS, 400),
    ],
)
def test_checks_come_in_the_order_who_what_may_and_body(world: Any, who: str | None, path: str, status: int) -> None:
    before = world.audit()
    assert world.post(who, path, body=b"no json").status == status
    assert world.audit() == before


def test_a_refused_request_leaves_no_half_of_it(world: Any) -> None:
    # A lead that does not exist, beside a name that would do: neither is taken.
    refused(world, "PUT", TEAM, 400, "lead", json={"name": "Renamed", "lead": "nobody"})
    assert world.get("fred", TEAM).json["name"] == "Cloud Development"
    refused(world, "PUT", BROWSE, json={"users": ["bob", "nobody"]})
    assert [user["name"] for user in world.get("fred", BROWSE).json["users"]] == ["laura"]
