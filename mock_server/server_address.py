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
        usable = (
            usable and not ("@" in parts.netloc or parts.query or parts.fragment) and text.isprintable() and " " not in text
        )
    except ValueError:
        usable = False
    if not usable:
        # What stands before an @ may be a password: it is not repeated.
        given = ", without user name and password" if "@" in text else f", not {text}"
        raise Invalid(f"--url takes the address of a server or site, such as {DEFAULT_URL}/sites/site1{given}.")
    return f"{parts.scheme}://{parts.netloc}{quote(parts.path, safe='/%')}".rstrip("/")
