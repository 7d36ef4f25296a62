"""Saying how much of a list was left out, to whoever reads the reasons: the journal, or a caller who asked."""

from mock_server.endpoint import Call
from mock_server.storage.hidden_worklogs import FEW, MANY, Hidden


def looked_at(call: Call) -> int:
    """How many rows are looked at for counting what is hidden."""
    return MANY if call.is_asked_why else FEW


def note_hidden(call: Call, hidden: Hidden, rows: str, right: str) -> None:
    """Note how many ``rows`` were hidden for want of a role with the ``right``, and of Browse Projects."""
    causes = (
        (hidden.by_role, f"{call.caller.name} is in no role {right}"),
        (hidden.by_project, f"{call.caller.name} has no Browse Projects where they are"),
    )
    for number, lacking in causes:
        if number and hidden.looked_at is None:
            call.note(f"{number} of {hidden.asked} {rows} hidden: {lacking}")
        elif number:
            call.note(f"at least {number} {rows} hidden, counted among the first {hidden.looked_at}: {lacking}")
