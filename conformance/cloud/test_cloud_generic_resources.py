"""Generic resources: stand-ins in plans for people who are not known yet, alone and in teams."""

from __future__ import annotations

from typing import Any

import pytest

from conformance import expect
from conformance.client import Caller
from conformance.cloud import beans
from conformance.cloud.bench import GENERIC_RESOURCE, UNKNOWN, Bench, resources_of
from conformance.cloud.pages import ids, metadata, results
from conformance.shapes import ListOf

SEARCH = f"{GENERIC_RESOURCE.path}/search"
CREATION = ("id", "createdAt", "createdBy")
Row = dict[str, Any]


@pytest.fixture
def resource(bench: Bench) -> Row:
    """A new generic resource."""
    return bench.resource()


def _place(team: Row, resource: Row) -> str:
    return f"{resources_of(team)}/{resource['id']}"


@pytest.mark.requirement("cloud_generic_resources.create.name-filled")
def test_generic_resource_with_an_empty_name_is_refused(bench: Bench) -> None:
    expect.status(bench.make(GENERIC_RESOURCE, {"name": ""}), 400)


@pytest.mark.requirement("cloud_generic_resources.create.maker")
def test_new_generic_resource_tells_its_maker(admin: Caller, resource: Row) -> None:
    answer = admin.get(GENERIC_RESOURCE.place(resource["id"]))
    row = expect.json_object(answer)
    for name in ("createdBy", "updatedBy"):
        told = row[name].get("accountId", admin.user)
        expect.equal(answer, f"{name}.accountId", told, admin.user or told)


@pytest.mark.requirement("cloud_generic_resources.update.keeps-creation")
def test_update_keeps_the_creation_of_a_generic_resource(admin: Caller, bench: Bench, resource: Row) -> None:
    answer = admin.put(GENERIC_RESOURCE.place(resource["id"]), {"name": bench.name()})
    row = expect.json_object(answer)
    expect.equal(answer, ", ".join(CREATION), [row.get(name) for name in CREATION], [resource[name] for name in CREATION])


@pytest.mark.requirement("cloud_generic_resources.search.shape")
def test_found_generic_resources_have_published_shape(admin: Caller, resource: Row) -> None:
    answer = admin.post(SEARCH, {})
    expect.shape(answer, results(answer), ListOf(beans.GENERIC_RESOURCE), "results")
    expect.shape(answer, metadata(answer), beans.PAGED_METADATA, "metadata")


@pytest.mark.requirement("cloud_generic_resources.search.ids")
def test_search_by_id_finds_generic_resources_as_read(admin: Caller, bench: Bench, resource: Row) -> None:
    bench.resource()
    answer = admin.post(SEARCH, {"ids": [resource["id"]]})
    wanted = [expect.json_object(admin.get(GENERIC_RESOURCE.place(resource["id"])))]
    expect.equal(answer, "results", results(answer), wanted)


@pytest.mark.requirement("cloud_generic_resources.search.pages")
def test_pages_of_generic_resources_are_the_whole(admin: Caller, bench: Bench) -> None:
    made = [bench.resource()["id"] for _ in range(3)]
    first = admin.post(SEARCH, {"ids": made, "limit": 2})
    second = admin.post(SEARCH, {"ids": made, "offset": 2, "limit": 2})
    for answer, start, length in ((first, 0, 2), (second, 2, 1)):
        told = [metadata(answer).get(name) for name in ("offset", "limit", "count")]
        expect.equal(answer, "offset, limit, count", told, [start, 2, length])
    expect.same_set(second, "both pages together", ids(first) + ids(second), made)


@pytest.mark.requirement("cloud_generic_resources.team.add-answers")
def test_adding_to_a_team_answers_what_was_added(bench: Bench, team: Row, resource: Row) -> None:
    answer = expect.status(bench.assign(team, resource), 200)
    row = expect.json_object(answer)
    expect.shape(answer, row, beans.TEAM_RESOURCE)
    told = [row["team"]["id"], row["member"]["id"], row["member"]["name"]]
    expect.equal(answer, "team.id, member.id, member.name", told, [team["id"], resource["id"], resource["name"]])


@pytest.mark.requirement("cloud_generic_resources.team.add-needs-id")
def test_adding_nothing_to_a_team_is_refused(admin: Caller, team: Row) -> None:
    expect.status(admin.post(resources_of(team), {}), 400)


@pytest.mark.requirement("cloud_generic_resources.team.read-as-added")
def test_generic_resource_in_a_team_is_read_as_added(admin: Caller, bench: Bench, team: Row, resource: Row) -> None:
    added = expect.json_object(bench.assign(team, resource))
    answer = admin.get(_place(team, resource))
    expect.equal(answer, "the answer", expect.json_object(answer), added)
    address = str(added.get("self"))
    expect.that(answer, address.startswith(f"{admin.base}/"), f"self below {admin.base}", f"self = {address}")
    again = admin.get(address.removeprefix(f"{admin.base}/"))
    expect.equal(again, "the answer at self", expect.json_object(again), added)


@pytest.mark.requirement("cloud_generic_resources.team.listed")
def test_generic_resources_of_a_team_are_those_added(admin: Caller, bench: Bench, team: Row, resource: Row) -> None:
    other = bench.resource()
    bench.resource()
    for one in (resource, other):
        expect.success(bench.assign(team, one))
    answer = admin.get(resources_of(team))
    row = expect.json_object(answer)
    expect.shape(answer, row, beans.GENERIC_RESOURCES)
    expect.equal(answer, "count, team.id", [row["count"], row["team"]["id"]], [2, team["id"]])
    found = [(member["id"], member["name"]) for member in row["members"]]
    expect.same_set(answer, "members", found, [(one["id"], one["name"]) for one in (resource, other)])


@pytest.mark.requirement("cloud_generic_resources.team.unknown-404")
def test_adding_to_an_unknown_team_is_not_found(bench: Bench, resource: Row) -> None:
    expect.status(bench.assign({"id": UNKNOWN}, resource), 404)


@pytest.mark.requirement("cloud_generic_resources.team.unknown-404")
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_generic_resource_outside_the_team_is_not_found(admin: Caller, team: Row, resource: Row, method: str) -> None:
    expect.status(admin.call(method, _place(team, resource)), 404)


@pytest.mark.requirement("cloud_generic_resources.team.remove-answers")
def test_removal_from_a_team_answers_204_without_body(admin: Caller, bench: Bench, team: Row, resource: Row) -> None:
    expect.success(bench.assign(team, resource))
    expect.no_body(expect.status(admin.delete(_place(team, resource)), 204))


@pytest.mark.requirement("cloud_generic_resources.team.removed")
def test_removed_from_a_team_it_stays_a_resource(admin: Caller, bench: Bench, team: Row, resource: Row) -> None:
    expect.success(bench.assign(team, resource))
    expect.success(admin.delete(_place(team, resource)))
    expect.status(admin.get(_place(team, resource)), 404)
    answer = admin.get(resources_of(team))
    expect.equal(answer, "members", expect.json_object(answer).get("members"), [])
    expect.status(admin.get(GENERIC_RESOURCE.place(resource["id"])), 200)
