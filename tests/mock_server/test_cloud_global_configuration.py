"""How a site of Tempo Cloud is set up, ``/4/globalconfiguration``, and the settings of whole numbers behind it."""

from collections.abc import Callable
from typing import Any

import pytest

from mock_server.assumptions import Assumption
from mock_server.errors import Invalid
from mock_server.settings import Settings, choices_of

HOURS = "globalConfiguration.maxHoursPerDayPerUser"
DAYS = "globalConfiguration.numberOfDaysAllowedIntoFuture"
DEFAULTS = {
    "allowLoggingOnClosedAccount": False,
    "approvalPeriod": "WEEK",
    "approvalWeekStart": 1,
    "maxHoursPerDayPerUser": 24,
    "numberOfDaysAllowedIntoFuture": 365,
    "planApprovalEnabled": False,
    "remainingEstimateOptional": True,
    "startAndEndTimesEnabled": False,
    "startAndEndTimesForPlanningEnabled": False,
    "weekStart": 1,
    "worklogDescriptionOptional": True,
}


@pytest.fixture
def make_world(make_world: Any, idle_scenario: str) -> Any:
    """Worlds whose scenario leaves every setting as it is."""
    return lambda settings=None, **options: make_world(settings, scenario=idle_scenario, **options)


@pytest.mark.parametrize("who", ["fred", "greta", "viewer", "demo-token-without-scopes-not-a-secret"])
def test_configuration_is_for_any_valid_token(world: Any, who: str) -> None:
    answer = world.cloud("GET", who, "globalconfiguration")
    assert answer.status == 200
    assert answer.json == DEFAULTS


@pytest.mark.parametrize("who", [None, "nobody", "demo-token-that-expired-not-a-secret"])
def test_configuration_is_for_nobody_without_one(world: Any, who: str | None) -> None:
    assert world.cloud("GET", who, "globalconfiguration").status == 401


def test_configuration_cannot_be_written_by_tempo_s_api(world: Any) -> None:
    for method in ("PUT", "POST", "DELETE", "PATCH"):
        assert world.cloud(method, "fred", "globalconfiguration", {}).status == 405


def test_every_member_follows_its_setting(make_world: Callable[..., Any]) -> None:
    others = {
        name: not value if isinstance(value, bool) else "MONTH" if isinstance(value, str) else 2
        for name, value in DEFAULTS.items()
    }
    texts = {True: "on", False: "off"}
    settings = {
        f"globalConfiguration.{name}": texts[value] if isinstance(value, bool) else str(value) for name, value in others.items()
    }
    assert make_world(settings).cloud("GET", "fred", "globalconfiguration").json == others


def test_a_limit_that_is_none_is_left_out(world: Any) -> None:
    assert world.put(None, "/_mock/settings", {HOURS: "none"}).status == 200
    found = world.cloud("GET", "fred", "globalconfiguration").json
    assert found == {name: value for name, value in DEFAULTS.items() if name != "maxHoursPerDayPerUser"}


def test_a_whole_number_is_set_as_number_or_text(world: Any) -> None:
    for value, shown in ((8, "8"), ("10", "10"), (None, "24")):
        answer = world.put(None, "/_mock/settings", {HOURS: value})
        assert answer.json[HOURS]["value"] == shown
    assert world.get(None, "/_mock/settings").json[HOURS]["choices"] == ["none", "a whole number from 1 to 24"]


@pytest.mark.parametrize(
    "value", ["0", "25", "-1", "08", " 8", "8.0", "٣", "²", "", "many", "9" * 5000, 0, 25, 8.0, True, [], {}]
)
def test_what_is_no_number_in_the_range_is_refused(world: Any, value: Any) -> None:
    answer = world.put(None, "/_mock/settings", {DAYS: "7", HOURS: value})
    assert answer.status == 400
    assert HOURS in answer.text
    assert world.cloud("GET", "fred", "globalconfiguration").json == DEFAULTS


def test_settings_answer_whole_numbers() -> None:
    settings = Settings({DAYS: "0", HOURS: "none"})
    assert (settings.number(DAYS), settings.number(HOURS)) == (0, None)
    assert settings.changed() == {DAYS: "0", HOURS: "none"}
    settings.update({DAYS: None, HOURS: 1})
    assert (settings.number(DAYS), settings.number(HOURS), settings[HOURS]) == (365, 1, "1")
    with pytest.raises(Invalid, match="a whole number from 0 to 3650, not 3651"):
        settings.update({DAYS: 3651})
    with pytest.raises(Invalid, match=r"takes on, off, not 1"):
        settings.update({"globalConfiguration.planApprovalEnabled": 1})


def test_choices_are_told_in_words() -> None:
    plain = Assumption("x", "5", (), "I", "what", "why")
    assert choices_of(plain) == []
    assert choices_of(plain._replace(whole=range(1, 8))) == ["a whole number from 1 to 7"]
    assert choices_of(plain._replace(choices=("a", "b"))) == ["a", "b"]
