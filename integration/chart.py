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

from integration.plain_text import clean, cut, width, wrapped
from integration.time_accounts import in_hours

HOUR = 3600
LEAST_STEP, MOST_STEP, USUAL = 24, 48, 420
"""Pixels of a part of the period, where there are many and where there are few, and of all of them in between."""

LEAST_WIDTH, MOST_WIDTH = 480, 1600
RIGHT = 92
TOP, HEIGHT, BETWEEN, LOWER, BOTTOM = 92, 190, 34, 120, 40
LETTER, SMALL = 7.2, 6.6
"""Pixels of a column of text, and of a small one."""

REMARK, ARROW = 18, 8
"""Pixels of a line of text, and of the sign that more may have been logged."""

TICKS = (1, 2, 4, 8, 10, 20, 40, 80, 100, 200, 400, 800, 1000)
"""Hours between two lines of the grid; beyond the last one multiples of it."""

STYLE = """\
text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#1f2328}
.h{font-size:18px;font-weight:600}.s,.t{fill:#59636e}.t{font-size:11px;font-variant-numeric:tabular-nums}.w{fill:#9a3412;font-weight:600}
.p{fill:#fff}.g{stroke:#d8dee4}.z{stroke:#59636e}.b{fill:#4184e4}.q{fill:none;stroke:#1f2328;stroke-width:2}
.l{fill:none;stroke:#0f766e;stroke-width:2;stroke-linejoin:round}.d{fill:#0f766e}.k{stroke:#8c959f;stroke-width:1.5}.o{paint-order:stroke;stroke:#fff;stroke-width:5px;stroke-linejoin:round}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.s,.t{fill:#9ba5b0}.w{fill:#ffb077}.p{fill:#0d1117}.g{stroke:#30363d}
.z{stroke:#9ba5b0}.b{fill:#4c8df0}.q{stroke:#f0f3f6}.l{stroke:#3fc9b6}.d{fill:#3fc9b6}.k{stroke:#6e7681}.o{stroke:#0d1117}}
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


class _Frame(NamedTuple):
    """left and step: pixels before the first part, and of each. end: where the last ends. mark: begins every id."""

    left: float
    step: float
    end: float
    mark: str


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


def balances(bars: Sequence[Bar]) -> tuple[str, ...]:
    """The balance after each part in words; ``none`` where nothing is required of any."""
    if all(bar.required is None for bar in bars):
        return ("none",) * len(bars)
    return tuple(in_words(balance, signed=True) for balance in running(bars))


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
    for bar, balance in zip(chart.bars, balances(chart.bars), strict=True):
        required = "none" if bar.required is None else in_hours(bar.required)
        logged = in_words(bar.logged, at_least=bar.at_least)
        parts.append(f"{bar.label}: logged {logged}, required {required}, balance so far {balance}.")
    return " ".join([f"Hours of {chart.name}, {chart.span}.", *(f"{remark}." for remark in chart.remarks), *parts])


def svg(chart: Chart) -> str:
    """The chart as an SVG document. Names and remarks may hold anything."""
    frame = _frame(chart)
    wide = max(LEAST_WIDTH, round(frame.end + RIGHT))
    room = int((wide - 40) / LETTER)
    lines = [("s", line) for line in wrapped(summary(chart), room)]
    lines += [("w", line) for remark in chart.remarks for line in wrapped(clean(remark), room)]
    top = TOP + REMARK * len(lines)
    height = top + HEIGHT + BETWEEN + LOWER + BOTTOM
    mark = frame.mark
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {height}" width="{wide}" height="{height}" '
            f'role="img" aria-labelledby="{mark}-t {mark}-d">',
            f'<title id="{mark}-t">{_text(f"Hours of {chart.name}, {chart.span}")}</title>',
            f'<desc id="{mark}-d">{_text(described(chart))}</desc>',
            f"<style>{STYLE}</style>",
            f'<defs><pattern id="{mark}-h" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            '<line class="k" x1="0" y1="0" x2="0" y2="7"/></pattern></defs>',
            f'<rect class="p" width="{wide}" height="{height}"/>',
            f'<text class="h" x="20" y="32">{_text(cut(clean(chart.name), (wide - 40) // 10))}</text>',
            *(
                f'<text class="{look}" x="20" y="{54 + REMARK * at}">{_text(line)}</text>'
                for at, (look, line) in enumerate(lines)
            ),
            *_legend(top - 26, mark, chart.bars),
            *_hours(chart.bars, frame, top),
            *_balance(chart.bars, frame, top + HEIGHT + BETWEEN),
            *_labels(chart.bars, frame, height - BOTTOM + 18),
            *_tips(chart.bars, frame, top, height - BOTTOM - top),
            "</svg>\n",
        ]
    )


def _frame(chart: Chart) -> _Frame:
    """Where the parts stand: right of the longest figure of both scales."""
    figures = [_tick(tick, signed=signed) for ticks, signed in _scales(chart.bars) for tick in ticks]
    left = round(16 + SMALL * max(map(len, figures)))
    number = max(1, len(chart.bars))
    step = min(max(LEAST_STEP, min(MOST_STEP, USUAL / number)), (MOST_WIDTH - left - RIGHT) / number)
    # Charts of several people may stand in one page.
    mark = "c" + re.sub(r"[^A-Za-z0-9]", lambda found: f"-{ord(found[0]):x}-", chart.account_id)
    return _Frame(left, step, left + step * number, mark)


def _scales(bars: Sequence[Bar]) -> tuple[tuple[list[int], bool], tuple[list[int], bool]]:
    """The lines of the grid for the hours and for the balance, and whether they are signed."""
    hours = [value for bar in bars for value in (bar.logged, bar.required) if value is not None]
    known = [balance for balance in running(bars) if balance is not None]
    return (_ticks(min([0, *hours]), max([0, *hours]), 5), False), (_ticks(min([0, *known]), max([0, *known]), 4), True)


def _legend(at: int, mark: str, bars: Sequence[Bar]) -> Iterable[str]:
    shown = [("logged", f'<rect class="b" x="{{0}}" y="{at - 10}" width="12" height="11"/>')]
    if any(bar.at_least and bar.logged is not None for bar in bars):
        shown.append(("at least", f'<path class="b" d="M{{0}} {at - 1}h12l-6 -8z"/>'))
    if any(bar.required is not None for bar in bars):
        shown.append(("required", f'<path class="q" d="M{{0}} {at - 4}h14"/>'))
        shown.append(("running balance", f'<path class="l" d="M{{0}} {at - 4}h14"/>'))
    if any(bar.logged is None for bar in bars):
        shown.append(("not known", f'<rect fill="url(#{mark}-h)" x="{{0}}" y="{at - 11}" width="14" height="12"/>'))
    x = 20
    for word, shape in shown:
        yield shape.format(x)
        yield f'<text class="s" x="{x + 20}" y="{at}">{word}</text>'
        x += 36 + 7 * len(word)


def _hours(bars: Sequence[Bar], frame: _Frame, top: int) -> Iterable[str]:
    (ticks, _), _ = _scales(bars)
    # Above the longest bar is room for the sign that it may be longer.
    free = ARROW + 4 if any(bar.at_least for bar in bars) else 0
    scale = (HEIGHT - free) / (ticks[-1] - ticks[0])
    zero = top + HEIGHT + ticks[0] * scale
    for tick in ticks:
        yield _grid(tick, zero - tick * scale, frame)
    gap = min(4.0, frame.step / 5)
    wide = frame.step - 2 * gap
    for at, bar in enumerate(bars):
        x = frame.left + at * frame.step + gap
        if bar.logged is None:
            yield _box(x, top, wide, HEIGHT, f'fill="url(#{frame.mark}-h)"')
            continue
        end = zero - bar.logged * scale
        if bar.logged:
            yield _box(x, min(zero, end), wide, abs(zero - end), 'class="b"')
        if bar.at_least:
            yield f'<path class="b" d="M{_n(x)} {_n(end - 3)}h{_n(wide)}l{_n(-wide / 2)} {-ARROW}z"/>'
    for is_asked, group in groupby(enumerate(bars), key=lambda one: one[1].required is not None):
        if is_asked:
            path = "".join(
                f"{'L' if number else 'M'}{_n(frame.left + at * frame.step)} {_n(zero - (bar.required or 0) * scale)}"
                f"h{_n(frame.step)}"
                for number, (at, bar) in enumerate(group)
            )
            yield f'<path class="q" d="{path}"/>'


def _balance(bars: Sequence[Bar], frame: _Frame, top: int) -> Iterable[str]:
    found = running(bars)
    known = [balance for balance in found if balance is not None]
    begin = frame.left + len(known) * frame.step
    is_asked = any(bar.required is not None for bar in bars)
    if is_asked and len(known) < len(found):
        yield _box(begin, top, frame.end - begin, LOWER, f'fill="url(#{frame.mark}-h)"')
    if not known:
        words = "the balance is not known" if is_asked else "nothing required, no balance"
        yield f'<text class="s o" x="{_n(frame.left + 8)}" y="{top + LOWER // 2}">{words}</text>'
        return
    _, (ticks, _) = _scales(bars)
    scale = LOWER / (ticks[-1] - ticks[0])
    zero = top + ticks[-1] * scale
    for tick in ticks:
        yield _grid(tick, zero - tick * scale, frame, signed=True)
    points = [(frame.left + (at + 0.5) * frame.step, zero - balance * scale) for at, balance in enumerate(known)]
    # The balance begins at zero before the first part.
    path = f"M{_n(frame.left)} {_n(zero)}" + "".join(f"L{_n(x)} {_n(height)}" for x, height in points)
    yield f'<path class="l" d="{path}"/>'
    if frame.step >= 8:
        yield from (f'<circle class="d" cx="{_n(x)}" cy="{_n(height)}" r="3"/>' for x, height in points)
    x, height = points[-1]
    yield f'<text class="o" x="{_n(x + 8)}" y="{_n(height + 4)}">{in_words(known[-1], signed=True)}</text>'


def _labels(bars: Sequence[Bar], frame: _Frame, y: int) -> Iterable[str]:
    labels = [cut(clean(bar.label), 24) for bar in bars]
    wide = SMALL * max(map(width, labels), default=0) + 10
    every = max(1, -(-wide // frame.step))
    for at in range(0, len(labels), int(every)):
        x = _n(frame.left + (at + 0.5) * frame.step)
        yield f'<text class="t" text-anchor="middle" x="{x}" y="{y}">{_text(labels[at])}</text>'


def _tips(bars: Sequence[Bar], frame: _Frame, top: int, height: int) -> Iterable[str]:
    """What a pointer is told over each part."""
    for at, (bar, balance) in enumerate(zip(bars, balances(bars), strict=True)):
        told = [f"{bar.label}: logged {in_words(bar.logged, at_least=bar.at_least)}"]
        if bar.required is not None:
            told.append(f"required {in_hours(bar.required)}")
        told.append(f"balance so far {balance}")
        box = _box(frame.left + at * frame.step, top, frame.step, height, 'fill="transparent"', is_open=True)
        yield f"{box}<title>{_text(', '.join(told))}</title></rect>"


def _grid(seconds: int, y: float, frame: _Frame, *, signed: bool = False) -> str:
    line = f'<line class="{"g" if seconds else "z"}" x1="{_n(frame.left)}" x2="{_n(frame.end)}" y1="{_n(y)}" y2="{_n(y)}"/>'
    words = _tick(seconds, signed=signed)
    return f'{line}<text class="t" text-anchor="end" x="{_n(frame.left - 8)}" y="{_n(y + 4)}">{words}</text>'


def _tick(seconds: int, *, signed: bool) -> str:
    return ("+" if signed and seconds > 0 else "") + f"{seconds // HOUR} h".replace("-", "\N{MINUS SIGN}")


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
