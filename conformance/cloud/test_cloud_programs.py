"""Programs, which bundle teams, and the links of teams to projects."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.cloud import beans
from conformance.cloud.bench import PROGRAM, TEAM, TEAM_LINK, UNKNOWN, Bench, account_of
from conformance.cloud.pages import ids, metadata, results
from conformance.shapes import ListOf

Row = dict[str, Any]


def _body(bench: Bench, admin: Caller, *teams: Row) -> Row:
    """A program that the administrator manages, who therefore sees its teams."""
    return {"name": bench.name(), "managerAccountId": account_of(admin), "teamIds": [team["id"] for team in teams]}


def _teams_of(caller: Caller, program: Row) -> Answer:
    return caller.get(f"{PROGRAM.place(program['id'])}/teams")


@pytest.mark.requirement("cloud_programs.list.shape")
def test_listed_programs_have_published_shape(admin: Caller, bench: Bench, team: Row) -> None:
    bench.made(PROGRAM, _body(bench, admin, team))
    answer = admin.get(PROGRAM.path)
    expect.shape(answer, results(answer), ListOf(beans.PROGRAM), "results")


@pytest.mark.requirement("cloud_programs.list.holds-new")
def test_new_program_is_listed_once_as_it_is_read(admin: Caller, bench: Bench, team: Row) -> None:
    made = bench.made(PROGRAM, _body(bench, admin, team))
    found = [row for row in results(admin.get(PROGRAM.path)) if row.get("id") == made["id"]]
    answer = admin.get(PROGRAM.place(made["id"]))
    expect.equal(answer, "the program as listed", found, [expect.json_object(answer)])


@pytest.mark.requirement("cloud_programs.create.name-filled")
def test_program_with_an_empty_name_is_refused(bench: Bench) -> None:
    expect.status(bench.make(PROGRAM, {"name": ""}), 400)


@pytest.mark.requirement("cloud_programs.teams.given")
def test_teams_of_a_program_are_those_given(admin: Caller, bench: Bench, team: Row) -> None:
    other = bench.team()
    bench.team()
    answer = _teams_of(admin, bench.made(PROGRAM, _body(bench, admin, team, other)))
    expect.shape(answer, results(answer), ListOf(beans.REFERENCE), "results")
    found = [(row["id"], row["name"]) for row in results(answer)]
    expect.same_set(answer, "the teams", found, [(one["id"], one["name"]) for one in (team, other)])
    expect.equal(answer, "metadata.count", metadata(answer).get("count"), 2)


@pytest.mark.requirement("cloud_programs.teams.told-by-the-team")
def test_team_tells_the_program_it_was_put_into(admin: Caller, bench: Bench, team: Row) -> None:
    made = bench.made(PROGRAM, _body(bench, admin, team))
    answer = admin.get(TEAM.place(team["id"]))
    told = expect.json_object(answer).get("program") or {}
    expect.equal(answer, "program.id, program.name", [told.get("id"), told.get("name")], [made["id"], made["name"]])


@pytest.mark.requirement("cloud_programs.teams.joined")
def test_team_made_with_a_program_is_in_it(admin: Caller, bench: Bench) -> None:
    made = bench.made(PROGRAM, _body(bench, admin))
    team = bench.team(programId=made["id"])
    answer = _teams_of(admin, made)
    expect.equal(answer, "the teams", ids(answer), [team["id"]])


@pytest.mark.requirement("cloud_programs.teams.replaced")
def test_update_replaces_the_teams_of_a_program(admin: Caller, bench: Bench, team: Row) -> None:
    other = bench.team()
    made = bench.made(PROGRAM, _body(bench, admin, team))
    expect.success(admin.put(PROGRAM.place(made["id"]), _body(bench, admin, other)))
    answer = _teams_of(admin, made)
    expect.equal(answer, "the teams", ids(answer), [other["id"]])


@pytest.mark.requirement("cloud_programs.teams.refused-with-400")
def test_teams_of_a_program_are_refused_with_400(admin: Caller, bench: Bench, outsider: Caller) -> None:
    made = bench.made(PROGRAM, _body(bench, admin))
    answer = expect.status(_teams_of(outsider, made), 200, 400)
    if not answer.ok:
        expect.shape(answer, answer.json(), beans.ERRORS)


@pytest.mark.requirement("cloud_programs.delete.used")
def test_program_with_teams_goes_or_is_kept(admin: Caller, bench: Bench, team: Row) -> None:
    made = bench.made(PROGRAM, _body(bench, admin, team))
    answer = expect.status(admin.delete(PROGRAM.place(made["id"])), 204, 400)
    expect.status(admin.get(PROGRAM.place(made["id"])), 404 if answer.ok else 200)


@pytest.mark.requirement("cloud_team_links.create.answers")
def test_new_team_link_is_answered_in_its_shape(bench: Bench, team: Row, project: int) -> None:
    body = {"teamId": team["id"], "scopeId": project, "scopeType": "PROJECT"}
    answer = expect.status(bench.make(TEAM_LINK, body), 200)
    expect.shape(answer, expect.json_object(answer), beans.TEAM_LINK)


@pytest.mark.requirement("cloud_team_links.create.told")
def test_new_team_link_tells_team_and_project(bench: Bench, team: Row, project: int) -> None:
    body = {"teamId": team["id"], "scopeId": project, "scopeType": "PROJECT"}
    answer = bench.make(TEAM_LINK, body)
    row = expect.json_object(answer)
    told = [row["team"]["id"], row["scope"]["id"], row["scope"]["type"]]
    expect.equal(answer, "team.id, scope.id, scope.type", told, [team["id"], project, "PROJECT"])


@pytest.mark.requirement("cloud_team_links.create.refused")
@pytest.mark.parametrize(
    "change",
    [{"teamId": None}, {"scopeId": None}, {"scopeType": None}, {"scopeType": "BOARD"}, {"teamId": UNKNOWN}],
    ids=["no team", "no project", "no type", "board", "team unknown"],
)
def test_impossible_team_link_is_refused(bench: Bench, team: Row, project: int, change: Row) -> None:
    body = {"teamId": team["id"], "scopeId": project, "scopeType": "PROJECT", **change}
    sent = {name: value for name, value in body.items() if value is not None}
    expect.status(bench.make(TEAM_LINK, sent), *((400, 404) if change == {"teamId": UNKNOWN} else (400,)))


@pytest.mark.requirement("cloud_team_links.read.as-created")
def test_team_link_is_read_as_it_was_answered(admin: Caller, bench: Bench, team: Row, project: int) -> None:
    made = bench.link(team, project)
    answer = admin.get(TEAM_LINK.place(made["id"]))
    expect.equal(answer, "the link", expect.json_object(answer), made)
    address = str(made.get("self"))
    expect.that(answer, address.startswith(f"{admin.base}/"), f"self below {admin.base}", f"self = {address}")
    again = admin.get(address.removeprefix(f"{admin.base}/"))
    expect.equal(again, "the link at self", expect.json_object(again), made)


@pytest.mark.requirement("cloud_team_links.list.of-the-team")
def test_links_of_the_team_hold_the_new_one(admin: Caller, bench: Bench, team: Row, project: int) -> None:
    made = bench.link(team, project)
    answer = admin.get(f"{TEAM.place(team['id'])}/links")
    expect.equal(answer, "results", results(answer), [made])


@pytest.mark.requirement("cloud_team_links.list.of-the-project")
def test_links_of_the_project_hold_the_new_one(admin: Caller, bench: Bench, team: Row, project: int) -> None:
    made = bench.link(team, project)
    answer = admin.get(f"{TEAM_LINK.path}/project/{project}")
    expect.shape(answer, results(answer), ListOf(beans.TEAM_LINK), "results")
    expect.equal(answer, "metadata.count", metadata(answer).get("count"), len(results(answer)))
    found = [row for row in results(answer) if row["team"]["id"] == team["id"]]
    expect.equal(answer, "the links of the new team", found, [made])


@pytest.mark.requirement("cloud_team_links.delete.answers-204")
def test_removed_team_link_is_answered_without_body(admin: Caller, bench: Bench, team: Row, project: int) -> None:
    made = bench.link(team, project)
    expect.no_body(expect.status(admin.delete(TEAM_LINK.place(made["id"])), 204))


@pytest.mark.requirement("cloud_team_links.delete.gone")
def test_removed_team_link_is_gone_and_its_team_stays(admin: Caller, bench: Bench, team: Row, project: int) -> None:
    made = bench.link(team, project)
    expect.success(admin.delete(TEAM_LINK.place(made["id"])))
    expect.status(admin.get(TEAM_LINK.place(made["id"])), 404)
    answer = admin.get(f"{TEAM.place(team['id'])}/links")
    expect.equal(answer, "the links of the team", results(answer), [])
    listed = admin.get(f"{TEAM_LINK.path}/project/{project}")
    expect.that(listed, made["id"] not in ids(listed), f"no link {made['id']}", f"links {ids(listed)}")


@pytest.mark.requirement("cloud_team_links.delete.unknown-404")
def test_removal_of_an_unknown_team_link_is_not_found(admin: Caller, bench: Bench) -> None:
    expect.status(admin.delete(TEAM_LINK.place(UNKNOWN)), 404)
