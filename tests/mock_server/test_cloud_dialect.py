"""How Tempo Cloud reads requests and words answers, whatever the noun: tokens, scopes, errors, pages (vendor's OpenAPI)."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from mock_server.access import GRANTABLE_SCOPES, ApiScope
from mock_server.groups import cloud_endpoints

BOB = "5b10a2844c20165700ede223"
EXPIRED = "demo-token-that-expired-not-a-secret"
NO_SCOPES = "demo-token-without-scopes-not-a-secret"
JIRA = "demo-jira-token-of-fred-not-a-secret"
ENTRY = {"authorAccountId": BOB, "issueId": 10202, "startDate": "2013-11-14", "timeSpentSeconds": 60}
FORM = "application/x-www-form-urlencoded"
"""What curl -d declares."""

PATHS = ["worklogs", "no/such/path", "worklogs/999", "teams?limit=-1", "plans"]


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


@pytest.fixture
def world(idle_world: Any) -> Any:
    """Without work but what a test logs."""
    return idle_world


def ask(world: Any, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> Any:
    return world.call(method, None, f"/4/{path}", headers=headers, **more)


def messages(answer: Any, status: int = 400) -> list[str]:
    """The messages of an error, after a look at the shape of the whole."""
    assert answer.status == status, answer.text
    assert answer.headers["Content-Type"].startswith("application/json")
    assert set(answer.json) == {"errors"}
    assert answer.json["errors"]
    for error in answer.json["errors"]:
        assert set(error) == {"message"}
        assert isinstance(error["message"], str)
        assert error["message"]
    return [error["message"] for error in answer.json["errors"]]


def log(world: Any, number: int, **values: Any) -> list[int]:
    """So many worklogs of Bob's."""
    entry = {k: v for k, v in {**ENTRY, **values}.items() if k != "issueId"}
    made = world.cloud("POST", "bob", "worklogs/issue/10202/bulk", [entry] * number)
    assert made.status == 200, made.text
    return [one["tempoWorklogId"] for one in made.json]


def make_token(world: Any, who: str, *scopes: str) -> dict[str, str]:
    made = world.post(None, "/_mock/tokens", {"person": who, "name": "Test", "scopes": list(scopes)})
    return bearer(made.json["token"])


# Who calls.


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic ZnJlZDpmcmVk"},
        {"Authorization": "Token demo-token-of-fred-not-a-secret"},
        {"Authorization": "demo-token-of-fred-not-a-secret"},
        bearer("nobody-knows-this"),
        bearer("\N{LATIN SMALL LETTER U WITH DIAERESIS}".encode().decode("latin-1")),
        bearer(EXPIRED),
        bearer(JIRA),
        bearer("demo-token-of-fred-not-a-secret and more"),
    ],
    ids=str,
)
def test_without_a_good_token_401_everywhere(world: Any, headers: dict[str, str], path: str) -> None:
    for method in ("GET", "POST"):
        answer = ask(world, method, path, headers)
        assert answer.status == 401, (method, answer.text)
        assert answer.headers["Content-Type"].startswith("text/html")
        assert len(answer.body) < 300
        assert "Location" not in answer.headers
        assert "Set-Cookie" not in answer.headers


def test_the_scheme_is_read_in_any_case(world: Any) -> None:
    assert ask(world, "GET", "worklogs", {"Authorization": "bearer demo-token-of-fred-not-a-secret"}).status == 200


def test_a_session_of_jira_is_nobody_here(world: Any) -> None:
    session = world.post(None, "/jira/rest/auth/1/session", {"username": "fred", "password": "fred"}).json["session"]
    assert ask(world, "GET", "worklogs", {"Cookie": f"{session['name']}={session['value']}"}).status == 401


@pytest.mark.parametrize("path", ["worklogs", "worklogs/999", "worklogs?limit=0", "teams"])
def test_missing_scope_is_403_whatever_else_is_wrong(world: Any, path: str) -> None:
    answer = ask(world, "GET", path, bearer(NO_SCOPES))
    assert answer.status == 403
    assert answer.headers["Content-Type"].startswith("text/html")


def test_refusals_as_json_where_set(make_world: Callable[..., Any]) -> None:
    world = make_world({"cloud.refusals": "json"})
    assert messages(ask(world, "GET", "worklogs"), 401)
    assert messages(ask(world, "GET", "worklogs", bearer(NO_SCOPES)), 403)


@pytest.mark.parametrize(
    ("token", "status"),
    [(EXPIRED, 401), (NO_SCOPES, 403), ("demo-token-of-fred-not-a-secret", 404)],
)
def test_401_goes_before_403_before_404_before_400(world: Any, token: str, status: int) -> None:
    assert ask(world, "PUT", "worklogs/999?limit=x", bearer(token), body=b"{").status == status
    if status == 404:
        number = log(world, 1)[0]
        assert ask(world, "PUT", f"worklogs/{number}", make_token(world, "bob", "worklogs:manage"), body=b"{").status == 400


def test_unknown_paths_and_methods_for_a_good_token(world: Any) -> None:
    for path in ("no/such/path", "users/me", "team-memberships", "worklogs/abc", "activities"):
        answer = world.cloud("GET", "fred", path)
        assert answer.status in (404, 405), path
        assert messages(answer, answer.status)
    answer = world.cloud("PATCH", "fred", "worklogs")
    assert messages(answer, 405)
    assert answer.headers["Allow"]


# Scopes.

SCOPED = [served for served in cloud_endpoints() if served.scope is not ApiScope.ANY]


def test_every_noun_of_this_slice_is_scoped_as_the_help_page_says() -> None:
    nouns = {"accounts": "accounts", "account-links": "accounts", "account-categories": "accounts", "customers": "accounts",
             "account-category-types": "accounts", "worklogs": "worklogs", "work-attributes": "worklogs", "teams": "teams",
             "team-memberships": "teams", "roles": "teams", "permission-roles": "teams", "team-links": "teams",
             "generic-resources": "plans"}  # fmt: skip
    for served in SCOPED:
        noun = nouns.get(served.path.split("/")[1])
        reads = served.method == "GET" or served.is_search
        if noun:
            assert served.scope == f"{noun}:{'view' if reads else 'manage'}", served.path
    assert {served.path.split("/")[1] for served in SCOPED} >= set(nouns)


def _sample(path: str) -> str:
    parts = []
    for part in path.strip("/").split("/"):
        parts.append("999999" if part.startswith("<id") else "nothing" if part.startswith("<") else part)
    return "/".join(parts)


@pytest.fixture(scope="module")
def shared() -> Iterator[Any]:

    from .conftest import World

    made = World()
    yield made
    made.close()


@pytest.mark.parametrize("served", SCOPED, ids=lambda served: f"{served.method} {served.path}")
def test_scope_of_every_operation(shared: Any, served: Any) -> None:
    """View reads, manage reads and writes, any other scope does neither; 403 comes before whatever else there is to say."""
    nouns = [scope.partition(":")[0] for scope in served.scope.split(" or ")]
    verb = served.scope.rpartition(":")[2]
    other = next(noun for noun in ("plans", "teams", "worklogs") if noun not in nouns)
    cases = [((f"{other}:view", f"{other}:manage"), True)]
    for noun in nouns:
        cases += [((f"{noun}:view",), verb == "manage")]
        # Periods are only viewed.
        cases += [((f"{noun}:manage",), False)] if f"{noun}:manage" in GRANTABLE_SCOPES else []
    for scopes, refused in cases:
        answer = ask(shared, served.method, _sample(served.path), make_token(shared, "fred", *scopes))
        assert (answer.status == 403) is refused, (scopes, answer.status)
        assert answer.status < 500


@pytest.mark.parametrize("scope", ["worklogs:view", "worklogs:manage"])
def test_search_by_post_asks_for_view_or_for_manage(make_world: Callable[..., Any], scope: str) -> None:
    for needs in ("view", "manage"):
        world = make_world({"cloud.searchNeeds": needs})
        token = make_token(world, "bob", scope)
        expected = 200 if "manage" in (scope.partition(":")[2],) or needs == "view" else 403
        assert ask(world, "POST", "worklogs/search", token, json={}).status == expected
        assert ask(world, "GET", "worklogs", token).status == 200


# Bodies.


@pytest.mark.parametrize("media_type", ["application/json", "application/json;charset=UTF-8", "text/plain", "", "x/y", FORM])
def test_bodies_are_read_whatever_they_are_declared_to_be(world: Any, media_type: str) -> None:
    answer = world.cloud("POST", "bob", "worklogs", ENTRY, headers={"Content-Type": media_type})
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("body", [b"", b" \n"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "worklogs"), ("POST", "teams"), ("PUT", "teams/1"), ("POST", "worklogs/work-attribute-values")],
)
def test_no_body_is_said_to_be_none(world: Any, method: str, path: str, body: bytes) -> None:
    assert messages(world.cloud(method, "fred", path, body=body)) == ["The body is empty; send JSON."]


@pytest.mark.parametrize("body", [b"", b"{", b"nonsense", b"null", b"[]", b"7", b'"text"', b'{"a": NaN}', b"\xff", b"[" * 5000])
def test_what_is_no_object_is_400(world: Any, body: bytes) -> None:
    messages(world.cloud("POST", "bob", "worklogs", body=body))


def test_several_problems_are_several_entries(world: Any) -> None:
    found = messages(world.cloud("POST", "bob", "worklogs", {"issueId": 10202, "timeSpentSeconds": 0, "startTime": "9:00"}))
    for name in ("authorAccountId", "startDate", "timeSpentSeconds", "startTime"):
        assert any(name in message for message in found), found


def test_unknown_members_and_parameters_are_ignored(world: Any) -> None:
    assert world.cloud("POST", "bob", "worklogs", {**ENTRY, "issueKey": "CLOUD-3", "jiraWorklogId": 3}).status == 200
    answer = world.cloud("GET", "bob", "worklogs?author=nobody&projectKey=NONE&assignee.id=3&accountKey=NONE")
    assert answer.json["metadata"]["count"] == 1


def test_delete_has_no_body(world: Any) -> None:
    answer = world.cloud("DELETE", "bob", f"worklogs/{log(world, 1)[0]}")
    assert (answer.status, answer.body) == (204, b"")
    assert "Content-Type" not in answer.headers


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
def test_version_3_is_gone(world: Any, method: str) -> None:
    for path in ("/core/3/worklogs", "/core/3/no/such/path"):
        assert messages(world.call(method, None, path), 410)


# Pages.


def walk(world: Any, path: str, who: str = "bob", link: str = "next") -> list[Any]:
    """Every page from this one on, by its links."""
    pages = [world.cloud("GET", who, path).json]
    while link in pages[-1]["metadata"]:
        address = urlsplit(pages[-1]["metadata"][link])
        assert (address.scheme, address.netloc) == ("http", "localhost")
        assert "/4/" in address.path
        more = world.call("GET", None, f"{address.path}?{address.query}", headers=bearer(f"demo-token-of-{who}-not-a-secret"))
        assert more.status == 200, more.text
        pages.append(more.json)
    return pages


def test_page_shape_and_links(world: Any) -> None:
    ids = log(world, 7)
    pages = walk(world, "worklogs?limit=3")
    assert [set(page) for page in pages] == [{"self", "metadata", "results"}] * 3
    assert [page["metadata"].get("count") for page in pages] == [3, 3, 1]
    assert [page["metadata"]["offset"] for page in pages] == [0, 3, 6]
    assert [page["metadata"]["limit"] for page in pages] == [3, 3, 3]
    assert [sorted(page["metadata"]) for page in pages] == [
        ["count", "limit", "next", "offset"],
        ["count", "limit", "next", "offset", "previous"],
        ["count", "limit", "offset", "previous"],
    ]
    assert [one["tempoWorklogId"] for page in pages for one in page["results"]] == ids
    back = walk(world, "worklogs?limit=3&offset=6", link="previous")
    assert [page["results"] for page in back] == [page["results"] for page in reversed(pages)]
    assert pages[0]["self"] == "http://localhost/4/worklogs?limit=3"


def test_the_last_full_page_has_no_next(world: Any) -> None:
    log(world, 4)
    assert "next" not in walk(world, "worklogs?limit=4")[0]["metadata"]
    assert [page["metadata"]["count"] for page in walk(world, "worklogs?limit=2")] == [2, 2]


def test_beyond_the_end_and_nothing_at_all(world: Any) -> None:
    assert world.cloud("GET", "bob", "worklogs").json == {
        "self": "http://localhost/4/worklogs",
        "metadata": {"count": 0, "offset": 0, "limit": 50},
        "results": [],
    }
    log(world, 2)
    metadata = world.cloud("GET", "bob", "worklogs?offset=10&limit=4").json["metadata"]
    assert (metadata["count"], metadata["offset"], "next" in metadata) == (0, 10, False)
    previous = world.cloud("GET", "bob", "worklogs?offset=1&limit=4").json["metadata"]["previous"]
    assert dict(parse_qsl(urlsplit(previous).query))["offset"] == "0"


def test_links_repeat_every_filter(world: Any) -> None:
    log(world, 3)
    query = "issueId=10202&issueId=10203&projectId=10010&from=2013-11-01&to=2013-11-30&updatedFrom=2013-11-01T00:00:00Z"
    path = f"worklogs?{query}&orderBy=ID&limit=1&offset=1&unknown=a%26b%20%2B"
    metadata = world.cloud("GET", "bob", path).json["metadata"]
    for link, offset in (("next", "2"), ("previous", "0")):
        given = parse_qsl(urlsplit(metadata[link]).query)
        assert [value for name, value in given if name == "issueId"] == ["10202", "10203"]
        assert {name: value for name, value in given if name != "issueId"} == {
            "projectId": "10010", "from": "2013-11-01", "to": "2013-11-30", "updatedFrom": "2013-11-01T00:00:00Z",
            "orderBy": "ID", "limit": "1", "offset": offset, "unknown": "a&b +",
        }  # fmt: skip


def test_links_below_a_site(world: Any) -> None:
    assert world.post(None, "/_mock/sites", {"name": "one"}).status == 201
    fred = bearer("demo-token-of-fred-not-a-secret")
    first = world.call("GET", None, "/sites/one/4/teams?limit=1", headers=fred).json
    assert first["self"] == "http://localhost/sites/one/4/teams?limit=1"
    assert first["metadata"]["next"].startswith("http://localhost/sites/one/4/teams?")
    assert first["results"][0]["self"].startswith("http://localhost/sites/one/4/teams/")
    second = world.call("GET", None, first["metadata"]["next"].removeprefix("http://localhost"), headers=fred).json
    assert second["results"]
    assert second["results"] != first["results"]


def test_links_carry_the_callers_host(world: Any) -> None:
    log(world, 2)
    answer = world.cloud("GET", "bob", "worklogs?limit=1", headers={"Host": "tempo.example:8090"}).json
    assert answer["metadata"]["next"].startswith("http://tempo.example:8090/4/worklogs?")
    assert answer["results"][0]["self"].startswith("http://tempo.example:8090/4/worklogs/")


def test_pages_stay_right_when_the_world_changes_meanwhile(world: Any) -> None:
    ids = log(world, 6)
    world.cloud("GET", "bob", "worklogs?limit=2")
    world.cloud("DELETE", "bob", f"worklogs/{ids[0]}")
    second = world.cloud("GET", "bob", "worklogs?limit=2&offset=2").json
    assert [one["tempoWorklogId"] for one in second["results"]] == ids[3:5]


def test_keys_of_one_caller_are_not_anothers(world: Any) -> None:
    log(world, 4)
    world.cloud("GET", "bob", "worklogs?limit=2")
    assert world.cloud("GET", "greta", "worklogs?limit=2&offset=2").json["results"] == []


@pytest.mark.parametrize("path", ["worklogs", "teams", "accounts", "work-attributes", "customers"])
def test_limits(world: Any, path: str) -> None:
    for asked, limit in ((None, 50), (1, 1), (5000, 5000), (5001, 5000), (10**9, 5000)):
        answer = world.cloud("GET", "fred", path if asked is None else f"{path}?limit={asked}")
        assert (answer.status, answer.json["metadata"]["limit"]) == (200, limit)
    for query in ("limit=0", "limit=-1", "offset=-1", "limit=x", "offset=", "limit=1.5", f"offset={10**30}"):
        assert query.partition("=")[0] in messages(world.cloud("GET", "fred", f"{path}?{query}"))[0]
