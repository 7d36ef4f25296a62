"""Texts inside a LIKE."""

LONGEST = 5000
"""Characters of a text that is looked for. No name is so long, and SQLite takes patterns up to 50,000 bytes only."""


def literal(text: str) -> str | None:
    r"""The text as it stands for itself in a ``LIKE ... ESCAPE '\'``; None for one longer than anything it could be in."""
    if len(text) > LONGEST:
        return None
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
