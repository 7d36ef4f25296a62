"""Text on a terminal: how many columns it takes, and what of it may be printed at all. Pure."""

from __future__ import annotations

import unicodedata

UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"
MORE = "…"


def clean(text: str) -> str:
    """The text without what would move the cursor, colour the rest of the page or turn it around."""
    return "".join(character if character.isprintable() else UNPRINTABLE for character in text)


def width(text: str) -> int:
    """How many columns a terminal takes for it: letters of East Asia two, accents on a letter none."""
    return sum(map(_columns, text))


def cut(text: str, columns: int) -> str:
    """The text, or as much of its beginning as fits with an ellipsis."""
    if width(text) <= columns:
        return text
    kept, taken = [], 0
    for character in text:
        taken += _columns(character)
        if taken > columns - 1:
            break
        kept.append(character)
    return "".join(kept) + MORE


def wrapped(text: str, columns: int) -> list[str]:
    """The text in lines that break between words; a word that is longer than a line is cut. One line at least."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if lines[-1] and width(longer) > columns:
            lines.append(word)
        else:
            lines[-1] = longer
    return [cut(line, columns) for line in lines]


def padded(text: str, columns: int, *, right: bool = False) -> str:
    """The text, filled with blanks; on the left side where it is to end at the right."""
    blanks = " " * max(0, columns - width(text))
    return blanks + text if right else text + blanks


def table(head: tuple[str, ...], rows: list[tuple[str, ...]], *, right: frozenset[int]) -> list[str]:
    """Lines of a table, two blanks between the columns. right: numbers of the columns that end at the right."""
    widths = [max(width(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    return [
        "  ".join(padded(cell, widths[at], right=at in right) for at, cell in enumerate(row)).rstrip() for row in (head, *rows)
    ]


def fitted(text: str, encoding: str | None) -> str:
    """The text with a question mark for everything that an encoding lacks."""
    try:
        text.encode(encoding or "utf-8")
    except UnicodeEncodeError:
        return text.encode(encoding or "utf-8", "replace").decode(encoding or "utf-8")
    except LookupError:
        return text.encode("ascii", "replace").decode("ascii")
    return text


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
