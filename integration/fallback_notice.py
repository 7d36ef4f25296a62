"""What nobody may overlook while Tempo cannot be read: why, since when, what is missing, and how it ends."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from types import MappingProxyType
from typing import NamedTuple

from integration.alarm import KeptAlarm
from integration.settings import Settings
from integration.store import Store
from integration.worklog_rows import WorklogRows
from integration.worklogs import Fallback, Standing

_BY_ITSELF = "Nothing needs to be done here: the first run that reads Tempo again takes its hours up."
_ADDRESS = "Look at [site] tempo_url in the configuration: it has to be the address of Tempo's API for this site."

_ENDS: Mapping[str, str] = MappingProxyType(
    {
        "unreachable": _BY_ITSELF,
        "server-error": _BY_ITSELF,
        "too-many": f"{_BY_ITSELF} If it stays, make [site] requests_per_second smaller.",
        "broken": _BY_ITSELF,
        "unauthorized": "Make a new token in Tempo, connect with it (tempo-sync connect --rotate), and run the sync.",
        "forbidden": "Give the token View worklogs and its owner the permission role View Worklogs in Tempo, and run the sync.",
        "not-found": _ADDRESS,
        "gone": "This version of the API is no longer there: take a newer version of tempo-sync.",
        "other-site": f"{_ADDRESS} If the site was renamed, tempo-sync worklogs --full takes it up.",
        "not-tempo": f"{_ADDRESS} A proxy or a log-in page between here and Tempo answers like this, too.",
    }
)
_OTHERWISE = "Look at tempo-sync doctor --for worklogs, put right what it names, and run the sync."


class FallbackNotice(NamedTuple):
    """title: what happened, in one line. since: UTC, ISO 8601. cause, missing, ends: sentences."""

    title: str
    since: str
    cause: str
    missing: str
    ends: str

    @property
    def text(self) -> str:
        """All of it in one paragraph."""
        return f"{self.title}, since {self.since}. {self.cause} {self.missing} {self.ends}"


def fallback_notice(settings: Settings) -> FallbackNotice | None:
    """What is to be told on every page; None while Tempo is read, or is not asked. Raises ``Unusable``."""
    # To look is no reason to make a database.
    if not settings.state.exists():
        return None
    with closing(Store(settings.state)) as store:
        return notice(WorklogRows(store).standing(), KeptAlarm(store, settings.worklogs.alerts).now.raised)


def notice(standing: Standing | None, raised: Fallback | None) -> FallbackNotice | None:
    """raised: that Tempo cannot be read, also where nothing stands in."""
    found = standing.fallback if standing is not None and standing.fallback is not None else raised
    if found is None:
        return None
    cause = f"{found.cause.sentence[:1].upper()}{found.cause.sentence[1:].rstrip('.')}."
    ends = _ENDS.get(found.cause.kind, _OTHERWISE)
    if standing is not None and standing.fallback is not None:
        return FallbackNotice(
            "Fallback: the hours are Jira's, because Tempo cannot be read", found.since, cause,
            "What was entered in Tempo is in nobody's account, because Jira does not tell whose it is: everybody's hours are "
            "at least these, and nobody has a balance.", ends,
        )  # fmt: skip
    read = f"on {standing.read}" if standing is not None and standing.read else "never"
    return FallbackNotice(
        "Tempo cannot be read, and nothing stands in for it", found.since, cause,
        f"What was logged or changed since then is missing: the hours are those read last, {read}.", ends,
    )  # fmt: skip
