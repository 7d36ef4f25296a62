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
            "day, looked for until sixty days after the window; for part of a day the day itself, with the time"
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
        name="connect.worklogs",
        option="",
        grade="I",
        what="A token for worklogs that sees those of one person at most, of the thousand changed last, sees nobody else",
        why="No API tells whose worklogs somebody may see.",
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
    Assumption(
        name="worklogs.accountKey",
        option="",
        grade="C",
        what="The account of a worklog is the value of its attribute _Account_",
        why="What clients see on most sites; a site may call the attribute otherwise.",
    ),
    Assumption(
        name="worklogs.aggregated",
        option="",
        grade="I",
        what="A row of Jira that several people's worklogs of Tempo stand behind is nobody's",
        why="Work on internal issues is said to be aggregated in Jira; how is not told.",
    ),
    Assumption(
        name="worklogs.alarm",
        option="",
        grade="I",
        what="Another cause within an outage is shown, and is no new alert",
        why="Not described; an alert for every run is read by nobody.",
    ),
    Assumption(
        name="worklogs.amount",
        option="worklogs.amount",
        grade="I",
        what="Hours are those that were spent, not the billable ones",
        why='The vendor speaks of "billed hours"; work on internal issues is never billable, so time off would be nothing.',
    ),
    Assumption(
        name="worklogs.appAccount",
        option="worklogs.app_account",
        grade="C",
        what="Tempo writes into Jira with one account on all sites, known by its accountId, never by its name",
        why="Integrators of several sites know the same one; its name changes.",
    ),
    Assumption(
        name="worklogs.attribute",
        option="worklogs.attribute",
        grade="I",
        what="Rows of that account are nobody's; with ids that were read before they are who Tempo said",
        why="The vendor's own stand-in books them on a wrong user; reading ids costs requests.",
    ),
    Assumption(
        name="worklogs.deletions",
        option="worklogs.deletions",
        grade="D",
        what="Deletions are read from the audit log where the token may, else found by comparing what is there",
        why="Tempo's pages: changes are told by updatedFrom, deletions are not.",
    ),
    Assumption(
        name="worklogs.expected",
        option="",
        grade="I",
        what="Work is expected of everybody whose first contract has begun, also of those whose last one is over",
        why="Their hours are in the books as well.",
    ),
    Assumption(
        name="worklogs.fallback",
        option="worklogs.fallback",
        grade="D",
        what="Jira stands in when Tempo refuses the token, and when it cannot be reached after all trying again",
        why="The vendor's page says so of a connection that does not work; it tells nobody, this sync does.",
    ),
    Assumption(
        name="worklogs.fallbackAddress",
        option="",
        grade="I",
        what="An address that knows no worklogs, or is not Tempo's, is a mistake unless worklogs were read there before",
        why="The same answers come from a wrong address and from an API that was given up.",
    ),
    Assumption(
        name="worklogs.gone",
        option="",
        grade="I",
        what=(
            "A worklog that is gone without an event of the audit feed is deleted when its author and its issue "
            "show others; not when several days of one author go at once, at an end of what shows or with all of "
            "an issue, until --accept-fewer"
        ),
        why="Tempo answers 200 with fewer rows when a permission or a membership ends.",
    ),
    Assumption(
        name="worklogs.jiraEverything",
        option="",
        grade="I",
        what="All of Jira's worklogs are read anew after a week; what Jira shows no more then counts no more, and is told",
        why="Changes of rights are in no list of changes.",
    ),
    Assumption(
        name="worklogs.neverSeen",
        option="",
        grade="I",
        what="Who is to work and has no visible worklog has no hours, not zero hours, until --accept-fewer",
        why="Tempo answers 200 with fewer rows when a permission is missing.",
    ),
    Assumption(
        name="worklogs.otherApps",
        option="",
        grade="I",
        what="Rows of Jira by any other account of the type app are nobody's, and are told",
        why="An app does no work; the account that Tempo writes with could be another one on a site.",
    ),
    Assumption(
        name="worklogs.outside",
        option="",
        grade="I",
        what="Hours on days without a contract count, and are told",
        why="A balance is what was logged less what is required.",
    ),
    Assumption(
        name="worklogs.overlap",
        option="worklogs.overlap_minutes",
        grade="I",
        what="Changes of the last ten minutes before the last reading are read again",
        why="Whether a change is told at once, and by whose clock, is not known.",
    ),
    Assumption(
        name="worklogs.overlapping",
        option="",
        grade="I",
        what=(
            "Overlapping worklogs count as booked; hours at work, with overlaps once, stand beside. Past midnight belongs to "
            "the day before, and without a start time nothing overlaps"
        ),
        why="Employers ask Tempo for both figures.",
    ),
    Assumption(
        name="worklogs.pageSize",
        option="",
        grade="I",
        what="Where pages of 5000 worklogs are refused, 1000 are asked for, then 50",
        why="What a limit above the largest one does is not described.",
    ),
    Assumption(
        name="worklogs.required",
        option="worklogs.required",
        grade="D",
        what="Contracts say what is required, and holidays take nothing off; schedules do",
        why="The vendor's pages know contracts only.",
    ),
    Assumption(
        name="worklogs.requiredLongAgo",
        option="",
        grade="I",
        what="What schedules required more than two months ago stays as it was first kept",
        why="Tempo tells in which schemes somebody is, and not since when.",
    ),
    Assumption(
        name="worklogs.site",
        option="",
        grade="C",
        what="Worklogs whose issues link to another Jira than those held are of another site, and are not mixed with these, "
        "until --full",
        why="All sites have the same address of Tempo; the links are seen in clients.",
    ),
    Assumption(
        name="worklogs.standInBalance",
        option="",
        grade="I",
        what="While Jira stands in nobody has a balance",
        why="Jira may be late, and hides what its token may not see without a trace.",
    ),
    Assumption(
        name="worklogs.started",
        option="",
        grade="I",
        what=(
            "Work entered in Jira is of the day of its author's own zone, as Jira names it beside the moment; a row of the "
            "app's is of the day as it stands, and where its author is known of the day in Tempo when that is a day off at most"
        ),
        why="Jira tells moments by the clock of who asks; whose clock the app writes by is not told.",
    ),
    Assumption(
        name="worklogs.teams",
        option="",
        grade="I",
        what="Who is in two teams at once counts in both, and who is in none is listed apart",
        why="Tempo lets people be in several.",
    ),
    Assumption(
        name="worklogs.timeOff",
        option="",
        grade="I",
        what="Time off counts once it is logged, whatever was planned",
        why="The vendor's pages know worklogs only; plan and worklog of one day would be twice.",
    ),
    Assumption(
        name="worklogs.unattributed",
        option="",
        grade="I",
        what="While there is work of nobody in a period, nobody has a balance in it",
        why="It may be anybody's.",
    ),
    Assumption(
        name="worklogs.weeks",
        option="",
        grade="D",
        what="Contracts begin with Sunday, weeks in views with Monday",
        why="The vendor's list; ISO weeks.",
    ),
    Assumption(
        name="worklogs.window",
        option="worklogs.window_days",
        grade="I",
        what="Where deletions are not told, the last 35 days are compared in every run and older ones by and by",
        why="What is older is closed as a rule.",
    ),
)
"""By name."""
