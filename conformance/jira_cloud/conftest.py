"""What checks of Jira Cloud ask for by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from conformance import expect
from conformance.client import Caller
from conformance.cloud.workable_issues import workable_issues
from conformance.jira_cloud.worklogs import Worklogs
from conformance.plugin import RUN
from conformance.run import ANONYMOUS, Absent, Run

PAGE = 100


@pytest.fixture(scope="session")
def run(pytestconfig: pytest.Config) -> Run:
    """The run."""
    return pytestconfig.stash[RUN]


@pytest.fixture(scope="session")
def admin(run: Run) -> Caller:
    """A Jira administrator."""
    return run.persona_caller("jira_cloud", "admin")


@pytest.fixture(scope="session")
def outsider(run: Run) -> Caller:
    """Somebody who administers nothing."""
    return run.persona_caller("jira_cloud", "outsider")


@pytest.fixture(scope="session")
def anonymous(run: Run) -> Caller:
    """Nobody."""
    return run.caller("jira_cloud", ANONYMOUS)


@pytest.fixture(scope="session")
def myself(admin: Caller) -> dict[str, Any]:
    """Who the administrator is."""
    return expect.json_object(admin.get("rest/api/3/myself"))


@pytest.fixture(scope="session")
def project(admin: Caller) -> dict[str, Any]:
    """A project that the administrator browses."""
    values = expect.json_object(admin.get("rest/api/3/project/search")).get("values")
    if not values:
        raise Absent("the persona admin browses no project")
    return dict(values[0])


@pytest.fixture(scope="session")
def issues(admin: Caller, project: dict[str, Any]) -> list[dict[str, Any]]:
    """The first issues of that project, with the field project."""
    asked = {"jql": f"project = {project['key']} ORDER BY key", "fields": "project,summary", "maxResults": PAGE}
    found = expect.json_object(admin.get("rest/api/3/search/jql", asked)).get("issues")
    if not found:
        raise Absent(f"project {project['key']} has no issue that the persona admin sees")
    return list(found)


@pytest.fixture(scope="session")
def workable(run: Run) -> int:
    """The id of an issue on which the administrator may log work: the one that the target names, or on this machine any."""
    return workable_issues(run)[0].id


@pytest.fixture
def worklogs(run: Run, admin: Caller, workable: int) -> Iterator[Worklogs]:
    """Logs work on the issue of the run; it goes when the check is over."""
    if run.read_only:
        raise Absent("the check has to write and the run is --read-only")
    mark = run.ledger.mark()
    yield Worklogs(run, admin, workable)
    run.ledger.unwind(mark)
