"""Office365: calendars, read by an app that an administrator of the tenant has consented to."""

from mock_server.domain.providers.provider import Prerequisite, Provider, Way

PROVIDER = Provider(
    key="office365",
    title="Office365",
    place=4,
    icon="O3",
    container="calendar",
    prerequisites=(
        Prerequisite(
            "consent",
            "An administrator of the tenant has consented to the app",
            "In the Microsoft Entra admin center, under Enterprise applications, grant admin consent for the tenant.",
        ),
        Prerequisite(
            "calendars-read",
            "The app may read calendars and users",
            "In the Microsoft Entra admin center, under API permissions, give the app Calendars.Read and User.Read.All.",
            is_permission=True,
        ),
    ),
    ways=(Way.EMAIL,),
    kinds=("event",),
    account_access="In Exchange, include the mailbox of {account} in what the app's access policy allows.",
)
