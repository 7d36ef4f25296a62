"""What the console and the start page say: where everything is, who there is, and lines to try."""

from collections.abc import Mapping

from mock_server.console import plain
from mock_server.host import CONTEXT
from mock_server.own_pages import CONTROL, JOURNAL, OPENAPI, REST_BROWSER
from mock_server.page_sessions import SETTINGS_PAGES
from mock_server.published import persona
from mock_server.sites import Site
from mock_server.storage import people, teams

_MOST_PEOPLE = 16


def greeting(site: Site, port: int, origin: str, passwords: Mapping[str, str], *, has_control: bool) -> str:
    """Several lines for a person.

    ``passwords`` holds, by name, those that a scenario published in clear; nobody else's is known here. ``has_control`` tells
    whether there are control routes.
    """
    root = f"http://localhost:{port}"
    base = f"{root}{CONTEXT}"
    with site.shown.reading():
        everybody = people.every(site.shown)
        permissions = {person.id: people.global_permissions(site.shown, person.id) for person in everybody[:_MOST_PEOPLE]}
        found = teams.named_like(site.shown, "")
    lines = [
        f"Unofficial stand-in for Tempo at {base} (Data Center) and {root}/4 (Cloud)",
        f"World: {origin}",
        f"Open {root}/ in a browser: who there is, addresses, clock and sites",
        "",
        "Name, password, who:",
    ]
    for person in everybody[:_MOST_PEOPLE]:
        notes = [person.display_name]
        if "administer" in permissions[person.id]:
            notes.append("Jira administrator")
        if "tempo-team-administrator" in permissions[person.id]:
            notes.append("Tempo Team Administrator")
        notes += [f"leads team {team.id}" for team in found if team.lead_id == person.id]
        if not person.active:
            notes.append("deactivated")
        password = passwords.get(person.name, "(as it was left)")
        lines.append(plain(f"  {person.name:<16} {password:<16} {', '.join(notes)}"))
    if len(everybody) > _MOST_PEOPLE:
        lines.append(f"  and {len(everybody) - _MOST_PEOPLE} more")
    who = next((p for p in everybody if "tempo-team-administrator" in permissions.get(p.id, ())), None)
    login = f"-u {who.name}:{passwords[who.name]}" if who and who.name in passwords else "-u NAME:PASSWORD"
    team = found[0].id if found else 1
    lines += [
        "",
        "Try:",
        f"  curl {login} {base}/rest/tempo-teams/1/team",
        f"  curl {login} {base}/rest/tempo-teams/2/team/{team}/member",
        f"  curl {login} {base}/rest/api/2/myself",
        f"  {_curl(site, root, 'token', 'viewer')}",
        f"  {_curl(site, root, 'api_token', 'admin')}",
        "",
        f"Read and try every endpoint: {root}{REST_BROWSER}",
        f"The same for programs: {root}{OPENAPI}",
        f"API tokens, OAuth applications and internal issues by clicks: {root}{SETTINGS_PAGES}/",
        *([f"What was asked, and why it was answered so: {root}{JOURNAL}"] if has_control else []),
        "",
    ]
    return "\n".join(lines)


def start_page(site: Site, root: str, *, has_control: bool) -> str:
    """The page at the server's root for whoever is no browser.

    ``root`` is the address it was asked by; ``has_control`` tells whether there are control routes.
    """
    lines = [
        "Unofficial, stateful, offline stand-in for Tempo.",
        "",
        "Data Center",
        f"  Tempo Teams: {root}{CONTEXT}/rest/tempo-teams/2/team",
        f"  Jira:        {root}{CONTEXT}/rest/api/2/serverInfo",
        "Cloud",
        f"  Tempo:       {root}/4/worklogs",
        f"               {_curl(site, root, 'token', 'viewer')}",
        f"  Jira:        {root}/rest/api/3/serverInfo",
        f"               {_curl(site, root, 'api_token', 'admin')}",
        "",
        f"Read and try it all:       {root}{REST_BROWSER}",
        f"OpenAPI document:          {root}{OPENAPI}",
        f"Settings pages:            {root}{SETTINGS_PAGES}/",
    ]
    if has_control:
        lines.append(f"Journal of requests:       {root}{JOURNAL}")
        lines.append(f"Sites, clock, settings:    {root}{CONTROL}/sites  {root}{CONTROL}/clock  {root}{CONTROL}/settings")
    return "\n".join(lines) + "\n"


def _curl(site: Site, root: str, key: str, name: str) -> str:
    """A line to try with a published token of Tempo Cloud (``token``) or of Jira Cloud (``api_token``)."""
    known = persona(site, name)
    if key == "token":
        return f'curl -H "Authorization: Bearer {known.get(key, "TOKEN")}" {root}/4/worklogs'
    login = f"{known['email']}:{known[key]}" if key in known else "EMAIL:API_TOKEN"
    return f"curl -u {login} {root}/rest/api/3/myself"
