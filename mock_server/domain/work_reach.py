"""Whose work an actor reaches: token scopes apart, what roles, teams and Jira's project permissions give together."""

from mock_server.access import WORKLOG_MANAGE, Actor
from mock_server.domain import projects
from mock_server.storage import projects as project_rows
from mock_server.storage import work_reach
from mock_server.storage.store import Store
from mock_server.storage.work_reach import WorkReach

BROWSE = "BROWSE_PROJECTS"
VIEW_ALL = "io.tempo.jira__view-all-worklogs"
LOG_FOR_OTHERS = "io.tempo.jira__log-work-for-others"


def of(store: Store, actor: Actor, key: str, *, view_all: bool = True) -> WorkReach:
    """The reach that a permission key gives, such as ``permissions.worklog.view``; own work is always in it.

    ``view_all`` tells whether Jira's View All Worklogs counts beside it.
    """
    held = projects.held(store, actor)
    everyone, team_ids = work_reach.of_roles(store, actor.person_id, key, actor.roles_as_of)
    browse = frozenset(project for project, permissions in held.items() if BROWSE in permissions)
    seen = frozenset(project for project, permissions in held.items() if view_all and VIEW_ALL in permissions)
    return WorkReach(actor.person_id, everyone, team_ids, browse, seen, project_rows.count(store) - len(browse))


def may_manage(store: Store, actor: Actor, author_id: int, day: str | None) -> bool:
    """Whether a role gives the actor Manage Worklogs over somebody; with ``day`` (``yyyy-MM-dd``), inside a membership."""
    everyone, team_ids = work_reach.of_roles(store, actor.person_id, WORKLOG_MANAGE, actor.roles_as_of)
    return everyone or work_reach.is_member(store, author_id, team_ids, day)
