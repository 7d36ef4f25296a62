"""The caller's own permissions, Data Center form (Jira REST reference)."""

from typing import Any

from marshmallow import fields

from mock_server.access import Scope
from mock_server.domain import projects
from mock_server.endpoint import Call, endpoint
from mock_server.errors import Invalid
from mock_server.permission_keys import KNOWN
from mock_server.schemas import WireSchema


class MyPermissionsSchema(WireSchema):
    """Permission key -> whether the caller holds it."""

    permissions = fields.Dict()


@endpoint("GET", "/mypermissions", scope=Scope.ANYBODY, returns=MyPermissionsSchema, grade="O", source="Jira REST reference",
          parameters=("permissions", "projectKey", "projectId"), also_404=True)  # fmt: skip
def get_my_permissions(call: Call) -> dict[str, Any]:
    """What the caller may do, everywhere or in one project; without a list of keys, every key"""
    asked = call.first("permissions")
    keys = {key.strip() for key in asked.split(",")} if asked else {known.key for known in KNOWN}
    unknown = keys - {known.key for known in KNOWN}
    if unknown:
        raise Invalid(fields=dict.fromkeys(sorted(unknown), "Unrecognized permission"))
    held = projects.held(call.store, call.actor)
    where = call.first("projectId") or call.first("projectKey")
    if where:
        project = projects.get(call.store, call.actor, where)
        in_projects = held.get(project.id, frozenset())
    else:
        in_projects = frozenset[str]().union(*held.values())
    own = call.actor.permissions if call.actor else frozenset[str]()
    return {
        "permissions": {
            known.key: {
                "id": str(index),
                "key": known.key,
                "name": known.title,
                "type": "GLOBAL" if known.held_as else "PROJECT",
                "description": known.title,
                "havePermission": known.held_as in own if known.held_as else known.key in in_projects,
            }
            for index, known in enumerate(KNOWN)
            if known.key in keys
        }
    }
