"""The audit log as Tempo Administrators read it on its settings page (help page on it).

It is the feed of ``/4/papertrail``, the newest first and in words, because the product says of the two that they are one log:
what a client reads there is what a person finds here. The trail behind it has every changed row, Jira's and this fake's own
among them, which nobody of Tempo could have seen. Beside the feed there are tokens, made and revoked; their texts, and what
is kept of those, are in no event.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from mock_server.domain.papertrail import beside, earliest, token_of
from mock_server.domain.papertrail_events import Event, FieldChange, Reading
from mock_server.domain.papertrail_fields import ACTIONS
from mock_server.domain.papertrail_kinds import KINDS, NOT_IN_THE_FEED, sources
from mock_server.errors import Invalid
from mock_server.storage import issues, papertrail, people, teams
from mock_server.storage.papertrail import Change, Wanted
from mock_server.storage.store import Store

NOBODY = "Nobody of this site"
MOST_FOUND = 1000
"""People whose changes are looked for; a search that finds more takes the first of them."""

CATEGORIES: Mapping[str, str] = MappingProxyType(
    {
        "account": "Account",
        "accountcategory": "Account category",
        "accountlink": "Account link",
        "apitoken": "API token",
        "customer": "Customer",
        "holiday": "Holiday",
        "holidayscheme": "Holiday scheme",
        "holidaymembership": "Holiday scheme member",
        "internalissue": "Internal issue",
        "oauthapp": "OAuth 2.0 application",
        "permissiongroup": "Permission role",
        "allocation": "Plan",
        "globalconfiguration": "Planning Time",
        "program": "Program",
        "team": "Team",
        "teamlink": "Team link",
        "teammembership": "Team member",
        "role": "Team role",
        "workattribute": "Work attribute",
        "workload": "Workload scheme",
        "workloadmembership": "Workload scheme member",
        "worklog": "Worklog",
    }
)
"""Types of entities, as the feed has them, with what people call them, in the order of the alphabet."""

_THROUGH: Mapping[str, str] = MappingProxyType(
    {
        "cloud": "Tempo API",
        "command": "tempo-mock command",
        "control": "control route",
        "domain": "synchronization with Jira",
        "fault": "fault",
        "jira": "Jira API",
        "jira_cloud": "Jira API",
        "oauth": "OAuth 2.0",
        "outside": "database tool",
        "pages": "settings page",
        "tempo": "Tempo API",
        "testing": "test",
    }
)


class Entry(NamedTuple):
    """A change in words. ``at`` is ISO 8601 in UTC, ``who`` a display name, ``through`` what it was done with."""

    at: str
    who: str
    through: str
    category: str
    action: str
    subject: str
    changes: list[FieldChange]


class Asked(NamedTuple):
    """Which changes: words of a person's name, a type of entity and an action, and the first and last day; "" is any."""

    person: str = ""
    category: str = ""
    action: str = ""
    first: str = ""
    last: str = ""


class Page(NamedTuple):
    """Some of the log, the newest first, with the tokens of what is newer and older; None where nothing is."""

    entries: list[Entry]
    newer: str | None
    older: str | None


def page(store: Store, asked: Asked, newer: str | None, older: str | None, limit: int, now: datetime) -> Page:
    """What was asked for: newer than the place of a token, older than one, or the newest there is.

    Raises ``Invalid`` with fields for days that are none, categories and actions that there are not, and unknown tokens.
    """
    wanted, told = _wanted(store, asked, now), list(_told(asked))
    if newer is not None:
        found = papertrail.page(store, told, wanted._replace(newest_first=False, beside=beside("newer", newer)), limit + 1)
        if len(found) > limit:
            shown = found[:limit][::-1]
            return Page(_entries(store, shown), token_of(shown[0]), token_of(shown[-1]))
        # So few are newer that these are all on the first page.
        older = None
    found = papertrail.page(store, told, wanted._replace(beside=beside("older", older)), limit + 1)
    shown = found[:limit]
    has_newer = older is not None and bool(shown)
    return Page(
        _entries(store, shown), token_of(shown[0]) if has_newer else None, token_of(shown[-1]) if len(found) > limit else None
    )


def _told(asked: Asked) -> Sequence[papertrail.Source]:
    if asked.category and asked.category not in CATEGORIES:
        raise Invalid(fields={"category": "Choose one of the categories."})
    if asked.action and asked.action not in ACTIONS:
        raise Invalid(fields={"action": "Choose one of the actions."})
    types = frozenset({asked.category}) if asked.category else None
    actions = frozenset({asked.action}) if asked.action else None
    return list(sources(types, actions, (*KINDS, *NOT_IN_THE_FEED)))


def _wanted(store: Store, asked: Asked, now: datetime) -> Wanted:
    first, last = _day("first", asked.first), _day("last", asked.last)
    if first and last and last < first:
        raise Invalid(fields={"last": "The last day is before the first."})
    start = max(earliest(now), f"{first}T00:00:00.000Z") if first else earliest(now)
    who = None
    if asked.person:
        who = frozenset(person.key for person in people.search(store, asked.person, (0, 1), 0, MOST_FOUND))
    # Without a fraction it is after every moment of this second.
    return Wanted(start, f"{last}T23:59:59Z" if last else None, who, newest_first=True)


def _day(name: str, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise Invalid(fields={name: "Type a day as 2013-11-15, or leave it empty."}) from None


def _entries(store: Store, found: Sequence[Change]) -> list[Entry]:
    reading, subjects = Reading(store, found, people.display_names, NOBODY), _Subjects(store, found)
    entries = []
    for change in found:
        event = reading.event(change)
        through = _THROUGH.get(change.face, change.face)
        category = CATEGORIES[event.entity_type]
        entries.append(
            Entry(event.at, event.author, through, category, event.action, subjects.subject(change, event), event.changes)
        )
    return entries


class _Subjects:
    """What changes are of, in the words that people know it by, looked up once for all of them."""

    def __init__(self, store: Store, found: Sequence[Change]) -> None:
        rows = [_row(change) for change in found]
        ids = {row["issue_id"] for row in rows if row.get("issue_id") is not None}
        self._issues = {issue.id: issue.key for issue in issues.page(store, issues.with_ids(ids), (), 0, len(ids))}
        ids_of_teams = {row["team_id"] for row in rows if row.get("team_id") is not None}
        self._teams = {str(team_id): name for team_id, name in teams.names(store, ids_of_teams).items()}

    def subject(self, change: Change, event: Event) -> str:
        """An issue with its summary, the name of what has one, the issue of work, the team of what is in one; else the id."""
        row = _row(change)
        if "summary" in row and "key" in row:
            return f"{row['key']} {row['summary']}"
        if event.entity_type == "globalconfiguration":
            return "Settings"
        if row.get("name"):
            return str(row["name"])
        if row.get("issue_id") is not None:
            key = self._issues.get(row["issue_id"], f"issue {row['issue_id']}")
            return key if event.entity_type == "internalissue" else f"{event.entity_id} on {key}"
        if event.entity_type in ("teammembership", "teamlink"):
            return self._teams.get(event.parent_id, f"team {event.parent_id}")
        return event.entity_id


def _row(change: Change) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(change.after or change.before or "{}")
    return row
