"""Every row of the fallback table, provoked over a socket: what Tempo does, what the run says, who is told, what stands after.

Then Tempo is back: its figures are, too, and nothing is there twice.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from integration.store import Store
from integration.worklog_result import Ran
from integration.worklog_rows import WorklogRows
from integration.worklogs import Visible

from .conftest import Answers
from .scripted import Answer, Scripted
from .worklog_home import WorklogHome

ISSUE = "CLOUD-1"
STARTED = "2026-03-02T08:00:00.000+0000"
PASSING = [
    pytest.param({"timeout": 1}, "unreachable", id="timeout"),
    pytest.param({"cut": "before"}, "unreachable", id="cut off"),
    pytest.param({"status": 429}, "too-many", id="429"),
    pytest.param({"status": 500}, "server-error", id="500"),
    pytest.param({"status": 502, "html": True}, "server-error", id="502 with a page"),
    pytest.param({"status": 503, "body": "upstream connect error"}, "server-error", id="503"),
    pytest.param({"invalidJson": True}, "broken", id="invalid JSON"),
    pytest.param({"truncate": True}, "broken", id="half of the JSON"),
    pytest.param({"status": 401}, "unauthorized", id="401"),
    pytest.param({"status": 403}, "forbidden", id="403"),
]
"""Where the address is right for certain."""

DOUBTFUL = [
    pytest.param({"status": 404}, "not-found", id="404"),
    pytest.param({"status": 405}, "refused", id="405"),
    pytest.param({"status": 410}, "gone", id="410"),
    pytest.param({"html": True}, "not-tempo", id="HTML"),
    pytest.param({"status": 302, "headers": {"Location": "https://login.example/"}}, "not-tempo", id="redirect"),
    pytest.param({"json": {"startAt": 0, "worklogs": []}}, "not-tempo", id="JSON of something else"),
]
"""What a wrong address answers just as well."""


@pytest.fixture(scope="module")
def world(tempo_server: Any) -> Iterator[Any]:
    """The scenario guide, with a worklog that was entered in Jira beside those entered in Tempo."""
    with tempo_server.world(scenario="guide", clock="2026-03-02T09:00Z") as made:
        made.snapshot("new")
        yield made


@pytest.fixture
def home(world: Any, tmp_path: Path, server: Scripted) -> Iterator[WorklogHome]:
    """A home that read Tempo and will tell a webhook; its figures are those of Tempo."""
    world.restore("new")
    server.script = [Answer(200, {})]
    made = WorklogHome(world, tmp_path, f'[alerts]\nwebhook = "{server.url}/hook"\n')
    made.jira("POST", f"issue/{ISSUE}/worklog", {"timeSpentSeconds": 5400, "started": STARTED})
    # Jira withholds the last minute.
    world.clock.advance(120)
    yield made
    world.faults.disarm_all()


def alerts(server: Scripted) -> list[tuple[str, str, str]]:
    told = [json.loads(asked.body) for asked in server.asked]
    return [(body["alert"], body["cause"], body["since"]) for body in told]


def in_fallback(home: WorklogHome, ran: Ran, kind: str) -> None:
    """Loudly: exit code, cause, since; and nothing of it is anybody's that is not theirs."""
    assert ran.exit == 6
    assert ran.error is None
    assert ran.standing.source == "jira"
    assert not ran.standing.complete
    assert ran.standing.fallback is not None
    assert ran.standing.fallback.cause.kind == kind
    found, told = home.totals(), home.in_tempo()
    assert found == home.native()
    assert found[home.world.persona("member")["account_id"], "2026-03-02"] == 5400
    assert all(seconds <= told[key] for key, seconds in found.items()), "on the days of those who worked"
    assert ran.unattributed == home.unattributed() == sum(told.values()) - sum(found.values()) > 0


def restored(home: WorklogHome) -> Ran:
    home.world.faults.disarm_all()
    ran = home.run()
    assert (ran.exit, ran.standing.source, ran.standing.fallback) == (0, "tempo", None)
    assert home.totals() == home.in_tempo()
    assert ran.unattributed == home.unattributed() == 0
    return ran


@pytest.mark.parametrize(("fault", "kind"), [*PASSING, *DOUBTFUL])
def test_tempo_that_was_read_before(home: WorklogHome, server: Scripted, fault: dict[str, Any], kind: str) -> None:
    assert home.run().exit == 0
    held = home.in_tempo()
    assert home.totals() == held
    home.timeout = 0.3 if "timeout" in fault else 20.0
    home.world.faults.arm(fault, path="/4/")
    first = home.run()
    home.timeout = 20.0
    home.world.faults.disarm_all()
    in_fallback(home, first, kind)
    assert first.cause is not None
    since = first.cause.since
    home.world.clock.advance(600)
    home.world.faults.arm(status=503, path="/4/")
    second = home.run()
    home.world.faults.disarm_all()
    in_fallback(home, second, "server-error")
    assert second.cause is not None
    assert second.cause.since == since, "since the first run that could not read it"
    assert alerts(server) == [("entered", kind, since)], "once, not per run"
    assert restored(home).recovered == second.cause, "whoever looks at this run alone learns that there was an outage"
    assert [alert[0] for alert in alerts(server)] == ["entered", "left"]
    assert home.totals() == held
    assert restored(home).recovered is None, "once"
    assert len(server.asked) == 2


@pytest.mark.parametrize(("fault", "kind"), PASSING)
def test_tempo_that_was_never_read(home: WorklogHome, server: Scripted, fault: dict[str, Any], kind: str) -> None:
    home.timeout = 0.3 if "timeout" in fault else 20.0
    home.world.faults.arm(fault, path="/4/")
    ran = home.run()
    home.timeout = 20.0
    home.world.faults.disarm_all()
    in_fallback(home, ran, kind)
    restored(home)
    assert [alert[0] for alert in alerts(server)] == ["entered", "left"]


@pytest.mark.parametrize(("fault", "kind"), DOUBTFUL)
def test_an_address_that_tempo_was_never_read_from(
    home: WorklogHome, server: Scripted, fault: dict[str, Any], kind: str
) -> None:
    home.world.faults.arm(fault, path="/4/")
    ran = home.run()
    assert (ran.exit, ran.standing.source, ran.standing.fallback, ran.standing.read) == (4, "tempo", None, None)
    assert ran.error is not None
    assert "is tempo_url right?" in ran.error
    assert [reason.kind for reason in ran.standing.reasons] == [kind]
    assert (home.totals(), home.unattributed()) == ({}, 0)
    restored(home)
    assert server.asked == [], "whoever configures it is there and sees it"


def closed() -> str:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{found.getsockname()[1]}"


def another_address(home: WorklogHome, url: str) -> Ran:
    """A run with another address, and back to the right one in the configuration."""
    more = home.file.read_text().partition("requests_per_second = 10000\n")[2]
    home.configure(more, url)
    ran = home.run()
    home.configure(more)
    return ran


def test_nobody_listens(home: WorklogHome, server: Scripted) -> None:
    assert home.run().exit == 0
    ran = another_address(home, closed())
    in_fallback(home, ran, "unreachable")
    assert "connection refused" in str(ran.standing.fallback)
    restored(home)
    assert [alert[0] for alert in alerts(server)] == ["entered", "left"]


def test_the_host_of_another_region(home: WorklogHome, tempo_server: Any) -> None:
    assert home.run().exit == 0
    with tempo_server.world(scenario="empty") as other:
        in_fallback(home, another_address(home, other.url), "unauthorized")
    restored(home)


def test_the_address_of_something_else(home: WorklogHome, canned: Callable[[Answers], str], server: Scripted) -> None:
    """It was read, but from another address: the one that is configured is wrong, and nothing stands in."""
    assert home.run().exit == 0
    page = canned(lambda method, path: (200, {"Content-Type": "text/html"}, b"<p>Welcome to Jira"))
    ran = another_address(home, page)
    assert (ran.exit, ran.standing.source) == (4, "tempo")
    assert ran.error is not None
    assert "is tempo_url right?" in ran.error
    assert home.totals() == home.in_tempo(), "what is held stays"
    assert not ran.standing.complete
    restored(home)
    assert not server.asked


def test_no_stand_in_is_wanted(home: WorklogHome, server: Scripted) -> None:
    home.configure(f'[worklogs]\nfallback = "none"\n[alerts]\nwebhook = "{server.url}/hook"\n')
    assert home.run().exit == 0
    held = home.totals()
    home.world.faults.arm(status=401, path="/4/")
    for _ in range(2):
        ran = home.run()
        assert (ran.exit, ran.standing.source, ran.standing.complete) == (4, "tempo", False)
        assert home.totals() == held
    assert [reason.kind for reason in ran.standing.reasons] == ["unauthorized"], "told once, however often it failed"
    assert [alert[0] for alert in alerts(server)] == ["entered"]
    restored(home)
    assert [alert[0] for alert in alerts(server)] == ["entered", "left"]


def test_jira_cannot_be_read_either(home: WorklogHome, server: Scripted) -> None:
    assert home.run().exit == 0
    held = home.totals()
    home.world.faults.arm(status=503, path="/4/")
    jira = home.world.faults.arm(status=401, path="/rest/api/3/worklog")
    ran = home.run()
    assert (ran.exit, ran.standing.source, ran.standing.fallback, ran.standing.complete) == (4, "tempo", None, False)
    assert ran.error is not None
    assert "503" in ran.error
    assert "Jira cannot be read either" in ran.error
    assert home.totals() == held
    jira.disarm()
    second = home.run()
    home.world.faults.disarm_all()
    in_fallback(home, second, "server-error")
    home.world.faults.arm(status=503, path="/4/")
    home.world.faults.arm(status=401, path="/rest/api/3/worklog")
    third = home.run()
    home.world.faults.disarm_all()
    assert third.exit == 4
    in_fallback(home, third._replace(exit=second.exit, error=None), "server-error")
    assert [alert[0] for alert in alerts(server)] == ["entered"]
    restored(home)
    assert [alert[0] for alert in alerts(server)] == ["entered", "left"]


def test_a_tempo_that_is_read_in_part_is_not_told_as_back(home: WorklogHome, server: Scripted) -> None:
    home.limit = 5
    assert home.run().exit == 0
    home.world.faults.arm(status=503, path="/4/")
    assert home.run().exit == 6
    home.world.faults.disarm_all()
    home.world.faults.arm({"json": []}, path="/4/worklogs/search", after=1)
    ran = home.run(full=True)
    home.world.faults.disarm_all()
    assert (ran.exit, ran.standing.reasons[0].kind) == (7, "not-tempo")
    assert [alert[0] for alert in alerts(server)] == ["entered"]
    restored(home)
    assert [alert[0] for alert in alerts(server)] == ["entered", "left"]


def test_an_alert_that_does_not_get_through_fails_nothing_and_is_tried_again(home: WorklogHome, server: Scripted) -> None:
    server.script = [Answer(500), Answer(200, {})]
    home.world.faults.arm(status=401, path="/4/")
    ran = home.run()
    assert ran.exit == 6
    assert len(server.asked) == 1 + 1, "at once, and at the end of the run"
    assert ran.failed == ()
    server.asked.clear()
    assert home.run().failed == ()
    assert not server.asked


def test_the_app_is_known_by_its_id_however_it_is_called(home: WorklogHome) -> None:
    """Who configures another account has rows of the real one as nobody's all the same, and is told."""
    home.configure('[worklogs]\napp_account = "557058:somebody-else"\n')
    home.world.faults.arm(status=503, path="/4/")
    ran = home.run()
    assert ran.exit == 6
    assert home.totals() == home.native()
    assert home.unattributed() > 0
    assert any("557058:295406f3-a1fc-4733-b906-dd15d021bd79" in note for note in ran.notes)


def test_ids_that_are_held_tell_whose_the_rows_of_the_app_are(home: WorklogHome) -> None:
    home.configure('[worklogs]\nattribute = "held"\n')
    assert home.run().exit == 0
    told = home.in_tempo()
    with closing(Store(home.database)) as store:
        held = store.rows("SELECT sum(seconds) FROM tempo_worklogs WHERE jira_id IS NOT NULL")[0][0]
        assert WorklogRows(store).count() > 100
    home.world.faults.arm(status=503, path="/4/")
    ran = home.run()
    home.world.faults.disarm_all()
    assert ran.exit == 6
    found = home.totals()
    assert sum(found.values()) == held
    assert home.unattributed() == sum(told.values()) - held
    assert all(seconds <= told[key] for key, seconds in found.items()), "nobody has more than they logged"
    restored(home)


def test_jira_as_the_chosen_source_is_no_alarm(home: WorklogHome, server: Scripted) -> None:
    home.configure(f'[worklogs]\nsource = "jira"\n[alerts]\nwebhook = "{server.url}/hook"\n')
    home.world.faults.arm(status=503, path="/4/")
    ran = home.run()
    assert (ran.exit, ran.standing.source, ran.standing.fallback, ran.standing.complete) == (0, "jira", None, True)
    assert home.totals() == home.native()
    home.world.faults.arm(status=403, path="/rest/api/3/worklog")
    assert home.run().exit == 4
    assert not server.asked


def test_jira_as_the_chosen_source_shows_nobody_as_idle_of_whom_it_shows_nothing(home: WorklogHome) -> None:
    member, owner = (home.world.persona(name)["account_id"] for name in ("member", "viewer"))
    contracts = "".join(
        f'[[contract]]\nperson = "{who}"\nfirst = 2026-01-01\nweek = [0, 8, 8, 8, 8, 8, 0]\n' for who in (member, owner)
    )
    home.configure(f'[worklogs]\nsource = "jira"\n{contracts}')
    ran = home.run()
    assert (ran.exit, ran.standing.complete) == (7, False)
    assert ran.standing.visible is not None
    assert (ran.standing.visible.seen, ran.standing.visible.unseen) == (1, (owner,))
    assert home.run(accept_fewer=True).exit == 0
    home.configure(contracts)
    assert home.run().standing.visible == Visible(1, 2, (owner,)), "what is believed of Jira is not believed of Tempo"


def test_what_changes_in_jira_meanwhile(home: WorklogHome) -> None:
    """Changed and deleted worklogs, page by page from where the last reading ended; each counts once."""
    home.world.faults.arm(status=503, path="/4/")
    assert home.run().exit == 6
    before = home.totals()
    body = {"timeSpentSeconds": 3600, "started": "2026-03-01T22:30:00.000+0000"}
    made = home.jira("POST", f"issue/{ISSUE}/worklog", body)
    home.world.clock.advance(30)
    assert home.run().exit == 6
    assert home.totals() == before, "Jira withholds it"
    home.world.clock.advance(60)
    ran = home.run()
    assert ran.jira is not None
    assert (ran.jira.mode, ran.jira.requests < 6) == ("incremental", True)
    assert sum(home.totals().values()) == sum(before.values()) + 3600
    assert home.totals() == home.native()
    home.jira("PUT", f"issue/{ISSUE}/worklog/{made['id']}", {"timeSpentSeconds": 1800})
    home.world.clock.advance(120)
    home.run()
    assert sum(home.totals().values()) == sum(before.values()) + 1800
    home.jira("DELETE", f"issue/{ISSUE}/worklog/{made['id']}")
    home.world.clock.advance(120)
    assert home.run().jira is not None
    assert home.totals() == before
    restored(home)


def test_a_list_of_jira_that_leaves_something_out_is_said_in_every_run(home: WorklogHome) -> None:
    """A page full of changes of one moment that leads to itself: no client can read what is behind it."""
    home.configure('[worklogs]\nsource = "jira"\n')
    changes = home.jira("GET", "worklog/updated")
    crowd = {**changes, "values": changes["values"][:1], "until": 0, "lastPage": False}
    home.world.faults.arm({"json": crowd}, path="/rest/api/3/worklog/updated", count=1)
    for _ in range(2):
        ran = home.run()
        assert (ran.exit, [reason.kind for reason in ran.standing.reasons]) == (7, ["crowded"])
    assert home.totals() == home.native(), "it came to its end all the same"
