"""Days and moments as Tempo Cloud reads them: in one form each, and none of the others that ISO 8601 knows."""

import re
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields

from mock_server.moments import moment_text, parse_moment

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_TIME = re.compile(_DAY.pattern + "T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})")
_MOMENT = re.compile(_DAY.pattern + "T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?Z")


class Day(fields.Field[Any]):
    """A day, ``yyyy-MM-dd``."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(metadata={"type": "string", "format": "date"}, **settings)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> date:
        try:
            if isinstance(value, str) and _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise ValidationError(f"'{attr}' must be valid on the format: 'yyyy-MM-dd'.")


class DayText(Day):
    """A day, kept as text, as rows are."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value, attr, data, **kwargs).isoformat()


class StampText(fields.Field[Any]):
    """A day, meaning its start in UTC, or a moment ``yyyy-MM-ddTHH:mm:ssZ``; kept as text, as rows are."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(metadata={"type": "string", "examples": ["2013-11-15T09:00:00Z"]}, **settings)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            if isinstance(value, str) and (_DAY.fullmatch(value) or _MOMENT.fullmatch(value)):
                return moment_text(parse_moment(value))
        except (ValueError, OverflowError):
            pass
        raise ValidationError(f"'{attr}' must be valid on the format: 'yyyy-MM-dd' or 'yyyy-MM-dd'T'HH:mm:ss'Z''.")


class MomentText(fields.Field[Any]):
    """A moment with its offset, ``yyyy-MM-ddTHH:mm:ssZ`` or ``+01:00``; kept as text in UTC, as rows are."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(metadata={"type": "string", "format": "date-time"}, **settings)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        try:
            if isinstance(value, str) and _DATE_TIME.fullmatch(value):
                return moment_text(parse_moment(value))
        except (ValueError, OverflowError):
            pass
        raise ValidationError(f"'{attr}' must be valid on the format: 'yyyy-MM-dd'T'HH:mm:ssZ'.")


def whole_seconds(moment: str) -> str:
    """A moment as it is kept, without its fraction."""
    return f"{moment[:19]}Z"
