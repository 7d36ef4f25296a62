"""What the files of a scenario hold: one schema for an entry of each noun.

People, groups and the like are named by their natural names; ids are given where a world must answer with them and may
be left out elsewhere.
"""

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from mock_server.access import GRANTABLE_SCOPES, TEAM_PERMISSION_KEYS, GlobalPermission
from mock_server.scenario_moments import End, Moment
from mock_server.settings import is_zone

_ID = validate.Range(min=1, max=2**31 - 1)
_LAST_ID = validate.Range(min=0, max=2**31 - 2)
_HASH = r"^scrypt\$[0-9]{1,7}\$[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+$"
_NAME = validate.Length(min=1, max=255)
_UNBOUNDED_NAME = validate.Length(min=1)


def _check_zone(name: str) -> None:
    if not is_zone(name):
        raise ValidationError("Not the name of a time zone such as Europe/Berlin.")


class EntrySchema(Schema):
    """Base of every entry: what is not known is refused, so that a slip of the pen does not go unnoticed."""

    class Meta:
        unknown = RAISE


class PersonEntry(EntrySchema):
    """A person with all three identities. Without a password nobody can log in as them by name and password.

    ``password_hash`` stands instead of ``password`` in a world that was written out.
    """

    name = fields.String(required=True, validate=_NAME)
    key = fields.String(required=True, validate=_NAME)
    account_id = fields.String(required=True, validate=_NAME)
    display_name = fields.String(required=True, validate=_NAME)
    email = fields.String(required=True, validate=_NAME)
    password = fields.String(load_default=None)
    password_hash = fields.String(load_default=None, validate=validate.Regexp(_HASH))
    active = fields.Boolean(load_default=True)
    time_zone = fields.String(load_default="UTC", validate=_check_zone)
    locale = fields.String(load_default="en_US")
    avatar_id = fields.Integer(load_default=10122, strict=True, validate=_ID)


class PersonalAccessTokenEntry(EntrySchema):
    """A published demo token of Jira Data Center; the world keeps its hash only, and writes out nothing else."""

    person = fields.String(required=True)
    name = fields.String(required=True, validate=_NAME)
    token = fields.String(load_default=None, validate=validate.Length(min=8))
    token_hash = fields.String(load_default=None, validate=validate.Regexp(r"^[0-9a-f]{64}$"))
    created_at = Moment(load_default=None)
    expires_at = End(load_default=None)

    @validates_schema
    def need_one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        """A token is there in clear or as a hash."""
        if (data["token"] is None) == (data["token_hash"] is None):
            raise ValidationError("Give the token, or its hash, and not both.")


class ApiTokenEntry(EntrySchema):
    """A published demo token of Tempo Cloud, as old as ``age`` days. Without scopes it has Full access."""

    person = fields.String(required=True)
    name = fields.String(required=True, validate=_NAME)
    scopes = fields.List(fields.String(validate=validate.OneOf(sorted(GRANTABLE_SCOPES))), load_default=None)
    days = fields.Integer(load_default=30, strict=True, validate=validate.Range(1, 5000))
    age = fields.Integer(load_default=0, strict=True, validate=validate.Range(min=0))
    token = fields.String(load_default=None, validate=validate.Length(min=8))
    token_hash = fields.String(load_default=None, validate=validate.Regexp(r"^[0-9a-f]{64}$"))
    created_at = Moment(load_default=None)
    expires_at = End(load_default=None)

    @validates_schema
    def need_one_of_both(self, data: dict[str, Any], **_: Any) -> None:
        """A token is there in clear or as a hash."""
        if (data["token"] is None) == (data["token_hash"] is None):
            raise ValidationError("Give the token, or its hash, and not both.")


class GroupEntry(EntrySchema):
    """A Jira group, the people in it by name, and the global permissions it holds."""

    name = fields.String(required=True, validate=_NAME)
    group_id = fields.UUID(required=True)
    people = fields.List(fields.String(), load_default=list)
    global_permissions = fields.List(
        fields.String(validate=validate.OneOf([p.value for p in GlobalPermission])), load_default=list
    )


class ProjectPermissionsEntry(EntrySchema):
    """The project permissions that a group holds."""

    group = fields.String(required=True)
    keys = fields.List(fields.String(), required=True)


class ProjectEntry(EntrySchema):
    """A Jira project and who may do what in it."""

    id = fields.Integer(required=True, strict=True, validate=_ID)
    key = fields.String(required=True, validate=validate.Regexp(r"^[A-Z][A-Z0-9_]{1,9}$"))
    name = fields.String(required=True, validate=_NAME)
    lead = fields.String(load_default=None)
    project_type = fields.String(load_default="software", validate=validate.OneOf(["software", "business", "service_desk"]))
    permissions = fields.List(fields.Nested(ProjectPermissionsEntry), load_default=list)


class RoleEntry(EntrySchema):
    """A team role."""

    id = fields.Integer(required=True, strict=True, validate=_ID)
    name = fields.String(required=True, validate=_UNBOUNDED_NAME)
    default = fields.Boolean(load_default=False)


class TeamPermissionEntry(EntrySchema):
    """A team permission key; modules bring keys, so a scenario may add any."""

    key = fields.String(required=True, validate=_NAME)
    name = fields.String(required=True, validate=_NAME)
    description = fields.String(required=True)
    weight = fields.Integer(required=True, strict=True, validate=validate.Range(-(2**31), 2**31 - 1))


class HoldersEntry(EntrySchema):
    """Who holds a team permission on a team."""

    key = fields.String(required=True)
    users = fields.List(fields.String(), load_default=list)
    groups = fields.List(fields.String(), load_default=list)


class MembershipEntry(EntrySchema):
    """A period; days are inclusive and null is open, ``availability`` is percent."""

    id = fields.Integer(load_default=None, strict=True, validate=_ID)
    role = fields.Integer(required=True, strict=True)
    start = fields.Date(load_default=None, allow_none=True)
    end = fields.Date(load_default=None, allow_none=True)
    availability = fields.Integer(load_default=100, strict=True, validate=validate.Range(0, 100))


class MemberEntry(EntrySchema):
    """A person with periods, or a group, in a team."""

    id = fields.Integer(load_default=None, strict=True, validate=_ID)
    person = fields.String(load_default=None)
    group = fields.String(load_default=None)
    memberships = fields.List(fields.Nested(MembershipEntry), load_default=list)


class BoardEntry(EntrySchema):
    """A Jira board of a project, named by its key."""

    id = fields.Integer(required=True, strict=True, validate=_ID)
    name = fields.String(required=True, validate=_NAME)
    type = fields.String(load_default="scrum", validate=validate.OneOf(["scrum", "kanban"]))
    project = fields.String(required=True)


class ProgramEntry(EntrySchema):
    """A program and who manages it."""

    id = fields.Integer(required=True, strict=True, validate=_ID)
    name = fields.String(required=True, validate=_UNBOUNDED_NAME)
    manager = fields.String(load_default=None)


class LinkEntry(EntrySchema):
    """What a team is linked to: the id of a project or board."""

    id = fields.Integer(load_default=None, strict=True, validate=_ID)
    scope_type = fields.String(required=True, validate=validate.OneOf(["project", "board"]))
    scope = fields.Integer(required=True, strict=True, validate=_ID)


class PermissionRoleEntry(EntrySchema):
    """A permission role of a team. The built-in ones need not be listed; they are where their ids matter."""

    id = fields.Integer(load_default=None, strict=True, validate=_ID)
    built_in = fields.String(load_default=None, validate=validate.OneOf(["lead", "member"]))
    name = fields.String(required=True, validate=_UNBOUNDED_NAME)
    keys = fields.List(fields.String(validate=validate.OneOf(TEAM_PERMISSION_KEYS)), load_default=list)
    users = fields.List(fields.String(), load_default=list)
    groups = fields.List(fields.String(), load_default=list)


class SharedPermissionRoleEntry(EntrySchema):
    """A permission role over several teams, by their ids, or with ``access`` GLOBAL over everybody."""

    id = fields.Integer(load_default=None, strict=True, validate=_ID)
    name = fields.String(required=True, validate=_UNBOUNDED_NAME)
    access = fields.String(load_default="TEAM", validate=validate.OneOf(["TEAM", "GLOBAL"]))
    teams = fields.List(fields.Integer(strict=True, validate=_ID), load_default=list)
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

    id = fields.Integer(required=True, strict=True, validate=_ID)
    name = fields.String(required=True, validate=_NAME)
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


class LastIdsEntry(EntrySchema):
    """The last ids given out before the world begins, by noun."""

    teams = fields.Integer(strict=True, validate=_LAST_ID)
    members = fields.Integer(strict=True, validate=_LAST_ID)
    memberships = fields.Integer(strict=True, validate=_LAST_ID)
    roles = fields.Integer(strict=True, validate=_LAST_ID)
    projects = fields.Integer(strict=True, validate=_LAST_ID)
    boards = fields.Integer(strict=True, validate=_LAST_ID)
    issues = fields.Integer(strict=True, validate=_LAST_ID)
    programs = fields.Integer(strict=True, validate=_LAST_ID)
    links = fields.Integer(strict=True, validate=_LAST_ID)
    permission_roles = fields.Integer(strict=True, validate=_LAST_ID)
    account_categories = fields.Integer(strict=True, validate=_LAST_ID)
    customers = fields.Integer(strict=True, validate=_LAST_ID)
    accounts = fields.Integer(strict=True, validate=_LAST_ID)
    account_links = fields.Integer(strict=True, validate=_LAST_ID)
    work_attributes = fields.Integer(strict=True, validate=_LAST_ID)
    worklogs = fields.Integer(strict=True, validate=_LAST_ID)
    jira_worklogs = fields.Integer(strict=True, validate=_LAST_ID)
    generic_resources = fields.Integer(strict=True, validate=_LAST_ID)


class WorldEntry(EntrySchema):
    """``scenario.toml``: a title, settings that differ from the defaults, and the last ids given out before the seed."""

    title = fields.String(load_default="")
    settings = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    last_ids = fields.Nested(LastIdsEntry, load_default=dict)


def entry_schemas() -> dict[str, EntrySchema]:
    """Noun -> schema of one entry of ``<noun>.json``, in the order in which nouns refer to each other."""
    # Imported here: entries of other modules stand on those of this one.
    from mock_server.scenario_accounts import AccountCategoryEntry, AccountEntry, AccountLinkEntry, CustomerEntry
    from mock_server.scenario_generic_resources import GenericResourceEntry
    from mock_server.scenario_issues import IssueEntry, JiraApiTokenEntry
    from mock_server.scenario_work import WorkAttributeEntry, WorklogEntry

    return {
        "people": PersonEntry(),
        "personal_access_tokens": PersonalAccessTokenEntry(),
        "api_tokens": ApiTokenEntry(),
        "jira_api_tokens": JiraApiTokenEntry(),
        "groups": GroupEntry(),
        "projects": ProjectEntry(),
        "boards": BoardEntry(),
        "issues": IssueEntry(),
        "programs": ProgramEntry(),
        "roles": RoleEntry(),
        "team_permissions": TeamPermissionEntry(),
        "teams": TeamEntry(),
        "permission_roles": SharedPermissionRoleEntry(),
        "account_categories": AccountCategoryEntry(),
        "customers": CustomerEntry(),
        "accounts": AccountEntry(),
        "account_links": AccountLinkEntry(),
        "work_attributes": WorkAttributeEntry(),
        "worklogs": WorklogEntry(),
        "generic_resources": GenericResourceEntry(),
    }
