"""Answers as traps change them or make them up, in the dialect of Tempo Cloud."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from mock_server.faults.effects import phrase
from mock_server.faults.exchange import Answer, Effect, Exchange

HTML = "text/html;charset=UTF-8"
JSON = "application/json"


def content_of(answer: Answer) -> Any:
    """The JSON of an answer that went well, or None."""
    types = [value for name, value in answer.headers if name.lower() == "content-type"]
    if not answer.status.startswith("200") or not any(value.startswith(JSON) for value in types) or not answer.body:
        return None
    return json.loads(answer.body)


def with_content(answer: Answer, content: Any) -> Answer:
    """The answer with other JSON."""
    return answer.saying(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode())


def stating(status: int, content: Any, *headers: tuple[str, str]) -> Answer:
    """An answer of JSON."""
    return Answer(_status(status), headers).saying(json.dumps(content).encode(), JSON)


def page(status: int) -> Answer:
    """What a gateway answers: a short page of HTML."""
    return Answer(_status(status)).saying(f"<html><body>{_status(status)}</body></html>".encode(), HTML)


def _status(status: int) -> str:
    return f"{status} {phrase(status)}"


def items_of(content: Any) -> list[dict[str, Any]]:
    """The objects that an answer is about: the results of a list, the entries of a bulk, or the one object."""
    if isinstance(content, dict):
        results = content.get("results")
        return results if isinstance(results, list) else [content]
    return [item for item in content if isinstance(item, dict)] if isinstance(content, list) else []


def changing(change: Callable[[Exchange, Any], None]) -> Effect:
    """An effect that lets the faces answer and ``change`` alter the JSON of what went well."""

    def effect(exchange: Exchange) -> Iterable[bytes]:
        answer = exchange.answer()
        content = content_of(answer)
        if content is None:
            return exchange.send(answer)
        change(exchange, content)
        return exchange.send(with_content(answer, content))

    return effect


def emptied(content: Any) -> None:
    """Take everything out of a list, with the link to its next page; other answers stay as they are."""
    if isinstance(content, dict) and isinstance(content.get("results"), list):
        content["results"] = []
        metadata = content.get("metadata")
        if isinstance(metadata, dict):
            metadata.pop("next", None)
            if "count" in metadata:
                metadata["count"] = 0
