"""A client that this project did not write: atlassian-python-api, its Tempo Teams methods and errors, over a socket."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from atlassian import Jira

MEMBER_FIELDS = {"teamMemberId", "name", "key", "type", "avatar", "activeInJira", "displayname"}
TEAMS = "rest/tempo-teams/2"


@pytest.fixture
def origin(server: Callable[..., Any]) -> str:
    """Where a fresh world of the scenario guide is, on 15 November 2013."""
    url: str = server("--quiet", "--clock", "2013-11-15").url
    return url


@pytest.fixture
def connect(origin: str) -> Iterator[Callable[..., Jira]]:
    """Makes clients: ``connect("fred")``, ``connect(token="...")``, ``connect()`` for nobody."""
    clients: list[Jira] = []

    def make(name: str | None = None, password: str | None = None, **more: Any) -> Jira:
        clients.append(Jira(f"{origin}/jira", username=name, password=password or name, **more))
        # Neither a proxy nor a .netrc of whoever runs the tests has a say.
        clients[-1].session.trust_env = False
        return clients[-1]

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def jira(connect: Callable[..., Jira]) -> Jira:
    """The client of fred, who administers teams."""
    return connect("fred")


def member_named(jira: Jira, team_id: int, name: str) -> dict[str, Any]:
    """The line of the member list with this name."""
    found = [item for item in jira.tempo_teams_get_members(team_id) if item["member"]["name"] == name]
    assert len(found) == 1, found
    item: dict[str, Any] = found[0]
    return item


def test_all_teams_are_a_list_with_string_leads(jira: Jira) -> None:
    teams = jira.tempo_teams_get_all_teams()
    assert [(team["id"], team["name"], team["lead"]) for team in teams] == [
        (3, "Cloud Development", "erica"),
        (1, "GreenCloud", "john"),
    ]
    assert all("leadUser" not in team for team in teams)


@pytest.mark.parametrize("expand", ["leaduser", "leaduser,teamprogram", "teamprogram,leaduser", "program,lead.user,leaduser"])
def test_expanded_lead_is_a_person(jira: Jira, expand: str) -> None:
    lead = jira.tempo_teams_get_all_teams(expand=expand)[0]["leadUser"]
    assert (lead["name"], lead["key"], lead["displayname"]) == ("erica", "erica", "Erica Jefferson")


def test_a_life_of_a_team(jira: Jira) -> None:
    # The library has no method to make or delete a team: its own generic calls send what such a method would.
    made = jira.post(f"{TEAMS}/team", data={"name": "Visitors", "summary": "", "lead": "john"})
    assert (made["id"], made["name"], made["lead"]) == (8, "Visitors", "john")

    added = jira.tempo_teams_add_member(made["id"], "JIRAUSER10100")
    assert set(added["member"]) >= MEMBER_FIELDS
    assert (added["id"], added["member"]["name"], added["membership"]["availability"]) == (32, "nadia", "100")
    assert (added["membership"]["id"], added["membership"]["role"]["id"]) == (32, 1)
    assert (added["membership"]["dateFrom"], added["membership"]["dateTo"]) == ("", "")

    changed = jira.tempo_teams_update_member_information(
        made["id"],
        added["id"],
        added["membership"]["id"],
        {
            "id": 32,
            "teamMemberId": 32,
            "teamId": 8,
            "availability": 60,
            "dateFrom": "2013-01-07",
            "dateTo": "2013-06-30",
            "role": {"id": 4},
        },
    )
    assert (changed["availability"], changed["role"]["name"], changed["status"]) == ("60", "Developer", "past")
    assert (changed["dateFromANSI"], changed["dateToANSI"]) == ("2013-01-07", "2013-06-30")

    jira.tempo_teams_update_member_information(made["id"], 32, 32, {"dateTo": "2013-06-30", "dateFrom": "2013-01-07"})
    with pytest.raises(requests.HTTPError, match="overlap"):
        # An open period from the beginning of time, beside the one there is.
        jira.tempo_teams_add_membership(made["id"], added["id"])

    jira.tempo_teams_remove_member(made["id"], added["id"], added["membership"]["id"])
    assert jira.tempo_teams_get_members(made["id"]) == []

    jira.delete(f"{TEAMS}/team/{made['id']}")
    assert [team["id"] for team in jira.tempo_teams_get_all_teams()] == [3, 1]


@pytest.mark.parametrize("reference", ["nadia", "JIRAUSER10100"])
def test_member_key_takes_a_login_name_and_a_key(jira: Jira, reference: str) -> None:
    assert jira.tempo_teams_add_member(3, reference)["member"]["key"] == "JIRAUSER10100"
    assert member_named(jira, 3, "nadia")["membership"]["role"] == {"id": 1, "name": "Member", "default": True}


def test_raw_member_may_name_a_group(jira: Jira) -> None:
    added = jira.tempo_teams_add_member_raw(3, {"member": {"name": "hr", "type": "GROUP"}, "membership": {"role": {}}})
    assert (added["member"]["name"], added["member"]["type"]) == ("hr", "GROUP")
    assert member_named(jira, 3, "nadia")["member"]["type"] == "GROUP_USER"


def test_added_membership_stands_beside_the_first(jira: Jira) -> None:
    later = jira.tempo_teams_add_member_raw(3, {"member": {"name": "laura"}, "membership": {"dateTo": "2012-12-31"}})
    second = jira.post(f"{TEAMS}/team/3/member/{later['id']}/membership", data={"dateFrom": "2013-01-01", "role": {"id": 3}})
    assert (second["teamMemberId"], second["teamId"], second["role"]["id"]) == (later["id"], 3, 3)
    periods = jira.tempo_teams_get_memberships_for_member("laura")
    assert [(p["teamId"], p["dateToANSI"]) for p in periods] == [(1, ""), (3, "2012-12-31"), (3, "")]


def test_deactivated_member_is_past(jira: Jira) -> None:
    closed = jira.put(f"{TEAMS}/team/3/member/4/deactivate")
    assert (closed["teamMemberId"], closed["dateTo"], closed["status"]) == (4, "15/Nov/13", "past")
    item = member_named(jira, 3, "bob")
    assert (item["membership"]["status"], item["showDeactivate"]) == ("past", False)


def test_a_token_is_as_good_as_a_password(connect: Callable[..., Jira]) -> None:
    by_token = connect(token="demo-pat-of-erica-not-a-secret")
    assert [team["id"] for team in by_token.tempo_teams_get_all_teams()] == [3]
    assert by_token.myself()["name"] == "erica"


@pytest.mark.parametrize(
    ("act", "status", "text"),
    [
        (lambda jira: jira.tempo_teams_add_member(3, "bob"), 400, "bob"),
        (lambda jira: jira.tempo_teams_add_member(3, "nobody"), 400, "nobody"),
        (lambda jira: jira.tempo_teams_add_member(77, "erica"), 404, "77"),
        (lambda jira: jira.tempo_teams_add_membership(3, 77), 404, "77"),
        (lambda jira: jira.tempo_teams_get_members(77), 404, "77"),
        (lambda jira: jira.tempo_teams_remove_member(3, 4, 77), 404, "77"),
        (lambda jira: jira.tempo_teams_remove_member(3, 4, 5), 404, "5"),
        (lambda jira: jira.tempo_teams_update_member_information(3, 4, 4, {"availability": "101"}), 400, "0 to 100"),
        (lambda jira: jira.tempo_teams_get_memberships_for_member("nobody"), 404, "nobody"),
        (lambda jira: jira.post(f"{TEAMS}/team", data={"summary": "no name"}), 400, "name"),
    ],
)
def test_library_finds_the_reason_of_a_refusal(jira: Jira, act: Callable[[Jira], Any], status: int, text: str) -> None:
    with pytest.raises(requests.HTTPError, match=text) as raised:
        act(jira)
    assert raised.value.response.status_code == status


def test_library_tells_of_missing_permission(connect: Callable[..., Jira]) -> None:
    with pytest.raises(requests.HTTPError, match="Tempo Team Administrators") as raised:
        connect("erica").tempo_teams_add_member(3, "greta")
    assert raised.value.response.status_code == 403


@pytest.mark.parametrize(("name", "password", "text"), [("fred", "wrong", "Unauthorized"), (None, None, "Unknown error")])
def test_library_tells_a_wrong_password_from_none(
    connect: Callable[..., Jira], name: str | None, password: str | None, text: str
) -> None:
    # It words a 401 by the exact content type: HTML after a wrong password, JSON without errorMessages for nobody.
    with pytest.raises(requests.HTTPError, match=text) as raised:
        connect(name, password).tempo_teams_get_all_teams()
    assert raised.value.response.status_code == 401


def test_jira_methods_that_tempo_scripts_use(jira: Jira) -> None:
    assert jira.myself()["key"] == "fred"
    assert jira.user("nadia")["key"] == "JIRAUSER10100"
    assert [person["name"] for person in jira.user_find_by_user_string(username="bob")] == ["bob"]
    assert [person["name"] for person in jira.get_all_users_from_group("cloud-dev-user")["values"]] == ["bob", "david"]
    assert [project["key"] for project in jira.projects()] == ["CLOUD", "HR", "SAFE"]
    assert jira.get_permissions("BROWSE_PROJECTS")["permissions"]["BROWSE_PROJECTS"]["havePermission"] is True
