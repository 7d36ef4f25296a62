"""Programs, and teams in them. Changing and removing a program stay out: nobody public makes these calls."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import beans, expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.datacenter.bench import PROGRAMS, TEAMS_2, Bench, Team
from conformance.datacenter.items import part
from conformance.run import PROGRAM
from conformance.shapes import ListOf


def _of_team(answer: Answer, team: Team) -> dict[str, Any]:
    """The team's entry in a list of teams."""
    found = [item for item in expect.objects(answer) if item.get("id") == team.id]
    expect.that(answer, found, f"team {team.id} in the list", "it is not listed")
    return found[0]


def _program_of(answer: Answer, team: Team) -> object:
    return part(_of_team(answer, team), "teamProgram").get("id")


@pytest.mark.requirement("programs.list.bare-array")
def test_program_list_is_bare_array_of_programs(admin: Caller) -> None:
    answer = admin.get(PROGRAMS)
    expect.shape(answer, expect.json_list(answer), ListOf(beans.PROGRAM))


@pytest.mark.requirement("programs.create.answers-program")
def test_create_answers_the_program_with_id(admin: Caller, bench: Bench) -> None:
    name = bench.name()
    answer = bench.make(PROGRAM, {"name": name, "manager": {"name": admin.user}})
    made = expect.json_object(answer)
    expect.shape(answer, made, beans.PROGRAM)
    expect.equal(answer, "name", made["name"], name)


@pytest.mark.requirement("programs.create.manager")
@pytest.mark.parametrize("by", ["name", "key"])
def test_new_program_has_manager_sent_by_name_or_key(admin: Caller, bench: Bench, renamed: dict[str, Any], by: str) -> None:
    made = bench.program({by: renamed[by]})
    answer = admin.get(PROGRAMS)
    found = [item for item in expect.objects(answer) if item.get("id") == made["id"]]
    keys = [part(item, "manager").get("key") for item in found]
    expect.equal(answer, "manager.key", keys, [renamed["key"]])


@pytest.mark.requirement("programs.create.listed")
def test_new_program_is_listed_once(admin: Caller, bench: Bench) -> None:
    made = bench.program()
    answer = admin.get(PROGRAMS)
    names = [item.get("name") for item in expect.objects(answer) if item.get("id") == made["id"]]
    expect.equal(answer, f"the names of program {made['id']}", names, [made.get("name")])


@pytest.mark.requirement("programs.create.administrators-only")
def test_create_program_by_non_administrator_is_forbidden(admin: Caller, bench: Bench, outsider: Caller) -> None:
    name = bench.name()
    expect.status(bench.make(PROGRAM, {"name": name, "manager": {"name": outsider.user}}, outsider), 403)
    answer = admin.get(PROGRAMS)
    names = [item.get("name") for item in expect.objects(answer)]
    expect.that(answer, name not in names, f"a list without {name}", "it is listed")


@pytest.mark.requirement("programs.vocabulary.no-cloud-words")
def test_programs_speak_no_cloud_vocabulary(admin: Caller, bench: Bench) -> None:
    bench.program()
    expect.without_members(expect.success(admin.get(PROGRAMS)), beans.CLOUD_WORDS)


@pytest.mark.requirement("teams.expand.team-program")
@pytest.mark.parametrize(
    "params",
    [
        pytest.param([("expand", "teamprogram")], id="one"),
        pytest.param([("expand", "teamprogram,leaduser")], id="commas"),
        pytest.param([("expand", "leaduser"), ("expand", "teamprogram")], id="repeated"),
    ],
)
def test_expanded_list_holds_the_program_of_a_team(
    admin: Caller, bench: Bench, program: dict[str, Any], params: list[tuple[str, str]]
) -> None:
    team = bench.team_in(program)
    answer = admin.get(TEAMS_2, params)
    found = _of_team(answer, team)
    expect.shape(answer, found.get("teamProgram"), beans.PROGRAM, "teamProgram")
    expect.equal(answer, "teamProgram.id", found["teamProgram"]["id"], program["id"])
    expect.equal(answer, "teamProgram.name", found["teamProgram"]["name"], program.get("name"))


@pytest.mark.requirement("teams.expand.absent-unless-asked")
@pytest.mark.parametrize("params", [{}, {"expand": "false"}, {"expand": "leaduser"}], ids=["none", "false", "lead-user"])
def test_team_in_program_is_listed_without_it_unless_expanded(
    admin: Caller, bench: Bench, program: dict[str, Any], params: dict[str, str]
) -> None:
    team = bench.team_in(program)
    answer = admin.get(TEAMS_2, params)
    expect.that(answer, "teamProgram" not in _of_team(answer, team), "no teamProgram", "teamProgram is there")


@pytest.mark.requirement("teams.update.team-program")
def test_update_puts_team_into_the_program(admin: Caller, bench: Bench, program: dict[str, Any]) -> None:
    team = bench.team()
    bean = expect.json_object(admin.get(team.path))
    expect.success(admin.put(team.path, {**bean, "teamProgram": {"id": program["id"]}}))
    answer = admin.get(TEAMS_2, {"expand": "teamprogram"})
    expect.equal(answer, "teamProgram.id", _program_of(answer, team), program["id"])


@pytest.mark.requirement("teams.update.only-sent-fields")
def test_update_of_name_alone_keeps_the_program(admin: Caller, bench: Bench, program: dict[str, Any]) -> None:
    team = bench.team_in(program)
    expect.success(admin.put(team.path, {"name": bench.name()}))
    answer = admin.get(TEAMS_2, {"expand": "teamprogram"})
    expect.equal(answer, "teamProgram.id", _program_of(answer, team), program["id"])
