"""Work in scenarios: what is refused, which days an entry stands for, and that a world written out is the same again."""

import io
import json
import zipfile
from collections.abc import Callable
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
from mock_server.moments import parse_moment
from mock_server.nouns.days import WEEKDAYS
from mock_server.nouns.work_entries import WorklogEntry, days_of
from mock_server.seed import seed
from mock_server.storage.opening import in_memory

GUIDE = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(scenario.find("guide").glob("*.json"))}
BOB = "5b10a2844c20165700ede223"
LOG = {"person": "bob", "issue": "CLOUD-3", "days_ago": 1, "time_spent": 3600}
SPAN = {**LOG, "days_ago": [6, 0]}
STAMP = "2013-11-15T09:00:00.000Z"
NUMBER = {"key": "_Number_", "name": "n", "type": "INPUT_NUMERIC"}
BOX = {"key": "_Box_", "name": "b", "type": "CHECKBOX"}
ATTRIBUTES = [*GUIDE["work_attributes"], NUMBER, BOX]
Make = Callable[..., Any]


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in LOG.items() if key != name}


def written(folder: Path, **nouns: Any) -> Path:
    """The scenario guide without its work, with these nouns instead."""
    for name, entries in {**GUIDE, "worklogs": [], "work_attributes": ATTRIBUTES, **nouns}.items():
        (folder / f"{name}.json").write_text(json.dumps(entries), encoding="utf-8")
    return folder


def rows(folder: Path, now: str, columns: str) -> list[tuple[Any, ...]]:
    """Columns of the worklogs that a scenario gives a world which begins at this moment, by id."""
    store = in_memory(watched=False)
    seed(store, scenario.read(folder), parse_moment(now))
    return store.all(f"SELECT {columns} FROM worklogs w ORDER BY w.id")


# What is refused.

WRONG_BY_SHAPE: list[tuple[str, Any, str]] = [
    ("worklogs", without("time_spent"), "time_spent: Missing data"),
    ("worklogs", without("person"), "person: Missing data"),
    ("worklogs", without("issue"), "issue: Missing data"),
    ("worklogs", {**LOG, "time_spent": 0}, "time_spent"),
    ("worklogs", {**LOG, "time_spent": 2**63}, "time_spent"),
    ("worklogs", {**LOG, "time_spent": "1h"}, "time_spent"),
    ("worklogs", {**LOG, "billable": -1}, "billable"),
    ("worklogs", {**LOG, "start_time": "8:00"}, "start_time"),
    ("worklogs", {**LOG, "start_time": "24:00:00"}, "start_time"),
    ("worklogs", {**LOG, "id": 0}, "id"),
    ("worklogs", {**LOG, "jira_id": "7"}, "jira_id"),
    ("worklogs", {**LOG, "colour": "red"}, "colour: Unknown field"),
    ("worklogs", {**LOG, "attributes": ["x"]}, "attributes"),
    ("worklogs", {**LOG, "attributes": {"_Ticket_": 7}}, "attributes"),
    ("worklogs", {**without("days_ago"), "start_date": "yesterday"}, "start_date: Not a valid date"),
    ("worklogs", {**SPAN, "weekdays": ["Monday"]}, "weekdays"),
    *(
        ("worklogs", {**LOG, "days_ago": wrong}, "days_ago: Not a number of days such as 3, or a range such as [90, 0]")
        for wrong in ("3", 1.5, True, 36501, -36501, [], [3], [3, 2, 1], [3, "0"], [3, True], {"from": 3})
    ),
    ("work_attributes", {"key": "", "name": "x"}, "key"),
    ("work_attributes", {"key": "_x_"}, "name: Missing data"),
    ("work_attributes", {"key": "_x_", "name": "x", "type": "DYNAMIC_DROPDOWN"}, "type"),
    ("work_attributes", {"key": "_x_", "name": "x", "labels": ["a"]}, "labels"),
    ("work_attributes", {"key": "_x_", "name": "x", "required": "perhaps"}, "required"),
]
WRONG_BY_SENSE: list[tuple[str, Any, str]] = [
    ("worklogs", {**LOG, "days_ago": [0, 3]}, "a range such as [90, 0] with the earlier day first"),
    ("worklogs", without("days_ago"), "Give start_date or days_ago, and not both"),
    ("worklogs", {**LOG, "start_date": "2013-11-14"}, "Give start_date or days_ago, and not both"),
    ("worklogs", {**LOG, "weekdays": ["MONDAY"]}, "weekdays: Only a worklog with a range of days_ago has weekdays"),
    ("worklogs", {**SPAN, "weekdays": ["MONDAY", "MONDAY"]}, "weekdays[]: MONDAY stands there twice"),
    ("worklogs", {**SPAN, "id": 7}, "id: A worklog of many days cannot have one"),
    ("worklogs", {**SPAN, "jira_id": 7}, "jira_id: A worklog of many days cannot have one"),
    ("worklogs", {**SPAN, "created_at": STAMP}, "created_at: A worklog of many days cannot have one"),
    ("worklogs", {**SPAN, "updated_at": STAMP}, "updated_at: A worklog of many days cannot have one"),
    ("worklogs", {**LOG, "created_at": "yesterday"}, "created_at: Not a moment"),
    ("worklogs", {**LOG, "updated_at": "0001-01-01"}, "updated_at: Not a moment"),
    ("worklogs", {**LOG, "issue": "CLOUD-99"}, "issue: CLOUD-99 does not exist among the issues"),
    ("worklogs", {**LOG, "person": "zoe"}, "person: zoe does not exist among the people"),
    ("worklogs", {**LOG, "issue": "HR-1", "billable": 60}, "billable: work on the internal issue HR-1 is never billable"),
    ("worklogs", {**LOG, "attributes": {"_None_": "x"}}, "attributes: _None_ does not exist among the work attributes"),
    ("worklogs", {**LOG, "attributes": {"_Account_": "NONE"}}, "attributes: NONE does not exist among the accounts"),
    ("worklogs", {**LOG, "attributes": {"_WorkType_": "Operations"}}, "'Operations' is not a value of work attribute"),
    ("worklogs", {**LOG, "attributes": {"_Number_": "7e3"}}, "(_Number_) is a number"),
    ("worklogs", {**LOG, "attributes": {"_Box_": "yes"}}, "(_Box_) is true or false"),
    ("work_attributes", {"key": "_x_", "name": "x", "type": "STATIC_LIST"}, "labels: A STATIC_LIST needs labels"),
    ("work_attributes", {"key": "_x_", "name": "x", "labels": {"a": "A"}}, "labels: A STATIC_LIST needs labels, and no other"),
    ("work_attributes", {"key": "_Ticket_", "name": "x"}, "key _Ticket_ stands in entry 3 already"),
    ("work_attributes", {"id": 1, "key": "_x_", "name": "x"}, "id 1 stands in entry 1 already"),
]


@pytest.mark.parametrize(("noun", "entry", "words"), [*WRONG_BY_SHAPE, *WRONG_BY_SENSE])
def test_a_wrong_entry_is_refused_by_place_and_reason(tmp_path: Path, noun: str, entry: Any, words: str) -> None:
    before = {"worklogs": [LOG, SPAN], "work_attributes": ATTRIBUTES}
    with pytest.raises(Unusable) as error:
        scenario.read(written(tmp_path, **{**before, noun: [*before[noun], entry]}))
    assert words in str(error.value)
    assert f"{noun}.json, entry {len(before[noun]) + 1}" in str(error.value)


@pytest.mark.parametrize("name", ["id", "jira_id"])
def test_an_id_stands_once(tmp_path: Path, name: str) -> None:
    with pytest.raises(Unusable, match=f"entry 2: {name} 7 stands in entry 1 already"):
        scenario.read(written(tmp_path, worklogs=[{**LOG, name: 7}, {**LOG, name: 7}]))


@pytest.mark.parametrize(("noun", "entry", "words"), WRONG_BY_SHAPE)
def test_the_json_schema_refuses_the_shape_too(noun: str, entry: Any, words: str) -> None:
    schema = {"$ref": f"#/$defs/{noun}.json", "$defs": scenario_schema()["$defs"]}
    if entry.get("required") != "perhaps":
        assert not jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).is_valid([entry]), words
    assert jsonschema.Draft202012Validator(schema).is_valid([LOG, SPAN] if noun == "worklogs" else ATTRIBUTES)


def test_attribute_keys_that_differ_in_case_are_different_keys(tmp_path: Path) -> None:
    given = [*ATTRIBUTES, {"key": "_ticket_", "name": "another"}]
    assert len(scenario.read(written(tmp_path, work_attributes=given)).entries["work_attributes"]) == len(given)


# What an entry stands for.


@pytest.fixture(scope="module")
def reader() -> WorklogEntry:
    return WorklogEntry()


@settings(derandomize=True, deadline=None, database=None, max_examples=300)
@given(
    today=st.dates(date(1, 1, 2), date(9999, 12, 30)),
    span=st.tuples(st.integers(-400, 400), st.integers(-400, 400)).map(lambda pair: sorted(pair, reverse=True)),
    weekdays=st.lists(st.sampled_from(WEEKDAYS), unique=True),
)
@example(today=date(1, 1, 2), span=[90, 0], weekdays=["TUESDAY"])
@example(today=date(9999, 12, 30), span=[0, -90], weekdays=[])
@example(today=date(2016, 3, 1), span=[1, 1], weekdays=["MONDAY"])
def test_a_range_is_every_wanted_day_of_it(reader: WorklogEntry, today: date, span: list[int], weekdays: list[str]) -> None:
    wanted = []
    for ago in range(span[0], span[1] - 1, -1):
        try:
            day = today - timedelta(days=ago)
        except OverflowError:
            continue
        if day in (date.min, date.max):
            continue
        if not weekdays or day.strftime("%A").upper() in weekdays:
            wanted.append(day)
    assert days_of(reader.load({**LOG, "days_ago": span, "weekdays": weekdays}), today) == wanted


@pytest.mark.parametrize(
    ("today", "ago", "day"),
    [
        ("2013-11-15", 0, "2013-11-15"),
        ("2013-11-15", -3, "2013-11-18"),
        ("2016-03-01", 1, "2016-02-29"),
        ("0001-01-03", 400, "0001-01-02"),
        ("9999-12-29", -400, "9999-12-30"),
    ],
)
def test_a_single_day_is_always_one_of_the_calendar(reader: WorklogEntry, today: str, ago: int, day: str) -> None:
    assert days_of(reader.load({**LOG, "days_ago": ago}), date.fromisoformat(today)) == [date.fromisoformat(day)]


@settings(derandomize=True, deadline=None, database=None, max_examples=60)
@given(today=st.dates(date(1, 4, 5), date(9999, 12, 30)))
def test_the_guide_has_as_much_work_on_every_day_of_the_week(reader: WorklogEntry, today: date) -> None:
    read = [reader.load(entry) for entry in GUIDE["worklogs"]]
    days = [day for entry in read for day in days_of(entry, today)]
    assert len(days) == 334
    assert today - timedelta(days=90) <= min(days) <= max(days) <= today


def test_defaults_of_what_is_left_out(tmp_path: Path) -> None:
    entries = [LOG, {**LOG, "issue": "HR-1"}, {**LOG, "billable": 60}]
    columns = "id, jira_id, start_date, start_time, billable, description, created_at, updated_at"
    ended = "2013-11-14T09:00:00.000Z"
    assert rows(written(tmp_path, worklogs=entries), "2013-11-15T10:00", columns) == [
        (1, 10001, "2013-11-14", "08:00:00", 3600, "", ended, ended),
        (2, 10002, "2013-11-14", "08:00:00", 0, "", ended, ended),
        (3, 10003, "2013-11-14", "08:00:00", 60, "", ended, ended),
    ]


@pytest.mark.parametrize(
    ("entry", "stamp"),
    [
        ({"start_date": "2013-11-14", "start_time": "23:30:00"}, "2013-11-14T23:59:59.000Z"),
        ({"start_date": "2013-11-15"}, "2013-11-15T00:00:00.000Z"),
        ({"start_date": "9999-12-31"}, "2013-11-15T00:00:00.000Z"),
        ({"days_ago": -30}, "2013-11-15T00:00:00.000Z"),
        ({"start_date": "0001-01-01"}, "0001-01-02T09:00:00.000Z"),
        ({"start_date": "2013-11-14", "created_at": "2013-11-01T00:00:00.000Z"}, "2013-11-01T00:00:00.000Z"),
    ],
)
def test_work_was_logged_when_it_was_done_and_never_later_than_now(tmp_path: Path, entry: dict[str, Any], stamp: str) -> None:
    folder = written(tmp_path, worklogs=[{**without("days_ago"), **entry}])
    assert rows(folder, "2013-11-15T10:00", "created_at, updated_at") == [(stamp, stamp)]


@pytest.mark.parametrize("hours", [("00:00:00", "23:00:00"), ("23:00:00", "00:00:00")])
def test_worlds_of_one_day_have_the_same_work(world: Any, hours: tuple[str, str]) -> None:
    found = []
    for number, hour in enumerate(hours):
        clock = f"2015-06-05T{hour}Z"
        assert world.post(None, "/_mock/sites", {"name": f"s{number}", "clock": clock}).status == 201
        data = world.get(None, f"/sites/s{number}/_mock/export").body
        with zipfile.ZipFile(io.BytesIO(data)) as folder:
            found.append(json.loads(folder.read("worklogs.json")))
    assert found[0] == found[1]
    assert max(worklog["updated_at"] for worklog in found[0]) == "2015-06-05T00:00:00.000Z"


def test_work_of_the_first_day_there_is_can_be_written_out_and_read_again(tmp_path: Path, make_world: Make) -> None:
    folder = written(tmp_path, worklogs=[{**without("days_ago"), "start_date": day} for day in ("0001-01-01", "9999-12-31")])
    again(make_world(scenario=str(folder)))


def test_ids_follow_the_days_after_those_that_are_given(tmp_path: Path) -> None:
    entries = [
        {**LOG, "days_ago": 0},
        {**SPAN, "days_ago": [3, 1], "start_time": "10:00:00"},
        {**LOG, "days_ago": 2},
        {**LOG, "days_ago": 2, "id": 40, "jira_id": 20000},
    ]
    found = rows(written(tmp_path, worklogs=entries), "2013-11-15", "id, jira_id, start_date, start_time")
    assert found == [
        (40, 20000, "2013-11-13", "08:00:00"),
        (41, 20001, "2013-11-12", "10:00:00"),
        (42, 20002, "2013-11-13", "08:00:00"),
        (43, 20003, "2013-11-13", "10:00:00"),
        (44, 20004, "2013-11-14", "10:00:00"),
        (45, 20005, "2013-11-15", "08:00:00"),
    ]


# Written out and read again.

FRED, ERICA = "fred", "erica"
CHANGES: tuple[tuple[str, str, str, Any], ...] = (
    ("POST", FRED, "work-attributes", {"key": "_t \"Ä'", "name": "x" * 255, "type": "INPUT_FIELD", "required": True}),
    ("PUT", FRED, "work-attributes/_t \"Ä'", {"name": "y", "type": "INPUT_FIELD", "required": False}),
    ("POST", FRED, "work-attributes", {"key": "_goes_", "name": "x", "type": "STATIC_LIST", "values": ["b", "a", "\u2003x"]}),
    ("POST", FRED, "work-attributes", {"key": "_stays_", "name": "x", "type": "STATIC_LIST", "values": ["b", "a", "\u2003x"]}),
    ("POST", FRED, "work-attributes", {"key": "_last_", "name": "x", "type": "INPUT_FIELD"}),
    ("DELETE", FRED, "work-attributes/_goes_", None),
    ("POST", "bob", "worklogs", {"startDate": "2014-02-28", "timeSpentSeconds": 86400, "description": "Ä\n\0\"'"}),
    ("POST", "bob", "worklogs", {"startDate": "2013-11-15", "startTime": "7:00:00", "timeSpentSeconds": 1,
                                 "billableSeconds": 2**62,
                                 "attributes": [{"key": "_Ticket_"}, {"key": "_last_", "value": ""}]}),
    ("POST", "bob", "worklogs", {"startDate": "2013-11-15", "timeSpentSeconds": 1}),
    ("DELETE", "bob", "worklogs/1003", None),
    # Values that were fine once and fit their attribute no more.
    ("PUT", FRED, "work-attributes/_last_", {"name": "x", "type": "INPUT_NUMERIC"}),
    ("PUT", FRED, "work-attributes/_WorkType_", {"name": "Kind", "type": "STATIC_LIST", "values": ["Meetings", "New"]}),
    ("DELETE", FRED, "work-attributes/_last_", None),
)  # fmt: skip
READS = (
    *("worklogs?limit=1000", "worklogs?orderBy=UPDATED&limit=1000", "worklogs/1001", "worklogs/1002", "work-attributes"),
    *("worklogs/account/CLOUD-DEV?limit=100", "worklogs/team/3?limit=1000", "worklogs/1002/work-attribute-values"),
)


def again(world: Any) -> bytes:
    """The world written out, after a look that a site which takes it in writes out the same."""
    if world.get(None, "/sites/copy/_mock/clock").status == 404:
        world.post(None, "/_mock/sites", {"name": "copy", "scenario": "empty", "clock": "2020-02-02"})
    data: bytes = world.get(None, "/_mock/export").body
    answer = world.post(None, "/sites/copy/_mock/import", body=data, headers={"Content-Type": "application/zip"})
    assert answer.status == 200, answer.text
    assert world.get(None, "/sites/copy/_mock/export").body == data
    return data


def test_an_imported_world_has_the_work_of_the_exported_one(world: Any) -> None:
    for number, (method, who, path, body) in enumerate(CHANGES):
        world.set_clock(f"2013-11-15T10:00:{number:02}.5")
        more = {"authorAccountId": BOB, "issueId": 10202} if path == "worklogs" else {}
        answer = world.cloud(method, who, path, None if body is None else {**body, **more})
        assert answer.status in (200, 204), (path, answer.text)
    again(world)
    world.put(None, "/sites/copy/_mock/clock", {"now": world.get(None, "/_mock/clock").json["now"], "frozen": True})
    world.site.clock.freeze()

    def both(method: str, who: str, path: str, body: Any = None) -> tuple[Any, Any]:
        headers = {"Authorization": f"Bearer demo-token-of-{who}-not-a-secret"}
        one, other = (world.call(method, None, f"{site}/4/{path}", body, headers=headers) for site in ("", "/sites/copy"))
        assert (one.status, one.body) == (other.status, other.body.replace(b"/sites/copy/", b"/")), path
        assert one.status == 200, (path, one.text)
        return one.json, other.json

    for path in READS:
        assert both("GET", "viewer", path)[0]
    made, _ = both("POST", "bob", "worklogs", {"authorAccountId": BOB, "issueId": 10202, "startDate": "2013-11-15",
                                               "timeSpentSeconds": 60})  # fmt: skip
    assert made["tempoWorklogId"] == 1004
    pairs, _ = both("POST", "viewer", "worklogs/tempo-to-jira", {"tempoWorklogIds": [1001, 1002, 1004]})
    assert [pair["jiraWorklogId"] for pair in pairs["results"]] == [11001, 11002, 11004]
    both("POST", FRED, "work-attributes", {"key": "_new_", "name": "x", "type": "INPUT_FIELD"})
    again(world)


def test_the_zip_tells_each_worklog_with_its_day(world: Any, tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(again(world))) as folder:
        folder.extractall(tmp_path)
    found = json.loads((tmp_path / "worklogs.json").read_text(encoding="utf-8"))
    assert len(found) == 334
    assert all(entry["start_date"] and "days_ago" not in entry and entry["created_at"] for entry in found)
    assert [entry["id"] for entry in found] == list(range(1, 335))
    assert scenario.read(tmp_path).last_ids["jira_worklogs"] == 11000


steps = st.lists(
    st.tuples(st.sampled_from(["POST", "POST", "PUT", "DELETE"]), st.integers(0, 5), st.integers(0, 40), st.text(max_size=5)),
    min_size=1,
    max_size=12,
)


def test_whatever_is_logged_a_world_is_the_same_after_export_and_import(make_world: Make, tmp_path: Path) -> None:
    made = make_world(scenario=str(written(tmp_path, worklogs=[SPAN])))

    @settings(max_examples=15, deadline=None, database=None, derandomize=True)
    @given(steps)
    def holds(calls: list[tuple[str, int, int, str]]) -> None:
        made.post(None, "/_mock/reset")
        made.site.clock.freeze()
        jira_ids = set()
        for method, number, ago, text in calls:
            day = (date(2013, 11, 15) - timedelta(days=ago)).isoformat()
            body = {"authorAccountId": BOB, "issueId": 10202, "startDate": day, "timeSpentSeconds": 60, "description": text}
            path = "worklogs" if method == "POST" else f"worklogs/{5 + number}"
            answer = made.cloud(method, "bob", path, None if method == "DELETE" else body)
            assert answer.status in (200, 204, 404), (method, path, answer.text)
            if method == "POST" and answer.status == 200:
                asked = {"tempoWorklogIds": [answer.json["tempoWorklogId"]]}
                (pair,) = made.cloud("POST", "viewer", "worklogs/tempo-to-jira", asked).json["results"]
                # Never the id of one that is gone.
                assert pair["jiraWorklogId"] not in jira_ids
                jira_ids.add(pair["jiraWorklogId"])
        again(made)

    holds()


def test_a_world_may_begin_at_either_end_of_the_calendar(make_world: Make) -> None:
    for clock, count in (("0001-01-02", 11), ("9999-12-30", 334)):
        made = make_world(clock=clock)
        found = made.cloud("GET", "viewer", "worklogs?limit=1000")
        assert found.status == 200
        assert len(found.json["results"]) == count
        again(made)


def test_seeding_at_one_moment_gives_one_world() -> None:
    now = datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC)
    dumps = []
    for _ in range(2):
        store = in_memory(watched=False)
        seed(store, scenario.read(scenario.find("guide")), now)
        dumps.append(store.all("SELECT * FROM worklogs ORDER BY id"))
    assert dumps[0] == dumps[1]
    assert len(dumps[0]) == 334
