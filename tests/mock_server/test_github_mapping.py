"""A map file that corrects an earlier one: whose account goes to whom, and what stays when an attempt fails."""

import pytest

from mock_server.domain import connections, github_mapping, provider_services
from mock_server.domain.connections import OutcomeKind
from mock_server.domain.github_mapping import Mapped
from mock_server.errors import Invalid

from .app_world import AppWorld

HEADER = "tempo_account_id,display_name,email,github_username"


@pytest.fixture
def mixed_up() -> AppWorld:
    """nadia and rita, each mapped to the account of the other; laura by the organisation, bob by himself."""
    world = AppWorld()
    world.install("github")
    upload(world, {"nadia": "rb-codes", "rita": "okafor-n", "laura": "laura-penn"})
    world.connect_own("github", "bob", "bjohnson")
    return world


def upload(world: AppWorld, rows: dict[str, str]) -> Mapped:
    lines = [f"{world.person(name).account_id},,,{login}" for name, login in rows.items()]
    with world.store.transaction():
        return github_mapping.apply(world.store, "\n".join([HEADER, *lines]).encode(), world.actor(), world.now)


def logins(world: AppWorld, *names: str) -> dict[str, str]:
    """Name -> login at GitHub, of those who are connected."""
    icons = {name: connections.own(world.store, world.person(name).id)["github"] for name in names}
    return {name: icon.login for name, icon in icons.items() if icon}


def arm(world: AppWorld, name: str | None) -> None:
    with world.store.transaction():
        provider_services.arm_fault(world.store, "github", "network", world.person(name).id if name else None)


def test_two_who_were_mixed_up_are_put_right_by_one_file(mixed_up: AppWorld) -> None:
    mapped = upload(mixed_up, {"nadia": "okafor-n", "rita": "rb-codes"})
    assert mapped.count(OutcomeKind.CONNECTED) == 2
    assert logins(mixed_up, "nadia", "rita") == {"nadia": "okafor-n", "rita": "rb-codes"}
    assert upload(mixed_up, {"rita": "rb-codes", "nadia": "okafor-n"}).count(OutcomeKind.ALREADY) == 2


def test_accounts_are_handed_on_in_a_row(mixed_up: AppWorld) -> None:
    upload(mixed_up, {"david": "rb-codes", "nadia": "okafor-n", "rita": "dcarsen"})
    assert logins(mixed_up, "david", "nadia", "rita") == {"david": "rb-codes", "nadia": "okafor-n", "rita": "dcarsen"}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ({"david": "laura-penn"}, "Row 2: the GitHub user laura-penn is connected to Laura Penn. Give them another user"),
        ({"nadia": "okafor-n"}, "Row 2: the GitHub user okafor-n is connected to Rita"),
        ({"david": "bjohnson", "bob": "dcarsen"}, "Row 2: the GitHub user bjohnson is connected to Bob Johnson. They"),
    ],
)
def test_an_account_that_its_holder_keeps_is_given_to_nobody_else(mixed_up: AppWorld, rows: dict[str, str], told: str) -> None:
    before = logins(mixed_up, "nadia", "rita", "laura", "bob", "david")
    with pytest.raises(Invalid, match=told):
        upload(mixed_up, rows)
    assert logins(mixed_up, "nadia", "rita", "laura", "bob", "david") == before


def test_who_could_not_be_put_right_stays_as_they_were(mixed_up: AppWorld) -> None:
    gathered = mixed_up.gathered("rita")
    arm(mixed_up, None)
    assert upload(mixed_up, {"nadia": "okafor-n", "rita": "rb-codes"}).count(OutcomeKind.FAILED) == 2
    assert logins(mixed_up, "nadia", "rita") == {"nadia": "rb-codes", "rita": "okafor-n"}
    assert (mixed_up.failures("nadia"), mixed_up.failures("rita")) == ({}, {})
    assert mixed_up.gathered("rita") == gathered


def test_who_lost_an_account_and_got_no_other_has_a_warning(mixed_up: AppWorld) -> None:
    arm(mixed_up, "rita")
    upload(mixed_up, {"nadia": "okafor-n", "rita": "rb-codes"})
    assert logins(mixed_up, "nadia", "rita") == {"nadia": "okafor-n"}
    assert mixed_up.failures("rita") == {"github": "network"}


def test_wrong_rows_are_told_in_their_order(mixed_up: AppWorld) -> None:
    with pytest.raises(Invalid) as caught:
        upload(mixed_up, {"david": "laura-penn", "greta": "nobody-at-all"})
    assert [message.split(":")[0] for message in caught.value.messages] == ["Row 2", "Row 3"]
