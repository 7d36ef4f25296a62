"""Which issues were handed over for which rule, as the store remembers it."""

from __future__ import annotations

from integration.handover import Begun, Handover, Key
from integration.store import Store


class HandedOver:
    """Called within a transaction of the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def done(self) -> set[tuple[Key, str]]:
        """Rule and issue id of everything that was done to its end."""
        rows = self._store.rows("SELECT account_id, rule_issue_id, day, part, issue_id FROM handovers WHERE is_done")
        return {((person, issue, day, part), issue_id) for person, issue, day, part, issue_id in rows}

    def begun(self) -> list[Begun]:
        """What was begun, and perhaps done in part."""
        rows = self._store.rows(
            "SELECT account_id, rule_issue_id, day, part, issue_id, assigned_to FROM handovers WHERE NOT is_done ORDER BY rowid"
        )
        return [Begun((person, issue, day, part), issue_id, to) for person, issue, day, part, issue_id, to in rows]

    def begin(self, handover: Handover, moment: str) -> None:
        """Before anything is done. moment: UTC, ISO 8601."""
        self._store.rows(
            "INSERT OR REPLACE INTO handovers (account_id, rule_issue_id, day, part, issue_id, issue_key, assigned_to, begun, "
            "is_done, is_commented) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?)",
            (*handover.key, handover.issue.id, handover.issue.key, handover.coverer, moment, int(bool(handover.message))),
        )

    def end(self, handover: Handover) -> None:
        """It is done."""
        self._where("UPDATE handovers SET is_done = 1", handover)

    def forget(self, handover: Handover) -> None:
        """Nothing was done of it."""
        self._where("DELETE FROM handovers", handover)

    def _where(self, statement: str, handover: Handover) -> None:
        self._store.rows(
            f"{statement} WHERE account_id = ? AND rule_issue_id = ? AND day = ? AND part = ? AND issue_id = ?",
            (*handover.key, handover.issue.id),
        )
