"""Moments in the files of a scenario."""

from typing import Any

from marshmallow import ValidationError, fields

from mock_server.moments import moment_text, parse_any_moment, parse_moment


class Moment(fields.String):
    """A moment in any form of ISO 8601; loaded as ``moment_text`` writes it, which is how rows are compared and ordered."""

    _parse = staticmethod(parse_moment)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return moment_text(self._parse(text))
        except ValueError:
            raise ValidationError("Not a moment such as 2013-11-15T09:00:00.000Z.") from None


class End(Moment):
    """When something ends, which may be on the last day there is."""

    _parse = staticmethod(parse_any_moment)
