"""Whose work a worklog of Jira is. Pure.

Tempo writes into Jira with an account of its own, so most rows of Jira name that account and not who worked. It is known by
its accountId: its name was changed more than once, also on rows that were there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from integration.worklogs import JiraWorklog

UNATTRIBUTED = ""
"""Nobody: work that is added to no account."""

NOTHING_HELD: Mapping[int, str] = MappingProxyType({})


def author_of(row: JiraWorklog, apps: Collection[str], held: Mapping[int, str] = NOTHING_HELD) -> str:
    """The accountId of who worked, or ``UNATTRIBUTED``.

    apps: accountIds that are nobody's own, Tempo's first of all. held: id of a worklog in Jira -> author, of rows that one
    person's worklogs stand behind; it is only asked for those of the apps.
    """
    if row.author_id not in apps:
        return row.author_id
    return held.get(row.id, UNATTRIBUTED)
