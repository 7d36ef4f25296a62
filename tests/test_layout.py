"""The shape of the project, read from its source: who may import whom, and what stands nowhere."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("mock_server", "conformance", "integration")
FACES = frozenset({"cloud", "datacenter", "jira", "jira_cloud", "oauth", "pages", "control"})
WITH_FLASK = frozenset(
    {"app", "endpoint", "host", "sites", "faces", "faults", "openapi", "origin", "refusals", "rest_browser", "routing"}
    | {"home_answer"}
)
ABOVE_DOMAIN = (
    FACES | WITH_FLASK | {"cli", "serve", "console", "seed", "config", "scenario", "clock", "testing", "pytest_plugin"}
)
BEHIND_SCENES = frozenset({"flask.g", "flask.current_app", "flask.session"})
DATA_SUFFIXES = frozenset({".json", ".toml", ".md"})
MOST_LINES = 300
MOST_TEST_LINES = 400
TEXT_SUFFIXES = frozenset({".py", ".toml", ".md", ".json", ".txt", ".cfg", ".ini", ".yml", ".yaml", ".html", ".css", ".js", ""})
DATA_TABLES = frozenset({"integration/assumptions.py", "mock_server/assumptions.py", "mock_server/storage/tables.py"})
"""Tables of data and numbered migrations, which may be as long as they need."""

SQL = re.compile(
    r"\s*(?:SELECT\s|INSERT\s+(?:OR\s+\w+\s+)?INTO\s|UPDATE\s+[\w\"{}]+\s+SET\s|DELETE\s+FROM\s|PRAGMA\s|DROP\s+\w+\s"
    r"|CREATE\s+(?:TABLE|INDEX|UNIQUE|TRIGGER|VIEW|TEMP)\b)"
)
PURE_STANDARD = frozenset({"collections", "dataclasses", "enum", "functools", "itertools", "typing"})
UNCHANGING_CALLS = frozenset(
    {"Length", "MappingProxyType", "NewType", "OneOf", "Path", "Range", "Regexp", "TypeVar", "bytes", "compile", "date"}
    | {"datetime", "frozenset", "int", "len", "max", "min", "str", "time", "timedelta", "timezone", "tuple", "join"}
)
"""Calls whose value nobody changes: immutable ones, and the validators of marshmallow."""


def sources(*folders: str) -> list[Path]:
    """Every Python file below these folders, as a path from the root."""
    found = (file.relative_to(ROOT) for folder in folders for file in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if "__pycache__" not in path.parts)


def texts() -> list[Path]:
    """Every text file of the project, as a path from the root."""
    folders = ("mock_server", "conformance", "integration", "fixtures", "tests", "docs", "bench", ".ci")
    files = [file for folder in folders for file in (ROOT / folder).rglob("*")]
    files += [ROOT / name for name in ("README.md", "CHANGELOG.md", "Makefile", "pyproject.toml", "Dockerfile", ".gitignore")]
    wanted = (file.relative_to(ROOT) for file in files if file.is_file() and file.suffix in TEXT_SUFFIXES)
    return sorted(path for path in wanted if "__pycache__" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), str(path))


@cache
def imports(path: Path) -> frozenset[str]:
    """Dotted names of everything the module imports, wherever in it; ``from a import b`` is ``a.b``."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found.update(name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import"
            found.update(f"{node.module}.{name.name}" for name in node.names)
    return frozenset(found)


def top_levels(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports(path)}


def below(path: Path) -> str:
    """The folder or module below the package that a file belongs to: ``jira`` for ``mock_server/jira/users.py``."""
    return path.parts[1].removesuffix(".py")


def shown(violations: list[str]) -> str:
    return "\n" + "\n".join(violations)


def docstrings(path: Path) -> set[int]:
    """Ids of the nodes that are docstrings."""
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {id(node.body[0].value) for node in ast.walk(tree(path)) if isinstance(node, holders) and ast.get_docstring(node)}


def test_packages_never_import_each_other() -> None:
    wrong = [
        f"{path} imports {other}"
        for package in PACKAGES
        for path in sources(package)
        for other in sorted(top_levels(path) & (set(PACKAGES) - {package}))
    ]
    assert not wrong, shown(wrong)


def test_no_package_imports_tests_or_bench() -> None:
    wrong = [str(path) for path in sources(*PACKAGES) if top_levels(path) & {"tests", "bench"}]
    assert not wrong, shown(wrong)


def test_faces_do_not_import_each_other() -> None:
    wrong = [
        f"{path} imports {name}"
        for path in sources("mock_server")
        if below(path) in FACES
        for name in sorted(imports(path))
        if name.startswith("mock_server.") and name.split(".")[1] in FACES - {below(path)}
    ]
    assert not wrong, shown(wrong)


@pytest.mark.parametrize(
    ("layer", "forbidden"),
    [
        ("domain", ABOVE_DOMAIN),
        ("storage", ABOVE_DOMAIN | {"access", "domain", "settings"}),
    ],
)
def test_lower_layers_do_not_know_what_is_above_them(layer: str, forbidden: frozenset[str]) -> None:
    paths = [path for path in sources("mock_server") if below(path) == layer]
    assert len(paths) > 5, "the layer was not found"
    wrong = [
        f"{path} imports {name}"
        for path in paths
        for name in sorted(imports(path))
        if name.startswith("mock_server.") and name.split(".")[1] in forbidden
    ]
    assert not wrong, shown(wrong)


def test_access_is_pure() -> None:
    path = Path("mock_server/access.py")
    assert top_levels(path) <= PURE_STANDARD, sorted(top_levels(path) - PURE_STANDARD)
    impure = [
        node.func.id
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"open", "print", "exec", "eval"}
    ]
    assert not impure


def test_only_the_composition_root_knows_the_faces() -> None:
    allowed = FACES | {"app", "faces", "groups"}
    wrong = [
        f"{path} imports {name}"
        for path in sources("mock_server")
        if below(path) not in allowed
        for name in sorted(imports(path))
        if name.startswith("mock_server.") and name.split(".")[1] in FACES
    ]
    assert not wrong, shown(wrong)


def test_sql_stands_only_under_storage() -> None:
    wrong = [
        f"{path}:{node.lineno}: {node.value[:60]!r}"
        for path in sources("mock_server")
        if below(path) != "storage"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.match(node.value)
    ]
    assert not wrong, shown(wrong)
    known = [n for p in sources("mock_server/storage") for n in ast.walk(tree(p)) if isinstance(n, ast.Constant)]
    assert sum(isinstance(node.value, str) and bool(SQL.match(node.value)) for node in known) > 30, "the pattern finds no SQL"


def test_sqlite_is_imported_only_under_storage() -> None:
    wrong = [
        str(path)
        for path in sources("mock_server")
        if below(path) != "storage" and top_levels(path) & {"sqlite3", "sqlite_utils"}
    ]
    assert not wrong, shown(wrong)


def test_flask_is_imported_only_where_http_is_spoken() -> None:
    wrong = [
        str(path)
        for path in sources("mock_server")
        if below(path) not in FACES | WITH_FLASK and top_levels(path) & {"flask", "werkzeug"}
    ]
    assert not wrong, shown(wrong)


def test_nothing_reaches_for_what_flask_keeps_behind_the_scenes() -> None:
    wrong = []
    for path in sources("mock_server"):
        used = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute) and ast.unparse(node) in BEHIND_SCENES]
        wrong += [f"{path} imports {name}" for name in sorted(imports(path) & BEHIND_SCENES)]
        wrong += [f"{path}:{node.lineno} uses {ast.unparse(node)}" for node in used]
    assert not wrong, shown(wrong)


def test_requests_is_imported_only_by_clients() -> None:
    allowed = {Path("conformance/client.py")}
    wrong = [
        str(path)
        for path in sources(*PACKAGES)
        if path not in allowed and path.parts[:2] != ("integration", "clients") and "requests" in top_levels(path)
    ]
    assert not wrong, shown(wrong)


def frozen_classes() -> set[str]:
    """Names of the project's classes whose instances cannot change: named tuples, enums and frozen dataclasses."""
    found = set()
    for path in sources(*PACKAGES):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                bases = {ast.unparse(base).rpartition(".")[2] for base in node.bases}
                frozen = any("frozen=True" in ast.unparse(decorator) for decorator in node.decorator_list)
                if frozen or bases & {"NamedTuple", "Enum", "StrEnum", "IntEnum", "Flag"}:
                    found.add(node.name)
    return found


def is_unchanging(value: ast.expr, frozen: set[str]) -> bool:
    if isinstance(value, ast.Tuple):
        return all(is_unchanging(element, frozen) for element in value.elts)
    if isinstance(value, ast.Call):
        name = ast.unparse(value.func).rpartition(".")[2]
        return name in UNCHANGING_CALLS or name in frozen
    if isinstance(value, ast.Attribute):
        # A method of a value that is made here and that nobody else can reach is a function like any other.
        return isinstance(value.value, ast.Call) or is_unchanging(value.value, frozen)
    if isinstance(value, ast.Starred):
        return is_unchanging(value.value, frozen)
    return isinstance(value, ast.Constant | ast.Name | ast.Subscript | ast.BinOp | ast.UnaryOp | ast.JoinedStr | ast.Compare)


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """What runs when a module is imported, outside classes and functions."""
    for node in body:
        yield node
        for inner in ("body", "orelse", "finalbody"):
            if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                yield from statements(getattr(node, inner, []))


def is_empty_collection(value: ast.expr) -> bool:
    """Something to be filled later. A suite's table of cases is data; what starts empty is state."""
    if isinstance(value, ast.Call):
        name = ast.unparse(value.func).rpartition(".")[2]
        return name in {"list", "dict", "set", "defaultdict", "deque", "OrderedDict", "Counter", "Session"}
    return (isinstance(value, ast.List) and not value.elts) or (isinstance(value, ast.Dict) and not value.keys)


def assignments(path: Path) -> list[tuple[str, ast.expr]]:
    """Where and what, of everything that is given a name when the module is imported."""
    found = [node for node in statements(tree(path).body) if isinstance(node, ast.Assign | ast.AnnAssign)]
    return [(f"{path}:{node.lineno}: {ast.unparse(node)[:80]}", node.value) for node in found if node.value]


def test_no_module_of_the_server_keeps_state() -> None:
    frozen = frozen_classes()
    paths = sources("mock_server", "integration")
    wrong = [where for path in paths for where, value in assignments(path) if not is_unchanging(value, frozen)]
    assert not wrong, shown(wrong)


def test_no_module_of_the_suite_keeps_state() -> None:
    paths = sources("conformance")
    wrong = [where for path in paths for where, value in assignments(path) if is_empty_collection(value)]
    assert not wrong, shown(wrong)


def test_no_function_keeps_state_in_its_module() -> None:
    wrong = []
    for path in sources(*PACKAGES):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Global):
                wrong.append(f"{path}:{node.lineno}: {ast.unparse(node)}")
            for decorator in getattr(node, "decorator_list", []):
                if ast.unparse(decorator).partition("(")[0].rpartition(".")[2] in {"cache", "lru_cache"}:
                    wrong.append(f"{path}:{decorator.lineno}: @{ast.unparse(decorator)}")
    assert not wrong, shown(wrong)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("[]", False),
        ("{}", False),
        ("{1}", False),
        ("dict(a=1)", False),
        ("(1, [2])", False),
        ("[n for n in y]", False),
        ("Store()", False),
        ("(1, 'a')", True),
        ("frozenset({1})", True),
        ("MappingProxyType({1: 2})", True),
        ("re.compile('a')", True),
        ("Callable[[int], str]", True),
    ],
)
def test_the_check_for_state_can_tell(text: str, allowed: bool) -> None:
    assert is_unchanging(ast.parse(text, mode="eval").body, set()) is allowed


def test_modules_are_short() -> None:
    wrong = []
    for path in sources(*PACKAGES, "tests", "bench"):
        lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
        most = MOST_TEST_LINES if path.name.startswith(("test_", "conftest")) else MOST_LINES
        if lines > most and path.as_posix() not in DATA_TABLES and not re.match(r"\d{4}_", path.name):
            wrong.append(f"{path}: {lines} lines, {most} at most")
    assert not wrong, shown(wrong)


def test_folders_of_tests_and_data_are_no_packages() -> None:
    wrong = [str(path) for folder in ("tests", "fixtures") for path in sources(folder) if path.name == "__init__.py"]
    assert not wrong, shown(wrong)


def test_everything_public_says_what_it_is() -> None:
    wrong = []
    for path in sources("mock_server", "conformance"):
        module = tree(path)
        if not ast.get_docstring(module):
            wrong.append(str(path))
        public = [node for node in module.body if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)]
        for node in list(public):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                public += [inner for inner in node.body if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef)]
        # A check of the suite says in its name what it checks, and its requirement says why.
        unnamed = ("_", "test_", "pytest_")
        wrong += [
            f"{path}:{node.lineno}: {node.name}"
            for node in public
            if not node.name.startswith(unnamed) and not ast.get_docstring(node)
        ]
    assert not wrong, shown(wrong)


def test_no_name_says_nothing() -> None:
    vague = re.compile(r"(?:^|_)(?:utils?|helpers?|misc|common)(?:_|$)")
    paths = sources(*PACKAGES, "tests", "bench")
    wrong = [str(path) for path in paths if any(vague.search(part.removesuffix(".py")) for part in path.parts)]
    wrong += [str(path) for path in paths if path.stem in {"manager", "managers"}]
    for path in sources(*PACKAGES):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", node.name).lower()
                # The manager of a program is a person; a class of that name would be something else.
                managing = isinstance(node, ast.ClassDef) and words.endswith("_manager")
                if vague.search(words) or managing or words.startswith(("handle_", "process_")):
                    wrong.append(f"{path}:{node.lineno}: {node.name}")
    assert not wrong, shown(wrong)


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a note that something is unfinished", r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b"),
        ("a folder beside the project", r"\.\./sha" r"red\b|\bsha" r"red/(?:seeds|reference|design)\b"),
        ("a path of somebody's machine", r"(?<![\w.:/~-])/(?:work|root|Users|home(?!/tempo\b))/\w"),
        ("the address of a package index", r"(?:py" r"pi\.org|python" r"hosted\.org|registry\.npm" r"js|\bindex" r"-url\b)"),
    ],
)
def test_no_file_holds(what: str, pattern: str) -> None:
    found = re.compile(pattern)
    files = texts()
    assert len(files) > 50
    wrong = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path in files
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), 1)
        if found.search(line)
    ]
    assert not wrong, f"{what}: {shown(wrong)}"


@pytest.mark.parametrize("module", ["mock_server", "mock_server.cli", "mock_server.testing", "mock_server.pytest_plugin"])
def test_import_is_light(module: str) -> None:
    heavy = ("flask", "werkzeug", "marshmallow", "sqlite3", "sqlite_utils", "waitress", "jinja2")
    script = f"import sys, {module}; print(sorted(set(sys.modules) & set({heavy!r})))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


def test_fixtures_hold_data_only() -> None:
    wrong = [str(f.relative_to(ROOT)) for f in (ROOT / "fixtures").rglob("*") if f.is_file() and f.suffix not in DATA_SUFFIXES]
    assert not wrong, shown(wrong)
