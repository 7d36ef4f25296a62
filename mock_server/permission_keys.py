"""The permission keys of the Jira host that both its deployments know (Jira REST reference). Descriptions are ours."""

from typing import NamedTuple

from mock_server.access import GlobalPermission


class Known(NamedTuple):
    """A permission key of Jira. ``held_as`` is the global permission behind it, None for a project permission."""

    key: str
    title: str
    held_as: GlobalPermission | None


KNOWN: tuple[Known, ...] = (
    Known("ADMINISTER", "Jira Administrators", GlobalPermission.ADMINISTER),
    Known("SYSTEM_ADMIN", "Jira System Administrators", GlobalPermission.ADMINISTER),
    Known("USER_PICKER", "Browse Users", GlobalPermission.BROWSE_USERS),
    Known("BROWSE_PROJECTS", "Browse Projects", None),
    Known("WORK_ON_ISSUES", "Work On Issues", None),
    Known("EDIT_OWN_WORKLOGS", "Edit Own Worklogs", None),
    Known("EDIT_ALL_WORKLOGS", "Edit All Worklogs", None),
    Known("DELETE_OWN_WORKLOGS", "Delete Own Worklogs", None),
    Known("DELETE_ALL_WORKLOGS", "Delete All Worklogs", None),
    Known("CREATE_ISSUES", "Create Issues", None),
    Known("EDIT_ISSUES", "Edit Issues", None),
    Known("ASSIGN_ISSUES", "Assign Issues", None),
    Known("ASSIGNABLE_USER", "Assignable User", None),
    Known("ADD_COMMENTS", "Add Comments", None),
    Known("DELETE_ISSUES", "Delete Issues", None),
    Known("ADMINISTER_PROJECTS", "Administer Projects", None),
    Known("TRANSITION_ISSUES", "Transition Issues", None),
    Known("SCHEDULE_ISSUES", "Schedule Issues", None),
    Known("MODIFY_REPORTER", "Modify Reporter", None),
)
