"""What the personas of the bundled scenarios log in with, as far as it is good in a world. Demo data, published, no secrets."""

import tomllib

from mock_server.domain import api_tokens, jira_api_tokens
from mock_server.domain.logins import is_password
from mock_server.errors import NotLoggedIn
from mock_server.scenario import BUNDLED, find
from mock_server.seed import SCENARIO_KEY
from mock_server.sites import Site
from mock_server.storage import people, world
from mock_server.storage.store import Store


def persona(site: Site, name: str) -> dict[str, str]:
    """Whose they are (``user``), and those that log in now: password, token of Tempo Cloud, e-mail address and API token.

    ``name`` is a persona of the scenarios' target files, such as admin or viewer. Nothing for a scenario of one's own.
    """
    store = site.shown
    with store.reading():
        scenario = world.get(store, SCENARIO_KEY) or ""
        if scenario not in BUNDLED:
            return {}
        target = tomllib.loads((find(scenario) / "target.toml").read_text(encoding="utf-8"))
        told: dict[str, str] = target["personas"].get(name, {})
        # Another world may have been imported into this one, or a password changed.
        good: list[str] = []
        if _is_login(store, told):
            good.append("password")
        if _is_token(site, store, told):
            good.append("token")
        if {"email", "api_token"} <= told.keys() and jira_api_tokens.by_email(store, told["email"], told["api_token"]):
            good += ["email", "api_token"]
        return {key: told[key] for key in ["user", *good]} if good else {}


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
