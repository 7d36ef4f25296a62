"""The files that the fake's own pages are made of, and the policy that lets a page have its own style and script alone."""

import base64
import hashlib
from pathlib import Path


def static(name: str) -> str:
    """The text of a file."""
    return (Path(__file__).parent / "static" / name).read_text(encoding="utf-8")


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy of a page with this style and script, allowed by their digests; it asks only its server."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; connect-src 'self'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
