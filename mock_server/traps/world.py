"""Changes of a world that a trap makes and puts back: settings, and what is in the store, with an author in the audit trail."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from mock_server.moments import moment_text
from mock_server.sites import Site
from mock_server.storage.store import Author, Store


@contextmanager
def change_of(site: Site, trap: str) -> Iterator[Store]:
    """A transaction in the site's store that the audit trail knows as this trap's."""
    store = site.store
    with store.transaction(Author("control", "control", f"trap {trap}", moment_text(site.clock.now()))):
        yield store


def turned(site: Site, values: Mapping[str, str]) -> Callable[[], None]:
    """Set settings; answers what puts back those that nobody has set otherwise since."""
    return site.overlays.lay(site.settings, values)


def put_back(site: Site, trap: str, undo: Callable[[Store], None]) -> Callable[[], None]:
    """What undoes a change of the world as it is now; a world that was imported since is left as it came."""
    worlds = site.worlds

    def lift() -> None:
        if site.worlds == worlds:
            with change_of(site, trap) as store:
                undo(store)

    return lift
