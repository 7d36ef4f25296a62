"""Pages: size, metadata, links, and that together they are the whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from conformance import expect
from conformance.calls import Answer
from conformance.client import Caller
from conformance.cloud import beans
from conformance.cloud.bench import WORKLOG, Bench, Timesheet, account_of
from conformance.cloud.pages import LARGEST, Query, everything, follow, ids, metadata, pages, results
from conformance.cloud.planner import ONE, Planner, window
from conformance.run import Run

PAGED = ["4/worklogs", "4/work-attributes", "4/teams", "4/permission-roles", "4/accounts", "4/customers"]
PAGED += ["4/workload-schemes"]
PLAIN = ["4/roles", "4/programs", "4/account-categories", "4/account-category-types", "4/holiday-schemes"]
DEFAULT = 50


@dataclass(frozen=True)
class Listing:
    """A list with at least five items that only this check made. key: the member that tells items apart."""

    path: str
    query: Query
    body: object
    key: str


def _worklogs(request: pytest.FixtureRequest) -> Query:
    sheet: Timesheet = request.getfixturevalue("timesheet")
    admin: Caller = request.getfixturevalue("admin")
    days = sheet.days(7)
    for day in days:
        sheet.log(admin, day)
    return [("from", days[0].isoformat()), ("to", days[-1].isoformat())]


def _worklog_list(request: pytest.FixtureRequest) -> Listing:
    return Listing("4/worklogs", _worklogs(request), None, WORKLOG.key)


def _worklogs_of_user(request: pytest.FixtureRequest) -> Listing:
    admin: Caller = request.getfixturevalue("admin")
    return Listing(f"4/worklogs/user/{account_of(admin)}", _worklogs(request), None, WORKLOG.key)


def _worklog_search(request: pytest.FixtureRequest) -> Listing:
    return Listing("4/worklogs/search", (), dict(_worklogs(request)), WORKLOG.key)


def _customers(request: pytest.FixtureRequest) -> Listing:
    bench: Bench = request.getfixturevalue("bench")
    return Listing("4/customers/search", (), {"keys": [bench.customer()["key"] for _ in range(5)]}, "id")


def _accounts(request: pytest.FixtureRequest) -> Listing:
    bench: Bench = request.getfixturevalue("bench")
    return Listing("4/accounts/search", (), {"keys": [bench.account()["key"] for _ in range(5)]}, "id")


def _teams(request: pytest.FixtureRequest) -> Listing:
    bench: Bench = request.getfixturevalue("bench")
    return Listing("4/teams", [("teamIds", bench.team()["id"]) for _ in range(5)], None, "id")


def _memberships(request: pytest.FixtureRequest) -> Listing:
    bench: Bench = request.getfixturevalue("bench")
    admin: Caller = request.getfixturevalue("admin")
    teams = [bench.team() for _ in range(5)]
    for team in teams:
        bench.join(team, admin)
    return Listing("4/team-memberships/search", (), {"teamIds": [team["id"] for team in teams]}, "id")


def _plans(request: pytest.FixtureRequest) -> Listing:
    planner: Planner = request.getfixturevalue("planner")
    admin: Caller = request.getfixturevalue("admin")
    monday = planner.monday()
    made = [("planIds", planner.plan(admin, monday + number * ONE)["id"]) for number in range(5)]
    return Listing("4/plans", [*window(monday, monday + 4 * ONE), *made], None, "id")


LISTINGS: dict[str, Callable[[pytest.FixtureRequest], Listing]] = {
    "worklogs": _worklog_list,
    "worklogs of a user": _worklogs_of_user,
    "search of worklogs": _worklog_search,
    "search of customers": _customers,
    "search of accounts": _accounts,
    "teams": _teams,
    "search of memberships": _memberships,
    "plans": _plans,
}


@pytest.fixture(params=list(LISTINGS))
def listing(request: pytest.FixtureRequest) -> Listing:
    """Each list in turn."""
    return LISTINGS[request.param](request)


def _ask(caller: Caller, listing: Listing, *query: tuple[str, Any]) -> Answer:
    params = [*listing.query, *query]
    return caller.get(listing.path, params) if listing.body is None else caller.search(listing.path, params, listing.body)


@pytest.mark.requirement("cloud_paging.metadata.shape")
@pytest.mark.parametrize("path", PAGED)
def test_metadata_of_a_page_has_published_shape(admin: Caller, path: str) -> None:
    answer = admin.get(path)
    expect.shape(answer, metadata(answer), beans.PAGED_METADATA, "metadata")


@pytest.mark.requirement("cloud_paging.self.address")
@pytest.mark.parametrize("path", [*PAGED, *PLAIN])
def test_list_says_its_own_address(admin: Caller, path: str) -> None:
    answer = admin.get(path)
    address = expect.json_object(answer).get("self")
    expect.that(answer, str(address).startswith(f"{admin.base}/{path}"), f"self = {admin.base}/{path}", f"self = {address}")


@pytest.mark.requirement("cloud_paging.limit.default-50")
@pytest.mark.parametrize("path", PAGED)
def test_page_without_limit_holds_fifty_at_most(admin: Caller, path: str) -> None:
    answer = admin.get(path)
    expect.equal(answer, "metadata.limit", metadata(answer).get("limit"), DEFAULT)
    expect.that(answer, len(results(answer)) <= DEFAULT, "50 results at most", f"{len(results(answer))}")


@pytest.mark.requirement("cloud_paging.limit.default-50")
def test_sixty_worklogs_need_two_pages(timesheet: Timesheet, admin: Caller, bench: Bench) -> None:
    day = timesheet.days(1)[0]
    entry = {name: value for name, value in timesheet.body(admin, day, timeSpentSeconds=60).items() if name != "issueId"}
    entry.pop("remainingEstimateSeconds", None)
    for number in (50, 10):
        expect.success(bench.adopt(admin.post(f"4/worklogs/issue/{timesheet.issue.id}/bulk", [entry] * number), WORKLOG, admin))
    first = admin.get("4/worklogs", [("from", day.isoformat()), ("to", day.isoformat())])
    expect.equal(first, "how many are on the first page", len(results(first)), DEFAULT)
    expect.equal(first, "how many are on the second", len(results(follow(admin, first))), 10)


@pytest.mark.requirement("cloud_paging.limit.maximum")
@pytest.mark.parametrize("path", ["4/worklogs", "4/teams", "4/customers"])
def test_largest_limit_is_accepted(admin: Caller, path: str) -> None:
    answer = admin.get(path, [("limit", LARGEST)])
    expect.equal(answer, "metadata.limit", metadata(answer).get("limit"), LARGEST)


@pytest.mark.requirement("cloud_paging.limit.obeyed")
def test_page_holds_no_more_than_asked(admin: Caller, listing: Listing) -> None:
    answer = _ask(admin, listing, ("limit", 2))
    expect.equal(answer, "how many results", len(results(answer)), 2)
    expect.equal(answer, "metadata.limit", metadata(answer).get("limit"), 2)


@pytest.mark.requirement("cloud_paging.count.of-the-page")
def test_count_is_that_of_the_page(admin: Caller, listing: Listing) -> None:
    answer = _ask(admin, listing, ("limit", 3))
    expect.equal(answer, "metadata.count", metadata(answer).get("count"), len(results(answer)))


@pytest.mark.requirement("cloud_paging.offset.obeyed")
def test_page_begins_at_the_offset(admin: Caller, listing: Listing) -> None:
    whole = ids(_ask(admin, listing), listing.key)
    answer = _ask(admin, listing, ("offset", 2), ("limit", 2))
    expect.equal(answer, "the results", ids(answer, listing.key), whole[2:4])
    expect.equal(answer, "metadata.offset", metadata(answer).get("offset"), 2)


@pytest.mark.requirement("cloud_paging.next.absent-at-the-end")
def test_last_page_has_no_next(admin: Caller, listing: Listing) -> None:
    answer = _ask(admin, listing)
    expect.that(answer, "next" not in metadata(answer), "metadata without next, not even null", "metadata.next is there")


@pytest.mark.requirement("cloud_paging.previous.absent-at-the-start")
def test_first_page_has_no_previous(admin: Caller, listing: Listing) -> None:
    answer = _ask(admin, listing, ("limit", 2))
    expect.that(answer, "previous" not in metadata(answer), "metadata without previous, not even null", "it is there")


@pytest.mark.requirement("cloud_paging.next.absolute")
@pytest.mark.parametrize("which", ["next", "previous"])
def test_links_are_absolute_and_of_this_server(admin: Caller, listing: Listing, which: str) -> None:
    answer = _ask(admin, listing, ("limit", 2), ("offset", 2))
    address = metadata(answer).get(which)
    wanted = f"{admin.base}/{listing.path}?"
    expect.that(answer, str(address).startswith(wanted), f"metadata.{which} = {wanted}...", f"metadata.{which} = {address}")


@pytest.mark.requirement("cloud_paging.next.leads-on")
@pytest.mark.parametrize("name", ["worklogs", "worklogs of a user", "teams", "plans"])
def test_next_leads_through_the_whole_list(admin: Caller, request: pytest.FixtureRequest, name: str) -> None:
    listing = LISTINGS[name](request)
    whole = ids(_ask(admin, listing), listing.key)
    answer = _ask(admin, listing, ("limit", 2))
    found = ids(answer, listing.key)
    while "next" in metadata(answer) and len(found) <= len(whole):
        answer = follow(admin, answer)
        found += ids(answer, listing.key)
    expect.equal(answer, "the pages together", found, whole)


@pytest.mark.requirement("cloud_paging.previous.leads-back")
@pytest.mark.parametrize("name", ["worklogs", "teams"])
def test_previous_leads_back_to_the_first_page(admin: Caller, request: pytest.FixtureRequest, name: str) -> None:
    listing = LISTINGS[name](request)
    first = _ask(admin, listing, ("limit", 2))
    back = follow(admin, follow(admin, first), "previous")
    expect.equal(back, "the page before the second", ids(back, listing.key), ids(first, listing.key))


@pytest.mark.requirement("cloud_paging.pages.whole")
def test_pages_together_are_the_whole(admin: Caller, listing: Listing, run: Run) -> None:
    whole = ids(_ask(admin, listing), listing.key)
    for limit in {1, len(whole), *run.random("page sizes").sample(range(2, len(whole) + 2), 2)}:
        found = everything(admin, listing.path, [*listing.query, ("limit", limit)], listing.body)
        got = [item.get(listing.key) for item in found]
        expect.equal(_ask(admin, listing), f"pages of {limit} (seed {run.seed}) together", got, whole)


@pytest.mark.requirement("cloud_paging.pages.disjoint")
def test_pages_share_no_item(admin: Caller, listing: Listing) -> None:
    seen: set[Any] = set()
    for page in pages(admin, listing.path, [*listing.query, ("limit", 2)], listing.body):
        found = set(ids(page, listing.key))
        expect.that(page, not found & seen, "items that no earlier page had", f"{sorted(found & seen)} again")
        seen |= found


@pytest.mark.requirement("cloud_paging.plain.no-pages")
@pytest.mark.parametrize("path", PLAIN)
def test_plain_lists_count_all_they_hold(admin: Caller, path: str) -> None:
    answer = admin.get(path)
    expect.equal(answer, "metadata.count", metadata(answer).get("count"), len(results(answer)))
