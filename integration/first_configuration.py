"""The configuration that ``tempo-sync init`` writes: every key with its default and a comment."""

from __future__ import annotations

import json

from integration.worklog_settings import APP_ACCOUNT

_TEXT = """\
# Configuration of tempo-sync. Every key stands here with its default; what is left out has it, too.
# Paths count from the folder of this file.

[site]
# Where Tempo's API is: https://api.tempo.io, https://api.eu.tempo.io or https://api.us.tempo.io, by where the data is kept.
tempo_url = {tempo_url}
# The Jira site that Tempo runs in.
jira_url = {jira_url}
# The e-mail address that the Jira API token belongs to.
jira_user = {jira_user}
# Requests a second at most; Tempo allows five.
requests_per_second = 5.0

[token]
# Where the two tokens come from:
#   "env"        the variables TEMPO_TOKEN and JIRA_TOKEN
#   "file:PATH"  the first line of a file that nobody else can read (chmod 600)
#   "keyring"    the keyring of this machine (pip install 'tempo-mock-server[keyring]')
#   "text:TOKEN" the token itself, for demo data; nobody else may then read this file (chmod 600)
tempo = "env"
jira = "env"
# So many days before its end every run warns of it.
remind_days = 14

[absences]
# The days around today whose plans are compared; two days back are in any case.
days_back = 30
days_ahead = 90
# A day is a whole day off when so much is planned as the person's schedule requires ("required"), or eight hours ("8h").
full_day = "required"
# Leave of several days: a rule for each ("daily") or one for all ("one").
long_leave = "daily"
# Whether plans count that nobody has approved yet. Rejected ones never do.
requested = true
# Whether time that was logged on a selected issue counts like a plan.
from_worklogs = false
# The time zone of people who hide theirs.
default_zone = "UTC"
# Rules that somebody edited: "keep" them and say so, or "overwrite" them.
hand_edited = "keep"

[guard]
# A run is refused that would delete or change more than so many rules and more than this share of those to come.
count = 20
share = 0.3

[state]
# The rules held, what was done, which issues are selected.
database = "tempo-sync.db"

[sinks]
# A folder for calendars, and a file with all rules; "" writes none.
calendar = ""
json = ""
# Whether issues are assigned and mentioned in Jira.
jira = false

[worklogs]
# Where hours come from: "tempo", or "jira" by choice, without any alarm.
source = "tempo"
# What stands in when Tempo cannot be read: "jira" with what it can tell, or "none", and the hours stay as they were.
fallback = "jira"
# The account that Tempo writes into Jira with. Its rows are nobody's, whatever it is called at the moment.
app_account = "{app_account}"
# Whether such rows are told apart by ids that were read from Tempo before: "held" (costs requests in every run), or "no".
attribute = "no"
# So many minutes of changes that were read already are read again.
overlap_minutes = 10
# How deleted worklogs are noticed: "audit" by Tempo's audit log (the token needs audit:view), "window" by comparing what is
# there, or "auto": the log where it can be read.
deletions = "auto"
# So many days back every run compares; older ones by and by.
window_days = 35
# Which seconds count: "spent" or "billable". Work on internal issues, and with it time off, is never billable.
amount = "spent"
# What is required: "contracts" as below, or "schedules", Tempo's workload schemes less holidays.
required = "contracts"
# The accountId whose token of Tempo it is: only seeing oneself is then noticed for certain. "" where it is not to be said.
owner = ""

[alerts]
# Told once when Tempo cannot be read any more, and once when it can again.
# A command line; it finds TEMPO_SYNC_ALERT (entered or left), TEMPO_SYNC_CAUSE and TEMPO_SYNC_SINCE in its environment.
command = ""
# An address that gets the same as JSON, by POST.
webhook = ""
# Who gets a message, from whom, and through which server, such as mail.example.org:25.
email = ""
from = ""
smtp = ""

# What somebody is to work: one [[contract]] after the other. Those of one person do not overlap; there may be gaps.
# [[contract]]
# person = "5b10a2844c20165700ede21g"       # an accountId
# first = 2026-01-01                        # from this day on
# last = 2026-12-31                         # including this day; without it there is no end
# week = [0, 8, 8, 8, 8, 8, 0]              # hours of a day, SUNDAY first

# What an absence does: one [[template]] for everybody and issue, others for single persons. Without one there is no rule.
# [[template]]
# issue = "HR-1"                # the key of a selected internal issue
# person = ""                   # an accountId; "" is everybody who has none of their own
# name = "Vacation"             # without it the summary of the issue
# coverers = []                 # accountIds, the first who is not away counts
# approver = ""                 # an accountId
# message = "I am back on [return date]. Please turn to [coverer]."
# mention_days_ahead = 4        # the tag shows so many days before; 0 while away, -1 never
# scope = ""                    # "" for all projects, a project key, or JQL
"""


def text(tempo_url: str, jira_url: str, jira_user: str) -> str:
    """The whole file as TOML."""
    # A JSON string without escapes of other alphabets is a basic string of TOML.
    return _TEXT.format(
        tempo_url=_text(tempo_url), jira_url=_text(jira_url), jira_user=_text(jira_user), app_account=APP_ACCOUNT
    )


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
