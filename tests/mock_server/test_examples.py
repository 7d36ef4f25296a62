"""The examples of docs/examples, run by the commands of their page: they pass, and each of their tests can fail."""

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.request import ProxyHandler, build_opener

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = Path("docs") / "examples"
PAGE = (ROOT / FOLDER / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
ADDRESS = "http://localhost:8090"
LEAST_NODE = 18
QUIET = "-W error -p no:cacheprovider -p no:schemathesis -p no:hypothesispytest -p no:anyio -p no:xdist"


class Example(NamedTuple):
    """A file of tests and its client; which block of the page runs it, what chooses one test, how a failed one is told."""

    file: str
    client: str
    block: int
    choose: str
    failed: str
    named: str


PLUGIN = Example(
    "python/test_with_the_plugin.py", "python/careful_client.py", 0, "-k {}", r"^FAILED \S+::test_(\w+)", r"^def test_(\w+)"
)
UNITTEST = Example(
    "python/test_against_a_server.py",
    "python/careful_client.py",
    1,
    "-k {}",
    r"^(?:FAIL|ERROR): test_(\w+)",
    r"^    def test_(\w+)",
)
NODE = Example(
    "javascript/against-a-server.test.mjs", "javascript/careful-client.mjs", 2, "--test-name-pattern {}",
    r"^not ok \d+ - (.*)", r"^testInSite\(['\"](.*)['\"], async",
)  # fmt: skip
EXAMPLES = (PLUGIN, UNITTEST, NODE)
NAMES = {example: Path(example.file).stem for example in EXAMPLES}


def node_version() -> int:
    """The major version, 0 without Node."""
    if not shutil.which("node"):
        return 0
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, timeout=60, check=True).stdout
    return int(told.removeprefix("v").partition(".")[0])


def text_of(file: str) -> str:
    """A file of the examples."""
    return (ROOT / FOLDER / file).read_text(encoding="utf-8")


def same(name: str) -> str:
    """The name of a test in one form for all languages."""
    return re.sub(r"[^a-z]+", " ", name.replace("'", "").lower()).strip()


class Ran(NamedTuple):
    """What a run said, and the tests that failed, each by its name in one form."""

    code: int
    said: str
    failed: set[str]


@pytest.fixture(scope="module")
def url(module_server: Callable[..., Any]) -> str:
    """Where a server is."""
    found: str = module_server("--quiet").url
    return found


@pytest.fixture
def run(url: str, tmp_path: Path) -> Callable[..., Ran]:
    """Runs an example by the block of its page. Nothing but the address stands in its environment."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "python"
    script.write_text(f"#!/bin/sh\nexec '{sys.executable}' \"$@\"\n", encoding="utf-8")
    script.chmod(0o755)
    own = {
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": "error",
        "PYTEST_ADDOPTS": QUIET,
    }

    def run_example(example: Example, where: Path = ROOT, chosen: str | None = None) -> Ran:
        if example is NODE and node_version() < LEAST_NODE:
            pytest.skip(f"needs Node {LEAST_NODE} or later: its fetch and its test runner")
        if sys.platform == "win32":
            pytest.skip("the commands of the page are for a shell of Unix")
        command = BLOCKS[example.block].strip().replace(ADDRESS, url)
        if chosen:
            command += " " + example.choose.format(shlex.quote(chosen))
        done = subprocess.run(
            ["sh", "-euc", command], cwd=where, env=own, capture_output=True, text=True, timeout=120, check=False
        )
        said = done.stdout + done.stderr
        return Ran(done.returncode, said, {same(name) for name in re.findall(example.failed, said, re.MULTILINE)})

    return run_example


def names_in(example: Example) -> list[str]:
    """The tests of a file in their order, as they are written there."""
    return re.findall(example.named, text_of(example.file), re.MULTILINE)


def test_the_page_has_a_block_of_two_lines_for_each_file() -> None:
    assert [len(block.splitlines()) for block in BLOCKS] == [2, 2, 2]
    assert len(re.findall("^ *```", PAGE, re.MULTILINE)) == 2 * len(BLOCKS)
    for example in EXAMPLES:
        assert f"({example.file})" in PAGE
        assert f"({example.client})" in PAGE
        assert BLOCKS[example.block].startswith(f"cd {(FOLDER / example.file).parent.as_posix()}\n")
    files = {
        path.relative_to(ROOT / FOLDER).as_posix() for path in (ROOT / FOLDER).rglob("*.*") if path.suffix in {".py", ".mjs"}
    }
    assert files == {name for example in EXAMPLES for name in (example.file, example.client)}


def test_the_three_have_the_same_tests_in_the_same_order() -> None:
    told = [same(name) for name in re.findall(r"^\| ([^|\[]*) \|", PAGE.partition("## What is tested")[2], re.MULTILINE)[1:]]
    assert len(told) == 8
    for example in EXAMPLES:
        assert [same(name) for name in names_in(example)] == told


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES.get)
def test_an_example_passes_and_leaves_nothing_behind(example: Example, run: Callable[..., Ran], url: str) -> None:
    done = run(example)
    assert (done.code, done.failed) == (0, set()), done.said
    passed = re.search(r"^(?:Ran|# pass|=+) (\d+)\b", done.said, re.MULTILINE)
    assert passed is not None, done.said
    assert int(passed[1]) >= len(names_in(example)) == 8
    with build_opener(ProxyHandler({})).open(f"{url}/_mock/sites") as answer:
        left = [site["name"] for site in json.load(answer)]
    assert left == ["default"]


class Mistake(NamedTuple):
    """What makes an example careless: a text of a file, and what stands there instead; and the test that must notice."""

    noticed_by: str
    python: tuple[str, str]
    javascript: tuple[str, str]


IN_TESTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        ".py": ('page = answer["metadata"].get("next")', "page = None"),
        ".mjs": ("page = answer.metadata.next", "page = null"),
    }
)
"""The mistake of the one test that has no client."""

MISTAKES = (
    Mistake("write_a_worklog_and_read_it_back", ("json=body", "json=None"), ("body === undefined ?", "true ?")),
    Mistake(
        "get_all_in_spite_of_faults",
        ("(status == 0 or status >= 500) and waits", "status >= 500 and waits"),
        ("(status === 0 || status >= 500) && waits.length", "status >= 500 && waits.length"),
    ),
    Mistake(
        "get_all_in_spite_of_faults",
        ("max(1, int(retry_after)) if retry_after.isdigit() else 1", "1"),
        ("Number(retryAfter) || 1", "1"),
    ),
    Mistake(
        "a_token_that_expires_deletes_nothing",
        ("raise TempoError(method, self.base + path, status, text)", 'return {"results": [], "metadata": {}}'),
        ("throw new TempoError(method, this.base + path, status, messagesOf(text))", "return { results: [], metadata: {} }"),
    ),
    Mistake("hidden_authors_are_noticed", ("if missing:", "if False:"), ("if (gaps.length) throw", "if (false) throw")),
    Mistake(
        "shifting_pages_are_noticed",
        ('return self.call("GET", f"/worklogs/{key}")', "return None"),
        ("return await this.call('GET', `/worklogs/${id}`)", "return null"),
    ),
    Mistake("what_is_gone_is_deleted", ("copy.clear()", "pass"), ("copy.clear()", "")),
    Mistake("the_journal_is_asked_afterwards",
        ("time.sleep(self.between)", "pass"),
        ("if (this.between) await", "if (false) await"),
    ),
    Mistake("the_journal_is_asked_afterwards", ("lacking if preview else ", ""), ("if (preview) return lacking", "")),
    Mistake(
        "the_journal_is_asked_afterwards",
        ('path.partition(\'?\')[0]}?{urlsplit(following).query}"', 'path}&{urlsplit(following).query}"'),
        ("path.split('?')[0] + new URL(next).search", "`${path}&${new URL(next).search.slice(1)}`"),
    ),
)  # fmt: skip


def spoil(folder: Path, file: str, old: str, new: str) -> Path:
    """A copy of the examples in which one text, which must be there once, is another."""
    shutil.copytree(ROOT / FOLDER, folder / FOLDER, ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / FOLDER / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file} has {text.count(old)} times: {old}"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def mistakes() -> list[Any]:
    """The numbers of the mistakes. Each costs a run of three programs, so all but one are for ``make check``."""
    quick = next(number for number, one in enumerate(MISTAKES) if one.noticed_by == "hidden_authors_are_noticed")
    return [
        pytest.param(number, id=f"{number}-{one.noticed_by}", marks=() if number == quick else pytest.mark.slow)
        for number, one in enumerate(MISTAKES)
    ]


@pytest.mark.parametrize("number", mistakes())
@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES.get)
def test_a_careless_client_is_noticed(example: Example, number: int, run: Callable[..., Ran], tmp_path: Path) -> None:
    mistake = MISTAKES[number]
    old, new = mistake.javascript if example is NODE else mistake.python
    where = spoil(tmp_path, example.client, old, new)
    chosen = next(name for name in names_in(example) if same(name) == same(mistake.noticed_by))
    done = run(example, where, chosen)
    assert done.code != 0, done.said
    assert done.failed == {same(chosen)}, done.said


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES.get)
def test_a_reader_of_one_page_is_noticed(example: Example, run: Callable[..., Ran], tmp_path: Path) -> None:
    chosen = names_in(example)[0]
    done = run(example, spoil(tmp_path, example.file, *IN_TESTS[Path(example.file).suffix]), chosen)
    assert done.failed == {same(chosen)} == {same("read everybody's worklogs")}, done.said


def test_every_test_is_seen_to_fail() -> None:
    noticed = {same(one.noticed_by) for one in MISTAKES} | {same("read everybody's worklogs")}
    assert noticed == {same(name) for name in names_in(PLUGIN)}


@pytest.mark.parametrize("file", sorted({name for one in (PLUGIN, UNITTEST) for name in (one.file, one.client)}))
def test_python_reads_nothing_but_its_address(file: str) -> None:
    tree = ast.parse(text_of(file))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= {"json", "os", "time", "urllib.parse", "unittest", "pytest", "requests", "careful_client"}
    used = re.findall(r"\bos\..*", text_of(file))
    assert used == (['os.environ["TEMPO_MOCK_URL"]'] if file == UNITTEST.file else [])
    assert not {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & {
        "open",
        "input",
        "exec",
        "eval",
        "__import__",
    }


@pytest.mark.parametrize("file", [NODE.file, NODE.client])
def test_javascript_reads_nothing_but_its_address(file: str) -> None:
    code = re.sub(r"^\s*(?://|/?\*).*$", "", text_of(file), flags=re.MULTILINE)
    imported = set(re.findall(r"\bfrom '(.*)'", code))
    assert imported == ({"node:assert/strict", "node:test", "./careful-client.mjs"} if file == NODE.file else set())
    assert re.findall(r"\bprocess\.\S*", code) == (["process.env.TEMPO_MOCK_URL"] if file == NODE.file else [])
    assert not re.search(r"\b(?:import|require)\(", code)
