"""OAuth with a client that is not ours, requests-oauthlib, over a socket; and the lines of docs/oauth.md as they stand."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import requests
from oauthlib.oauth2 import InvalidClientError, InvalidGrantError, TokenExpiredError
from requests_oauthlib import OAuth2Session

from .conftest import ROOT
from .page_visitor import Document

BACK = "http://localhost:8000/callback"
DOCUMENT = (ROOT / "docs" / "oauth.md").read_text(encoding="utf-8")
SCRIPT = "".join(re.findall(r"^```sh\n(.*?)^```$", DOCUMENT, re.MULTILINE | re.DOTALL))


@pytest.fixture(scope="module")
def url(module_server: Callable[..., Any]) -> str:
    found: str = module_server("--quiet").url
    return found


@pytest.fixture
def browser() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def made(url: str, browser: requests.Session) -> dict[str, Any]:
    asked = {"person": "fred", "name": "Foreign", "redirectUris": [BACK], "scopes": ["teams:view", "worklogs:view"]}
    found: dict[str, Any] = browser.post(f"{url}/_mock/oauth-applications", json=asked).json()
    return found


@pytest.fixture
def insecure(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library speaks https only unless it is told that this is a test."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


def consent(browser: requests.Session, address: str, decision: str = "allow") -> str:
    """What a browser does with the address that the client sends somebody to; answers where they are sent back to."""
    shown = browser.get(address)
    if "/sign-in?" in shown.url:
        page = Document(shown.text)
        form = {"csrf_token": page.hidden("csrf_token"), "next": page.hidden("next"), "name": "bob"}
        shown = browser.post(shown.url, data=form)
    form = {"csrf_token": Document(shown.text).hidden("csrf_token"), "decision": decision}
    answer = browser.post(shown.url, data=form, allow_redirects=False)
    assert answer.status_code == 302, answer.text
    return urljoin(shown.url, answer.headers["Location"])


@pytest.mark.usefixtures("insecure")
@pytest.mark.parametrize("in_body", [True, False])
def test_requests_oauthlib_goes_all_the_way(url: str, browser: requests.Session, made: dict[str, Any], in_body: bool) -> None:
    client = {"client_id": made["clientId"], "client_secret": made["clientSecret"]}
    with OAuth2Session(made["clientId"], redirect_uri=BACK, scope=["worklogs:view", "teams:view"]) as session:
        session.trust_env = False
        address, state = session.authorization_url(f"{url}/oauth/authorize/redirect", jira_url=url)
        back = consent(browser, address)
        assert f"state={state}" in back
        # It raises a warning, here an error, when the scope is not what it asked for.
        more = {"include_client_id": True} if in_body else {}
        pair = session.fetch_token(
            f"{url}/oauth/token/", client_secret=made["clientSecret"], authorization_response=back, **more
        )
        assert pair["token_type"] == "Bearer"
        assert session.get(f"{url}/4/worklogs").status_code == 200
        assert session.get(f"{url}/4/accounts").status_code == 403
        with pytest.raises(InvalidGrantError):
            session.fetch_token(f"{url}/oauth/token/", client_secret=made["clientSecret"], authorization_response=back, **more)
        session.token = pair
        newer = session.refresh_token(f"{url}/oauth/token/", **client)
        assert newer["refresh_token"] != pair["refresh_token"]
        assert session.get(f"{url}/4/teams").status_code == 200
        with pytest.raises(InvalidGrantError):
            session.refresh_token(f"{url}/oauth/token/", refresh_token=pair["refresh_token"], **client)
        with pytest.raises(InvalidClientError):
            session.refresh_token(f"{url}/oauth/token/", client_id=made["clientId"], client_secret="wrong")


@pytest.mark.usefixtures("insecure")
def test_requests_oauthlib_refreshes_by_itself_and_meets_a_refusal(
    url: str, browser: requests.Session, made: dict[str, Any]
) -> None:
    client = {"client_id": made["clientId"], "client_secret": made["clientSecret"]}
    kept: list[dict[str, Any]] = []
    with OAuth2Session(
        made["clientId"], redirect_uri=BACK, auto_refresh_url=f"{url}/oauth/token/", auto_refresh_kwargs=client,
        token_updater=kept.append,
    ) as session:  # fmt: skip
        session.trust_env = False
        address, _ = session.authorization_url(f"{url}/oauth/authorize/redirect")
        pair = session.fetch_token(
            f"{url}/oauth/token/", client_secret=made["clientSecret"], authorization_response=consent(browser, address)
        )
        session.token = {**pair, "expires_at": 1}
        assert session.get(f"{url}/4/teams").status_code == 200
        assert [one["refresh_token"] for one in kept] != [pair["refresh_token"]]
        session.auto_refresh_url = None
        session.token = {**kept[0], "expires_at": 1}
        with pytest.raises(TokenExpiredError):
            session.get(f"{url}/4/teams")
        address, _ = session.authorization_url(f"{url}/oauth/authorize/redirect")
        assert "error=access_denied" in consent(browser, address, "deny")


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("sh")), reason="the lines of the page need sh and curl")
def test_the_lines_of_the_page_do_what_it_says(url: str, tmp_path: Path) -> None:
    assert SCRIPT.count("curl ") == 8
    folder = tmp_path / "bin"
    folder.mkdir()
    command = folder / "tempo-mock"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mock_server "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    environment = {
        **os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT),
        "HOME": str(tmp_path), "no_proxy": "*",
    }  # fmt: skip
    script = SCRIPT.replace("http://localhost:8090", url).replace("curl -s", "echo; curl -s").replace("$(echo; ", "$(")
    done = subprocess.run(
        ["sh", "-eu", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=True
    )
    _, teams, refreshed, again, revoked = done.stdout.split("\n", 4)
    assert '"results":[' in teams
    assert '"refresh_token":"' in refreshed
    assert again == '{"error":"invalid_grant"}'
    assert not revoked
    assert again in DOCUMENT
