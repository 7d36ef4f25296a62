"""People and groups in scenarios."""

from marshmallow import ValidationError, fields, validate

from mock_server.access import GlobalPermission
from mock_server.domain.logins import SCENARIO_COST, hash_password
from mock_server.nouns.noun import ID, NAME, EntrySchema, Noun, Rows, Seeding, Tables, without
from mock_server.settings import is_zone

_HASH = r"^scrypt\$[0-9]{1,7}\$[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+$"


def _check_zone(name: str) -> None:
    if not is_zone(name):
        raise ValidationError("Not the name of a time zone such as Europe/Berlin.")


class PersonEntry(EntrySchema):
    """A person with all three identities. Without a password nobody can log in as them by name and password.

    ``password_hash`` stands instead of ``password`` in a world that was written out.
    """

    name = fields.String(required=True, validate=NAME)
    key = fields.String(required=True, validate=NAME)
    account_id = fields.String(required=True, validate=NAME)
    display_name = fields.String(required=True, validate=NAME)
    email = fields.String(required=True, validate=NAME)
    password = fields.String(load_default=None)
    password_hash = fields.String(load_default=None, validate=validate.Regexp(_HASH))
    active = fields.Boolean(load_default=True)
    time_zone = fields.String(load_default="UTC", validate=_check_zone)
    locale = fields.String(load_default="en_US")
    avatar_id = fields.Integer(load_default=10122, strict=True, validate=ID)


class GroupEntry(EntrySchema):
    """A Jira group, the people in it by name, and the global permissions it holds."""

    name = fields.String(required=True, validate=NAME)
    group_id = fields.UUID(required=True)
    people = fields.List(fields.String(), load_default=list)
    global_permissions = fields.List(
        fields.String(validate=validate.OneOf([p.value for p in GlobalPermission])), load_default=list
    )


def _write_people(seeding: Seeding) -> None:
    for entry in seeding.entries["people"]:
        row = without(entry, "password")
        if entry["password"]:
            row["password_hash"] = hash_password(entry["password"], SCENARIO_COST)
        seeding.made("people", entry["name"], seeding.store.insert_row("people", **row))


def _people(tables: Tables) -> Rows:
    return [{**without(row, "id"), "active": bool(row["active"])} for row in tables["people"]]


def _write_groups(seeding: Seeding) -> None:
    store = seeding.store
    for entry in seeding.entries["groups"]:
        group = store.insert_row("groups", name=entry["name"], group_id=str(entry["group_id"]))
        seeding.made("groups", entry["name"], group)
        for name in entry["people"]:
            store.insert_row("group_members", group_id=group, person_id=seeding.row_of("people", name))
        for permission in entry["global_permissions"]:
            store.insert_row("global_permissions", permission=permission, group_id=group)


def _groups(tables: Tables) -> Rows:
    return [
        {
            "name": row["name"],
            "group_id": row["group_id"],
            "people": [tables.name("people", link["person_id"]) for link in tables.of("group_members", "group_id", row["id"])],
            "global_permissions": [held["permission"] for held in tables.of("global_permissions", "group_id", row["id"])],
        }
        for row in tables["groups"]
    ]


PEOPLE = Noun("people", PersonEntry, _write_people, _people, unique=("name", "key", "account_id"))
GROUPS = Noun(
    "groups",
    GroupEntry,
    _write_groups,
    _groups,
    unique=("name", "group_id"),
    sets=(("", "people[]"), ("", "global_permissions[]")),
    references=(("people[]", "people"),),
)
