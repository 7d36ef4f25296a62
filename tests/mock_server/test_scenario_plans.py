"""Schemes, plans and teams of internal issues in scenarios: what is refused, which days are meant, and that they come back."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mock_server import scenario
from mock_server.documents import scenario_schema
from mock_server.errors import Unusable
from mock_server.export import scenario_files
from mock_server.moments import moment_text, parse_moment
from mock_server.nouns.days import WEEKDAYS, day_after
from mock_server.nouns.plans import PlanEntry, pattern_of
from mock_server.seed import seed
from mock_server.storage.opening import in_memory
from mock_server.storage.store import Store

GUIDE = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(scenario.find("guide").glob("*.json"))}
WEEK = [28800] * 5 + [0, 0]
PLAN = {"person": "bob", "issue": "CLOUD-3", "start": "2013-11-18", "per_day": 3600}
SOON = {"person": "bob", "issue": "CLOUD-3", "start_in": 1, "per_day": 3600}
WEEKLY = {**PLAN, "rule": "WEEKLY", "until": "2013-12-09"}
TODAY = date(2013, 11, 15)
"""A Friday."""


def but(entry: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The entry with changes; None takes a member away."""
    return {name: value for name, value in {**entry, **changes}.items() if value is not None}


def written(folder: Path, toml: str = "", **nouns: Any) -> Path:
    """The scenario guide without its schemes and plans, with these nouns instead."""
    without = dict.fromkeys(("plans", "workload_schemes", "holiday_schemes"), ())
    for name, entries in {**GUIDE, **without, **nouns}.items():
        (folder / f"{name}.json").write_text(json.dumps(list(entries)), encoding="utf-8")
    (folder / "scenario.toml").write_text(toml, encoding="utf-8")
    return folder


def seeded(folder: Path, now: str = "2013-11-15T09:30:00Z") -> Store:
    store = in_memory(watched=False)
    seed(store, scenario.read(folder), parse_moment(now))
    return store


def scheme(**more: Any) -> dict[str, Any]:
    return {"name": "X", "default": True, **more}


def holiday(**more: Any) -> list[dict[str, Any]]:
    day = but({"name": "H", "date": "2013-12-24", "duration": 3600}, **more)
    return [scheme(holidays=[day])]


BY_SHAPE: list[tuple[str, Any, str]] = [
    ("workload_schemes", [scheme()], "week: Missing data"),
    ("workload_schemes", [scheme(week=WEEK, name="")], "name"),
    ("workload_schemes", [scheme(week=WEEK, id="1")], "id"),
    ("workload_schemes", [scheme(week=WEEK, colour="red")], "colour: Unknown field"),
    *(
        ("workload_schemes", [scheme(week=wrong)], "week: Not seven numbers of seconds")
        for wrong in (5, "8h", WEEK[1:], [*WEEK, 0], [*WEEK[1:], 86401], [*WEEK[1:], -1], [*WEEK[1:], 1.5],
                      {"FUNDAY": 3600}, {"MONDAY": "8h"})
    ),
    ("holiday_schemes", holiday(duration=0), "duration"),
    ("holiday_schemes", holiday(duration=86401), "duration"),
    ("holiday_schemes", holiday(date="24 December"), "date: Not a valid date"),
    ("holiday_schemes", holiday(type="MOVABLE"), "type"),
    ("holiday_schemes", holiday(name=None), "name: Missing data"),
    ("plans", but(PLAN, per_day=0), "per_day"),
    ("plans", but(PLAN, per_day=86401), "per_day"),
    ("plans", but(PLAN, per_day=None, total=0), "total"),
    ("plans", but(PLAN, start_time="9:00"), "start_time"),
    ("plans", but(PLAN, start_time="24:00"), "start_time"),
    ("plans", but(PLAN, rule="DAILY"), "rule"),
    ("plans", but(PLAN, start="Monday"), "start: Not a valid date"),
    ("plans", but(PLAN, approval={"reviewer": "erica"}), "approval.status: Missing data"),
    ("plans", but(PLAN, approval={"status": "DONE"}), "approval.status"),
    ("plans", but(SOON, start_in=36501), "start_in"),
    ("plans", but(SOON, start_in="1"), "start_in"),
    ("plans", but(SOON, days=0), "days"),
    ("plans", but(SOON, weekday="Monday"), "weekday"),
    ("plans", but(PLAN, created_at="soon"), "created_at"),
    ("issues", {**GUIDE["issues"][0], "internal_teams": ["3"]}, "internal_teams"),
]  # fmt: skip
BY_MEANING: list[tuple[str, Any, str]] = [
    ("workload_schemes", [scheme(week=WEEK, default=False)], "default: one of the schemes must be the default"),
    ("workload_schemes", [scheme(week=WEEK, members=["zoe"])], "members[]: zoe does not exist among the people"),
    ("workload_schemes", [scheme(week=WEEK, members=["bob", "bob"])], "members[] bob stands in entry 1 already"),
    ("holiday_schemes", [scheme(members=["zoe"])], "members[]: zoe does not exist among the people"),
    ("holiday_schemes", [scheme(holidays=holiday(id=1)[0]["holidays"] * 2)], "holidays[].id 1"),
    ("holiday_schemes", holiday(date=None), "Give date or date_in, and not both"),
    ("holiday_schemes", holiday(date_in=3), "Give date or date_in, and not both"),
    ("holiday_schemes", holiday(date=None, date_in=3), "date_in: Only a FLOATING holiday"),
    ("holiday_schemes", holiday(weekday="MONDAY"), "weekday: Only a holiday with date_in"),
    ("plans", but(PLAN, person=None), "Give person or generic_resource, and not both"),
    ("plans", but(PLAN, generic_resource=1), "Give person or generic_resource, and not both"),
    ("plans", but(PLAN, project="CLOUD"), "Give issue or project, and not both"),
    ("plans", but(PLAN, start_in=1), "Give start or start_in, and not both"),
    ("plans", but(PLAN, total=1), "Give per_day or total, and not both"),
    ("plans", but(PLAN, days=2), "days: It does not go with start"),
    ("plans", but(PLAN, weekday="MONDAY"), "weekday: It does not go with start"),
    ("plans", but(SOON, end="2013-11-18"), "end: It does not go with start_in"),
    ("plans", but(SOON, rule="WEEKLY", until="2013-12-18"), "until: It does not go with start_in"),
    ("plans", but(PLAN, rule="WEEKLY"), "rule: Only a plan with a rule other than NEVER"),
    ("plans", but(PLAN, until="2013-12-18"), "rule: Only a plan with a rule other than NEVER"),
    ("plans", but(PLAN, end="2013-11-17"), "end: A plan cannot end before it starts"),
    ("plans", but(WEEKLY, until="2013-11-17"), "until: A plan cannot come round for the last time before it starts"),
    ("plans", but(SOON, rule="WEEKLY", until_in=0), "until_in: A plan cannot come round for the last time before it starts"),
    ("plans", but(PLAN, end="2023-11-26"), "A plan cannot last longer than 3660 days"),
    ("plans", but(WEEKLY, until="2023-11-26"), "A plan cannot last longer than 3660 days"),
    ("plans", but(PLAN, removed_days=["2013-11-19"]), "removed_days: A day that is not in the plan"),
    ("plans", but(WEEKLY, removed_days=["2013-11-26"]), "removed_days: A day that is not in the plan"),
    ("plans", but(SOON, removed_after=[1]), "removed_days: A day that is not in the plan"),
    ("plans", but(PLAN, removed_days=["2013-11-18"]), "removed_days: A plan cannot lose all of its days"),
    ("plans", but(SOON, days=2, removed_after=[0, 1]), "removed_days: A plan cannot lose all of its days"),
    ("plans", but(PLAN, end="2013-11-20", removed_days=["2013-11-19"] * 2), "removed_days[]: 2013-11-19 stands there twice"),
    ("plans", but(PLAN, person=None, generic_resource=1, approval={"status": "REQUESTED"}), "approval: Plans of generic"),
    ("plans", but(PLAN, person="zoe"), "person: zoe does not exist among the people"),
    ("plans", but(PLAN, person=None, generic_resource=9), "generic_resource: 9 does not exist among the generic resources"),
    ("plans", but(PLAN, issue="CLOUD-99"), "issue: CLOUD-99 does not exist among the issues"),
    ("plans", but(PLAN, issue=None, project="NONE"), "project: NONE does not exist among the projects"),
    ("plans", but(PLAN, creator="zoe"), "creator: zoe does not exist among the people"),
    ("plans", but(PLAN, approval={"status": "APPROVED", "decider": "zoe"}), "approval.decider: zoe does not exist"),
    ("issues", {**GUIDE["issues"][0], "internal_teams": [3]}, "internal_teams: Only an internal issue has them"),
    ("issues", {**GUIDE["issues"][0], "internal": True, "internal_teams": [99]}, "internal_teams[]: 99 does not exist"),
    ("issues", {**GUIDE["issues"][0], "internal": True, "internal_teams": [3, 3]}, "internal_teams[]: 3 stands there twice"),
]  # fmt: skip


def entries(noun: str, wrong: Any) -> list[Any]:
    found = wrong if isinstance(wrong, list) else [wrong]
    return [*found, *GUIDE["issues"][1:]] if noun == "issues" else found


@pytest.mark.parametrize(("noun", "wrong", "told"), [*BY_SHAPE, *BY_MEANING])
def test_a_wrong_entry_is_refused_by_name(tmp_path: Path, noun: str, wrong: Any, told: str) -> None:
    with pytest.raises(Unusable) as error:
        scenario.read(written(tmp_path, **{noun: entries(noun, wrong)}))
    assert f"{noun}.json, entry 1" in str(error.value)
    assert told in str(error.value)


@pytest.mark.parametrize(("noun", "wrong", "told"), BY_SHAPE)
def test_the_schema_refuses_what_is_wrong_by_shape(noun: str, wrong: Any, told: str) -> None:
    schema = scenario_schema()
    validator = jsonschema.Draft202012Validator(
        {"$ref": f"#/$defs/{noun}.json", "$defs": schema["$defs"]},
        format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
    )
    if "_at" not in told:
        assert not validator.is_valid(entries(noun, wrong))


def test_only_one_scheme_is_the_default_and_nobody_is_in_two(tmp_path: Path) -> None:
    two = [scheme(week=WEEK, members=["bob"]), scheme(week=WEEK)]
    with pytest.raises(Unusable, match="entry 2: default: entry 1 is the default already"):
        scenario.read(written(tmp_path, workload_schemes=two))
    two[1] = scheme(week=WEEK, default=False, members=["bob"])
    with pytest.raises(Unusable, match=r"entry 2: members\[\] bob stands in entry 1 already"):
        scenario.read(written(tmp_path, workload_schemes=two))
    with pytest.raises(Unusable, match="entry 2: name X stands in entry 1 already"):
        scenario.read(written(tmp_path, holiday_schemes=[scheme(), scheme(default=False)]))


def test_a_world_without_schemes_has_the_default_ones(tmp_path: Path) -> None:
    store = seeded(written(tmp_path, "[last_ids]\nworkload_schemes = 7\nplans = 40\nholidays = 9\nholiday_schemes = 8\n"))
    for kind in ("workload", "holiday"):
        assert store.all(f"SELECT id, name, is_default FROM {kind}_schemes") == [(1, f"Tempo Default {kind.title()} Scheme", 1)]
    counters = dict(
        store.all("SELECT name, seq FROM sqlite_sequence WHERE name LIKE '%schemes' OR name IN ('plans', 'holidays')")
    )
    assert counters == {"workload_schemes": 7, "holiday_schemes": 8, "holidays": 9, "plans": 40}


def test_schemes_of_a_scenario_stand_instead_of_the_default_ones(tmp_path: Path) -> None:
    named = {"MONDAY": 3600, "SUNDAY": 1}
    days = [
        {"name": "second", "date": "2013-01-02", "duration": 2},
        {"id": 4, "name": "first", "date": "2013-01-01", "duration": 1},
    ]
    folder = written(
        tmp_path,
        workload_schemes=[{"name": "A", "week": named, "members": ["bob"]}, scheme(week=WEEK)],
        holiday_schemes=[{"id": 9, **scheme(holidays=days)}],
    )
    store = seeded(folder)
    assert store.all("SELECT id, name, week, is_default FROM workload_schemes") == [
        (1, "A", "[3600, 0, 0, 0, 0, 0, 1]", 0), (2, "X", json.dumps(WEEK), 1)
    ]  # fmt: skip
    assert store.all("SELECT p.name, m.scheme_id FROM workload_scheme_members m JOIN people p ON p.id = m.person_id") == [
        ("bob", 1)
    ]
    assert store.all("SELECT id, is_default FROM holiday_schemes") == [(9, 1)]
    assert store.all("SELECT id, scheme_id, name FROM holidays ORDER BY id") == [(4, 9, "first"), (5, 9, "second")]


@given(
    today=st.dates(date(1, 1, 2), date(9999, 12, 30)),
    days=st.integers(-36500, 36500),
    weekday=st.none() | st.sampled_from(WEEKDAYS),
)
@example(today=date(9999, 12, 30), days=36500, weekday="MONDAY")
@example(today=date(1, 1, 2), days=-36500, weekday="SUNDAY")
def test_a_day_counted_from_the_clock(today: date, days: int, weekday: str | None) -> None:
    found = day_after(today, days, weekday)
    assert date(1, 1, 2) <= found <= date(9999, 12, 30)
    number = today.toordinal() + days
    if 10 < number < date.max.toordinal() - 10:
        assert 0 <= found.toordinal() - number <= (6 if weekday else 0)
        assert weekday is None or WEEKDAYS[found.weekday()] == weekday


@pytest.mark.parametrize(
    ("entry", "span", "until", "removed"),
    [
        (SOON, ("2013-11-16", "2013-11-16"), None, []),
        (but(SOON, start_in=-3, days=5), ("2013-11-12", "2013-11-16"), None, []),
        (but(SOON, weekday="MONDAY", days=5, removed_after=[2]), ("2013-11-18", "2013-11-22"), None, ["2013-11-20"]),
        (but(SOON, start_in=0, weekday="FRIDAY"), ("2013-11-15", "2013-11-15"), None, []),
        (but(SOON, rule="WEEKLY", until_in=20, removed_after=[7]), ("2013-11-16", "2013-11-16"), "2013-12-05", ["2013-11-23"]),
        (but(SOON, rule="WEEKLY", weekday="FRIDAY", until_in=2), ("2013-11-22", "2013-11-22"), "2013-11-22", []),
        (but(PLAN, end="2013-11-20", removed_days=["2013-11-19"]), ("2013-11-18", "2013-11-20"), None, ["2013-11-19"]),
        (PLAN, ("2013-11-18", "2013-11-18"), None, []),
    ],
)
def test_the_days_of_a_plan(entry: dict[str, Any], span: tuple[str, str], until: str | None, removed: list[str]) -> None:
    pattern = pattern_of(PlanEntry().load(entry), TODAY)
    assert tuple(map(str, pattern.span)) == span
    assert (str(pattern.until) if pattern.until else None) == until
    assert [str(day) for day in pattern.removed] == removed


@pytest.mark.parametrize(
    "now", ["0001-01-02T00:00:00Z", "2013-11-15T23:59:59Z", "2024-02-29T00:00:00Z", "9999-12-30T23:00:00Z"]
)
def test_the_guide_begins_on_any_day(now: str) -> None:
    store = in_memory(watched=False)
    seed(store, scenario.read(scenario.find("guide")), parse_moment(now))
    assert store.value("SELECT count(*) FROM plans") == len(GUIDE["plans"])
    assert store.value("SELECT count(*) FROM plans WHERE created_at > ?", (moment_text(parse_moment(now)),)) == 0


def once_more(store: Store, folder: Path) -> tuple[dict[str, str], dict[str, str], Store]:
    """The files of a world, those of the world made from them a year later, and that world."""
    files = scenario_files(store, {})
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    copy = in_memory(watched=False)
    seed(copy, scenario.read(folder), datetime(2015, 1, 1, tzinfo=UTC))
    return files, scenario_files(copy, {}), copy


DERIVED = ("plan_stretches", "plan_removed_days", "internal_issue_teams", "workload_scheme_members", "holiday_scheme_members")


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Any]:
    """An entry of a plan that can be."""
    draw_one = draw(st.sampled_from([{"person": "bob"}, {"person": "olaf"}, {"generic_resource": 2}]))
    subject = draw(st.sampled_from([{"issue": "HR-2"}, {"project": "SAFE"}]))
    amount = draw(st.sampled_from([{"per_day": 25920}, {"total": 100_001}]))
    first, length = draw(st.integers(-400, 400)), draw(st.integers(1, 40))
    rule = draw(st.sampled_from(["NEVER", "WEEKLY", "BI_WEEKLY", "MONTHLY"]))
    repeats = {} if rule == "NEVER" else {"rule": rule, "until_in": first + draw(st.integers(0, 200))}
    removed = draw(st.lists(st.integers(0, length - 1), unique=True, max_size=max(0, length - 1)))
    approval = {"status": draw(st.sampled_from(["REQUESTED", "APPROVED", "REJECTED"])), "requester": "bob", "reviewer": "erica"}
    return {
        **draw_one, **subject, **amount, **repeats, "start_in": first, "days": length, "removed_after": removed,
        "weekday": draw(st.none() | st.sampled_from(WEEKDAYS)), "start_time": draw(st.sampled_from(["00:00", "23:30"])),
        "on_non_working_days": draw(st.booleans()), "description": draw(st.text(max_size=5)), "creator": "laura",
        "approval": approval if "person" in draw_one and draw(st.booleans()) else None,
    }  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(made=st.lists(plans().map(lambda entry: but(entry)), max_size=4))
def test_plans_come_back_the_same(tmp_path_factory: pytest.TempPathFactory, made: list[dict[str, Any]]) -> None:
    store = seeded(written(tmp_path_factory.mktemp("one"), plans=made))
    before, after, copy = once_more(store, tmp_path_factory.mktemp("other"))
    assert before == after
    for table in DERIVED:
        assert store.all(f"SELECT * FROM {table} ORDER BY 1, 2") == copy.all(f"SELECT * FROM {table} ORDER BY 1, 2"), table
    spans = {plan_id: (start, end) for plan_id, start, end in store.all("SELECT id, start_date, end_date FROM plans")}
    assert len(spans) == len(made)
    for plan_id, (start, end) in spans.items():
        first = store.value("SELECT min(start_date) FROM plan_stretches WHERE plan_id = ?", (plan_id,))
        assert start <= first
        assert date.fromisoformat(end) - date.fromisoformat(start) < timedelta(days=40)


def test_an_imported_world_has_the_plans_and_schemes_of_the_exported_one(world: Any, tmp_path: Path) -> None:
    bob = "5b10a2844c20165700ede223"
    plan = {"assigneeId": bob, "assigneeType": "USER", "planItemId": "10240", "planItemType": "ISSUE",
            "startDate": "2013-11-18", "endDate": "2013-11-22", "plannedSecondsPerDay": 3600}  # fmt: skip
    week = [{"day": day, "requiredSeconds": 3600} for day in WEEKDAYS]
    for method, who, path, body in (
        ("POST", "bob", "plans", plan),
        ("POST", "bob", "plans", plan),
        ("DELETE", "bob", "plans/102", None),
        ("PUT", "erica", "plan-approvals/3", {"status": "APPROVED"}),
        ("POST", "fred", "workload-schemes", {"name": "New", "days": week}),
        ("POST", "fred", "workload-schemes/4/members", {"accountIds": [bob]}),
        ("PUT", "fred", "workload-schemes/2/default", None),
        ("POST", "fred", "holiday-schemes", {"name": "Goes"}),
        ("DELETE", "fred", "holiday-schemes/5", None),
        ("DELETE", "fred", "holiday-schemes/2/holidays/7", None),
    ):
        answer = world.cloud(method, who, path, body)
        assert answer.status in (200, 201, 204), (path, answer.text)
    assert world.put(None, "/_mock/internal-issues/HR-1", {"teams": [1, 3]}).status == 200
    with world.site.store.reading():
        before, after, copy = once_more(world.site.store, tmp_path)
    assert before == after
    assert json.loads(after["workload_schemes.json"])[1]["default"]
    assert {row["id"]: row for row in json.loads(after["plans.json"])}[3]["approval"]["decider"] == "erica"
    assert [row["internal_teams"] for row in json.loads(after["issues.json"]) if row["internal"]] == [[1, 3], [3], [], []]
    assert copy.insert_row("holiday_schemes", name="Next") == 6
    for line in ("plans = 102", "workload_schemes = 4", "holiday_schemes = 5", "holidays = 12"):
        assert line in after["scenario.toml"].splitlines()
