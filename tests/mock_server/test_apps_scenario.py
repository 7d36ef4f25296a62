"""Providers, apps and connections in the files of a scenario: out and in again, and what is refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mock_server.domain import apps, connect_jobs, connections, provider_services
from mock_server.errors import Unusable
from mock_server.export import scenario_files
from mock_server.scenario import read
from mock_server.seed import seed
from mock_server.storage.opening import in_memory

from .app_world import PROVIDERS, START, AppWorld, key_of

ACCOUNT = {"provider": "github", "login": "mw", "display_name": "Mira", "email": "mira@example.org"}
EVENT = {"provider": "github", "account": "mw", "container": "box", "kind": "commit", "title": "New", "days": 0}
MIRA = {
    "name": "mira", "key": "mira", "account_id": "mira", "display_name": "Mira Wells", "email": "mira@example.org",
}  # fmt: skip


def busy_world() -> AppWorld:
    """A world with something in every table of apps."""
    world = AppWorld()
    world.install("github", "gitlab", "google-calendar")
    world.run("github", ("fred", "bob", "david", "nadia"))
    world.run("google-calendar", ("greta", "john", "erica"))
    world.run("gitlab", ("john", "erica", "bob"))
    world.map("github", "nadia", "okafor-n")
    world.connect_own("office365", "bob", "bob")
    with world.store.transaction():
        api = apps.coverage(world.store, "gitlab").possible[0]
        apps.configure(world.store, "gitlab", [api.id], world.actor())
        key = provider_services.make_key(world.store, "github", "second", world.now, days=3).key
        provider_services.revoke_key(world.store, "github", key.id, world.now)
        provider_services.arm_fault(world.store, "office365", "network", None, 3)
        provider_services.remove_item(world.store, "google-calendar", 1)
        ids = [world.person(name).id for name in ("laura", "erica", "rita")]
        job = connect_jobs.start(world.store, "github", ids, world.actor(), world.now)
        connect_jobs.step(world.store, job.id, world.now, 1)
    return world


def written(files: dict[str, str], folder: Path) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_world_written_out_and_read_is_the_same(tmp_path: Path) -> None:
    world = busy_world()
    files = scenario_files(world.store, {})
    copy = AppWorld()
    copy.store = in_memory()
    seed(copy.store, read(written(files, tmp_path)), START)
    assert scenario_files(copy.store, {}) == files
    for name in ("providers", "provider_accounts", "provider_items", "apps", "app_connections", "app_failures", "connect_jobs"):
        assert json.loads(files[f"{name}.json"]), name
    for one in (world, copy):
        one.later(minutes=1)
    for name in ("fred", "bob", "john", "greta", "erica", "nadia", "david"):
        assert copy.icons(name) == world.icons(name)
        assert copy.failures(name) == world.failures(name)
        assert copy.gathered(name) == world.gathered(name)
    assert apps.tiles(copy.store, copy.now) == apps.tiles(world.store, world.now)
    assert connect_jobs.latest(copy.store) == connect_jobs.latest(world.store)
    for provider in PROVIDERS:
        assert provider_services.keys(copy.store, provider) == provider_services.keys(world.store, provider)
        assert provider_services.containers(copy.store, provider) == provider_services.containers(world.store, provider)
    [job] = connect_jobs.unfinished(copy.store)
    with copy.store.transaction():
        assert connect_jobs.step(copy.store, job.id, copy.now).is_ended
    assert connect_jobs.progress(copy.store, job.id).done == 3


def test_no_key_is_written_out() -> None:
    text = "".join(scenario_files(busy_world().store, {}).values())
    assert not any(key_of(provider) in text for provider in PROVIDERS)
    assert '"digest"' in text


def test_a_key_that_was_read_as_a_digest_still_installs(tmp_path: Path) -> None:
    world = AppWorld()
    copy = in_memory()
    seed(copy, read(written(scenario_files(world.store, {}), tmp_path)), START)
    with copy.transaction():
        assert apps.install(copy, "office365", key_of("office365"), START, world.actor()).key_id is not None


def scenario(folder: Path, **files: Any) -> Path:
    everything = {
        "people": [MIRA],
        "provider_accounts": [ACCOUNT],
        "providers": [{"provider": "github", "containers": [{"name": "box"}]}],
    } | files
    return written({f"{name}.json": json.dumps(rows) for name, rows in everything.items()}, folder)


def test_items_may_be_days_from_the_clock_and_connections_gather_them(tmp_path: Path) -> None:
    connected = {"person": "mira", "provider": "github", "account": "MW", "own": True}
    path = scenario(
        tmp_path, provider_items=[EVENT | {"days": -3, "time": "14:30", "minutes": 20}], app_connections=[connected]
    )
    store = in_memory()
    seed(store, read(path), START)
    [item] = connections.gathered(store, 1)
    assert (item.starts_at, item.ends_at) == ("2026-01-02T14:30:00.000Z", "2026-01-02T14:50:00.000Z")


Spoil = Callable[[], dict[str, Any]]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"provider_accounts": [ACCOUNT | {"provider": "jenkins"}]}, "There is no provider jenkins"),
        ({"provider_accounts": [ACCOUNT, ACCOUNT | {"login": "MW"}]}, "has an account MW already"),
        ({"providers": [{"provider": "github", "met": ["grain"]}]}, "met: grain is none of app, read"),
        ({"providers": [{"provider": "github"}, {"provider": "github"}]}, "stands in entry 1 already"),
        ({"providers": [{"provider": "github", "keys": [{"name": "k"}]}]}, "Give the key, or its digest"),
        (
            {"providers": [{"provider": "github", "keys": [{"name": "k", "key": "12345678", "account": "no"}]}]},
            "keys.account: no",
        ),
        ({"providers": [{"provider": "github", "containers": [{"name": "b", "owner": "no"}]}]}, "containers.owner: no"),
        ({"providers": [{"provider": "github", "containers": [{"name": "b"}, {"name": "b"}]}]}, "stands there twice"),
        ({"providers": [{"provider": "github", "faults": [{"kind": "flood"}]}]}, "Must be one of: network"),
        ({"providers": [{"provider": "github", "faults": [{"kind": "network", "person": "no"}]}]}, "no does not exist"),
        ({"provider_items": [EVENT | {"account": "no"}]}, "account: no"),
        ({"provider_items": [EVENT | {"container": "no"}]}, "container: no"),
        ({"provider_items": [EVENT | {"kind": "event"}]}, "kind: event is none of commit"),
        ({"provider_items": [EVENT | {"starts_at": "2026-01-01"}]}, "Give starts_at, or days"),
        ({"provider_items": [EVENT | {"minutes": -1}]}, "minutes"),
        ({"apps": [{"provider": "github", "key": "no"}]}, "key: no"),
        ({"apps": [{"provider": "github", "containers": ["no"]}]}, "containers: no"),
        ({"app_connections": [{"person": "mira", "provider": "github", "account": "no"}]}, "account: no"),
        ({"app_connections": [{"person": "no", "provider": "github", "account": "mw"}]}, "no does not exist"),
        ({"app_connections": [{"person": "mira", "provider": "github", "account": "mw", "own": True}] * 2}, "already"),
        ({"app_connections": [{"person": "mira", "provider": "github", "account": "mw"}]}, "github is not installed in apps"),
        (
            {
                "app_connections": [{"person": "mira", "provider": "github", "account": "mw", "own": True}],
                "app_failures": [{"person": "mira", "provider": "github", "kind": "network", "text": "No."}],
            },
            "mira is connected at github already",
        ),
        ({"connect_jobs": [{"provider": "github", "people": []}]}, "people"),
        ({"connect_jobs": [{"provider": "github", "people": [{"person": "mira"}] * 2}]}, "twice"),
        (
            {"connect_jobs": [{"provider": "github", "ended_at": "2026-01-01T00:00:00Z", "people": [{"person": "mira"}]}]},
            "an outcome for each",
        ),
    ],
)
def test_entries_that_are_refused(tmp_path: Path, files: dict[str, Any], words: str) -> None:
    with pytest.raises(Unusable) as error:
        read(scenario(tmp_path, **files))
    assert words in str(error.value)
    assert next(reversed(files)) in str(error.value)
