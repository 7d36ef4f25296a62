"""Internal issues at a running server, for the command: asked for over HTTP at ``/_mock/internal-issues``."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from mock_server.served_world import ServedWorld

Bean = dict[str, Any]
_MEMBERS = frozenset({"id", "key", "summary", "teams"})


class ServerInternalIssues:
    """The internal issues of a world that is served. Every method raises what ``ServedWorld.ask`` does."""

    def __init__(self, world: ServedWorld) -> None:
        self._world = world

    def list(self) -> list[Bean]:
        """All, by id."""
        found = self._world.ask("GET", "internal-issues")
        if not (isinstance(found, list) and all(_is_bean(bean) for bean in found)):
            raise self._world.stranger()
        return found

    def put(self, issue: str, teams: Sequence[int]) -> Bean:
        """Make an issue, named by id or key, internal and open to these teams, or to all when there are none."""
        found = self._world.ask("PUT", f"internal-issues/{quote(issue, safe='')}", {"teams": list(teams)})
        if not _is_bean(found):
            raise self._world.stranger()
        made: Bean = found
        return made

    def remove(self, issue: str) -> None:
        """Make an internal issue an ordinary one."""
        if self._world.ask("DELETE", f"internal-issues/{quote(issue, safe='')}") != b"":
            raise self._world.stranger()


def _is_bean(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() >= _MEMBERS and isinstance(value["teams"], list)
