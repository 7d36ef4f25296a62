"""Holiday schemes and the holidays in them."""

import json
from collections.abc import Iterable
from typing import NamedTuple

from mock_server.storage.store import Store

_COLUMNS = "id, name, description, is_default"
_HOLIDAY = "id, scheme_id, type, date, name, description, duration"


class HolidayScheme(NamedTuple):
    """A holiday scheme. ``is_default`` is 0 or 1, and 1 for one scheme."""

    id: int
    name: str
    description: str
    is_default: int


class Holiday(NamedTuple):
    """A holiday: FIXED ones come every year, FLOATING ones once. ``duration`` is seconds, ``date`` ``yyyy-MM-dd``."""

    id: int
    scheme_id: int
    type: str
    date: str
    name: str
    description: str
    duration: int


def get(store: Store, scheme_id: int) -> HolidayScheme | None:
    """By id."""
    row = store.one(f"SELECT {_COLUMNS} FROM holiday_schemes WHERE id = ?", (scheme_id,))
    return HolidayScheme._make(row) if row else None


def every(store: Store) -> list[HolidayScheme]:
    """All, by id."""
    return [HolidayScheme._make(row) for row in store.all(f"SELECT {_COLUMNS} FROM holiday_schemes ORDER BY id")]


def add(store: Store, name: str, description: str) -> int:
    """A new scheme without holidays; answers its id."""
    return store.insert_row("holiday_schemes", name=name, description=description)


def change(store: Store, scheme_id: int, name: str, description: str) -> None:
    """Put another name and description in place."""
    store.run("UPDATE holiday_schemes SET name = ?, description = ? WHERE id = ?", (name, description, scheme_id))


def remove(store: Store, scheme_id: int) -> None:
    """A scheme that nobody is in, with its holidays."""
    store.run("DELETE FROM holiday_schemes WHERE id = ?", (scheme_id,))


def holiday(store: Store, scheme_id: int, holiday_id: int) -> Holiday | None:
    """A holiday of a scheme."""
    row = store.one(f"SELECT {_HOLIDAY} FROM holidays WHERE scheme_id = ? AND id = ?", (scheme_id, holiday_id))
    return Holiday._make(row) if row else None


def holidays(store: Store, scheme_ids: Iterable[int]) -> list[Holiday]:
    """Every holiday of some schemes, by date and id."""
    rows = store.all(
        f"SELECT {_HOLIDAY} FROM holidays WHERE scheme_id IN (SELECT value FROM json_each(?)) ORDER BY date, id",
        (json.dumps(list(scheme_ids)),),
    )
    return [Holiday._make(row) for row in rows]


def add_holiday(store: Store, holiday: Holiday) -> int:
    """A new holiday, whatever id is in it; answers the one it got."""
    values = holiday._asdict()
    del values["id"]
    return store.insert_row("holidays", **values)


def change_holiday(store: Store, holiday: Holiday) -> None:
    """Put the holiday in the place of the one with its id."""
    store.run(
        "UPDATE holidays SET type = ?, date = ?, name = ?, description = ?, duration = ? WHERE id = ?",
        (holiday.type, holiday.date, holiday.name, holiday.description, holiday.duration, holiday.id),
    )


def remove_holiday(store: Store, holiday_id: int) -> None:
    """One holiday."""
    store.run("DELETE FROM holidays WHERE id = ?", (holiday_id,))
