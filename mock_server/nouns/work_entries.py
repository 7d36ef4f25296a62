"""Work in scenarios: entries of work attributes and of worklogs, and the days that a worklog stands for.

A worklog is one of a day, or the same one on every wanted day of a range; days may be counted back from the world's day.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from mock_server.domain.work_attributes import TYPES
from mock_server.nouns.days import FIRST_DAY, LAST_DAY, MOST_DAYS, WEEKDAYS, day_after
from mock_server.nouns.moments import Moment
from mock_server.nouns.noun import ID, NAME, TEXT, EntrySchema

_SECONDS = 2**63 - 1

IN_JIRA = ("apart", "as_it_is", "in_its_day")
"""How Jira has a worklog of Tempo's: the names of the values of ``in_jira``."""


class WorkAttributeEntry(EntrySchema):
    """An extra field of worklogs. ``labels`` of a static list: each value that a worklog may have, and how it is shown."""

    id = fields.Integer(load_default=None, strict=True, validate=ID)
    key = fields.String(required=True, validate=TEXT)
    name = fields.String(required=True, validate=NAME)
    type = fields.String(load_default="INPUT_FIELD", validate=validate.OneOf(TYPES))
    required = fields.Boolean(load_default=False)
    labels = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)

    @validates_schema
    def need_labels_for_a_list(self, data: dict[str, Any], **_: Any) -> None:
        """A static list has labels, and nothing else has."""
        if (data["type"] == "STATIC_LIST") != bool(data["labels"]):
            raise ValidationError("A STATIC_LIST needs labels, and no other type has them.", "labels")


class DaysAgo(fields.Field[Any]):
    """A number of days before the world's day, or a range of two such numbers: the first day, then the last."""

    def __init__(self) -> None:
        number = {"type": "integer", "minimum": -MOST_DAYS, "maximum": MOST_DAYS}
        span = {"type": "array", "items": number, "minItems": 2, "maxItems": 2}
        super().__init__(load_default=None, metadata={"oneOf": [number, span]})

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int | tuple[int, int]:
        if _is_number_of_days(value):
            return int(value)
        if isinstance(value, list) and len(value) == 2 and all(map(_is_number_of_days, value)) and value[0] >= value[1]:
            return int(value[0]), int(value[1])
        raise ValidationError("Not a number of days such as 3, or a range such as [90, 0] with the earlier day first.")


class WorklogEntry(EntrySchema):
    """A worklog, or the same one on the ``weekdays`` of a range of days. Times and amounts are seconds.

    ``entered_in`` says in which of the two products it was entered. Without ids it gets the next ones in the order of days;
    ids, stamps and how Jira has it stand in a world that was written out.
    """

    id = fields.Integer(load_default=None, strict=True, validate=ID)
    jira_id = fields.Integer(load_default=None, strict=True, validate=ID)
    issue = fields.String(required=True)
    person = fields.String(required=True)
    start_date = fields.Date(load_default=None)
    days_ago = DaysAgo()
    weekdays = fields.List(fields.String(validate=validate.OneOf(WEEKDAYS)), load_default=list)
    start_time = fields.String(
        load_default="08:00:00", validate=validate.Regexp(r"^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$(?!\n)")
    )
    time_spent = fields.Integer(required=True, strict=True, validate=validate.Range(1, _SECONDS))
    billable = fields.Integer(load_default=None, strict=True, validate=validate.Range(0, _SECONDS))
    description = fields.String(load_default="")
    attributes = fields.Dict(keys=fields.String(), values=fields.String(allow_none=True), load_default=dict)
    entered_in = fields.String(load_default="tempo", validate=validate.OneOf(["tempo", "jira"]))
    in_jira = fields.String(load_default=None, validate=validate.OneOf(IN_JIRA))
    created_at = Moment(load_default=None)
    updated_at = Moment(load_default=None)

    @validates_schema
    def need_one_day_or_range(self, data: dict[str, Any], **_: Any) -> None:
        """A worklog is of a day or of a range, and only one of a day has an identity and a past."""
        asked = data["days_ago"]
        if (data["start_date"] is None) == (asked is None):
            raise ValidationError("Give start_date or days_ago, and not both.")
        if isinstance(asked, tuple):
            own = [name for name in ("id", "jira_id", "in_jira", "created_at", "updated_at") if data[name] is not None]
            if own:
                raise ValidationError("A worklog of many days cannot have one.", own[0])
        elif data["weekdays"]:
            raise ValidationError("Only a worklog with a range of days_ago has weekdays.", "weekdays")


def days_of(entry: Mapping[str, Any], today: date) -> list[date]:
    """The days that an entry of worklogs stands for, in order.

    Days before the calendar begins or after it ends are left out of a range; a single one is moved into it.
    """
    if entry["start_date"] is not None:
        return [entry["start_date"]]
    asked, number, first, last = entry["days_ago"], today.toordinal(), FIRST_DAY.toordinal(), LAST_DAY.toordinal()
    if not isinstance(asked, tuple):
        return [day_after(today, -asked)]
    # The calendar's day 1 is a Monday.
    wanted = {WEEKDAYS.index(name) for name in entry["weekdays"] or WEEKDAYS}
    days = range(max(number - asked[0], first), min(number - asked[1], last) + 1)
    return [date.fromordinal(day) for day in days if (day - 1) % 7 in wanted]


def _is_number_of_days(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and -MOST_DAYS <= value <= MOST_DAYS
