"""Apps of the organisation, as a Tempo Administrator installs them on the page Apps: ``/_mock/apps``."""

from typing import Any

from mock_server.access import Scope
from mock_server.control.app_schemas import AppBodySchema, AppSchema
from mock_server.control.performing import Made
from mock_server.domain import apps
from mock_server.domain.apps import Tile
from mock_server.domain.providers.discovery import named
from mock_server.endpoint import Call, endpoint
from mock_server.storage import apps as app_rows
from mock_server.storage import provider_contents

_SOURCE = "help pages on apps; the resource is this fake's own"


@endpoint("GET", "/apps", scope=Scope.TEMPO_ADMINISTRATOR, grade="I", source=_SOURCE, returns=AppSchema, many=True)
def list_apps(call: Call) -> Any:
    """Every app, installed or not, with what its provider asks for"""
    return [_values(call, tile) for tile in apps.tiles(call.store, call.now)]


@endpoint("GET", "/apps/<provider>", scope=Scope.TEMPO_ADMINISTRATOR, grade="I", source=_SOURCE, returns=AppSchema)
def get_app(call: Call, provider: str) -> Any:
    """One app"""
    return _values(call, apps.tile(call.store, provider, call.now))


@endpoint(
    "PUT", "/apps/<provider>", scope=Scope.TEMPO_ADMINISTRATOR, grade="I", source=_SOURCE,
    body=AppBodySchema, returns=AppSchema, also_201=True,
)  # fmt: skip
def put_app(call: Call, provider: str, body: dict[str, Any]) -> Any:
    """Install an app with a key, or give the installed one another key or other containers"""
    store = call.store
    named(provider)
    is_new = app_rows.get(store, provider) is None
    if is_new:
        apps.install(store, provider, body.get("key", ""), call.now, call.caller)
    elif "key" in body:
        apps.renew(store, provider, body["key"], call.now, call.caller)
    if "containers" in body:
        apps.configure(store, provider, body["containers"], call.caller)
    values = _values(call, apps.tile(store, provider, call.now))
    return Made(values) if is_new else values


@endpoint("DELETE", "/apps/<provider>", scope=Scope.TEMPO_ADMINISTRATOR, grade="I", source=_SOURCE, status=204)
def delete_app(call: Call, provider: str) -> None:
    """Disconnect an app: everybody is, those who connected themselves too"""
    named(provider)
    if app_rows.get(call.store, provider) is not None:
        apps.disconnect(call.store, provider, call.caller)


def _values(call: Call, tile: Tile) -> dict[str, Any]:
    service = tile.provider
    found = provider_contents.containers(call.store, service.key)
    chosen: frozenset[int] = frozenset()
    if tile.is_installed:
        coverage = apps.coverage(call.store, service.key)
        chosen = frozenset(one.id for one in (coverage.possible if coverage.monitors_all else coverage.chosen))
    unmet = {one.key for one in tile.unmet}
    return {
        "provider": service.key,
        "title": service.title,
        "installed": tile.is_installed,
        "installed_at": tile.installed_at,
        "installed_by": tile.installed_by,
        "key_state": tile.key_state,
        "connected": tile.connected,
        "self_connected": tile.self_connected,
        "failed": tile.failed,
        "containers": [{"id": one.id, "name": one.name, "kind": one.kind, "chosen": one.id in chosen} for one in found],
        "prerequisites": [
            {"key": one.key, "title": one.title, "met": one.key not in unmet, "how": one.how} for one in service.prerequisites
        ],
    }
