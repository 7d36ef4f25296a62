"""Whose work a worklog of Jira is. Pure.

Tempo writes into Jira with an account of its own, so most rows of Jira name that account and not who worked. It is known by
its accountId: its name was changed more than once, also on rows that were there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from integration.worklogs import JiraWorklog, Worklog

UNATTRIBUTED = ""
"""Nobody: work that is added to no account."""

NOTHING_HELD: Mapping[int, str] = MappingProxyType({})


def author_of(row: JiraWorklog, app_account: str, held: Mapping[int, str] = NOTHING_HELD) -> str:
    """The accountId of who worked, or ``UNATTRIBUTED``.

    held: id of a worklog in Jira -> author, as ``held_authors`` has it; it is only asked for rows of the app's account.
    """
    if row.author_id != app_account:
        return row.author_id
    return held.get(row.id, UNATTRIBUTED)


def held_authors(worklogs: Iterable[Worklog]) -> dict[int, str]:
    """Id in Jira -> author of the worklog of Tempo that has it.

    Work on internal issues of several people stands in one row of Jira: such a row is nobody's.
    """
    found: dict[int, str] = {}
    for worklog in worklogs:
        if worklog.jira_id is not None and found.setdefault(worklog.jira_id, worklog.author_id) != worklog.author_id:
            found[worklog.jira_id] = UNATTRIBUTED
    return {number: author for number, author in found.items() if author != UNATTRIBUTED}
