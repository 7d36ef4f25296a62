"""What a check may say. Every function raises `Unmet` with the answer in question, what was expected and what came."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from conformance.calls import Answer, Unmet
from conformance.shapes import Shape, kind_of

JSON_TYPE = "application/json;charset=UTF-8"
SUCCESS = "2xx"


def that(answer: Answer, holds: object, expected: str, got: str) -> None:
    """Raises Unmet unless `holds` is true."""
    if not holds:
        raise Unmet(expected, got, answer)


def equal(answer: Answer, what: str, got: object, wanted: object) -> None:
    """`what` (for the reader) has the wanted value."""
    that(answer, got == wanted, f"{what} = {_show(wanted)}", f"{what} = {_show(got)}")


def one_of(answer: Answer, what: str, got: object, wanted: Collection[object]) -> None:
    """`what` has one of the wanted values."""
    that(answer, got in wanted, f"{what} = {' or '.join(_show(value) for value in wanted)}", f"{what} = {_show(got)}")


def same_set(answer: Answer, what: str, got: Collection[Any], wanted: Collection[Any]) -> None:
    """`what` holds the wanted values, each once, in any order."""
    that(
        answer,
        sorted(got, key=str) == sorted(wanted, key=str),
        f"{what} = {_show(sorted(wanted, key=str))} in any order",
        f"{what} = {_show(list(got))}",
    )


def status(answer: Answer, *wanted: int) -> Answer:
    """The status is one of the wanted ones."""
    that(answer, answer.status in wanted, f"status {' or '.join(map(str, wanted))}", f"status {answer.status}")
    return answer


def success(answer: Answer) -> Answer:
    """The status is 2xx."""
    that(answer, answer.ok, "a 2xx status", f"status {answer.status}")
    return answer


def json_object(answer: Answer) -> dict[str, Any]:
    """A 2xx answer whose body is one JSON object."""
    content = success(answer).json()
    that(answer, isinstance(content, dict), "one JSON object", kind_of(content))
    return dict(content)


def json_list(answer: Answer) -> list[Any]:
    """A 2xx answer whose body is a bare JSON array."""
    content = success(answer).json()
    that(answer, isinstance(content, list), "a bare JSON array", _container(content))
    return list(content)


def objects(answer: Answer) -> list[dict[str, Any]]:
    """A 2xx answer whose body is a bare JSON array of objects."""
    content = json_list(answer)
    for index, item in enumerate(content):
        that(answer, isinstance(item, dict), f"an object at [{index}]", kind_of(item))
    return content


def shape(answer: Answer, value: object, wanted: Shape, where: str = "") -> None:
    """A value of the answer has a shape; all deviations are reported at once."""
    faults = list(wanted.faults(value, where))
    that(answer, not faults, f"{wanted.title}{f' at {where}' if where else ''}", "; ".join(faults))


def error_body(answer: Answer) -> None:
    """The body is Jira's error object, `errorMessages` (texts) and `errors` (texts by field), and says something."""
    content = answer.json()
    that(answer, isinstance(content, dict), "an error object with errorMessages and errors", kind_of(content))
    messages, fields = content.get("errorMessages", []), content.get("errors", {})
    that(
        answer,
        isinstance(messages, list) and all(isinstance(text, str) for text in messages),
        "errorMessages as a list of texts",
        f"errorMessages = {_show(messages)}",
    )
    that(
        answer,
        isinstance(fields, dict) and all(isinstance(text, str) for text in fields.values()),
        "errors as an object of texts by field",
        f"errors = {_show(fields)}",
    )
    that(answer, any(messages) or any(fields.values()), "errorMessages or errors that say something", "neither does")


def no_body(answer: Answer) -> None:
    """The body is empty."""
    that(answer, not answer.text.strip(), "no body", f"a body of {len(answer.text)} characters")


def content_type(answer: Answer) -> None:
    """The header is exactly the one Jira sends."""
    equal(answer, "Content-Type", answer.headers.get("content-type"), JSON_TYPE)


def without_members(answer: Answer, names: Collection[str]) -> None:
    """None of the member names occurs anywhere in the body."""
    found = [where for where, name in _members(answer.json(), "") if name in names]
    that(answer, not found, f"no member called {', '.join(sorted(names))}", f"found {', '.join(found[:5])}")


def _members(value: object, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield f"{where}.{name}".lstrip("."), name
            yield from _members(item, f"{where}.{name}".lstrip("."))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _members(item, f"{where}[{index}]")


def _container(content: object) -> str:
    if isinstance(content, dict):
        return f"an object with the members {', '.join(list(content)[:8]) or '(none)'}"
    return kind_of(content)


def _show(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 300 else f"{text[:300]} ..."
