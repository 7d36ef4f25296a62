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
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from integration.exits import Exit

if TYPE_CHECKING:
    from integration.connect import Verdict
    from integration.settings import Settings
    from integration.store import Connection

PURPOSES = MappingProxyType(
    {
        "absences": "tempo-sync: plans become out-of-office rules",
        "worklogs": "tempo-sync: worklogs become time accounts",
    }
)
"""What a token is for, in words, where nobody says it in others."""

_MOST_DAYS = 36_500


class End(NamedTuple):
    """The last day of a token as somebody told it. day: None for nobody knows."""

    day: date | None


class _New(NamedTuple):
    """A token to verify. source: where it is to be kept, "" where it is kept already."""

    token: str
    source: str


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of ``tempo-sync connect``."""
    end = parser.add_mutually_exclusive_group()
    end.add_argument("--expires", type=_end, metavar="DATE", help='the last day of the token, such as 2027-01-31, or "unknown"')
    end.add_argument("--days", type=_days, metavar="N", dest="expires", help="the token lasts so many days from today")
    parser.add_argument("--for", dest="use", choices=sorted(PURPOSES), help="which sync the token is verified for")
    parser.add_argument("--purpose", metavar="TEXT", help="what the token is for, to know it again")
    parser.add_argument("--rotate", action="store_true", help="verify a new token, then swap it for the one there is")
    parser.add_argument("--keep", metavar="WHERE", help='read a token and keep it: "keyring" or "file:PATH"')
    parser.add_argument("--even-so", action="store_true", help="connect although nobody's plans are seen yet")


def run(options: argparse.Namespace) -> int:
    """Answers the exit code; raises ``Mistaken`` and ``Unusable``."""
    from integration import token_end
    from integration.connect import judge, with_warning
    from integration.probe import probe
    from integration.run import clients, tempo_wire
    from integration.secrets import fingerprint, secret
    from integration.settings import read_settings
    from integration.store import Connection, Store
    from integration.terminal import Terminal

    settings = read_settings(options.config)
    console = Terminal(is_quiet=options.json)
    now = datetime.now(UTC)
    with closing(Store(settings.state)) as store:
        before = store.connection()
        new = _token(options, settings, before)
        token = secret("tempo", f"text:{new.token}", settings.path.parent)
        same = before if before is not None and before.fingerprint == fingerprint(token) else None
        end = _asked_end(options, same, now.date())
        use = options.use or usual(settings, before)
        purpose = _asked_purpose(options, before, use)
        _, jira = clients(settings, console, tempo_token=token)
        facts = probe(
            tempo_wire(settings.tempo_url, token, settings, console), jira,
            lambda url: tempo_wire(url, token, settings, console), now.date(),
            known=same, expires=end.day, begins_as=token[:5],
            use=use, everybody=len({one.person for one in settings.worklogs.contracts}) or None,
        )  # fmt: skip
        verdict = judge(facts)
        verdict = with_warning(verdict, use) if options.even_so else verdict
        if verdict.is_good:
            _refuse_past(end, now.date())
            moment = now.isoformat(timespec="seconds")
            with store.transaction():
                store.set_connection(Connection(settings.tempo_url, purpose, end.day, fingerprint(token), moment, use))
                # Within: where the token cannot be kept, nothing is remembered of it either.
                _keep(new, token, settings)
        known = store.connection()
        state = token_end.bean(known, fingerprint(token), now.date(), settings.remind_days)
    if options.json:
        told = {"connected": verdict.is_good, "for": use, "verdict": verdict.kind.value, "sentence": verdict.sentence}
        swapped = options.rotate and verdict.is_good
        json.dump({**told, "warning": verdict.warning, "rotated": swapped, "token": state}, sys.stdout, indent=2)
        print()
    else:
        _show(verdict, known, options, now.date())
    if verdict.is_good and options.keep and options.keep != settings.secrets["tempo"]:
        console.say(f'now write tempo = "{options.keep}" under [token] of {settings.path}')
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


def _token(options: argparse.Namespace, settings: Settings, before: Connection | None) -> _New:
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
        return _New(_typed(), source)
    found = secret("tempo", told, settings.path.parent)
    if options.rotate and before is not None and before.fingerprint == fingerprint(found):
        where = "TEMPO_TOKEN" if told in ("", "env") else f"[token] tempo of {settings.path}"
        raise Mistaken(f"{where} still holds the old token; put the new one there and run this again.")
    return _New(found, "")


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


def _keep(new: _New, token: str, settings: Settings) -> None:
    from integration.secrets import store_in_keyring, write_file
    from integration.settings import Mistaken

    if new.source == "keyring":
        store_in_keyring("tempo", token)
    elif new.source:
        path = settings.path.parent / new.source.removeprefix("file:")
        try:
            write_file(path, token)
        except OSError as error:
            raise Mistaken(f"The token works, but {path} cannot be written ({error.strerror}); nothing was changed.") from None


def _asked_end(options: argparse.Namespace, same: Connection | None, today: date) -> End:
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


def usual(settings: Settings, before: Connection | None) -> str:
    """Which sync a token is for, "absences" or "worklogs", where nobody says it. before: what is known of the one in use."""
    if before is not None:
        return before.use
    return "worklogs" if settings.worklogs.contracts and not settings.templates else "absences"


def _asked_purpose(options: argparse.Namespace, before: Connection | None, use: str) -> str:
    if options.purpose is not None:
        return str(options.purpose)
    default = before.purpose if before is not None and before.use == use else PURPOSES[use]
    if not _somebody_is_there(options):
        return default
    try:
        return input(f"What the token is for [{default}]: ").strip() or default
    except EOFError:
        return default


def _somebody_is_there(options: argparse.Namespace) -> bool:
    # A question on standard output would stand within the JSON.
    return sys.stdin.isatty() and not options.json


def _refuse_past(end: End, today: date) -> None:
    from integration.settings import Mistaken

    if end.day is not None and end.day < today:
        raise Mistaken(
            f"{end.day.isoformat()} is past, but the token works; look up its end where it was made. Nothing was saved."
        )


def _end(value: str) -> End:
    if value == "unknown":
        return End(None)
    try:
        return End(date.fromisoformat(value))
    except ValueError:
        raise argparse.ArgumentTypeError(f'{value!r} is neither a day such as 2027-01-31 nor "unknown"') from None


def _days(value: str, today: date | None = None) -> End:
    if not (value.isascii() and value.isdecimal() and 1 <= len(value) <= 5 and 1 <= int(value) <= _MOST_DAYS):
        raise argparse.ArgumentTypeError(f"{value!r} is no number of days from 1 to {_MOST_DAYS}")
    return End((today or datetime.now(UTC).date()) + timedelta(days=int(value)))
