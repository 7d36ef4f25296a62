"""Internal issues in the database file of a world, for the command: the domain's functions, as behind the control route."""

from collections.abc import Sequence
from typing import Any

from mock_server.domain import internal_issues
from mock_server.internal_issue_bean import internal_issue_bean
from mock_server.storage import internal_issues as issue_rows
from mock_server.world_file import WorldFile

Bean = dict[str, Any]


class FileInternalIssues:
    """The internal issues of a world in a file. Every method raises the facts of the domain function it calls."""

    def __init__(self, world: WorldFile) -> None:
        self._world = world
        self._store = world.store

    def list(self) -> list[Bean]:
        """All, by id."""
        with self._world.reading():
            return [internal_issue_bean(issue) for issue in issue_rows.every(self._store)]

    def put(self, issue: str, teams: Sequence[int]) -> Bean:
        """Make an issue, named by id or key, internal and open to these teams, or to all when there are none."""
        with self._world.writing("put_internal_issue"):
            return internal_issue_bean(internal_issues.put(self._store, issue, tuple(dict.fromkeys(teams))))

    def remove(self, issue: str) -> None:
        """Make an internal issue an ordinary one."""
        with self._world.writing("delete_internal_issue"):
            internal_issues.remove(self._store, issue)
