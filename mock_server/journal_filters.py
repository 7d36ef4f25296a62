"""Which requests of a journal are meant: by method, path, caller and status."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from mock_server.errors import Invalid
from mock_server.patterns import path_fits

if TYPE_CHECKING:
    from mock_server.journal import Entry

ANONYMOUS = "anonymous"
NO_ANSWER = "none"
_STATUS = re.compile(r"[1-5](?:[0-9]{2}|xx)")


class Wanted(NamedTuple):
    """What an entry has to fit; None asks for nothing.

    ``path`` is a path with all below it, or a pattern for the whole path in which ``*`` stands for any characters;
    ``exact_path`` is that path alone. ``who`` is a name, ``anonymous`` for nobody. ``status`` is a number, a class such as
    ``4xx``, or ``none`` where there was no answer. ``after`` asks for numbers above it.
    """

    method: str | None = None
    path: str | None = None
    exact_path: str | None = None
    who: str | None = None
    status: str | None = None
    after: int = 0

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Wanted":
        """From texts and numbers by name, also by the names of JSON (``exactPath``). Raises ``Invalid``."""
        given = {("exact_path" if name == "exactPath" else name): value for name, value in values.items() if value is not None}
        unknown = sorted(set(given) - set(cls._fields))
        if unknown:
            known = ", ".join("exactPath" if name == "exact_path" else name for name in cls._fields)
            raise Invalid(f"Requests are told apart by {known}, not by {', '.join(unknown)}.")
        after = given.pop("after", 0)
        if isinstance(after, bool) or not isinstance(after, int) or after < 0:
            raise Invalid("after is a whole number from 0.")
        if isinstance(given.get("status"), int) and not isinstance(given["status"], bool):
            given["status"] = str(given["status"])
        for name, value in given.items():
            if not isinstance(value, str) or not value:
                raise Invalid(f"{'exactPath' if name == 'exact_path' else name} is a text.")
        status = given.get("status")
        if status is not None and status != NO_ANSWER and not _STATUS.fullmatch(status):
            raise Invalid(f"status is a number such as 403, a class such as 4xx, or {NO_ANSWER}.")
        if "method" in given:
            given["method"] = given["method"].upper()
        return cls(**given, after=after)

    def fits(self, entry: "Entry") -> bool:
        """Whether the entry is meant."""
        return (
            entry.number > self.after
            and self.method in (None, entry.method)
            and self.exact_path in (None, entry.path)
            and (self.who is None or self.who == (entry.who or ANONYMOUS))
            and (self.path is None or path_fits(self.path, entry.path))
            and (self.status is None or _status_fits(self.status, entry.status))
        )

    @property
    def words(self) -> str:
        """What is meant, as part of a sentence: ``GET /4/plans by fred answered 403``."""
        parts = [self.method or "request"]
        if self.exact_path or self.path:
            parts.append(f"{'' if self.method else 'to '}{self.exact_path or self.path}")
        if self.who:
            parts.append(f"by {self.who}")
        if self.status:
            parts.append("without an answer" if self.status == NO_ANSWER else f"answered {self.status}")
        if self.after:
            parts.append(f"after number {self.after}")
        return " ".join(parts)


def _status_fits(wanted: str, status: int | None) -> bool:
    if status is None or wanted == NO_ANSWER:
        return status is None and wanted == NO_ANSWER
    return str(status) == wanted or (wanted.endswith("xx") and str(status)[0] == wanted[0])
