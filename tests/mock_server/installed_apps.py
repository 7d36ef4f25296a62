"""Apps that are installed in a world, with accounts at their providers: what Manage Staff connects people with."""

from datetime import UTC, datetime
from typing import Any

from mock_server.domain import apps, provider_services
from mock_server.domain.logins import actor_of
from mock_server.storage import people
from mock_server.storage.store import Author

NOW = datetime(2013, 11, 15, 9, tzinfo=UTC)
_AUTHOR = Author("fred", "test", "set up", "2013-11-15T09:00:00Z")


def install(world: Any, provider: str, *, days: int = 365) -> None:
    """Meet what the provider asks for, and install its app as Fred. Nobody of the scenario has an account there any more."""
    store = world.site.store
    with store.transaction(_AUTHOR):
        for table in ("provider_accounts", "provider_faults", "app_failures"):
            store.run(f"DELETE FROM {table} WHERE provider = ?", (provider,))
        for prerequisite, _ in provider_services.prerequisites(store, provider):
            provider_services.set_prerequisite(store, provider, prerequisite.key, True)
        login = None
        if provider == "gitlab":
            login = provider_services.add_account(store, provider, "owner", "Owner", "owner@example.org").login
        key = provider_services.make_key(store, provider, "Tempo", NOW, days=days, login=login)
        fred = people.by_name(store, "fred")
        assert fred
        apps.install(store, provider, key.text, NOW, actor_of(store, fred))


def add_account(world: Any, provider: str, login: str, email: str = "nobody@example.net", **more: Any) -> None:
    """An account at the provider; ``email`` is what people are found by."""
    with world.site.store.transaction(_AUTHOR):
        provider_services.add_account(world.site.store, provider, login, login.title(), email, **more)


def arm(world: Any, provider: str, kind: str) -> None:
    """Let every attempt fail in a way."""
    with world.site.store.transaction(_AUTHOR):
        provider_services.arm_fault(world.site.store, provider, kind)


def withdraw(world: Any, provider: str) -> None:
    """Take from the app whatever permission it has at the provider."""
    store = world.site.store
    with store.transaction(_AUTHOR):
        for prerequisite, _ in provider_services.prerequisites(store, provider):
            if prerequisite.is_permission:
                provider_services.set_prerequisite(store, provider, prerequisite.key, False)


def connected(world: Any, provider: str) -> dict[str, str]:
    """Login name -> login at the provider, of everybody who is connected."""
    return dict(
        world.site.store.all(
            "SELECT p.name, a.login FROM app_connections c JOIN people p ON p.id = c.person_id "
            "JOIN provider_accounts a ON a.id = c.account_id WHERE c.provider = ? ORDER BY p.name",
            (provider,),
        )
    )


def person_id(world: Any, name: str) -> str:
    """The id of somebody as forms send it."""
    return str(world.site.store.value("SELECT id FROM people WHERE name = ?", (name,)))
