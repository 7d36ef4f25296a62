"""A chart of somebody's hours as an SVG that needs nothing else: no script, no font, no style from elsewhere. Pure.

Above stand the hours logged as bars, and a line where the required ones are; below the running balance. What is not known is
hatched and never drawn as zero. The colours follow the reader's choice of a light or dark page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from typing import NamedTuple

from integration.plain_text import clean, cut
from integration.time_accounts import in_hours

HOUR = 3600
MOST_WIDE = 48
"""Pixels of a part of the period, where there are few."""

LEAST_WIDTH, MOST_WIDTH = 560, 1600
LEFT, RIGHT = 64, 84
TOP, HEIGHT, BETWEEN, LOWER, BOTTOM = 108, 190, 34, 120, 40
REMARK = 18
"""Pixels of a line of text."""

TICKS = (1, 2, 4, 8, 10, 20, 40, 80, 100, 200, 400, 800, 1000)
"""Hours between two lines of the grid; beyond the last one multiples of it."""

_STYLE = """\
text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#1f2328}
.h{font-size:18px;font-weight:600}.s,.t{fill:#59636e}.t{font-size:11px;font-variant-numeric:tabular-nums}.w{fill:#9a3412;font-weight:600}
.p{fill:#fff}.g{stroke:#d8dee4}.z{stroke:#59636e}.b{fill:#4184e4}.q{fill:none;stroke:#1f2328;stroke-width:2}
.l{fill:none;stroke:#0f766e;stroke-width:2;stroke-linejoin:round}.d{fill:#0f766e}.k{stroke:#8c959f;stroke-width:1.5}.u{fill:#d8dee4}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.s,.t{fill:#9ba5b0}.w{fill:#ffb077}.p{fill:#0d1117}.g{stroke:#30363d}
.z{stroke:#9ba5b0}.b{fill:#4c8df0}.q{stroke:#f0f3f6}.l{stroke:#3fc9b6}.d{fill:#3fc9b6}.k{stroke:#6e7681}.u{fill:#30363d}}
"""


class Bar(NamedTuple):
    """A part of the period. logged: seconds, None where it is not known. required: None where nothing asks for any.

    at_least: more may have been logged.
    """

    label: str
    logged: int | None
    required: int | None
    at_least: bool = False


class Chart(NamedTuple):
    """Somebody's hours, part by part. span: the period in words. remarks: what a reader must know of the figures."""

    name: str
    account_id: str
    span: str
    bars: tuple[Bar, ...]
    remarks: tuple[str, ...] = ()


def running(bars: Sequence[Bar]) -> tuple[int | None, ...]:
    """The balance after each part, from zero before the first; None from where on it is not known.

    Where nothing is required of a part, what was logged in it still counts. Without anything required there is no balance.
    """
    found: list[int | None] = []
    total: int | None = 0 if any(bar.required is not None for bar in bars) else None
    for bar in bars:
        if total is not None:
            total = None if bar.logged is None or bar.at_least else total + bar.logged - (bar.required or 0)
        found.append(total)
    return tuple(found)


def in_words(seconds: int | None, *, at_least: bool = False, signed: bool = False) -> str:
    """Seconds as a reader is to see them, such as ``at least 7:30``, ``+0:15`` or ``not known``."""
    if seconds is None:
        return "not known"
    return ("at least " if at_least else "") + ("+" if signed and seconds > 0 else "") + in_hours(seconds)


def summary(chart: Chart) -> str:
    """The period and its sums in one line."""
    logged = [bar.logged for bar in chart.bars]
    known = sum(seconds for seconds in logged if seconds is not None)
    is_less = None in logged or any(bar.at_least for bar in chart.bars)
    total = None if is_less and not known else known
    told = f"{chart.span} · logged {in_words(total, at_least=is_less)}"
    asked = [bar.required for bar in chart.bars if bar.required is not None]
    if not asked:
        return f"{told} · nothing required"
    return f"{told} · required {in_hours(sum(asked))} · balance {in_words(running(chart.bars)[-1], signed=True)}"


def described(chart: Chart) -> str:
    """The whole chart in words, for those who do not see it."""
    parts = []
    for bar, balance in zip(chart.bars, running(chart.bars), strict=True):
        required = "none" if bar.required is None else in_hours(bar.required)
        logged = in_words(bar.logged, at_least=bar.at_least)
        parts.append(f"{bar.label}: logged {logged}, required {required}, balance so far {in_words(balance, signed=True)}.")
    return " ".join([f"Hours of {chart.name}, {chart.span}.", *(f"{remark}." for remark in chart.remarks), *parts])


def svg(chart: Chart) -> str:
    """The chart as an SVG document. Names and remarks may hold anything."""
    lines = [cut(clean(remark), 110) for remark in chart.remarks]
    top = TOP + REMARK * len(lines)
    step = min(MOST_WIDE, (MOST_WIDTH - LEFT - RIGHT) / max(1, len(chart.bars)))
    width = max(LEAST_WIDTH, round(LEFT + RIGHT + step * len(chart.bars)), *(90 + 7 * len(line) for line in ("", *lines)))
    height = top + HEIGHT + BETWEEN + LOWER + BOTTOM
    # Charts of several people may stand in one page.
    mark = "c" + re.sub(r"[^A-Za-z0-9]", "-", chart.account_id)
    end = LEFT + step * len(chart.bars)
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            f'role="img" aria-labelledby="{mark}-t {mark}-d">',
            f'<title id="{mark}-t">{_text(f"Hours of {chart.name}, {chart.span}")}</title>',
            f'<desc id="{mark}-d">{_text(described(chart))}</desc>',
            f"<style>{_STYLE}</style>",
            f'<defs><pattern id="{mark}-h" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            '<line class="k" x1="0" y1="0" x2="0" y2="7"/></pattern></defs>',
            f'<rect class="p" width="{width}" height="{height}"/>',
            f'<text class="h" x="20" y="32">{_text(cut(clean(chart.name), width // 11))}</text>',
            f'<text class="s" x="20" y="53">{_text(summary(chart))}</text>',
            *(f'<text class="w" x="20" y="{72 + REMARK * at}">{_text(line)}</text>' for at, line in enumerate(lines)),
            *_legend(top - 28, mark, chart),
            *_hours(chart.bars, step, top, mark, end),
            *_balance(chart.bars, step, top + HEIGHT + BETWEEN, mark, end),
            *_labels(chart.bars, step, height - BOTTOM + 18),
            *_tips(chart.bars, step, top, height - BOTTOM - top),
            "</svg>\n",
        ]
    )


def _legend(at: int, mark: str, chart: Chart) -> Iterable[str]:
    shown = [("logged", f'<rect class="b" x="{{0}}" y="{at - 9}" width="12" height="10"/>')]
    if any(bar.required is not None for bar in chart.bars):
        shown.append(("required", f'<path class="q" d="M{{0}} {at - 4}h14"/>'))
        shown.append(("running balance", f'<path class="l" d="M{{0}} {at - 4}h14"/>'))
    if any(bar.logged is None for bar in chart.bars):
        shown.append(("not known", f'<rect fill="url(#{mark}-h)" x="{{0}}" y="{at - 10}" width="14" height="12"/>'))
    x = LEFT
    for word, shape in shown:
        yield shape.format(x)
        yield f'<text class="s" x="{x + 20}" y="{at}">{word}</text>'
        x += 40 + 8 * len(word)


def _hours(bars: Sequence[Bar], step: float, top: int, mark: str, end: float) -> Iterable[str]:
    most = max((value for bar in bars for value in (bar.logged, bar.required) if value), default=0)
    ticks = _ticks(0, most, 5)
    scale = HEIGHT / max(ticks[-1], most, 1)
    floor = top + HEIGHT
    for tick in ticks:
        yield _grid(tick, floor - tick * scale, end, is_zero=tick == 0)
    gap = min(4.0, step / 5)
    for at, bar in enumerate(bars):
        x = LEFT + at * step + gap
        if bar.logged is None:
            yield _box(x, top, step - 2 * gap, HEIGHT, f'fill="url(#{mark}-h)"')
        elif bar.logged:
            yield _box(x, floor - bar.logged * scale, step - 2 * gap, bar.logged * scale, 'class="b"')
    for is_asked, group in groupby(enumerate(bars), key=lambda one: one[1].required is not None):
        if is_asked:
            path = "".join(
                f"{'L' if number else 'M'}{_n(LEFT + at * step)} {_n(floor - (bar.required or 0) * scale)}h{_n(step)}"
                for number, (at, bar) in enumerate(group)
            )
            yield f'<path class="q" d="{path}"/>'


def _balance(bars: Sequence[Bar], step: float, top: int, mark: str, end: float) -> Iterable[str]:
    found = running(bars)
    known = [balance for balance in found if balance is not None]
    if not known:
        is_asked = any(bar.required is not None for bar in bars)
        words = "no balance: it is not known" if is_asked else "nothing required, no balance"
        yield f'<text class="s" x="{LEFT}" y="{top + LOWER // 2}">{words}</text>'
        return
    ticks = _ticks(min(0, *known), max(0, *known), 4)
    low, high = min(ticks[0], *known), max(ticks[-1], *known)
    scale = LOWER / max(high - low, 1)

    def y(seconds: int) -> float:
        return top + (high - seconds) * scale

    for tick in ticks:
        yield _grid(tick, y(tick), end, is_zero=tick == 0, signed=True)
    points = [(LEFT + (at + 0.5) * step, y(balance)) for at, balance in enumerate(found) if balance is not None]
    # The balance begins at zero before the first part.
    path = f"M{LEFT} {_n(y(0))}" + "".join(f"L{_n(x)} {_n(height)}" for x, height in points)
    yield f'<path class="l" d="{path}"/>'
    if step >= 8:
        yield from (f'<circle class="d" cx="{_n(x)}" cy="{_n(height)}" r="3"/>' for x, height in points)
    x, height = points[-1]
    yield f'<text x="{_n(x + 8)}" y="{_n(height + 4)}">{in_words(known[-1], signed=True)}</text>'
    if len(known) < len(found):
        begin = LEFT + len(known) * step
        yield _box(begin + 66, top, max(0.0, end - begin - 66), LOWER, f'fill="url(#{mark}-h)"')


def _labels(bars: Sequence[Bar], step: float, y: int) -> Iterable[str]:
    if not bars:
        return
    wide = 7 * max(len(bar.label) for bar in bars) + 10
    every = max(1, -(-wide // max(1, int(step))))
    for at in range(0, len(bars), every):
        yield f'<text class="t" text-anchor="middle" x="{_n(LEFT + (at + 0.5) * step)}" y="{y}">{_text(bars[at].label)}</text>'


def _tips(bars: Sequence[Bar], step: float, top: int, height: int) -> Iterable[str]:
    """What a pointer is told over each part."""
    for at, (bar, balance) in enumerate(zip(bars, running(bars), strict=True)):
        told = [f"{bar.label}: logged {in_words(bar.logged, at_least=bar.at_least)}"]
        if bar.required is not None:
            told.append(f"required {in_hours(bar.required)}")
        told.append(f"balance so far {in_words(balance, signed=True)}")
        box = _box(LEFT + at * step, top, step, height, 'fill="transparent"', is_open=True)
        yield f"{box}<title>{_text(', '.join(told))}</title></rect>"


def _grid(seconds: int, y: float, end: float, *, is_zero: bool, signed: bool = False) -> str:
    words = ("+" if signed and seconds > 0 else "") + f"{seconds // HOUR} h".replace("-", "\N{MINUS SIGN}")
    line = f'<line class="{"z" if is_zero else "g"}" x1="{LEFT}" x2="{_n(end)}" y1="{_n(y)}" y2="{_n(y)}"/>'
    return f'{line}<text class="t" text-anchor="end" x="{LEFT - 8}" y="{_n(y + 4)}">{words}</text>'


def _box(x: float, y: float, width: float, height: float, style: str, *, is_open: bool = False) -> str:
    end = ">" if is_open else "/>"
    return f'<rect {style} x="{_n(x)}" y="{_n(y)}" width="{_n(max(width, 0.5))}" height="{_n(height)}"{end}'


def _ticks(low: int, high: int, most: int) -> list[int]:
    """Whole hours in seconds that go from below the lowest to above the highest, not more than about ``most`` apart."""
    wanted = max(1, -(-(high - low) // (most * HOUR)))
    every = HOUR * next((tick for tick in TICKS if tick >= wanted), -(-wanted // TICKS[-1]) * TICKS[-1])
    first, last = low // every, -(-high // every)
    return [every * number for number in range(first, max(last, first + 1) + 1)]


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _text(value: str) -> str:
    return escape(clean(value))
