"""Days: every form that is read gives the day that was meant, and every form that is written can be read again."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.datacenter.dates import MONTHS, ansi, parse, parse_ansi, written

STEADY = settings(derandomize=True, deadline=None, database=None, max_examples=150)
TODAY = date(2013, 11, 15)
ACCEPTED: dict[str, Callable[[date], str]] = {
    "yyyy-MM-dd": lambda day: f"{day.year:04d}-{day.month:02d}-{day.day:02d}",
    "dd/MMM/yyyy": lambda day: f"{day.day:02d}/{MONTHS[day.month - 1]}/{day.year:04d}",
    "d/MMM/yyyy": lambda day: f"{day.day}/{MONTHS[day.month - 1]}/{day.year:04d}",
    "dd/mmm/yyyy": lambda day: f"{day.day:02d}/{MONTHS[day.month - 1].lower()}/{day.year:04d}",
    "dd/MMM/yyyy upper": lambda day: f"{day.day:02d}/{MONTHS[day.month - 1].upper()}/{day.year:04d}",
    "dd/MM/yyyy": lambda day: f"{day.day:02d}/{day.month:02d}/{day.year:04d}",
    "d/M/yyyy": lambda day: f"{day.day}/{day.month}/{day.year:04d}",
    "dd.MM.yyyy": lambda day: f"{day.day:02d}.{day.month:02d}.{day.year:04d}",
    "in blanks": lambda day: f"  {day.isoformat()}\t",
}
PICKERS = ["dd/MMM/yy", "yyyy-MM-dd", "dd.MM.yyyy", "dd/MM/yyyy"]


def in_window(today: date) -> st.SearchStrategy[date]:
    """Days whose two-digit year is theirs: 79 years back to 20 ahead."""
    return st.dates(date(today.year - 79, 1, 1), date(today.year + 20, 12, 31))


@STEADY
@given(day=st.dates(), form=st.sampled_from(sorted(ACCEPTED)), today=st.dates())
def test_every_accepted_form_gives_the_day_whatever_today_is(day: date, form: str, today: date) -> None:
    assert parse(ACCEPTED[form](day), today) == day


@STEADY
@given(data=st.data(), picker=st.sampled_from(PICKERS), today=st.dates(date(1970, 1, 1), date(2100, 12, 31)))
def test_written_day_is_read_as_the_same_day(data: st.DataObject, picker: str, today: date) -> None:
    day = data.draw(in_window(today))
    assert parse(written(day, picker), today) == day
    assert parse_ansi(ansi(day)) == day


@STEADY
@given(day=in_window(TODAY), form=st.sampled_from(sorted(ACCEPTED)), picker=st.sampled_from(PICKERS))
def test_accepted_form_comes_out_in_every_output_form(day: date, form: str, picker: str) -> None:
    shown = written(parse(ACCEPTED[form](day), TODAY), picker)
    expected = {"dd/MMM/yy": "%d/%b/%y", "yyyy-MM-dd": "%Y-%m-%d", "dd.MM.yyyy": "%d.%m.%Y", "dd/MM/yyyy": "%d/%m/%Y"}
    assert shown == day.strftime(expected[picker])


@STEADY
@given(text=st.text(max_size=14) | st.from_regex(r"[0-9]{1,4}[-/.][0-9A-Za-z]{1,3}[-/.][0-9]{1,4}", fullmatch=True))
def test_any_other_text_is_a_day_or_a_value_error(text: str) -> None:
    try:
        day = parse(text, TODAY)
    except ValueError:
        return
    assert (day is None) == (text.strip() == "")
    assert day is None or isinstance(day, date)


@pytest.mark.parametrize("picker", PICKERS)
def test_open_end_is_empty_in_every_form(picker: str) -> None:
    assert written(None, picker) == ansi(None) == ""
    assert parse("", TODAY) is None


@pytest.mark.parametrize("month", range(12))
def test_months_are_the_english_ones(month: int) -> None:
    assert parse(f"28/{MONTHS[month]}/2013", TODAY) == date(2013, month + 1, 28)
    assert MONTHS[month] == date(2013, month + 1, 1).strftime("%b")


@pytest.mark.parametrize("form", sorted(ACCEPTED))
def test_days_travel_through_the_server(world: Any, form: str) -> None:
    day = date(1934, 2, 28)
    while day < date(2033, 1, 1):
        sent = {"dateFrom": ACCEPTED[form](day), "dateTo": ACCEPTED[form](day + timedelta(days=365))}
        period = world.put("fred", "2/team/3/member/4/membership/4", sent).json
        assert (period["dateFromANSI"], period["dateToANSI"]) == (day.isoformat(), (day + timedelta(days=365)).isoformat())
        # What the server wrote may be sent back to it and changes nothing.
        assert world.put("fred", "2/team/3/member/4/membership/4", period).json == period
        day += timedelta(days=2221)
