"""Plans in scenarios; their days may be counted from the day of the world's clock."""

from datetime import date, timedelta
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from mock_server.domain.plan_approvals import STATUSES
from mock_server.domain.plan_days import Pattern, Rule, Span
from mock_server.domain.plans import MOST_DAYS as LONGEST
from mock_server.domain.plans import NO_TIME, WHOLE_DAY
from mock_server.nouns.days import FIRST_DAY, LAST_DAY, MOST_DAYS, WEEKDAYS, day_after
from mock_server.nouns.moments import Moment
from mock_server.nouns.noun import ID, EntrySchema, Noun, Row, Rows, Seeding, Tables, only
from mock_server.nouns.projects import project_key

_COUNTED = validate.Range(-MOST_DAYS, MOST_DAYS)
_COUNTED_NAMES = ("weekday", "days", "until_in")
_APPROVERS = ("requester", "reviewer", "decider")


class PlanApprovalEntry(EntrySchema):
    """Who asked whom to approve a plan, what became of it, and who decided; people by name."""

    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    requester = fields.String(load_default=None)
    reviewer = fields.String(load_default=None)
    decider = fields.String(load_default=None)


class PlanEntry(EntrySchema):
    """A plan of a person or a generic resource, for an issue or a project. Amounts are seconds.

    From ``start`` to ``end``, or on ``days`` days from the one that is ``start_in`` days after the world's, moved on to the
    first ``weekday``. It comes round until ``until``, or ``until_in`` days after the world's day. Out of it are
    ``removed_days``, or those so many days after its start: ``removed_after``.
    """

    id = fields.Integer(load_default=None, strict=True, validate=ID)
    person = fields.String(load_default=None)
    generic_resource = fields.Integer(load_default=None, strict=True, validate=ID)
    issue = fields.String(load_default=None)
    project = fields.String(load_default=None)
    start = fields.Date(load_default=None)
    end = fields.Date(load_default=None)
    start_in = fields.Integer(load_default=None, strict=True, validate=_COUNTED)
    weekday = fields.String(load_default=None, validate=validate.OneOf(WEEKDAYS))
    days = fields.Integer(load_default=None, strict=True, validate=validate.Range(1, LONGEST))
    start_time = fields.String(load_default=NO_TIME, validate=validate.Regexp(r"^([01][0-9]|2[0-3]):[0-5][0-9]$(?!\n)"))
    per_day = fields.Integer(load_default=None, strict=True, validate=validate.Range(1, WHOLE_DAY))
    total = fields.Integer(load_default=None, strict=True, validate=validate.Range(1, 2**63 - 1))
    rule = fields.String(load_default=Rule.NEVER.value, validate=validate.OneOf([rule.value for rule in Rule]))
    until = fields.Date(load_default=None)
    until_in = fields.Integer(load_default=None, strict=True, validate=_COUNTED)
    on_non_working_days = fields.Boolean(load_default=False)
    description = fields.String(load_default="")
    removed_days = fields.List(fields.Date(), load_default=list)
    removed_after = fields.List(fields.Integer(strict=True, validate=validate.Range(0, LONGEST)), load_default=list)
    approval = fields.Nested(PlanApprovalEntry, load_default=None)
    creator = fields.String(load_default=None)
    created_at = Moment(load_default=None)
    updated_at = Moment(load_default=None)

    @validates_schema
    def need_a_plan(self, data: dict[str, Any], **_: Any) -> None:
        """A plan has one assignee, one subject, one start and one amount, and days that can be."""
        _refuse_two_ways(data)
        _refuse_impossible_days(data)


def _refuse_two_ways(data: Row) -> None:
    for one, other in (("person", "generic_resource"), ("issue", "project"), ("start", "start_in"), ("per_day", "total")):
        if (data[one] is None) == (data[other] is None):
            raise ValidationError(f"Give {one} or {other}, and not both.")
    if data["approval"] is not None and data["person"] is None:
        raise ValidationError("Plans of generic resources are not approved.", "approval")
    known, foreign = ("start", _COUNTED_NAMES) if data["start_in"] is None else ("start_in", ("end", "until"))
    for name in foreign:
        if data[name] is not None:
            raise ValidationError(f"It does not go with {known}.", name)
    if (data["rule"] == Rule.NEVER) != (data["until"] is None and data["until_in"] is None):
        raise ValidationError("Only a plan with a rule other than NEVER, and each of them, has until or until_in.", "rule")


def _refuse_impossible_days(data: Row) -> None:
    # Days counted from the clock are as far from each other on any day.
    pattern = pattern_of(data, date(2001, 1, 1))
    start, end, until = pattern.span.start, pattern.span.end, pattern.until
    is_counted = data["start_in"] is not None
    if end < start:
        raise ValidationError("A plan cannot end before it starts.", "end")
    last, first, name = (data["until_in"], data["start_in"], "until_in") if is_counted else (until, start, "until")
    if last is not None and last < first:
        raise ValidationError("A plan cannot come round for the last time before it starts.", name)
    if max(end, until or end) - start >= timedelta(days=LONGEST):
        raise ValidationError(f"A plan cannot last longer than {LONGEST} days.")
    if not is_counted or pattern.rule is Rule.NEVER:
        for day in pattern.removed:
            if not any(occurrence.start <= day <= occurrence.end for occurrence in pattern.occurrences()):
                raise ValidationError("A day that is not in the plan cannot be taken out of it.", "removed_days")
    if not any(pattern.stretches()):
        raise ValidationError("A plan cannot lose all of its days.", "removed_days")


def pattern_of(entry: Row, today: date) -> Pattern:
    """What decides the days of an entry, loaded, in a world that begins on this day."""
    if entry["start_in"] is None:
        start, until = entry["start"], entry["until"]
        end = entry["end"] or start
    else:
        start = day_after(today, entry["start_in"], entry["weekday"])
        end = day_after(start, (entry["days"] or 1) - 1)
        # Moved on to a weekday, the start may have passed it.
        until = None if entry["until_in"] is None else max(start, day_after(today, entry["until_in"]))
    left = LAST_DAY.toordinal() - start.toordinal()
    removed = {*entry["removed_days"], *(day_after(start, days) for days in entry["removed_after"] if days <= left)}
    return Pattern(
        Span(start, end), entry["per_day"], entry["total"], Rule(entry["rule"]), until, entry["on_non_working_days"],
        frozenset(removed),
    )  # fmt: skip


def _write(seeding: Seeding) -> None:
    # Those without an id come after the ids that are given.
    for entry in sorted(seeding.entries["plans"], key=lambda entry: entry["id"] is None):
        _write_plan(seeding, entry)


def _write_plan(seeding: Seeding, entry: Row) -> None:
    today = seeding.now.date()
    pattern = pattern_of(entry, today)
    # No stamp is in the future, on a day of no clock, or another one by the time of day: a template serves it all.
    created = entry["created_at"] or f"{max(min(pattern.span.start, today), FIRST_DAY)}T00:00:00.000Z"
    subject = entry["project"] or project_key(entry["issue"])
    approval = entry["approval"] or dict.fromkeys(("status", *_APPROVERS))
    plan_id = seeding.store.insert_row(
        "plans",
        **only(entry, "id", "start_time", "per_day", "total", "rule", "description"),
        person_id=seeding.row_of("people", entry["person"]),
        generic_resource_id=entry["generic_resource"],
        issue_id=seeding.row_of("issues", entry["issue"]),
        project_id=seeding.row_of("projects", subject),
        creator_id=seeding.row_of("people", entry["creator"]),
        start_date=str(pattern.span.start),
        end_date=str(pattern.span.end),
        until=str(pattern.until) if pattern.until else None,
        on_non_working_days=int(entry["on_non_working_days"]),
        status=approval["status"],
        **{f"{name}_id": seeding.row_of("people", approval[name]) for name in _APPROVERS},
        created_at=created,
        updated_at=entry["updated_at"] or created,
    )
    seeding.store.insert_rows("plan_removed_days", ("plan_id", "day"), ((plan_id, str(day)) for day in pattern.removed))
    # Occurrences that overlap may leave the same days twice.
    stretches = sorted(set(pattern.stretches()))
    rows = ((plan_id, str(stretch.start), str(stretch.end)) for stretch in stretches)
    seeding.store.insert_rows("plan_stretches", ("plan_id", "start_date", "end_date"), rows)


def _rows(tables: Tables) -> Rows:
    return [_row(tables, row) for row in tables["plans"]]


def _row(tables: Tables, row: Row) -> Row:
    same = ("id", "start_time", "per_day", "total", "rule", "until", "description", "created_at", "updated_at")
    approvers = {name: tables.name("people", row[f"{name}_id"]) for name in _APPROVERS}
    return {
        **only(row, *same),
        "person": tables.name("people", row["person_id"]),
        "generic_resource": row["generic_resource_id"],
        "issue": tables.key("issues", row["issue_id"]),
        "project": tables.key("projects", row["project_id"]) if row["issue_id"] is None else None,
        "start": row["start_date"],
        "end": row["end_date"],
        "on_non_working_days": bool(row["on_non_working_days"]),
        "removed_days": [held["day"] for held in tables.of("plan_removed_days", "plan_id", row["id"])],
        "approval": None if row["status"] is None else {"status": row["status"], **approvers},
        "creator": tables.name("people", row["creator_id"]),
    }


PLANS = Noun(
    "plans",
    PlanEntry,
    _write,
    _rows,
    unique=("id",),
    sets=(("", "removed_days[]"), ("", "removed_after[]")),
    references=(
        ("person", "people"),
        ("generic_resource", "generic_resources"),
        ("issue", "issues"),
        ("project", "projects"),
        ("creator", "people"),
        *((f"approval.{name}", "people") for name in _APPROVERS),
    ),
)
