"""Every noun of a scenario, in the order in which they refer to each other; the one list that all else goes through."""

from types import MappingProxyType

from mock_server.nouns.accounts import ACCOUNT_CATEGORIES, ACCOUNT_LINKS, ACCOUNTS, CUSTOMERS
from mock_server.nouns.apps import APP_CONNECTIONS, APP_FAILURES, APPS, CONNECT_JOBS
from mock_server.nouns.generic_resources import GENERIC_RESOURCES
from mock_server.nouns.jira_worklogs import (
    JIRA_DAY_WORKLOGS,
    JIRA_DELETED_WORKLOGS,
    JIRA_WORKLOGS,
    WORKLOG_ARRIVALS,
)
from mock_server.nouns.oauth_applications import OAUTH_APPLICATIONS
from mock_server.nouns.people import GROUPS, PEOPLE
from mock_server.nouns.plans import PLANS
from mock_server.nouns.projects import BOARDS, ISSUES, PROJECTS
from mock_server.nouns.provider_accounts import PROVIDER_ACCOUNTS
from mock_server.nouns.providers import PROVIDER_ITEMS, PROVIDERS
from mock_server.nouns.schemes import HOLIDAY_SCHEMES, WORKLOAD_SCHEMES
from mock_server.nouns.teams import PERMISSION_ROLES, PROGRAMS, ROLES, TEAM_PERMISSIONS, TEAMS
from mock_server.nouns.tokens import API_TOKENS, JIRA_API_TOKENS, PERSONAL_ACCESS_TOKENS
from mock_server.nouns.work import WORK_ATTRIBUTES, WORKLOGS

NOUNS = MappingProxyType(
    {
        noun.name: noun
        for noun in (
            PEOPLE,
            PERSONAL_ACCESS_TOKENS,
            API_TOKENS,
            JIRA_API_TOKENS,
            OAUTH_APPLICATIONS,
            GROUPS,
            PROJECTS,
            BOARDS,
            ISSUES,
            PROGRAMS,
            ROLES,
            TEAM_PERMISSIONS,
            TEAMS,
            PERMISSION_ROLES,
            ACCOUNT_CATEGORIES,
            CUSTOMERS,
            ACCOUNTS,
            ACCOUNT_LINKS,
            WORK_ATTRIBUTES,
            WORKLOGS,
            JIRA_WORKLOGS,
            JIRA_DAY_WORKLOGS,
            JIRA_DELETED_WORKLOGS,
            WORKLOG_ARRIVALS,
            GENERIC_RESOURCES,
            WORKLOAD_SCHEMES,
            HOLIDAY_SCHEMES,
            PLANS,
            PROVIDER_ACCOUNTS,
            PROVIDERS,
            PROVIDER_ITEMS,
            APPS,
            APP_CONNECTIONS,
            APP_FAILURES,
            CONNECT_JOBS,
        )
    }
)
"""File name without ``.json`` -> noun."""
