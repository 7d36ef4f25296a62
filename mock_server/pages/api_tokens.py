"""API Integration: somebody's own tokens of Tempo Cloud, made by everybody for themselves (help pages on the page)."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask import Response

from mock_server.access import GRANTABLE_SCOPES
from mock_server.domain import api_tokens
from mock_server.domain.api_tokens import DEFAULT_DAYS, MOST_DAYS
from mock_server.errors import Invalid
from mock_server.pages.page import Page
from mock_server.pages.paging import paging
from mock_server.pages.visit import HOME, Visit
from mock_server.storage.api_tokens import ApiToken

OFFERED_DAYS = (DEFAULT_DAYS, 90, 365, MOST_DAYS)
"""Days that the form offers; any other number can be typed."""

OWN = "own"
_NO_NUMBER = f"Type a whole number of days, from 1 to {MOST_DAYS}."
_HINTS = (
    ("accounts", "accounts, their links, categories and customers"),
    ("activities", ""),
    ("approvals", "approvals of timesheets"),
    ("audit", "who changed what"),
    ("periods", ""),
    ("plans", "plans and programs"),
    ("projects", "projects with their budgets"),
    ("rates", ""),
    ("schemes", "workload and holiday schemes, schedules"),
    ("teams", "teams, their members, roles and links"),
    ("worklogs", "worklogs and work attributes"),
)


class ScopeGroup(NamedTuple):
    """The scopes over one kind of thing; ``scopes`` are pairs of scope and label, View last."""

    title: str
    hint: str
    scopes: Sequence[tuple[str, str]]


class Row(NamedTuple):
    """A token as the list shows it. ``access`` says what it may in words."""

    token: ApiToken
    access: str
    is_expired: bool


def show_tokens(visit: Visit) -> Response:
    """The tokens of whoever is signed in, active and expired, the newest first"""
    tokens = api_tokens.of_owner(visit.store, visit.person.id)[::-1]
    place = paging(visit.request.args, len(tokens))
    shown = tokens[place.offset : place.offset + place.per_page]
    rows = [Row(token, _access(token), api_tokens.is_expired(token, visit.now)) for token in shown]
    return visit.show("tokens.html", rows=rows, paging=place)


def show_new_token(visit: Visit) -> Response:
    """The form for a new token"""
    return _new_token(visit)


def create_token(visit: Visit) -> Response:
    """Make a token and go to the page that shows its text this once"""
    form = visit.request.form
    scopes = None if form.get("access") == "full" else form.getlist("scopes")
    try:
        days = _days(form)
        issued = api_tokens.create(visit.store, visit.person, form.get("name", "").strip(), days, scopes, visit.now)
    except Invalid as error:
        return _new_token(visit, error.fields, 400)
    return visit.show_once(f"{HOME}/{issued.token.id}/text", issued.text)


def show_text(visit: Visit, token_id: int) -> Response:
    """The text of a token that was made or regenerated a moment ago; afterwards only that it is told no more"""
    token = _own(visit, token_id)
    return visit.show("token_text.html", token=token, text=visit.take_secret(), access=_access(token))


def show_rename(visit: Visit, token_id: int) -> Response:
    """The form for another name"""
    token = _own(visit, token_id)
    return visit.show("token_rename.html", token=token, name=token.name, error="")


def rename_token(visit: Visit, token_id: int) -> Response:
    """Give a token another name"""
    token, name = _own(visit, token_id), visit.form.get("name", "").strip()
    try:
        api_tokens.rename(visit.store, token, name)
    except Invalid as error:
        return visit.show("token_rename.html", 400, token=token, name=name, error=error.fields["name"])
    visit.signed_in.tell(f"The token is now called {name}.")
    return visit.go(HOME)


def show_regenerate(visit: Visit, token_id: int) -> Response:
    """Whether it is meant: the present text is worth nothing afterwards"""
    token = _own(visit, token_id)
    return visit.show("token_regenerate.html", token=token, is_expired=api_tokens.is_expired(token, visit.now))


def regenerate_token(visit: Visit, token_id: int) -> Response:
    """Another text for the same token, shown this once"""
    token = _own(visit, token_id)
    if api_tokens.is_expired(token, visit.now):
        return visit.show("token_regenerate.html", 400, token=token, is_expired=True)
    issued = api_tokens.regenerate(visit.store, token, visit.now)
    return visit.show_once(f"{HOME}/{token_id}/text", issued.text)


def show_delete(visit: Visit, token_id: int) -> Response:
    """Whether it is meant: what uses the token stops working"""
    return visit.show("token_delete.html", token=_own(visit, token_id))


def delete_token(visit: Visit, token_id: int) -> Response:
    """Revoke a token"""
    token = _own(visit, token_id)
    api_tokens.remove(visit.store, token)
    visit.signed_in.tell(f"The token {token.name} is deleted.")
    return visit.go(HOME)


def scope_groups() -> list[ScopeGroup]:
    """All scopes that a token can have, by what they are over, in the order of the alphabet."""
    return [ScopeGroup(name.capitalize(), hint, _labels(name)) for name, hint in _HINTS]


def _labels(group: str) -> list[tuple[str, str]]:
    held = sorted(scope for scope in GRANTABLE_SCOPES if scope.partition(":")[0] == group)
    return [(scope, f"{scope.partition(':')[2].capitalize()} {_noun(group)}") for scope in held]


def _noun(group: str) -> str:
    return "audit log" if group == "audit" else group


def _own(visit: Visit, token_id: int) -> ApiToken:
    return api_tokens.get(visit.store, visit.person.id, token_id)


def _access(token: ApiToken) -> str:
    if token.access == "full":
        return "Full access"
    labels = dict(pair for group in scope_groups() for pair in group.scopes)
    return ", ".join(labels.get(scope, scope) for scope in token.scopes.split())


def _days(form: Mapping[str, str]) -> int:
    """The days that were chosen or typed. Raises ``Invalid`` for what is no whole number."""
    chosen = form.get("expires", str(DEFAULT_DAYS))
    text = form.get("days", "").strip() if chosen == OWN else chosen
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise Invalid(fields={"days": _NO_NUMBER})
    return int(text)


def _new_token(visit: Visit, errors: Mapping[str, str] | None = None, status: int = 200) -> Response:
    form = visit.request.form
    return visit.show(
        "token_new.html",
        status,
        errors=errors or {},
        name=form.get("name", ""),
        expires=form.get("expires", str(DEFAULT_DAYS)),
        days=form.get("days", ""),
        access="full" if visit.request.method != "POST" or form.get("access") == "full" else "custom",
        chosen=form.getlist("scopes"),
        groups=scope_groups(),
        offered=OFFERED_DAYS,
        most=MOST_DAYS,
    )


PAGES = (
    Page("GET", "/api-integration", show_tokens),
    Page("GET", "/api-integration/new", show_new_token),
    Page("POST", "/api-integration/new", create_token, writes=True),
    Page("GET", "/api-integration/<id:token_id>/text", show_text),
    Page("GET", "/api-integration/<id:token_id>/rename", show_rename),
    Page("POST", "/api-integration/<id:token_id>/rename", rename_token, writes=True),
    Page("GET", "/api-integration/<id:token_id>/regenerate", show_regenerate),
    Page("POST", "/api-integration/<id:token_id>/regenerate", regenerate_token, writes=True),
    Page("GET", "/api-integration/<id:token_id>/delete", show_delete),
    Page("POST", "/api-integration/<id:token_id>/delete", delete_token, writes=True),
)
