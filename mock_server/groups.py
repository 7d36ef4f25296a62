"""Every endpoint that is served, in groups: one path prefix, one heading in documents and the REST browser.

Modules of faces are imported inside functions: a start pays for none that nobody uses.
"""

from mock_server.endpoint import Api, Endpoint, Group, endpoints_of
from mock_server.host import CONTEXT
from mock_server.own_pages import CONTROL

EXTENSION = "/x-tempo-mock"
PAPERTRAIL = "/papertrail/1"
OAUTH = "/oauth"
AUTHORIZE = f"{OAUTH}/authorize/redirect"
"""Where clients send people, who are led on to ``CONSENT``."""

CONSENT = "/plugins/servlet/ac/io.tempo.jira/oauth-authorize"
"""Where the page on which somebody consents stood inside Jira: leads on to the page."""

_CLOUD = "/rest/api/"


def datacenter_endpoints() -> list[Endpoint]:
    """Every endpoint of Tempo Teams, with paths below ``/jira/rest/tempo-teams``."""
    from mock_server.datacenter import links, members, memberships, permission_roles, programs, roles, team_permissions, teams

    return endpoints_of((teams, members, memberships, roles, team_permissions, permission_roles, links, programs))


def jira_endpoints() -> list[Endpoint]:
    """Every endpoint of Jira's own API, with paths below ``/jira/rest/api/2``."""
    from mock_server.jira import permissions, projects, server_info, users, worklog_changes, worklogs

    return endpoints_of((users, projects, worklogs, worklog_changes, permissions, server_info))


def agile_endpoints() -> list[Endpoint]:
    """Boards, with paths below ``/jira/rest/agile/1.0``."""
    from mock_server.jira import boards

    return endpoints_of((boards,))


def session_endpoints() -> list[Endpoint]:
    """Logging in and out, with paths below ``/jira/rest/auth/1``."""
    from mock_server.jira import sessions

    return endpoints_of((sessions,))


def tempo_groups() -> tuple[Group, ...]:
    """Tempo's resources inside Jira Data Center."""
    note = "Tempo Teams as an app inside Jira Data Center."
    return (
        Group("tempo_teams", "Tempo Teams, Data Center", Api.HOST, f"{CONTEXT}/rest/tempo-teams", datacenter_endpoints(), note),
    )


def jira_groups() -> tuple[Group, ...]:
    """Jira Data Center's own resources."""
    return (
        Group("jira", "Jira, Data Center", Api.HOST, f"{CONTEXT}/rest/api/2", jira_endpoints()),
        Group("jira_boards", "Jira boards", Api.HOST, f"{CONTEXT}/rest/agile/1.0", agile_endpoints()),
        Group("jira_session", "Jira log-in", Api.HOST, f"{CONTEXT}/rest/auth/1", session_endpoints()),
    )


def cloud_groups() -> tuple[Group, ...]:
    """Tempo Cloud, and the Jira Cloud beside it under one of its addresses."""
    also = (
        f"The same is served at {_CLOUD}2, at {CONTEXT}{_CLOUD}3, and for OAuth clients with a Bearer token at "
        "/ex/jira/{cloudId}/rest/api/3 and /2. Version 2 has plain text where version 3 has documents."
    )
    ours = "Not part of Tempo: what integrations need and no public operation tells. For tokens of Tempo Cloud."
    older = "Deprecated, and not below /4; the audit feed of the REST API v4 tells the same and more."
    forms = (
        f"Bodies are forms; a slash may end each path, as on the vendor's page. A client sends people to GET {AUTHORIZE} "
        f"with client_id, redirect_uri and state, which leads to the consent page at {CONSENT}."
    )
    return (
        Group("tempo_cloud", "Tempo Cloud", Api.TEMPO_CLOUD, "/4", cloud_endpoints(), "The REST API v4 of Tempo Cloud."),
        Group("papertrail", "Tempo Cloud, deleted work", Api.TEMPO_CLOUD, PAPERTRAIL, papertrail_endpoints(), older),
        Group("extension", "Extensions of this fake", Api.TEMPO_CLOUD, EXTENSION, extension_endpoints(), ours),
        Group("oauth", "Tempo Cloud, OAuth 2.0", Api.OAUTH, OAUTH, oauth_endpoints(), forms),
        Group("jira_cloud", "Jira Cloud", Api.JIRA_CLOUD, f"{_CLOUD}3", jira_cloud_endpoints(), also),
    )


def groups() -> tuple[Group, ...]:
    """Everything served of the vendors', under the headings of documents and the REST browser."""
    return tempo_groups() + jira_groups() + cloud_groups()


def every_group() -> tuple[Group, ...]:
    """Everything served that documents describe: of the vendors', and what of the control routes acts as a person."""
    note = (
        "The fake's own, for scripts: what the pages Apps, Manage Staff and My Apps do, as a person who logs in with name and "
        "password or a token of Tempo Cloud; and the providers outside, where nobody logs in. Refusals are objects with error."
    )
    return *groups(), Group("control", "Apps and staff, control routes", Api.CONTROL, CONTROL, control_endpoints(), note)


def control_endpoints() -> list[Endpoint]:
    """Apps, staff and providers, with paths below ``/_mock``."""
    from mock_server.control import apps, providers, staff

    return endpoints_of((apps, staff, providers))


def cloud_endpoints() -> list[Endpoint]:
    """Every endpoint of Tempo Cloud, with paths below ``/4``."""
    from mock_server.cloud import routes

    return routes.every()


def papertrail_endpoints() -> list[Endpoint]:
    """Tempo Cloud's older feed of deletions, with paths below ``/papertrail/1``."""
    from mock_server.cloud import deleted_events

    return endpoints_of((deleted_events,))


def extension_endpoints() -> list[Endpoint]:
    """What integrations need and no vendor publishes, with paths below ``/x-tempo-mock``."""
    from mock_server.cloud import internal_issues

    return endpoints_of((internal_issues,))


def oauth_endpoints() -> list[Endpoint]:
    """What OAuth clients of Tempo Cloud ask, with paths below ``/oauth``."""
    from mock_server.oauth import tokens

    return endpoints_of((tokens,))


def jira_cloud_endpoints() -> list[Endpoint]:
    """Every endpoint of Jira Cloud, with paths below ``/rest/api/3``, ``/rest/api/2`` and ``/jira/rest/api/3``."""
    from mock_server.jira_cloud import (
        assignees,
        comments,
        issues,
        many_worklogs,
        permissions,
        projects,
        search,
        server_info,
        users,
        worklog_changes,
        worklogs,
    )

    modules = (users, projects, issues, assignees, comments, worklogs, many_worklogs, worklog_changes, search)
    return endpoints_of((*modules, permissions, server_info))
