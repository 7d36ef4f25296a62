"""The recipes of the documents, played with the command: a technical user, an administrator in the role, one without it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from typing import Any

import pytest

from integration import worklogs_command
from integration.contracts import required_by_person
from integration.store import Store
from integration.time_accounts import Books, statement
from integration.worklog_rows import WorklogRows
from integration.worklogs import Period

from .conftest import Command
from .test_watch import Stopping

YEAR = Period(date.today() - timedelta(days=365), date.today())


@pytest.fixture
def world(tempo_server: Any) -> Iterator[Any]:
    with tempo_server.world(scenario="guide") as made:
        yield made


def people(world: Any) -> list[str]:
    """AccountIds of everybody who logged work."""
    return sorted({person for person, _ in told(world)})


def told(world: Any) -> dict[tuple[str, str], int]:
    """(Author, day) -> seconds, as Tempo tells whoever may see everything."""
    import requests

    headers = {"Authorization": f"Bearer {world.token('viewer')}"}
    found: dict[tuple[str, str], int] = {}
    for row in requests.get(f"{world.url}/4/worklogs?limit=5000", headers=headers, timeout=20).json()["results"]:
        key = row["author"]["accountId"], row["startDate"]
        found[key] = found.get(key, 0) + row["timeSpentSeconds"]
    return found


def contracts(world: Any) -> str:
    return "".join(
        f'[[contract]]\nperson = "{person}"\nfirst = 2025-01-01\nweek = [0, 8, 8, 8, 8, 8, 0]\n' for person in people(world)
    )


def use(sync: Command, world: Any, who: str, more: str = "", token: str | None = None) -> None:
    """The command with somebody's tokens of Tempo and Jira."""
    sync.use_text(token or world.token(who))
    sync.use_jira(world.api_token("admin"))
    sync.configure(world.url, f"{more}", world.jira_url)
    text = (sync.folder / "tempo-sync.toml").read_text().replace("fred@example.org", world.persona("admin")["email"])
    (sync.folder / "tempo-sync.toml").write_text(text)


def held(sync: Command) -> dict[tuple[str, str], int]:
    with closing(Store(sync.folder / "tempo-sync.db")) as store:
        found = WorklogRows(store).daily(Period(date(2000, 1, 1), date(2100, 1, 1)))
        return {(row.author_id, row.day.isoformat()): row.seconds for row in found}


def accounts(sync: Command) -> dict[str, tuple[int | None, int | None]]:
    """AccountId -> logged and balance, as whoever shows them has them."""
    from integration.settings import read_settings

    settings = read_settings(sync.folder / "tempo-sync.toml").worklogs
    with closing(Store(sync.folder / "tempo-sync.db")) as store:
        rows = WorklogRows(store)
        standing = rows.standing()
        assert standing is not None
        books = Books(standing, required_by_person(settings.contracts, YEAR))
        found = statement(books, rows.daily(YEAR), YEAR)
    return {account.account_id: (account.logged, account.balance) for account in found.accounts}


def test_a_technical_user_with_a_token_for_worklogs_alone(sync: Command, world: Any) -> None:
    use(sync, world, "viewer", contracts(world))
    said = sync("connect", "--for", "worklogs", "--days", "5000")
    assert said.code == 0, said.err
    assert f"worklogs of {len(people(world))} of {len(people(world))} people are seen" in said.out
    assert "may not read the audit log" in said.out
    assert "tempo-sync: worklogs become time accounts" in said.out
    said = sync("worklogs")
    assert said.code == 0, said.err
    assert "Tempo, full reading" in said.out
    assert "noticed by comparing what is held with what is there" in said.out
    assert "Complete: 10 of 10 people visible." in said.out
    assert said.err == "tempo-sync: with a contract, but inactive in Jira: Olaf Grund\n", "the end of the token is known"
    assert held(sync) == told(world)
    again = sync("worklogs", "--json")
    assert again.json["tempo"]["mode"] == "incremental"
    assert (again.json["tempo"]["upserted"], again.json["tempo"]["deleted"]) == (0, 0)
    assert again.json["token"]["daysLeft"] == 5000
    assert held(sync) == told(world)


def test_an_administrator_with_the_scope_of_the_audit_log_is_told_of_deletions_by_it(sync: Command, world: Any) -> None:
    world.make.permission_role(permissions=["permissions.worklog.view"], people=["admin"])
    token = world.make.token("admin", scopes=["worklogs:view", "audit:view"])["token"]
    use(sync, world, "admin", token=token)
    assert "by the audit log" in sync("connect", "--for", "worklogs", "--days", "5000").out
    assert sync("worklogs").code == 0
    made = world.make.worklog(person="bob", issue="CLOUD-3", day=0, time_spent="2h")
    assert sync("worklogs", "--json").json["tempo"]["upserted"] == 1
    headers = {"Authorization": f"Bearer {world.token('member')}"}
    import requests

    assert requests.delete(made["self"], headers=headers, timeout=20).status_code == 204
    bean = sync("worklogs", "--json").json
    assert (bean["tempo"]["deletions"], bean["tempo"]["deleted"], bean["exitCode"]) == ("audit", 1, 0)
    assert held(sync) == told(world)


def test_an_administrator_who_is_in_the_role(sync: Command, world: Any) -> None:
    world.make.permission_role(permissions=["permissions.worklog.view"], people=["admin"])
    use(sync, world, "admin", contracts(world))
    assert sync("connect", "--for", "worklogs", "--days", "365").code == 0
    said = sync("worklogs")
    assert (said.code, held(sync)) == (0, told(world)), said.err
    assert all(logged is not None for logged, _ in accounts(sync).values())


def test_an_administrator_without_the_role_sees_only_itself(sync: Command, world: Any) -> None:
    """Nobody has a balance of zero, or of minus what was required, who was merely not seen."""
    admin = world.persona("admin")["account_id"]
    everybody = people(world)
    use(sync, world, "admin", contracts(world))
    said = sync("connect", "--for", "worklogs", "--days", "365", "--json")
    assert (said.code, said.json["verdict"]) == (4, "sees-nobody")
    assert "View Worklogs" in said.json["sentence"]
    assert sync("connect", "--for", "worklogs", "--days", "365", "--even-so").code == 0
    said = sync("worklogs")
    seen = sum(1 for person in everybody if person == admin)
    assert said.code == 7
    assert f"Incomplete: {seen} of {len(everybody)} people visible" in said.out
    assert "View Worklogs" in said.out
    found = accounts(sync)
    assert set(everybody) <= set(found)
    assert all(found[person] == (None, None) for person in everybody if person != admin)
    bean = sync("worklogs", "--json").json
    assert (bean["exitCode"], bean["complete"]) == (7, False)
    assert set(bean["visible"]["unseen"]) == set(everybody) - {admin}
    assert sync("worklogs", "--accept-fewer").code == 0
    assert sync("worklogs").code == 0, "it is remembered"
    assert all(logged is not None for logged, _ in accounts(sync).values()), "somebody said that there really is nothing"


@pytest.mark.parametrize("required", ["contracts", "schedules"])
def test_without_contracts_everybody_of_the_site_is_expected_while_only_one_is_seen(
    sync: Command, world: Any, required: str
) -> None:
    use(sync, world, "admin", f'[worklogs]\nrequired = "{required}"\n')
    said = sync("worklogs")
    assert said.code == 7
    assert "Incomplete: " in said.out
    assert "people visible" in said.out


def test_a_permission_that_is_taken_away(sync: Command, world: Any) -> None:
    """Fewer people than before: what is held stays, and it is said."""
    use(sync, world, "viewer", contracts(world))
    assert sync("worklogs").code == 0
    before = held(sync)
    world.faults.arm(path="/4/worklogs/search", takePermission={"role": "View Worklogs"}, count=1)
    said = sync("worklogs")
    assert (said.code, held(sync)) == (7, before)
    assert "incomplete" in said.out.lower()
    assert "--accept-fewer" in said.out
    said = sync("worklogs", "--full")
    assert (said.code, held(sync)) == (7, before)
    assert all(logged is None for logged, _ in accounts(sync).values())


@pytest.mark.parametrize(
    ("who", "verdict", "words"),
    [
        ("no_scopes", "no-worklogs-scope", "View worklogs"),
        ("expired", "wrong-token", "or it has expired"),
    ],
)
def test_connect_names_the_trouble(sync: Command, world: Any, who: str, verdict: str, words: str) -> None:
    use(sync, world, who)
    said = sync("connect", "--for", "worklogs", "--expires", "unknown", "--json")
    assert (said.code, said.json["verdict"], said.json["for"]) == (4, verdict, "worklogs")
    assert words in said.json["sentence"]


def test_connect_knows_what_for(sync: Command, world: Any) -> None:
    """With contracts and no templates a first token is for worklogs; later ones are for what the one before was for."""
    use(sync, world, "viewer", contracts(world))
    said = sync("connect", "--days", "5000", "--json")
    assert (said.code, said.json["for"], said.json["sentence"]) == (0, "worklogs", said.json["sentence"])
    use(sync, world, "viewer")
    assert sync("connect", "--days", "5000", "--json").json["for"] == "worklogs"
    said = sync("connect", "--for", "absences", "--days", "5000", "--json")
    assert (said.code, said.json["verdict"]) == (4, "no-plans-scope"), "not: refused though it worked before"


def test_a_line_for_each_round_and_for_the_fallback_between(sync: Command, world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import json

    use(sync, world, "viewer")

    def between(wait: int) -> None:
        if wait == 1:
            world.faults.arm(path="/4/", status=401)
        else:
            world.faults.disarm_all()

    run = worklogs_command.run
    clock = Stopping(3, between)
    monkeypatch.setattr(worklogs_command, "run", lambda options: run(options, clock))
    said = sync("worklogs", "--watch", "60", "--json")
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert said.code == 0
    assert [(line["round"], line["exitCode"], line["source"], line["error"]) for line in lines] == [
        (1, 0, "tempo", None),
        (2, 6, "jira", None),
        (3, 0, "tempo", None),
    ]
    assert (lines[1]["fallback"], "fallback" in lines[2]) == ("unauthorized", False)
    assert lines[1]["since"]


def test_for_people_a_round_of_fallback_is_loud(sync: Command, world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    use(sync, world, "viewer")
    sync("connect", "--for", "worklogs", "--days", "5000")
    world.faults.arm(path="/4/", status=403)
    said = sync("worklogs")
    assert said.code == 6
    first = said.out.splitlines()[0]
    assert first.startswith("FALLBACK since 20")
    assert "may not read worklogs" in first
    run = worklogs_command.run
    monkeypatch.setattr(worklogs_command, "run", lambda options: run(options, Stopping(1)))
    said = sync("worklogs", "--watch", "60")
    (line,) = [line for line in said.err.splitlines() if "round=" in line]
    assert "exit=6" in line
    assert "source=jira" in line
    assert "complete=false" in line
    assert "fallback=forbidden" in line


def test_an_unreadable_address_is_one_sentence_and_4(sync: Command, world: Any) -> None:
    use(sync, world, "viewer")
    world.faults.arm(path="/4/", status=404)
    said = sync("worklogs")
    assert said.code == 4
    (line,) = [line for line in said.err.splitlines() if "nothing was read: " in line]
    assert "is tempo_url right?" in line
    assert said.out == "The hours are those read last, which is never, from Tempo.\n"
    assert sync("worklogs", "--json").json["error"]


@pytest.mark.parametrize("option", ["--full", "--accept-fewer"])
def test_what_is_for_one_run_is_not_for_every_round(sync: Command, world: Any, option: str) -> None:
    use(sync, world, "viewer")
    said = sync("worklogs", "--watch", "60", option)
    assert said.code == 5
    assert option in said.err


def test_no_token_and_no_hook_is_ever_told(sync: Command, world: Any) -> None:
    more = '[alerts]\nwebhook = "http://127.0.0.1:9/hooks/s3cret"\ncommand = "/nowhere/hook s3cret"\n'
    use(sync, world, "viewer", more)
    sync("worklogs")
    world.faults.arm(path="/4/", status=401)
    said = sync("worklogs")
    assert "127.0.0.1" in said.err
    assert said.err.count("tries again") == 2
    sync("worklogs", "--json")
    assert "s3cret" not in sync.everything
    assert world.token("viewer") not in sync.everything
    assert world.api_token("admin") not in sync.everything
