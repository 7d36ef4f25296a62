"""Manage Staff and My Apps by API: filters, runs, failures of every kind, the map file, what was gathered."""

from typing import Any

import pytest

from .app_world import key_of
from .test_control_apps import OUTSIDE, app, install

STAFF = "/_mock/staff"
FRED, GRETA = "5b10a2844c20165700ede21f", "5b10a2844c20165700ede225"
CSV = {"Content-Type": "text/csv"}
HEADER = "tempo_account_id,display_name,email,github_username"


def found(world: Any, query: str = "") -> list[str]:
    answer = world.get("fred", f"{STAFF}?{query}")
    assert answer.status == 200, answer.text
    return [one["name"] for one in answer.json["results"]]


def person(world: Any, name: str) -> Any:
    [one] = [one for one in world.get("fred", f"{STAFF}?active=all").json["results"] if one["name"] == name]
    return one


def run(world: Any, provider: str, **whom: Any) -> Any:
    """Begin a run, wait for its end, and look at it."""
    begun = world.post("fred", f"{STAFF}/connect", {"provider": provider, **(whom or {"filter": {}})})
    assert begun.status == 202, begun.text
    assert begun.json["self"] == f"http://localhost{STAFF}/jobs/{begun.json['id']}"
    assert world.application.sites.jobs.wait(60)
    return world.get("fred", begun.json["self"].removeprefix("http://localhost")).json


def kinds(world: Any, provider: str) -> dict[str, str]:
    """Name -> kind of failure."""
    people = world.get("fred", f"{STAFF}?integration=failed&provider={provider}").json["results"]
    return {one["name"]: bad["kind"] for one in people for bad in one["failures"] if bad["provider"] == provider}


def upload(world: Any, text: str | bytes, who: str = "fred") -> Any:
    return world.post(who, f"{STAFF}/github-map", body=text if isinstance(text, bytes) else text.encode(), headers=CSV)


def test_filters_sorting_and_pages(world: Any) -> None:
    everybody = world.get("fred", f"{STAFF}?active=all").json
    active, inactive = world.get("fred", STAFF).json, world.get("fred", f"{STAFF}?active=false").json
    assert everybody["total"] == active["total"] + inactive["total"]
    assert inactive["total"] > 0
    assert found(world, "search=greta") == ["greta"]
    assert found(world, "search=GRETA@example") == ["greta"]
    assert found(world, "team=GreenCloud") == found(world, "team=1") != []
    assert found(world, "integration=connected&provider=google-calendar") == ["greta"]
    assert "greta" not in found(world, "integration=none&provider=google-calendar")
    assert found(world, "integration=failed") == []
    assert found(world, "workloadScheme=Four%20days") == ["nadia"]
    assert found(world, "location=Pacific/Auckland") == ["nadia"]
    assert found(world, "sort=-name") == found(world, "sort=name")[::-1] == found(world)[::-1]
    part = world.get("fred", f"{STAFF}?offset=1&limit=2").json
    assert (part["total"], part["offset"], part["limit"]) == (active["total"], 1, 2)
    assert part["results"] == active["results"][1:3]
    greta = person(world, "greta")
    assert greta["apps"][0] | {"connectedAt": ""} == {
        "provider": "google-calendar", "account": "greta", "by": "self", "connectedAt": "",
    }  # fmt: skip
    assert (greta["accountId"], greta["failures"], greta["teams"]) == (GRETA, [], [])


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("teem=1", "Parameters here are search, team"), ("team=Green", "there are Cloud Development, GreenCloud"),
        ("group=nobody", "group"), ("role=Chef", "role"), ("workloadScheme=x", "workloadScheme"), ("active=yes", "active"),
        ("integration=broken", "integration"), ("provider=gitlap", "there are github, gitlab"), ("sort=age", "sort"),
        ("offset=-1", "offset"), ("limit=0", "limit"), ("limit=1001", "limit"), ("limit=x", "limit"),
    ],
)  # fmt: skip
def test_a_wrong_query_is_refused_with_what_there_is(world: Any, query: str, says: str) -> None:
    answer = world.get("fred", f"{STAFF}?{query}")
    assert (answer.status, says in answer.json["error"]) == (400, True), answer.text


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ({}, 400, "provider"), ({"provider": "github"}, 400, "one of the two"),
        ({"provider": "github", "accountIds": [FRED], "filter": {}}, 400, "one of the two"),
        ({"provider": "gitlap", "filter": {}}, 404, "there are github"),
        ({"provider": "github", "accountIds": []}, 400, "one at least"),
        ({"provider": "github", "accountIds": [FRED, "nobody"]}, 400, "Nobody has nobody"),
        ({"provider": "github", "accountIds": [3]}, 400, "accountIds"),
        ({"provider": "github", "filter": {"teem": 1}}, 400, "teem"),
        ({"provider": "github", "filter": {"search": "no such name"}}, 400, "nobody"),
        ({"provider": "github", "filter": {"team": {}}}, 400, "team"),
    ],
)  # fmt: skip
def test_a_wrong_run_does_not_begin(world: Any, body: Any, status: int, says: str) -> None:
    answer = world.post("fred", f"{STAFF}/connect", body)
    assert (answer.status, says in answer.json["error"]) == (status, True), answer.text
    assert world.get("fred", f"{STAFF}/jobs").json == []


def test_a_run_over_an_app_that_is_not_installed_fails_for_each(world: Any) -> None:
    done = run(world, "office365", accountIds=[FRED])
    assert (done["total"], done["failed"], done["kinds"], done["ended"]) == (1, 1, {"not-installed": 1}, True)
    assert "installed for the organisation" in done["summary"]
    assert kinds(world, "office365") == {"fred": "not-installed"}
    assert world.get("fred", f"{STAFF}/jobs/2").status == 404
    install(world, "office365")
    again = run(world, "office365", accountIds=[FRED, FRED])
    assert (again["total"], again["connected"]) == (1, 1)
    assert kinds(world, "office365") == {}
    assert [one["id"] for one in world.get("fred", f"{STAFF}/jobs").json] == [2, 1]


def test_every_way_to_fail_is_met_in_the_guide(world: Any) -> None:
    for provider in ("github", "gitlab", "google-calendar", "office365"):
        install(world, provider)
        done = run(world, provider, filter={"active": "true"})
        assert done["done"] == done["total"] == done["connected"] + done["already"] + done["failed"]
        assert sum(done["kinds"].values()) == done["failed"]
    assert kinds(world, "gitlab")["bob"] == "network"
    assert kinds(world, "gitlab")["laura"] == "hidden-email"
    assert kinds(world, "google-calendar") == {"nadia": "mismatch", "john": "ambiguous", "technical-user": "key-expired"}
    assert kinds(world, "office365")["david"] == "insufficient-permission"
    assert (kinds(world, "github")["david"], kinds(world, "github")["rita"]) == ("ambiguous", "hidden-email")
    # It breaks off once.
    assert run(world, "gitlab", accountIds=[person(world, "bob")["accountId"]])["connected"] == 1
    assert "bob" not in kinds(world, "gitlab")
    laura = person(world, "laura")
    assert "laura@example.org" in next(one["message"] for one in laura["failures"] if one["provider"] == "gitlab")
    fred = world.site.store.value("SELECT key FROM people WHERE name = 'fred'")
    assert {(one["who"], one["call"]) for one in world.audit() if one["face"] == "jobs"} == {(fred, "connect people")}
    assert (fred, "connect_staff") in {(one["who"], one["call"]) for one in world.audit()}


@pytest.mark.parametrize(
    "kind", ["network", "mismatch", "insufficient-permission", "not-installed", "key-expired", "ambiguous", "hidden-email"]
)
def test_every_way_to_fail_is_armed_and_disarmed(world: Any, kind: str) -> None:
    install(world, "office365")
    world.put(None, f"{OUTSIDE}/office365/fault", {"kind": kind, "person": "erica"})
    assert run(world, "office365", filter={"search": "erica"})["kinds"] == {kind: 1}
    assert kinds(world, "office365") == {"erica": kind}
    world.delete(None, f"{OUTSIDE}/office365/fault")
    assert run(world, "office365", filter={"search": "erica"})["connected"] == 1


def test_a_key_that_expired_is_replaced(world: Any) -> None:
    world.put("fred", "/_mock/apps/office365", {"key": key_of("office365-for-a-day")})
    world.set_clock("2013-11-17")
    assert run(world, "office365", accountIds=[FRED])["kinds"] == {"key-expired": 1}
    assert world.put("fred", "/_mock/apps/office365", {"key": key_of("office365")}).status == 200
    assert run(world, "office365", accountIds=[FRED])["connected"] == 1


def failed_at_github(world: Any) -> dict[str, str]:
    """Name -> accountId."""
    install(world, "github")
    run(world, "github")
    return {name: person(world, name)["accountId"] for name in kinds(world, "github")}


def test_the_map_file_goes_out_and_comes_back(world: Any) -> None:
    ids = failed_at_github(world)
    sent = world.get("fred", f"{STAFF}/github-map")
    assert sent.headers["Content-Type"].startswith("text/csv")
    assert 'filename="github-map.csv"' in sent.headers["Content-Disposition"]
    rows = sent.body.decode("utf-8-sig").split("\r\n")
    assert (rows[0], len(rows)) == (HEADER, len(ids) + 2)
    chosen = world.get("fred", f"{STAFF}/github-map?accountId={ids['david']}&accountId={ids['nadia']}").body.decode("utf-8-sig")
    filled = chosen.replace("david@example.org,", "david@example.org,dcarsen").replace(
        "nadia@example.org,", "nadia@example.org,okafor-n"
    )
    assert upload(world, filled).json == {"mapped": 2, "connected": 2, "already": 0, "failed": 0}
    assert upload(world, filled).json == {"mapped": 2, "connected": 0, "already": 2, "failed": 0}
    assert [(one["account"], one["by"]) for one in person(world, "david")["apps"]] == [("dcarsen", "organisation")]
    assert not {"david", "nadia"} & set(kinds(world, "github"))
    fred = world.site.store.value("SELECT key FROM people WHERE name = 'fred'")
    assert (fred, "upload_github_map") in {(one["who"], one["call"]) for one in world.audit()}


def test_every_wrong_row_is_told_by_its_number_and_none_is_used(world: Any) -> None:
    ids = failed_at_github(world)
    david, nadia, rita = ids["david"], ids["nadia"], ids["rita"]
    refused = upload(
        world,
        "\n".join(
            [HEADER, f"{david},,,dcarsen", "nobody,,,okafor-n", f"{nadia},,,no-such-login", f"{rita},,,",
             f"{david},,,rb-codes", f"{rita},,,DCARSEN", f"{rita},,,=cmd()", "a,b"]
        ),
    )  # fmt: skip
    assert refused.status == 400
    assert [error["row"] for error in refused.json["errors"]] == [3, 4, 5, 6, 7, 8, 9]
    for error, says in zip(
        refused.json["errors"],
        ("nobody has", "no user no-such-login", "is empty", "is in row 2 already", "row 2 already", "formula", "2 cells"),
        strict=True,
    ):
        assert says in error["message"]
    assert refused.json["error"] == refused.json["errors"][0]["message"]
    assert "david" in kinds(world, "github")


@pytest.mark.parametrize(
    ("data", "row", "says"),
    [
        (b"", 1, "header"), (b"who,login\n", 1, "header"), (f"{HEADER}\n".encode(), 2, "nobody in the file"),
        (f"{HEADER}\nJ\xfcrgen,,,x".encode("latin-1"), 2, "UTF-8"), (b"\0", 1, "no text"),
        (f'{HEADER}\n"open'.encode(), 2, "quotation"), (b"x" * 10_000_000, None, "10,000,000 bytes"),
    ],
    ids=["empty", "header", "nobody", "latin-1", "nul", "quote", "large"],
)  # fmt: skip
def test_a_file_that_is_none_is_refused(world: Any, data: bytes, row: int | None, says: str) -> None:
    install(world, "github")
    refused = upload(world, data)
    [error] = refused.json["errors"]
    assert (refused.status, error["row"], says in error["message"]) == (400, row, True), refused.text


def test_no_map_without_app_or_failures(world: Any) -> None:
    assert upload(world, HEADER).json["errors"][0]["row"] is None
    assert "not installed" in upload(world, HEADER).json["error"]
    nobody = world.get("fred", f"{STAFF}/github-map")
    assert (nobody.status, "has failed" in nobody.json["error"]) == (400, True)
    assert world.get("fred", f"{STAFF}/github-map?accountId=nobody").status == 400


def test_people_connect_themselves_and_leave(world: Any) -> None:
    mine = f"{STAFF}/me/apps/gitlab"
    broken = world.put("bob", mine, {})
    assert (broken.status, broken.json["kind"]) == (400, "network")
    # The fault was met once: what failed is not undone, and kept nowhere.
    assert world.put("bob", mine, {}).status == 201
    again = world.put("bob", mine, {"login": "bob"})
    assert (again.status, again.json["account"], again.json["by"]) == (200, "bob", "self")
    assert world.get("bob", f"{STAFF}/me").json["apps"] == [again.json]
    taken = world.put("laura", mine, {"login": "bob"})
    assert (taken.status, taken.json["kind"]) == (400, "ambiguous")
    unknown = world.put("greta", mine, {})
    assert (unknown.status, "Say which GitLab account" in unknown.json["error"]) == (400, True)
    for _ in range(2):
        assert world.delete("bob", mine).status == 204
    assert world.get("bob", f"{STAFF}/me").json["apps"] == []
    assert app(world, "gitlab")["selfConnected"] == 0


def test_what_was_gathered_is_ones_own_and_the_administrators(world: Any) -> None:
    path = f"{STAFF}/{GRETA}/gathered"
    own = world.get("greta", path)
    assert (own.status, [one["title"] for one in own.json]) == (200, ["Coffee with the team", "Workshop"])
    assert own.json[0] == {
        "provider": "google-calendar", "kind": "event", "title": "Coffee with the team",
        "startsAt": "2013-11-15T08:30:00.000Z", "endsAt": "2013-11-15T09:00:00.000Z", "container": "greta@example.org",
    }  # fmt: skip
    assert world.get("fred", path).json == own.json
    assert world.get("bob", path).status == 403
    assert world.get("bob", f"{STAFF}/nobody/gathered").status == 403
    assert world.get("fred", f"{STAFF}/nobody/gathered").status == 404


def test_calls_to_providers_stand_in_the_journal(world: Any) -> None:
    install(world, "office365")
    run(world, "office365", accountIds=[FRED])
    world.put("bob", f"{STAFF}/me/apps/office365", {})
    entries = [
        one for one in world.get(None, "/_mock/journal").json["entries"] if one["path"].startswith("/providers/office365")
    ]
    assert {one["who"] for one in entries} == {"fred", "bob"}


def test_a_site_has_apps_of_its_own(world: Any) -> None:
    world.post(None, "/_mock/sites", {"name": "blue", "clock": "2013-11-15"})
    body = {"key": key_of("github")}
    assert world.put("fred", "/sites/blue/_mock/apps/github", body).status == 201
    begun = world.post("fred", "/sites/blue/_mock/staff/connect", {"provider": "github", "accountIds": [FRED]}).json
    assert begun["self"] == f"http://localhost/sites/blue{STAFF}/jobs/1"
    assert world.application.sites.jobs.wait(60)
    assert world.get("fred", f"/sites/blue{STAFF}/jobs/1").json["connected"] == 1
    assert not app(world, "github")["installed"]
