"""What both contracts of the conformance suite share (docs/conformance.md): variables, and clients that they describe."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from integration.clients.http import PER_SECOND, RETRY_SECONDS, Unreadable, Wire
from integration.clients.refusals import JIRA, TEMPO
from integration.exits import MEANINGS, Exit
from integration.secrets import secret
from integration.settings import Mistaken, Settings
from integration.store import Unusable
from integration.terminal import Terminal

HASTY_PER_SECOND = 10_000.0
HASTY_RETRIES = (0.1, 0.1, 0.1)
EPILOG = "exit codes:\n" + "\n".join(f"  {code.value}  {words}" for code, words in MEANINGS)


def variable(environment: Mapping[str, str], name: str) -> str:
    """A variable that must be there. Raises ``Mistaken``."""
    found = environment.get(name, "")
    if not found:
        raise Mistaken(f"The variable {name} is missing; docs/conformance.md lists those of the contract.")
    return found


def setup(environment: Mapping[str, str], name: str) -> tuple[Path, Any]:
    """Path and content of the JSON file that a variable names. Raises ``Mistaken``."""
    path = Path(variable(environment, name))
    try:
        return path, json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Mistaken(f"{path} of {name} cannot be read ({type(error).__name__}: {error}).") from None


def per_second(environment: Mapping[str, str], haste: str) -> float:
    """Requests a second; haste: the variable that says whether waits of one's own making may be left out."""
    return HASTY_PER_SECOND if environment.get(haste) == "1" else PER_SECOND


def wires(settings: Settings, environment: Mapping[str, str], haste: str, console: Terminal) -> tuple[Wire, Wire]:
    """To Tempo and to Jira. Raises ``Mistaken``."""
    retries = HASTY_RETRIES if environment.get(haste) == "1" else RETRY_SECONDS
    tempo_token = secret("tempo", "env", settings.path.parent, environment)
    pair = f"{settings.jira_user}:{secret('jira', 'env', settings.path.parent, environment)}"
    basic = f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"

    def wire(name: str, url: str, authorization: str) -> Wire:
        return Wire(url, authorization, per_second=settings.per_second, retry_seconds=retries, tell=console.say, name=name)

    return wire(TEMPO, settings.tempo_url, f"Bearer {tempo_token}"), wire(JIRA, settings.jira_url, basic)


def main_of(told: str | None, words: Mapping[str, Callable[[], int]], arguments: Sequence[str] | None) -> int:
    """Run the command of a word; answers its exit code. Errors go to stderr in one sentence. told: for --help."""
    asked = list(sys.argv[1:] if arguments is None else arguments)
    if asked in (["--help"], ["-h"]):
        print(f"{told}\n{EPILOG}")
        return int(Exit.IN_SYNC)
    try:
        if len(asked) != 1 or asked[0] not in words:
            raise Mistaken(f"One of {', '.join(words)} is expected; --help explains them.")
        return words[asked[0]]()
    except (Mistaken, Unusable) as error:
        return say(str(error), Exit.USAGE)
    except Unreadable as error:
        return say(f"{error}.", Exit.UNREADABLE)


def say(sentence: str, code: Exit) -> int:
    """A sentence on stderr; answers the code."""
    print(f"tempo-sync: {sentence}", file=sys.stderr)
    return int(code)
