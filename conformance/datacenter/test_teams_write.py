"""Making, changing and deleting teams."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from conformance import beans, expect
from conformance.client import Caller
from conformance.datacenter.bench import TEAMS_1, TEAMS_2, Bench, Team


@pytest.mark.requirement("teams.create-v1.answers-team")
def test_v1_create_answers_the_team_with_id(admin: Caller, bench: Bench) -> None:
    sent = {"name": bench.name(), "summary": "The whole company", "lead": admin.user}
    answer = bench.adopt(admin.post(TEAMS_1, sent))
    made = expect.json_object(answer)
    expect.shape(answer, made, beans.TEAM_V1)
    for name, value in sent.items():
        expect.equal(answer, name, made.get(name), value)


@pytest.mark.requirement("teams.create.answers-team")
def test_v2_create_answers_200_and_the_team_with_id(admin: Caller, bench: Bench) -> None:
    sent = {"name": bench.name(), "summary": "The whole company", "lead": admin.user}
    answer = bench.adopt(admin.post(TEAMS_2, sent))
    expect.status(answer, 200)
    made = expect.json_object(answer)
    expect.shape(answer, made, beans.TEAM_V2)
    for name in ("name", "summary"):
        expect.equal(answer, name, made.get(name), sent[name])


@pytest.mark.requirement("teams.create.lead-by-key")
def test_v2_create_takes_lead_by_user_key(admin: Caller, bench: Bench, key_of: Callable[[str], str]) -> None:
    key = key_of(admin.user)
    answer = bench.adopt(admin.post(TEAMS_2, {"name": bench.name(), "lead": key}))
    expect.equal(answer, "lead", expect.json_object(answer).get("lead"), key)


@pytest.mark.requirement("teams.create.lead-by-key")
def test_v2_create_takes_lead_by_key_that_is_no_login_name(admin: Caller, bench: Bench, renamed: dict[str, Any]) -> None:
    answer = bench.adopt(admin.post(TEAMS_2, {"name": bench.name(), "lead": renamed["key"]}))
    expect.equal(answer, "lead", expect.json_object(answer).get("lead"), renamed["key"])


@pytest.mark.requirement("teams.create.only-name-needed")
def test_v2_create_with_name_alone_makes_team(admin: Caller, bench: Bench) -> None:
    name = bench.name()
    answer = bench.adopt(admin.post(TEAMS_2, {"name": name}))
    made = expect.json_object(answer)
    expect.shape(answer, made, beans.TEAM_V2)
    expect.equal(answer, "name", made["name"], name)


@pytest.mark.requirement("teams.create.read-only-ignored")
def test_v2_create_ignores_id_of_the_body(admin: Caller, bench: Bench, team: Team) -> None:
    answer = bench.adopt(admin.post(TEAMS_2, {"id": team.id, "name": bench.name()}))
    made = expect.json_object(answer)
    expect.that(answer, made.get("id") != team.id, f"an id of its own, not {team.id}", f"id = {made.get('id')}")


@pytest.mark.requirement("teams.create.name-required")
def test_v2_create_without_name_is_refused(admin: Caller, bench: Bench) -> None:
    answer = bench.adopt(admin.post(TEAMS_2, {"summary": bench.name(), "lead": admin.user}))
    expect.that(answer, 400 <= answer.status < 500, "a 4xx status", f"status {answer.status}")


@pytest.mark.requirement("teams.update.only-sent-fields")
def test_update_of_name_alone_keeps_the_rest(admin: Caller, bench: Bench) -> None:
    team = bench.team(summary="stays as it is")
    before = expect.json_object(admin.get(team.path))
    renamed_to = bench.name()
    expect.status(admin.put(team.path, {"name": renamed_to}), 200)
    answer = admin.get(team.path)
    after = expect.json_object(answer)
    expect.equal(answer, "name", after.get("name"), renamed_to)
    expect.equal(answer, "summary", after.get("summary"), "stays as it is")
    expect.equal(answer, "lead", after.get("lead"), before.get("lead"))


@pytest.mark.requirement("teams.update.answers-team")
def test_update_with_full_bean_answers_the_changed_team(admin: Caller, bench: Bench, team: Team) -> None:
    bean = expect.json_object(admin.get(team.path))
    renamed_to = bench.name()
    answer = expect.status(admin.put(team.path, {**bean, "name": renamed_to, "summary": "changed"}), 200)
    changed = expect.json_object(answer)
    expect.shape(answer, changed, beans.TEAM_V2)
    for name, wanted in (("id", team.id), ("name", renamed_to), ("summary", "changed")):
        expect.equal(answer, name, changed.get(name), wanted)


@pytest.mark.requirement("teams.update.unknown-not-found")
def test_update_of_unknown_team_is_not_found(admin: Caller, bench: Bench) -> None:
    expect.status(admin.put(f"{TEAMS_2}/2147483000", {"name": bench.name()}), 404)


@pytest.mark.requirement("teams.delete.answers-empty")
def test_delete_answers_without_body(admin: Caller, team: Team) -> None:
    answer = expect.status(admin.delete(team.path), 200, 204)
    expect.no_body(answer)


@pytest.mark.requirement("teams.delete.gone")
@pytest.mark.parametrize("path", [TEAMS_1, TEAMS_2], ids=["v1", "v2"])
def test_deleted_team_is_gone(admin: Caller, team: Team, path: str) -> None:
    expect.success(admin.delete(team.path))
    expect.status(admin.get(f"{path}/{team.id}"), 404)
    answer = admin.get(path)
    listed = [item.get("id") for item in expect.objects(answer)]
    expect.that(answer, team.id not in listed, f"a list without team {team.id}", "it is still listed")


@pytest.mark.requirement("teams.delete.unknown-refused")
def test_delete_of_unknown_team_is_refused(admin: Caller, bench: Bench) -> None:
    answer = admin.delete(f"{TEAMS_2}/2147483000")
    expect.that(answer, 400 <= answer.status < 500, "a 4xx status", f"status {answer.status}")
