"""OAuth 2.0 Applications in headless Chromium, as a guide says: register, copy, let somebody consent, edit, delete."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from selenium.webdriver.support.ui import WebDriverWait

from .browsing import browser as browser
from .settings_browsing import looks, named, one, press, sign_in
from .settings_browsing import start as start

pytestmark = pytest.mark.slow


def test_an_application_is_registered_and_somebody_consents(start: Callable[..., Any], browser: Any) -> None:
    url, _ = start()
    # Another origin than that of the page, as the application's is: the form must be able to lead there.
    back = f"{url.replace('127.0.0.1', 'localhost')}/settings/assets/pages.css"
    sign_in(browser, url, "Fred Winston")
    one(browser, "nav.side ul[aria-labelledby=section-2]").find_element("link text", "OAuth 2.0 Applications").click()
    looks(browser, "oauth-applications-none")
    press(browser, "a", "New application")
    looks(browser, "oauth-application-new")
    press(browser, "button", "Save")
    assert "needs a name" in one(browser, ".problem").text
    named(browser, "input", "Name").send_keys("Calendar sync")
    press(browser, "button", "Save")
    assert "1 to 50 redirect URIs" in one(browser, ".problem").text
    looks(browser, "oauth-application-refused")
    named(browser, "textarea", "Redirect URLs").send_keys(f"{back}\napp.example:/back")
    press(browser, "button", "Save")
    client_id, secret = one(browser, "#client-id").text, one(browser, "#client-secret").text
    looks(browser, "oauth-credentials")
    press(browser, "a", "New client secret")
    looks(browser, "oauth-secret")
    press(browser, "button", "Make a new secret")
    newer = one(browser, "#client-secret").text
    assert newer != secret
    browser.refresh()
    assert newer not in browser.page_source
    press(browser, "a", "Close")
    looks(browser, "oauth-applications")
    assert client_id in one(browser, "tbody tr").text
    press(browser, "button", "Sign out")

    query = urlencode({"client_id": client_id, "redirect_uri": back, "state": "a b&c"})
    browser.get(f"{url}/oauth/authorize/redirect?{query}")
    press(browser, "button.person", "Bob Johnson")
    assert "Let Calendar sync act for you?" in one(browser, "h1").text
    looks(browser, "oauth-consent")
    press(browser, "a", "Sign in as somebody else")
    press(browser, "button.person", "Erica Jefferson")
    assert "(erica)" in one(browser, "form.card").text
    press(browser, "button", "Allow")
    WebDriverWait(browser, 30).until(lambda seen: seen.current_url.startswith(back))
    told = parse_qs(urlsplit(browser.current_url).query)
    assert told["state"] == ["a b&c"]
    with requests.Session() as session:
        session.trust_env = False
        form = {"grant_type": "authorization_code", "code": told["code"][0], "redirect_uri": back, "client_id": client_id}
        pair = session.post(f"{url}/oauth/token/", data={**form, "client_secret": newer}, timeout=30).json()
        bearer = {"Authorization": f"Bearer {pair['access_token']}"}
        assert session.get(f"{url}/4/worklogs", headers=bearer, timeout=30).status_code == 200

        # Who consented is still signed in.
        browser.get(f"{url}/settings/")
        press(browser, "button", "Sign out")
        press(browser, "button.person", "Fred Winston")
        browser.get(f"{url}/settings/oauth-applications")
        press(browser, "a", "Edit Calendar sync")
        assert named(browser, "textarea", "Redirect URLs").get_attribute("value") == f"{back}\napp.example:/back"
        press(browser, "input[type=radio]", "Public")
        press(browser, "button", "Save")
        assert "Public" in one(browser, "tbody tr").text
        press(browser, "a", "Delete Calendar sync")
        looks(browser, "oauth-delete")
        press(browser, "button", "Delete")
        assert "is deleted" in one(browser, ".notice").text
        assert session.get(f"{url}/4/worklogs", headers=bearer, timeout=30).status_code == 401


def test_what_nobody_can_be_sent_back_from_is_told(start: Callable[..., Any], browser: Any) -> None:
    url, _ = start()
    browser.get(f"{url}/oauth/authorize/redirect?client_id=unknown&redirect_uri=https://evil.example/")
    assert one(browser, "h1").text == "Invalid client id"
    looks(browser, "oauth-wrong")
    for path, name in (("/_mock/journal", "own-journal"), ("/jira/plugins/servlet/restbrowser", "own-rest-browser")):
        browser.get(f"{url}{path}")
        one(browser, "nav[aria-label='Other pages of this server'] a")
        browser.save_screenshot(f"reports/settings-pages/{name}.png")
