"""Every endpoint of this face, with paths below ``/4``; a new noun is one name more in both lists."""

from mock_server.cloud import (
    account_categories,
    account_links,
    accounts,
    customers,
    generic_resources,
    global_configuration,
    holiday_schemes,
    holidays,
    memberships,
    papertrail,
    periods,
    permission_roles,
    plan_approvals,
    plan_lists,
    plans,
    programs,
    roles,
    team_generic_resources,
    team_links,
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
            team_links,
            team_generic_resources,
            memberships,
            roles,
            permission_roles,
            programs,
            generic_resources,
            worklogs,
            worklog_lists,
            worklog_ids,
            work_attributes,
            accounts,
            account_links,
            account_categories,
            customers,
            global_configuration,
            plans,
            plan_lists,
            plan_approvals,
            periods,
            user_schedule,
            workload_schemes,
            holiday_schemes,
            holidays,
            papertrail,
        )
    )
