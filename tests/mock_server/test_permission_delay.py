"""Changes of permission roles that take their time, by the setting cloud.permissionDelay.

Help pages tell of up to an hour until changes of Jira's permissions reach Tempo; that roles wait as well is inference.
"""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_server.storage import former_roles, permission_roles
from mock_server.storage.opening import in_memory
from mock_server.storage.store import Author

BOB, GRETA = "5b10a2844c20165700ede223", "5b10a2844c20165700ede225"
ENTRY = {"authorAccountId": BOB, "issueId": 10202, "startDate": "2013-11-14", "timeSpentSeconds": 3600}
VIEW, MANAGE = "permissions.worklog.view", "permissions.worklog.manage"
Make = Callable[..., Any]


def role(**values: Any) -> dict[str, Any]:
    return {"name": "R", "accessType": "TEAM", "accessEntityIds": [3], "permissionKeys": [VIEW, MANAGE],
            "permittedAccountIds": [GRETA], **values}  # fmt: skip


def make(world: Any, **values: Any) -> str:
    made = world.cloud("POST", "fred", "permission-roles", role(**values))
    assert made.status == 200, made.text
    return f"permission-roles/{made.json['id']}"


def shown(world: Any) -> int:
    return len(world.cloud("GET", "greta", "worklogs").json["results"])


@pytest.fixture
def make_world(make_world: Make, idle_scenario: str) -> Make:
    """Worlds without work but what a test logs."""
    return lambda settings=None, **options: make_world(settings, **{"scenario": idle_scenario, **options})


@pytest.fixture
def delayed(make_world: Make) -> Any:
    """A world in which changes take an hour, with one worklog of Bob's, at ten o'clock."""
    world = make_world({"cloud.permissionDelay": "3600"}, clock="2013-11-15T10:00:00")
    assert world.cloud("POST", "bob", "worklogs", ENTRY).status == 200
    return world


@pytest.mark.parametrize("access", [{}, {"accessType": "GLOBAL", "accessEntityIds": []}])
def test_a_new_role_counts_after_the_delay(delayed: Any, access: dict[str, Any]) -> None:
    make(delayed, **access)
    for moment, number, status in (("10:00:00", 0, 403), ("10:59:59.999", 0, 403), ("11:00:00", 1, 200), ("12:00:00", 1, 200)):
        delayed.set_clock(f"2013-11-15T{moment}")
        assert shown(delayed) == number, moment
        assert delayed.cloud("POST", "greta", "worklogs", {**ENTRY, "timeSpentSeconds": 1}).status == status, moment
        delayed.cloud("DELETE", "bob", "worklogs/2")


def test_a_role_that_is_taken_away_counts_for_as_long(delayed: Any) -> None:
    path = make(delayed)
    for number, change in enumerate(
        ({"permittedAccountIds": [BOB]}, {"permissionKeys": [MANAGE]}, {"accessEntityIds": [1]}, None), 1
    ):
        delayed.set_clock(f"2013-11-{15 + number}T10:00:00")
        assert shown(delayed) == 1
        method = "PUT" if change else "DELETE"
        assert delayed.cloud(method, "fred", path, role(**change or {})).status in (200, 204)
        delayed.set_clock(f"2013-11-{15 + number}T10:59:59")
        assert shown(delayed) == 1, change
        delayed.set_clock(f"2013-11-{15 + number}T11:00:00")
        assert shown(delayed) == 0, change
        if change:
            assert delayed.cloud("PUT", "fred", path, role()).status == 200


def test_managing_a_team_and_seeing_it_wait_too(delayed: Any) -> None:
    hidden = delayed.cloud("POST", "fred", "teams", {"name": "Hidden", "public": False}).json["id"]
    make(delayed, accessEntityIds=[hidden], permissionKeys=["permissions.team.manage"])
    body = {"name": "Mine", "public": False}
    for moment, seen, managed in (("10:59:59", 404, 404), ("11:00:00", 200, 200)):
        delayed.set_clock(f"2013-11-15T{moment}")
        assert delayed.cloud("GET", "greta", f"teams/{hidden}").status == seen
        assert delayed.cloud("PUT", "greta", f"teams/{hidden}", body).status == managed


def test_what_does_not_wait(delayed: Any) -> None:
    make(delayed)
    listed = delayed.cloud("GET", "fred", "permission-roles?teamId=3").json["results"]
    assert "R" in [one["name"] for one in listed], "whoever looks at roles sees them as they are"
    team = {"name": "Cloud Team", "leadAccountId": GRETA}
    assert delayed.cloud("PUT", "fred", "teams/3", team).status == 200
    assert shown(delayed) == 1, "a lead leads at once"


def test_permissions_of_jira_do_not_wait(delayed: Any) -> None:
    assert len(delayed.cloud("GET", "bob", "worklogs").json["results"]) == 1
    store = delayed.site.store
    with store.transaction(Author("x", "cloud", "x", "2013-11-15T10:00:00.000Z")):
        store.run("DELETE FROM project_permissions WHERE permission = 'BROWSE_PROJECTS'")
    assert delayed.cloud("GET", "bob", "worklogs").json["results"] == []


def test_without_the_setting_everything_counts_at_once(world: Any) -> None:
    assert world.cloud("POST", "bob", "worklogs", ENTRY).status == 200
    path = make(world)
    assert shown(world) == 1
    assert world.cloud("DELETE", "fred", path).status == 204
    assert shown(world) == 0


def test_the_scenarios_roles_count_from_the_beginning(make_world: Make) -> None:
    plain, slow = make_world(), make_world({"cloud.permissionDelay": "86400"})
    for who in ("fred", "erica", "bob", "greta", "viewer"):
        for path in ("worklogs", "teams", "permission-roles"):
            assert slow.cloud("GET", who, path).body == plain.cloud("GET", who, path).body


@pytest.mark.parametrize("value", ["-1", "86401", "1.5", "x", ""])
def test_the_setting_is_whole_seconds_of_a_day_at_most(world: Any, value: str) -> None:
    assert world.put(None, "/_mock/settings", {"cloud.permissionDelay": value}).status == 400


STEPS = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from(["TEAM", "GLOBAL"]), st.sets(st.sampled_from([VIEW, MANAGE])),
        st.sets(st.integers(1, 2)), st.sets(st.integers(1, 3)), st.booleans(),
    ),
    min_size=1,
    max_size=8,
)  # fmt: skip
"""Which role becomes what: access, keys, holders, teams; or goes."""


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(STEPS)
def test_the_past_is_what_the_past_was(steps: list[Any]) -> None:
    """After any changes, what is worked out for every earlier moment is what was answered then."""
    store = in_memory()
    asked = [(person, key) for person in (1, 2) for key in (None, VIEW, MANAGE)]

    def answers() -> list[Any]:
        return [permission_roles.held(store, person, key) for person, key in asked]

    with store.transaction():
        for number in (1, 2):
            store.insert_row(
                "people", id=number, name=f"p{number}", key=f"p{number}", account_id=f"a{number}", email="", display_name="",
                time_zone="UTC", locale="en", avatar_id=1,
            )  # fmt: skip
        for number in (1, 2, 3):
            store.insert_row("teams", id=number, name=f"t{number}")
        store.run("DELETE FROM audit_events")
        then = [answers()]
    roles: dict[int, int] = {}
    for second, (which, access, keys, holders, teams, goes) in enumerate(steps, 1):
        with store.transaction(Author("x", "cloud", "x", f"2013-11-15T10:00:{second:02}.000Z")):
            if goes and which in roles:
                permission_roles.remove(store, roles.pop(which))
            else:
                if which not in roles:
                    roles[which] = permission_roles.add(store, "R", access)
                permission_roles.change(store, roles[which], "R", access)
                permission_roles.replace(store, roles[which], sorted(keys), sorted(holders), sorted(teams))
            then.append(answers())
    with store.transaction():
        for second, expected in enumerate(then):
            moment = f"2013-11-15T10:00:{second:02}.000Z"
            found = [former_roles.held(store, person, key, moment) for person, key in asked]
            assert [now if one is None else one for one, now in zip(found, then[-1], strict=True)] == expected
