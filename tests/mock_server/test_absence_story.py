"""An absence integration from Tempo's side, over a socket: what its setup page asks for, and its list of what goes wrong.

An administrator makes a token with Full access for a year; the integration then learns the internal issues, the schemes and
everybody's plans of some weeks. The world is made by the API, as its people would make it.
"""

import itertools
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
import requests

FRED, ERICA, BOB = "5b10a2844c20165700ede21f", "5b10a2844c20165700ede220", "5b10a2844c20165700ede223"
GRETA = "5b10a2844c20165700ede225"
VACATION, SICK = "10240", "10241"
BOBS_TEAM, OTHER_TEAM = 3, 1
WINDOW = {"from": "2013-11-18", "to": "2013-11-28"}
"""Bob is in his team until the day after."""

HOUR = 3600
NUMBERS = itertools.count(1)
WEEK = ["2013-11-18", "2013-11-19", "2013-11-20", "2013-11-21", "2013-11-22"]


class Site(NamedTuple):
    """A world behind a socket. A caller is the text of a token, or a login name of the guide with a demo token."""

    root: str
    http: requests.Session

    def ask(self, method: str, who: str, path: str, json: Any = None, **query: Any) -> requests.Response:
        """A call of ``/4``, or of a path from the root on."""
        token = f"demo-token-of-{who}-not-a-secret" if len(who) < 12 else who
        url = self.root + (path if path.startswith("/") else f"/4/{path}")
        return self.http.request(method, url, json=json, params=query, headers={"Authorization": f"Bearer {token}"})

    def read(self, who: str, path: str, **query: Any) -> Any:
        """What a GET answers with 200."""
        answer = self.ask("GET", who, path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def plan(self, who: str, account_id: str, issue: str, **more: Any) -> requests.Response:
        """Somebody plans an absence for somebody."""
        body = {
            "assigneeId": account_id,
            "assigneeType": "USER",
            "planItemId": issue,
            "planItemType": "ISSUE",
            "startDate": WEEK[0],
            "endDate": WEEK[-1],
            "plannedSecondsPerDay": 8 * HOUR,
            "description": "story",
            **more,
        }
        return self.ask("POST", who, "plans", body)

    def token(self, person: str, **more: Any) -> str:
        """A token as its owner makes it on the settings page."""
        name = "Out of Office Assistant Integration"
        made = self.http.post(f"{self.root}/_mock/tokens", json={"person": person, "name": name, **more})
        assert made.status_code == 201, made.text
        text: str = made.json()["token"]
        return text

    def open_to(self, issue: str, *teams: int) -> None:
        """Choose the teams of an internal issue on the settings page."""
        assert self.http.put(f"{self.root}/_mock/internal-issues/{issue}", json={"teams": list(teams)}).status_code == 200

    def clock(self, **changes: Any) -> None:
        """Change the world's time."""
        assert self.http.put(f"{self.root}/_mock/clock", json=changes).status_code == 200


@pytest.fixture(scope="module")
def origin(module_server: Callable[..., Any], idle_scenario: str) -> str:
    url: str = module_server("--quiet", scenario=idle_scenario).url
    return url


@pytest.fixture
def site(origin: str) -> Iterator[Site]:
    """A world of its own for each test, in which the administrator may view everybody's plans."""
    with requests.Session() as http:
        http.trust_env = False
        name = f"absences{next(NUMBERS)}"
        assert http.post(f"{origin}/_mock/sites", json={"name": name, "clock": "2013-11-15"}).status_code == 201
        made = Site(f"{origin}/sites/{name}", http)
        made.clock(now="2013-11-15T09:00:00Z", frozen=True)
        role = {
            "name": "Absences",
            "accessType": "GLOBAL",
            "permissionKeys": ["permissions.plan.view"],
            "permittedAccountIds": [FRED],
            "accessEntityIds": [],
        }
        assert made.ask("POST", "fred", "permission-roles", role).status_code == 200
        yield made


@pytest.fixture
def planned(site: Site) -> Site:
    """Bob is on vacation for a week, every Tuesday for half a day at the doctor's, and works; Erica is ill for two days."""
    for answer in (
        site.plan("bob", BOB, VACATION),
        site.plan("bob", BOB, SICK, startDate="2013-11-26", endDate="2013-11-26", plannedSecondsPerDay=4 * HOUR),
        site.plan("bob", BOB, "10200", startDate="2013-11-25", endDate="2013-11-28", plannedSecondsPerDay=2 * HOUR),
        site.plan("erica", ERICA, SICK, startDate="2013-11-27", endDate="2013-11-28"),
        site.plan("erica", ERICA, VACATION, startDate="2014-11-27", endDate="2014-11-28"),
    ):
        assert answer.status_code == 200, answer.text
    return site


def walk(site: Site, who: str, limit: int = 2, **query: Any) -> list[dict[str, Any]]:
    """The plans of the story in the window with their days, page by page."""
    found: list[dict[str, Any]] = []
    page = site.read(who, "plans", **WINDOW, plannedTimeBreakdown="DAILY", limit=limit, **query)
    while True:
        assert len(page["results"]) <= limit
        found += page["results"]
        if "next" not in page["metadata"]:
            return [plan for plan in found if plan["description"] == "story"]
        page = site.read(who, page["metadata"]["next"].removeprefix(site.root))


def absences(plans: list[dict[str, Any]], issues: set[str]) -> dict[tuple[str, str], float]:
    """Hours by person and day, of the plans for some issues."""
    found: dict[tuple[str, str], float] = {}
    for plan in plans:
        if plan["planItem"]["id"] in issues:
            for day in plan["plannedTime"]["days"]["values"]:
                found[plan["assignee"]["id"], day["date"]] = day["plannedSeconds"] / HOUR
    return found


def test_the_setup_and_what_is_read_after_it(planned: Site) -> None:
    token = planned.token("fred", days=365)
    # The connection is verified, and the administrator chooses from the internal issues.
    listed = planned.read(token, "/x-tempo-mock/internal-issues")["results"]
    chosen = {str(issue["id"]) for issue in listed if issue["summary"] in ("Paid time off", "Sick leave")}
    assert chosen == {VACATION, SICK}
    plans = walk(planned, token)
    assert len({plan["id"] for plan in plans}) == len(plans) == 4
    expected = {
        **{(BOB, day): 8.0 for day in WEEK},
        (BOB, "2013-11-26"): 4.0,
        (ERICA, "2013-11-27"): 8.0,
        (ERICA, "2013-11-28"): 8.0,
    }
    assert absences(plans, chosen) == expected
    assert walk(planned, token, limit=1) == plans == walk(planned, token, limit=1000)


def test_what_days_count_is_told_by_schemes_and_schedules(planned: Site) -> None:
    token = planned.token("fred", days=365)
    (workload, *_) = planned.read(token, "workload-schemes")["results"]
    assert planned.read(token, f"workload-schemes/users/{BOB}")["id"] == workload["id"]
    assert [day["requiredSeconds"] // HOUR for day in workload["days"]] == [8, 8, 8, 8, 8, 0, 0]
    scheme = planned.read(token, f"holiday-schemes/users/{BOB}")["id"]
    assert scheme in [one["id"] for one in planned.read(token, "holiday-schemes")["results"]]
    holiday = {"type": "FLOATING", "name": "Fair", "date": WEEK[2], "durationSeconds": 8 * HOUR}
    assert planned.ask("POST", "fred", f"holiday-schemes/{scheme}/holidays", holiday).status_code == 200
    days = planned.read(token, f"user-schedule/{BOB}", **WINDOW)["results"]
    kinds = {day["date"]: (day["type"], day["requiredSeconds"] // HOUR) for day in days}
    assert kinds[WEEK[1]] == ("WORKING_DAY", 8)
    assert kinds[WEEK[2]] == ("HOLIDAY", 0)
    assert kinds["2013-11-23"] == ("NON_WORKING_DAY", 0)
    # And the vacation, planned before, is a day shorter.
    found = absences(walk(planned, token), {VACATION})
    assert sorted(day for _, day in found) == [day for day in WEEK if day != WEEK[2]]


def test_a_change_is_found_by_its_day_and_a_plan_that_is_gone_is_404(planned: Site) -> None:
    token = planned.token("fred", days=365)
    before = walk(planned, token)
    planned.clock(now="2013-11-16T09:00:00Z")
    assert walk(planned, token, updatedFrom="2013-11-16") == []
    late = planned.plan("bob", BOB, SICK, startDate="2013-11-28", endDate="2013-11-28").json()["id"]
    assert [plan["id"] for plan in walk(planned, token, updatedFrom="2013-11-16")] == [late]
    assert planned.ask("DELETE", "bob", f"plans/{before[0]['id']}").status_code == 204
    assert planned.ask("GET", token, f"plans/{before[0]['id']}").status_code == 404
    assert [plan["id"] for plan in walk(planned, token)] == [*(plan["id"] for plan in before[1:]), late]


def test_who_is_in_no_team_is_shown_no_internal_issue_and_may_plan_all_the_same(site: Site) -> None:
    everything = site.read("absences", "/x-tempo-mock/internal-issues")["results"]
    assert len(everything) == 4
    answer = site.read("absences", "/x-tempo-mock/internal-issues", accountId=GRETA)
    assert answer == {"metadata": {"count": 0}, "results": []}
    greta = site.token("greta")
    assert site.plan(greta, GRETA, VACATION).status_code == 200


def refused(answer: requests.Response, sentence: str) -> None:
    assert (answer.status_code, answer.json()) == (400, {"errors": [{"message": sentence}]})


def test_an_issue_of_another_team_cannot_be_planned_on(site: Site) -> None:
    site.open_to("HR-2", OTHER_TEAM)
    listed = site.read("absences", "/x-tempo-mock/internal-issues", accountId=BOB)["results"]
    assert "HR-2" not in [issue["key"] for issue in listed]
    sentence = "The internal issue HR-2 is not assigned to a team of this user"
    refused(site.plan("bob", BOB, SICK), sentence)
    # The way out that the setup page names: assign it to the team.
    site.open_to("HR-2", OTHER_TEAM, BOBS_TEAM)
    assert site.plan("bob", BOB, SICK).status_code == 200


def test_planning_for_others_needs_a_permission(site: Site) -> None:
    sentence = "You do not have the permission Manage Plans for this user"
    refused(site.plan("absences", BOB, VACATION), sentence)
    refused(site.plan(site.token("greta"), BOB, VACATION), sentence)
    assert walk(site, "absences") == []
    role = {
        "name": "Planners",
        "accessType": "GLOBAL",
        "permissionKeys": ["permissions.plan.manage"],
        "permittedAccountIds": [FRED],
        "accessEntityIds": [],
    }
    assert site.ask("POST", "fred", "permission-roles", role).status_code == 200
    assert site.plan("absences", BOB, VACATION).status_code == 200


def test_a_token_that_expired_stops_it_until_there_is_another(planned: Site) -> None:
    token = planned.token("fred", days=365)
    planned.clock(advance=364 * 24 * HOUR)
    assert len(walk(planned, token)) == 4
    planned.clock(advance=2 * 24 * HOUR)
    for path in ("plans", "/x-tempo-mock/internal-issues", "workload-schemes"):
        assert planned.ask("GET", token, path, **WINDOW).status_code == 401
    assert len(walk(planned, planned.token("fred", days=365))) == 4


@pytest.mark.parametrize("scopes", [["schemes:view", "worklogs:view"], ["plans:view"], ["plans:manage"]])
def test_a_token_is_worth_its_scopes(planned: Site, scopes: list[str]) -> None:
    token = planned.token("fred", scopes=scopes)
    may_plan, may_read_schemes = "plans" in scopes[0], "schemes:view" in scopes
    expected = {"plans": may_plan, "/x-tempo-mock/internal-issues": may_plan, "workload-schemes": may_read_schemes,
                "holiday-schemes": may_read_schemes, "user-schedule": may_read_schemes}  # fmt: skip
    for path, may in expected.items():
        # What is not asked for there is ignored.
        query = WINDOW if path in ("plans", "user-schedule") else {}
        assert planned.ask("GET", token, path, **query).status_code == (200 if may else 403), path


def test_an_owner_who_sees_nobody_is_answered_with_his_own_plans(planned: Site) -> None:
    greta = planned.token("greta")
    assert walk(planned, greta) == []
    mine = planned.plan(greta, GRETA, VACATION).json()["id"]
    assert [plan["id"] for plan in walk(planned, greta)] == [mine]
    assert planned.read(greta, f"plans/user/{BOB}", **WINDOW)["results"] == []
    searched = planned.ask("POST", greta, "plans/search", {**WINDOW, "accountIds": [BOB, GRETA]})
    assert [plan["id"] for plan in searched.json()["results"]] == [mine]
