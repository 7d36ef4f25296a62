"""Tell for each person why they have or lack the integration, until when the token lasts, and since when nothing was read.

What cannot be asked is told as "cannot tell" and is never taken for fine. The exit code is 0 when everybody has it, 4 when
the token or Tempo does not work, 7 when somebody lacks it or cannot be told.

With a token that was connected for worklogs, or none yet where there are contracts and no templates, or with --for worklogs, it
is their sync that is looked at: how the hours stand, since when Tempo cannot be read, who is visible, and how deletions are
noticed. The exit code is then that of the hours, or 4.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from integration.exits import Exit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from integration.clients.jira import Jira
    from integration.connect import Facts, Verdict
    from integration.doctor import Diagnosis
    from integration.records import Issue, Person
    from integration.settings import Settings
    from integration.store import Connection, Store


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``tempo-sync doctor``."""
    parser.add_argument("--person", metavar="WHO", nargs="+", default=[], help="only these people, by accountId or name")
    parser.add_argument("--for", dest="use", choices=["absences", "worklogs"], help="which sync is looked at")


def run(options: argparse.Namespace) -> int:
    """Answers the exit code; raises ``Mistaken`` and ``Unusable``."""
    from integration import token_end
    from integration.checkup import gather
    from integration.connect import WORKLOGS, judge
    from integration.connecting import usual
    from integration.doctor import State, diagnose
    from integration.probe import probe
    from integration.run import clients, tempo_wire
    from integration.secrets import fingerprint, secret
    from integration.settings import read_settings
    from integration.status import ends
    from integration.store import Store
    from integration.terminal import Terminal
    from integration.worklog_checkup import bean, checkup, lines

    settings = read_settings(options.config)
    console = Terminal(is_quiet=options.json)
    now = datetime.now(UTC)
    token = secret("tempo", settings.secrets["tempo"], settings.path.parent)
    tempo, jira = clients(settings, console, tempo_token=token)
    with closing(Store(settings.state)) as store:
        connection, selection = store.connection(), store.selection()
        same = connection if connection is not None and connection.fingerprint == fingerprint(token) else None
        use = options.use or usual(settings, connection)
        facts = probe(
            tempo.wire, jira, lambda url: tempo_wire(url, token, settings, console), now.date(),
            known=same, expires=same.expires if same else None, begins_as=token[:5],
            use=use, everybody=len({one.person for one in settings.worklogs.contracts}) or None,
        )  # fmt: skip
        verdict = judge(facts)
        if use == WORKLOGS:
            state = token_end.bean(connection, fingerprint(token), now.date(), settings.remind_days)
            return _of_worklogs(options, settings, store, facts, verdict, (state, same), now)
        ids = {issue.key: issue.id for issue in selection.values()}
        templates = {(person, ids[key]) for person, key in settings.templates if key in ids}
        with console.progress("asking about people") as progress:
            gathered = gather(
                tempo, jira, verdict, selection, templates, now.date(),
                people_with_rules=store.people(), only=options.person, progress=progress,
            )  # fmt: skip
        warnings = _warnings(settings, selection, jira)
        last_read = store.fact("last_read")
        coming = Counter(held.rule.account_id for held in store.held() if ends(held.rule) > now)
        worklogs = checkup(settings, store)
    found = [diagnose(person, gathered.known) for person in gathered.people]
    state = token_end.bean(connection, fingerprint(token), now.date(), settings.remind_days)
    reading = _last_read(last_read, now)
    code = Exit.IN_SYNC if all(one.state is State.HAS for one in found) and found else Exit.INCOMPLETE
    code = code if verdict.is_good else Exit.UNREADABLE
    if options.json:
        told = {
            "exitCode": int(code),
            "token": {**state, "verdict": verdict.kind.value, "sentence": verdict.sentence},
            "lastRead": last_read,
            "notes": [*gathered.notes, *([verdict.warning] if verdict.warning else []), *warnings],
            "people": [{**_bean(one), "rules": coming[one.person.account_id]} for one in found],
            "worklogs": bean(worklogs) if worklogs.standing else None,
        }
        json.dump(told, sys.stdout, indent=2, ensure_ascii=False)
        print()
        return int(code)
    print(f"Token: {verdict.sentence}")
    print(f"Its end: {token_end.sentence(same, now.date())}")
    print(f"Last read: {reading}")
    if worklogs.standing is not None:
        print("\n".join(lines(worklogs, now)))
    for note in (state["warning"], verdict.warning, *gathered.notes, *warnings):
        if note:
            console.say(note)
    for one in found:
        print("\n".join(_lines(one, coming[one.person.account_id])))
    count = Counter(one.state for one in found)
    print(f"{count[State.HAS]} have it, {count[State.LACKS]} lack it, of {count[State.CANNOT_TELL]} nobody can tell")
    return int(code)


def _warnings(settings: Settings, selection: Mapping[str, Issue], jira: Jira) -> list[str]:
    from integration.clients.http import Unreadable
    from integration.template_warnings import named, warnings

    try:
        shown: Mapping[str, Person] | None = jira.people(named(settings.templates))
    except Unreadable:
        # The verdict has it.
        shown = None
    return warnings(settings.templates, selection.values(), shown)


def _of_worklogs(
    options: argparse.Namespace,
    settings: Settings,
    store: Store,
    facts: Facts,
    verdict: Verdict,
    end: tuple[dict[str, Any], Connection | None],
    now: datetime,
) -> int:
    from integration import token_end
    from integration.connect import Kind
    from integration.worklog_checkup import bean, checkup, lines

    state, same = end
    found = checkup(settings, store, facts)
    # Whose token sees only themselves is told by the figures, unless somebody accepted that.
    code = found.exit if verdict.kind in (Kind.GOOD, Kind.SEES_NOBODY) else Exit.UNREADABLE
    if options.json:
        token = {**state, "verdict": verdict.kind.value, "sentence": verdict.sentence}
        json.dump({"exitCode": int(code), "token": token, "worklogs": bean(found, verdict)}, sys.stdout, ensure_ascii=False)
        print()
        return int(code)
    print(f"Token: {verdict.sentence}")
    print(f"Its end: {token_end.sentence(same, now.date())}")
    print("\n".join(lines(found, now)))
    if state["warning"]:
        print(f"tempo-sync: {state['warning']}", file=sys.stderr)
    return int(code)


def _last_read(last_read: str | None, now: datetime) -> str:
    if last_read is None:
        return "nothing was ever read and applied"
    days = (now - datetime.fromisoformat(last_read)).days
    since = "" if days < 1 else f", nothing for {'one day' if days == 1 else f'{days} days'}"
    return f"{last_read}{since}"


def _lines(found: Diagnosis, rules: int) -> list[str]:
    from integration.doctor import Cause, State

    words = {State.HAS: f"has it ({', '.join(found.issues)})", State.LACKS: "lacks it", State.CANNOT_TELL: "cannot tell"}
    told = [f"{found.person.name}: {words[found.state]}"]
    if rules and found.state is State.LACKS:
        told.append(f"    Has {rules} {'rule' if rules == 1 else 'rules'} to come all the same, of what is already planned.")
    for finding in found.findings:
        if finding.cause is Cause.TOKEN:
            # It is everybody's, and stands above.
            continue
        told.append(f"    {finding.sentence}")
        told += [f"      -> {finding.solution}"] if finding.solution else []
    return told


def _bean(found: Diagnosis) -> dict[str, Any]:
    return {
        "accountId": found.person.account_id,
        "name": found.person.name,
        "state": found.state.value,
        "issues": list(found.issues),
        "findings": [{**f._asdict(), "cause": f.cause.value, "state": f.state.value} for f in found.findings],
    }
