"""Apps: which are installed for the organisation, installing and configuring them, and ending them, for Tempo Administrators.

The clicks follow the help pages of the single apps; what is wrong is said by the domain, a sentence for each.
"""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Response

from mock_server.domain import apps
from mock_server.domain.apps import Tile
from mock_server.domain.providers.discovery import named
from mock_server.errors import Conflict, Invalid
from mock_server.pages.page import Page, for_tempo_administrators
from mock_server.pages.visit import Visit
from mock_server.row_ids import row_id

PATH = "/apps"


class Shown(NamedTuple):
    """A tile, with a sentence about its key where somebody should see to it, and whether attempts fail until then."""

    tile: Tile
    warning: str
    is_over: bool


def show_apps(visit: Visit) -> Response:
    """A tile for each app there is"""
    return visit.show("apps.html", rows=[_shown(visit, tile) for tile in apps.tiles(visit.store, visit.now)])


def show_install(visit: Visit, provider: str) -> Response:
    """What has to be so before an app is installed, and the field for its key"""
    return _install(visit, provider)


def install_app(visit: Visit, provider: str) -> Response:
    """Install an app with a key that was made at the provider"""
    try:
        apps.install(visit.store, provider, visit.form.get("key", ""), visit.now, visit.actor)
    except Conflict as error:
        return _install(visit, provider, [str(error)])
    except Invalid as error:
        return _install(visit, provider, error.messages)
    title = named(provider).title
    visit.signed_in.tell(f"The app of {title} is installed. Connect people with it in Manage Staff.")
    return visit.go(PATH)


def show_configure(visit: Visit, provider: str) -> Response:
    """What an app covers, and the field for another key"""
    return _configure(visit, provider)


def choose_containers(visit: Visit, provider: str) -> Response:
    """Let an app cover all, or the chosen ones"""
    try:
        chosen = None if visit.form.get("cover") == "all" else _ids(visit.request.form.getlist("containers"))
        if chosen == []:
            noun = named(provider).container
            raise Invalid(f"Tick at least one {noun}, or choose every {noun}. What ends the app is Disconnect, in Apps.")
        apps.configure(visit.store, provider, chosen, visit.actor)
    except Invalid as error:
        return _configure(visit, provider, error.messages, "containers")
    visit.signed_in.tell(f"The app of {named(provider).title} covers what you chose.")
    return visit.go(f"{PATH}/{provider}/configure")


def renew_key(visit: Visit, provider: str) -> Response:
    """Give an app another key; everybody stays connected"""
    try:
        apps.renew(visit.store, provider, visit.form.get("key", ""), visit.now, visit.actor)
    except Invalid as error:
        return _configure(visit, provider, error.messages, "key")
    visit.signed_in.tell(f"The app of {named(provider).title} works with the new key.")
    return visit.go(PATH)


def show_disconnect(visit: Visit, provider: str) -> Response:
    """Whether it is meant: everybody is disconnected"""
    return visit.show("app_disconnect.html", tile=_installed(visit, provider))


def disconnect_app(visit: Visit, provider: str) -> Response:
    """End an app for the organisation, with every connection to its provider"""
    number = apps.disconnect(visit.store, provider, visit.actor)
    people = f"{number:,} {'person was' if number == 1 else 'people were'} disconnected"
    visit.signed_in.tell(f"The app of {named(provider).title} is disconnected: {people}.")
    return visit.go(PATH)


def _shown(visit: Visit, tile: Tile) -> Shown:
    warning = ""
    if tile.is_installed and tile.key_state != "valid":
        warning = {
            "expired": "The key has expired. Nobody can be connected until the app is given another one.",
            "revoked": "The key was revoked. Nobody can be connected until the app is given another one.",
        }.get(tile.key_state, "The key is gone. Nobody can be connected until the app is given another one.")
    elif apps.is_key_ending(tile, visit.now):
        warning = "The key ends soon. Give the app another one before that."
    return Shown(tile, warning, tile.key_state != "valid")


def _installed(visit: Visit, provider: str) -> Tile:
    # Raises NotFound in the words of the domain unless it is installed.
    apps.coverage(visit.store, provider)
    return apps.tile(visit.store, provider, visit.now)


def _install(visit: Visit, provider: str, problems: Sequence[str] = ()) -> Response:
    """The page; the key that somebody sent is never on it."""
    tile = apps.tile(visit.store, provider, visit.now)
    return visit.show("app_install.html", 400 if problems else 200, tile=tile, problems=problems)


def _configure(visit: Visit, provider: str, problems: Sequence[str] = (), where: str = "") -> Response:
    coverage = apps.coverage(visit.store, provider)
    chosen = [str(one.id) for one in coverage.chosen]
    covers_all = coverage.monitors_all
    if where == "containers":
        chosen, covers_all = visit.request.form.getlist("containers"), visit.form.get("cover") == "all"
    return visit.show(
        "app_configure.html",
        400 if problems else 200,
        row=_shown(visit, apps.tile(visit.store, provider, visit.now)),
        coverage=coverage,
        covers_all=covers_all,
        chosen=chosen,
        problems=problems,
        where=where,
    )


def _ids(texts: Sequence[str]) -> list[int]:
    ids = [number for text in texts if (number := row_id(text)) is not None]
    if len(ids) < len(texts):
        raise Invalid("One of the boxes is not there any more. Load the page anew and choose again.")
    return ids


PAGES = (
    Page("GET", PATH, show_apps, right=for_tempo_administrators),
    Page("GET", f"{PATH}/<provider>/install", show_install, right=for_tempo_administrators),
    Page("POST", f"{PATH}/<provider>/install", install_app, writes=True, right=for_tempo_administrators),
    Page("GET", f"{PATH}/<provider>/configure", show_configure, right=for_tempo_administrators),
    Page("POST", f"{PATH}/<provider>/containers", choose_containers, writes=True, right=for_tempo_administrators),
    Page("POST", f"{PATH}/<provider>/key", renew_key, writes=True, right=for_tempo_administrators),
    Page("GET", f"{PATH}/<provider>/disconnect", show_disconnect, right=for_tempo_administrators),
    Page("POST", f"{PATH}/<provider>/disconnect", disconnect_app, writes=True, right=for_tempo_administrators),
)
