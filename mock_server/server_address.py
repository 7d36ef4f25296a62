"""The address at which the commands find a server or one of its sites."""

from urllib.parse import quote, urlsplit

from mock_server.errors import Invalid

DEFAULT_URL = "http://localhost:8090"


def server_root(text: str) -> str:
    """The address of a server or of one of its sites, as it is asked: without a slash at the end. Raises ``Invalid``."""
    try:
        parts = urlsplit(text)
        # Looking at the port raises what is wrong with it.
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        usable = usable and not (parts.username or parts.query or parts.fragment) and text.isprintable() and " " not in text
    except ValueError:
        usable = False
    if not usable:
        raise Invalid(f"--url takes the address of a server or site, such as {DEFAULT_URL}/sites/site1, not {text}.")
    return f"{parts.scheme}://{parts.netloc}{quote(parts.path, safe='/%')}".rstrip("/")
