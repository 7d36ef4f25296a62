"""Who sees which worklog: the one SQL condition held against a slow and obvious reading of the rule, over random worlds.

The rule (help pages on permission roles): a worklog of author A in project P on day D is visible to U when U may browse P,
and is A, or holds View All Worklogs in P, or View Worklogs by a role with Full access, or by a role over a team, or as lead
of a team, of which A has a membership that contains D.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from mock_server.access import Actor
from mock_server.domain import worklogs
from mock_server.settings import Settings
from mock_server.storage import work_reach, worklog_pages
from mock_server.storage.opening import in_memory
from mock_server.storage.store import Store
from mock_server.storage.worklog_pages import Filters, Order
from mock_server.storage.worklogs import Worklog

BROWSE, VIEW_ALL = "BROWSE_PROJECTS", "io.tempo.jira__view-all-worklogs"
VIEW, MANAGE = "permissions.worklog.view", "permissions.worklog.manage"
DAYS = [f"2013-11-{day:02}" for day in range(1, 8)] + ["9999-12-31"]
PEOPLE, PROJECTS, TEAMS = [1, 2, 3, 4], [1, 2, 3], [1, 2, 3]
ISSUES = {1: 1, 2: 1, 3: 2, 4: 3}
"""Issue -> its project."""


@dataclass
class Role:
    is_global: bool
    keys: set[str]
    holders: set[int]
    teams: set[int]
    by_group: bool


@dataclass
class Log:
    id: int
    author: int
    issue: int
    day: str
    time: str
    updated: str
    account: str | None


@dataclass
class World:
    held: dict[tuple[int, str], set[int]] = field(default_factory=dict)
    leads: dict[int, int | None] = field(default_factory=dict)
    memberships: list[tuple[int, int, str | None, str | None]] = field(default_factory=list)
    """Team, person, first day, last day."""
    roles: list[Role] = field(default_factory=list)
    logs: list[Log] = field(default_factory=list)

    # The oracle: section by section what the help pages say, without a thought for speed.

    def browses(self, who: int, project: int) -> bool:
        return who in self.held[project, BROWSE]

    def is_member_on(self, team: int, who: int, day: str) -> bool:
        for of_team, person, start, end in self.memberships:
            if of_team == team and person == who and (start is None or start <= day) and (end is None or day <= end):
                return True
        return False

    def sees(self, who: int, log: Log) -> bool:
        project = ISSUES[log.issue]
        if not self.browses(who, project):
            return False
        if log.author == who or who in self.held[project, VIEW_ALL]:
            return True
        for role in self.roles:
            if who in role.holders and VIEW in role.keys:
                if role.is_global:
                    return True
                if any(self.is_member_on(team, log.author, log.day) for team in role.teams):
                    return True
        return any(lead == who and self.is_member_on(team, log.author, log.day) for team, lead in self.leads.items())

    def matches(self, filters: Filters, log: Log) -> bool:
        return all(
            (
                filters.start is None or filters.start <= log.day,
                filters.end is None or log.day <= filters.end,
                filters.updated_from is None or filters.updated_from <= log.updated,
                filters.project_ids is None or ISSUES[log.issue] in filters.project_ids,
                filters.issue_ids is None or log.issue in filters.issue_ids,
                filters.author_ids is None or log.author in filters.author_ids,
                filters.team_id is None or self.is_member_on(filters.team_id, log.author, log.day),
                filters.account_key is None or log.account == filters.account_key,
            )
        )

    def listed(self, who: int, filters: Filters, order: Order) -> list[int]:
        by: dict[str, Any] = {
            "ID": lambda log: log.id,
            "UPDATED": lambda log: log.updated,
            "START_DATE_TIME": lambda log: (log.day, log.time),
        }
        found = [log for log in self.logs if self.sees(who, log) and self.matches(filters, log)]
        # Sorting keeps the order of what is equal, so the last field goes first.
        for name, descending in (("ID", order.descending), *reversed(order.then), (order.by, order.descending)):
            found.sort(key=by[name], reverse=descending)
        return [log.id for log in found]

    # The same world as rows.

    def build(self, store: Store) -> None:
        for number in PEOPLE:
            store.insert_row(
                "people", id=number, name=f"p{number}", key=f"p{number}", account_id=f"a{number}", email="", display_name="",
                time_zone="UTC", locale="en", avatar_id=1,
            )  # fmt: skip
        for number in PROJECTS:
            store.insert_row("projects", id=number, key=f"P{number}", name="", project_type="software")
        for number, project in ISSUES.items():
            store.insert_row(
                "issues", id=number, key=f"P-{number}", project_id=project, summary="", issue_type="Task", status="Open",
                created_at="", updated_at="",
            )  # fmt: skip
        for (project, permission), holders in self.held.items():
            group = self._group(store, f"{project} {permission}", holders)
            store.insert_row("project_permissions", project_id=project, permission=permission, group_id=group)
        store.insert_row("roles", id=1, name="Member", is_default=1)
        for team, lead in self.leads.items():
            store.insert_row("teams", id=team, name=f"t{team}", lead_id=lead)
        members: dict[tuple[int, int], int] = {}
        for team, person, start, end in self.memberships:
            if (team, person) not in members:
                members[team, person] = store.insert_row("members", team_id=team, person_id=person)
            store.insert_row(
                "memberships", member_id=members[team, person], role_id=1, start_date=start, end_date=end, availability=100
            )
        for number, role in enumerate(self.roles):
            made = store.insert_row("permission_roles", name="", access_type="GLOBAL" if role.is_global else "TEAM")
            for key in role.keys:
                store.insert_row("permission_role_keys", permission_role_id=made, key=key)
            for team in role.teams:
                store.insert_row("permission_role_teams", permission_role_id=made, team_id=team)
            if role.by_group:
                group = self._group(store, f"role {number}", role.holders)
                store.insert_row("permission_role_holders", permission_role_id=made, group_id=group)
            else:
                for holder in role.holders:
                    store.insert_row("permission_role_holders", permission_role_id=made, person_id=holder)
        for key, of_type in (("_Account_", "ACCOUNT"), ("_Text_", "INPUT_FIELD")):
            store.insert_row("work_attributes", key=key, name=key, type=of_type)
        for log in self.logs:
            store.insert_row(
                "worklogs", id=log.id, jira_id=log.id, issue_id=log.issue, project_id=ISSUES[log.issue], author_id=log.author,
                start_date=log.day, start_time=log.time, time_spent=60, billable=60, description="", created_at="",
                updated_at=log.updated,
            )  # fmt: skip
            if log.account:
                store.insert_row("worklog_attributes", worklog_id=log.id, key="_Account_", value=log.account)
            else:
                # Text that reads like an account is not one.
                store.insert_row("worklog_attributes", worklog_id=log.id, key="_Text_", value="X")

    @staticmethod
    def _group(store: Store, name: str, people: set[int]) -> int:
        group = store.insert_row("groups", name=name, group_id=name)
        for person in people:
            store.insert_row("group_members", group_id=group, person_id=person)
        return group


def some(values: list[int], most: int | None = None) -> st.SearchStrategy[set[int]]:
    return st.sets(st.sampled_from(values), max_size=most)


STAMPS = [f"{day}T12:00:00.000Z" for day in DAYS[:4]]


@st.composite
def worlds(draw: Any) -> World:
    world = World()
    for project in PROJECTS:
        # Most people browse most projects, or there would be nothing to see.
        hidden = draw(some(PEOPLE, 2))
        world.held[project, BROWSE] = set(PEOPLE) - hidden
        world.held[project, VIEW_ALL] = draw(some(PEOPLE, 1))
    for team in TEAMS:
        world.leads[team] = draw(st.sampled_from([None, None, *PEOPLE]))
    for _ in range(draw(st.integers(0, 6))):
        ends = sorted(draw(st.lists(st.sampled_from(DAYS), min_size=2, max_size=2)))
        start, end = draw(st.sampled_from([(None, None), (ends[0], None), (None, ends[1]), (ends[0], ends[1])]))
        world.memberships.append((draw(st.sampled_from(TEAMS)), draw(st.sampled_from(PEOPLE)), start, end))
    for _ in range(draw(st.integers(0, 3))):
        keys = draw(st.sampled_from([{VIEW}, {VIEW, MANAGE}, {MANAGE}, set()]))
        is_global = draw(st.integers(0, 4)) == 4
        world.roles.append(Role(is_global, keys, draw(some(PEOPLE, 2)), draw(some(TEAMS)), draw(st.booleans())))
    for number in range(1, draw(st.integers(1, 14)) + 1):
        world.logs.append(
            Log(
                number,
                draw(st.sampled_from(PEOPLE)),
                draw(st.sampled_from(list(ISSUES))),
                draw(st.sampled_from(DAYS)),
                draw(st.sampled_from(["08:00:00", "09:30:00"])),
                draw(st.sampled_from(STAMPS)),
                draw(st.sampled_from([None, "X", "Y"])),
            )
        )
    return world


def ids(values: list[int]) -> st.SearchStrategy[tuple[int, ...] | None]:
    return st.none() | st.lists(st.sampled_from([*values, 99]), max_size=3).map(tuple)


FILTERS = st.just(Filters()) | st.builds(
    Filters,
    start=st.none() | st.sampled_from(DAYS),
    end=st.none() | st.sampled_from(DAYS),
    updated_from=st.none() | st.sampled_from(STAMPS),
    project_ids=ids(PROJECTS),
    issue_ids=ids(list(ISSUES)),
    author_ids=ids(PEOPLE),
    team_id=st.none() | st.sampled_from(TEAMS),
    account_key=st.sampled_from([None, None, "X", "Z"]),
)
ORDERS = [Order(by, descending) for by in worklog_pages.ORDERS for descending in (False, True)] + [
    Order.of([("START_DATE_TIME", True), ("UPDATED", False)]),
    Order.of([("UPDATED", False), ("START_DATE_TIME", True), ("ID", True)]),
    Order.of([("UPDATED", True), ("ID", False)]),
]


@pytest.fixture(scope="module")
def template() -> Iterator[bytes]:
    store = in_memory()
    yield store.serialize()
    store.close()


WAYS = {
    "as served": (1, 20_000, 10),
    "fewer tried first": (1, 0, 1),
    "along": (1, 0, 10),
    "by few rows": (0, 20_000, 10),
    "merged": (0, 0, 10),
}


@pytest.fixture(params=WAYS.values(), ids=WAYS)
def _ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every way of finding a page: along one index, merged from several, and from all rows that a filter lets through."""
    monkeypatch.setattr(worklog_pages, "TRIED", request.param[0])
    monkeypatch.setattr(worklog_pages, "FEW_ROWS", request.param[1])
    monkeypatch.setattr(worklog_pages, "FEW_AUTHORS", 64 * request.param[0])
    monkeypatch.setattr(worklog_pages, "TRIED_FIRST", request.param[2])


COMMON = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


def actor(person_id: int) -> Actor:
    return Actor(person_id, f"p{person_id}", f"p{person_id}", frozenset())


def id_list(found: list[Worklog]) -> list[int]:
    return [worklog.id for worklog in found]


@settings(COMMON, max_examples=40)
@given(world=worlds(), asked=st.lists(FILTERS, min_size=1, max_size=3))
@pytest.mark.usefixtures("_ways")
def test_lists_are_what_the_rule_says(template: bytes, world: World, asked: list[Filters]) -> None:
    store = in_memory(template)
    with store.transaction():
        world.build(store)
        for who in PEOPLE:
            reach = worklogs.reach(store, actor(who), Settings())
            for filters in [Filters(), *asked]:
                for order in ORDERS:
                    found = worklog_pages.page(store, reach, filters, order, 0, 100)
                    assert id_list(found) == world.listed(who, filters, order), (who, filters, order)
            seen = len(world.listed(who, Filters(), Order()))
            event("sees all" if seen == len(world.logs) else "sees some" if seen else "sees nothing")
    store.close()


@settings(COMMON, max_examples=40)
@given(world=worlds())
def test_single_reads_are_what_the_rule_says(template: bytes, world: World) -> None:
    store = in_memory(template)
    with store.transaction():
        world.build(store)
        for who in PEOPLE:
            reach = worklogs.reach(store, actor(who), Settings())
            found = [log.id for log in world.logs if worklog_pages.get(store, log.id, reach)]
            assert found == [log.id for log in world.logs if world.sees(who, log)]
            assert worklog_pages.get(store, 10_000, reach) is None
    store.close()


@settings(COMMON, max_examples=25)
@given(world=worlds(), filters=FILTERS, size=st.integers(1, 4), who=st.sampled_from(PEOPLE))
@pytest.mark.usefixtures("_ways")
def test_pages_by_key_are_pages_by_offset_and_together_the_list(
    template: bytes, world: World, filters: Filters, size: int, who: int
) -> None:
    store = in_memory(template)
    with store.transaction():
        world.build(store)
        reach = worklogs.reach(store, actor(who), Settings())
        for order in ORDERS:
            whole: list[int] = []
            after = None
            while True:
                by_key = worklog_pages.page(store, reach, filters, order, len(whole), size, after)
                by_offset = worklog_pages.page(store, reach, filters, order, len(whole), size)
                assert by_key == by_offset
                if not by_key:
                    break
                whole += id_list(by_key)
                after = worklog_pages.key_of(by_key[-1], order)
            assert whole == world.listed(who, filters, order)
    store.close()


def log(number: int, author: int, issue: int = 1, day: str = DAYS[3]) -> Log:
    return Log(number, author, issue, day, "08:00:00", STAMPS[0], None)


def open_world() -> World:
    """Everybody browses everything; nobody has anything more."""
    world = World(leads=dict.fromkeys(TEAMS))
    for project in PROJECTS:
        world.held[project, BROWSE] = set(PEOPLE)
        world.held[project, VIEW_ALL] = set()
    return world


def seen(template: bytes, world: World, who: int) -> list[int]:
    store = in_memory(template)
    with store.transaction():
        world.build(store)
        found = id_list(worklog_pages.page(store, worklogs.reach(store, actor(who), Settings()), Filters(), Order(), 0, 100))
        assert found == world.listed(who, Filters(), Order())
    store.close()
    return found


@pytest.mark.usefixtures("_ways")
@pytest.mark.parametrize("lone", ["role", "lead"])
def test_days_of_a_membership_are_inclusive_at_both_ends(template: bytes, lone: str) -> None:
    world = open_world()
    world.memberships = [(1, 2, DAYS[1], DAYS[3]), (1, 2, DAYS[5], None)]
    world.logs = [log(number, 2, day=day) for number, day in enumerate(DAYS)]
    if lone == "role":
        world.roles = [Role(False, {VIEW}, {1}, {1}, False)]
    else:
        world.leads[1] = 1
    assert seen(template, world, 1) == [1, 2, 3, 5, 6, 7]


@pytest.mark.usefixtures("_ways")
def test_own_work_in_a_project_that_is_hidden_is_hidden(template: bytes) -> None:
    world = open_world()
    world.held[1, BROWSE] = {2}
    world.roles = [Role(True, {VIEW}, {1}, set(), False)]
    world.logs = [log(1, 1, issue=1), log(2, 1, issue=3), log(3, 2, issue=1), log(4, 2, issue=3)]
    assert seen(template, world, 1) == [2, 4]
    assert seen(template, world, 2) == [3, 4]


@pytest.mark.usefixtures("_ways")
def test_manage_and_other_keys_do_not_show_work(template: bytes) -> None:
    world = open_world()
    world.roles = [Role(True, {MANAGE}, {1}, set(), False), Role(False, {"permissions.plan.view"}, {1}, {1}, False)]
    world.memberships = [(1, 2, None, None)]
    world.logs = [log(1, 1), log(2, 2)]
    assert seen(template, world, 1) == [1]


@pytest.mark.parametrize(
    ("day", "inside"), [(DAYS[0], False), (DAYS[1], True), (DAYS[3], True), (DAYS[4], False), (DAYS[7], True)]
)
def test_a_member_is_one_inside_the_memberships(template: bytes, day: str, inside: bool) -> None:
    world = open_world()
    world.memberships = [(1, 2, DAYS[1], DAYS[3]), (1, 2, DAYS[5], None)]
    store = in_memory(template)
    with store.transaction():
        world.build(store)
        assert work_reach.is_member(store, 2, frozenset({1}), day) is inside
    store.close()
