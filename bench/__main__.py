"""``make bench``: how fast the fake is beside a bare Flask, and what the syncs and their pages cost.

As a table and, with ``--json FILE``, as data.
"""

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import (
    absence_sync,
    faults,
    in_process,
    journal,
    over_http,
    plans,
    pytest_plugin,
    settings_pages,
    staff,
    sync_pages,
    worklog_sync,
    worklogs,
    worlds,
)
from bench.subjects import BARE, BAREST, FIFTY, cores, fake_command, guide_with_fifty, memory_megabytes, running
from bench.targets import MOST, MOST_PAGE, MOST_SYNC_PAGE, MOST_TIMES, verdict

STARTS = 5
PAIRS = 5
TEAMS = "/jira/rest/tempo-teams"
BODY = json.dumps({"name": "Bench", "summary": "made by the benchmark", "lead": "john"})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--json", metavar="FILE", help="write the figures as JSON as well")
    arguments = parser.parse_args()
    used = over_http.tool()
    if used == "python":
        print("wrk, oha or hey is not installed: load comes from Python threads and is bound by them", file=sys.stderr)
    found: dict[str, Any] = {"cores": cores(), "load generator": used}
    found["start, seconds to the first 200"] = starts()
    found["in process, microseconds of the processor"] = in_process.measure() | faults.measure()
    found["worlds"] = worlds.measure()
    found["pytest plugin"] = pytest_plugin.measure()
    found["worklogs"] = worklogs.measure() | plans.measure() | {"the journal": journal.measure()}
    found["worklogs"] |= worklog_sync.measure()
    found["staff"] = staff.measure()
    found["settings pages"] = settings_pages.measure()
    found["pages of the sync"] = sync_pages.measure()
    found |= over_sockets()
    found["absence sync"] = absence_sync.measure_apart()
    show(found)
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(found, file, indent=2)


def starts() -> dict[str, float]:
    """Median seconds from starting the process to the first 200, in pairs, so that a busy moment hits both."""
    fake: list[float] = []
    bare: list[float] = []
    for _ in range(STARTS):
        with running(fake_command(), f"{TEAMS}/1/team/3") as started:
            fake.append(started.seconds)
        with running([sys.executable, "-c", BAREST], "/hello") as started:
            bare.append(started.seconds)
    return {"bare Flask": statistics.median(bare), "fake": statistics.median(fake)}


def over_sockets() -> dict[str, Any]:
    """Requests per second, latency and memory of both servers, measured in alternation."""
    loads: dict[str, Any] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        running(fake_command("--scenario", str(guide_with_fifty(Path(folder)))), f"{TEAMS}/1/team/3") as fake,
        running([sys.executable, "-c", BARE], "/hello") as bare,
    ):
        memory = {"fake, at rest": memory_megabytes(fake.pid), "bare Flask, at rest": memory_megabytes(bare.pid)}
        ratios = []
        for _ in range(PAIRS):
            ours = over_http.load(f"{fake.url}{TEAMS}/1/team/3", 1)
            theirs = over_http.load(f"{bare.url}/hello", 1)
            ratios.append(ours.per_second / theirs.per_second)
        loads["GET one team / bare Flask at 1 connection, median of 5 pairs"] = statistics.median(ratios)
        for connections in (1, 16):
            for name, url, body in (
                ("bare Flask hello", f"{bare.url}/hello", None),
                ("GET one team", f"{fake.url}{TEAMS}/1/team/3", None),
                ("member list of 50", f"{fake.url}{TEAMS}/2/team/{FIFTY}/member", None),
                ("POST team", f"{fake.url}{TEAMS}/1/team", BODY),
            ):
                loads[f"{name}, {connections} connections"] = over_http.load(url, connections, body)._asdict()
        memory |= {"fake, after load": memory_megabytes(fake.pid), "bare Flask, after load": memory_megabytes(bare.pid)}
    return {"over HTTP": loads, "memory, MB": memory}


def show(found: dict[str, Any]) -> None:
    """Print the table."""
    print(f"{found['cores']} cores, load by {found['load generator']}; the journal is off unless said\n")
    for title in ("start, seconds to the first 200", "in process, microseconds of the processor"):
        figures: dict[str, float] = found[title]
        basis = next(iter(figures.values()))
        print(title)
        for name, value in figures.items():
            times = value / basis
            more = verdict(times, MOST_TIMES.get(name)) or verdict(value, MOST.get(name))
            print(f"  {name:<44}{value:>10.3f}{times:>9.2f} x bare Flask{more}")
        print()
    for title in ("worlds", "pytest plugin"):
        print(title)
        for name, value in found[title].items():
            print(f"  {name:<60}{'not told' if value is None else f'{value:.3f}':>12}{verdict(value, MOST.get(name))}")
        print()
    print(f"settings pages, {settings_pages.PEOPLE:,} people, milliseconds of the processor")
    for name, value in found["settings pages"].items():
        print(f"  {name:<66}{value:>12.3f}{verdict(value, MOST_PAGE)}")
    print()
    print(f"pages of the sync, {sync_pages.PEOPLE:,} people, milliseconds of the processor: after a write, and again")
    for name, visits in found["pages of the sync"].items():
        told = verdict(visits["again"], MOST_SYNC_PAGE)
        print(f"  {name:<50}{visits['first']:>16.3f}{visits['again']:>12.3f}{told}")
    print()
    for title, group in (found["worklogs"] | found["staff"] | found["absence sync"]).items():
        print(title)
        for name, value in group.items():
            print(f"  {name:<66}{'not told' if value is None else f'{value:.3f}':>12}{verdict(value, MOST.get(name))}")
        print()
    print("over HTTP                                       requests/s   p50 ms   p99 ms")
    for name, value in found["over HTTP"].items():
        if isinstance(value, dict):
            print(f"  {name:<44}{value['per_second']:>12.0f}{value['p50']:>9.2f}{value['p99']:>9.2f}")
        else:
            print(f"  {name:<60}{value:>8.2f}")
    print("\nmemory, MB")
    for name, value in found["memory, MB"].items():
        print(f"  {name:<44}{'not told' if value is None else f'{value:.1f}':>10}")


if __name__ == "__main__":
    main()
