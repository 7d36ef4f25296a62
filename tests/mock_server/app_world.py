"""The world of scenario guide as functions of the domain see it, for tests of apps: no server, a clock of its own."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

from mock_server.access import Actor
from mock_server.domain import apps, connect_jobs, connections, provider_services
from mock_server.domain.connect_jobs import Progress
from mock_server.domain.connections import Outcome
from mock_server.domain.logins import actor_of
from mock_server.scenario import find, read
from mock_server.seed import seed
from mock_server.storage import app_connections, people
from mock_server.storage.opening import in_memory
from mock_server.storage.people import Person

PROVIDERS = ("github", "gitlab", "google-calendar", "office365")
START = datetime(2026, 1, 5, 9, tzinfo=UTC)


@cache
def _guide() -> bytes:
    store = in_memory()
    seed(store, read(find("guide")), START)
    return store.serialize()


def key_of(provider: str) -> str:
    """The text of the key that the scenario publishes."""
    return f"demo-key-of-{provider}-not-a-secret"


class AppWorld:
    """A world in memory; every method is a transaction of its own where it changes something."""

    def __init__(self, data: bytes | None = None) -> None:
        self.store = in_memory(data or _guide())
        self.now = START

    def later(self, **by: float) -> None:
        """Let the clock run."""
        self.now += timedelta(**by)

    def person(self, name: str) -> Person:
        found = people.by_name(self.store, name)
        assert found is not None, name
        return found

    def actor(self, name: str = "fred") -> Actor:
        return actor_of(self.store, self.person(name))

    def install(self, *providers: str) -> None:
        """Install these apps with the published keys, after meeting whatever is asked for."""
        with self.store.transaction():
            for provider in providers or PROVIDERS:
                for one, _ in provider_services.prerequisites(self.store, provider):
                    provider_services.set_prerequisite(self.store, provider, one.key, True)
                apps.install(self.store, provider, key_of(provider), self.now, self.actor())

    def connect(self, provider: str, name: str) -> Outcome:
        with self.store.transaction():
            return connections.connect(self.store, provider, self.person(name), self.now)

    def map(self, provider: str, name: str, login: str) -> Outcome:
        with self.store.transaction():
            return connections.connect_to(self.store, provider, self.person(name), login, self.now)

    def connect_own(self, provider: str, name: str, login: str) -> Outcome:
        with self.store.transaction():
            return connections.connect_own(self.store, provider, self.person(name), login, self.now)

    def run(self, provider: str, names: Sequence[str]) -> Progress:
        """Connect these people by a run, to its end."""
        with self.store.transaction():
            ids = [self.person(name).id for name in names]
            job = connect_jobs.start(self.store, provider, ids, self.actor(), self.now)
        is_ended = False
        while not is_ended:
            with self.store.transaction():
                is_ended = connect_jobs.step(self.store, job.id, self.now, 2).is_ended
        return connect_jobs.progress(self.store, job.id)

    def icons(self, name: str) -> dict[str, bool]:
        """Provider -> whether somebody connected to it themselves."""
        person_id = self.person(name).id
        standing = connections.of_people(self.store, [person_id])[person_id]
        return {icon.provider: icon.is_own for icon in standing.icons}

    def failures(self, name: str) -> dict[str, str]:
        """Provider -> kind of failure."""
        person_id = self.person(name).id
        return {one.provider: one.kind for one in app_connections.failures_of_people(self.store, [person_id])}

    def gathered(self, name: str) -> list[str]:
        """Titles."""
        return [item.title for item in connections.gathered(self.store, self.person(name).id)]
