"""The world of the persona matrices, made of the rows that world.toml names, and who calls in it."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from werkzeug.test import Client

from mock_server.access import GRANTABLE_SCOPES
from mock_server.app import create_application
from mock_server.config import Options
from mock_server.domain.logins import hash_token
from mock_server.domain.plan_days import pattern_of
from mock_server.moments import parse_moment
from mock_server.storage import (
    generic_resources,
    holiday_schemes,
    internal_issues,
    permission_roles,
    plans,
    programs,
    scheme_members,
    workload_schemes,
)
from mock_server.storage.holiday_schemes import Holiday
from mock_server.storage.opening import in_memory
from mock_server.storage.plans import Plan
from mock_server.storage.scheme_members import Kind
from mock_server.storage.store import Store

TODAY = "2013-11-15"
STAMP = f"{TODAY}T00:00:00.000Z"
NAMES = re.compile(r"\{([\w\- ]+)\}")


class Reply(NamedTuple):
    """Status and body of an answer; ``json`` is None for one that is none."""

    status: int
    json: Any
    text: str


class MatrixWorld:
    """A site that is the same before every call, and the ids and accountIds behind the names of its rows."""

    def __init__(self, described: Mapping[str, Any]) -> None:
        self._described = described
        self.known: dict[str, Any] = {}
        options = Options(scenario="empty", clock=parse_moment(TODAY), settings=described["settings"], quiet=True)
        self._application, _ = create_application(options)
        self.site = self._application.sites.default
        self.site.clock.set(parse_moment(TODAY))
        self.site.clock.freeze()
        self._client = Client(self._application, use_cookies=False)
        store = in_memory(watched=False)
        with store.transaction():
            self._build(store)
        # Without the triggers of the audit trail, which are most of what a first write to a new copy costs.
        self._data = store.serialize()
        self.begin_anew()

    def begin_anew(self) -> None:
        """Be the world as it was made."""
        self.site.enter(in_memory(self._data))
        self._version = self.site.store.version

    def is_unchanged(self) -> bool:
        """Whether not one byte of the world is another one since it began anew; what was undone leaves none."""
        return self.site.store.version == self._version or self.site.store.serialize() == self._data

    def close(self) -> None:
        """Let go of the database."""
        self._application.close()

    def send(self, method: str, path: str, authorization: str | None, body: Any = None) -> Reply:
        """One request; a body other than None is sent as JSON."""
        headers = {"Authorization": authorization} if authorization else {}
        sent = None if body is None else json.dumps(body)
        with self._client.open(path, method=method, headers=headers, data=sent, content_type="application/json") as response:
            text = response.get_data(as_text=True)
            is_json = response.content_type is not None and response.content_type.startswith("application/json")
            return Reply(response.status_code, json.loads(text) if is_json else None, text)

    def named(self, value: Any, more: Mapping[str, Any]) -> Any:
        """The same with ids and accountIds in place of {names}, also of those in ``more``."""
        known = {**self.known, **more}
        if isinstance(value, str):
            alone = NAMES.fullmatch(value)
            return known[alone[1]] if alone else NAMES.sub(lambda found: str(known[found[1]]), value)
        if isinstance(value, list):
            return [self.named(one, more) for one in value]
        if isinstance(value, dict):
            return {name: self.named(one, more) for name, one in value.items()}
        return value

    def account_of(self, person: str | None) -> str:
        """An accountId; for None that of somebody who is not there."""
        return self.known[person] if person else "nobody"

    def of_worklog(self, row: str) -> dict[str, str]:
        """The accountId of the author of a worklog and its day; nothing for any other row."""
        if row not in self._described["worklogs"]:
            return {}
        author, _, day = self._described["worklogs"][row]
        return {"author": self.known[author], "day": day}

    def _know(self, name: str, value: Any) -> Any:
        assert name not in self.known, name
        self.known[name] = value
        return value

    def _build(self, store: Store) -> None:
        row, described = store.insert_row, self._described
        people: dict[str, int] = {}
        for name in described["people"]:
            account_id = self._know(name, f"712020:{name}")
            people[name] = row(
                "people", name=name, key=name, account_id=account_id, email=f"{name}@example.org", display_name=name.title(),
                time_zone="UTC", locale="en_US", avatar_id=10122, active=int(name not in described["deactivated"]),
            )  # fmt: skip
            row("jira_api_tokens", person_id=people[name], name="x", token_hash=hash_token(f"jira-token-of-{name}"))
        groups: dict[str, int] = {}
        for name, inside in described["groups"].items():
            groups[name] = row("groups", name=name, group_id=f"id of {name}")
            for person in inside:
                row("group_members", group_id=groups[name], person_id=people[person])
            for permission in described["global_permissions"].get(name, ()):
                row("global_permissions", permission=permission, group_id=groups[name])
        for number, (key, held) in enumerate(described["projects"].items()):
            project = self._know(
                key, row("projects", id=10010 + number, key=key, name=f"Project {key}", project_type="software")
            )
            for group, granted in held.items():
                for permission in granted["keys"]:
                    row("project_permissions", project_id=project, permission=permission, group_id=groups[group])
            issue = row(
                "issues", id=10200 + number, key=f"{key}-1", project_id=project, summary=f"Work in {key}", issue_type="Task",
                status="Open", created_at=STAMP, updated_at=STAMP,
            )  # fmt: skip
            self._know(f"{key}-1", issue)
        for name, project in described["boards"].items():
            self._know(name, row("boards", name=name, type="scrum", project_id=self.known[project]))
        member = self._know("Member", row("roles", name="Member", is_default=1))
        self._know("Spare", row("roles", name="Spare"))
        for name, team in described["teams"].items():
            self._build_team(store, name, team, people, groups, member)
        for name, role in described["permission_roles"].items():
            teams = [self.known[team] for team in role.get("teams", ())]
            made = self._know(name, permission_roles.add(store, name, "TEAM" if teams else "GLOBAL"))
            keys = role["keys"] + described["plan_permissions"].get(name, [])
            permission_roles.replace(store, made, keys, [people[person] for person in role["people"]], teams)
        self._build_programs_and_resources(store, people)
        self._build_accounts(store, people)
        for key, kind in (("_Account_", "ACCOUNT"), ("_Text_", "INPUT_FIELD")):
            row("work_attributes", key=key, name=key, type=kind)
            self._know(key, key)
        for name, (author, project, day) in described["worklogs"].items():
            made = row(
                "worklogs", jira_id=len(self.known) + 10500, issue_id=self.known[f"{project}-1"],
                project_id=self.known[project], author_id=people[author], start_date=day, start_time="09:00:00",
                time_spent=600, billable=600, description=name, created_at=STAMP, updated_at=STAMP,
            )  # fmt: skip
            self._know(name, made)
            self._know(f"{name} in Jira", store.value("SELECT jira_id FROM worklogs WHERE id = ?", (made,)))
            store.run("INSERT INTO worklog_attributes VALUES (?, '_Account_', 'USED')", (made,))
        self._build_plans(store, people)
        self._build_schemes(store, people)
        self._know("every Tempo id", [found[0] for found in store.all("SELECT id FROM worklogs")])
        self._know("every Jira id", [found[0] for found in store.all("SELECT jira_id FROM worklogs")])
        for name, persona in described["personas"].items():
            if "person" in persona:
                full = " ".join(sorted(GRANTABLE_SCOPES))
                scopes = full if persona["scopes"] == "full" else persona["scopes"]
                self.add_token(store, people[persona["person"]], name, scopes, is_expired=persona.get("expired", False))
        for scope in GRANTABLE_SCOPES:
            self.add_token(store, people["fred"], f"only {scope}", scope)
        for left_out in (*sorted({scope.partition(":")[0] for scope in GRANTABLE_SCOPES}), "plans and teams"):
            rest = sorted(scope for scope in GRANTABLE_SCOPES if scope.partition(":")[0] not in left_out.split())
            self.add_token(store, people["fred"], f"all but {left_out}", " ".join(rest))

    def add_token(self, store: Store, person_id: int, name: str, scopes: str, *, is_expired: bool = False) -> None:
        """A token of Tempo whose text is ``token NAME`` with hyphens."""
        store.insert_row(
            "api_tokens", person_id=person_id, name=name, access="custom", scopes=scopes, days=365,
            token_hash=hash_token(f"token-{name.replace(' ', '-')}"), created_at="2012-11-15T00:00:00.000Z",
            expires_at="2013-01-01T00:00:00.000Z" if is_expired else "2014-01-01T00:00:00.000Z",
        )  # fmt: skip

    def _build_team(
        self, store: Store, name: str, team: Mapping[str, Any], people: Mapping[str, int], groups: Mapping[str, int], role: int
    ) -> None:
        row = store.insert_row
        lead = people.get(team.get("lead", ""))
        team_id = self._know(name, row("teams", name=name, lead_id=lead, is_public=int(team.get("public", False))))
        permission_roles.add_built_in(store, team_id)
        for built_in in ("lead", "member"):
            sql = "SELECT id FROM permission_roles WHERE team_id = ? AND built_in = ?"
            self._know(f"{built_in}_of_{name}", store.value(sql, (team_id, built_in)))
        for group in team.get("groups", ()):
            row("members", team_id=team_id, group_id=groups[group])
        for person, (start, end) in team.get("members", {}).items():
            made = row("members", team_id=team_id, person_id=people[person])
            period = row(
                "memberships", member_id=made, role_id=role, start_date=start or None, end_date=end or None, availability=100
            )
            self._know(f"{person}_in_{name}", period)
        for project in team.get("links", ()):
            link = row("links", team_id=team_id, scope_type="project", scope=self.known[project])
            self._know(f"{name}_to_{project}", link)
        for board in team.get("boards", ()):
            link = row("links", team_id=team_id, scope_type="board", scope=self.known[board])
            self._know(f"{name}_to_{board}", link)

    def _build_programs_and_resources(self, store: Store, people: Mapping[str, int]) -> None:
        for name, program in self._described["programs"].items():
            made = self._know(name, programs.add(store, name.title(), people.get(program.get("manager", ""))))
            programs.set_teams(store, made, [self.known[team] for team in program["teams"]])
        for name, teams in self._described["generic_resources"].items():
            made = self._know(name, generic_resources.add(store, name.title(), STAMP, people["theo"]))
            for team in teams:
                generic_resources.assign(store, self.known[team], made, STAMP, people["theo"])
                self._know(f"{name}_in_{team}", made)

    def _build_plans(self, store: Store, people: Mapping[str, int]) -> None:
        for key, teams in self._described["internal_issues"].items():
            internal_issues.put(store, self.known[key], tuple(self.known[team] for team in teams))
        # Ids of assignees and of what is planned are text in bodies.
        for name in (*self._described["projects"], *self._described["generic_resources"]):
            self._know(f"text of {name}", str(self.known[name]))
        for key in self._described["projects"]:
            self._know(f"text of {key}-1", str(self.known[f"{key}-1"]))
        for name, (assignee, item, start, end, *more) in self._described["plans"].items():
            reviewer, until = (*more, "", "")[:2]
            person = people.get(assignee)
            made = Plan(
                0, person, None if person else self.known[assignee], self.known[item] if item.endswith("-1") else None,
                self.known[item.removesuffix("-1")], person, start, end, "00:00", 3600, None, "WEEKLY" if until else "NEVER",
                until or None, 0, name, "REQUESTED" if reviewer else None, person if reviewer else None,
                people.get(reviewer), None, STAMP, STAMP,
            )  # fmt: skip
            spans = [(span.start.isoformat(), span.end.isoformat()) for span in pattern_of(made).stretches()]
            self._know(name, plans.add(store, made, spans))

    def _build_schemes(self, store: Store, people: Mapping[str, int]) -> None:
        described = self._described
        self._know("usual week", store.value("SELECT id FROM workload_schemes WHERE is_default"))
        self._know("usual days", store.value("SELECT id FROM holiday_schemes WHERE is_default"))
        for name, inside in described["workload_schemes"].items():
            made = self._know(name, workload_schemes.add(store, name, "", [14400] * 5 + [0, 0]))
            scheme_members.assign(store, Kind.WORKLOAD, made, [people[person] for person in inside])
        for name, inside in described["holiday_schemes"].items():
            made = self._know(name, holiday_schemes.add(store, name, ""))
            scheme_members.assign(store, Kind.HOLIDAY, made, [people[person] for person in inside])
        for name, (scheme, kind, day) in described["holidays"].items():
            holiday = Holiday(0, self.known[scheme], kind, day, name, "", 28800)
            self._know(name, holiday_schemes.add_holiday(store, holiday))

    def _build_accounts(self, store: Store, people: Mapping[str, int]) -> None:
        row = store.insert_row
        category = row("account_categories", key="DEV", name="Development")
        row("account_categories", key="ODD", name="Odds and ends")
        customer = self._know("BUYER", row("customers", key="BUYER", name="Buyer"))
        row("customers", key="OTHER", name="Other")
        used = row(
            "accounts", key="USED", name="Used", status="OPEN", lead_id=people["erica"], category_id=category,
            customer_id=customer,
        )  # fmt: skip
        self._know("USED", used)
        self._know("FREE", row("accounts", key="FREE", name="Free", status="OPEN", lead_id=people["erica"]))
        for name, (_, project) in self._described["account_links"].items():
            self._know(name, row("account_links", account_id=used, project_id=self.known[project]))


@pytest.fixture(scope="module")
def matrix() -> Iterator[MatrixWorld]:
    """The world of the matrices, as it was made."""
    here = Path(__file__).parent
    made = MatrixWorld(
        {
            **tomllib.loads((here / "world.toml").read_text("utf-8")),
            **tomllib.loads((here / "world_plans.toml").read_text("utf-8")),
        }
    )
    yield made
    made.close()
