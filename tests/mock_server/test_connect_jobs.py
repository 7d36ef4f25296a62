"""Runs that connect many people: progress, partial success, nobody twice, and going on after a crash."""

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mock_server import job_runner
from mock_server.app import create_application
from mock_server.config import Options
from mock_server.domain import apps, connect_jobs, provider_services
from mock_server.domain.connections import Call
from mock_server.domain.logins import actor_of
from mock_server.errors import Fact, Invalid, NotFound, Refused
from mock_server.export import scenario_files
from mock_server.journal import Journal
from mock_server.provider_journal import write
from mock_server.scenario import read
from mock_server.storage import people
from mock_server.storage.store import Store

from .app_world import START, AppWorld, key_of

EVERYBODY = ("fred", "erica", "john", "laura", "bob", "david", "greta", "nadia", "olaf", "rita", "technical-user")
LIMIT = 60
PEOPLE = 400


def test_a_run_goes_in_batches_and_tells_how_far_it_is() -> None:
    world = AppWorld()
    world.install("google-calendar")
    ids = [world.person(name).id for name in EVERYBODY]
    with world.store.transaction():
        job = connect_jobs.start(world.store, "google-calendar", ids, world.actor(), world.now)
    seen = []
    while not connect_jobs.progress(world.store, job.id).is_ended:
        assert connect_jobs.progress(world.store, job.id).summary == ""
        with world.store.transaction():
            step = connect_jobs.step(world.store, job.id, world.now, most=4)
        seen.append(connect_jobs.progress(world.store, job.id).done)
    assert seen == [4, 8, 11]
    assert step.is_ended
    found = connect_jobs.progress(world.store, job.id)
    assert (found.connected, found.already, found.failed) == (6, 1, 4)
    assert found.kinds == {"ambiguous": 1, "key-expired": 1, "mismatch": 2}
    assert connect_jobs.step(world.store, job.id, world.now) == connect_jobs.Step((), True)


def test_a_partial_success_says_how_many_and_where_to_look() -> None:
    world = AppWorld()
    world.install("office365")
    summary = world.run("office365", ("fred", "david", "erica", "olaf")).summary
    assert summary.startswith("2 of 4 connected with Office365; 2 failed")
    assert "Failed App Integration" in summary
    again = world.run("office365", ("fred", "erica")).summary
    assert again == "0 of 2 connected with Office365; 2 were already."
    assert world.run("github", ("fred",)).summary.startswith("Nobody")


@pytest.mark.parametrize("is_installed", [True, False])
def test_when_nobody_could_be_connected_installation_and_permission_are_named(is_installed: bool) -> None:
    world = AppWorld()
    if is_installed:
        world.install("github")
        with world.store.transaction():
            provider_services.set_prerequisite(world.store, "github", "read", False)
    found = world.run("github", EVERYBODY)
    assert found.failed == len(EVERYBODY)
    for words in (
        "Nobody could be connected with GitHub",
        "installed for the organisation",
        "permissions",
        "Settings > GitHub Apps",
    ):
        assert words in found.summary
    assert set(found.kinds) == {"insufficient-permission" if is_installed else "not-installed"}


def test_people_named_twice_are_tried_once_in_the_order_given() -> None:
    world = AppWorld()
    world.install("github")
    ids = [world.person(name).id for name in ("rita", "fred", "rita", "bob", "fred")]
    with world.store.transaction():
        job = connect_jobs.start(world.store, "github", ids, world.actor(), world.now)
        step = connect_jobs.step(world.store, job.id, world.now)
    assert [one.person_id for one in step.outcomes] == [ids[0], ids[1], ids[3]]
    assert connect_jobs.people_with(world.store, job.id, connect_jobs.OutcomeKind.CONNECTED) == [ids[1], ids[3]]


@pytest.mark.parametrize(
    ("provider", "ids", "who", "kind"),
    [
        ("github", (), "fred", Invalid),
        ("github", (1, 999), "fred", Invalid),
        ("github", (-1,), "fred", Invalid),
        ("jenkins", (1,), "fred", NotFound),
        ("github", (1,), "erica", Refused),
        ("github", (1,), "greta", Refused),
    ],
)
def test_runs_that_do_not_begin(provider: str, ids: tuple[int, ...], who: str, kind: type[Fact]) -> None:
    world = AppWorld()
    with pytest.raises(kind):
        connect_jobs.start(world.store, provider, ids, world.actor(who), world.now)
    assert connect_jobs.latest(world.store) == []


def test_unknown_runs() -> None:
    store = AppWorld().store
    for call in (lambda: connect_jobs.progress(store, 1), lambda: connect_jobs.step(store, 1, START)):
        with pytest.raises(NotFound):
            call()


def test_runs_are_listed_latest_first() -> None:
    world = AppWorld()
    first, second = world.run("github", ("fred",)), world.run("gitlab", ("fred",))
    assert [one.job.id for one in connect_jobs.latest(world.store)] == [second.job.id, first.job.id]
    assert connect_jobs.unfinished(world.store) == []


def make_run(store: Store) -> int:
    """Many people with an account each, and a run over them that has not begun; answers its id."""
    with store.transaction():
        for number in range(PEOPLE):
            name = f"person-{number:05}"
            email = f"{name}@example.org"
            store.insert_row(
                "people", name=name, key=name, account_id=name, email=email, display_name=name, time_zone="UTC", locale="en",
                avatar_id=1,
            )  # fmt: skip
            provider_services.add_account(store, "github", f"hub-{number}", "Somebody", email.upper()) if number % 4 else None
        fred = people.by_name(store, "fred")
        assert fred is not None
        apps.install(store, "github", key_of("github"), START, actor_of(store, fred))
        ids = [person.id for person in people.every(store) if person.name.startswith("person-")]
        return connect_jobs.start(store, "github", ids, actor_of(store, fred), START).id


def check_done(store: Store, job_id: int) -> None:
    """Everybody of the run was tried once, and no connection was made twice."""
    found = connect_jobs.progress(store, job_id)
    assert found.is_ended
    assert (found.done, found.connected, found.failed) == (PEOPLE, PEOPLE * 3 // 4, PEOPLE // 4)
    made = store.all("SELECT row_id, count(*) FROM audit_events WHERE noun = 'app_connections' GROUP BY row_id")
    assert len(made) == found.connected
    failures = store.all("SELECT row_id, count(*) FROM audit_events WHERE noun = 'app_failures' GROUP BY row_id")
    assert {number for _, number in (*made, *failures)} == {1}


def application(path: Path | None = None) -> Any:
    return create_application(Options(quiet=True, clock=START, database=path))[0]


def test_the_runner_ends_a_run_in_the_background_and_writes_the_journal() -> None:
    with contextlib.closing(application()) as served:
        site = served.sites.default
        job_id = make_run(site.store)
        site.jobs.wake(site)
        assert site.jobs.wait(LIMIT)
        check_done(site.store, job_id)
        entries = site.journal.entries(path="/providers/github")
        # The first two hundred one by one, then a batch in an entry.
        assert len(entries) == 200 + (PEOPLE - 200) // connect_jobs.BATCH
        assert {entry.who for entry in entries} == {"fred"}
        assert {entry.status for entry in entries} == {200, 404}
        assert entries[1].query == "email=person-00001%40example.org"
        assert "for person-00001: person-00001 is connected" in entries[1].reasons[0]
        assert not any(key_of("github") in str(entry) for entry in entries)


def test_a_long_run_leaves_room_in_the_journal_for_what_clients_ask() -> None:
    journal = Journal()
    calls = [Call("github", "accounts", ("email", f"{n}@example.org"), f"p{n}", 200 if n % 2 else 404, "") for n in range(250)]
    write(journal, START, "fred", calls, 200)
    entries = journal.entries(path="/providers/github")
    assert [entry.query for entry in entries[:2]] == ["email=0%40example.org", "email=1%40example.org"]
    assert len(entries) == 201
    assert entries[-1].query == "people=50"
    assert entries[-1].reasons == ("50 calls in one: 200 for 25, 404 for 25",)
    write(journal, START, "fred", calls, 0)
    assert [entry.query for entry in journal.entries(path="/providers/github")[201:]] == ["people=250"]


def test_each_batch_tells_how_many_were_tried_before() -> None:
    with contextlib.closing(application()) as served:
        store = served.sites.default.store
        job_id = make_run(store)
        befores = []
        for _ in range(3):
            with store.transaction():
                befores.append(connect_jobs.step(store, job_id, START, 7).before)
        assert befores == [0, 7, 14]


def test_requests_are_answered_between_batches() -> None:
    with contextlib.closing(application()) as served:
        site = served.sites.default
        job_id = make_run(site.store)
        turns = []
        site.jobs.wake(site)
        while not site.jobs.wait(0):
            with site.store.transaction():
                turns.append(connect_jobs.progress(site.store, job_id).done)
        check_done(site.store, job_id)
        assert turns == sorted(turns)
        assert all(done % connect_jobs.BATCH == 0 for done in turns), "never in the middle of a batch"
        assert len(set(turns)) > 1, "nobody came in between"


def test_a_server_that_stops_in_the_middle_goes_on_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    with contextlib.closing(application(path)) as served:
        store = served.sites.default.store
        job_id = make_run(store)
        for _ in range(3):
            with store.transaction():
                connect_jobs.step(store, job_id, START)
        # A batch that a crash cut off leaves nothing behind.
        with contextlib.suppress(KeyboardInterrupt), store.transaction():
            connect_jobs.step(store, job_id, START)
            raise KeyboardInterrupt
        assert connect_jobs.progress(store, job_id).done == 3 * connect_jobs.BATCH
    with contextlib.closing(application(path)) as served:
        assert served.sites.jobs.wait(LIMIT)
        check_done(served.sites.default.store, job_id)


@pytest.mark.slow
def test_a_server_that_is_killed_again_and_again_tries_nobody_twice(tmp_path: Path, server: Callable[..., Any]) -> None:
    path = tmp_path / "world.db"
    with contextlib.closing(application(path)) as served:
        job_id = make_run(served.sites.default.store)
    for _ in range(4):
        started = server("--quiet", "--db", str(path))
        started.process.kill()
        started.process.wait(LIMIT)
    with contextlib.closing(application(path)) as served:
        assert served.sites.jobs.wait(LIMIT)
        check_done(served.sites.default.store, job_id)


def test_closing_waits_for_the_batch_and_leaves_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "world.db"
    with contextlib.closing(application(path)) as served:
        site = served.sites.default
        job_id = make_run(site.store)
        site.jobs.wake(site)
    assert not any(thread.name == "connect jobs" for thread in threading.enumerate())
    with contextlib.closing(application(path)) as served:
        assert served.sites.jobs.wait(LIMIT)
        check_done(served.sites.default.store, job_id)


def test_a_reset_ends_the_runs_of_the_site() -> None:
    with contextlib.closing(application()) as served:
        site = served.sites.default
        make_run(site.store)
        site.jobs.wake(site)
        served.worlds.reset(site, confirmed=False)
        assert site.jobs.wait(LIMIT)
        assert connect_jobs.latest(site.shown) == []
        assert not site.is_written


def test_a_site_that_is_removed_is_left_alone() -> None:
    with contextlib.closing(application()) as served:
        site = served.worlds.create("other", None, None, {})
        job_id = make_run(site.store)
        site.jobs.wake(site)
        served.sites.remove("other")
        done = connect_jobs.progress(site.store, job_id).done
        assert site.jobs.wait(LIMIT)
        assert connect_jobs.progress(site.store, job_id).done == done


def test_a_snapshot_from_the_middle_of_a_run_goes_on() -> None:
    with contextlib.closing(application()) as served:
        site = served.sites.default
        job_id = make_run(site.store)
        with site.store.transaction():
            connect_jobs.step(site.store, job_id, START)
        site.take_snapshot("middle")
        site.restore_snapshot("middle", confirmed=False)
        assert site.jobs.wait(LIMIT)
        check_done(site.store, job_id)


def test_a_run_that_cannot_go_on_is_told_and_left(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mock_server.job_runner._RETRY_AFTER", 0)
    with contextlib.closing(application()) as served:
        site = served.sites.default
        job_id = make_run(site.store)

        def fail(*_: object) -> None:
            raise OSError("the disk is full")

        with monkeypatch.context() as patched:
            patched.setattr(connect_jobs, "step", fail)
            site.jobs.wake(site)
            assert site.jobs.wait(LIMIT)
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert "the disk is full" in said
        site.jobs.wake(site)
        assert site.jobs.wait(LIMIT)
        check_done(site.store, job_id)


def test_a_site_that_cannot_go_on_is_left_while_another_goes_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mock_server.job_runner._RETRY_AFTER", 0)
    step, tried = job_runner.step, 0

    def broken(site: Any) -> bool:
        nonlocal tried
        if site.name == "default":
            return step(site)
        tried += 1
        raise OSError("the disk is full")

    monkeypatch.setattr(job_runner, "step", broken)
    with contextlib.closing(application()) as served:
        good, bad = served.sites.default, served.worlds.create("bad", None, None, {})
        job_id = make_run(good.store)
        good.jobs.wake(good)
        bad.jobs.wake(bad)
        assert good.jobs.wait(LIMIT)
        check_done(good.store, job_id)
        assert "of the site bad was given up" in capsys.readouterr().err
    assert tried == 10, "as often as if it were alone"


def test_a_reset_of_a_world_in_a_file_ends_its_runs_and_nothing_of_them_is_left(tmp_path: Path) -> None:
    with contextlib.closing(application(tmp_path / "world.db")) as served:
        site = served.sites.default
        job_id = make_run(site.store)
        site.jobs.wake(site)
        is_begun = False
        while not is_begun:
            with site.store.reading():
                is_begun = connect_jobs.progress(site.store, job_id).done > 0
        served.worlds.reset(site, confirmed=True)
        assert site.jobs.wait(LIMIT)
        assert connect_jobs.latest(site.store) == []
        assert site.store.all("SELECT provider FROM app_connections") == [("google-calendar",)], "greta's own"
        assert site.journal.entries(path="/providers/") == []


def test_a_world_that_is_imported_from_the_middle_of_a_run_goes_on(tmp_path: Path) -> None:
    with contextlib.closing(application()) as served:
        site = served.sites.default
        job_id = make_run(site.store)
        with site.store.transaction():
            connect_jobs.step(site.store, job_id, START)
        for name, text in scenario_files(site.store, {}).items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        before, other = site.store, served.worlds.create("other", None, None, {})
        served.worlds.replace(other, read(tmp_path), confirmed=False)
        assert site.jobs.wait(LIMIT)
        assert connect_jobs.progress(before, job_id).done == connect_jobs.BATCH, "where it came from is left alone"
        found = connect_jobs.progress(other.store, job_id)
        assert (found.is_ended, found.connected, found.failed) == (True, PEOPLE * 3 // 4, PEOPLE // 4)


def test_an_app_that_is_disconnected_in_the_middle_of_a_run_connects_nobody_any_more() -> None:
    with contextlib.closing(application()) as served:
        site = served.sites.default
        store = site.store
        job_id = make_run(store)
        with store.transaction():
            connect_jobs.step(store, job_id, START)
        site.jobs.wake(site)
        fred = people.by_name(store, "fred")
        assert fred
        with store.transaction():
            apps.disconnect(store, "github", actor_of(store, fred))
        assert site.jobs.wait(LIMIT)
        found = connect_jobs.progress(store, job_id)
        assert (found.is_ended, found.done) == (True, PEOPLE)
        assert apps.tile(store, "github", START).connected == 0
        assert found.kinds["not-installed"] == apps.tile(store, "github", START).failed
