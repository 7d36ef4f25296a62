"""``tempo-sync serve`` as people run it, a process of its own; and one browser of somebody who got its address."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import requests

from .conftest import ENVIRONMENT, LIMIT

SHOWN = re.compile(r'name="shown" value="([^"]+)"')
_FORM_KEY = re.compile(r'name="csrf_token" value="([^"]+)"')


def begun(folder: Path, *words: str) -> subprocess.Popen[str]:
    """A command of tempo-sync that goes on, with the tokens of this process."""
    names = ("TEMPO_TOKEN", "JIRA_TOKEN")
    tokens = {name: os.environ[name] for name in names if name in os.environ}
    environment = {name: value for name, value in ENVIRONMENT.items() if name not in names} | tokens
    return subprocess.Popen(
        [sys.executable, "-m", "integration", *words],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


class Served:
    """The pages of a folder's configuration, until the end of the block.

    seen: every answer. said: stdout and stderr, at the end.
    """

    def __init__(self, folder: Path) -> None:
        self.process = begun(folder, "serve", "--port", "0")
        assert self.process.stdout is not None
        line = self.process.stdout.readline().partition(": ")[2].strip()
        self.url, _, self.key = line.partition("/?key=")
        self.seen = self.said = ""
        self.browser = requests.Session()
        self.browser.trust_env = False
        self._form_key = ""

    def __enter__(self) -> Served:
        assert self.get(f"/?key={self.key}").status_code == 200
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGTERM)
        out, err = self.process.communicate(timeout=LIMIT)
        self.said = out + err
        self.browser.close()

    def get(self, path: str) -> requests.Response:
        """A page, and where it leads to."""
        return self._kept(self.browser.get(self.url + path, timeout=LIMIT))

    def post(self, path: str, form: dict[str, Any]) -> requests.Response:
        """A form of the page seen last, and the page that it leads to."""
        data = {"csrf_token": self._form_key, **form}
        return self._kept(self.browser.post(self.url + path, data=data, timeout=LIMIT))

    def apply(self) -> requests.Response:
        """Preview, and apply what was shown. Answers the last page."""
        found = SHOWN.search(self.get("/run?preview=yes").text)
        return self.post("/run", {"shown": found[1] if found else ""})

    def _kept(self, answer: requests.Response) -> requests.Response:
        for one in (*answer.history, answer):
            self.seen += f"{one.status_code} {one.url} {one.headers} {one.text}\n"
        found = _FORM_KEY.search(answer.text)
        self._form_key = found[1] if found else self._form_key
        return answer
