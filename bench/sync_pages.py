"""What the pages of `tempo-sync serve` cost with a thousand people: milliseconds of the processor, without a browser."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from werkzeug.test import Client

from bench.in_process import processor_seconds
from integration.known_people import KnownPeople
from integration.pages.frame import Frame
from integration.pages.routes import PAGES
from integration.records import Issue, Person, Rule
from integration.store import RunRecord, Store
from integration.worklog_rows import WorklogRows
from integration.worklog_runs import WorklogRun
from integration.worklogs import Standing, Visible, Worklog

PEOPLE, RULES, RUNS, DAYS = 1000, 10, 20_000, 366
"""RULES of each of the people, RUNS of each sync."""

HOST = "http://localhost:8091"
ADDRESSES = (
    "/connection", "/access", "/rules", "/rules?page=2", "/rules?all=yes", "/rules?sort=person", "/calendar",
    "/runs", "/runs?page=40", "/runs/worklogs/7", "/time-accounts", "/time-accounts?{year}", "/time-accounts?{year}&page=2",
    "/time-accounts?{year}&by=team", "/time-accounts?{year}&by=month", "/time-accounts?{year}&by=issue",
    "/time-accounts?{year}&person=p0007", "/access/worklogs",
)  # fmt: skip


def measure() -> dict[str, dict[str, float]]:
    """Address -> milliseconds of the processor of the first visit after a write to the database, and of those after it.

    Raises ``RuntimeError`` where a page is not answered with 200.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        build(folder)
        return dict(visits(folder))


def build(folder: Path) -> None:
    """A configuration and a database of people with contracts, a year of worklogs, rules and runs."""
    today = datetime.now(UTC).date()
    people = [f"p{number:04}" for number in range(PEOPLE)]
    contract = '[[contract]]\nperson = "{}"\nfirst = 2020-01-01\nweek = [0, 8, 8, 8, 8, 8, 0]\n'
    head = '[site]\ntempo_url = "http://127.0.0.1:9"\njira_url = "http://127.0.0.1:9"\n\n[token]\ntempo = "env"\n\n'
    (folder / "tempo-sync.toml").write_text(head + "\n".join(contract.format(person) for person in people))
    os.chmod(folder / "tempo-sync.toml", 0o600)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with closing(Store(folder / "tempo-sync.db")) as store:
        rows = WorklogRows(store)
        with store.transaction():
            KnownPeople(store).add(Person(person, f"Person {person}", "Europe/Berlin", True) for person in people)
            rows.upsert(_worklogs(people, today))
            rows.know_issues(Issue(str(number), f"PR-{number}", f"Work {number}") for number in range(500))
            rows.set_standing(Standing("tempo", None, True, (), now, Visible(PEOPLE, PEOPLE, ())))
            store.select([Issue("1", "HR-1", "Vacation")])
            for person in people:
                for number in range(RULES):
                    store.add(_rule(person, datetime.combine(today, datetime.min.time()) + timedelta(days=7 * number - 14)))
            for _ in range(RUNS):
                rows.end_run(rows.begin_run(now), WorklogRun(now, now, 0, "incremental", "audit", "tempo", 1, 0, 3, ""))
                store.end_run(store.begin_run(now), RunRecord(now, 0, "", 1, 0, 0, 0, 0, now))


def visits(folder: Path) -> Iterator[tuple[str, dict[str, float]]]:
    """Address -> kind of visit -> milliseconds of the processor, the best of several."""
    frame = Frame(folder / "tempo-sync.toml", PAGES)
    visitor = Client(frame.application())
    visitor.get(f"/?key={frame.key}", base_url=HOST)
    today = datetime.now(UTC).date()
    year = f"from={today - timedelta(days=DAYS - 1)}&to={today}"
    for template in ADDRESSES:
        address = template.format(year=year)
        answer = visitor.get(address, base_url=HOST)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status}")

        def first(address: str = address) -> None:
            _touch(folder)
            visitor.get(address, base_url=HOST).get_data()

        def again(address: str = address) -> None:
            visitor.get(address, base_url=HOST).get_data()

        yield template, {"first": processor_seconds(first) * 1000, "again": processor_seconds(again) * 1000}


def _touch(folder: Path) -> None:
    with closing(Store(folder / "tempo-sync.db")) as store, store.transaction():
        store.set_fact("bench", datetime.now(UTC).isoformat())


def _worklogs(people: list[str], today: date) -> Iterator[Worklog]:
    number = 0
    for person in people:
        for back in range(DAYS):
            day = today - timedelta(days=back)
            if day.weekday() < 5:
                number += 1
                yield Worklog(
                    number,
                    str(number % 500),
                    person,
                    day,
                    "09:00:00",
                    28_800,
                    28_800,
                    f"{day}T18:00:00Z",
                    number,
                    f"A{number % 9}",
                )


def _rule(person: str, begin: datetime) -> Rule:
    return Rule(
        person, "1", begin, begin + timedelta(hours=8), "Europe/Berlin", "Vacation", ("p0001",), message="Away", plan_ids=(1,),
    )  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
