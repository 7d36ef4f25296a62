"""What Manage Staff costs by API in a world of ten thousand people: a page of them, and connecting them all with an app."""

import base64
import tempfile
import time
from datetime import date
from pathlib import Path

from werkzeug.test import Client

from bench.in_process import processor_seconds
from bench.targets import CONNECTING, STAFF_PAGE
from mock_server.app import Application, create_application
from mock_server.config import Options
from mock_server.domain import provider_services
from mock_server.large_world import build
from mock_server.large_world_size import Size
from mock_server.moments import moment_text
from mock_server.storage import people
from mock_server.storage.store import Author

PEOPLE, WORKLOGS, PLANS = 10_000, 1000, 1000
PROVIDER = "office365"
_FILTERS = "active=all&search=a&integration=none&sort=-email"


def measure() -> dict[str, dict[str, float]]:
    """The figures under their heading."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "staff.db"
        build(database, Size(PEOPLE, WORKLOGS, date(2013, 11, 15), PLANS))
        application, _ = create_application(Options(database=database, quiet=True))
        try:
            return {f"staff by API, {PEOPLE:,} people": _figures(application)}
        finally:
            application.close()


def _figures(application: Application) -> dict[str, float]:
    client, administrator = Client(application), _administrator()

    def page(query: str) -> None:
        answer = client.get(f"/_mock/staff?{query}", headers=administrator)
        if answer.status_code != 200 or answer.json["total"] < PEOPLE // 2:
            raise RuntimeError(f"the people are not there: {answer.text[:200]}")

    found = {STAFF_PAGE: processor_seconds(lambda: page("active=all")) * 1000}
    found[f"{STAFF_PAGE}, ?{_FILTERS}"] = processor_seconds(lambda: page(_FILTERS)) * 1000
    _prepare(application, client, administrator)
    began = time.perf_counter()
    everybody = {"provider": PROVIDER, "filter": {"active": "all"}}
    answer = client.post("/_mock/staff/connect", json=everybody, headers=administrator)
    if answer.status_code != 202 or not application.sites.jobs.wait(600):
        raise RuntimeError(f"nobody was connected: {answer.text[:200]}")
    found[CONNECTING] = time.perf_counter() - began
    ended = client.get(f"/_mock/staff/jobs/{answer.json['id']}", headers=administrator).json
    if ended["connected"] < PEOPLE:
        raise RuntimeError(f"not everybody was connected: {ended}")
    return found


def _administrator() -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(b"admin:admin").decode()}


def _prepare(application: Application, client: Client, administrator: dict[str, str]) -> None:
    """The app is installed, and everybody has an account at its provider."""
    site = application.sites.default
    with site.store.transaction(Author("bench", "bench", "prepare", moment_text(site.clock.now()))):
        for person in people.every(site.store):
            provider_services.add_account(site.store, PROVIDER, person.name, person.display_name, person.email)
    client.put(f"/_mock/providers/{PROVIDER}/permission", json={"granted": True})
    key = client.post(f"/_mock/providers/{PROVIDER}/keys", json={}).json["key"]
    answer = client.put(f"/_mock/apps/{PROVIDER}", json={"key": key}, headers=administrator)
    if answer.status_code != 201:
        raise RuntimeError(f"the app was not installed: {answer.text[:200]}")
