"""An id that no row can have is not found, by whichever verb and on whichever face; never 405, never 500. Nor do texts break
anything that are longer than any name."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.groups import agile_endpoints, cloud_endpoints, datacenter_endpoints, jira_endpoints
from mock_server.routing import IdConverter

from .conftest import basic

NONE = ["0", "00", "2147483648", "2999999999", "9223372036854775807", "9" * 400, "0" * 5000 + "1", "0" * 5000]
FACES = [
    *(("/4", served) for served in cloud_endpoints()),
    *(("/jira/rest/tempo-teams", served) for served in datacenter_endpoints()),
    *(("/jira/rest/api/2", served) for served in jira_endpoints()),
    *(("/jira/rest/agile/1.0", served) for served in agile_endpoints()),
]
WITH_IDS = [(prefix, served) for prefix, served in FACES if "<id:" in served.path]


@pytest.fixture(scope="module")
def shared() -> Iterator[Any]:
    from .conftest import World

    made = World()
    yield made
    made.close()


def with_id(path: str, number: str) -> str:
    parts = (number if part.startswith("<id:") else "x" if part.startswith("<") else part for part in path.split("/"))
    return "/".join(parts)


@pytest.mark.parametrize(("prefix", "served"), WITH_IDS, ids=lambda value: getattr(value, "name", ""))
def test_an_id_beyond_all_is_not_found(shared: Any, prefix: str, served: Any) -> None:
    login = {"Authorization": "Bearer demo-token-of-fred-not-a-secret" if prefix == "/4" else basic("fred")}
    for number in NONE:
        answer = shared.call(served.method, None, prefix + with_id(served.path, number), {}, headers=login)
        assert answer.status == 404, (number[:20], answer.status, answer.text)
        if prefix == "/4":
            assert answer.json["errors"][0]["message"]
        else:
            assert answer.headers["Content-Type"].startswith("application/json")


def test_all_faces_with_ids_are_here() -> None:
    assert {prefix for prefix, _ in WITH_IDS} >= {"/4", "/jira/rest/tempo-teams"}
    assert {served.method for _, served in WITH_IDS} >= {"GET", "PUT", "DELETE"}


@pytest.mark.parametrize("method", ["PATCH", "POST"])
def test_a_verb_that_an_id_does_not_have_stays_405(make_world: Callable[..., Any], method: str) -> None:
    answer = make_world().cloud(method, "fred", "worklogs/2147483647", {})
    assert (answer.status, set(answer.headers["Allow"].split(", "))) == (405, {"DELETE", "GET", "HEAD", "OPTIONS", "PUT"})


@given(st.integers(0, 2**33) | st.sampled_from([1, 10**9 - 1, 10**9, 2 * 10**9 - 1, 2 * 10**9, 2**31 - 2, 2**31 - 1, 2**31]))
def test_every_id_that_can_be_is_a_route_and_no_other(number: int) -> None:
    for text in (str(number), f"000{number}"):
        assert bool(re.fullmatch(IdConverter.regex, text)) is (1 <= number < 2**31)


LONG = ["a" * 5001, "a" * 60_000, "%25_" * 20_000, "%C3%BC" * 20_000]


@pytest.mark.parametrize("text", LONG, ids=[f"{text[:3]} {len(text)}" for text in LONG])
def test_texts_longer_than_any_name_find_nothing(shared: Any, text: str) -> None:
    found = shared.get("fred", f"/jira/rest/api/2/user/search?username={text}")
    assert (found.status, found.json) == (200, [])
    for path in (f"teams?name={text}", f"teams?teamMembers={text}"):
        found = shared.cloud("GET", "fred", path)
        assert (found.status, found.json["results"]) == (200, [])
    found = shared.cloud("POST", "fred", "generic-resources/search", {"query": unquote(text)})
    assert (found.status, found.json["results"]) == (200, [])


def test_a_search_of_people_answers_a_thousand_at_most(shared: Any) -> None:
    store = shared.site.store
    with store.transaction():
        for number in range(1, 1100):
            store.insert_row(
                "people", name=f"many{number}", key=f"many{number}", account_id=f"many{number}", email="", display_name="",
                time_zone="UTC", locale="en", avatar_id=1,
            )  # fmt: skip
    for asked, number in ((None, 50), (7, 7), (1000, 1000), (1001, 1000), (999_999_999, 1000)):
        more = "" if asked is None else f"&maxResults={asked}"
        assert len(shared.get("fred", f"/jira/rest/api/2/user/search?username=many{more}").json) == number
