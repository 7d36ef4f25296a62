"""Lists of Tempo over a socket: whole or said not to be, whatever the pages are like."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from integration.clients.http import Unreadable, Wire
from integration.clients.tempo import WALKS, Tempo
from integration.records import Complete, Partial, Plan, Window
from integration.wire import Scheme

from .scripted import Answer, Asked, Clock, Scripted

pytestmark = pytest.mark.tempo(scenario="guide", clock="2026-03-02T09:00Z")

TODAY = date(2026, 3, 2)
WINDOW = Window(TODAY, TODAY + timedelta(days=60))


@pytest.fixture
def world(tempo: Any) -> Any:
    """A Tempo with thirty plans and a few."""
    tempo.make.permission_role(permissions=["permissions.plan.view", "permissions.plan.manage"], people=["absences"])
    tempo.make.permission_role(permissions=["permissions.worklog.view"], people=["absences"])
    for day in range(18):
        tempo.make.plan(person=("bob", "greta", "erica")[day % 3], issue="HR-1", start=day)
    return tempo


def client(world: Any, limit: int = 5000, persona: str = "absences") -> Tempo:
    return Tempo(Wire(world.url, f"Bearer {world.token(persona)}", clock=Clock()), limit)


def ids(found: Any) -> list[int]:
    return [plan.id for plan in found.value]


def delete(world: Any, plan: int) -> None:
    answer = requests.delete(
        f"{world.url}/4/plans/{plan}", headers={"Authorization": f"Bearer {world.token('absences')}"}, timeout=9
    )
    assert answer.status_code == 204


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 28, 29, 30, 31, 32, 33, 5000])
def test_a_list_is_the_same_by_pages_of_any_size(world: Any, limit: int) -> None:
    heard: list[int] = []
    found = client(world, limit).plans(WINDOW, heard.append)
    assert isinstance(found, Complete)
    assert found == client(world).plans(WINDOW)
    assert len(found.value) == heard[-1] == len({*ids(found)}) > 25
    assert heard == sorted(heard)


def test_a_list_of_one_page_takes_one_request(world: Any) -> None:
    tempo = client(world)
    tempo.plans(WINDOW)
    assert tempo.wire.called.requests == 1


@pytest.mark.parametrize("after", [0, 1, 2, 5])
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"status": 500}, "server-error"),
        ({"status": 401}, "unauthorized"),
        ({"status": 403}, "forbidden"),
        ({"status": 404}, "not-found"),
        ({"status": 429}, "too-many"),
        ({"cut": "before"}, "unreachable"),
        ({"cut": "middle"}, "unreachable"),
        ({"truncate": True}, "broken"),
        ({"invalidJson": True}, "broken"),
        ({"html": True}, "not-tempo"),
        ({"json": {"metadata": {"count": 9}, "results": []}}, "not-tempo"),
        ({"json": []}, "not-tempo"),
    ],
)
def test_a_walk_that_is_cut_keeps_what_it_has(world: Any, after: int, fault: dict[str, Any], kind: str) -> None:
    whole = client(world).plans(WINDOW)
    with world.faults.arm(fault, path="/4/plans", after=after):
        found = client(world, 7).plans(WINDOW)
    assert isinstance(found, Partial)
    assert found.reason.kind == kind
    assert found.value == whole.value[: len(found.value)]
    assert bool(found.value) == bool(after)


@pytest.mark.parametrize("fault", [{"status": 503}, {"status": 429}, {"cut": "before"}, {"truncate": True}])
def test_what_passes_is_waited_for(world: Any, fault: dict[str, Any]) -> None:
    with world.faults.arm(fault, path="/4/plans", after=2, count=2):
        assert client(world, 7).plans(WINDOW) == client(world).plans(WINDOW)


@pytest.mark.parametrize("rows", [1, 3, -1, -2])
@pytest.mark.parametrize("limit", [2, 7, 20])
@pytest.mark.parametrize("after", [0, 1])
def test_rows_that_move_while_the_list_is_read(world: Any, rows: int, limit: int, after: int) -> None:
    with world.faults.arm(path="/4/plans", shift=rows, query={"offset": "*"}, after=after) as fault:
        found = client(world, limit).plans(WINDOW)
        assert fault.fired >= WALKS
    assert isinstance(found, Partial)
    assert found.reason.kind == "moved"


def test_rows_that_moved_once_are_read_again(world: Any) -> None:
    with world.faults.arm(path="/4/plans", shift=1, query={"offset": "*"}, count=1):
        found = client(world, 7).plans(WINDOW)
    assert found == client(world).plans(WINDOW)
    assert isinstance(found, Complete)


@pytest.mark.parametrize("limit", [2, 7, 20])
@pytest.mark.parametrize("page", [0, 1, 2])
@pytest.mark.parametrize("place", [0, 5, -1])
def test_a_plan_deleted_in_the_middle_of_a_walk(world: Any, limit: int, page: int, place: int) -> None:
    before = ids(client(world).plans(WINDOW))
    pages: list[int] = []

    def progress(rows: int) -> None:
        pages.append(rows)
        if len(pages) == page + 1:
            delete(world, before[place])

    found = client(world, limit).plans(WINDOW, progress)
    assert isinstance(found, Complete)
    # Deleted after it was read it may still be there; nothing else may be missing.
    assert [number for number in before if number != before[place]] == [n for n in ids(found) if n != before[place]]


@pytest.mark.parametrize("page", [0, 1, 2])
def test_a_plan_made_in_the_middle_of_a_walk(world: Any, page: int) -> None:
    before = ids(client(world).plans(WINDOW))
    pages: list[int] = []

    def progress(rows: int) -> None:
        pages.append(rows)
        if len(pages) == page + 1:
            world.make.plan(person="bob", issue="HR-4", start=1)

    found = client(world, 7).plans(WINDOW, progress)
    assert isinstance(found, Complete)
    assert set(before) <= set(ids(found))


def test_a_list_that_never_holds_still(world: Any) -> None:
    before = ids(client(world).plans(WINDOW))

    def progress(rows: int) -> None:
        delete(world, before.pop(0))

    found = client(world, 5).plans(WINDOW, progress)
    assert isinstance(found, Partial)
    assert found.reason.kind == "moved"
    assert found.value


@pytest.mark.parametrize(
    ("trap", "more"),
    [
        ("default-page-of-50", {"rows": 7}),
        ("default-page-of-50", {"rows": 2}),
        ("count-is-not-total", {"rows": 7}),
        ("next-on-another-host", {}),
        ("next-over-http", {}),
        ("silent-empty", {}),
        ("empty-after-error", {}),
        ("rate-storm", {"served": 2, "burst": 2}),
        ("5xx-is-not-absence", {}),
    ],
)
def test_a_trap_of_pages_changes_nothing(world: Any, trap: str, more: dict[str, Any]) -> None:
    whole = client(world).plans(WINDOW)
    with world.faults.trap(trap, **more) as armed:
        assert client(world, 20).plans(WINDOW) == whole
        assert armed.fired


def test_an_empty_list_is_believed_the_second_time(world: Any) -> None:
    empty = {"metadata": {"count": 0, "offset": 0, "limit": 50}, "results": []}
    with world.faults.arm(path="/4/plans", json=empty, count=1):
        assert client(world).plans(WINDOW) == client(world).plans(WINDOW)
    with world.faults.arm(path="/4/plans", json=empty) as fault:
        assert client(world).plans(WINDOW) == Complete([])
        assert fault.fired == 2


def test_the_token_stays_with_the_host_it_is_for(world: Any, server: Scripted) -> None:
    with world.faults.trap("next-on-another-host", host=server.url[7:]):
        client(world, 7).plans(WINDOW)
    assert server.asked == []


def bean(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "assignee": {"id": "bob", "type": "USER"},
        "planItem": {"id": "10240", "type": "ISSUE"},
        "plannedTime": {"days": {"values": [{"date": "2026-03-03", "plannedSeconds": 3600}]}},
    }


def listing(total: int, link: Callable[[str], str | None]) -> Callable[[Asked], Answer]:
    """A server with so many plans, pages of two, and links that somebody else makes of the path with its query."""

    def answer(asked: Asked) -> Answer:
        query = parse_qs(urlsplit(asked.path).query)
        offset = int(query.get("offset", ["0"])[0])
        rows = [bean(number) for number in range(offset, min(offset + 2, total))]
        metadata: dict[str, Any] = {"count": len(rows), "offset": offset, "limit": 2}
        following = link(f"/4/plans?from=a&offset={offset + 2}&limit=2") if offset + 2 < total else None
        if following is not None:
            metadata["next"] = following
        return Answer(body={"metadata": metadata, "results": rows})

    return answer


@pytest.mark.parametrize("prefix", ["https://api.tempo.io", "http://other.example", "https://gateway/tempo", "", "//x"])
def test_of_the_next_page_only_the_query_is_believed(server: Scripted, clock: Clock, prefix: str) -> None:
    server.script = listing(7, lambda path: prefix + path)
    found = Tempo(Wire(server.url, "", clock=clock)).plans(WINDOW)
    assert isinstance(found, Complete)
    assert ids(found) == [*range(7)]
    assert all(asked.path.startswith("/4/plans?") for asked in server.asked)


@pytest.mark.parametrize("link", ["https://api.tempo.io/4/worklogs?offset=2", "https://x.example/", "http://[broken", 5])
def test_a_link_to_something_else_is_not_followed(server: Scripted, clock: Clock, link: Any) -> None:
    server.script = listing(7, lambda path: link)
    found = Tempo(Wire(server.url, "", clock=clock)).plans(WINDOW)
    assert isinstance(found, Partial)
    assert found.reason.kind == "not-tempo"
    assert len(server.asked) == 1


def test_pages_that_lead_on_for_ever(server: Scripted, clock: Clock) -> None:
    same = {"metadata": {"count": 2, "offset": 0, "limit": 2, "next": "/4/plans?offset=0"}, "results": [bean(1), bean(2)]}
    server.script = [Answer(body=same)]
    found = Tempo(Wire(server.url, "", clock=clock)).plans(WINDOW)
    assert isinstance(found, Partial)
    assert len(server.asked) == 2 * WALKS


def test_the_same_rows_for_ever(server: Scripted, clock: Clock) -> None:
    def answer(asked: Asked) -> Answer:
        offset = int(parse_qs(urlsplit(asked.path).query).get("offset", ["0"])[0])
        metadata = {"count": 3, "offset": offset, "limit": 3, "next": f"/4/plans?offset={offset + 3}"}
        return Answer(body={"metadata": metadata, "results": [bean(offset % 2), bean(1 - offset % 2), bean(7)]})

    server.script = answer
    assert isinstance(Tempo(Wire(server.url, "", clock=clock)).plans(WINDOW), Partial)


def test_a_limit_lowered_in_silence_loses_nothing(server: Scripted, clock: Clock) -> None:
    server.script = listing(7, lambda path: None)
    found = Tempo(Wire(server.url, "", clock=clock)).plans(WINDOW)
    assert isinstance(found, Complete)
    assert ids(found) == [*range(7)]


def test_worklogs_are_the_plans_of_their_days(world: Any) -> None:
    made = world.make.worklog(person="bob", issue="HR-1", day=1, time_spent="2h")
    world.make.worklog(person="bob", issue="CLOUD-3", day=1)
    found = client(world).worklogs([str(made["issue"]["id"])], WINDOW)
    assert isinstance(found, Complete)
    assert [(plan.id, plan.from_worklog, plan.days) for plan in found.value if plan.id == made["tempoWorklogId"]] == [
        (made["tempoWorklogId"], True, ((TODAY + timedelta(days=1), 7200),))
    ]
    assert {plan.item_id for plan in found.value} == {str(made["issue"]["id"])}


def test_schemes_members_and_holidays(world: Any) -> None:
    tempo = client(world)
    weeks = tempo.workload_schemes()
    assert weeks[0] == Scheme(1, True, (28800,) * 5 + (0, 0))
    assert {scheme.id for scheme in tempo.holiday_schemes()} == {1, 2, 3, 4}
    for kind, schemes in (("workload-schemes", weeks), ("holiday-schemes", tempo.holiday_schemes())):
        everybody = tempo.members(kind, schemes)
        assert len(everybody) == 11
        others = tempo.members(kind, [scheme for scheme in schemes if not scheme.is_default])
        assert others == {name: number for name, number in everybody.items() if number != 1}
        assert client(world, 2).members(kind, schemes) == everybody
        with world.faults.trap("default-page-of-50", rows=3):
            assert client(world).members(kind, schemes) == everybody
    assert tempo.members("workload-schemes", []) == {}


def test_holidays_of_every_year_of_the_window(world: Any) -> None:
    berlin = Scheme(2, False)
    found = client(world).holidays(berlin, Window(date(2025, 12, 1), date(2027, 1, 31)))
    yearly = [day for day in found if day.yearly]
    assert len({(day.day.month, day.day.day, day.seconds) for day in yearly}) == len(yearly) > 0
    assert {day.seconds for day in yearly if (day.day.month, day.day.day) == (12, 24)} == {12960}


def test_a_scheme_that_cannot_be_read_is_no_empty_one(world: Any) -> None:
    for path in ("/4/workload-schemes", "/4/holiday-schemes"):
        with world.faults.arm(path=path, status=403), pytest.raises(Unreadable, match="403"):
            client(world).members(path[3:], [Scheme(2, False)])


def test_the_start_times_of_plans(world: Any) -> None:
    assert client(world).has_start_times() is True
    with world.faults.arm(path="/4/globalconfiguration", json={"startAndEndTimesForPlanningEnabled": False}):
        assert client(world).has_start_times() is False
    with world.faults.arm(path="/4/globalconfiguration", json=[]), pytest.raises(Unreadable, match="is not Tempo Cloud"):
        client(world).has_start_times()


def test_internal_issues_where_something_lists_them(world: Any, server: Scripted, clock: Clock) -> None:
    found = client(world).internal_issues()
    assert found is not None
    assert [issue.key for issue in found] == ["HR-1", "HR-2", "HR-3", "HR-4"]
    server.script = [Answer(404, {"errors": [{"message": "Not found"}]})]
    assert Tempo(Wire(server.url, "", clock=clock)).internal_issues() is None
    with world.faults.arm(status=401), pytest.raises(Unreadable):
        client(world).internal_issues()


def test_a_plan_as_the_site_has_it(tempo: Any) -> None:
    made = tempo.make.plan(person="bob", issue="HR-4", start="2026-03-04", per_day="4h", start_time="09:30")
    found = client(tempo).plans(WINDOW)
    plan = next(plan for plan in found.value if plan.id == made["id"])
    assert isinstance(plan, Plan)
    assert (plan.assignee_id, plan.item_id, plan.days) == (
        made["assignee"]["id"], made["planItem"]["id"], ((date(2026, 3, 4), 14400),)
    )  # fmt: skip
    assert plan.start_time is not None
    assert plan.start_time.isoformat() == "09:30:00"


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_a_server_that_gives_few_rows_a_page_is_read_to_its_end(world: Any, rows: int) -> None:
    whole = client(world).plans(WINDOW)
    world.faults.trap("default-page-of-50", rows=rows)
    assert client(world).plans(WINDOW) == whole
