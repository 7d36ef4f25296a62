"""One world, two deployments: links and programs written through Data Center are read through Cloud, and back."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

EXAMPLES = 60
PEOPLE = {
    "erica": ("erica", "5b10a2844c20165700ede220"),
    "nadia": ("JIRAUSER10100", "712020:0b7e51c2-77aa-4d0e-9d43-6f1f0c2a9e11"),
    "olaf": ("olaf", "712020:1c8f62d3-88bb-4e1f-8e54-7a2a1d3b0f22"),
}
LASTING = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(str.strip)
SCOPES = st.sampled_from([("project", 10010), ("project", 10011), ("project", 10012), ("board", 84), ("board", 85)])
MANAGERS = st.none() | st.sampled_from(sorted(PEOPLE))


def ok(answer: Any, status: int = 200) -> Any:
    assert answer.status == status, answer.text
    return answer.json if status == 200 else None


def new_team(world: Any) -> int:
    team_id: int = ok(world.cloud("POST", "fred", "teams", {"name": "T"}))["id"]
    return team_id


def here(world: Any, path: str) -> set[tuple[int, int, str, int]]:
    """Links as Data Center lists them: id, team, scope type and scope."""
    return {(link["id"], link["teamId"], link["scopeType"], link["scope"]) for link in ok(world.get("fred", path))}


def there(world: Any, path: str) -> set[tuple[int, int, str, int]]:
    """The same as Cloud lists them."""
    found = ok(world.cloud("GET", "fred", path))["results"]
    return {(link["id"], link["team"]["id"], link["scope"]["type"].lower(), link["scope"]["id"]) for link in found}


@LASTING
@given(steps=st.lists(st.tuples(st.booleans(), st.integers(0, 1), SCOPES, st.booleans()), max_size=8))
def test_links_are_the_same_in_both(world: Any, steps: list[tuple[bool, int, tuple[str, int], bool]]) -> None:
    """Each step links a team, or unlinks it where it is linked already, by one of the two; both must agree after it."""
    team_ids = [new_team(world), new_team(world)]
    expected: dict[tuple[int, str, int], int] = {}
    for by_cloud, index, (kind, scope), again in steps:
        wanted = (team_ids[index], kind, scope)
        cloud_body = {"teamId": wanted[0], "scopeId": scope, "scopeType": kind.upper()}
        datacenter_body = {"teamId": wanted[0], "scope": scope, "scopeType": kind}
        if by_cloud and kind == "board":
            ok(world.cloud("POST", "fred", "team-links", cloud_body), 400)
        elif wanted in expected and again:
            ok(world.cloud("POST", "fred", "team-links", cloud_body), 400)
            ok(world.post("fred", "1/link", datacenter_body), 400)
        elif wanted in expected:
            link_id = expected.pop(wanted)
            ok(world.cloud("GET", "fred", f"team-links/{link_id}"))
            if by_cloud:
                ok(world.cloud("DELETE", "fred", f"team-links/{link_id}"), 204)
            else:
                ok(world.delete("fred", f"1/link/{link_id}"), 204)
            ok(world.cloud("GET", "fred", f"team-links/{link_id}"), 404)
        elif by_cloud:
            expected[wanted] = ok(world.cloud("POST", "fred", "team-links", cloud_body))["id"]
        else:
            expected[wanted] = ok(world.post("fred", "1/link", datacenter_body))["id"]
        links = {(link_id, *link) for link, link_id in expected.items()}
        for team_id in team_ids:
            of_team = {link for link in links if link[1] == team_id}
            assert here(world, f"2/team/{team_id}/link") == there(world, f"teams/{team_id}/links") == of_team
        for project_id in (10010, 10011, 10012):
            both = here(world, f"1/link/project/{project_id}")
            assert there(world, f"team-links/project/{project_id}") == both
            assert {link for link in links if link[2:] == ("project", project_id)} <= both


PROGRAMS = st.tuples(NAMES, MANAGERS)


@LASTING
@given(first=PROGRAMS, changed=PROGRAMS, by_cloud=st.booleans())
def test_a_program_is_the_same_in_both(
    world: Any, first: tuple[str, str | None], changed: tuple[str, str | None], by_cloud: bool
) -> None:
    def write(program_id: int | None, name: str, manager: str | None) -> int:
        method, path = ("PUT", f"/{program_id}") if program_id else ("POST", "")
        if by_cloud:
            body = {"name": name, **({"managerAccountId": PEOPLE[manager][1]} if manager else {})}
            answer = world.cloud(method, "fred", f"programs{path}", body)
        else:
            whole = {"name": name, **({"manager": {"name": manager}} if manager else {})}
            answer = world.call(method, "fred", f"2/program{path}", whole)
        made: int = ok(answer)["id"]
        return made

    program_id = write(None, *first)
    manager = first[1]
    check(world, program_id, first[0], manager)
    assert write(program_id, *changed) == program_id
    # What is left out goes in Cloud, where PUT replaces, and stays in Data Center.
    manager = changed[1] if by_cloud else changed[1] or manager
    check(world, program_id, changed[0], manager)
    if by_cloud:
        ok(world.delete("fred", f"2/program/{program_id}"), 204)
    else:
        ok(world.cloud("DELETE", "fred", f"programs/{program_id}"), 204)
    ok(world.get("fred", f"2/program/{program_id}"), 404)
    ok(world.cloud("GET", "fred", f"programs/{program_id}"), 404)


def check(world: Any, program_id: int, name: str, manager: str | None) -> None:
    """Both say the same of a program, alone and in their lists, which are in the same order."""
    datacenter = ok(world.get("fred", f"2/program/{program_id}"))
    cloud = ok(world.cloud("GET", "fred", f"programs/{program_id}"))
    assert datacenter["name"] == cloud["name"] == name.strip()
    key, account_id = PEOPLE[manager] if manager else (None, None)
    assert datacenter.get("manager", {}).get("key") == key
    assert cloud.get("manager", {}).get("accountId") == account_id
    listed = ok(world.cloud("GET", "fred", "programs"))["results"]
    assert cloud in listed
    assert [program["id"] for program in listed] == [program["id"] for program in ok(world.get("fred", "2/program"))]


@LASTING
@given(steps=st.lists(st.tuples(st.booleans(), st.integers(0, 1), st.sets(st.integers(0, 2))), min_size=1, max_size=6))
def test_teams_of_programs_are_the_same_in_both(world: Any, steps: list[tuple[bool, int, set[int]]]) -> None:
    """A step gives a program its teams: Cloud with the program, Data Center team by team."""
    team_ids = [new_team(world) for _ in range(3)]
    program_ids = [ok(world.cloud("POST", "fred", "programs", {"name": "P"}))["id"] for _ in range(2)]
    expected: dict[int, int] = {}
    for by_cloud, index, chosen in steps:
        program_id = program_ids[index]
        if by_cloud:
            body = {"name": "P", "teamIds": [team_ids[number] for number in chosen]}
            ok(world.cloud("PUT", "fred", f"programs/{program_id}", body))
            expected = {team: program for team, program in expected.items() if program != program_id}
        else:
            for number in chosen:
                ok(world.put("fred", f"2/team/{team_ids[number]}", {"teamProgram": {"id": program_id}}))
        expected |= {team_ids[number]: program_id for number in chosen}
        for team_id in team_ids:
            team = ok(world.get("fred", f"2/team/{team_id}?expand=teamprogram"))
            of_cloud = ok(world.cloud("GET", "fred", f"teams/{team_id}"))
            assert team.get("teamProgram", {}).get("id") == of_cloud.get("program", {}).get("id") == expected.get(team_id)
        for program in program_ids:
            found = ok(world.cloud("GET", "fred", f"programs/{program}/teams"))["results"]
            assert {team["id"] for team in found} == {team for team, of in expected.items() if of == program}
            assert ok(world.cloud("GET", "fred", f"programs/{program}"))["teams"]["values"] == found


def test_generic_resources_do_not_exist_in_data_center(world: Any) -> None:
    before = ok(world.get("fred", "2/team/3/member"))
    ok(world.cloud("POST", "erica", "teams/3/generic-resources", {"genericResourceId": 2}))
    assert ok(world.get("fred", "2/team/3/member")) == before
