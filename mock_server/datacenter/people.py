"""How Tempo Teams shows a person: avatars, and the older and newer person bean in one (vendor's OpenAPI; live answers)."""

from typing import Any

from marshmallow import fields

from mock_server.schemas import WireSchema
from mock_server.storage.people import Person

_SIZES = (("16x16", "size=xsmall&"), ("24x24", "size=small&"), ("32x32", "size=medium&"), ("48x48", ""))


class PersonSchema(WireSchema):
    """A person: the older names (``displayname``, ``jiraUser``) and the newer ones (``displayName``, ``active``)."""

    name = fields.String()
    key = fields.String()
    avatar = fields.Dict()
    jira_user = fields.Boolean(data_key="jiraUser")
    display_name_older = fields.String(data_key="displayname")
    display_name = fields.String(data_key="displayName")
    active = fields.Boolean()


def avatar(context: str, avatar_id: int, small_and_large_only: bool = False) -> dict[str, str]:
    """Size -> address, relative to the server, with the context path in front."""
    sizes = (_SIZES[0], _SIZES[3]) if small_and_large_only else _SIZES
    return {size: f"{context}/secure/useravatar?{query}avatarId={avatar_id}" for size, query in sizes}


def person_bean(person: Person, context: str) -> dict[str, Any]:
    """Values of ``PersonSchema``."""
    return {
        "name": person.name,
        "key": person.key,
        "avatar": avatar(context, person.avatar_id),
        "jira_user": True,
        "display_name_older": person.display_name,
        "display_name": person.display_name,
        "active": bool(person.active),
    }
