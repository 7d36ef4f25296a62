"""The home page in a real browser: what its buttons do, with the journal and faults of a server that has them or has not."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from mock_server.app import Application, create_application
from mock_server.config import Options
from mock_server.moments import parse_moment
from mock_server.serve import Server

from .browsing import LIMIT, asked_for, complaints
from .browsing import browser as browser

pytestmark = pytest.mark.slow

MARKUP = "<img src=x onerror=alert(1)>"
LATEST = 1234
TRAPS = [
    {"name": "late", "title": f"Late {MARKUP}", "happens": "Answers come late.", "advice": "Set a timeout."},
    {"name": "cut", "title": "Cut", "happens": "Answers end early.", "advice": None},
    {"title": "without a name"},
    "no trap",
]


class Beside:
    """A server's application with a journal and faults of the test's own below ``/_mock``, or with none."""

    def __init__(self, application: Application, is_there: bool) -> None:
        self._application = application
        self._is_there = is_there
        self.asked: list[str] = []
        self.faults: list[Any] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        noun = path.removeprefix("/_mock/").partition("/")[0]
        if not path.startswith("/_mock/") or noun not in ("journal", "faults", "traps"):
            return self._application(environ, start_response)
        self.asked.append(f"{method} {path}?{environ['QUERY_STRING']}")
        body: Any = {"error": "not here"}
        status = "404 Not Found"
        if self._is_there:
            status, body = "200 OK", {"traps": TRAPS}
            if noun == "journal":
                body = self._journal(environ["QUERY_STRING"])
            if noun == "faults":
                status, body = self._fault(method, path, environ["wsgi.input"])
        answer = json.dumps(body).encode()
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
        return [answer]

    def _journal(self, query: str) -> dict[str, Any]:
        after = int(query.removeprefix("after=")) if query.startswith("after=") else 0
        entries = [
            {"number": n, "method": "GET", "path": f"/4/{MARKUP}/{n}", "status": 200, "reasons": [f"why {n}", "and more"]}
            for n in range(after + 1, LATEST + 1)
        ]
        entries[-1] |= {"status": None, "verdict": "no answer", "reasons": []}
        return {"entries": entries[: 1 if query == "limit=1" else None], "latest": LATEST}

    def _fault(self, method: str, path: str, body: Any) -> tuple[str, Any]:
        if method == "POST":
            rule = json.loads(body.read())
            if rule["trap"] == "cut":
                return "400 Bad Request", {"error": f"Not here {MARKUP}."}
            self.faults.append({"id": len(self.faults) + 7, "sentence": f"{rule['trap']} {MARKUP}", "fired": 3})
            return "201 Created", self.faults[-1]
        if method == "DELETE":
            self.faults = [fault for fault in self.faults if str(fault["id"]) != path.rpartition("/")[2]]
        return "200 OK", {"faults": [*self.faults, "no fault"]}


Start = Callable[..., tuple[str, Beside, Application]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Serves a world on 15 November 2013, with journal and faults beside it unless ``is_there`` is false."""
    running: list[tuple[Server, Application]] = []

    def starts(*, is_there: bool = True, **options: Any) -> tuple[str, Beside, Application]:
        application, _ = create_application(Options(quiet=True, clock=parse_moment("2013-11-15T09:00Z"), **options))
        beside = Beside(application, is_there)
        server = Server(beside, "127.0.0.1", 0)
        server.start()
        running.append((server, application))
        return server.url, beside, application

    yield starts
    for server, application in running:
        server.stop()
        application.close()


def element(browser: Any, selector: str) -> Any:
    return browser.find_element("css selector", selector)


def press(browser: Any, selector: str) -> None:
    def pressed() -> bool:
        found = element(browser, selector)
        browser.execute_script("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", found)
        found.click()
        return True

    # The page may write the part anew between finding and pressing.
    until(browser, pressed)


def until(browser: Any, condition: Callable[[], Any]) -> Any:
    from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
    from selenium.webdriver.support.ui import WebDriverWait

    wait = WebDriverWait(browser, LIMIT, 0.05, [NoSuchElementException, StaleElementReferenceException])
    return wait.until(lambda _: condition())


def said(browser: Any, text: str) -> None:
    until(browser, lambda: text in element(browser, "#said").text)


def shown_moment(browser: Any) -> datetime:
    return parse_moment(element(browser, "#now").get_attribute("datetime"))


def test_copying_puts_the_text_into_the_clipboard(start: Start, browser: Any) -> None:
    url, _, _ = start()
    browser.get(url)
    origin = {"origin": url, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    browser.execute_cdp_cmd("Browser.grantPermissions", origin)
    press(browser, '[aria-label="Copy the Tempo token of viewer"]')
    said(browser, "Copied")
    assert element(browser, '[aria-label="Copy the Tempo token of viewer"]').text == "Copied"
    read = "const done = arguments[0]; navigator.clipboard.readText().then(done, error => done(String(error)))"
    assert browser.execute_async_script(read) == "demo-token-of-viewer-not-a-secret"
    # As on a page that is served to another machine over plain HTTP.
    browser.execute_script("Object.defineProperty(navigator, 'clipboard', {value: undefined, configurable: true})")
    press(browser, '[aria-label="Copy the curl line for Tempo Cloud"]')
    until(browser, lambda: element(browser, '[aria-label="Copy the curl line for Tempo Cloud"]').text == "Copied")
    browser.execute_script("delete navigator.clipboard")
    assert f'"{url}/4/worklogs?limit=3"' in browser.execute_async_script(read)
    assert complaints(browser) == []


def test_the_buttons_move_the_clock_and_the_page_shows_it(start: Start, browser: Any) -> None:
    url, _, application = start()
    clock = application.sites.default.clock
    browser.get(url)
    before = shown_moment(browser)
    press(browser, "#freeze")
    until(browser, lambda: element(browser, "#freeze").text == "Let it run")
    assert clock.frozen
    assert browser.switch_to.active_element.get_attribute("id") == "freeze", "a keyboard stays where it was"
    frozen = shown_moment(browser)
    assert frozen - before < timedelta(minutes=LIMIT)
    for button, step in (("#advance-hour", timedelta(hours=1)), ("#advance-day", timedelta(days=1))):
        press(browser, button)
        frozen += step
        until(browser, lambda: shown_moment(browser) == frozen)  # noqa: B023
        assert abs(clock.now() - frozen) < timedelta(milliseconds=1)
    said(browser, f"The clock shows {frozen:%Y-%m-%d %H:%M:%S} UTC.")
    press(browser, "#freeze")
    until(browser, lambda: element(browser, "#freeze").text == "Freeze")
    until(browser, lambda: shown_moment(browser) > frozen)
    clock.set(parse_moment("2033-01-01"))
    press(browser, "#advance-hour")
    until(browser, lambda: "it has expired" in element(browser, "#people").text)
    press(browser, "#follow")
    until(browser, lambda: not element(browser, "#follow").is_enabled())
    assert clock.follows_system
    assert {address for address in asked_for(browser) if not address.startswith(f"{url}/")} == set()
    assert complaints(browser) == []


def test_a_site_is_made_visited_reset_and_deleted(start: Start, browser: Any) -> None:
    url, _, application = start()
    browser.get(url)
    element(browser, "#site-name").send_keys("green-1")
    press(browser, "#create-site button")
    until(browser, lambda: element(browser, '#sites a[href="/sites/green-1/"]'))
    said(browser, "The site green-1 is there.")
    assert element(browser, "#site-name").get_attribute("value") == ""
    press(browser, "#create-site button")
    until(browser, lambda: element(browser, '#sites a[href="/sites/site1/"]'))
    element(browser, "#site-name").send_keys("green-1")
    press(browser, "#create-site button")
    said(browser, "There is a site named green-1 already.")
    assert element(browser, "#site-name").get_attribute("value") == "green-1"
    press(browser, "#delete-site1")
    browser.switch_to.alert.dismiss()
    press(browser, "#delete-site1")
    browser.switch_to.alert.accept()
    until(browser, lambda: application.sites.get("site1") is None)
    until(browser, lambda: not browser.find_elements("css selector", "#delete-site1"))
    assert browser.switch_to.active_element.get_attribute("id") == "sites-heading"
    refused = complaints(browser)
    assert len(refused) == 1
    assert "400" in refused[0]
    press(browser, '#sites a[href="/sites/green-1/"]')
    until(browser, lambda: browser.current_url == f"{url}/sites/green-1/")
    site = application.sites.get("green-1")
    assert site is not None
    site.clock.set(parse_moment("2020-01-01"))
    press(browser, "#reset")
    assert "Begin the site green-1 anew?" in browser.switch_to.alert.text
    browser.switch_to.alert.accept()
    until(browser, lambda: shown_moment(browser).year == 2013)
    assert site.clock.now().year == 2013
    press(browser, "#delete-green-1")
    browser.switch_to.alert.accept()
    until(browser, lambda: browser.current_url == f"{url}/")
    assert [found.name for found in application.sites.every()] == ["default"]


def test_a_world_in_a_file_is_reset_when_somebody_says_so(start: Start, browser: Any, tmp_path: Any) -> None:
    url, _, application = start(database=tmp_path / "world.db")
    store = application.sites.default.store
    with store.transaction():
        store.run("UPDATE people SET display_name = 'Changed' WHERE name = 'fred'")
    browser.get(url)
    assert "Changed" in element(browser, "#people").text
    press(browser, "#reset")
    browser.switch_to.alert.accept()
    until(browser, lambda: "Fred Winston" in element(browser, "#people").text)
    assert complaints(browser) == []


def test_journal_and_faults_are_shown_as_they_are_answered(start: Start, browser: Any) -> None:
    url, beside, _ = start()
    browser.get(url)
    until(browser, lambda: len(browser.find_elements("css selector", "#entries tr")) == 5)
    rows = [line.text for line in browser.find_elements("css selector", "#entries tr")]
    assert rows[0] == f"GET /4/{MARKUP}/{LATEST} no answer"
    assert rows[4] == f"GET /4/{MARKUP}/{LATEST - 4} 200 why {LATEST - 4}; and more"
    assert beside.asked.count(f"GET /_mock/journal?after={LATEST - 5}") == 1
    until(browser, lambda: element(browser, "#arm").is_displayed())
    assert element(browser, "#no-faults").is_displayed()
    options = browser.find_elements("css selector", "#trap option")
    assert [option.text for option in options] == [f"Late {MARKUP}", "Cut"]
    assert element(browser, "#trap-told").text == "Answers come late. Set a timeout."
    press(browser, "#arm button")
    until(browser, lambda: element(browser, "#armed tr").text == f"late {MARKUP} 3 Disarm")
    assert element(browser, "#disarm-7").get_attribute("aria-label") == f"Disarm: late {MARKUP}"
    assert complaints(browser) == []
    options[1].click()
    assert element(browser, "#trap-told").text == "Answers end early."
    press(browser, "#arm button")
    said(browser, f"Not here {MARKUP}.")
    assert len(complaints(browser)) == 1
    press(browser, "#disarm-7")
    until(browser, lambda: element(browser, "#no-faults").is_displayed())
    assert beside.faults == []
    assert browser.find_elements("css selector", "main img") == []
    assert {address for address in asked_for(browser) if not address.startswith(f"{url}/")} == set()


@pytest.mark.parametrize("control", [True, False])
def test_what_a_server_has_not_is_left_out(start: Start, browser: Any, control: bool) -> None:
    url, beside, _ = start(is_there=False, control=control)
    browser.get(url)
    if control:
        until(browser, lambda: len(beside.asked) >= 2)
        assert all("404" in message for message in complaints(browser))
    assert beside.asked == [] or control
    for found in browser.find_elements("css selector", '[data-part], #arm, #entries, [data-part] a[href$="/journal"]'):
        assert not found.is_displayed()
    assert "Journal" not in element(browser, "nav").text
    assert element(browser, "#people .copy").is_displayed()
    assert complaints(browser) == []


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_is_wider_than_the_window_and_letters_stand_out(start: Start, browser: Any, width: int, mode: str) -> None:
    url, _, _ = start()
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 700}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    features = {"features": [{"name": "prefers-color-scheme", "value": mode}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", features)
    browser.get(url)
    until(browser, lambda: element(browser, "#arm").is_displayed())
    assert browser.execute_script("return document.documentElement.scrollWidth - innerWidth") <= 0
    ground = browser.execute_script("return getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, ground[4:-1].split(","))) > 3 * 128) is (mode == "light")
    faint = [found for found in browser.execute_script(CONTRASTS) if found[1] < 4.5]
    assert faint == []


CONTRASTS = """
function parts(colour) { return colour.match(/[\\d.]+/g).map(Number); }
function light(colour) {
  const [r, g, b] = parts(colour).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function ground(element) {
  const colour = getComputedStyle(element).backgroundColor;
  return element.parentElement && parts(colour)[3] === 0 ? ground(element.parentElement) : colour;
}
const found = [];
for (const element of document.querySelectorAll("body *")) {
  const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
  if (!own || ["SCRIPT", "STYLE", "OPTION"].includes(element.tagName)) continue;
  const [a, b] = [light(getComputedStyle(element).color), light(ground(element))].sort((x, y) => y - x);
  found.push([element.outerHTML.slice(0, 80), (a + 0.05) / (b + 0.05)]);
}
if (found.length < 100) throw new Error(`only ${found.length} texts were looked at`);
return found;
"""


def test_without_scripts_the_page_can_be_read_and_offers_nothing_dead(start: Start, browser: Any) -> None:
    url, beside, _ = start()
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(url)
    text = element(browser, "body").text
    for part in (
        "Point your client here",
        "demo-token-of-viewer-not-a-secret",
        "2013-11-15",
        "The same with curl",
        "REST browser",
    ):
        assert part in text
    dead = [found for found in browser.find_elements("css selector", "button, input, select") if found.is_displayed()]
    assert dead == []
    assert beside.asked == []
