"""Runs that connect people to apps, worked off in the background: one thread for a server, which lives while there is work.

Each batch is one transaction. Between two batches the lock of the world is free, so that requests are answered meanwhile; a
server that is killed between them goes on with the next batch when it is started again.
"""

import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mock_server.sites import Site

PAUSE = 0.001
"""Seconds between two batches: a lock that is taken again at once is never given to anybody else."""

_RETRY_AFTER = 0.2
_MOST_ERRORS = 10


class JobRunner:
    """Works off the runs of the sites that it was woken for. Every method may be called from any thread."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        # Site -> how often it was woken: a run may begin while the last one is found to have ended.
        self._sites: dict[Site, int] = {}
        self._working: Site | None = None

    def wake(self, site: "Site") -> None:
        """There are unfinished runs in this site, or there will be when the present transaction has ended."""
        with self._changed:
            if self._stopping.is_set():
                return
            self._sites[site] = self._sites.get(site, 0) + 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="connect jobs", daemon=True)
                self._thread.start()

    def resume(self, site: "Site") -> None:
        """Go on with the runs that a world came with: after a start on its file, or the entry of a snapshot or a scenario."""
        from mock_server.storage import connect_jobs

        with site.shown.reading():
            is_left = bool(connect_jobs.unfinished(site.shown))
        if is_left:
            # From now on it is no template that others read, too.
            _ = site.store
            self.wake(site)

    def forget(self, site: "Site") -> None:
        """Nothing more is done in this site, once the present batch has ended. Not to be called inside a transaction of it."""
        with self._changed:
            self._sites.pop(site, None)
            self._changed.wait_for(lambda: self._working is not site)

    def wait(self, timeout: float) -> bool:
        """Wait until every run has ended, so many seconds at most; answers whether they have."""
        with self._changed:
            return self._changed.wait_for(lambda: self._thread is None, timeout)

    def close(self) -> None:
        """Stop after the present batch, for good. What is left is done by the next server on the same file."""
        self._stopping.set()
        with self._changed:
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        errors: dict[Site, int] = {}
        while True:
            with self._changed:
                self._working = None
                self._changed.notify_all()
                if self._stopping.is_set() or not self._sites:
                    self._thread = None
                    self._changed.notify_all()
                    return
                # The sites take turns.
                site, woken = next(iter(self._sites.items()))
                self._sites[site] = self._sites.pop(site)
                self._working = site
            try:
                is_left = step(site)
                errors.pop(site, None)
            except Exception as error:
                # Another program may hold the file for a while.
                errors[site] = errors.get(site, 0) + 1
                is_left = errors[site] < _MOST_ERRORS
                if not is_left:
                    del errors[site]
                    sys.stderr.write(
                        f"tempo-mock: connecting people of the site {site.name} was given up "
                        f"({type(error).__name__}: {error}); it goes on with the next run, or after a restart\n"
                    )
                self._stopping.wait(_RETRY_AFTER)
            with self._changed:
                if not is_left and self._sites.get(site) == woken:
                    del self._sites[site]
            self._stopping.wait(PAUSE)


def step(site: "Site") -> bool:
    """One batch of the oldest unfinished run of a site; answers whether there may be more."""
    # Imported here: most servers never connect anybody, and start-up time is a feature.
    from mock_server.domain import connect_jobs
    from mock_server.moments import moment_text
    from mock_server.provider_journal import MOST_OF_RUN, write
    from mock_server.storage import people
    from mock_server.storage.store import Author

    store, worlds = site.written, site.worlds
    if store is None:
        return False
    with store.reading():
        jobs = connect_jobs.unfinished(store)
        creator = jobs[0].created_by if jobs else None
        who = None if creator is None else people.get(store, creator)
    if not jobs:
        return False
    now = site.clock.now()
    with store.transaction(Author(who.key if who else "nobody", "jobs", "connect people", moment_text(now))):
        done = connect_jobs.step(store, jobs[0].id, now)
    # A reset may have put another world in the place of this one meanwhile.
    if site.written is store and site.worlds == worlds:
        write(site.journal, now, who and who.name, done.calls, max(0, MOST_OF_RUN - done.before))
    return True
