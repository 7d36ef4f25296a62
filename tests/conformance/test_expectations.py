"""What checks are made of: shapes, expectations, the ledger."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conformance import beans, expect
from conformance.calls import Answer, Call, Credentials, Unmet
from conformance.datacenter.items import Style, day, normal, style_of
from conformance.ledger import Ledger
from conformance.shapes import FLAG, ListOf, MapOf

ROLE = {"id": 1, "name": "Member", "default": True}
MEMBERSHIP = {
    "id": 11,
    "role": ROLE,
    "dateFrom": "04/Jan/13",
    "dateTo": "",
    "availability": "60",
    "teamMemberId": 12,
    "teamId": 3,
    "status": "active",
}


def answer(text: str, status: int = 200, content_type: str = "text/html") -> Answer:
    return Answer(Call("GET", "http://localhost/", Credentials("anonymous")), status, {"content-type": content_type}, text)


def faults(shape: Any, value: object) -> list[str]:
    return list(shape.faults(value, ""))


def test_right_bean_has_no_faults_and_may_hold_more() -> None:
    assert faults(beans.MEMBERSHIP, {**MEMBERSHIP, "somethingNew": 1}) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"availability": 60}, "availability is the number 60, not a percentage as a text of digits"),
        ({"availability": "60%"}, 'availability is the text "60%", not a percentage as a text of digits'),
        ({"id": True}, "id is the boolean true, not a positive whole number"),
        ({"id": "11"}, 'id is the text "11", not a positive whole number'),
        ({"status": "future"}, 'status is the text "future", not "active" or "past"'),
        ({"role": {"id": 1}}, "role.name is missing"),
        ({"role": None}, "role is null, not an object"),
    ],
)
def test_wrong_member_is_one_fault_with_its_place(change: dict[str, object], told: str) -> None:
    assert faults(beans.MEMBERSHIP, {**MEMBERSHIP, **change}) == [told]


def test_all_faults_are_told_with_their_index() -> None:
    found = faults(ListOf(beans.ROLE), [ROLE, {"id": 0}, 5])
    assert found == [
        "[1].id is the number 0, not a positive whole number",
        "[1].name is missing",
        "[2] is the number 5, not an object",
    ]


def test_wrong_value_of_a_map_is_told_with_its_key() -> None:
    assert faults(MapOf(FLAG), {"plan.view": True}) == []
    assert faults(MapOf(FLAG), {"plan.view": "yes"}) == ['plan.view is the text "yes", not a boolean']
    assert faults(MapOf(FLAG), ["plan.view"]) == ["the body is an array of 1, not an object"]


def test_group_with_membership_is_a_fault() -> None:
    member = {"teamMemberId": 1, "name": "g", "activeInJira": True, "displayname": "g", "type": "GROUP", "avatar": {}}
    assert faults(beans.GROUP_ITEM, {"id": 1, "member": member}) == []
    assert faults(beans.GROUP_ITEM, {"id": 1, "member": member, "membership": {}}) == ["membership is there"]


def test_person_needs_one_of_the_display_names() -> None:
    assert faults(beans.PERSON, {"key": "k", "displayName": "K"}) == []
    assert faults(beans.PERSON, {"key": "k"}) == ["the object has none of displayname, displayName"]


@pytest.mark.parametrize(
    ("text", "fails"),
    [
        ('{"errorMessages": ["no"], "errors": {}}', None),
        ('{"errorMessages": [], "errors": {"name": "missing"}}', None),
        ('{"errors": {"name": "missing"}}', None),
        ('{"errorMessages": [], "errors": {}}', "that say something"),
        ('{"errorMessages": "no", "errors": {}}', "errorMessages as a list"),
        ('{"errorMessages": ["no"], "errors": []}', "errors as an object"),
        ('{"errors": [{"message": "no"}]}', "errors as an object"),
        ('["no"]', "an error object"),
        ("<html>", "a body that is JSON"),
    ],
)
def test_error_body_is_jiras(text: str, fails: str | None) -> None:
    if fails is None:
        expect.error_body(answer(text, 400))
    else:
        with pytest.raises(Unmet) as raised:
            expect.error_body(answer(text, 400))
        assert fails in raised.value.expected


@pytest.mark.parametrize(
    ("claim", "told"),
    [
        (lambda: expect.status(answer("{}", 201), 200, 204), "expected status 200 or 204; got status 201"),
        (lambda: expect.success(answer("", 403)), "expected a 2xx status; got status 403"),
        (
            lambda: expect.json_list(answer('{"results": []}')),
            "expected a bare JSON array; got an object with the members results",
        ),
        (lambda: expect.json_object(answer("[]")), "expected one JSON object; got an array of 0"),
        (lambda: expect.objects(answer('["a"]')), 'expected an object at [0]; got the text "a"'),
        (lambda: expect.no_body(answer("{}", 204)), "expected no body; got a body of 2 characters"),
        (lambda: expect.equal(answer("{}"), "id", 4, 5), "expected id = 5; got id = 4"),
        (
            lambda: expect.same_set(answer("{}"), "names", ["a", "a"], ["a"]),
            'expected names = ["a"] in any order; got names = ["a", "a"]',
        ),
        (
            lambda: expect.without_members(answer('[{"a": {"self": 1}}]'), ["self"]),
            "expected no member called self; got found [0].a.self",
        ),
        (
            lambda: expect.content_type(answer("{}", content_type="application/json")),
            'expected Content-Type = "application/json;charset=UTF-8"; got Content-Type = "application/json"',
        ),
    ],
)
def test_failed_expectation_tells_both_sides(claim: Callable[[], object], told: str) -> None:
    with pytest.raises(Unmet) as raised:
        claim()
    assert str(raised.value) == told
    assert raised.value.answer is not None


def test_expectations_that_hold_say_nothing() -> None:
    expect.same_set(answer("{}"), "names", ["b", "a"], ["a", "b"])
    expect.content_type(answer("{}", content_type="application/json;charset=UTF-8"))
    expect.without_members(answer('{"lead": "self"}'), ["self"])
    assert expect.json_list(answer("[1]")) == [1]


@pytest.mark.parametrize(
    ("item", "style"),
    [
        ({"member": {}}, Style.GUIDE),
        ({"memberBean": {}}, Style.OLD),
        ({"member": {}, "memberBean": {}}, Style.BOTH),
        ({}, Style.NONE),
    ],
)
def test_style_of_an_item_is_recognised(item: dict[str, object], style: Style) -> None:
    assert style_of(item) is style


def test_item_of_the_old_style_reads_like_the_new() -> None:
    old = {"id": 1, "memberBean": {"name": "bob"}, "membershipBean": {"id": 2}}
    assert normal(old) == {"id": 1, "member": {"name": "bob"}, "membership": {"id": 2}}


@pytest.mark.parametrize(
    ("membership", "meant"),
    [
        ({"dateFrom": "04/Jan/13"}, "2013-01-04"),
        ({"dateFrom": ""}, ""),
        ({"dateFrom": None}, ""),
        ({}, ""),
        ({"dateFrom": "04.01.13", "dateFromANSI": "2013-01-04"}, "2013-01-04"),
        ({"dateFrom": "04.01.13"}, "04.01.13"),
        ({"dateFrom": "04/Xyz/13"}, "04/Xyz/13"),
    ],
)
def test_day_is_read_in_either_form(membership: dict[str, object], meant: str) -> None:
    assert day(membership, "dateFrom") == meant


def test_ledger_removes_in_reverse_order_and_tells_what_stays() -> None:
    ledger = Ledger()
    removed: list[str] = []

    def remove(name: str, reason: str | None = None) -> Callable[[], str | None]:
        def removal() -> str | None:
            removed.append(name)
            return reason

        return removal

    def unreachable() -> str | None:
        removed.append("third")
        raise Unmet("an answer", "connection refused")

    ledger.add("first", remove("first"))
    mark = ledger.mark()
    ledger.add("second", remove("second", "DELETE answered 500"))
    ledger.add("third", unreachable)
    ledger.unwind(mark)
    assert removed == ["third", "second"]
    ledger.unwind()
    assert removed == ["third", "second", "first"]
    assert ledger.left == ("third: expected an answer; got connection refused", "second: DELETE answered 500")
    ledger.forgive("second")
    ledger.note_left("third", "something else")
    assert list(ledger.left) == ["third: expected an answer; got connection refused"]


def test_ledger_tells_what_an_aborted_removal_left() -> None:
    ledger = Ledger()

    def interrupted() -> str | None:
        raise KeyboardInterrupt

    ledger.add("team 5", interrupted)
    with pytest.raises(KeyboardInterrupt):
        ledger.unwind()
    assert ledger.left == ("team 5: the run ended before its removal",)
