"""What a story of the demo is told with: a fake of its own, commands as they are typed, and what people do in Tempo."""

from __future__ import annotations

import base64
import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from integration.exits import Exit

READY = "tempo-mock ready on "
MOST_LINES = 24
"""Of the output of one command that are shown."""


class Unexpected(Exception):  # noqa: N818
    """The story took another turn than told: something is broken."""


class Step(NamedTuple):
    """What a step of the story came to."""

    title: str
    exit_code: int


class Answered(NamedTuple):
    """What came of a call of the fake."""

    status: int
    text: str


class Story:
    """The fake's address, a folder with the configuration, and everybody's demo tokens. who: whose log-in to Jira is used."""

    def __init__(self, url: str, folder: Path, say: Callable[[str], object] = print, who: str = "fred") -> None:
        self.url = url
        self.folder = folder
        self.say = say
        self.who = who
        self.steps: list[Step] = []

    def tell(self, title: str, why: str) -> None:
        """A heading and what happens now."""
        self.say(f"\n== {len(self.steps) + 1}. {title}\n{why}")
        self.steps.append(Step(title, 0))

    def sync(self, *words: str, expected: Exit, secret: str = "") -> str:
        """Run a command of the sync and show what it prints. Raises ``Unexpected`` unless it exits as expected."""
        self.say(f"\n$ tempo-sync {shlex.join(words)}")
        done = self._run(words, secret)
        printed = (done.stdout + done.stderr).rstrip()
        self.say("\n".join(f"  {line}" for line in _shortened(printed.splitlines())))
        self.say(f"  (exit code {done.returncode})")
        self.steps[-1] = self.steps[-1]._replace(exit_code=done.returncode)
        if done.returncode != expected:
            raise Unexpected(f"tempo-sync {words[0]} exited with {done.returncode} instead of {int(expected)}")
        return printed

    def bean(self, *words: str) -> Any:
        """What a command tells programs, to see whether it is so; nothing is shown."""
        done = self._run((*words, "--json"), "")
        try:
            return json.loads(done.stdout)
        except ValueError:
            raise Unexpected(f"tempo-sync {words[0]} --json printed no JSON: {done.stdout}{done.stderr}") from None

    def write(self, name: str, text: str) -> Path:
        """A file of the folder; only its owner may read it."""
        file = self.folder / name
        file.touch(0o600)
        file.write_text(text, encoding="utf-8")
        return file

    def ask(self, method: str, path: str, body: Any = None, who: str = "fred") -> Any:
        """A call of the fake: what somebody does in Tempo or Jira, or a switch of the fake's own. Answers the JSON.

        Raises ``Unexpected`` when it is refused.
        """
        answered = self.send(method, path, None if body is None else json.dumps(body), who=who)
        if answered.status >= HTTPStatus.BAD_REQUEST:
            raise Unexpected(f"{method} {path} was answered with {answered.status}: {answered.text}")
        return json.loads(answered.text) if answered.text else None

    def send(
        self, method: str, path: str, text: str | None = None, *, media: str = "application/json", who: str = "fred"
    ) -> Answered:
        """The same for a call that may be refused, or that sends or answers something else than JSON."""
        authorization = f"Bearer demo-token-of-{who}-not-a-secret"
        if path.startswith("/rest/"):
            login = f"{who}@example.org:demo-jira-token-of-{who}-not-a-secret"
            authorization = f"Basic {base64.b64encode(login.encode()).decode()}"
        headers = {"Authorization": authorization, "Content-Type": media}
        request = Request(self.url + path, None if text is None else text.encode(), headers, method=method)
        try:
            with build_opener(ProxyHandler({})).open(request, timeout=30) as answer:
                return Answered(answer.status, answer.read().decode())
        except HTTPError as refused:
            with refused:
                return Answered(refused.code, refused.read().decode())

    def _run(self, words: Sequence[str], secret: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "JIRA_TOKEN": f"demo-jira-token-of-{self.who}-not-a-secret"}
        return subprocess.run(
            [sys.executable, "-m", "integration", *words],
            cwd=self.folder,
            env=environment,
            input=secret,
            capture_output=True,
            text=True,
            check=False,
        )


@contextmanager
def fake(*options: str) -> Iterator[str]:
    """The address of a fake Tempo that runs as long as this lasts. options: settings of its scenario, ``NAME=VALUE``."""
    command = [sys.executable, "-m", "mock_server", "serve", "--port", "0", "--quiet"]
    command += [word for option in options for word in ("--set", option)]
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


def _shortened(lines: Sequence[str]) -> list[str]:
    if len(lines) <= MOST_LINES:
        return list(lines)
    half = MOST_LINES // 2
    return [*lines[:half], f"... {len(lines) - 2 * half} lines more ...", *lines[-half:]]
