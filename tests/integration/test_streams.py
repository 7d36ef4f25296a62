"""Output that fails stops no run, and the exit code is that of the run: processes whose standard output is gone or full."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from integration.streams import Lenient, lenient
from integration.terminal import Terminal

from .conftest import ENVIRONMENT, LIMIT, ROOT, TEMPLATES, Command, Site

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")


def sync_to(connected: Command, output: int, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "integration", *arguments], cwd=connected.folder, stdout=output, stderr=subprocess.PIPE,
        env={**ENVIRONMENT, **dict(os.environ), "PYTHONPATH": str(ROOT), **environment}, timeout=LIMIT, check=False,
    )  # fmt: skip


@pytest.fixture
def gone() -> int:
    """The writing end of a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    return writing


@pytest.fixture
def chosen(connected: Command) -> Command:
    assert connected("issues", "--select", "HR-1").code == 0
    return connected


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(("more", "code"), [((), 2), (("--json",), 2), (("--apply",), 0), (("--apply", "--json"), 0)])
def test_nobody_reads_it(chosen: Command, gone: int, more: tuple[str, ...], code: int, unbuffered: str) -> None:
    done = sync_to(chosen, gone, "absences", *more, PYTHONUNBUFFERED=unbuffered)
    assert b"Traceback" not in done.stderr
    assert b"Broken" not in done.stderr
    assert done.returncode == code
    assert bool(chosen("rules", "--json").json["rules"]) == ("--apply" in more)


@needs_full
@pytest.mark.parametrize("more", [("--apply",), ("--apply", "--json")])
def test_the_disk_is_full(chosen: Command, more: tuple[str, ...]) -> None:
    with FULL.open("wb") as full:
        done = sync_to(chosen, full.fileno(), "absences", *more)
    assert b"Traceback" not in done.stderr
    assert b"cannot be written" in done.stderr
    assert done.returncode == 7
    assert chosen("rules", "--json").json["rules"]


@needs_full
def test_a_preview_that_nobody_saw_is_still_pending(chosen: Command) -> None:
    with FULL.open("wb") as full:
        assert sync_to(chosen, full.fileno(), "absences").returncode == 2


@pytest.mark.parametrize(("more", "told"), [((), b"?\xf3d?"), (("--json",), "Łódź".encode())])
def test_names_that_the_terminal_does_not_know(connected: Command, site: Site, more: tuple[str, ...], told: bytes) -> None:
    connected.configure(site.url, TEMPLATES.replace("message =", 'name = "Łódź"\nmessage ='))
    assert connected("issues", "--select", "HR-1").code == 0
    done = subprocess.run(
        [sys.executable, "-m", "integration", "absences", *more], cwd=connected.folder, capture_output=True,
        env={**dict(os.environ), "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "cp1252"}, timeout=LIMIT, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert told in done.stdout


def test_help_that_nobody_reads(connected: Command, gone: int) -> None:
    done = sync_to(connected, gone, "absences", "--help")
    assert (done.returncode, done.stderr) == (0, b"")


def test_streams_are_put_back() -> None:
    before = sys.stdout, sys.stderr
    with lenient() as out:
        assert isinstance(sys.stdout, Lenient)
        assert out.failed is None
    assert (sys.stdout, sys.stderr) == before


def test_a_terminal_shows_at_once_what_takes_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(shown, "isatty", lambda: True)
    with Terminal(shown).progress("reading plans") as tell:
        assert shown.getvalue() == "\rreading plans ..."
        tell(7)
        assert shown.getvalue().endswith("reading plans: 7")
    assert shown.getvalue().endswith("\r\x1b[K")
    quiet = Terminal(shown, is_quiet=True)
    before = shown.getvalue()
    with quiet.progress("more") as tell:
        tell(1)
    assert shown.getvalue() == before
