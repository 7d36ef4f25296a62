"""The verdict on a token and its addresses: a table of what was answered, and what that means."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from integration.connect import Facts, Kind, Told, judge, with_warning

TODAY = date(2026, 3, 2)
URL = "https://api.tempo.io"
REFUSED = Told("unauthorized", "api.tempo.io answered 401")
FORBIDDEN = Told("forbidden", "api.tempo.io answered 403")
NOT_FOUND = Told("not-found", "api.tempo.io answered 404")


def facts(**more: Any) -> Facts:
    return Facts(**{"url": URL, "today": TODAY, "seen": 9, "teams": 2, "everybody": 11, **more})


CASES = [
    pytest.param({}, Kind.GOOD, "9 of 11 people", id="good"),
    pytest.param({"everybody": None}, Kind.GOOD, "9 people", id="good, schemes hidden"),
    pytest.param({"seen": 1, "everybody": 11, "teams": 1}, Kind.GOOD, "Connected.", id="one person, but teams"),
    pytest.param({"seen": 1, "teams": 0}, Kind.SEES_NOBODY, "View Plans", id="only own plans, no team"),
    pytest.param({"seen": 0, "teams": 0}, Kind.SEES_NOBODY, "View Plans", id="nothing at all"),
    pytest.param({"seen": 1, "teams": None}, Kind.SEES_NOBODY, "View Plans", id="only own plans, teams refused"),
    pytest.param({"listed": REFUSED}, Kind.WRONG_TOKEN, "or it has expired", id="401, nothing known"),
    pytest.param({"listed": REFUSED, "expires": date(2027, 1, 1)}, Kind.WRONG_TOKEN, "until 2027-01-01", id="401, end to come"),
    pytest.param({"listed": REFUSED, "expires": date(2026, 3, 1)}, Kind.EXPIRED, "on 2026-03-01", id="401, end past"),
    pytest.param({"listed": REFUSED, "expires": TODAY}, Kind.EXPIRED, "on 2026-03-02", id="401 on the last day"),
    pytest.param(
        {"listed": Told("unauthorized", "answered 401: the token has Expired")}, Kind.EXPIRED, "as Tempo says", id="401 tells"
    ),
    pytest.param(
        {"listed": REFUSED, "expires": date(2027, 1, 1), "verified": "2026-02-01T08:00:00+00:00"},
        Kind.REVOKED, "worked on 2026-02-01", id="401 of a token that worked",
    ),
    pytest.param({"listed": REFUSED, "begins_as": "ATATT"}, Kind.TOKEN_OF_JIRA, "Jira", id="401 of a token of Jira"),
    pytest.param({"listed": FORBIDDEN}, Kind.NO_PLANS_SCOPE, "scope", id="403"),
    pytest.param(
        {"listed": FORBIDDEN, "verified": "2026-02-01T08:00:00+00:00"}, Kind.FORBIDDEN_NOW, "worked on 2026-02-01",
        id="403 of a token that worked",
    ),
    pytest.param(
        {"listed": NOT_FOUND, "verified": "2026-02-01T08:00:00+00:00"}, Kind.FORBIDDEN_NOW, "404", id="404 where it worked"
    ),
    pytest.param({"listed": REFUSED, "url": "https://b.example"}, Kind.WRONG_TOKEN, "b.example", id="401 names the host"),
    pytest.param({"listed": REFUSED}, Kind.WRONG_TOKEN, "https://api.eu.tempo.io", id="401 names other hosts"),
    pytest.param(
        {"listed": Told("forbidden", "answered 403: Failed to parse Connect Session Auth Token")},
        Kind.NOT_TEMPO, "not Tempo Cloud", id="403 of the app inside Jira",
    ),
    pytest.param({"listed": NOT_FOUND}, Kind.NOT_TEMPO, "404", id="404"),
    pytest.param({"listed": Told("gone", "answered 410")}, Kind.NOT_TEMPO, "410", id="410"),
    pytest.param({"listed": Told("refused", "answered 405")}, Kind.NOT_TEMPO, "405", id="405"),
    pytest.param({"listed": Told("not-tempo", "answered with text/html")}, Kind.NOT_TEMPO, "text/html", id="a page"),
    pytest.param(
        {"listed": NOT_FOUND, "url": "https://a.atlassian.net"}, Kind.NOT_TEMPO, "the address of Jira", id="404 of Jira"
    ),
    pytest.param(
        {"listed": NOT_FOUND, "url": "https://jira.example.org", "jira_url": "https://jira.example.org"},
        Kind.NOT_TEMPO, "the address of Jira", id="404 of Jira at another address",
    ),
    *(
        pytest.param(
            {"listed": told, "elsewhere": "https://api.eu.tempo.io"}, Kind.WRONG_REGION, "https://api.eu.tempo.io",
            id=f"another region after {told.kind}",
        )
        for told in (REFUSED, FORBIDDEN, NOT_FOUND)
    ),
    *(
        pytest.param({"listed": Told(kind, "no such host")}, Kind.UNREACHABLE, "no such host", id=kind)
        for kind in ("unreachable", "server-error", "too-many", "broken")
    ),
    pytest.param({"schemes": FORBIDDEN}, Kind.NO_SCHEMES_SCOPE, "View plans, schemes and teams", id="no schemes"),
    pytest.param({"use": "worklogs"}, Kind.GOOD, "worklogs of 9 of 11 people are seen; deletions", id="worklogs"),
    pytest.param({"use": "worklogs"}, Kind.GOOD, "by the audit log", id="worklogs, audit log"),
    pytest.param(
        {"use": "worklogs", "audit": FORBIDDEN}, Kind.GOOD, "may not read the audit log", id="worklogs, least scope"
    ),
    pytest.param(
        {"use": "worklogs", "audit": NOT_FOUND}, Kind.GOOD, "cannot be read (api.tempo.io answered 404)", id="no audit log"
    ),
    pytest.param({"use": "worklogs", "seen": 1, "everybody": 1}, Kind.GOOD, "of one person", id="one of one"),
    pytest.param({"use": "worklogs", "seen": 1}, Kind.SEES_NOBODY, "only one person of 11", id="worklogs of one"),
    pytest.param({"use": "worklogs", "seen": 0, "everybody": None}, Kind.SEES_NOBODY, "View Worklogs", id="no worklogs"),
    pytest.param({"use": "worklogs", "listed": FORBIDDEN}, Kind.NO_WORKLOGS_SCOPE, "View worklogs", id="worklogs, 403"),
    pytest.param({"use": "worklogs", "listed": REFUSED}, Kind.WRONG_TOKEN, "or it has expired", id="worklogs, 401"),
    pytest.param(
        {"use": "worklogs", "jira": Told("forbidden", "jira answered 403")}, Kind.JIRA_REFUSES, "403", id="worklogs, Jira"
    ),
    pytest.param({"jira": Told("unauthorized", "jira answered 401")}, Kind.JIRA_REFUSES, "jira answered 401", id="Jira's 401"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "kind", "words"), CASES)
def test_verdict(more: dict[str, Any], kind: Kind, words: str) -> None:
    verdict = judge(facts(**more))
    assert verdict.kind is kind
    assert words in verdict.sentence
    assert verdict.is_good is (kind is Kind.GOOD)


def test_each_trouble_has_words_of_its_own() -> None:
    verdicts = [judge(facts(**case.values[0])) for case in CASES]  # type: ignore[arg-type]
    first = {verdict.kind: verdict.sentence for verdict in verdicts}
    assert set(first) == set(Kind), "every verdict is in the table"
    assert len(set(first.values())) == len(Kind)


@pytest.mark.parametrize(("seen", "word"), [(0, "Nobody"), (1, "Only one person")])
def test_few_plans_are_a_warning_where_teams_are_seen(seen: int, word: str) -> None:
    verdict = judge(facts(seen=seen, teams=1))
    assert verdict.is_good
    assert verdict.warning is not None
    assert verdict.warning.startswith(f"{word} of 11")


def test_fewer_members_than_seen_are_not_told() -> None:
    assert " of " not in judge(facts(seen=9, everybody=3)).sentence.removeprefix("Connected: plans of ")


def test_somebody_may_insist_on_a_token_that_sees_nobody_and_on_no_other() -> None:
    nobody = with_warning(judge(facts(seen=0, teams=0)))
    assert nobody.is_good
    assert nobody.warning
    worklogs = with_warning(judge(facts(seen=1, use="worklogs")), "worklogs")
    assert worklogs.is_good
    assert "worklogs" in worklogs.sentence
    assert worklogs.warning
    refused = judge(facts(listed=FORBIDDEN))
    assert with_warning(refused) == refused
