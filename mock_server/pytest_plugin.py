"""The pytest plugin: fixture ``tempo``, a world of its own for every test. Guide: docs/pytest.md.

Imported by every pytest of an environment that has the package, so it imports nothing; the server is imported and started
when the first test asks for it.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mock_server.testing.server import TempoServer
    from mock_server.testing.tempo import Tempo

MARKER = (
    "tempo(scenario=NAME_OR_FOLDER, clock=MOMENT, settings={NAME: VALUE}): what the world of the fixture tempo begins with; "
    "a folder is counted from the root of the tests"
)
ARGUMENTS = ("scenario", "clock", "settings")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options and entries of the ini file; a marker goes before an option, an option before an entry."""
    group = parser.getgroup("tempo_mock", "tempo-mock: a Tempo of its own for every test (fixture tempo)")
    group.addoption("--tempo-scenario", metavar="NAME", help="scenario of worlds: a bundled one, or a folder below the rootdir")
    group.addoption("--tempo-clock", metavar="ISO", help="the moment at which worlds begin, such as 2026-03-02T09:00Z")
    group.addoption(
        "--tempo-set", metavar="NAME=VALUE", action="append", default=[], help="a setting of worlds; may be repeated"
    )
    parser.addini("tempo_scenario", "scenario of worlds: a bundled one (guide, empty), or a folder below the rootdir")
    parser.addini("tempo_clock", "the moment at which worlds begin, such as 2026-03-02T09:00Z; the system's when it is missing")
    parser.addini("tempo_settings", "settings of worlds, one NAME=VALUE a line", type="linelist", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", MARKER)


@pytest.fixture(scope="session")
def tempo_server(pytestconfig: pytest.Config) -> "Iterator[TempoServer]":
    """The server of the session, for worlds that live longer than a test: ``with tempo_server.world() as tempo:``."""
    from mock_server.testing.server import TempoServer, Unfit

    options, entries = pytestconfig.getoption, pytestconfig.getini
    scenario = options("--tempo-scenario") or entries("tempo_scenario") or "guide"
    try:
        settings = _assignments([*entries("tempo_settings"), *options("--tempo-set")])
        clock = options("--tempo-clock") or entries("tempo_clock") or None
        server = TempoServer(_folder(scenario, pytestconfig), clock, settings)
    except (Unfit, ValueError) as error:
        raise _refusal(f"the worlds of this session (tempo_scenario, tempo_clock, tempo_settings): {error}") from None
    with server:
        yield server


@pytest.fixture
def tempo(tempo_server: "TempoServer", request: pytest.FixtureRequest) -> "Iterator[Tempo]":
    """A Tempo of its own for the test, gone after it: ``tempo.url``, ``tempo.token("viewer")``, ``tempo.make.worklog()``."""
    from mock_server.testing.server import Unfit

    wanted = _wanted(request.node)
    if "scenario" in wanted:
        wanted["scenario"] = _folder(wanted["scenario"], request.config)
    world = tempo_server.world(**wanted)
    try:
        found = world.__enter__()
    except Unfit as error:
        raise _refusal(f"@pytest.mark.tempo of {request.node.nodeid}: {error}") from None
    try:
        yield found
    finally:
        world.__exit__(None, None, None)


def _wanted(node: pytest.Item) -> dict[str, Any]:
    """What the markers of a test ask for: the nearest goes before those of its class and module; settings are put together.

    Ends the test for what nobody can ask for.
    """
    found: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    for marker in reversed(list(node.iter_markers("tempo"))):
        unknown = [name for name in marker.kwargs if name not in ARGUMENTS] + [repr(value) for value in marker.args]
        if unknown:
            known = ", ".join(f"{name}=" for name in ARGUMENTS)
            raise _refusal(f"@pytest.mark.tempo of {node.nodeid} takes {known} and not {', '.join(unknown)}.")
        own = marker.kwargs.get("settings") or {}
        if not isinstance(own, Mapping) or not all(isinstance(name, str) for name in own):
            raise _refusal(f"@pytest.mark.tempo of {node.nodeid}: settings is a mapping of names and values.")
        settings |= own
        found |= marker.kwargs
    return {**found, "settings": settings}


def _folder(scenario: Any, config: pytest.Config) -> str:
    """A folder counted from the root of the tests; the name of a bundled scenario as it is."""
    own = config.rootpath / Path(scenario) if isinstance(scenario, (str, Path)) else None
    return str(own) if own is not None and own.is_dir() and scenario not in ("guide", "empty") else str(scenario)


def _refusal(sentence: str) -> BaseException:
    """What ends a test with one sentence, without a traceback: the mistake is in the words, not in the code."""
    return pytest.fail.Exception(sentence, pytrace=False)


def _assignments(texts: list[str]) -> dict[str, str]:
    from mock_server.errors import Invalid
    from mock_server.settings import parse_assignments

    try:
        return parse_assignments(texts)
    except Invalid as error:
        raise ValueError(str(error)) from None
