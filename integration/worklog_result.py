"""What a run of the worklog sync is asked for, and what comes of it."""

from __future__ import annotations

from typing import NamedTuple

from integration.exits import Exit
from integration.jira_reading import JiraRead
from integration.worklogs import Fallback, Read, Standing


class Asked(NamedTuple):
    """The options of one run."""

    full: bool = False
    accept_fewer: bool = False


class Ran(NamedTuple):
    """What came of a run.

    read: of Tempo, jira: of Jira, None where it was not read. held: worklogs that count. cause: why Tempo cannot be read, with
    since when, also where nothing stands in. recovered: the outage that this run ended, None where there was none. error: why
    there are no new figures, None where there are. unattributed: seconds of held worklogs that are nobody's. notes: sentences
    on what somebody should look at. failed: on alerts that did not get through.
    """

    exit: Exit
    standing: Standing
    read: Read | None
    jira: JiraRead | None
    held: int
    unattributed: int
    cause: Fallback | None
    recovered: Fallback | None
    error: str | None
    notes: tuple[str, ...]
    failed: tuple[str, ...]


class Result(NamedTuple):
    """What came of reading, before anybody is told of it. As in ``Ran``."""

    standing: Standing
    read: Read | None = None
    jira: JiraRead | None = None
    cause: Fallback | None = None
    error: str | None = None
    notes: tuple[str, ...] = ()
