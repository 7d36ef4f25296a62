"""Google Calendar: a service account whose key reads the calendars of everybody in the domain. Its key can expire."""

from mock_server.domain.providers.provider import Prerequisite, Provider, Way

PROVIDER = Provider(
    key="google-calendar",
    title="Google Calendar",
    place=3,
    icon="GC",
    container="calendar",
    prerequisites=(
        Prerequisite(
            "admin-sdk",
            "The Admin SDK API is enabled",
            "In the Google Cloud project, under APIs & Services, enable the Admin SDK API.",
        ),
        Prerequisite(
            "calendar-api",
            "The Google Calendar API is enabled",
            "In the Google Cloud project, under APIs & Services, enable the Google Calendar API.",
        ),
        Prerequisite(
            "service-account",
            "There is a service account",
            "In the Google Cloud project, under IAM & Admin, create a service account, and then its key.",
        ),
        Prerequisite(
            "delegation",
            "The service account has domain-wide delegation for calendar, profile and e-mail",
            "In the Google Admin console, under Security > API controls, delegate the domain to the service account with the "
            "scopes for calendar, profile and e-mail.",
            is_permission=True,
        ),
    ),
    ways=(Way.EMAIL,),
    kinds=("event",),
    account_access="In the Google Admin console, turn the service Google Calendar on for {account}.",
)
