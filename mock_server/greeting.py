"""What the console says when the fake has started: where, who, and three lines to try."""

import tomllib

from mock_server.errors import Unusable
from mock_server.host import CONTEXT
from mock_server.scenario import find
from mock_server.sites import Site
from mock_server.storage import people


def greeting(site: Site, port: int, origin: str, scenario: str) -> str:
    """Several lines for a person. Passwords are named only where they are the published ones of a scenario's target file."""
    base = f"http://localhost:{port}{CONTEXT}"
    lines = [f"Unofficial stand-in for Tempo at {base} ({origin})", ""]
    with site.store.transaction():
        everybody = people.every(site.store)
    published = _published(scenario)
    lines.append("People" + (" (password):" if published else ":"))
    for person in everybody[:12]:
        password, note = published.get(person.name, (None, ""))
        shown = f"  {person.name}" + (f" ({password})" if password else "")
        lines.append(f"{shown:<34}{note or person.display_name}{'' if person.active else ', deactivated'}")
    if len(everybody) > 12:
        lines.append(f"  and {len(everybody) - 12} more")
    who = next(iter(published), None)
    login = f"-u {who}:{published[who][0]}" if who else "-u NAME:PASSWORD"
    lines += [
        "",
        "Try:",
        f"  curl {login} {base}/rest/tempo-teams/1/team",
        f"  curl {login} {base}/rest/tempo-teams/2/team/{'3/member' if scenario == 'guide' else '1'}",
        f"  curl {login} {base}/rest/api/2/myself",
        "",
    ]
    return "\n".join(lines)


def _published(scenario: str) -> dict[str, tuple[str, str]]:
    try:
        target = find(scenario) / "target.toml"
        personas = tomllib.loads(target.read_text(encoding="utf-8")).get("personas", {})
    except (Unusable, OSError, ValueError):
        return {}
    return {p["user"]: (p["password"], p.get("note", "")) for p in personas.values() if "user" in p and "password" in p}
