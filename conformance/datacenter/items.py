"""Items of the member list, whichever of the published names a server gives their parts, and its days."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from conformance.calls import Answer, Unmet

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Style(Enum):
    """How a server names the parts of an item; the value is for people."""

    GUIDE = "member and membership (2.0.7 and later)"
    OLD = "memberBean and membershipBean (2.0.6 and earlier)"
    BOTH = "both pairs (recorded in 2017)"
    NONE = "neither pair"


def style_of(item: Mapping[str, Any]) -> Style:
    """The style one item is written in."""
    guide, old = "member" in item, "memberBean" in item
    if guide and old:
        return Style.BOTH
    return Style.GUIDE if guide else Style.OLD if old else Style.NONE


def normal(item: Mapping[str, Any]) -> dict[str, Any]:
    """The item with its parts under `member` and `membership`."""
    plain = dict(item)
    for name, old in (("member", "memberBean"), ("membership", "membershipBean")):
        if name not in plain and old in plain:
            plain[name] = plain.pop(old)
    return plain


def part(item: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A part of a normal item as an object; empty when it is not one."""
    found = item.get(name)
    return found if isinstance(found, dict) else {}


def by_name(items: Iterable[Mapping[str, Any]], name: str) -> list[dict[str, Any]]:
    """The items whose member has a login or group name."""
    return [found for found in map(normal, items) if part(found, "member").get("name") == name]


def the_one(answer: Answer, items: Iterable[Mapping[str, Any]], name: str) -> dict[str, Any]:
    """The single item of a member. Raises Unmet when the answer lists none or several."""
    found = by_name(items, name)
    if len(found) != 1:
        raise Unmet(f"{name} listed once", f"{name} listed {len(found)} times", answer)
    return found[0]


def day(membership: Mapping[str, Any], name: str) -> object:
    """A membership's `dateFrom` or `dateTo` as 2013-01-04, "" for open; the text itself where it is not understood.

    Read from the ANSI twin where there is one: how a site prints its days is its own setting.
    """
    text = membership.get(f"{name}ANSI", membership.get(name))
    if text is None:
        return ""
    found = re.fullmatch(r"(\d\d)/([A-Z][a-z]{2})/(\d\d)", text) if isinstance(text, str) else None
    if found is None or found[2] not in MONTHS:
        return text
    return f"20{found[3]}-{MONTHS.index(found[2]) + 1:02}-{found[1]}"


def typed(when: datetime.date) -> str:
    """A day as the guide sends it: 04/Jan/2013."""
    return f"{when.day:02}/{MONTHS[when.month - 1]}/{when.year}"
