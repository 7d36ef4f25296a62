"""The page at the root of the server and of every site, for people who have just arrived: one HTML document.

What is there to read is in the document; its script only copies, changes the world by the control routes, and shows what these
answer. Nothing is fetched from elsewhere, which the policy sent with it makes sure of.
"""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import NamedTuple

from mock_server import __version__, home_people
from mock_server.home_parts import button, copied, table
from mock_server.host import CONTEXT
from mock_server.moments import moment_text
from mock_server.page_sessions import PROVIDER_PAGES, SETTINGS_PAGES
from mock_server.published import Persona, everybody
from mock_server.scenario import BUNDLED
from mock_server.sites import DEFAULT, Site
from mock_server.static_files import policy, static

MOST_SITES = 50
"""Sites that the page lists; a parallel test run may have made thousands."""


class Home(NamedTuple):
    """What the page tells of. ``origin`` and ``path`` are where the site was asked, ``rest_browser`` and ``control`` below.

    ``control`` is empty without control routes, and for a visitor whom they do not answer (``is_closed``). ``file`` is where
    the world is kept, empty when that is memory. ``sites`` are those of the server.
    """

    site: Site
    origin: str
    path: str
    rest_browser: str
    control: str = ""
    is_closed: bool = False
    file: str = ""
    sites: Sequence[Site] = ()

    @property
    def server(self) -> str:
        """The path of the server's root."""
        return self.path.removesuffix(self.site.prefix)


def home_page(home: Home) -> tuple[str, str]:
    """The document, and the Content-Security-Policy to send it with."""
    style, script = static("home.css"), static("home.js")
    personas = everybody(home.site)
    live = _live(home) if home.control else _without_control(home.is_closed)
    page = Template(static("home.html")).substitute(
        title=escape(_title(home.site)),
        style=style,
        script=script,
        server=escape(home.server),
        control=escape(home.path + home.control if home.control else ""),
        facts=_facts(home),
        clients=_clients(home.origin + home.path, personas),
        people=home_people.people_part(home.site, personas),
        live=live,
        jumps="" if not home.control else _JUMPS,
        links=_links(home),
    )
    return page, policy(style, script)


_JUMPS = """<li><a href="#clock">Clock</a></li>
<li><a href="#sites">Sites</a></li>
<li data-part="journal" hidden><a href="#journal">Journal</a></li>
<li data-part="faults" hidden><a href="#faults">Faults</a></li>"""


def _title(site: Site) -> str:
    return "tempo-mock" if site.name == DEFAULT else f"{site.name} · tempo-mock"


def _scenario(reference: str) -> str:
    """The name of a bundled scenario, or of the folder of one's own; where that is concerns nobody who only visits."""
    return reference if reference in BUNDLED else Path(reference).name


def _facts(home: Home) -> str:
    facts = (
        ("Version", __version__),
        ("Scenario", _scenario(home.site.reference)),
        ("Site", home.site.name),
        ("Data", f"kept in {home.file}" if home.file else "in memory, gone when the server stops"),
    )
    return "\n".join(f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in facts)


def _clients(root: str, personas: Sequence[Persona]) -> str:
    # The account that an integration runs as has the token that a stranger should try; anybody's will do.
    first = sorted(personas, key=lambda persona: persona.name != "viewer")
    token = next((p.token.text for p in first if p.token and not p.token.expired_at), "TOKEN")
    api_login = next((f"{p.logins['email']}:{p.logins['api_token']}" for p in personas if "api_token" in p.logins), "")
    login = next((f"{p.person.name}:{p.logins['password']}" for p in personas if "password" in p.logins), "NAME:PASSWORD")
    host = root + CONTEXT
    cloud_user, host_user = f'-u "{api_login or "EMAIL:API_TOKEN"}"', f'-u "{login}"'
    host_way = "login and password, or a personal access token"
    clients = (
        ("Tempo Cloud", f"{root}/4", "a token of Tempo", f'-H "Authorization: Bearer {token}" "{root}/4/worklogs?limit=3"'),
        ("Jira Cloud", root, "e-mail address and API token", f'{cloud_user} "{root}/rest/api/3/myself"'),
        ("Tempo Data Center", host, host_way, f'{host_user} "{host}/rest/tempo-teams/2/team"'),
        ("Jira Data Center", host, host_way, f'{host_user} "{host}/rest/api/2/myself"'),
    )
    return "\n".join(_client(*values) for values in clients)


def _client(name: str, base: str, login: str, arguments: str) -> str:
    return f"""<li>
<h3>{name}</h3>
<p class="label">Base URL, {login}</p>
<p>{copied(base, f"the base URL of {name}")}</p>
<p class="label">Try</p>
<p>{copied(f"curl {arguments}", f"the curl line for {name}")}</p>
</li>"""


def _without_control(is_closed: bool) -> str:
    way = "are left out: the server was started with <code>--no-control</code>. Start it without that option to have them."
    if is_closed:
        way = "answer only the machine that the server runs on. Start it with <code>--open-control</code> to let others in."
    heading = '<h2 id="live-heading">Clock, sites, journal and faults</h2>'
    return f'<section aria-labelledby="live-heading">\n{heading}\n<p>They {way}</p>\n</section>'


def _live(home: Home) -> str:
    return Template(static("live.html")).substitute(
        clock=_clock(home),
        sites=_sites(home),
        reset=_reset(home.site),
        confirmed="?confirm=true" if home.site.is_kept else "",
        control=escape(home.path + home.control),
        address=escape(home.origin + home.path + home.control),
    )


def _clock(home: Home) -> str:
    clock = home.site.clock
    now = moment_text(clock.now())
    state = "It runs and follows the system." if clock.follows_system else "It runs on from where it was set."
    if clock.frozen:
        state = "It stands still."
    buttons = (
        button("advance-hour", "+1 hour", "PUT", "clock", {"advance": 3600}),
        button("advance-day", "+1 day", "PUT", "clock", {"advance": 86400}),
        button("freeze", "Let it run" if clock.frozen else "Freeze", "PUT", "clock", {"frozen": not clock.frozen}),
        button("follow", "Follow the system", "PUT", "clock", {"now": None}, is_disabled=clock.follows_system),
    )
    shown = f"{now[:10]} {now[11:19]} UTC"
    runs = "" if clock.frozen else " data-runs"
    return f"""<p class="now"><time id="now" datetime="{now}"{runs}>{shown}</time></p>
<p>{state} Tokens expire by it, and &ldquo;today&rdquo; is its day.</p>
<p class="buttons">{" ".join(buttons)}</p>"""


def _sites(home: Home) -> str:
    default, *others = home.sites
    shown = [default, *others[1 - MOST_SITES :]]
    if home.site not in shown:
        shown.insert(1, home.site)
    rows = [_site(home, site) for site in shown]
    left = len(home.sites) - len(shown)
    more = (
        f'<p>And {left} older ones, in <a href="{escape(home.path + home.control)}/sites">the list</a>.</p>' if left > 0 else ""
    )
    return table(("Site", "Scenario", "Data", ""), rows, "Sites of this server") + more


def _site(home: Home, site: Site) -> tuple[str, ...]:
    name, here = escape(site.name), ' aria-current="page"' if site is home.site else ""
    link = f'<a href="{escape(home.server + site.prefix)}/"{here}>{name}</a>' + (" (this one)" if here else "")
    data = "in a file" if site.is_kept else "changed" if site.is_written else "as it began"
    if site.name == DEFAULT:
        return link, escape(_scenario(site.reference)), data, ""
    delete = button(
        f"delete-{site.name}", "Delete", "DELETE", f"sites/{site.name}", label=f"Delete the site {site.name}",
        ask=f"Delete the site {site.name} and all its data?", then="leave" if here else "",
    )  # fmt: skip
    return link, escape(_scenario(site.reference)), data, delete


def _reset(site: Site) -> str:
    lost = "What is in its database file is lost." if site.is_kept else "Everything that was changed in it is lost."
    ask = f"Begin the site {site.name} anew? {lost}"
    body = {"confirm": True} if site.is_kept else {}
    return button("reset", "Reset this world", "POST", "reset", body, ask=ask)


def _links(home: Home) -> str:
    browser = home.rest_browser
    links = [
        (
            f"{SETTINGS_PAGES}/",
            "Settings pages",
            "what guides tell to click: API tokens, OAuth applications, internal issues",
        ),
        (browser, "REST browser", "every endpoint, to read and to try"),
        (f"{browser}/openapi.json", "OpenAPI document", "the same for programs"),
    ]
    if home.control:
        links += [
            (
                f"{PROVIDER_PAGES}/",
                "Providers",
                "what administrators of GitHub, calendars and the like do there for Tempo's apps",
            ),
            (f"{home.control}/journal", "Journal", "every request to the APIs, what was answered and why"),
            (
                f"{home.control}/settings",
                "Settings",
                "every guess about the real Tempo, how well it is known, and how to switch it",
            ),
            (f"{home.control}/audit", "Changes", "what was changed in this world, by whom and by which call"),
            (f"{home.control}/export", "Export", "this world as a scenario folder, in a zip"),
        ]
    return "\n".join(f'<li><a href="{escape(home.path + path)}">{name}</a>: {what}</li>' for path, name, what in links)
