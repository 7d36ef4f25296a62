"""Bad input: refused with 400 or 404 and Jira's error body, and nothing changed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance import expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.datacenter.bench import APPROVE, TEAMS_2, Bench, Team
from conformance.datacenter.items import part
from conformance.run import Run

OPEN = {"dateFrom": "2013-01-04", "dateTo": "", "availability": "100"}
NOT_JSON = {
    "no-json": "name=conformance",
    "cut-json": '{"name": "conformance',
    "array": "[1, 2]",
    "text": '"conformance"',
}


def _refused(answer: Answer) -> None:
    expect.status(answer, 400, 404)
    expect.error_body(answer)


def _unchanged(admin: Caller, path: str, before: Any) -> None:
    answer = admin.get(path)
    expect.equal(answer, "what is stored", expect.success(answer).json(), before)


def _raw(caller: Caller, method: str, path: str, text: str) -> Answer:
    return caller.call(method, path, text=text)


def _member(name: str, kind: str = "USER", **membership: Any) -> str:
    return json.dumps({"member": {"name": name, "type": kind}, "membership": {**OPEN, **membership}})


MEMBER_BODIES = {
    "empty-object": "{}",
    "no-person": json.dumps({"member": {"type": "USER"}, "membership": OPEN}),
    "unknown-user": _member("conformance-nobody"),
    "unknown-group": _member("conformance-nobody", "GROUP"),
    "unknown-type": _member("MEMBER", "ROBOT"),
    "unknown-role": _member("MEMBER", role={"id": 2147483000}),
    "role-not-a-number": _member("MEMBER", role={"id": "first"}),
    "impossible-date": _member("MEMBER", dateFrom="31/Feb/2013"),
    "impossible-iso-date": _member("MEMBER", dateFrom="2013-02-31"),
    "no-date": _member("MEMBER", dateTo="tomorrow"),
    "end-before-start": _member("MEMBER", dateFrom="2013-05-01", dateTo="2013-04-01"),
    "availability-below": _member("MEMBER", availability="-1"),
    "availability-text": _member("MEMBER", availability="x"),
}


@pytest.mark.requirement("errors.bad-member.refused")
@pytest.mark.parametrize("body", [*MEMBER_BODIES, *NOT_JSON])
def test_bad_member_is_refused_and_not_added(admin: Caller, team: Team, member: Caller, body: str) -> None:
    text = {**MEMBER_BODIES, **NOT_JSON}[body].replace('"MEMBER"', json.dumps(member.user))
    _refused(_raw(admin, "POST", team.members, text))
    _unchanged(admin, team.members, [])
    _unchanged(admin, f"{team.members}?type=group", [])


@pytest.mark.requirement("errors.availability.at-most-100")
def test_availability_above_100_is_refused_and_not_added(admin: Caller, team: Team, member: Caller) -> None:
    answer = _raw(admin, "POST", team.members, _member(member.user, availability="101"))
    expect.that(answer, 400 <= answer.status < 500, "a 4xx status", f"status {answer.status}")
    _unchanged(admin, team.members, [])


@pytest.mark.requirement("errors.duplicate-member.refused")
def test_duplicate_member_is_refused_and_the_first_stays(admin: Caller, bench: Bench, team: Team, member: Caller) -> None:
    bench.add(team, member.user, dateFrom="2013-01-04", dateTo="", availability="60")
    before = expect.json_list(admin.get(team.members))
    answer = _raw(admin, "POST", team.members, _member(member.user))
    expect.status(answer, 400)
    expect.error_body(answer)
    _unchanged(admin, team.members, before)


@pytest.mark.requirement("errors.bad-team.refused")
@pytest.mark.parametrize("body", NOT_JSON)
def test_bad_team_is_refused_and_not_made(admin: Caller, bench: Bench, run: Run, body: str) -> None:
    marked = NOT_JSON[body].replace("conformance", bench.name())
    _refused(bench.adopt(_raw(admin, "POST", TEAMS_2, marked)))
    answer = admin.get(TEAMS_2)
    made = [item.get("name") for item in expect.objects(answer) if str(item.get("name")).startswith(run.prefix)]
    expect.equal(answer, "teams of this run", made, [])


@pytest.mark.requirement("errors.bad-team.refused")
def test_team_without_name_has_error_body(admin: Caller, bench: Bench) -> None:
    _refused(bench.adopt(admin.post(TEAMS_2, {"summary": bench.name()})))


@pytest.mark.requirement("errors.bad-team-update.refused")
@pytest.mark.parametrize("body", NOT_JSON)
def test_bad_team_update_is_refused_and_changes_nothing(admin: Caller, team: Team, body: str) -> None:
    before = expect.json_object(admin.get(team.path))
    _refused(_raw(admin, "PUT", team.path, NOT_JSON[body]))
    _unchanged(admin, team.path, before)


MEMBERSHIP_CHANGES: dict[str, dict[str, Any]] = {
    "impossible-date": {"dateFrom": "31/Feb/2013"},
    "end-before-start": {"dateFrom": "2013-05-01", "dateTo": "2013-04-01"},
    "availability-below": {"availability": "-1"},
    "availability-text": {"availability": "x"},
    "unknown-role": {"role": {"id": 2147483000}},
}


@pytest.mark.requirement("errors.bad-membership.refused")
@pytest.mark.parametrize("change", MEMBERSHIP_CHANGES)
@pytest.mark.parametrize("resource", ["member", "membership"])
def test_bad_membership_is_refused_and_changes_nothing(
    admin: Caller, bench: Bench, team: Team, member: Caller, resource: str, change: str
) -> None:
    added = bench.add(team, member.user, dateFrom="2013-01-04", dateTo="", availability="60")
    membership = part(added, "membership")
    role = {"id": part(membership, "role").get("id")}
    body = {"role": role, **OPEN, "availability": "60", **MEMBERSHIP_CHANGES[change]}
    path = f"{team.members}/{added['id']}"
    before = expect.json_list(admin.get(team.members))
    if resource == "member":
        answer = admin.put(path, {"member": {"name": member.user, "type": "USER"}, "membership": body})
    else:
        answer = admin.put(f"{path}/membership/{membership.get('id')}", body)
    _refused(answer)
    _unchanged(admin, team.members, before)


@pytest.mark.requirement("errors.bad-permission.refused")
@pytest.mark.parametrize("body", [*NOT_JSON, "users-not-a-list"])
def test_bad_permission_is_refused_and_changes_nothing(
    admin: Caller, bench: Bench, team: Team, member: Caller, body: str
) -> None:
    bench.grant(team, APPROVE, users=[member.user])
    before = expect.json_object(admin.get(team.permission(APPROVE)))
    text = NOT_JSON.get(body) or json.dumps({"id": APPROVE, "teamId": team.id, "groups": [], "users": 5})
    _refused(_raw(admin, "PUT", team.permission(APPROVE), text))
    _unchanged(admin, team.permission(APPROVE), before)


@pytest.mark.requirement("errors.not-found.body")
@pytest.mark.parametrize(
    ("method", "suffix", "text"),
    [
        pytest.param("GET", "", None, id="read"),
        pytest.param("PUT", "", '{"name": "conformance"}', id="update"),
        pytest.param("DELETE", "", None, id="delete"),
        pytest.param("GET", "/member", None, id="members"),
    ],
)
def test_unknown_team_answers_404_with_error_body(admin: Caller, method: str, suffix: str, text: str | None) -> None:
    answer = admin.call(method, f"{TEAMS_2}/2147483000{suffix}", text=text)
    expect.status(answer, 404)
    expect.error_body(answer)


@pytest.mark.requirement("errors.not-found.body")
@pytest.mark.parametrize(("method", "suffix"), [("DELETE", ""), ("PUT", "/deactivate")], ids=["remove", "deactivate"])
def test_unknown_member_answers_404_with_error_body(admin: Caller, team: Team, method: str, suffix: str) -> None:
    answer = admin.call(method, f"{team.members}/2147483000{suffix}")
    expect.status(answer, 404)
    expect.error_body(answer)


@pytest.mark.requirement("errors.forbidden.body")
def test_forbidden_write_has_error_body(bench: Bench, team: Team, outsider: Caller) -> None:
    answer = outsider.put(team.path, {"name": bench.name()})
    expect.status(answer, 403)
    expect.error_body(answer)
