"""States of issues. A scenario names them freely; to which category one belongs is guessed from its name."""

from types import MappingProxyType

from mock_server.storage import issues
from mock_server.storage.store import Store

NEW, INDETERMINATE, DONE = "new", "indeterminate", "done"
CATEGORIES = MappingProxyType({NEW: (2, "To Do"), INDETERMINATE: (4, "In Progress"), DONE: (3, "Done")})
"""Key of a category -> its id and its name, as every Jira has them."""

STATES = ("To Do", "In Progress", "Done")
"""Those that are there even where no issue has them."""

_NEW = frozenset({"to do", "open", "new", "backlog", "reopened"})
_DONE = frozenset({"done", "closed", "resolved"})


def category(state: str) -> str:
    """The key of the category of a state."""
    return NEW if state.lower() in _NEW else DONE if state.lower() in _DONE else INDETERMINATE


def named(store: Store, text: str) -> list[str] | None:
    """The states of that name, in any case; None for an unknown one."""
    return [state for state in _every(store) if state.lower() == text.lower()] or None


def in_category(store: Store, text: str) -> list[str] | None:
    """The states in a category by its key, name or id; None for an unknown one."""
    wanted = text.lower()
    found = [key for key, (number, name) in CATEGORIES.items() if wanted in (key, name.lower(), str(number))]
    return [state for state in _every(store) if category(state) == found[0]] if found else None


def _every(store: Store) -> list[str]:
    return sorted({*STATES, *issues.states(store)})
