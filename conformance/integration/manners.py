"""How any integration is to ask: it waits as long as it is told to, keeps to the rate, and tells nobody its tokens."""

from __future__ import annotations

from pathlib import Path

from conformance.calls import Unmet
from conformance.client import reads
from conformance.integration.program import Ended, Program, need
from conformance.integration.site import Site
from conformance.run import Absent

TEMPO = "/4/"
PER_SECOND = 5
ON_THE_WAY = 1
"""What leaves a fifth of a second apart arrives a little less or more apart."""


def need_waited(site: Site, ended: Ended, seconds: float) -> None:
    """After the first 429 nothing was asked of Tempo for so long, and something afterwards. Raises Unmet."""
    rows = [row for row in site.asked() if row["path"].startswith(TEMPO)]
    refused = [number for number, row in enumerate(rows) if row["status"] == 429]
    need(refused, "a request that is answered 429", ended, site)
    need(len(rows) > refused[0] + 1, "another request after 429", ended, site)
    waited = rows[refused[0] + 1]["seconds"] - rows[refused[0]]["seconds"]
    if waited < seconds:
        raise Unmet(f"{seconds:g} seconds without a request after 429", f"the next one after {waited:.2f} seconds")


def need_rate(site: Site) -> None:
    """No second had more requests to Tempo than may be. Raises Unmet, and Absent where too few were made to tell."""
    rows = [row for row in site.asked() if row["path"].startswith(TEMPO)]
    if len(rows) <= PER_SECOND + ON_THE_WAY:
        raise Absent(f"a run made {len(rows)} requests to Tempo, too few to tell")
    if seen := site.holds({"rate": {"path": "/4", "perSecond": PER_SECOND + ON_THE_WAY}}):
        raise Unmet(
            f"{PER_SECOND} requests to Tempo in any second ({PER_SECOND + ON_THE_WAY} with the jitter of the way)", seen
        )


def need_no_secret(program: Program, site: Site) -> None:
    """No token stands in what the program said and kept. Raises Unmet."""
    texts = [(f"stdout of {ended.command}", ended.out.encode()) for ended in program.ended]
    texts += [(f"stderr of {ended.command}", ended.err.encode()) for ended in program.ended]
    texts += [part for path in program.state.rglob("*") for part in _name_and_content(path, program.state)]
    told = sorted({where for where, text in texts for secret in site.secrets if secret.encode() in text})
    if told:
        raise Unmet("tokens that stand nowhere", f"one stands in {', '.join(told)}")


def need_own_token(site: Site, ended: Ended) -> None:
    """Everything was asked with a token that the site knows, and something was. Raises Unmet."""
    who = {row["who"] for row in site.asked()}
    need(who, "requests to the addresses that were given", ended, site)
    if None in who:
        raise Unmet("requests with the token that was given", "a request without any, or with another one")


def need_only_reads(site: Site, ended: Ended) -> None:
    """Something was asked, and nothing that writes. Raises Unmet."""
    asked = site.asked()
    need(asked, "requests that read", ended, site)
    writes = [f"{row['method']} {row['path']}" for row in asked if not reads(row["method"], row["path"].lstrip("/"))]
    if writes:
        raise Unmet("requests that only read", f"{', '.join(writes)}")


def _name_and_content(path: Path, state: Path) -> list[tuple[str, bytes]]:
    name = path.relative_to(state).as_posix()
    # A secret in a name must not be told by the report either.
    named = [("the name of a file of the state", name.encode())]
    return [*named, ("a file of the state", path.read_bytes())] if path.is_file() else named
