"""The traps that can be armed by name: ``/_mock/traps``."""

from flask import Response

from mock_server.control.dialect import json_answer, site


def list_traps() -> Response:
    """``{"traps": [...]}``: what each is, what happens, what a good client does, and what it takes beside its name."""
    # Imported where they are asked for: start-up time is a feature.
    from mock_server.traps.arming import trap_bean
    from mock_server.traps.catalogue import TRAPS

    site()
    return json_answer({"traps": [trap_bean(trap) for trap in TRAPS]})
