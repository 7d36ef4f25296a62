"""Where the two tokens come from: the environment, a file that nobody else can read, or the keyring; TOML last."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from integration import private_files
from integration.settings import Mistaken

VARIABLES = MappingProxyType({"tempo": "TEMPO_TOKEN", "jira": "JIRA_TOKEN"})
"""Which variable of the environment holds which."""

SERVICE = "tempo-sync"
"""Their name in the keyring."""


def secret(name: str, told: str, directory: Path, environment: Mapping[str, str] = os.environ) -> str:
    """A token. name: tempo or jira. told: what the configuration says under [token].

    "env" or nothing: the variable TEMPO_TOKEN or JIRA_TOKEN. "file:PATH": the first line of a file, counted from
    ``directory``, that others cannot read. "keyring": the keyring of the machine (extra ``keyring``). "text:TOKEN": itself.
    Raises ``Mistaken``.
    """
    variable = VARIABLES[name]
    kind, _, rest = told.partition(":")
    if told in ("", "env"):
        found = environment.get(variable, "")
        if not found:
            raise Mistaken(f"The token for {name} is in no {variable}; export it, or name a file under [token] {name}.")
    elif kind == "file":
        found = _of_file(directory / rest)
    elif told == "keyring":
        found = _of_keyring(name)
    elif kind == "text":
        found = rest
    else:
        raise Mistaken(f'[token] {name} is "env", "file:PATH", "keyring" or "text:TOKEN".')
    found = found.strip()
    if not found or not found.isascii() or any(sign.isspace() or not sign.isprintable() for sign in found):
        raise Mistaken(f"The token for {name} is empty or has signs that no token has.")
    return found


def store_in_keyring(name: str, token: str) -> None:
    """Keep a token in the keyring. Raises ``Mistaken``."""
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        raise Mistaken("The keyring needs the extra of that name: pip install 'tempo-mock-server[keyring]'.") from None
    try:
        keyring.set_password(SERVICE, name, token)
    except KeyringError as error:
        raise Mistaken(f"The keyring does not take the token ({error}).") from None


def write_file(path: Path, token: str) -> None:
    """Keep a token in a file of one's own, in one step, so that no half of it is ever there."""
    private_files.write(path, token + "\n")


def fingerprint(token: str) -> str:
    """Enough of its hash to tell one token from another, and nothing to log in with."""
    return hashlib.sha256(token.encode()).hexdigest()[:12]


def _of_file(path: Path) -> str:
    try:
        if path.exists() and not path.is_file():
            raise Mistaken(f"{path} is no file; write the path of one under [token].")
        if private_files.is_open_to_others(path):
            raise Mistaken(f"{path} can be read by others; run chmod 600 {path}.")
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise Mistaken(f"The file of the token, {path}, cannot be read ({error.strerror or error}).") from None
    except UnicodeDecodeError:
        raise Mistaken(f"The file of the token, {path}, is no text.") from None
    return lines[0] if lines else ""


def _of_keyring(name: str) -> str:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        raise Mistaken("The keyring needs the extra of that name: pip install 'tempo-mock-server[keyring]'.") from None
    try:
        found: str | None = keyring.get_password(SERVICE, name)
    except KeyringError as error:
        raise Mistaken(f"The keyring cannot be read ({error}).") from None
    if found is None:
        raise Mistaken(f"The keyring has no token for {name}; `tempo-sync connect --keep keyring` puts it there.")
    return found
