"""Paths and texts as rules of faults and filters of the journal mean them."""


def path_fits(wanted: str, path: str) -> bool:
    """Whether a path is this one or below it; with ``*``, whether the whole of it fits the pattern."""
    if "*" in wanted:
        return fits(wanted, path)
    return path == wanted or path.startswith(wanted if wanted.endswith("/") else f"{wanted}/")


def fits(wanted: str, text: str) -> bool:
    """Whether a text is this one, in which ``*`` stands for anything, also nothing."""
    # By hand: a regular expression with many stars can take for ever.
    first, *parts = wanted.split("*")
    if not parts:
        return text == wanted
    *between, last = parts
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    position, end = len(first), len(text) - len(last)
    for part in between:
        found = text.find(part, position, end)
        if found < 0:
            return False
        position = found + len(part)
    return True
