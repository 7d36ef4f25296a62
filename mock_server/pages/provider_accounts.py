"""The accounts of a provider: who is somebody there, what others see of them, and whether Tempo's app may read them."""

from collections.abc import Mapping

from flask import Response

from mock_server.domain import provider_services
from mock_server.domain.providers.discovery import named
from mock_server.errors import Conflict, Invalid
from mock_server.pages.page import Page
from mock_server.pages.paging import PER_PAGE, paging
from mock_server.pages.visit import Visit
from mock_server.storage.provider_accounts import Account

LONGEST_SEARCH = 200


def show_accounts(visit: Visit, provider: str) -> Response:
    """The accounts that a search finds, by login"""
    search = visit.request.args.get("search", "").strip()[:LONGEST_SEARCH]
    _, total = provider_services.accounts(visit.store, provider, limit=0, search=search)
    place = paging(visit.request.args, total)
    rows, _ = provider_services.accounts(visit.store, provider, place.offset, PER_PAGE, search)
    kept = {"search": search} if search else {}
    return visit.show("provider_accounts.html", provider=named(provider), rows=rows, paging=place, search=search, kept=kept)


def set_access(visit: Visit, provider: str, account_id: int) -> Response:
    """Let Tempo's app read an account, or not"""
    account = provider_services.account_with(visit.store, provider, account_id)
    may = visit.form.get("access") == "1"
    provider_services.change_account(visit.store, provider, account.login, is_accessible=may)
    visit.signed_in.tell(f"The app may {'' if may else 'not '}read {account.login}.")
    return visit.go(f"/{provider}/accounts")


def show_new_account(visit: Visit, provider: str) -> Response:
    """The form for one more account"""
    return _form(visit, provider, Account(0, provider, "", "", "", 0, 1))


def add_account(visit: Visit, provider: str) -> Response:
    """One more account"""
    sent = _sent(visit, provider, 0)
    try:
        provider_services.add_account(
            visit.store,
            provider,
            sent.login,
            sent.display_name,
            sent.email,
            is_email_hidden=bool(sent.is_email_hidden),
            is_accessible=bool(sent.is_accessible),
        )
    except (Conflict, Invalid) as error:
        return _form(visit, provider, sent, _errors(error))
    visit.signed_in.tell(f"There is an account {sent.login} now.")
    return visit.go(f"/{provider}/accounts")


def show_account(visit: Visit, provider: str, account_id: int) -> Response:
    """The form to change an account"""
    return _form(visit, provider, provider_services.account_with(visit.store, provider, account_id))


def change_account(visit: Visit, provider: str, account_id: int) -> Response:
    """Change an account; whoever is connected to it stays so"""
    before = provider_services.account_with(visit.store, provider, account_id)
    sent = _sent(visit, provider, account_id)
    try:
        provider_services.change_account(
            visit.store,
            provider,
            before.login,
            new_login=sent.login,
            display_name=sent.display_name,
            email=sent.email,
            is_email_hidden=bool(sent.is_email_hidden),
            is_accessible=bool(sent.is_accessible),
        )
    except (Conflict, Invalid) as error:
        return _form(visit, provider, sent, _errors(error))
    visit.signed_in.tell(f"The account {sent.login} is changed.")
    return visit.go(f"/{provider}/accounts")


def _errors(error: Conflict | Invalid) -> Mapping[str, str]:
    return error.fields if isinstance(error, Invalid) else {"login": f"{error} Choose another login."}


def _sent(visit: Visit, provider: str, account_id: int) -> Account:
    form = visit.form
    login, name, email = (form.get(field, "").strip() for field in ("login", "displayName", "email"))
    return Account(account_id, provider, login, name, email, int(form.get("hidden") == "1"), int(form.get("access") == "1"))


def _form(visit: Visit, provider: str, account: Account, errors: Mapping[str, str] | None = None) -> Response:
    return visit.show(
        "provider_account_form.html",
        400 if errors is not None else 200,
        provider=named(provider),
        account=account,
        errors=errors or {},
    )


PAGES = (
    Page("GET", "/<provider>/accounts", show_accounts),
    Page("GET", "/<provider>/accounts/new", show_new_account),
    Page("POST", "/<provider>/accounts/new", add_account, writes=True),
    Page("GET", "/<provider>/accounts/<id:account_id>", show_account),
    Page("POST", "/<provider>/accounts/<id:account_id>", change_account, writes=True),
    Page("POST", "/<provider>/accounts/<id:account_id>/access", set_access, writes=True),
)
