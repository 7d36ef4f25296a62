"""Truth values that are sent: true and false, and none of the words and numbers that could be meant by them."""

from typing import Any

from marshmallow import ValidationError, fields


class Flag(fields.Boolean):
    """true or false, also as that word in a text, in any case: queries have no other, and clients in use send it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if isinstance(value, bool):
            return value
        word = value.lower() if isinstance(value, str) else ""
        if word not in ("true", "false"):
            raise ValidationError("must be true or false.")
        return word == "true"
