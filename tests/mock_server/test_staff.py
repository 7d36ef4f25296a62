"""Who an administrator means: each filter, sorting, pages, all that were found, and memberships with their status."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from mock_server.domain import staff
from mock_server.domain.staff import Term, condition_of
from mock_server.errors import Invalid
from mock_server.storage import people
from mock_server.storage.opening import in_memory
from mock_server.storage.store import Store

TODAY = date(2013, 11, 15)
PEOPLE = (
    # name, display name, e-mail, active, time zone
    ("ann", "Ann Ableton", "ann@example.org", 1, "UTC"),
    ("bob", "bob Backer", "bob@example.com", 1, "Europe/Berlin"),
    ("cid", "Cid 100%", "cid@example.org", 1, "UTC"),
    ("dora", "Dora <b>Doe</b>", "dora@example.org", 0, "UTC"),
    ("eve", "Eve Emmer", "zeta@example.org", 1, "Asia/Tokyo"),
)
NAMES = [person[0] for person in PEOPLE]


@pytest.fixture
def store() -> Iterator[Store]:
    """Five people; teams Alpha (1) and Beta (2), groups crew (1) and none (2), roles Chief (1) and Hand (2)."""
    found = in_memory()
    with found.transaction():
        for name, display_name, email, active, zone in PEOPLE:
            found.insert_row(
                "people", name=name, key=f"key-{name}", account_id=f"id-{name}", email=email, display_name=display_name,
                active=active, time_zone=zone, locale="en_US", avatar_id=1,
            )  # fmt: skip
        for name in ("Chief", "Hand"):
            found.insert_row("roles", name=name)
        for name in ("crew", "none"):
            found.insert_row("groups", name=name, group_id=name)
        for team in ("Alpha", "Beta"):
            found.insert_row("teams", name=team)
        for person in (2, 5):
            found.insert_row("group_members", group_id=1, person_id=person)
        found.insert_row("workload_schemes", name="Half", week="[0,0,0,0,0,0,0]")
        found.insert_row("holiday_schemes", name="Bavaria")
        found.insert_row("workload_scheme_members", person_id=2, scheme_id=2)
        found.insert_row("holiday_scheme_members", person_id=3, scheme_id=2)
        _in(found, "Alpha", "ann", 1, None, None)
        _in(found, "Beta", "ann", 2, "2013-11-15", "2013-11-15")
        _in(found, "Alpha", "bob", 2, "2013-01-01", "2013-11-14")
        _in(found, "Beta", "cid", 1, "2013-11-16", None)
        # The group is in Alpha: Bob is in it by himself until yesterday, so it adds Eve alone.
        found.insert_row("members", team_id=1, group_id=1)
    with found.reading():
        yield found


def _in(store: Store, team: str, name: str, role: int, start: str | None, end: str | None) -> None:
    team_id, person = store.value("SELECT id FROM teams WHERE name = ?", (team,)), NAMES.index(name) + 1
    member = store.insert_row("members", team_id=team_id, person_id=person)
    store.insert_row("memberships", member_id=member, role_id=role, start_date=start, end_date=end, availability=100)


def connect(store: Store, name: str, provider: str) -> None:
    person = NAMES.index(name) + 1
    account = store.insert_row(
        "provider_accounts", provider=provider, login=name, display_name=name, email=name, login_folded=name, name_folded=name,
        email_folded=name,
    )  # fmt: skip
    store.insert_row("app_connections", person_id=person, provider=provider, account_id=account, connected_at="2013-11-15")


def fail(store: Store, name: str, provider: str) -> None:
    person = NAMES.index(name) + 1
    store.insert_row("app_failures", person_id=person, provider=provider, kind="network", text="x", failed_at="2013-11-15")


def found(store: Store, sort: str = "name", **filters: str) -> str:
    """The login names that are found, after a look at whether number and ids say the same."""
    condition = condition_of(filters)
    rows = staff.search(store, condition, TODAY, sort)
    assert staff.count(store, condition, TODAY) == len(rows)
    assert sorted(staff.ids(store, condition, TODAY)) == sorted(row.person.id for row in rows)
    return " ".join(row.person.name for row in rows)


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({}, "ann bob cid eve"),
        ({"status": "all"}, "ann bob cid dora eve"),
        ({"status": "inactive"}, "dora"),
        ({"search": "ann"}, "ann"),
        ({"search": " BACK "}, "bob"),
        ({"search": "example.org"}, "ann cid eve"),
        ({"search": "100%"}, "cid"),
        ({"search": "%"}, "cid"),
        ({"search": "_"}, ""),
        ({"search": "x" * 60_000}, ""),
        ({"search": "<b>", "status": "all"}, "dora"),
        ({"team": "1"}, "ann eve"),
        ({"team": "2"}, "ann"),
        ({"team": "99"}, ""),
        ({"role": "1"}, "ann"),
        ({"role": "2"}, "ann"),
        ({"team": "1", "role": "1"}, "ann"),
        ({"team": "1", "role": "2"}, ""),
        ({"group": "1"}, "bob eve"),
        ({"group": "2"}, ""),
        ({"workloadScheme": "1"}, "ann cid eve"),
        ({"workloadScheme": "2"}, "bob"),
        ({"holidayScheme": "2"}, "cid"),
        ({"holidayScheme": "1", "workloadScheme": "2"}, "bob"),
        ({"location": "UTC"}, "ann cid"),
        ({"location": "UTC", "status": "all", "search": "dora"}, "dora"),
        ({"location": "nowhere"}, ""),
    ],
)
def test_a_filter_finds_whom_it_names(store: Store, filters: dict[str, str], names: str) -> None:
    assert found(store, **filters) == names


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"integration": "failed"}, "ann bob"),
        ({"integration": "failed", "provider": "github"}, "ann"),
        ({"integration": "failed", "provider": "gitlab"}, "bob"),
        ({"integration": "connected"}, "bob cid"),
        ({"integration": "connected", "provider": "github"}, "bob"),
        ({"integration": "none"}, "ann eve"),
        ({"integration": "none", "provider": "github"}, "ann cid eve"),
        ({"provider": "github"}, "ann bob"),
        ({"integration": "failed", "search": "a", "group": "1"}, "bob"),
    ],
)
def test_apps_are_filtered_by_what_became_of_them(store: Store, filters: dict[str, str], names: str) -> None:
    connect(store, "bob", "github")
    connect(store, "cid", "office365")
    fail(store, "ann", "github")
    fail(store, "bob", "gitlab")
    assert found(store, **filters) == names


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("name", "ann bob cid dora eve"),
        ("-name", "eve dora cid bob ann"),
        ("email", "ann bob cid dora eve"),
        ("-email", "eve dora cid bob ann"),
        ("location", "eve bob ann cid dora"),
        ("-location", "ann cid dora bob eve"),
        ("workload-scheme", "bob ann cid dora eve"),
        ("-workload-scheme", "ann cid dora eve bob"),
        ("holiday-scheme", "cid ann bob dora eve"),
        ("status", "ann bob cid eve dora"),
        ("-status", "dora ann bob cid eve"),
    ],
)
def test_columns_sort_either_way_and_then_by_name(store: Store, sort: str, names: str) -> None:
    assert found(store, sort, status="all") == names


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_pages_hold_everybody_once(store: Store, size: int) -> None:
    condition = condition_of({"status": "all"})
    pages = [staff.search(store, condition, TODAY, "location", offset, size) for offset in range(0, 5, size)]
    assert [row.person.name for page in pages for row in page] == ["eve", "bob", "ann", "cid", "dora"]


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"team": "x"}, "team"),
        ({"team": "-1"}, "team"),
        ({"role": "１"}, "role"),  # noqa: RUF001
        ({"group": "9" * 30}, "group"),
        ({"workloadScheme": "1.0"}, "workloadScheme"),
        ({"holidayScheme": "null"}, "holidayScheme"),
        ({"status": "gone"}, "status"),
        ({"integration": "maybe"}, "integration"),
    ],
)
def test_a_filter_that_cannot_be_is_told(filters: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        condition_of(filters)
    assert list(caught.value.fields) == [field]


@pytest.mark.parametrize("sort", ["", "-", "password_hash", "name; DROP TABLE people", "--name"])
def test_a_column_that_is_not_is_told(store: Store, sort: str) -> None:
    with pytest.raises(Invalid) as caught:
        staff.search(store, condition_of({}), TODAY, sort)
    assert list(caught.value.fields) == ["sort"]


def test_rows_tell_schemes_and_present_teams(store: Store) -> None:
    rows = {row.person.name: row for row in staff.search(store, condition_of({}), TODAY)}
    assert {name: (list(row.teams), row.was_in_teams) for name, row in rows.items()} == {
        "ann": (["Alpha", "Beta"], True),
        "bob": ([], True),
        "cid": ([], True),
        "eve": (["Alpha"], True),
    }
    assert (rows["bob"].workload_scheme, rows["bob"].holiday_scheme) == ("Half", "Tempo Default Holiday Scheme")
    assert (rows["cid"].workload_scheme, rows["cid"].holiday_scheme) == ("Tempo Default Workload Scheme", "Bavaria")
    (dora,) = staff.search(store, condition_of({"status": "inactive"}), TODAY)
    assert (list(dora.teams), dora.was_in_teams) == ([], False)


def test_memberships_have_their_days_and_status(store: Store) -> None:
    def of(name: str) -> list[Any]:
        person = people.by_name(store, name)
        assert person
        return [tuple(row) for row in staff.memberships(store, person, TODAY)]

    assert of("ann") == [
        ("Alpha", "Chief", None, None, Term.CURRENT, None),
        ("Beta", "Hand", "2013-11-15", "2013-11-15", Term.CURRENT, None),
    ]
    assert of("bob") == [("Alpha", "Hand", "2013-01-01", "2013-11-14", Term.PREVIOUS, None)]
    assert of("cid") == [("Beta", "Chief", "2013-11-16", None, Term.UPCOMING, None)]
    assert of("eve") == [("Alpha", None, None, None, Term.CURRENT, "crew")]
    assert of("dora") == []


@pytest.mark.parametrize(
    ("start", "end", "status"),
    [
        (None, None, Term.CURRENT),
        (None, "2013-11-15", Term.CURRENT),
        (None, "2013-11-14", Term.PREVIOUS),
        ("2013-11-15", None, Term.CURRENT),
        ("2013-11-16", None, Term.UPCOMING),
        ("2013-11-14", "2013-11-16", Term.CURRENT),
        ("2013-11-16", "2013-11-17", Term.UPCOMING),
        ("2013-11-13", "2013-11-14", Term.PREVIOUS),
    ],
)
def test_a_period_is_current_on_its_first_and_last_day(start: str | None, end: str | None, status: Term) -> None:
    assert staff.term(start, end, TODAY) is status
