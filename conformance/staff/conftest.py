"""What checks of connecting people are given: a site of their own."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest

from conformance import expect
from conformance.client import Caller, Wire
from conformance.plugin import RUN
from conformance.run import ANONYMOUS, Absent
from conformance.staff.office import Office


@pytest.fixture
def office(pytestconfig: pytest.Config) -> Iterator[Office]:
    """A site that this check alone uses, on which nobody has an account at GitHub; it goes when the check is over."""
    run = pytestconfig.stash[RUN]
    outside = run.caller("staff", ANONYMOUS)
    admin, member = (run.persona_caller("staff", name) for name in ("admin", "member"))
    if run.read_only:
        raise Absent("the check has to write and the run is --read-only")
    name = f"{run.prefix}-{next(run.numbers)}"
    mark = run.ledger.mark()

    def remove() -> str | None:
        answer = outside.delete(f"_mock/sites/{name}")
        return None if answer.ok or answer.status == 404 else f"DELETE answered {answer.status}"

    run.ledger.add(f"site {name}", remove)
    answer = outside.post("_mock/sites", {"name": name})
    # The path is the server's to choose; the host is the one that it is judged at.
    path = urlsplit(str(expect.json_object(answer).get("url"))).path
    wire = Wire(urljoin(outside.base, path), run.journal, seconds=run.seconds, read_only=False)
    everybody = (Caller(wire, who.credentials) for who in (outside, admin, member))
    made = Office(run.seconds, *everybody)
    made.prepare()
    yield made
    wire.close()
    run.ledger.unwind(mark)
