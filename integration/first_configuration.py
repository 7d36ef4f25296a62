"""The configuration that ``tempo-sync init`` writes: every key with its default and a comment."""

from __future__ import annotations

import json

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
# Where the two tokens come from, never the tokens themselves:
#   "env"        the variables TEMPO_TOKEN and JIRA_TOKEN
#   "file:PATH"  the first line of a file that nobody else can read (chmod 600)
#   "keyring"    the keyring of this machine (pip install 'tempo-mock-server[keyring]')
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

# What an absence does: one [[template]] for everybody and issue, others for single persons. Without one there is no rule.
# [[template]]
# issue = "HR-1"                # the key of a selected internal issue
# person = ""                   # an accountId; "" is everybody who has none of their own
# name = "Vacation"
# coverers = []                 # accountIds, the first who is not away counts
# approver = ""                 # an accountId
# message = "I am back on [return date]. Please turn to [coverer]."
# mention_days_ahead = 4        # the tag shows so many days before; 0 while away, -1 never
# scope = ""                    # "" for all projects, a project key, or JQL
"""


def text(tempo_url: str, jira_url: str, jira_user: str) -> str:
    """The whole file as TOML."""
    # A JSON string without escapes of other alphabets is a basic string of TOML.
    return _TEXT.format(tempo_url=_text(tempo_url), jira_url=_text(jira_url), jira_user=_text(jira_user))


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
