"""What is asked beside the worklogs: only what is not known, once; and whatever is known on one side only is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from integration.clients.http import Wire
from integration.clients.jira import Jira
from integration.known_people import KnownPeople
from integration.store import Store
from integration.worklog_rows import WorklogRows

from .scripted import Answer, Clock, Scripted
from .worklog_home import WorklogHome

BOB, OLAF = "5b10a2844c20165700ede223", "Olaf Grund"


@pytest.fixture
def world(tempo_server: Any) -> Iterator[Any]:
    with tempo_server.world(scenario="guide", clock="2026-03-02T09:00Z") as made:
        yield made


@pytest.fixture
def home(world: Any, tmp_path: Path) -> WorklogHome:
    return WorklogHome(world, tmp_path)


def asked_of_jira(world: Any) -> list[str]:
    """Paths of Jira that were asked since the last call."""
    found = [entry["path"] for entry in world.journal.requests() if "/rest/api/3/" in entry["path"]]
    world.journal.clear()
    return found


def contract(person: str, first: str = "2025-01-01") -> str:
    return f'[[contract]]\nperson = "{person}"\nfirst = {first}\nweek = [0, 8, 8, 8, 8, 8, 0]\n'


def test_names_are_known_after_a_run_and_not_asked_for_again(home: WorklogHome, world: Any) -> None:
    assert home.run().exit == 0
    with closing(Store(home.database)) as store:
        names, issues = KnownPeople(store).names(), WorklogRows(store).issues()
        assert set(WorklogRows(store).people()) <= set(names)
        assert set(WorklogRows(store).issue_ids()) == set(issues)
    assert names[BOB] == "Bob Johnson"
    assert {issue.key for issue in issues.values()} >= {"CLOUD-1", "HR-1"}
    assert asked_of_jira(world)
    assert home.run().exit == 0
    assert asked_of_jira(world) == []
    assert home.run(full=True).exit == 0
    assert asked_of_jira(world), "with a full reading everything is asked for again"


def test_a_token_for_worklogs_alone_knows_no_teams_and_that_is_no_trouble(home: WorklogHome) -> None:
    ran = home.run()
    assert (ran.exit, ran.notes) == (0, ())
    with closing(Store(home.database)) as store:
        assert WorklogRows(store).teams() == {}


def test_teams_with_their_periods_once_a_day(world: Any, tmp_path: Path) -> None:
    world.make.permission_role(permissions=["permissions.worklog.view"], people=["admin"])
    home = WorklogHome(world, tmp_path, who="admin")
    assert home.run().exit == 0
    with closing(Store(home.database)) as store:
        names, periods = WorklogRows(store).teams(), WorklogRows(store).team_periods()
    assert len(names) == 2
    assert {period.team_id for period in periods} == set(names)
    team = world.make.team("Night shift", members=["bob"])
    assert home.run().exit == 0
    with closing(Store(home.database)) as store:
        assert len(WorklogRows(store).teams()) == 2, "they are believed for a day"
    world.clock.advance(24 * 3600)
    assert home.run().exit == 0
    with closing(Store(home.database)) as store:
        assert team["id"] in WorklogRows(store).teams()
    # Their absence from one answer that fails is no news.
    world.clock.advance(24 * 3600)
    world.faults.arm(status=503, path="/4/teams")
    ran = home.run()
    assert ran.exit == 0
    assert "teams could not be read" in ran.notes[0]
    with closing(Store(home.database)) as store:
        assert team["id"] in WorklogRows(store).teams()


@pytest.mark.parametrize(
    ("path", "words"), [("/rest/api/3/user", "what people are called"), ("/rest/api/3/search", "what issues are called")]
)
def test_a_jira_that_fails_takes_nothing_from_the_hours(home: WorklogHome, world: Any, path: str, words: str) -> None:
    fault = world.faults.arm(status=503, path=path)
    ran = home.run()
    assert (ran.exit, home.totals()) == (0, home.in_tempo())
    assert any(words in note for note in ran.notes)
    fault.disarm()
    assert home.run().notes == (), "asked for again, as it is still not known"


def test_issues_that_jira_does_not_show_are_told_and_asked_for_once(home: WorklogHome, world: Any) -> None:
    fault = world.faults.arm(status=400, path="/rest/api/3/search/jql")
    ran = home.run()
    fault.disarm()
    assert ran.exit == 0
    assert ran.notes[0].startswith("issues with worklogs that Jira does not show: 10")
    asked_of_jira(world)
    assert home.run().notes == ran.notes
    assert asked_of_jira(world) == []
    assert home.run(full=True).notes == ()


def test_people_and_contracts_that_are_on_one_side_only(home: WorklogHome) -> None:
    home.configure(contract(BOB) + contract("712020:nobody") + contract("712020:to-come", "2027-01-01"))
    ran = home.run()
    assert ran.exit == 7, "one with a contract was never seen"
    assert ran.standing.visible is not None
    assert (ran.standing.visible.seen, ran.standing.visible.unseen) == (1, ("712020:nobody",)), "not yet: who is to come"
    told = "\n".join(ran.notes)
    assert "with a contract, but not known to Jira: 712020:nobody, 712020:to-come" in told
    assert "with worklogs, but without a contract: " in told
    assert " and 4 more" in told
    home.configure("".join(contract(person) for person, _ in sorted({(p, "") for p, _ in home.in_tempo()})))
    ran = home.run()
    assert ran.exit == 0
    assert ran.notes == (f"with a contract, but inactive in Jira: {OLAF}",)


@pytest.mark.parametrize("edited", ["", "[]", "no JSON", '{"at": "yesterday"}', '{"at": 7}'])
def test_facts_that_somebody_edited(home: WorklogHome, edited: str) -> None:
    home.configure('[worklogs]\nrequired = "schedules"\n')
    with closing(Store(home.database)) as store, store.transaction():
        for fact in ("people", "issues", "teams", "expected"):
            store.set_fact(f"worklogs.{fact}", edited)
    assert home.run().standing.read is not None


def jira(server: Scripted) -> Jira:
    return Jira(Wire(server.url, "Basic x", clock=Clock(), per_second=10_000))


@pytest.mark.parametrize("missing", [set(), {"7"}, {"1", "250"}, {str(number) for number in range(1, 251)}])
def test_issues_by_id_where_some_are_not_there(server: Scripted, missing: set[str]) -> None:
    """A query that names one that is not there is refused as a whole."""

    def answer(asked: Any) -> Answer:
        from urllib.parse import parse_qs, urlsplit

        jql = parse_qs(urlsplit(asked.path).query)["jql"][0]
        ids = jql.removeprefix("id in (").removesuffix(")").split(",")
        assert len(ids) <= 100
        if set(ids) & missing:
            return Answer(400, {"errorMessages": ["does not exist"], "errors": {}})
        rows = [{"id": number, "key": f"A-{number}", "fields": {"summary": "s"}} for number in ids]
        return Answer(body={"issues": rows, "isLast": True})

    server.script = answer
    wanted = [str(number) for number in range(1, 251)]
    found = jira(server).issues_by_id(wanted)
    assert set(found) == set(wanted) - missing
    assert all(issue.key == f"A-{number}" for number, issue in found.items())
    if len(missing) < 3:
        assert len(server.asked) <= 3 + 2 * 8 * len(missing)


def test_no_issues_ask_nothing(server: Scripted) -> None:
    assert jira(server).issues_by_id([]) == {}
    assert not server.asked


def test_days_of_teams(world: Any, tmp_path: Path) -> None:
    """Ends that are open stay open; both days of a period are in it."""
    world.make.permission_role(permissions=["permissions.worklog.view"], people=["admin"])
    team = world.make.team("Night shift")
    world.make.member("bob", team, start="2026-01-05", end="2026-02-06")
    world.make.member("erica", team)
    home = WorklogHome(world, tmp_path, who="admin")
    assert home.run().exit == 0
    with closing(Store(home.database)) as store:
        found = {p.account_id: (p.first, p.last) for p in WorklogRows(store).team_periods() if p.team_id == team["id"]}
    assert found[BOB] == (date(2026, 1, 5), date(2026, 2, 6))
    assert found[world.persona("lead")["account_id"]] == (None, None)
