"""``tempo.journal`` and traps by name: thin over the control routes, so here only what they add."""

from typing import Any

import pytest

from .wire import ask


def read(tempo: Any, path: str = "/4/worklogs?limit=1", who: str = "viewer") -> Any:
    return ask(f"{tempo.url}{path}", tempo.token(who))


def test_a_trap_by_name(tempo: Any) -> None:
    tempo.make.worklog("bob", description="bob's")
    before = len(read(tempo, "/4/worklogs?limit=1000")["results"])
    tempo.faults.trap("hidden-authors")
    assert len(read(tempo, "/4/worklogs?limit=1000")["results"]) < before
    with pytest.raises(ValueError, match="hidden-author"):
        tempo.faults.trap("hidden-author")


def test_requests_are_listed(tempo: Any) -> None:
    read(tempo)
    read(tempo, "/4/teams", "admin")
    tempo.make.worklog()
    assert [(entry["method"], entry["path"], entry["who"]) for entry in tempo.journal.requests()] == [
        ("GET", "/4/worklogs", "technical-user"),
        ("GET", "/4/teams", "fred"),
    ]
    assert [entry["query"] for entry in tempo.journal.requests("/4/worklogs")] == ["limit=1"]
    assert len(tempo.journal.requests(who="viewer")) == len(tempo.journal.requests(who="technical-user")) == 1
    tempo.journal.clear()
    assert tempo.journal.requests() == []


def asked(tempo: Any) -> None:
    """Two pages of worklogs, the second as the first said, and a team that is refused."""
    first = read(tempo, "/4/worklogs?limit=100")
    ask(first["metadata"]["next"], tempo.token("viewer"))
    ask(f"{tempo.url}/4/teams", tempo.token("outsider"), {"name": "Mine"})


@pytest.mark.parametrize(
    ("claim", "arguments", "filters"),
    [
        ("called", ("GET", "/4/worklogs"), {"times": 2}),
        ("called", ("GET",), {"at_least": 2, "at_most": 2, "who": "viewer"}),
        ("called", ("POST", "/4/teams"), {"status": "4xx", "who": "greta"}),
        ("called", (), {"exact_path": "/4/teams"}),
        ("not_called", ("DELETE",), {}),
        ("not_called", ("GET", "/4/plans"), {}),
        ("order", ("GET /4/worklogs", "/4/worklogs", ("POST", "/4/teams")), {}),
        ("order", ({"who": "viewer"}, {"who": "outsider"}), {}),
        ("rate_below", (100, "/4/worklogs"), {}),
    ],
)
def test_claims_that_hold(tempo: Any, claim: str, arguments: tuple[Any, ...], filters: dict[str, Any]) -> None:
    asked(tempo)
    getattr(tempo.journal, f"assert_{claim}")(*arguments, **filters)


@pytest.mark.parametrize(
    ("claim", "arguments", "filters", "told"),
    [
        ("called", ("GET", "/4/worklogs"), {"times": 3}, "2 times GET /4/worklogs, expected 3"),
        ("called", ("GET", "/4/plans"), {}, "of 3 requests none was to that path"),
        ("called", ("PUT", "/4/teams"), {}, "there was 3. POST /4/teams by greta -> 403"),
        ("not_called", ("POST",), {}, "1 POST, expected none"),
        ("order", (("POST", "/4/teams"), "GET /4/worklogs"), {}, "Step 2 is missing"),
        ("rate_below", (1, "/4/worklogs"), {}, "More than 1 a second"),
    ],
)
def test_claims_that_do_not_hold(
    tempo: Any, claim: str, arguments: tuple[Any, ...], filters: dict[str, Any], told: str
) -> None:
    asked(tempo)
    with pytest.raises(AssertionError) as caught:
        getattr(tempo.journal, f"assert_{claim}")(*arguments, **filters)
    assert told in str(caught.value)


def test_next_pages_that_were_followed_or_not(tempo: Any) -> None:
    address = f"{tempo.url}/4/worklogs?limit=100"
    first = ask(address, tempo.token("viewer"))["metadata"]["next"]
    with pytest.raises(AssertionError, match="1 of 1 next links were not followed"):
        tempo.journal.assert_followed_next("/4/worklogs")
    while first:
        first = ask(first, tempo.token("viewer"))["metadata"].get("next")
    tempo.journal.assert_followed_next("/4/worklogs")
    tempo.journal.assert_followed_next("/4/plans")


@pytest.mark.parametrize("filters", [{"verb": "GET"}, {"status": "bad"}, {"status": 7}])
def test_a_wrong_filter(tempo: Any, filters: dict[str, Any]) -> None:
    for claim in (tempo.journal.requests, tempo.journal.assert_called, tempo.journal.assert_not_called):
        with pytest.raises(ValueError, match=next(iter(filters))):
            claim(**filters)
