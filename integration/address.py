"""What is wrong with the address of a server that a token would be sent to. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

_VENDORS = ("tempo.io", "atlassian.net", "jira.com")


def mistake(url: str) -> str | None:
    """A phrase, None where nothing is wrong with it. No word of the address is in it that may be a password."""
    if not url.startswith(("https://", "http://")):
        return f"begins with https://, not {url or 'missing'}"
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return "begins with https:// and the name of a host"
    if "@" in parts.netloc:
        return "has no name and no password in it: the token is sent for itself"
    if parts.scheme == "http" and any(host == vendor or host.endswith(f".{vendor}") for vendor in _VENDORS):
        return f"begins with https://: {host} would get the token where others can read it"
    return None
