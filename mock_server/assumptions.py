"""Every guess about Tempo, in one table: the place to correct when the truth is learnt.

Grades: A the vendor's OpenAPI documents, D an official page, O a recorded live answer, T a client typed from the
vendor's documents, C client code, I inference. An entry with ``choices`` is a setting (``--set NAME=VALUE``); one without
states a choice that nothing switches.
"""

from typing import NamedTuple


class Assumption(NamedTuple):
    """One guess. ``default`` is what the fake does; ``choices`` are the values a setting may take (empty: fixed)."""

    name: str
    default: str
    choices: tuple[str, ...]
    grade: str
    what: str
    why: str


ON_OFF = ("on", "off")

ASSUMPTIONS: tuple[Assumption, ...] = (
    Assumption("auth.badBearer", "anonymous", ("anonymous", "401"), "O",
               "A personal access token that is unknown or expired",
               "Seen in 2026: the call runs as anonymous, so open resources still answer 200."),
    Assumption("auth.xsrf", "on", ON_OFF, "I",
               "A write whose Origin header names another site, without X-Atlassian-Token: no-check, is answered 403",
               "Known Jira behaviour; the exact condition is not published."),
    Assumption("groupUsers.ids", "1000000 + n", (), "I",
               "Somebody who is in a team only through a group is listed with an id from a range of its own",
               "The type GROUP_USER is published, its id is not; the range keeps member ids for members."),
    Assumption("groupUsers.membership", "absent", (), "I",
               "GROUP_USER items carry no membership, showDeactivate is false, and both group name lists name the groups",
               "Nothing published shows such an item."),
    Assumption("groupUsers.once", "as USER", (), "I",
               "Somebody who is in a team directly and through a group is listed once, as USER",
               "Unknown; listing twice would count people twice."),
    Assumption("jira.datePicker", "dd/MMM/yy", ("dd/MMM/yy", "yyyy-MM-dd", "dd.MM.yyyy", "dd/MM/yyyy"), "I",
               "The form of dateFrom and dateTo in answers, as the site's date picker format sets it",
               "The guide prints Jira's default form; other forms were seen at other sites."),
    Assumption("jira.timeZone", "UTC", (), "I",
               "The zone in which a day begins and ends; settable to any IANA zone name",
               "The guide prints a day and no rule."),
    Assumption("jira.version", "9.12.0", (), "I",
               "The Jira version that serverInfo names",
               "A release with long-term support to which all served endpoints belong."),
    Assumption("links.duplicate", "400", (), "I",
               "Linking a team a second time to the same project or board is refused", "No source."),
    Assumption("links.write", "Team Administrators", (), "I",
               "Links, programs and their changes need Tempo Team Administrators",
               "Help pages say it of programs; links follow."),
    Assumption("media.other", "415", (), "I",
               "A body declared to be something else than JSON", "Known Jira behaviour; no recorded answer."),
    Assumption("members.byNameFirst", "name", (), "I",
               "Adding a member, a name wins over a key that says otherwise", "Clients send either, never both."),
    Assumption("members.deactivateAnswer", "membership", ("membership", "item"), "D",
               "The answer of deactivate: the membership alone, or the whole member",
               "The guide prints the membership; the vendor's OpenAPI declares the item."),
    Assumption("members.deactivateFuture", "closes on its first day", (), "I",
               "Deactivating a membership that starts later ends it on the day it starts",
               "An end before the start is not a period; no source covers the case."),
    Assumption("members.deactivateGroup", "400", (), "I",
               "Deactivating a group, or somebody who is in the team only through a group, is refused",
               "Groups have no membership to close."),
    Assumption("members.duplicate", "400", (), "C",
               "Adding somebody who is a member already is refused with an error on the field member",
               "A migration tool takes 400 as 'already there'."),
    Assumption("members.inactivePerson", "allowed", (), "I",
               "A deactivated Jira user may be added to a team; activeInJira is then false",
               "No source; scripts re-create old teams."),
    Assumption("members.pastOnLastDay", "on", ON_OFF, "I",
               "A membership is past on the day it ends, as deactivate shows it, and not only the day after",
               "The guide shows status past straight after deactivate."),
    Assumption("members.shownMembership", "current, else next, else last", (), "I",
               "Which period the member list shows for somebody with several",
               "The list has room for one; the choice follows what a reader asks first."),
    Assumption("members.ofTeams", "left out", (), "I",
               "Asking for the members of several teams, unknown teams and those one may not browse are left out; "
               "a thousand ids at most",
               "The vendor's OpenAPI declares no refusal."),
    Assumption("members.schemes", "1", (), "I",
               "The people of a team with their periods: without group users, holiday and workload scheme 1",
               "Recorded answers show the fields and no such people; schemes are not served yet."),
    Assumption("memberships.lastRemoved", "member leaves", (), "C",
               "Removing the only period of a member takes the member out of the team",
               "A library's 'remove member' is this call."),
    Assumption("memberships.readOthers", "teams one may browse", (), "I",
               "The periods of a person are those in teams that the caller may browse, and one's own",
               "No source; follows Browse Team."),
    Assumption("links.readByScope", "browsable teams", (), "I",
               "The links to a project or board are those of teams that the caller may browse",
               "The path itself is suggested by the guide's {scopeType} only."),
    Assumption("permissionGroups.read", "Team Administrators, lead, Manage Team", (), "I",
               "Who may read the permission groups of a team", "A help page names the path and not who may call it."),
    Assumption("permissionGroups.keys", "plan and worklog view, manage, approve; team manage", (), "I",
               "The permission keys of a permission group", "Two were seen in storage; the others follow their make."),
    Assumption("programs.read", "logged in", (), "I",
               "Who may list the programs", "Help pages speak of configuring only."),
    Assumption("roles.writes", "on", ON_OFF, "I",
               "GET, PUT and DELETE of one role; off answers 405", "Plausible beside list and create, never seen."),
    Assumption("roles.remove", "400", (), "I",
               "The default role and roles in use cannot be removed", "No source."),
    Assumption("roles.nameUnique", "400", (), "I",
               "A second role with the same name, in any case, is refused", "No source."),
    Assumption("teamPermissions.order", "reverse of the request", (), "D",
               "The order of users in a team permission", "As the guide prints it; clients must not rely on it."),
    Assumption("teamPermissions.unknownKey", "404", (), "I",
               "A team permission with an unknown key is not found", "The key stands in the path."),
    Assumption("teams.leadManages", "on", ON_OFF, "D",
               "The lead may change the team itself (not its members or permissions)",
               "Help pages: the lead has the team's permissions without being listed."),
    Assumption("teams.membersBrowse", "off", ON_OFF, "I",
               "Mere members hold Browse Team",
               "The guide speaks of a granted permission; the default Member group of later versions grants nothing."),
    Assumption("teams.nameLength", "255", (), "I", "A team name has at most this many characters", "Jira's usual column."),
    Assumption("teams.order", "name, then id", (), "I",
               "Team lists are ordered by name in code point order; names need not be unique",
               "The guide's list fits it; two teams of one name stand in the guide."),
    Assumption("teams.programName", "off", ON_OFF, "O",
               "A team in version 2 carries its program's name as program, without expand",
               "Seen in answers of 2019 and 2020; the vendor's OpenAPI has teamProgram with expand only."),
    Assumption("teams.readOnlyFields", "ignored", ("ignored", "stored"), "T",
               "mission and isPublic in a write", "Read-only in the vendor's OpenAPI; typed clients send them."),
    Assumption("teams.unbrowsable", "403", ("403", "404"), "I",
               "A team by id that the caller may not browse", "The guide words it as a permission."),
    Assumption("teams.version", "current", ("2.0.6", "2.0.7", "2017", "current"), "D",
               "Member items: memberBean only; the guide's fields; both names; the guide's names with the later fields",
               "Three styles are published or recorded; the default is a superset of the guide's."),
)  # fmt: skip
