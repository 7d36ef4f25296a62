"""What is armed to break requests of a world: ``/_mock/faults``."""

from typing import Any

from flask import Response, request

from mock_server.control.dialect import json_answer, site
from mock_server.errors import Invalid
from mock_server.faults.fault import Fault
from mock_server.faults.rules import arm
from mock_server.host import read_json


def list_faults() -> Response:
    """What is armed, the oldest first, with how many requests each has seen and broken."""
    return json_answer({"faults": [_bean(fault) for fault in site().faults.every()]})


def arm_fault() -> Response:
    """``{"method"?, "path"?, "persona"?, "query"?, "count"?, "after"?, "probability"?, "seed"?, …}``: break requests."""
    rule = read_json(request.mimetype, request.get_data())
    if not isinstance(rule, dict):
        raise Invalid("Send a JSON object.")
    return json_answer(_bean(arm(site(), rule)), 201)


def get_fault(fault_id: int) -> Response:
    """One fault."""
    return json_answer(_bean(site().faults.get(fault_id)))


def disarm_fault(fault_id: int) -> Response:
    """Break nothing with it any more; what it keeps waiting is answered now."""
    site().faults.disarm(fault_id)
    return Response(status=204)


def disarm_faults() -> Response:
    """Break nothing any more."""
    left = site().faults.disarm_all()
    if left:
        raise Invalid(" ".join(left))
    return Response(status=204)


def _bean(fault: Fault) -> dict[str, Any]:
    return {"id": fault.id, "rule": fault.rule, "sentence": fault.sentence, "fired": fault.fired, "seen": fault.seen}
