"""Whole numbers in bodies: no fractions, no true and false; as text, too, which clients in use send."""

import re
from typing import Any

from marshmallow import ValidationError, fields

INT32_MOST = 2**31 - 1
INT64_MOST = 2**63 - 1
_DIGITS = re.compile("-?[0-9]{1,19}")


class WholeNumber(fields.Field[Any]):
    """A whole number from ``least`` to ``most``, also as its digits in a text or with a fraction of zero."""

    def __init__(self, *, least: int, most: int = INT64_MOST, **settings: Any) -> None:
        super().__init__(metadata={"type": ["integer", "string"], "examples": [max(1, least)]}, **settings)
        self._least, self._most = least, most

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        number = value
        is_digits = isinstance(value, str) and _DIGITS.fullmatch(value)
        if is_digits or (isinstance(value, float) and value.is_integer() and abs(value) < 2**53):
            number = int(value)
        if not isinstance(number, int) or isinstance(number, bool) or not self._least <= number <= self._most:
            raise ValidationError(f"must be a whole number from {self._least} to {self._most}.")
        return number


class Int32(WholeNumber):
    """A whole number of 32 bits, as the vendor's OpenAPI declares most ids."""

    def __init__(self, *, least: int = -INT32_MOST - 1, **settings: Any) -> None:
        super().__init__(least=least, most=INT32_MOST, **settings)
