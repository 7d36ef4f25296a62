"""What somebody loses from one moment to the next: a token that expires early, a permission role, a scope."""

from datetime import datetime

from mock_server.access import GRANTABLE_SCOPES
from mock_server.domain.logins import hash_token
from mock_server.moments import moment_text
from mock_server.storage import api_tokens, jira_api_tokens, oauth_grants, people, permission_roles
from mock_server.storage.permission_roles import PermissionRole
from mock_server.storage.store import Store


def expire(store: Store, text: str, now: datetime) -> bool:
    """Let a token be good for nothing from ``now`` on; answers whether there was one of this text that still was.

    One of Tempo Cloud, an access token of OAuth and a personal access token expire; an API token of Jira Cloud, which has no
    end here, is removed.
    """
    token_hash, moment = hash_token(text), moment_text(now)
    token = api_tokens.by_hash(store, token_hash)
    if token is not None:
        if token.expires_at <= moment:
            return False
        api_tokens.renew(store, token.id, token_hash, moment)
        return True
    granted = oauth_grants.by_access_token(store, token_hash)
    if granted is not None and granted.access_expires_at is not None:
        if granted.access_expires_at <= moment:
            return False
        oauth_grants.expire_access(store, granted.id, moment)
        return True
    return people.expire_token(store, token_hash, moment) or jira_api_tokens.remove(store, token_hash)


def take_scope(store: Store, text: str, scope: str) -> bool:
    """Take a scope from a token of Tempo Cloud; answers whether it had it."""
    token = api_tokens.by_hash(store, hash_token(text))
    granted = oauth_grants.by_access_token(store, hash_token(text))
    scopes = (token.scopes if token else (granted and granted.access_scopes) or "").split()
    left = " ".join(name for name in scopes if name != scope)
    if scope in scopes and token:
        api_tokens.limit(store, token.id, left)
    elif scope in scopes and granted:
        oauth_grants.limit_access(store, granted.id, left)
    return scope in scopes


def is_scope(name: str) -> bool:
    """Whether a token can have a scope of this name."""
    return name in GRANTABLE_SCOPES


def roles_named(store: Store, role: int | str | None) -> list[PermissionRole]:
    """The roles of this id or name, all for None; those built into a team not, as they follow from the team."""
    found = [known for known in permission_roles.every(store) if not known.built_in]
    return [known for known in found if role is None or role in (known.id, known.name)]


def take_roles(store: Store, person_id: int, role: int | str | None) -> bool:
    """Take a person out of these roles (see ``roles_named``); answers whether they held one.

    A group that gave it to them holds it no more; its other members then hold it one by one, as Tempo Cloud lists them.
    """
    held = [
        known.id
        for known in roles_named(store, role)
        if any(person.id == person_id for person in permission_roles.everybody_holding(store, known.id))
    ]
    for role_id in held:
        permission_roles.take_from(store, role_id, person_id)
    return bool(held)
