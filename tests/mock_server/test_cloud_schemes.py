"""Workload schemes, holiday schemes, holidays and user schedules of Tempo Cloud."""

from typing import Any

import pytest

BASE = "http://localhost/4"
WEEK = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
HOUR = 3600
FRED, ERICA, BOB = "5b10a2844c20165700ede21f", "5b10a2844c20165700ede220", "5b10a2844c20165700ede223"
GRETA, DAVID = "5b10a2844c20165700ede225", "5b10a2844c20165700ede224"


@pytest.fixture
def make_world(make_world: Any, idle_scenario: str) -> Any:
    """Worlds without schemes but those a test makes."""
    return lambda settings=None, **options: make_world(settings, scenario=idle_scenario, **options)


def week(*hours: float) -> list[dict[str, Any]]:
    return [{"day": day, "requiredSeconds": int(number * HOUR)} for day, number in zip(WEEK, hours, strict=True)]


FOUR_DAYS = {"name": "Four days", "description": "No Fridays", "days": week(8, 8, 8, 8, 0, 0, 0)}
CHRISTMAS = {"type": "FIXED", "name": "Christmas", "date": "2012-12-25", "durationSeconds": 28800}
BRIDGE = {"type": "FLOATING", "name": "Bridge", "description": "once", "date": "2013-12-24", "durationSeconds": 14400}
OPERATIONS = (
    ("GET", "workload-schemes", None),
    ("POST", "workload-schemes", FOUR_DAYS),
    ("POST", "workload-schemes/members/search", {"schemeIds": [1]}),
    ("GET", f"workload-schemes/users/{BOB}", None),
    ("GET", "workload-schemes/1", None),
    ("PUT", "workload-schemes/1", FOUR_DAYS),
    ("DELETE", "workload-schemes/{}", None),
    ("PUT", "workload-schemes/1/default", None),
    ("GET", "workload-schemes/1/members", None),
    ("POST", "workload-schemes/1/members", {"accountIds": [BOB]}),
    ("GET", "holiday-schemes", None),
    ("POST", "holiday-schemes", {"name": "Berlin"}),
    ("POST", "holiday-schemes/members/search", {"schemeIds": [1]}),
    ("GET", f"holiday-schemes/users/{BOB}", None),
    ("GET", "holiday-schemes/1", None),
    ("PUT", "holiday-schemes/1", {"name": "Berlin"}),
    ("DELETE", "holiday-schemes/{}", None),
    ("PUT", "holiday-schemes/1/default", None),
    ("GET", "holiday-schemes/1/holidays", None),
    ("POST", "holiday-schemes/1/holidays", CHRISTMAS),
    ("GET", "holiday-schemes/1/holidays/floating", None),
    ("GET", "holiday-schemes/1/holidays/{}", None),
    ("PUT", "holiday-schemes/1/holidays/{}", CHRISTMAS),
    ("DELETE", "holiday-schemes/1/holidays/{}", None),
    ("GET", "holiday-schemes/1/members", None),
    ("POST", "holiday-schemes/1/members", {"accountIds": [BOB]}),
)
WRITES = tuple(operation for operation in OPERATIONS if operation[0] != "GET" and "search" not in operation[1])
every = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: f"{o[0]}-{o[1]}")


def messages(answer: Any) -> list[str]:
    assert set(answer.json) == {"errors"}
    return [error["message"] for error in answer.json["errors"]]


def make(world: Any, path: str, body: Any) -> int:
    answer = world.cloud("POST", "fred", path, body)
    assert answer.status == 200, answer.text
    return int(answer.json["id"])


def filled(world: Any, operation: tuple[str, str, Any]) -> tuple[str, str, Any]:
    """The operation with the id of a scheme or holiday that it may remove."""
    method, path, body = operation
    if "{}" in path:
        parent = path.split("/{}")[0]
        made = {"workload-schemes": FOUR_DAYS, "holiday-schemes": {"name": "Spare"}}.get(parent, CHRISTMAS)
        path = path.format(make(world, parent, made))
    return method, path, body


def send(world: Any, who: str | None, operation: tuple[str, str, Any]) -> Any:
    method, path, body = operation
    return world.cloud(method, who, path, **({} if body is None else {"json": body}))


@every
def test_every_operation_needs_a_token_with_a_scope(world: Any, operation: tuple[str, str, Any]) -> None:
    operation = filled(world, operation)
    assert send(world, None, operation).status == 401
    assert send(world, "demo-token-without-scopes-not-a-secret", operation).status == 403
    assert send(world, "viewer", operation).status == 403
    is_empty = operation[0] == "DELETE" or (operation[0] == "POST" and operation[1].endswith("/members"))
    assert send(world, "fred", operation).status == (204 if is_empty else 200)


@pytest.mark.parametrize("operation", WRITES, ids=lambda o: f"{o[0]}-{o[1]}")
def test_writes_are_for_administrators(world: Any, operation: tuple[str, str, Any]) -> None:
    operation = filled(world, operation)
    before = len(world.audit())
    assert send(world, "erica", operation).status == 403
    assert len(world.audit()) == before


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o not in WRITES], ids=lambda o: f"{o[0]}-{o[1]}")
def test_reads_are_for_everybody_with_the_scope(world: Any, operation: tuple[str, str, Any]) -> None:
    assert send(world, "greta", filled(world, operation)).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "workload-schemes/{}",
        "workload-schemes/users/{}",
        "workload-schemes/{}/members",
        "holiday-schemes/{}",
        "holiday-schemes/users/{}",
        "holiday-schemes/{}/members",
        "holiday-schemes/{}/holidays",
        "holiday-schemes/1/holidays/{}",
        "user-schedule/{}",
    ],
)
def test_what_is_not_there_is_404(world: Any, path: str) -> None:
    answer = world.cloud("GET", "fred", path.format(99) + "?from=2013-01-01&to=2013-01-02")
    assert (answer.status, len(messages(answer))) == (404, 1)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "workload-schemes", {"days": FOUR_DAYS["days"]}),
        ("POST", "workload-schemes", {**FOUR_DAYS, "name": ""}),
        ("POST", "workload-schemes", {**FOUR_DAYS, "days": week(8, 8, 8, 8, 0, 0, 0)[:6]}),
        ("POST", "workload-schemes", {**FOUR_DAYS, "days": [*week(8, 8, 8, 8, 0, 0, 0)[:6], week(8, 8, 8, 8, 0, 0, 0)[0]]}),
        ("POST", "workload-schemes", {**FOUR_DAYS, "days": [{"day": "Monday", "requiredSeconds": 1}]}),
        ("PUT", "workload-schemes/1", {**FOUR_DAYS, "days": week(-1, 8, 8, 8, 0, 0, 0)}),
        ("PUT", "workload-schemes/1", {**FOUR_DAYS, "days": week(25, 8, 8, 8, 0, 0, 0)}),
        ("POST", "workload-schemes/1/members", {"accountIds": []}),
        ("POST", "workload-schemes/1/members", {}),
        ("POST", "workload-schemes/members/search", {"schemeIds": []}),
        ("POST", "workload-schemes/members/search", {"schemeIds": [1], "limit": 5001}),
        ("POST", "workload-schemes/members/search", {"schemeIds": [1], "offset": -1}),
        ("DELETE", "workload-schemes/1", None),
        ("POST", "holiday-schemes", {"name": "Tempo Default Holiday Scheme"}),
        ("POST", "holiday-schemes", {"description": "no name"}),
        ("DELETE", "holiday-schemes/1", None),
        ("POST", "holiday-schemes/1/holidays", {**CHRISTMAS, "date": "2013-02-30"}),
        ("POST", "holiday-schemes/1/holidays", {**CHRISTMAS, "durationSeconds": 0}),
        ("POST", "holiday-schemes/1/holidays", {**CHRISTMAS, "durationSeconds": 86401}),
        ("POST", "holiday-schemes/1/holidays", {**CHRISTMAS, "type": "YEARLY"}),
        ("GET", "holiday-schemes/1/holidays?year=0", None),
        ("GET", "user-schedule?from=2013-01-01", None),
        ("GET", "user-schedule?from=2013-01-02&to=2013-01-01", None),
        ("GET", "user-schedule?from=2013-1-2&to=2013-01-03", None),
        ("GET", "user-schedule?from=2001-01-01&to=2031-01-01", None),
    ],
)
def test_what_is_wrong_is_told_and_changes_nothing(world: Any, method: str, path: str, body: Any) -> None:
    answer = world.cloud(method, "fred", path, **({} if body is None else {"json": body}))
    assert answer.status == 400, answer.text
    assert all(messages(answer))
    assert world.audit() == []


def test_a_workload_scheme_lives(world: Any) -> None:
    answer = world.cloud("POST", "fred", "workload-schemes", FOUR_DAYS)
    scheme = {"self": f"{BASE}/workload-schemes/2", "id": 2, **FOUR_DAYS, "defaultScheme": False, "memberCount": 0}
    assert answer.json == scheme
    changed = {"name": "Four short days", "days": week(7, 7, 7, 7, 0, 0, 0)}
    answer = world.cloud("PUT", "fred", "workload-schemes/2", changed)
    assert answer.json == {**scheme, **changed, "description": ""}
    assert world.cloud("GET", "bob", "workload-schemes/2").json == answer.json
    page = world.cloud("GET", "bob", "workload-schemes?limit=1").json
    assert [found["id"] for found in page["results"]] == [1]
    assert page["metadata"]["next"] == f"{BASE}/workload-schemes?offset=1&limit=1"
    assert world.cloud("DELETE", "fred", "workload-schemes/2").status == 204
    assert world.cloud("GET", "bob", "workload-schemes/2").status == 404


@pytest.mark.parametrize("noun", ["workload-schemes", "holiday-schemes"])
def test_everybody_is_in_exactly_one_scheme_and_moves(world: Any, noun: str) -> None:
    body = FOUR_DAYS if noun == "workload-schemes" else {"name": "Berlin"}
    scheme_id = make(world, noun, body)
    everybody = world.cloud("GET", "fred", f"{noun}/1").json["memberCount"]
    assert world.cloud("GET", "fred", f"{noun}/users/{BOB}").json["id"] == 1
    assert world.cloud("POST", "fred", f"{noun}/{scheme_id}/members", {"accountIds": [BOB, ERICA]}).status == 204
    assert world.cloud("GET", "fred", f"{noun}/users/{BOB}").json["id"] == scheme_id
    assert world.cloud("GET", "fred", f"{noun}/1").json["memberCount"] == everybody - 2
    members = world.cloud("GET", "fred", f"{noun}/{scheme_id}/members").json
    assert [member["accountId"] for member in members["results"]] == [ERICA, BOB]
    assert members["metadata"] == {"count": 2, "offset": 0, "limit": 50}
    assert world.cloud("DELETE", "fred", f"{noun}/{scheme_id}").status == 400
    assert world.cloud("POST", "fred", f"{noun}/1/members", {"accountIds": [BOB, "nobody"]}).status == 404
    assert world.cloud("GET", "fred", f"{noun}/users/{BOB}").json["id"] == scheme_id
    assert world.cloud("POST", "fred", f"{noun}/1/members", {"accountIds": [BOB, ERICA]}).status == 204
    assert world.cloud("DELETE", "fred", f"{noun}/{scheme_id}").status == 204


@pytest.mark.parametrize("noun", ["workload-schemes", "holiday-schemes"])
def test_members_of_several_schemes_are_searched_in_pages_without_links(world: Any, noun: str) -> None:
    scheme_id = make(world, noun, FOUR_DAYS if noun == "workload-schemes" else {"name": "Berlin"})
    world.cloud("POST", "fred", f"{noun}/{scheme_id}/members", {"accountIds": [BOB]})
    found: list[Any] = []
    for offset in range(0, 30, 4):
        answer = world.cloud(
            "POST", "greta", f"{noun}/members/search", {"schemeIds": [1, scheme_id], "limit": 4, "offset": offset}
        )
        assert set(answer.json) == {"metadata", "results"}
        assert answer.json["metadata"] == {"count": len(answer.json["results"]), "offset": offset, "limit": 4}
        found += answer.json["results"]
    whole = world.cloud("POST", "greta", f"{noun}/members/search", {"schemeIds": [1, scheme_id]}).json["results"]
    assert found == whole
    assert {member["schemeId"] for member in found} == {1, scheme_id}
    assert whole[-1]["member"] == {"accountId": BOB, "self": f"http://localhost/rest/api/2/user?accountId={BOB}"}


@pytest.mark.parametrize("noun", ["workload-schemes", "holiday-schemes"])
def test_another_default_moves_nobody(world: Any, noun: str) -> None:
    scheme_id = make(world, noun, FOUR_DAYS if noun == "workload-schemes" else {"name": "Berlin"})
    everybody = world.cloud("GET", "fred", f"{noun}/1").json["memberCount"]
    assert world.cloud("PUT", "fred", f"{noun}/{scheme_id}/default").json["defaultScheme"] is True
    former = world.cloud("GET", "fred", f"{noun}/1").json
    assert (former["defaultScheme"], former["memberCount"]) == (False, everybody)
    assert world.cloud("DELETE", "fred", f"{noun}/{scheme_id}").status == 400
    assert [s["defaultScheme"] for s in world.cloud("GET", "fred", noun).json["results"]].count(True) == 1


def test_holidays_of_a_year(world: Any) -> None:
    scheme_id = make(world, "holiday-schemes", {"name": "Berlin", "description": "Berlin's"})
    path = f"holiday-schemes/{scheme_id}/holidays"
    fixed = world.cloud("POST", "fred", path, CHRISTMAS).json
    assert fixed == {"self": f"{BASE}/{path}/1", "id": 1, "schemeId": scheme_id, **CHRISTMAS}
    make(world, path, BRIDGE)
    make(world, path, {**CHRISTMAS, "name": "Leap", "date": "2012-02-29"})

    def days(query: str) -> list[tuple[str, str]]:
        return [(found["name"], found["date"]) for found in world.cloud("GET", "greta", path + query).json["results"]]

    assert days("") == [("Bridge", "2013-12-24"), ("Christmas", "2013-12-25")]
    assert days("?year=2016") == [("Leap", "2016-02-29"), ("Christmas", "2016-12-25")]
    assert days("/floating") == [("Bridge", "2013-12-24")]
    moved = {name: value for name, value in BRIDGE.items() if name != "description"} | {"date": "2016-03-01"}
    assert world.cloud("PUT", "fred", f"{path}/2", {**moved, "description": ""}).json == {
        "self": f"{BASE}/{path}/2",
        "id": 2,
        "schemeId": scheme_id,
        **moved,
    }
    assert days("?year=2016")[1] == ("Bridge", "2016-03-01")
    assert world.cloud("GET", "fred", "holiday-schemes/1/holidays/2").status == 404
    assert world.cloud("DELETE", "fred", f"{path}/2").status == 204
    assert days("/floating") == []


def test_the_schedule_is_the_week_less_the_holidays(world: Any) -> None:
    workload = make(world, "workload-schemes", FOUR_DAYS)
    scheme_id = make(world, "holiday-schemes", {"name": "Berlin"})
    path = f"holiday-schemes/{scheme_id}/holidays"
    half = make(world, path, BRIDGE)
    make(world, path, CHRISTMAS)
    make(world, path, {**CHRISTMAS, "name": "On a Saturday", "date": "2013-12-28"})
    for noun, number in (("workload-schemes", workload), ("holiday-schemes", scheme_id)):
        world.cloud("POST", "fred", f"{noun}/{number}/members", {"accountIds": [BOB]})
    answer = world.cloud("GET", "bob", "user-schedule?from=2013-12-23&to=2013-12-28").json
    assert answer["self"] == f"{BASE}/user-schedule?from=2013-12-23&to=2013-12-28"
    assert answer["metadata"] == {"count": 6}
    assert [(day["date"], day["requiredSeconds"] / HOUR, day["type"], "holiday" in day) for day in answer["results"]] == [
        ("2013-12-23", 8, "WORKING_DAY", False),
        ("2013-12-24", 4, "HOLIDAY", True),
        ("2013-12-25", 0, "HOLIDAY", True),
        ("2013-12-26", 8, "WORKING_DAY", False),
        ("2013-12-27", 0, "NON_WORKING_DAY", False),
        ("2013-12-28", 0, "HOLIDAY_AND_NON_WORKING_DAY", True),
    ]
    assert answer["results"][1]["holiday"]["id"] == half
    assert answer["results"][2]["holiday"]["date"] == "2013-12-25"
    others = world.cloud("GET", "fred", f"user-schedule/{BOB}?from=2013-12-23&to=2013-12-28").json["results"]
    assert others == answer["results"]


@pytest.mark.parametrize(
    ("who", "whose", "status"),
    [("bob", BOB, 200), ("bob", ERICA, 403), ("greta", BOB, 403), ("fred", GRETA, 200), ("erica", BOB, 200),
     ("erica", GRETA, 403), ("bob", "nobody", 404)],
)  # fmt: skip
def test_whose_schedule_somebody_may_see(world: Any, who: str, whose: str, status: int) -> None:
    assert world.cloud("GET", who, f"user-schedule/{whose}?from=2013-12-23&to=2013-12-24").status == status


@pytest.mark.parametrize(
    ("settings", "query", "expected"),
    [
        ({}, "from=2013-11-15&to=2013-11-15", [("2013-11-11", "2013-11-17")]),
        ({}, "from=2013-11-17&to=2013-11-18", [("2013-11-11", "2013-11-17"), ("2013-11-18", "2013-11-24")]),
        ({"globalConfiguration.approvalWeekStart": "7"}, "from=2013-11-16&to=2013-11-17",
         [("2013-11-10", "2013-11-16"), ("2013-11-17", "2013-11-23")]),
        ({"globalConfiguration.approvalPeriod": "MONTH"}, "from=2012-02-29&to=2012-03-01",
         [("2012-02-01", "2012-02-29"), ("2012-03-01", "2012-03-31")]),
        ({"globalConfiguration.approvalPeriod": "MONTH"}, "from=9999-12-31&to=9999-12-31", [("9999-12-01", "9999-12-31")]),
        ({}, "from=0001-01-01&to=0001-01-01", [("0001-01-01", "0001-01-07")]),
        ({}, "from=9999-12-31&to=9999-12-31", [("9999-12-27", "9999-12-31")]),
    ],
)  # fmt: skip
def test_periods_are_weeks_or_months(make_world: Any, settings: dict[str, str], query: str, expected: Any) -> None:
    answer = make_world(settings).cloud("GET", "bob", f"periods?{query}")
    assert answer.status == 200, answer.text
    assert answer.json == {"periods": [{"from": start, "to": end} for start, end in expected]}


@pytest.mark.parametrize("query", ["", "from=2013-01-01", "from=2013-01-02&to=2013-01-01", "from=x&to=y"])
def test_periods_need_a_window(world: Any, query: str) -> None:
    assert world.cloud("GET", "bob", f"periods?{query}").status == 400
