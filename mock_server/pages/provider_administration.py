"""A provider's own administration: what Tempo's app asks for, keys, contents, and faults that attempts to connect meet.

One set of pages for every provider there is. What is done here is done outside of Jira, so nobody of it is signed in.
"""

from collections.abc import Mapping
from typing import NamedTuple

from flask import Response

from mock_server.domain import apps, provider_services
from mock_server.domain.providers.discovery import every, named
from mock_server.domain.providers.provider import FailureKind
from mock_server.errors import Conflict, Invalid, NotFound
from mock_server.pages.page import Page
from mock_server.pages.paging import paging
from mock_server.pages.visit import Visit
from mock_server.storage import people
from mock_server.storage import provider_accounts as account_rows
from mock_server.storage.provider_states import Fault, Key

LONGEST_NUMBER = 9
"""Digits of a number that forms take."""


class Row(NamedTuple):
    """A provider in the list of them: how many prerequisites it has and meets, and how many accounts."""

    key: str
    title: str
    met: int
    asked: int
    accounts: int


class KeyRow(NamedTuple):
    """A key as the list shows it: its state, whose it is (a login, or empty), and whether the app works with it."""

    key: Key
    state: str
    login: str
    is_in_use: bool


class FaultRow(NamedTuple):
    """A fault as the list shows it; ``name`` is of whom it waits for, empty for everybody."""

    fault: Fault
    name: str


def show_providers(visit: Visit) -> Response:
    """Every provider"""
    rows = []
    for key, service in every().items():
        asked = provider_services.prerequisites(visit.store, key)
        number = account_rows.count(visit.store, key)
        rows.append(Row(key, service.title, sum(is_met for _, is_met in asked), len(asked), number))
    return visit.show("providers.html", rows=rows, provider=None)


def show_provider(visit: Visit, provider: str) -> Response:
    """What a provider's administrator sees"""
    return _provider(visit, provider)


def set_prerequisite(visit: Visit, provider: str) -> Response:
    """Grant something that the app asks for, or withhold it"""
    is_met = visit.form.get("met") == "1"
    key = visit.form.get("prerequisite", "")
    provider_services.set_prerequisite(visit.store, provider, key, is_met)
    title = named(provider).prerequisite(key).title
    visit.signed_in.tell(f"{'Granted' if is_met else 'Withheld'}: {title}.")
    return visit.go(f"/{provider}")


def make_key(visit: Visit, provider: str) -> Response:
    """Make a key and go to the page that shows its text this once"""
    form = visit.form
    try:
        days = number(
            form.get("days", ""), "days", f"Type a whole number of days, from 1 to {provider_services.MOST_KEY_DAYS}."
        )
        name, login = form.get("name", "").strip(), form.get("login", "").strip() or None
        made = provider_services.make_key(visit.store, provider, name, visit.now, days=days, login=login)
    except Conflict as error:
        return _provider(visit, provider, "key", {"name": f"{error} Choose another name."})
    except Invalid as error:
        return _provider(visit, provider, "key", error.fields)
    return visit.show_once(f"/{provider}/keys/{made.key.id}", made.text)


def show_key(visit: Visit, provider: str, key_id: int) -> Response:
    """The text of a key that was made a moment ago; afterwards only that it is told no more"""
    return visit.show(
        "provider_key.html", provider=named(provider), key=_key(visit, provider, key_id), text=visit.take_secret()
    )


def show_revoke(visit: Visit, provider: str, key_id: int) -> Response:
    """Whether it is meant: an app that works with the key stops"""
    return visit.show("provider_key_revoke.html", provider=named(provider), key=_key(visit, provider, key_id))


def revoke_key(visit: Visit, provider: str, key_id: int) -> Response:
    """A key is worth nothing from now on"""
    key = _key(visit, provider, key_id)
    provider_services.revoke_key(visit.store, provider, key.id, visit.now)
    visit.signed_in.tell(f"The key {key.name} is revoked.")
    return visit.go(f"/{provider}")


def add_container(visit: Visit, provider: str) -> Response:
    """One more repository, project or calendar"""
    name, owner = visit.form.get("name", "").strip(), visit.form.get("owner", "").strip()
    try:
        provider_services.add_container(visit.store, provider, name, owner or None)
    except Conflict as error:
        return _provider(visit, provider, "container", {"name": f"{error} Choose another name."})
    except Invalid as error:
        return _provider(visit, provider, "container", error.fields)
    except NotFound as error:
        if not owner:
            raise
        return _provider(visit, provider, "container", {"owner": str(error)})
    visit.signed_in.tell(f"There is a {named(provider).container} {name} now.")
    return visit.go(f"/{provider}")


def provoke_fault(visit: Visit, provider: str) -> Response:
    """Let the next attempts to connect fail in a way"""
    form = visit.form
    try:
        name, times = form.get("person", "").strip(), form.get("times", "").strip()
        met = number(times, "times", "Type how many times, or nothing for always.") if times else None
        person = people.by_name(visit.store, name) if name else None
        if name and person is None:
            raise Invalid(fields={"person": "Nobody in Jira has this login; leave it empty for everybody."})
        provider_services.arm_fault(visit.store, provider, form.get("kind", ""), person.id if person else None, met)
    except Invalid as error:
        return _provider(visit, provider, "fault", error.fields)
    visit.signed_in.tell("The fault waits for the next attempt to connect.")
    return visit.go(f"/{provider}")


def end_faults(visit: Visit, provider: str) -> Response:
    """No attempt fails on purpose any more"""
    provider_services.disarm_faults(visit.store, provider)
    visit.signed_in.tell("No fault waits any more.")
    return visit.go(f"/{provider}")


def number(text: str, field: str, problem: str) -> int:
    """A whole number that was typed. Raises ``Invalid`` with the problem of the field for anything else."""
    text = text.strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER):
        raise Invalid(fields={field: problem})
    return int(text)


def _provider(visit: Visit, provider: str, where: str = "", errors: Mapping[str, str] | None = None) -> Response:
    """The page, with what is wrong with the form (``where``) that somebody sent."""
    store, service = visit.store, named(provider)
    keys, containers = provider_services.keys(store, provider), provider_services.containers(store, provider)
    place = paging(visit.request.args, len(containers))
    containers = containers[place.offset : place.offset + place.per_page]
    owners = (key.account_id for key in keys), (one.owner_account_id for one in containers)
    logins = account_rows.logins(store, {one for ids in owners for one in ids if one is not None})
    app_key = apps.key_of(store, provider)
    faults = provider_services.faults(store, provider)
    return visit.show(
        "provider.html",
        400 if errors is not None else 200,
        provider=service,
        prerequisites=provider_services.prerequisites(store, provider),
        keys=[
            KeyRow(key, apps.key_state(key, visit.now), logins.get(key.account_id or 0, ""), key.id == app_key)
            for key in reversed(keys)
        ],
        containers=[(one, logins.get(one.owner_account_id or 0, "")) for one in containers],
        paging=place,
        accounts=account_rows.count(store, provider),
        faults=[FaultRow(fault, _name_of(visit, fault.person_id)) for fault in faults],
        kinds=tuple(FailureKind),
        days=provider_services.KEY_DAYS,
        most_days=provider_services.MOST_KEY_DAYS,
        where=where,
        errors=errors or {},
        sent=visit.form if where else {},
    )


def _name_of(visit: Visit, person_id: int | None) -> str:
    person = None if person_id is None else people.get(visit.store, person_id)
    return person.display_name if person else ""


def _key(visit: Visit, provider: str, key_id: int) -> Key:
    service = named(provider)
    for key in provider_services.keys(visit.store, provider):
        if key.id == key_id:
            return key
    raise NotFound(f"{service.title} has no such key.")


PAGES = (
    Page("GET", "/", show_providers),
    Page("GET", "/<provider>", show_provider),
    Page("POST", "/<provider>/prerequisites", set_prerequisite, writes=True),
    Page("POST", "/<provider>/keys", make_key, writes=True),
    Page("GET", "/<provider>/keys/<id:key_id>", show_key),
    Page("GET", "/<provider>/keys/<id:key_id>/revoke", show_revoke),
    Page("POST", "/<provider>/keys/<id:key_id>/revoke", revoke_key, writes=True),
    Page("POST", "/<provider>/containers", add_container, writes=True),
    Page("POST", "/<provider>/faults", provoke_fault, writes=True),
    Page("POST", "/<provider>/faults/end", end_faults, writes=True),
)
