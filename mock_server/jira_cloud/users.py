"""Users of Jira Cloud: known by their accountId, without login name or key (vendor's OpenAPI of v3)."""

from typing import Any
from urllib.parse import quote, quote_plus

from marshmallow import fields

from mock_server.access import GlobalPermission, Scope
from mock_server.domain.jql_fields import TEMPO_APP
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid, NotFound, Refused
from mock_server.jira_cloud.paging import named, number, page_bean, server_root
from mock_server.picture_links import avatar_urls
from mock_server.schemas import WireSchema
from mock_server.settings import TIME_ZONE
from mock_server.storage import groups as group_rows
from mock_server.storage import people as person_rows
from mock_server.storage.people import Person

OPENAPI = "vendor's OpenAPI of Jira Cloud v3"
MOST_USERS = 1000
MOST_IN_BULK = 200
LONGEST_QUERY = 255


class CloudUserSchema(WireSchema):
    """A user of Jira Cloud. Only the full form has locale, groups and roles; a hidden e-mail address is left out."""

    link = fields.String(data_key="self")
    account_id = fields.String(data_key="accountId")
    account_type = fields.String(data_key="accountType")
    email = fields.String(data_key="emailAddress")
    avatars = fields.Dict(data_key="avatarUrls")
    display_name = fields.String(data_key="displayName")
    active = fields.Boolean()
    time_zone = fields.String(data_key="timeZone")
    locale = fields.String()
    groups = fields.Dict()
    application_roles = fields.Dict(data_key="applicationRoles")
    expand = fields.String()


class CloudUserPageSchema(WireSchema):
    """A page of users."""

    link = fields.String(data_key="self")
    next_page = fields.String(data_key="nextPage")
    max_results = fields.Integer(data_key="maxResults")
    start_at = fields.Integer(data_key="startAt")
    total = fields.Integer()
    is_last = fields.Boolean(data_key="isLast")
    values = fields.List(fields.Nested(CloudUserSchema))


@endpoint("GET", "/myself", scope=Scope.LOGGED_IN, returns=CloudUserSchema, parameters=("expand",), grade="A", source=OPENAPI)
def get_cloud_myself(call: Call) -> dict[str, Any]:
    """Whoever calls"""
    person = person_rows.get(call.store, call.caller.person_id)
    assert person is not None
    return _expanded(call, person)


@endpoint("GET", "/user", scope=Scope.LOGGED_IN, returns=CloudUserSchema, parameters=("accountId", "expand"), grade="A",
          source=OPENAPI, also_404=True)  # fmt: skip
def get_cloud_user(call: Call) -> dict[str, Any]:
    """One user by accountId"""
    account_id = call.first("accountId")
    if not account_id:
        raise NotFound("The 'accountId' query parameter needs to be provided")
    if account_id == call.settings[TEMPO_APP] and _may_browse(call):
        return tempo_app_bean(call)
    person = person_rows.by_account_id(call.store, account_id)
    if person is None or not (_may_browse(call) or person.id == call.caller.person_id):
        raise NotFound("Specified user does not exist or you do not have required permissions")
    return _expanded(call, person)


@endpoint("GET", "/user/search", scope=Scope.ANYBODY, returns=CloudUserSchema, many=True, grade="A", source=OPENAPI,
          parameters=("query", "accountId", "startAt", "maxResults"))  # fmt: skip
def search_cloud_users(call: Call) -> list[dict[str, Any]]:
    """Active users by the beginning of a name or of an address one may see, or by accountId; a bare list"""
    if "username" in call.query:
        raise Invalid("The query parameter 'username' is not supported in GDPR strict mode.")
    text, account_id = call.first("query"), call.first("accountId")
    if (text is None) == (account_id is None):
        raise Invalid("The username or property query parameter must be provided")
    start, most = number(call, "startAt", 0), min(number(call, "maxResults", 50), MOST_USERS)
    if not _may_browse(call):
        call.note("nobody: the caller lacks Browse users and groups")
        return []
    if account_id is not None:
        person = person_rows.by_account_id(call.store, account_id)
        found = [person] if person and person.active and start == 0 and most else []
    else:
        shown_to = None if call.settings["jiraCloud.emails"] == "shown" else call.caller.person_id
        # Only the first thousand matches are ever to be had.
        most = max(0, min(most, MOST_USERS - start))
        is_short = len(text or "") <= LONGEST_QUERY
        found = person_rows.search_by_name(call.store, text or "", shown_to, start, most) if is_short else []
    return [full_user_bean(call, person) for person in found]


def _everybody(call: Call) -> list[dict[str, Any]]:
    if not _may_browse(call):
        raise Refused("Browse users and groups permission is required to view users.")
    start, most = number(call, "startAt", 0), min(number(call, "maxResults", 50), MOST_USERS)
    # The app's account stands between people: by accountId, as everybody does.
    place = person_rows.count_before(call.store, call.settings[TEMPO_APP])
    found = person_rows.page_by_account_id(call.store, start - (start > place), most)
    beans = [full_user_bean(call, person) for person in found]
    if start <= place < start + most and len(beans) >= place - start:
        beans.insert(place - start, tempo_app_bean(call))
    return beans[:most]


@endpoint("GET", "/users/search", scope=Scope.LOGGED_IN, returns=CloudUserSchema, many=True, grade="A", source=OPENAPI,
          parameters=("startAt", "maxResults"), also_403=True)  # fmt: skip
def list_cloud_users(call: Call) -> list[dict[str, Any]]:
    """All users, the deactivated and apps' accounts too; a bare list"""
    return _everybody(call)


@endpoint("GET", "/users", scope=Scope.LOGGED_IN, returns=CloudUserSchema, many=True, grade="A", source=OPENAPI,
          parameters=("startAt", "maxResults"), also_403=True)  # fmt: skip
def list_all_cloud_users(call: Call) -> list[dict[str, Any]]:
    """All users, under the older path"""
    return _everybody(call)


@endpoint("GET", "/user/bulk", scope=Scope.LOGGED_IN, returns=CloudUserPageSchema, grade="A", source=OPENAPI,
          parameters=("accountId", "startAt", "maxResults"))  # fmt: skip
def list_cloud_users_by_id(call: Call) -> dict[str, Any]:
    """The users with these accountIds; unknown ones are left out"""
    asked = list(dict.fromkeys(call.query.get("accountId", ())))
    if not any(asked):
        raise Invalid("The 'accountId' query parameter needs to be provided")
    start, most = number(call, "startAt", 0), min(number(call, "maxResults", 10), MOST_IN_BULK)
    beans = []
    for account_id in asked:
        person = person_rows.by_account_id(call.store, account_id)
        if person:
            beans.append(full_user_bean(call, person))
        elif account_id == call.settings[TEMPO_APP]:
            beans.append(tempo_app_bean(call))
    return page_bean(call, "/user/bulk", beans[start : start + most], start, most, len(beans))


def short_user_bean(call: Call, person: Person) -> dict[str, Any]:
    """Values of ``CloudUserSchema`` as they stand inside something else."""
    is_own = call.actor is not None and call.actor.person_id == person.id
    shows_zone = is_own or call.settings["jiraCloud.timeZones"] == "shown"
    bean: dict[str, Any] = {
        "link": f"{call.base}/user?accountId={quote(person.account_id, safe='')}",
        "account_id": person.account_id,
        "account_type": "atlassian",
        "avatars": avatars(call, person.avatar_id),
        "display_name": person.display_name,
        "active": bool(person.active),
        "time_zone": person.time_zone if shows_zone else call.settings[TIME_ZONE],
    }
    if is_own or call.settings["jiraCloud.emails"] == "shown":
        bean["email"] = person.email
    elif call.settings["jiraCloud.hiddenEmail"] != "omit":
        bean["email"] = "" if call.settings["jiraCloud.hiddenEmail"] == "blank" else None
    return bean


def full_user_bean(call: Call, person: Person) -> dict[str, Any]:
    """Values of ``CloudUserSchema`` without groups and roles."""
    return {**short_user_bean(call, person), "locale": person.locale}


def tempo_app_bean(call: Call) -> dict[str, Any]:
    """Tempo's own account, in whose name Jira has what is logged in Tempo."""
    account_id = call.settings[TEMPO_APP]
    return {
        "link": f"{call.base}/user?accountId={quote(account_id, safe='')}",
        "account_id": account_id,
        "account_type": "app",
        "avatars": avatars(call, 0),
        "display_name": call.settings["jiraCloud.tempoAppName"],
        "active": True,
        "time_zone": call.settings[TIME_ZONE],
    }


def avatars(call: Call, avatar_id: int) -> dict[str, str]:
    """Pictures of a person by size, drawn by this server."""
    return avatar_urls(f"{server_root(call)}/jira/secure/useravatar", f"avatarId={avatar_id}")


def _may_browse(call: Call) -> bool:
    return call.actor is not None and GlobalPermission.BROWSE_USERS in call.actor.permissions


def _expanded(call: Call, person: Person) -> dict[str, Any]:
    wanted = named(call, "expand")
    found = group_rows.of_person(call.store, person.id)
    group_items = [
        {"name": group.name, "groupId": group.group_id, "self": f"{call.base}/group?groupId={quote_plus(group.group_id)}"}
        for group in found
    ]
    role_items = [{"key": "jira-software", "name": "Jira Software"}]
    return full_user_bean(call, person) | {
        "groups": {"size": len(group_items), "items": group_items if "groups" in wanted else []},
        "application_roles": {"size": len(role_items), "items": role_items if "applicationRoles" in wanted else []},
        "expand": "groups,applicationRoles",
    }
