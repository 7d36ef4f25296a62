"""The switchable assumptions of one world, with their present values."""

from collections.abc import Iterable, Mapping

from mock_server.assumptions import ASSUMPTIONS, Assumption
from mock_server.errors import Invalid

TIME_ZONE = "jira.timeZone"
LONGEST_TEXT = 128
"""Characters of a setting that is a text."""


class Settings:
    """Setting name -> value. Names and values are checked when they are set, so readers need not."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._known = {a.name: a for a in ASSUMPTIONS if a.choices or a.whole or a.is_text or a.name == TIME_ZONE}
        self._values = {name: assumption.default for name, assumption in self._known.items()}
        if values:
            self.update(values)

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def is_on(self, name: str) -> bool:
        """Whether an on/off setting is on."""
        return self._values[name] == "on"

    def number(self, name: str) -> int | None:
        """The value of a setting that takes a whole number, or None when it is one of its choices instead."""
        value = self._values[name]
        return int(value) if value.isdecimal() else None

    def as_dict(self) -> dict[str, str]:
        """A copy of all values."""
        return dict(self._values)

    def changed(self) -> dict[str, str]:
        """The values that differ from the defaults."""
        return {name: value for name, value in self._values.items() if value != self._known[name].default}

    def update(self, values: Mapping[str, str | int | None]) -> None:
        """Set several at once, all or none; None is the default again. A whole number may be one or its digits.

        Raises ``Invalid`` naming what is wrong and the nearest right name.
        """
        self._values |= {name: self._checked(name, value) for name, value in values.items()}

    def replace(self, values: Mapping[str, str]) -> None:
        """Make these all the values, as ``as_dict`` gave them."""
        self._values = dict(values)

    def _checked(self, name: str, value: object) -> str:
        assumption: Assumption | None = self._known.get(name)
        if assumption is None:
            if any(fixed.name == name for fixed in ASSUMPTIONS):
                raise Invalid(f"{name} is an assumption that nothing switches.")
            raise Invalid(f"There is no setting {name}.{_nearest(name, self._known)}")
        if value is None:
            return assumption.default
        if name == TIME_ZONE:
            if not isinstance(value, str) or not is_zone(value):
                raise Invalid(f"The setting {name} takes the name of a time zone such as Europe/Berlin, not {value}.")
            return value
        if assumption.is_text:
            if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
                raise Invalid(f"The setting {name} takes a text of 1 to {LONGEST_TEXT} characters, not {str(value)[:60]!r}.")
            return value
        # True is a whole number to Python, and to nobody else.
        text = str(value) if type(value) is int and assumption.whole else value
        if not isinstance(text, str) or not (text in assumption.choices or _is_whole(text, assumption.whole)):
            raise Invalid(f"The setting {name} takes {', '.join(choices_of(assumption))}, not {value}.")
        return text


def choices_of(assumption: Assumption) -> list[str]:
    """What a setting takes, for people to read."""
    if assumption.name == TIME_ZONE:
        return ["any zone name"]
    if assumption.is_text:
        return ["any text"]
    whole = assumption.whole
    return [*assumption.choices, *([f"a whole number from {whole[0]} to {whole[-1]}"] if whole else [])]


def parse_assignments(texts: Iterable[str]) -> dict[str, str]:
    """``NAME=VALUE`` texts as a mapping. Raises ``Invalid`` for one without an equals sign."""
    values: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise Invalid(f"A setting is given as NAME=VALUE, not {text}.")
        values[name.strip()] = value.strip()
    return values


def _nearest(name: str, known: Iterable[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f" Did you mean {near[0]}?" if near else ""


def _is_whole(text: str, allowed: range | None) -> bool:
    # Written as Python writes it, so that one number is one text.
    if not allowed or not (text.isascii() and text.isdecimal() and len(text) <= 9):
        return False
    return int(text) in allowed and str(int(text)) == text


def is_zone(name: str) -> bool:
    """Whether this is the name of a time zone."""
    if name == "UTC":
        return True
    # Imported where a zone is in use: start-up time is a feature.
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
