"""Worlds of one's own: ``/_mock/sites``, and reset, snapshot and restore of each."""

from typing import Any

from flask import Response, request

from mock_server.control.clock import clock_bean
from mock_server.control.dialect import is_confirmed, json_answer, moment, read_object, site, text
from mock_server.control.settings import in_words
from mock_server.errors import Invalid, NotFound
from mock_server.host import CONTEXT
from mock_server.origin import origin_of
from mock_server.sites import PREFIX, Site, check_name
from mock_server.worlds import Worlds


class SiteRoutes:
    """The routes that know of all worlds."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds

    def list_sites(self) -> Response:
        """Every site, the default one first."""
        return json_answer([_bean(found) for found in self._worlds.sites.every()])

    def get_site(self, name: str) -> Response:
        """One site."""
        found = self._worlds.sites.get(name)
        if found is None:
            raise NotFound(f"There is no site named {name}.")
        return json_answer(_bean(found))

    def create_site(self) -> Response:
        """``{"name"?, "scenario"?, "clock"?, "settings"?}``; what is missing is as at the default site, the name is made up."""
        body = read_object(("name", "scenario", "clock", "settings"))
        settings = {} if body.get("settings") is None else body["settings"]
        if not isinstance(settings, dict):
            raise Invalid("settings is an object of setting names and values.")
        start = None if body.get("clock") is None else moment(body["clock"], "clock")
        made = self._worlds.create(text(body, "name"), text(body, "scenario"), start, in_words(settings))
        return json_answer(_bean(made), 201)

    def delete_site(self, name: str) -> Response:
        """Serve a site no longer."""
        self._worlds.sites.remove(name)
        return Response(status=204)

    def reset(self) -> Response:
        """Begin anew; ``{"confirm": true}`` for a world that is kept in a file."""
        body = read_object(("confirm",))
        self._worlds.reset(site(), body.get("confirm") is True or is_confirmed())
        return json_answer(_bean(site()))


def list_snapshots() -> Response:
    """The names of the snapshots of this world, oldest first."""
    return json_answer(list(site().snapshots))


def take_snapshot() -> Response:
    """``{"name"?}``: remember data, settings and clock; one of the same name is replaced."""
    name = _snapshot_name()
    check_name(name)
    site().take_snapshot(name)
    return json_answer({"name": name}, 201)


def restore_snapshot() -> Response:
    """``{"name"?}``: be as at the time of the snapshot, which is kept; ``?confirm=true`` for a world kept in a file."""
    site().restore_snapshot(_snapshot_name(), is_confirmed())
    return json_answer(_bean(site()))


def delete_snapshot(name: str) -> Response:
    """Forget a snapshot."""
    if site().snapshots.pop(name, None) is None:
        raise NotFound(f"There is no snapshot named {name}.")
    return Response(status=204)


def _snapshot_name() -> str:
    name = text(read_object(("name",)), "name")
    return "snapshot" if name is None else name


def _bean(found: Site) -> dict[str, Any]:
    # Inside a site the prefix is part of the root already; addresses of others are counted from the server.
    root = origin_of(request.environ) + request.root_path.partition(PREFIX)[0] + found.prefix
    return {
        "name": found.name,
        "url": root,
        "jiraUrl": root + CONTEXT,
        "controlUrl": f"{root}/_mock",
        "scenario": found.reference,
        "clock": clock_bean(found.clock),
        "written": found.is_written,
    }
