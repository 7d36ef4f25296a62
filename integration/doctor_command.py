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

if TYPE_CHECKING:
    from integration.doctor import Diagnosis
    from integration.examination import TokenLook
    from integration.settings import Settings
    from integration.store import Store


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``tempo-sync doctor``."""
    parser.add_argument("--person", metavar="WHO", nargs="+", default=[], help="only these people, by accountId or name")
    parser.add_argument("--for", dest="use", choices=["absences", "worklogs"], help="which sync is looked at")


def run(options: argparse.Namespace) -> int:
    """Answers the exit code; raises ``Mistaken`` and ``Unusable``."""
    from integration import token_end
    from integration.connect import WORKLOGS
    from integration.connecting import usual
    from integration.doctor import State
    from integration.examination import examine, look_at_token, since_last_read
    from integration.settings import read_settings
    from integration.store import Store
    from integration.terminal import Terminal
    from integration.worklog_checkup import bean, checkup, lines

    settings = read_settings(options.config)
    console = Terminal(is_quiet=options.json)
    now = datetime.now(UTC)
    with closing(Store(settings.state)) as store:
        use = options.use or usual(settings, store.connection())
        look = look_at_token(settings, store, console, now, use)
        if use == WORKLOGS:
            return _of_worklogs(options, settings, store, look, now)
        examined = examine(settings, store, console, look, now, options.person)
        worklogs = checkup(settings, store)
    verdict = look.verdict
    if options.json:
        told = {
            "exitCode": int(examined.exit),
            "token": {**look.bean, "verdict": verdict.kind.value, "sentence": verdict.sentence},
            "lastRead": examined.last_read,
            "notes": examined.notes,
            "people": [{**_bean(one), "rules": examined.rules[one.person.account_id]} for one in examined.people],
            "worklogs": bean(worklogs) if worklogs.standing else None,
        }
        json.dump(told, sys.stdout, indent=2, ensure_ascii=False)
        print()
        return int(examined.exit)
    print(f"Token: {verdict.sentence}")
    print(f"Its end: {token_end.sentence(look.same, now.date())}")
    print(f"Last read: {since_last_read(examined.last_read, now)}")
    if worklogs.standing is not None:
        print("\n".join(lines(worklogs, now)))
    for note in (look.bean["warning"], *examined.notes):
        if note:
            console.say(note)
    for one in examined.people:
        print("\n".join(_lines(one, examined.rules[one.person.account_id])))
    count = Counter(one.state for one in examined.people)
    print(f"{count[State.HAS]} have it, {count[State.LACKS]} lack it, of {count[State.CANNOT_TELL]} nobody can tell")
    return int(examined.exit)


def _of_worklogs(
    options: argparse.Namespace,
    settings: Settings,
    store: Store,
    look: TokenLook,
    now: datetime,
) -> int:
    from integration import token_end
    from integration.worklog_checkup import bean, checkup, lines

    facts, verdict, same, state = look
    found = checkup(settings, store, facts)
    # Whose token sees only themselves is told by the figures, unless somebody accepted that.
    code = look.exit(found.exit)
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
