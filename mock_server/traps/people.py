"""Traps of people: whose work is seen, who somebody is, and whether their address is."""

import threading
from collections.abc import Iterable
from typing import Any

from mock_server.domain import view_worklogs
from mock_server.domain.view_worklogs import Reach
from mock_server.errors import Invalid
from mock_server.faults.exchange import Exchange
from mock_server.faults.matching import person_named
from mock_server.sites import Site
from mock_server.storage import people, worklogs
from mock_server.storage.people import Person
from mock_server.traps.answers import changing, items_of
from mock_server.traps.asked import WORKLOGS, reading, taking
from mock_server.traps.trap import Laid, Values
from mock_server.traps.world import change_of, put_back, turned

UNKNOWN = "__tempo-io__unknown_user"
"""The author of worklogs whose author's account was anonymised."""


def hide_authors(site: Site, values: Values) -> Laid:
    """Nobody, or one person no longer, holds View Worklogs through a role made by hand."""
    person = _named(site, values["persona"])
    with change_of(site, "hidden-authors") as store:
        taken = view_worklogs.take(store, person)
        if not taken:
            raise Invalid("No permission role that was made by hand gives View Worklogs here, so there is nothing to take.")

    return Laid(lift=put_back(site, "hidden-authors", lambda store: view_worklogs.give_back(store, taken, person)))


def shrink_reach(site: Site, values: Values) -> Laid:
    """From the next list of worklogs on each role View Worklogs is over its first team only."""
    lock = threading.Lock()
    former: list[Reach] = []
    is_lifted = threading.Event()
    give_back = put_back(site, "shrinking-reach", lambda store: view_worklogs.widen(store, former))

    def effect(exchange: Exchange) -> Iterable[bytes]:
        with lock:
            # A request that was taken just before may come after.
            if not is_lifted.is_set():
                with change_of(site, "shrinking-reach") as store:
                    former.extend(view_worklogs.narrow(store))
        return exchange.send(exchange.answer())

    def lift() -> None:
        with lock:
            is_lifted.set()
            if former:
                give_back()

    return Laid(reading(site, values, f"{WORKLOGS}.*"), effect, lift)


def anonymise_author(site: Site, values: Values) -> Laid:
    """One author is unknown in worklogs, and their worklogs cannot be removed."""
    person = _named(site, values["author"]) or _first_author(site)

    def anonymise(_: Exchange, content: Any) -> None:
        for item in items_of(content):
            author = item.get("author")
            if isinstance(author, dict) and author.get("accountId") == person.account_id:
                item["author"] = {name: text.replace(person.account_id, UNKNOWN) for name, text in author.items()}

    answer = changing(anonymise)
    listed = taking(site, values, path=f"{WORKLOGS}.*")

    def effect(exchange: Exchange) -> Iterable[bytes]:
        if exchange.environ["REQUEST_METHOD"] == "DELETE" and _author_id(exchange) == person.id:
            return exchange.send(exchange.refused(Invalid("User is invalid")))
        return answer(exchange)

    return Laid(listed, effect)


def hide_emails(site: Site, values: Values) -> Laid:
    """Jira tells nobody's e-mail address but one's own."""
    return Laid(lift=turned(site, {"jiraCloud.emails": "hidden", "jiraCloud.hiddenEmail": values["shown"]}))


def _named(site: Site, name: str | None) -> Person | None:
    if name is None:
        return None
    user = person_named(site, name)
    with site.shown.reading():
        return people.by_name(site.shown, user)


def _first_author(site: Site) -> Person:
    store = site.shown
    with store.reading():
        worklog = worklogs.get(store, worklogs.first_id(store))
        person = people.get(store, worklog.author_id) if worklog else None
    if person is None:
        raise Invalid("Nobody has logged work here; name the author.")
    return person


def _author_id(exchange: Exchange) -> int | None:
    number = exchange.environ["PATH_INFO"].rstrip("/").rpartition("/")[2]
    if not (number.isascii() and number.isdecimal() and len(number) <= 10):
        return None
    store = exchange.site.shown
    with store.reading():
        worklog = worklogs.get(store, int(number))
    return worklog.author_id if worklog else None
