"""The words of JQL. Wordings of mistakes are those that integrators quote from Jira Cloud (2024 to 2026)."""

import re
from types import MappingProxyType
from typing import NamedTuple

from mock_server.errors import Invalid

RESERVED_WORDS = frozenset(
    ["abort", "access", "add", "after", "alias", "all", "alter", "and", "any", "as", "asc", "audit", "avg", "before",
     "begin", "between", "boolean", "break", "by", "byte", "catch", "changed", "char", "character", "check", "checkpoint",
     "collate", "collation", "column", "commit", "connect", "continue", "count", "create", "current", "date", "decimal",
     "declare", "decrement", "default", "defaults", "define", "delete", "delimiter", "desc", "difference", "distinct",
     "divide", "do", "double", "drop", "else", "empty", "encoding", "end", "equals", "escape", "exclusive", "exec",
     "execute", "exists", "explain", "false", "fetch", "file", "field", "first", "float", "for", "from", "function", "go",
     "goto", "grant", "greater", "group", "having", "identified", "if", "immediate", "in", "increment", "index", "initial",
     "inner", "inout", "input", "insert", "int", "integer", "intersect", "intersection", "into", "is", "isempty", "isnull",
     "join", "last", "left", "less", "like", "limit", "lock", "long", "max", "min", "minus", "mode", "modify", "modulo",
     "more", "multiply", "next", "noaudit", "not", "notin", "nowait", "null", "number", "object", "of", "on", "option",
     "or", "order", "outer", "output", "power", "previous", "prior", "privileges", "public", "raise", "raw", "remainder",
     "rename", "resource", "return", "returns", "revoke", "right", "row", "rowid", "rownum", "rows", "select", "session",
     "set", "share", "size", "sqrt", "start", "strict", "string", "subtract", "sum", "synonym", "table", "then", "to",
     "trans", "transaction", "trigger", "true", "uid", "union", "unique", "update", "user", "validate", "values", "view",
     "was", "when", "whenever", "where", "while", "with"]
)  # fmt: skip
_OPERATORS = ("!=", "!~", "<=", ">=", "=", "<", ">", "~")
_MARKS = frozenset("()[],")
_RESERVED_CHARACTERS = frozenset("{}*/%+^$#@?;:|&")
_ENDS_WORD = frozenset("()[],=!<>~\"'\\") | _RESERVED_CHARACTERS
_ESCAPES = MappingProxyType({"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\", " ": " "})


class Token(NamedTuple):
    """A word, text in quotation marks, an operator, a mark, or the end; where it stands counts from 1."""

    kind: str
    text: str
    line: int
    column: int

    @property
    def word(self) -> str:
        """The word in small letters; nothing for any other kind."""
        return self.text.lower() if self.kind == "word" else ""


def mistake(text: str, line: int, column: int) -> Invalid:
    """A mistake in the grammar, worded as Jira does."""
    return Invalid(f"Error in the JQL Query: {text} (line {line}, character {column})")


def tokens(text: str) -> list[Token]:
    """Everything in a query, ended by a token of the kind ``end``. Raises ``Invalid``."""
    found: list[Token] = []
    at, line, begin = 0, 1, 0
    while at < len(text):
        character, column = text[at], at - begin + 1
        if character.isspace():
            if character == "\n":
                line, begin = line + 1, at + 1
            at += 1
        elif character in "\"'":
            value, at = _quoted(text, at, line, column)
            found.append(Token("text", value, line, column))
        elif text.startswith(("&&", "||"), at):
            found.append(Token("word", "and" if character == "&" else "or", line, column))
            at += 2
        elif operator := next((known for known in _OPERATORS if text.startswith(known, at)), None):
            found.append(Token("operator", operator, line, column))
            at += len(operator)
        elif character == "!":
            found.append(Token("word", "not", line, column))
            at += 1
        elif character in _MARKS:
            found.append(Token("mark", character, line, column))
            at += 1
        elif character in _RESERVED_CHARACTERS or character == "\\":
            advice = f"You must enclose it in a string or use the escape '\\u{ord(character):04x}' instead."
            raise mistake(f"The character '{character}' is a reserved JQL character. {advice}", line, column)
        else:
            end = at
            while end < len(text) and not text[end].isspace() and text[end] not in _ENDS_WORD:
                end += 1
            found.append(Token("word", text[at:end], line, column))
            at = end
    return [*found, Token("end", "", line, len(text) - begin + 1)]


def _quoted(text: str, start: int, line: int, column: int) -> tuple[str, int]:
    mark, at = text[start], start + 1
    pieces: list[str] = []
    while at < len(text):
        character = text[at]
        if character == mark:
            return "".join(pieces), at + 1
        if character == "\\":
            escape = re.match(r"u([0-9a-fA-F]{4})", text[at + 1 : at + 6])
            value = chr(int(escape[1], 16)) if escape else _ESCAPES.get(text[at + 1 : at + 2], "")
            if not value or "\ud800" <= value <= "\udfff":
                shown = text[at : at + 2]
                raise mistake(f"'{shown}' is an illegal JQL escape sequence.", line, column + at - start)
            pieces.append(value)
            at += 6 if escape else 2
        else:
            pieces.append(character)
            at += 1
    raise mistake(f"The quoted string '{text[start + 1 : start + 41]}' has not been completed.", line, column)
