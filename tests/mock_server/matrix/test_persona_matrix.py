"""Who may do what: every endpoint, called by every persona for every target, against tables written from the references.

``cloud_*.toml`` and ``jira_cloud.toml`` hold the expectations, README.md says how to read them. Nothing here asks the
product what it would allow.
"""

import base64
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from mock_server import groups
from mock_server.access import GRANTABLE_SCOPES

HERE = Path(__file__).parent
EVERYBODY = "*"


class Table(NamedTuple):
    """What is expected of a face: operations by method and path, sets of personas by kind, noun and row, and the personas."""

    prefix: str
    operations: Mapping[str, Any]
    sets: Mapping[str, Any]
    personas: Mapping[str, Any]


class Case(NamedTuple):
    """One target of an operation. ``row`` is the row whose being seen decides on 404, as noun and name."""

    says: str
    path: str
    body: Any
    row: tuple[str, str] | None
    answers: Mapping[str, str]
    may: str | None
    lists: str | None
    rows: frozenset[str]
    at: str
    tells: Mapping[str, str]


def read(prefix: str, *names: str) -> Table:
    """The table of several files."""
    operations: dict[str, Any] = {}
    found: dict[str, Any] = {"seen": {}, "may": {}, "personas": {}}
    for name in names:
        table = tomllib.loads((HERE / name).read_text(encoding="utf-8"))
        for kind in found:
            for noun, rows in table.pop(kind, {}).items():
                found[kind].setdefault(noun, {}).update(rows)
        for other in [name for name in table if " " not in name]:
            del table[other]
        assert not set(table) & set(operations)
        operations |= table
    return Table(prefix, operations, found, found.pop("personas"))


CLOUD = read("/4", "world.toml", *sorted(file.name for file in HERE.glob("cloud_*.toml")))
PAPERTRAIL = read("/papertrail/1", "world.toml", "papertrail.toml")
EXTENSION = read("/x-tempo-mock", "world.toml", "extension.toml")
JIRA = read("/rest/api/3", "jira_cloud.toml")


def served(endpoint: Any) -> str:
    """Method and path, with the names of variables alone."""
    path = re.sub("<(?:[a-z]+:)?([a-z_]+)>", r"{\1}", endpoint.path)
    return f"{endpoint.method} {path}"


def cases_of(table: Table, name: str) -> Iterator[Case]:
    """The targets of an operation, one for every row where the table says ``each``."""
    operation, seen = table.operations[name], table.sets["seen"]
    for case in operation["cases"]:
        path = case.get("path", operation.get("path"))
        lists = case.get("lists", operation.get("lists"))
        rows = frozenset(case.get("among", seen[lists]) if lists else ()) - set(case.get("without", ()))
        noun, _, row = case.get("row", "").partition(".")
        targets = [(noun, row) if row else None]
        of_each = case.get("each")
        if of_each:
            targets = [(of_each, row) for row in seen[of_each] if row not in case.get("without", ())]
        for target in targets:
            says = " ".join(filter(None, (path, case.get("says"), target[1] if of_each and target else None)))
            answers, tells = case.get("answers", {}), case.get("tells", {})
            where = case.get("at", operation.get("at", "results"))
            yield Case(says, path, case.get("body"), target, answers, case.get("may"), lists, rows, where, tells)


def among(table: Table, words: str, persona: str) -> bool:
    """Whether the persona is one of the words."""
    named = words.split()
    assert set(named) <= {*table.personas, EVERYBODY}, words
    return EVERYBODY in named or persona in named


def status_by_rights(table: Table, name: str, case: Case, persona: str) -> int:
    """What the table says of a caller whose log-in is good, and in the Cloud whose token is wide enough."""
    if case.row and not among(table, table.sets["seen"][case.row[0]][case.row[1]], persona):
        return 404
    # The star is for whoever is not named.
    for status, words in sorted(case.answers.items(), key=lambda answer: answer[1] == EVERYBODY):
        if among(table, words, persona):
            return int(status)
    assert not case.answers, f"{case.says}: nothing is said of {persona}"
    if case.may:
        assert case.row
        if not among(table, table.sets["may"][case.may][case.row[1]], persona):
            return 403
    return int(table.operations[name].get("ok", 200))


def covers(scopes: str, needed: str) -> bool:
    """Whether a token with these scopes may: manage holds view in it, and no scope needed is any valid token."""
    enough = {*needed.split(" or "), *needed.replace(":view", ":manage").split(" or ")}
    return scopes == "full" or not needed or bool(enough & set(scopes.split()))


def status_in_cloud(table: Table, name: str, case: Case, persona: str) -> int:
    """The expected status: who (401), scope (403), then rights."""
    caller = table.personas[persona]
    if "person" not in caller or caller.get("expired"):
        return 401
    if not covers(caller["scopes"], table.operations[name]["scope"]):
        return 403
    return status_by_rights(table, name, case, persona)


def at(value: Any, path: str) -> Any:
    """What stands at a path of names and numbers with slashes between them; the empty path is the value itself."""
    for name in path.split("/") if path else ():
        value = value[int(name) if isinstance(value, list) else name]
    return value


def wrong_content(matrix: Any, table: Table, name: str, case: Case, persona: str, answer: Any) -> str:
    """What is wrong with the body of a 200: rows that are listed, the row it is, and what it tells."""
    operation = table.operations[name]
    by = operation.get("id", "id")
    if case.lists:
        listed = answer if isinstance(answer, list) else at(answer, case.at)
        found = sorted(str(at(entry, by)) for entry in listed)
        names = [row for row in case.rows if among(table, table.sets["seen"][case.lists][row], persona)]
        wanted = sorted(str(row if by == "key" else matrix.known[row]) for row in names)
        if found != wanted:
            return f"lists {found} instead of {wanted}"
    elif case.row and "id" in operation and at(answer, by) != matrix.known[case.row[1]]:
        return f"answers {at(answer, by)} instead of {matrix.known[case.row[1]]}"
    for path, words in case.tells.items():
        if at(answer, path) is not among(table, words, persona):
            return f"tells {at(answer, path)} at {path}"
    return ""


def check(matrix: Any, table: Table, name: str, case: Case, persona: str, expected: int, log_in: str | None) -> str:
    """One cell: send it, and say what is wrong with the answer; nothing is wrong with the empty text."""
    method = name.partition(" ")[0]
    more = {"self": matrix.account_of(table.personas[persona].get("person"))}
    if case.row:
        more |= {"row": matrix.known[case.row[1]], **matrix.of_worklog(case.row[1])}
    answer = matrix.send(method, table.prefix + matrix.named(case.path, more), log_in, matrix.named(case.body, more))
    wrong = ""
    if answer.status != expected:
        wrong = f"{answer.status} instead of {expected}: {answer.text[:120]}"
    elif expected == 200:
        wrong = wrong_content(matrix, table, name, case, persona, answer.json)
    operation = table.operations[name]
    writes = operation.get("writes", operation.get("scope", "").endswith(":manage")) and answer.status < 300
    if writes is matrix.is_unchanged():
        wrong += f" and a {answer.status} changed {'nothing' if writes else 'the world'}"
    if writes or wrong:
        matrix.begin_anew()
    return f"{persona}: {wrong}\n    {case.says}" if wrong else ""


def tell(wrong: list[str]) -> None:
    """Fail with every wrong cell."""
    found = [line for line in wrong if line]
    if found:
        pytest.fail(f"{len(found)} of {len(wrong)} cells are wrong:\n" + "\n".join(found), pytrace=False)


@pytest.mark.parametrize(("table", "endpoints"), [
    (CLOUD, groups.cloud_endpoints), (PAPERTRAIL, groups.papertrail_endpoints),
    (EXTENSION, groups.extension_endpoints), (JIRA, groups.jira_cloud_endpoints),
])  # fmt: skip
def test_the_tables_name_every_endpoint_and_no_other(table: Table, endpoints: Callable[[], list[Any]]) -> None:
    """A new endpoint needs its lines in one of the tables: who may call it, for what, and what comes back."""
    assert sorted(table.operations) == sorted(served(endpoint) for endpoint in endpoints())


TEMPO = [pytest.param(table, name, id=name) for table in (CLOUD, PAPERTRAIL, EXTENSION) for name in sorted(table.operations)]


@pytest.mark.parametrize(("table", "name"), TEMPO)
def test_tempo_cloud(matrix: Any, table: Table, name: str) -> None:
    wrong = []
    matrix.begin_anew()
    for number, case in enumerate(cases_of(table, name)):
        for persona, caller in table.personas.items():
            if number and caller.get("about_tokens"):
                continue
            token = f"Bearer token-{persona}" if "person" in caller else None
            wrong.append(check(matrix, table, name, case, persona, status_in_cloud(table, name, case, persona), token))
    tell(wrong)


@pytest.mark.parametrize(("table", "name"), TEMPO)
def test_scopes_of_tempo_cloud(matrix: Any, table: Table, name: str) -> None:
    """The scope alone is enough, manage holds view in it, view is not enough to write, and all the others open nothing."""
    needed = table.operations[name]["scope"]
    case = next(case for case in cases_of(table, name) if status_in_cloud(table, name, case, "admin") < 300)
    nouns = [scope.partition(":")[0] for scope in needed.split(" or ") if scope]
    wrong = []
    matrix.begin_anew()
    for scopes in [f"{noun}:{right}" for noun in nouns for right in ("view", "manage")] or ["periods:view"]:
        if scopes not in GRANTABLE_SCOPES:
            continue  # Periods are only read.
        expected = status_in_cloud(table, name, case, "admin") if covers(scopes, needed) else 403
        wrong.append(check(matrix, table, name, case, "admin", expected, f"Bearer token-only-{scopes}"))
    if nouns:
        wrong.append(check(matrix, table, name, case, "admin", 403, f"Bearer token-all-but-{'-and-'.join(nouns)}"))
    tell(wrong)


@pytest.mark.parametrize("name", sorted(JIRA.operations))
def test_jira_cloud(matrix: Any, name: str) -> None:
    wrong = []
    matrix.begin_anew()
    for case in cases_of(JIRA, name):
        for persona, caller in JIRA.personas.items():
            person = caller.get("person")
            token = "wrong" if caller.get("wrong") else f"jira-token-of-{person}"
            pair = base64.b64encode(f"{person}@example.org:{token}".encode()).decode()
            expected = status_by_rights(JIRA, name, case, persona)
            wrong.append(check(matrix, JIRA, name, case, persona, expected, f"Basic {pair}" if person else None))
    tell(wrong)
