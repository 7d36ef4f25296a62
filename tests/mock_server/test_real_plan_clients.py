"""Clients that this project did not write, on plans, schemes, schedules and programs, over a socket.

tempo-api-python-client has methods for plans, schedules and schemes, and none for programs and generic resources. The class
``TempoCloud`` of atlassian-python-api has none for any of them that v4 knows: its own generic calls reach them.
"""

import itertools
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import requests
from atlassian.tempo import TempoCloud
from tempoapiclient.client_v4 import Tempo

FRED, BOB = "5b10a2844c20165700ede21f", "5b10a2844c20165700ede223"
VACATION, TASK = "10240", "10202"
HOUR = 3600
DAYS = {"from": "2013-03-04", "to": "2013-03-15"}
"""Two weeks in which bob is in his team and nothing is planned by the scenario."""

WEEK = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
NO_SUCH_PLAN = """{"errors":[{"message":"Plan with id '1' not found"}]}"""
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def origin(module_server: Callable[..., Any]) -> str:
    url: str = module_server("--quiet").url
    return url


@pytest.fixture
def site(origin: str) -> str:
    """A world of its own for each test, on 15 November 2013, where the clock stands still."""
    name = f"planner{next(NUMBERS)}"
    with requests.Session() as http:
        http.trust_env = False
        assert http.post(f"{origin}/_mock/sites", json={"name": name, "clock": "2013-11-15"}).status_code == 201
        frozen = http.put(f"{origin}/sites/{name}/_mock/clock", json={"now": "2013-11-15T00:00:00Z", "frozen": True})
        assert frozen.status_code == 200, frozen.text
    return f"{origin}/sites/{name}"


@pytest.fixture
def tempo(site: str) -> Iterator[Callable[..., Tempo]]:
    """Makes clients of tempo-api-python-client: ``tempo("fred", limit=2)``."""
    clients: list[Tempo] = []

    def make(who: str = "bob", **more: Any) -> Tempo:
        client = Tempo(auth_token=f"demo-token-of-{who}-not-a-secret", base_url=f"{site}/4", **more)
        client._session.trust_env = False
        # After a POST the library keeps the token in headers that all clients of a program share.
        client.default_headers = dict(Tempo.default_headers)
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def cloud(site: str) -> Iterator[Callable[[str], TempoCloud]]:
    """Makes clients of atlassian-python-api."""
    clients: list[TempoCloud] = []

    def make(who: str) -> TempoCloud:
        clients.append(TempoCloud(f"{site}/4", token=f"demo-token-of-{who}-not-a-secret"))
        clients[-1]._session.trust_env = False
        return clients[-1]

    yield make
    for client in clients:
        client.close()


def refusal(call: Callable[..., Any], *arguments: Any, **more: Any) -> tuple[int, str]:
    """Status and body of the refusal that ends the program."""
    with pytest.raises(SystemExit) as caught:
        call(*arguments, **more)
    error = caught.value.code
    assert isinstance(error, requests.HTTPError), error
    return error.response.status_code, error.response.text


def planned(client: Tempo, start: str, end: str, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = client.create_plan(BOB, "USER", start, end, VACATION, "ISSUE", 8 * HOUR, **more)
    return made


# tempo-api-python-client


def test_a_life_of_a_plan(tempo: Callable[..., Tempo]) -> None:
    bob = tempo()
    made = planned(bob, "2013-03-04", "2013-03-06", description="Away")
    assert (made["startDate"], made["endDate"], made["totalPlannedSeconds"]) == ("2013-03-04", "2013-03-06", 24 * HOUR)
    assert (made["planItem"]["id"], made["assignee"]["id"], made["description"]) == (VACATION, BOB, "Away")
    assert bob.get_plan(made["id"]) == made
    put = bob.update_plan(
        made["id"], BOB, "USER", date(2013, 3, 7), date(2013, 3, 11), TASK, "ISSUE", 2 * HOUR, includeNonWorkingDays=True
    )
    assert (put["id"], put["plannedSecondsPerDay"], put["totalPlannedSeconds"]) == (made["id"], 2 * HOUR, 10 * HOUR)
    assert (put["planItem"]["id"], "description" in put) == (TASK, False)
    assert bob.delete_plan(made["id"]) == {}
    status, text = refusal(bob.get_plan, made["id"])
    assert (status, text) == (404, NO_SUCH_PLAN.replace("1", str(made["id"])))


def test_lists_of_plans(tempo: Callable[..., Tempo]) -> None:
    bob = tempo(limit=2)
    made = [planned(bob, day, day) for day in ("2013-03-04", "2013-03-06", "2013-03-08")]
    weekly = planned(bob, "2013-03-12", "2013-03-12", rule="WEEKLY", recurrenceEndDate="2013-03-31")
    assert (weekly["rule"], weekly["recurrenceEndDate"], weekly["totalPlannedSeconds"]) == ("WEEKLY", "2013-03-31", 24 * HOUR)
    ids = [plan["id"] for plan in (*made, weekly)]
    # The operation has no pages: the limit of the client is ignored.
    mine = bob.get_plan_for_user(BOB, dateFrom=DAYS["from"], dateTo=DAYS["to"])
    assert [plan["id"] for plan in mine] == ids
    daily = bob.get_plan_for_user(BOB, plannedTimeBreakdown="DAILY", dateFrom=DAYS["from"], dateTo=DAYS["to"])
    assert [value["date"] for value in daily[0]["plannedTime"]["days"]["values"]] == ["2013-03-04"]
    # Without days the library asks for nothing at all.
    assert bob.get_plans() is None
    page = bob.search_plans(DAYS["from"], DAYS["to"], accountIds=[BOB])
    assert [plan["id"] for plan in page["results"]] == ids[:2]
    assert bob.get_plans(DAYS["from"], DAYS["to"], accountIds=[BOB]) == page
    assert bob.get_plans(id=ids[0]) == made[0]
    assert [plan["id"] for plan in bob.get_plans(DAYS["from"], DAYS["to"], accountId=BOB)] == ids
    whole = tempo().search_plans(DAYS["from"], DAYS["to"], planIds=ids[1:3], assigneeTypes=["USER"], planItemTypes=["ISSUE"],
                                 planItemIds=[VACATION], plannedTimeBreakdown=["DAILY"])  # fmt: skip
    assert [plan["id"] for plan in whole["results"]] == ids[1:3]
    assert [plan["plannedTime"]["days"]["count"] for plan in whole["results"]] == [1, 1]


def test_refusals_of_plans_end_the_program(tempo: Callable[..., Tempo]) -> None:
    status, text = refusal(planned, tempo(), "2013-03-06", "2013-03-04")
    assert (status, "'endDate'" in text) == (400, True)
    assert refusal(planned, tempo("viewer"), "2013-03-04", "2013-03-04")[0] == 403
    assert refusal(tempo("nobody").get_plan, 1)[0] == 401


def test_plans_for_a_generic_resource(tempo: Callable[..., Tempo]) -> None:
    fred = tempo("fred")
    # No method makes one: the generic call of the library does.
    resource = fred.post("/generic-resources", data={"name": "Somebody new"})["id"]
    keys = ["permissions.plan.manage", "permissions.plan.view"]
    role = {"name": "Planner", "accessType": "GLOBAL", "permissionKeys": keys, "permittedAccountIds": [FRED]}
    assert fred.post("/permission-roles", data=role)["name"] == "Planner"
    made = fred.create_plan(str(resource), "GENERIC", "2013-03-04", "2013-03-05", TASK, "ISSUE", HOUR)
    assert (made["assignee"]["type"], made["assignee"]["id"]) == ("GENERIC", str(resource))
    assert isinstance(fred.get_plan_for_resource(resource, dateFrom=DAYS["from"], dateTo=DAYS["to"]), list)


def test_schedules_and_schemes(tempo: Callable[..., Tempo]) -> None:
    fred = tempo("fred")
    own = fred.get_user_schedule("2013-03-04", "2013-03-10")
    assert [(day["date"][-2:], day["type"]) for day in own[3:6]] == [
        ("07", "WORKING_DAY"), ("08", "WORKING_DAY"), ("09", "NON_WORKING_DAY"),
    ]  # fmt: skip
    assert len(fred.get_user_schedule(date(2013, 3, 4), date(2013, 3, 10), BOB)) == 7
    schemes = fred.get_workload_schemes()
    assert fred.get_workload_schemes(schemes[0]["id"])["name"] == schemes[0]["name"]
    made = fred.create_holiday_scheme("Harbour", "Where the ships are")
    assert (made["name"], made["description"]) == ("Harbour", "Where the ships are")
    assert made["id"] in [scheme["id"] for scheme in fred.get_holiday_schemes()]
    assert fred.create_holiday_scheme("Bare")["name"] == "Bare", "the library sends description: null"
    fixed = fred.create_holiday(made["id"], "FIXED", "New Year", "", 8 * HOUR, "2013-01-01")
    floating = fred.create_holiday(
        made["id"], data={"type": "FLOATING", "name": "Easter", "durationSeconds": 4 * HOUR, "date": "2013-04-01"}
    )
    assert [day["id"] for day in fred.get_holiday_schemes(made["id"], year=2013)] == [fixed["id"], floating["id"]]
    assert [day["name"] for day in fred.get_floating_holidays(made["id"])] == ["Easter"]


def test_what_the_library_has_no_method_for_its_generic_calls_reach(tempo: Callable[..., Tempo]) -> None:
    fred = tempo("fred")
    made = fred.post("/programs", data={"name": "Harbour", "managerAccountId": FRED, "teamIds": [3]})
    assert made["id"] in [program["id"] for program in fred.get("/programs")]
    assert fred.delete(f"/programs/{made['id']}") == {}
    assert refusal(fred.get, f"/programs/{made['id']}")[0] == 404


# atlassian-python-api


def test_generic_calls_reach_plans(cloud: Callable[[str], TempoCloud]) -> None:
    bob = cloud("bob")
    body = {
        "assigneeId": BOB, "assigneeType": "USER", "planItemId": VACATION, "planItemType": "ISSUE",
        "startDate": "2013-03-04", "endDate": "2013-03-06", "plannedSecondsPerDay": 8 * HOUR,
    }  # fmt: skip
    made = [bob.post("plans", data={**body, "startDate": day, "endDate": day}) for day in ("2013-03-04", "2013-03-06")]
    page = bob.get("plans", params={**DAYS, "limit": 1, "plannedTimeBreakdown": "DAILY"})
    after = bob.get(page["metadata"]["next"], absolute=True)
    assert [plan["id"] for plan in page["results"] + after["results"]] == [plan["id"] for plan in made]
    assert bob.put(f"plans/{made[0]['id']}", data={**body, "plannedSecondsPerDay": HOUR})["totalPlannedSeconds"] == 3 * HOUR
    assert bob.delete(f"plans/{made[0]['id']}") is None
    with pytest.raises(requests.HTTPError, match=f"Plan with id '{made[0]['id']}' not found"):
        bob.get(f"plans/{made[0]['id']}")
    with pytest.raises(requests.HTTPError, match="'endDate' must not be before 'startDate'"):
        bob.post("plans", data={**body, "endDate": "2013-03-01"})


def test_generic_calls_reach_schemes_programs_and_generic_resources(cloud: Callable[[str], TempoCloud]) -> None:
    fred = cloud("fred")
    for path, body in (
        ("workload-schemes", {"name": "Short", "days": [{"day": day, "requiredSeconds": 4 * HOUR} for day in WEEK]}),
        ("holiday-schemes", {"name": "Harbour"}),
        ("programs", {"name": "Harbour"}),
        ("generic-resources", {"name": "Somebody new"}),
    ):
        made = fred.post(path, data=body)
        assert fred.get(f"{path}/{made['id']}")["name"] == body["name"]
        changed = fred.put(f"{path}/{made['id']}", data={**body, "name": "Other"})
        assert changed["name"] == "Other", path
        assert fred.delete(f"{path}/{made['id']}") is None
        with pytest.raises(requests.HTTPError) as caught:
            fred.get(f"{path}/{made['id']}")
        assert caught.value.response.status_code == 404
    assert len(fred.get(f"user-schedule/{BOB}", params=DAYS)["results"]) == 12
