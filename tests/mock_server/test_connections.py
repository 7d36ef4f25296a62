"""Connecting people: every way in which it fails, what mends it, connections of one's own, and what is gathered."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from mock_server.domain import connections, provider_services
from mock_server.domain.providers.provider import SENTENCES, FailureKind
from mock_server.errors import Invalid, NotFound

from .app_world import PROVIDERS, AppWorld

Change = Callable[[AppWorld], object]


def change_account(provider: str, login: str, **changes: object) -> Change:
    return lambda world: provider_services.change_account(world.store, provider, login, **changes)  # type: ignore[arg-type]


def prerequisite(provider: str, name: str, is_met: bool) -> Change:
    return lambda world: provider_services.set_prerequisite(world.store, provider, name, is_met)


def nothing(world: AppWorld) -> None:
    """Leave it as it is."""


def disarm(provider: str) -> Change:
    return lambda world: provider_services.disarm_faults(world.store, provider)


@pytest.mark.parametrize(
    ("provider", "name", "kind", "words", "mend"),
    [
        ("gitlab", "bob", "network", ("GitLab could not be reached", "bob@example.org", "again"), nothing),
        (
            "google-calendar",
            "nadia",
            "mismatch",
            ("No Google Calendar account", "nadia@example.org"),
            change_account("google-calendar", "nadia.okafor", email="NADIA@example.org"),
        ),
        (
            "github",
            "nadia",
            "mismatch",
            ("nadia@example.org", "the login nadia", "the name Nadia Okafor", "Manually map with Github"),
            change_account("github", "okafor-n", display_name="nadia okafor"),
        ),
        (
            "office365",
            "david",
            "insufficient-permission",
            ("Exchange", "the mailbox of david"),
            change_account("office365", "david", is_accessible=True),
        ),
        ("google-calendar", "technical-user", "key-expired", ("refused the key", "new key"), disarm("google-calendar")),
        (
            "google-calendar",
            "john",
            "ambiguous",
            ("john, john.steel", "john@example.org"),
            change_account("google-calendar", "john.steel", email="steel@example.org"),
        ),
        (
            "github",
            "david",
            "ambiguous",
            ("dcarsen, david-carsen-work", "Manually map"),
            change_account("github", "dcarsen", email="david@example.org"),
        ),
        (
            "gitlab",
            "laura",
            "hidden-email",
            ("laura@example.org", "hides"),
            change_account("gitlab", "laura", is_email_hidden=False),
        ),
        (
            "github",
            "rita",
            "hidden-email",
            ("rb-codes", "private"),
            change_account("github", "rb-codes", is_email_hidden=False),
        ),
    ],
)
def test_a_failure_of_the_guide_its_text_and_what_mends_it(
    provider: str, name: str, kind: str, words: tuple[str, ...], mend: Change
) -> None:
    world = AppWorld()
    world.install()
    outcome = world.connect(provider, name)
    assert (outcome.kind, outcome.failure_kind) == ("failed", kind)
    assert all(word in outcome.text for word in words), outcome.text
    assert world.failures(name) == {provider: kind}
    assert world.icons(name) == {}
    with world.store.transaction():
        mend(world)
    assert world.failures(name) == {provider: kind}, "only an attempt tells that it is mended"
    assert world.connect(provider, name).kind == "connected"
    assert world.failures(name) == {}
    assert world.icons(name) == {provider: False}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_without_the_app_nobody_is_looked_for(provider: str) -> None:
    world = AppWorld()
    outcome = world.connect(provider, "fred")
    assert (outcome.failure_kind, outcome.call) == ("not-installed", None)
    assert "Install it in Apps" in outcome.text
    assert world.failures("fred") == {provider: "not-installed"}
    world.install(provider)
    assert world.connect(provider, "fred").kind == "connected"
    assert world.failures("fred") == {}


@pytest.mark.parametrize(("provider", "name"), [("github", "read"), ("gitlab", "read_api"), ("google-calendar", "delegation")])
def test_a_permission_that_was_taken_away(provider: str, name: str) -> None:
    world = AppWorld()
    world.install(provider)
    with world.store.transaction():
        prerequisite(provider, name, False)(world)
    outcome = world.connect(provider, "fred")
    assert outcome.failure_kind == "insufficient-permission"
    how = next(one.how for one, is_met in provider_services.prerequisites(world.store, provider) if not is_met)
    assert how in outcome.text
    with world.store.transaction():
        prerequisite(provider, name, True)(world)
    assert world.connect(provider, "fred").kind == "connected"


def test_what_is_no_permission_may_go_once_the_app_is_there() -> None:
    world = AppWorld()
    world.install("google-calendar")
    with world.store.transaction():
        prerequisite("google-calendar", "admin-sdk", False)(world)
    assert world.connect("google-calendar", "fred").kind == "connected"


def test_the_key_expires_by_the_clock_of_the_world() -> None:
    world = AppWorld()
    world.install("office365")
    world.later(days=365, seconds=-1)
    assert world.connect("office365", "fred").kind == "connected"
    world.later(seconds=1)
    outcome = world.connect("office365", "erica")
    assert outcome.failure_kind == "key-expired"
    assert "the key demo, which expired on 2027-01-05" in outcome.text
    world.now -= timedelta(days=1)
    assert world.connect("office365", "erica").kind == "connected"


def test_a_revoked_key_is_as_good_as_expired() -> None:
    world = AppWorld()
    world.install("github")
    with world.store.transaction():
        [key] = provider_services.keys(world.store, "github")
        provider_services.revoke_key(world.store, "github", key.id, world.now)
    outcome = world.connect("github", "fred")
    assert outcome.failure_kind == "key-expired"
    assert "revoked on 2026-01-05" in outcome.text


@pytest.mark.parametrize("kind", list(FailureKind))
@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_kind_can_be_armed_for_one_person_and_a_number_of_times(provider: str, kind: FailureKind) -> None:
    world = AppWorld()
    world.install(provider)
    with world.store.transaction():
        provider_services.disarm_faults(world.store, provider)
        provider_services.arm_fault(world.store, provider, kind, world.person("fred").id, 2)
    assert world.connect(provider, "erica").kind == "connected"
    for _ in range(2):
        outcome = world.connect(provider, "fred")
        assert outcome.failure_kind == kind
        assert "{" not in outcome.text
    assert world.connect(provider, "fred").kind == "connected"
    assert provider_services.faults(world.store, provider) == []


def test_a_fault_for_each_person_stays_until_it_is_disarmed() -> None:
    world = AppWorld()
    world.install("github")
    with world.store.transaction():
        provider_services.arm_fault(world.store, "github", "network")
    assert [world.connect("github", name).failure_kind for name in ("fred", "erica", "fred")] == ["network"] * 3
    with world.store.transaction():
        assert provider_services.disarm_faults(world.store, "github") == 1
    assert world.connect("github", "fred").kind == "connected"


@pytest.mark.parametrize(("kind", "times"), [("", None), ("flood", None), ("network", 0), ("network", -1), ("network", 2**31)])
def test_faults_that_are_none(kind: str, times: int | None) -> None:
    world = AppWorld()
    with pytest.raises(Invalid):
        provider_services.arm_fault(world.store, "github", kind, None, times)
    with pytest.raises(NotFound):
        provider_services.arm_fault(world.store, "github", "network", 999)
    assert provider_services.faults(world.store, "github") == []


def test_each_kind_has_a_sentence() -> None:
    assert set(SENTENCES) == set(FailureKind)


def test_who_is_connected_is_left_alone() -> None:
    world = AppWorld()
    world.install("github")
    first = world.connect("github", "fred")
    world.later(hours=1)
    again = world.connect("github", "fred")
    assert (again.kind, again.account_id, again.call) == ("already", first.account_id, None)


def test_an_account_is_one_persons() -> None:
    world = AppWorld()
    world.install("google-calendar")
    with world.store.transaction():
        change_account("google-calendar", "greta", email="bob@example.org")(world)
        change_account("google-calendar", "bob", email="robert@example.org")(world)
    outcome = world.connect("google-calendar", "bob")
    assert outcome.failure_kind == "ambiguous"
    assert outcome.text == (
        "The Google Calendar account greta is connected to Greta Lind already, and an account is one person's. "
        "If it belongs to Bob Johnson, ask Greta Lind to disconnect it in My Apps, and connect again."
    )
    assert world.icons("greta") == {"google-calendar": True}
    with world.store.transaction():
        connections.disconnect_own(world.store, "google-calendar", world.person("greta").id)
    assert world.connect("google-calendar", "bob").kind == "connected", "what the text says helps"


def test_somebody_who_takes_an_account_of_somebody_else_is_told_what_they_can_do_themselves() -> None:
    world = AppWorld()
    world.connect_own("github", "bob", "bjohnson")
    outcome = world.connect_own("github", "rita", "bjohnson")
    assert outcome.failure_kind == "ambiguous"
    assert outcome.text == (
        "The GitHub account bjohnson is connected to somebody else already. "
        "Check the login; if the account is yours, ask a Tempo Administrator."
    )


def test_a_map_says_which_account_is_meant() -> None:
    world = AppWorld()
    world.install("github")
    world.connect("github", "david")
    assert world.map("github", "david", "no-such-login").failure_kind == "mismatch"
    assert world.map("github", "david", "DCarsen").kind == "connected"
    assert world.map("github", "david", "dcarsen").kind == "already", "once more is harmless"
    assert world.map("github", "david", "david-carsen-work").kind == "connected", "another one takes its place"
    assert world.map("github", "nadia", "david-carsen-work").failure_kind == "ambiguous"
    assert world.map("github", "david", "no-such-login").kind == "failed"
    assert world.icons("david") == {"github": False}, "a map that is wrong ends nothing"
    assert world.failures("david") == {}
    assert world.map("github", "rita", "rb-codes").kind == "connected", "a hidden address is no obstacle to a login"


def test_a_connection_of_ones_own_is_kept_apart_and_shows_the_same_icon() -> None:
    world = AppWorld()
    assert world.icons("greta") == {"google-calendar": True}, "without an app of the organisation"
    world.install("google-calendar")
    assert world.connect("google-calendar", "greta").kind == "already"
    assert world.map("google-calendar", "greta", "bob").kind == "already"
    assert world.icons("greta") == {"google-calendar": True}
    world.connect("google-calendar", "bob")
    ids = [world.person(name).id for name in ("greta", "bob")]
    standings = connections.of_people(world.store, ids)
    one, other = (standings[person_id].icons[0] for person_id in ids)
    assert (one.icon, one.title) == (other.icon, other.title)
    assert (one.is_own, other.is_own) == (True, False)


def test_my_apps() -> None:
    world = AppWorld()
    bob = world.person("bob").id
    assert connections.own(world.store, bob) == dict.fromkeys(PROVIDERS)
    assert world.connect_own("github", "bob", "nobody").failure_kind == "mismatch"
    assert world.failures("bob") == {}, "told to bob, and kept for nobody"
    assert world.connect_own("google-calendar", "bob", "greta").failure_kind == "ambiguous"
    assert world.connect_own("gitlab", "bob", "bob").failure_kind == "network", "the fault that is armed for him"
    assert world.connect_own("gitlab", "bob", "bob").kind == "connected"
    assert world.connect_own("gitlab", "bob", "bob").kind == "already"
    assert {key for key, icon in connections.own(world.store, bob).items() if icon} == {"gitlab"}
    with world.store.transaction():
        connections.disconnect_own(world.store, "gitlab", bob)
    assert world.icons("bob") == {}
    with pytest.raises(NotFound):
        connections.disconnect_own(world.store, "gitlab", bob)


def test_connecting_oneself_ends_a_failure_and_takes_over_a_connection_of_the_organisation() -> None:
    world = AppWorld()
    world.install("github")
    world.connect("github", "nadia")
    assert world.connect_own("github", "nadia", "okafor-n").kind == "connected"
    assert (world.failures("nadia"), world.icons("nadia")) == ({}, {"github": True})
    world.connect("github", "bob")
    assert world.connect_own("github", "bob", "bjohnson").kind == "connected"
    assert world.icons("bob") == {"github": True}
    with world.store.transaction():
        connections.disconnect_own(world.store, "github", world.person("bob").id)
    assert world.connect("github", "bob").kind == "connected"


def test_people_may_leave_a_connection_of_the_organisation() -> None:
    world = AppWorld()
    world.install("office365")
    world.connect("office365", "erica")
    assert world.gathered("erica") == ["Stand-up", "Planning"]
    with world.store.transaction():
        connections.disconnect_own(world.store, "office365", world.person("erica").id)
    assert (world.icons("erica"), world.gathered("erica")) == ({}, [])


@pytest.mark.parametrize(("private", "free", "is_there"), [(False, False, True), (True, False, False), (False, True, False)])
@pytest.mark.parametrize("is_own", [True, False])
def test_private_and_free_events_are_left_out(private: bool, free: bool, is_there: bool, is_own: bool) -> None:
    world = AppWorld()
    world.install("google-calendar")
    with world.store.transaction():
        item = provider_services.add_item(
            world.store,
            "google-calendar",
            "bob",
            "bob@example.org",
            "event",
            "New",
            world.now,
            is_private=private,
            is_free=free,
        )
    if is_own:
        world.connect_own("google-calendar", "bob", "bob")
    else:
        world.connect("google-calendar", "bob")
    assert world.gathered("bob") == (["New"] if is_there else [])
    for now_private, now_free in ((False, True), (True, False), (False, False)):
        with world.store.transaction():
            provider_services.mark_item(world.store, "google-calendar", item.id, is_private=now_private, is_free=now_free)
        assert world.gathered("bob") == ([] if now_private or now_free else ["New"])
    with world.store.transaction():
        provider_services.remove_item(world.store, "google-calendar", item.id)
    assert world.gathered("bob") == []


def test_what_the_guide_gathers_for_greta() -> None:
    assert AppWorld().gathered("greta") == ["Coffee with the team", "Workshop"]


def test_what_comes_later_is_gathered_too() -> None:
    world = AppWorld()
    with world.store.transaction():
        provider_services.add_item(world.store, "google-calendar", "greta", "greta@example.org", "event", "New", world.now)
    assert "New" in world.gathered("greta")


@pytest.mark.parametrize("name", ["fred", "olaf", "rita"])
def test_icons_of_many_are_those_of_each(name: str) -> None:
    world = AppWorld()
    world.install()
    for provider in PROVIDERS:
        world.connect(provider, name)
    ids = [world.person(one).id for one in ("fred", "olaf", "rita", "greta")]
    together = connections.of_people(world.store, ids)
    assert together == {one: connections.of_people(world.store, [one])[one] for one in ids}
    shown = together[world.person(name).id]
    assert len(shown.icons) + len(shown.failures) == len(PROVIDERS)
    for found in (shown.icons, shown.failures):
        assert [one.provider for one in found] == sorted((one.provider for one in found), key=PROVIDERS.index)
