"""Which requests a rule is for."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from mock_server.errors import Invalid
from mock_server.faults.callers import caller, token_of
from mock_server.faults.fault import Matches
from mock_server.faults.members import Rule
from mock_server.faults.shifting import asked_offset
from mock_server.patterns import fits, path_fits
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
        questions.append(_query_is(rule.query))
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
    return lambda environ: path_fits(wanted, environ["PATH_INFO"])


def _query_is(wanted: Mapping[str, str]) -> Matches:
    def is_so(environ: dict[str, Any]) -> bool:
        values = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True, max_num_fields=None)
        return all(any(fits(text, value) for value in values.get(name, ())) for name, text in wanted.items())

    return is_so


def _caller_is(name: str) -> Matches:
    def is_so(environ: dict[str, Any]) -> bool:
        person = caller(environ)
        return person is not None and person.name == name

    return is_so
