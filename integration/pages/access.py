"""Access check: of each person why they have or lack the integration, and what to do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from integration import token_end
from integration.connect import ABSENCES, Kind
from integration.doctor import Cause, State
from integration.examination import examine, look_at_token, since_last_read
from integration.known_people import KnownPeople
from integration.pages.page import Page
from integration.pages.words import moment
from integration.settings import Mistaken

if TYPE_CHECKING:
    from flask import Response

    from integration.pages.visit import Visit

_ORDER = (State.LACKS, State.CANNOT_TELL, State.HAS)


def _show(visit: Visit) -> Response:
    person = visit.asked("person")
    with visit.store() as store:
        names = sorted(set(KnownPeople(store).names().values()), key=str.casefold)
        if not person and not visit.asked("everybody"):
            return visit.show("access.html", found=None, names=names, person="", problem="")
        look = look_at_token(visit.settings, store, visit.listener, visit.now, ABSENCES)
        try:
            found = examine(visit.settings, store, visit.listener, look, visit.now, [person] if person else [])
        except Mistaken as error:
            return visit.show("access.html", 422, found=None, names=names, person=person, problem=str(error))
    people = sorted(found.people, key=lambda one: _ORDER.index(one.state))
    count = Counter(one.state for one in people)
    rows = [
        (one, [f for f in one.findings if f.cause is not Cause.TOKEN], found.rules.get(one.person.account_id, 0))
        for one in people
    ]
    return visit.show(
        "access.html",
        found=found,
        names=names,
        person=person,
        problem="",
        verdict=look.verdict,
        ends=token_end.sentence(look.same, visit.now.date()),
        # That it ends today is no news once it has ended.
        warning="" if look.verdict.kind is Kind.EXPIRED else look.bean["warning"],
        last_read=since_last_read(found.last_read, visit.now).replace(found.last_read or "", moment(found.last_read or "")),
        rows=rows,
        counts=[(state.value, count[state]) for state in _ORDER],
    )


PAGES = (Page("GET", "/access", _show, "Access check"),)
