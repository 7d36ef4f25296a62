"""A world out of the server and into another: ``/_mock/export`` and ``/_mock/import`` leave nothing out.

Examples are the same in every run, so that a red test stays red; raise ``EXAMPLES`` to look further.
"""

import io
import itertools
import json
import re
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.endpoint import Api
from mock_server.groups import groups
from mock_server.openapi import braced

from .conftest import basic

EXAMPLES = 60
TEAMS = "/jira/rest/tempo-teams"
BROWSE = "tempo.teams.browse.team"
PEOPLE = ("fred", "erica", "john", "laura", "bob", "david", "greta", "nadia", "rita", "olaf", "technical-user")
GROUPS = ("cloud-dev-user", "hr", "jira-administrators")

WITH_TOKENS = ("fred", "bob")
"""Who asks the faces of Cloud beside nobody."""

Make = Callable[..., Any]
Call = tuple[str, str, Any]


VALUES: dict[str, tuple[Any, ...]] = {
    "team_id": (1, 3, 8, 9, 10, 99),
    "member_id": (*range(1, 11), *range(31, 38), 1000001, 1000012, 1000013, 1000016),
    "user_name": (*PEOPLE, "JIRAUSER10100", "nobody"),
    "key": (BROWSE, "tempo.timesheets.approve.timesheet", "DEV", "none"),
    "role_id": range(1, 8),
    "program_id": range(1, 5),
    "scope_type": ("project", "board", "none"),
    "scope": (10010, 10011, 84, 85, 86),
    "id_or_key": ("CLOUD", "SAFE", 10010, "CLOUD-3", "CLOUD-DEV", 1, "NONE"),
    "board_id": (84, 85, 86),
    "membership_id": (2, 4, 99),
    "permission_role_id": range(1, 4),
    "worklog_id": (1, 2),
    "account_id": ("5b10a2844c20165700ede223", "nobody"),
    "account_key": ("CLOUD-DEV", "NONE"),
    "issue_id": (10202, 1),
    "project_id": (10010, 1),
    "link_id": (1, 3, 9),
    "resource_id": (1, 2, 9),
    "plan_id": (1, 4, 12, 101, 999),
    "scheme_id": (1, 2, 4, 9),
    "holiday_id": (1, 7, 99),
    "comment_id": (1, 2, 99),
}
QUERIES = (
    "2/team?expand=leaduser,teamprogram,links",
    "2/team/1?expand=leaduser,teamprogram",
    "2/team/1/member?type=GROUP",
    "2/team/3/member?onlyActive=true",
    "2/teammember/nadia/memberships?from=2012-01-01&to=2014-01-01",
    "2/teammember/team/1/members?from=2012-01-01&to=2014-01-01",
    *(
        f"/jira/rest/api/2/{path}"
        for path in ("user/search?username=.", "myself?expand=groups", "mypermissions?projectKey=SAFE")
    ),
    *(f"/jira/rest/api/2/group/member?groupname={name}&includeInactiveUsers=true" for name in GROUPS),
    *(f"/jira/rest/api/2/user?username={name}&expand=groups" for name in PEOPLE),
)


def reads() -> Iterator[tuple[Api, str]]:
    """An address of every endpoint that reads, for each of the ids a test makes, with the API it belongs to."""
    for group in groups():
        for endpoint in group.endpoints:
            if endpoint.method == "GET":
                path = f"{group.prefix}{braced(endpoint.path)}"
                names = re.findall(r"\{(\w+)\}", path)
                for values in itertools.product(*(VALUES[name] for name in names)):
                    yield group.api, path.format(**dict(zip(names, values, strict=True)))
    yield from ((Api.HOST, query if query.startswith("/") else f"{TEAMS}/{query}") for query in QUERIES)


def credentials(api: Api, who: str | None) -> dict[str, str]:
    """How somebody logs in beside name and password."""
    if who is None or api is Api.HOST:
        return {}
    token = f"Bearer demo-token-of-{who}-not-a-secret"
    login = basic(f"{who}@example.org", f"demo-jira-token-of-{who}-not-a-secret")
    return {"Authorization": token if api is Api.TEMPO_CLOUD else login}


def answers(world: Any, prefix: str, people: tuple[str | None, ...]) -> dict[str, tuple[int, bytes]]:
    """What the world answers to everything, for each of the people; addresses as at the default site."""
    found = {}
    for who, (api, path) in itertools.product(people, reads()):
        if api is Api.HOST or who is None or who in WITH_TOKENS:
            answer = world.get(who, prefix + path, headers=credentials(api, who))
            assert answer.status < 500, path
            found[f"{who} {path}"] = (answer.status, re.sub(rb'/sites/copy(?=[/"])', b"", answer.body))
    return found


def exported(world: Any, prefix: str = "") -> bytes:
    answer = world.get(None, f"{prefix}/_mock/export")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/zip"
    body: bytes = answer.body
    return body


def files_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as folder:
        return {name: folder.read(name) for name in folder.namelist()}


def packed(files: dict[str, bytes] | list[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as folder:
        for name, content in files.items() if isinstance(files, dict) else files:
            folder.writestr(name, content)
    return data.getvalue()


def imported(world: Any, data: bytes, prefix: str = "") -> dict[str, int]:
    answer = world.post(None, f"{prefix}/_mock/import", body=data, headers={"Content-Type": "application/zip"})
    assert answer.status == 200, answer.text
    counts: dict[str, int] = answer.json
    return counts


def copied(world: Any) -> bytes:
    """The default site's world, also in a site named copy that was quite another one before."""
    assert world.post(None, "/_mock/sites", {"name": "copy", "scenario": "empty"}).status == 201
    world.put(None, "/sites/copy/_mock/clock", {"now": world.get(None, "/_mock/clock").json["now"], "frozen": True})
    world.post("admin", f"/sites/copy{TEAMS}/2/team", {"name": "Goes"})
    data = exported(world)
    imported(world, data, "/sites/copy")
    return data


PERIOD = {"role": {"id": 3}, "dateFrom": "2013-12-01", "dateTo": "2014-02-28", "availability": "40"}
CHANGES: tuple[Call, ...] = (
    ("POST", "2/role", {"name": "Rolle „Ä“"}),
    ("POST", "2/program", {"name": "Second", "manager": {"name": "nadia"}}),
    ("POST", "2/program", {"name": "Goes again"}),
    ("DELETE", "2/program/4", None),
    ("POST", "2/team", {"name": "New\n\0\"'<b>", "summary": "", "lead": "rita", "program": {"id": 3}}),
    ("POST", "2/team", {"name": "Goes again"}),
    ("DELETE", "2/team/9", None),
    ("PUT", "2/team/3", {"summary": None, "lead": "nadia"}),
    ("POST", "2/team/8/member", {"member": {"name": "hr", "type": "GROUP"}}),
    ("POST", "2/team/8/member", {"member": {"name": "cloud-dev-user", "type": "GROUP"}}),
    ("POST", "2/team/8/member", {"member": {"name": "bob", "type": "USER"}, "membership": PERIOD}),
    ("POST", "2/team/8/member", {"member": {"name": "greta", "type": "USER"}, "membership": PERIOD}),
    ("POST", "2/team/8/member/34/membership", {**PERIOD, "dateFrom": "2014-03-01", "dateTo": ""}),
    ("DELETE", "2/team/8/member/35", None),
    ("PUT", "2/team/3/member/4/deactivate", None),
    ("PUT", f"2/permission/team/8/{BROWSE}", {"users": ["greta", "bob", "erica"], "groups": ["hr", "cloud-dev-user"]}),
    ("PUT", f"2/permission/team/1/{BROWSE}", {"users": [], "groups": []}),
    ("POST", "1/link", {"teamId": 8, "scopeType": "board", "scope": 85}),
    ("POST", "1/link", {"teamId": 8, "scopeType": "project", "scope": 10010}),
    ("DELETE", "1/link/5", None),
)
AFTERWARDS: tuple[Call, ...] = (
    ("POST", "2/team", {"name": "Next"}),
    ("POST", "2/role", {"name": "Next"}),
    ("POST", "2/program", {"name": "Next"}),
    ("POST", "1/link", {"teamId": 8, "scopeType": "board", "scope": 84}),
    ("POST", "2/team/8/member", {"member": {"name": "laura"}, "membership": PERIOD}),
    ("GET", "2/permissionGroups/team/10", None),
)


def test_an_imported_world_answers_everything_as_the_exported_one(world: Any) -> None:
    for method, path, body in CHANGES:
        answer = world.call(method, "fred", path, body)
        assert answer.status in (200, 204), (path, answer.text)
    world.put(None, "/_mock/settings", {"jira.datePicker": "yyyy-MM-dd", "teams.membersBrowse": "on"})
    data = copied(world)
    assert exported(world, "/sites/copy") == data
    people = (*PEOPLE, None)
    one, other = answers(world, "", people), answers(world, "/sites/copy", people)
    assert {status for status, _ in one.values()} == {200, 400, 401, 403, 404, 410}
    assert sum(status == 200 for status, _ in one.values()) > 900
    assert one == other
    assert any(b"GROUP_USER" in body for _, body in one.values())
    for method, path, body in AFTERWARDS:
        first, second = world.call(method, "fred", path, body), world.call(method, "fred", f"/sites/copy{TEAMS}/{path}", body)
        assert first.status == second.status == 200, (path, first.text, second.text)
        assert first.body == second.body.replace(b"/sites/copy/", b"/")


def ids(*more: int) -> st.SearchStrategy[int]:
    return st.sampled_from([1, 3, *more])


def calls() -> st.SearchStrategy[Call]:
    """A write: most of them possible, with whatever texts there are."""
    team, member, role, program = ids(8, 9), ids(2, 4, 5, 7, 32, 33, 34), ids(4, 5, 6), ids(2, 4)
    person, group = st.sampled_from(PEOPLE), st.sampled_from(GROUPS)
    name = st.text(min_size=1, max_size=8) | st.sampled_from(["Ä", "ä", "ß", "SS", "x" * 255, "İ", "\u2028", "\x7f"])
    day = st.sampled_from(["", "2012-02-29", "2013-11-15", "2013-12-31", "2014-06-01", "9999-12-31", "0001-01-01"])
    period = st.fixed_dictionaries(
        {},
        optional={"role": role.map(lambda r: {"id": r}), "dateFrom": day, "dateTo": day, "availability": st.integers(0, 100)},
    )
    team_body = st.fixed_dictionaries(
        {"name": name}, optional={"summary": name | st.none(), "lead": person, "program": program.map(lambda p: {"id": p})}
    )
    user = st.builds(lambda p, m: {"member": {"name": p, "type": "USER"}, "membership": m}, person, period)
    whole = group.map(lambda g: {"member": {"name": g, "type": "GROUP"}})
    holders = st.fixed_dictionaries(
        {"users": st.lists(person, unique=True, max_size=4), "groups": st.lists(group, unique=True, max_size=2)}
    )
    scope = st.sampled_from([("project", 10010), ("project", 10011), ("board", 84), ("board", 85)])
    named = name.map(lambda n: {"name": n})

    def call(method: str, path: str, body: Any = None, **values: Any) -> st.SearchStrategy[Call]:
        made = st.none() if body is None else body
        return st.builds(lambda v, b: (method, path.format(**v), b), st.fixed_dictionaries(values), made)

    return st.one_of(
        call("POST", "2/team", team_body),
        call("PUT", "2/team/{t}", team_body, t=team),
        call("DELETE", "2/team/{t}", t=team),
        call("POST", "2/team/{t}/member", user | whole, t=team),
        call("PUT", "2/team/{t}/member/{m}", period.map(lambda p: {"membership": p}), t=team, m=member),
        call("PUT", "2/team/{t}/member/{m}/deactivate", t=team, m=member),
        call("DELETE", "2/team/{t}/member/{m}", t=team, m=member),
        call("POST", "2/team/{t}/member/{m}/membership", period, t=team, m=member),
        call("PUT", "2/permission/team/{t}/" + BROWSE, holders, t=team),
        call("POST", "2/role", named) | call("PUT", "2/role/{r}", named, r=role) | call("DELETE", "2/role/{r}", r=role),
        call("POST", "2/program", named) | call("DELETE", "2/program/{p}", p=program),
        st.builds(lambda t, s: ("POST", "1/link", {"teamId": t, "scopeType": s[0], "scope": s[1]}), team, scope),
        call("DELETE", "1/link/{n}", n=ids(2, 4, 5)),
    )


def test_whatever_was_done_to_a_world_it_is_the_same_after_export_and_import(make_world: Make) -> None:
    made = make_world()
    done = set()

    @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True)
    @given(st.lists(calls(), min_size=5, max_size=30))
    def holds(steps: list[Call]) -> None:
        made.post(None, "/_mock/reset")
        made.site.clock.freeze()
        for method, path, body in steps:
            answer = made.call(method, "fred", path, body)
            assert answer.status < 500, (method, path, body)
            if answer.status < 300:
                done.add((method, re.sub(r"\d+", "N", path[1:])))
        data = copied(made)
        assert exported(made, "/sites/copy") == data
        for path in ("2/team", "2/team/1/member", "2/team/8/member", "2/role", "2/program", f"2/permission/team/8/{BROWSE}"):
            one, other = made.get("fred", path), made.get("fred", f"/sites/copy{TEAMS}/{path}")
            assert (one.status, one.body) == (other.status, other.body.replace(b"/sites/copy/", b"/"))
        made.delete(None, "/_mock/sites/copy")

    holds()
    assert len(done) >= 13, done


def test_what_the_api_takes_an_import_takes_too(world: Any) -> None:
    assert world.post("fred", "2/role", {"name": "Ärztin " + "x" * 300}).status == 200
    assert world.post("fred", "2/program", {"name": "x" * 300}).status == 200
    # A second one in another case would make a folder that cannot be read.
    assert world.post("fred", "2/role", {"name": "äRZTIN " + "X" * 300}).status == 400
    data = copied(world)
    assert exported(world, "/sites/copy") == data


def test_an_issue_that_became_internal_keeps_the_billable_work_it_had(world: Any) -> None:
    body = {"authorAccountId": "5b10a2844c20165700ede223", "issueId": 10202, "startDate": "2013-11-14", "timeSpentSeconds": 60}
    made = world.cloud("POST", "bob", "worklogs", json=body).json
    assert world.put(None, "/_mock/internal-issues/10202", {}).status == 200
    data = copied(world)
    assert exported(world, "/sites/copy") == data
    there = world.tempo("GET", "bob", f"/sites/copy/4/worklogs/{made['tempoWorklogId']}").json
    assert there["billableSeconds"] == made["billableSeconds"] == 60


def test_the_folder_is_a_scenario_without_secrets(world: Any) -> None:
    world.put(None, "/_mock/settings", {"teams.version": "2.0.6"})
    answer = world.get(None, "/_mock/export")
    assert 'filename="default.zip"' in answer.headers["Content-Disposition"]
    files = files_of(answer.body)
    settled = tomllib.loads(files["scenario.toml"].decode())
    guides = {f"globalConfiguration.{name}": "on" for name in ("planApprovalEnabled", "startAndEndTimesForPlanningEnabled")}
    assert settled["settings"] == {"teams.version": "2.0.6", **guides}
    assert settled["last_ids"]["teams"] == 7
    assert {"people.json", "teams.json", "roles.json", "programs.json", "boards.json", "projects.json"} <= set(files)
    assert {person["name"] for person in json.loads(files["people.json"])} == set(PEOPLE)
    assert all("password" not in person for person in json.loads(files["people.json"]))
    assert b"not-a-secret" not in b"".join(files.values())


def test_a_new_site_can_begin_with_an_exported_folder(world: Any, tmp_path: Path) -> None:
    world.post("fred", "2/team", {"name": "Taken along"})
    for name, content in files_of(exported(world)).items():
        (tmp_path / name).write_bytes(content)
    bean = world.post(None, "/_mock/sites", {"name": "copy", "scenario": str(tmp_path)}).json
    assert exported(world, "/sites/copy") == exported(world)
    assert bean["written"] is False
