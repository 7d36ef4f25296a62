"""Every endpoint of this face, with paths below ``/4``; a new noun is one name more in both lists."""

from mock_server.cloud import (
    account_categories,
    account_links,
    accounts,
    customers,
    global_configuration,
    holiday_schemes,
    holidays,
    memberships,
    periods,
    permission_roles,
    roles,
    teams,
    user_schedule,
    work_attributes,
    workload_schemes,
    worklog_ids,
    worklog_lists,
    worklogs,
)
from mock_server.endpoint import Endpoint, endpoints_of


def every() -> list[Endpoint]:
    """All of them, in the order of the modules."""
    return endpoints_of(
        (
            teams,
            memberships,
            roles,
            permission_roles,
            worklogs,
            worklog_lists,
            worklog_ids,
            work_attributes,
            accounts,
            account_links,
            account_categories,
            customers,
            global_configuration,
            periods,
            user_schedule,
            workload_schemes,
            holiday_schemes,
            holidays,
        )
    )
