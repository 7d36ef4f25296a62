"""What the personas of the bundled scenarios log in with, as far as it is good in a world. Demo data, published, no secrets."""

import tomllib
from typing import Any, NamedTuple

from mock_server.domain import api_tokens, jira_api_tokens
from mock_server.domain.logins import hash_token, is_password
from mock_server.errors import NotLoggedIn
from mock_server.moments import moment_text
from mock_server.scenario import BUNDLED, find
from mock_server.seed import SCENARIO_KEY
from mock_server.sites import Site
from mock_server.storage import api_tokens as token_rows
from mock_server.storage import people, world
from mock_server.storage.people import Person
from mock_server.storage.store import Store


class TempoToken(NamedTuple):
    """A token of Tempo Cloud that the world knows. ``scopes`` is empty for Full access, ``expired_at`` while it lasts."""

    text: str
    scopes: tuple[str, ...]
    expired_at: str


class Persona(NamedTuple):
    """Who a persona is in a world, and what they log in with there. What would not work is empty, or None.

    ``logins`` maps password, pat, email and api_token to their texts; ``note`` is the scenario's sentence about them.
    """

    name: str
    note: str
    person: Person
    token: TempoToken | None
    logins: dict[str, str]


def everybody(site: Site) -> list[Persona]:
    """The personas of the site's scenario who can still log in somewhere, or could until their token expired.

    Nobody for a scenario of one's own: what stands in its files is for its owner to tell.
    """
    store = site.shown
    with store.reading():
        told = _personas(store).items()
        found = (_persona(site, store, name, entry) for name, entry in told)
        return [persona for persona in found if persona]


def _persona(site: Site, store: Store, name: str, told: dict[str, str]) -> Persona | None:
    person = people.by_name(store, told["user"])
    if person is None or not person.active:
        return None
    good = _good(site, store, told)
    if "pat" in told:
        owner = people.by_token_hash(store, hash_token(told["pat"]), moment_text(site.clock.now()))
        good += ["pat"] if owner == person else []
    token = _token(site, store, told.get("token", ""), person)
    if not good and token is None:
        return None
    return Persona(name, told.get("note", ""), person, token, {key: told[key] for key in good if key != "token"})


def _token(site: Site, store: Store, text: str, owner: Person) -> TempoToken | None:
    token = token_rows.by_hash(store, hash_token(text))
    if token is None or token.person_id != owner.id:
        return None
    scopes = () if token.access == "full" else tuple(token.scopes.split())
    return TempoToken(text, scopes, token.expires_at if api_tokens.is_expired(token, site.clock.now()) else "")


def persona(site: Site, name: str) -> dict[str, str]:
    """Whose they are (``user``), and those that log in now: password, token of Tempo Cloud, e-mail address and API token.

    ``name`` is a persona of the scenarios' target files, such as admin or viewer. Nothing for a scenario of one's own.
    """
    store = site.shown
    with store.reading():
        told = _personas(store).get(name, {})
        good = _good(site, store, told)
        return {key: told[key] for key in ["user", *good]} if good else {}


def _personas(store: Store) -> dict[str, Any]:
    scenario = world.get(store, SCENARIO_KEY) or ""
    if scenario not in BUNDLED:
        return {}
    target = tomllib.loads((find(scenario) / "target.toml").read_text(encoding="utf-8"))
    personas: dict[str, Any] = target["personas"]
    return personas


def _good(site: Site, store: Store, told: dict[str, str]) -> list[str]:
    """The keys of what logs in now: another world may have been imported into this one, or a password changed."""
    good: list[str] = []
    if _is_login(store, told):
        good.append("password")
    if _is_token(site, store, told):
        good.append("token")
    if {"email", "api_token"} <= told.keys() and jira_api_tokens.by_email(store, told["email"], told["api_token"]):
        good += ["email", "api_token"]
    return good


def _is_login(store: Store, told: dict[str, str]) -> bool:
    login = people.login_by_name(store, told["user"]) if "password" in told else None
    return login is not None and bool(login.person.active) and is_password(told["password"], login.password_hash)


def _is_token(site: Site, store: Store, told: dict[str, str]) -> bool:
    if "token" not in told:
        return False
    try:
        api_tokens.authenticate(store, told["token"], site.clock.now())
    except NotLoggedIn:
        return False
    return True
