"""Which requests a rule is for."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from mock_server.errors import Invalid
from mock_server.faults.callers import caller, token_of
from mock_server.faults.fault import Matches
from mock_server.faults.members import Rule
from mock_server.faults.shifting import asked_offset
from mock_server.sites import Site
from mock_server.storage import people


def matches_of(site: Site, rule: Rule) -> Matches:
    """What tells a request of the rule, the cheap questions first. Raises ``Invalid`` for an unknown persona."""
    questions: list[Matches] = []
    if rule.method:
        questions.append(lambda environ: environ["REQUEST_METHOD"] in rule.method)
    if rule.path is not None:
        questions.append(_path_is(rule.path))
    if rule.shift is not None:
        questions.append(lambda environ: asked_offset(environ) is not None)
    if rule.query:
        questions.append(_query_is({name: _pattern(text) for name, text in rule.query.items()}))
    if rule.expire_token:
        questions.append(lambda environ: token_of(environ) is not None)
    if rule.persona is not None:
        questions.append(_caller_is(person_named(site, rule.persona)))
    return lambda environ: all(question(environ) for question in questions)


def person_named(site: Site, name: str) -> str:
    """The login name of the person behind a persona of the scenario or a login name. Raises ``Invalid`` when there is none."""
    # Imported where a rule names somebody: start-up time is a feature.
    from mock_server.published import persona

    user = persona(site, name).get("user", name)
    store = site.shown
    with store.reading():
        if people.by_name(store, user) is None:
            raise Invalid(f"There is no persona and no person named {name[:60]}.")
    return user


def _path_is(path: str) -> Matches:
    # A WSGI path holds the bytes of UTF-8, each as a character.
    wanted = path.encode().decode("latin-1")
    if "*" not in wanted:
        return lambda environ: bool(environ["PATH_INFO"].startswith(wanted))
    is_so = _pattern(wanted)
    return lambda environ: is_so(environ["PATH_INFO"])


def _query_is(wanted: dict[str, Callable[[str], bool]]) -> Matches:
    def is_so(environ: dict[str, Any]) -> bool:
        values = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True, max_num_fields=None)
        return all(any(map(fits, values.get(name, ()))) for name, fits in wanted.items())

    return is_so


def _caller_is(name: str) -> Matches:
    def is_so(environ: dict[str, Any]) -> bool:
        person = caller(environ)
        return person is not None and person.name == name

    return is_so


def _pattern(text: str) -> Callable[[str], bool]:
    """Whether a text is this one, in which ``*`` stands for anything, also nothing."""
    first, *parts = text.split("*")
    if not parts:
        return lambda value: value == text
    *between, last = parts

    def fits(value: str) -> bool:
        # By hand: a regular expression with many stars can take for ever.
        if len(value) < len(first) + len(last) or not value.startswith(first) or not value.endswith(last):
            return False
        position, end = len(first), len(value) - len(last)
        for part in between:
            found = value.find(part, position, end)
            if found < 0:
                return False
            position = found + len(part)
        return True

    return fits
