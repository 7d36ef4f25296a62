"""Traps are armed by name, and listed with what they do."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from mock_server.errors import Invalid
from mock_server.faults.fault import Fault
from mock_server.sites import Site
from mock_server.traps.catalogue import TRAPS
from mock_server.traps.trap import Parameter, Trap


def arm_trap(site: Site, rule: Mapping[str, Any]) -> Fault:
    """Arm ``{"trap": name}`` with its parameters beside the name.

    Raises ``Invalid`` for an unknown name or parameter, and for a value that the trap or this world cannot take.
    """
    trap = _named(rule["trap"])
    values = _values(trap, {name: value for name, value in rule.items() if name != "trap"})
    laid = trap.lay(site, values)
    try:
        return site.faults.add(
            lambda number: Fault(
                number,
                dict(rule),
                f"trap {trap.name}",
                laid.matches,
                laid.effect,
                after=values.get("after", 0),
                count=values.get("count"),
                lift=laid.lift,
            )
        )
    except Invalid:
        laid.lift()
        raise


def trap_bean(trap: Trap) -> dict[str, Any]:
    """A trap for people to read, without what it does."""
    parameters = [{"name": one.name, "default": one.default, "what": one.what, "takes": _takes(one)} for one in trap.parameters]
    texts = {name: getattr(trap, name) for name in ("name", "title", "happens", "advice", "source", "grade")}
    return {**texts, "parameters": parameters}


def _named(name: Any) -> Trap:
    known = {trap.name: trap for trap in TRAPS}
    if isinstance(name, str) and name in known:
        return known[name]
    near = get_close_matches(name, list(known), n=1, cutoff=0.5) if isinstance(name, str) else []
    raise Invalid(f"There is no trap {str(name)[:80]}.{f' Did you mean {near[0]}?' if near else ''} See GET /_mock/traps.")


def _values(trap: Trap, given: Mapping[str, Any]) -> dict[str, Any]:
    known = {parameter.name: parameter for parameter in trap.parameters}
    unknown = sorted(set(given) - set(known))
    if unknown:
        takes = f"takes {', '.join(known)}" if known else "takes no parameters"
        raise Invalid(f"The trap {trap.name} {takes}, not {', '.join(unknown)[:80]}.")
    return {name: _checked(known[name], given.get(name, known[name].default)) for name in known}


def _checked(parameter: Parameter, value: Any) -> Any:
    if value is None and parameter.default is None:
        return None
    if isinstance(parameter.default, bool):
        fits = isinstance(value, bool)
    elif parameter.most:
        fits = type(value) is int and parameter.least <= value <= parameter.most
    else:
        fits = isinstance(value, str) and value != "" and (not parameter.choices or value in parameter.choices)
    if not fits:
        raise Invalid(f"{parameter.name} is {_takes(parameter)}, not {str(value)[:80]}.")
    return value


def _takes(parameter: Parameter) -> str:
    if isinstance(parameter.default, bool):
        return "true or false"
    if parameter.most:
        return f"a whole number from {parameter.least} to {parameter.most}"
    return f"one of {', '.join(parameter.choices)}" if parameter.choices else "a text"
