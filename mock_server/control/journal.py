"""What was asked of a world: ``/_mock/journal``."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from flask import Response, request

from mock_server import journal_checks
from mock_server.control.dialect import json_answer, number, read_object, site
from mock_server.errors import Invalid
from mock_server.host import read_json
from mock_server.journal import MOST_ENTRIES, Entry, Kept
from mock_server.journal_checks import Result
from mock_server.journal_filters import Wanted
from mock_server.moments import moment_text

MOST_CHECKS = 1000
_FILTERS = ("method", "path", "exactPath", "who", "status")
_VERDICTS: Mapping[int, str] = MappingProxyType(
    {401: "not logged in", 403: "refused", 404: "not found", 410: "gone", 429: "too many requests"}
)


def list_entries() -> Response:
    """Requests, oldest first: ``?method=&path=&exactPath=&who=&status=&after=&limit=``; a page to look at in the browser."""
    if _prefers_page():
        return _page()
    unknown = sorted(set(request.args) - {*_FILTERS, "after", "limit"})
    if unknown:
        raise Invalid(f"Known here are {', '.join(_FILTERS)}, after and limit, not {', '.join(unknown)}.")
    wanted = _wanted({name: request.args.get(name) for name in _FILTERS} | {"after": number("after", 0)})
    limit = number("limit", MOST_ENTRIES)
    kept = site().journal.kept()
    found = [entry for entry in kept.entries if wanted.fits(entry)][:limit]
    return json_answer({"entries": [_bean(entry) for entry in found], **_state(kept)})


def set_journal() -> Response:
    """``{"enabled": bool}``; what was written down stays."""
    enabled = read_object(("enabled",)).get("enabled")
    if not isinstance(enabled, bool):
        raise Invalid('Send {"enabled": true} or {"enabled": false}.')
    journal = site().journal
    journal.switch(enabled)
    return json_answer(_state(journal.kept()))


def empty_journal() -> Response:
    """Forget every request so far; numbers go on."""
    site().journal.clear()
    return Response(status=204)


def check_journal() -> Response:
    """A list of claims about the requests so far, each answered with whether it holds and a sentence of what was seen."""
    claims = read_json(request.mimetype, request.get_data())
    if not isinstance(claims, list) or not 0 < len(claims) <= MOST_CHECKS:
        raise Invalid(f"Send a list of 1 to {MOST_CHECKS} checks.")
    readers = [_reader(claim, index) for index, claim in enumerate(claims, 1)]
    # All look at the same requests.
    kept = site().journal.kept()
    results = [judge(kept) for judge in readers]
    return json_answer({"ok": all(result.ok for result in results), "checks": [result._asdict() for result in results]})


def _prefers_page() -> bool:
    accepted = request.accept_mimetypes
    return accepted["text/html"] > accepted["application/json"]


def _page() -> Response:
    from mock_server.journal_page import page

    shown = page(site().name, request.root_path)
    headers = {
        "Content-Security-Policy": shown.policy,
        "Cache-Control": "no-store",
        "Vary": "Accept",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(shown.text, content_type="text/html; charset=utf-8", headers=headers)


def _state(kept: Kept) -> dict[str, Any]:
    oldest = kept.entries[0].number if kept.entries else None
    return {"dropped": kept.dropped, "enabled": kept.enabled, "oldest": oldest, "latest": kept.latest}


def _bean(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "moment": moment_text(entry.moment),
        "seconds": entry.seconds,
        "method": entry.method,
        "path": entry.path,
        "query": entry.query,
        "who": entry.who,
        "status": entry.status,
        "verdict": _verdict(entry),
        "reasons": list(entry.reasons),
        "view": entry.view,
        "scope": entry.scope,
        "milliseconds": round(entry.milliseconds, 3),
        "bytes": entry.size,
        "requestBody": _text(entry.request_body),
        "answerBody": _text(entry.answer_body),
        "fault": entry.fault,
        "next": entry.next,
    }


def _verdict(entry: Entry) -> str:
    if entry.fault:
        return "fault"
    if entry.status is None:
        return "no answer"
    if entry.status >= 500:
        return "failed"
    if entry.status >= 400:
        return _VERDICTS.get(entry.status, "wrong request")
    return "served, with remarks" if entry.reasons else "served"


def _text(body: bytes) -> str | None:
    # Cut anywhere, also inside a character.
    return body.decode("utf-8", "ignore") if body else None


def _reader(claim: Any, index: int) -> Callable[[Kept], Result]:
    """What judges a claim. Raises ``Invalid`` for one that cannot be read."""
    where = f"Check {index}: "
    kinds = {"called": _called, "notCalled": _not_called, "order": _order, "rate": _rate, "followedNext": _followed_next}
    if not isinstance(claim, dict) or len(named := [kind for kind in kinds if kind in claim]) != 1:
        raise Invalid(f"{where}it is an object with one of {', '.join(kinds)}.")
    try:
        return kinds[named[0]](claim)
    except Invalid as mistake:
        raise Invalid(f"{where}{mistake}") from None


def _called(claim: dict[str, Any]) -> Callable[[Kept], Result]:
    _known(claim, "called", "times", "atLeast", "atMost")
    wanted = _wanted(claim["called"])
    bounds = {name: _bound(claim, name, 0) for name in ("times", "atLeast", "atMost")}
    times, least, most = bounds["times"], bounds["atLeast"], bounds["atMost"]
    return lambda kept: journal_checks.called(kept, wanted, times=times, at_least=least, at_most=most)


def _not_called(claim: dict[str, Any]) -> Callable[[Kept], Result]:
    _known(claim, "notCalled")
    wanted = _wanted(claim["notCalled"])
    return lambda kept: journal_checks.not_called(kept, wanted)


def _order(claim: dict[str, Any]) -> Callable[[Kept], Result]:
    _known(claim, "order")
    steps = claim["order"]
    if not isinstance(steps, list) or not 0 < len(steps) <= MOST_CHECKS:
        raise Invalid(f"order is a list of 1 to {MOST_CHECKS} requests.")
    wanted = [_wanted(step) for step in steps]
    return lambda kept: journal_checks.in_order(kept, wanted)


def _rate(claim: dict[str, Any]) -> Callable[[Kept], Result]:
    _known(claim, "rate")
    values = dict(claim["rate"]) if isinstance(claim["rate"], dict) else {}
    per_second = _bound(values, "perSecond", 1)
    if per_second is None:
        raise Invalid('rate is an object such as {"path": "/4", "perSecond": 5}.')
    values.pop("perSecond")
    wanted = _wanted(values)
    return lambda kept: journal_checks.rate(kept, wanted, per_second)


def _followed_next(claim: dict[str, Any]) -> Callable[[Kept], Result]:
    _known(claim, "followedNext")
    wanted = _wanted(claim["followedNext"])
    return lambda kept: journal_checks.followed_next(kept, wanted)


def _known(claim: dict[str, Any], *names: str) -> None:
    unknown = sorted(set(claim) - set(names))
    if unknown:
        raise Invalid(f"{names[0]} goes with {', '.join(names[1:]) or 'nothing else'}, not with {', '.join(unknown)}.")


def _wanted(values: Any) -> Wanted:
    if not isinstance(values, dict):
        raise Invalid('requests are meant by an object such as {"method": "GET", "path": "/4/plans"}.')
    wanted = Wanted.of(values)
    if wanted.who is None:
        return wanted
    # Imported where somebody is named: start-up time is a feature.
    from mock_server.published import persona

    # A persona means its login name, as in faults: that nothing was done by "viewer" would otherwise always hold.
    return wanted._replace(who=persona(site(), wanted.who).get("user", wanted.who))


def _bound(claim: dict[str, Any], name: str, least: int) -> int | None:
    value = claim.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 2**31:
        raise Invalid(f"{name} is a whole number from {least}.")
    return value
