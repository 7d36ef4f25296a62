"""The doctor at a real server: the people of the scenario whose troubles are known, and what it may not ask."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from integration.records import Rule
from integration.store import Store

from .conftest import TEMPLATES, Command, Site
from .sites import LAURA

ALL = ("HR-1", "HR-2", "HR-3", "HR-4")


@pytest.fixture
def ready(connected: Command) -> Command:
    """Connected, with everything selected."""
    assert connected("connect", "--days", "100").code == 0
    assert connected("issues", "--select", *ALL).code == 0
    return connected


def people(told: Any) -> dict[str, Any]:
    return {person["name"].split()[0]: person for person in told["people"]}


def causes(person: Any) -> set[str]:
    return {finding["cause"] for finding in person["findings"]}


def test_the_troubles_of_the_scenario(ready: Command) -> None:
    said = ready("doctor", "--json")
    assert said.code == 7
    found = people(said.json)
    assert causes(found["Greta"]) == {"not in a team"}
    assert causes(found["Nadia"]) == {"issue not assigned to the team"}
    assert found["Nadia"]["state"] == "has"
    assert found["Nadia"]["issues"] == ["HR-1", "HR-3", "HR-4"]
    # rita is in a team of others than HR-2's, too.
    assert causes(found["Rita"]) == {"insufficient permission", "issue not assigned to the team"}
    assert found["Rita"]["state"] == "lacks"
    assert found["David"]["state"] == "has"
    assert found["David"]["issues"] == list(ALL)
    assert not found["David"]["findings"]
    assert "Timesheets" not in found, "an app is nobody who is away"
    assert "Olaf" not in found, "inactive, and without a rule"


def test_it_agrees_with_what_the_server_offers_each_person(ready: Command, site: Site) -> None:
    """Whose issues the server's own listing shows; it does not look at permissions, which only rita lacks."""
    for person in ready("doctor", "--json").json["people"]:
        rows = site.tempo("GET", f"/x-tempo-mock/internal-issues?accountId={person['accountId']}")["results"]
        if "insufficient permission" not in causes(person):
            assert person["issues"] == sorted(row["key"] for row in rows), person["name"]


def test_for_people_it_names_cause_and_solution(ready: Command) -> None:
    said = ready("doctor")
    assert "Greta Lind: lacks it\n    Is in no Tempo team" in said.out
    assert "-> Add them to an appropriate Tempo team." in said.out
    assert "ends in 100 days" in said.out
    assert "nothing was ever read" in said.out


def test_since_when_nothing_was_read(ready: Command) -> None:
    assert ready("absences", "--apply", "--allow-mass-change").code == 0
    last = ready("doctor", "--json").json["lastRead"]
    assert last
    assert f"Last read: {last}" in ready("doctor").out


def test_a_token_that_ended_is_everybodys_cause(ready: Command, site: Site) -> None:
    site.control("PUT", "/clock", {"advance": 400 * 86_400})
    said = ready("doctor", "--json")
    assert said.code == 4
    told = said.json
    assert told["token"]["verdict"] == "revoked", "by the words of whoever connected it, there is time left"
    assert {person["state"] for person in told["people"]} == {"lacks"}
    assert all("token" in causes(person) for person in told["people"])
    assert ready("connect", "--expires", "2020-01-01", "--json").json["verdict"] == "expired"


def test_whoever_may_not_ask_about_others_cannot_tell(connected: Command, site: Site) -> None:
    ready = connected
    assert ready("connect", "--days", "100").code == 0
    assert ready("issues", "--select", "HR-1").code == 0
    # bob is no administrator of Jira.
    ready.use_jira("demo-jira-token-of-bob-not-a-secret")
    path = ready.folder / "tempo-sync.toml"
    path.write_text(path.read_text().replace("fred@", "bob@"))
    told = ready("doctor", "--json").json
    found = people(told)
    assert found["David"]["state"] == "cannot tell"
    (finding,) = found["David"]["findings"]
    assert (finding["cause"], finding["state"]) == ("insufficient permission", "cannot tell")
    assert "administrators" in finding["sentence"]
    assert "has" not in {person["state"] for person in found.values()}
    # Nor may bob list the people of the site, and greta is in no team: nobody speaks of her, and that is told.
    assert "Greta" not in found
    assert any("Jira does not list its people" in note for note in told["notes"])


def test_a_token_that_sees_no_team_cannot_tell(connected: Command) -> None:
    assert connected("issues", "--select", "HR-1").code == 0
    connected.use("greta")
    assert connected("connect", "--days", "100", "--even-so").code == 0
    said = connected("doctor", "--json")
    assert said.code == 4, "whoever sees nobody reads nothing"
    for person in said.json["people"]:
        assert any(
            finding["sentence"].startswith("Cannot tell whether they are in a Tempo team") for finding in person["findings"]
        )


def test_a_token_that_ends_while_the_doctor_asks(ready: Command, site: Site) -> None:
    site.control("POST", "/faults", {"trap": "token-expires", "after": 3})
    said = ready("doctor", "--json")
    assert said.code in (4, 7)
    assert "has" not in {person["state"] for person in said.json["people"]}
    assert any("401" in finding["sentence"] for person in said.json["people"] for finding in person["findings"])


def test_only_some_people(ready: Command) -> None:
    told = ready("doctor", "--json").json
    greta = people(told)["Greta"]["accountId"]
    rule = Rule("a-stranger", "10240", datetime(2026, 1, 1), datetime(2026, 1, 1, 23, 59), "UTC", "T")
    with closing(Store(ready.folder / "tempo-sync.db")) as store, store.transaction():
        store.add(rule)
    only = ready("doctor", "--person", greta, "a-stranger", "--json").json["people"]
    assert {person["accountId"] for person in only} == {greta, "a-stranger"}
    # The stranger was asked about first, which is no reason not to ask about greta.
    assert causes(people({"people": only})["Greta"]) == {"not in a team"}
    unknown = next(person for person in only if person["accountId"] != greta)
    assert unknown["state"] == "lacks"
    assert any(finding["state"] == "cannot tell" for finding in unknown["findings"])


@pytest.mark.parametrize(("begins", "state"), [(0, "has"), (9, "lacks")])
def test_a_membership_counts_from_its_first_day(ready: Command, site: Site, begins: int, state: str) -> None:
    greta = people(ready("doctor", "--json").json)["Greta"]["accountId"]
    begin = (datetime.now(UTC).date() + timedelta(days=begins)).isoformat()
    site.tempo("POST", "/4/team-memberships", {"accountId": greta, "teamId": 1, "from": begin})
    assert people(ready("doctor", "--person", greta, "--json").json)["Greta"]["state"] == state


def test_people_without_a_template(connected: Command, site: Site) -> None:
    connected.configure(site.url, TEMPLATES.partition('[[template]]\nissue = "HR-2"')[0])
    assert connected("connect", "--days", "100").code == 0
    assert connected("issues", "--select", "HR-1", "HR-3").code == 0
    david = people(connected("doctor", "--json").json)["David"]
    assert david["issues"] == ["HR-1"]
    assert causes(david) == {"no template"}


def test_a_site_of_tempos_own_lists_no_internal_issues(ready: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integration.clients.tempo.Tempo.issue_teams", lambda tempo: None)
    found = people(ready("doctor", "--json").json)
    assert found["David"]["state"] == "cannot tell"
    assert "publishes no list" in found["David"]["findings"][0]["sentence"]


def test_nobody_answers(ready: Command) -> None:
    path = ready.folder / "tempo-sync.toml"
    path.write_text(path.read_text().replace("http://127.0.0.1:", "http://127.0.0.1:9/", 1))
    said = ready("doctor", "--person", LAURA, "--json")
    assert said.code == 4
    assert said.json["token"]["verdict"] == "unreachable"


@pytest.mark.parametrize(("days", "warned"), [("14", True), ("15", False), ("1", True)])
def test_the_end_is_warned_of_on_every_run(connected: Command, days: str, warned: bool) -> None:
    assert connected("connect", "--days", days).code == 0
    assert connected("issues", "--select", "HR-1").code == 0
    for arguments in (["absences"], ["issues"], ["doctor"], ["rules"]):
        assert ("connect --rotate" in connected(*arguments).err) is warned, arguments
        warning = connected(*arguments, "--json").json["token"]["warning"]
        assert (warning is not None) is warned
