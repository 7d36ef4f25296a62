"""Teams in scenarios: entries of teams, programs, team roles, team permissions and permission roles."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from mock_server.access import TEAM_PERMISSION_KEYS
from mock_server.nouns.noun import ID, NAME, TEXT, EntrySchema


class ProgramEntry(EntrySchema):
    """A program and who manages it."""

    id = fields.Integer(required=True, strict=True, validate=ID)
    name = fields.String(required=True, validate=TEXT)
    manager = fields.String(load_default=None)


class RoleEntry(EntrySchema):
    """A team role."""

    id = fields.Integer(required=True, strict=True, validate=ID)
    name = fields.String(required=True, validate=TEXT)
    default = fields.Boolean(load_default=False)


class TeamPermissionEntry(EntrySchema):
    """A team permission key; modules bring keys, so a scenario may add any."""

    key = fields.String(required=True, validate=NAME)
    name = fields.String(required=True, validate=NAME)
    description = fields.String(required=True)
    weight = fields.Integer(required=True, strict=True, validate=validate.Range(-(2**31), 2**31 - 1))


class HoldersEntry(EntrySchema):
    """Who holds a team permission on a team."""

    key = fields.String(required=True)
    users = fields.List(fields.String(), load_default=list)
    groups = fields.List(fields.String(), load_default=list)


class MembershipEntry(EntrySchema):
    """A period; days are inclusive and null is open, ``availability`` is percent."""

    id = fields.Integer(load_default=None, strict=True, validate=ID)
    role = fields.Integer(required=True, strict=True)
    start = fields.Date(load_default=None, allow_none=True)
    end = fields.Date(load_default=None, allow_none=True)
    availability = fields.Integer(load_default=100, strict=True, validate=validate.Range(0, 100))


class MemberEntry(EntrySchema):
    """A person with periods, or a group, in a team."""

    id = fields.Integer(load_default=None, strict=True, validate=ID)
    person = fields.String(load_default=None)
    group = fields.String(load_default=None)
    memberships = fields.List(fields.Nested(MembershipEntry), load_default=list)


class LinkEntry(EntrySchema):
    """What a team is linked to: the id of a project or board."""

    id = fields.Integer(load_default=None, strict=True, validate=ID)
    scope_type = fields.String(required=True, validate=validate.OneOf(["project", "board"]))
    scope = fields.Integer(required=True, strict=True, validate=ID)


class PermissionRoleEntry(EntrySchema):
    """A permission role of a team. The built-in ones need not be listed; they are where their ids matter."""

    id = fields.Integer(load_default=None, strict=True, validate=ID)
    built_in = fields.String(load_default=None, validate=validate.OneOf(["lead", "member"]))
    name = fields.String(required=True, validate=TEXT)
    keys = fields.List(fields.String(validate=validate.OneOf(TEAM_PERMISSION_KEYS)), load_default=list)
    users = fields.List(fields.String(), load_default=list)
    groups = fields.List(fields.String(), load_default=list)


class SharedPermissionRoleEntry(EntrySchema):
    """A permission role over several teams, by their ids, or with ``access`` GLOBAL over everybody."""

    id = fields.Integer(load_default=None, strict=True, validate=ID)
    name = fields.String(required=True, validate=TEXT)
    access = fields.String(load_default="TEAM", validate=validate.OneOf(["TEAM", "GLOBAL"]))
    teams = fields.List(fields.Integer(strict=True, validate=ID), load_default=list)
    keys = fields.List(fields.String(validate=validate.OneOf(TEAM_PERMISSION_KEYS)), load_default=list)
    people = fields.List(fields.String(), load_default=list)
    groups = fields.List(fields.String(), load_default=list)

    @validates_schema
    def need_no_teams_for_all(self, data: dict[str, Any], **_: Any) -> None:
        """A role over everybody names no teams."""
        if data["access"] == "GLOBAL" and data["teams"]:
            raise ValidationError("A role with access GLOBAL names no teams.")


class TeamEntry(EntrySchema):
    """A team with its members, permission holders, links and permission roles."""

    id = fields.Integer(required=True, strict=True, validate=ID)
    name = fields.String(required=True, validate=NAME)
    summary = fields.String(load_default=None)
    lead = fields.String(load_default=None)
    members = fields.List(fields.Nested(MemberEntry), load_default=list)
    permissions = fields.List(fields.Nested(HoldersEntry), load_default=list)
    program = fields.Integer(load_default=None, strict=True)
    mission = fields.String(load_default="")
    is_public = fields.Boolean(load_default=False)
    administrative = fields.Boolean(load_default=False)
    links = fields.List(fields.Nested(LinkEntry), load_default=list)
    permission_roles = fields.List(fields.Nested(PermissionRoleEntry), load_default=list)
