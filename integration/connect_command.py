"""Verify the token of Tempo and the log-in to Jira, then remember until when the token lasts and what it is for.

With --for worklogs the token only has to read worklogs: the scope View worklogs is enough. Without it a token is verified for
what it was connected for before; a new one for worklogs where there are contracts and no templates, else for absences.

Tempo tells nobody when a token ends, so it is asked for here. With --rotate, and with --keep, a new token is read from the
terminal without showing it, or from standard input; it is verified first, and only then takes the place of the old one.
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from contextlib import closing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from integration.exits import Exit

if TYPE_CHECKING:
    from integration.connect import Verdict
    from integration.connecting import End, NewToken
    from integration.settings import Settings
    from integration.store import Connection


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``tempo-sync connect``."""
    end = parser.add_mutually_exclusive_group()
    end.add_argument("--expires", type=_end, metavar="DATE", help='the last day of the token, such as 2027-01-31, or "unknown"')
    end.add_argument("--days", type=_days, metavar="N", dest="expires", help="the token lasts so many days from today")
    parser.add_argument("--for", dest="use", choices=["absences", "worklogs"], help="which sync the token is verified for")
    parser.add_argument("--purpose", metavar="TEXT", help="what the token is for, to know it again")
    parser.add_argument("--rotate", action="store_true", help="verify a new token, then swap it for the one there is")
    parser.add_argument("--keep", metavar="WHERE", help='read a token and keep it: "keyring" or "file:PATH"')
    parser.add_argument("--even-so", action="store_true", help="connect although nobody's plans are seen yet")


def run(options: argparse.Namespace) -> int:
    """Answers the exit code; raises ``Mistaken`` and ``Unusable``."""
    from integration.connecting import Wish, connect, same_token, usual
    from integration.secrets import secret
    from integration.settings import read_settings
    from integration.store import Store
    from integration.terminal import Terminal

    settings = read_settings(options.config)
    console = Terminal(is_quiet=options.json)
    now = datetime.now(UTC)
    with closing(Store(settings.state)) as store:
        before = store.connection()
        new = _token(options, settings, before)
        token = secret("tempo", f"text:{new.token}", settings.path.parent)
        end = _asked_end(options, same_token(token, before), now.date())
        use = options.use or usual(settings, before)
        wish = Wish(end, _asked_purpose(options, before, use), use, options.even_so)
        verdict, _, known, state = connect(settings, store, new, wish, console, now)
    if options.json:
        told = {"connected": verdict.is_good, "for": use, "verdict": verdict.kind.value, "sentence": verdict.sentence}
        swapped = options.rotate and verdict.is_good
        json.dump({**told, "warning": verdict.warning, "rotated": swapped, "token": state}, sys.stdout, indent=2)
        print()
    else:
        _show(verdict, known, options, now.date())
    if verdict.is_good and options.keep and options.keep != settings.secrets["tempo"]:
        console.say(f'{settings.path} says tempo = "{options.keep}" under [token] now')
    return int(Exit.IN_SYNC if verdict.is_good else Exit.UNREADABLE)


def _show(verdict: Verdict, known: Connection | None, options: argparse.Namespace, today: date) -> None:
    from integration import token_end

    if not verdict.is_good:
        stays = " The token there was stays in use." if options.rotate else ""
        print(f"tempo-sync: {verdict.sentence}{stays}", file=sys.stderr)
        return
    print(verdict.sentence)
    if verdict.warning:
        print(f"tempo-sync: {verdict.warning}", file=sys.stderr)
    print(f"The token {token_end.sentence(known, today)}; purpose: {known.purpose if known else ''}.")


def _token(options: argparse.Namespace, settings: Settings, before: Connection | None) -> NewToken:
    from integration.connecting import NewToken
    from integration.secrets import fingerprint, secret
    from integration.settings import Mistaken

    told = settings.secrets["tempo"]
    source = options.keep or told
    kept_here = source == "keyring" or source.startswith("file:")
    if options.keep and not kept_here:
        raise Mistaken('--keep takes "keyring" or "file:PATH".')
    if options.rotate and before is None:
        raise Mistaken("There is nothing to rotate: no token was connected yet; run `tempo-sync connect` first.")
    if options.keep or (options.rotate and kept_here):
        return NewToken(_typed(), source)
    found = secret("tempo", told, settings.path.parent)
    if options.rotate and before is not None and before.fingerprint == fingerprint(found):
        where = "TEMPO_TOKEN" if told in ("", "env") else f"[token] tempo of {settings.path}"
        raise Mistaken(f"{where} still holds the old token; put the new one there and run this again.")
    return NewToken(found)


def _typed() -> str:
    from integration.settings import Mistaken

    try:
        token = getpass.getpass("New API token of Tempo: ") if sys.stdin.isatty() else sys.stdin.readline()
    except EOFError:
        # Ctrl-D; the cursor stands behind the prompt.
        print(file=sys.stderr)
        token = ""
    if not token.strip():
        raise Mistaken("There is no new token: type it, or send it to standard input.")
    return token.strip()


def _asked_end(options: argparse.Namespace, same: Connection | None, today: date) -> End:
    from integration.connecting import End
    from integration.settings import Mistaken

    told: End | None = options.expires
    if told is not None:
        return told
    if same is not None:
        return End(same.expires)
    if not _somebody_is_there(options):
        raise Mistaken("No API tells when a token ends: say it with --expires DATE, --days N or --expires unknown.")
    while True:
        try:
            typed = input("Last day of the token (2027-01-31, a number of days, or unknown): ").strip()
            return _days(typed, today) if typed.isdecimal() else _end(typed)
        except argparse.ArgumentTypeError as error:
            # The token before it need not be typed again for a slip.
            print(f"tempo-sync: {error}", file=sys.stderr)
        except EOFError:
            raise Mistaken("Nothing was typed.") from None


def _asked_purpose(options: argparse.Namespace, before: Connection | None, use: str) -> str:
    from integration.connecting import usual_purpose

    if options.purpose is not None:
        return str(options.purpose)
    default = usual_purpose(before, use)
    if not _somebody_is_there(options):
        return default
    try:
        return input(f"What the token is for [{default}]: ").strip() or default
    except EOFError:
        return default


def _somebody_is_there(options: argparse.Namespace) -> bool:
    # A question on standard output would stand within the JSON.
    return sys.stdin.isatty() and not options.json


def _end(value: str) -> End:
    from integration.connecting import end_of

    try:
        return end_of(value)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _days(value: str, today: date | None = None) -> End:
    from integration.connecting import end_after

    try:
        return end_after(value, today or datetime.now(UTC).date())
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
