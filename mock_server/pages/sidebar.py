"""What stands beside every page: the settings somebody may open, in the sections that guides name."""

from collections.abc import Sequence
from typing import NamedTuple

from mock_server.access import Actor
from mock_server.pages.page import Right, for_all_administrators, for_team_administrators, for_tempo_administrators


class Entry(NamedTuple):
    """A page to open. ``right`` is what it asks for; None is nothing but to be signed in."""

    title: str
    path: str
    right: Right | None = None


class Section(NamedTuple):
    """Entries under one heading."""

    title: str
    entries: Sequence[Entry]


_API_INTEGRATION = Entry("API Integration", "/api-integration")

SECTIONS = (
    # Guides name two ways to the same page.
    Section("Settings", (_API_INTEGRATION,)),
    Section(
        "Data Access",
        (
            _API_INTEGRATION,
            Entry("OAuth 2.0 Applications", "/oauth-applications", for_all_administrators),
            Entry("Permission Roles", "/permission-roles", for_team_administrators),
            Entry("Audit Log", "/audit-log", for_tempo_administrators),
        ),
    ),
    Section(
        "Configuration",
        (
            Entry("Internal Issues", "/internal-issues", for_tempo_administrators),
            Entry("Planning Time", "/planning-time", for_tempo_administrators),
        ),
    ),
    Section("Teams", (Entry("Teams", "/teams"),)),
    Section("Apps", (Entry("Apps", "/apps", for_tempo_administrators), Entry("My Apps", "/my-apps"))),
    Section("Staff", (Entry("Manage Staff", "/staff", for_tempo_administrators),)),
)


def sections_for(actor: Actor) -> list[Section]:
    """The sections with the entries this person may open, without empty ones."""
    found = (Section(s.title, [e for e in s.entries if not (e.right and e.right(actor))]) for s in SECTIONS)
    return [section for section in found if section.entries]
