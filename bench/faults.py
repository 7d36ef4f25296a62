"""What the layer of faults costs a request it leaves alone: microseconds of one GET, in process."""

from collections.abc import Callable
from typing import Any

from bench.in_process import TEAMS, call, microseconds
from mock_server.app import create_application
from mock_server.config import Options
from mock_server.faces import Faces
from mock_server.faults.rules import arm

TEAM = f"{TEAMS}/1/team/3"
UNRELATED = {"method": "POST", "path": "/4/worklogs", "status": 500}
OF_SOMEBODY = {"persona": "erica", "status": 500}
PAIRS = 3


def measure() -> dict[str, float]:
    """Name -> microseconds, the best of rounds taken in turns, so that a busy moment hits all."""
    options = Options(quiet=True)
    application, _ = create_application(options)
    site = application.sites.default
    bare = application.sites.route(Faces(application.worlds, options))
    found: dict[str, float] = {}

    def take(name: str, one: Callable[..., Any]) -> None:
        value = microseconds(lambda: call(one, "GET", TEAM))
        found[name] = min(found.get(name, value), value)

    for _ in range(PAIRS):
        take("GET one team, without the layer of faults", bare)
        take("GET one team, no fault armed", application)
        arm(site, UNRELATED)
        take("GET one team, a fault armed for others", application)
        arm(site, OF_SOMEBODY)
        take("GET one team, two, one asking who calls", application)
        site.faults.disarm_all()
    application.close()
    return found
