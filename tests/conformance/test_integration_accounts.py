"""How the suite reads time accounts, what variables it gives, and which commands it does not judge at all."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from conformance.calls import Unmet
from conformance.integration.accounts import NONE, Account, Commands, TimeAccounts
from conformance.integration.site import SHOWN, Site
from conformance.integration.work_world import Worker

ANN, BEN = (Worker(name, name[0], "UTC") for name in ("ann", "ben"))
SETUP = {"contracts": [], "period": {"from": "2026-03-01", "to": "2026-03-14"}, "appAccount": "app"}
WORLD: Any = SimpleNamespace(
    url="http://127.0.0.1:1", tempo_url="http://127.0.0.1:2", tempo_token="tempo-secret",
    jira_user="a@example.org", jira_token="jira-secret", secrets=("tempo-secret", "jira-secret"),
    people=(ANN, BEN), app="app", setup=lambda contracts=(): {**SETUP, "contracts": list(contracts)},
)  # fmt: skip
ROW = {"accountId": "a", "logged": 3600, "required": 7200, "balance": -3600}
GOOD = {"source": "tempo", "fallback": None, "complete": True, "unattributed": 0, "accounts": [ROW]}


def sync(folder: Path, words: str) -> TimeAccounts:
    command = f"{sys.executable} -c {json.dumps(words)}"
    return TimeAccounts(Commands(command, command, 20.0), WORLD, folder)


def printing(folder: Path, content: Any) -> TimeAccounts:
    (folder / "told.json").write_text(json.dumps(content))
    return sync(folder, f"print(open('{folder}/told.json').read())")


def test_accounts_are_read_with_members_of_ones_own(tmp_path: Path) -> None:
    fallback = {"cause": "503", "since": "2026-03-09T09:00:00+01:00", "told": ["a"]}
    content = {**GOOD, "source": "jira", "fallback": fallback, "accounts": [{**ROW, "name": "Ann"}], "version": 1}
    found = printing(tmp_path, content).accounts()
    assert found.fallback == ("503", datetime(2026, 3, 9, 8, tzinfo=UTC))
    assert (found.source, found.is_complete, found.unattributed) == ("jira", True, 0)
    assert (found.of(ANN), found.of(BEN)) == (Account(3600, 7200, -3600), NONE)


@pytest.mark.parametrize(
    "content",
    [
        [],
        7,
        *({name: value for name, value in GOOD.items() if name != gone} for gone in GOOD),
        *({**GOOD, "accounts": [{name: value for name, value in ROW.items() if name != gone}]} for gone in ROW),
        *({**GOOD, "accounts": [{**ROW, name: "1"}]} for name in ("logged", "required", "balance")),
        {**GOOD, "accounts": [{**ROW, "logged": 1.0}]},
        {**GOOD, "accounts": [{**ROW, "logged": True}]},
        {**GOOD, "accounts": [{**ROW, "accountId": ""}]},
        {**GOOD, "accounts": [ROW, ROW]},
        {**GOOD, "source": "both"},
        {**GOOD, "complete": None},
        {**GOOD, "unattributed": None},
        {**GOOD, "fallback": {}},
        {**GOOD, "fallback": {"cause": "", "since": "2026-03-09T09:00:00Z"}},
        {**GOOD, "fallback": {"cause": "503", "since": "2026-03-09T09:00:00"}},
        {**GOOD, "fallback": {"cause": "503", "since": 7}},
    ],
)
def test_accounts_in_another_form_are_not_met(tmp_path: Path, content: Any) -> None:
    with pytest.raises(Unmet, match="on stdout"):
        printing(tmp_path, content).accounts()


def test_hours_are_those_of_everybody_and_nobody_else(tmp_path: Path) -> None:
    program = printing(tmp_path, {**GOOD, "accounts": [ROW, {**ROW, "accountId": "b", "logged": 0}]})
    found = program.accounts()
    program.need_logged(found, {ANN: 3600, BEN: 0})
    program.need_logged(found, {ANN: 3600})
    program.need_account(found, ANN, Account(3600, 7200, -3600))
    for wanted in ({}, {ANN: 3599}, {ANN: 3600, BEN: 1}):
        with pytest.raises(Unmet, match="logged: ann 3600"):
            program.need_logged(found, wanted)
    with pytest.raises(Unmet, match="balance null"):
        program.need_account(found, ANN, Account(3600, 7200, None))


def test_what_is_not_known_is_not_nothing(tmp_path: Path) -> None:
    program = printing(tmp_path, {**GOOD, "accounts": [{**ROW, "logged": None}]})
    with pytest.raises(Unmet, match="ann null"):
        program.need_logged(program.accounts(), {})


def test_variables_are_those_of_the_contract(tmp_path: Path) -> None:
    words = "import json, os; print(json.dumps({n: v for n, v in os.environ.items() if n.startswith(('TEMPO_', 'JIRA_'))}))"
    made = sync(tmp_path, words)
    made.contracts({"person": "a"})
    found, slow = json.loads(made.run().out), json.loads(made.run(hasty=False).out)
    assert json.loads(Path(found.pop("TEMPO_WORKLOGS_SETUP")).read_text()) == {**SETUP, "contracts": [{"person": "a"}]}
    assert found == {
        "TEMPO_URL": WORLD.tempo_url, "TEMPO_TOKEN": "tempo-secret", "JIRA_URL": WORLD.url, "JIRA_USER": "a@example.org",
        "JIRA_TOKEN": "jira-secret", "TEMPO_WORKLOGS_STATE": str(tmp_path / "state"), "TEMPO_WORKLOGS_HASTE": "1",
    }  # fmt: skip
    assert slow["TEMPO_WORKLOGS_HASTE"] == "0"


def test_only_the_last_requests_of_the_program_are_told() -> None:
    class Asked(Site):
        def __init__(self) -> None:
            """Without a server."""

        def asked(self) -> list[dict[str, Any]]:
            entry = {"method": "GET", "path": "/4/worklogs", "status": 200, "requestBody": None, "fault": None, "query": ""}
            suite = {**entry, "who": "fred", "path": "/4/plans"}
            mine = [{**entry, "who": "laura", "query": f"offset={number}"} for number in range(SHOWN + 1)]
            cut = {**entry, "method": "POST", "who": None, "status": None, "requestBody": "x" * 300, "fault": "reset"}
            return [suite, *mine, suite, cut]

    told = Asked().told()
    assert told[0] == "(2 before these)"
    assert told[1] == "200  GET /4/worklogs?offset=2  as laura"
    assert told[-1] == f"no answer  POST /4/worklogs  {'x' * 200}  as nobody  (reset)"
    assert len(told) == SHOWN + 1
