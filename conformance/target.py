"""The target file: which faces a server has and who may log in; the only things the suite cannot discover itself."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FACES: Mapping[str, str] = {
    "datacenter": "the Jira Server / Data Center REST API, with rest/tempo-* below it",
    "cloud": "the REST API of Tempo Cloud, with 4/* below it",
    "jira_cloud": "the REST API of Jira Cloud, with rest/api/3/* below it",
    "staff": "the routes with which this project connects apps to people, with _mock/staff/* below it",
}
PERSONAS: Mapping[str, str] = {
    "admin": "holds Tempo Team Administrator and is a Jira administrator",
    "lead": "leads a team, no global permission",
    "member": "ordinary member of some team, no global permission",
    "outsider": "in no team, no permission",
    "viewer": "its Tempo token may view worklogs and nothing else",
    "absences": "its Tempo token has Full access",
    "expired": "its Tempo token is no longer valid",
    "no_scopes": "its Tempo token lacks the scopes of what is asked",
}
PERSONA_ENTRIES = ("user", "password", "email", "account_id", "pat", "token", "api_token", "note")


class TargetError(Exception):
    """The target file cannot be used. The message is one sentence that names the file and the entry."""


@dataclass(frozen=True)
class Persona:
    """Somebody who may log in.

    user: login name. password: for Basic and the login form, "" = unknown. pat: personal access token, "" = none.
    email, account_id: the same person in a Cloud deployment, "" = unknown. token: of Tempo Cloud; api_token: of Jira
    Cloud; "" = none. note: for the reader of the file. A persona of Tempo Cloud alone has a token and no user.
    """

    name: str
    user: str = ""
    password: str = field(default="", repr=False)
    email: str = ""
    account_id: str = ""
    pat: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    api_token: str = field(default="", repr=False)
    note: str = ""


@dataclass(frozen=True)
class Target:
    """A server under test: faces by name, each a path ("" or "/jira") below its URL; personas by name.

    issue: id of the issue on which checks may log work in Tempo Cloud, 0 = not named. move_members: whether checks may put
    personas into other workload and holiday schemes for a moment.
    """

    faces: Mapping[str, str]
    personas: Mapping[str, Persona]
    issue: int = 0
    move_members: bool = False


def read_target(path: Path) -> Target:
    """Reads a target file.

    Raises TargetError when the file is missing, is not TOML or holds an unknown, missing or mistyped entry.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise TargetError(f"cannot read the target file {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise TargetError(f"the target file {path} is not UTF-8 text") from error
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TargetError(f"the target file {path} is not valid TOML: {error}") from error
    return parse_target(content, str(path))


def parse_target(content: Mapping[str, Any], source: str) -> Target:
    """Checks parsed TOML. `source` is the file name used in messages. Raises TargetError."""
    _only_known(content, ("faces", "personas", "cloud"), source, "the file")
    faces = _table(content.get("faces", {}), source, "[faces]")
    personas = _table(content.get("personas", {}), source, "[personas]")
    cloud = _table(content.get("cloud", {}), source, "[cloud]")
    _only_known(cloud, ("issue", "move_members"), source, "[cloud]")
    _only_known(faces, tuple(FACES), source, "[faces]")
    _only_known(personas, tuple(PERSONAS), source, "[personas]")
    return Target(
        faces={name: _face_path(value, source, name) for name, value in faces.items()},
        personas={name: _persona(name, value, source) for name, value in personas.items()},
        issue=_issue(cloud.get("issue", 0), source),
        move_members=_move_members(cloud.get("move_members", False), source),
    )


def _issue(value: object, source: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        wanted = "the id of an issue, a whole number without quotes"
        raise TargetError(f"{source}: [cloud] issue must be {wanted}, it is {_kind(value)}")
    return value


def _move_members(value: object, source: str) -> bool:
    if not isinstance(value, bool):
        raise TargetError(f"{source}: [cloud] move_members must be true or false, it is {_kind(value)}")
    return value


def _face_path(value: object, source: str, name: str) -> str:
    entry = f"[faces] {name}"
    if not isinstance(value, str):
        raise TargetError(f'{source}: {entry} must be a path such as "/jira" in quotes, it is {_kind(value)}')
    if value in ("", "/"):
        return ""
    if not value.startswith("/") or "://" in value or "?" in value:
        raise TargetError(
            f"{source}: {entry} must be a path that begins with / (the host comes from --tempo-url), it is {value!r}"
        )
    return value.rstrip("/")


def _persona(name: str, value: object, source: str) -> Persona:
    entry = f"[personas.{name}]"
    table = _table(value, source, entry)
    _only_known(table, PERSONA_ENTRIES, source, entry)
    for key, item in table.items():
        if not isinstance(item, str):
            raise TargetError(f"{source}: {entry} {key} must be a text in quotes, it is {_kind(item)}")
    if (table.get("password") or table.get("pat")) and not table.get("user"):
        raise TargetError(f"{source}: {entry} lacks the entry user (the login name)")
    if not any(table.get(way) for way in ("password", "pat", "token", "api_token")):
        raise TargetError(
            f"{source}: {entry} needs a password or a pat (personal access token), for the Cloud a token (Tempo)"
            " or an api_token (Jira) to log in with"
        )
    if table.get("api_token") and not table.get("email"):
        raise TargetError(f"{source}: {entry} lacks the entry email, the login name that belongs to api_token")
    if ":" in table.get("user", ""):
        raise TargetError(f"{source}: {entry} user holds a colon, which Basic authentication cannot carry")
    return Persona(name=name, **table)


def _table(value: object, source: str, entry: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TargetError(f"{source}: {entry} must be a table, it is {_kind(value)}")
    return value


def _only_known(table: Mapping[str, Any], known: tuple[str, ...], source: str, entry: str) -> None:
    for key in table:
        if key not in known:
            raise TargetError(f"{source}: {entry} has the unknown entry {key!r}; known are {', '.join(known)}")


def _kind(value: object) -> str:
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a text", list: "a list", dict: "a table"}
    return names.get(type(value), type(value).__name__)
