"""Team roles."""

from __future__ import annotations

import pytest

from conformance import beans, expect
from conformance.client import Caller
from conformance.datacenter.bench import ROLES
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
