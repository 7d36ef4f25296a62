"""marshmallow schemas as the one description of what goes over the wire, and the fast writer compiled from them.

Values inside are keyed in snake_case; wire names stand only in ``data_key``. A key that is absent stays absent on the
wire, a None is written as null.
"""

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from mock_server.errors import Invalid, numbered

Values = Mapping[str, Any]
Writer = Callable[[Values], dict[str, Any]]


class WireSchema(Schema):
    """Base of every schema: unknown members of a body are ignored, as Tempo's resources do; order is as written."""

    class Meta:
        unknown = EXCLUDE


class NotBlank(validate.Length):
    """As long as ``Length`` says, and not of blanks only."""

    def __call__(self, value: Any) -> Any:
        if value and not value.strip():
            raise ValidationError("must not be blank.")
        return super().__call__(value)


class Name(NotBlank):
    """A name: not of blanks only, of 255 characters at most, U+0000 none of them (assumption cloud.names)."""

    def __init__(self) -> None:
        super().__init__(min=1, max=255)

    def __call__(self, value: Any) -> Any:
        if "\0" in value:
            raise ValidationError("must not hold the character U+0000.")
        return super().__call__(value)


def compile_writer(schema: Schema) -> Writer:
    """A function that answers what ``schema.dump`` answers, for values of the declared types, without its checks.

    Writing is the hot path of a read; a property test holds the two equal for every schema.
    """
    names: dict[str, Any] = {}
    lines = ["def write(o):", " d = {}"]
    for attribute, field in schema.dump_fields.items():
        key = field.data_key or attribute
        inner = field.inner if isinstance(field, fields.List) else field
        value = f"o[{attribute!r}]"
        if isinstance(inner, fields.Nested):
            writer = f"w{len(names)}"
            names[writer] = compile_writer(inner.schema)
            many = isinstance(field, fields.List) or inner.many
            written = f"[{writer}(x) for x in {value}]" if many else f"{writer}({value})"
            value = f"None if {value} is None else {written}"
        lines += [f" if {attribute!r} in o:", f"  d[{key!r}] = {value}"]
    lines.append(" return d")
    exec("\n".join(lines), names)
    writer_function: Writer = names["write"]
    return writer_function


def query_values(schema: Schema, given: Mapping[str, list[str]]) -> dict[str, Any]:
    """The parameters of a query as a schema reads them: all values of a repeated one, the first of any other."""
    values: dict[str, Any] = {}
    for attribute, field in schema.load_fields.items():
        name = field.data_key or attribute
        if name in given:
            values[name] = given[name] if isinstance(field, fields.List) else given[name][0]
    return values


def load(schema: Schema, data: object) -> dict[str, Any]:
    """Checked values of a body or query. Raises ``Invalid`` with a text for each wrong field."""
    try:
        values: dict[str, Any] = schema.load(data)  # type: ignore[arg-type]
    except ValidationError as error:
        raise Invalid(fields=_flat(error.messages)) from None
    return values


def load_each(schema: Schema, entries: list[object]) -> list[dict[str, Any]]:
    """Checked values of a body that is a list. Raises ``Invalid`` with the wrong fields of all entries, by their index."""
    values: list[dict[str, Any]] = []
    wrong: dict[str, str] = {}
    for index, entry in enumerate(entries):
        try:
            with numbered(index):
                values.append(load(schema, entry))
        except Invalid as error:
            wrong |= error.fields
    if wrong:
        raise Invalid(fields=wrong)
    return values


def _flat(messages: object, path: str = "") -> dict[str, str]:
    if isinstance(messages, dict):
        found: dict[str, str] = {}
        for name, inner in messages.items():
            whole = path if name == "_schema" else f"{path}.{name}" if path else str(name)
            found.update(_flat(inner, whole or "body"))
        return found
    if isinstance(messages, list):
        return {path: " ".join(str(message) for message in messages)}
    return {path: str(messages)}
