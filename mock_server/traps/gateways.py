"""Traps of what stands before the service: limits, errors that pass, wrong probes, empty answers."""

import itertools
import threading
from collections.abc import Iterable

from mock_server.faults.exchange import Exchange
from mock_server.sites import Site
from mock_server.traps.answers import changing, emptied, page, stating
from mock_server.traps.asked import reading, taking
from mock_server.traps.trap import Laid, Values


def storm(site: Site, values: Values) -> Laid:
    """After ``served`` requests ``burst`` are answered 429, and so on; ``retryAfter`` 0 leaves the header out."""
    served, burst, wait = values["served"], values["burst"], values["retryAfter"]
    numbers = _Turns(served + burst)

    def effect(exchange: Exchange) -> Iterable[bytes]:
        if numbers.next() < served:
            return exchange.send(exchange.answer())
        headers = (("Retry-After", str(wait)),) if wait else ()
        return exchange.send(stating(429, {"errors": [{"message": "Too Many Requests"}]}, *headers))

    return Laid(taking(site, values), effect)


def empty_in_silence(site: Site, values: Values) -> Laid:
    """After ``served`` lists ``burst`` are answered 200 without results, and so on."""
    served, burst = values["served"], values["burst"]
    numbers = _Turns(served + burst)
    empty = changing(lambda _, content: emptied(content))

    def effect(exchange: Exchange) -> Iterable[bytes]:
        return exchange.send(exchange.answer()) if numbers.next() < served else empty(exchange)

    return Laid(reading(site, values), effect)


def empty_after_error(site: Site, values: Values) -> Laid:
    """Of three lists the first is answered with an error, the second with 200 and nothing, the third as it is."""
    status = values["status"]
    numbers = _Turns(3)
    empty = changing(lambda _, content: emptied(content))

    def effect(exchange: Exchange) -> Iterable[bytes]:
        turn = numbers.next()
        if turn == 0:
            return exchange.send(page(status))
        return empty(exchange) if turn == 1 else exchange.send(exchange.answer())

    return Laid(reading(site, values), effect)


def fail(site: Site, values: Values) -> Laid:
    """Every request is answered with an error of the server."""
    status = values["status"]
    return Laid(taking(site, values), lambda exchange: exchange.send(page(status)))


def refuse_probes(site: Site, values: Values) -> Laid:
    """HEAD and OPTIONS are answered 405."""
    refused = stating(405, {"errors": [{"message": "Method Not Allowed"}]}, ("Allow", "GET"))
    return Laid(taking(site, values, ("HEAD", "OPTIONS")), lambda exchange: exchange.send(refused))


class _Turns:
    """Counts from 0 to one below ``most`` and begins anew, for many threads."""

    def __init__(self, most: int) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.cycle(range(most))

    def next(self) -> int:
        with self._lock:
            return next(self._numbers)
