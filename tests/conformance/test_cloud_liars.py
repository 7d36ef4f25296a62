"""The checks of Tempo Cloud, of Jira Cloud and of connecting people catch liars: each lies in one point.

One run of the suite tells all lies of the tables, each to the checks of the requirements that it is about.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from conformance.catalogue import read_catalogue

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "fixtures" / "guide" / "target.toml"
TRUTH = "truth"
"""The row of the table that changes nothing: its checks must pass."""


def told(
    tmp_path: Path, url: str, faces: tuple[str, ...], requirements: str
) -> tuple[dict[str, list[str]], dict[tuple[str, str], set[str]], str]:
    """The lies with their requirements; what became of the checks, by lie and requirement; the output."""
    report = tmp_path / "lies.jsonl"
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(Path(__file__).parent)]),
        "LIES_REPORT": str(report),
        "LIES_OF": faces[0],
    }
    command = [sys.executable, "-m", "conformance", "server", "--tempo-url", url, "--target", str(TARGET)]
    command += [f"--face={face}" for face in faces]
    command += ["-p", "lying", "-q", "--tb=no", "--requirement", requirements]
    # One seed: whether a lie is caught must not depend on what a run happened to draw.
    command += ["--seed", "lies"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False)
    first, *rest = report.read_text(encoding="utf-8").splitlines()
    table: dict[str, list[str]] = json.loads(first)
    outcomes: dict[tuple[str, str], set[str]] = {}
    for line in rest:
        _, lie, slugs, outcome, _ = json.loads(line)
        for slug in slugs:
            outcomes.setdefault((lie, slug), set()).add(outcome)
    return table, outcomes, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("faces", "requirements"), [(("cloud", "jira_cloud"), "*cloud_*"), (("staff",), "staff.*")], ids=["cloud", "staff"]
)
def test_every_lie_is_caught_by_the_checks_of_its_requirements(
    fake: str, tmp_path: Path, faces: tuple[str, ...], requirements: str
) -> None:
    table, outcomes, output = told(tmp_path, fake, faces, requirements)
    assert "left behind" not in output, output
    untrue = {pair: found for pair, found in outcomes.items() if pair[0] == TRUTH and found != {"passed"}}
    assert untrue == {}, f"{untrue}\n{output}"
    slugs_of = {lie: slugs for lie, slugs in table.items() if lie != TRUTH}
    heard = {(lie, slug): outcomes.get((lie, slug)) for lie, slugs in slugs_of.items() for slug in slugs}
    believed = {pair: found for pair, found in heard.items() if "failed" not in (found or ())}
    assert believed == {}, f"{believed}\n{output}"
    shown = {slug for slugs in slugs_of.values() for slug in slugs}
    catalogue = {slug: found for slug, found in read_catalogue().items() if fnmatch(slug, requirements)}
    assert {slug for slug, found in catalogue.items() if found.tier == "strict"} - shown == set()
