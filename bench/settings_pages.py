"""What the settings pages cost in a world of a thousand people: milliseconds of the processor, without a browser."""

import re
import tempfile
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path

from werkzeug.test import Client

from bench.in_process import processor_seconds
from mock_server.app import Application, create_application
from mock_server.config import Options
from mock_server.large_world import build
from mock_server.large_world_size import Size
from mock_server.page_sessions import SETTINGS_PAGES

PEOPLE, WORKLOGS, PLANS = 1000, 20_000, 5000
ADMINISTRATOR = "admin"
_LINK = re.compile(r'href="([^"#]+)"')
_KEY = re.compile(r'name="csrf_token" value="([0-9a-f]+)"')
_NUMBER = re.compile(r"\d+")


def measure() -> dict[str, float]:
    """Kinds of pages -> milliseconds of the processor, best of several."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "people.db"
        build(database, Size(PEOPLE, WORKLOGS, date(2013, 11, 15), PLANS))
        application, _ = create_application(Options(database=database, quiet=True))
        try:
            visitor = signed_in(application)
            return {kind: _milliseconds(visitor, path) for kind, path in sorted(one_of_each(visitor))}
        finally:
            application.close()


def signed_in(application: Application) -> Client:
    """Somebody who may open every page."""
    visitor = Client(application)
    form = _KEY.search(visitor.get(f"{SETTINGS_PAGES}/sign-in").text)
    if form is None:
        raise RuntimeError("the page to sign in has no form")
    sent = {"csrf_token": form[1], "name": ADMINISTRATOR}
    answer = visitor.post(f"{SETTINGS_PAGES}/sign-in", data=sent)
    if answer.status_code != 303:
        raise RuntimeError(f"nobody is called {ADMINISTRATOR}: {answer.status}")
    return visitor


def one_of_each(visitor: Client) -> Iterator[tuple[str, str]]:
    """Every kind of page that links lead to: what its path is but for ids and query, and the address of one."""
    waiting, seen = [f"{SETTINGS_PAGES}/api-integration"], set()
    while waiting:
        address = waiting.pop(0)
        path, _, query = address.partition("?")
        names = "&".join(sorted(part.partition("=")[0] for part in query.split("&"))) if query else ""
        kind = _NUMBER.sub("N", path) + (f"?{names}" if names else "")
        if kind in seen or "/assets/" in path or not path.startswith(f"{SETTINGS_PAGES}/"):
            continue
        seen.add(kind)
        answer = visitor.get(address)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            yield kind, address
            waiting += [unescape(found).removeprefix("http://localhost") for found in _LINK.findall(answer.text)]


def _milliseconds(visitor: Client, address: str) -> float:
    return processor_seconds(lambda: visitor.get(address).data) * 1000
