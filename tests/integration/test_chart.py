"""Charts of hours: what is drawn is what is known, as SVG and on a terminal."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.chart import Bar, Chart, described, in_words, running, summary, svg
from integration.plain_text import width
from integration.terminal_chart import UNKNOWN, lines

SVG = "{http://www.w3.org/2000/svg}"
HOUR = 3600
EVIL = 'Rita <b>Bold</b> & "Sons" <script>alert(1)</script>'
KNOWN = (Bar("W40", 38 * HOUR, 40 * HOUR), Bar("W41", 42 * HOUR, 40 * HOUR), Bar("W42", 41 * HOUR, 40 * HOUR))

seconds = st.integers(0, 400 * HOUR)
bar = st.builds(Bar, st.text(max_size=8), st.none() | seconds, st.none() | seconds, st.booleans())


def chart(*bars: Bar, name: str = "Bob", remarks: tuple[str, ...] = ()) -> Chart:
    return Chart(name, "5b10:a2", "2026-10-01 to 2026-10-21", bars, remarks)


def drawn(found: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(svg(found))


def heights(found: Chart) -> list[float]:
    """Pixels of the bars, the key of the legend not among them."""
    return [float(part.attrib["height"]) for part in drawn(found).iter(f"{SVG}rect") if part.get("class") == "b"][1:]


@pytest.mark.parametrize(
    ("bars", "balances"),
    [
        pytest.param(KNOWN, (-2 * HOUR, 0, HOUR), id="all known"),
        pytest.param((KNOWN[0], Bar("W41", None, HOUR), KNOWN[2]), (-2 * HOUR, None, None), id="unknown from there on"),
        pytest.param((KNOWN[0], Bar("W41", HOUR, HOUR, at_least=True)), (-2 * HOUR, None), id="at least is no balance"),
        pytest.param((Bar("a", HOUR, None), Bar("b", HOUR, HOUR)), (HOUR, HOUR), id="nothing required of a part"),
        pytest.param((Bar("a", HOUR, None),), (None,), id="nothing required at all"),
        pytest.param((), (), id="no part"),
    ],
)
def test_the_running_balance(bars: tuple[Bar, ...], balances: tuple[int | None, ...]) -> None:
    assert running(bars) == balances


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (in_words(None), "not known"),
        (in_words(0), "0:00"),
        (in_words(27000, at_least=True), "at least 7:30"),
        (in_words(900, signed=True), "+0:15"),
        (in_words(-900, signed=True), "-0:15"),
    ],
)
def test_seconds_in_words(told: str, words: str) -> None:
    assert told == words


def test_the_sums_stand_in_the_first_line() -> None:
    assert summary(chart(*KNOWN)) == "2026-10-01 to 2026-10-21 · logged 121:00 · required 120:00 · balance +1:00"


def test_sums_of_what_is_partly_known() -> None:
    told = summary(chart(KNOWN[0], Bar("W41", None, HOUR)))
    assert "logged at least 38:00" in told
    assert "balance not known" in told
    assert "logged not known" in summary(chart(Bar("W41", None, HOUR)))


def test_bars_are_as_high_as_their_hours() -> None:
    low, high = heights(chart(Bar("a", 10 * HOUR, None), Bar("b", 20 * HOUR, None)))
    assert high == pytest.approx(2 * low, rel=0.01)


def test_what_is_not_known_has_no_bar_and_is_hatched() -> None:
    unknown, zero = chart(KNOWN[0], Bar("W41", None, None)), chart(KNOWN[0], Bar("W41", 0, None))
    assert len(heights(unknown)) == 1
    hatched = [part for part in drawn(unknown).iter(f"{SVG}rect") if part.get("fill", "").startswith("url(#")]
    assert hatched
    assert not [part for part in drawn(zero).iter(f"{SVG}rect") if part.get("fill", "").startswith("url(#")]


def test_it_is_told_in_words_too() -> None:
    found = drawn(chart(*KNOWN))
    title, words = found.find(f"{SVG}title"), found.find(f"{SVG}desc")
    assert title is not None
    assert words is not None
    assert title.text == "Hours of Bob, 2026-10-01 to 2026-10-21"
    assert words.text == described(chart(*KNOWN))
    assert "W41: logged 42:00, required 40:00, balance so far 0:00." in words.text
    assert found.get("role") == "img"
    assert (found.get("aria-labelledby") or "").split() == [title.get("id"), words.get("id")]


def test_nothing_in_it_can_run_or_be_fetched() -> None:
    found = drawn(chart(*KNOWN, name=EVIL, remarks=(EVIL,)))
    tags = {part.tag.removeprefix(SVG) for part in found.iter()}
    assert not tags & {"script", "b", "image", "use", "a", "foreignObject", "iframe"}
    assert not [name for part in found.iter() for name in part.attrib if name.startswith("on") or "href" in name]
    assert "@import" not in svg(chart(*KNOWN))
    assert EVIL in "".join(found.itertext())


@given(st.lists(bar, max_size=60), st.text(max_size=40), st.lists(st.text(max_size=200), max_size=2))
def test_any_chart_is_a_document(bars: list[Bar], name: str, remarks: list[str]) -> None:
    found = drawn(chart(*bars, name=name, remarks=tuple(remarks)))
    assert found.tag == f"{SVG}svg"
    assert len(heights(chart(*bars))) <= len(bars)


@given(st.lists(bar, max_size=20), st.text(max_size=40), st.integers(1, 200), st.sampled_from(["utf-8", "ascii", "cp1252"]))
def test_a_terminal_shows_no_more_than_fits(bars: list[Bar], name: str, columns: int, encoding: str) -> None:
    for line in lines(chart(*bars, name=name), columns, encoding):
        assert width(line) <= columns
        line.encode(encoding)


def bar_line(*bars: Bar, label: str, encoding: str = "utf-8") -> str:
    return next(line for line in lines(chart(*bars), 100, encoding) if line.startswith(label))


def test_bars_of_a_terminal_are_as_long_as_their_hours() -> None:
    both = Bar("a", 10 * HOUR, None), Bar("b", 20 * HOUR, None)
    assert bar_line(*both, label="b").count("█") == pytest.approx(2 * bar_line(*both, label="a").count("█"), abs=1)


def test_a_terminal_says_what_is_not_known() -> None:
    both = KNOWN[0], Bar("W41", None, 40 * HOUR)
    assert bar_line(*both, label="W41").count(UNKNOWN) == 3
    assert "█" not in bar_line(*both, label="W41")
    assert UNKNOWN not in bar_line(KNOWN[0], Bar("W41", 0, 40 * HOUR), label="W41")


def test_a_terminal_without_blocks_gets_ascii() -> None:
    assert "#" in bar_line(*KNOWN, label="W40", encoding="ascii")
    assert "█" not in "".join(lines(chart(*KNOWN), 100, "ascii"))


def test_figures_stand_beside_the_bars_and_go_where_there_is_no_room() -> None:
    assert "38:00" in bar_line(*KNOWN, label="W40")
    assert "-2:00" in bar_line(*KNOWN, label="W40")
    assert not any("40:00" in line for line in lines(chart(*KNOWN), 20, "utf-8") if line.startswith("W40"))
