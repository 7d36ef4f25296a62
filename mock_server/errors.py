"""What can go wrong, said as facts. Each face words them in its own dialect."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager


class Fact(Exception):  # noqa: N818 - a fact about a request, not a failure of the program
    """Something about a request that ends it. Nothing of the request's transaction is kept."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(Fact):
    """The thing named does not exist, or the caller may not know that it does."""


class Gone(Fact):
    """What was there once and is not served any more."""


class Conflict(Fact):
    """Something else is there or under way that excludes this."""


class Refused(Fact):
    """The caller is known and may not do this."""


class Invalid(Fact):
    """The request cannot be understood or breaks a rule.

    ``fields`` maps a field's wire name to what is wrong with it; ``message`` is empty when the fields say it all.
    ``further`` are more messages beside the first.
    """

    def __init__(self, message: str = "", fields: Mapping[str, str] | None = None, further: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.fields: dict[str, str] = dict(fields or {})
        self.further = tuple(further)

    @property
    def messages(self) -> list[str]:
        """Every message that is not about one field."""
        return [*([self.message] if self.message else []), *self.further]

    def __str__(self) -> str:
        return "; ".join([*self.messages, *(f"{k}: {v}" for k, v in self.fields.items())])


class NotLoggedIn(Fact):
    """Nobody, or somebody whose credentials were not accepted.

    ``rejected`` is true when credentials were given and wrong, false when there were none.
    """

    def __init__(self, message: str, *, rejected: bool = False) -> None:
        super().__init__(message)
        self.rejected = rejected


class LoginFailed(Fact):
    """Name and password sent to a log-in resource were not accepted."""


class WrongMediaType(Fact):
    """The body is declared to be something else than what the resource reads."""


class NotAllowed(Fact):
    """The resource exists and does not know this verb."""


class TooLarge(Fact):
    """The body is larger than the server reads."""


@contextmanager
def numbered(index: int) -> Iterator[None]:
    """Raises an ``Invalid`` from inside the block anew, saying by its place from 0 which entry of a list is wrong."""
    try:
        yield
    except Invalid as error:
        messages = [f"[{index}]: {text}" for text in error.messages] or [""]
        fields = {f"[{index}].{name}": text for name, text in error.fields.items()}
        raise Invalid(messages[0], fields, messages[1:]) from error


class Unusable(Exception):  # noqa: N818 - shown to the person at the console as one sentence
    """The program cannot start or go on: one sentence with the way out, and the exit code documented in ``--help``."""

    def __init__(self, sentence: str, exit_code: int) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code
