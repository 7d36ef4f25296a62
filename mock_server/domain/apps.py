"""Apps at the level of the organisation: each is one provider's, installed with a key that was made at the provider.

Until it is installed nobody can be connected by it; once it is disconnected nobody is (help pages of the single apps).
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from mock_server.access import Actor, GlobalPermission, without_global
from mock_server.domain.gathering import gather
from mock_server.domain.logins import hash_token
from mock_server.domain.providers.discovery import every, named
from mock_server.domain.providers.provider import Prerequisite, Provider
from mock_server.errors import Conflict, Invalid, NotFound, Refused
from mock_server.moments import days_after, moment_text
from mock_server.storage import app_connections, apps, people, provider_contents, provider_states
from mock_server.storage.apps import App
from mock_server.storage.provider_contents import Container
from mock_server.storage.provider_states import Key
from mock_server.storage.store import Store

KEY_WARNING_DAYS = 30
"""Days before its end from which on a key is told to end soon."""


class Tile(NamedTuple):
    """An app as the page Apps shows it. Times are ISO 8601 in UTC, and None with ``installed_by`` unless it is installed.

    ``key_state`` is valid, expired, revoked or gone, and empty unless it is installed. ``unmet`` are the prerequisites that
    the provider does not meet. ``connected`` and ``failed`` count people; ``self_connected`` those of the former who connected
    themselves.
    """

    provider: Provider
    installed_at: str | None
    installed_by: str | None
    key_name: str | None
    key_expires_at: str | None
    key_state: str
    unmet: tuple[Prerequisite, ...]
    connected: int
    self_connected: int
    failed: int

    @property
    def is_installed(self) -> bool:
        """Whether people can be connected by it."""
        return self.installed_at is not None


def is_key_ending(tile: Tile, now: datetime) -> bool:
    """Whether the key of an app is valid, and ends within ``KEY_WARNING_DAYS``."""
    ends = tile.key_expires_at
    return tile.key_state == "valid" and ends is not None and ends <= moment_text(days_after(now, KEY_WARNING_DAYS))


class Coverage(NamedTuple):
    """What an app reads of: all containers that it can, those to come too, or the chosen ones."""

    monitors_all: bool
    chosen: tuple[Container, ...]
    possible: tuple[Container, ...]


def tiles(store: Store, now: datetime) -> list[Tile]:
    """Each app there is, in the order of the providers."""
    return [tile(store, provider, now) for provider in every()]


def tile(store: Store, provider: str, now: datetime) -> Tile:
    """One app. Raises ``NotFound`` for an unknown provider."""
    service = named(provider)
    connected, self_connected, failed = app_connections.counts(store, provider)
    app = apps.get(store, provider)
    if app is None:
        return Tile(service, None, None, None, None, "", unmet(store, service), connected, self_connected, failed)
    installer = None if app.installed_by is None else people.get(store, app.installed_by)
    key = None if app.key_id is None else provider_states.key(store, app.key_id)
    return Tile(
        service,
        app.installed_at,
        installer and installer.display_name,
        key and key.name,
        key and key.expires_at,
        key_state(key, now),
        unmet(store, service),
        connected,
        self_connected,
        failed,
    )


def installed(store: Store) -> list[Provider]:
    """The providers whose app is installed: the entries Connect with of the menu Actions."""
    there = {app.provider for app in apps.every(store)}
    return [provider for key, provider in every().items() if key in there]


def unmet(store: Store, service: Provider) -> tuple[Prerequisite, ...]:
    """What the provider does not meet yet."""
    met = provider_states.met(store, service.key)
    return tuple(one for one in service.prerequisites if one.key not in met)


def key_of(store: Store, provider: str) -> int | None:
    """The id of the key that an app works with; None without one, and unless it is installed."""
    app = apps.get(store, provider)
    return app and app.key_id


def key_state(key: Key | None, now: datetime) -> str:
    """Whether a key is valid, expired, revoked or gone."""
    if key is None:
        return "gone"
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at <= moment_text(now) else "valid"


def install(store: Store, provider: str, key_text: str, now: datetime, actor: Actor) -> App:
    """Install the app of a provider with the text of a key that was made there.

    Raises ``Refused`` unless the actor is a Tempo Administrator, ``NotFound`` for an unknown provider, ``Conflict`` when it is
    installed, and ``Invalid`` with a sentence for each prerequisite that is not met and for the key.
    """
    check_right(actor)
    service = named(provider)
    if apps.get(store, provider) is not None:
        raise Conflict(f"The app of {service.title} is installed already; disconnect it first, or give it another key.")
    problems = [f"{one.title}: not yet. {one.how}" for one in unmet(store, service)]
    key = _key(store, service, key_text, now, problems)
    if problems or key is None:
        raise Invalid(problems[0], further=problems[1:])
    app = App(provider, moment_text(now), actor.person_id, key.id, 1)
    apps.add(store, app)
    return app


def renew(store: Store, provider: str, key_text: str, now: datetime, actor: Actor) -> App:
    """Give an installed app another key; everybody stays connected. Raises as ``install``, ``NotFound`` when not installed."""
    check_right(actor)
    service = named(provider)
    app = _installed(store, service)
    problems: list[str] = []
    key = _key(store, service, key_text, now, problems)
    if key is None:
        raise Invalid(problems[0])
    apps.change_key(store, provider, key.id)
    gather(store, provider)
    return app._replace(key_id=key.id)


def coverage(store: Store, provider: str) -> Coverage:
    """What an app reads of. Raises ``NotFound`` for an unknown provider and when it is not installed."""
    service = named(provider)
    app = _installed(store, service)
    possible = _possible(store, service, app)
    chosen = frozenset(apps.chosen_containers(store, provider))
    return Coverage(bool(app.monitors_all), tuple(one for one in possible if one.id in chosen), possible)


def configure(store: Store, provider: str, container_ids: Collection[int] | None, actor: Actor) -> None:
    """Limit an app to containers, or with None let it cover all; what was gathered follows.

    Raises ``Refused`` unless the actor is a Tempo Administrator, ``NotFound`` as ``coverage``, and ``Invalid`` when there is
    nothing to choose or a container is none it can cover.
    """
    check_right(actor)
    service = named(provider)
    app = _installed(store, service)
    if not service.chooses_containers:
        raise Invalid(f"The app of {service.title} covers every {service.container}; there is nothing to choose.")
    possible = {one.id for one in _possible(store, service, app)}
    wrong = sorted(set(container_ids or ()) - possible)
    if wrong:
        raise Invalid(f"The app of {service.title} cannot cover the {service.container} {wrong[0]}.")
    apps.choose_containers(store, provider, None if container_ids is None else sorted(set(container_ids)))
    gather(store, provider)


def disconnect(store: Store, provider: str, actor: Actor) -> int:
    """End the app for the organisation: everybody is disconnected, also who connected themselves; answers how many were.

    Failures are forgotten. Raises ``Refused`` unless the actor is a Tempo Administrator, and ``NotFound`` for an unknown
    provider and when it is not installed.
    """
    check_right(actor)
    service = named(provider)
    _installed(store, service)
    apps.remove(store, provider)
    return app_connections.remove_all(store, provider)


def check_right(actor: Actor) -> None:
    """Raises ``Refused`` unless somebody may install apps and connect others with them: a Tempo Administrator."""
    lacking = without_global(actor, GlobalPermission.TEMPO_ADMINISTRATOR, "Tempo Administrators")
    if lacking:
        raise Refused(lacking)


def _installed(store: Store, service: Provider) -> App:
    app = apps.get(store, service.key)
    if app is None:
        raise NotFound(f"The app of {service.title} is not installed.")
    return app


def _key(store: Store, service: Provider, text: str, now: datetime, problems: list[str]) -> Key | None:
    """The valid key with this text; what is wrong with it otherwise becomes one more of the problems."""
    wanted = f"Make a key in {service.title}, and paste it as a whole."
    if not text.strip():
        problems.append(f"The key is missing. {wanted}")
        return None
    key = provider_states.key_by_digest(store, hash_token(text.strip()))
    if key is None or key.provider != service.key:
        problems.append(f"{service.title} does not know this key. {wanted}")
        return None
    state = key_state(key, now)
    if state != "valid":
        problems.append(f"The key {key.name} is {state}. {wanted}")
        return None
    return key


def _possible(store: Store, service: Provider, app: App) -> tuple[Container, ...]:
    found = provider_contents.containers(store, service.key)
    if not service.is_owned_only:
        return tuple(found)
    key = None if app.key_id is None else provider_states.key(store, app.key_id)
    owner = key and key.account_id
    return tuple(one for one in found if owner is not None and one.owner_account_id == owner)
