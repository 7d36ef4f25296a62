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
    Assumption("absences.allDay", "absences.full_day", "D",
               "A day is a whole one when so much is planned as the person's own schedule requires; \"8h\" takes flat eight hours",
               "The absence product's pages say eight hours; who works 7.2 a day would then never be away for a day."),
    Assumption("absences.dayOff", "", "I", "On a day with no required hours eight planned hours make a whole day",
               "Nothing is told about plans on days off."),
    Assumption("absences.fewer", "", "I",
               "Somebody with rules to come of whom no plan is seen any more keeps them until --accept-fewer; so do the rules on an "
               "issue on which nobody's plan is seen", "Tempo answers 200 with fewer rows when a permission is missing."),
    Assumption("absences.gaps", "", "D", "Plans of one issue that overlap or touch become one rule; a gap of a minute does not close",
               "The pages show overlap and back to back; issues with templates of their own are not mentioned."),
    Assumption("absences.handEdited", "absences.hand_edited", "I", "A rule that somebody edited is kept and told",
               "Not described; overwriting loses somebody's word."),
    Assumption("absences.longLeave", "absences.long_leave", "D", "Leave of several days is a rule for each day",
               "The product's pages; one rule for all of it is what many ask for."),
    Assumption("absences.midnight", "", "I", "What lasts past midnight becomes a rule of the next day",
               "A plan has a start time and a length, and nothing is told of the end of a day."),
    Assumption("absences.over", "", "I", "A rule that is over is neither changed nor deleted",
               "It is history; plans of the past are edited for the books."),
    Assumption("absences.requested", "absences.requested", "I", "A plan that waits for approval makes a rule, a rejected one does not",
               "Approval is not mentioned; whoever is away before the answer needs the rule."),
    Assumption("absences.returnDate", "", "I",
               "[return date] is the first day with required hours on which the person is not away for the whole day; for part of a "
               "day the day itself", "Shown in examples only."),
    Assumption("absences.startTimes", "", "D",
               "Where planning has no start times part of a day begins at 00:00, and the rule is flagged", "Tempo's help pages."),
    Assumption("absences.worklogs", "absences.from_worklogs", "D", "Logged work makes no rules; where it may, a planned day counts once",
               "The steps of the pages insist on planning, their introduction mentions logging."),
    Assumption("absences.zone", "absences.default_zone", "I", "Whose time zone Jira hides has the default one, and the rule is flagged",
               "Jira's privacy rules leave the zone out."),
    Assumption("connect.lastDay", "", "I", "A token that is refused on its last day has expired", "The hour of its end is not known."),
    Assumption("connect.nobody", "", "I", "Who sees plans of one person at most, and no team, sees nobody",
               "No API tells whose plans somebody may see."),
    Assumption("connect.regions", "", "D", "A token that one host of Tempo refuses is shown to its other hosts, and to no others",
               "Tempo's page on its regions."),
    Assumption("doctor.planning", "", "I", "Who may browse the project and work on its issues may plan on them",
               "Tempo names the permissions for logging work only."),
    Assumption("sinks.comment", "sinks.jira", "D", "A message without coverers makes a comment alone; with coverers it stands beside the change",
               "The product's pages: with a coverer set and the message empty there is no comment."),
    Assumption("sinks.once", "", "I", "An issue is handed over once for a rule; given back by somebody it stays there, and nothing returns by itself",
               "The end of a rule is not described."),
    Assumption("sinks.open", "", "I", "Open is what is not of the status category Done", "The product names statuses that differ from site to site."),
)  # fmt: skip
"""By name."""
