"""Documents made from the code: the assumptions, the endpoints, and the JSON Schema of a scenario.

``make docs`` writes them; a test fails when they are stale.
"""

import json
import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType
from typing import Any

from mock_server.assumptions import ASSUMPTIONS
from mock_server.endpoint import Endpoint, Group
from mock_server.groups import every_group
from mock_server.host import CONTEXT
from mock_server.nouns.every import NOUNS
from mock_server.nouns.world_entry import WorldEntry
from mock_server.openapi import braced
from mock_server.settings import choices_of

GRADES = MappingProxyType(
    {
        "A": "the vendor's OpenAPI documents",
        "D": "an official page",
        "O": "a recorded live answer",
        "T": "a client typed from the vendor's documents",
        "C": "client code",
        "I": "inference",
    }
)
_NOTICE = "Made by `make docs`; change the code it is made from.\n"


def scenario_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of scenario files: ``$defs`` holds one schema per file, named by the file, and its entries."""
    # Imported here: only documents need it.
    from apispec import APISpec
    from apispec.ext.marshmallow import MarshmallowPlugin

    entries = {noun.name: noun.entry() for noun in NOUNS.values()}
    spec = APISpec("scenario", "1", "3.1.0", plugins=[MarshmallowPlugin(schema_name_resolver=_schema_name)])
    for schema in entries.values():
        spec.components.schema(_schema_name(schema), schema=schema)
    spec.components.schema(_schema_name(WorldEntry), schema=WorldEntry)
    text = json.dumps(spec.to_dict()["components"]["schemas"]).replace("#/components/schemas/", "#/$defs/")
    definitions: dict[str, Any] = {"scenario.toml": {"$ref": f"#/$defs/{_schema_name(WorldEntry)}"}}
    for noun, schema in entries.items():
        definitions[f"{noun}.json"] = {"type": "array", "items": {"$ref": f"#/$defs/{_schema_name(schema)}"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Files of a tempo-mock scenario",
        "$defs": definitions | json.loads(text),
    }


def _schema_name(schema: Any) -> str:
    return (schema if isinstance(schema, type) else type(schema)).__name__


def served() -> list[tuple[Group, Endpoint]]:
    """Every endpoint that the documents describe, with its group."""
    return [(group, endpoint) for group in every_group() for endpoint in group.endpoints]


def assumptions_page() -> str:
    """Markdown table of every guess and every setting."""
    lines = [
        "# Assumptions and settings",
        "",
        _NOTICE,
        "What no source settles is a guess, and every guess stands here. Those with choices are settings: start with",
        "`tempo-mock serve --set NAME=VALUE`, or put them under `[settings]` in a scenario's `scenario.toml`. The first",
        "choice in bold is the default.",
        "",
        *_grades(),
        "",
        "| name | what | default and choices | grade | why |",
        "|---|---|---|---|---|",
    ]
    for assumption in ASSUMPTIONS:
        others = [choice for choice in choices_of(assumption) if choice != assumption.default]
        shown = ", ".join([f"**{assumption.default}**", *others])
        lines.append(f"| `{assumption.name}` | {assumption.what} | {shown} | {assumption.grade} | {assumption.why} |")
    return "\n".join(lines) + "\n"


def endpoints_page(checked: Iterable[str]) -> str:
    """Markdown tables of every endpoint. ``checked`` holds those the conformance suite checks, as ``METHOD /path/{}``.

    The suite counts the paths of Data Center from the Jira base, those of Cloud from the server's root.
    """
    known = set(checked)
    lines = [
        "# Endpoints",
        "",
        _NOTICE,
        "Paths are counted from the server's root, `http://localhost:8090` by default. *Checked* tells whether the",
        "conformance suite has requirements for the endpoint; *needs* is what the caller must hold: in Tempo Cloud the scope",
        "of the token.",
        "",
        *_grades(),
    ]
    for group in every_group():
        lines += ["", f"## {group.title}", ""]
        if group.note:
            lines += [group.note, ""]
        lines += ["| method | path | what | needs | checked | grade | source |", "|---|---|---|---|---|---|---|"]
        for endpoint in group.endpoints:
            path = group.prefix + braced(endpoint.path)
            mark = "yes" if _anonymous(f"{endpoint.method} {path.removeprefix(CONTEXT)}") in known else "no"
            told = (endpoint.summary, endpoint.scope.value, mark, endpoint.grade, endpoint.source)
            lines.append(f"| {endpoint.method} | `{path}` | {' | '.join(told)} |")
    return "\n".join(lines) + "\n"


def checked_endpoints(requirements: Path) -> set[str]:
    """The endpoints that the requirement files of a folder name, as ``METHOD /path/{}``."""
    found: set[str] = set()
    for file in sorted(requirements.glob("*.toml")):
        for requirement in tomllib.loads(file.read_text(encoding="utf-8")).get("requirement", []):
            found.update(_anonymous(named) for named in requirement.get("endpoints", []))
    return found


def pages(root: Path) -> dict[Path, str]:
    """Every generated document of a checkout with its text."""
    checked = checked_endpoints(root / "conformance" / "requirements")
    return {
        root / "docs" / "assumptions.md": assumptions_page(),
        root / "docs" / "endpoints.md": endpoints_page(checked),
        root / "docs" / "scenario.schema.json": json.dumps(scenario_schema(), indent=2) + "\n",
    }


def main(root: Path) -> None:
    """Write every generated document of a checkout."""
    for path, text in pages(root).items():
        path.write_text(text, encoding="utf-8")
        print(path)


def _grades() -> list[str]:
    return ["Grades: " + ", ".join(f"{grade} {meaning}" for grade, meaning in GRADES.items()) + "."]


def _anonymous(named: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", named.partition("?")[0])


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
