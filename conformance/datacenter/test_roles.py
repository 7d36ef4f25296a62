"""Team roles. Renaming, removing and reading one role stay out: nobody public makes these calls."""

from __future__ import annotations

import pytest

from conformance import beans, expect
from conformance.client import Caller
from conformance.datacenter.bench import ROLES, Bench
from conformance.datacenter.items import part, the_one
from conformance.run import ROLE
from conformance.shapes import ListOf


@pytest.mark.requirement("roles.list.shape")
def test_role_list_is_bare_array_of_roles(admin: Caller) -> None:
    answer = admin.get(ROLES)
    roles = expect.json_list(answer)
    expect.shape(answer, roles, ListOf(beans.ROLE))
    expect.that(answer, roles, "at least one role", "an empty array")


@pytest.mark.requirement("roles.list.one-default")
def test_role_list_marks_one_default(admin: Caller) -> None:
    answer = admin.get(ROLES)
    roles = expect.objects(answer)
    if not any("default" in role for role in roles):
        pytest.skip("the server speaks the older form of roles, without default")
    expect.equal(answer, "how many roles are the default", sum(role.get("default") is True for role in roles), 1)


@pytest.mark.requirement("roles.path.trailing-slash")
def test_role_list_with_trailing_slash_is_the_list(admin: Caller) -> None:
    answer = admin.get(f"{ROLES}/")
    expect.that(answer, expect.json_list(answer), "at least one role", "an empty array")


@pytest.mark.requirement("roles.create.answers-role")
def test_create_answers_the_role_with_id(bench: Bench) -> None:
    name = bench.name()
    answer = bench.make(ROLE, {"name": name})
    made = expect.json_object(answer)
    expect.shape(answer, made, beans.ROLE)
    expect.equal(answer, "name", made["name"], name)


@pytest.mark.requirement("roles.create.listed")
def test_new_role_is_listed_once_beside_the_default(admin: Caller, bench: Bench) -> None:
    role = bench.role()
    answer = admin.get(ROLES)
    found = [item for item in expect.objects(answer) if item.get("id") == role["id"]]
    expect.equal(answer, f"how often role {role['id']} is listed", len(found), 1)
    expect.equal(answer, "its name", found[0].get("name"), role.get("name"))


@pytest.mark.requirement("roles.create.serves-memberships")
def test_new_role_can_be_given_to_a_member(admin: Caller, bench: Bench, member: Caller) -> None:
    role = bench.role()
    team = bench.team()
    bench.add(team, member.user, role={"id": role["id"]}, dateFrom="2013-01-04", dateTo="", availability="100")
    answer = admin.get(team.members)
    found = part(part(the_one(answer, expect.objects(answer), member.user), "membership"), "role")
    expect.equal(answer, "membership.role.id", found.get("id"), role["id"])
    expect.equal(answer, "membership.role.name", found.get("name"), role.get("name"))


@pytest.mark.requirement("roles.create.administrators-only")
def test_create_role_by_non_administrator_is_forbidden(admin: Caller, bench: Bench, outsider: Caller) -> None:
    name = bench.name()
    expect.status(bench.make(ROLE, {"name": name}, outsider), 403)
    answer = admin.get(ROLES)
    names = [item.get("name") for item in expect.objects(answer)]
    expect.that(answer, name not in names, f"a list without {name}", "it is listed")
