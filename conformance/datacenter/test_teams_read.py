"""Reading teams: versions 1, 2 and the search of version 3."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conformance import beans, expect
from conformance.client import Caller
from conformance.datacenter.bench import SEARCH_3, TEAMS_1, TEAMS_2, Bench, Team
from conformance.shapes import ListOf


def _listed(items: list[dict[str, Any]], team: Team) -> list[dict[str, Any]]:
    return [item for item in items if item.get("id") == team.id]


@pytest.mark.requirement("teams.list-v1.shape")
def test_v1_list_is_bare_array_of_teams(admin: Caller) -> None:
    answer = admin.get(TEAMS_1)
    expect.shape(answer, expect.json_list(answer), ListOf(beans.TEAM_V1))


@pytest.mark.requirement("teams.list-v2.shape")
def test_v2_list_is_bare_array_of_teams(admin: Caller) -> None:
    answer = admin.get(TEAMS_2)
    expect.shape(answer, expect.json_list(answer), ListOf(beans.TEAM_V2))


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(TEAMS_1, marks=pytest.mark.requirement("teams.list-v1.each-once"), id="v1"),
        pytest.param(TEAMS_2, marks=pytest.mark.requirement("teams.list-v2.each-once"), id="v2"),
    ],
)
def test_new_team_is_listed_once(admin: Caller, team: Team, path: str) -> None:
    answer = admin.get(path)
    found = _listed(expect.objects(answer), team)
    expect.equal(answer, f"how often team {team.id} is listed", len(found), 1)
    expect.equal(answer, "its name", found[0].get("name"), team.name)


@pytest.mark.requirement("teams.read-v1.shape")
def test_v1_team_by_id_is_the_team(admin: Caller, team: Team) -> None:
    answer = admin.get(f"{TEAMS_1}/{team.id}")
    found = expect.json_object(answer)
    expect.shape(answer, found, beans.TEAM_V1)
    expect.equal(answer, "id", found["id"], team.id)
    expect.equal(answer, "name", found["name"], team.name)


@pytest.mark.requirement("teams.read-v2.shape")
def test_v2_team_by_id_is_the_team(admin: Caller, team: Team) -> None:
    answer = admin.get(team.path)
    found = expect.json_object(answer)
    expect.shape(answer, found, beans.TEAM_V2)
    expect.equal(answer, "id", found["id"], team.id)
    expect.equal(answer, "name", found["name"], team.name)


@pytest.mark.requirement("teams.read-v1.shape", "teams.read-v2.shape")
def test_existing_teams_by_id_are_teams(admin: Caller, existing: list[Team]) -> None:
    for team in existing:
        for path, bean in ((TEAMS_1, beans.TEAM_V1), (TEAMS_2, beans.TEAM_V2)):
            answer = admin.get(f"{path}/{team.id}")
            if answer.status != 404:  # somebody may delete a team meanwhile
                expect.shape(answer, expect.json_object(answer), bean)


@pytest.mark.requirement("teams.read-v1.lead-login-name")
def test_v1_lead_is_login_name(admin: Caller, bench: Bench, renamed: dict[str, Any]) -> None:
    team = bench.team(lead=renamed["name"])
    answer = admin.get(f"{TEAMS_1}/{team.id}")
    expect.equal(answer, "lead", expect.json_object(answer).get("lead"), renamed["name"])


@pytest.mark.requirement("teams.read-v2.lead-user-key")
def test_v2_lead_is_user_key(admin: Caller, bench: Bench, renamed: dict[str, Any]) -> None:
    team = bench.team(lead=renamed["name"])
    answer = admin.get(team.path)
    expect.equal(answer, "lead", expect.json_object(answer).get("lead"), renamed["key"])


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(f"{TEAMS_1}/2147483000", marks=pytest.mark.requirement("teams.read-v1.unknown-not-found"), id="v1"),
        pytest.param(f"{TEAMS_2}/2147483000", marks=pytest.mark.requirement("teams.read-v2.unknown-not-found"), id="v2"),
    ],
)
def test_unknown_team_is_not_found(admin: Caller, path: str) -> None:
    expect.status(admin.get(path), 404)


@pytest.mark.requirement("teams.expand.lead-user")
@pytest.mark.parametrize(
    "params",
    [
        pytest.param([("expand", "leaduser")], id="one"),
        pytest.param([("expand", "leaduser,teamprogram")], id="commas"),
        pytest.param([("expand", "leaduser"), ("expand", "teamprogram")], id="repeated"),
        pytest.param([("expand", "teamprogram"), ("expand", "leaduser")], id="repeated-other-order"),
    ],
)
def test_expanded_list_holds_lead_user(
    admin: Caller, team: Team, key_of: Callable[[str], str], params: list[tuple[str, str]]
) -> None:
    key = key_of(admin.user)
    answer = admin.get(TEAMS_2, params)
    found = _listed(expect.objects(answer), team)
    expect.that(answer, found, f"team {team.id} in the list", "it is not listed")
    expect.shape(answer, found[0].get("leadUser"), beans.PERSON, "leadUser")
    expect.equal(answer, "leadUser.key", found[0]["leadUser"]["key"], key)


@pytest.mark.requirement("teams.expand.lead-user-names")
def test_expanded_lead_user_has_older_names(admin: Caller, team: Team) -> None:
    answer = admin.get(TEAMS_2, {"expand": "leaduser"})
    found = _listed(expect.objects(answer), team)
    lead = found[0].get("leadUser") if found else None
    names = {name: lead.get(name) if isinstance(lead, dict) else None for name in ("name", "key", "displayname")}
    expect.that(
        answer,
        all(isinstance(value, str) for value in names.values()),
        "leadUser with name, key and displayname",
        str(names),
    )
    expect.equal(answer, "leadUser.name", names["name"], admin.user)


@pytest.mark.requirement("teams.expand.absent-unless-asked")
@pytest.mark.parametrize("params", [{}, {"expand": "false"}], ids=["nothing", "false"])
def test_list_without_expand_has_no_lead_user(admin: Caller, team: Team, params: dict[str, str]) -> None:
    answer = admin.get(TEAMS_2, params)
    for item in _listed(expect.objects(answer), team):
        expect.that(
            answer,
            "leadUser" not in item and "teamProgram" not in item,
            "neither leadUser nor teamProgram",
            f"members {', '.join(item)}",
        )


@pytest.mark.requirement("teams.expand.unknown-ignored")
def test_unknown_expand_is_ignored(admin: Caller, team: Team) -> None:
    answer = admin.get(TEAMS_2, {"expand": "program,lead.user"})
    expect.that(answer, _listed(expect.objects(answer), team), f"team {team.id} in the list", "it is not listed")


@pytest.mark.requirement("teams.query.unknown-ignored")
@pytest.mark.parametrize("path", [TEAMS_1, TEAMS_2], ids=["v1", "v2"])
def test_unknown_query_parameter_is_ignored(admin: Caller, team: Team, path: str) -> None:
    answer = admin.get(path, {"conformance": "unknown", "startAt": "9999", "limit": "0"})
    expect.that(answer, _listed(expect.objects(answer), team), f"team {team.id} in the list", "it is not listed")


@pytest.mark.requirement("teams.path.trailing-slash")
@pytest.mark.parametrize("path", [TEAMS_1, TEAMS_2], ids=["v1", "v2"])
def test_list_with_trailing_slash_is_the_list(admin: Caller, team: Team, path: str) -> None:
    answer = admin.get(f"{path}/")
    expect.that(answer, _listed(expect.objects(answer), team), f"team {team.id} in the list", "it is not listed")


@pytest.mark.requirement("teams.path.trailing-slash")
def test_team_with_trailing_slash_is_the_team(admin: Caller, team: Team) -> None:
    answer = admin.get(f"{team.path}/")
    expect.equal(answer, "id", expect.json_object(answer).get("id"), team.id)


@pytest.mark.requirement("teams.search-v3.shape")
def test_search_answers_bare_array_of_teams(admin: Caller, team: Team) -> None:
    answer = admin.post(SEARCH_3, {"teamSearchString": team.name})
    expect.shape(answer, expect.json_list(answer), ListOf(beans.TEAM_V3))


@pytest.mark.requirement("teams.search-v3.substring")
def test_search_finds_team_by_part_of_name(admin: Caller, team: Team) -> None:
    answer = admin.post(SEARCH_3, {"teamSearchString": team.name[3:]})
    expect.equal(answer, f"how often team {team.id} is found", len(_listed(expect.objects(answer), team)), 1)


@pytest.mark.requirement("teams.search-v3.substring")
def test_search_leaves_out_teams_of_other_names(admin: Caller, team: Team) -> None:
    answer = admin.post(SEARCH_3, {"teamSearchString": f"{team.name} and more"})
    expect.equal(answer, f"how often team {team.id} is found", len(_listed(expect.objects(answer), team)), 0)


@pytest.mark.requirement("teams.vocabulary.no-cloud-words")
@pytest.mark.parametrize("path", [TEAMS_1, TEAMS_2, f"{TEAMS_2}?expand=leaduser,teamprogram"], ids=["v1", "v2", "expanded"])
def test_team_lists_speak_no_cloud_vocabulary(admin: Caller, path: str) -> None:
    answer = expect.success(admin.get(path))
    expect.without_members(answer, beans.CLOUD_WORDS)


@pytest.mark.requirement("teams.vocabulary.no-cloud-words")
def test_team_and_search_speak_no_cloud_vocabulary(admin: Caller, team: Team) -> None:
    for answer in (
        admin.get(f"{TEAMS_1}/{team.id}"),
        admin.get(team.path),
        admin.post(SEARCH_3, {"teamSearchString": team.name}),
    ):
        expect.without_members(expect.success(answer), beans.CLOUD_WORDS)
