"""One world, two deployments: what is written through Data Center is read through Cloud and the other way round."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

EXAMPLES = 60
DAY = timedelta(days=1)
TODAY = date(2013, 11, 15)
PEOPLE = {
    "erica": ("erica", "5b10a2844c20165700ede220"),
    "bob": ("bob", "5b10a2844c20165700ede223"),
    "nadia": ("JIRAUSER10100", "712020:0b7e51c2-77aa-4d0e-9d43-6f1f0c2a9e11"),
    "olaf": ("olaf", "712020:1c8f62d3-88bb-4e1f-8e54-7a2a1d3b0f22"),
}
ACCOUNTS = dict(PEOPLE.values())
LASTING = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(str.strip)
DAYS = st.sampled_from(
    [date.min, date.min + DAY, TODAY - DAY, TODAY, TODAY + DAY, date(2016, 2, 29), date.max - DAY, date.max]
) | st.dates(date(2012, 1, 1), date(2017, 1, 1))


@st.composite
def periods(draw: Callable[[Any], Any]) -> dict[str, Any]:
    """First and last day, both inclusive and perhaps open, an availability in percent, and a role."""
    start, end = draw(st.none() | DAYS), draw(st.none() | DAYS)
    if start and end and end < start:
        start, end = end, start
    return {"start": start, "end": end, "percent": draw(st.integers(0, 100)), "role": draw(st.sampled_from([1, 3, 4]))}


def datacenter_body(period: dict[str, Any]) -> dict[str, Any]:
    days = {name: period[key].isoformat() for key, name in (("start", "dateFrom"), ("end", "dateTo")) if period[key]}
    return {"role": {"id": period["role"]}, "availability": str(period["percent"]), **days}


def cloud_body(period: dict[str, Any], inclusive: bool) -> dict[str, Any]:
    body: dict[str, Any] = {"commitmentPercent": period["percent"], "roleId": period["role"]}
    if period["start"]:
        body["from"] = period["start"].isoformat()
    if period["end"]:
        body["to"] = (period["end"] if inclusive else period["end"] + DAY).isoformat()
    return {**body, "useInclusiveEndDate": True} if inclusive else body


def cloud_days(membership: dict[str, Any]) -> tuple[date | None, date | None]:
    """First and last day as Cloud tells them; ``to`` and ``inclusiveTo`` must agree."""
    start, end, after = (date.fromisoformat(membership[k]) if k in membership else None for k in ("from", "inclusiveTo", "to"))
    assert after == (end + DAY if end and end < date.max else None)
    return start, end


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status == status, answer.text
    return answer.json if status == 200 else None


def new_team(world: Any) -> int:
    team_id: int = ok(world.cloud("POST", "fred", "teams", {"name": "T"}))["id"]
    return team_id


@LASTING
@given(period=periods(), name=st.sampled_from(sorted(PEOPLE)))
def test_a_period_of_data_center_is_the_same_in_cloud(world: Any, period: dict[str, Any], name: str) -> None:
    team_id = new_team(world)
    _, account_id = PEOPLE[name]
    member = {"member": {"name": name, "type": "USER"}, "membership": datacenter_body(period)}
    item = ok(world.post("fred", f"2/team/{team_id}/member", member))
    read = ok(world.cloud("GET", "fred", f"team-memberships/team/{team_id}"))["results"]
    assert [(m["id"], m["member"]["accountId"], m["team"]["id"]) for m in read] == [
        (item["membership"]["id"], account_id, team_id)
    ]
    assert cloud_days(read[0]) == (period["start"], period["end"])
    assert (read[0]["commitmentPercent"], read[0]["role"]["id"]) == (period["percent"], period["role"])
    is_present = (period["start"] or date.min) <= TODAY <= (period["end"] or date.max)
    today = ok(world.cloud("GET", "fred", f"teams/{team_id}/members"))["results"]
    assert [m["member"]["accountId"] for m in today] == [account_id] * is_present


@LASTING
@given(period=periods(), changed=periods(), name=st.sampled_from(sorted(PEOPLE)), inclusive=st.booleans())
def test_a_period_of_cloud_is_the_same_in_data_center(
    world: Any, period: dict[str, Any], changed: dict[str, Any], name: str, inclusive: bool
) -> None:
    team_id = new_team(world)
    key, account_id = PEOPLE[name]
    made = None
    for wanted in (period, changed):
        # No day comes after the last one there is, so only the inclusive form can say it.
        body = cloud_body(wanted, inclusive or wanted["end"] == date.max)
        if made is None:
            made = ok(world.cloud("POST", "fred", "team-memberships", {**body, "accountId": account_id, "teamId": team_id}))
        else:
            made = ok(world.cloud("PUT", "fred", f"team-memberships/{made['id']}", body))
        item = ok(world.get("fred", f"2/team/{team_id}/member"))[0]
        shown = item["membership"]
        assert (item["member"]["key"], shown["id"]) == (key, made["id"])
        assert (shown["dateFromANSI"], shown["dateToANSI"]) == tuple(
            day.isoformat() if day else "" for day in (wanted["start"], wanted["end"])
        )
        assert (shown["availability"], shown["role"]["id"]) == (str(wanted["percent"]), wanted["role"])
        assert ok(world.cloud("GET", "fred", f"team-memberships/{made['id']}")) == made
    ok(world.cloud("DELETE", "fred", f"team-memberships/{made['id']}"), 204)
    assert ok(world.get("fred", f"2/team/{team_id}/member")) == []


@LASTING
@given(first=periods(), second=periods(), by_cloud=st.booleans())
def test_both_refuse_the_same_overlaps(world: Any, first: dict[str, Any], second: dict[str, Any], by_cloud: bool) -> None:
    team_id = new_team(world)
    _, account_id = PEOPLE["bob"]
    member = {"member": {"name": "bob", "type": "USER"}, "membership": datacenter_body(first)}
    item = ok(world.post("fred", f"2/team/{team_id}/member", member))
    if by_cloud:
        body = {**cloud_body(second, True), "accountId": account_id, "teamId": team_id}
        answer = world.cloud("POST", "fred", "team-memberships", body)
    else:
        answer = world.post("fred", f"2/team/{team_id}/member/{item['id']}/membership", datacenter_body(second))
    apart = any(
        one["end"] and other["start"] and one["end"] < other["start"] for one, other in ((first, second), (second, first))
    )
    assert answer.status == (200 if apart else 400), answer.text


TEAMS = st.fixed_dictionaries(
    {"name": NAMES},
    optional={"summary": NAMES, "lead": st.sampled_from(sorted(PEOPLE)), "program": st.just(2)},
)


@LASTING
@given(values=TEAMS, changed=TEAMS)
def test_a_team_is_the_same_in_both(world: Any, values: dict[str, Any], changed: dict[str, Any]) -> None:
    def check(wanted: dict[str, Any]) -> None:
        here = ok(world.get("fred", f"2/team/{team_id}?expand=teamprogram"))
        there = ok(world.cloud("GET", "fred", f"teams/{team_id}"))
        assert here["name"] == there["name"] == wanted["name"]
        assert here.get("summary") == there.get("summary") == wanted.get("summary")
        assert here["isPublic"] == there["public"]
        assert here.get("teamProgram", {}).get("id") == there.get("program", {}).get("id") == wanted.get("program")
        lead = PEOPLE.get(wanted.get("lead", ""), (None, None))
        assert (here.get("lead"), there.get("lead", {}).get("accountId")) == lead

    given_there = {"name": values["name"], **({"summary": values["summary"]} if "summary" in values else {})}
    given_there |= {"lead": PEOPLE[values["lead"]][0]} if "lead" in values else {}
    given_there |= {"teamProgram": {"id": values["program"]}} if "program" in values else {}
    team_id = ok(world.post("fred", "2/team", given_there))["id"]
    check(values)
    body = {"name": changed["name"], "public": True, **({"summary": changed["summary"]} if "summary" in changed else {})}
    body |= {"leadAccountId": PEOPLE[changed["lead"]][1]} if "lead" in changed else {}
    body |= {"programId": changed["program"]} if "program" in changed else {}
    ok(world.cloud("PUT", "fred", f"teams/{team_id}", body))
    check(changed)
    ok(world.delete("fred", f"2/team/{team_id}"), 204)
    assert world.cloud("GET", "fred", f"teams/{team_id}").status == 404


def test_groups_in_a_team_do_not_exist_in_cloud(world: Any) -> None:
    team_id = new_team(world)
    ok(world.post("fred", f"2/team/{team_id}/member", {"member": {"name": "cloud-dev-user", "type": "GROUP"}}))
    assert len(ok(world.get("fred", f"2/team/{team_id}/member"))) == 2
    for path in (f"team-memberships/team/{team_id}", f"teams/{team_id}/members"):
        assert ok(world.cloud("GET", "fred", path))["results"] == []
    bob = PEOPLE["bob"][1]
    assert team_id not in [team["id"] for team in ok(world.cloud("GET", "fred", f"teams?teamMembers={bob}"))["results"]]


@pytest.mark.parametrize(("setting", "is_public"), [("off", False), ("on", True)])
def test_a_team_of_data_center_is_public_in_cloud_only_where_so_set(make_world: Any, setting: str, is_public: bool) -> None:
    world = make_world({"teams.public": setting})
    team_id = ok(world.post("fred", "2/team", {"name": "Theirs", "isPublic": not is_public}))["id"]
    assert ok(world.cloud("GET", "fred", f"teams/{team_id}"))["public"] is is_public
    assert world.cloud("GET", "greta", f"teams/{team_id}").status == (200 if is_public else 404)


def test_browse_team_of_data_center_opens_nothing_in_cloud_nor_the_other_way_round(world: Any) -> None:
    team_id = new_team(world)
    assert world.get("greta", f"2/team/{team_id}").status == 403
    assert world.cloud("GET", "greta", f"teams/{team_id}").status == 200
    ok(world.put("fred", f"2/permission/team/{team_id}/tempo.teams.browse.team", {"users": ["greta"]}))
    ok(world.cloud("PUT", "fred", f"teams/{team_id}", {"name": "T", "public": False}))
    assert world.get("greta", f"2/team/{team_id}").status == 200
    assert world.cloud("GET", "greta", f"teams/{team_id}").status == 404


@LASTING
@given(
    keys=st.sets(st.sampled_from(["permissions.worklog.view", "permissions.plan.view", "permissions.team.manage"])),
    names=st.lists(st.sampled_from(sorted(PEOPLE)), unique=True),
    name=NAMES,
)
def test_a_permission_role_of_cloud_is_a_permission_group(world: Any, keys: set[str], names: list[str], name: str) -> None:
    team_id = new_team(world)
    body = {"name": name, "accessType": "TEAM", "accessEntityIds": [team_id], "permissionKeys": sorted(keys)}
    body["permittedAccountIds"] = [PEOPLE[person][1] for person in names]
    role = ok(world.cloud("POST", "fred", "permission-roles", body))
    here = ok(world.get("fred", f"2/permissionGroups/team/{team_id}"))
    there = ok(world.cloud("GET", "fred", f"permission-roles?teamId={team_id}"))["results"]
    assert [group["id"] for group in here] == [held["id"] for held in there]
    group = next(group for group in here if group["id"] == role["id"])
    assert (group["name"], {key for key, on in group["permissions"].items() if on}) == (name, keys)
    assert [ACCOUNTS[person["key"]] for person in group["users"]] == [user["accountId"] for user in role["permittedUsers"]]
