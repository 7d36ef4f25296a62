"""JQL, as far as its grammar goes: a text becomes a tree of clauses. What fields and values mean is decided elsewhere."""

from types import MappingProxyType
from typing import NamedTuple

from mock_server.domain.jql_tokens import RESERVED_WORDS, Token, mistake, tokens
from mock_server.errors import Invalid

MOST_CLAUSES = 200
MOST_VALUES = 2000
DEEPEST = 50

_NEGATED = MappingProxyType(
    {"=": "!=", "!=": "=", "in": "not in", "not in": "in", "is": "is not", "is not": "is", "<": ">=", ">=": "<", ">": "<=",
     "<=": ">", "~": "!~", "!~": "~"}
)  # fmt: skip


class Value(NamedTuple):
    """A value as it was written, without quotation marks."""

    text: str


class Function(NamedTuple):
    """A call such as ``membersOf("hr")``."""

    name: str
    arguments: tuple[str, ...]


class Empty(NamedTuple):
    """``EMPTY`` or ``NULL``."""


Operand = Value | Function | Empty


class Clause(NamedTuple):
    """A field, an operator in small letters and what it is compared with; one operand unless the operator takes a list."""

    field: str
    operator: str
    operands: tuple[Operand, ...]
    is_list: bool


class Group(NamedTuple):
    """Parts joined by AND, or by OR."""

    is_and: bool
    parts: "tuple[Node, ...]"


Node = Clause | Group


class Order(NamedTuple):
    """One field of ORDER BY. ``ascending`` is None when nothing was said."""

    field: str
    ascending: bool | None


class Query(NamedTuple):
    """A query without NOT: it was pushed down into the operators, as Jira does. ``where`` is None when unbounded."""

    where: Node | None
    order: tuple[Order, ...]


def parse(text: str) -> Query:
    """Read a query. Raises ``Invalid`` with a text that says where, by line and character from 1."""
    parser = _Parser(tokens(text))
    ordered = parser.words("order", "by")
    where = None if ordered or parser.at("end") else parser.either(0)
    order = parser.order() if ordered or parser.words("order", "by") else ()
    if not parser.at("end"):
        raise parser.expected("either 'OR' or 'AND'")
    return Query(where, order)


def clauses(node: Node | None) -> list[Clause]:
    """Every clause below a node, from left to right."""
    if node is None:
        return []
    return [node] if isinstance(node, Clause) else [clause for part in node.parts for clause in clauses(part)]


class _Parser:
    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0
        self._clauses = 0
        self._values = 0

    @property
    def _now(self) -> Token:
        return self._tokens[self._at]

    def at(self, kind: str, text: str | None = None) -> bool:
        return self._now.kind == kind and (text is None or self._now.text == text)

    def words(self, *words: str) -> bool:
        """Whether these words come next; they are then behind us."""
        coming = self._tokens[self._at : self._at + len(words)]
        if tuple(token.word for token in coming) != words:
            return False
        self._at += len(words)
        return True

    def expected(self, what: str) -> Invalid:
        token = self._now
        if token.kind == "end":
            return Invalid(f"Error in the JQL Query: Expecting {what} before the end of the query.")
        return mistake(f"Expecting {what} but got '{token.text[:60]}'.", token.line, token.column)

    def _take(self) -> Token:
        token = self._now
        if token.kind != "end":
            self._at += 1
        return token

    def either(self, depth: int, negated: bool = False) -> Node:
        parts = [self._both(depth, negated)]
        while self.words("or"):
            parts.append(self._both(depth, negated))
        return _group(negated, parts)

    def _both(self, depth: int, negated: bool) -> Node:
        parts = [self._part(depth, negated)]
        while self.words("and"):
            parts.append(self._part(depth, negated))
        return _group(not negated, parts)

    def _part(self, depth: int, negated: bool) -> Node:
        if depth > DEEPEST:
            raise Invalid(f"The JQL query is nested more than {DEEPEST} deep.")
        if self.words("not"):
            return self._part(depth + 1, not negated)
        if self.at("mark", "("):
            self._take()
            inner = self.either(depth + 1, negated)
            if not self.at("mark", ")"):
                raise self.expected("')'")
            self._take()
            return inner
        return self._clause(negated)

    def _clause(self, negated: bool) -> Clause:
        self._clauses += 1
        if self._clauses > MOST_CLAUSES:
            raise Invalid(f"The JQL query has more than {MOST_CLAUSES} clauses.")
        field = self.field()
        operator = self._operator()
        operands, is_list = self._operands(operator)
        return Clause(field, _NEGATED[operator] if negated else operator, operands, is_list)

    def field(self) -> str:
        token = self._now
        if token.kind not in ("word", "text") or not token.text:
            raise self.expected("a field name")
        self._refuse_reserved(token)
        self._take()
        if token.word == "cf" and self.at("mark", "["):
            self._take()
            number = self._take()
            if not self.at("mark", "]"):
                raise self.expected("']'")
            self._take()
            return f"cf[{number.text[:20]}]"
        return token.text

    def _operator(self) -> str:
        if self.at("operator"):
            return self._take().text
        for words in (("not", "in"), ("in",), ("is", "not"), ("is",)):
            if self.words(*words):
                return " ".join(words)
        if self._now.word in ("was", "changed"):
            raise Invalid(f"The operator '{self._now.word}' is not served by this stand-in of Jira.")
        raise self.expected("operator")

    def _operands(self, operator: str) -> tuple[tuple[Operand, ...], bool]:
        if operator in ("in", "not in") and not self.at("mark", "("):
            operand = self._operand()
            if not isinstance(operand, Function):
                self._at -= 1
                raise self.expected("'('")
            return (operand,), True
        if operator in ("in", "not in"):
            self._take()
            found = [self._operand()]
            while self.at("mark", ","):
                self._take()
                found.append(self._operand())
            if not self.at("mark", ")"):
                raise self.expected("')'")
            self._take()
            return tuple(found), True
        return (self._operand(),), False

    def _operand(self) -> Operand:
        self._values += 1
        if self._values > MOST_VALUES:
            raise Invalid(f"The JQL query has more than {MOST_VALUES} values.")
        token = self._now
        if token.word in ("empty", "null"):
            self._take()
            return Empty()
        if token.kind not in ("word", "text"):
            raise self.expected("either a value, list or function")
        self._refuse_reserved(token)
        self._take()
        if self.at("mark", "("):
            return Function(token.text, self._arguments())
        return Value(token.text)

    def _arguments(self) -> tuple[str, ...]:
        self._take()
        found: list[str] = []
        while not self.at("mark", ")"):
            if found:
                if not self.at("mark", ","):
                    raise self.expected("')'")
                self._take()
            if self._now.kind not in ("word", "text"):
                raise self.expected("a function argument")
            found.append(self._take().text)
        self._take()
        return tuple(found)

    def order(self) -> tuple[Order, ...]:
        found: list[Order] = []
        while True:
            field = self.field()
            ascending = True if self.words("asc") else False if self.words("desc") else None
            found.append(Order(field, ascending))
            if not self.at("mark", ","):
                return tuple(found)
            self._take()

    def _refuse_reserved(self, token: Token) -> None:
        if token.word in RESERVED_WORDS:
            what = f"'{token.text}' is a reserved JQL word. You must surround it in quotation marks to use it in a query."
            raise mistake(what, token.line, token.column)


def _group(is_and: bool, parts: list[Node]) -> Node:
    if len(parts) == 1:
        return parts[0]
    # A group inside one of its own kind says the same without being one.
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, Group) and part.is_and == is_and else [part]
    return Group(is_and, tuple(flat))
