"""Changes of worklogs that are due on the other side, Tempo or Jira, arrive before anybody looks."""

from mock_server.moments import moment_text
from mock_server.sites import Site
from mock_server.storage import worklog_arrivals
from mock_server.storage.store import Author


def settle(site: Site) -> None:
    """Let everything arrive at a site that is due by its clock. On the path of every request."""
    store = site.shown
    with store.reading():
        due = site.remembered.get(store.version, "next arrival", lambda: worklog_arrivals.next_due(store))
    if due is None:
        return
    now = site.clock.now()
    if due <= moment_text(now):
        # Imported here: start-up time is a feature, and most worlds have no delay.
        from mock_server.domain.worklog_flow import Flow

        own = site.store
        author = Author("jira-sync", "domain", "settle", moment_text(now))
        with own.transaction(author):
            Flow(own, site.settings, now).settle(author)
