"""My Apps: what somebody is connected with and what was gathered of them; for everybody about themselves.

Tempo Administrators read the same of anybody, and change nothing there.
"""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from flask import Response

from mock_server import provider_journal
from mock_server.domain import apps, connections
from mock_server.domain.connections import Icon, OutcomeKind
from mock_server.domain.providers.discovery import every, named
from mock_server.domain.providers.provider import Provider
from mock_server.errors import NotFound
from mock_server.pages.page import Page, for_tempo_administrators
from mock_server.pages.paging import Paging, paging
from mock_server.pages.visit import Visit
from mock_server.storage import people, provider_contents
from mock_server.storage.app_connections import Failure
from mock_server.storage.people import Person
from mock_server.storage.provider_contents import Item

PATH = "/my-apps"
LONGEST_LOGIN = 255
_KINDS = (("event", "event", "events"), ("commit", "commit", "commits"), ("merge_request", "merge request", "merge requests"))


class Row(NamedTuple):
    """A provider as somebody sees it: whether its app is installed, their connection or failure, and what was gathered."""

    provider: Provider
    is_installed: bool
    icon: Icon | None
    failure: Failure | None
    gathered: str


class Gathered(NamedTuple):
    """An item as the list shows it."""

    item: Item
    title: str
    kind: str
    container: str


def show_my_apps(visit: Visit) -> Response:
    """Whoever is signed in: their apps, and what was gathered"""
    return _my_apps(visit)


def connect_myself(visit: Visit, provider: str) -> Response:
    """Connect oneself to an account of one's own"""
    login = visit.form.get("login", "").strip()
    title = named(provider).title
    if not login:
        return _my_apps(visit, provider, f"Type the login of your {title} account.")
    outcome = connections.connect_own(visit.store, provider, visit.person, login[:LONGEST_LOGIN], visit.now)
    if outcome.call:
        provider_journal.write(visit.site.journal, visit.now, visit.person.name, [outcome.call])
    if outcome.kind is OutcomeKind.FAILED:
        return _my_apps(visit, provider, outcome.text)
    visit.signed_in.tell(f"You are connected to {title}.")
    return visit.go(PATH)


def show_disconnect_myself(visit: Visit, provider: str) -> Response:
    """Whether it is meant: what was gathered goes"""
    icon = connections.own(visit.store, visit.person.id).get(provider)
    if icon is None:
        raise NotFound(f"You are not connected to {named(provider).title}.")
    return visit.show("my_app_disconnect.html", icon=icon)


def disconnect_myself(visit: Visit, provider: str) -> Response:
    """End one's own connection, whoever made it"""
    connections.disconnect_own(visit.store, provider, visit.person.id)
    visit.signed_in.tell(f"You are disconnected from {named(provider).title}.")
    return visit.go(PATH)


def show_apps_of(visit: Visit, person_id: int) -> Response:
    """The apps of somebody, and what was gathered of them"""
    person = people.get(visit.store, person_id)
    if person is None:
        raise NotFound("There is nobody with this id.")
    rows, items = _rows(visit, person)
    shown, place = _page(visit, items)
    return visit.show("staff_apps.html", whose=person, rows=rows, items=shown, paging=place)


def _my_apps(visit: Visit, wrong: str = "", problem: str = "") -> Response:
    rows, items = _rows(visit, visit.person)
    shown, place = _page(visit, items)
    login = visit.form.get("login", "")
    return visit.show(
        "my_apps.html",
        400 if problem else 200,
        rows=rows,
        items=shown,
        paging=place,
        wrong=wrong,
        problem=problem,
        login=login,
    )


def _rows(visit: Visit, person: Person) -> tuple[list[Row], list[Item]]:
    """A row for each provider, and all that was gathered of the person, the newest first."""
    store = visit.store
    standing = connections.of_people(store, [person.id])[person.id]
    icons = {icon.provider: icon for icon in standing.icons}
    failures = {failure.provider: failure for failure in standing.failures}
    installed = {service.key for service in apps.installed(store)}
    items = connections.gathered(store, person.id)[::-1]
    rows = [
        Row(service, key in installed, icons.get(key), failures.get(key), _told([one for one in items if one.provider == key]))
        for key, service in every().items()
    ]
    return rows, items


def _told(items: Sequence[Item]) -> str:
    numbers = Counter(item.kind for item in items)
    parts = [f"{numbers[kind]:,} {one if numbers[kind] == 1 else many}" for kind, one, many in _KINDS if numbers[kind]]
    return ", ".join(parts) or "Nothing"


def _page(visit: Visit, items: Sequence[Item]) -> tuple[list[Gathered], Paging]:
    place = paging(visit.request.args, len(items))
    shown = items[place.offset : place.offset + place.per_page]
    names = {
        one.id: one.name for key in {item.provider for item in shown} for one in provider_contents.containers(visit.store, key)
    }
    kinds = {kind: one for kind, one, _ in _KINDS}
    known = every()
    return [
        Gathered(item, known[item.provider].title, kinds.get(item.kind, item.kind).capitalize(), names[item.container_id])
        for item in shown
    ], place


PAGES = (
    Page("GET", PATH, show_my_apps),
    Page("POST", f"{PATH}/<provider>/connect", connect_myself, writes=True),
    Page("GET", f"{PATH}/<provider>/disconnect", show_disconnect_myself),
    Page("POST", f"{PATH}/<provider>/disconnect", disconnect_myself, writes=True),
    Page("GET", "/staff/<id:person_id>/apps", show_apps_of, right=for_tempo_administrators),
)
