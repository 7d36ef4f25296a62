"""What a settings page is, and who may open which."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from flask import Response

from mock_server.access import Actor, GlobalPermission, without_administration

Right = Callable[[Actor], str | None]
"""Why somebody may not open a page, in a sentence, or None when they may."""


class Page(NamedTuple):
    """A page or an action of one. ``writes`` tells that the view may change the world.

    ``is_open`` pages are for everybody, signed in or not; ``right`` says who may open the others. ``most_bytes`` is how large
    a form may be, files included, where that is not as everywhere.
    """

    method: str
    path: str
    view: Callable[..., Response]
    is_open: bool = False
    writes: bool = False
    right: Right | None = None
    most_bytes: int | None = None


_TITLES: Mapping[GlobalPermission, str] = MappingProxyType(
    {
        GlobalPermission.TEMPO_ADMINISTRATOR: "Tempo Administrators",
        GlobalPermission.TEMPO_TEAM_ADMINISTRATOR: "Tempo Team Administrators",
    }
)


def for_tempo_administrators(actor: Actor) -> str | None:
    """Internal Issues, Planning Time, Audit Log and staff (help pages of each)."""
    return _for(actor, GlobalPermission.TEMPO_ADMINISTRATOR)


def for_team_administrators(actor: Actor) -> str | None:
    """Permission Roles (help page on them)."""
    return _for(actor, GlobalPermission.TEMPO_TEAM_ADMINISTRATOR)


def for_all_administrators(actor: Actor) -> str | None:
    """OAuth 2.0 Applications ask for all four kinds of administration (help page on OAuth 2.0)."""
    reason = without_administration(actor)
    return f"This page is for whoever holds all four kinds of administration: {reason}" if reason else None


def _for(actor: Actor, permission: GlobalPermission) -> str | None:
    return None if permission in actor.permissions else f"This page is for {_TITLES[permission]}."
