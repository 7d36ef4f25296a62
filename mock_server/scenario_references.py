"""Whether the entries of a scenario fit each other: what is named exists, and nothing stands there twice."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn

from mock_server.errors import Unusable
from mock_server.scenario_work import problems

EXIT_SCENARIO = 3

Entries = Mapping[str, list[dict[str, Any]]]

UNIQUE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "people": ("name", "key", "account_id"),
        "groups": ("name", "group_id"),
        "projects": ("key", "id"),
        "boards": ("id",),
        "issues": ("key", "id"),
        "programs": ("id",),
        "roles": ("id", "name"),
        "team_permissions": ("key",),
        "teams": ("id",),
        "account_categories": ("key", "id"),
        "customers": ("key", "id"),
        "accounts": ("key", "id"),
        "account_links": ("id",),
        "work_attributes": ("key", "id"),
        "worklogs": ("id", "jira_id"),
        "generic_resources": ("id",),
    }
)
"""Noun -> members that no two entries share. The first of them is what other entries name it by."""

BY_CASE = frozenset({"account_categories", "customers", "accounts", "work_attributes"})
"""Nouns whose keys are different ones when they differ in case only."""


UNIQUE_INSIDE = (
    ("personal_access_tokens", "token"),
    ("api_tokens", "token"),
    ("jira_api_tokens", "token"),
    ("teams", "members[].id"),
    ("teams", "members[].memberships[].id"),
    ("teams", "links[].id"),
)
"""Noun and path of further values that stand only once among all entries of the noun."""

SETS = (
    ("groups", "", "people[]"),
    ("groups", "", "global_permissions[]"),
    ("projects", "permissions[]", "keys[]"),
    ("teams", "permissions[]", "users[]"),
    ("teams", "permissions[]", "groups[]"),
    ("teams", "permission_roles[]", "keys[]"),
    ("teams", "permission_roles[]", "users[]"),
    ("teams", "permission_roles[]", "groups[]"),
    ("permission_roles", "", "teams[]"),
    ("permission_roles", "", "keys[]"),
    ("permission_roles", "", "people[]"),
    ("permission_roles", "", "groups[]"),
    ("worklogs", "", "weekdays[]"),
    ("generic_resources", "", "teams[].team"),
)
"""Noun, path to what holds a list, and path from there: lists that name nothing twice."""


class Reference(NamedTuple):
    """A place in the entries of a noun that names an entry of another; ``[]`` in the path steps into a list."""

    noun: str
    path: str
    target: str


REFERENCES = (
    Reference("personal_access_tokens", "person", "people"),
    Reference("api_tokens", "person", "people"),
    Reference("jira_api_tokens", "person", "people"),
    Reference("groups", "people[]", "people"),
    Reference("projects", "lead", "people"),
    Reference("projects", "permissions[].group", "groups"),
    Reference("boards", "project", "projects"),
    Reference("issues", "assignee", "people"),
    Reference("issues", "reporter", "people"),
    Reference("programs", "manager", "people"),
    Reference("teams", "lead", "people"),
    Reference("teams", "program", "programs"),
    Reference("teams", "permissions[].key", "team_permissions"),
    Reference("teams", "permissions[].users[]", "people"),
    Reference("teams", "permissions[].groups[]", "groups"),
    Reference("teams", "permission_roles[].users[]", "people"),
    Reference("teams", "permission_roles[].groups[]", "groups"),
    Reference("permission_roles", "teams[]", "teams"),
    Reference("permission_roles", "people[]", "people"),
    Reference("permission_roles", "groups[]", "groups"),
    Reference("teams", "members[].person", "people"),
    Reference("teams", "members[].group", "groups"),
    Reference("teams", "members[].memberships[].role", "roles"),
    Reference("accounts", "lead", "people"),
    Reference("accounts", "contact", "people"),
    Reference("accounts", "category", "account_categories"),
    Reference("accounts", "customer", "customers"),
    Reference("account_links", "account", "accounts"),
    Reference("account_links", "project", "projects"),
    Reference("worklogs", "person", "people"),
    Reference("generic_resources", "created_by", "people"),
    Reference("generic_resources", "updated_by", "people"),
    Reference("generic_resources", "teams[].team", "teams"),
    Reference("generic_resources", "teams[].assigned_by", "people"),
)


def check_references(folder: Path, entries: Entries) -> None:
    """Raises ``Unusable`` naming the first file and entry that are wrong, and how."""
    for noun, names in UNIQUE.items():
        for name in names:
            _refuse_doubles(folder, noun, name, entries[noun])
    for noun, path in UNIQUE_INSIDE:
        _refuse_doubles(folder, noun, path, entries[noun])
    for noun, holders, path in SETS:
        _refuse_repetitions(folder, noun, holders, path, entries[noun])
    for reference in REFERENCES:
        known = {entry[UNIQUE[reference.target][0]] for entry in entries[reference.target]}
        for index, entry in enumerate(entries[reference.noun], 1):
            for named in _values(entry, reference.path.split(".")):
                if named is not None and named not in known:
                    what = reference.target.replace("_", " ")
                    _refuse(folder, reference.noun, index, f"{reference.path}: {named} does not exist among the {what}")
    for index, team in enumerate(entries["teams"], 1):
        _check_team(folder, index, team, entries)
    project_keys = {entry["key"] for entry in entries["projects"]}
    for index, issue in enumerate(entries["issues"], 1):
        project = issue["key"].rpartition("-")[0]
        if project not in project_keys:
            _refuse(folder, "issues", index, f"key: {project} does not exist among the projects")
    with_default: set[str] = set()
    for index, link in enumerate(entries["account_links"], 1):
        if link["default"] and link["project"] in with_default:
            _refuse(folder, "account_links", index, f"default: the project {link['project']} has a default already")
        with_default |= {link["project"]} if link["default"] else set()
    for index, sentence in problems(entries):
        _refuse(folder, "worklogs", index, sentence)


def _values(value: Any, path: list[str]) -> Iterator[Any]:
    if not path:
        yield value
        return
    inner = value[path[0].removesuffix("[]")]
    for one in inner if path[0].endswith("[]") else [inner]:
        yield from _values(one, path[1:])


def _check_team(folder: Path, index: int, team: dict[str, Any], entries: Entries) -> None:
    for link in team["links"]:
        known = {entry["id"] for entry in entries[f"{link['scope_type']}s"]}
        if link["scope"] not in known:
            _refuse(folder, "teams", index, f"links[].scope: there is no {link['scope_type']} {link['scope']}")
    seen: set[tuple[str | None, str | None]] = set()
    for member in team["members"]:
        if (member["person"] is None) == (member["group"] is None):
            _refuse(folder, "teams", index, "members[]: a member is a person or a group")
        if member["group"] is not None and member["memberships"]:
            _refuse(folder, "teams", index, f"members[]: the group {member['group']} cannot have memberships")
        if member["person"] is not None and not member["memberships"]:
            _refuse(folder, "teams", index, f"members[]: the person {member['person']} needs a membership")
        if (member["person"], member["group"]) in seen:
            _refuse(folder, "teams", index, f"members[]: {member['person'] or member['group']} is a member twice")
        seen.add((member["person"], member["group"]))
        periods = sorted((m["start"] or date.min, m["end"] or date.max) for m in member["memberships"])
        if any(end < start for start, end in periods):
            _refuse(folder, "teams", index, f"members[]: a membership of {member['person']} ends before it starts")
        if any(later[0] <= earlier[1] for earlier, later in pairwise(periods)):
            _refuse(folder, "teams", index, f"members[]: two memberships of {member['person']} overlap")


def _refuse_doubles(folder: Path, noun: str, path: str, entries: list[dict[str, Any]]) -> None:
    seen: dict[Any, int] = {}
    for index, entry in enumerate(entries, 1):
        for value in _values(entry, path.split(".")):
            folded = value.lower() if isinstance(value, str) and path != "token" and noun not in BY_CASE else value
            if folded in seen:
                shown = "the same" if path == "token" else value
                _refuse(folder, noun, index, f"{path} {shown} stands in entry {seen[folded]} already")
            if value is not None:
                seen[folded] = index


def _refuse_repetitions(folder: Path, noun: str, holders: str, path: str, entries: list[dict[str, Any]]) -> None:
    for index, entry in enumerate(entries, 1):
        for holder in _values(entry, holders.split(".") if holders else []):
            found = list(_values(holder, path.split(".")))
            for value in found:
                if found.count(value) > 1:
                    _refuse(folder, noun, index, f"{holders}{'.' if holders else ''}{path}: {value} stands there twice")


def _refuse(folder: Path, noun: str, index: int, what: str) -> NoReturn:
    raise Unusable(f"{folder / noun}.json, entry {index}: {what}.", EXIT_SCENARIO)
