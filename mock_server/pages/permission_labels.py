"""How pages name the permissions over a team (help pages on team permissions), in the order of their tables."""

from mock_server.access import MANAGE_TEAM, PLAN_APPROVE, PLAN_MANAGE, PLAN_VIEW, WORKLOG_APPROVE, WORKLOG_MANAGE, WORKLOG_VIEW

VIEW_TEAM = "View Team"
"""What everybody in a role has; it has no key, and its box is always ticked."""

PERMISSION_LABELS = (
    (MANAGE_TEAM, "Manage Team"),
    (WORKLOG_VIEW, "View Worklogs"),
    (WORKLOG_MANAGE, "Manage Worklogs"),
    (WORKLOG_APPROVE, "Approve Timesheets"),
    (PLAN_VIEW, "View Plans"),
    (PLAN_MANAGE, "Manage Plans"),
    (PLAN_APPROVE, "Approve Plans"),
)
"""Key and label of each permission that a role can give."""
