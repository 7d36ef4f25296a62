"""Worlds side by side: nothing of one is seen in another, and links carry the prefix."""

import io
import json
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from mock_server.app import Application, create_application
from mock_server.clock import Clock
from mock_server.config import Options
from mock_server.errors import Invalid
from mock_server.moments import parse_moment
from mock_server.settings import Settings
from mock_server.sites import Site
from mock_server.storage.opening import in_memory
from mock_server.template import Template

TEAMS = "/jira/rest/tempo-teams/2/team"
LOGIN = ("fred", "fred")
LIMIT = 60


def create(application: Application, name: str) -> Site:
    """One more world like the default one was in the beginning."""
    return application.worlds.create(name, None, None, {})


@pytest.fixture
def application() -> Iterator[Application]:
    """A server with the default world and one named ``blue``."""
    made, _ = create_application(Options(quiet=True))
    create(made, "blue")
    yield made
    made.close()


@pytest.fixture
def client(application: Application) -> Client:
    return Client(application, use_cookies=False)


def create_team(client: Client, prefix: str, name: str) -> int:
    with client.post(prefix + TEAMS, json={"name": name}, auth=LOGIN) as answer:
        assert answer.status_code == 200
        number: int = answer.get_json()["id"]
    return number


def names(client: Client, prefix: str = "") -> set[str]:
    with client.get(prefix + TEAMS, auth=LOGIN) as answer:
        assert answer.status_code == 200
        return {team["name"] for team in answer.get_json()}


def fetch(client: Client, path: str, **more: Any) -> TestResponse:
    with client.get(path, **{"auth": LOGIN, **more}) as answer:
        answer.get_data()
    return answer


GUIDE = {"GreenCloud", "Cloud Development"}


def test_two_applications_share_nothing() -> None:
    with ExitStack() as stack:
        one, other = (create_application(Options(quiet=True))[0] for _ in range(2))
        stack.callback(one.close)
        stack.callback(other.close)
        first, second = Client(one), Client(other, use_cookies=False)
        assert create_team(first, "", "Mine") == 8
        one.sites.default.clock.set(parse_moment("2013-11-15"))
        one.sites.default.settings.update({"teams.version": "2.0.6"})
        assert names(first) == GUIDE | {"Mine"}
        assert names(second) == GUIDE
        assert other.sites.default.clock.follows_system
        assert other.sites.default.settings["teams.version"] == "current"
        assert create_team(second, "", "Theirs") == 8
        session = first.get_cookie("JSESSIONID", path="/jira")
        assert session is not None
        answer = fetch(second, TEAMS, auth=None, headers={"Cookie": f"JSESSIONID={session.value}"})
        assert answer.status_code == 401
        assert fetch(first, TEAMS, auth=None).status_code == 200


def test_a_second_world_is_isolated_below_its_prefix(client: Client) -> None:
    assert create_team(client, "/sites/blue", "Blue") == 8
    assert create_team(client, "", "Default") == 8
    assert names(client) == GUIDE | {"Default"}
    assert names(client, "/sites/blue") == GUIDE | {"Blue"}


def test_each_world_has_its_own_scenario_clock_settings_and_trail(application: Application, client: Client) -> None:
    application.worlds.create("bare", "empty", parse_moment("2013-11-15"), {"jira.datePicker": "yyyy-MM-dd"})
    assert fetch(client, f"/sites/bare{TEAMS}").status_code == 401
    assert fetch(client, f"/sites/bare{TEAMS}", auth=("admin", "admin")).status_code == 200
    assert fetch(client, TEAMS, auth=("admin", "admin")).status_code == 401
    create_team(client, "/sites/blue", "Blue")
    for prefix, name, follows, events in (
        ("", "default", True, 0),
        ("/sites/blue", "blue", True, 1),
        ("/sites/bare", "bare", False, 0),
    ):
        assert fetch(client, f"{prefix}/_mock/health").get_json()["site"] == name
        assert fetch(client, f"{prefix}/_mock/clock").get_json()["followsSystem"] is follows
        trail = [event for event in fetch(client, f"{prefix}/_mock/audit").get_json() if event["noun"] == "teams"]
        assert len(trail) == events
    with client.put("/sites/blue/_mock/clock", json={"now": "2014-01-20", "frozen": True}) as answer:
        assert answer.status_code == 200
    assert fetch(client, "/_mock/clock").get_json()["followsSystem"] is True


def test_a_session_of_one_world_opens_no_other(client: Client) -> None:
    answer = fetch(client, f"/sites/blue{TEAMS}")
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    assert fetch(client, f"/sites/blue{TEAMS}", auth=None, headers={"Cookie": cookie}).status_code == 200
    assert fetch(client, TEAMS, auth=None, headers={"Cookie": cookie}).status_code == 401


def test_the_session_cookie_is_bound_to_the_prefix(client: Client) -> None:
    assert "Path=/sites/blue/jira;" in fetch(client, f"/sites/blue{TEAMS}").headers["Set-Cookie"]
    assert "Path=/jira;" in fetch(client, TEAMS).headers["Set-Cookie"]


def test_a_browser_can_be_in_both_worlds_at_once(application: Application) -> None:
    browser = Client(application)
    for prefix in ("", "/sites/blue"):
        assert fetch(browser, prefix + TEAMS).status_code == 200
    for prefix in ("", "/sites/blue", ""):
        assert fetch(browser, prefix + TEAMS, auth=None).status_code == 200


LINKED = (
    "/rest/api/2/myself",
    "/rest/api/latest/user?username=erica",
    "/rest/api/2/project",
    "/rest/api/2/project/CLOUD",
    "/rest/api/2/serverInfo",
    "/rest/auth/1/session",
    "/rest/tempo-teams/2/team?expand=leaduser",
    "/rest/tempo-teams/2/team/3/member",
    "/rest/tempo-teams/2/permission/team/3/tempo.teams.browse.team",
)


@pytest.mark.parametrize("path", LINKED)
def test_every_link_carries_the_prefix_and_is_the_default_one_otherwise(client: Client, path: str) -> None:
    answers = {prefix: fetch(client, f"{prefix}/jira{path}") for prefix in ("", "/sites/blue")}
    assert {answer.status_code for answer in answers.values()} == {200}
    links = re.findall(r'"((?:http://localhost)?(?:/sites/blue)?/jira[^"]*)"', answers["/sites/blue"].get_data(as_text=True))
    links += re.findall(r'"(http://[^"]*)"', answers["/sites/blue"].get_data(as_text=True))
    assert links
    assert all(link.removeprefix("http://localhost").startswith("/sites/blue/jira") for link in links), links
    bodies = [re.sub(r'"(serverTime|value)":"[^"]*"', "", answer.get_data(as_text=True)) for answer in answers.values()]
    assert bodies[1].replace("/sites/blue", "") == bodies[0]


def test_links_of_a_world_can_be_followed(client: Client) -> None:
    myself = fetch(client, "/sites/blue/jira/rest/api/2/myself").get_json()
    for link in (myself["self"], *myself["avatarUrls"].values()):
        assert fetch(client, link.removeprefix("http://localhost")).status_code == 200
    assert "/sites/blue/jira" in fetch(client, "/sites/blue/").get_data(as_text=True)
    assert fetch(client, "/sites/blue").status_code == 200


@pytest.mark.parametrize("name", ["red", "", "default", "BLUE", "sites/blue", "%2e%2e", "blue%2f..", "r%22%0d%0aed%C3%A9"])
def test_an_unknown_world_is_404_and_never_the_default_one(client: Client, name: str) -> None:
    answer = fetch(client, f"/sites/{name}{TEAMS}")
    assert answer.status_code == 404
    assert "GreenCloud" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/sites/red", f"/sites/r%22%0d%0aed%C3%A9{TEAMS}"])
def test_an_unknown_world_is_told_as_json(client: Client, path: str) -> None:
    answer = fetch(client, path)
    assert answer.content_type == "application/json"
    assert "no site" in answer.get_json()["error"]
    assert int(answer.headers["Content-Length"]) == len(answer.get_data())


@pytest.mark.parametrize("name", ["", ".", "..", ".hidden", "a/b", "a b", "a?b", "a#b", "a%2Fb", "é", "a\n", "a\x00", "../x"])
def test_bad_names_are_refused(application: Application, name: str) -> None:
    with pytest.raises(Invalid, match="name"):
        create(application, name)
    assert application.sites.get(name) is None


@pytest.mark.parametrize("name", ["a", "A-1_b.c", "0", "blue2"])
def test_good_names_are_served(application: Application, client: Client, name: str) -> None:
    create(application, name)
    assert names(client, f"/sites/{name}") == GUIDE


@pytest.mark.parametrize("name", ["blue", "default"])
def test_a_name_can_be_given_once(application: Application, client: Client, name: str) -> None:
    create_team(client, "/sites/blue", "Kept")
    with pytest.raises(Invalid, match=name):
        create(application, name)
    assert names(client, "/sites/blue") == GUIDE | {"Kept"}


@pytest.mark.parametrize("path", ["/sites/red", f"/sites/red{TEAMS}"])
def test_head_of_an_unknown_world_has_no_body(client: Client, path: str) -> None:
    with client.head(path) as answer:
        assert answer.status_code == 404
        assert answer.get_data() == b""


def test_a_world_copied_from_bytes_is_a_world_of_its_own(application: Application, client: Client) -> None:
    create_team(client, "", "Copied")
    store = in_memory(application.sites.default.store.serialize())
    application.sites.add(Site("copy", store, Clock(), Settings()))
    assert names(client, "/sites/copy") == GUIDE | {"Copied"}
    assert create_team(client, "/sites/copy", "Only here") == 9
    assert names(client) == GUIDE | {"Copied"}


READS = (*(f"/jira{path}" for path in LINKED), TEAMS, f"{TEAMS}/99", "/_mock/export", "/_mock/settings", "/_mock/audit", "/")


def test_worlds_that_are_only_read_share_one_template() -> None:
    made, _ = create_application(Options(quiet=True, clock=parse_moment("2013-11-15")))
    client = Client(made, use_cookies=False)
    sites = [made.sites.default, *(create(made, name) for name in ("one", "other"))]
    for site in sites:
        for path in READS:
            fetch(client, site.prefix + path)
        fetch(client, site.prefix + TEAMS, auth=None)
    assert [site.is_written for site in sites] == [False] * 3
    assert sites[0].shown is sites[1].shown is sites[2].shown
    for headers in ({}, {"Authorization": "Bearer unknown"}, {"Authorization": "Basic eDp4"}):
        assert client.post("/sites/one/4/teams", json={"name": "x"}, headers=headers).status_code == 401
    assert [site.is_written for site in sites] == [False] * 3, "whoever may not come in makes no copy"
    create_team(client, "/sites/one", "First write")
    assert [site.is_written for site in sites] == [False, True, False]
    assert sites[1].shown is sites[1].store is not sites[2].shown
    assert names(client) == names(client, "/sites/other") == GUIDE
    assert create_team(client, "/sites/other", "First write, too") == 8
    made.close()


def test_thirty_two_threads_over_sixteen_worlds_never_see_each_other_s_writes(application: Application) -> None:
    sites, per_site, writes = 16, 2, 8
    for number in range(sites):
        create(application, f"w{number}")
    together = threading.Barrier(sites * per_site, timeout=LIMIT)

    def work(number: int) -> None:
        mine = f"w{number % sites}"
        client = Client(application, use_cookies=False)
        written = set()
        together.wait()
        for count in range(writes):
            name = f"{mine} {number} {count}"
            create_team(client, f"/sites/{mine}", name)
            written.add(name)
            seen = names(client, f"/sites/{mine}") - GUIDE
            assert written <= seen
            assert {found.partition(" ")[0] for found in seen} == {mine}

    with ThreadPoolExecutor(sites * per_site) as pool:
        list(pool.map(work, range(sites * per_site)))
    client = Client(application, use_cookies=False)
    for number in range(sites):
        expected = {f"w{number} {number + sites * half} {count}" for half in range(per_site) for count in range(writes)}
        assert names(client, f"/sites/w{number}") == GUIDE | expected
    assert names(client) == names(client, "/sites/blue") == GUIDE


class Interrupted(io.BytesIO):
    """A body in the middle of which something else happens: nothing before it is read."""

    def __init__(self, data: bytes, meanwhile: Callable[[], object]) -> None:
        super().__init__(data)
        self._meanwhile: Callable[[], object] | None = meanwhile

    def readinto(self, buffer: Any, /) -> int:
        """What was sent; the first time after what happens meanwhile."""
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile:
            meanwhile()
        return super().readinto(buffer)


def control(client: Client, method: str, path: str, body: Any = None) -> None:
    sent = {"data": body} if isinstance(body, bytes) else {"json": {} if body is None else body}
    with client.open(path, method=method, **sent) as answer:
        assert answer.status_code < 300, answer.get_data()


MEANWHILE: dict[str, Callable[[Client, bytes], None]] = {
    "reset": lambda client, _: control(client, "POST", "/sites/blue/_mock/reset"),
    "restore": lambda client, _: control(client, "POST", "/sites/blue/_mock/restore", {"name": "before"}),
    "import": lambda client, world: control(client, "POST", "/sites/blue/_mock/import", world),
    "delete": lambda client, _: control(client, "DELETE", "/_mock/sites/blue"),
}


@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize("what", MEANWHILE)
def test_a_write_during_which_its_world_goes_ends_well_and_is_gone_too(client: Client, what: str, written: bool) -> None:
    control(client, "POST", "/sites/blue/_mock/snapshots", {"name": "before"})
    exported = fetch(client, "/sites/blue/_mock/export").get_data()
    if written:
        create_team(client, "/sites/blue", "Before")
    body = Interrupted(json.dumps({"name": "In flight"}).encode(), lambda: MEANWHILE[what](client, exported))
    more = {"input_stream": body, "content_length": len(body.getvalue()), "content_type": "application/json"}
    with client.post(f"/sites/blue{TEAMS}", auth=LOGIN, **more) as answer:
        assert answer.status_code == 200
        assert answer.get_json()["name"] == "In flight"
    assert body._meanwhile is None
    if what == "delete":
        assert fetch(client, f"/sites/blue{TEAMS}").status_code == 404
    else:
        assert names(client, "/sites/blue") == GUIDE


@pytest.mark.parametrize("kept", [False, True])
def test_requests_beside_resets_are_all_answered(tmp_path: Path, kept: bool) -> None:
    made, _ = create_application(Options(quiet=True, database=tmp_path / "world.db" if kept else None))
    ended = threading.Event()
    together = threading.Barrier(5, timeout=LIMIT)

    def work(number: int) -> None:
        client = Client(made, use_cookies=False)
        together.wait()
        count = 0
        while not ended.is_set() or count < 5:
            count += 1
            create_team(client, "", f"{number} {count}")
            assert names(client) >= GUIDE

    with ThreadPoolExecutor(4) as pool:
        working = [pool.submit(work, number) for number in range(4)]
        client = Client(made, use_cookies=False)
        together.wait()
        try:
            for _ in range(20):
                control(client, "POST", "/_mock/reset", {"confirm": True})
        finally:
            ended.set()
        for future in working:
            future.result(LIMIT)
    control(client, "POST", "/_mock/reset", {"confirm": True})
    assert names(client) == GUIDE
    made.close()


def test_a_first_write_does_not_undo_what_comes_into_the_world_meanwhile(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = application.sites.get("blue")
    assert site is not None
    imported, lock, copy = in_memory(site.shown.serialize()), site._lock, Template.copy
    came = threading.Event()

    class Watched:
        """The site's lock, telling when the other thread wants it."""

        def __enter__(self) -> None:
            if threading.current_thread() is other:
                came.set()
            lock.acquire()

        def __exit__(self, *_: object) -> None:
            lock.release()

    def enter() -> None:
        site.enter(imported)
        came.set()

    def copy_slowly(template: Template) -> Any:
        made = copy(template)
        other.start()
        assert came.wait(LIMIT)
        return made

    other = threading.Thread(target=enter)
    monkeypatch.setattr(site, "_lock", Watched())
    monkeypatch.setattr(Template, "copy", copy_slowly)
    assert site.store is not imported
    other.join(LIMIT)
    assert site.store is site.shown is imported
