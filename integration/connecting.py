"""Connecting, rotating and verifying again: what ``tempo-sync connect`` and its page do once they know what is wanted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any, NamedTuple

from integration import token_end
from integration.connect import Facts, Verdict, judge, with_warning
from integration.probe import probe
from integration.run import Console, clients, tempo_wire
from integration.secrets import fingerprint, secret, store_in_keyring, write_file
from integration.settings import Mistaken, Settings
from integration.store import Connection, Store
from integration.token_source import with_source, write

PURPOSES = MappingProxyType(
    {
        "absences": "tempo-sync: plans become out-of-office rules",
        "worklogs": "tempo-sync: worklogs become time accounts",
    }
)
"""What a token is for, in words, where nobody says it in others."""

MOST_DAYS = 36_500


class End(NamedTuple):
    """The last day of a token as somebody told it. day: None for nobody knows."""

    day: date | None


class NewToken(NamedTuple):
    """A token to verify. source: where it is to be kept, as under [token]; "" where it is kept already."""

    token: str
    source: str = ""


class Wish(NamedTuple):
    """What is wanted of a connection. even_so: although nobody's plans, or worklogs, are seen."""

    end: End
    purpose: str
    use: str
    even_so: bool = False


class Connected(NamedTuple):
    """What came of it. known: the connection that is remembered now. token: what is known of the token, for programs."""

    verdict: Verdict
    facts: Facts
    known: Connection | None
    token: dict[str, Any]


def same_token(token: str, before: Connection | None) -> Connection | None:
    """The connection that is known, if it is this token's."""
    return before if before is not None and before.fingerprint == fingerprint(token) else None


def configured_token(settings: Settings) -> str:
    """The token of Tempo that is in use. Raises ``Mistaken``."""
    return secret("tempo", settings.secrets["tempo"], settings.path.parent)


def looked_at(
    settings: Settings, token: str, console: Console, today: date, known: Connection | None, end: date | None, use: str
) -> Facts:
    """Ask Tempo and Jira what the verdict needs. known: the connection of this very token. Raises ``Mistaken``."""
    _, jira = clients(settings, console, tempo_token=token)
    return probe(
        tempo_wire(settings.tempo_url, token, settings, console), jira,
        lambda url: tempo_wire(url, token, settings, console), today,
        known=known, expires=end, begins_as=token[:5],
        use=use, everybody=len({one.person for one in settings.worklogs.contracts}) or None,
    )  # fmt: skip


def connect(settings: Settings, store: Store, new: NewToken, wish: Wish, console: Console, now: datetime) -> Connected:
    """Verify a token; only one that works is kept, and remembered. Raises ``Mistaken`` and ``Unusable``."""
    token = secret("tempo", f"text:{new.token}", settings.path.parent)
    facts = looked_at(settings, token, console, now.date(), same_token(token, store.connection()), wish.end.day, wish.use)
    verdict = judge(facts)
    verdict = with_warning(verdict, wish.use) if wish.even_so else verdict
    if verdict.is_good:
        _refuse_past(wish.end, now.date())
        moment = now.isoformat(timespec="seconds")
        with store.transaction():
            store.set_connection(
                Connection(settings.tempo_url, wish.purpose, wish.end.day, fingerprint(token), moment, wish.use)
            )
            # Within: where the token cannot be kept, nothing is remembered of it either.
            _keep(new.source, token, settings)
    known = store.connection()
    return Connected(verdict, facts, known, token_end.bean(known, fingerprint(token), now.date(), settings.remind_days))


def usual(settings: Settings, before: Connection | None) -> str:
    """Which sync a token is for, "absences" or "worklogs", where nobody says it. before: what is known of the one in use."""
    if before is not None:
        return before.use
    return "worklogs" if settings.worklogs.contracts and not settings.templates else "absences"


def usual_purpose(before: Connection | None, use: str) -> str:
    """What a token is for where nobody says it."""
    return before.purpose if before is not None and before.use == use else PURPOSES[use]


def end_of(value: str) -> End:
    """A day such as 2027-01-31, or "unknown". Raises ``ValueError`` with a sentence."""
    if value == "unknown":
        return End(None)
    try:
        return End(date.fromisoformat(value))
    except ValueError:
        raise ValueError(f'{value!r} is neither a day such as 2027-01-31 nor "unknown"') from None


def end_after(value: str, today: date) -> End:
    """A number of days from today. Raises ``ValueError`` with a sentence."""
    if not (value.isascii() and value.isdecimal() and 1 <= len(value) <= 5 and 1 <= int(value) <= MOST_DAYS):
        raise ValueError(f"{value!r} is no number of days from 1 to {MOST_DAYS}")
    return End(today + timedelta(days=int(value)))


def _keep(source: str, token: str, settings: Settings) -> None:
    is_new = source not in ("", settings.secrets["tempo"])
    # Before anything is written: a configuration that cannot name it would not find the token.
    configuration = with_source(settings.path, "tempo", source) if is_new else ""
    if source == "keyring":
        store_in_keyring("tempo", token)
    elif source:
        path = settings.path.parent / source.removeprefix("file:")
        try:
            write_file(path, token)
        except OSError as error:
            raise Mistaken(f"The token works, but {path} cannot be written ({error.strerror}); nothing was changed.") from None
    if is_new:
        write(settings.path, configuration)


def _refuse_past(end: End, today: date) -> None:
    if end.day is not None and end.day < today:
        raise Mistaken(
            f"{end.day.isoformat()} is past, but the token works; look up its end where it was made. Nothing was saved."
        )


def may_read(facts: Facts) -> list[str]:
    """What the token was seen to read, in words; no API lists its scopes."""
    found = (
        (facts.listed.kind == "ok", facts.use if facts.use == "worklogs" else "plans"),
        (facts.use == "absences" and facts.schemes.kind == "ok", "schemes"),
        (facts.teams is not None, "teams"),
        (facts.use == "worklogs" and facts.audit.kind == "ok", "the audit log"),
    )
    return [name for is_so, name in found if is_so]
