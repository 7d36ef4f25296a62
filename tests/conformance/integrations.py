"""Judging an integration with the suite's command, as users do, and what came of it."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from conformance.catalogue import read_catalogue

ROOT = Path(__file__).parents[2]
HERE = ROOT / "tests" / "conformance"
LIMIT = 900
NOUNS = {"absences": "absences.", "worklogs": "worklog_integrations."}
"""Kind of integration -> how the ids of its requirements begin."""


class Lie(NamedTuple):
    """One point in which tempo-sync is broken. caught: the requirements that it fails. fine: some that it meets still."""

    caught: set[str]
    fine: set[str]


class Verdict(NamedTuple):
    """What a run of the suite came to. failed, passed: requirements; told: what was said of each that failed."""

    code: int
    output: str
    failed: set[str]
    passed: set[str]
    skipped: set[str]
    told: dict[str, str]


def requirements_of(kind: str) -> set[str]:
    """Ids without their noun."""
    noun = NOUNS[kind]
    return {slug.removeprefix(noun) for slug in read_catalogue() if slug.startswith(noun)}


def judged(kind: str, options: Mapping[str, str], requirements: Iterable[str], folder: Path) -> Verdict:
    """Judges an integration. options: with the commands. requirements: ids without noun, all of them if there are none."""
    report, noun = folder / "report.xml", NOUNS[kind]
    report.unlink(missing_ok=True)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "conformance", "integration", kind, f"--junitxml={report}"),
            *(f"{name}={value}" for name, value in options.items()),
            *(f"--requirement={noun}{slug}" for slug in requirements),
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    found: dict[str, set[str]] = {"failure": set(), "passed": set(), "skipped": set(), "error": set()}
    told: dict[str, str] = {}
    for case in ElementTree.parse(report).iter("testcase") if report.exists() else ():
        slugs = [item.get("value", "") for item in case.iter("property") if item.get("name") == "requirement"]
        outcome = next((name for name in ("failure", "error", "skipped") if case.find(name) is not None), "passed")
        for slug in (slug.removeprefix(noun) for slug in slugs):
            found[outcome].add(slug)
            told[slug] = told.get(slug, "") + "".join(case.itertext())
    assert not found["error"], done.stdout
    passed = found["passed"] - found["failure"]
    return Verdict(done.returncode, done.stdout, found["failure"], passed, found["skipped"], told)
