"""Answers become records, or the member that is not as published is named."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration import wire
from integration.hours import Holiday
from integration.records import Issue, Person, Plan

PLAN: dict[str, Any] = {
    "self": "https://api.tempo.io/4/plans/7",
    "id": 7,
    "startDate": "2026-03-02",
    "startTime": "09:30",
    "assignee": {"self": "https://x.example/user", "id": "bob", "type": "USER"},
    "planItem": {"self": "https://x.example/issue/10240", "id": "10240", "type": "ISSUE"},
    "planApproval": {"status": "REQUESTED", "reviewer": {"id": "erica"}},
    "plannedTime": {
        "metadata": {"all": "https://api.tempo.io/4/plans/7"},
        "days": {"count": 2, "values": [{"date": "2026-03-03", "plannedSeconds": 60},
                                        {"date": "2026-03-02T00:00:00Z", "plannedSeconds": 28800}]},
    },
}  # fmt: skip
WORKLOG: dict[str, Any] = {
    "tempoWorklogId": 12,
    "issue": {"self": "https://x.example/issue/10240", "id": 10240},
    "author": {"self": "https://x.example/user", "accountId": "bob"},
    "startDate": "2026-03-02",
    "startTime": "8:15:30",
    "timeSpentSeconds": 3600,
}
SCHEME: dict[str, Any] = {
    "id": 1,
    "name": "Eight hours",
    "defaultScheme": True,
    "days": [{"day": name, "requiredSeconds": 28800} for name in reversed(wire.WEEK)],
}
HOLIDAY = {"id": 3, "date": "2026-12-24", "type": "FIXED", "name": "Eve", "durationSeconds": 14400}
MEMBER = {"member": {"self": "https://x.example/user", "accountId": "bob"}, "schemeId": 4}
USER = {"accountId": "bob", "displayName": "Bob", "timeZone": "Europe/Berlin", "active": True}
ISSUE = {"id": "10240", "key": "HR-1", "fields": {"summary": "Paid time off"}}
PAGE: dict[str, Any] = {
    "metadata": {"count": 1, "offset": 3, "limit": 1, "next": "https://api.tempo.io/4/plans?from=2026-03-02&a=1&a=&offset=4"},
    "results": [{"id": 1}],
}

DECODERS = {
    "plan": (lambda bean: wire.Decoder().plan(bean), PLAN),
    "worklog": (lambda bean: wire.Decoder().worklog(bean), WORKLOG),
    "workload_scheme": (wire.workload_scheme, SCHEME),
    "holiday_scheme": (wire.holiday_scheme, SCHEME),
    "holiday": (wire.holiday, HOLIDAY),
    "scheme_member": (wire.scheme_member, MEMBER),
    "person": (wire.person, USER),
    "issue": (wire.issue, ISSUE),
    "page": (wire.page, PAGE),
}
GONE = object()


def with_value(bean: Any, path: str, value: object) -> Any:
    """A copy whose member at a dotted path is another, or is not there."""
    changed = deepcopy(bean)
    *outer, last = path.split(".")
    inner = changed
    for name in outer:
        inner = inner[int(name) if name.isdecimal() else name]
    if value is GONE:
        del inner[last]
    else:
        inner[int(last) if last.isdecimal() else last] = value
    return changed


def test_what_is_as_published() -> None:
    days = ((date(2026, 3, 2), 28800), (date(2026, 3, 3), 60))
    assert wire.Decoder().plan(PLAN) == Plan(7, "bob", "USER", "10240", "ISSUE", time(9, 30), days, "REQUESTED")
    logged = ((date(2026, 3, 2), 3600),)
    assert wire.Decoder().worklog(WORKLOG) == Plan(12, "bob", "USER", "10240", "ISSUE", time(8, 15, 30), logged, None, True)
    assert wire.workload_scheme(SCHEME) == wire.Scheme(1, True, (28800,) * 7)
    assert wire.holiday_scheme(SCHEME) == wire.Scheme(1, True)
    assert wire.holiday(HOLIDAY) == Holiday(date(2026, 12, 24), True, 14400)
    assert wire.holiday({**HOLIDAY, "type": "FLOATING"}) == Holiday(date(2026, 12, 24), False, 14400)
    assert wire.scheme_member(MEMBER) == ("bob", 4)
    assert wire.person(USER) == Person("bob", "Bob", "Europe/Berlin", True)
    assert wire.issue(ISSUE) == Issue("10240", "HR-1", "Paid time off")
    assert wire.issue({"id": 10240, "key": "HR-1", "summary": "Paid time off"}) == Issue("10240", "HR-1", "Paid time off")
    following = ("/4/plans", (("from", "2026-03-02"), ("a", "1"), ("a", ""), ("offset", "4")))
    assert wire.page(PAGE) == wire.Page([{"id": 1}], 3, 1, following)


def test_a_list_that_is_not_paged_is_one_page() -> None:
    assert wire.page({"metadata": {"count": 2}, "results": [{}, {}]}) == wire.Page([{}, {}], 0, 3, None)
    assert wire.page({"metadata": {}, "results": []}) == wire.Page([], 0, 1, None)


@pytest.mark.parametrize(
    ("what", "path", "value", "named"),
    [
        ("plan", "id", GONE, "id is missing"),
        ("plan", "id", "7", "id is not a whole number"),
        ("plan", "id", True, "id is no whole number"),
        ("plan", "assignee", GONE, "assignee is missing"),
        ("plan", "assignee", "bob", "assignee is not an object"),
        ("plan", "assignee.id", GONE, "assignee.id is missing"),
        ("plan", "assignee.type", None, "assignee.type is missing"),
        ("plan", "planItem", [], "planItem is not an object"),
        ("plan", "planItem.id", GONE, "planItem.id is missing"),
        ("plan", "planItem.id", "", "planItem.id is not a whole number"),
        ("plan", "planItem.id", 1.5, "planItem.id is not a whole number"),
        ("plan", "planItem.type", 1, "planItem.type is not a text"),
        ("plan", "plannedTime", GONE, "plannedTime (the DAILY breakdown that was asked for) is missing"),
        ("plan", "plannedTime.days", GONE, "plannedTime.days is missing"),
        ("plan", "plannedTime.days.values", {}, "plannedTime.days.values is not a list"),
        ("plan", "plannedTime.days.values.0", "2026-03-02", "a planned day is not an object"),
        ("plan", "plannedTime.days.values.0.date", GONE, "date is missing"),
        ("plan", "plannedTime.days.values.0.date", "2026-02-30", "'2026-02-30' is not a day"),
        ("plan", "plannedTime.days.values.0.date", "tomorrow", "'tomorrow' is not a day"),
        ("plan", "plannedTime.days.values.0.plannedSeconds", 60.5, "plannedSeconds is not a whole number"),
        ("plan", "startTime", "25:00", "'25:00' is not a time of day"),
        ("plan", "startTime", 34200, "startTime is not a text"),
        ("plan", "startTime", "09:30+02:00", "is not a time of day on somebody's own clock"),
        ("plan", "startTime", "", "'' is not a time of day"),
        ("plan", "planApproval", "REQUESTED", "planApproval is not an object"),
        ("plan", "planApproval.status", GONE, "status is missing"),
        ("worklog", "tempoWorklogId", GONE, "tempoWorklogId is missing"),
        ("worklog", "issue", GONE, "issue is missing"),
        ("worklog", "issue.id", GONE, "issue.id is missing"),
        ("worklog", "author.accountId", GONE, "author.accountId is missing"),
        ("worklog", "timeSpentSeconds", "3600", "timeSpentSeconds is not a whole number"),
        ("worklog", "startDate", None, "startDate is missing"),
        ("workload_scheme", "id", GONE, "id is missing"),
        ("workload_scheme", "days", GONE, "days is missing"),
        ("workload_scheme", "days.0.day", "HOLIDAY", "a workload scheme does not have the seven days of the week"),
        ("workload_scheme", "days.0.day", "MONDAY", "a workload scheme does not have the seven days of the week"),
        ("workload_scheme", "days.2.requiredSeconds", GONE, "requiredSeconds is missing"),
        ("holiday_scheme", "id", None, "id is missing"),
        ("holiday", "date", GONE, "date is missing"),
        ("holiday", "type", GONE, "type is missing"),
        ("holiday", "durationSeconds", GONE, "durationSeconds is missing"),
        ("scheme_member", "member", GONE, "member is missing"),
        ("scheme_member", "member.accountId", GONE, "member.accountId is missing"),
        ("scheme_member", "schemeId", "4", "schemeId is not a whole number"),
        ("person", "accountId", GONE, "accountId is missing"),
        ("issue", "key", GONE, "key is missing"),
        ("issue", "id", GONE, "id is missing"),
        ("page", "metadata", GONE, "metadata is missing"),
        ("page", "results", GONE, "results is missing"),
        ("page", "results", {}, "results is not a list"),
        ("page", "results.0", 3, "a row of results is not an object"),
        ("page", "metadata.count", 2, "metadata.count is 2, and there are 1 results"),
        ("page", "metadata.count", "1", "metadata.count is not a whole number"),
        ("page", "metadata.offset", None, "offset is missing"),
        ("page", "metadata.next", 5, "metadata.next is not a text"),
        ("page", "metadata.next", "http://[::1/4/plans", "'http://[::1/4/plans' is not an address"),
    ],
)  # fmt: skip
def test_what_is_not_is_named(what: str, path: str, value: object, named: str) -> None:
    decode, bean = DECODERS[what]
    with pytest.raises(wire.NotAsPublished) as caught:
        decode(with_value(bean, path, value))
    assert named in str(caught.value)


@pytest.mark.parametrize("what", DECODERS)
@pytest.mark.parametrize("answer", [None, [], "x", 3, True, {}])
def test_anything_else_is_not_as_published(what: str, answer: Any) -> None:
    decode, _ = DECODERS[what]
    if what in ("page", "person", "issue") or isinstance(answer, dict):
        with pytest.raises(wire.NotAsPublished):
            decode(answer)
    else:
        with pytest.raises(wire.NotAsPublished):
            wire.page({"metadata": {}, "results": [answer]})


@pytest.mark.parametrize(
    ("told", "value"),
    [
        ("09:30", time(9, 30)),
        ("9:30", time(9, 30)),
        ("09:30:15", time(9, 30, 15)),
        ("00:00", time()),
        ("23:59:59", time(23, 59, 59)),
    ],
)
def test_times_of_day(told: str, value: time) -> None:
    assert wire.clock(told) == value


@pytest.mark.parametrize("told", ["2026-03-02", "2026-03-02T23:59:59Z", "2026-03-02T00:00:00.000+13:00", "2026-03-02 00:00"])
def test_a_moment_is_its_day(told: str) -> None:
    assert wire.day(told) == date(2026, 3, 2)


@pytest.mark.parametrize("zone", [None, "", "Mars/Olympus", "Europe", "../etc/passwd", 3, [], "GMT+25:00"])
def test_a_zone_that_nobody_knows_is_none(zone: Any) -> None:
    assert wire.person({**USER, "timeZone": zone}).zone is None


def test_what_else_jira_leaves_out_of_a_user() -> None:
    assert wire.person({"accountId": "bob"}) == Person("bob", "bob", None, True)
    assert wire.person({"accountId": "bob", "active": False}).active is False


plans = st.builds(
    Plan,
    id=st.integers(1, 2**31),
    assignee_id=st.text(min_size=1),
    assignee_type=st.sampled_from(["USER", "GENERIC"]),
    item_id=st.integers(1, 10**12).map(str),
    item_type=st.sampled_from(["ISSUE", "PROJECT"]),
    start_time=st.none() | st.times().map(lambda moment: moment.replace(microsecond=0)),
    days=st.lists(
        st.tuples(st.dates(), st.integers(0, 10**7)), max_size=6, unique_by=lambda entry: entry[0]
    ).map(lambda found: tuple(sorted(found))),
    status=st.sampled_from([None, "REQUESTED", "APPROVED", "REJECTED"]),
)  # fmt: skip


@given(plans, st.randoms(use_true_random=False))
def test_a_plan_as_it_is_published_comes_back(plan: Plan, random: Any) -> None:
    values = [{"date": day.isoformat(), "plannedSeconds": seconds} for day, seconds in plan.days]
    random.shuffle(values)
    bean: dict[str, Any] = {
        "id": plan.id,
        "assignee": {"id": plan.assignee_id, "type": plan.assignee_type},
        "planItem": {"id": random.choice([plan.item_id, int(plan.item_id)]), "type": plan.item_type},
        "plannedTime": {"days": {"count": len(values), "values": values}},
    }
    if plan.start_time is not None:
        bean["startTime"] = plan.start_time.isoformat()
    if plan.status is not None:
        bean["planApproval"] = {"status": plan.status}
    assert wire.Decoder().plan(bean) == plan


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "id",
                        "metadata",
                        "results",
                        "assignee",
                        "planItem",
                        "type",
                        "days",
                        "plannedTime",
                        "values",
                        "next",
                        "date",
                    ]
                ),
                inner,
            )
        ),
    )
)
def test_no_answer_whatsoever_ends_in_anything_else(answer: Any) -> None:
    for decode, _ in DECODERS.values():
        try:
            decode(answer if isinstance(answer, dict) else {"metadata": answer, "results": answer, "id": answer})
        except wire.NotAsPublished:
            continue


def test_days_are_shared_by_plans() -> None:
    decoder = wire.Decoder()
    one, other = decoder.plan(PLAN), decoder.plan({**PLAN, "id": 8})
    assert one.days[0] is other.days[0]
    assert one.days[0][0] - timedelta(days=1) == date(2026, 3, 1)
