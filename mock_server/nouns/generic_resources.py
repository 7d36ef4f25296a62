"""Generic resources in scenarios."""

from marshmallow import fields

from mock_server.moments import moment_text
from mock_server.nouns.moments import Moment
from mock_server.nouns.noun import ID, TEXT, EntrySchema, Noun, Row, Rows, Seeding, Tables


class AssignmentEntry(EntrySchema):
    """A team, by id, that a generic resource is in; without ``assigned_at`` since the resource was made."""

    team = fields.Integer(required=True, strict=True, validate=ID)
    assigned_by = fields.String(load_default=None)
    assigned_at = Moment(load_default=None)


class GenericResourceEntry(EntrySchema):
    """A generic resource; people by name. Without ``created_at`` it is made when the world begins."""

    id = fields.Integer(load_default=None, strict=True, validate=ID)
    name = fields.String(required=True, validate=TEXT)
    created_by = fields.String(load_default=None)
    created_at = Moment(load_default=None)
    updated_by = fields.String(load_default=None)
    updated_at = Moment(load_default=None)
    teams = fields.List(fields.Nested(AssignmentEntry), load_default=list)


def _write(seeding: Seeding) -> None:
    for entry in seeding.entries["generic_resources"]:
        created = entry["created_at"] or moment_text(seeding.now)
        resource_id = seeding.store.insert_row(
            "generic_resources",
            id=entry["id"],
            name=entry["name"],
            created_at=created,
            created_by=seeding.row_of("people", entry["created_by"]),
            updated_at=entry["updated_at"] or created,
            updated_by=seeding.row_of("people", entry["updated_by"] or entry["created_by"]),
        )
        for assignment in entry["teams"]:
            seeding.store.insert_row(
                "team_generic_resources",
                team_id=assignment["team"],
                generic_resource_id=resource_id,
                assigned_at=assignment["assigned_at"] or created,
                assigned_by=seeding.row_of("people", assignment["assigned_by"]),
            )


def _rows(tables: Tables) -> Rows:
    return [_row(tables, row) for row in tables["generic_resources"]]


def _row(tables: Tables, row: Row) -> Row:
    people = {name: tables.name("people", row[name]) for name in ("created_by", "updated_by")}
    assigned = tables.of("team_generic_resources", "generic_resource_id", row["id"])
    teams = [
        {"team": held["team_id"], "assigned_by": tables.name("people", held["assigned_by"]), "assigned_at": held["assigned_at"]}
        for held in assigned
    ]
    return {**row, **people, "teams": teams}


GENERIC_RESOURCES = Noun(
    "generic_resources",
    GenericResourceEntry,
    _write,
    _rows,
    unique=("id",),
    sets=(("", "teams[].team"),),
    references=(
        ("created_by", "people"),
        ("updated_by", "people"),
        ("teams[].team", "teams"),
        ("teams[].assigned_by", "people"),
    ),
)
