"""Installing apps for the organisation: what has to be so before, keys, what an app covers, and its end."""

from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from mock_server.domain import apps, connections, github_mapping, provider_services, providers
from mock_server.domain.providers import discovery
from mock_server.errors import Conflict, Fact, Invalid, NotFound, Refused

from .app_world import PROVIDERS, AppWorld, key_of

PREREQUISITES = tuple((key, one.key) for key, provider in discovery.every().items() for one in provider.prerequisites)
TABLES_THAT_CHANGE = ("apps", "app_connections", "app_failures", "gathered_items", "provider_faults")


def rows(world: AppWorld) -> list[object]:
    return [world.store.all(f"SELECT * FROM {table}") for table in TABLES_THAT_CHANGE]


def meet_all(world: AppWorld, provider: str, *, but: str | None = None) -> None:
    for one, _ in provider_services.prerequisites(world.store, provider):
        provider_services.set_prerequisite(world.store, provider, one.key, one.key != but)


def refused(world: AppWorld, provider: str, key: str) -> list[str]:
    before = rows(world)
    with pytest.raises(Invalid) as error:
        apps.install(world.store, provider, key, world.now, world.actor())
    assert rows(world) == before
    return error.value.messages


def test_there_are_the_four_providers_in_their_order() -> None:
    assert tuple(discovery.every()) == PROVIDERS


def test_no_app_is_installed_in_the_guide() -> None:
    world = AppWorld()
    assert [tile.is_installed for tile in apps.tiles(world.store, world.now)] == [False] * 4
    assert apps.installed(world.store) == []


@pytest.mark.parametrize(("provider", "prerequisite"), PREREQUISITES)
def test_each_prerequisite_that_is_not_met_is_told_in_a_sentence_of_its_own(provider: str, prerequisite: str) -> None:
    world = AppWorld()
    meet_all(world, provider, but=prerequisite)
    [message] = refused(world, provider, key_of(provider))
    lacking = discovery.named(provider).prerequisite(prerequisite)
    assert lacking.title in message
    assert lacking.how in message


def test_no_two_prerequisites_of_a_provider_are_told_alike() -> None:
    for provider in discovery.every().values():
        assert len({one.how for one in provider.prerequisites}) == len(provider.prerequisites)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_everything_that_is_wrong_is_told_at_once(provider: str) -> None:
    world = AppWorld()
    for one, _ in provider_services.prerequisites(world.store, provider):
        provider_services.set_prerequisite(world.store, provider, one.key, False)
    assert len(refused(world, provider, "")) == len(discovery.named(provider).prerequisites) + 1


@pytest.mark.parametrize(
    ("key", "word"),
    [
        ("", "missing"),
        ("   ", "missing"),
        ("no-key-at-all", "does not know"),
        (key_of("gitlab"), "does not know"),
        (key_of("office365")[:-1], "does not know"),
    ],
)
def test_a_key_that_is_none_is_refused(key: str, word: str) -> None:
    world = AppWorld()
    [message] = refused(world, "office365", key)
    assert word in message
    assert key.strip() == "" or key not in message


def test_the_key_lasts_by_the_clock_of_the_world() -> None:
    world = AppWorld()
    made = provider_services.make_key(world.store, "github", "short", world.now, days=2)
    world.later(days=2, seconds=-1)
    with world.store.transaction():
        apps.install(world.store, "github", made.text, world.now, world.actor())
    assert apps.tile(world.store, "github", world.now).key_state == "valid"
    world.later(seconds=1)
    assert apps.tile(world.store, "github", world.now).key_state == "expired"
    apps.disconnect(world.store, "github", world.actor())
    [message] = refused(world, "github", made.text)
    assert "expired" in message


def test_a_key_lasts_a_year_unless_it_is_said() -> None:
    world = AppWorld()
    made = provider_services.make_key(world.store, "github", "new", world.now).key
    assert datetime.fromisoformat(made.expires_at) == world.now + timedelta(days=365)


def test_a_revoked_key_is_refused() -> None:
    world = AppWorld()
    made = provider_services.make_key(world.store, "github", "new", world.now)
    provider_services.revoke_key(world.store, "github", made.key.id, world.now)
    [message] = refused(world, "github", made.text)
    assert "revoked" in message


def test_keys_are_kept_as_digests_alone() -> None:
    world = AppWorld()
    with world.store.transaction():
        made = provider_services.make_key(world.store, "github", "new", world.now)
        other = provider_services.make_key(world.store, "github", "newer", world.now)
    assert made.text != other.text
    data = world.store.serialize()
    for text in (made.text, *map(key_of, PROVIDERS)):
        assert text.encode() not in data
    digests = [row[0] for row in world.store.all("SELECT digest FROM provider_keys")]
    events = [row[0] for row in world.store.all("SELECT after FROM audit_events")]
    assert len(events) == 2
    assert not any(digest in event for digest in digests for event in events)


@pytest.mark.parametrize(
    ("arguments", "kind"),
    [
        ({"name": "demo"}, Conflict),
        ({"name": ""}, Invalid),
        ({"name": "x" * 256}, Invalid),
        ({"name": "a\nb"}, Invalid),
        ({"name": "new", "days": 0}, Invalid),
        ({"name": "new", "days": 3651}, Invalid),
        ({"name": "new", "login": "nobody"}, Invalid),
    ],
)
def test_keys_that_cannot_be_made(arguments: dict[str, object], kind: type[Fact]) -> None:
    world = AppWorld()
    before = world.store.all("SELECT * FROM provider_keys")
    with pytest.raises(kind):
        provider_services.make_key(world.store, "github", now=world.now, **arguments)  # type: ignore[arg-type]
    assert world.store.all("SELECT * FROM provider_keys") == before


def test_a_key_of_gitlab_is_somebodys() -> None:
    world = AppWorld()
    with pytest.raises(Invalid):
        provider_services.make_key(world.store, "gitlab", "new", world.now)


@pytest.mark.parametrize("who", ["erica", "greta", "technical-user"])
def test_only_tempo_administrators_install(who: str) -> None:
    world = AppWorld()
    with pytest.raises(Refused):
        apps.install(world.store, "github", key_of("github"), world.now, world.actor(who))
    assert not apps.installed(world.store)


@pytest.mark.parametrize("who", ["erica", "greta", "technical-user"])
def test_only_tempo_administrators_change_an_installed_app_or_map_people(who: str) -> None:
    world = AppWorld()
    world.install("github")
    actor = world.actor(who)
    before = world.store.serialize()
    for call in (
        lambda: apps.renew(world.store, "github", key_of("github"), world.now, actor),
        lambda: apps.configure(world.store, "github", None, actor),
        lambda: apps.disconnect(world.store, "github", actor),
        lambda: github_mapping.apply(world.store, b"", actor, world.now),
    ):
        with pytest.raises(Refused, match="Tempo Administrators"):
            call()
    assert world.store.serialize() == before


def test_an_installed_app_is_not_installed_again() -> None:
    world = AppWorld()
    world.install("github")
    with pytest.raises(Conflict):
        apps.install(world.store, "github", key_of("github"), world.now, world.actor())
    tile = apps.tile(world.store, "github", world.now)
    assert (tile.installed_by, tile.key_name, tile.key_state) == ("Fred Winston", "demo", "valid")


@pytest.mark.parametrize("provider", ["", "jenkins", "GitHub", "google_calendar"])
def test_unknown_providers(provider: str) -> None:
    world = AppWorld()
    for call in (
        lambda: apps.install(world.store, provider, "key", world.now, world.actor()),
        lambda: apps.disconnect(world.store, provider, world.actor()),
        lambda: apps.tile(world.store, provider, world.now),
        lambda: provider_services.keys(world.store, provider),
        lambda: connections.connect(world.store, provider, world.person("bob"), world.now),
    ):
        with pytest.raises(NotFound, match="github, gitlab"):
            call()


def test_another_key_leaves_everybody_connected() -> None:
    world = AppWorld()
    world.install("github")
    world.connect("github", "bob")
    world.later(days=400)
    assert world.connect("github", "fred").failure_kind == "key-expired"
    with world.store.transaction():
        made = provider_services.make_key(world.store, "github", "next", world.now)
        apps.renew(world.store, "github", made.text, world.now, world.actor())
    assert world.icons("bob") == {"github": False}
    assert world.connect("github", "fred").kind == "connected"


def test_gitlab_covers_what_the_account_of_the_key_owns() -> None:
    world = AppWorld()
    world.install("gitlab")
    coverage = apps.coverage(world.store, "gitlab")
    assert coverage.monitors_all
    assert [one.name for one in coverage.possible] == ["cloud/api", "cloud/web"]
    world.connect("gitlab", "john")
    assert world.gathered("john") == ["Lines fit"]
    foreign = next(one.id for one in provider_services.containers(world.store, "gitlab") if one.name == "steel/notes")
    with pytest.raises(Invalid):
        apps.configure(world.store, "gitlab", [foreign], world.actor())


def test_configuring_limits_what_is_gathered_and_can_be_taken_back() -> None:
    world = AppWorld()
    world.install("gitlab")
    for name in ("erica", "john"):
        world.connect("gitlab", name)
    api, web = (one.id for one in apps.coverage(world.store, "gitlab").possible)
    for chosen, expected in (
        ([api], ["Faster start"]),
        ([web], ["Lines fit"]),
        ([], []),
        (None, ["Faster start", "Lines fit"]),
    ):
        with world.store.transaction():
            apps.configure(world.store, "gitlab", chosen, world.actor())
        assert world.gathered("erica") + world.gathered("john") == expected
        assert [one.id for one in apps.coverage(world.store, "gitlab").chosen] == (chosen or [])


def test_calendars_are_not_chosen() -> None:
    world = AppWorld()
    world.install("google-calendar")
    with pytest.raises(Invalid, match="calendar"):
        apps.configure(world.store, "google-calendar", [], world.actor())


def test_disconnecting_an_app_clears_everybody_and_nothing_else() -> None:
    world = AppWorld()
    world.install()
    for name in ("fred", "erica", "john"):
        for provider in PROVIDERS:
            world.connect(provider, name)
    world.connect("google-calendar", "nadia")
    assert world.failures("john") == {"google-calendar": "ambiguous"}
    with world.store.transaction():
        assert apps.disconnect(world.store, "google-calendar", world.actor()) == 3, "fred, erica, and greta who did it herself"
    assert world.icons("greta") == {}
    assert world.gathered("greta") == []
    assert world.failures("john") == world.failures("nadia") == {}
    assert set(world.icons("fred")) == {"github", "gitlab", "office365"}
    assert [one.key for one in apps.installed(world.store)] == ["github", "gitlab", "office365"]
    with pytest.raises(NotFound):
        apps.disconnect(world.store, "google-calendar", world.actor())
    assert world.store.all("PRAGMA foreign_key_check") == []


FIFTH = """
from mock_server.domain.providers.provider import Prerequisite, Provider, Way

PROVIDER = Provider(
    key="carrier-pigeon", title="Carrier Pigeon", place=5, icon="CP", container="loft",
    prerequisites=(Prerequisite("grain", "There is grain", "Buy grain.", is_permission=True),),
    ways=(Way.NAME,), kinds=("letter",), account_access="Open the loft of {account}.",
)
"""


def test_a_fifth_provider_is_one_more_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "carrier_pigeon.py").write_text(FIFTH, encoding="utf-8")
    monkeypatch.setattr(providers, "__path__", [*providers.__path__, str(tmp_path)])
    monkeypatch.setattr(discovery, "PROVIDERS", MappingProxyType(discovery.found()))
    world = AppWorld()
    assert tuple(discovery.every()) == (*PROVIDERS, "carrier-pigeon")
    with world.store.transaction():
        provider_services.add_account(world.store, "carrier-pigeon", "p1", "Bob Johnson", "")
        provider_services.add_container(world.store, "carrier-pigeon", "roof")
        provider_services.add_item(world.store, "carrier-pigeon", "p1", "roof", "letter", "Hello", world.now)
        made = provider_services.make_key(world.store, "carrier-pigeon", "ring", world.now)
    assert refused(world, "carrier-pigeon", made.text) == ["There is grain: not yet. Buy grain."]
    with world.store.transaction():
        provider_services.set_prerequisite(world.store, "carrier-pigeon", "grain", True)
        apps.install(world.store, "carrier-pigeon", made.text, world.now, world.actor())
    assert world.connect("carrier-pigeon", "bob").kind == "connected"
    assert world.connect("carrier-pigeon", "erica").failure_kind == "mismatch"
    assert (world.icons("bob"), world.gathered("bob")) == ({"carrier-pigeon": False}, ["Hello"])
