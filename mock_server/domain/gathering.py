"""What Tempo gathers of the providers: everybody who is connected, read anew. Apart, so that seeding a world needs no more."""

from mock_server.domain.providers.discovery import named
from mock_server.storage import provider_contents
from mock_server.storage.provider_contents import Rule
from mock_server.storage.store import Store


def gather(store: Store, provider: str, person_id: int | None = None) -> None:
    """Read anew for one connected person or for everybody: after a change of what there is, or of what the app covers."""
    service = named(provider)
    provider_contents.gather(store, provider, Rule(service.kinds, service.is_owned_only), person_id)
