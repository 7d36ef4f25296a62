"""Workload schemes and holiday schemes in scenarios. Whoever is in none of them is in the default one."""

import json
from collections.abc import Iterator
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from mock_server.nouns.days import MOST_DAYS, WEEKDAYS, day_after
from mock_server.nouns.noun import ID, TEXT, Entries, EntrySchema, Noun, Row, Rows, Seeding, Tables, only
from mock_server.storage import scheme_members
from mock_server.storage.scheme_members import Kind

_DAY = 86400


class Week(fields.Field[Any]):
    """Seconds of each day: seven numbers from Monday to Sunday, or an object of them by weekday without the free days."""

    def __init__(self) -> None:
        seconds = {"type": "integer", "minimum": 0, "maximum": _DAY}
        row = {"type": "array", "items": seconds, "minItems": 7, "maxItems": 7}
        named = {"type": "object", "properties": dict.fromkeys(WEEKDAYS, seconds), "additionalProperties": False}
        super().__init__(required=True, metadata={"oneOf": [row, named]})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> list[int]:
        if isinstance(value, dict) and not value.keys() - set(WEEKDAYS):
            value = [value.get(day, 0) for day in WEEKDAYS]
        if isinstance(value, list) and len(value) == len(WEEKDAYS) and all(map(_is_seconds, value)):
            return [int(seconds) for seconds in value]
        raise ValidationError("Not seven numbers of seconds from Monday to Sunday, nor seconds by MONDAY to SUNDAY.")


class WorkloadSchemeEntry(EntrySchema):
    """A workload scheme and the people in it by name; one of the schemes is the default."""

    id = fields.Integer(load_default=None, strict=True, validate=ID)
    name = fields.String(required=True, validate=TEXT)
    description = fields.String(load_default="")
    week = Week()
    default = fields.Boolean(load_default=False)
    members = fields.List(fields.String(), load_default=list)


class HolidayEntry(EntrySchema):
    """A holiday: a FIXED one comes every year, a FLOATING one once. ``duration`` is seconds.

    A FLOATING one may be ``date_in`` days from the day of the world's clock, or on the first ``weekday`` from there on.
    """

    id = fields.Integer(load_default=None, strict=True, validate=ID)
    type = fields.String(load_default="FIXED", validate=validate.OneOf(["FIXED", "FLOATING"]))
    date = fields.Date(load_default=None)
    date_in = fields.Integer(load_default=None, strict=True, validate=validate.Range(-MOST_DAYS, MOST_DAYS))
    weekday = fields.String(load_default=None, validate=validate.OneOf(WEEKDAYS))
    name = fields.String(required=True, validate=TEXT)
    description = fields.String(load_default="")
    duration = fields.Integer(required=True, strict=True, validate=validate.Range(1, _DAY))

    @validates_schema
    def need_one_date(self, data: dict[str, Any], **_: Any) -> None:
        """A holiday has a date, or one counted from the clock."""
        if (data["date"] is None) == (data["date_in"] is None):
            raise ValidationError("Give date or date_in, and not both.")
        if data["date_in"] is None and data["weekday"] is not None:
            raise ValidationError("Only a holiday with date_in has a weekday.", "weekday")
        if data["date_in"] is not None and data["type"] == "FIXED":
            raise ValidationError("Only a FLOATING holiday is counted from the clock.", "date_in")


class HolidaySchemeEntry(EntrySchema):
    """A holiday scheme with its holidays, and the people in it by name; one of the schemes is the default."""

    id = fields.Integer(load_default=None, strict=True, validate=ID)
    name = fields.String(required=True, validate=TEXT)
    description = fields.String(load_default="")
    default = fields.Boolean(load_default=False)
    members = fields.List(fields.String(), load_default=list)
    holidays = fields.List(fields.Nested(HolidayEntry), load_default=list)


def _write_workload_schemes(seeding: Seeding) -> None:
    _begin(seeding, Kind.WORKLOAD, "workload_schemes")
    for entry in seeding.entries["workload_schemes"]:
        _write_scheme(seeding, Kind.WORKLOAD, entry, week=json.dumps(entry["week"]))


def _write_holiday_schemes(seeding: Seeding) -> None:
    _begin(seeding, Kind.HOLIDAY, "holiday_schemes")
    today = seeding.now.date()
    holidays: Rows = []
    for entry in seeding.entries["holiday_schemes"]:
        scheme_id = _write_scheme(seeding, Kind.HOLIDAY, entry)
        for holiday in entry["holidays"]:
            day = holiday["date"] or day_after(today, holiday["date_in"], holiday["weekday"])
            row = only(holiday, "id", "type", "name", "description", "duration")
            holidays.append({**row, "scheme_id": scheme_id, "date": day.isoformat()})
    # Those without an id come after the ids that are given.
    for row in sorted(holidays, key=lambda row: row["id"] is None):
        seeding.store.insert_row("holidays", **row)


def _begin(seeding: Seeding, kind: Kind, noun: str) -> None:
    # A new world is born with a scheme, which those of a scenario take the place of.
    if seeding.entries[noun]:
        scheme_members.forget(seeding.store, kind)


def _write_scheme(seeding: Seeding, kind: Kind, entry: Row, **more: Any) -> int:
    row = {**only(entry, "id", "name", "description"), "is_default": int(entry["default"]), **more}
    scheme_id = seeding.store.insert_row(f"{kind}s", **row)
    for name in entry["members"]:
        seeding.store.insert_row(f"{kind}_members", person_id=seeding.row_of("people", name), scheme_id=scheme_id)
    return scheme_id


def _workload_schemes(tables: Tables) -> Rows:
    return [{**_scheme(tables, Kind.WORKLOAD, row), "week": json.loads(row["week"])} for row in tables["workload_schemes"]]


def _holiday_schemes(tables: Tables) -> Rows:
    same = ("id", "type", "date", "name", "description", "duration")
    return [
        {
            **_scheme(tables, Kind.HOLIDAY, row),
            "holidays": [only(holiday, *same) for holiday in tables.of("holidays", "scheme_id", row["id"])],
        }
        for row in tables["holiday_schemes"]
    ]


def _scheme(tables: Tables, kind: Kind, row: Row) -> Row:
    members = [tables.name("people", held["person_id"]) for held in tables.of(f"{kind}_members", "scheme_id", row["id"])]
    return {**only(row, "id", "name", "description"), "default": bool(row["is_default"]), "members": members}


def _problems_of_workload_schemes(entries: Entries) -> Iterator[tuple[int, str]]:
    return _problems(entries["workload_schemes"])


def _problems_of_holiday_schemes(entries: Entries) -> Iterator[tuple[int, str]]:
    return _problems(entries["holiday_schemes"])


def _problems(schemes: Rows) -> Iterator[tuple[int, str]]:
    defaults = [index for index, scheme in enumerate(schemes, 1) if scheme["default"]]
    if len(defaults) > 1:
        yield defaults[1], f"default: entry {defaults[0]} is the default already"
    if schemes and not defaults:
        yield 1, "default: one of the schemes must be the default"


def _is_seconds(value: Any) -> bool:
    # True is a whole number to Python, and to nobody else.
    return type(value) is int and 0 <= value <= _DAY


WORKLOAD_SCHEMES = Noun(
    "workload_schemes",
    WorkloadSchemeEntry,
    _write_workload_schemes,
    _workload_schemes,
    unique=("id",),
    unique_inside=("members[]",),
    references=(("members[]", "people"),),
    problems=_problems_of_workload_schemes,
)
HOLIDAY_SCHEMES = Noun(
    "holiday_schemes",
    HolidaySchemeEntry,
    _write_holiday_schemes,
    _holiday_schemes,
    unique=("id", "name"),
    unique_inside=("members[]", "holidays[].id"),
    references=(("members[]", "people"),),
    by_case=True,
    problems=_problems_of_holiday_schemes,
)
