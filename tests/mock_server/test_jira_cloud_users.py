"""Users of Jira Cloud: accountIds in place of names, hidden addresses, bare arrays and pages."""

from collections.abc import Callable
from typing import Any

import pytest

APP = "557058:295406f3-a1fc-4733-b906-dd15d021bd79"
BOB = "5b10a2844c20165700ede223"
NADIA = "712020:0b7e51c2-77aa-4d0e-9d43-6f1f0c2a9e11"
OLAF = "712020:1c8f62d3-88bb-4e1f-8e54-7a2a1d3b0f22"
SHORT = {"self", "accountId", "accountType", "avatarUrls", "displayName", "active", "timeZone"}
FULL = {*SHORT, "locale"}
EXPANDED = {*FULL, "groups", "applicationRoles", "expand"}
NO_SUCH_USER = {"errorMessages": ["Specified user does not exist or you do not have required permissions"], "errors": {}}
PEOPLE = 11


@pytest.mark.parametrize("version", ["2", "3"])
def test_myself_has_the_cloud_identity_and_ones_own_address(jira_cloud: Any, version: str) -> None:
    me = jira_cloud.get("bob", f"/rest/api/{version}/myself").json
    assert set(me) == {*EXPANDED, "emailAddress"}
    assert (me["accountId"], me["accountType"], me["emailAddress"]) == (BOB, "atlassian", "bob@example.org")
    assert me["self"] == f"http://localhost/rest/api/{version}/user?accountId={BOB}"
    assert (me["groups"], me["applicationRoles"]) == ({"size": 3, "items": []}, {"size": 1, "items": []})
    assert set(me["avatarUrls"]) == {"16x16", "24x24", "32x32", "48x48"}
    more = jira_cloud.get("bob", "myself?expand=groups,applicationRoles").json
    assert [group["name"] for group in more["groups"]["items"]] == ["cloud-dev-user", "employees", "jira-software-users"]
    assert set(more["groups"]["items"][0]) == {"name", "groupId", "self"}
    assert len(more["applicationRoles"]["items"]) == 1


def test_user_by_account_id_has_neither_name_nor_key_nor_address(jira_cloud: Any) -> None:
    for account_id in (NADIA, NADIA.replace(":", "%3A")):
        user = jira_cloud.get("fred", f"user?accountId={account_id}").json
        assert set(user) == EXPANDED
        assert (user["accountId"], user["displayName"]) == (NADIA, "Nadia Okafor")
    assert user["self"].endswith("/user?accountId=712020%3A0b7e51c2-77aa-4d0e-9d43-6f1f0c2a9e11")
    assert jira_cloud.get("fred", f"user?accountId={OLAF}").json["active"] is False
    assert jira_cloud.get("fred", f"user?accountId={APP}").json["accountType"] == "app"


@pytest.mark.parametrize("query", ["", "?username=bob", "?key=bob", "?accountId="])
def test_user_without_account_id_is_404(jira_cloud: Any, query: str) -> None:
    answer = jira_cloud.get("fred", f"user{query}")
    assert (answer.status, answer.json["errorMessages"]) == (404, ["The 'accountId' query parameter needs to be provided"])


def test_others_are_out_of_sight_without_browse_users(jira_cloud: Any) -> None:
    for who, account_id in (("fred", "nosuch"), ("bob", NADIA), ("bob", APP), ("fred", "bob")):
        answer = jira_cloud.get(who, f"user?accountId={account_id}")
        assert (answer.status, answer.json) == (404, NO_SUCH_USER)
    assert jira_cloud.get("bob", f"user?accountId={BOB}").status == 200
    for path in ("users/search", "users"):
        answer = jira_cloud.get("bob", path)
        assert (answer.status, len(answer.json["errorMessages"])) == (403, 1)
    for query in ("query=bob", f"accountId={BOB}"):
        assert jira_cloud.get("bob", f"user/search?{query}").json == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("query=bo", ["Bob Johnson", 'Rita <b>Bold</b> & "Sons" <script>alert(1)</script>'][:1]),
        ("query=john", ["Bob Johnson", "John Steel"]),
        ("query=JOHNSON", ["Bob Johnson"]),
        ("query=olaf", []),
        ("query=okafor&maxResults=0", []),
        ("query=nadia@", []),
        ("query=fred@", ["Fred Winston"]),
        ("query=%25", []),
        ("query=_", []),
        ("query=technical-user", []),
        (f"accountId={BOB}", ["Bob Johnson"]),
        (f"accountId={OLAF}", []),
        ("accountId=bob", []),
        (f"accountId={BOB}&startAt=1", []),
        ("query=" + "x" * 60000, []),
    ],
)
def test_active_users_are_found_by_what_one_may_see(jira_cloud: Any, query: str, found: list[str]) -> None:
    answer = jira_cloud.get("fred", f"user/search?{query}").json
    assert [user["displayName"] for user in answer] == found
    assert all(set(user) - {"emailAddress"} == FULL for user in answer)


def test_empty_search_finds_every_active_person_page_by_page(jira_cloud: Any) -> None:
    everybody = [user["accountId"] for user in jira_cloud.get("fred", "user/search?query=").json]
    assert (len(everybody), OLAF in everybody, APP in everybody) == (PEOPLE - 1, False, False)
    pages = [jira_cloud.get("fred", f"user/search?query=&startAt={start}&maxResults=4").json for start in (0, 4, 8, 12)]
    assert [user["accountId"] for page in pages for user in page] == everybody
    assert [len(page) for page in pages] == [4, 4, 2, 0]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", "The username or property query parameter must be provided"),
        ("query=a&accountId=b", "The username or property query parameter must be provided"),
        ("username=bob", "The query parameter 'username' is not supported in GDPR strict mode."),
        ("query=a&startAt=-1", "The value '-1' of 'startAt' is not a whole number from 0."),
        ("query=a&maxResults=ten", "The value 'ten' of 'maxResults' is not a whole number from 0."),
    ],
)
def test_wrong_search_is_refused(jira_cloud: Any, query: str, text: str) -> None:
    answer = jira_cloud.get("fred", f"user/search?{query}")
    assert (answer.status, answer.json) == (400, {"errorMessages": [text], "errors": {}})


@pytest.mark.parametrize("path", ["users/search", "users"])
@pytest.mark.parametrize("size", [1, 2, 3, 5, 50])
def test_all_users_are_listed_by_account_id(jira_cloud: Any, path: str, size: int) -> None:
    found: list[dict[str, Any]] = []
    while page := jira_cloud.get("fred", f"{path}?startAt={len(found)}&maxResults={size}").json:
        assert len(page) <= size
        found += page
    ids = [user["accountId"] for user in found]
    assert ids == sorted(ids)
    assert (len(ids), len(set(ids)), OLAF in ids) == (PEOPLE + 1, PEOPLE + 1, True)
    assert [user["accountType"] for user in found].count("app") == 1
    assert jira_cloud.get("fred", f"{path}?maxResults=0").json == []


def test_app_account_stands_between_people(jira_cloud: Any) -> None:
    with jira_cloud.world.site.store.transaction():
        jira_cloud.world.site.store.run("UPDATE people SET account_id = '1' || account_id WHERE name IN ('bob', 'erica')")
    every = [user["accountId"] for user in jira_cloud.get("fred", "users/search").json]
    assert every == sorted(every)
    assert every.index(APP) == 2
    for start in range(5):
        assert [u["accountId"] for u in jira_cloud.get("fred", f"users/search?startAt={start}&maxResults=2").json] == every[
            start : start + 2
        ]


def test_users_in_bulk_leave_out_who_is_unknown(jira_cloud: Any) -> None:
    query = f"accountId={BOB}&accountId=nosuch&accountId={NADIA}&accountId={APP}&accountId={BOB}"
    whole = jira_cloud.get("bob", f"user/bulk?{query}").json
    assert (whole["total"], whole["maxResults"], whole["startAt"], whole["isLast"]) == (3, 10, 0, True)
    assert [user["accountId"] for user in whole["values"]] == [BOB, NADIA, APP]
    assert "nextPage" not in whole
    first = jira_cloud.get("bob", f"user/bulk?{query}&maxResults=2").json
    assert (len(first["values"]), first["isLast"]) == (2, False)
    rest = jira_cloud.get("bob", first["nextPage"].removeprefix("http://localhost")).json
    assert ([user["accountId"] for user in rest["values"]], rest["isLast"]) == ([APP], True)
    assert jira_cloud.get("bob", "user/bulk").status == 400


@pytest.mark.parametrize(("form", "shown"), [("omit", "absent"), ("null", None), ("blank", "")])
def test_hidden_address_has_the_set_form(make_world: Callable[..., Any], jira_cloud: Any, form: str, shown: Any) -> None:
    jira_cloud.world = make_world({"jiraCloud.hiddenEmail": form})
    assert jira_cloud.get("fred", f"user?accountId={BOB}").json.get("emailAddress", "absent") == shown
    assert jira_cloud.get("fred", "myself").json["emailAddress"] == "fred@example.org"


def test_addresses_can_be_shown_and_searched(make_world: Callable[..., Any], jira_cloud: Any) -> None:
    jira_cloud.world = make_world({"jiraCloud.emails": "shown"})
    assert [user["emailAddress"] for user in jira_cloud.get("fred", "user/search?query=nadia@").json] == ["nadia@example.org"]


def test_pictures_that_are_linked_are_served(jira_cloud: Any) -> None:
    for path in ("myself", f"user?accountId={APP}"):
        for link in jira_cloud.get("fred", path).json["avatarUrls"].values():
            assert jira_cloud.get(None, link.removeprefix("http://localhost")).headers["Content-Type"] == "image/svg+xml"


@pytest.fixture
def zones(make_world: Callable[..., Any], jira_cloud: Any) -> Callable[..., Any]:
    """A Jira Cloud with these settings, where bob lives in Berlin and Nadia in Kolkata."""

    def make(**settings: str) -> Any:
        jira_cloud.world = make_world({name.replace("_", "."): value for name, value in settings.items()})
        store = jira_cloud.world.site.store
        with store.transaction():
            for account_id, name in ((BOB, "Europe/Berlin"), (NADIA, "Asia/Kolkata")):
                store.run("UPDATE people SET time_zone = ? WHERE account_id = ?", (name, account_id))
        return jira_cloud

    return make


def zones_told(jira_cloud: Any, who: str) -> set[tuple[str, str]]:
    """Whom and which zone the caller is told, wherever a user stands."""
    lists = [jira_cloud.get(who, f"user/bulk?accountId={BOB}&accountId={NADIA}").json["values"]]
    if who == "fred":
        lists += [jira_cloud.get(who, path).json for path in ("user/search?query=nadia", "users/search?maxResults=1000")]
        lists.append([jira_cloud.get(who, f"user?accountId={account_id}").json for account_id in (BOB, NADIA)])
    lists.append([jira_cloud.get(who, "issue/CLOUD-3?fields=assignee").json["fields"]["assignee"]])
    return {(user["accountId"], user["timeZone"]) for users in lists for user in users if user["accountId"] in (BOB, NADIA)}


def test_time_zones_are_told_of_everybody(zones: Callable[..., Any]) -> None:
    jira_cloud = zones(jira_timeZone="America/New_York")
    for who in ("fred", "bob"):
        assert zones_told(jira_cloud, who) == {(BOB, "Europe/Berlin"), (NADIA, "Asia/Kolkata")}


def test_a_hidden_time_zone_is_told_as_the_one_of_the_site(zones: Callable[..., Any]) -> None:
    jira_cloud = zones(jiraCloud_timeZones="hidden", jira_timeZone="America/New_York")
    assert zones_told(jira_cloud, "fred") == {(BOB, "America/New_York"), (NADIA, "America/New_York")}
    # One's own is always there.
    assert zones_told(jira_cloud, "bob") == {(BOB, "Europe/Berlin"), (NADIA, "America/New_York")}
    assert jira_cloud.get("bob", "myself").json["timeZone"] == "Europe/Berlin"
    assert jira_cloud.get(None, "serverInfo").json["serverTimeZone"] == "America/New_York"
    assert jira_cloud.get("fred", f"user?accountId={APP}").json["timeZone"] == "America/New_York"


def test_a_hidden_time_zone_follows_the_site_when_that_changes(zones: Callable[..., Any]) -> None:
    jira_cloud = zones(jiraCloud_timeZones="hidden")
    assert jira_cloud.get("fred", f"user?accountId={NADIA}").json["timeZone"] == "UTC"
    assert jira_cloud.world.put(None, "/_mock/settings", {"jira.timeZone": "Asia/Tokyo"}).status == 200
    assert jira_cloud.get("fred", f"user?accountId={NADIA}").json["timeZone"] == "Asia/Tokyo"


def test_users_in_bulk_need_no_permission_but_a_log_in(jira_cloud: Any) -> None:
    """Bob lacks Browse users and groups, and is told of colleagues, the deactivated too, whose ids he knows."""
    found = jira_cloud.get("bob", f"user/bulk?accountId={OLAF}&accountId={NADIA}").json["values"]
    assert [(user["accountId"], user["active"]) for user in found] == [(OLAF, False), (NADIA, True)]
    assert all(set(user) == FULL for user in found)
    assert jira_cloud.get(None, f"user/bulk?accountId={NADIA}").status == 401
