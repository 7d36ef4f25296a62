"""What goes over the wire of ``/_mock/apps`` and ``/_mock/providers``."""

from marshmallow import RAISE, Schema, fields, validate

from mock_server.domain.provider_services import KEY_DAYS


class ControlSchema(Schema):
    """Base of the bodies and queries here: a member that is not known is refused, as it may be one that is misspelt."""

    class Meta:
        unknown = RAISE


class ContainerSchema(Schema):
    """A repository, a project or a calendar; ``chosen`` tells whether the app covers it."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    chosen = fields.Boolean(required=True)


class PrerequisiteSchema(Schema):
    """Something that has to be so at the provider; ``how`` says where to do it."""

    key = fields.String(required=True)
    title = fields.String(required=True)
    met = fields.Boolean(required=True)
    how = fields.String(required=True)


class AppSchema(Schema):
    """An app; ``key_state`` is valid, expired, revoked or gone, and empty unless it is installed."""

    provider = fields.String(required=True)
    title = fields.String(required=True)
    installed = fields.Boolean(required=True)
    installed_at = fields.String(required=True, allow_none=True, data_key="installedAt")
    installed_by = fields.String(required=True, allow_none=True, data_key="installedBy")
    key_state = fields.String(required=True, data_key="keyState")
    connected = fields.Integer(required=True)
    self_connected = fields.Integer(required=True, data_key="selfConnected")
    failed = fields.Integer(required=True)
    containers = fields.List(fields.Nested(ContainerSchema), required=True)
    prerequisites = fields.List(fields.Nested(PrerequisiteSchema), required=True)


class AppBodySchema(ControlSchema):
    """``key`` is the text of a key made at the provider; without ``containers`` they stay, with null the app covers all."""

    key = fields.String()
    containers = fields.List(fields.Integer(strict=True), allow_none=True)


class ProviderSchema(Schema):
    """A provider as it is listed."""

    provider = fields.String(required=True)
    title = fields.String(required=True)
    container = fields.String(required=True)
    prerequisites = fields.List(fields.Nested(PrerequisiteSchema), required=True)


class ProviderAccountSchema(Schema):
    """An account at a provider."""

    login = fields.String(required=True)
    display_name = fields.String(required=True, data_key="displayName")
    email = fields.String(required=True)
    email_hidden = fields.Boolean(required=True, data_key="emailHidden")
    accessible = fields.Boolean(required=True)


class ProviderContainerSchema(Schema):
    """A repository, a project or a calendar; ``owner`` is a login, or null when the organisation owns it."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    owner = fields.String(required=True, allow_none=True)


class KeySchema(Schema):
    """A key without its text; ``state`` is valid, expired or revoked, ``account`` the login it was made as."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    account = fields.String(required=True, allow_none=True)
    created_at = fields.String(required=True, data_key="createdAt")
    expires_at = fields.String(required=True, data_key="expiresAt")
    state = fields.String(required=True)


class MadeKeySchema(KeySchema):
    """A key with its text, which is told once."""

    key = fields.String(required=True)


class ProviderFaultSchema(Schema):
    """What attempts to connect meet: those of one person (a name), or everybody's; ``times`` null is always."""

    kind = fields.String(required=True)
    person = fields.String(required=True, allow_none=True)
    times = fields.Integer(required=True, allow_none=True)


class WholeProviderSchema(ProviderSchema):
    """A provider with all that it has; ``accounts`` is one page of them."""

    accounts = fields.List(fields.Nested(ProviderAccountSchema), required=True)
    accounts_total = fields.Integer(required=True, data_key="accountsTotal")
    containers = fields.List(fields.Nested(ProviderContainerSchema), required=True)
    keys = fields.List(fields.Nested(KeySchema), required=True)
    faults = fields.List(fields.Nested(ProviderFaultSchema), required=True)


class ProviderPageSchema(ControlSchema):
    """Which part of the accounts, by login."""

    offset = fields.Integer(load_default=0, validate=validate.Range(0, 10**9 - 1))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 1000))


class PermissionBodySchema(ControlSchema):
    """Without ``prerequisite`` all of the provider are met, or none."""

    granted = fields.Boolean(required=True)
    prerequisite = fields.String()


class AccountBodySchema(ControlSchema):
    """What changes of an account; what a new one is made with, which is called as its login unless told."""

    display_name = fields.String(data_key="displayName")
    email = fields.String()
    email_hidden = fields.Boolean(data_key="emailHidden")
    accessible = fields.Boolean()


class KeyBodySchema(ControlSchema):
    """``login`` is the account that the key is made as, where an app covers only what that owns."""

    days = fields.Integer(strict=True, load_default=KEY_DAYS)
    name = fields.String()
    login = fields.String()


class FaultBodySchema(ControlSchema):
    """``person`` is a name; without it everybody's attempts fail. Without ``times`` they always do."""

    kind = fields.String(required=True)
    person = fields.String(allow_none=True, load_default=None)
    times = fields.Integer(strict=True, allow_none=True, load_default=None)
