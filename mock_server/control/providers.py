"""Providers, as whoever administers them sees and changes them on their own side: ``/_mock/providers``. Nobody logs in."""

from datetime import datetime
from typing import Any

from mock_server.access import Scope
from mock_server.control.app_schemas import (
    AccountBodySchema,
    FaultBodySchema,
    KeyBodySchema,
    MadeKeySchema,
    PermissionBodySchema,
    ProviderAccountSchema,
    ProviderFaultSchema,
    ProviderPageSchema,
    ProviderSchema,
    WholeProviderSchema,
)
from mock_server.control.performing import Made
from mock_server.domain import provider_defaults, provider_services
from mock_server.domain.api_tokens import owner_named
from mock_server.domain.apps import key_state
from mock_server.domain.matching import folded
from mock_server.domain.providers.discovery import every, named
from mock_server.endpoint import Call, endpoint
from mock_server.storage import people, provider_accounts
from mock_server.storage.provider_accounts import Account
from mock_server.storage.provider_states import Fault, Key
from mock_server.storage.store import Store

_SOURCE = "this fake's own"


@endpoint("GET", "/providers", scope=Scope.ANYBODY, grade="I", source=_SOURCE, returns=ProviderSchema, many=True)
def list_providers(call: Call) -> Any:
    """Every provider, with what its app asks for"""
    return [_state(call.store, provider) for provider in every()]


@endpoint(
    "GET", "/providers/<provider>", scope=Scope.ANYBODY, grade="I", source=_SOURCE, query=ProviderPageSchema,
    returns=WholeProviderSchema,
)  # fmt: skip
def get_provider(call: Call, provider: str, query: dict[str, Any]) -> Any:
    """One provider: state, accounts, containers, keys without their texts, faults"""
    store = call.store
    values = _state(store, provider)
    accounts, total = provider_services.accounts(store, provider, query["offset"], query["limit"])
    containers, keys = provider_services.containers(store, provider), provider_services.keys(store, provider)
    logins = provider_accounts.logins(
        store, {one for one in (*(c.owner_account_id for c in containers), *(k.account_id for k in keys)) if one is not None}
    )
    return values | {
        "accounts": [_account(account) for account in accounts],
        "accounts_total": total,
        "containers": [{**one._asdict(), "owner": logins.get(one.owner_account_id or 0)} for one in containers],
        "keys": [_key(one, logins.get(one.account_id or 0), call.now) for one in keys],
        "faults": [_fault(store, one) for one in provider_services.faults(store, provider)],
    }


@endpoint(
    "PUT", "/providers/<provider>/permission", scope=Scope.ANYBODY, grade="I", source=_SOURCE, body=PermissionBodySchema,
    returns=ProviderSchema,
)  # fmt: skip
def set_permission(call: Call, provider: str, body: dict[str, Any]) -> Any:
    """Meet what a provider's app asks for, or take it away: one prerequisite, or all"""
    wanted = [body["prerequisite"]] if "prerequisite" in body else [one.key for one in named(provider).prerequisites]
    for prerequisite in wanted:
        provider_services.set_prerequisite(call.store, provider, prerequisite, body["granted"])
    return _state(call.store, provider)


@endpoint(
    "PUT", "/providers/<provider>/accounts/<login>", scope=Scope.ANYBODY, grade="I", source=_SOURCE, body=AccountBodySchema,
    returns=ProviderAccountSchema, also_201=True,
)  # fmt: skip
def put_provider_account(call: Call, provider: str, login: str, body: dict[str, Any]) -> Any:
    """Change what is told of an account; one of a new login is made"""
    store = call.store
    named(provider)
    hidden, accessible = body.get("email_hidden"), body.get("accessible")
    if provider_accounts.by_login(store, provider, folded(login)) is not None:
        changed = provider_services.change_account(
            store, provider, login, display_name=body.get("display_name"), email=body.get("email"),
            is_email_hidden=hidden, is_accessible=accessible,
        )  # fmt: skip
        return _account(changed)
    made = provider_services.add_account(
        store, provider, login, body.get("display_name", login), body.get("email", ""),
        is_email_hidden=bool(hidden), is_accessible=accessible is not False,
    )  # fmt: skip
    return Made(_account(made))


@endpoint("DELETE", "/providers/<provider>/accounts/<login>", scope=Scope.ANYBODY, grade="I", source=_SOURCE, status=204)
def delete_provider_account(call: Call, provider: str, login: str) -> None:
    """Delete an account, with what it has and whoever is connected to it"""
    provider_services.remove_account(call.store, provider, login)


@endpoint(
    "POST", "/providers/<provider>/keys", scope=Scope.ANYBODY, grade="I", source=_SOURCE, body=KeyBodySchema,
    returns=MadeKeySchema, status=201,
)  # fmt: skip
def make_provider_key(call: Call, provider: str, body: dict[str, Any]) -> Any:
    """Make a key to install the app with; its text is told this once"""
    store = call.store
    name = body["name"] if "name" in body else provider_defaults.free_key_name(store, provider)
    login = body["login"] if "login" in body else provider_defaults.usual_owner(store, provider)
    made = provider_services.make_key(store, provider, name, call.now, days=body["days"], login=login)
    return {**_key(made.key, login, call.now), "key": made.text}


@endpoint("DELETE", "/providers/<provider>/keys/<id:key_id>", scope=Scope.ANYBODY, grade="I", source=_SOURCE, status=204)
def revoke_provider_key(call: Call, provider: str, key_id: int) -> None:
    """Revoke a key: an app that works with it connects nobody any more"""
    provider_services.revoke_key(call.store, provider, key_id, call.now)


@endpoint(
    "PUT", "/providers/<provider>/fault", scope=Scope.ANYBODY, grade="I", source=_SOURCE, body=FaultBodySchema,
    returns=ProviderFaultSchema, also_404=True,
)  # fmt: skip
def arm_provider_fault(call: Call, provider: str, body: dict[str, Any]) -> Any:
    """Let attempts to connect fail: those of a person, or everybody's; in the place of what was armed for them"""
    store = call.store
    person_id = None if body["person"] is None else owner_named(store, body["person"]).id
    provider_services.disarm_faults_for(store, provider, person_id)
    return _fault(store, provider_services.arm_fault(store, provider, body["kind"], person_id, body["times"]))


@endpoint("DELETE", "/providers/<provider>/fault", scope=Scope.ANYBODY, grade="I", source=_SOURCE, status=204)
def disarm_provider_faults(call: Call, provider: str) -> None:
    """Disarm every fault of a provider"""
    provider_services.disarm_faults(call.store, provider)


def _state(store: Store, provider: str) -> dict[str, Any]:
    service = named(provider)
    asked = provider_services.prerequisites(store, provider)
    return {
        "provider": service.key,
        "title": service.title,
        "container": service.container,
        "prerequisites": [{"key": one.key, "title": one.title, "met": is_met, "how": one.how} for one, is_met in asked],
    }


def _account(account: Account) -> dict[str, Any]:
    return {
        **account._asdict(),
        "email_hidden": bool(account.is_email_hidden),
        "accessible": bool(account.is_accessible),
    }


def _key(key: Key, login: str | None, now: datetime) -> dict[str, Any]:
    return {**key._asdict(), "account": login, "state": key_state(key, now)}


def _fault(store: Store, fault: Fault) -> dict[str, Any]:
    person = None if fault.person_id is None else people.get(store, fault.person_id)
    return {"kind": fault.kind, "person": person and person.name, "times": fault.times}
