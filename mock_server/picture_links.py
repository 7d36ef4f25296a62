"""Addresses of the pictures of people and projects, in the four sizes that both Jiras list."""

_SIZES = (("48x48", ""), ("24x24", "size=small&"), ("16x16", "size=xsmall&"), ("32x32", "size=medium&"))


def avatar_urls(address: str, which: str) -> dict[str, str]:
    """Size -> where the picture is; ``which`` is the parameter that names it, such as ``pid=10010``."""
    return {size: f"{address}?{query}{which}" for size, query in _SIZES}
