"""What the layer of faults costs a request it leaves alone: microseconds of one GET, in process."""

from bench.in_process import TEAMS, call, microseconds
from mock_server.app import create_application
from mock_server.config import Options
from mock_server.faces import Faces
from mock_server.faults.rules import arm

TEAM = f"{TEAMS}/1/team/3"
UNRELATED = {"method": "POST", "path": "/4/worklogs", "status": 500}
OF_SOMEBODY = {"persona": "erica", "status": 500}


def measure() -> dict[str, float]:
    """Name -> microseconds of the processor, the subjects in turns."""
    options = Options(quiet=True)
    worlds = {name: create_application(options)[0] for name in ("unarmed", "others", "asking")}
    arm(worlds["others"].sites.default, UNRELATED)
    arm(worlds["asking"].sites.default, UNRELATED)
    arm(worlds["asking"].sites.default, OF_SOMEBODY)
    bare = worlds["unarmed"].sites.route(Faces(worlds["unarmed"].worlds, options))
    found = microseconds(
        {
            "GET one team, without the layer of faults": lambda: call(bare, "GET", TEAM),
            "GET one team, no fault armed": lambda: call(worlds["unarmed"], "GET", TEAM),
            "GET one team, a fault armed for others": lambda: call(worlds["others"], "GET", TEAM),
            "GET one team, two, one asking who calls": lambda: call(worlds["asking"], "GET", TEAM),
        }
    )
    for application in worlds.values():
        application.close()
    return found
