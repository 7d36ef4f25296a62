"""Links of teams to projects and boards. Removing one, and reading those of a scope, stay out: both paths are guesses."""

from __future__ import annotations

import pytest

from conformance import beans, expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.datacenter.bench import Bench, Team
from conformance.run import Absent
from conformance.shapes import ListOf

SCOPE_TYPES = pytest.mark.parametrize("scope_type", ["project", "board"])


def _scope(scopes: dict[str, int], scope_type: str) -> int:
    if scope_type not in scopes:
        raise Absent(f"the server shows no {scope_type} to link a team to")
    return scopes[scope_type]


def _is_link(answer: Answer, link: object, team: Team, scope_type: str, scope: int) -> None:
    expect.shape(answer, link, beans.LINK)
    assert isinstance(link, dict)
    for name, wanted in (("scopeType", scope_type), ("scope", scope), ("teamId", team.id)):
        expect.equal(answer, name, link[name], wanted)


@pytest.mark.requirement("links.list.bare-array")
def test_links_of_new_team_are_an_empty_array(admin: Caller, team: Team) -> None:
    answer = admin.get(team.links)
    expect.equal(answer, "the links", expect.json_list(answer), [])


@pytest.mark.requirement("links.list.bare-array")
def test_links_of_existing_teams_are_arrays_of_links(admin: Caller, existing: list[Team]) -> None:
    for team in existing:
        answer = admin.get(team.links)
        if answer.status != 404:  # somebody may delete a team meanwhile
            links = expect.json_list(answer)
            expect.shape(answer, links, ListOf(beans.LINK))
            expect.equal(answer, "the teams of the links", sorted({link["teamId"] for link in links}), [team.id][: len(links)])


@pytest.mark.requirement("links.create.answers-link")
@SCOPE_TYPES
def test_create_answers_the_link_with_id(bench: Bench, team: Team, scopes: dict[str, int], scope_type: str) -> None:
    scope = _scope(scopes, scope_type)
    answer = bench.link(team, scope_type, scope)
    _is_link(answer, expect.json_object(answer), team, scope_type, scope)


@pytest.mark.requirement("links.create.listed")
@SCOPE_TYPES
def test_new_link_is_listed_once(admin: Caller, bench: Bench, team: Team, scopes: dict[str, int], scope_type: str) -> None:
    scope = _scope(scopes, scope_type)
    made = expect.json_object(bench.link(team, scope_type, scope))
    answer = admin.get(team.links)
    links = expect.objects(answer)
    expect.equal(answer, "the ids of the links", [link.get("id") for link in links], [made.get("id")])
    _is_link(answer, links[0], team, scope_type, scope)


@pytest.mark.requirement("links.create.own-team-only")
def test_link_is_not_listed_for_another_team(admin: Caller, bench: Bench, team: Team, scopes: dict[str, int]) -> None:
    other = bench.team()
    expect.success(bench.link(team, "project", _scope(scopes, "project")))
    answer = admin.get(other.links)
    expect.equal(answer, "the links", expect.json_list(answer), [])


@pytest.mark.requirement("links.vocabulary.no-cloud-words")
def test_links_speak_no_cloud_vocabulary(admin: Caller, bench: Bench, team: Team, scopes: dict[str, int]) -> None:
    bench.link(team, "project", _scope(scopes, "project"))
    expect.without_members(expect.success(admin.get(team.links)), beans.CLOUD_WORDS)
