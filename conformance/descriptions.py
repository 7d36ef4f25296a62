"""What `tempo-conformance --help` and the help of its commands say."""

from __future__ import annotations

from conformance.options import BROKEN, INTERRUPTED, NOT_MET, NOTHING_CHECKED, OK, USAGE
from conformance.target import FACES, PERSONAS

EXITS = f"""exit codes:
  {OK}  every check that ran passed
  {NOT_MET}  a check failed, or something the run made could not be removed
  {USAGE}  usage: bad option, damaged target file, nothing answers at the URL
  {INTERRUPTED}  interrupted; what was made up to then has been removed
  {BROKEN}  the suite itself broke
  {NOTHING_CHECKED}  nothing was checked: every check was skipped or left out"""
SERVER = f"""Judges the server at --tempo-url. It logs in as the personas of the target file, makes teams and other things
called "conformance-<run> ...", and removes them at the end, also after a failure or Ctrl-C.

target file (TOML):
  [faces]
  datacenter = "/jira"        # path of the Jira base below --tempo-url, "" = root; {FACES["datacenter"]}
  [personas.admin]            # {PERSONAS["admin"]}
  user = "fred"
  password = "fred"           # or a personal access token: pat = "..."
  # also lead, member, outsider; entries email, account_id, note may be added

  # or Tempo Cloud, with --tempo-url https://api.tempo.io
  [faces]
  cloud = ""                  # {FACES["cloud"]}
  jira_cloud = ""             # {FACES["jira_cloud"]}
  staff = ""                  # {FACES["staff"]}
  [cloud]
  issue = 10200               # id of the issue to log work on; found out at a loopback address alone
  [personas.admin]            # also lead, member, outsider, viewer, no_scopes, expired
  token = "..."               # API token of Tempo Cloud
  account_id = "..."
  email = "..."               # for Jira Cloud, with api_token = "..."

A face or persona that is absent is not tested: its checks are skipped with the reason.
Every other option goes to pytest: -k, -x, -v, -q, --junitxml=FILE, --tb=no, -p PLUGIN ...

{EXITS}"""
INTEGRATION = f"""Judges an integration by what it does and by what it asked: starts a fake, makes a site of it for every
check, sets people, plans and worklogs up, breaks requests on purpose, runs the commands and reads the fake's journal. The
contracts are in docs/conformance.md: the variables that the commands are given (TEMPO_URL, TEMPO_TOKEN, JIRA_URL, JIRA_USER,
JIRA_TOKEN, and TEMPO_ABSENCES_ or TEMPO_WORKLOGS_ with SETUP, STATE and HASTE), what they print, and their exit codes.
Before anything is judged each command is tried once: one that cannot be started is told, and nothing is judged.

examples, this project's own syncs:
  tempo-conformance integration absences --command "python -m integration.contract run" \\
    --preview "python -m integration.contract preview" --rules "python -m integration.contract rules"
  tempo-conformance integration worklogs --command "python -m integration.worklog_contract run" \\
    --accounts "python -m integration.worklog_contract accounts"

Every other option goes to pytest: -k, -x, -v, -q, --junitxml=FILE, --tb=no, -p PLUGIN ...

{EXITS}"""
