"""The story of the worklog sync: everybody's hours from Tempo, and what can honestly be told while Tempo cannot be read."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from integration.exits import Exit
from integration.story import Story, Unexpected
from integration.time_accounts import in_hours

WHO = "technical-user"
SETTINGS = ("jiraCloud.withheldSeconds=0",)
"""Of the fake: Jira tells nothing of the last minute, and nobody is to wait for it here."""

BOB, DAVID, ERICA = "5b10a2844c20165700ede223", "5b10a2844c20165700ede224", "5b10a2844c20165700ede220"
GRETA, RITA = "5b10a2844c20165700ede225", "712020:2d9073e4-99cc-4f20-9f65-8b3b2e4c1033"
CONFIGURATION = """\
[site]
tempo_url = "{url}"
jira_url = "{url}"
jira_user = "technical-user@example.org"
requests_per_second = 1000

[token]
tempo = "file:tempo-token"

[alerts]
command = "{command}"
"""
CONTRACT = """
[[contract]]
person = "{person}"
first = {first}
week = {week}
"""
WEEKS = (
    (BOB, "[0, 8, 8, 8, 8, 8, 0]"),
    (DAVID, "[0, 7.2, 7.2, 7.2, 7.2, 7.2, 0]"),
    (ERICA, "[0, 4, 3, 4, 3, 4, 0]"),
    (GRETA, "[0, 0.5, 0.5, 0, 0, 0, 0]"),
    (RITA, "[0, 0, 0, 0, 0, 0.25, 0]"),
)
"""Hours from Sunday on."""

ALERT = "alert.py"
ALERTS = "alerts.txt"
HOOK = f"""\
import os

with open({ALERTS!r}, "a", encoding="utf-8") as file:
    print(os.environ["TEMPO_SYNC_ALERT"].upper(), os.environ["TEMPO_SYNC_SENTENCE"], sep=": ", file=file)
"""


def play(story: Story) -> None:
    """Every step. Raises ``Unexpected`` where one does not come out as told."""
    connect(story)
    first_run(story)
    work_goes_on(story)
    cut_off(story)
    outage(story)
    restored(story)


def connect(story: Story) -> None:
    """A token is made and verified, alerts have a command. Raises ``Unexpected`` where it comes out otherwise."""
    story.tell(
        "Connect",
        "A technical user who holds the role View Worklogs makes a token that may view worklogs and nothing else.",
    )
    made = story.ask(
        "POST", "/_mock/tokens", {"person": WHO, "name": "Time accounts", "scopes": ["worklogs:view"], "days": 365}
    )
    story.write("tempo-token", made["token"] + "\n")
    hook = story.write(ALERT, HOOK)
    command = f"'{sys.executable}' '{hook}'".replace("\\", "\\\\")
    contracts = "".join(CONTRACT.format(person=person, first=_first(), week=week) for person, week in WEEKS)
    story.write("tempo-sync.toml", CONFIGURATION.format(url=story.url, command=command) + contracts)
    story.sync("connect", "--for", "worklogs", "--days", "365", "--purpose", "time accounts", expected=Exit.IN_SYNC)


def first_run(story: Story) -> None:
    """Everything is read. Raises ``Unexpected`` where it comes out otherwise."""
    story.tell(
        "Read everything",
        "The first run reads every worklog. Five people have a contract here; whoever works without one is named.",
    )
    story.sync("worklogs", expected=Exit.IN_SYNC)
    story.tell("Time accounts", "Hours that were logged, less those of the contracts, since a Monday three weeks ago.")
    as_in_tempo(story)


def work_goes_on(story: Story) -> None:
    """What people do in Tempo is found. Raises ``Unexpected`` where it comes out otherwise."""
    story.tell(
        "Work goes on",
        "bob logs two hours and deletes an entry, erica makes her last one five hours, david moves a day's work to Saturday.\n"
        "The next run reads only what changed; that a worklog is gone is found by comparing, as this token may not read the\n"
        "audit log.",
    )
    log(story, "bob", BOB, "17:00:00", hours=2)
    story.ask("DELETE", f"/4/worklogs/{_last(story, 'bob')['tempoWorklogId']}", who="bob")
    _edit(story, "erica", _last(story, "erica"), timeSpentSeconds=5 * 3600)
    _edit(story, "david", _last(story, "david"), startDate=(_first() + timedelta(days=5)).isoformat())
    printed = story.sync("worklogs", expected=Exit.IN_SYNC)
    if "3 worklogs new or changed, 1 deleted" not in printed:
        raise Unexpected("three worklogs were made or changed and one deleted, which the run did not find")
    as_in_tempo(story)


def cut_off(story: Story) -> None:
    """Jira stands in for Tempo. Raises ``Unexpected`` where it comes out otherwise."""
    story.tell(
        "Tempo cannot be read",
        "From now on Tempo answers the technical user 403. Jira stands in, loudly: in the text, by the exit code and an alert.",
    )
    story.ask("POST", "/_mock/faults", {"path": "/4/", "persona": "viewer", "status": 403})
    story.sync("worklogs", expected=Exit.FALLBACK)
    _alerts(story, 1)
    story.tell(
        "What can be told without Tempo",
        "greta and rita log their work in Jira, under their own names. What is logged in Tempo has its app as author there,\n"
        "so it is added to nobody; as long as anybody may have a part of it nobody has a balance, and unknown is not zero.",
    )
    honest(story)


def outage(story: Story) -> None:
    """It still does. Raises ``Unexpected`` where it comes out otherwise."""
    story.tell(
        "The outage goes on",
        "bob logs an hour and a half in Tempo, greta three quarters of an hour in Jira. Hers are known to be hers, his are\n"
        "nobody's for now. There is no second alert.",
    )
    log(story, "bob", BOB, "19:00:00", hours=1.5)
    story.ask("POST", "/rest/api/3/issue/CLOUD-6/worklog", {"timeSpent": "45m"}, who="greta")
    story.sync("worklogs", expected=Exit.FALLBACK)
    _alerts(story, 1)
    honest(story)
    story.tell("Why", "The doctor tells what is wrong with the token, since when, and of what the hours are.")
    story.sync("doctor", "--for", "worklogs", expected=Exit.UNREADABLE)


def restored(story: Story) -> None:
    """It need not any more. Raises ``Unexpected`` where it comes out otherwise."""
    story.tell(
        "Tempo is back",
        "The figures are Tempo's again, with what was logged meanwhile, and nothing twice. It is told that the outage is over.",
    )
    story.ask("DELETE", "/_mock/faults")
    story.sync("worklogs", expected=Exit.IN_SYNC)
    _alerts(story, 2)
    as_in_tempo(story)
    story.say("\nEvery hour is where Tempo has it.")


def _first() -> date:
    """The Monday three weeks before that of this week."""
    today = date.today()
    return today - timedelta(days=today.weekday() + 21)


def _balances(story: Story, *, expected: Exit) -> None:
    """Show everybody's hours, and those that are nobody's."""
    story.sync("balances", "--from", _first().isoformat(), expected=expected)


def _told(story: Story) -> Mapping[str, Any]:
    """The same for programs."""
    found: Mapping[str, Any] = story.bean("balances", "--from", _first().isoformat())
    return found


def _alerts(story: Story, lines: int) -> None:
    """Show what the command of [alerts] wrote. Raises ``Unexpected`` unless it has that many lines."""
    file = story.folder / ALERTS
    found = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    story.say("\n".join((f"\n$ cat {ALERTS}", *(f"  {line}" for line in found))))
    if len(found) != lines:
        raise Unexpected(f"there are {len(found)} alerts instead of {lines}")


def honest(story: Story) -> None:
    """Show the hours of Jira. Raises ``Unexpected`` where they tell of anybody what nobody knows."""
    found = _told(story)
    if not found["unattributed"] or any(account["balance"] is not None for account in found["accounts"]):
        raise Unexpected("somebody has a balance although nobody knows it")
    _balances(story, expected=Exit.FALLBACK)


def as_in_tempo(story: Story) -> None:
    """Show the hours and compare them with what Tempo itself has. Raises ``Unexpected`` where they differ."""
    _balances(story, expected=Exit.IN_SYNC)
    found = _told(story)
    kept = {account["accountId"]: account["logged"] for account in found["accounts"] if account["logged"]}
    there: dict[str, int] = {}
    path = f"/4/worklogs?from={found['from']}&to={found['to']}&limit=5000"
    for row in story.ask("GET", path, who="viewer")["results"]:
        person = row["author"]["accountId"]
        there[person] = there.get(person, 0) + row["timeSpentSeconds"]
    if kept != there or found["unattributed"]:
        raise Unexpected(f"the hours are not those of Tempo: {kept} instead of {there}")
    story.say(f"\nTempo itself says the same: {in_hours(sum(there.values()))} h of {len(there)} people.")


def log(story: Story, who: str, person: str, start: str, hours: float) -> None:
    """Log work of today in Tempo. who: a name, person: their accountId."""
    issue = story.ask("GET", "/rest/api/3/issue/CLOUD-3", who=who)["id"]
    body = {"authorAccountId": person, "issueId": int(issue), "startDate": date.today().isoformat(), "startTime": start}
    story.ask("POST", "/4/worklogs", {**body, "timeSpentSeconds": int(hours * 3600)}, who=who)


def _last(story: Story, who: str) -> Mapping[str, Any]:
    """The worklog of an earlier day that somebody has on the latest one."""
    yesterday = date.today() - timedelta(days=1)
    path = f"/4/worklogs?from={_first().isoformat()}&to={yesterday.isoformat()}&limit=1000"
    people = {"bob": BOB, "david": DAVID, "erica": ERICA}
    rows = [row for row in story.ask("GET", path, who=who)["results"] if row["author"]["accountId"] == people[who]]
    found: Mapping[str, Any] = max(rows, key=lambda row: (row["startDate"], row["startTime"], row["tempoWorklogId"]))
    return found


def _edit(story: Story, who: str, row: Mapping[str, Any], **changes: Any) -> None:
    same = ("startDate", "startTime", "timeSpentSeconds", "description")
    body = {"authorAccountId": row["author"]["accountId"], **{name: row[name] for name in same}}
    story.ask("PUT", f"/4/worklogs/{row['tempoWorklogId']}", {**body, **changes}, who=who)
