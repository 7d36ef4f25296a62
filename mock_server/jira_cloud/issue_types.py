"""Types and states of issues as Jira Cloud shows them. A scenario names them; the ids are made here from the names."""

import zlib
from types import MappingProxyType
from typing import Any

from mock_server.domain.issue_states import CATEGORIES, DONE, INDETERMINATE, NEW, category
from mock_server.domain.jql_fields import SUBTASK
from mock_server.endpoint import Call

_TYPES = MappingProxyType({"Epic": 10000, "Task": 10001, "Story": 10002, SUBTASK: 10003, "Bug": 10004})
_STATES = MappingProxyType({"To Do": 10000, "In Progress": 3, "Done": 10001})
_COLOURS = MappingProxyType({NEW: "blue-gray", INDETERMINATE: "yellow", DONE: "green"})


def issue_type_bean(call: Call, name: str) -> dict[str, Any]:
    """An issue type in wire names."""
    number = _TYPES.get(name) or _number(name)
    return {
        "self": f"{call.base}/issuetype/{number}",
        "id": str(number),
        "description": "",
        "iconUrl": f"{call.base}/universal_avatar/view/type/issuetype/avatar/{number}?size=medium",
        "name": name,
        "subtask": name == SUBTASK,
        "hierarchyLevel": 1 if name == "Epic" else -1 if name == SUBTASK else 0,
    }


def status_bean(call: Call, name: str) -> dict[str, Any]:
    """A state of an issue in wire names; its category is guessed from the name."""
    number = _STATES.get(name) or _number(name)
    kind = category(name)
    category_id, category_name = CATEGORIES[kind]
    return {
        "self": f"{call.base}/status/{number}",
        "description": "",
        "iconUrl": f"{call.base}/images/icons/statuses/generic.png",
        "name": name,
        "id": str(number),
        "statusCategory": {
            "self": f"{call.base}/statuscategory/{category_id}",
            "id": category_id,
            "key": kind,
            "colorName": _COLOURS[kind],
            "name": category_name,
        },
    }


def _number(name: str) -> int:
    return 20000 + zlib.crc32(name.encode()) % 10000
