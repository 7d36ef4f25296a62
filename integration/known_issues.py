"""How the issues that were ever selected are called: rules on one that is selected no longer are told by its key, too."""

from __future__ import annotations

import json
from collections.abc import Iterable

from integration.records import Issue
from integration.store import Store

_FACT = "known_issues"


class KnownIssues:
    """Issues by id."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def every(self) -> dict[str, Issue]:
        """Those that are selected, and those that were."""
        told = json.loads(self._store.fact(_FACT) or "[]")
        return {issue.id: issue for issue in (*(Issue(*row) for row in told), *self._store.selection().values())}

    def add(self, issues: Iterable[Issue]) -> None:
        """Remember these; within a transaction."""
        known = {**self.every(), **{issue.id: issue for issue in issues}}
        self._store.set_fact(_FACT, json.dumps([list(issue) for issue in known.values()]))
