"""Role users in the form of Permission Roles: found by search, added by group, kept while the form goes to and fro."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from .page_visitor import Document, Visitor

LIST = "/permission-roles"
NEW = f"{LIST}/new"
VIEW = "permissions.worklog.view"
ENTERED = {"name": "Time accounts", "keys": [VIEW], "access": "TEAM", "teams": ["3"]}
FRED, JOHN, LAURA, BOB, DAVID, GRETA, NADIA = "1", "3", "4", "5", "6", "7", "8"


@pytest.fixture
def visitor(world: Any) -> Visitor:
    found = Visitor(world)
    found.sign_in("fred")
    found.get(NEW)
    return found


class Form:
    """What a form that came back holds, as a browser would send it again."""

    def __init__(self, answer: TestResponse) -> None:
        self.status = answer.status_code
        self.page = Document(answer.text)
        self.hidden = {
            a["name"]: a.get("value") or ""
            for tag, a in self.page.elements
            if tag == "input" and a.get("type") == "hidden" and a["name"] != "csrf_token"
        }
        self.boxes = {
            a["value"]: "checked" in a for tag, a in self.page.elements if tag == "input" and a.get("name") == "people"
        }

    @property
    def held(self) -> set[str]:
        return set(self.hidden["held"].split())

    def sent(self, tick: tuple[str, ...] = (), untick: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
        """The fields, after some clicks."""
        assert set(tick) | set(untick) <= set(self.boxes), self.boxes
        ticked = {person for person, is_ticked in self.boxes.items() if is_ticked}
        people = sorted((ticked | set(tick)) - set(untick))
        return {**ENTERED, **self.hidden, "people": people, **more}


def holders(world: Any) -> list[str]:
    """The display names of who holds the role that was made last."""
    role = max(world.cloud("GET", "fred", "permission-roles?limit=1000").json["results"], key=lambda found: found["id"])
    rows = world.site.store.all("SELECT account_id, id FROM people")
    ids = {account_id: str(person_id) for account_id, person_id in rows}
    return sorted((ids[person["accountId"]] for person in role["permittedUsers"]), key=int)


def test_whoever_is_found_is_ticked_and_nothing_entered_is_lost(world: Any, visitor: Visitor) -> None:
    found = Form(visitor.post(NEW, {**ENTERED, "search": "jo", "action": "search"}))
    assert (found.status, found.boxes) == (200, {BOB: False, JOHN: False})
    kept = {(a.get("name"), a.get("value")) for _, a in found.page.elements if "checked" in a}
    assert kept == {(None, None), ("keys", VIEW), ("access", "TEAM"), ("teams", "3")}
    assert [a["value"] for _, a in found.page.elements if a.get("id") == "name"] == ["Time accounts"]
    again = Form(visitor.post(NEW, found.sent((BOB,), search="greta", action="search")))
    assert again.boxes == {GRETA: False, BOB: True}
    assert again.held == {BOB}
    assert visitor.post(NEW, again.sent((GRETA,), action="save")).status_code == 303
    assert holders(world) == [BOB, GRETA]
    assert world.audit() != []


def test_whoever_is_unticked_goes_found_or_not(world: Any, visitor: Visitor) -> None:
    found = Form(visitor.post(NEW, {**ENTERED, "people": [BOB, GRETA, DAVID], "search": "jo", "action": "search"}))
    assert found.boxes == {BOB: True, JOHN: False, DAVID: True, GRETA: True}
    again = Form(visitor.post(NEW, found.sent(untick=(BOB, GRETA), action="search", search="jo")))
    assert again.boxes == {BOB: False, JOHN: False, DAVID: True}
    visitor.post(NEW, again.sent(action="save"))
    assert holders(world) == [DAVID]


@pytest.mark.parametrize(
    ("search", "searched", "saves"),
    [("", "", True), ("bob", "", False), ("bob", "bob", True), ("bob", "bo", False), ("", "bob", True)],
)
def test_enter_looks_for_people_that_were_not_yet_looked_for_and_saves_otherwise(
    visitor: Visitor, search: str, searched: str, saves: bool
) -> None:
    form = {**ENTERED, "search": search, "searched": searched, "action": "enter"}
    assert visitor.post(NEW, form).status_code == (303 if saves else 200)


def test_people_of_a_group_are_added_those_who_are_active(world: Any, visitor: Visitor) -> None:
    answer = Form(visitor.post(NEW, {**ENTERED, "people": [BOB], "group": "employees", "action": "group"}))
    assert "Added 7 of the 8 people in employees." in answer.page.text
    assert answer.held == {"1", "2", JOHN, LAURA, BOB, DAVID, GRETA, NADIA}, "Olaf is deactivated"
    again = Form(visitor.post(NEW, answer.sent(untick=(FRED,), group="hr", action="group")))
    assert "Nobody of hr was missing." in again.page.text
    assert visitor.post(NEW, again.sent(action="save")).status_code == 303
    assert holders(world) == ["2", JOHN, LAURA, BOB, DAVID, GRETA, NADIA]


def test_who_was_found_stays_found_while_a_group_is_added(visitor: Visitor) -> None:
    found = Form(visitor.post(NEW, {**ENTERED, "search": "greta", "action": "search"}))
    again = Form(visitor.post(NEW, found.sent(search="greta", group="hr", action="group")))
    assert again.boxes == {GRETA: False, LAURA: True, NADIA: True}
    assert visitor.post(NEW, again.sent(search="greta", action="enter")).status_code == 303, "it was looked for already"


@pytest.mark.parametrize("group", ["", "none", "<script>"])
def test_a_group_must_be_chosen(world: Any, visitor: Visitor, group: str) -> None:
    answer = visitor.post(NEW, {**ENTERED, "people": [BOB], "group": group, "action": "group"})
    form = Form(answer)
    assert (form.status, form.held) == (400, {BOB})
    assert "Choose a group." in form.page.text
    assert [a.get("aria-invalid") for _, a in form.page.elements if a.get("id") == "group"] == ["true"]
    assert world.audit() == []


def test_a_role_of_a_group_lists_its_people_and_keeps_the_people_when_saved(world: Any, visitor: Visitor) -> None:
    form = Form(visitor.get(f"{LIST}/5/edit"))
    assert form.boxes == {LAURA: True, NADIA: True}
    saved = form.sent(action="save", name="Planners", keys=["permissions.plan.view"])
    assert visitor.post(f"{LIST}/5/edit", saved).status_code == 303
    role = world.cloud("GET", "fred", "permission-roles/5").json
    assert [key["key"] for key in role["permissions"]] == ["permissions.plan.view"]
    assert len(role["permittedUsers"]) == 2
    assert world.site.store.value("SELECT count(*) FROM permission_role_holders WHERE group_id IS NOT NULL") == 0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "  "}, "A permission role needs a name."),
        ({"held": "99"}, "does not exist any more"),
        ({"held": "5 x -1 ²"}, "does not exist any more"),
        ({"people": ["9" * 400]}, "does not exist any more"),
        ({"teams": ["99"]}, "does not exist any more"),
        ({"teams": ["x"]}, "does not exist any more"),
        ({"keys": ["permissions.<b>"]}, "does not exist any more"),
        ({"name": "", "teams": ["99"]}, "A permission role needs a name."),
        ({"name": "x" * 256}, "The name of a permission role has at most 255 characters."),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(world: Any, visitor: Visitor, wrong: dict[str, Any], said: str) -> None:
    answer = visitor.post(NEW, {**ENTERED, "people": [GRETA], "held": LAURA, "action": "save"} | wrong)
    form = Form(answer)
    assert form.status == 400
    assert said in form.page.text
    is_name = "name" in wrong
    assert [a.get("aria-invalid") for _, a in form.page.elements if a.get("id") == "name"] == ["true" if is_name else None]
    assert world.audit() == []
    if not is_name:
        again = {**form.sent(action="save"), "teams": ["3"]}
        assert visitor.post(NEW, again).status_code == 303, "what does not exist is left out the second time"


def test_a_form_without_anything_is_refused_as_one_without_a_name(visitor: Visitor) -> None:
    assert "A permission role needs a name." in visitor.post(NEW).text


def people_added(world: Any, number: int) -> None:
    rows = [
        (100 + n, f"many{n}", f"many{n}", f"acc{n}", f"many{n}@example.org", f"Many {n:04}", 1, "UTC", "en_US", 10122)
        for n in range(number)
    ]
    columns = ("id", "name", "key", "account_id", "email", "display_name", "active", "time_zone", "locale", "avatar_id")
    group = world.site.store.insert_row("groups", name="many", group_id="many")
    world.site.store.insert_rows("people", columns, rows)
    world.site.store.insert_rows("group_members", ("group_id", "person_id"), [(group, row[0]) for row in rows])


def test_a_thousand_people_are_neither_found_nor_shown_all_at_once(world: Any, visitor: Visitor) -> None:
    people_added(world, 1200)
    found = Form(visitor.post(NEW, {**ENTERED, "search": "many", "action": "search"}))
    assert len(found.boxes) == 20
    assert "The first 20 people found for “many”" in found.page.text
    full = Form(visitor.post(NEW, found.sent(group="many", action="group")))
    assert (len(full.held), len(full.boxes)) == (1200, 50)
    assert "1,200 users" in full.page.text
    assert "and 1,150 more; search for whoever you want to remove." in full.page.text
    one = Form(visitor.post(NEW, full.sent(search="many1199", action="search")))
    assert len(one.boxes) == 51
    assert one.boxes["1299"] is True
    saved = visitor.post(NEW, one.sent(untick=("1299", "100"), action="save"))
    assert saved.status_code == 303
    assert holders(world) == [str(n) for n in range(101, 1299)]
    shown = visitor.get(LIST).text
    assert re.findall(r"and 1,193 more", shown) == ["and 1,193 more"]
    assert "Many 0005" in shown
    assert "Many 0006" not in shown


@given(st.sets(st.integers(1, 11)), st.sets(st.integers(1, 11)), st.sets(st.integers(1, 11)))
def test_who_is_shown_counts_by_the_box_and_who_is_not_stays(
    made: Any, held: set[int], shown: set[int], ticked: set[int]
) -> None:
    boxes = ticked & shown
    form = {"held": " ".join(map(str, held)), "shown": " ".join(map(str, shown)), "people": [str(n) for n in boxes]}
    answer = Form(made.post(NEW, {**ENTERED, **form, "action": "search"}))
    assert answer.held == {str(n) for n in (held - shown) | boxes}


@pytest.fixture(scope="module")
def made() -> Any:
    """A visitor whose world nobody changes."""
    from .conftest import World

    world = World(None)
    visitor = Visitor(world)
    visitor.sign_in("fred")
    visitor.get(NEW)
    yield visitor
    world.close()
