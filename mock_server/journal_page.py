"""The journal as a page that looks again every second: one document, which asks nothing of anybody else."""

from html import escape
from typing import NamedTuple

from mock_server.own_pages import JOURNAL, links
from mock_server.static_files import policy, static


class Page(NamedTuple):
    """An HTML document, and the Content-Security-Policy it is sent with."""

    text: str
    policy: str


def page(site_name: str, root: str) -> Page:
    """The page of a site's journal; ``root`` is the path of the site's root.

    Its own style and script are allowed by their digests, and nothing else.
    """
    style, script = static("journal.css"), static("journal.js")
    text = static("journal.html").replace("{style}", style).replace("{script}", script)
    text = text.replace("{links}", links(root, True, JOURNAL)).replace("{site}", escape(site_name))
    return Page(text, policy(style, script))
