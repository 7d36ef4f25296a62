"""What Manage Staff does with a selection, without a browser: the menu, runs and how they end, and the map file of GitHub."""

import csv
import io
from typing import Any

import pytest
from werkzeug.test import TestResponse

from mock_server.domain import connect_jobs
from mock_server.domain.logins import actor_of
from mock_server.storage import people

from .installed_apps import NOW, add_account, arm, connected, install, person_id, withdraw
from .page_visitor import Document, Visitor

STAFF = "/staff"
HEADER = "tempo_account_id,display_name,email,github_username"


@pytest.fixture
def visitor(world: Any) -> Visitor:
    """Fred, who is a Tempo Administrator, on the page."""
    found = Visitor(world)
    found.sign_in("fred")
    found.get(STAFF)
    return found


def entries(text: str) -> list[str]:
    """What the menu Actions offers."""
    return [a["value"] or "" for tag, a in Document(text).elements if tag == "button" and a.get("name") == "action"]


def select(world: Any, *names: str) -> list[str]:
    return [person_id(world, name) for name in names]


def run(world: Any, visitor: Visitor, provider: str, form: dict[str, Any], query: str = "") -> str:
    """Connect the selected; answers the page of the run when it has ended."""
    answer = visitor.post(f"{STAFF}/actions{query}", {"action": f"connect {provider}", **form})
    assert answer.status_code == 303, answer.text
    assert world.site.jobs.wait(30)
    return Document(visitor.get(answer.location.removeprefix("/settings")).text).text


def upload(visitor: Visitor, data: bytes | str, name: str = "github-map.csv", query: str = "") -> TestResponse:
    """Send the form of the map file. Written out here: a client of werkzeug leaves large files of its own open."""
    key = f'Content-Disposition: form-data; name="csrf_token"\r\n\r\n{visitor.key}\r\n'
    head = f'Content-Disposition: form-data; name="map"; filename="{name}"\r\nContent-Type: text/csv\r\n\r\n'
    body = f"--edge\r\n{key}--edge\r\n{head}".encode() + (data if isinstance(data, bytes) else data.encode())
    return visitor.client.post(
        f"{visitor.root}{STAFF}/github-map{query}",
        data=body + b"\r\n--edge--\r\n",
        content_type="multipart/form-data; boundary=edge",
    )


def account_id(world: Any, name: str) -> str:
    found: str = world.site.store.value("SELECT account_id FROM people WHERE name = ?", (name,))
    return found


def test_the_menu_lists_the_apps_that_are_installed(world: Any, visitor: Visitor) -> None:
    text = visitor.get(STAFF).text
    assert entries(text) == []
    assert "Before You Begin" in text
    assert 'href="/settings/apps"' in text
    install(world, "google-calendar")
    assert entries(visitor.get(STAFF).text) == ["connect google-calendar"]
    install(world, "github")
    text = visitor.get(STAFF).text
    assert entries(text) == ["connect github", "connect google-calendar", "map"]
    assert "Before You Begin" not in text
    assert "An app that is not listed is not installed for the organisation" in text
    for provider in ("gitlab", "office365"):
        install(world, provider)
    assert "An app that is not listed" not in visitor.get(STAFF).text
    assert "Manually map with Github" in text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"action": "connect github"}, "Select people first"),
        ({"action": "map"}, "Select people first"),
        ({"action": "connect github", "people": ["0"]}, "There is no person 0."),
        ({"action": "connect github", "people": ["1; DROP TABLE people"]}, "Load the page anew"),
        ({"action": "connect github", "people": ["1", "9" * 30]}, "Load the page anew"),
        ({"action": "connect gitlab", "people": ["1"]}, "not installed for the organisation"),
        ({"action": "connect <b>", "people": ["1"]}, "not installed for the organisation"),
        ({"action": "delete", "people": ["1"]}, "Open the menu Actions"),
        ({"people": ["1"]}, "Open the menu Actions"),
        ({"action": "map", "people": ["1"]}, "None of the selected people has failed to connect with GitHub."),
    ],
)
def test_what_cannot_be_done_is_told_and_the_selection_kept(
    world: Any, visitor: Visitor, form: dict[str, Any], said: str
) -> None:
    install(world, "github")
    before = world.audit()
    answer = visitor.post(f"{STAFF}/actions", form)
    assert answer.status_code == 400
    assert said in answer.text
    chosen = [a["value"] for _, a in Document(answer.text).elements if "checked" in a]
    assert chosen == [value for value in form.get("people", []) if value == "1"]
    assert world.audit() == before


def test_the_selected_are_connected_and_nobody_else(world: Any, visitor: Visitor) -> None:
    install(world, "github")
    for name in ("bob", "erica", "john"):
        add_account(world, "github", f"{name}-hub", f"{name}@example.org")
    text = run(world, visitor, "github", {"people": select(world, "bob", "erica", "laura")})
    assert "Connected2" in text
    assert "Failed1, see whom and why (1 mismatch)" in text
    assert connected(world, "github") == {"bob": "bob-hub", "erica": "erica-hub"}
    text = run(world, visitor, "github", {"people": select(world, "bob")})
    assert "Connected before1" in text


def test_all_that_are_shown_are_those_of_the_filter(world: Any, visitor: Visitor) -> None:
    install(world, "github")
    for name in ("bob", "john", "erica"):
        add_account(world, "github", name, f"{name}@example.org")
    text = run(world, visitor, "github", {"all": "1"}, "?search=john")
    assert "Connected2" in text
    assert connected(world, "github") == {"bob": "bob", "john": "john"}


def test_all_that_are_shown_are_those_of_every_page(world: Any, visitor: Visitor) -> None:
    rows = [(f"x{n:03}", f"x{n}", f"x{n}", f"x{n}@example.org", f"Xenia {n:03}", "UTC", "en", 1) for n in range(120)]
    columns = ("name", "key", "account_id", "email", "display_name", "time_zone", "locale", "avatar_id")
    world.site.store.insert_rows("people", columns, rows)
    install(world, "github")
    text = run(world, visitor, "github", {"all": "1", "people": ["1"]}, "?search=xenia&page=2")
    assert "Failed120" in text


def test_when_nobody_could_be_connected_the_way_out_is_told(world: Any, visitor: Visitor) -> None:
    install(world, "github")
    withdraw(world, "github")
    answer = visitor.post(f"{STAFF}/actions", {"action": "connect github", "people": select(world, "bob", "erica")})
    assert world.site.jobs.wait(30)
    page = visitor.get(answer.location.removeprefix("/settings"))
    text = Document(page.text).text
    assert "Nobody could be connected with GitHub." in text
    assert "Ensure that the app is installed for the organisation" in text
    assert "read access to members and repositories" in text
    links = Document(page.text).values("a", "href")
    assert {"/settings/apps", "/providers/github/"} < set(links)
    (failed,) = [link for link in links if "integration=failed" in link]
    assert "2 people" in Document(visitor.get(failed.removeprefix("/settings")).text).text


def test_a_run_that_goes_on_looks_again_by_itself_and_survives_a_reload(world: Any, visitor: Visitor) -> None:
    install(world, "github")
    store = world.site.store
    job = store.insert_row("connect_jobs", provider="github", created_by=1, created_at="2013-11-15", total=2)
    store.insert_row("connect_job_people", job_id=job, position=1, person_id=1, outcome="connected")
    store.insert_row("connect_job_people", job_id=job, position=2, person_id=2)
    for _ in range(2):
        page = visitor.get(f"{STAFF}/jobs/{job}")
        assert '<meta http-equiv="refresh" content="2">' in page.text
        assert 'max="2" value="1"' in page.text
        assert "1 of 2 people are done" in page.text
    assert f'href="/settings/staff/jobs/{job}"' in visitor.get(STAFF).text
    world.site.jobs.wake(world.site)
    assert world.site.jobs.wait(30)
    page = visitor.get(f"{STAFF}/jobs/{job}")
    assert "refresh" not in page.text
    assert "Finished" in page.text
    assert visitor.get(f"{STAFF}/jobs/{job + 1}").status_code == 404
    assert "/jobs/" not in visitor.get(STAFF).text


def test_the_map_file_has_the_selected_who_failed_and_comes_back(world: Any, visitor: Visitor) -> None:
    install(world, "github")
    add_account(world, "github", "bob-hub", "bob@example.org")
    for login in ("the-real-erica", "rita42"):
        add_account(world, "github", login)
    run(world, visitor, "github", {"people": select(world, "bob", "erica", "rita", "laura")})
    answer = visitor.post(f"{STAFF}/actions", {"action": "map", "people": select(world, "rita", "bob", "erica", "fred")})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="github-map.csv"'
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))
    assert ",".join(rows[0]) == HEADER
    assert [row[0] for row in rows[1:]] == [account_id(world, "erica"), account_id(world, "rita")]
    rows[1][3], rows[2][3] = "THE-real-erica", "rita42"
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows)
    for said in ("2 people connected with GitHub by the map file.", "0 people connected with GitHub by the map file; 2 people"):
        sent = upload(visitor, out.getvalue())
        assert (sent.status_code, sent.location) == (303, "/settings/staff")
        assert said in visitor.get(STAFF).text
        assert connected(world, "github") == {"bob": "bob-hub", "erica": "the-real-erica", "rita": "rita42"}
    assert "Failed App Integration" in visitor.get(f"{STAFF}?search=laura").text
    assert "Nobody is found" in visitor.get(f"{STAFF}?search=rita&integration=failed").text


def test_a_wrong_row_lets_no_row_be_taken(world: Any, visitor: Visitor) -> None:
    install(world, "github")
    add_account(world, "github", "one")
    add_account(world, "github", "hidden-away", is_accessible=False)
    before = world.audit()
    erica, bob = account_id(world, "erica"), account_id(world, "bob")
    answer = upload(
        visitor, f"{HEADER}\n{erica},,,one\n{bob},,,<script>\nnobody,,,one\n{account_id(world, 'john')},,,hidden-away"
    )
    assert answer.status_code == 400
    text = Document(answer.text).text
    assert "Nothing was changed:" in text
    assert "Row 3: GitHub has no user <script> that" in text
    assert "<script>" not in answer.text
    assert "Row 4: the GitHub user one is in row 2 already." in text
    assert "Row 5: GitHub has no user hidden-away that the app has access to." in text
    assert 'aria-invalid="true"' in answer.text
    assert world.audit() == before


def test_a_login_of_somebody_else_is_refused(world: Any, visitor: Visitor) -> None:
    install(world, "github")
    add_account(world, "github", "bob-hub", "bob@example.org")
    run(world, visitor, "github", {"people": select(world, "bob")})
    answer = upload(visitor, f"{HEADER}\n{account_id(world, 'erica')},,,bob-hub")
    assert "Row 2: the GitHub user bob-hub is connected to Bob Johnson." in answer.text
    assert connected(world, "github") == {"bob": "bob-hub"}


def test_runs_that_go_on_are_told_with_their_apps(world: Any, visitor: Visitor) -> None:
    install(world, "github")
    store = world.site.store
    person = people.by_name(store, "fred")
    assert person
    fred = actor_of(store, person)
    for provider, names in (("github", ("bob", "erica")), ("gitlab", ("bob",))):
        with store.transaction():
            connect_jobs.start(store, provider, [int(one) for one in select(world, *names)], fred, NOW)
    text = Document(visitor.get(STAFF).text).text
    assert "2 people are being connected with GitHub: see how far it is" in text
    assert "1 person is being connected with GitLab: see how far it is" in text


def test_an_upload_leads_back_to_the_people_that_were_shown(world: Any, visitor: Visitor) -> None:
    install(world, "github")
    add_account(world, "github", "one")
    run(world, visitor, "github", {"people": select(world, "erica", "bob")})
    query = "?integration=failed&provider=github"
    visitor.get(f"{STAFF}{query}")
    answer = upload(visitor, f"{HEADER}\n{account_id(world, 'erica')},,,one", query=query)
    text = visitor.get(answer.location.removeprefix("/settings")).text
    assert "1 person connected with GitHub by the map file." in text
    assert ("Bob Johnson" in text, "Erica Jefferson" in text) == (True, False)


def test_what_github_does_to_a_good_file_is_told(world: Any, visitor: Visitor) -> None:
    install(world, "github")
    add_account(world, "github", "one")
    arm(world, "github", "network")
    assert upload(visitor, f"{HEADER}\n{account_id(world, 'erica')},,,one").status_code == 303
    assert "1 person failed; filter by Failed App Integration" in visitor.get(STAFF).text
    assert connected(world, "github") == {}


def test_uploads_without_a_file_or_an_app_are_told(world: Any, visitor: Visitor) -> None:
    assert "is not installed for the organisation" in upload(visitor, f"{HEADER}\n").text
    install(world, "github")
    for answer in (visitor.post(f"{STAFF}/github-map"), upload(visitor, b"", "")):
        assert answer.status_code == 400
        assert "Choose the map file" in answer.text


@pytest.mark.parametrize("size", [5_000_001, 10_000_000])
def test_a_large_file_is_told_the_most_that_is_read(world: Any, visitor: Visitor, size: int) -> None:
    install(world, "github")
    answer = upload(visitor, b"," * size)
    assert answer.status_code == 400
    assert "the most that is read are 5,000,000" in answer.text


def test_ten_thousand_people_fit_into_a_file(world: Any, visitor: Visitor) -> None:
    install(world, "github")
    answer = upload(
        visitor, f"{HEADER}\n" + "".join(f"5b10a2844c20165700e{n:05},Somebody {n},,login{n}\n" for n in range(30_000))
    )
    assert answer.status_code == 400
    assert "29,900 more rows are wrong." in answer.text


def test_the_journal_has_what_github_was_asked(world: Any, visitor: Visitor) -> None:
    install(world, "github")
    add_account(world, "github", "one")
    upload(visitor, f"{HEADER}\n{account_id(world, 'erica')},,,one")
    paths = [entry["path"] for entry in world.get(None, "/_mock/journal").json["entries"]]
    assert any(path.startswith("/providers/github/") for path in paths)
