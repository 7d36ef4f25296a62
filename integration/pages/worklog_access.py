"""Access check of the worklog sync: what `tempo-sync doctor --for worklogs` tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from integration import token_end
from integration.connect import WORKLOGS
from integration.examination import look_at_token
from integration.known_people import KnownPeople
from integration.pages.page import Page
from integration.pages.run_words import meaning
from integration.worklog_checkup import checkup, lines

if TYPE_CHECKING:
    from flask import Response

    from integration.pages.visit import Visit

MOST_NAMES = 200


def _show(visit: Visit) -> Response:
    # To look is no reason to make a database; to ask is, as with the command.
    if not visit.settings.state.exists() and not visit.asked("ask"):
        told = ["Worklogs: never read; `tempo-sync worklogs` reads them."]
        return visit.show(
            "worklog_access.html", code=None, meaning="", verdict=None, ends="", warning="", lines=told, unseen=[], hidden=0
        )
    with visit.store() as store:
        look = look_at_token(visit.settings, store, visit.listener, visit.now, WORKLOGS) if visit.asked("ask") else None
        found = checkup(visit.settings, store, look.facts if look else None)
        names = KnownPeople(store).names()
    code = look.exit(found.exit) if look is not None else found.exit
    visible = found.standing.visible if found.standing is not None else None
    unseen = sorted((names.get(one, one) for one in (visible.unseen if visible else ())), key=str.casefold)
    return visit.show(
        "worklog_access.html",
        code=int(code),
        meaning=meaning(code),
        verdict=look.verdict if look else None,
        ends=token_end.sentence(look.same, visit.now.date()) if look else "",
        warning=look.bean["warning"] if look else "",
        lines=[line.strip() for line in lines(found, visit.now)],
        unseen=unseen[:MOST_NAMES],
        hidden=max(0, len(unseen) - MOST_NAMES),
    )


PAGES = (Page("GET", "/access/worklogs", _show),)
