"""Whatever is installed, connected, mapped, broken and disconnected, in any order: the world stays consistent.

Examples are the same in every run, so that a red test stays red; ``exhaustive`` looks further.
"""

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from mock_server.domain import apps, connections, provider_services
from mock_server.domain.providers.provider import FailureKind
from mock_server.errors import Invalid, NotFound

from .app_world import PROVIDERS, AppWorld, key_of

NAMES = ("fred", "erica", "john", "bob", "david", "greta", "nadia")
LOGINS = ("john", "dcarsen", "okafor-n", "bjohnson", "greta", "david", "nobody")
providers = st.sampled_from(PROVIDERS)
names = st.sampled_from(NAMES)
logins = st.sampled_from(LOGINS)


class AppsMachine(RuleBasedStateMachine):
    """What is expected is kept beside the world in the plainest form: two dictionaries and a set."""

    @initialize()
    def begin(self) -> None:
        self.world = AppWorld()
        self.own: dict[tuple[str, str], bool] = {("greta", "google-calendar"): True}
        self.failed: dict[tuple[str, str], str] = {}
        self.installed: set[str] = set()

    @rule(provider=providers)
    def install(self, provider: str) -> None:
        if provider not in self.installed:
            with self.world.store.transaction():
                for one, _ in provider_services.prerequisites(self.world.store, provider):
                    provider_services.set_prerequisite(self.world.store, provider, one.key, True)
                apps.install(self.world.store, provider, self._new_key(provider), self.world.now, self.world.actor())
            self.installed.add(provider)

    @rule(provider=providers)
    def uninstall(self, provider: str) -> None:
        with self.world.store.transaction():
            try:
                apps.disconnect(self.world.store, provider)
            except NotFound:
                assert provider not in self.installed
                return
        self.installed.remove(provider)
        self.own = {one: own for one, own in self.own.items() if one[1] != provider}
        self.failed = {one: kind for one, kind in self.failed.items() if one[1] != provider}

    @rule(provider=providers, name=names)
    def connect(self, provider: str, name: str) -> None:
        outcome = self.world.connect(provider, name)
        if (name, provider) in self.own:
            assert outcome.kind == "already"
        self._learn(provider, name, outcome, keeps=True)
        if provider not in self.installed and outcome.kind == "failed":
            assert outcome.failure_kind == "not-installed"

    @rule(provider=providers, name=names, login=logins)
    def map(self, provider: str, name: str, login: str) -> None:
        was_own = self.own.get((name, provider))
        outcome = self.world.map(provider, name, login)
        if was_own:
            assert outcome.kind == "already"
        self._learn(provider, name, outcome, keeps=(name, provider) not in self.own)

    @rule(provider=providers, name=names, login=logins)
    def connect_own(self, provider: str, name: str, login: str) -> None:
        outcome = self.world.connect_own(provider, name, login)
        if outcome.kind != "failed":
            self.own[name, provider] = True
            self.failed.pop((name, provider), None)

    @rule(provider=providers, name=names)
    def leave(self, provider: str, name: str) -> None:
        with self.world.store.transaction():
            try:
                connections.disconnect_own(self.world.store, provider, self.world.person(name).id)
            except NotFound:
                assert (name, provider) not in self.own
                return
        del self.own[name, provider]

    @rule(provider=providers, name=names, kind=st.sampled_from(list(FailureKind)))
    def break_once(self, provider: str, name: str, kind: FailureKind) -> None:
        with self.world.store.transaction():
            provider_services.arm_fault(self.world.store, provider, kind, self.world.person(name).id, 1)

    @rule(provider=providers, is_met=st.booleans())
    def permit(self, provider: str, is_met: bool) -> None:
        with self.world.store.transaction():
            for one, _ in provider_services.prerequisites(self.world.store, provider):
                if one.is_permission:
                    provider_services.set_prerequisite(self.world.store, provider, one.key, is_met)

    @rule(provider=st.sampled_from(("github", "gitlab")), data=st.data())
    def configure(self, provider: str, data: Any) -> None:
        every = [one.id for one in provider_services.containers(self.world.store, provider)]
        chosen = data.draw(st.none() | st.lists(st.sampled_from(every), unique=True))
        try:
            with self.world.store.transaction():
                apps.configure(self.world.store, provider, chosen)
        except NotFound:
            assert provider not in self.installed
        except Invalid:
            assert chosen

    @rule(item=st.integers(1, 19), is_private=st.booleans(), is_free=st.booleans())
    def mark(self, item: int, is_private: bool, is_free: bool) -> None:
        provider = self.world.store.value("SELECT provider FROM provider_items WHERE id = ?", (item,))
        with self.world.store.transaction():
            provider_services.mark_item(self.world.store, provider, item, is_private=is_private, is_free=is_free)

    @precondition(lambda self: self.world.now.year < 2036)
    @rule()
    def wait_for_a_year(self) -> None:
        self.world.later(days=366)

    @rule(provider=providers)
    def renew(self, provider: str) -> None:
        if provider not in self.installed:
            return
        with self.world.store.transaction():
            apps.renew(self.world.store, provider, self._new_key(provider), self.world.now, self.world.actor())

    @rule(provider=providers)
    def install_with_a_wrong_key(self, provider: str) -> None:
        other = PROVIDERS[PROVIDERS.index(provider) - 1]
        if provider not in self.installed:
            with pytest.raises(Invalid):
                apps.install(self.world.store, provider, key_of(other), self.world.now, self.world.actor())

    @invariant()
    def icons_and_failures_are_those_expected(self) -> None:
        for name in NAMES:
            assert self.world.icons(name) == {one[1]: own for one, own in self.own.items() if one[0] == name}
            assert self.world.failures(name) == {one[1]: kind for one, kind in self.failed.items() if one[0] == name}
        assert not self.own.keys() & self.failed.keys()

    @invariant()
    def apps_are_those_expected_and_count_right(self) -> None:
        tiles = apps.tiles(self.world.store, self.world.now)
        assert {tile.provider.key for tile in tiles if tile.is_installed} == self.installed
        for tile in tiles:
            of = [own for one, own in self.own.items() if one[1] == tile.provider.key]
            failed = sum(one[1] == tile.provider.key for one in self.failed)
            assert (tile.connected, tile.self_connected, tile.failed) == (len(of), sum(of), failed)

    @invariant()
    def connections_of_the_organisation_have_an_app(self) -> None:
        assert {provider for (_, provider), own in self.own.items() if not own} <= self.installed

    @invariant()
    def what_is_gathered_is_what_reading_anew_would_gather(self) -> None:
        store = self.world.store
        before = store.all("SELECT * FROM gathered_items ORDER BY 1, 2, 3")
        assert not store.value(
            "SELECT count(*) FROM gathered_items g JOIN provider_items i ON i.id = g.item_id WHERE i.is_private OR i.is_free"
        )
        with store.transaction():
            for provider in PROVIDERS:
                connections.gather(store, provider)
        assert store.all("SELECT * FROM gathered_items ORDER BY 1, 2, 3") == before
        assert store.all("PRAGMA foreign_key_check") == []

    def _new_key(self, provider: str) -> str:
        login = "gitlab-admin" if provider == "gitlab" else None
        name = f"key {len(provider_services.keys(self.world.store, provider))}"
        return provider_services.make_key(self.world.store, provider, name, self.world.now, login=login).text

    def _learn(self, provider: str, name: str, outcome: Any, *, keeps: bool) -> None:
        if outcome.kind == "connected":
            self.own[name, provider] = False
            self.failed.pop((name, provider), None)
        elif outcome.kind == "failed" and keeps:
            assert outcome.text
            self.failed[name, provider] = outcome.failure_kind


def test_any_order_of_things_keeps_the_world_consistent() -> None:
    run_state_machine_as_test(
        AppsMachine, settings=settings(max_examples=20, stateful_step_count=25, deadline=None, derandomize=True)
    )


@pytest.mark.exhaustive
def test_many_orders_of_things_keep_the_world_consistent() -> None:
    run_state_machine_as_test(AppsMachine, settings=settings(max_examples=500, stateful_step_count=60, deadline=None))
