"""Writing into the configuration where a token is kept from now on, without touching anything else in it."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from integration import private_files
from integration.settings import Mistaken

_HEADING = re.compile(r"\s*\[+([^\[\]]*)\]+\s*(?:#.*)?")


def with_source(path: Path, name: str, source: str) -> str:
    """The configuration with ``[token] name`` saying source, in the line where it stands, or in a new one.

    Comments and everything else stay as they are. Raises ``Mistaken`` where that cannot be done.
    """
    try:
        before = path.read_text(encoding="utf-8")
    except OSError as error:
        raise Mistaken(f"{path} cannot be read ({error.strerror}).") from None
    after = _with(before, name, f"{name} = {json.dumps(source)}")
    if not _differ_in_this_alone(before, after, name, source):
        raise Mistaken(f'{path} is written in a way of its own: write {name} = "{source}" under [token] yourself first.')
    return after


def write(path: Path, text: str) -> None:
    """Another text in a configuration, whose mode stays as it is. Raises ``Mistaken``."""
    try:
        mode = path.stat().st_mode & 0o777
        private_files.write(path, text)
        path.chmod(mode)
    except OSError as error:
        raise Mistaken(f"{path} cannot be written ({error.strerror}).") from None


def _with(text: str, name: str, line: str) -> str:
    lines = text.splitlines()
    key = re.compile(rf"\s*{name}\s*=")
    table = ""
    heading = None
    for number, content in enumerate(lines):
        found = _HEADING.fullmatch(content)
        if found:
            table = found[1].strip()
            heading = number if table == "token" else heading
        elif table == "token" and key.match(content):
            lines[number] = line
            break
    else:
        if heading is None:
            lines += ["", "[token]", line]
        else:
            lines.insert(heading + 1, line)
    return "\n".join(lines) + "\n"


def _differ_in_this_alone(before: str, after: str, name: str, source: str) -> bool:
    try:
        old: dict[str, Any] = tomllib.loads(before)
        new: dict[str, Any] = tomllib.loads(after)
    except tomllib.TOMLDecodeError:
        return False
    token = old.get("token", {})
    return isinstance(token, dict) and new == {**old, "token": {**token, name: source}}
