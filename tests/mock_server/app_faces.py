"""What the faces of a world tell of apps: the API of Manage Staff, its page, the page Apps, and the providers."""

import re
from datetime import datetime
from html import unescape
from typing import Any

from mock_server.storage.opening import in_memory
from mock_server.storage.store import Store

from .conftest import World
from .page_visitor import Document, Visitor

Told = dict[str, tuple[dict[str, bool], dict[str, str]]]
"""Login name -> provider -> whether they connected themselves; and provider -> what failed, of everybody who is shown."""

_ROW = re.compile(r'<tr role="row">\s*<td role="cell" class="pick">.*?</tr>', re.DOTALL)
_NAME = re.compile(r'<label for="pick-\d+">([^<]+)</label>')
_ICON = re.compile(r'<svg class="app"[^>]* aria-label="([^"]+)" data-app="([^"]+)">')
_WARNING = re.compile(r'<button type="button" class="warning"[^>]* data-app="([^"]+)">')
_TEXT = re.compile(r'<span role="tooltip" id="[^"]+">([^<]+)</span>')


class AppFaces:
    """A server in this process over the guide, asked by its Tempo Administrator."""

    def __init__(self, now: datetime) -> None:
        self._world = World(clock=now.isoformat())
        self._beginning = self._world.site.store.serialize()
        self._now = now
        self._fred = Visitor(self._world)
        self._fred.sign_in("fred")
        self._names = dict(self._world.site.store.all("SELECT display_name, name FROM people"))

    def begin(self) -> Store:
        """Serve the guide as it was at first; answers its store."""
        self._world.site.enter(in_memory(self._beginning))
        self.set_clock(self._now)
        return self._world.site.store

    def set_clock(self, now: datetime) -> None:
        """Stand still at another moment."""
        self._world.site.clock.set(now)

    def close(self) -> None:
        """Let go of the world."""
        self._world.close()

    def by_api(self, **query: str) -> Told:
        """What the list of the API shows, with kinds of failures."""
        return {
            row["name"]: (
                {one["provider"]: one["by"] == "self" for one in row["apps"]},
                {one["provider"]: one["kind"] for one in row["failures"]},
            )
            for row in self._asked("/_mock/staff?active=all&limit=1000", query)["results"]
        }

    def by_page(self, **query: str) -> Told:
        """What the page Manage Staff shows, with the texts of failures as pages have them."""
        text = self._fred.get("/staff", query_string={"status": "all", **query}).text
        found: Told = {}
        for row in _ROW.findall(text):
            icons = {provider: label.endswith("by themselves") for label, provider in _ICON.findall(row)}
            failures = dict(zip(_WARNING.findall(row), _TEXT.findall(row), strict=True))
            found[self._names[unescape(_NAME.findall(row)[0])]] = icons, failures
        return found

    def actions(self) -> list[str]:
        """What the menu Actions has."""
        elements = Document(self._fred.get("/staff").text).elements
        return [str(one["value"]) for tag, one in elements if tag == "button" and one.get("name") == "action"]

    def counts(self, provider: str) -> tuple[bool, int, int, int]:
        """Whether the app is installed, and how many are connected, connected themselves, and failed."""
        app = self._asked(f"/_mock/apps/{provider}", {})
        return app["installed"], app["connected"], app["selfConnected"], app["failed"]

    def strays(self, provider: str) -> list[str]:
        """Accounts that somebody is connected with although the provider has no such account, or somebody else is too."""
        rows = self._asked("/_mock/staff?active=all&limit=1000", {})["results"]
        used = [one["account"] for row in rows for one in row["apps"] if one["provider"] == provider]
        there = {one["login"] for one in self._asked(f"/_mock/providers/{provider}?limit=1000", {})["accounts"]}
        return [login for login in used if login not in there or used.count(login) > 1]

    def _asked(self, path: str, query: dict[str, str]) -> Any:
        answer = self._world.get("fred", path + "".join(f"&{name}={value}" for name, value in query.items()))
        assert answer.status == 200, answer.text
        return answer.json
