"""Jira users and groups, Data Center form (Jira REST reference; recorded answers of 2019)."""

from typing import Any
from urllib.parse import quote_plus

from marshmallow import fields

from mock_server.access import Scope
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid, NotFound
from mock_server.picture_links import avatar_urls
from mock_server.schemas import WireSchema
from mock_server.storage import groups as group_rows
from mock_server.storage import people as person_rows
from mock_server.storage.groups import Group
from mock_server.storage.people import Person

REFERENCE = "Jira REST reference"
MOST_A_PAGE = 1000


class UserSchema(WireSchema):
    """A user as Jira Data Center shows one."""

    link = fields.String(data_key="self")
    key = fields.String()
    name = fields.String()
    email = fields.String(data_key="emailAddress")
    avatars = fields.Dict(data_key="avatarUrls")
    display_name = fields.String(data_key="displayName")
    active = fields.Boolean()
    deleted = fields.Boolean()
    time_zone = fields.String(data_key="timeZone")
    locale = fields.String()
    groups = fields.Dict()
    application_roles = fields.Dict(data_key="applicationRoles")
    expand = fields.String()


class GroupMembersSchema(WireSchema):
    """A page of the people in a group."""

    link = fields.String(data_key="self")
    next_page = fields.String(data_key="nextPage")
    max_results = fields.Integer(data_key="maxResults")
    start_at = fields.Integer(data_key="startAt")
    total = fields.Integer()
    is_last = fields.Boolean(data_key="isLast")
    values = fields.List(fields.Nested(UserSchema))


@endpoint("GET", "/myself", scope=Scope.LOGGED_IN, returns=UserSchema, parameters=("expand",), grade="O", source=REFERENCE)
def get_myself(call: Call) -> dict[str, Any]:
    """Whoever calls"""
    person = person_rows.get(call.store, call.caller.person_id)
    assert person is not None
    return full_user_bean(call, person)


@endpoint("GET", "/user", scope=Scope.LOGGED_IN, returns=UserSchema, parameters=("username", "key", "expand"), grade="O",
          source=REFERENCE, also_404=True)  # fmt: skip
def get_user(call: Call) -> dict[str, Any]:
    """One user by login name or key"""
    name, key = call.first("username"), call.first("key")
    if not name and not key:
        raise NotFound("Either the 'username' or the 'key' query parameters need to be provided")
    found = person_rows.by_key(call.store, key) if key else person_rows.by_name(call.store, name or "")
    if found is None:
        raise NotFound(f"The user named '{name}' does not exist" if name else f"The user with the key '{key}' does not exist")
    return full_user_bean(call, found)


@endpoint("GET", "/user/search", scope=Scope.LOGGED_IN, returns=UserSchema, many=True, grade="O", source=REFERENCE,
          parameters=("username", "startAt", "maxResults", "includeActive", "includeInactive"))  # fmt: skip
def search_users(call: Call) -> list[dict[str, Any]]:
    """Users by the start of their name, e-mail or a word of their display name; a dot finds everybody"""
    text = call.first("username")
    if not text:
        raise Invalid("The username query parameter was not provided")
    kinds = tuple(
        active
        for active, name, otherwise in ((1, "includeActive", "true"), (0, "includeInactive", "false"))
        if (call.first(name) or otherwise).lower() == "true"
    )
    found = person_rows.search(
        call.store,
        "" if text == "." else text,
        kinds,
        number(call, "startAt", 0),
        min(number(call, "maxResults", 50), MOST_A_PAGE),
    )
    return [user_bean(call, person) for person in found]


@endpoint("GET", "/group/member", scope=Scope.JIRA_ADMINISTRATOR, returns=GroupMembersSchema, grade="O", source=REFERENCE,
          also_404=True, parameters=("groupname", "includeInactiveUsers", "startAt", "maxResults"))  # fmt: skip
def list_group_members(call: Call) -> dict[str, Any]:
    """A page of the people in a group"""
    name = call.first("groupname")
    if not name:
        raise Invalid("The groupname query parameter was not provided")
    group = group_rows.by_name(call.store, name)
    if group is None:
        raise NotFound(f"The group named '{name}' does not exist.")
    inactive = (call.first("includeInactiveUsers") or "false").lower() == "true"
    start, most = number(call, "startAt", 0), min(number(call, "maxResults", 50), 50)
    total = group_rows.count_members(call.store, group.id, inactive)
    people_of_page = group_rows.members(call.store, group.id, inactive, start, most)
    is_last = start + len(people_of_page) >= total
    bean: dict[str, Any] = {"link": _group_link(call, group, inactive, most, start)}
    if not is_last and most:
        bean["next_page"] = _group_link(call, group, inactive, most, start + most)
    return bean | {
        "max_results": most,
        "start_at": start,
        "total": total,
        "is_last": is_last,
        "values": [user_bean(call, person) for person in people_of_page],
    }


def user_bean(call: Call, person: Person) -> dict[str, Any]:
    """Values of ``UserSchema`` without groups and roles."""
    return {
        "link": f"{call.base}/rest/api/2/user?username={quote_plus(person.name)}",
        "key": person.key,
        "name": person.name,
        "email": person.email,
        "avatars": avatar_urls(f"{call.base}/secure/useravatar", f"avatarId={person.avatar_id}"),
        "display_name": person.display_name,
        "active": bool(person.active),
        "deleted": False,
        "time_zone": person.time_zone,
        "locale": person.locale,
    }


def full_user_bean(call: Call, person: Person) -> dict[str, Any]:
    """Values of ``UserSchema``; groups and roles are counted, and listed when asked for by expand."""
    wanted = {name.strip() for value in call.query.get("expand", ()) for name in value.split(",")}
    found = group_rows.of_person(call.store, person.id)
    group_items = [
        {"name": group.name, "self": f"{call.base}/rest/api/2/group?groupname={quote_plus(group.name)}"} for group in found
    ]
    role_items = [{"key": "jira-software", "name": "Jira Software"}]
    return user_bean(call, person) | {
        "groups": {"size": len(group_items), "items": group_items if "groups" in wanted else []},
        "application_roles": {"size": len(role_items), "items": role_items if "applicationRoles" in wanted else []},
        "expand": "groups,applicationRoles",
    }


def number(call: Call, name: str, otherwise: int) -> int:
    """A whole number from 0 of the query. Raises ``Invalid``."""
    text = call.first(name)
    if text is None or text == "":
        return otherwise
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise Invalid(fields={name: f"{name} is a whole number from 0, not {text[:40]}."})
    return int(text)


def _group_link(call: Call, group: Group, inactive: bool, most: int, start: int) -> str:
    flag = "true" if inactive else "false"
    query = f"groupname={quote_plus(group.name)}&includeInactiveUsers={flag}&maxResults={most}&startAt={start}"
    return f"{call.base}/rest/api/2/group/member?{query}"
