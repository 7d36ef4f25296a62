"""The journal as a page that looks again every second: one document, which asks nothing of anybody else."""

import base64
import hashlib
from html import escape
from importlib import resources
from typing import NamedTuple


class Page(NamedTuple):
    """An HTML document, and the Content-Security-Policy it is sent with."""

    text: str
    policy: str


def page(site_name: str) -> Page:
    """The page of a site's journal. Its own style and script are allowed by their digests, and nothing else."""
    folder = resources.files("mock_server") / "static"
    style, script = (folder.joinpath(name).read_text(encoding="utf-8") for name in ("journal.css", "journal.js"))
    text = folder.joinpath("journal.html").read_text(encoding="utf-8")
    text = text.replace("{style}", style).replace("{script}", script).replace("{site}", escape(site_name))
    policy = (
        f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; connect-src 'self'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return Page(text, policy)


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
