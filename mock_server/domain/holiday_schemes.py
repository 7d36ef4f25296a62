"""Holiday schemes and their holidays (help pages; vendor's OpenAPI of v4)."""

from datetime import date

from mock_server.domain import scheme_members
from mock_server.errors import Invalid, NotFound
from mock_server.storage import holiday_schemes
from mock_server.storage.holiday_schemes import Holiday, HolidayScheme
from mock_server.storage.scheme_members import Kind
from mock_server.storage.store import Store

FIXED = "FIXED"
FLOATING = "FLOATING"


def get(store: Store, scheme_id: int) -> HolidayScheme:
    """By id. Raises ``NotFound``."""
    found = holiday_schemes.get(store, scheme_id)
    if found is None:
        raise NotFound(f"Holiday scheme with id '{scheme_id}' not found")
    return found


def of_person(store: Store, account_id: str) -> HolidayScheme:
    """The scheme that somebody is in. Raises ``NotFound`` for nobody."""
    return get(store, scheme_members.scheme_of(store, Kind.HOLIDAY, account_id))


def create(store: Store, name: str, description: str) -> HolidayScheme:
    """A new scheme without holidays and members. Raises ``Invalid`` for a name in use."""
    _refuse_taken(store, name, 0)
    return get(store, holiday_schemes.add(store, name, description))


def change(store: Store, scheme: HolidayScheme, name: str, description: str) -> HolidayScheme:
    """Put another name and description in place. Raises ``Invalid`` for the name of another one."""
    _refuse_taken(store, name, scheme.id)
    holiday_schemes.change(store, scheme.id, name, description)
    return get(store, scheme.id)


def make_default(store: Store, scheme: HolidayScheme) -> HolidayScheme:
    """Make it the scheme of people who come later; nobody is moved (assumption schemes.newDefault)."""
    scheme_members.make_default(store, Kind.HOLIDAY, scheme.id)
    return get(store, scheme.id)


def remove(store: Store, scheme: HolidayScheme) -> None:
    """Take a scheme away. Raises ``Invalid`` for the default one and for one that somebody is in."""
    scheme_members.check_empty(store, Kind.HOLIDAY, scheme.id)
    holiday_schemes.remove(store, scheme.id)


def holiday(store: Store, scheme: HolidayScheme, holiday_id: int) -> Holiday:
    """A holiday of a scheme. Raises ``NotFound``."""
    found = holiday_schemes.holiday(store, scheme.id, holiday_id)
    if found is None:
        raise NotFound(f"Holiday with id '{holiday_id}' not found")
    return found


def in_year(store: Store, scheme: HolidayScheme, year: int) -> list[Holiday]:
    """The holidays of a year, each on its day in that year, in order; one of 29 February in leap years only."""
    found = []
    for each in holiday_schemes.holidays(store, [scheme.id]):
        day = date.fromisoformat(each.date)
        if each.type == FIXED:
            try:
                day = day.replace(year=year)
            except ValueError:
                continue
        if day.year == year:
            found.append(each._replace(date=day.isoformat()))
    return sorted(found, key=lambda each: (each.date, each.id))


def floating(store: Store, scheme: HolidayScheme) -> list[Holiday]:
    """The holidays that belong to one year, of every year."""
    return [each for each in holiday_schemes.holidays(store, [scheme.id]) if each.type == FLOATING]


def add(store: Store, scheme: HolidayScheme, values: Holiday) -> Holiday:
    """A new holiday of the scheme, whatever ids are in the values."""
    return holiday(store, scheme, holiday_schemes.add_holiday(store, values._replace(scheme_id=scheme.id)))


def change_holiday(store: Store, present: Holiday, values: Holiday) -> Holiday:
    """Put these values in the place of the present ones."""
    changed = values._replace(id=present.id, scheme_id=present.scheme_id)
    holiday_schemes.change_holiday(store, changed)
    return changed


def remove_holiday(store: Store, present: Holiday) -> None:
    """Take a holiday away."""
    holiday_schemes.remove_holiday(store, present.id)


def _refuse_taken(store: Store, name: str, own_id: int) -> None:
    if any(each.name == name and each.id != own_id for each in holiday_schemes.every(store)):
        raise Invalid("Holiday scheme with this name already exists")
