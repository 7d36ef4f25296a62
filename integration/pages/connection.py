"""Connect to Tempo: the switch of each sync, and the token."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from integration import token_end
from integration.connect import WORKLOGS, Kind
from integration.connecting import (
    PURPOSES,
    Connected,
    End,
    NewToken,
    Wish,
    configured_token,
    connect,
    end_after,
    end_of,
    may_read,
    same_token,
    usual,
    usual_purpose,
)
from integration.pages.page import Page
from integration.secrets import fingerprint, secret
from integration.settings import Mistaken
from integration.switches import SYNCS, Switches

if TYPE_CHECKING:
    from flask import Response

    from integration.pages.visit import Visit
    from integration.store import Connection

NEW_FILE = "file:tempo-token"
"""Where a token that is typed here is kept, unless the configuration names a file or the keyring already."""

TITLES = MappingProxyType(
    {
        Kind.WRONG_TOKEN: "Wrong token",
        Kind.EXPIRED: "Expired token",
        Kind.REVOKED: "Token was deleted or regenerated",
        Kind.FORBIDDEN_NOW: "Token is refused now",
        Kind.TOKEN_OF_JIRA: "Token of Jira",
        Kind.NO_PLANS_SCOPE: "No scope to view plans",
        Kind.NO_SCHEMES_SCOPE: "No scope to view schemes",
        Kind.NO_WORKLOGS_SCOPE: "No scope to view worklogs",
        Kind.SEES_NOBODY: "Its owner sees nobody",
        Kind.WRONG_REGION: "Another address",
        Kind.NOT_TEMPO: "Not Tempo",
        Kind.UNREACHABLE: "Not reachable",
        Kind.JIRA_REFUSES: "Jira refuses",
    }
)


class _Problem(NamedTuple):
    """field: what it is about, "" for the answer of Tempo. title: in a few words."""

    field: str
    title: str
    text: str


def _home(visit: Visit) -> Response:
    return visit.go("/connection")


def _show(visit: Visit) -> Response:
    return _page(visit)


def _page(visit: Visit, problem: _Problem | None = None) -> Response:
    settings = visit.settings
    with visit.store() as store:
        known = store.connection()
        switches = Switches(store)
        syncs = [(sync, what, switches.off_since(sync)) for sync, what in SYNCS.items()]
        last_read = store.fact("last_read")
    missing = warning = None
    try:
        used = fingerprint(configured_token(settings))
        warning = token_end.warning(known, used, visit.now.date(), settings.remind_days) if known else None
    except Mistaken as error:
        missing = str(error)
    form = visit.request.form if problem else {}
    use = form["use"] if form.get("use") in PURPOSES else usual(settings, known)
    return visit.show(
        "connection.html",
        422 if problem else 200,
        known=known,
        syncs=syncs,
        last_read=last_read,
        missing=missing,
        warning=warning,
        ends=token_end.sentence(known, visit.now.date()),
        kept=_where(settings.secrets["tempo"]),
        kept_next=_where(_source(visit)),
        problem=problem,
        use=use,
        purpose=form.get("purpose", usual_purpose(known, use)),
        end=form.get("end", "kept" if known else "days"),
        days=form.get("days", "365"),
        day=form.get("day", ""),
        even_so="even_so" in form,
    )


def _save(visit: Visit) -> Response:
    typed = visit.typed("token")
    use = visit.typed("use")
    if use not in PURPOSES:
        return _page(visit, _Problem("use", "Not saved", "Say which sync the token is for."))
    with visit.store() as store:
        before = store.connection()
        try:
            token = secret("tempo", f"text:{typed}", visit.settings.path.parent) if typed else configured_token(visit.settings)
        except Mistaken as error:
            return _page(visit, _Problem("token", "Not saved", f"{error} Or paste it here." if not typed else str(error)))
        try:
            end = _end(visit, same_token(token, before))
        except ValueError as error:
            return _page(visit, _Problem("end", "Not saved", f"{str(error).rstrip('.')}. The token has to be pasted again."))
        purpose = visit.typed("purpose") or usual_purpose(before, use)
        if purpose in PURPOSES.values():
            # The field came filled, perhaps for the other sync.
            purpose = PURPOSES[use]
        wish = Wish(end, purpose, use, bool(visit.ticked("even_so")))
        new = NewToken(token, _source(visit) if typed else "")
        try:
            done = connect(visit.settings, store, new, wish, visit.listener, visit.now)
        except Mistaken as error:
            return _page(visit, _Problem("", "Not saved", str(error)))
    if not done.verdict.is_good:
        stays = " The token that was there stays in use." if typed and before else ""
        return _page(visit, _Problem("", TITLES[done.verdict.kind], f"{done.verdict.sentence}{stays}"))
    return visit.go("/connection", *_told(visit, done))


def _switch(visit: Visit, sync: str) -> Response:
    if sync not in SYNCS or visit.typed("state") not in ("on", "off"):
        raise Mistaken(f"There is no sync of {sync} that could be switched so.")
    is_on = visit.typed("state") == "on"
    with visit.store() as store:
        Switches(store).turn(sync, on=is_on, now=visit.now)
    meant = "Its next run does what there is to do." if is_on else "Its runs do nothing and say so; what is held stays."
    state = visit.desk.run.state
    if not is_on and sync == WORKLOGS and state is not None and state.ended is None:
        meant += " The run that is on reads to its end."
    return visit.go("/connection", f"The sync of {sync} is switched {'on' if is_on else 'off'}. {meant}")


def _end(visit: Visit, same: Connection | None) -> End:
    """Raises ``ValueError`` with a sentence."""
    chosen = visit.typed("end")
    if chosen == "kept":
        if same is None:
            raise ValueError("It is another token: no API tells when it ends, so say it")
        return End(same.expires)
    if chosen == "days":
        return end_after(visit.typed("days"), visit.now.date())
    if chosen == "day":
        return end_of(visit.typed("day") or "no day")
    if chosen == "unknown":
        return End(None)
    raise ValueError("Say when the token ends: no API tells it")


def _source(visit: Visit) -> str:
    told = visit.settings.secrets["tempo"]
    return told if told == "keyring" or told.startswith("file:") else NEW_FILE


def _where(source: str) -> str:
    kind, _, path = source.partition(":")
    if kind == "file":
        return f"the file {path}, which nobody else can read"
    return {"keyring": "the keyring of this machine", "text": "the configuration"}.get(kind, "the variable TEMPO_TOKEN")


def _told(visit: Visit, done: Connected) -> list[str]:
    """Of a token that works: whom it sees, its end, its scopes, its owner."""
    owner = visit.settings.worklogs.owner
    whose = f"Its owner is said to be {owner}" if owner else "Whose token it is no API tells; it sees what its owner may see"
    told = [
        done.verdict.sentence,
        f"The token {token_end.sentence(done.known, visit.now.date())}. It reads {', '.join(may_read(done.facts))}. {whose}.",
    ]
    return [*told, *([f"But look: {done.verdict.warning}"] if done.verdict.warning else [])]


PAGES = (
    Page("GET", "/", _home),
    Page("GET", "/connection", _show, "Connect to Tempo"),
    Page("POST", "/connection", _save),
    # Whoever stops a sync does not wait until it has written everything.
    Page("POST", "/connection/switch/<sync>", _switch, waits=False),
)
