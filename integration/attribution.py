"""Whose work a worklog of Jira is. Pure.

Tempo writes into Jira with an account of its own, so most rows of Jira name that account and not who worked. It is known by
its accountId: its name was changed more than once, also on rows that were there.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from integration.worklogs import JiraWorklog

UNATTRIBUTED = ""
"""Nobody: work that is added to no account."""

NOTHING_HELD: Mapping[int, str] = MappingProxyType({})


def author_of(row: JiraWorklog, app_account: str, held: Mapping[int, str] = NOTHING_HELD) -> str:
    """The accountId of who worked, or ``UNATTRIBUTED``.

    held: id of a worklog in Jira -> author, of rows that one person's worklogs stand behind; it is only asked for those of
    the app's account.
    """
    if row.author_id != app_account:
        return row.author_id
    return held.get(row.id, UNATTRIBUTED)
