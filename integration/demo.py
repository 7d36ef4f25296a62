"""The story of the absence sync, played against a fake of its own: every command that it runs is one you can type.

``python -m integration.demo`` starts the fake on a free port, in memory, offline, and takes well under a minute.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import ProxyHandler, Request, build_opener

from integration.exits import Exit

READY = "tempo-mock ready on "
MOST_LINES = 24
"""Of the output of one command that are shown."""

ERICA, LAURA = "5b10a2844c20165700ede220", "5b10a2844c20165700ede222"
CONFIGURATION = """\
[site]
tempo_url = "{url}"
jira_url = "{url}"
jira_user = "fred@example.org"
requests_per_second = 1000

[token]
tempo = "file:tempo-token"

[[template]]
issue = "HR-1"
name = "Vacation"
coverers = ["{erica}"]
message = "I am away until [return date]; [coverer] covers for me."
mention_days_ahead = 4

[[template]]
issue = "HR-2"
name = "Sick leave"
coverers = ["{erica}"]

[[template]]
issue = "HR-4"
name = "Personal time off"
message = "Back on [return date]."
"""


class Unexpected(Exception):  # noqa: N818
    """The story took another turn than told: something is broken."""


class Step(NamedTuple):
    """What a step of the story came to."""

    title: str
    exit_code: int


class Story:
    """The fake's address, a folder with the configuration, and everybody's demo tokens."""

    def __init__(self, url: str, folder: Path, say: Callable[[str], object] = print) -> None:
        self.url = url
        self.folder = folder
        self.say = say
        self.steps: list[Step] = []

    def tell(self, title: str, why: str) -> None:
        """A heading and what happens now."""
        self.say(f"\n== {len(self.steps) + 1}. {title}\n{why}")
        self.steps.append(Step(title, 0))

    def sync(self, *words: str, expected: Exit, secret: str = "") -> str:
        """Run a command of the sync and show what it prints. Raises ``Unexpected`` unless it exits as expected."""
        self.say(f"\n$ tempo-sync {' '.join(words)}")
        environment = {**os.environ, "JIRA_TOKEN": "demo-jira-token-of-fred-not-a-secret"}
        done = subprocess.run(
            [sys.executable, "-m", "integration", *words],
            cwd=self.folder,
            env=environment,
            input=secret,
            capture_output=True,
            text=True,
            check=False,
        )
        printed = (done.stdout + done.stderr).rstrip()
        self.say("\n".join(f"  {line}" for line in _shortened(printed.splitlines())))
        self.say(f"  (exit code {done.returncode})")
        self.steps[-1] = self.steps[-1]._replace(exit_code=done.returncode)
        if done.returncode != expected:
            raise Unexpected(f"tempo-sync {words[0]} exited with {done.returncode} instead of {int(expected)}")
        return printed

    def ask(self, method: str, path: str, body: Any = None, who: str = "fred") -> Any:
        """A call of the fake: what somebody does in Tempo, or a switch of the fake's own."""
        headers = {"Authorization": f"Bearer demo-token-of-{who}-not-a-secret", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        request = Request(self.url + path, data, headers, method=method)
        with build_opener(ProxyHandler({})).open(request, timeout=30) as answer:
            text = answer.read()
        return json.loads(text) if text else None


def play(story: Story) -> None:
    """Every step. Raises ``Unexpected`` where one does not come out as told."""
    plan = _a_plan(story)
    _connect(story)
    _first_run(story)
    _edit(story, plan)
    _delete(story, plan)
    _lose_a_permission(story)
    _token_ends(story)


def _a_plan(story: Story) -> Mapping[str, Any]:
    """A whole day of paid time off, a Monday four weeks from now or later, that laura plans for herself."""
    day = date.today() + timedelta(days=28)
    day += timedelta(days=-day.weekday() % 7)
    made: Mapping[str, Any] = story.ask("POST", "/4/plans", _plan_body(story, day, 8), who="laura")
    return made


def _plan_body(story: Story, day: date, hours: int) -> dict[str, Any]:
    issues = {issue["key"]: issue["id"] for issue in story.ask("GET", "/x-tempo-mock/internal-issues")["results"]}
    return {
        "assigneeId": LAURA, "assigneeType": "USER", "planItemId": str(issues["HR-1"]), "planItemType": "ISSUE",
        "startDate": day.isoformat(), "endDate": day.isoformat(), "startTime": "08:00", "plannedSecondsPerDay": hours * 3600,
    }  # fmt: skip


def _connect(story: Story) -> None:
    story.tell("Connect", "A token is verified before anything is kept. Tempo tells nobody when it ends, so that is asked for.")
    token = story.folder / "tempo-token"
    token.write_text("demo-token-of-absences-not-a-secret\n", encoding="ascii")
    token.chmod(0o600)
    configuration = CONFIGURATION.format(url=story.url, erica=ERICA)
    (story.folder / "tempo-sync.toml").write_text(configuration, encoding="utf-8")
    story.sync("connect", "--days", "365", "--purpose", "demo", expected=Exit.IN_SYNC)
    story.tell("Choose the issues", "Vacation, sick leave and personal time off make rules; training (HR-3) is work here.")
    story.sync("issues", "--select", "HR-1", "HR-2", "HR-4", expected=Exit.IN_SYNC)


def _first_run(story: Story) -> None:
    story.tell("Look first", "Without --apply nothing is written, here or in Tempo.")
    story.sync("absences", expected=Exit.PENDING)
    story.tell("Apply", "One outcome for each rule. A second run finds nothing to do.")
    story.sync("absences", "--apply", expected=Exit.IN_SYNC)
    story.sync("absences", expected=Exit.IN_SYNC)


def _edit(story: Story, plan: Mapping[str, Any]) -> None:
    story.tell("A plan is edited", "laura will be there in the afternoon: her whole day becomes a morning.")
    body = _plan_body(story, date.fromisoformat(plan["startDate"]), 4)
    story.ask("PUT", f"/4/plans/{plan['id']}", body, who="laura")
    story.sync("absences", "--apply", expected=Exit.IN_SYNC)


def _delete(story: Story, plan: Mapping[str, Any]) -> None:
    story.tell("A plan is deleted", "Its rule goes. laura has other plans that are seen, so that this one is gone is believed.")
    story.ask("DELETE", f"/4/plans/{plan['id']}", who="laura")
    story.sync("absences", "--apply", expected=Exit.IN_SYNC)


def _lose_a_permission(story: Story) -> None:
    story.tell(
        "A permission goes",
        "The token's owner is taken out of the role View Plans. Tempo still answers 200, only shorter: nothing is deleted.",
    )
    story.ask("POST", "/_mock/snapshots", {"name": "before"})
    roles = story.ask("GET", "/4/permission-roles")["results"]
    role = next(found for found in roles if found["name"] == "View Plans")
    body = {"name": role["name"], "accessType": role["accessType"], "permittedAccountIds": []}
    body["permissionKeys"] = [permission["key"] for permission in role["permissions"]]
    story.ask("PUT", f"/4/permission-roles/{role['id']}", body)
    story.sync("absences", "--apply", expected=Exit.INCOMPLETE)
    story.say("\nThe permission is given back.")
    story.ask("POST", "/_mock/restore", {"name": "before"})
    story.sync("absences", expected=Exit.IN_SYNC)


def _token_ends(story: Story) -> None:
    story.tell("The token ends", "The run says so, and since when nothing was read. Every rule stays.")
    story.ask("POST", "/_mock/faults", {"path": "/4/", "persona": "absences", "expireToken": True, "count": 1})
    story.sync("absences", "--apply", expected=Exit.UNREADABLE)
    story.tell("Rotate", "A new token is verified, then takes the place of the old one; what is held is untouched.")
    made = story.ask("POST", "/_mock/tokens", {"person": "fred", "name": "rotated", "days": 365})
    story.sync("connect", "--rotate", "--days", "365", expected=Exit.IN_SYNC, secret=made["token"] + "\n")
    story.sync("absences", expected=Exit.IN_SYNC)
    story.say("\nIn sync again.")


@contextmanager
def fake() -> Iterator[str]:
    """The address of a fake Tempo that runs as long as this lasts."""
    command = [sys.executable, "-m", "mock_server", "serve", "--port", "0", "--quiet"]
    command += ["--set", "globalConfiguration.planApprovalEnabled=on"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            ready = next((line for line in process.stdout if line.startswith(READY)), "")
            if not ready:
                raise Unexpected("the fake did not start; is tempo-mock-server installed?")
            yield ready.removeprefix(READY).strip()
        finally:
            process.terminate()
            process.wait(30)


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the story; answers 0, or 1 where a step came out otherwise than told."""
    parser = argparse.ArgumentParser(prog="python -m integration.demo", description=__doc__)
    parser.parse_args(sys.argv[1:] if arguments is None else list(arguments))
    try:
        with fake() as url, tempfile.TemporaryDirectory(prefix="tempo-sync-demo-") as folder:
            print(f"A fake Tempo runs at {url}; open it in a browser to look around meanwhile.")
            story = Story(url, Path(folder))
            play(story)
    except (Unexpected, OSError) as error:
        print(f"tempo-sync demo: {error}", file=sys.stderr)
        return 1
    return 0


def _shortened(lines: Sequence[str]) -> list[str]:
    if len(lines) <= MOST_LINES:
        return list(lines)
    half = MOST_LINES // 2
    return [*lines[:half], f"... {len(lines) - 2 * half} lines more ...", *lines[-half:]]


if __name__ == "__main__":
    sys.exit(main())
