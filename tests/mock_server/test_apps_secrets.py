"""The text of a key is told once, where it was made; then it stands in no file, log, answer or page, whatever is done."""

import io
import re
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest

from mock_server.console import Console
from mock_server.domain.logins import hash_token

from .page_visitor import Visitor

GITHUB, OFFICE = "/_mock/providers/github", "/_mock/providers/office365"
READ = (
    "/_mock/journal?limit=1000", "/_mock/audit?limit=1000", "/_mock/export", "/_mock/apps", "/_mock/providers", GITHUB, OFFICE,
    "/_mock/staff?active=all", "/_mock/staff/jobs", "/_mock/staff/me",
)  # fmt: skip
PAGES = ("/apps", "/apps/github/configure", "/apps/office365/install", "/staff", "/my-apps", "/audit-log")


def key_of_page(world: Any) -> tuple[str, str]:
    """The path and the text of a key that is made on the page of GitHub."""
    admin = Visitor(world)
    admin.root = "/providers"
    admin.get("/github")
    made = admin.post("/github/keys", {"name": "By page", "days": "365"})
    page = admin.get(made.location.removeprefix("/providers"))
    found = re.search(r'id="key-text"[^>]*>([^<]+)<', page.text)
    assert found, page.text
    return made.location, found[1]


def test_keys_stand_nowhere_once_they_are_told(make_world: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    kept, console = make_world(database=tmp_path / "world.db"), io.StringIO()
    kept.application._wsgi = Console(kept.application._wsgi, console)
    path, by_page = key_of_page(kept)
    by_api = kept.post(None, f"{GITHUB}/keys", {"name": "By API"}).json["key"]
    keys = (by_page, by_api)
    fred = Visitor(kept)
    fred.sign_in("fred")
    seen = []
    # Pasted where it does not belong, by page and by API; then where it does; then the other one in its place.
    fred.get("/apps/office365/install")
    seen.append(fred.post("/apps/office365/install", {"key": by_page}).text)
    seen.append(kept.put("fred", "/_mock/apps/office365", {"key": by_api}).text)
    for body in (
        {"key": [by_page]},
        {"kee": by_page},
        {"key": by_page, "containers": [by_api]},
        {"key": by_page + "x"},
        by_api,
    ):
        wrong = kept.put("fred", "/_mock/apps/github", body)
        assert wrong.status == 400
        seen.append(wrong.text)
    seen.append(kept.put("greta", "/_mock/apps/github", {"key": by_page}).text)
    fred.get("/apps/github/install")
    seen.append(fred.post("/apps/github/install", {"key": by_page}).text)
    seen.append(kept.put("fred", "/_mock/apps/github", {"key": by_api}).text)
    assert kept.get("fred", "/_mock/apps/github").json["keyState"] == "valid"
    # Failures tell which key is the matter.
    key_id = next(one["id"] for one in kept.get(None, GITHUB).json["keys"] if one["name"] == "By API")
    assert kept.delete(None, f"{GITHUB}/keys/{key_id}").status == 204
    assert kept.post("fred", "/_mock/staff/connect", {"provider": "github", "filter": {}}).status == 202
    assert kept.application.sites.jobs.wait(60)
    assert kept.get("fred", "/_mock/staff?integration=failed").json["total"] > 0
    for address in READ:
        answer = kept.get("fred", address)
        assert answer.status == 200, answer.body
        seen.append(answer.body.decode("latin-1"))
    with zipfile.ZipFile(io.BytesIO(kept.get(None, "/_mock/export").body)) as archive:
        seen += [archive.read(name).decode() for name in archive.namelist()]
    assert any(hash_token(by_page) in text for text in seen)
    for page in PAGES:
        seen.append(fred.get(page).text)
    for page in ("/providers/github", "/providers/office365", path):
        seen.append(fred.client.get(page).text)
    said = capfd.readouterr()
    assert "PUT /_mock/apps/office365" in console.getvalue()
    files = [file.read_bytes().decode("latin-1") for file in tmp_path.iterdir()]
    with sqlite3.connect(tmp_path / "world.db") as connection:
        dump = "\n".join(connection.iterdump())
    assert hash_token(by_page) in dump
    assert "By page" in dump
    for key in keys:
        secret = key.removeprefix("github-")
        assert len(secret) > 40
        places = [
            place for place, text in enumerate((*seen, console.getvalue(), said.out, said.err, *files, dump)) if secret in text
        ]
        assert places == []


def test_a_key_that_was_not_looked_at_is_told_nobody_after_a_reset(world: Any) -> None:
    admin = Visitor(world)
    admin.root = "/providers"
    admin.get("/github")
    made = admin.post("/github/keys", {"name": "Old", "days": "365"})
    world.application.worlds.reset(world.site, confirmed=False)
    again = world.post(None, f"{GITHUB}/keys", {"name": "New"}).json
    assert made.location.endswith(f"/keys/{again['id']}"), "the world counts anew"
    page = admin.get(made.location.removeprefix("/providers"))
    assert page.status_code == 200
    assert "New" in page.text
    assert 'id="key-text"' not in page.text
