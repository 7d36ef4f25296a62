"""A scenario: a folder of JSON files, one a noun, from which a world is seeded. Reading and checking, no database.

People, groups and the like are named by their natural names; ids are given where a world must answer with them and may
be left out elsewhere.
"""

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from mock_server.access import GlobalPermission
from mock_server.errors import Invalid, Unusable
from mock_server.settings import Settings

EXIT_SCENARIO = 3
BUNDLED = ("guide", "empty")
"""Scenarios that come with the package."""

_ID = validate.Range(min=1, max=2**31 - 1)
_NAME = validate.Length(min=1, max=255)


class EntrySchema(Schema):
    """Base of every entry: what is not known is refused, so that a slip of the pen does not go unnoticed."""

    class Meta:
        unknown = RAISE


class PersonEntry(EntrySchema):
    """A person with all three identities. Without a password nobody can log in as them by name and password."""

    name = fields.String(required=True, validate=_NAME)
    key = fields.String(required=True, validate=_NAME)
    account_id = fields.String(required=True, validate=_NAME)
    display_name = fields.String(required=True, validate=_NAME)
    email = fields.String(required=True, validate=_NAME)
    password = fields.String(load_default=None)
    active = fields.Boolean(load_default=True)
    time_zone = fields.String(load_default="UTC")
    locale = fields.String(load_default="en_US")
    avatar_id = fields.Integer(load_default=10122, strict=True)


class PersonalAccessTokenEntry(EntrySchema):
    """A published demo token of Jira Data Center; the world keeps its hash only."""

    person = fields.String(required=True)
    name = fields.String(required=True, validate=_NAME)
    token = fields.String(required=True, validate=validate.Length(min=8))


class GroupEntry(EntrySchema):
    """A Jira group, the people in it by name, and the global permissions it holds."""

    name = fields.String(required=True, validate=_NAME)
    group_id = fields.UUID(required=True)
    people = fields.List(fields.String(), load_default=list)
    global_permissions = fields.List(
        fields.String(validate=validate.OneOf([p.value for p in GlobalPermission])), load_default=list
    )


class ProjectPermissionsEntry(EntrySchema):
    """The project permissions that a group holds."""

    group = fields.String(required=True)
    keys = fields.List(fields.String(), required=True)


class ProjectEntry(EntrySchema):
    """A Jira project and who may do what in it."""

    id = fields.Integer(required=True, strict=True, validate=_ID)
    key = fields.String(required=True, validate=validate.Regexp(r"^[A-Z][A-Z0-9_]{1,9}$"))
    name = fields.String(required=True, validate=_NAME)
    lead = fields.String(load_default=None)
    project_type = fields.String(load_default="software", validate=validate.OneOf(["software", "business", "service_desk"]))
    permissions = fields.List(fields.Nested(ProjectPermissionsEntry), load_default=list)


class RoleEntry(EntrySchema):
    """A team role."""

    id = fields.Integer(required=True, strict=True, validate=_ID)
    name = fields.String(required=True, validate=_NAME)
    default = fields.Boolean(load_default=False)


class TeamPermissionEntry(EntrySchema):
    """A team permission key; modules bring keys, so a scenario may add any."""

    key = fields.String(required=True, validate=_NAME)
    name = fields.String(required=True, validate=_NAME)
    description = fields.String(required=True)
    weight = fields.Integer(required=True, strict=True)


class HoldersEntry(EntrySchema):
    """Who holds a team permission on a team."""

    key = fields.String(required=True)
    users = fields.List(fields.String(), load_default=list)
    groups = fields.List(fields.String(), load_default=list)


class MembershipEntry(EntrySchema):
    """A period; days are inclusive and null is open, ``availability`` is percent."""

    id = fields.Integer(load_default=None, strict=True, validate=_ID)
    role = fields.Integer(required=True, strict=True)
    start = fields.Date(load_default=None, allow_none=True)
    end = fields.Date(load_default=None, allow_none=True)
    availability = fields.Integer(load_default=100, strict=True, validate=validate.Range(0, 100))


class MemberEntry(EntrySchema):
    """A person with periods, or a group, in a team."""

    id = fields.Integer(load_default=None, strict=True, validate=_ID)
    person = fields.String(load_default=None)
    group = fields.String(load_default=None)
    memberships = fields.List(fields.Nested(MembershipEntry), load_default=list)


class TeamEntry(EntrySchema):
    """A team with its members and permission holders."""

    id = fields.Integer(required=True, strict=True, validate=_ID)
    name = fields.String(required=True, validate=_NAME)
    summary = fields.String(load_default=None)
    lead = fields.String(load_default=None)
    members = fields.List(fields.Nested(MemberEntry), load_default=list)
    permissions = fields.List(fields.Nested(HoldersEntry), load_default=list)


class WorldEntry(EntrySchema):
    """``scenario.toml``: a title, settings that differ from the defaults, and the last ids given out before the seed."""

    title = fields.String(load_default="")
    settings = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    last_ids = fields.Dict(
        keys=fields.String(validate=validate.OneOf(["teams", "members", "memberships", "roles", "projects"])),
        values=fields.Integer(strict=True, validate=validate.Range(0, 2**31 - 2)),
        load_default=dict,
    )


def entry_schemas() -> dict[str, EntrySchema]:
    """Noun -> schema of one entry of ``<noun>.json``, in the order in which nouns refer to each other."""
    return {
        "people": PersonEntry(),
        "personal_access_tokens": PersonalAccessTokenEntry(),
        "groups": GroupEntry(),
        "projects": ProjectEntry(),
        "roles": RoleEntry(),
        "team_permissions": TeamPermissionEntry(),
        "teams": TeamEntry(),
    }


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario that was read and found sound in itself. ``entries`` maps each noun to its checked entries."""

    name: str
    path: Path
    title: str
    settings: Mapping[str, str]
    last_ids: Mapping[str, int]
    entries: Mapping[str, list[dict[str, Any]]] = field(repr=False)


def find(name_or_path: str) -> Path:
    """The folder of a bundled scenario, or of one's own. Raises ``Unusable`` naming what there is."""
    own = Path(name_or_path)
    if name_or_path in BUNDLED:
        package = Path(__file__).parent
        in_wheel = package / "fixtures" / name_or_path
        return in_wheel if in_wheel.is_dir() else package.parent / "fixtures" / name_or_path
    if own.is_dir():
        return own
    raise Unusable(
        f"There is no scenario {name_or_path}; choose {', '.join(BUNDLED)} or the path of a folder with your own.",
        EXIT_SCENARIO,
    )


def read(path: Path) -> Scenario:
    """Read and check a folder. Raises ``Unusable`` naming the first file and entry that are wrong, and how."""
    world: dict[str, Any] = {}
    world_file = path / "scenario.toml"
    if world_file.exists():
        try:
            world = tomllib.loads(world_file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise Unusable(f"{world_file} is not TOML: {error}.", EXIT_SCENARIO) from None
    settled = _checked(WorldEntry(), world, world_file, "")
    try:
        Settings(settled["settings"])
    except Invalid as error:
        raise Unusable(f"{world_file}, settings: {error}", EXIT_SCENARIO) from None
    entries = {noun: _entries(schema, path / f"{noun}.json") for noun, schema in entry_schemas().items()}
    _refuse_unknown_files(path, entries)
    scenario = Scenario(path.name, path, settled["title"], settled["settings"], settled["last_ids"], entries)
    _check_references(scenario)
    return scenario


def _entries(schema: Schema, file: Path) -> list[dict[str, Any]]:
    if not file.exists():
        return []
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise Unusable(f"{file} is not JSON: {error}.", EXIT_SCENARIO) from None
    if not isinstance(found, list):
        raise Unusable(f"{file} holds no list of entries.", EXIT_SCENARIO)
    return [_checked(schema, entry, file, f"entry {index}") for index, entry in enumerate(found, 1)]


def _checked(schema: Schema, entry: Any, file: Path, where: str) -> dict[str, Any]:
    try:
        values: dict[str, Any] = schema.load(entry)
    except ValidationError as error:
        label = f"{file}{', ' + where if where else ''}{_label(entry)}"
        raise Unusable(f"{label}: {_first(error.messages)}", EXIT_SCENARIO) from None
    return values


def _label(entry: Any) -> str:
    if isinstance(entry, dict):
        for name in ("name", "key", "id"):
            if isinstance(entry.get(name), str | int):
                return f" ({entry[name]})"
    return ""


def _first(messages: Any, path: str = "") -> str:
    if isinstance(messages, dict):
        name, inner = next(iter(messages.items()))
        return _first(inner, path if name == "_schema" else f"{path}.{name}" if path else str(name))
    text = str(messages[0] if isinstance(messages, list) else messages)
    return f"{path}: {text}" if path else text


def _refuse_unknown_files(path: Path, entries: Iterable[str]) -> None:
    for file in sorted(path.glob("*.json")):
        if file.stem not in entries:
            raise Unusable(f"{file} is no noun of a scenario; these are {', '.join(entries)}.", EXIT_SCENARIO)


def _check_references(scenario: Scenario) -> None:
    entries = scenario.entries
    people = {entry["name"] for entry in entries["people"]}
    groups = {entry["name"] for entry in entries["groups"]}
    roles = {entry["id"] for entry in entries["roles"]}
    keys = {entry["key"] for entry in entries["team_permissions"]}

    def must(found: Any, known: set[Any], noun: str, index: int, what: str) -> None:
        if found is not None and found not in known:
            raise Unusable(
                f"{scenario.path / noun}.json, entry {index}: the {what} {found} does not exist in this scenario.",
                EXIT_SCENARIO,
            )

    for noun, unique in (
        ("people", ("name", "key", "account_id")),
        ("groups", ("name", "group_id")),
        ("projects", ("id", "key")),
        ("roles", ("id", "name")),
        ("team_permissions", ("key",)),
        ("teams", ("id",)),
    ):
        _refuse_doubles(scenario, noun, unique)
    for index, token in enumerate(entries["personal_access_tokens"], 1):
        must(token["person"], people, "personal_access_tokens", index, "person")
    for index, group in enumerate(entries["groups"], 1):
        for name in group["people"]:
            must(name, people, "groups", index, "person")
    for index, project in enumerate(entries["projects"], 1):
        must(project["lead"], people, "projects", index, "person")
        for permission in project["permissions"]:
            must(permission["group"], groups, "projects", index, "group")
    for index, team in enumerate(entries["teams"], 1):
        must(team["lead"], people, "teams", index, "person")
        for holders in team["permissions"]:
            must(holders["key"], keys, "teams", index, "team permission")
            for name in holders["users"]:
                must(name, people, "teams", index, "person")
            for name in holders["groups"]:
                must(name, groups, "teams", index, "group")
        for member in team["members"]:
            must(member["person"], people, "teams", index, "person")
            must(member["group"], groups, "teams", index, "group")
            for membership in member["memberships"]:
                must(membership["role"], roles, "teams", index, "role")
            _check_member(scenario, index, member)


def _check_member(scenario: Scenario, index: int, member: dict[str, Any]) -> None:
    wrong = None
    if (member["person"] is None) == (member["group"] is None):
        wrong = "a member is a person or a group"
    elif member["group"] is not None and member["memberships"]:
        wrong = f"the group {member['group']} cannot have memberships"
    elif member["person"] is not None and not member["memberships"]:
        wrong = f"the member {member['person']} needs a membership"
    for membership in member["memberships"]:
        if membership["start"] and membership["end"] and membership["end"] < membership["start"]:
            wrong = f"a membership of {member['person']} ends before it starts"
    if wrong:
        raise Unusable(f"{scenario.path / 'teams'}.json, entry {index}: {wrong}.", EXIT_SCENARIO)


def _refuse_doubles(scenario: Scenario, noun: str, names: tuple[str, ...]) -> None:
    for name in names:
        seen: dict[Any, int] = {}
        for index, entry in enumerate(scenario.entries[noun], 1):
            value = entry[name].lower() if isinstance(entry[name], str) else entry[name]
            if value in seen:
                raise Unusable(
                    f"{scenario.path / noun}.json, entry {index}: {name} {entry[name]} stands in entry {seen[value]} already.",
                    EXIT_SCENARIO,
                )
            seen[value] = index
