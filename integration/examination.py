"""Who has or lacks the integration, and why: asked for by ``tempo-sync doctor`` and by the page of access."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from integration import token_end
from integration.checkup import gather
from integration.clients.http import Unreadable
from integration.clients.jira import Jira
from integration.connect import ABSENCES, Facts, Kind, Verdict, judge
from integration.connecting import configured_token, looked_at, same_token
from integration.doctor import Diagnosis, State, diagnose
from integration.exits import Exit
from integration.records import Issue, Person
from integration.run import Console, clients
from integration.secrets import fingerprint
from integration.settings import Settings
from integration.status import ends
from integration.store import Connection, Store
from integration.switches import Switches
from integration.template_warnings import named, warnings


class TokenLook(NamedTuple):
    """The token as it answers now. same: its connection, None where another was connected. bean: its end, for programs."""

    facts: Facts
    verdict: Verdict
    same: Connection | None
    bean: dict[str, Any]

    def exit(self, of_figures: Exit) -> Exit:
        """How a look at the worklogs ends. Whose token sees only themselves is told by the figures, unless accepted."""
        return of_figures if self.verdict.kind in (Kind.GOOD, Kind.SEES_NOBODY) else Exit.UNREADABLE


class Examined(NamedTuple):
    """What was found. rules: accountId -> how many rules to come somebody has. last_read: UTC, ISO 8601."""

    exit: Exit
    people: tuple[Diagnosis, ...]
    rules: Mapping[str, int]
    last_read: str | None
    notes: tuple[str, ...]


def look_at_token(settings: Settings, store: Store, console: Console, now: datetime, use: str) -> TokenLook:
    """Ask Tempo and Jira how they answer. Raises ``Mistaken`` and ``Unusable``."""
    token = configured_token(settings)
    known = store.connection()
    same = same_token(token, known)
    facts = looked_at(settings, token, console, now.date(), same, same.expires if same else None, use)
    bean = token_end.bean(known, fingerprint(token), now.date(), settings.remind_days)
    return TokenLook(facts, judge(facts), same, bean)


def examine(
    settings: Settings, store: Store, console: Console, look: TokenLook, now: datetime, only: Collection[str] = ()
) -> Examined:
    """Go through the people of the site, or those who are named. Raises ``Mistaken`` for somebody whom nobody knows."""
    tempo, jira = clients(settings, console)
    selection = store.selection()
    ids = {issue.key: issue.id for issue in selection.values()}
    templates = {(person, ids[key]) for person, key in settings.templates if key in ids}
    with console.progress("asking about people") as progress:
        gathered = gather(
            tempo, jira, look.verdict, selection, templates, now.date(),
            people_with_rules=store.people(), only=only, progress=progress,
        )  # fmt: skip
    notes = [*gathered.notes, *([look.verdict.warning] if look.verdict.warning else [])]
    notes += _warnings(settings, selection, jira)
    since = Switches(store).off_since(ABSENCES)
    if since:
        notes.append(f"the sync of absences is switched off since {since}; `tempo-sync switch absences on` switches it on")
    people = tuple(diagnose(person, gathered.known) for person in gathered.people)
    rules = Counter(held.rule.account_id for held in store.held() if ends(held.rule) > now)
    code = Exit.IN_SYNC if all(one.state is State.HAS for one in people) and people else Exit.INCOMPLETE
    code = code if look.verdict.is_good else Exit.UNREADABLE
    return Examined(code, people, rules, store.fact("last_read"), tuple(notes))


def since_last_read(last_read: str | None, now: datetime) -> str:
    """When everything was read and applied, and since when nothing was, in words."""
    if last_read is None:
        return "nothing was ever read and applied"
    days = (now - datetime.fromisoformat(last_read)).days
    since = "" if days < 1 else f", nothing for {'one day' if days == 1 else f'{days} days'}"
    return f"{last_read}{since}"


def _warnings(settings: Settings, selection: Mapping[str, Issue], jira: Jira) -> list[str]:
    try:
        shown: Mapping[str, Person] | None = jira.people(named(settings.templates))
    except Unreadable:
        # The verdict has it.
        shown = None
    return warnings(settings.templates, selection.values(), shown)
