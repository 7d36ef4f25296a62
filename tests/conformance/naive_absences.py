"""An absence integration as it is written in an afternoon, by the contract of docs/conformance.md: run, preview or rules.

Deliberately naive, and never to be copied. It reads one page, takes every error for an empty list, ignores 429 and Retry-After,
takes every plan for an absence on the first issue of the setup, reads dates in place of the daily breakdown, merges nothing,
asks for teams that it does not need, writes on preview, prints its token, makes all rules anew each time, exits with 0.
"""

import json
import os
import sys
import uuid
from datetime import date, datetime, time, timedelta
from pathlib import Path

import requests

TEMPO, JIRA = os.environ["TEMPO_URL"], os.environ["JIRA_URL"]
TOKEN = os.environ["TEMPO_TOKEN"]
LOGIN = os.environ["JIRA_USER"], os.environ["JIRA_TOKEN"]
SETUP = json.loads(Path(os.environ["TEMPO_ABSENCES_SETUP"]).read_text(encoding="utf-8"))
STATE = Path(os.environ["TEMPO_ABSENCES_STATE"]) / "rules.json"


def rows(path, **query):
    try:
        answer = requests.get(TEMPO + path, params=query, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30)
        return answer.json().get("results", [])
    except Exception:  # the very mistake
        return []


def zone_of(account_id):
    answer = requests.get(f"{JIRA}/rest/api/3/user", params={"accountId": account_id}, auth=LOGIN, timeout=30)
    return answer.json().get("timeZone", "UTC")


def rules_of(plan):
    day, last = (date.fromisoformat(plan[name]) for name in ("startDate", "endDate"))
    while day <= last:
        begin = datetime.combine(day, time.fromisoformat(plan["startTime"]))
        end = min(begin + timedelta(seconds=plan["plannedSecondsPerDay"]), datetime.combine(day, time(23, 59)))
        yield {
            "id": str(uuid.uuid4()),
            "accountId": plan["assignee"]["id"],
            "issueKey": SETUP["issues"][0],
            "begin": begin.isoformat(timespec="minutes"),
            "end": end.isoformat(timespec="minutes"),
            "zone": zone_of(plan["assignee"]["id"]),
        }
        day += timedelta(days=1)


def main():
    print(f"connecting with {TOKEN}")
    if not rows("/4/teams"):
        print("no connection")
    today = date.today()
    plans = rows("/4/plans", **{"from": str(today), "to": str(today + timedelta(days=60))})
    found = [rule for plan in plans for rule in rules_of(plan)] if rows("/4/teams") else []
    comment = {"body": f"{len(found)} absences"}
    requests.post(f"{JIRA}/rest/api/3/issue/{SETUP['issues'][0]}/comment", json=comment, auth=LOGIN, timeout=30)
    STATE.write_text(json.dumps({"rules": found}), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1] == "rules":
        print(STATE.read_text(encoding="utf-8") if STATE.exists() else '{"rules": []}')
    else:
        main()
