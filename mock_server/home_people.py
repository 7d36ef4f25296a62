"""Who there is in a world, on its home page: the personas with what they log in with, or names alone."""

from collections.abc import Sequence
from html import escape

from mock_server.home_parts import copied, table
from mock_server.published import Persona, TempoToken
from mock_server.sites import Site
from mock_server.storage import people

_MOST_PEOPLE = 16
_MOST_SCOPES = 6
_LOGINS = (
    ("password", "Password", "the password of"),
    ("pat", "Personal access token", "the personal access token of"),
    ("email", "E-mail", "the e-mail address of"),
    ("api_token", "API token", "the API token of"),
)


def people_part(site: Site, personas: Sequence[Persona]) -> str:
    """The personas; without any, some of the people, whose credentials are not known here."""
    if personas:
        rows = [(_who(persona), _may(persona.token), _logins(persona, _before(persona, personas))) for persona in personas]
        return (
            "<p>Demo data that comes with the scenario, published and no secrets. Shown is what works in this world now.</p>\n"
            + table(("Persona", "The Tempo token may", "Logs in with"), rows, "Personas and their credentials")
        )
    with site.shown.reading():
        found = people.search(site.shown, "", (1,), 0, _MOST_PEOPLE + 1)
    names = [
        (escape(person.display_name), copied(person.name, f"the login of {person.name}"),
         copied(person.account_id, f"the account id of {person.name}"))
        for person in found[:_MOST_PEOPLE]
    ]  # fmt: skip
    said = "<p>No demo credentials work in this world: log in with those of its own scenario.</p>\n"
    more = "<p>And more people.</p>" if len(found) > _MOST_PEOPLE else ""
    return said + (
        table(("Name", "Login", "Account id"), names, "People of this world") + more if names else "<p>Nobody is in it.</p>"
    )


def _before(persona: Persona, personas: Sequence[Persona]) -> Persona | None:
    """The first persona of the same person, whose logins need not be told again."""
    first = next(other for other in personas if other.person == persona.person)
    return None if first is persona else first


def _who(persona: Persona) -> str:
    return f"{escape(persona.name)}<br>{escape(persona.person.display_name)}<br><small>{escape(persona.note)}</small>"


def _may(token: TempoToken | None) -> str:
    if token is None:
        return "(none)"
    if token.expired_at:
        return "nothing any more: it has expired"
    if not token.scopes:
        return "all that its owner may (Full access)"
    shown = " ".join(f"<code>{escape(scope)}</code>" for scope in token.scopes[:_MOST_SCOPES])
    more = len(token.scopes) - _MOST_SCOPES
    return shown + (f" and {more} more" if more > 0 else "")


def _logins(persona: Persona, before: Persona | None) -> str:
    name = persona.name
    lines = [("Login", copied(persona.person.name, f"the login of {name}"))]
    if persona.token:
        ended = persona.token.expired_at
        mark = f' <strong class="expired">expired {escape(ended[:10])}</strong>' if ended else ""
        lines.append(("Tempo token", copied(persona.token.text, f"the Tempo token of {name}") + mark))
    told = before.logins.items() if before else ()
    lines += [
        (head, copied(persona.logins[key], f"{what} {name}"))
        for key, head, what in _LOGINS
        if key in persona.logins and (key, persona.logins[key]) not in told
    ]
    if not before:
        lines.append(("Account id", copied(persona.person.account_id, f"the account id of {name}")))
    listed = "".join(f"<div><dt>{head}</dt><dd>{shown}</dd></div>" for head, shown in lines)
    rest = f'<p class="hint">Everything else as {escape(before.name)}.</p>' if before else ""
    return f'<dl class="logins">{listed}</dl>{rest}'
