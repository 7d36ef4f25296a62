"""What people install: built, put into an empty environment outside the checkout, and started from there."""

import base64
import os
import re
import shutil
import subprocess
import sys
import tarfile
import threading
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

from mock_server import __version__

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
LIMIT = 600
READY = "tempo-mock ready on "
UNREACHED = re.compile(
    r"connection broken|Failed to establish|Name or service not known|name resolution|timed out", re.IGNORECASE
)


def run(*command: str | Path, cwd: Path) -> "subprocess.CompletedProcess[str]":
    """A command that knows nothing of the checkout."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env=variables, capture_output=True, text=True, encoding="utf-8", timeout=LIMIT
    )


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with sdist and wheel; the wheel is built from the sdist, as others would."""
    folder = tmp_path_factory.mktemp("dist")
    pytest.importorskip("build")
    pytest.importorskip("hatchling")
    done = run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert sorted(file.name for file in folder.iterdir()) == [
        f"tempo_mock_server-{__version__}-py3-none-any.whl",
        f"tempo_mock_server-{__version__}.tar.gz",
    ]
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    return next(dist.glob("*.whl"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        assert archive.testzip() is None
        return archive.namelist()


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


def install(python: Path, what: str, cwd: Path) -> None:
    done = run(python, "-m", "pip", "install", "--disable-pip-version-check", "--retries", "1", what, cwd=cwd)
    if done.returncode and UNREACHED.search(done.stdout + done.stderr):
        pytest.skip("no package index can be reached")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment with nothing but the wheel and what it needs."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "env", with_pip=True)
    commands = folder / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    install(commands / "python", str(wheel), folder)
    return commands


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A working directory with a name that is no ASCII and nothing in it."""
    folder = tmp_path / "anderswö im ordner"
    folder.mkdir()
    return folder


def test_wheel_holds_the_packages_and_the_scenarios_and_nothing_else(names: list[str]) -> None:
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"mock_server", "conformance", "integration", f"tempo_mock_server-{__version__}.dist-info"}
    fixtures = {file.relative_to(ROOT).as_posix() for file in (ROOT / "fixtures").rglob("*") if file.is_file()}
    assert len(fixtures) > 15
    assert {f"mock_server/{name}" for name in fixtures} <= set(names)
    assert len(names) == len(set(names))
    unwanted = [name for name in names if re.search(r"(^|/)(tests|bench|docs|__pycache__)/|\.pyc$|\.db$", name)]
    assert unwanted == []


def test_wheel_holds_every_file_of_the_packages(names: list[str]) -> None:
    for package in ("mock_server", "conformance", "integration"):
        files = {file.relative_to(ROOT).as_posix() for file in (ROOT / package).rglob("*") if file.is_file()}
        assert {name for name in files if "__pycache__" not in name} <= set(names)


def test_wheel_carries_the_license(names: list[str], wheel: Path, metadata: Message) -> None:
    assert metadata["License-Expression"] == "Apache-2.0"
    name = next(name for name in names if name.endswith(".dist-info/licenses/LICENSE"))
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read(name) == (ROOT / "LICENSE").read_bytes()


def test_metadata_says_what_is_needed_within_bounds(metadata: Message, names: list[str]) -> None:
    assert (metadata["Name"], metadata["Version"]) == ("tempo-mock-server", __version__)
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["Description-Content-Type"] == "text/markdown"
    needed = metadata.get_all("Requires-Dist") or []
    assert len(needed) >= 4
    unbounded = [text for text in needed if "tempo-mock-server" not in text and "<" not in text and "tzdata" not in text]
    assert unbounded == []
    assert "conformance" in (metadata.get_all("Provides-Extra") or [])
    if "Typing :: Typed" in (metadata.get_all("Classifier") or []):
        assert {"mock_server/py.typed", "conformance/py.typed", "integration/py.typed"} <= set(names)


def test_sdist_holds_what_a_checkout_needs_to_be_tested(dist: Path) -> None:
    with tarfile.open(next(dist.glob("*.tar.gz"))) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert {"pyproject.toml", "Makefile", "README.md", "LICENSE", "CHANGELOG.md", "fixtures/guide/people.json"} <= held
    assert Path(__file__).relative_to(ROOT).as_posix() in held
    assert [name for name in held if re.match(r"\.git/|\.venv/|dist/|reports/", name)] == []


def test_installed_code_is_the_wheel_s(scripts: Path, elsewhere: Path) -> None:
    done = run(scripts / "python", "-c", "import mock_server; print(mock_server.__file__)", cwd=elsewhere)
    assert Path(done.stdout.strip()).is_relative_to(scripts.parent)
    assert run(scripts / "python", "-m", "pip", "check", cwd=elsewhere).returncode == 0
    for package in ("pytest", "requests", "hypothesis"):
        assert run(scripts / "python", "-c", f"import {package}", cwd=elsewhere).returncode == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--version",), f"tempo-mock {__version__}"),
        (("--help",), "exit codes"),
        (("check", "guide"), "sound"),
        (("check", "empty"), "sound"),
        (("check", "--schema"), '"$schema"'),
    ],
)
def test_installed_command_works(scripts: Path, elsewhere: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run(scripts / "tempo-mock", *arguments, cwd=elsewhere)
    assert (done.returncode, done.stderr) == (0, "")
    assert said in done.stdout


@pytest.fixture
def url(scripts: Path, elsewhere: Path) -> Iterator[str]:
    """A server started from the installed command."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    command = [str(scripts / "tempo-mock"), "serve", "--port", "0", "--quiet", "--db", "world.db"]
    with subprocess.Popen(command, cwd=elsewhere, env=variables, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        guard = threading.Timer(60, process.kill)
        guard.start()
        line = process.stdout.readline()
        guard.cancel()
        try:
            assert line.startswith(READY), (line, process.poll())
            yield line.removeprefix(READY).strip()
        finally:
            process.terminate()
            assert process.wait(60) == 0
    assert (elsewhere / "world.db").stat().st_size > 0


def test_installed_server_answers(url: str, elsewhere: Path) -> None:
    login = base64.b64encode(b"fred:fred").decode()
    request = urllib.request.Request(f"{url}/jira/rest/tempo-teams/1/team", headers={"Authorization": f"Basic {login}"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
        assert answer.status == 200
        assert b"GreenCloud" in answer.read()


def test_installed_server_answers_curl(url: str, elsewhere: Path) -> None:
    curl = shutil.which("curl")
    if not curl:
        pytest.skip("curl is not installed")
    done = run(
        curl, "--silent", "--noproxy", "*", "-u", "fred:fred", f"{url}/jira/rest/tempo-teams/2/team/3/member", cwd=elsewhere
    )
    assert done.returncode == 0
    assert '"bob"' in done.stdout


def test_the_suite_without_its_extra_says_what_is_missing(scripts: Path, elsewhere: Path) -> None:
    done = run(scripts / "tempo-conformance", "--help", cwd=elsewhere)
    assert "Traceback" not in done.stderr
    if done.returncode:
        assert "tempo-mock-server[conformance]" in done.stderr


def test_the_sync_without_its_extra_says_what_is_missing(scripts: Path, elsewhere: Path) -> None:
    helped = run(scripts / "tempo-sync", "--help", cwd=elsewhere)
    assert (helped.returncode, helped.stderr) == (0, "")
    done = run(scripts / "tempo-sync", "absences", cwd=elsewhere)
    assert done.returncode == 5
    assert "Traceback" not in done.stderr
    assert "tempo-mock-server[sync]" in done.stderr or "tempo-sync init" in done.stderr


def test_the_suite_can_be_had_with_its_extra(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    commands = tmp_path / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    install(commands / "python", f"{wheel}[conformance]", tmp_path)
    done = run(commands / "tempo-conformance", "--help", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "server" in done.stdout
    assert run(commands / "python", "-m", "pip", "check", cwd=tmp_path).returncode == 0
