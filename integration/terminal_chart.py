"""A chart of somebody's hours for a terminal: a line with a bar for every part of the period, as wide as there is room. Pure.

What is not known is said in words and hatched, and never shown as a bar of no length. Where the encoding of the stream lacks
blocks the bars are drawn in ASCII.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from integration.chart import Bar, Chart, balances, in_words, summary
from integration.plain_text import MORE, clean, cut, fitted, padded, table, width, wrapped

UNKNOWN = "not known"
LEAST_BAR, MOST_BAR = 12, 60
"""Columns of a bar. With less than these, the figures beside it are left out, the last ones first."""

MOST_COLUMNS = 120
HEAD = ("logged", "required", "balance so far")


class Signs(NamedTuple):
    """What bars are drawn with. parts: the last column of a bar, from almost empty to full. more: more may have been logged."""

    parts: str
    required: str
    unknown: str
    more: str = ">"


BLOCKS = Signs("▏▎▍▌▋▊▉█", "│", "░")
ASCII = Signs("#", "|", "/")


def lines(chart: Chart, columns: int, encoding: str | None) -> list[str]:
    """The chart in lines of at most so many columns. encoding: of the stream that it is for, None for UTF-8.

    Names may hold anything: what cannot be printed or encoded is replaced.
    """
    signs, columns = signs_for(encoding), max(1, min(columns, MOST_COLUMNS))
    texts = [cut(clean(chart.name), columns), *wrapped(clean(summary(chart).replace(" · ", ", ")), columns)]
    for remark in chart.remarks:
        texts += wrapped(clean(remark), columns)
    if chart.bars:
        texts += ["", *_rows(chart.bars, columns, signs), "", *wrapped(_legend(chart.bars, signs), columns)]
    # An ellipsis of an encoding that has none would look as if somebody asked something.
    return [fitted(text if fitted(MORE, encoding) == MORE else text.replace(MORE, "~"), encoding) for text in texts]


def signs_for(encoding: str | None) -> Signs:
    """Blocks where the encoding has all of them."""
    wanted = BLOCKS.parts + BLOCKS.required + BLOCKS.unknown
    return BLOCKS if fitted(wanted, encoding) == wanted else ASCII


def drawn(bar: Bar, most: int, room: int, signs: Signs) -> str:
    """A bar. most: seconds that take the whole room, in columns. It takes one column more where more may have been logged.

    The sign for what is required stands in the column that ends there. Whoever logged anything has a bar that can be seen.
    """
    if bar.logged is None:
        return cut(UNKNOWN + signs.unknown * (room - len(UNKNOWN)), room)
    cells, each = [" "] * (room + 1), len(signs.parts)
    filled = max(0, min(bar.logged, most))
    parts = max(filled * room * each // max(most, 1), 1 if filled else 0)
    whole, rest = divmod(parts, each)
    cells[:whole] = signs.parts[-1] * whole
    if rest:
        cells[whole] = signs.parts[rest - 1]
    asked = None
    if bar.required is not None and bar.required > 0:
        asked = -(-min(bar.required, most) * room // max(most, 1)) - 1
        cells[asked] = signs.required
    if bar.at_least:
        end = max(0, whole + bool(rest) - 1)
        cells[end + 1 if end == asked and filled else end] = signs.more
    return "".join(cells).rstrip()


def _rows(bars: Sequence[Bar], columns: int, signs: Signs) -> list[str]:
    figures = [
        (
            in_words(bar.logged, at_least=bar.at_least),
            "none" if bar.required is None else in_words(bar.required),
            balance,
        )
        for bar, balance in zip(bars, balances(bars), strict=True)
    ]
    labels = [cut(clean(bar.label), max(1, columns // 3)) for bar in bars]
    taken = max(map(width, labels)) + 2
    kept, room = 0, columns - taken
    for number in range(len(HEAD), 0, -1):
        widths = (max(width(row[at]) for row in (HEAD, *figures)) + 2 for at in range(number))
        left = columns - taken - sum(widths)
        if left > LEAST_BAR:
            kept, room = number, left
            break
    room = max(1, min(room - 1, MOST_BAR))
    most = max((value for bar in bars for value in (bar.logged, bar.required) if value), default=0)
    rows = [
        (label, padded(drawn(bar, most, room, signs), room + 1), *row[:kept])
        for label, bar, row in zip(labels, bars, figures, strict=True)
    ]
    found = table(("", "", *HEAD[:kept]), rows, right=frozenset(range(2, 2 + kept)))
    return [cut(line, columns) for line in (found if kept else found[1:])]


def _legend(bars: Sequence[Bar], signs: Signs) -> str:
    shown = [f"{signs.parts[-1]} logged"]
    if any(bar.required is not None for bar in bars):
        shown.append(f"{signs.required} required")
    if any(bar.logged is None for bar in bars):
        shown.append(f"{signs.unknown} {UNKNOWN}")
    if any(bar.at_least and bar.logged is not None for bar in bars):
        shown.append(f"{signs.more} more may have been logged")
    return ", ".join(shown)
