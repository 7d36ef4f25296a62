"""The story of Manage Staff: a team is connected with GitHub, two of it fail, and it is read why and mended."""

from __future__ import annotations

import csv
import io
import json
import textwrap
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from integration.story import Story, Unexpected

Row = Mapping[str, Any]

TEAM = "GreenCloud"
FAILED = "712020:0b7e51c2-77aa-4d0e-9d43-6f1f0c2a9e11"
"""nadia, whose account at GitHub has neither her address nor her name."""

UNREADABLE = "5b10a2844c20165700ede222"
"""laura, whose account at GitHub the app has no access to."""

PATIENCE = 30.0
"""Seconds that a run of connecting may take."""

WIDTH = 100


def play(story: Story) -> None:
    """Every step. Raises ``Unexpected`` where one does not come out as told."""
    prepare(story)
    install(story)
    connect_team(story)
    read_why(story)
    map_by_file(story)
    mend(story)
    journal(story)
    story.say(f"\nEverybody in {TEAM} is connected with GitHub.")


def prepare(story: Story) -> None:
    """What people do at GitHub, and what nobody thought of."""
    story.tell(
        "Before",
        "On the side of GitHub: david puts his address on one of his accounts, and rita shows hers. Nobody thought of nadia,\n"
        "whose account has another address, nor of the repositories of laura, to which the app has no access.",
    )
    account(story, "dcarsen", email="david@example.org")
    account(story, "rb-codes", emailHidden=False)
    account(story, "laura-penn", accessible=False)


def install(story: Story) -> None:
    """The app is refused, and then installed. Raises ``Unexpected`` where it comes out otherwise."""
    story.tell(
        "Install the app",
        "fred, a Tempo Administrator, pastes a key that was made at GitHub. But the app may read nothing there yet: Tempo\n"
        "says what is missing and where that is done. It is done, and the app is installed.",
    )
    permission = {"prerequisite": "read", "granted": False}
    shown(story, "PUT", "/_mock/providers/github/permission", permission)
    key = story.ask("POST", "/_mock/providers/github/keys", {"days": 365})["key"]
    refused = story.send("PUT", "/_mock/apps/github", json.dumps({"key": key}))
    story.say('\n> PUT /_mock/apps/github {"key": "..."}')
    say(story, f"{refused.status}: {_error(refused.text)}")
    if refused.status != 400 or "read" not in refused.text:
        raise Unexpected("the app was not refused although it lacks a permission")
    shown(story, "PUT", "/_mock/providers/github/permission", {**permission, "granted": True})
    app = story.ask("PUT", "/_mock/apps/github", {"key": key})
    story.say('\n> PUT /_mock/apps/github {"key": "..."}')
    say(story, f"installed by {app['installedBy']}, the key is {app['keyState']}")
    if not app["installed"]:
        raise Unexpected("the app is not installed")


def connect_team(story: Story) -> None:
    """Two of the team fail, the others are connected. Raises ``Unexpected`` where it comes out otherwise."""
    story.tell(
        "Connect the team", f"Search for the staff of {TEAM}, select all, Connect with GitHub. It goes on behind the page."
    )
    connect(story, {"filter": {"team": TEAM}}, connected=4, failed=2)
    table(story, team(story))


def read_why(story: Story) -> None:
    """Exactly the two are found by the filter, each with a sentence. Raises ``Unexpected`` where it comes out otherwise."""
    story.tell("Read why", "The filter Failed App Integration shows exactly those two, and each warning says what to do.")
    found = people(story, team=TEAM, integration="failed", provider="github")
    for row in found:
        story.say(f"\n  {row['displayName']}")
        for failure in row["failures"]:
            say(story, f"{failure['kind']}: {failure['message']}", indent="    ")
    kinds = {row["accountId"]: row["failures"][0]["kind"] for row in found}
    if kinds != {FAILED: "mismatch", UNREADABLE: "insufficient-permission"}:
        raise Unexpected(f"others have failed than those who should: {kinds}")


def map_by_file(story: Story) -> None:
    """One is mapped by a file, after a slip of the pen. Raises ``Unexpected`` where it comes out otherwise."""
    story.tell(
        "Map nadia by a file",
        "Select her, Manually map with Github: the file has one row. fred asks her for her GitHub account and writes it down,\n"
        "with a slip of the pen at first: that is refused with the number of the row, and nothing has changed.",
    )
    path = f"/_mock/staff/github-map?{urlencode({'accountId': FAILED})}"
    downloaded = story.send("GET", path)
    story.say(f"\n> GET {path}")
    header, *rows = csv.reader(io.StringIO(downloaded.text.removeprefix("\ufeff")))
    if downloaded.status != 200 or [row[0] for row in rows] != [FAILED]:
        raise Unexpected(f"the map file has others than the selected: {downloaded.text}")
    _upload(story, header, [*rows[0][:-1], "okafor-m"], refused=True)
    if not people(story, team=TEAM, integration="failed", search="nadia"):
        raise Unexpected("a refused file has changed something")
    _upload(story, header, [*rows[0][:-1], "okafor-n"], refused=False)


def mend(story: Story) -> None:
    """The permission of the other is granted at GitHub; all are connected. Raises ``Unexpected`` where they are not."""
    story.tell(
        "Give the app access to laura's repositories",
        "That is done at GitHub, as the warning says. Then whoever failed is connected once more.",
    )
    account(story, "laura-penn", accessible=True)
    connect(story, {"filter": {"team": TEAM, "integration": "failed"}}, connected=1, failed=0)
    everybody = team(story)
    table(story, everybody)
    left = [row["name"] for row in everybody if row["failures"] or "github" not in [app["provider"] for app in row["apps"]]]
    if left:
        raise Unexpected(f"not everybody is connected: {', '.join(left)}")


def journal(story: Story) -> None:
    """Everybody was looked for at GitHub. Raises ``Unexpected`` where the journal does not show it."""
    story.tell("What GitHub was asked", "The journal of the fake has the calls that Tempo made to GitHub, and their outcomes.")
    entries = story.ask("GET", "/_mock/journal?limit=1000")["entries"]
    calls = [entry for entry in entries if entry["path"].startswith("/providers/github/")]
    for call in calls:
        say(story, f"{call['status']}  {call['path']}?{call['query']}  {call['reasons'][0]}")
    unasked = [row["name"] for row in team(story) if not any(f"for {row['name']}:" in call["reasons"][0] for call in calls)]
    if unasked:
        raise Unexpected(f"GitHub was not asked about {', '.join(unasked)}")


def connect(story: Story, whom: Row, *, connected: int, failed: int) -> None:
    """Begin a run and wait for its end. Raises ``Unexpected`` unless so many are connected and fail."""
    run = shown(story, "POST", "/_mock/staff/connect", {"provider": "github", **whom})
    until = time.monotonic() + PATIENCE
    while not run["ended"]:
        if time.monotonic() > until:
            raise Unexpected(f"the run has not ended after {PATIENCE:g} seconds")
        time.sleep(0.02)
        run = story.ask("GET", f"/_mock/staff/jobs/{run['id']}")
    say(story, run["summary"])
    if (run["connected"], run["failed"]) != (connected, failed):
        raise Unexpected(f"{run['connected']} were connected and {run['failed']} failed, not {connected} and {failed}")


def shown(story: Story, method: str, path: str, body: Row) -> Any:
    """A call that is shown, and its answer. Raises ``Unexpected`` when it is refused."""
    story.say(f"\n> {method} {path} {json.dumps(body)}")
    return story.ask(method, path, body)


def account(story: Story, login: str, **members: Any) -> None:
    """Change an account at GitHub."""
    shown(story, "PUT", f"/_mock/providers/github/accounts/{login}", members)


def people(story: Story, **query: str) -> Sequence[Row]:
    """The list of Manage Staff."""
    found: Sequence[Row] = story.ask("GET", f"/_mock/staff?{urlencode({'limit': 1000, **query})}")["results"]
    return found


def team(story: Story) -> Sequence[Row]:
    """The list of the team."""
    return people(story, team=TEAM)


def table(story: Story, rows: Sequence[Row]) -> None:
    """The list, as the page shows it."""
    story.say("")
    for row in rows:
        apps = ", ".join(f"{app['provider']} ({app['account']})" for app in row["apps"])
        warning = "".join(f"  ! {failure['kind']}" for failure in row["failures"])
        story.say(f"  {row['displayName'][:30]:32}{apps or '-'}{warning}")


def say(story: Story, text: str, indent: str = "  ") -> None:
    """A text in lines that are not too long."""
    story.say(textwrap.fill(text, WIDTH, initial_indent=indent, subsequent_indent=indent))


def _upload(story: Story, header: Sequence[str], row: Sequence[str], *, refused: bool) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows((header, row))
    story.say("\n> POST /_mock/staff/github-map")
    story.say(textwrap.indent(out.getvalue().rstrip(), "  | "))
    answer = story.send("POST", "/_mock/staff/github-map", out.getvalue(), media="text/csv")
    if answer.status != (400 if refused else 200):
        raise Unexpected(f"the map file was answered with {answer.status}: {answer.text}")
    if not refused:
        say(story, f"{json.loads(answer.text)['mapped']} mapped")
        return
    errors = json.loads(answer.text)["errors"]
    for error in errors:
        say(story, error["message"])
    if [error["row"] for error in errors] != [2]:
        raise Unexpected(f"another row than the wrong one is told: {answer.text}")


def _error(text: str) -> str:
    content = json.loads(text)
    return str(content.get("error"))
