"""The fixture ``tempo`` as tests of a client use it: addresses, credentials, clock, settings, snapshots."""

import json
import subprocess
import sys
from base64 import b64encode
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from .wire import ask

ROOT = Path(__file__).parents[2]
MONDAY = "2026-03-02T09:00Z"

pytestmark = pytest.mark.tempo(clock=MONDAY)


def worklogs(tempo: Any, who: str = "viewer") -> int:
    found = ask(f"{tempo.url}/4/worklogs?limit=1000", tempo.token(who))
    count: int = found["metadata"]["count"]
    return count


def test_it_answers_on_its_addresses(tempo: Any) -> None:
    assert worklogs(tempo) > 100
    login = tempo.persona("admin")["email"] + ":" + tempo.api_token("admin")
    basic = f"Basic {b64encode(login.encode()).decode()}"
    assert ask(f"{tempo.jira_url}/rest/api/3/myself", basic)["displayName"] == "Fred Winston"
    assert ask(f"{tempo.datacenter_url}/rest/tempo-teams/2/team/3", f"Basic {b64encode(b'fred:fred').decode()}")["id"] == 3
    assert not any(url.endswith("/") for url in (tempo.url, tempo.jira_url, tempo.datacenter_url))


def test_links_of_answers_lead_back_into_the_world(tempo: Any) -> None:
    made = tempo.make.worklog(person="member")
    assert made["self"] == f"{tempo.url}/4/worklogs/{made['tempoWorklogId']}"
    assert ask(made["self"], tempo.token("member")) == made


@pytest.mark.parametrize("persona", ["admin", "viewer", "no_scopes"])
def test_env_is_what_the_command_prints(tempo: Any, persona: str) -> None:
    command = [sys.executable, "-m", "mock_server", "env", persona, "--url", tempo.url, "--json"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, timeout=60)
    assert tempo.env(persona) == json.loads(told.stdout)
    assert tempo.env(persona)["TEMPO_TOKEN"] == tempo.token(persona)


def test_env_without_a_persona_is_the_administrators(tempo: Any) -> None:
    assert tempo.env() == tempo.env("admin")


def test_a_persona_is_all_that_the_target_file_says(tempo: Any) -> None:
    assert tempo.persona("viewer")["user"] == "technical-user"
    assert tempo.persona("viewer")["api_token"] == tempo.api_token("viewer")
    assert tempo.persona("lead")["note"].startswith("leads team 3")


@pytest.mark.parametrize(
    ("ask_for", "told"),
    [
        (lambda tempo: tempo.persona("viwer"), "There is no persona viwer"),
        (lambda tempo: tempo.token("nobody"), "choose admin, lead"),
        (lambda tempo: tempo.api_token("expired"), "The persona expired has no api_token"),
        (lambda tempo: tempo.restore("never"), "never"),
    ],
)
def test_what_there_is_not_is_said(tempo: Any, ask_for: Any, told: str) -> None:
    with pytest.raises(LookupError, match=told):
        ask_for(tempo)


def test_the_clock_runs_on_from_the_marker(tempo: Any) -> None:
    assert timedelta() <= tempo.clock.now - datetime(2026, 3, 2, 9, tzinfo=UTC) < timedelta(minutes=10)
    assert not tempo.clock.frozen
    assert tempo.clock.today == date(2026, 3, 2)


@pytest.mark.parametrize(
    "moment",
    ["2027-01-05T10:00Z", "2027-01-05T11:00+01:00", datetime(2027, 1, 5, 10), datetime(2027, 1, 5, 10, tzinfo=UTC)],
)
def test_the_clock_is_set_frozen_and_advanced(tempo: Any, moment: Any) -> None:
    tempo.clock.freeze(moment)
    assert tempo.clock.now == datetime(2027, 1, 5, 10, tzinfo=UTC)
    tempo.clock.advance(90)
    tempo.clock.advance(timedelta(days=-1))
    assert tempo.clock.now == datetime(2027, 1, 4, 10, 1, 30, tzinfo=UTC)
    assert ask(f"{tempo.url}/_mock/clock") == {"now": "2027-01-04T10:01:30.000Z", "frozen": True, "followsSystem": False}
    tempo.clock.release()
    assert not tempo.clock.frozen
    tempo.clock.set(date(2027, 2, 1))
    assert tempo.clock.today == date(2027, 2, 1)
    tempo.clock.follow_system()
    assert abs(tempo.clock.now - datetime.now(UTC)) < timedelta(minutes=10)


def test_the_clock_decides_about_tokens(tempo: Any) -> None:
    text = tempo.make.token("bob", days=1)["token"]
    assert ask(f"{tempo.url}/4/teams", text)["results"]
    tempo.clock.advance(timedelta(days=2))
    assert ask(f"{tempo.url}/4/teams", text)[0] == 401


@pytest.mark.parametrize("moment", ["soon", "0001-01-01", 7, None])
def test_a_clock_takes_moments_only(tempo: Any, moment: Any) -> None:
    before = tempo.clock.now
    with pytest.raises((TypeError, ValueError)):
        tempo.clock.set(moment)
    with pytest.raises(OverflowError):
        tempo.clock.advance(timedelta(days=3_000_000))
    assert timedelta() <= tempo.clock.now - before < timedelta(minutes=10)


@pytest.mark.tempo(settings={"jira.timeZone": "Pacific/Auckland"})
def test_today_is_that_of_the_site(tempo: Any) -> None:
    tempo.clock.set("2026-03-02T12:00Z")
    assert tempo.clock.today == date(2026, 3, 3)


def test_settings_are_a_mapping(tempo: Any) -> None:
    name = "globalConfiguration.planApprovalEnabled"
    assert tempo.settings[name] == "on", "the scenario's"
    tempo.settings[name] = False
    assert tempo.settings[name] == "off"
    tempo.settings.update({name: "on", "cloud.permissionDelay": 5})
    assert (tempo.settings[name], tempo.settings["cloud.permissionDelay"]) == ("on", "5")
    assert ask(f"{tempo.url}/_mock/settings")["cloud.permissionDelay"]["value"] == "5"
    del tempo.settings["cloud.permissionDelay"]
    assert tempo.settings["cloud.permissionDelay"] == "0"
    assert set(tempo.settings) >= {name, "jira.timeZone"}
    assert len(tempo.settings) == len(list(tempo.settings))


@pytest.mark.parametrize("values", [{"cloud.permissionDely": 5}, {"cloud.rateLimit": "on", "cloud.permissionDelay": "soon"}])
def test_wrong_settings_change_nothing(tempo: Any, values: dict[str, Any]) -> None:
    before = dict(tempo.settings)
    with pytest.raises(ValueError, match="permissionDel"):
        tempo.settings.update(values)
    assert dict(tempo.settings) == before


def test_a_snapshot_brings_back_data_settings_and_clock(tempo: Any) -> None:
    tempo.clock.freeze()
    now = tempo.clock.now
    tempo.snapshot()
    tempo.make.team("Short-lived")
    tempo.settings["cloud.permissionDelay"] = 5
    tempo.clock.advance(60)
    tempo.snapshot("later")
    tempo.restore()
    assert tempo.clock.now == now
    assert tempo.settings["cloud.permissionDelay"] == "0"
    assert not ask(f"{tempo.url}/4/teams?name=Short-lived", tempo.token("admin"))["results"]
    tempo.restore("later")
    assert ask(f"{tempo.url}/4/teams?name=Short-lived", tempo.token("admin"))["results"]


def test_a_reset_begins_anew_with_what_the_marker_says(tempo: Any) -> None:
    before = worklogs(tempo)
    tempo.make.worklog()
    assert worklogs(tempo) == before + 1
    tempo.clock.set("2030-01-01")
    tempo.reset()
    assert worklogs(tempo) == before
    assert tempo.clock.today == date(2026, 3, 2)


def test_worlds_longer_than_a_test(tempo_server: Any) -> None:
    with tempo_server.world(scenario="empty", clock=MONDAY) as one, tempo_server.world(clock="2030-01-01") as other:
        assert one.url != other.url
        assert ask(f"{one.url}/4/teams", one.token("admin"))["metadata"]["count"] == 1
        assert (one.clock.today, other.clock.today) == (date(2026, 3, 2), date(2030, 1, 1))
    assert ask(f"{one.url}/4/teams", "any")[0] == 404, "it is gone"


def test_it_says_what_it_is(tempo: Any) -> None:
    assert repr(tempo) == f"<Tempo at {tempo.url}, scenario guide>"
    tempo.clock.freeze(MONDAY)
    assert repr(tempo.clock) == "<clock of a Tempo world, 2026-03-02T09:00:00.000Z, frozen>"
    tempo.settings["cloud.permissionDelay"] = 5
    assert "'cloud.permissionDelay': '5'" in repr(tempo.settings)
