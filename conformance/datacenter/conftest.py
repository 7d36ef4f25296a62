"""What checks ask for by name: callers, a bench to make things with, and what can be discovered on a server."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from conformance import expect
from conformance.calls import Unmet
from conformance.client import Caller
from conformance.datacenter.bench import BOARDS, PROGRAMS, ROLES, TEAMS_2, Bench, Group, Team
from conformance.plugin import RUN
from conformance.run import ANONYMOUS, PREFIX, Absent, Run

GROUP_SIZE = 50


@pytest.fixture(scope="session")
def run(pytestconfig: pytest.Config) -> Run:
    """The run."""
    return pytestconfig.stash[RUN]


@pytest.fixture(scope="session")
def admin(run: Run) -> Caller:
    """A Tempo Team Administrator who is a Jira administrator."""
    return run.persona_caller("datacenter", "admin")


@pytest.fixture(scope="session")
def lead(run: Run) -> Caller:
    """Somebody without a global permission, whom checks make the lead of a team."""
    return run.persona_caller("datacenter", "lead")


@pytest.fixture(scope="session")
def member(run: Run) -> Caller:
    """Somebody without a global permission, whom checks make a member."""
    return run.persona_caller("datacenter", "member")


@pytest.fixture(scope="session")
def outsider(run: Run) -> Caller:
    """Somebody without any permission."""
    return run.persona_caller("datacenter", "outsider")


@pytest.fixture(scope="session")
def anonymous(run: Run) -> Caller:
    """Nobody."""
    return run.caller("datacenter", ANONYMOUS)


@pytest.fixture
def bench(run: Run, admin: Caller) -> Iterator[Bench]:
    """Makes teams and members; they go when the check is over."""
    if run.read_only:
        raise Absent("the check has to write and the run is --read-only")
    mark = run.ledger.mark()
    yield Bench(run, admin)
    run.ledger.unwind(mark)


@pytest.fixture
def team(bench: Bench) -> Team:
    """A new team without members, led by the administrator."""
    return bench.team()


@pytest.fixture
def now(admin: Caller) -> Callable[[], datetime.datetime]:
    """Asks for the server's time: its clock need not be ours."""

    def ask() -> datetime.datetime:
        answer = admin.get("rest/api/2/serverInfo")
        info = answer.json_or_none()
        stamp = info.get("serverTime") if isinstance(info, dict) else None
        try:
            return datetime.datetime.strptime(str(stamp), "%Y-%m-%dT%H:%M:%S.%f%z")
        except ValueError:
            raise Absent(f"rest/api/2/serverInfo does not tell the server's time (serverTime = {stamp!r})") from None

    return ask


@pytest.fixture
def today(now: Callable[[], datetime.datetime]) -> datetime.date:
    """The server's day, for checks to which a day more or less does not matter."""
    return now().date()


@pytest.fixture(scope="session")
def roles(admin: Caller) -> list[dict[str, Any]]:
    """The team roles."""
    found = [role for role in expect.objects(admin.get(ROLES)) if isinstance(role.get("id"), int)]
    if not found:
        raise Absent("the server has no team roles")
    return found


@pytest.fixture
def another_role(roles: list[dict[str, Any]]) -> dict[str, Any]:
    """A role that is not the default one."""
    others = [role for role in roles if role.get("default") is not True]
    if len(roles) < 2 or not others:
        raise Absent("the server has no second team role")
    return others[-1]


@pytest.fixture
def program(admin: Caller, bench: Bench) -> dict[str, Any]:
    """A program to put teams into: a new one, else one that is there."""
    try:
        return bench.program()
    except Absent:
        found = admin.get(PROGRAMS).json_or_none()
        for item in found if isinstance(found, list) else []:
            if isinstance(item, dict) and isinstance(item.get("id"), int):
                return item
        raise


@pytest.fixture(scope="session")
def scopes(admin: Caller) -> dict[str, int]:
    """Scope type -> the id of a project or a board that is there; without the key where there is none."""
    projects = admin.get("rest/api/2/project").json_or_none()
    page = admin.get(BOARDS).json_or_none()
    boards = page.get("values") if isinstance(page, dict) else None
    found: dict[str, int] = {}
    for scope_type, items in (("project", projects), ("board", boards)):
        for item in items if isinstance(items, list) else []:
            if isinstance(item, dict) and str(item.get("id")).isdecimal():
                found.setdefault(scope_type, int(item["id"]))
    return found


@pytest.fixture(scope="session")
def group(run: Run, admin: Caller) -> Group:
    """A group one of the personas is in, with its members."""
    seen: set[str] = set()
    for name in run.target.personas:
        answer = run.persona_caller("datacenter", name).get("rest/api/2/myself", {"expand": "groups"})
        for found in _group_names(answer.json_or_none()):
            if found not in seen:
                seen.add(found)
                if members := _members(admin, found):
                    return Group(found, members)
    raise Absent("no group with members was found: none of the personas is in a group that rest/api/2/group/member lists")


def _group_names(user: Any) -> list[str]:
    groups = user.get("groups") if isinstance(user, dict) else None
    items = groups.get("items") if isinstance(groups, dict) else None
    return [item["name"] for item in items or () if isinstance(item, dict) and isinstance(item.get("name"), str)]


def _members(admin: Caller, group: str) -> tuple[str, ...]:
    page = admin.get("rest/api/2/group/member", {"groupname": group}).json_or_none()
    if not isinstance(page, dict) or page.get("isLast") is False or not isinstance(page.get("values"), list):
        return ()
    names = [
        user["name"]
        for user in page["values"]
        if isinstance(user, dict) and user.get("active") and isinstance(user.get("name"), str)
    ]
    return tuple(names) if len(names) <= GROUP_SIZE else ()


@pytest.fixture(scope="session")
def renamed(admin: Caller) -> dict[str, Any]:
    """An active Jira user whose key differs from the login name."""
    found = admin.get("rest/api/2/user/search", {"username": ".", "maxResults": 1000}).json_or_none()
    for user in found if isinstance(found, list) else []:
        if (
            isinstance(user, dict)
            and user.get("active")
            and user.get("key")
            and user.get("name")
            and user["key"] != user["name"]
        ):
            return user
    raise Absent("no active Jira user was found whose key differs from the login name")


@pytest.fixture(scope="session")
def key_of(admin: Caller) -> Callable[[str], str]:
    """The user key of a login name."""

    def ask(user: str) -> str:
        answer = admin.get("rest/api/2/user", {"username": user})
        key = expect.json_object(answer).get("key")
        if not isinstance(key, str):
            raise Unmet("the user's key", f"key = {key!r}", answer)
        return key

    return ask


@pytest.fixture
def existing(admin: Caller) -> list[Team]:
    """Up to ten teams that were there before any run of this suite."""
    teams = [
        Team(team["id"], team["name"])
        for team in expect.objects(admin.get(TEAMS_2))
        if isinstance(team.get("id"), int) and isinstance(team.get("name"), str) and not team["name"].startswith(PREFIX)
    ]
    if not teams:
        raise Absent("the server has no team yet")
    return teams[:10]


@pytest.fixture(scope="session")
def context_path(run: Run) -> str:
    """The path that relative addresses in answers begin with, "" at the root."""
    return urlsplit(run.url).path + run.face_path("datacenter")
