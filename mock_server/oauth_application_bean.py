"""An OAuth application as it is told: by the route ``/_mock/oauth-applications`` and by the command, in the same words."""

from typing import Any

from mock_server.domain.oauth_applications import Registered
from mock_server.storage.oauth_applications import OAuthApplication


def oauth_application_bean(application: OAuthApplication) -> dict[str, Any]:
    """What an application is, without its secret."""
    return {
        "id": application.id,
        "name": application.name,
        "clientId": application.client_id,
        "clientType": application.client_type,
        "redirectUris": application.redirect_uris.split(),
        "scopes": application.scopes.split(),
        "createdAt": application.created_at,
    }


def told_once(registered: Registered) -> dict[str, Any]:
    """The same with the secret, which nobody is told again."""
    return {**oauth_application_bean(registered.application), "clientSecret": registered.secret}
