"""Documents of Atlassian's format (ADF) and the plain text they say."""

from collections.abc import Mapping
from typing import Any

_LINES = frozenset({"codeBlock", "heading", "paragraph"})
"""Nodes that begin a line."""

MOST_DEPTH = 100
"""Levels that a document has at most, of lists and objects together."""


def of_text(text: str) -> dict[str, Any]:
    """A document with a paragraph for each line."""
    paragraphs = [
        {"type": "paragraph", "content": [{"type": "text", "text": line}] if line else []} for line in text.split("\n")
    ]
    return {"type": "doc", "version": 1, "content": paragraphs}


def is_document(value: object) -> bool:
    """Whether Jira takes it for a document: type doc, version 1, and a list of nodes, each with a type."""
    if not isinstance(value, Mapping) or value.get("type") != "doc" or value.get("version") != 1:
        return False
    is_first = type(value.get("version")) is int
    return is_first and _is_shallow(value, 0) and isinstance(value.get("content"), list) and _are_nodes(value["content"])


def text_of(document: Mapping[str, Any]) -> str:
    """What a document says, a line for each block."""
    lines: list[str] = []
    for node in document["content"]:
        _gather(node, lines)
    return "\n".join(lines)


def _is_shallow(value: object, depth: int) -> bool:
    if depth > MOST_DEPTH:
        return False
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return all(_is_shallow(part, depth + 1) for part in inner)


def _are_nodes(nodes: object) -> bool:
    if not isinstance(nodes, list):
        return False
    for node in nodes:
        if not isinstance(node, Mapping) or not isinstance(node.get("type"), str):
            return False
        if node["type"] == "text" and not isinstance(node.get("text"), str):
            return False
        if not _are_nodes(node.get("content", [])):
            return False
    return True


def _gather(node: Mapping[str, Any], lines: list[str]) -> None:
    kind = node["type"]
    if kind in _LINES or kind == "hardBreak" or not lines:
        lines.append("")
    if kind == "text":
        lines[-1] += node["text"]
    elif kind in ("mention", "emoji"):
        given = node.get("attrs")
        attributes = given if isinstance(given, Mapping) else {}
        lines[-1] += str(attributes.get("text") or attributes.get("shortName") or "")
    for inner in node.get("content", ()):
        _gather(inner, lines)
