"""What the sync takes for granted that no source settles, in one table: the place to correct when the truth is learnt.

Grades as in the server's table: D an official page, C client code, I inference. ``option`` is the key of the configuration
that switches it, table and key, or "" for a choice that nothing switches.
"""

from __future__ import annotations

from typing import NamedTuple


class Assumption(NamedTuple):
    """One guess. what: what the sync does. why: what is known, and what not."""

    name: str
    option: str
    grade: str
    what: str
    why: str


ASSUMPTIONS: tuple[Assumption, ...] = (
    Assumption(
        name="absences.allDay",
        option="absences.full_day",
        grade="D",
        what=(
            'A day is a whole one when so much is planned as the person\'s own schedule requires; "8h" takes flat eight hours'
        ),
        why="The absence product's pages say eight hours; who works 7.2 a day would then never be away for a day.",
    ),
    Assumption(
        name="absences.clockChange",
        option="",
        grade="I",
        what="An hour that the clock leaves out counts as the moment of its jump, one that it shows twice as both",
        why="Plans have a wall clock; nobody should be taken to be back too early.",
    ),
    Assumption(
        name="absences.dayOff",
        option="",
        grade="I",
        what="On a day with no required hours eight planned hours make a whole day",
        why="Nothing is told about plans on days off.",
    ),
    Assumption(
        name="absences.fewer",
        option="",
        grade="I",
        what=(
            "Somebody with rules to come of whom no plan is seen any more keeps them until --accept-fewer; so do "
            "the rules on an issue on which nobody's plan is seen; the same goes for logged work, by itself"
        ),
        why="Tempo answers 200 with fewer rows when a permission is missing.",
    ),
    Assumption(
        name="absences.gaps",
        option="",
        grade="D",
        what="Plans of one issue that overlap or touch become one rule; a gap of a minute does not close",
        why="The pages show overlap and back to back; issues with templates of their own are not mentioned.",
    ),
    Assumption(
        name="absences.guard",
        option="guard.count",
        grade="I",
        what="An update that only lets a rule last longer, or tells another day of return, does not count for the guard",
        why="Nobody loses anything by it, and one day of leave more changes all the days before it.",
    ),
    Assumption(
        name="absences.handEdited",
        option="absences.hand_edited",
        grade="I",
        what=(
            "A rule that somebody edited is kept and told; moved to another time or person it still stands for what was planned"
        ),
        why="Not described; overwriting loses somebody's word.",
    ),
    Assumption(
        name="absences.longLeave",
        option="absences.long_leave",
        grade="D",
        what="Leave of several days is a rule for each day",
        why="The product's pages; one rule for all of it is what many ask for.",
    ),
    Assumption(
        name="absences.midnight",
        option="",
        grade="I",
        what="What lasts past midnight becomes a rule of the next day",
        why="A plan has a start time and a length, and nothing is told of the end of a day.",
    ),
    Assumption(
        name="absences.over",
        option="",
        grade="I",
        what="A rule that is over is neither changed nor deleted, unless what is planned at its time lasts longer now",
        why="It is history; plans of the past are edited for the books.",
    ),
    Assumption(
        name="absences.requested",
        option="absences.requested",
        grade="I",
        what="A plan that waits for approval makes a rule, a rejected one does not",
        why="Approval is not mentioned; whoever is away before the answer needs the rule.",
    ),
    Assumption(
        name="absences.returnDate",
        option="",
        grade="I",
        what=(
            "[return date] is the first day with required hours on which the person is not away for the whole "
            "day, looked for until sixty days after the window; for part of a day the day itself"
        ),
        why="Shown in examples only.",
    ),
    Assumption(
        name="absences.severalADay",
        option="",
        grade="I",
        what="Of several rules of an issue on one day each stands for what is planned at its time, whichever was the first",
        why="Plans of one day have no order of their own; what is over must not become what is to come.",
    ),
    Assumption(
        name="absences.startTimes",
        option="",
        grade="D",
        what="Where planning has no start times part of a day begins at 00:00, and the rule is flagged",
        why="Tempo's help pages.",
    ),
    Assumption(
        name="absences.worklogs",
        option="absences.from_worklogs",
        grade="D",
        what="Logged work makes no rules; where it may, a planned day counts once, and a rule of logged work alone is flagged",
        why="The steps of the pages insist on planning, their introduction mentions logging.",
    ),
    Assumption(
        name="absences.zone",
        option="absences.default_zone",
        grade="I",
        what="Whose time zone Jira hides has the default one, and the rule is flagged",
        why="Jira's privacy rules leave the zone out.",
    ),
    Assumption(
        name="connect.lastDay",
        option="",
        grade="I",
        what="A token that is refused on its last day has expired",
        why="The hour of its end is not known.",
    ),
    Assumption(
        name="connect.nobody",
        option="",
        grade="I",
        what="Who sees plans of one person at most, and no team, sees nobody",
        why="No API tells whose plans somebody may see.",
    ),
    Assumption(
        name="connect.regions",
        option="",
        grade="D",
        what="A token that one host of Tempo refuses is shown to its other hosts, and to no others",
        why="Tempo's page on its regions.",
    ),
    Assumption(
        name="doctor.planning",
        option="",
        grade="I",
        what="Who may browse the project and work on its issues may plan on them",
        why="Tempo names the permissions for logging work only.",
    ),
    Assumption(
        name="sinks.comment",
        option="sinks.jira",
        grade="D",
        what="A message without coverers makes a comment alone; with coverers it stands beside the change",
        why="The product's pages: with a coverer set and the message empty there is no comment.",
    ),
    Assumption(
        name="sinks.once",
        option="",
        grade="I",
        what=(
            "An issue is handed over once for an absence, the rules of somebody for an internal issue between which they are "
            "never back; given back by somebody it stays there, and nothing returns by itself"
        ),
        why="The end of a rule is not described.",
    ),
    Assumption(
        name="sinks.open",
        option="",
        grade="I",
        what="Open is what is not of the status category Done",
        why="The product names statuses that differ from site to site.",
    ),
)
"""By name."""
