"""What every run tells of the token's end."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from integration import token_end
from integration.secrets import fingerprint, secret
from integration.settings import Settings
from integration.store import Connection, Store


class Notice(NamedTuple):
    """warning: None while there is time. bean: the same for programs. connection: what is known of the token in use."""

    warning: str | None
    bean: dict[str, Any]
    connection: Connection | None


def token_notice(settings: Settings, store: Store, now: datetime) -> Notice:
    """Look at the configured token and at what was said when it was connected. Raises ``Mistaken``."""
    used = fingerprint(secret("tempo", settings.secrets["tempo"], settings.path.parent))
    known = store.connection()
    bean = token_end.bean(known, used, now.date(), settings.remind_days)
    return Notice(bean["warning"], bean, known if known is not None and known.fingerprint == used else None)


def explained(sentence: str, notice: Notice, last_read: str | None, now: datetime) -> str:
    """Why Tempo refuses the token, as far as is known, and since when nothing was read."""
    sentence = sentence.partition("; `tempo-sync connect`")[0]
    since = "nothing was ever read"
    if last_read:
        since = f"nothing was read since {datetime.fromisoformat(last_read).isoformat(timespec='seconds')}"
    ends = notice.connection.expires if notice.connection else None
    if ends is not None and ends <= now.date():
        return f"the token expired on {ends.isoformat()} ({sentence}); {since}; `tempo-sync connect --rotate` takes a new one"
    return f"{sentence}; {since}; `tempo-sync connect` tells what is wrong with the token"
