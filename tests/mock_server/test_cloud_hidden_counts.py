"""How much a list left out: what the reasons say is what somebody who sees everything sees more."""

import re
from typing import Any

import pytest

from mock_server.cloud import hiding
from mock_server.storage import hidden_worklogs

BOB = "5b10a2844c20165700ede223"
MONTH = "from=2013-11-01&to=2013-11-30"
LISTS = [
    *(
        "worklogs",
        f"worklogs?{MONTH}",
        "worklogs?updatedFrom=2013-11-10",
        "worklogs?projectId=10010",
        "worklogs?orderBy=UPDATED",
    ),
    *(f"worklogs/user/{BOB}", f"worklogs/user/{BOB}?{MONTH}", "worklogs/team/3", f"worklogs/team/3?{MONTH}"),
    *("worklogs/issue/10202", "worklogs?issueId=10202&from=2013-11-10", f"worklogs?projectId=10010&{MONTH}"),
]
SEARCHES: list[dict[str, Any]] = [{}, {"authorIds": [BOB]}, {"authorIds": [BOB], "from": "2013-11-10"}, {"projectIds": [10010]}]
NUMBERS = re.compile(r"(?:^|: |; )(at least )?(\d+)(?: of (\d+))? (worklogs|plans) hidden")
EXPLAIN = {"X-Tempo-Mock-Explain": "1"}


def asked(world: Any, who: str, path: str, *body: Any) -> tuple[int, list[str]]:
    """How many rows there are in the whole list, and the reasons in the journal."""
    where = f"{path}{'&' if '?' in path else '?'}limit=5000"
    answer = world.cloud("POST" if body else "GET", who, where, *body)
    assert answer.status == 200, answer.text
    return len(answer.json["results"]), list(world.site.journal.entries()[-1].reasons)


def told(reasons: list[str]) -> tuple[int, set[int]]:
    """How many were hidden, by all reasons together, and of how many."""
    found = [match for reason in reasons if (match := NUMBERS.match(reason))]
    return sum(int(match[2]) for match in found), {int(match[3]) for match in found if match[3]}


@pytest.mark.parametrize("who", ["fred", "erica", "bob", "viewer"])
@pytest.mark.parametrize(
    ("path", "body"), [*((path, ()) for path in LISTS), *(("worklogs/search", (body,)) for body in SEARCHES)], ids=str
)
def test_what_is_told_is_what_is_missing(world: Any, who: str, path: str, body: tuple[Any, ...]) -> None:
    everything, nothing_hidden = asked(world, "viewer", path, *body)
    assert everything > 0
    assert nothing_hidden == []
    seen, reasons = asked(world, who, path, *body)
    hidden, of = told(reasons)
    assert hidden == everything - seen, reasons
    assert of <= {everything}


@pytest.mark.parametrize(
    "query", [f"plans?{MONTH}", f"plans?{MONTH}&accountIds={BOB}", f"plans?{MONTH}&assigneeTypes=GENERIC", f"plans/user/{BOB}?"]
)
def test_plans_that_are_seen_and_hidden_are_all_there_are(world: Any, query: str) -> None:
    totals = set()
    for who in ("fred", "erica", "bob", "greta"):
        answer = world.cloud("GET", who, query)
        assert answer.status == 200, answer.text
        hidden, of = told(list(world.site.journal.entries()[-1].reasons))
        total = hidden + len(answer.json["results"])
        assert of <= {total}
        totals.add(total)
    assert len(totals) == 1
    assert totals != {0}


def test_a_reason_names_who_lacks_what(world: Any) -> None:
    _, reasons = asked(world, "erica", "worklogs")
    assert any(
        re.fullmatch(r"\d+ of \d+ worklogs hidden: erica is in no role View Worklogs over their authors", r) for r in reasons
    )
    assert any(re.fullmatch(r"\d+ of \d+ worklogs hidden: erica has no Browse Projects where they are", r) for r in reasons)
    world.cloud("GET", "erica", f"plans?{MONTH}")
    reasons = list(world.site.journal.entries()[-1].reasons)
    assert any(
        re.fullmatch(r"\d+ of \d+ plans hidden: erica is in no role View Plans over their assignees", r) for r in reasons
    )


def test_teams_and_memberships_tell_how_many_teams_are_hidden(world: Any) -> None:
    world.cloud("GET", "greta", "teams")
    world.cloud("POST", "greta", "team-memberships/search", {})
    for entry in world.site.journal.entries():
        assert [reason for reason in entry.reasons if re.match(r"\d+ of \d+ teams: the others are not public", reason)], entry


def test_counting_looks_at_few_rows_and_says_so(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hiding, "FEW", 10)
    _, reasons = asked(world, "fred", "worklogs")
    [counted] = [reason for reason in reasons if "hidden" in reason]
    assert re.fullmatch(r"at least \d+ worklogs hidden, counted among the first 10: fred is in no role .*", counted)
    # Who asks gets more of a look.
    assert " of 334 worklogs hidden" in world.cloud("GET", "fred", "worklogs", headers=EXPLAIN).headers["X-Tempo-Mock-Reason"]


def test_a_change_is_counted_anew(world: Any) -> None:
    before, _ = told(asked(world, "fred", f"worklogs/user/{BOB}")[1])
    body = {"authorAccountId": BOB, "issueId": 10202, "startDate": "2013-11-14", "timeSpentSeconds": 60}
    assert world.cloud("POST", "bob", "worklogs", body).status == 200
    assert told(asked(world, "fred", f"worklogs/user/{BOB}")[1])[0] == before + 1


def test_nothing_is_counted_when_nobody_reads_it(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def count(*_: Any) -> Any:
        raise AssertionError("counted")

    monkeypatch.setattr(hidden_worklogs, "count", count)
    world.site.journal.enabled = False
    assert world.cloud("GET", "fred", "worklogs").status == 200
    world.site.journal.enabled = True
    assert world.cloud("GET", "fred", "worklogs").status == 500
