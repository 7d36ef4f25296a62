"""What a scenario says of generic resources, and how that becomes rows."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from marshmallow import fields, validate

from mock_server.moments import moment_text
from mock_server.scenario_entries import EntrySchema
from mock_server.scenario_moments import Moment
from mock_server.storage.store import Store

_ID = validate.Range(min=1, max=2**31 - 1)


class AssignmentEntry(EntrySchema):
    """A team, by id, that a generic resource is in; without ``assigned_at`` since the resource was made."""

    team = fields.Integer(required=True, strict=True, validate=_ID)
    assigned_by = fields.String(load_default=None)
    assigned_at = Moment(load_default=None)


class GenericResourceEntry(EntrySchema):
    """A generic resource; people by name. Without ``created_at`` it is made when the world begins."""

    id = fields.Integer(load_default=None, strict=True, validate=_ID)
    name = fields.String(required=True, validate=validate.Length(min=1))
    created_by = fields.String(load_default=None)
    created_at = Moment(load_default=None)
    updated_by = fields.String(load_default=None)
    updated_at = Moment(load_default=None)
    teams = fields.List(fields.Nested(AssignmentEntry), load_default=list)


def write_generic_resources(
    store: Store, entries: list[dict[str, Any]], people: Mapping[str | None, int], now: datetime
) -> None:
    """Write the entries, loaded and checked, as rows; ``people`` maps names to rows. Their teams are there already."""
    for entry in entries:
        created = entry["created_at"] or moment_text(now)
        resource_id = store.insert_row(
            "generic_resources",
            id=entry["id"],
            name=entry["name"],
            created_at=created,
            created_by=people.get(entry["created_by"]),
            updated_at=entry["updated_at"] or created,
            updated_by=people.get(entry["updated_by"] or entry["created_by"]),
        )
        for assignment in entry["teams"]:
            store.insert_row(
                "team_generic_resources",
                team_id=assignment["team"],
                generic_resource_id=resource_id,
                assigned_at=assignment["assigned_at"] or created,
                assigned_by=people.get(assignment["assigned_by"]),
            )
