"""Links of accounts to projects: one account at most is a project's default (vendor's OpenAPI; assumptions accountLinks)."""

from collections.abc import Collection

from mock_server.access import Actor, GlobalPermission
from mock_server.domain import accounts, projects
from mock_server.errors import Invalid, NotFound
from mock_server.storage import account_links
from mock_server.storage import projects as project_rows
from mock_server.storage.account_links import AccountLink
from mock_server.storage.projects import Project
from mock_server.storage.store import Store


def seen_projects(store: Store, actor: Actor) -> Collection[int] | None:
    """Ids of the projects whose links the actor sees; None is all, for a Tempo Account Administrator."""
    if GlobalPermission.TEMPO_ACCOUNT_ADMINISTRATOR in actor.permissions:
        return None
    return {project.id for project in projects.browsable(store, actor)}


def get(store: Store, actor: Actor, link_id: int) -> AccountLink:
    """By id. Raises ``NotFound`` also for a link to a project that the actor may not browse."""
    link = account_links.get(store, link_id)
    seen = seen_projects(store, actor)
    if link is None or (seen is not None and link.project_id not in seen):
        raise NotFound(f"Account link '{link_id}' not found")
    return link


def project_seen(store: Store, actor: Actor, project_id: int) -> Project:
    """A project by id. Raises ``NotFound`` also for one that the actor may not browse."""
    project = project_rows.get(store, project_id)
    seen = seen_projects(store, actor)
    if project is None or (seen is not None and project_id not in seen):
        raise NotFound(f"Project '{project_id}' not found")
    return project


def create(store: Store, account_key: str, project_id: int, is_default: bool) -> AccountLink:
    """A new link. Raises ``NotFound`` for an unknown account or project and ``Invalid`` for a link that is there already."""
    account = accounts.by_key(store, account_key)
    if project_rows.get(store, project_id) is None:
        raise NotFound(f"Project '{project_id}' not found")
    if account_links.between(store, account.id, project_id):
        raise Invalid(f"Account '{account_key}' is already linked to project '{project_id}'")
    link_id = account_links.add(store, account.id, project_id)
    link = AccountLink(link_id, account.id, account.key, project_id, 0, account.is_global)
    return make_default(store, link) if is_default else link


def make_default(store: Store, link: AccountLink) -> AccountLink:
    """The link's account becomes the default of its project, in place of any other."""
    account_links.make_default(store, link)
    return link._replace(is_default=1)


def remove(store: Store, link: AccountLink) -> None:
    """Take a link away; a project whose default it was has none then."""
    account_links.remove(store, link.id)
