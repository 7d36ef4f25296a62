"""Whatever is installed, connected, mapped, broken and disconnected, in any order: the world stays consistent.

What is expected is compared with the domain after each step, and now and then with what API and page show.
Examples are the same in every run, so that a red test stays red; ``exhaustive`` looks further.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from mock_server.domain import apps, connect_jobs, connections, github_map, github_mapping, provider_services
from mock_server.domain.gathering import gather
from mock_server.domain.github_map import Line
from mock_server.domain.providers.provider import FailureKind
from mock_server.errors import Invalid, NotFound
from mock_server.storage import app_connections

from .app_faces import AppFaces
from .app_world import PROVIDERS, START, AppWorld, key_of

NAMES = ("fred", "erica", "john", "bob", "david", "greta", "nadia")
LOGINS = ("john", "dcarsen", "okafor-n", "bjohnson", "greta", "david", "nobody")
providers = st.sampled_from(PROVIDERS)
names = st.sampled_from(NAMES)
logins = st.sampled_from(LOGINS)


class AppsMachine(RuleBasedStateMachine):
    """What is expected is kept beside the world in the plainest form: dictionaries, a set, and the runs with who waits."""

    def __init__(self, faces: AppFaces) -> None:
        super().__init__()
        self.faces = faces

    @initialize()
    def begin(self) -> None:
        self.world = AppWorld()
        self.world.store = self.faces.begin()
        greta = app_connections.get(self.world.store, self.world.person("greta").id, "google-calendar")
        assert greta
        self.accounts = {("greta", "google-calendar"): greta.account_id}
        self.runs: list[tuple[int, str, list[str]]] = []
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
                apps.disconnect(self.world.store, provider, self.world.actor())
            except NotFound:
                assert provider not in self.installed
                return
        self.installed.remove(provider)
        self.own = {one: own for one, own in self.own.items() if one[1] != provider}
        self.failed = {one: kind for one, kind in self.failed.items() if one[1] != provider}

    @rule(provider=providers, name=names)
    def connect(self, provider: str, name: str) -> None:
        self._tried(provider, name, self.world.connect(provider, name))

    @rule(provider=providers, chosen=st.lists(names, min_size=1, max_size=5))
    def begin_a_run(self, provider: str, chosen: list[str]) -> None:
        with self.world.store.transaction():
            ids = [self.world.person(name).id for name in chosen]
            job = connect_jobs.start(self.world.store, provider, ids, self.world.actor(), self.world.now)
        self.runs.append((job.id, provider, list(dict.fromkeys(chosen))))

    @precondition(lambda self: self.runs)
    @rule(most=st.integers(1, 3), data=st.data())
    def go_on_with_a_run(self, most: int, data: Any) -> None:
        self._go_on(data.draw(st.sampled_from(self.runs)), most)

    @rule(rows=st.lists(st.tuples(names, logins), min_size=1, max_size=3))
    def upload_a_map_file(self, rows: list[tuple[str, str]]) -> None:
        people = [self.world.person(name) for name, _ in rows]
        lines = [Line(one.account_id, "", "", login) for one, (_, login) in zip(people, rows, strict=True)]
        is_twice = any(len({row[place] for row in rows}) < len(rows) for place in (0, 1))
        try:
            with self.world.store.transaction():
                mapped = github_mapping.apply(self.world.store, github_map.write(lines), self.world.actor(), self.world.now)
        except Invalid:
            return
        assert "github" in self.installed
        assert not is_twice
        assert "nobody" not in {login for _, login in rows}
        for (name, _), outcome in zip(rows, mapped.outcomes, strict=True):
            self._learn("github", name, outcome, keeps=(name, "github") not in self.own)

    @rule(provider=providers, login=logins)
    def make_an_account_anew(self, provider: str, login: str) -> None:
        with self.world.store.transaction():
            try:
                account = provider_services.account(self.world.store, provider, login)
            except NotFound:
                return
            provider_services.remove_account(self.world.store, provider, login)
            provider_services.add_account(self.world.store, provider, login, account.display_name, account.email)
        for one in [one for one, account_id in self.accounts.items() if account_id == account.id]:
            self.own.pop(one, None)

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
            self.accounts[name, provider] = outcome.account_id
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
        chosen = data.draw(st.none() | st.lists(st.sampled_from(every or [0]), unique=True))
        try:
            with self.world.store.transaction():
                apps.configure(self.world.store, provider, chosen, self.world.actor())
        except NotFound:
            assert provider not in self.installed
        except Invalid:
            assert chosen

    @rule(item=st.integers(1, 19), is_private=st.booleans(), is_free=st.booleans())
    def mark(self, item: int, is_private: bool, is_free: bool) -> None:
        provider = self.world.store.value("SELECT provider FROM provider_items WHERE id = ?", (item,))
        if provider is None:
            return
        with self.world.store.transaction():
            provider_services.mark_item(self.world.store, provider, item, is_private=is_private, is_free=is_free)

    @precondition(lambda self: self.world.now.year < 2036)
    @rule()
    def wait_for_a_year(self) -> None:
        self.world.later(days=366)
        self.faces.set_clock(self.world.now)

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

    @rule(provider=providers | st.just(""), integration=st.sampled_from(("failed", "connected", "none")))
    def look_at_the_list(self, provider: str, integration: str) -> None:
        """API and page show the same people by a filter, each with the same icons and failures: those expected."""
        connected, failed = ({one[0] for one in found if provider in ("", one[1])} for found in (self.own, self.failed))
        told = {"integration": integration} | ({"provider": provider} if provider else {})
        by_api, by_page = self.faces.by_api(**told), self.faces.by_page(**told)
        wanted = {"failed": failed, "connected": connected}.get(integration)
        everybody = {row[0] for row in self.world.store.all("SELECT name FROM people")}
        assert set(by_api) == set(by_page) == (everybody - connected if wanted is None else wanted)
        for name, (icons, failures) in by_api.items():
            assert icons == by_page[name][0] == {one[1]: own for one, own in self.own.items() if one[0] == name}
            assert failures == {one[1]: kind for one, kind in self.failed.items() if one[0] == name}
            assert by_page[name][1].keys() == failures.keys()
            assert all(by_page[name][1].values())

    @rule(provider=providers)
    def look_at_an_app(self, provider: str) -> None:
        """The app counts who has its icon; each of them has an account that the provider has, and nobody else has it."""
        own = [own for one, own in self.own.items() if one[1] == provider]
        failed = sum(one[1] == provider for one in self.failed)
        assert self.faces.counts(provider) == (provider in self.installed, len(own), sum(own), failed)
        assert self.faces.strays(provider) == []

    @rule()
    def look_at_the_menu(self) -> None:
        entries = [f"connect {provider}" for provider in PROVIDERS if provider in self.installed]
        assert self.faces.actions() == [*entries, *(["map"] if "github" in self.installed else [])]

    def teardown(self) -> None:
        for run in tuple(self.runs):
            self._go_on(run, 100)
            found = connect_jobs.progress(self.world.store, run[0])
            assert found.is_ended
            assert found.done == found.job.total
        for provider in PROVIDERS:
            self.look_at_an_app(provider)
            self.look_at_the_list(provider, "failed")

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
                gather(store, provider)
        assert store.all("SELECT * FROM gathered_items ORDER BY 1, 2, 3") == before
        assert store.all("PRAGMA foreign_key_check") == []

    def _new_key(self, provider: str) -> str:
        login = "gitlab-admin" if provider == "gitlab" else None
        name = f"key {len(provider_services.keys(self.world.store, provider))}"
        return provider_services.make_key(self.world.store, provider, name, self.world.now, login=login).text

    def _go_on(self, run: tuple[int, str, list[str]], most: int) -> None:
        """The next batch of a run; nobody is tried who was, or who was not chosen."""
        job_id, provider, waiting = run
        with self.world.store.transaction():
            step = connect_jobs.step(self.world.store, job_id, self.world.now, most)
        tried, waiting[:] = waiting[:most], waiting[most:]
        assert [outcome.person_id for outcome in step.outcomes] == [self.world.person(name).id for name in tried]
        assert step.is_ended == (not waiting)
        for name, outcome in zip(tried, step.outcomes, strict=True):
            self._tried(provider, name, outcome)

    def _tried(self, provider: str, name: str, outcome: Any) -> None:
        if (name, provider) in self.own:
            assert outcome.kind == "already"
        self._learn(provider, name, outcome, keeps=True)
        if provider not in self.installed and outcome.kind == "failed":
            assert outcome.failure_kind == "not-installed"

    def _learn(self, provider: str, name: str, outcome: Any, *, keeps: bool) -> None:
        if outcome.kind == "connected":
            self.own[name, provider] = False
            self.accounts[name, provider] = outcome.account_id
            self.failed.pop((name, provider), None)
        elif outcome.kind == "failed" and keeps:
            assert outcome.text
            self.failed[name, provider] = outcome.failure_kind


@pytest.fixture(scope="module")
def faces() -> Iterator[AppFaces]:
    """A server for every example, as putting its pages together takes longer than the rest."""
    found = AppFaces(START)
    yield found
    found.close()


def test_any_order_of_things_keeps_the_world_consistent(faces: AppFaces) -> None:
    run_state_machine_as_test(
        lambda: AppsMachine(faces), settings=settings(max_examples=20, stateful_step_count=25, deadline=None, derandomize=True)
    )


@pytest.mark.exhaustive
def test_many_orders_of_things_keep_the_world_consistent(faces: AppFaces) -> None:
    run_state_machine_as_test(
        lambda: AppsMachine(faces), settings=settings(max_examples=500, stateful_step_count=60, deadline=None)
    )
