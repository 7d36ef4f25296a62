"""How a worklog integration asks: as long as it must, no faster than allowed, with no more rights than needed, in secret."""

from __future__ import annotations

import pytest

from conformance.integration import manners
from conformance.integration.accounts import TimeAccounts
from conformance.integration.work_world import HOUR, LEAST_SCOPES, Worker, WorkWorld

WORKLOGS = "/4/worklogs"


def _logged(work: WorkWorld) -> dict[Worker, int]:
    for number in range(1, 4):
        for person in work.people:
            work.log(person, number)
    return dict.fromkeys(work.people, 3 * 2 * HOUR)


@pytest.mark.requirement("worklog_integrations.too-many.repeated")
def test_request_answered_429_is_asked_again(work: WorkWorld, sync: TimeAccounts) -> None:
    wanted = _logged(work)
    work.arm(path=WORKLOGS, status=429, retryAfter=1, count=1)
    sync.need_logged(sync.read(), wanted)


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        pytest.param(2, 2.0, marks=pytest.mark.requirement("worklog_integrations.too-many.retry-after"), id="retry-after"),
        pytest.param(None, 1.0, marks=pytest.mark.requirement("worklog_integrations.too-many.without-header"), id="none"),
    ],
)
def test_wait_after_429_is_as_long_as_asked(work: WorkWorld, sync: TimeAccounts, asked: int | None, seconds: float) -> None:
    _logged(work)
    work.arm(path="/4/", status=429, retryAfter=asked, count=1)
    work.forget()
    manners.need_waited(work, sync.run(), seconds)


@pytest.mark.requirement("worklog_integrations.rate.five-a-second")
def test_no_second_has_more_than_five_requests(work: WorkWorld, sync: TimeAccounts) -> None:
    _logged(work)
    work.arm(trap="default-page-of-50", rows=2)
    work.forget()
    sync.run(hasty=False)
    manners.need_rate(work)


@pytest.mark.requirement("worklog_integrations.server-error.asked-again")
def test_error_of_the_server_that_passes_is_asked_again(work: WorkWorld, sync: TimeAccounts) -> None:
    wanted = _logged(work)
    work.arm(path=WORKLOGS, status=503, count=2)
    sync.need_logged(sync.read(), wanted)


@pytest.mark.requirement("worklog_integrations.scopes.least")
def test_token_that_may_view_worklogs_is_enough(work: WorkWorld, sync: TimeAccounts) -> None:
    work.tempo_token = work.token(*LEAST_SCOPES)
    wanted = _logged(work)
    sync.need_logged(sync.read(), wanted)


@pytest.mark.requirement("worklog_integrations.secrets.not-told")
def test_tokens_stand_in_no_output_and_no_state(work: WorkWorld, sync: TimeAccounts) -> None:
    _logged(work)
    sync.run()
    sync.accounts()
    for broken in ({"status": 401}, {"html": True, "status": 200}):
        work.arm(path="/4/", count=1, **broken)
        sync.run()
        sync.accounts()
    manners.need_no_secret(sync, work)


@pytest.mark.requirement("worklog_integrations.addresses.as-given")
def test_every_run_asks_the_addresses_it_is_given(work: WorkWorld, sync: TimeAccounts) -> None:
    _logged(work)
    work.forget()
    manners.need_own_token(work, sync.run())


@pytest.mark.requirement("worklog_integrations.reading.no-writes")
def test_nothing_is_written_to_tempo_or_jira(work: WorkWorld, sync: TimeAccounts) -> None:
    _logged(work)
    work.forget()
    ended = sync.run()
    work.arm(path="/4/", status=401)
    sync.run()
    manners.need_only_reads(work, ended)
