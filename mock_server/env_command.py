"""``tempo-mock env``: what a client needs of a persona, as variables of a shell."""

import argparse
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

from mock_server.errors import Unusable
from mock_server.server_address import DEFAULT_URL, server_root

_ABOUT = """Print where a persona of a scenario finds the fake, and its credentials, as commands for a shell:

  eval "$(tempo-mock env viewer)"
  curl -H "Authorization: Bearer $TEMPO_TOKEN" "$TEMPO_URL/4/worklogs"
  curl -u "$JIRA_USER:$JIRA_TOKEN" "$JIRA_URL/rest/api/3/myself"

TEMPO_URL stands before /4/..., JIRA_URL before /rest/api/3/...; neither ends in a slash. JIRA_USER and
JIRA_TOKEN, e-mail address and API token, are unset for a persona without API token. The personas stand in
the target file of the scenario; those of guide are admin, lead, member, outsider, viewer, absences, expired
and no_scopes. The login name of anybody whose token stands in api_tokens.json beside it does, too: david,
laura, nadia, rita, john and others. No server is asked.

After an error the commands unset the variables and fail: so eval fails, `set -e` ends the script, and nobody
goes on as the persona before."""

VARIABLES = ("TEMPO_URL", "TEMPO_TOKEN", "JIRA_URL", "JIRA_USER", "JIRA_TOKEN")


def add_to(commands: Any, exit_codes: str) -> None:
    """Make the command known to the parser's ``commands``; ``exit_codes`` end its help."""
    env = commands.add_parser(
        "env",
        help="print a persona's addresses and tokens as shell variables",
        description=_ABOUT,
        epilog=exit_codes,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    env.add_argument("persona", metavar="PERSONA", help="such as viewer")
    env.add_argument("--url", default=DEFAULT_URL, help=f"the server, or a site of it (default {DEFAULT_URL})")
    where = env.add_mutually_exclusive_group()
    where.add_argument("--target", type=Path, metavar="FILE", help="the target file that has the persona")
    where.add_argument(
        "--scenario", default="guide", metavar="NAME", help="the scenario whose target.toml is meant (default guide)"
    )
    form = env.add_mutually_exclusive_group()
    form.add_argument("--shell", choices=tuple(_SHELLS), default="sh", help="for sh, bash, zsh (default); fish; powershell")
    form.add_argument("--json", action="store_true", help="print a JSON object instead, without what there is not")
    env.set_defaults(run=_env)


def fail(words: Sequence[str]) -> None:
    """Print what makes the shell fail that evaluates the output, when the command was this one and has failed.

    ``words`` are the arguments of ``tempo-mock``; they may be what no parser takes.
    """
    if words[:1] != ["env"] or "--json" in words:
        return
    named = [
        word.removeprefix("--shell=") for before, word in pairwise(words) if before == "--shell" or word.startswith("--shell=")
    ]
    shell = named[-1] if named and named[-1] in _SHELLS else "sh"
    _, unset_one = _SHELLS[shell]
    for name in VARIABLES:
        print(unset_one(name))
    print("throw 'tempo-mock env has failed'" if shell == "powershell" else "false")


def _env(options: argparse.Namespace) -> int:
    file = options.target
    if file is None:
        from mock_server.scenario import find

        file = find(options.scenario) / "target.toml"
    values = variables(file, options.persona, server_root(options.url))
    if options.json:
        import json

        print(json.dumps(values, indent=2))
        return 0
    set_one, unset_one = _SHELLS[options.shell]
    for name in VARIABLES:
        print(set_one(name, values[name]) if name in values else unset_one(name))
    return 0


def variables(file: Path, name: str, root: str) -> dict[str, str]:
    """The variables of a persona of a target file, for a server or site at ``root``. Raises ``Unusable``."""
    target = _read(file)
    faces, persona = _table(target, "faces", file), _persona_of(file, target, name)
    for face in ("cloud", "jira_cloud"):
        if face not in faces:
            _damaged(f"{file} names no face {face} under [faces], so there is no address to print.")
    values = {
        "TEMPO_URL": root + _entry(faces, "cloud", file).rstrip("/"),
        "TEMPO_TOKEN": _entry(persona, "token", file),
        "JIRA_URL": root + _entry(faces, "jira_cloud", file).rstrip("/"),
    }
    if not values["TEMPO_TOKEN"]:
        _damaged(f"The persona {name} in {file} has no token; make one with `tempo-mock token create`.")
    if _entry(persona, "api_token", file):
        values |= {"JIRA_USER": _entry(persona, "email", file), "JIRA_TOKEN": _entry(persona, "api_token", file)}
    return values


def persona(file: Path, name: str) -> dict[str, Any]:
    """All that a target file says of a persona, or the files beside it of a person of the scenario.

    Raises ``Unusable``, for an unknown one with those that there are.
    """
    return _persona_of(file, _read(file), name)


def _persona_of(file: Path, target: Mapping[str, Any], name: str) -> dict[str, Any]:
    personas = _table(target, "personas", file)
    if name in personas:
        return _table(personas, name, file)
    from mock_server import demo_people

    found = demo_people.of(file.parent)
    if name not in found:
        known = ", ".join([*personas, *(other for other in found if other not in personas)])
        raise Unusable(f"There is no persona {name} in {file}; choose {known or 'another file'}.", 2)
    return dict(found[name])


def _read(file: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        _damaged(f"The target file {file} cannot be read: {error.strerror}; name another with --target or --scenario.")
    except (ValueError, RecursionError) as error:
        _damaged(f"The target file {file} is not TOML: {error}.")


def _table(parent: Mapping[str, Any], name: str, file: Path) -> dict[str, Any]:
    found = parent.get(name, {})
    if not isinstance(found, dict):
        _damaged(f"{name} in {file} is not a table.")
    return found


def _entry(table: Mapping[str, Any], name: str, file: Path) -> str:
    found = table.get(name, "")
    # What no address and no token has would only be dangerous in a shell.
    if not isinstance(found, str) or not found.isprintable():
        _damaged(f"{name} in {file} is not a text of one line.")
    return found


def _damaged(sentence: str) -> NoReturn:
    from mock_server.scenario_references import EXIT_SCENARIO

    raise Unusable(sentence, EXIT_SCENARIO)


def _powershell_text(value: str) -> str:
    # To PowerShell a typographic quotation mark is as good as a straight one.
    return "'" + re.sub("(['\u2018\u2019\u201a\u201b])", r"\1\1", value) + "'"


def _fish_text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


_SHELLS: Mapping[str, tuple[Callable[[str, str], str], Callable[[str], str]]] = MappingProxyType(
    {
        "sh": (lambda name, value: f"export {name}={shlex.quote(value)}", lambda name: f"unset {name}"),
        "fish": (lambda name, value: f"set -gx {name} {_fish_text(value)}", lambda name: f"set -e {name}"),
        "powershell": (
            lambda name, value: f"$env:{name} = {_powershell_text(value)}",
            lambda name: f"Remove-Item Env:{name} -ErrorAction SilentlyContinue",
        ),
    }
)
