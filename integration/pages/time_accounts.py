"""Time accounts: everybody's hours, required and balance, as `tempo-sync balances` tells them, with charts and files."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import date
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from flask import Response

from integration.balances import VIEWS, charts
from integration.balances_asked import Nobody, day_of, found, period_of
from integration.clients.http import Unreadable
from integration.pages.hours_table import NAMES, Hours, above, bars, lines, presets
from integration.pages.page import Page
from integration.pages.paging import paging
from integration.settings import Mistaken
from integration.time_views import BY_TIME, buckets
from integration.worklogs import Period

if TYPE_CHECKING:
    from integration.pages.visit import Visit
    from integration.settings import Settings

PATH = "/time-accounts"
MOST_CHARTS = 6
"""People of whom charts are shown at once."""

MOST_CELLS = 100_000
"""Rows by day, week or month that a page makes at once: about a second's work."""

SVG = "image/svg+xml; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Asked(NamedTuple):
    """What the address asks for. said: how the period came about, "" where it was asked for. who: "" for everybody."""

    period: Period
    said: str
    by: str
    who: str

    def query(self, **more: str) -> str:
        """The same as part of an address, with more or otherwise."""
        values = {"by": self.by, "person": self.who}
        if not self.said:
            values |= {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}
        return urlencode({name: value for name, value in (values | more).items() if value})


def _show(visit: Visit) -> Response:
    form = {name: visit.asked(name) for name in ("from", "to", "by", "person")}
    form["by"] = form["by"] or "person"
    try:
        asked = _asked(visit)
        told = _found(visit, asked)
    except Nobody as error:
        return _without(
            visit, form, f"Nobody with the accountId or the name {error.who!r:.100} is known. Empty shows everybody."
        )
    except Mistaken as error:
        return _without(visit, form, str(error))
    except Unreadable:
        return _without(visit, form, "", 200)
    page = paging(visit.asked("page"), len(told.balances.rows))
    shown = lines(told.balances, page.first, page.last)
    return _page(
        visit, form, asked=asked, above=above(told.balances), page=page, lines=shown, bars=bars(told.charts),
        amount=told.balances.amount,
        can_xlsx=find_spec("xlsxwriter") is not None, path_of=lambda **more: f"{PATH}?{asked.query(**more)}",
        file_of=lambda kind: f"{PATH}.{kind}?{asked.query()}",
    )  # fmt: skip


def _csv(visit: Visit) -> Response:
    from integration import balances_report, sheets

    asked = _asked(visit)
    text = sheets.as_csv(balances_report.sheet(_found(visit, asked).balances))
    return _file(text.encode(), "text/csv; charset=utf-8", asked, "csv")


def _xlsx(visit: Visit) -> Response:
    from integration import balances_report, sheets

    asked = _asked(visit)
    told = _found(visit, asked).balances
    try:
        content = sheets.as_xlsx([balances_report.sheet(told), balances_report.about(told)])
    except ModuleNotFoundError as error:
        if error.name != "xlsxwriter":
            raise
        raise Mistaken("xlsxwriter is missing; pip install 'tempo-mock-server[sheets]' brings it.") from None
    except sheets.TooLong as error:
        raise Mistaken(str(error)) from None
    return _file(content, XLSX, asked, "xlsx")


def _chart(visit: Visit) -> Response:
    from integration.chart import STYLE, svg

    asked = _asked(visit)
    drawn = _found(visit, asked).charts
    own = [chart for chart in drawn if chart.account_id == visit.asked("of")] or list(drawn[:1])
    if not own:
        raise Mistaken("A chart is of one person; name somebody.")
    # A picture has its style in itself: that one and no other.
    digest = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'"
    return Response(svg(own[0]), headers={"Content-Type": SVG, "Content-Security-Policy": policy})


def _asked(visit: Visit) -> Asked:
    """Raises ``Mistaken``."""
    by = visit.asked("by") or "person"
    if by not in VIEWS:
        raise Mistaken(f"{by!r:.100} is nothing to tell hours by; choose one of {', '.join(VIEWS)}.")
    # Local, as with the command: today is where the pages are looked at.
    period, said = period_of(_day(visit, "from"), _day(visit, "to"), date.today(), ("From", "To"))
    return Asked(period, said, by, visit.asked("person"))


def _day(visit: Visit, name: str) -> date | None:
    text = visit.asked(name)
    try:
        return day_of(text) if text else None
    except ValueError:
        raise Mistaken(f"{text!r:.100} is no day such as 2026-03-31.") from None


def _found(visit: Visit, asked: Asked) -> Hours:
    return visit.desk.hours.found(
        visit.settings, date.today(), (asked.period, asked.by, asked.who), partial(_look, visit.settings, asked)
    )


def _look(settings: Settings, asked: Asked) -> Hours:
    """Raises ``Mistaken`` for more than a page can be made of."""
    if asked.by in BY_TIME and not asked.who:
        people = len({contract.person for contract in settings.worklogs.contracts})
        if people * len(buckets(asked.period, asked.by)) > MOST_CELLS:
            raise Mistaken(
                f"By {asked.by} this is too much for a page: name a person, or ask for a shorter period; "
                "tempo-sync balances --csv FILE writes all of it."
            )
    told = found(settings, asked.period, asked.by, [asked.who] if asked.who else None)
    few = told.people is not None and len(told.people) <= MOST_CHARTS
    return Hours(told.balances, charts(told.ledger, told.people, asked.by) if few else ())


def _without(visit: Visit, form: Mapping[str, str], problem: str, status: int = 400) -> Response:
    return _page(visit, form, status, problem=problem, is_read=bool(problem), asked=None)


def _page(visit: Visit, form: Mapping[str, str], status: int = 200, **values: Any) -> Response:
    keep = {name: form[name] for name in ("by", "person") if form[name]}
    often = [
        (name, f"{PATH}?{urlencode(keep | ({'from': str(one.first), 'to': str(one.last)} if one else {}))}")
        for name, one in presets(date.today())
    ]
    values = {"problem": "", "is_read": True, **values}
    return visit.show("time_accounts.html", status, form=form, views=NAMES, presets=often, **values)


def _file(content: bytes, kind: str, asked: Asked, ending: str) -> Response:
    name = f"time-accounts-{asked.period.first}-{asked.period.last}.{ending}"
    return Response(content, headers={"Content-Type": kind, "Content-Disposition": f'attachment; filename="{name}"'})


PAGES = (
    Page("GET", PATH, _show, "Time accounts"),
    Page("GET", f"{PATH}.csv", _csv),
    Page("GET", f"{PATH}.xlsx", _xlsx),
    Page("GET", f"{PATH}/chart.svg", _chart),
)
