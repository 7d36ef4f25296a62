"""A stateful property: whatever is done to teams, what people read is what a small model in memory says.

Examples are the same in every run, so that a red test stays red; raise ``EXAMPLES`` to look further.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

EXAMPLES = 60
PEOPLE = {"fred": "fred", "erica": "erica", "bob": "bob", "nadia": "JIRAUSER10100", "greta": "greta", "laura": "laura"}
GROUPS = {"cloud-dev-user": ["bob", "david"], "hr": ["laura", "nadia"], "jira-administrators": ["fred"]}
ROLES = [1, 3, 4]
BROWSE = "tempo.teams.browse.team"
APPROVE = "tempo.timesheets.approve.timesheet"
MONTHS = [date(2013 + month // 12, month % 12 + 1, 1) for month in range(6, 18)]
"""From July 2013 to June 2014; the world begins in the middle of them."""

Period = dict[str, Any]
Span = tuple[date | None, date | None]


def spans() -> st.SearchStrategy[Span]:
    """First and last day: short ones that often touch, open ones, and some that end before they begin."""
    short = st.tuples(st.integers(0, 9), st.sampled_from([0, 1, 1, 2, -1])).map(lambda s: (MONTHS[s[0]], MONTHS[s[0] + s[1]]))
    month = st.sampled_from(MONTHS)
    return short | short | st.tuples(st.none() | month, st.none() | month)


class Model:
    """What the reference says a world of teams is: plain dictionaries, no storage, no HTTP."""

    def __init__(self) -> None:
        self.today = date(2013, 11, 15)
        self.teams: dict[int, dict[str, Any]] = {}
        self.members: dict[int, dict[str, Any]] = {}
        self.next = {"team": 8, "member": 32, "membership": 32}

    def take_id(self, noun: str) -> int:
        """The next id: ids go up by one and never come back."""
        self.next[noun] += 1
        return self.next[noun] - 1

    def browses(self, who: str, team: dict[str, Any]) -> bool:
        """Team Administrators, the lead and the grantees."""
        users, groups = team["grants"][BROWSE]
        return who == "fred" or team["lead"] == who or who in users or any(who in GROUPS[group] for group in groups)

    def visible(self, who: str) -> list[int]:
        """Ids of the teams on the person's list."""
        found = [(team["name"], team_id) for team_id, team in self.teams.items() if self.browses(who, team)]
        return [team_id for _, team_id in sorted(found)]

    def of_team(self, team_id: int, kind: str) -> dict[int, dict[str, Any]]:
        """Members of the team of a kind, by id."""
        return {k: m for k, m in sorted(self.members.items()) if m["team"] == team_id and m["kind"] == kind}

    def clashes(self, periods: list[Period], new: Period) -> bool:
        """Whether the period ends before it begins or overlaps another one."""
        start, end = new["start"] or date.min, new["end"] or date.max
        return end < start or any(
            start <= (p["end"] or date.max) and (p["start"] or date.min) <= end for p in periods if p["id"] != new["id"]
        )

    def shown(self, member: dict[str, Any]) -> Period:
        """The current period, else the next, else the last."""
        ordered = sorted(member["periods"], key=lambda p: (p["start"] or date.min, p["id"]))
        for period in ordered:
            if (period["end"] or date.max) >= self.today:
                return period
        return ordered[-1]

    def status(self, period: Period) -> str:
        """past when the end is over, the last day included."""
        return "past" if period["end"] and period["end"] <= self.today else "active"


class TeamsMachine(RuleBasedStateMachine):
    """Does things to a world and to the model, and holds what people read in the one against the other."""

    teams: Bundle[int] = Bundle("teams")
    persons: Bundle[int] = Bundle("persons")
    groups: Bundle[int] = Bundle("groups")
    roles = st.sampled_from(ROLES)
    people = st.sampled_from(sorted(PEOPLE))

    def __init__(self, make_world: Callable[..., Any]) -> None:
        super().__init__()
        self.world = make_world()
        self.model = Model()
        for team_id in (1, 3):
            self.send("DELETE", f"2/team/{team_id}", 204)
        self.create(name="A", lead="erica")
        self.create(name="B", lead=None)

    def teardown(self) -> None:
        self.world.close()

    def send(self, method: str, path: str, status: int, json: Any = None, who: str = "fred") -> Any:
        """One call with an expected status; a refusal in Jira's error body."""
        answer = self.world.call(method, who, path, json)
        assert answer.status == status, (method, path, json, answer.text)
        if status == 204:
            return None
        if status >= 400:
            assert set(answer.json) == {"errorMessages", "errors"}
        return answer.json

    @initialize(target=teams)
    def begin_with_two_teams(self) -> Any:
        return multiple(*self.model.teams)

    @initialize(target=persons)
    def begin_with_some_people(self) -> Any:
        ended, coming = (MONTHS[1], MONTHS[2]), (MONTHS[8], None)
        return multiple(
            self.add(8, "bob", ended, 4, 50), self.add(8, "nadia", coming, 1, 80), self.add(9, "bob", coming, 3, 100)
        )

    @rule(target=teams, name=st.sampled_from(["A", "B", "b", "Ö"]), lead=st.none() | people)
    def create_team(self, name: str, lead: str | None) -> int:
        return self.create(name, lead)

    def create(self, name: str, lead: str | None) -> int:
        """A new team in the world and in the model."""
        made = self.send("POST", "2/team", 200, {"name": name, "lead": lead})
        assert made["id"] == self.model.take_id("team")
        self.model.teams[made["id"]] = {"name": name, "lead": lead, "grants": {BROWSE: (set(), set()), APPROVE: (set(), set())}}
        return made["id"]

    @rule(team=teams, name=st.sampled_from(["A", "C"]), lead=st.none() | people, who=people)
    def update_team(self, team: int, name: str, lead: str | None, who: str) -> None:
        known = self.model.teams[team]
        may = who in ("fred", known["lead"])
        self.send("PUT", f"2/team/{team}", 200 if may else 403, {"name": name, "lead": lead and PEOPLE[lead]}, who)
        if may:
            known |= {"name": name, "lead": lead}

    @rule(team=consumes(teams))
    def delete_team(self, team: int) -> None:
        # Members of the team stay in their bundles: what is done to them later is 404.
        self.send("DELETE", f"2/team/{team}", 204)
        del self.model.teams[team]
        for member in [k for k, m in self.model.members.items() if m["team"] == team]:
            del self.model.members[member]
        self.send("GET", f"2/team/{team}", 404)

    def body(self, start: date | None, end: date | None, role: int | None, availability: int) -> dict[str, Any]:
        """A period as a client sends it, each end in another form."""
        return {
            "dateFrom": start.strftime("%Y-%m-%d") if start else "",
            "dateTo": end.strftime("%d/%b/%Y") if end else None,
            "role": {"id": role} if role else {},
            "availability": str(availability) if availability % 2 else availability,
        }

    @rule(target=persons, team=teams, person=people, span=spans(), role=st.none() | roles, share=st.integers(0, 100))
    def add_person(self, team: int, person: str, span: Span, role: int | None, share: int) -> Any:
        return self.add(team, person, span, role, share)

    def add(self, team: int, person: str, span: Span, role: int | None, share: int) -> Any:
        """A new member in the world and in the model, or a refusal."""
        start, end = span
        period = {"id": 0, "start": start, "end": end, "role": role or 1, "availability": share}
        is_there = any(m["name"] == person for m in self.model.of_team(team, "USER").values())
        bad = is_there or self.model.clashes([], period)
        body = {"member": {"name": PEOPLE[person]}, "membership": self.body(start, end, role, share)}
        item = self.send("POST", f"2/team/{team}/member", 400 if bad else 200, body)
        if bad:
            return multiple()
        member, period["id"] = self.model.take_id("member"), self.model.take_id("membership")
        self.model.members[member] = {"team": team, "kind": "USER", "name": person, "periods": [period]}
        self.check_item(item, member)
        return member

    @rule(target=groups, team=teams, group=st.sampled_from(sorted(GROUPS)))
    def add_group(self, team: int, group: str) -> Any:
        is_there = any(m["name"] == group for m in self.model.of_team(team, "GROUP").values())
        body = {"member": {"name": group, "type": "GROUP"}}
        item = self.send("POST", f"2/team/{team}/member", 400 if is_there else 200, body)
        if is_there:
            return multiple()
        member = self.model.take_id("member")
        assert (item["id"], "membership" in item) == (member, False)
        self.model.members[member] = {"team": team, "kind": "GROUP", "name": group, "periods": []}
        return member

    def path_of(self, member: int) -> tuple[str, dict[str, Any] | None]:
        """Where the member is, and what the model knows; None when it is gone."""
        known = self.model.members.get(member)
        return f"2/team/{known['team'] if known else 999}/member/{member}", known

    @rule(member=persons | groups)
    def deactivate(self, member: int) -> None:
        path, known = self.path_of(member)
        if not known or known["kind"] == "GROUP":
            self.send("PUT", f"{path}/deactivate", 400 if known else 404)
            return
        period = self.model.shown(known)
        if not (period["end"] and period["end"] <= self.model.today):
            period["end"] = max(self.model.today, period["start"] or self.model.today)
        self.check_period(self.send("PUT", f"{path}/deactivate", 200), member, period)

    @rule(member=consumes(persons) | consumes(groups))
    def remove_member(self, member: int) -> None:
        path, known = self.path_of(member)
        self.send("DELETE", path, 204 if known else 404)
        self.model.members.pop(member, None)

    @rule(member=persons, span=spans(), role=roles, share=st.integers(0, 100))
    def add_period(self, member: int, span: Span, role: int, share: int) -> None:
        start, end = span
        path, known = self.path_of(member)
        period = {"id": 0, "start": start, "end": end, "role": role, "availability": share}
        status = 404 if not known else 400 if self.model.clashes(known["periods"], period) else 200
        bean = self.send("POST", f"{path}/membership", status, self.body(start, end, role, share))
        if known and status == 200:
            period["id"] = self.model.take_id("membership")
            known["periods"].append(period)
            self.check_period(bean, member, period)
            self.check_item(self.send("GET", path, 200), member)

    @rule(member=persons, which=st.integers(0, 3), span=spans(), role=roles, share=st.integers(0, 100))
    def change_period(self, member: int, which: int, span: Span, role: int, share: int) -> None:
        start, end = span
        path, known = self.path_of(member)
        if not known:
            return
        period = known["periods"][which % len(known["periods"])]
        wanted = {"id": period["id"], "start": start, "end": end, "role": role, "availability": share}
        status = 400 if self.model.clashes(known["periods"], wanted) else 200
        bean = self.send("PUT", f"{path}/membership/{period['id']}", status, self.body(start, end, role, share))
        if status == 200:
            period |= wanted
            self.check_period(bean, member, period)
            self.check_item(self.send("GET", path, 200), member)

    @rule(member=persons, which=st.integers(0, 3))
    def remove_period(self, member: int, which: int) -> None:
        path, known = self.path_of(member)
        if not known:
            return
        period = known["periods"].pop(which % len(known["periods"]))
        self.send("DELETE", f"{path}/membership/{period['id']}", 204)
        if not known["periods"]:
            del self.model.members[member]

    @rule(
        team=teams,
        key=st.sampled_from([BROWSE, APPROVE]),
        users=st.sets(people),
        groups=st.sets(st.sampled_from(sorted(GROUPS))),
    )
    def grant(self, team: int, key: str, users: set[str], groups: set[str]) -> None:
        body = {"users": sorted(users), "groups": sorted(groups)}
        put = self.send("PUT", f"2/permission/team/{team}/{key}", 200, body)
        self.model.teams[team]["grants"][key] = (users, groups)
        got = self.send("GET", f"2/permission/team/{team}/{key}", 200)
        assert put == got
        assert ({user["name"] for user in got["users"]}, set(got["groups"])) == (users, groups)

    @rule(by=st.integers(1, 40))
    def let_days_pass(self, by: int) -> None:
        self.model.today += timedelta(days=by)
        self.world.set_clock(self.model.today.isoformat())

    @rule(team=teams, who=people, only_active=st.booleans())
    def read_members(self, team: int, who: str, only_active: bool) -> None:
        may = self.model.browses(who, self.model.teams[team])
        items = self.send("GET", f"2/team/{team}/member?onlyActive={str(only_active).lower()}", 200 if may else 403, who=who)
        if not may:
            return
        persons, groups = self.model.of_team(team, "USER"), self.model.of_team(team, "GROUP")
        wanted = [k for k, m in persons.items() if not only_active or self.model.status(self.model.shown(m)) == "active"]
        assert [item["id"] for item in items if item["member"]["type"] == "USER"] == wanted
        for item in items[: len(wanted)]:
            self.check_item(item, item["id"])
        direct = {m["name"] for m in persons.values()}
        by_group = {name: {g["name"] for g in groups.values() if name in GROUPS[g["name"]]} for name in [*PEOPLE, "david"]}
        brought = {name: found for name, found in by_group.items() if found and name not in direct}
        assert {item["member"]["name"]: set(item["groupsForUser"]) for item in items[len(wanted) :]} == brought
        assert len(items) == len(wanted) + len(brought)
        listed = self.send("GET", f"2/team/{team}/member?type=group", 200, who=who)
        assert [item["id"] for item in listed] == list(groups)

    @rule(person=people, reader=st.none() | people)
    def read_periods(self, person: str, reader: str | None) -> None:
        who = reader or person
        periods = self.send("GET", f"2/user/{PEOPLE[person]}/memberships", 200, who=who)
        seen = [m for m in self.model.members.values() if m["name"] == person and
                (who == person or self.model.browses(who, self.model.teams[m["team"]]))]  # fmt: skip
        assert {period["id"] for period in periods} == {period["id"] for member in seen for period in member["periods"]}

    @invariant()
    def everybody_sees_the_teams_they_may(self) -> None:
        for who in ("fred", "erica", "bob", "nadia", "greta"):
            teams = self.send("GET", "1/team", 200, who=who)
            assert [team["id"] for team in teams] == self.model.visible(who)
            for team in teams:
                known = self.model.teams[team["id"]]
                assert (team["name"], team.get("lead")) == (known["name"], known["lead"])

    def check_period(self, bean: dict[str, Any], member: int, period: Period) -> None:
        """The membership as the model has it."""
        start, end = period["start"], period["end"]
        assert bean["id"] == period["id"]
        assert (bean["dateFrom"], bean["dateTo"]) == tuple(day.strftime("%d/%b/%y") if day else "" for day in (start, end))
        assert (bean["dateFromANSI"], bean["dateToANSI"]) == tuple(day.isoformat() if day else "" for day in (start, end))
        assert (bean["role"]["id"], bean["availability"]) == (period["role"], str(period["availability"]))
        assert (bean["teamMemberId"], bean["teamId"]) == (member, self.model.members[member]["team"])
        assert bean["status"] == self.model.status(period)

    def check_item(self, item: dict[str, Any], member: int) -> None:
        """The line of a person as the model has it."""
        known = self.model.members[member]
        period = self.model.shown(known)
        assert item["id"] == item["member"]["teamMemberId"] == member
        assert (item["member"]["name"], item["member"]["key"]) == (known["name"], PEOPLE[known["name"]])
        assert item["showDeactivate"] is (period["end"] is None)
        self.check_period(item["membership"], member, period)


def test_a_world_of_teams_is_what_the_model_says(make_world: Callable[..., Any]) -> None:
    bounded = settings(
        max_examples=EXAMPLES,
        stateful_step_count=30,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    run_state_machine_as_test(lambda: TeamsMachine(make_world), settings=bounded)
