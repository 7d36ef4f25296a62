"""Worlds to ask: in this process (``world``, ``make_world``) and behind a socket (``server``, ``module_server``).

A path without a leading slash is below Tempo Teams: ``2/team/3`` stands for ``/jira/rest/tempo-teams/2/team/3``. A caller
is a login name of the scenario guide, whose password is the name; None is nobody.
"""

import base64
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import Headers
from werkzeug.test import Client

from mock_server.app import Application, create_application
from mock_server.config import Options
from mock_server.faces import Faces, Place
from mock_server.moments import parse_moment
from mock_server.own_pages import CONTROL, REST_BROWSER
from mock_server.page_sessions import PROVIDER_PAGES, SETTINGS_PAGES
from mock_server.scenario import Scenario, find, last_change, read
from mock_server.sites import DEFAULT, Site, Sites
from mock_server.worlds import Templates, Worlds, templated_site

# Fixtures that stand in a module of their own.
from .commands import command as command
from .commands import stranger as stranger

ROOT = Path(__file__).parents[2]
TEAMS = "/jira/rest/tempo-teams/"
LISTS_DAY = "2013-11-15"
"""The day on which the guide's lists are as printed."""

READY = "tempo-mock ready on "
LIMIT = 60
"""Seconds after which a server that does not come up or go down is given up."""

NOTHING = object()


def basic(name: str, password: str | None = None) -> str:
    """The value of an Authorization header; the password is the name unless given."""
    return "Basic " + base64.b64encode(f"{name}:{name if password is None else password}".encode()).decode()


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Headers
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def fields(self) -> dict[str, str]:
        """``errors`` of an error body, after a look at the shape of the whole."""
        body = self.json
        assert set(body) == {"errorMessages", "errors"}, body
        assert all(isinstance(message, str) for message in body["errorMessages"]), body
        assert all(isinstance(text, str) for text in body["errors"].values()), body
        assert body["errorMessages"] or body["errors"], body
        errors: dict[str, str] = body["errors"]
        return errors


@functools.cache
def _templates() -> Templates:
    return Templates()


@functools.lru_cache(maxsize=32)
def _scenario(name: str, changed: float) -> Scenario:
    return read(find(name))


class SharedFaces(Faces):
    """Faces whose routes are put together once in this process; those that know their own server's worlds are not shared."""

    _shared: dict[str, Any] = {}

    def _build(self, place: Place) -> Any:
        if place.prefix in (CONTROL, REST_BROWSER, SETTINGS_PAGES, PROVIDER_PAGES, ""):
            return super()._build(place)
        if place.prefix not in self._shared:
            self._shared[place.prefix] = super()._build(place)
        self._built[place.prefix] = self._shared[place.prefix]
        return self._shared[place.prefix]


def application_of(options: Options) -> Application:
    """As ``create_application`` does; but what was read and seeded once in this process serves every world in memory."""
    if options.database is not None:
        return create_application(options)[0]
    scenario = _scenario(options.scenario, last_change(options.scenario))
    site = templated_site(DEFAULT, _templates(), scenario.reference, options.clock, options.settings, scenario)
    console = None if options.quiet else sys.stderr
    return Application(Worlds(Sites(site), _templates(), options.settings), options, console, SharedFaces)


class World:
    """A whole server in this process, with a clock that stands still."""

    def __init__(self, settings: Mapping[str, str] | None = None, clock: str = LISTS_DAY, **options: Any) -> None:
        chosen = Options(clock=parse_moment(clock), settings=settings or {}, quiet=True, **options)
        self.application = application_of(chosen)
        self.site.clock.freeze()
        self.set_clock(clock)
        self._client = Client(self.application, use_cookies=False)

    @property
    def site(self) -> Site:
        """The world without prefix: its clock, settings and store."""
        return self.application.sites.default

    def set_clock(self, moment: str) -> None:
        """Stand still at another moment."""
        self.site.clock.set(parse_moment(moment))

    def call(
        self,
        method: str,
        who: str | None,
        path: str,
        json: Any = NOTHING,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        environ: Mapping[str, Any] | None = None,
    ) -> Answer:
        """One request. ``json`` is sent as such; ``body`` are raw bytes sent as JSON unless ``headers`` say otherwise.

        ``environ`` holds what a server puts into the WSGI environ beside the request, such as REMOTE_ADDR.
        """
        sent = Headers({"Content-Type": "application/json"})
        if who is not None:
            sent["Authorization"] = basic(who)
        for name, value in (headers or {}).items():
            sent[name] = value
        arguments: dict[str, Any] = {} if body is None else {"data": body}
        if json is not NOTHING:
            arguments["data"] = _to_json(json)
        full = path if path.startswith("/") else TEAMS + path
        response = self._client.open(full, method=method, headers=sent, environ_overrides=environ, **arguments)
        with response:
            return Answer(response.status_code, response.headers, response.get_data())

    def get(self, who: str | None, path: str, **more: Any) -> Answer:
        """GET."""
        return self.call("GET", who, path, **more)

    def post(self, who: str | None, path: str, json: Any = NOTHING, **more: Any) -> Answer:
        """POST."""
        return self.call("POST", who, path, json, **more)

    def put(self, who: str | None, path: str, json: Any = NOTHING, **more: Any) -> Answer:
        """PUT."""
        return self.call("PUT", who, path, json, **more)

    def delete(self, who: str | None, path: str, **more: Any) -> Answer:
        """DELETE."""
        return self.call("DELETE", who, path, **more)

    def cloud(self, method: str, who: str | None, path: str, json: Any = NOTHING, **more: Any) -> Answer:
        """As ``tempo``, below ``/4``."""
        return self.tempo(method, who, f"/4/{path}", json, **more)

    def tempo(self, method: str, who: str | None, path: str, json: Any = NOTHING, **more: Any) -> Answer:
        """One request of Tempo Cloud. ``who`` is whose demo token is sent, or the whole text of a token; None sends none."""
        token = f"demo-token-of-{who}-not-a-secret" if who and "token" not in who else who
        headers = {**({"Authorization": f"Bearer {token}"} if token else {}), **more.pop("headers", {})}
        return self.call(method, None, path, json, headers=headers, **more)

    def audit(self) -> list[dict[str, Any]]:
        """Every change made since the world was seeded, oldest first."""
        events: list[dict[str, Any]] = []
        while True:
            page = self.get(None, f"/_mock/audit?limit=1000&after={events[-1]['id'] if events else 0}").json
            if not page:
                return events
            events += page

    def close(self) -> None:
        """Let go of the database."""
        self.application.close()


def _to_json(value: Any) -> bytes:
    return json.dumps(value).encode()


@pytest.fixture
def make_world() -> Iterator[Callable[..., World]]:
    """Makes worlds: ``make_world({"teams.version": "2.0.6"}, clock="2014-01-20", database=path)``."""
    with ExitStack() as stack:

        def make(settings: Mapping[str, str] | None = None, **options: Any) -> World:
            made = World(settings, **options)
            stack.callback(made.close)
            return made

        yield make


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """The scenario guide on 15 November 2013, new for each test."""
    return make_world()


@pytest.fixture(scope="session")
def idle_scenario(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of the scenario guide in which nobody has logged or planned work, without all that stands beside it.

    That is work attributes, schemes, shared roles, teams of internal issues, and the settings of plans.
    """
    folder = tmp_path_factory.mktemp("idle") / "guide"
    shutil.copytree(ROOT / "fixtures" / "guide", folder)
    for noun in ("worklogs", "work_attributes", "permission_roles", "plans", "workload_schemes", "holiday_schemes"):
        (folder / f"{noun}.json").unlink()
    issues = json.loads((folder / "issues.json").read_text(encoding="utf-8"))
    text = json.dumps([{**issue, "internal_teams": []} for issue in issues])
    (folder / "issues.json").write_text(text, encoding="utf-8")
    world_file = folder / "scenario.toml"
    lines = world_file.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not re.match(r'(jira_)?worklogs|plans|"globalConfiguration', line)]
    world_file.write_text("\n".join(kept), encoding="utf-8")
    return str(folder)


@pytest.fixture
def idle_world(make_world: Callable[..., World], idle_scenario: str) -> World:
    """The scenario guide on 15 November 2013 without any work, for tests that count what they log and plan themselves."""
    return make_world(scenario=idle_scenario)


@dataclass
class Server:
    """A server process that answers. ``url`` has no slash at the end; ``log`` is what it writes to stderr."""

    url: str
    process: "subprocess.Popen[str]"
    greeting: list[str]
    log: Path

    def stop(self) -> int:
        """End it as Ctrl-C's quieter sister does; answers the exit code."""
        self.process.terminate()
        return self.process.wait(LIMIT)


@contextmanager
def _started(*arguments: str, scenario: str | None = "guide", environment: Mapping[str, str] | None = None) -> Iterator[Server]:
    command = [sys.executable, "-m", "mock_server", "serve", "--port", "0"]
    command += ["--scenario", scenario] if scenario else []
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "stderr"
        with (
            log.open("wb") as stderr,
            subprocess.Popen(
                [*command, *arguments],
                cwd=folder,
                env=variables,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                encoding="utf-8",
            ) as process,
        ):
            assert process.stdout is not None
            # Ends the wait for a ready line that never comes.
            guard = threading.Timer(LIMIT, process.kill)
            guard.start()
            try:
                greeting: list[str] = []
                for line in process.stdout:
                    greeting.append(line.rstrip("\n"))
                    if line.startswith(READY):
                        break
                guard.cancel()
                if not greeting or not greeting[-1].startswith(READY):
                    pytest.fail(f"no ready line, exit code {process.wait(LIMIT)}: {log.read_text(encoding='utf-8')}")
                yield Server(greeting[-1].removeprefix(READY), process, greeting, log)
            finally:
                guard.cancel()
                process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(LIMIT)
                process.kill()


def _servers() -> Iterator[Callable[..., Server]]:
    with ExitStack() as stack:

        def start(*arguments: str, **more: Any) -> Server:
            return stack.enter_context(_started(*arguments, **more))

        yield start


@pytest.fixture
def server() -> Iterator[Callable[..., Server]]:
    """Starts real server processes that end with the test: ``server("--quiet", "--clock", "2013-11-15").url``."""
    yield from _servers()


@pytest.fixture(scope="module")
def module_server() -> Iterator[Callable[..., Server]]:
    """As ``server``, for servers that serve a whole module."""
    yield from _servers()


class JiraCloud:
    """Jira Cloud of a world. A caller is a login name of the scenario guide that has an API token; None is nobody."""

    def __init__(self, world: World) -> None:
        self.world = world

    def get(self, who: str | None, path: str, **more: Any) -> Answer:
        """GET of a path below ``/rest/api/3/``, or of one from the root on."""
        return self.call("GET", who, path, **more)

    def post(self, who: str | None, path: str, json: Any = NOTHING, **more: Any) -> Answer:
        """POST."""
        return self.call("POST", who, path, json, **more)

    def call(self, method: str, who: str | None, path: str, json: Any = NOTHING, **more: Any) -> Answer:
        """One request with e-mail address and API token."""
        headers = dict(more.pop("headers", {}))
        if who is not None:
            headers["Authorization"] = basic(f"{who}@example.org", f"demo-jira-token-of-{who}-not-a-secret")
        full = path if path.startswith("/") else f"/rest/api/3/{path}"
        return self.world.call(method, None, full, json, headers=headers, **more)

    def grant(self, permission: str) -> None:
        """Give a project permission to whoever may log work."""
        store = self.world.site.store
        with store.transaction():
            store.run(
                "INSERT OR IGNORE INTO project_permissions (project_id, permission, group_id) SELECT project_id, ?, group_id "
                "FROM project_permissions WHERE permission = 'WORK_ON_ISSUES'",
                (permission,),
            )

    def log(self, who: str, issue_id: int, day: str, seconds: int = 3600, text: str = "") -> None:
        """A worklog of somebody's, as if logged in Tempo at nine."""
        store = self.world.site.store
        with store.transaction():
            person_id = store.value("SELECT id FROM people WHERE name = ?", (who,))
            project_id = store.value("SELECT project_id FROM issues WHERE id = ?", (issue_id,))
            jira_id = store.value("SELECT coalesce(max(jira_id), 10500) + 1 FROM worklogs")
            store.insert_row(
                "worklogs", jira_id=jira_id, issue_id=issue_id, project_id=project_id, author_id=person_id, start_date=day,
                start_time="09:00:00", time_spent=seconds, billable=seconds, description=text,
                created_at=f"{day}T10:00:00.000Z", updated_at=f"{day}T10:00:00.000Z",
            )  # fmt: skip


@pytest.fixture
def jira_cloud(world: World) -> JiraCloud:
    """Jira Cloud of the scenario guide on 15 November 2013, where nobody has logged any work."""
    store = world.site.store
    with store.transaction():
        for table in ("worklogs", "jira_worklogs", "jira_day_worklogs"):
            store.run(f"DELETE FROM {table}")
    return JiraCloud(world)
