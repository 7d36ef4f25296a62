"""Traps of writes: what was done and not told, and what is refused for a reason that only the body tells."""

from collections.abc import Iterable

from mock_server.errors import NotFound
from mock_server.faults.exchange import Exchange
from mock_server.sites import Site
from mock_server.traps.answers import page
from mock_server.traps.asked import WORKLOGS, taking
from mock_server.traps.trap import Laid, Values
from mock_server.traps.world import turned


def deny_deletion(site: Site, values: Values) -> Laid:
    """What was removed is answered 404, as to somebody who did not get the first answer and asks again."""

    def effect(exchange: Exchange) -> Iterable[bytes]:
        answer = exchange.answer()
        if not answer.status.startswith("204"):
            return exchange.send(answer)
        number = exchange.environ["PATH_INFO"].rstrip("/").rpartition("/")[2]
        return exchange.send(exchange.refused(NotFound(f"'{number}' not found")))

    return Laid(taking(site, values, ("DELETE",)), effect)


def lose_creation(site: Site, values: Values) -> Laid:
    """What was made is answered 504."""

    def effect(exchange: Exchange) -> Iterable[bytes]:
        answer = exchange.answer()
        return exchange.send(page(504) if answer.status.startswith("2") else answer)

    return Laid(taking(site, values, ("POST",), rf"(?:{WORKLOGS}(?:/issue/[0-9]+/bulk)?|/4/plans)/?"), effect)


def need_estimate(site: Site, values: Values) -> Laid:
    """A worklog needs the remaining estimate, and only the message says so."""
    return Laid(lift=turned(site, {"globalConfiguration.remainingEstimateOptional": "off"}))


def close_periods(site: Site, values: Values) -> Laid:
    """Periods are closed so many days after their end."""
    return Laid(lift=turned(site, {"periods.closedAfterDays": str(values["days"])}))
