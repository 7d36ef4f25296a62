"""The settings of a test's world as a mapping."""

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from mock_server.errors import Invalid
from mock_server.sites import Site

__tracebackhide__ = True

Value = str | int | bool | None
"""A value as tests write it: True is ``on``, None is the default again."""


class WorldSettings(MutableMapping[str, Any]):
    """Setting -> value, those of docs/assumptions.md; what is deleted is the default again.

    Raises ``ValueError`` with one sentence for a name or a value that there is not, and changes nothing then.
    """

    def __init__(self, site: Site) -> None:
        self._site = site

    def __repr__(self) -> str:
        return f"<settings of a Tempo world, not by default: {self._site.settings.changed()}>"

    def __getitem__(self, name: str) -> str:
        return self._site.settings[name]

    def __setitem__(self, name: str, value: Value) -> None:
        self.update({name: value})

    def __delitem__(self, name: str) -> None:
        self.update({name: None})

    def __iter__(self) -> Iterator[str]:
        return iter(self._site.settings.as_dict())

    def __len__(self) -> int:
        return len(self._site.settings.as_dict())

    def update(self, values: Any = (), /, **more: Any) -> None:
        """Set several at once, all or none."""
        try:
            self._site.settings.update(in_words({**dict(values), **more}))
        except Invalid as error:
            raise ValueError(str(error)) from None


def in_words(values: Mapping[str, Value]) -> dict[str, str | int | None]:
    """Values as the settings take them, which have words where Python has True."""
    return {name: ("on" if value else "off") if isinstance(value, bool) else value for name, value in values.items()}
